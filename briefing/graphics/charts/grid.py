"""Lines of a scale with their numbers, where a chart does not print each of its values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from briefing.graphics.charts.canvas import Canvas
from briefing.graphics.charts.labels import Box, Label, text_layers
from briefing.graphics.charts.layers import Layer, layer, pixels, rule
from briefing.graphics.charts.scales import Scale

STEPS = (1, 2, 2.5, 5, 10)
AIR_PX = 5.0  # between a number and its line
CLEAR_PX = 2.0  # between a line and words on it
BREAK_PX = 12.0  # the height of the break in a line that is not at zero
STUB_PX = 10.0  # a shorter part of a line beside words would be read as a dash


def round_values(low: float, high: float, most: int = 4) -> list[float]:
    """Round numbers from the lowest to the highest, at even distances: no more than `most` steps."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(step * power for step in STEPS if step * power >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{number * step:.12g}") for number in range(first, last + 1)]


def from_below(low: float, values: list[float]) -> list[float]:
    """The lines with one below the lowest value, where a scale begins that has no zero."""
    if len(values) < 2 or values[0] <= low:
        return values
    return [max(values[0] - (values[1] - values[0]), 0.0), *values]


def line_boxes(values: list[float], scale: Scale, sheet: Canvas) -> list[Box]:
    """The room of the lines, for words that are to keep off them."""
    return [(0.0, y - 0.5, sheet.width, y + 0.5) for one in values for y in [scale.at(one)]]


def gutter(values: list[float], sheet: Canvas) -> float:
    """The room that numbers take at the left of their lines."""
    return max((sheet.widest([sheet.tick(one)]) for one in values), default=0.0) + AIR_PX


def lines_up(
    values: list[float],
    scale: Scale,
    left: float,
    sheet: Canvas,
    right: float | None = None,
    words: Iterable[Label] = (),
) -> list[Layer]:
    """A hairline across the plot at each value but nought, with its number at the left; it stops for `words` on it."""
    right = sheet.width if right is None else right
    boxes = [one.box for one in words]
    hairs = [
        rule(start, y, end, y, sheet.colour("rule"), 0.6)
        for one in values
        if one
        for y in [scale.at(one)]
        for start, end in between(left, right, [box for box in boxes if box[1] - CLEAR_PX < y < box[3] + CLEAR_PX])
        if end - start > STUB_PX
    ]
    numbers = [
        Label(sheet.tick(one), left - AIR_PX, scale.at(one), sheet.small, sheet.colour("muted"), "right")
        for one in values
    ]
    return [*hairs, *text_layers(numbers)]


def between(left: float, right: float, boxes: Iterable[Box]) -> Iterator[tuple[float, float]]:
    """The parts of a line that boxes leave free, with some air."""
    for start, _, end, _ in sorted(boxes):
        if start - CLEAR_PX > left:
            yield left, min(start - CLEAR_PX, right)
        left = max(left, end + CLEAR_PX)
    if left < right:
        yield left, right


def broken_base(y: float, sheet: Canvas, left: float = 0.0) -> list[Layer]:
    """The beginning of a scale that is not at zero: a line with a break at its left, towards the values."""
    muted, x, way = sheet.colour("muted"), left + 4, 1 if sheet.downward else -1
    jag = [(x + aside, y + way * off) for aside, off in ((0, 0), (0, 3), (-3, 4.5), (3, 7.5), (0, 9), (0, BREAK_PX))]
    points = [{"x": round(a, 2), "y": round(b, 2), "n": n} for n, (a, b) in enumerate(jag)]
    mark = {"type": "line", "stroke": muted, "strokeWidth": 0.75, "strokeJoin": "miter"}
    order = {"field": "n", "type": "quantitative"}
    broken = {"name": "break", **layer(points, mark, x=pixels("x"), y=pixels("y"), order=order)}
    return [rule(left, y, sheet.width, y, muted), broken]
