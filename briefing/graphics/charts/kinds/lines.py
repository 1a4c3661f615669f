"""Curves: values that follow each other on an axis, each line named at its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from briefing.documents.chart_order import (
    axis_places,
    category_order,
    has_gap,
    month_numbers,
    period_numbers,
    usual_step,
)
from briefing.documents.chart_values import ChartValue
from briefing.findings import Refused, error
from briefing.graphics.charts.annotations import annotated
from briefing.graphics.charts.axes import feet
from briefing.graphics.charts.canvas import Canvas
from briefing.graphics.charts.extent import from_zero, reach
from briefing.graphics.charts.grid import BREAK_PX, broken_base, from_below, gutter, line_boxes, lines_up, round_values
from briefing.graphics.charts.kinds.line_labels import CurvePoint, ends, strokes_of, values_beside
from briefing.graphics.charts.kinds.point_times import missing_times
from briefing.graphics.charts.kinds.shading import shades
from briefing.graphics.charts.kinds.time_axis import TimeAxis, place_of, time_axis
from briefing.graphics.charts.labels import text_layers
from briefing.graphics.charts.layers import Layer, each, layer, pixels, rule
from briefing.graphics.charts.scales import Encoding, Scale, across, downward, upward
from briefing.graphics.charts.value_marks import POINT, Value, shapes, value, whiskers

LINES_FROM_ZERO = 0.35  # the part that the lowest value is of the highest: below it, zero costs no room
LEAST_TICK_PX = 5.0
_GAP: dict[str, Any] = {"strokeWidth": 0.9, "strokeDash": [2, 2.5]}
_AHEAD: dict[str, Any] = {"strokeWidth": each("width"), "strokeDash": [5, 4]}


def lines(rows: Sequence[ChartValue], sheet: Canvas) -> list[Layer]:
    """Lines through categories: times at their distances, all else at equal ones."""
    return _curves(rows, *_on_labels(rows, sheet), sheet)


def steps(rows: Sequence[ChartValue], sheet: Canvas) -> list[Layer]:
    """Lines that keep each value until the next, at labels or at dates."""
    timed = any(row.on for row in rows)
    places, axis = (_on_dates if timed else _on_labels)(rows, sheet)
    if set(places) <= axis.names.keys():  # only the times at which it steps
        axis = replace(axis, names={place: axis.names[place] for place in places}, pale=())
    return _curves(rows, places, axis, sheet, stepped=True)


def difference(rows: Sequence[ChartValue], sheet: Canvas) -> list[Layer]:
    """Two lines with the room between them shaded: darker where the later one is above."""
    if len({row.series for row in rows}) != 2:
        hint = "Give each value one of two series, or choose kind: lines."
        raise Refused([error("chart-series", "a difference is one between two series", hint=hint)])
    return _curves(rows, *_on_labels(rows, sheet), sheet, shaded=True)


def _on_labels(rows: Sequence[ChartValue], sheet: Canvas) -> tuple[list[int], TimeAxis]:
    """The place of each row, and their names; with ticks where they are times."""
    pairs = [(row.series, row.category) for row in rows]
    numbers = period_numbers([name for _, name in pairs], month_numbers(sheet.locale))
    at = axis_places(category_order(pairs, numbers), numbers)
    names = {place: name for name, place in at.items()}
    ticks, pale = (tuple(names), tuple(missing_times([*names]))) if numbers else ((), ())
    return [at[row.category] for row in rows], TimeAxis(names, ticks, pale)


def time(rows: Sequence[ChartValue], sheet: Canvas) -> list[Layer]:
    """Lines through dates; the axis names the rows that have labels, or else the times that it shows."""
    return _curves(rows, *_on_dates(rows, sheet), sheet)


def _on_dates(rows: Sequence[ChartValue], sheet: Canvas) -> tuple[list[int], TimeAxis]:
    if not all(row.on for row in rows):
        raise Refused(
            [error("chart-dateless", "a time chart needs a date for each value", hint="Write on: 2024-06-11.")]
        )
    return [place_of(row) for row in rows], time_axis(rows, sheet)


def _curves(
    rows: Sequence[ChartValue],
    places: Sequence[int],
    times: TimeAxis,
    sheet: Canvas,
    stepped: bool = False,
    shaded: bool = False,
) -> list[Layer]:
    names = times.names
    inks = sheet.inks(list(dict.fromkeys(row.series for row in rows)))
    low, high = reach(rows, from_zero(rows, LINES_FROM_ZERO))
    grid = round_values(low, high) if sheet.scaled else []
    grid = from_below(low, grid) if low > 0 else grid
    low = min(low, *grid[:1]) if grid else low
    left = gutter(grid, sheet) if grid else 0.0
    over = _over(rows, places, names | {**times.lines}, left, sheet)
    room = sheet.width / 3  # that `_over` leaves for a name at an edge
    at = {place: over.at(place) for place in sorted(names)}
    hot = {place for place, row in zip(places, rows, strict=True) if sheet.highlight & {*row.places}}
    bold = [place in hot or names[place] in sheet.highlight for place in names]
    axis, depth, _ = feet(names, bold, at, room, sheet, times.lines if times.ticks else None)
    bottom = sheet.height - depth
    cut = not low <= 0 <= high
    up, base = _up(low, high, bottom, bool(grid), sheet)
    spots = [
        CurvePoint(row, inks[row.series], over.at(place), up.at(row.value), *sorted(map(up.at, row.span)))
        for place, row in sorted(zip(places, rows, strict=True), key=lambda pair: pair[0])
    ]
    named = ends(spots, sheet)
    values = [
        value(place, row, inks[row.series], sheet, number=number)
        for number, (place, row) in enumerate(zip(places, rows, strict=True))
    ]
    values.sort(key=lambda one: float(one["width"]))  # the strongest line on top
    x, y = over.of("place") | {"axis": axis}, up.of("value")
    words = [*named, *values_beside(spots, named, bottom, sheet, stepped)]
    behind, before = annotated(
        {key: spot for one in sorted(spots, key=lambda one: -one.top) for key, spot in one.annotated},
        [*strokes_of(spots, stepped), *(one.box for one in words), *line_boxes(grid, up, sheet)],
        sheet.line,
        bottom,
        sheet,
    )
    return [
        *behind,
        *lines_up(grid, up, left, sheet, over.end + 3, words),
        *([] if cut else [up.line_at(0, "y", sheet.colour("muted"), (left, over.end + 3) if grid else None)]),
        *(broken_base(base, sheet, left) if cut else []),
        *([rule(left, bottom, over.end + 3, bottom, sheet.colour("rule"), 0.6)] if sheet.downward else []),
        *_ticks([over.at(place) for place in times.pale], bottom, sheet.colour("rule"), sheet),
        *_ticks([over.at(place) for place in times.ticks], bottom, sheet.colour("muted"), sheet),
        *(shades(values, x, over, up, sheet) if shaded else []),
        *_strokes(values, x, y, stepped),
        *whiskers(values, up, "y", x, sheet),
        shapes(values, POINT, x=x, y=y),
        *before,
        *text_layers(words),
    ]


def _strokes(values: Sequence[Value], x: Encoding, y: Encoding, stepped: bool) -> Iterator[Layer]:
    """A line through each series, dashed where nobody has counted yet, and thin too where values are missing."""
    places = [one["place"] for one in values]
    step = usual_step(places)
    solid: list[Value] = []
    ahead: list[Value] = []
    dashed: list[Value] = []
    for series in dict.fromkeys(one["series"] for one in values):
        path = sorted((one for one in values if one["series"] == series), key=lambda one: int(one["place"]))
        for one, other in pairwise(path):
            gap = not stepped and has_gap(one["place"], other["place"], places, step)  # a step keeps its value
            run = {"run": f"{series} {one['place']}"}
            uncounted = one["standing"] or other["standing"]
            (dashed if gap else ahead if uncounted else solid).extend([one | run, other | run])
    look = {"type": "line", "stroke": each("edge"), "strokeJoin": "round", "strokeCap": "round"}
    look |= {"interpolate": "step-after"} if stepped else {}
    if solid:
        mark = {**look, "strokeWidth": each("width")}
        yield {"name": "line", **layer(_joined(solid), mark, x=x, y=y, detail={"field": "run"})}
    for name, steps, dashes in (("ahead", ahead, _AHEAD), ("gap", dashed, _GAP)):
        if steps:
            yield {"name": name, **layer(steps, {**look, **dashes}, x=x, y=y, detail={"field": "run"})}


def _joined(steps: Sequence[Value]) -> list[Value]:
    """Steps that follow each other become one run."""
    joined: list[Value] = []
    for one, other in zip(steps[::2], steps[1::2], strict=True):
        last = joined[-1] if joined else {}
        if (last.get("series"), last.get("place")) == (one["series"], one["place"]):
            joined.append(other | {"run": last["run"]})
        else:
            joined += [one, other]
    return joined


def _up(low: float, high: float, bottom: float, lined: bool, sheet: Canvas) -> tuple[Scale, float]:
    """The scale of the values, upwards or down, and where its line is that begins it; with room for words."""
    words = sheet.line + 4
    if not sheet.downward:
        return upward(low, high, bottom - (sheet.line if low and not lined else 0), words, "lines"), bottom
    base = sheet.small / 2 if lined else 3.0
    top = base + (words if low and not lined else 0) + (BREAK_PX - 2 if low > 0 and not lined else 0)
    return downward(low, high, top, bottom - words, "lines"), base


def _ticks(places: Sequence[float], bottom: float, colour: str, sheet: Canvas) -> list[Layer]:
    """A tick at each place, unless they would be as dense as a comb."""
    if len(places) * LEAST_TICK_PX > sheet.width:
        return []
    ends = [{"x": round(x, 2), "y": round(bottom, 2), "y2": round(bottom + 3, 2)} for x in places]
    mark = {"type": "rule", "color": colour, "strokeWidth": 0.75}
    return [layer(ends, mark, x=pixels("x"), y=pixels("y"), y2={"field": "y2"})] if ends else []


def _over(
    rows: Sequence[ChartValue], places: Sequence[int], names: Mapping[int, str], left: float, sheet: Canvas
) -> Scale:
    """The scale from left to right, with room for half a word at the left and for the names of lines at the right."""
    outer = sheet.widest([names[min(names)], names[max(names)]]) / 2
    edge = max(min(outer, sheet.width / 6), sheet.small)
    half = sheet.widest([row.text for row in rows]) / 2
    named = [row.series for row in rows if row.series]
    right = max(half, edge, sheet.widest(named) + 9 if named else 0)
    first, last = min(places), max(places)
    start = max(1.6 * half, edge, left and left + half + 4)
    return across(first, max(last, first + 1), start, sheet.width - right, "lines")
