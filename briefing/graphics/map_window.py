"""What of the globe a map shows: where a point stands on it, and which shapes come onto it, whichever way round."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from briefing.graphics.charts.labels import Box
from briefing.graphics.drawing import Frame

Point = tuple[float, float]
Polygon = Sequence[Sequence[Point]]  # rings: its edge, and those of its holes
Polygons = Sequence[Polygon]
_ROUND = (0.0, -360.0, 360.0)
_HALF_ROUND = 180.0


def mercator(lat: float) -> float:
    """How far a latitude lies from the equator on Mercator's map, in radians."""
    return math.asinh(math.tan(math.radians(lat)))


@dataclass(frozen=True)
class MapView:
    """Mercator's projection, fitted exactly to the bounds."""

    west: float
    span: float  # degrees; a map may cross the date line
    top: float
    scale: float  # pixels for a radian
    frame: Frame
    head: float = 0.0  # pixels above the map

    def at(self, lon: float, lat: float) -> Point:
        """The pixel of a point on the globe."""
        return (
            math.radians((lon - self.west + 180 - self.span / 2) % 360 - 180 + self.span / 2) * self.scale,
            self.head + (self.top - mercator(lat)) * self.scale,
        )

    def place(self, x: float, y: float) -> Point:
        """The longitude and latitude of a pixel."""
        return self.west + math.degrees(x / self.scale), math.degrees(
            math.atan(math.sinh(self.top - (y - self.head) / self.scale))
        )


def lies_in(lon: float, lat: float, pieces: Polygons) -> bool:
    """Whether a point lies in any of the pieces: one that crosses the date line counts on both sides of it."""
    for rings in pieces:
        lats = [at for _, at in rings[0]]
        if min(lats) <= lat <= max(lats):  # few are as far north as that, and all others need no closer look
            edge = list(_unrolled(rings[0]))
            west, east = min(x for x, _ in edge), max(x for x, _ in edge)
            if near := [lon - turn for turn in _ROUND if west <= lon - turn <= east]:
                unrolled = [edge, *(list(_unrolled(ring)) for ring in rings[1:])]
                if any(is_inside(x, lat, unrolled) for x in near):
                    return True
    return False


def is_inside(x: float, y: float, rings: Iterable[Iterable[Point]]) -> bool:
    """Whether a point of a plane lies in a piece: right of it, an odd number of edges is crossed."""
    odd = False
    for ring in rings:
        for (from_x, from_y), (to_x, to_y) in pairwise(ring):
            if (from_y > y) != (to_y > y) and x < from_x + (to_x - from_x) * (y - from_y) / (to_y - from_y):
                odd = not odd
    return odd


@dataclass(frozen=True)
class MapWindow:
    """The bounds of a map in degrees; its right edge may lie beyond the date line."""

    left: float
    right: float
    low: float
    high: float

    def meets(self, box: Box) -> bool:
        """Whether a box of degrees lies in the window or reaches into it."""
        west, south, east, north = box
        if north < self.low or south > self.high:
            return False
        return any(west + turn < self.right and east + turn > self.left for turn in _ROUND)

    def shows_line(self, line: Iterable[Point]) -> bool:
        """Whether any step of a line is seen: that of a whole continent's coast goes round a place inland."""
        return any(self._crossed(*start, *end) for start, end in pairwise(_unrolled(line)))

    def shows_area(self, rings: Sequence[Sequence[Point]]) -> bool:
        """Whether any of an area is seen: its edge, or nothing but its inside, in which a corner of the window lies."""
        return any(map(self.shows_line, rings)) or lies_in(self.left, self.low, [rings])

    def _crossed(self, x: float, y: float, to_x: float, to_y: float) -> bool:
        if not self.meets((min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y))):
            return False
        for turn in _ROUND:  # the corners of the window lie on both sides of the line, or it passes by
            west, east = self.left - turn, self.right - turn
            if min(x, to_x) < east and max(x, to_x) > west:
                corners = ((lon, lat) for lon in (west, east) for lat in (self.low, self.high))
                sides = [(lon - x) * (to_y - y) - (lat - y) * (to_x - x) for lon, lat in corners]
                if min(sides) <= 0 <= max(sides):
                    return True
        return False


def winding(ring: Iterable[Point]) -> float:
    """Which way round a ring goes: above nought against the clock, and the more the larger it is."""
    return sum(x * to_y - to_x * y for (x, y), (to_x, to_y) in pairwise(_unrolled(ring)))


def _unrolled(line: Iterable[Point]) -> Iterator[Point]:
    """The line with each point beside the one before: over the date line a step is short."""
    turn, before = 0.0, None
    for lon, lat in line:
        if before is not None and abs(lon - before) > _HALF_ROUND:
            turn += 360.0 if lon < before else -360.0
        before = lon
        yield lon + turn, lat
