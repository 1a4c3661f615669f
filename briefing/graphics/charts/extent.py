"""The rows of a chart: values with the words in which they are printed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ChartValue:
    """One value of a chart."""

    label: str | None
    on: datetime.date | None
    series: str | None
    value: float
    text: str
    open: bool = False  # sources dispute it
    low: float | None = None  # the range that they give
    high: float | None = None
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def category(self) -> str:
        """What the value is of."""
        return self.label or str(self.on or "")

    @property
    def span(self) -> tuple[float, float]:
        """The range of a disputed value, or the value twice."""
        ends = [self.value, *(v for v in (self.low, self.high) if v is not None and self.open)]
        return min(ends), max(ends)

    @property
    def tip(self) -> float:
        """Where a bar with its range ends."""
        return self.span[self.value >= 0]


def names(rows: Sequence[ChartValue]) -> list[str]:
    """What stands at each row: its category, and its series where categories repeat."""
    labels = [row.category for row in rows]
    return [
        f"{row.category}, {row.series}" if row.series and labels.count(row.category) > 1 else row.category
        for row in rows
    ]


def reach(rows: Sequence[ChartValue], zero: bool) -> tuple[float, float]:
    """The lowest and the highest value, which always differ."""
    values = [end for row in rows for end in row.span] + [0.0] * zero
    low, high = min(values), max(values)
    return (low, high) if low < high else (low - 1, high + 1)


def from_zero(rows: Sequence[ChartValue]) -> bool:
    """Whether an axis from nought leaves the values room to differ: where the lowest is under 80 % of the highest."""
    values = [row.value for row in rows]
    return min(values) <= 0 or min(values) < 0.8 * max(values)
