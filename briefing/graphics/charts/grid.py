"""Lines of a scale with their numbers, where a chart does not print each of its values."""

from __future__ import annotations

import math

from briefing.graphics.charts.canvas import Canvas
from briefing.graphics.charts.labels import Label, text_layers
from briefing.graphics.charts.layers import Layer, rule
from briefing.graphics.charts.scales import Scale

STEPS = (1, 2, 2.5, 5, 10)
AIR_PX = 5.0  # between a number and its line


def round_values(low: float, high: float, most: int = 4) -> list[float]:
    """Round numbers from the lowest to the highest, at even distances: no more than `most` steps."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(step * power for step in STEPS if step * power >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{number * step:.12g}") for number in range(first, last + 1)]


def gutter(values: list[float], sheet: Canvas) -> float:
    """The room that numbers take at the left of their lines."""
    return max((sheet.widest([sheet.tick(one)]) for one in values), default=0.0) + AIR_PX


def lines_up(values: list[float], scale: Scale, left: float, sheet: Canvas, right: float | None = None) -> list[Layer]:
    """A hairline across the plot at each value but nought, with its number at the left."""
    right = sheet.width if right is None else right
    hairs = [rule(left, y, right, y, sheet.colour("rule"), 0.6) for one in values if one for y in [scale.at(one)]]
    words = [
        Label(sheet.tick(one), left - AIR_PX, scale.at(one), sheet.small, sheet.colour("muted"), "right")
        for one in values
    ]
    return [*hairs, *text_layers(words)]
