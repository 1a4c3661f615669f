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


STEP_PX = 45.0  # 12 mm: so far apart stand the blocks of a margin that cannot end with its text
WIDE_STEP_PX = 94.0  # 25 mm: at most so far apart they stand where they can


@dataclass
class _Stretch:
    """The margin of a page from one wide block to the next, and what stands in it."""

    page: int
    low: float
    high: float
    level: float  # where the text beside it ends; its low where there is none
    gap: float
    items: list[tuple[float, MarginBlock, str]]  # from the top: where each was put, and which block it is read before

    def room(self, until: float) -> float:
        """The height of the largest block for which the others can make room."""
        return until - self.low - sum(side.height + self.gap for _, side, _ in self.items)

    def holes(self) -> Iterator[tuple[float, float]]:
        """Where nothing stands."""
        low = self.low
        for top, side in zip(self._tops(), (side for _, side, _ in self.items), strict=True):
            yield low, top - self.gap
            low = top + side.height + self.gap
        yield low, self.high

    def nearest(self, side: MarginBlock, wanted: float) -> float:
        """The top nearest to a wanted one in a hole that is large enough, or that at which others make room."""
        fit = [min(max(wanted, low), high - side.height) for low, high in self.holes() if high - low >= side.height]
        return min(fit, key=lambda top: (abs(top - wanted), -top)) if fit else max(wanted, self.low)

    def add(self, side: MarginBlock, wanted: float, before: str) -> None:
        """Take in a block for which there is room."""
        self.items.append((wanted, side, before))
        self.items.sort(key=lambda item: item[0])
        self.items[:] = [(top, *item[1:]) for top, item in zip(self._tops(), self.items, strict=True)]

    def _tops(self) -> list[float]:
        """Where each stands, as near to where it was put as the others allow."""
        tops: list[float] = []
        low = self.low
        for wanted, side, _ in self.items:
            tops.append(max(wanted, low))
            low = tops[-1] + side.height + self.gap
        high = self.high
        for number in reversed(range(len(tops))):
            tops[number] = min(tops[number], high - self.items[number][1].height)
            high = tops[number] - self.gap
        return tops

    def placed(self, page: ColumnPage) -> Iterator[Placed]:
        """One beside its text, or several in even steps from the top that end with the text where it is near."""
        tops = self._tops()
        if len(self.items) > 1:
            slack = self.level - self.low - sum(side.height for _, side, _ in self.items)
            even = max(slack / (len(self.items) - 1), self.gap)
            step = even if even <= WIDE_STEP_PX else STEP_PX
            tops = [self.low + sum(side.height + step for _, side, _ in self.items[:n]) for n in range(len(self.items))]
        for top, (_, side, before) in zip(tops, self.items, strict=True):
            yield Placed(side.id, self.page, before or _read_before(page, top), top)


def _read_before(page: ColumnPage, top: float) -> str:
    """The block before which one is read that accompanies none: the first that begins beside or below it."""
    started = sorted((spot.top, name) for name, spot in page.spots.items() if spot.starts)
    return next((name for place, name in started if place >= top), started[-1][1])


def place(sides: Sequence[MarginBlock], pages: Sequence[ColumnPage], gap: float) -> PlacedMargin:
    """Place the sides in their order on the pages.

    Placed blocks lie within the area, a gap away from each other and from wide blocks.
    """
    stretches = [list(_stretches(number, page, gap)) for number, page in enumerate(pages)]
    waiting = list(sides)

    def put(side: MarginBlock, found: tuple[_Stretch, float, str] | None) -> None:
        if found:
            stretch, wanted, before = found
            stretch.add(side, wanted, before)
            waiting.remove(side)

    for at_home in (True, False):  # what has room at its own text is not driven away by what has not
        for side in [one for one in waiting if one.beside]:
            put(side, next(_choices(side, pages, stretches, at_home), None))
    for side in tuple(waiting):
        put(side, None if side.beside else _roomiest(side, pages, stretches))
    placed = [one for page in stretches for stretch in page for one in stretch.placed(pages[stretch.page])]
    placed.sort(key=lambda one: (one.page, one.top))
    return PlacedMargin(tuple(placed), tuple(side.id for side in waiting), tuple(sides), tuple(pages))


def _stretches(number: int, page: ColumnPage, gap: float) -> Iterator[_Stretch]:
    """The parts of a page's margin, each level with its text: a title may stand above that, or a wide block near it."""
    wide = sorted((spot.top, spot.bottom) for spot in page.spots.values() if spot.wide)
    for low, high in _free(wide, page, gap):
        text = [spot for spot in page.spots.values() if not spot.wide and low < spot.bottom and spot.top < high]
        low = min((spot.top for spot in text), default=low)
        yield _Stretch(number, low, high, max((min(high, spot.bottom) for spot in text), default=low), gap, [])


def _roomiest(
    side: MarginBlock, pages: Sequence[ColumnPage], stretches: Sequence[Sequence[_Stretch]]
) -> tuple[_Stretch, float, str] | None:
    """The stretch with most room beside text, or, where all of these are too small, with any; at its largest hole."""
    found = [
        (stretch.room(stretch.level), -stretch.page, -stretch.low, stretch)
        for number, page in enumerate(pages)
        for stretch in stretches[number]
        if stretch.room(stretch.high) >= side.height and _first(page)
    ]
    if not found:
        return None
    stretch = max(found, key=lambda one: one[:3])[3]
    return stretch, max(stretch.holes(), key=lambda hole: (hole[1] - hole[0], -hole[0]))[0], ""


def _first(page: ColumnPage) -> str:
    """The first block that begins on a page; none where one that has begun before fills it."""
    started = [name for name, spot in page.spots.items() if spot.starts]
    return min(started, key=lambda name: page.spots[name].top) if started else ""


def _choices(
    side: MarginBlock, pages: Sequence[ColumnPage], stretches: Sequence[Sequence[_Stretch]], at_home_only: bool
) -> Iterator[tuple[_Stretch, float, str]]:
    """The page of the accompanied block if it has room, or every page with room: the nearest first, later ones before.

    A block that goes on over pages is accompanied where it begins, or else on the pages after. Where no hole is large
    enough, others make room; below all text, one stands only where there is no other place.
    """

    def begins(name: str, number: int) -> bool:
        spot = pages[number].spots.get(name)
        return spot is not None and spot.starts

    home = next((number for number in range(len(pages)) if begins(side.beside, number)), 0)
    nearest = sorted(range(len(pages)), key=lambda number: (abs(number - home), number < home))
    at_text = [n for n in nearest if side.beside in pages[n].spots or n == home] if at_home_only else nearest
    for beside_text in (True,) if at_home_only else (True, False):
        for number in at_text:
            if not _first(pages[number]):
                continue  # a block that fills the whole page: nothing here to hang on to
            at_home = begins(side.beside, number)
            wanted = pages[number].spots[side.beside].top if at_home else 0.0
            with_room = [
                one
                for one in stretches[number]
                if one.room(one.high) >= side.height and (one.level > one.low) == beside_text
            ]
            tops = [(abs(one.nearest(side, wanted) - wanted), -one.low, one) for one in with_room]
            if tops:
                stretch = min(tops, key=lambda found: found[:2])[2]
                yield stretch, stretch.nearest(side, wanted), side.beside if at_home else _first(pages[number])


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


def rooms(margin: PlacedMargin, gap: float) -> Iterator[tuple[int, float]]:
    """The height of another block for which each stretch of the margin would have room: page and height.

    On a page that one block fills, which has begun before, there is nothing to hang on to.
    """
    heights = {side.id: side.height for side in margin.sides}
    for number, page in enumerate(margin.pages):
        for stretch in _stretches(number, page, gap) if _first(page) else ():
            here = [one for one in margin.placed if one.page == number and stretch.low <= one.top < stretch.high]
            yield number, stretch.room(stretch.high) - sum(heights[one.id] + gap for one in here)
