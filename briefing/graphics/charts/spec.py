"""A chart with its rows becomes a drawing. Nothing is read or written here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from babel import Locale

from briefing.content.records import Chart, ChartKind
from briefing.design.tokens import Tokens
from briefing.documents.chart_order import month_numbers
from briefing.documents.chart_values import ChartValue
from briefing.graphics.charts.bars import bars, columns
from briefing.graphics.charts.canvas import ENGLISH, Canvas
from briefing.graphics.charts.custom_spec import build_custom_spec
from briefing.graphics.charts.dots import dots
from briefing.graphics.charts.layers import Layer, shape_count, words
from briefing.graphics.charts.lines import lines, time
from briefing.graphics.charts.stacked import stacked
from briefing.graphics.charts.theme import blank
from briefing.graphics.charts.witness import judge_chart
from briefing.graphics.drawing import Drawing, Frame

_KINDS: dict[ChartKind, Callable[[Sequence[ChartValue], Canvas], list[Layer]]] = {
    ChartKind.BARS: bars,
    ChartKind.COLUMNS: columns,
    ChartKind.DOTS: dots,
    ChartKind.STACKED: stacked,
    ChartKind.TIME: time,
    ChartKind.LINES: lines,
}


def spec(chart: Chart, rows: Sequence[ChartValue], tokens: Tokens, frame: Frame, locale: Locale = ENGLISH) -> Drawing:
    """Say how to draw the chart within the frame; raises Refused where that cannot be done well."""
    if chart.vega_lite is not None:
        return build_custom_spec(chart.vega_lite, rows, tokens, frame)
    kind = chart.kind or ChartKind.LINES
    sheet = Canvas(tokens, frame.width_px, frame.height_px, frozenset(chart.highlight), locale)
    layers = _KINDS[kind](rows, sheet)
    body = {**blank(tokens, frame), "layer": layers}
    judge = partial(judge_chart, kind, rows, month_numbers(locale))
    return Drawing(body, shape_count(layers), words(layers), judge=judge)
