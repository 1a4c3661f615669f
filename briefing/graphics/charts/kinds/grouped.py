"""Grouped columns: the series of each category side by side, standing on nought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from briefing.documents.chart_order import category_order
from briefing.documents.chart_values import ChartValue
from briefing.findings import Refused, error
from briefing.graphics.charts.axes import NO_AXIS, band
from briefing.graphics.charts.canvas import Canvas, SeriesStyle, refuse_crowded
from briefing.graphics.charts.extent import reach
from briefing.graphics.charts.grid import gutter, lines_up, round_values
from briefing.graphics.charts.labels import Label, place_labels, text_layers, wrap_text
from briefing.graphics.charts.layers import Layer
from briefing.graphics.charts.scales import Scale, upward
from briefing.graphics.charts.value_marks import Value, bars_between, key, value, whiskers

WIDEST_PX = 56.0  # of a column
MOST = 5  # series


def grouped(rows: Sequence[ChartValue], sheet: Canvas) -> list[Layer]:
    """A group of columns for each category, and a key of the series above."""
    names = category_order([(row.series, row.category) for row in rows], {})
    series = list(dict.fromkeys(row.series for row in rows))
    inks = _looks(series, sheet)
    squares = [(name, replace(ink, shape="square")) for name, ink in inks.items() if name]
    named, head = key(squares, 0, sheet) if squares else ([], 0.0)
    low, high = reach(rows, zero=True)
    ticks = round_values(low, high) if sheet.scaled else []
    left = gutter(ticks, sheet) if ticks else 0.0
    seats = len(inks) + 1  # one is left free between groups
    seat = min((sheet.width - left) / (len(names) * seats), WIDEST_PX)
    feet = [wrap_text(name, seat * seats - 3, sheet.small, True) for name in names]
    if sheet.widest(feet) > seat * seats - 1:
        raise refuse_crowded("its category names", "Shorten the names, or give the chart a wider place.")
    depth = sheet.line * max(name.count("\n") + 1 for name in feet) + 4
    bottom = sheet.height - depth - (sheet.line if low < 0 else 0)
    scale = upward(low, high, bottom, head + sheet.line + 1, "columns")
    values = list(_values(rows, names, inks, sheet))
    places = len(names) * seats - 1
    start = left + (sheet.width - left - seat * places) / 2
    x = band(places, start, start + seat * places, NO_AXIS)
    groups = [
        Label(
            text,
            start + seat * (n * seats + len(inks) / 2),
            sheet.height - depth + 4 + sheet.line * (text.count("\n") + 1) / 2,
            sheet.small,
            sheet.hot if name in sheet.highlight else sheet.colour("ink"),
            "center",
            name in sheet.highlight,
        )
        for n, (name, text) in enumerate(zip(names, feet, strict=True))
    ]
    tops = list(_tops(values, scale, start, seat, head, sheet))
    return [
        *lines_up(ticks, scale, left, sheet, words=tops),
        *bars_between(values, scale, "y", x, 0.94 * seat),
        *whiskers(values, scale, "y", x, sheet),
        scale.line_at(0, "y", sheet.colour("muted"), (left, sheet.width) if ticks else None),
        *text_layers([*groups, *tops]),
        *named,
    ]


def _looks(series: Sequence[str | None], sheet: Canvas) -> dict[str | None, SeriesStyle]:
    """One for each series: of more than two, neighbours differ as in a stack, since none is told by its shape."""
    if len(series) > MOST:
        hint = f"Show {MOST} at most, or choose kind: dots."
        raise Refused([error("chart-series", f"columns of more than {MOST} series cannot be told apart", hint=hint)])
    if len(series) <= 2:
        looks = sheet.inks(series)
        return {name: looks[name] for name in series}  # in the order of the content
    plain = {name: replace(look, words=sheet.colour("ink")) for name, look in sheet.fills(series).items()}
    return plain | {name: sheet.plain(True, True) for name in series if name in sheet.highlight}


def _values(
    rows: Sequence[ChartValue], names: Sequence[str], inks: Mapping[str | None, SeriesStyle], sheet: Canvas
) -> Iterator[Value]:
    series = list(inks)
    for number, row in enumerate(rows):
        place = names.index(row.category) * (len(series) + 1) + series.index(row.series)
        ink = inks[row.series]
        more = {"before": row.value < 0, "bold": ink.shape == "circle", "colour": ink.words}
        yield value(place, row, ink, sheet, number=number, start=0, end=row.value, **more)


def _tops(values: Sequence[Value], scale: Scale, start: float, seat: float, head: float, sheet: Canvas) -> list[Label]:
    """Values above their columns, the strong series and the highest first; what touches another is left out."""
    ends = {one["row"]: sorted((scale.at(0), scale.at(one["tip"]))) for one in values}
    lefts = {one["row"]: start + seat * one["place"] for one in values}
    bodies = [(lefts[row] + 1, top, lefts[row] + seat - 1, bottom) for row, (top, bottom) in ends.items()]

    def wanted(one: Value) -> Iterator[Label]:
        y = scale.at(one["tip"]) + sheet.small * (0.62 if one["before"] else -0.62)
        for lift in (0.0, 0.5) if one["hollow"] else (0.0,):
            at = y - lift * sheet.small
            middle = lefts[one["row"]] + seat / 2
            yield Label(one["text"], middle, at, sheet.small, one["colour"], "center", one["bold"])
            yield Label(one["text"], middle + seat / 2 - 2, at, sheet.small, one["colour"], "right", one["bold"])
            yield Label(one["text"], middle - seat / 2 + 2, at, sheet.small, one["colour"], "left", one["bold"])

    told = sorted((one for one in values if one["text"]), key=lambda one: (not one["bold"], -abs(one["value"])))
    return place_labels(map(wanted, told), bodies, (-3, head, sheet.width + 3, sheet.height))
