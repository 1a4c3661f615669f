"""How a page is set: how tightly, and where its margin blocks stand; chosen by layout, heeded by the templates."""

from __future__ import annotations

from dataclasses import dataclass

EASY_SPACE = 0.64  # the tightest spacing that is easy on the eye
FOOT = "#foot"  # of a page, where notes stand: no block has such a name


@dataclass(frozen=True)
class Setting:
    """How tightly a page is set: factors on the tokens' spacing and type size, the height of the sheet, the imprint."""

    space: float = 1.0
    type: float = 1.0
    tall: bool = False  # a sheet without end, to measure what does not fit
    roomy_end: bool = False  # whether the page with the imprint has room for it, however tight all else is

    @property
    def is_cramped(self) -> bool:
        """Whether spacing is tighter than is easy on the eye, since room is needed more."""
        return self.space < EASY_SPACE

    @property
    def runs_imprint(self) -> bool:
        """Whether the imprint is set in one run, and not in columns with a line for each of its answers."""
        return self.is_cramped and not self.roomy_end


@dataclass(frozen=True)
class Placed:
    """Where a margin block goes: before which block in the text, and how far down that block's page."""

    id: str
    page: int
    before: str
    top: float


@dataclass(frozen=True)
class Length:
    """A length as stylesheets print it, with its unit; multiplied by a number it is a length again."""

    value: float
    unit: str = ""

    def __mul__(self, factor: float) -> Length:
        return Length(self.value * factor, self.unit)

    def __str__(self) -> str:
        return f"{self.value:.12g}{self.unit}"
