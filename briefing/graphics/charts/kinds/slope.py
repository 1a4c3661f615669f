"""Slopes: two times, a line for each series between them, its name and values at both ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from briefing.documents.chart_order import category_order
from briefing.documents.chart_values import ChartValue
from briefing.findings import Refused, error
from briefing.graphics.charts.axes import fitting
from briefing.graphics.charts.canvas import Canvas, refuse_crowded
from briefing.graphics.charts.extent import reach
from briefing.graphics.charts.labels import Label, spread_apart, text_layers
from briefing.graphics.charts.layers import Layer, each, layer, rule
from briefing.graphics.charts.scales import Scale, across, upward
from briefing.graphics.charts.value_marks import POINT, Value, shapes, value, whiskers

AIR_PX = 9.0  # between a point and its words
APART_PX = 9.0  # between a name and its value
LEAST_PX = 60.0  # between the two times


def slope(rows: Sequence[ChartValue], sheet: Canvas) -> list[Layer]:
    """The lines of all series from the first time to the second; values stand in columns beside their ends."""
    names = category_order([(row.series, row.category) for row in rows], {})
    if len(names) != 2:
        fault = "slopes go from one label to another, and the chart has not two"
        raise Refused([error("chart-series", fault, hint="Give two labels, or choose kind: lines.")])
    series = list(dict.fromkeys(row.series for row in rows))
    inks = sheet.inks(series) if sheet.highlight or len(series) > 1 else {series[0]: sheet.plain(True)}
    said = sheet.widest([row.text for row in rows])
    named = sheet.widest([name or "" for name in series])
    left, right = said + AIR_PX, sheet.width - said - AIR_PX - (named + APART_PX if any(series) else 0)
    if right - left < LEAST_PX:
        raise refuse_crowded("its lines beside their names", "Shorten the names, or give the chart a wider place.")
    over = across(0, 1, left, right, "lines")
    low, high = reach(rows, zero=False)
    up = upward(low, high, sheet.height - sheet.line / 2, 1.9 * sheet.line, "lines")
    values = [
        value(names.index(row.category), row, inks[row.series], sheet, number=number) for number, row in enumerate(rows)
    ]
    values.sort(key=lambda one: float(one["width"]))
    x, y = {**over.of("place")}, up.of("value")
    whole = [one for one in values if sum(other["series"] == one["series"] for other in values) == 2]
    stroke = {"type": "line", "stroke": each("edge"), "strokeWidth": each("width"), "strokeCap": "round"}
    muted = sheet.colour("muted")
    first = Label(names[0], left, sheet.line / 2, sheet.small, sheet.colour("ink"), "right")
    second = replace(first, text=names[1], x=right, align="left")
    heads = [  # each outside its post, or else inside, or along the edge of the frame
        [first, replace(first, align="left"), replace(first, x=0, align="left")],
        [second, replace(second, align="right"), replace(second, x=sheet.width, align="right")],
    ]
    posts = [rule(at, 1.3 * sheet.line, at, sheet.height, muted, 0.6) for at in (left, right)]
    return [
        *posts,
        *([layer(whole, stroke, x=x, y=y, detail={"field": "series"}) | {"name": "line"}] if whole else []),
        *whiskers(values, up, "y", x, sheet),
        shapes(values, POINT, x=x, y=y),
        *text_layers(
            [*fitting("the names of its times", heads, sheet), *_ends(values, (left, right), up, sheet, said)]
        ),
    ]


def _ends(
    values: Sequence[Value], posts: tuple[float, float], up: Scale, sheet: Canvas, said: float
) -> Iterator[Label]:
    """Values outside both posts, spread so that none touches another, with the names at the right."""
    for place, post in enumerate(posts):
        here = sorted((one for one in values if one["place"] == place), key=lambda one: -float(one["value"]))
        top, gaps = 1.9 * sheet.line, [0.0, *[sheet.line * 0.95] * (len(here) - 1)]
        if sum(gaps) > sheet.height - top:
            raise refuse_crowded("the values of its series", "Raise height_mm, or show fewer series.")
        ys = spread_apart([up.at(one["value"]) for one in here], gaps, top, sheet.height - sheet.small / 2)
        for y, one in zip(ys, here, strict=True):
            strong = one["shape"] == "circle"
            colour = one["edge"] if strong else sheet.colour("muted")
            if place == 0:
                yield Label(one["text"], post - AIR_PX, y, sheet.small, colour, "right", strong)
                if not any(other["place"] and other["series"] == one["series"] for other in values) and one["series"]:
                    yield Label(one["series"], post + AIR_PX, y, sheet.small, colour, "left", strong)
            else:
                yield Label(one["text"], post + AIR_PX, y, sheet.small, colour, "left", strong)
                x = post + AIR_PX + said + APART_PX
                yield Label(one["series"] or "", x, y, sheet.small, colour, "left", strong)
