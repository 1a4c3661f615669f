"""The margin column: where on the pages its blocks stand.

The text column is laid without regard to the margin, so a margin block never tears a hole in the text. Each is then
put beside the block that it accompanies, as near as the other margin blocks and the wide blocks allow; where that page
has no room, on the next one that has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from briefing.documents.setting import Placed


@dataclass(frozen=True)
class BlockSpan:
    """A block's part on a page, in pixels from the top of the type area."""

    top: float
    bottom: float
    wide: bool = False  # reaches over the margin column
    starts: bool = True  # the block begins here and does not come from the page before


@dataclass(frozen=True)
class ColumnPage:
    """The blocks of the text column on a page, and the height of its type area."""

    spots: Mapping[str, BlockSpan]
    area: float


@dataclass(frozen=True)
class MarginBlock:
    """A margin block that wants a place."""

    id: str
    height: float
    beside: str  # the block that it accompanies


@dataclass(frozen=True)
class PlacedMargin:
    """The margin blocks of a document, and where each stands."""

    placed: tuple[Placed, ...] = ()
    homeless: tuple[str, ...] = ()  # those without room
    sides: tuple[MarginBlock, ...] = ()
    pages: tuple[ColumnPage, ...] = ()


def place(sides: Sequence[MarginBlock], pages: Sequence[ColumnPage], gap: float) -> PlacedMargin:
    """Place the sides in their order on the pages.

    Placed blocks lie within the area, a gap away from each other and from wide blocks.
    """
    taken: list[list[tuple[float, float]]] = [
        [(s.top, s.bottom) for s in page.spots.values() if s.wide] for page in pages
    ]
    placed: list[Placed] = []
    homeless: list[str] = []
    for side in sides:
        found = next(_choices(side, pages, taken, gap), None)
        if found:
            placed.append(found)
            taken[found.page].append((found.top, found.top + side.height))
        else:
            homeless.append(side.id)
    return PlacedMargin(tuple(placed), tuple(homeless), tuple(sides), tuple(pages))


def _choices(
    side: MarginBlock, pages: Sequence[ColumnPage], taken: Sequence[Sequence[tuple[float, float]]], gap: float
) -> Iterator[Placed]:
    """Every page with room, the page of the accompanied block first, then those after it, then those before."""

    def begins(name: str, number: int) -> bool:
        spot = pages[number].spots.get(name)
        return spot is not None and spot.starts

    home = next((number for number in range(len(pages)) if begins(side.beside, number)), 0)
    for number in [*range(home, len(pages)), *range(home - 1, -1, -1)]:
        spots = pages[number].spots
        started = [name for name in spots if spots[name].starts]
        if not started:
            continue  # a block that fills the whole page: nothing here to hang on to
        at_home = begins(side.beside, number)
        before = side.beside if at_home else min(started, key=lambda name: spots[name].top)
        wanted = spots[side.beside].top if at_home else 0.0
        free = _free(taken[number], pages[number].area, gap)
        tops = [min(max(wanted, low), high - side.height) for low, high in free if high - low >= side.height]
        if tops:
            yield Placed(side.id, number, before, min(tops, key=lambda top: (abs(top - wanted), top)))


def _free(taken: Sequence[tuple[float, float]], area: float, gap: float) -> Iterator[tuple[float, float]]:
    """The free stretches of a margin column."""
    low = 0.0
    for top, bottom in sorted(taken):
        if top - gap > low:
            yield low, top - gap
        low = max(low, bottom + gap)
    if area > low:
        yield low, area


def gaps(margin: PlacedMargin, gap: float) -> Iterator[tuple[int, float, float]]:
    """The stretches that are free on each page for another block: page, top and bottom."""
    heights = {side.id: side.height for side in margin.sides}
    for number, page in enumerate(margin.pages):
        taken = [(spot.top, spot.bottom) for spot in page.spots.values() if spot.wide]
        taken += [(one.top, one.top + heights[one.id]) for one in margin.placed if one.page == number]
        yield from ((number, low, high) for low, high in _free(taken, page.area, gap))
