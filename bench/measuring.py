"""Contenders are run in turns, and what each run took is recorded.

In turns means A B C A B C, after one round that does not count, so that a machine that gets slower for a while does so
for all. Memory is looked at in rounds of its own, because looking costs time.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

Rusage = resource.struct_rusage
LINUX = sys.platform.startswith("linux")
LOOK_SECONDS = 0.01  # between two looks at the memory
PATIENCE_SECONDS = 20.0  # for helpers that outlive the process that started them
LONGEST_SECONDS = 900.0  # for one command


@dataclass
class Usage:
    """What a run took: seconds of the user's waiting, of work in all processes, and KiB of the largest process."""

    wall: float = 0.0
    work: float = 0.0
    largest_kib: int = 0
    trail: dict[str, float] = field(default_factory=dict)  # moments on the way, in seconds of the clock, where known


@dataclass
class Record:
    """All that was measured of a contender in one chapter of the benchmark."""

    chapter: str
    name: str
    size: int = 0  # pages or briefings, where that is what differs
    runs: list[Usage] = field(default_factory=list)
    peaks_kib: list[int] = field(default_factory=list)  # of all processes together
    pages: list[int] = field(default_factory=list)  # of each PDF
    fault: str = ""  # why there are no numbers

    @property
    def walls(self) -> list[float]:
        """Seconds of each round."""
        return [run.wall for run in self.runs]


class Failed(Exception):
    """A contender cannot do what it is to do; the text says why."""


class Contender(Protocol):
    """One way to do a thing."""

    @property
    def name(self) -> str:
        """How it is called in tables."""

    @property
    def size(self) -> int:
        """Pages or briefings, where contenders differ in them."""

    @property
    def makes(self) -> tuple[Path, ...]:
        """The PDFs that a run leaves."""

    def prepare(self) -> None:
        """Do what is not timed."""

    def run(self) -> Usage:
        """Do what is timed; raises `Failed`."""

    def close(self) -> None:
        """End what still runs."""


@dataclass(frozen=True)
class Commands:
    """Commands that run one after the other, each in a new process, as a user would run them."""

    name: str
    commands: tuple[tuple[str, ...], ...]
    makes: tuple[Path, ...] = ()
    folder: Path = Path("/")  # where they run
    before: tuple[Callable[[], None], ...] = ()
    fresh: bool = True  # whether the PDFs of the run before are removed
    size: int = 0
    home: Path | None = None  # where the program is to keep what it keeps from run to run

    def prepare(self) -> None:
        """Bring everything into the state from which the run starts."""
        for act in self.before:
            act()
        for pdf in self.makes if self.fresh else ():
            pdf.unlink(missing_ok=True)

    def run(self) -> Usage:
        """Run them; what helpers take counts as work, and waiting ends with the last command."""
        usage = Usage()
        for command in self.commands:
            _add(usage, command, self.folder, surroundings(self.home))
        return usage

    def close(self) -> None:
        """Nothing runs any more."""


@dataclass(frozen=True)
class Plan:
    """How often a chapter's contenders are run."""

    rounds: int
    looks: int  # rounds in which memory is looked at
    warmups: int = 1
    look_seconds: float = LOOK_SECONDS
    looked_at: bool = False  # whether memory is looked at in the timed rounds too, where each takes long


@dataclass(frozen=True)
class Session:
    """What every chapter is given."""

    scratch: Path  # a folder that is not there yet
    pages: Path  # the finished pages of both documents as HTML, and in Typst
    rounds: int
    quick: bool


def measure(chapter: str, contenders: Sequence[Contender], plan: Plan) -> list[Record]:
    """One round to warm up, the timed rounds, then the rounds in which memory is looked at.

    A contender that fails takes no further part, and its record says why.
    """
    records = [Record(chapter, contender.name, contender.size) for contender in contenders]
    looks = plan.looks if LINUX else 0
    for turn in range(plan.warmups + plan.rounds + looks):
        number = turn - plan.warmups + 1
        kind = "warming up" if number < 1 else f"round {number} of {plan.rounds}"
        say(f"{chapter}: {kind if number <= plan.rounds else 'looking at memory'}")
        for contender, record in zip(contenders, records, strict=True):
            if record.fault:
                continue
            try:
                _turn(contender, record, number, plan)
            except Failed as failed:
                record.fault = str(failed)
                say(f"NOT MEASURED: {record.name}: {record.fault}")
    for contender in contenders:
        contender.close()
    return records


def _turn(contender: Contender, record: Record, number: int, plan: Plan) -> None:
    contender.prepare()
    looking = _Looking(plan.look_seconds)
    with looking if number > plan.rounds or plan.looked_at else contextlib.nullcontext():
        usage = contender.run()
    if looking.peak_kib:
        record.peaks_kib.append(looking.peak_kib)
    if 0 < number <= plan.rounds:
        record.runs.append(usage)
    record.pages = [pages(pdf) for pdf in contender.makes]


def say(words: str) -> None:
    """Tell how far it is."""
    print(words, file=sys.stderr, flush=True)


def pages(pdf: Path) -> int:
    """How many pages a PDF has; raises `Failed` where there is none."""
    import pikepdf

    try:
        with pikepdf.open(pdf) as opened:
            return len(opened.pages)
    except (OSError, pikepdf.PdfError) as problem:
        raise Failed(f"no {pdf.name}: {problem}") from None


# ------------------------------------------------------------------ processes


def surroundings(home: Path | None) -> dict[str, str]:
    """The environment of a command; with a home, what the program keeps from run to run is kept there alone."""
    plain = {name: value for name, value in os.environ.items() if name != "BRIEFING_NO_CACHE"}
    return plain if home is None else {**plain, "XDG_CACHE_HOME": str(home)}


def forget(home: Path) -> None:
    """Remove what the program has kept; the system's own caches of fonts lie beside it, and stay."""
    shutil.rmtree(home / "briefing", ignore_errors=True)


def _add(usage: Usage, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
    """Run a command and add what it takes; raises `Failed`."""
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=said, stderr=said, stdin=subprocess.DEVNULL, cwd=folder, env=environment
        )
        alarm = threading.Timer(LONGEST_SECONDS, process.kill)
        alarm.start()
        _, status, own = os.wait4(process.pid, 0)
        usage.wall += time.perf_counter() - began
        alarm.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        for taken in (own, *_orphans()):
            usage.work += taken.ru_utime + taken.ru_stime
            usage.largest_kib = max(usage.largest_kib, taken.ru_maxrss // (1 if LINUX else 1024))
        if process.returncode:
            said.seek(0)
            last = said.read().decode(errors="replace").strip().rpartition("\n")[2]
            raise Failed(f"exit code {process.returncode}, {last[:160]}")


def adopt_orphans() -> None:
    """Become the parent of helpers whose parent has ended, so that their work is counted too."""
    if LINUX:
        ctypes.CDLL(None, use_errno=True).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER of linux/prctl.h


def _orphans() -> list[Rusage]:
    """Wait for the helpers left over."""
    usages: list[Rusage] = []
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            pid, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return usages
        if pid:
            usages.append(usage)
        else:
            time.sleep(0.002)
    raise Failed("a helper process does not end")


# ------------------------------------------------------------------ memory


class _Looking:
    """Adds up, again and again, the memory of all processes below this one, shared pages in shares (PSS)."""

    def __init__(self, seconds: float) -> None:
        self.peak_kib = 0
        self._seconds = seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> _Looking:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(self._seconds):
            self.peak_kib = max(self.peak_kib, sum(map(_memory_kib, _below(os.getpid()))))


def _below(top: int) -> Iterable[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):  # it has just ended
                continue
            parents.setdefault(parent, []).append(int(entry.name))
    todo = [top]
    while todo:
        children = parents.get(todo.pop(), [])
        yield from children
        todo += children


def _memory_kib(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:  # it has just ended
        return 0
    return 0
