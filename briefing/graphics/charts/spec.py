"""A chart with its rows becomes a drawing. Nothing is read or written here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from babel import Locale

from briefing.content.records import Chart, ChartKind
from briefing.design.tokens import Tokens
from briefing.documents.chart_order import month_numbers
from briefing.documents.chart_values import ChartValue
from briefing.graphics.charts.canvas import ENGLISH, Canvas, names_row
from briefing.graphics.charts.custom_spec import build_custom_spec
from briefing.graphics.charts.kinds.bars import bars, columns
from briefing.graphics.charts.kinds.dots import dots
from briefing.graphics.charts.kinds.gauge import gauge
from briefing.graphics.charts.kinds.grouped import grouped
from briefing.graphics.charts.kinds.lines import difference, lines, steps, time
from briefing.graphics.charts.kinds.multiples import multiples
from briefing.graphics.charts.kinds.parts import parts
from briefing.graphics.charts.kinds.pyramid import pyramid
from briefing.graphics.charts.kinds.scatter import scatter
from briefing.graphics.charts.kinds.slope import slope
from briefing.graphics.charts.kinds.stacked import stacked
from briefing.graphics.charts.kinds.waffle import waffle
from briefing.graphics.charts.layers import Layer, shape_count, words
from briefing.graphics.charts.theme import blank
from briefing.graphics.charts.witness import judge_chart
from briefing.graphics.drawing import Drawing, Frame

_KINDS: dict[ChartKind, Callable[[Sequence[ChartValue], Canvas], list[Layer]]] = {
    ChartKind.BARS: bars,
    ChartKind.COLUMNS: columns,
    ChartKind.DOTS: dots,
    ChartKind.STACKED: stacked,
    ChartKind.PARTS: parts,
    ChartKind.GROUPED: grouped,
    ChartKind.SLOPE: slope,
    ChartKind.GAUGE: gauge,
    ChartKind.PYRAMID: pyramid,
    ChartKind.MULTIPLES: multiples,
    ChartKind.WAFFLE: waffle,
    ChartKind.SCATTER: scatter,
    ChartKind.TIME: time,
    ChartKind.LINES: lines,
    ChartKind.STEPS: steps,
    ChartKind.DIFFERENCE: difference,
}


def spec(
    chart: Chart,
    rows: Sequence[ChartValue],
    tokens: Tokens,
    frame: Frame,
    locale: Locale = ENGLISH,
    tick: Callable[[float], str] = "{:,g}".format,
    across: Callable[[float], str] = "{:,g}".format,
) -> Drawing:
    """Say how to draw the chart within the frame; raises Refused where that cannot be done well.

    `tick` says a value on a scale in words, `across` one of a scale that goes from left to right.
    """
    if chart.vega_lite is not None:
        return build_custom_spec(chart.vega_lite, rows, tokens, frame)
    kind = chart.kind or ChartKind.LINES
    printed = frozenset(chart.print_values or ())
    chosen = chart.print_values is not None
    scaled = chosen and not all(names_row(printed, row) for row in rows)
    named = frozenset(chart.highlight)
    size = frame.width_px, frame.height_px
    sheet = Canvas(tokens, *size, named, locale, scaled, chart.annotations, tick, across, chart.axes, chart.downward)
    shown = [replace(row, text="") if scaled and not names_row(printed, row) else row for row in rows]
    if kind is ChartKind.MULTIPLES and not chosen:  # of each series the last is printed
        last = {row.series: number for number, row in enumerate(rows)}.values()
        shown = [row if number in last else replace(row, text="") for number, row in enumerate(rows)]
    if kind is ChartKind.SCATTER and not chosen:  # whose values are read off its scales
        shown = [replace(row, text="") for row in rows]
    layers = _KINDS[kind](shown, sheet)
    body = {**blank(tokens, frame), "layer": layers}
    judge = partial(judge_chart, kind, shown, month_numbers(locale), downward=chart.downward)
    return Drawing(body, shape_count(layers), words(layers), judge=judge)
