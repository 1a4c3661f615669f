"""Longer documents: the brief of the flagship with 4 to 100 pages, by the program from cold and by its peers."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from bench import contents, tools
from bench.measuring import Commands, Plan, Record, Session, forget, measure, say

CHAPTER = "growth"
OURS, PLAIN, CHROMIUM, TYPST = "`generate.py`, cold", "plain WeasyPrint", "headless Chromium", "Typst"
SIZES = (4, 10, 25, 50, 100)
QUICK = (4, 10)
LARGE = 50  # pages from which fewer rounds must do
LOOK_SECONDS = 0.05


def run(session: Session) -> list[Record]:
    """Measure all sizes, the small ones in more rounds than the large ones."""
    records: list[Record] = []
    sizes = QUICK if session.quick else SIZES
    for group, rounds in (
        ([size for size in sizes if size < LARGE], 1 if session.quick else 3),
        ([size for size in sizes if size >= LARGE], 2),
    ):
        contenders = [one for size in group for one in _contenders(session.scratch / str(size), size)]
        records += measure(CHAPTER, contenders, Plan(rounds, 1, 0, LOOK_SECONDS))
    return records


def _contenders(folder: Path, size: int) -> Iterable[Commands]:
    say(f"growth: making {size} pages that all typeset")
    folder.mkdir(parents=True)
    content = folder / "content.yaml"
    content.write_text(contents.long(size), encoding="utf-8")
    command = (sys.executable, "-m", "bench.pages", str(content), str(folder), "brief")
    subprocess.run(command, check=True, cwd=tools.ROOT)
    out = folder / "build"
    build = tools.ours("build", "--only", "brief")
    gone = (partial(shutil.rmtree, out, ignore_errors=True), partial(forget, folder / "home"))
    yield Commands(OURS, (build,), (out / "policy-brief.pdf",), folder, gone, size=size, home=folder / "home")
    html = folder / "policy-brief.html"
    yield Commands(PLAIN, (tools.plain([html]),), (html.with_suffix(".pdf"),), size=size)
    if tools.found_browser():
        printed = (html.with_suffix(".browser.html"), html.with_suffix(".browser.pdf"))
        yield Commands(CHROMIUM, tools.chromium([printed], folder / "profile"), printed[1:], size=size)
    if tools.has_typst():
        contents.typst(folder, size)
        source = folder / "brief.typ"
        yield Commands(TYPST, (tools.typst([source]),), (source.with_suffix(".pdf"),), size=size)


def tools_of(records: Sequence[Record]) -> list[str]:
    """Who took part, in the order of the table."""
    return [name for name in (OURS, PLAIN, CHROMIUM, TYPST) if any(record.name == name for record in records)]
