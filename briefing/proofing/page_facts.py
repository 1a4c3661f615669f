"""Facts in a PDF: what a reader hears and sees of it, page by page."""

from __future__ import annotations

from typing import NamedTuple

from briefing.pdf.geometry import Box


class VisibleInk(NamedTuple):
    """What is seen of a run of words: its difference from the same page without words."""

    contrast: int  # 0 to 255, of the strongest pixel
    drawn: int  # pixels that the words would take if nothing hid or cut them
    lost: int  # those of them on which nothing is seen
    crossed: int  # those of them on which other words stand as well


class TextRun(NamedTuple):
    """Words that are drawn in one go: a line of a text, or a part of one."""

    text: str
    page: int  # from 0
    box: Box
    size: float  # of its type, in points
    upright: bool  # whether it runs from left to right
    ink: VisibleInk


class TaggedFigure(NamedTuple):
    """A figure of the structure tree."""

    alt: str
    page: int
    box: Box  # the bounds of all that it draws; all noughts where it draws nothing
    across: float  # points that a unit of its own coordinates takes from left to right; of a raster, its whole width
    along: float  # the same from top to bottom
    words: tuple[TextRun, ...]  # in the order in which they are drawn; those of a drawing have no spaces
    room: Box  # the part of the sheet to which it is not cut off
    share: float | None  # of what it draws, how much is seen; none where it draws nothing but white


class ReadPage(NamedTuple):
    """One page."""

    width: float
    height: float
    read: tuple[TextRun | TaggedFigure, ...]  # in the order of the structure tree
    unread: tuple[TextRun, ...]  # outside the tree: running heads and other artifacts


class PdfInfo(NamedTuple):
    """A PDF's pages."""

    sheets: tuple[ReadPage, ...]
