"""A briefing to begin with: a small, commented one, or one of the examples."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from briefing.content import validation
from briefing.findings import Place, Refused, error
from briefing.program import EXAMPLES

CONTENT, SCHEMA = "content.yaml", "content.schema.json"
PAGES = ("policy-brief.png", "fact-sheet.png")  # pictures of an example's pages


def schema_text() -> str:
    """The JSON Schema of a content file as it is kept on disk."""
    return json.dumps(validation.json_schema(), indent=1, ensure_ascii=False) + "\n"


def examples() -> dict[str, str]:
    """The examples to begin with, and what each is: the first sentence of its content file."""
    files = sorted(Path(EXAMPLES).glob(f"*/{CONTENT}"))
    return {file.parent.name: _says(file.read_text(encoding="utf-8")) for file in files}


def _says(text: str) -> str:
    found = re.search(r"(?m)^#\n# ([^.\n]+)", text)
    return found[1] if found else ""


def write(folder: Path, shown: str, templates: Path, example: str = "") -> tuple[Path, ...]:
    """Write the starter or an example into a folder that holds none of its files; raises `Refused` where one does."""
    if example and example not in examples():
        hint = f"There are: {', '.join(examples())}."
        raise Refused([error("example-unknown", f"there is no example of the name “{example}”", Place(shown), hint)])
    files = {CONTENT: templates / "starter" / CONTENT}
    if example:
        beside = sorted((Path(EXAMPLES) / example).iterdir())
        files = {file.name: file for file in beside if file.is_file() and file.name not in PAGES}
    taken = [name for name in dict.fromkeys((CONTENT, SCHEMA, *files)) if os.path.lexists(folder / name)]
    if taken:
        raise Refused(
            [
                error(
                    "new-exists",
                    f"there is already a {' and a '.join(taken)} in it",
                    Place(shown),
                    "Choose another folder.",
                )
            ]
        )
    text = re.sub(r"(?<=\$schema=)\S+", SCHEMA, files.pop(CONTENT).read_text(encoding="utf-8"), count=1)
    with writing(shown):
        folder.mkdir(parents=True, exist_ok=True)
        for name, file in files.items():
            shutil.copyfile(file, folder / name)
        (folder / CONTENT).write_text(text, encoding="utf-8")
        (folder / SCHEMA).write_text(schema_text(), encoding="utf-8")
    return folder / CONTENT, folder / SCHEMA, *(folder / name for name in files)


@contextmanager
def writing(shown: str) -> Iterator[None]:
    """Write in here; raises `Refused` where that cannot be done."""
    try:
        yield
    except OSError as problem:
        why, hint = f"cannot write here: {problem.strerror}", "Choose a place that you may write to."
        raise Refused([error("out-unwritable", why, Place(shown), hint)]) from None
