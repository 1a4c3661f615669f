"""A small, commented briefing to begin with."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from briefing.content import validation
from briefing.findings import Place, Refused, error

CONTENT, SCHEMA = "content.yaml", "content.schema.json"


def schema_text() -> str:
    """The JSON Schema of a content file as it is kept on disk."""
    return json.dumps(validation.json_schema(), indent=1, ensure_ascii=False) + "\n"


def write(folder: Path, shown: str, templates: Path) -> tuple[Path, ...]:
    """Write the starter into a folder that holds no content yet; raises `Refused` where one does."""
    taken = [name for name in (CONTENT, SCHEMA) if os.path.lexists(folder / name)]
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
    text = (templates / "starter" / CONTENT).read_text(encoding="utf-8")
    with writing(shown):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / CONTENT).write_text(text, encoding="utf-8")
        (folder / SCHEMA).write_text(schema_text(), encoding="utf-8")
    return folder / CONTENT, folder / SCHEMA


@contextmanager
def writing(shown: str) -> Iterator[None]:
    """Write in here; raises `Refused` where that cannot be done."""
    try:
        yield
    except OSError as problem:
        why, hint = f"cannot write here: {problem.strerror}", "Choose a place that you may write to."
        raise Refused([error("out-unwritable", why, Place(shown), hint)]) from None
