"""Values as marks: what Vega-Lite is told of a row, and the marks that bars, dots and curves have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from briefing.documents.chart_values import ChartValue
from briefing.graphics.charts.canvas import Canvas, SeriesStyle, refuse_crowded
from briefing.graphics.charts.labels import Label, text_layers
from briefing.graphics.charts.layers import Layer, each, layer, pixels
from briefing.graphics.charts.scales import Encoding, Scale

Value = dict[str, Any]

# A value that sources dispute, or that nobody has counted, is white, with its outline in the colour of the others.
_LOOK = {"fill": each("fill"), "stroke": each("edge")}
_DASHED = {"strokeDash": {"expr": "datum.open ? [2.5, 1.5] : null"}}
_BAR = {"type": "bar", **_LOOK, **_DASHED, "strokeWidth": each("pen")}
OUTLINE_PX = 4.0  # the shortest bar of which an outline shows paper
SEEN_PX = 0.34  # a quarter of a point: what is shorter is not drawn, since a copier would lose it
PEN_PX = 1.2
EDGE_PX = 0.6  # the outline of a pale part: its fill is what is seen
POINT = {
    "type": "point",
    **_LOOK,
    "shape": each("shape"),
    "size": {"expr": "datum.hollow ? 42 : 34"},
    "strokeWidth": {"expr": "datum.hollow ? 1.4 : 0.8"},
    "opacity": 1,
}


def value(place: int, row: ChartValue, ink: SeriesStyle, sheet: Canvas, number: int, **more: Any) -> Value:
    """A row as Vega-Lite sees it; `place` is its band or its place along the axis, `number` its own in the data."""
    shown = {
        "row": number,
        "place": place,
        "label": row.label,
        "series": row.series,
        "value": row.value,
        "text": row.text,
    }
    span = {
        "open": row.open,
        "hollow": row.hollow,
        "standing": row.standing,
        "low": row.span[0],
        "high": row.span[1],
        "tip": row.tip,
    }
    fill = sheet.colour("paper") if row.hollow else ink.fill
    look = {"edge": ink.edge, "narrow": ink.narrow or ink.edge, "shape": ink.shape, "width": ink.width}
    return {**shown, **span, "fill": fill, **look, **more}


def shapes(values: Sequence[Value], mark: dict[str, Any], **encoding: Encoding) -> Layer:
    """A shape for each value, by a name under which it is found in the SVG, with the number of its row."""
    return {"name": "values", **layer(values, {**mark, "description": {"expr": "'row ' + datum.row"}}, **encoding)}


def bars_between(
    values: Sequence[Value], scale: Scale, along: Literal["x", "y"], band: Encoding, thick: float
) -> list[Layer]:
    """A bar from the `start` to the `end` of each value, with its outline within it: no ink passes the value.

    One that is disputed and too short for an outline is three stripes.
    """
    unit = (scale.end - scale.start) / (scale.high - scale.low)
    whole: list[Value] = []
    striped: list[Value] = []
    for one in values:
        start, end = float(one["start"]), float(one["end"])
        length = abs((end - start) * unit)
        if length < SEEN_PX:
            continue
        edged = one["edge"] != one["fill"]
        pen = 0.0 if length < OUTLINE_PX else PEN_PX if one["hollow"] else EDGE_PX if edged else 0.0
        inset = pen / 2 / abs(unit) * (1 if end >= start else -1)
        short = one["hollow"] and not pen
        pale = edged and not pen  # without its outline it could not be seen
        placed = one | {"from": start + inset, "to": end - inset, "pen": pen, "thick": thick - pen}
        (striped if short else whole).append(placed if pen else placed | {"fill": one["narrow"]} if pale else placed)
    across = "y" if along == "x" else "x"
    ends = {along: scale.of("from"), f"{along}2": {"field": "to"}, across: band}
    layers = [shapes(whole, _BAR | {"size": each("thick")}, **ends)] if whole else []
    for third in (-1, 0, 1) if striped else ():
        stripe = _BAR | {"size": thick / 5, f"{across}Offset": third * thick * 0.4, "strokeDash": None}
        layers.append(shapes(striped, stripe, **ends) | {"name": f"stripe{third + 2}"})
    return layers or [bare_axis(len(values), **{across: band})]


def bare_axis(count: int, **band: Encoding) -> Layer:
    """Nothing but an axis."""
    nothing = [{"place": place, "text": ""} for place in range(count)]
    return layer(nothing, {"type": "text"}, **band, text={"field": "text"})


def key(wanted: Sequence[tuple[str, SeriesStyle]], left: float, sheet: Canvas) -> tuple[list[Layer], float]:
    """The names of series, each behind a mark of its look, on as many lines as they need, and the height of those."""
    x, y, marks, words = left, sheet.line / 2, [], []
    for name, ink in wanted:
        wide = sheet.widest([name]) + 14
        if x > left and x + wide > sheet.width:
            x, y = left, y + sheet.line
        if x + wide > sheet.width:
            raise refuse_crowded("the names of its series", "Shorten them, or give the chart a wider place.")
        marks.append({"x": round(x + 5, 2), "y": round(y, 2), "fill": ink.fill, "edge": ink.edge, "shape": ink.shape})
        words.append(Label(name, x + 12, y, sheet.small, sheet.colour("ink"), bold=True))
        x += wide + 8
    mark = {**POINT, "size": 50, "strokeWidth": 0.8}
    return [layer(marks, mark, x=pixels("x"), y=pixels("y")), *text_layers(words)], y + sheet.line / 2 + 4


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
