"""Curves: values that follow each other, evenly spaced or on a time axis, each line named at its end."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from briefing.documents.chart_values import ChartValue
from briefing.findings import Refused, error
from briefing.graphics.charts.axes import feet
from briefing.graphics.charts.canvas import Canvas
from briefing.graphics.charts.extent import from_zero, reach
from briefing.graphics.charts.labels import text_layers
from briefing.graphics.charts.layers import Layer, each, layer
from briefing.graphics.charts.line_labels import CurvePoint, ends, values_beside
from briefing.graphics.charts.scales import Scale, across, upward
from briefing.graphics.charts.value_marks import POINT, shapes, value, whiskers

_EPOCH = datetime.date(1970, 1, 1)


def lines(rows: Sequence[ChartValue], sheet: Canvas) -> list[Layer]:
    """Lines through categories at equal distances."""
    names = list(dict.fromkeys(row.category for row in rows))
    return _curves(rows, [names.index(row.category) for row in rows], dict(enumerate(names)), sheet)


def time(rows: Sequence[ChartValue], sheet: Canvas) -> list[Layer]:
    """Lines through dates; the axis names the rows that have labels, or else the years."""
    days = [row.on for row in rows if row.on]
    if len(days) < len(rows):
        raise Refused(
            [error("chart-dateless", "a time chart needs a date for each value", hint="Write on: 2024-06-11.")]
        )
    labels = {(day - _EPOCH).days: row.label for day, row in zip(days, rows, strict=True) if row.label}
    starts = {max(datetime.date(year, 1, 1), min(days)) for year in range(min(days).year, max(days).year + 1)}
    years = {(day - _EPOCH).days: str(day.year) for day in sorted(starts)}
    return _curves(rows, [(day - _EPOCH).days for day in days], labels or years, sheet, ticks=True)


def _curves(
    rows: Sequence[ChartValue], places: Sequence[int], names: Mapping[int, str], sheet: Canvas, ticks: bool = False
) -> list[Layer]:
    series = list(dict.fromkeys(row.series for row in rows))
    inks = sheet.inks(series)
    over = _over(rows, places, names, sheet)
    step = sheet.width if ticks else (over.end - over.start) / max(1, len(names) - 1)
    axis, depth, _ = feet(
        names, [name in sheet.highlight for name in names.values()], min(step, sheet.width / 3), sheet
    )
    axis |= {"ticks": ticks, "tickSize": 3, "tickColor": sheet.colour("muted"), "labelPadding": 2 if ticks else 5}
    axis |= {"labelOverlap": "greedy" if ticks else False, "labelSeparation": 4}
    low, high = reach(rows, from_zero(rows))
    bottom = sheet.height - depth
    up = upward(low, high, bottom - (sheet.line if low else 0), sheet.line + 4, "lines")
    spots = [
        CurvePoint(row, inks[row.series], over.at(place), up.at(row.value), up.at(row.span[1]), up.at(row.span[0]))
        for place, row in sorted(zip(places, rows, strict=True), key=lambda pair: pair[0])
    ]
    named = ends(spots, sheet)
    values = [value(place, row, inks[row.series], sheet) for place, row in zip(places, rows, strict=True)]
    values.sort(key=lambda one: float(one["width"]))  # the strongest line on top
    x, y = over.of("place") | {"axis": axis}, up.of("value")
    line = {"type": "line", "stroke": each("edge"), "strokeWidth": each("width"), "strokeJoin": "round"}
    return [
        *([up.line_at(0, "y", sheet.colour("muted"))] if low <= 0 <= high else []),
        layer(values, line, x=x, y=y, detail={"field": "series"}),
        *whiskers(values, up, "y", x, sheet),
        shapes(values, POINT, x=x, y=y),
        *text_layers([*named, *values_beside(spots, named, bottom, sheet)]),
    ]


def _over(rows: Sequence[ChartValue], places: Sequence[int], names: Mapping[int, str], sheet: Canvas) -> Scale:
    """The scale from left to right, with room for half a word at the left and for the names of lines at the right."""
    outer = sheet.widest([names[min(names)], names[max(names)]]) / 2
    edge = max(min(outer, sheet.width / 6), sheet.small)
    half = sheet.widest([row.text for row in rows]) / 2
    named = [row.series for row in rows if row.series]
    right = max(half, edge, sheet.widest(named) + 9 if named else 0)
    first, last = min(places), max(places)
    return across(first, max(last, first + 1), max(1.6 * half, edge), sheet.width - right, "lines")
