"""Write docs/modules.md, the table of all modules, from their docstrings: `.venv/bin/python -m docs.modules`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "docs" / "modules.md"
_HEAD = """# All modules

One row for each module, with the first sentence of its docstring. Written by `python -m docs.modules`; a test holds it
against the code. What each package may import is told in [architecture.md](architecture.md).
"""


def text() -> str:
    """The whole page."""
    folders = sorted({file.parent for file in (ROOT / "briefing").rglob("*.py")})
    return "\n".join([_HEAD, *(line for folder in folders for line in _section(folder))]).rstrip() + "\n"


def _section(folder: Path) -> Iterator[str]:
    yield from (f"## {_name(folder)}", "", _sentence(folder / "__init__.py"), "")
    modules = [file for file in sorted(folder.glob("*.py")) if file.name != "__init__.py"]
    if modules:
        yield from ("| module | what it does |", "|---|---|")
        yield from (f"| `{_name(file)}` | {_sentence(file)} |" for file in modules)
        yield ""


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _sentence(file: Path) -> str:
    """The first sentence of a module's docstring; raises `ValueError` where it has none."""
    said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    if not said:
        raise ValueError(f"{file} does not say what it is for")
    first = " ".join(said.split("\n\n")[0].split())
    return first.split(". ")[0].rstrip(".").replace("|", "\\|") + "."


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
