"""The values of a chart in words and numbers, for drawing and for reading out."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from briefing.content.records import Chart
from briefing.findings import Refused, error
from briefing.language.wording import Wording
from briefing.ledger.ledger import Ledger


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


def chart_rows(chart: Chart, ledger: Ledger, wording: Wording) -> Iterator[ChartValue]:
    """One row for each datum; raises `Refused` for a figure that is a date."""
    for datum in chart.data:
        on = datum.on.first if datum.on else None
        if datum.figure:
            entry = ledger.entries[datum.figure]
            said = [v for v in (entry.value, *(d.value for d in entry.figure.disputed)) if isinstance(v, Decimal)]
            if not isinstance(entry.value, Decimal):
                raise Refused([error("chart-datum", f'"{datum.figure}" is a date, and a chart shows numbers')])
            low, high = min(said), max(said)
            ends = (low, high) if low < high else (entry.value,)
            words = wording.span(ends, entry.unit, entry.qualifier) + "†" * entry.disputed
            reach = (float(low), float(high)) if len(said) > 1 else (None, None)
            yield ChartValue(
                label=datum.label,
                on=on,
                series=datum.series,
                value=float(entry.value),
                text=words,
                open=entry.disputed,
                low=reach[0],
                high=reach[1],
                fields=datum.fields or {},
            )
        elif datum.value is not None:
            words = wording.bare(datum.value, chart.unit or "number", None)
            yield ChartValue(datum.label, on, datum.series, float(datum.value), words, fields=datum.fields or {})
