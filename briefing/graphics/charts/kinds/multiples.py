"""Small multiples: a small chart for each series, all on one scale, so that they can be held against each other.

Times are joined by a line, all else stands as columns.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from briefing.documents.chart_order import (
    axis_places,
    category_order,
    has_gap,
    month_numbers,
    period_numbers,
    usual_step,
)
from briefing.documents.chart_values import ChartValue
from briefing.findings import Refused, error
from briefing.graphics.charts.axes import NO_AXIS, band
from briefing.graphics.charts.canvas import Canvas, SeriesStyle, refuse_crowded
from briefing.graphics.charts.extent import from_zero, reach
from briefing.graphics.charts.grid import AIR_PX, gutter, round_values
from briefing.graphics.charts.labels import Box, Label, place_labels, text_layers, text_width
from briefing.graphics.charts.layers import Layer, rule
from briefing.graphics.charts.scales import Scale, across, upward
from briefing.graphics.charts.value_marks import POINT, Value, bars_between, shapes, value

LEAST_PX = 70.0  # the narrowest panel
BETWEEN_PX = 16.0
LEAST_PLOT_PX = 30.0
ZERO_SHARE = 0.35  # as for lines: below this part of the highest, zero costs no room
THICKEST_PX = 30.0


@dataclass(frozen=True)
class _Panel:
    """The room of one series."""

    name: str | None
    left: float
    right: float
    top: float  # of the plot
    bottom: float
    lowest: bool  # nothing stands below it
    lined: bool


def multiples(rows: Sequence[ChartValue], sheet: Canvas) -> list[Layer]:
    """Panels in rows, each named; the scale stands at the left of each row, the axis below the lowest panels."""
    series = list(dict.fromkeys(row.series for row in rows))
    if None in series or len(series) < 2:
        fault = "small multiples show several series, each in a chart of its own"
        raise Refused([error("chart-series", fault, hint="Give each value a series, or choose another kind.")])
    pairs = [(row.series, row.category) for row in rows]
    numbers = period_numbers([name for _, name in pairs], month_numbers(sheet.locale))
    at = axis_places(category_order(pairs, numbers), numbers)
    lined = bool(numbers) and len(at) > 1
    low, high = reach(rows, not lined or from_zero(rows, ZERO_SHARE))
    ticks = round_values(low, high, 2)
    low, high = min(low, *ticks), max(high, *ticks)
    left = gutter(ticks, sheet)
    panels = list(_panels(series, left, 0.0 if lined else len(at) * (sheet.widest(list(at)) + 4), sheet))
    base, names = panels[0], {one.name: one for one in panels}
    scale = upward(low, high, base.bottom, base.top, "charts")
    layers: list[Layer] = []
    values: list[Value] = []
    for number, row in enumerate(rows):
        panel = names[row.series]
        moved = {"dx": panel.left - base.left, "dy": panel.bottom - base.bottom}
        more = {"start": 0, "end": row.value, "before": row.value < 0, **moved}
        values.append(value(at[row.category], row, _ink(row.series, sheet), sheet, number=number, **more))
    for panel in panels:
        layers += [*_grid(ticks, scale, panel, base, sheet), *_named(panel, at, sheet)]
    seat = (base.right - base.left) / len(at)
    if lined:
        over = across(min(at.values()), max(at.values()), base.left + 3, base.right - 3, "lines")
        spots = {one["row"]: (over.at(one["place"]) + one["dx"], scale.at(one["value"]) + one["dy"]) for one in values}
        layers += [
            *_lines(values, spots, list(at.values())),
            *_ranges(values, spots, scale, sheet),
            _moved(shapes(values, {**POINT, "size": 16}, x=over.of("place"), y=scale.of("value"))),
        ]
    else:
        x, thick = band(len(at), base.left, base.right, NO_AXIS), min(0.7 * seat, THICKEST_PX)
        spots = {
            one["row"]: (base.left + seat * (one["place"] + 0.5) + one["dx"], scale.at(one["tip"]) + one["dy"])
            for one in values
        }
        layers += [*map(_moved, bars_between(values, scale, "y", x, thick)), *_ranges(values, spots, scale, sheet)]
    for panel in panels:
        down = panel.bottom - base.bottom
        hairs = [(0.0, y - 0.5, sheet.width, y + 0.5) for one in ticks if one for y in [scale.at(one) + down]]
        own = [one for one in values if one["series"] == panel.name]
        layers += _words(own, spots, [*hairs, *(_strokes(own, spots) if lined else [])], panel, sheet)
    return layers


def _moved(drawn: Layer) -> Layer:
    """Marks of all panels stand on the scales of the first, and each is moved to its own."""
    mark = drawn["mark"]
    for channel, by in (("x", "dx"), ("y", "dy")):
        move = {"expr": f"datum.{by} + {mark.get(f'{channel}Offset', 0)}"}
        mark = {**mark, f"{channel}Offset": move, f"{channel}2Offset": move}
    return {**drawn, "mark": mark}


def _ink(name: str | None, sheet: Canvas) -> SeriesStyle:
    return sheet.plain(not sheet.highlight or name in sheet.highlight, name in sheet.highlight)


def _panels(series: Sequence[str | None], left: float, axis: float, sheet: Canvas) -> Iterator[_Panel]:
    """The panels, on as few rows as their names allow, and evenly on these."""
    least = max(LEAST_PX, sheet.widest([name or "" for name in series]), min(axis, sheet.width - left))
    most = max(1, math.floor((sheet.width - left + BETWEEN_PX) / (least + BETWEEN_PX)))
    if least > sheet.width - left:
        raise refuse_crowded("the names of its charts", "Shorten them, or give the chart a wider place.")
    lines = math.ceil(len(series) / most)
    beside = math.ceil(len(series) / lines)
    wide = (sheet.width - left - BETWEEN_PX * (beside - 1)) / beside
    foot = 1.25 * sheet.line
    tall = (sheet.height - foot) / lines
    if tall < 2.7 * sheet.line + LEAST_PLOT_PX:
        raise refuse_crowded("its charts", "Raise height_mm, or give the chart a wider place.")
    for number, name in enumerate(series):
        row, column = divmod(number, beside)
        start = left + column * (wide + BETWEEN_PX)
        bottom = (row + 1) * tall - (0 if row == lines - 1 else 0.5 * sheet.line)
        yield _Panel(
            name, start, start + wide, row * tall + 2.2 * sheet.line, bottom, number + beside >= len(series), not axis
        )


def _grid(ticks: Sequence[float], scale: Scale, panel: _Panel, base: _Panel, sheet: Canvas) -> Iterator[Layer]:
    """Hairlines at the values of the scale, a stronger one at zero, and their numbers beside the first of a row."""
    down = panel.bottom - base.bottom
    for one in ticks:
        y, colour = scale.at(one) + down, sheet.colour("rule" if one else "muted")
        yield rule(panel.left, y, panel.right, y, colour, 0.6 if one else 0.75)
    if panel.left == base.left:
        words = (
            Label(
                sheet.tick(one), panel.left - AIR_PX, scale.at(one) + down, sheet.small, sheet.colour("muted"), "right"
            )
            for one in ticks
        )
        yield from text_layers([*words])


def _named(panel: _Panel, at: Mapping[str, int], sheet: Canvas) -> list[Layer]:
    """The name above the panel, and below it those of its axis: all, or the first and the last."""
    top = panel.top - 1.7 * sheet.line
    colour = sheet.hot if panel.name in sheet.highlight else sheet.colour("ink")
    words = [Label(panel.name or "", panel.left, top, sheet.small, colour, bold=True)]
    if panel.lowest:
        names = list(at)
        seat = (panel.right - panel.left) / len(names)
        foot = Label("", panel.left, panel.bottom + 0.7 * sheet.line, sheet.small, sheet.colour("ink"))
        if not panel.lined and max(text_width(name, sheet.small) for name in names) <= seat - 2:
            middles = (panel.left + seat * (n + 0.5) for n in range(len(names)))
            words += [replace(foot, text=name, x=x, align="center") for name, x in zip(names, middles, strict=True)]
        else:
            last = [replace(foot, text=name, x=panel.right, align="right") for name in names[1:][-1:]]
            ends = [replace(foot, text=names[0]), *last]
            if sum(text_width(one.text, sheet.small) for one in ends) + 6 > panel.right - panel.left:
                raise refuse_crowded("the names of its axis", "Shorten them, or give the chart a wider place.")
            words += ends
    return text_layers(words)


def _lines(
    values: Sequence[Value], spots: Mapping[int, tuple[float, float]], places: Sequence[float]
) -> Iterator[Layer]:
    """From each value to the next of its series; thin and dashed over a gap, dashed where nobody has counted yet."""
    step = usual_step(places)
    for name in dict.fromkeys(one["series"] for one in values):
        own = sorted((one for one in values if one["series"] == name), key=lambda one: int(one["place"]))
        for one, other in pairwise(own):
            gap = has_gap(one["place"], other["place"], places, step)
            dash = [2, 2.5] if gap else [5, 4] if one["standing"] or other["standing"] else None
            drawn = rule(*spots[one["row"]], *spots[other["row"]], one["edge"], 0.9 if gap else 2.0)
            yield {**drawn, "mark": {**drawn["mark"], "strokeCap": "round", **({"strokeDash": dash} if dash else {})}}


def _ranges(
    values: Sequence[Value], spots: Mapping[int, tuple[float, float]], scale: Scale, sheet: Canvas
) -> Iterator[Layer]:
    """The range of each value that is disputed, or is one."""
    for one in values:
        low, high = scale.at(one["low"]) + one["dy"], scale.at(one["high"]) + one["dy"]
        if low - high >= 5:
            x = spots[one["row"]][0]
            for line in ((x, low, x, high), (x - 3, low, x + 3, low), (x - 3, high, x + 3, high)):
                yield rule(*line, sheet.colour("ink"), 1.2)


def _strokes(values: Sequence[Value], spots: Mapping[int, tuple[float, float]]) -> Iterator[Box]:
    """The room of a line and of its points."""
    places = [spots[one["row"]] for one in sorted(values, key=lambda one: int(one["place"]))]
    for (x, y), (to_x, to_y) in pairwise(places):
        steps = [(x + (to_x - x) * k / 6, y + (to_y - y) * k / 6) for k in range(7)]
        yield from ((px - 1, py - 1.5, px + 1, py + 1.5) for px, py in steps)
    yield from ((x - 3, y - 3, x + 3, y + 3) for x, y in places)


def _words(
    values: Sequence[Value],
    spots: Mapping[int, tuple[float, float]],
    taken: Sequence[Box],
    panel: _Panel,
    sheet: Canvas,
) -> list[Layer]:
    """Printed values above their marks, or below, where they touch nothing."""
    colour = sheet.hot if panel.name in sheet.highlight else sheet.colour("ink")

    def choices(one: Value) -> Iterator[Label]:
        x, y = spots[one["row"]]
        label = Label(one["text"], x, y, sheet.small, colour, "center", True)
        half = text_width(one["text"], sheet.small, True) / 2
        inside = min(max(x, panel.left + half), panel.right - half)
        for far in (0.75, 1.0, 1.3, 1.6, 1.9, 2.2):
            for up in (1, -1) if one["before"] else (-1, 1) if panel.lined else (-1,):
                yield replace(label, x=inside, y=y + up * far * sheet.small)

    room = (panel.left - 3, panel.top - 1.2 * sheet.line, panel.right + 3, panel.bottom + 1)
    return text_layers(place_labels((choices(one) for one in values if one["text"]), taken, room))
