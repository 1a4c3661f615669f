"""Words at a value of a chart and over a span of its axis, where they touch nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from briefing.graphics.charts.canvas import Canvas, refuse_crowded
from briefing.graphics.charts.labels import Box, Label, place_labels, text_layers, text_width, touch, wrap_text
from briefing.graphics.charts.layers import Layer, layer, pixels, rule

NEAR_PX = 7.0  # words that stand nearer to their value need no line to it
STEP_PX = 4.0
AIR_PX = 3.5  # between words and strokes
WORDS_PX = 6.0  # what is less high is a line


@dataclass(frozen=True)
class Spot:
    """What an annotation may name: from where to where it reaches across, and the top of its mark."""

    left: float
    right: float
    top: float

    @property
    def middle(self) -> float:
        """The middle of its mark."""
        return (self.left + self.right) / 2


def annotated(
    spots: Mapping[str, Spot], taken: Sequence[Box], top: float, bottom: float, sheet: Canvas
) -> tuple[list[Layer], list[Layer]]:
    """What lies behind the marks, and what lies before them; raises Refused where words find no room."""
    behind: list[Layer] = []
    before: list[Layer] = []
    boxes = list(taken)
    room = (-2.0, 0.0, sheet.width + 2, bottom)
    for one in sorted(sheet.annotations, key=lambda one: one.to is None):
        spot, end = spots[one.at], spots[one.to or one.at]
        text = wrap_text(one.text, max(sheet.width / 4, 70), sheet.small)
        if one.to:
            left, right = min(spot.left, end.left), max(spot.right, end.right)
            behind += _span(left, right, top, bottom, sheet)
            wanted = _over(one.text, left, right, top, sheet)
        else:
            wanted = _near(text, spot, bottom, sheet)
        free = [label for label in wanted if one.to or _is_led(label, spot, boxes)]
        aired = [box if box[3] - box[1] > WORDS_PX else _aired(box) for box in boxes]
        placed = place_labels([free], aired, room) or place_labels([free], boxes, room)
        if not placed:
            raise refuse_crowded(f"“{one.text}”", "Shorten the annotation, or raise height_mm.")
        boxes.append(placed[0].box)
        before += text_layers(placed)
        if not one.to:
            before += _leader(placed[0], spot, sheet)
    return behind, before


def _aired(box: Box) -> Box:
    """A piece of a stroke with the air that words leave around it."""
    return box[0] - AIR_PX, box[1] - AIR_PX, box[2] + AIR_PX, box[3] + AIR_PX


def _span(left: float, right: float, top: float, bottom: float, sheet: Canvas) -> list[Layer]:
    """A pale band within lines, without which a copy would lose it."""
    area = {"x": round(left, 2), "x2": round(right, 2), "y": round(top, 2), "y2": round(bottom, 2)}
    ends = {"x": pixels("x"), "x2": {"field": "x2"}, "y": pixels("y"), "y2": {"field": "y2"}}
    band = {"name": "span", **layer([area], {"type": "rect", "fill": sheet.colour("accent-light")}, **ends)}
    sides = [rule(x, top, x, bottom, sheet.colour("rule"), 0.6) for x in (left, right)]
    return [band, *sides, rule(left, top, right, top, sheet.colour("muted"), 1.5)]


def _over(text: str, left: float, right: float, top: float, sheet: Canvas) -> Iterator[Label]:
    """Within the span from its top down where that is wide enough, or else beside it."""
    ink = sheet.colour("ink")
    within = wrap_text(text, right - left - 6, sheet.small)
    if text_width(within, sheet.small) <= right - left - 4 and within.count("\n") < 3:
        for down in range(0, 40, 4):
            yield Label(within, (left + right) / 2, top + 3 + _half(within, sheet) + down, sheet.small, ink, "center")
    for down in range(0, 40, 4):
        y = top + 1 + _half(text, sheet) + down
        yield Label(text, right + 5, y, sheet.small, ink)
        yield Label(text, left - 5, y, sheet.small, ink, "right")


def _half(text: str, sheet: Canvas) -> float:
    return sheet.small * (0.5 + 0.58 * text.count("\n"))


def _near(text: str, spot: Spot, bottom: float, sheet: Canvas) -> Iterator[Label]:
    """Above the mark or below it, in its middle; then to either side; near before far."""
    half, ink = _half(text, sheet), sheet.colour("ink")
    ways: tuple[tuple[float, Literal["left", "center", "right"]], ...] = ((0, "center"), (3, "right"), (-3, "left"))
    for some in (ways[:1], ways[1:]):
        for away in range(30):
            for y in (spot.top - 6 - half - away * STEP_PX, spot.top + 8 + half + away * STEP_PX):
                if y - half >= 0 and y + half <= bottom:
                    yield from (Label(text, spot.middle + x, y, sheet.small, ink, align) for x, align in some)


def _is_led(label: Label, spot: Spot, taken: Sequence[Box]) -> bool:
    """Whether its leader runs through no other words."""
    low, high = sorted(_reach(label, spot))
    words = (box for box in taken if box[3] - box[1] > WORDS_PX)
    return high - low < NEAR_PX or not any(touch((spot.middle - 1, low, spot.middle + 1, high), box) for box in words)


def _reach(label: Label, spot: Spot) -> tuple[float, float]:
    _, top, _, bottom = label.box
    return (bottom, spot.top - 3) if bottom <= spot.top else (top, spot.top + 4)


def _leader(label: Label, spot: Spot, sheet: Canvas) -> list[Layer]:
    start, end = _reach(label, spot)
    if abs(end - start) < NEAR_PX:
        return []
    return [rule(spot.middle, start, spot.middle, end, sheet.colour("muted"), 0.6)]
