"""Which page goes where when a document is folded into a booklet: a number of pages comes in, sheets go out.

The pages are numbered from 0. Sheets lie across and are counted from the outermost; each has two pages on its front and
two on its back, and the stack is folded once and stapled in the fold (saddle stitching).
"""

from __future__ import annotations

from dataclasses import dataclass

from briefing.content.records import PaperName
from briefing.design.paper import Paper


@dataclass(frozen=True)
class FoldedSheet:
    """A sheet that lies across and is folded once; its halves are the pages of the booklet."""

    name: str
    width_mm: float
    height_mm: float


_FULL = {PaperName.LETTER: FoldedSheet("Tabloid", 431.8, 279.4), PaperName.A4: FoldedSheet("A3", 420.0, 297.0)}
_HALF = {PaperName.LETTER: FoldedSheet("Letter", 279.4, 215.9), PaperName.A4: FoldedSheet("A4", 297.0, 210.0)}


def sheet_for(paper: Paper, half: bool = False) -> FoldedSheet:
    """The sheet for pages of a paper: twice its size, or the same laid across, with the pages made smaller."""
    return (_HALF if half else _FULL)[paper.name]


@dataclass(frozen=True)
class SheetSide:
    """One side of a sheet: the page on each half, or none where it is blank."""

    sheet: int  # from 0, the outermost
    back: bool
    left: int | None
    right: int | None


def order_folded_pages(count: int, alone: bool) -> tuple[int | None, ...]:
    """The pages of the booklet from cover to cover, blanks among them, as many as whole sheets have.

    A blank page within the text would read as its end. So blanks follow the last page, unless that page stands `alone`
    (sources and imprint, in a brief): then it is the back cover, where a reader looks for who speaks and what it rests
    on, and the blanks lie inside that cover, where there is room for notes.
    """
    blanks: tuple[int | None, ...] = (None,) * (-count % 4)
    pages = tuple(range(count))
    return (*pages[:-1], *blanks, *pages[-1:]) if alone and count > 1 else (*pages, *blanks)


def sides(count: int, alone: bool = False) -> tuple[SheetSide, ...]:
    """The sides in the order of printing: front and back of each sheet, from the outermost.

    The outermost sheet carries the first two pages and the last two, and so on inwards. The printer turns a sheet about
    its short edge: behind the right half of the front lies the left half of the back, and both stand upright.
    """
    pages = order_folded_pages(count, alone)
    found = []
    for number in range(len(pages) // 4):
        first, last = 2 * number, len(pages) - 1 - 2 * number
        found.append(SheetSide(number, False, pages[last], pages[first]))
        found.append(SheetSide(number, True, pages[first + 1], pages[last - 1]))
    return tuple(found)


def creep_mm(sheet: int, thickness_mm: float) -> float:
    """How far the pages of a sheet move towards the fold: each sheet around it pushes it out by its thickness."""
    return sheet * thickness_mm
