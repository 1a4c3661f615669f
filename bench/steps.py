"""Where the time of a cold build goes: the spans that `generate.py --timings` tells, medians of a few builds."""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench import contents, tools
from bench.measuring import forget, say, surroundings

_SPAN = re.compile(r" *(\d+) +(\d+)  .*?  +(\w+): (.+)")
_WHOLE = re.compile(r"(\d+) in all")


@dataclass
class Span:
    """A step of work in one of the processes; milliseconds since the command began."""

    process: str
    step: str
    began: float
    took: float


@dataclass
class Steps:
    """The spans of a cold build in the order in which they begin, and what it took as a whole."""

    spans: list[Span] = field(default_factory=list)
    whole: float = 0.0
    fault: str = ""


def run(scratch: Path, times: int) -> Steps:
    """Build from cold so many times."""
    say("steps: timing those of a cold build")
    home = scratch / "home"
    home.mkdir(parents=True)
    shutil.copy(contents.FLAGSHIP, scratch)
    began, took = (
        defaultdict[tuple[str, str, int], list[float]](list),
        defaultdict[tuple[str, str, int], list[float]](list),
    )
    wholes = []
    for _ in range(times):
        shutil.rmtree(scratch / "build", ignore_errors=True)
        forget(home)
        command = tools.ours("build", "--quiet", "--timings")
        around = surroundings(home)
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=scratch, env=around)
        whole = _WHOLE.search(done.stderr)
        if done.returncode or not whole:
            fault = done.stderr.strip().rpartition("\n")[2] or "no timings were told"
            say(f"NOT MEASURED: steps of a cold build: {fault}")
            return Steps(fault=fault)
        wholes.append(float(whole[1]))
        for key, start, length in _told(done.stderr):
            began[key].append(start)
            took[key].append(length)
    spans = [Span(key[0], key[1], statistics.median(began[key]), statistics.median(took[key])) for key in began]
    return Steps(sorted(spans, key=lambda span: span.began), statistics.median(wholes))


def _told(table: str) -> Iterator[tuple[tuple[str, str, int], float, float]]:
    """Each row of a table: its process, step and how often it was met before, from when, and for how long."""
    met: Counter[tuple[str, str]] = Counter()
    for found in filter(None, map(_SPAN.fullmatch, table.splitlines())):
        start, length, process, step = found.groups()
        yield (process, step, met[process, step]), float(start), float(length)
        met[process, step] += 1
