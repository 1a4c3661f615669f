"""Envelopes with a window, and which part of a folded letter is seen through it wherever the letter has slid to.

Lengths are in millimetres. A letter is folded twice so that its address looks out at the front; it has room to slide
within the envelope, so that only what is in the window in all four corners is sure to be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from briefing.design.paper import Paper


@dataclass(frozen=True, slots=True)
class SheetArea:
    """A rectangle of a sheet, from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class LetterWindow:
    """An envelope with its window, and how a letter is folded for it."""

    envelope: tuple[float, float]  # width and height
    left: float  # of the window, from the left of the envelope
    bottom: float  # of the window, from the bottom of the envelope
    width: float
    height: float
    folds: tuple[float, float]  # from the top of the sheet
    quiet: tuple[float, float]  # white that must stay around the address, at the sides, and above and below
    address_from: float  # from the top of the sheet, where the standard says so

    def seen(self, paper: Paper, aside: float, down: float) -> SheetArea:
        """What is seen of a sheet that lies so far from the left and the top of its envelope: parts, from 0 to 1."""
        first, second = self.folds
        folded = max(first, second - first, paper.height_mm - second)
        x = aside * (self.envelope[0] - paper.width_mm)
        y = down * (self.envelope[1] - folded) + folded - first  # of the upper edge, of which the first fold is below
        top = self.envelope[1] - self.bottom - self.height
        return SheetArea(self.left - x, top - y, self.left + self.width - x, top + self.height - y)

    def corners(self, paper: Paper) -> tuple[SheetArea, ...]:
        """What is seen with the sheet in each of the four corners."""
        return tuple(self.seen(paper, aside, down) for aside, down in product((0.0, 1.0), repeat=2))

    def address(self, paper: Paper) -> SheetArea:
        """Where the address stands, so that it is seen in all of them with white around it."""
        seen, (beside, above) = self.corners(paper), self.quiet
        return SheetArea(
            max(one.left for one in seen) + beside,
            max(self.address_from, *(one.top + above for one in seen)),
            min(one.right for one in seen) - beside,
            min(one.bottom for one in seen) - above,
        )

    def above_address(self, paper: Paper) -> SheetArea:
        """What is seen above the address, for a line that says who sends."""
        area = self.address(paper)
        top = max(one.top for one in self.corners(paper)) + self.quiet[1]
        return SheetArea(area.left, top, area.right, area.top)


WINDOWS: Mapping[str, LetterWindow] = {
    "us-10": LetterWindow(
        envelope=(241.3, 104.775),
        left=22.225,
        bottom=12.7,
        width=114.3,
        height=28.575,
        folds=(101.6, 190.5),  # by exact thirds, only three lines would be sure to be seen
        quiet=(3.175, 3.175),
        address_from=0.0,
    ),
    "din-5008-a": LetterWindow(
        (220.0, 110.0), 20.0, 15.0, 90.0, 45.0, folds=(87.0, 192.0), quiet=(5.0, 2.0), address_from=44.7
    ),
    "din-5008-b": LetterWindow(
        (220.0, 110.0), 20.0, 15.0, 90.0, 45.0, folds=(105.0, 210.0), quiet=(5.0, 2.0), address_from=62.7
    ),
}
