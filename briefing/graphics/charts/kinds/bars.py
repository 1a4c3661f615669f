"""Bars and columns: lengths from nought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from briefing.documents.chart_values import ChartValue
from briefing.graphics.charts.annotations import Spot, annotated
from briefing.graphics.charts.axes import band, feet, named_rows
from briefing.graphics.charts.canvas import Canvas
from briefing.graphics.charts.extent import names, reach
from briefing.graphics.charts.grid import gutter, line_boxes, lines_up, round_values
from briefing.graphics.charts.labels import Box, Label, place_labels, text_layers
from briefing.graphics.charts.layers import Layer
from briefing.graphics.charts.scales import Scale, across, upward
from briefing.graphics.charts.value_marks import Value, bars_between, value, value_words, whiskers

BAR_PX, COLUMN_PX = 18.0, 64.0  # the thickest that still look like bars


def bars(rows: Sequence[ChartValue], sheet: Canvas) -> list[Layer]:
    """A bar below the other, its value at its end."""
    chosen = [sheet.chosen(row) for row in rows]
    y, room = named_rows(names(rows), chosen, 0, sheet.height, sheet)
    thick = min(0.68 * sheet.height / len(rows), BAR_PX)
    low, high = reach(rows, zero=True)
    ends = sheet.widest([row.text for row in rows]) + 6
    scale = across(low, high, room + 8 + (ends if low < 0 else 0), sheet.width - ends, "bars")
    values = list(_values(rows, sheet))
    return [
        *bars_between(values, scale, "x", y, thick),
        *whiskers(values, scale, "x", y, sheet),
        scale.line_at(0, "x", sheet.colour("muted")),
        value_words(values, scale, y, gap=4),
    ]


def columns(rows: Sequence[ChartValue], sheet: Canvas) -> list[Layer]:
    """Columns side by side; a value that would touch its neighbours is left out."""
    chosen = [sheet.chosen(row) for row in rows]
    low, high = reach(rows, zero=True)
    ticks = round_values(low, high) if sheet.scaled else []
    left = gutter(ticks, sheet) if ticks else 0.0
    step = (sheet.width - left) / len(rows)
    at = {place: left + step * (place + 0.5) for place in range(len(rows))}
    axis, depth, wide = feet(dict(enumerate(names(rows))), chosen, at, step, sheet)
    margin = max(0.0, (wide - step) / 2)  # thinned names are wider than their columns
    x = band(len(rows), left + margin, sheet.width - margin, axis)
    step = (sheet.width - left - 2 * margin) / len(rows)
    thick = min(0.7 * step, COLUMN_PX)
    lefts = [left + margin + step * (place + 0.5) - thick / 2 for place in range(len(rows))]
    bottom = sheet.height - depth - (sheet.line if low < 0 else 0)
    scale = upward(low, high, bottom, sheet.line + 1, "columns")
    values = list(_values(rows, sheet))
    ends = [sorted((scale.at(0), scale.at(one["tip"]))) for one in values]
    bodies = [(left, top, left + thick, foot) for left, (top, foot) in zip(lefts, ends, strict=True)]
    words = _tops(values, bodies, scale, sheet)
    behind, before = _annotated(rows, bodies, words, scale, sheet)
    return [
        *behind,
        *lines_up(ticks, scale, left, sheet, words=words.values()),
        *bars_between(values, scale, "y", x, thick),
        *whiskers(values, scale, "y", x, sheet),
        scale.line_at(0, "y", sheet.colour("muted"), (left, sheet.width) if ticks else None),
        *before,
        *text_layers([*words.values()]),
    ]


def _values(rows: Sequence[ChartValue], sheet: Canvas) -> Iterator[Value]:
    for place, row in enumerate(rows):
        strong = sheet.stands_out(row)
        colour = sheet.hot if sheet.chosen(row) else sheet.colour("ink")
        more = {"before": row.value < 0, "bold": strong, "colour": colour, "start": 0, "end": row.value}
        yield value(place, row, sheet.of(row), sheet, number=place, **more)


def _tops(values: Sequence[Value], bodies: Sequence[Box], scale: Scale, sheet: Canvas) -> dict[int, Label]:
    """The value labels by their columns: those that touch no other column and no label that matters more."""
    peak = max(values, key=lambda one: abs(one["value"]))

    def matter(one: Value) -> tuple[bool, ...]:
        return one is not peak, not one["bold"], not one["hollow"], one is not values[-1], one is not values[0]

    placed: dict[int, Label] = {}
    for one in sorted((one for one in values if one["text"]), key=matter):
        wanted = _over(one, bodies[one["place"]], scale, sheet)
        taken = [*bodies, *(label.box for label in placed.values())]
        for label in place_labels([wanted], taken, (-3, 0, sheet.width + 3, sheet.height)):
            placed[one["place"]] = label
    return placed


def _annotated(
    rows: Sequence[ChartValue], bodies: Sequence[Box], words: Mapping[int, Label], scale: Scale, sheet: Canvas
) -> tuple[list[Layer], list[Layer]]:
    gap = (bodies[1][0] - bodies[0][2]) / 2 if len(bodies) > 1 else 4.0
    tops = {place: label.box[1] for place, label in words.items()}
    spots = {
        name: Spot(left - gap, right + gap, min(top, tops.get(place, top)))
        for place, (row, (left, top, right, _)) in enumerate(zip(rows, bodies, strict=True))
        for name in row.places
    }
    taken = [*bodies, *(one.box for one in words.values())]
    taken += line_boxes(round_values(scale.low, scale.high), scale, sheet) if sheet.scaled else []
    return annotated(spots, taken, sheet.line, scale.at(scale.low), sheet)


def _over(one: Value, body: Box, scale: Scale, sheet: Canvas) -> Iterator[Label]:
    """Where a column's value may stand: over its middle, over either edge; a disputed one also a little further off.

    What a value is, as that it is projected, may stand on a line of its own.
    """
    away, tip = 1 if one["before"] else -1, scale.at(one["tip"])
    whole = str(one["text"])
    for text in dict.fromkeys((whole, whole.replace(" (", "\n("))):
        half = sheet.widest([text]) / 2
        middle = min(max((body[0] + body[2]) / 2, half), sheet.width - half)
        y = tip + away * sheet.small * (0.62 + 0.58 * text.count("\n"))
        label = Label(text, middle, y, sheet.small, one["colour"], "center", one["bold"])
        for lift in (0, 0.4, 0.8, 1.2) if one["hollow"] else (0,):
            level = replace(label, y=y + away * lift * label.size)
            if not lift or level.box[3] <= scale.start + sheet.line:  # clear of the names below
                yield from (level, replace(level, x=body[2], align="right"), replace(level, x=body[0], align="left"))
