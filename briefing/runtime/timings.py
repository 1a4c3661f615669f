"""Where the time of a run goes: spans of work, noted in every process that takes part, told as a table.

All processes read one clock (`time.monotonic`, which Linux and macOS keep for the whole machine). Nothing that is made
depends on it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

WIDTH = 48  # characters of the bars


@dataclass(frozen=True)
class Span:
    """A step of work; seconds of the machine's clock."""

    process: str
    step: str
    began: float
    ended: float


_SPANS: list[Span] = []
_REMARKS: list[str] = []


@contextmanager
def span(process: str, step: str) -> Iterator[None]:
    """Note what happens inside as a step."""
    began = time.monotonic()
    try:
        yield
    finally:
        _SPANS.append(Span(process, step, began, time.monotonic()))


def remark(process: str, words: str) -> None:
    """Note something that explains where the time went."""
    _REMARKS.append(f"{process}: {words}")


def collected() -> tuple[Span, ...]:
    """All that was noted in this process until now."""
    return tuple(_SPANS)


def forget() -> None:
    """Forget what was noted in this process until now."""
    _SPANS.clear()


def add(spans: Iterable[Span]) -> None:
    """Take in what another process has noted."""
    known = set(_SPANS)
    _SPANS.extend(one for one in spans if one not in known)


def format_table(ended: float) -> str:
    """A table of all steps in the order in which they began, each with a bar; milliseconds from the first; remarks."""
    began = min((one.began for one in _SPANS), default=ended)
    whole = max(ended - began, 1e-9)
    rows = []
    for one in sorted(_SPANS, key=lambda one: (one.began, -one.ended)):
        left = round((one.began - began) / whole * WIDTH)
        long = max(1, round((one.ended - began) / whole * WIDTH) - left)
        bar = (" " * max(0, left) + "█" * long)[:WIDTH]
        milliseconds = f"{1000 * (one.began - began):6.0f} {1000 * (one.ended - one.began):6.0f}"
        rows.append(f"{milliseconds}  {bar:{WIDTH}}  {one.process}: {one.step}")
    return "\n".join([f"{'from':>6} {'for':>6}  (ms; {1000 * whole:.0f} in all)", *rows, *_REMARKS])
