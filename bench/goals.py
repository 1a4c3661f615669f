"""What is asked of the program, as ratios of two things measured in the same rounds, and whether it holds."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench import life, loop, many
from bench.measuring import Record

FLAT = 1.1  # more memory than this for four times the documents is not flat
Key = tuple[str, str, int]  # chapter, name, size


@dataclass(frozen=True)
class Goal:
    """A ratio and its bound."""

    asked: str
    of: Key
    to: Key
    most: float | None = None
    least: float | None = None
    memory: bool = False  # the ratio of peaks, not of seconds

    @property
    def bound(self) -> str:
        """The bound in words."""
        return f"at most {self.most:.2f}" if self.most is not None else f"at least {self.least:.2f}"


@dataclass(frozen=True)
class Met:
    """What was measured of a goal."""

    goal: Goal
    ratio: float | None  # the median over the rounds; nothing where one side was not measured
    lowest: float = 0.0
    highest: float = 0.0
    why_not: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether it does; nothing where it was not measured."""
        if self.ratio is None:
            return None
        least, most = self.goal.least, self.goal.most
        return (most is None or self.ratio <= most) and (least is None or self.ratio >= least)


def goals(sizes: Sequence[int]) -> tuple[Goal, ...]:
    """All goals; `sizes` are the numbers of documents in one run that were measured."""
    most = max(sizes, default=200)
    fewer = max((size for size in sizes if size < most), default=50)
    cold, chromium, typst = _life(life.COLD), _life(life.CHROMIUM), _life(life.TYPST)
    return (
        Goal("Both documents from cold, to Chromium printing them one after the other", cold, chromium, 1.0),
        Goal("The same: peak memory", cold, chromium, 1.0, memory=True),
        Goal("Nothing changed, to Typst compiling both from cold", _life(life.UNCHANGED), typst, 0.5),
        Goal("Nothing changed, to our build from cold", _life(life.UNCHANGED), cold, 0.15),
        *(
            Goal(f"{changed[0].upper()}{changed[1:]}, from cold, to that document alone", *pair, 1.1)
            for changed, pair in (
                (life.WORD_BRIEF, (_life(life.WORD_BRIEF), _life(life.WORD_BRIEF_ONLY))),
                (life.WORD_SHEET, (_life(life.WORD_SHEET), _life(life.WORD_SHEET_ONLY))),
            )
        ),
        *(
            Goal(
                f"A word of the {loop.TITLES[document]} changed, in the preview, to a warm plain script's render",
                (loop.CHAPTER, loop.name(loop.OURS, document), 0),
                (loop.CHAPTER, loop.name(loop.PLAIN, document), 0),
                0.4,
            )
            for document in life.BOTH
        ),
        Goal(
            f"{most} documents in one run: seconds on one core, to seconds on all",
            (many.CHAPTER, many.ONE, most),
            (many.CHAPTER, many.ALL, most),
            least=1.8,
        ),
        Goal(
            f"{most} documents in one run: peak memory, to that of {fewer}",
            (many.CHAPTER, many.ALL, most),
            (many.CHAPTER, many.ALL, fewer),
            FLAT,
            memory=True,
        ),
    )


def met(records: Iterable[Record]) -> list[Met]:
    """Every goal of the chapters that were run, held against what was measured."""
    known = {(record.chapter, record.name, record.size): record for record in records}
    sizes = sorted({record.size for record in known.values() if record.chapter == many.CHAPTER and record.size})
    chapters = {record.chapter for record in known.values()}
    return [_met(goal, known.get(goal.of), known.get(goal.to)) for goal in goals(sizes) if goal.of[0] in chapters]


def _met(goal: Goal, of: Record | None, to: Record | None) -> Met:
    for key, record in ((goal.of, of), (goal.to, to)):
        if record is None or record.fault:
            return Met(goal, None, why_not=record.fault if record else f"there is no number for {key[1]}")
    assert of
    assert to
    sides = (of.peaks_kib, to.peaks_kib) if goal.memory else (of.walls, to.walls)
    ratios = [mine / theirs for mine, theirs in zip(*sides, strict=False)]
    if not ratios:
        return Met(goal, None, why_not="not measured on this system")
    return Met(goal, statistics.median(ratios), min(ratios), max(ratios))


def _life(name: str) -> Key:
    return life.CHAPTER, name, 0
