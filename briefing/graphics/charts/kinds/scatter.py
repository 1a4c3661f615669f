"""Scatter: each row is a point, its number under `across` from left to right and its value upwards, with its name."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from briefing.documents.chart_values import ACROSS, ChartValue
from briefing.graphics.charts.canvas import Canvas, SeriesStyle, refuse_crowded
from briefing.graphics.charts.extent import from_zero, reach
from briefing.graphics.charts.grid import between, gutter, line_boxes, lines_up, round_values
from briefing.graphics.charts.labels import Box, Label, place_labels, text_layers, text_width, wrap_text
from briefing.graphics.charts.layers import Layer, rule
from briefing.graphics.charts.scales import Scale, across, upward
from briefing.graphics.charts.value_marks import POINT, Value, shapes, value, whiskers

ZERO_SHARE = 0.35  # the part that the lowest is of the highest: below it, zero costs no room
AIR_PX = 8.0  # between the edge of the plot and the outermost points
Point = tuple[float, float]
CLEAR_PX = 5.0
NEAR_PX = 9.0  # names that stand nearer to their point need no line to it
MOST_LINES = 4  # of the scale upwards


def scatter(rows: Sequence[ChartValue], sheet: Canvas) -> list[Layer]:
    """Points on two scales, their numbers at the left and below; a name that finds no room is told of later."""
    over_rows = [replace(row, value=float(row.fields[ACROSS]), open=False) for row in rows]
    (low, high), ticks = _extent(rows, MOST_LINES)
    (first, last), steps = _extent(over_rows, max(2, min(6, int(sheet.width / 65))))
    titles = [wrap_text(one, sheet.width, sheet.small) for one in sheet.axes]
    if max(text_width(one, sheet.small) for one in titles) > sheet.width:
        raise refuse_crowded("the names of its axes", "Shorten them, or give the chart a wider place.")
    foot, head = (sheet.line * (one.count("\n") + 1) for one in titles)
    left = gutter(ticks, sheet)
    bottom, top = sheet.height - foot - sheet.line - 4, head + sheet.small
    up = upward(low, high, bottom, top, "points")
    half = sheet.widest([sheet.tick_across(one) for one in steps]) / 2
    over = across(first, last, left + AIR_PX, sheet.width - max(half, AIR_PX), "points")
    if any(over.at(b) - over.at(a) < 2 * half + 4 for a, b in pairwise(steps)):
        raise refuse_crowded("the numbers of its scale", "Give the chart a wider place.")
    values = [
        value(0, row, _look(row, sheet), sheet, number=number) | {"place": one.value}
        for number, (row, one) in enumerate(zip(rows, over_rows, strict=True))
    ]
    values.sort(key=lambda one: float(one["width"]))
    x, y = over.of("place"), up.of("value")
    feet = [
        Label(
            sheet.tick_across(one),
            over.at(one),
            bottom + 0.75 * sheet.line,
            sheet.small,
            sheet.colour("muted"),
            "center",
        )
        for one in steps
    ]
    ink = sheet.colour("ink")
    named = [
        Label(titles[1], 0, head / 2, sheet.small, ink),
        Label(titles[0], sheet.width, sheet.height - foot / 2, sheet.small, ink, "right"),
    ]
    plot = (left, head, sheet.width, bottom)
    upright = [(x - 0.5, head, x + 0.5, bottom) for x in [over.at(0)] if first < 0 < last]
    names = _names(values, over, up, [*line_boxes(ticks, up, sheet), *upright], plot, sheet)
    return [
        *lines_up(ticks, up, left, sheet, words=names.values()),
        *(rule(over.at(one), bottom, over.at(one), bottom + 3, sheet.colour("muted")) for one in steps),
        rule(left, bottom, sheet.width, bottom, sheet.colour("muted")),
        *_zero_lines(over, up, plot, names.values(), sheet),
        *_leaders(names, values, over, up, sheet),
        *whiskers(values, up, "y", x, sheet),
        shapes(values, POINT, x=x, y=y),
        *text_layers([*feet, *named, *names.values()]),
    ]


def _zero_lines(over: Scale, up: Scale, plot: Box, words: Iterable[Label], sheet: Canvas) -> Iterator[Layer]:
    """Lines between gain and loss, where nought lies within the plot; they stop for words."""
    left, top, right, bottom = plot
    muted, boxes = sheet.colour("muted"), [one.box for one in words]
    if up.low < 0 < up.high:
        y = up.at(0)
        for start, end in between(left, right, [box for box in boxes if box[1] < y < box[3]]):
            yield rule(start, y, end, y, muted)
    if over.low < 0 < over.high:
        x = over.at(0)
        turned = [(box[1], box[0], box[3], box[2]) for box in boxes if box[0] < x < box[2]]
        for start, end in between(top, bottom, turned):
            yield rule(x, start, x, end, muted)


def _extent(rows: Sequence[ChartValue], most: int) -> tuple[tuple[float, float], list[float]]:
    """From where to where a scale goes, and its round numbers, of which the outermost are its ends."""
    low, high = reach(rows, from_zero(rows, ZERO_SHARE))
    ticks = round_values(low, high, most)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 0.0
    if step and low < ticks[0]:
        ticks = [ticks[0] - step, *ticks]
    if step and high > ticks[-1]:
        ticks = [*ticks, ticks[-1] + step]
    return (min(low, *ticks), max(high, *ticks)), [float(f"{one:.12g}") for one in ticks]


def _look(row: ChartValue, sheet: Canvas) -> SeriesStyle:
    """The accent, or the hot colour of a highlight; beside one, all others are pale and of another shape."""
    ink = sheet.of(row)
    return ink if sheet.stands_out(row) else replace(ink, shape="square", width=1.5)


def _names(
    values: Sequence[Value], over: Scale, up: Scale, lines: Sequence[Box], room: Box, sheet: Canvas
) -> dict[int, Label]:
    """The name of each point near it, with its value where that is printed, the highlighted ones first."""
    spots = {one["row"]: (over.at(one["place"]), up.at(one["value"])) for one in values}
    taken = [(x - 4, y - 4, x + 4, y + 4) for x, y in spots.values()]
    taken += [(over.at(v["place"]) - 3, up.at(v["high"]), over.at(v["place"]) + 3, up.at(v["low"])) for v in values]
    chosen = {one["row"] for one in values if one["shape"] == "circle" and sheet.highlight}
    found: dict[int, Label] = {}
    for one in sorted(values, key=lambda one: (one["row"] not in chosen, one["row"])):
        others = [spot for row, spot in spots.items() if row != one["row"]]
        near = _around(one, spots, one["row"] in chosen, sheet)
        around = [label for label in near if _is_own(label, spots[one["row"]], others)]
        wide = (room[0] - 2, room[1], room[2] + 1, room[3] - 1)
        boxes = [*taken, *(label.box for label in found.values())]
        clear = place_labels([around], [*boxes, *lines], wide) or place_labels([around], boxes, wide)
        if clear:
            found[one["row"]] = clear[0]
    return found


def _around(one: Value, spots: Mapping[int, tuple[float, float]], hot: bool, sheet: Canvas) -> Iterator[Label]:
    """The places for a name: beside its point, above and below it, at its corners, and farther off."""
    x, y = spots[one["row"]]
    text = " ".join(part for part in (one["label"], one["text"]) if part)
    label = Label(text, x, y, sheet.small, sheet.hot if hot else sheet.colour("ink"), bold=hot)
    aside, away = 7.0, 0.55 * sheet.small + 5
    yield replace(label, x=x + aside)
    yield replace(label, x=x - aside, align="right")
    for far in (1.0, 2.2, 3.2, 4.5, 6.0):
        for down in (-away * far, away * far):
            yield replace(label, y=y + down, align="center")
            yield replace(label, x=x + far * aside - 2, y=y + 0.7 * down)
            yield replace(label, x=x - far * aside + 2, y=y + 0.7 * down, align="right")


def _is_own(label: Label, spot: Point, others: Sequence[Point]) -> bool:
    """Whether a name stands nearest to its own point, or a line leads to it that passes by all others."""
    to = _nearest(label, spot)
    way = [(spot[0] + (to[0] - spot[0]) * k / 8, spot[1] + (to[1] - spot[1]) * k / 8) for k in range(1, 9)]
    if math.dist(spot, to) <= NEAR_PX:
        return all(math.dist(other, _nearest(label, other)) >= math.dist(spot, to) - 1 for other in others)
    return all(math.dist(other, step) > CLEAR_PX for other in others for step in way)


def _nearest(label: Label, spot: Point) -> Point:
    left, top, right, bottom = label.box
    return min(max(spot[0], left), right), min(max(spot[1], top), bottom)


def _leaders(
    names: Mapping[int, Label], values: Sequence[Value], over: Scale, up: Scale, sheet: Canvas
) -> Iterator[Layer]:
    """A thin line from a point to its name, where that stands farther off."""
    for one in values:
        if label := names.get(one["row"]):
            spot = over.at(one["place"]), up.at(one["value"])
            to = _nearest(label, spot)
            if math.dist(spot, to) > NEAR_PX:
                yield rule(*spot, *to, sheet.colour("muted"), 0.6)
