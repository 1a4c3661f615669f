"""Words beside curves: the names of lines at their ends, and values where they touch nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from briefing.documents.chart_values import ChartValue
from briefing.graphics.charts.annotations import Spot
from briefing.graphics.charts.canvas import Canvas, SeriesStyle
from briefing.graphics.charts.labels import Box, Label, place_labels, spread_apart

BESIDE_PX = 5.0  # between a point and a value beside it


@dataclass(frozen=True)
class CurvePoint:
    """A point of a curve in pixels, from the top to the bottom of its range."""

    row: ChartValue
    ink: SeriesStyle
    x: float
    y: float
    top: float
    bottom: float

    @property
    def strong(self) -> bool:
        """Whether its line is one that the chart is about."""
        return self.ink.shape == "circle"

    @property
    def annotated(self) -> Iterator[tuple[str, Spot]]:
        """What an annotation that names its place is about."""
        return ((name, Spot(self.x, self.x, self.top)) for name in self.row.places)

    @property
    def box(self) -> Box:
        """The room of the mark with its range."""
        return (self.x - 3, self.top - 3, self.x + 3, self.bottom + 3)


def ends(spots: Sequence[CurvePoint], sheet: Canvas) -> list[Label]:
    """The name of each line beside its last point."""
    last = sorted({spot.row.series: spot for spot in spots if spot.row.series}.values(), key=lambda spot: spot.y)
    ys = spread_apart(
        [spot.y for spot in last], [sheet.line] * len(last), sheet.small / 2, sheet.height - 1.5 * sheet.line
    )
    return [
        Label(spot.row.series or "", spot.x + 8, y, sheet.small, spot.ink.words, bold=True)
        for y, spot in zip(ys, last, strict=True)
    ]


def values_beside(
    spots: Sequence[CurvePoint], names: Sequence[Label], bottom: float, sheet: Canvas, stepped: bool = False
) -> list[Label]:
    """Values above or below their points, where they touch nothing; the rest are left out."""
    paths = _paths(spots)
    taken = [*strokes_of(spots, stepped), *(spot.box for spot in spots), *(name.box for name in names)]
    highest = {spot.x: min(s.y for s in spots if s.x == spot.x) for spot in spots}
    wanted = (_around(spot, sheet, spot.y == highest[spot.x], stepped) for spot in _by_weight(paths))
    return place_labels(wanted, taken, (-2, 0, sheet.width + 2, bottom))


def strokes_of(spots: Sequence[CurvePoint], stepped: bool) -> list[Box]:
    """The room of the lines through all points."""
    return [box for path in _paths(spots) for box in _stroke(path, stepped)]


def _paths(spots: Sequence[CurvePoint]) -> list[list[CurvePoint]]:
    return [[s for s in spots if s.row.series == name] for name in dict.fromkeys(s.row.series for s in spots)]


def _by_weight(paths: Sequence[Sequence[CurvePoint]]) -> list[CurvePoint]:
    """The end, the highest and the disputed first; of more than two lines only the strong in full."""
    weights: list[tuple[tuple[bool, ...], CurvePoint]] = []
    for path in paths:
        peak = max(path, key=lambda spot: spot.row.value)
        for spot in (spot for spot in path if spot.row.text):
            outer = spot is path[0] or spot is path[-1]
            if len(paths) <= 2 or spot.strong or spot.row.hollow or outer:
                first = spot is path[-1] or spot is peak or spot.row.hollow
                weights.append(((not first, not spot.strong, spot is not path[0]), spot))
    return [spot for _, spot in sorted(weights, key=lambda pair: pair[0])]


def _around(spot: CurvePoint, sheet: Canvas, above: bool, stepped: bool) -> Iterator[Label]:
    """The places for a value: on its own side of the point, on the other, further off, and each a little aside.

    A step rises or falls straight to its point: there a value may stand beside it.
    """
    wide = sheet.widest([spot.row.text])
    ways = (0.9, 1.3, -0.9, -1.3, 1.9, -1.9) if above else (-0.9, -1.3, 0.9, 1.3, -1.9, 1.9)
    beside = (wide / 2 + BESIDE_PX, -wide / 2 - BESIDE_PX) if stepped else ()
    for aside, away in itertools.product((0, -0.3 * wide, 0.3 * wide, -0.45 * wide, 0.45 * wide, *beside), ways):
        x, y = spot.x + aside, (spot.top if away > 0 else spot.bottom) - away * sheet.small
        yield Label(spot.row.text, x, y, sheet.small, spot.ink.words, "center", spot.strong)


def _stroke(path: Sequence[CurvePoint], stepped: bool) -> Iterator[Box]:
    for one, other in itertools.pairwise(path):
        if stepped:
            corner = replace(one, x=other.x)
            yield from _along(one, corner)
            yield from _along(corner, other)
        else:
            yield from _along(one, other)


def _along(one: CurvePoint, other: CurvePoint) -> Iterator[Box]:
    """Small boxes along a stroke."""
    dx, dy = other.x - one.x, other.y - one.y
    steps = max(1, int(max(abs(dx), abs(dy)) / 2))
    for k in range(steps + 1):
        x, y = one.x + dx * k / steps, one.y + dy * k / steps
        yield (x - 0.8, y - 0.8, x + 0.8, y + 0.8)
