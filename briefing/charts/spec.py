"""A chart with its rows becomes a drawing. Nothing is read or written here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from briefing.charts.authored import authored
from briefing.charts.bars import bars, columns
from briefing.charts.curves import lines, time
from briefing.charts.dots import dots
from briefing.charts.layers import Layer, shape_count, words
from briefing.charts.rows import Row
from briefing.charts.sheet import Sheet
from briefing.charts.stacks import stacked
from briefing.charts.theme import blank
from briefing.drawing import Drawing, Frame
from briefing.records import Chart, ChartKind
from briefing.tokens import Tokens

_KINDS: dict[ChartKind, Callable[[Sequence[Row], Sheet], list[Layer]]] = {
    ChartKind.BARS: bars,
    ChartKind.COLUMNS: columns,
    ChartKind.DOTS: dots,
    ChartKind.STACKED: stacked,
    ChartKind.TIME: time,
    ChartKind.LINES: lines,
}


def spec(chart: Chart, rows: Sequence[Row], tokens: Tokens, frame: Frame) -> Drawing:
    """Say how to draw the chart within the frame; raises Refused where that cannot be done well."""
    if chart.vega_lite is not None:
        return authored(chart.vega_lite, rows, tokens, frame)
    sheet = Sheet(tokens, frame.width_px, frame.height_px, frozenset(chart.highlight))
    layers = _KINDS[chart.kind or ChartKind.LINES](rows, sheet)
    return Drawing({**blank(tokens, frame), "layer": layers}, shape_count(layers), words(layers))
