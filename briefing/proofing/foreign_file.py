"""A PDF that may be anybody's: it is opened in a child with limits, and what is said of it comes out as text.

Whatever swells, loops or brings a library down ends with the child, and is told as one finding.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from briefing.design.outputs import OutputName
from briefing.findings import Finding, Place, Refused, error
from briefing.runtime.sandbox import Task, TaskRun
from briefing.runtime.task_child import ParentLine

CPU_SECONDS, WALL_SECONDS = 40, 50.0
Told = TypeVar("Told")


@dataclass(frozen=True)
class _NotRead:
    findings: tuple[Finding, ...]


def judge_file(file: Path, name: str, use: OutputName) -> tuple[tuple[Finding, ...], str]:
    """What speaks against using a file as a use, and the report; raises `Refused` where it cannot be read."""
    return _in_child(_judge, file, name, use)


def read_file_aloud(file: Path, name: str) -> str:
    """What a person with a screen reader hears of a file; raises `Refused` where it cannot be read."""
    return _in_child(_read, file, name)


def _in_child(do: Callable[..., Told | _NotRead], file: Path, name: str, *more: object) -> Told:
    task = Task(do, (file, name, *more), name, Place(name), CPU_SECONDS, WALL_SECONDS)
    made, faults = TaskRun([task]).ended()
    if not made:
        why = "reading the file takes more memory or time than a PDF is given, or stops the reader"
        hint = "do not pass it on before you know where it comes from; save it again with another program"
        raise Refused([error("pdf-limit", why, Place(name), hint) for _ in faults])
    if isinstance(made[0], _NotRead):
        raise Refused(made[0].findings)
    return made[0]


# ------------------------------------------------------------------ in the child


def _hush() -> None:
    """Let no library say on the terminal why it ends."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 2)
    os.close(sink)


def _judge(file: Path, name: str, use: OutputName, _: ParentLine) -> tuple[tuple[Finding, ...], str] | _NotRead:
    _hush()
    from briefing.pdf import read_file
    from briefing.preflight import preflight

    try:
        facts = preflight.read_facts(read_file.read(file, name), name, use)
    except Refused as refused:
        return _NotRead(refused.findings)
    findings = preflight.judge(facts, use)
    return findings, preflight.format_report(facts, findings, use)


def _read(file: Path, name: str, _: ParentLine) -> str | _NotRead:
    _hush()
    from briefing.pdf import read_file

    try:
        data = read_file.read(file, name)
        with read_file.refuse_unsound(name):
            from briefing.proofing import screen_reader

            return screen_reader.format_lines(screen_reader.read_aloud(data))
    except Refused as refused:
        return _NotRead(refused.findings)
