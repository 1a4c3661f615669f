"""All that one run of the benchmark has measured, as a record that is kept as JSON and told from."""

from __future__ import annotations

import datetime
import json
import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench import tools
from bench.measuring import LINUX, Record, Usage
from bench.steps import Span, Steps


@dataclass
class Results:
    """Where and when, every record, and the steps of a cold build."""

    facts: str
    sizes: dict[str, int]  # bytes of each PDF
    records: list[Record] = field(default_factory=list)
    steps: Steps = field(default_factory=Steps)

    def of(self, chapter: str, name: str, size: int = 0) -> Record | None:
        """A record that has numbers."""
        return next((one for one in self.chapter(chapter) if (one.name, one.size) == (name, size)), None)

    def chapter(self, chapter: str, faulty: bool = False) -> Iterator[Record]:
        """The records of a chapter: those that have numbers, or those that have none."""
        return (one for one in self.records if one.chapter == chapter and bool(one.fault) == faulty)


def facts(rounds: int, busy: float) -> str:
    """Where, when and with what; `busy` is the machine's load before it began."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0)) if LINUX else os.cpu_count()
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return (
        f"{today} · {platform.system()} on {platform.machine()}, {cores} cores, {memory:.0f} GB of memory · "
        f"Python {platform.python_version()} · {' · '.join(tools.versions())} · {rounds} rounds · "
        f"load {busy:.1f} when it began"
    )


def write(results: Results, file: Path) -> None:
    """Keep the results."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(results), ensure_ascii=False, indent=1), encoding="utf-8")


def read(file: Path) -> Results:
    """The results that were kept."""
    told = json.loads(file.read_text(encoding="utf-8"))
    records = [Record(**{**one, "runs": [Usage(**run) for run in one["runs"]]}) for one in told["records"]]
    steps = told["steps"]
    spans = [Span(**one) for one in steps["spans"]]
    return Results(told["facts"], told["sizes"], records, Steps(spans, steps["whole"], steps["fault"]))
