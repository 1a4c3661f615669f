"""The room between two lines: tinted where the later series is above, hatched where it is below."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from briefing.documents.chart_order import has_gap, usual_step
from briefing.graphics.charts.canvas import Canvas
from briefing.graphics.charts.layers import Layer, layer, pixels
from briefing.graphics.charts.scales import Encoding, Scale
from briefing.graphics.charts.value_marks import Value

HATCH_PX = 3.5
Pair = tuple[float, float, float]  # a place, and the values of both series there


def shades(values: Sequence[Value], x: Encoding, over: Scale, up: Scale, sheet: Canvas) -> list[Layer]:
    """Areas between the lines, parted where they cross; in grey too, one is not like the other."""
    runs = [run for pairs in _pairs(values) for run in _runs(pairs)]
    points: list[dict[str, float]] = []
    for number, (above, run) in enumerate(runs):
        before = runs[number - 1] if number else None  # no seam where one stretch goes on in the next
        joined = points and before and (before[0], before[1][-1]) == (above, run[0])
        name = points[-1]["run"] if joined else number
        points += [{"place": x, "value": other, "base": one, "run": name} for x, one, other in run if above]
    ends = {"x": x, "y": up.of("value"), "y2": {"field": "base"}, "detail": {"field": "run"}}
    mark = {"type": "area", "fill": sheet.colour("map-tint"), "opacity": 1, "line": False}
    areas = [{"name": "above", **layer(points, mark, **ends)}] if points else []
    hairs = [hair for above, run in runs if not above for hair in _hatched(run, over, up)]
    pixel = {"x": pixels("x"), "y": pixels("y"), "y2": {"field": "y2"}}
    stroke = {"type": "rule", "color": sheet.colour("grey"), "strokeWidth": 0.6}
    return [*areas, *([{"name": "below", **layer(hairs, stroke, **pixel)}] if hairs else [])]


def _hatched(run: Sequence[Pair], over: Scale, up: Scale) -> Iterator[dict[str, float]]:
    """Upright hairs from line to line, at even distances across the whole chart."""
    (x, one, other), (x2, one2, other2) = run
    left, right = over.at(x), over.at(x2)
    first = math.ceil(left / HATCH_PX) * HATCH_PX
    for step in range(int((right - first) // HATCH_PX) + 1):
        at = first + step * HATCH_PX
        share = (at - left) / (right - left)
        ends = one + (one2 - one) * share, other + (other2 - other) * share
        top, bottom = sorted(round(up.at(end), 2) for end in ends)
        if left < at < right and bottom > top:
            yield {"x": round(at, 2), "y": top, "y2": bottom}


def _pairs(values: Sequence[Value]) -> Iterator[list[Pair]]:
    """Stretches of places with both values, the series in the order of the content: gaps of either part them."""
    order = list(dict.fromkeys(one["series"] for one in sorted(values, key=lambda one: int(one["row"]))))
    at = {(one["series"], one["place"]): float(one["value"]) for one in values}
    places = sorted({place for _, place in at})
    both = [place for place in places if all((series, place) in at for series in order)]
    edges = [n for n, (a, b) in enumerate(pairwise(both), 1) if has_gap(a, b, places, usual_step(places))]
    for start, end in pairwise([0, *edges, len(both)]):
        yield [(place, at[order[0], place], at[order[1], place]) for place in both[start:end]]


def _runs(pairs: Sequence[Pair]) -> Iterator[tuple[bool, list[Pair]]]:
    """Stretches in which the second is above, or is not: they meet where the lines cross."""
    for (x, one, other), (x2, one2, other2) in pairwise(pairs):
        here, there = other - one, other2 - one2
        start, end = (x, one, other), (x2, one2, other2)
        if here * there < 0:
            share = here / (here - there)
            level = one + (one2 - one) * share
            crossing = (x + (x2 - x) * share, level, level)
            yield here > 0, [start, crossing]
            yield there > 0, [crossing, end]
        elif here or there:
            yield here + there > 0, [start, end]
