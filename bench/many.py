"""Many briefings in one run: how many documents a second on one core and on all, and how much memory."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from bench import contents, tools
from bench.measuring import LINUX, Commands, Plan, Record, Session, forget, measure

CHAPTER = "many"
ALL, ONE = "all cores", "one core"
SIZES = (2, 10, 50, 200)  # documents; a briefing has two
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
    for group, rounds in (
        ([size for size in sizes if size < LARGE], 1 if session.quick else 2),
        ([size for size in sizes if size >= LARGE], 1),
    ):
        contenders = [one for size in group for one in _contenders(session.scratch / str(size), size)]
        records += measure(CHAPTER, contenders, Plan(rounds, 0, 0, LOOK_SECONDS, looked_at=True))
    return records


def _contenders(folder: Path, size: int) -> Iterable[Commands]:
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
    if size <= LARGE and LINUX and shutil.which("taskset"):
        core = str(min(os.sched_getaffinity(0)))
        yield Commands(ONE, (("taskset", "-c", core, *build),), made, folder / "in", gone, size=size, home=home)
