"""The margin column: where on the pages its blocks stand.

The text column is laid without regard to the margin, so a margin block never tears a hole in the text. Each is then
put beside the block that it accompanies, as near as the other margin blocks and the wide blocks allow; where that page
has no room, on the next one that has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

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

    @property
    def head(self) -> float:
        """Where the text column begins, below what is no block."""
        return min((spot.top for spot in self.spots.values()), default=0.0)

    @property
    def foot(self) -> float:
        """Where the text column ends."""
        return max((spot.bottom for spot in self.spots.values()), default=0.0)


@dataclass(frozen=True)
class MarginBlock:
    """A margin block that wants a place."""

    id: str
    height: float
    beside: str  # the block that it accompanies; none where it fills what room there is


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
    waiting = list(sides)

    def put(side: MarginBlock, found: Placed | None) -> None:
        if found:
            placed.append(found)
            taken[found.page].append((found.top, found.top + side.height))
            waiting.remove(side)

    for at_home in (True, False):  # what has room at its own text is not driven away by what has not
        for side in [one for one in waiting if one.beside]:
            put(side, next(_choices(side, pages, taken, gap, at_home), None))
    for side in tuple(waiting):
        put(side, None if side.beside else _roomiest(side, pages, taken, gap))
    level = [_level(one, placed, sides, pages, gap) for one in placed]
    level.sort(key=lambda one: (one.page, one.top))
    return PlacedMargin(tuple(level), tuple(side.id for side in waiting), tuple(sides), tuple(pages))


def _roomiest(
    side: MarginBlock, pages: Sequence[ColumnPage], taken: Sequence[Sequence[tuple[float, float]]], gap: float
) -> Placed | None:
    """The largest empty stretch of the margin beside text, or, where all of these are too small, any."""
    found = [
        (min(high, page.foot) - low, -number, low, _first(page))
        for number, page in enumerate(pages)
        for low, high in _free(taken[number], page, gap)
        if high - low >= side.height and _first(page)
    ]
    if not found:
        return None
    _, number, top, before = max(found)
    return Placed(side.id, -number, before, top)


def _first(page: ColumnPage) -> str:
    """The first block that begins on a page; none where one that has begun before fills it."""
    started = [name for name, spot in page.spots.items() if spot.starts]
    return min(started, key=lambda name: page.spots[name].top) if started else ""


def _level(
    one: Placed, placed: Sequence[Placed], sides: Sequence[MarginBlock], pages: Sequence[ColumnPage], gap: float
) -> Placed:
    """The last block of a margin, moved down to end with the text where it ends a little above that."""
    page, heights = pages[one.page], {side.id: side.height for side in sides}
    bottom = one.top + heights[one.id]
    below = [other.top for other in placed if other.page == one.page and other.top > one.top]
    wide = [spot.top for spot in page.spots.values() if spot.wide and spot.top >= bottom]
    ends = [spot.bottom for spot in page.spots.values() if not spot.wide and not any(top < spot.top for top in wide)]
    moved = min([max(ends, default=0.0), *(top - gap for top in wide)]) - bottom
    return replace(one, top=one.top + moved) if not below and 0 < moved <= LEVEL_PX else one


LEVEL_PX = 45.0  # 12 mm


def _choices(
    side: MarginBlock,
    pages: Sequence[ColumnPage],
    taken: Sequence[Sequence[tuple[float, float]]],
    gap: float,
    at_home_only: bool,
) -> Iterator[Placed]:
    """The page of the accompanied block if it has room, or every page with room: the nearest first, later ones before.

    A block that goes on over pages is accompanied where it begins, or else on the pages after.
    """

    def begins(name: str, number: int) -> bool:
        spot = pages[number].spots.get(name)
        return spot is not None and spot.starts

    home = next((number for number in range(len(pages)) if begins(side.beside, number)), 0)
    nearest = sorted(range(len(pages)), key=lambda number: (abs(number - home), number < home))
    for number in [n for n in nearest if side.beside in pages[n].spots or n == home] if at_home_only else nearest:
        spots = pages[number].spots
        started = [name for name in spots if spots[name].starts]
        if not started:
            continue  # a block that fills the whole page: nothing here to hang on to
        at_home = begins(side.beside, number)
        before = side.beside if at_home else min(started, key=lambda name: spots[name].top)
        wanted = spots[side.beside].top if at_home else 0.0
        free = _free(taken[number], pages[number], gap)
        tops = [min(max(wanted, low), high - side.height) for low, high in free if high - low >= side.height]
        if tops:
            yield Placed(side.id, number, before, min(tops, key=lambda top: (abs(top - wanted), -top)))


def _free(taken: Sequence[tuple[float, float]], page: ColumnPage, gap: float) -> Iterator[tuple[float, float]]:
    """The free stretches of a margin column; none is above the first block, where a title may stand."""
    low = page.head
    for top, bottom in sorted(taken):
        if top - gap > low:
            yield low, top - gap
        low = max(low, bottom + gap)
    if page.area > low:
        yield low, page.area


def drifts(margin: PlacedMargin) -> Iterator[tuple[str, int, int]]:
    """The blocks that stand on none of the pages of what they accompany: how many pages after it, and on which."""
    beside = {side.id: side.beside for side in margin.sides if side.beside}
    for one in (one for one in margin.placed if one.id in beside):
        pages = [number for number, page in enumerate(margin.pages) if beside[one.id] in page.spots]
        if pages and one.page not in pages:
            nearest = min(pages, key=lambda number: abs(number - one.page))
            yield one.id, one.page - nearest, one.page


def holes(margin: PlacedMargin, least: float) -> Iterator[tuple[int, float]]:
    """The empty stretches beside the text of pages whose margin has something in it: page and height."""
    heights = {side.id: side.height for side in margin.sides}
    for number, page in enumerate(margin.pages):
        here = [(one.top, one.top + heights[one.id]) for one in margin.placed if one.page == number]
        wide = [(spot.top, spot.bottom) for spot in page.spots.values() if spot.wide]
        text = [(spot.top, spot.bottom) for spot in page.spots.values() if not spot.wide]
        for low, high in _free([*here, *wide], page, 0.0) if here else ():
            beside = [(max(low, top), min(high, bottom)) for top, bottom in text if bottom > low and top < high]
            tall = max((bottom for _, bottom in beside), default=0.0) - min((top for top, _ in beside), default=0.0)
            if tall > least:
                yield number, tall


def short_pages(margin: PlacedMargin, least: float) -> Iterator[tuple[int, float]]:
    """The pages, but for the last, whose text ends far above their foot: page and height."""
    for number, page in enumerate(margin.pages[:-1]):
        if page.spots and page.area - page.foot > least:
            yield number, page.area - page.foot


def gaps(margin: PlacedMargin, gap: float) -> Iterator[tuple[int, float, float]]:
    """The stretches that are free on each page for another block: page, top and bottom."""
    heights = {side.id: side.height for side in margin.sides}
    for number, page in enumerate(margin.pages):
        taken = [(spot.top, spot.bottom) for spot in page.spots.values() if spot.wide]
        taken += [(one.top, one.top + heights[one.id]) for one in margin.placed if one.page == number]
        yield from ((number, low, high) for low, high in _free(taken, page, gap))
