"""Scales: which value stands at which pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from briefing.graphics.charts.canvas import refuse_crowded
from briefing.graphics.charts.layers import Layer, layer

Encoding = dict[str, Any]

LEAST_PX = 30.0  # in less room, lengths cannot be told apart


@dataclass(frozen=True)
class Scale:
    """A linear scale."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The pixel of a value, for words that Vega-Lite cannot place."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def of(self, name: str) -> Encoding:
        """The encoding of a field on this scale."""
        return self._at(field=name)

    def line_at(
        self, value: float, channel: Literal["x", "y"], colour: str, between: tuple[float, float] | None = None
    ) -> Layer:
        """A line across the whole frame, or from one of its pixels to another."""
        mark = {"type": "rule", "color": colour, "strokeWidth": 0.75}
        other = "x" if channel == "y" else "y"
        ends = {other: {"value": between[0]}, f"{other}2": {"value": between[1]}} if between else {}
        return {"name": "nought", **layer([{}], mark, **{channel: self._at(datum=value)}, **ends)}

    def _at(self, **what: Any) -> Encoding:
        scale = {"domain": [self.low, self.high], "range": [self.start, self.end], "zero": False, "nice": False}
        return {**what, "type": "quantitative", "axis": None, "scale": scale, "stack": None}


def across(low: float, high: float, left: float, right: float, what: str) -> Scale:
    """A scale from left to right; refused where names leave it hardly any room."""
    if right - left < LEAST_PX:
        raise refuse_crowded(f"its {what} beside their names", "Shorten the names, or give the chart a wider place.")
    return Scale(low, high, left, right)


def upward(low: float, high: float, bottom: float, top: float, what: str) -> Scale:
    """A scale from the bottom to the top; refused where names leave it hardly any room."""
    if bottom - top < LEAST_PX:
        raise refuse_crowded(f"its {what} above their names", "Raise height_mm, or shorten the names.")
    return Scale(low, high, bottom, top)


def downward(low: float, high: float, top: float, bottom: float, what: str) -> Scale:
    """The same from the top down, for values such as depths."""
    up = upward(low, high, bottom, top, what)
    return Scale(low, high, up.end, up.start)
