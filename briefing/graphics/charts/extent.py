"""How far the values of a chart reach, and what each is called."""

from __future__ import annotations

from collections.abc import Sequence

from briefing.documents.chart_values import ChartValue


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
    if zero and not low and not high:
        return 0.0, 1.0
    return (low, high) if low < high else (low - 1, high + 1)


def from_zero(rows: Sequence[ChartValue], most: float = 0.8) -> bool:
    """Whether an axis from nought leaves room to differ: where the lowest is less than so much of the highest."""
    values = [row.value for row in rows]
    return min(values) <= 0 or min(values) < most * max(values)
