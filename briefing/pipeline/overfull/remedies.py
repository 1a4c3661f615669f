"""What would make a document fit: each remedy is laid on real pages before anybody is told of it.

Trials are counted and not timed, so that the same content is always told the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from briefing.content.blocks import (
    BlockBase,
    Box,
    ChartBlock,
    GlossaryBlock,
    ImageBlock,
    MapBlock,
    Table,
    Timeline,
    Width,
)
from briefing.content.panels import GaugeBlock, PullFigure, PullQuote
from briefing.pipeline.document_job import DocumentJob
from briefing.pipeline.overfull.changes import TrialChange, spare_words

MOVED = 3  # blocks that are tried in the other column
LOWERED = 2  # pictures that are tried lower
LOWEST_MM, LEAST = 20.0, 0.55  # below which no picture is lowered: its height, and the part of what it was
SEARCHED = 6  # trials for a number of words
CLOSE = 0.12  # the part of a number of words that the search may leave open
FIFTH = 0.17  # what another way of cutting may be off, to be sure of a fifth
MARGIN_KINDS = (
    ChartBlock,
    ImageBlock,
    MapBlock,
    Timeline,
    Box,
    GlossaryBlock,
    Table,
    PullQuote,
    PullFigure,
    GaugeBlock,
)
NARROW = 3  # columns of a table that may stand in the margin


class Trials(NamedTuple):
    """The document laid after a change."""

    fits: Callable[[TrialChange], bool]
    over: Callable[[TrialChange], float]  # pages too many, of what does not fit


@dataclass(frozen=True)
class Remedies:
    """What was tried with success, each alone enough."""

    words: int | None = None  # to be cut anywhere in the text that binds, right to a fifth
    cut: tuple[int, int] | None = None  # a block, and how many words less of it are enough
    moved: tuple[tuple[int, Width], ...] = ()  # a block, and where it stands so that all fits
    lowered: tuple[tuple[int, float, float], ...] = ()  # a block, the height of its picture, and a height that fits


@dataclass
class Search:
    """A search for remedies among the blocks that bind."""

    job: DocumentJob
    trials: Trials
    binding: Sequence[int]  # blocks of the column that is too long
    heights: Mapping[int, float]  # of blocks as they are laid, in millimetres
    over_mm: float
    over_pages: float
    words_a_page: float  # of running text
    words_a_line: float

    def found(self) -> Remedies:
        """All that helps."""
        blocks = self.job.briefing.document(self.job.document).blocks
        spare = {index: spare_words(blocks[index]) for index in self.binding}
        words, cut = self._words(spare)
        return Remedies(words, cut, tuple(self._moved()), tuple(self._lowered()))

    # -------------------------------------------------------------- words

    def _words(self, spare: Mapping[int, int]) -> tuple[int | None, tuple[int, int] | None]:
        """A number of words, if it does not matter where they are cut, and the longest text with its own number."""
        longest = max(spare, key=lambda index: (spare[index], -index), default=None)
        if longest is None:
            return None, None
        alone = self._least({longest: spare[longest]})
        anywhere = self._least(spare) if alone is None else None
        if alone is None:
            return anywhere, None
        fewer, more = round(alone * (1 - FIFTH)), round(alone * (1 + FIFTH))
        sure = spare[longest] == sum(spare.values()) or (
            more <= sum(spare.values())
            and self.trials.fits(TrialChange(words=_shares(spare, more)))
            and not self.trials.fits(TrialChange(words=_shares(spare, fewer)))
        )
        return (alone if sure else None), (longest, alone)

    def _least(self, spare: Mapping[int, int]) -> int | None:
        """How many words must go at least, to about a tenth; none where all that could go are not enough.

        The first guess is mostly a little more than enough, so that a second one just below it often ends the search.
        """
        most, low, high = sum(spare.values()), 0, 0
        guess = min(round(self.over_pages * self.words_a_page + self.words_a_line / 2), most)
        for _ in range(SEARCHED):
            change, below = TrialChange(words=_shares(spare, guess)), high
            if self.trials.fits(change):
                high = guess
            elif guess >= most:
                return None
            else:
                low = guess
            close = max(CLOSE * high, 2)
            if high and high - low <= close:
                break
            if not high:
                guess = min(most, low + round(max(self.trials.over(change), 0.02) * self.words_a_page * 1.1))
            else:
                guess = (low + high) // 2 if low or below else math.ceil(high - close)
        return max(1, round((low + high) / 2 if low else high)) if high else None

    # -------------------------------------------------------------- places and heights

    def _moved(self) -> list[tuple[int, Width]]:
        blocks = self.job.briefing.document(self.job.document).blocks
        if self.job.tokens.one_column:
            return []
        wanted = [
            index
            for index in sorted(self.binding, key=lambda index: -self.heights.get(index, 0.0))
            if blocks[index].place is Width.SIDE or _moves(blocks[index])
        ]
        found = []
        for index in wanted[:MOVED]:
            place = Width.SIDE if blocks[index].place is not Width.SIDE else Width.MAIN
            if self.trials.fits(TrialChange(places={index: place})):
                found.append((index, place))
        return found

    def _lowered(self) -> list[tuple[int, float, float]]:
        blocks = self.job.briefing.document(self.job.document).blocks
        zoom = self.job.tokens.grid["picture"]
        found = []
        pictures = [
            index
            for index in sorted(self.binding, key=lambda index: -self.heights.get(index, 0.0))
            if index in self.job.pictures and isinstance(blocks[index], ChartBlock | ImageBlock)
            if not blocks[index].place.is_band
        ]
        for index in pictures[:LOWERED]:
            high = self.job.pictures[index].height_mm
            low = int((high - self.over_mm - 0.5) / zoom) * zoom
            if low >= max(LOWEST_MM * zoom, LEAST * high) and self.trials.fits(TrialChange(heights={index: low})):
                found.append((index, high / zoom, low / zoom))
        return found


def _moves(block: BlockBase) -> bool:
    if block.place not in (Width.MAIN, Width.WIDE):
        return False
    return isinstance(block, MARGIN_KINDS) and not (isinstance(block, Table) and len(block.columns) > NARROW)


def _shares(spare: Mapping[int, int], count: int) -> dict[int, int]:
    """So many words, each block's part by what it could lose."""
    most = max(1, sum(spare.values()))
    return {index: round(words * min(1.0, count / most)) for index, words in spare.items() if words}
