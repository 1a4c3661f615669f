"""What is asked of the program, as ratios of two things measured in the same rounds, and whether it holds."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from bench import copies, life, loop, many
from bench.measuring import Record

FLAT = 1.1  # more memory than this for four times the documents is not flat
Key = tuple[str, str, int]  # chapter, name, size


class Kind(Enum):
    """What two things are compared by."""

    SECONDS = "seconds"
    RATE = "so many a second"
    MEMORY = "peak memory"


@dataclass(frozen=True)
class Goal:
    """A ratio and its bound."""

    asked: str
    of: Key
    to: Key
    most: float | None = None
    least: float | None = None
    kind: Kind = Kind.SECONDS

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


def goals(sizes: Sequence[int], alone: int) -> tuple[Goal, ...]:
    """All goals; `sizes` are the numbers of documents made in one run, and `alone` is the largest on one core."""
    most = max(sizes, default=0)
    fewer = max((size for size in sizes if size < most), default=0)
    cold, chromium, typst = _life(life.COLD), _life(life.CHROMIUM), _life(life.TYPST)
    return (
        Goal("Both documents from cold, to Chromium printing them one after the other", cold, chromium, 1.0),
        Goal("The same: peak memory", cold, chromium, 1.0, kind=Kind.MEMORY),
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
            f"{most} documents in one run on all cores: documents a second, to those of one core",
            (many.CHAPTER, many.ALL, most),
            (many.CHAPTER, many.ONE, alone),
            least=1.8,
            kind=Kind.RATE,
        ),
        Goal(
            f"{most} documents in one run: peak memory, to that of {fewer}",
            (many.CHAPTER, many.ALL, most),
            (many.CHAPTER, many.ALL, fewer),
            FLAT,
            kind=Kind.MEMORY,
        ),
        Goal(
            "Numbered copies in files for the printer: copies a second, to Typst with data that changes",
            (copies.CHAPTER, copies.RUN, copies.STAMPED),
            (copies.CHAPTER, copies.TYPST, copies.COMPILED),
            least=100,
            kind=Kind.RATE,
        ),
        Goal(
            f"A distribution of {max(copies.SIZES):,} copies: peak memory, to that of {min(copies.SIZES):,}",
            (copies.CHAPTER, copies.WHOLE, max(copies.SIZES)),
            (copies.CHAPTER, copies.WHOLE, min(copies.SIZES)),
            1.5,
            kind=Kind.MEMORY,
        ),
    )


def met(records: Iterable[Record]) -> list[Met]:
    """Every goal of the chapters that were run, held against what was measured."""
    known = {(record.chapter, record.name, record.size): record for record in records}
    sizes = [size for _, name, size in known if name == many.ALL]
    alone = max((size for _, name, size in known if name == many.ONE), default=0)
    chapters = {record.chapter for record in known.values()}
    return [
        _met(goal, known.get(goal.of), known.get(goal.to)) for goal in goals(sizes, alone) if goal.of[0] in chapters
    ]


def _met(goal: Goal, of: Record | None, to: Record | None) -> Met:
    for key, record in ((goal.of, of), (goal.to, to)):
        if record is None or record.fault:
            return Met(goal, None, why_not=record.fault if record else f"there is no number for {key[1]}")
    assert of
    assert to
    ratios = [mine / theirs for mine, theirs in zip(_measured(of, goal.kind), _measured(to, goal.kind), strict=False)]
    if not ratios:
        return Met(goal, None, why_not="not measured on this system")
    return Met(goal, statistics.median(ratios), min(ratios), max(ratios))


def _measured(record: Record, kind: Kind) -> Sequence[float]:
    """A number for each round."""
    if kind is Kind.MEMORY:
        return record.peaks_kib
    return record.walls if kind is Kind.SECONDS else [record.size / seconds for seconds in record.walls]


def _life(name: str) -> Key:
    return life.CHAPTER, name, 0
