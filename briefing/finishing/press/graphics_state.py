"""The graphics state of a page while it is read: what has been asked for, and what has been written of it.

Colours are written only when something is painted, since the inks depend on what is painted with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from briefing.finishing.context import Recipe
from briefing.finishing.press.ink_recipes import Rgb
from briefing.pdf.geometry import UNIT, Box, Matrix, around, overlap

LONG = 24  # points of a path beyond which it is no rule


@dataclass(frozen=True, slots=True)
class Named:
    """A colour that is kept as it was written, such as a pattern: its space, and what names it there."""

    space: str
    operands: tuple[object, ...]


Paint = Rgb | Recipe | Named
BLACK: Rgb = (0.0, 0.0, 0.0)


@dataclass(slots=True)
class InkedState:
    """One level of the graphics state (ISO 32000-1, 8.4)."""

    ctm: Matrix = UNIT
    fill: Paint = BLACK
    stroke: Paint = BLACK
    fill_space: str = "/DeviceGray"
    stroke_space: str = "/DeviceGray"
    filled: object = None  # what has been written; nothing where that is not known
    stroked: object = None
    over: tuple[bool, bool] | None = None  # overprint of strokes and of all else, as written
    size: float = 0.0  # of the type
    mode: int = 0  # of showing text
    veils: frozenset[str] = frozenset()  # what of it lets drawings be seen through
    clip: Box | None = None

    def copy(self) -> InkedState:
        """The same, to be changed."""
        return replace(self)

    def inside(self) -> InkedState:
        """What a form begins with: nothing is known to be written, so that it may be used anywhere."""
        return replace(self, filled=None, stroked=None, over=None, veils=frozenset())


class Path:
    """Where a path lies on the page, as long as it is simple enough to be a rule."""

    __slots__ = ("points", "rough")

    def __init__(self) -> None:
        self.points: list[tuple[float, float]] = []
        self.rough = False

    def to(self, ctm: Matrix, x: float, y: float) -> None:
        """Add a point."""
        if len(self.points) < LONG:
            self.points.append((x * ctm[0] + y * ctm[2] + ctm[4], x * ctm[1] + y * ctm[3] + ctm[5]))
        else:
            self.rough = True

    def rectangle(self, ctm: Matrix, numbers: Sequence[float]) -> None:
        """Add the corners of a rectangle."""
        x, y, width, height = numbers
        for corner in ((x, y), (x + width, y), (x, y + height), (x + width, y + height)):
            self.to(ctm, *corner)

    def within(self, clip: Box | None) -> Box | None:
        """The bounds of what is seen of it; nothing where they are not known."""
        if self.rough or not self.points:
            return clip
        own = around(self.points)
        return own if clip is None else overlap(own, clip)
