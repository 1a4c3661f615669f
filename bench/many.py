"""Many briefings in one run: how many documents a second on one core and on all, and how much memory.

Beside them a plain script and Typst make as many pages that are given to them, in one process on one core.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from bench import contents, tools
from bench.measuring import LINUX, Commands, Plan, Record, Session, forget, measure

CHAPTER = "many"
ALL, ONE = "all cores", "one core"
PLAIN, TYPST = "plain WeasyPrint, one core", "Typst, one core"
SIZES = (2, 20, 50, 200)  # documents; a briefing has two
QUICK = (2, 6)
LARGE = 50  # documents from which one round must do, and the most that are made on one core
EACH = 2
LOOK_SECONDS = 0.1  # a look takes some milliseconds, and these runs take minutes


def run(session: Session) -> list[Record]:
    """Measure all sizes on all cores and on one; memory is looked at while time is taken."""
    if "FOLDER" not in tools.told("build"):
        return [Record(CHAPTER, name, fault="`generate.py build` does not take a folder yet") for name in (ALL, ONE)]
    records: list[Record] = []
    sizes = QUICK if session.quick else SIZES
    given = _given(session)
    for group, rounds in (
        ([size for size in sizes if size < LARGE], 1 if session.quick else 2),
        ([size for size in sizes if size >= LARGE], 1),
    ):
        contenders = [
            one for size in group for one in _contenders(session.scratch / str(size), size, given, session.pages)
        ]
        records += measure(CHAPTER, contenders, Plan(rounds, 0, 0, LOOK_SECONDS, looked_at=True))
    return records


def _contenders(folder: Path, size: int, given: Path, typst: Path) -> Iterable[Commands]:
    names = [f"briefing-{number:03}" for number in range(size // EACH)]
    for number, name in enumerate(names):
        (folder / "in" / name).mkdir(parents=True)
        (folder / "in" / name / "content.yaml").write_text(contents.small(number), encoding="utf-8")
    out = folder / "build"
    home = folder / "home"
    gone = (partial(shutil.rmtree, out, ignore_errors=True), partial(forget, home))
    build = tools.ours("build", ".", "--out", str(out))
    made = tuple(out / name / file for name in names for file in ("policy-brief.pdf", "fact-sheet.pdf"))
    yield Commands(ALL, (build,), made, folder / "in", gone, size=size, home=home)
    if not (size <= LARGE and LINUX and shutil.which("taskset")):
        return
    core = ("taskset", "-c", str(min(os.sched_getaffinity(0))))
    yield Commands(ONE, ((*core, *build),), made, folder / "in", gone, size=size, home=home)
    pages = list(_others(given, folder / "html", size))
    made = tuple(page.with_suffix(".pdf") for page in pages)
    yield Commands(PLAIN, ((*core, *tools.plain(pages)),), made, size=size)
    if tools.has_typst():
        peers = shutil.copytree(typst, folder / "typst")
        source = peers / "fact-sheet.typ"
        made = tuple(peers / f"{number}.pdf" for number in range(size))
        peer = (sys.executable, "-m", "bench.typst_series", str(tools.FONTS), str(source), str(size))
        yield Commands(TYPST, ((*core, *peer),), made, tools.ROOT, size=size)


def _given(session: Session) -> Path:
    """The finished pages of one of these briefings as HTML, which the plain script prints with other numbers."""
    folder = session.scratch / "given"
    folder.mkdir(parents=True)
    content = folder / "content.yaml"
    content.write_text(contents.small(0), encoding="utf-8")
    subprocess.run((sys.executable, "-m", "bench.pages", str(content), str(folder)), check=True, cwd=tools.ROOT)
    return folder


def _others(given: Path, folder: Path, size: int) -> Iterable[Path]:
    """So many pages with numbers of their own, the documents of a briefing in turns."""
    shutil.copytree(given, folder)
    texts = [(given / f"{name}.html").read_text(encoding="utf-8") for name in ("policy-brief", "fact-sheet")]
    for number in range(size):
        page = folder / f"{number}.html"
        page.write_text(contents.renumbered(texts[number % EACH], number // EACH), encoding="utf-8")
        yield page
