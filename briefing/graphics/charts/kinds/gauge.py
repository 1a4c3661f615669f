"""Gauges: how much of a total is reached, a bar within the pale one of what is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from briefing.documents.chart_values import ChartValue
from briefing.findings import Refused, error
from briefing.graphics.charts.axes import NO_AXIS, band
from briefing.graphics.charts.canvas import Canvas, refuse_crowded
from briefing.graphics.charts.labels import Label, text_layers, text_width
from briefing.graphics.charts.layers import Layer, rule
from briefing.graphics.charts.scales import across
from briefing.graphics.charts.value_marks import Value, bars_between, value

THICKEST_PX, THINNEST_PX = 18.0, 5.0
AIR_PX = 9.0  # between words, which are read as one where they are nearer


def gauge(rows: Sequence[ChartValue], sheet: Canvas) -> list[Layer]:
    """For each series what is reached and its total, with both in words above; one scale for all."""
    series = list(dict.fromkeys(row.series for row in rows))
    pairs = [sorted((row.total, n) for n, row in enumerate(rows) if row.series == name) for name in series]
    if any([total for total, _ in pair] != [False, True] for pair in pairs):
        said = "a gauge shows a value of a total, and not each series of the chart has one of both"
        raise Refused([error("chart-series", said, hint="Give each series two rows, one of them with total: true.")])
    if any(row.value < 0 for row in rows):
        raise Refused([error("chart-negative", "a gauge cannot be negative", hint="Choose kind: bars.")])
    step = sheet.height / len(series)
    thick = min(step - sheet.line - 8, THICKEST_PX)
    if thick < THINNEST_PX:
        raise refuse_crowded("its gauges below their words", "Raise height_mm, or show fewer of them.")
    scale = across(0, max(row.value for row in rows) or 1, 0, sheet.width - 1, "gauges")
    values: list[Value] = []
    labels: list[Label] = []
    for place, ((_, reached), (_, total)) in enumerate(pairs):
        whole = replace(sheet.plain(True), fill=sheet.colour("accent-light"), edge=sheet.colour("accent"))
        looks = {total: whole, reached: sheet.of(rows[reached])}
        values += [value(place, rows[n], ink, sheet, number=n, start=0, end=rows[n].value) for n, ink in looks.items()]
        ends = scale.at(rows[total].value)
        labels += _words(rows[reached], rows[total], ends, step * place + sheet.line / 2, sheet)
    first = sheet.line + 2 + thick / 2 - step / 2
    over: list[Layer] = []
    for place, ((_, reached), (_, total)) in enumerate(pairs):
        if rows[reached].value > rows[total].value:  # whose bar covers the other
            x, top = scale.at(rows[total].value), step * place + sheet.line + 2
            over.append(rule(x, top, x, top + thick, sheet.colour("paper"), 1.5))
    y = band(len(series), first, first + step * len(series), NO_AXIS)
    return [*bars_between(values, scale, "x", y, thick), *over, *text_layers(labels)]


def _words(reached: ChartValue, total: ChartValue, ends: float, y: float, sheet: Canvas) -> Iterator[Label]:
    """The name of the series and what is reached at the left, the total at the end of its bar."""
    ink, strong = sheet.colour("ink"), sheet.of(reached).words
    size, left = sheet.small, 0.0
    wanted = [(reached.series or "", True, ink), (reached.text, True, strong), (reached.label or "", False, ink)]
    for text, bold, colour in wanted:
        if text:
            yield Label(text, left, y, size, colour, bold=bold)
            left += text_width(text, size, bold) + AIR_PX
    behind = [(text, bold) for text, bold in ((total.label or "", False), (total.text, True)) if text]
    tail = sum(text_width(text, size, bold) + AIR_PX for text, bold in behind) - AIR_PX
    right = min(max(ends, left + tail), sheet.width)
    if left + tail > sheet.width:
        raise refuse_crowded("the words of its gauges", "Shorten them, or give the chart a wider place.")
    for text, bold in behind:
        yield Label(text, right, y, size, sheet.colour("muted"), "right", bold)
        right -= text_width(text, size, bold) + AIR_PX
