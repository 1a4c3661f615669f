"""Measure the whole life of a briefing beside its peers, and tell it in RESULTS.md and its pictures.

python -m bench.run            all of it, in about 20 minutes on two cores
python -m bench.run --quick    few rounds and small sizes; RESULTS.md stays as it is
python -m bench.run --again    tell anew what was measured last
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench import charts, copies, growth, life, loop, many, report, steps, tools
from bench.measuring import Record, Session, adopt_orphans, say
from bench.results import Results, facts, read, write

KEPT = tools.ROOT / "build" / "bench" / "results.json"
KEPT_TRIAL = KEPT.with_name("trial.json")
ROUNDS, ROUNDS_QUICK = 7, 2
CHAPTERS: dict[str, Callable[[Session], list[Record]]] = {
    life.CHAPTER: life.run,
    loop.CHAPTER: loop.run,
    growth.CHAPTER: growth.run,
    many.CHAPTER: many.run,
    copies.CHAPTER: copies.run,
}


def main() -> None:
    """Measure and tell."""
    arguments = _arguments()
    trial = arguments.quick or bool(arguments.only)
    kept = KEPT_TRIAL if trial else KEPT
    if not arguments.again:
        adopt_orphans()
        with tempfile.TemporaryDirectory() as scratch:
            results = _measured(Path(scratch), arguments.quick, arguments.rounds, set(arguments.only or ()))
        write(results, kept)
    results = read(kept)
    print(report.terminal(results))
    if trial:
        say("a trial: bench/RESULTS.md stays as it is")
    folder = kept.parent if trial else tools.BENCH
    drawn = charts.draw(results, folder)
    said = folder / "RESULTS.md"
    said.write_text(report.markdown(results, drawn), encoding="utf-8")
    say(f"wrote {', '.join(str(file.relative_to(tools.ROOT)) for file in (said, *drawn.values()))}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.run", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help=f"measured rounds [{ROUNDS}]")
    parser.add_argument("--quick", action="store_true", help="few rounds and small sizes; RESULTS.md stays as it is")
    parser.add_argument("--again", action="store_true", help="measure nothing: tell anew what was measured last")
    parser.add_argument("--only", action="append", choices=[*CHAPTERS, "steps"], help="this chapter; may be repeated")
    return parser.parse_args()


def _measured(scratch: Path, quick: bool, rounds: int, only: set[str]) -> Results:
    rounds = ROUNDS_QUICK if quick else rounds
    busy, began = os.getloadavg()[0], time.monotonic()
    pages = _pages(scratch / "pages")
    results = Results(facts(rounds, busy), {})
    for name, chapter in CHAPTERS.items():
        if not only or name in only:
            results.records += chapter(Session(scratch / name, pages, rounds, quick))
            say(f"{name}: done {time.monotonic() - began:.0f} s after the beginning")
    if not only or "steps" in only:
        results.steps = steps.run(scratch / "steps", 2 if quick else 7)
    out = scratch / life.CHAPTER / "cold" / "build"
    results.sizes = {file.name: file.stat().st_size for file in sorted(out.glob("*.pdf"))}
    return results


def _pages(folder: Path) -> Path:
    """The finished pages of both documents as HTML, and those in Typst."""
    say("making the pages that all typeset")
    command = (sys.executable, "-m", "bench.pages", str(tools.ROOT / "content.yaml"), str(folder))
    subprocess.run(command, check=True, cwd=tools.ROOT)
    for file in tools.BENCH.glob("*.typ"):
        shutil.copy(file, folder)
    return folder


if __name__ == "__main__":
    main()
