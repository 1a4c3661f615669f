"""Pyramids: two series back to back, the names of the rows between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from briefing.documents.chart_order import category_order
from briefing.documents.chart_values import ChartValue
from briefing.findings import Refused, error
from briefing.graphics.charts.axes import NO_AXIS, band, fitting
from briefing.graphics.charts.canvas import Canvas, refuse_crowded
from briefing.graphics.charts.labels import Label, text_layers
from briefing.graphics.charts.layers import Layer, rule
from briefing.graphics.charts.scales import LEAST_PX, Scale
from briefing.graphics.charts.value_marks import bars_between, value

AIR_PX = 7.0  # between names and bars
END_PX = 4.0  # between bars and their values
_SIDES: dict[int, Literal["left", "right"]] = {-1: "right", 1: "left"}  # how words of a side are aligned


def pyramid(rows: Sequence[ChartValue], sheet: Canvas) -> list[Layer]:
    """The first series to the left and the second to the right, on one scale; values at their ends."""
    series = list(dict.fromkeys(row.series for row in rows))
    if len(series) != 2:
        hint = "Give each value one of two series, or choose kind: bars."
        raise Refused([error("chart-series", "a pyramid has two sides, and the chart not two series", hint=hint)])
    if any(row.value < 0 for row in rows):
        raise Refused([error("chart-negative", "a pyramid cannot be negative", hint="Choose kind: bars.")])
    names = category_order([(row.series, row.category) for row in rows], {})
    top = sheet.line + 4
    step = (sheet.height - top) / len(names)
    if step < sheet.line:
        raise refuse_crowded("its rows", "Raise height_mm, or show fewer rows.")
    half, ends = sheet.widest(names) / 2 + AIR_PX, sheet.widest([row.text for row in rows]) + END_PX
    middle = sheet.width / 2
    if middle - half - ends < LEAST_PX:
        raise refuse_crowded("its bars beside their names", "Shorten the names, or give the chart a wider place.")
    most = max(row.value for row in rows) or 1
    inner = half / (middle - half - ends) * most  # the half of the gap, as a value
    scale = Scale(-inner - most, inner + most, ends, sheet.width - ends)
    values, words = [], []
    for place, name in enumerate(names):
        at, bold = top + step * (place + 0.5), name in sheet.highlight
        words.append(Label(name, middle, at, sheet.small, _ink(name, sheet), "center", bold))
    for number, row in enumerate(rows):
        sign = 1 if row.series == series[1] else -1
        look = sheet.plain(sheet.stands_out(row) and (bool(sheet.highlight) or sign > 0), sheet.chosen(row))
        place, end = names.index(row.category), sign * (inner + row.value)
        values.append(value(place, row, look, sheet, number=number, start=sign * inner, end=end))
        x, at = scale.at(end) + sign * END_PX, top + step * (place + 0.5)
        words.append(Label(row.text, x, at, sheet.small, look.words, _SIDES[sign], sheet.chosen(row)))
    muted = sheet.colour("muted")
    edges, heads = [], []
    for sign, title in ((-1, series[0] or ""), (1, series[1] or "")):
        x = scale.at(sign * inner)
        edges.append(rule(x, top, x, sheet.height, muted))
        head = Label(title, x, sheet.line / 2, sheet.small, _ink(title, sheet), _SIDES[sign], True)
        heads.append([head, replace(head, x=sheet.width * (sign > 0), align=_SIDES[-sign])])
    words += fitting("the names of its sides", heads, sheet)
    y = band(len(names), top, sheet.height, NO_AXIS)
    return [*bars_between(values, scale, "x", y, min(0.78 * step, 26)), *edges, *text_layers(words)]


def _ink(name: str, sheet: Canvas) -> str:
    return sheet.hot if name in sheet.highlight else sheet.colour("ink")
