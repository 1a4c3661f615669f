"""What of the globe a map shows: which shapes and lines come onto it, whichever way round the globe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from briefing.graphics.charts.labels import Box

Point = tuple[float, float]
_ROUND = (0.0, -360.0, 360.0)
_HALF_ROUND = 180.0


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
        """Whether any of an area is seen: its edge, or nothing but its inside."""
        return any(map(self.shows_line, rings)) or any(self._inside(rings, self.left - turn) for turn in _ROUND)

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

    def _inside(self, rings: Iterable[Iterable[Point]], lon: float) -> bool:
        """Whether a corner of the window lies in the area: east of it, an odd number of edges is crossed."""
        odd = False
        for ring in rings:
            for (x, y), (to_x, to_y) in pairwise(_unrolled(ring)):
                if (y > self.low) != (to_y > self.low) and lon < x + (to_x - x) * (self.low - y) / (to_y - y):
                    odd = not odd
        return odd


def _unrolled(line: Iterable[Point]) -> Iterator[Point]:
    """The line with each point beside the one before: over the date line a step is short."""
    turn, before = 0.0, None
    for lon, lat in line:
        if before is not None and abs(lon - before) > _HALF_ROUND:
            turn += 360.0 if lon < before else -360.0
        before = lon
        yield lon + turn, lat
