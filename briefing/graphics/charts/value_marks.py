"""Values as marks: what Vega-Lite is told of a row, and the marks that bars, dots and curves have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from briefing.documents.chart_values import ChartValue
from briefing.graphics.charts.canvas import Canvas, SeriesStyle
from briefing.graphics.charts.layers import Layer, each, layer
from briefing.graphics.charts.scales import Encoding, Scale

Value = dict[str, Any]

# A value that sources dispute is white, with its outline in the colour of the others.
_LOOK = {"fill": each("fill"), "stroke": each("edge")}
_DASHED = {"strokeDash": {"expr": "datum.open ? [2.5, 1.5] : null"}}
PART = {"type": "bar", **_LOOK, **_DASHED, "strokeWidth": 1}
BAR = {**PART, "strokeWidth": {"expr": "datum.open ? 1.2 : 0"}}
POINT = {
    "type": "point",
    **_LOOK,
    "shape": each("shape"),
    "size": {"expr": "datum.open ? 42 : 34"},
    "strokeWidth": {"expr": "datum.open ? 1.4 : 0.8"},
    "opacity": 1,
}


def value(place: int, row: ChartValue, ink: SeriesStyle, sheet: Canvas, **more: Any) -> Value:
    """A row as Vega-Lite sees it; `place` is its band or its place along the axis."""
    shown = {"place": place, "label": row.label, "series": row.series, "value": row.value, "text": row.text}
    span = {"open": row.open, "low": row.span[0], "high": row.span[1], "tip": row.tip}
    fill = sheet.colour("paper") if row.open else ink.fill
    return {**shown, **span, "fill": fill, "edge": ink.edge, "shape": ink.shape, "width": ink.width, **more}


def shapes(values: Sequence[Value], mark: dict[str, Any], **encoding: Encoding) -> Layer:
    """A shape for each value, by a name under which it is found in the SVG."""
    return {"name": "values", **layer(values, mark, **encoding)}


def whiskers(
    values: Sequence[Value], scale: Scale, along: Literal["x", "y"], place: Encoding, sheet: Canvas
) -> list[Layer]:
    """The ranges of disputed values; one of under 5 px would be a blot, its label says it."""
    wide = [one for one in values if abs(scale.at(one["high"]) - scale.at(one["low"])) >= 5]
    mark = {
        "type": "errorbar",
        "orient": {"x": "horizontal", "y": "vertical"}[along],
        "color": sheet.colour("ink"),
        "opacity": 1,
        "rule": {"strokeWidth": 1.2},
        "ticks": {"size": 6, "thickness": 1.2},
    }
    across = "y" if along == "x" else "x"
    ends: Encoding = {along: scale.of("low"), f"{along}2": {"field": "high"}, across: place}
    return [layer(wide, mark, **ends)] if wide else []


def value_words(values: Sequence[Value], scale: Scale, rows: Encoding, gap: float) -> Layer:
    """What is printed beyond the tips of bars and dots, each in a row of its own."""
    mark = {
        "type": "text",
        "align": {"expr": "datum.before ? 'right' : 'left'"},
        "dx": {"expr": f"datum.before ? -{gap} : {gap}"},
        "fontWeight": {"expr": "datum.bold ? 600 : 400"},
        "color": each("colour"),
    }
    return layer(values, mark, x=scale.of("tip"), y=rows, text={"field": "text"})
