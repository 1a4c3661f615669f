"""The values of a chart in words and numbers, for drawing and for reading out."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from briefing.content.records import Chart
from briefing.content.scalars import NumberRange
from briefing.findings import Refused, error
from briefing.language.amount import Amount, ends
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
    open: bool = False  # it is a range, or sources dispute it
    low: float | None = None  # the range that they give
    high: float | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    last: datetime.date | None = None  # the last day of a date that is a month or a year

    @property
    def middle(self) -> float:
        """The day on a time axis, counted from 1 January of the year 1: of a month or a year, the middle."""
        first = self.on.toordinal() if self.on else 0
        return (first + self.last.toordinal() + 1) / 2 if self.last and self.last != self.on else first

    @property
    def category(self) -> str:
        """What the value is of."""
        return self.label or str(self.on or "")

    @property
    def span(self) -> tuple[float, float]:
        """The range of a value, as it is or as sources dispute it, or the value twice."""
        ends = [self.value, *(v for v in (self.low, self.high) if v is not None and self.open)]
        return min(ends), max(ends)

    @property
    def tip(self) -> float:
        """Where a bar with its range ends."""
        return self.span[self.value >= 0]


def chart_rows(chart: Chart, ledger: Ledger, wording: Wording) -> Iterator[ChartValue]:
    """One row for each datum; raises `Refused` for a figure that is a date."""
    for datum in chart.data:
        on, last = (datum.on.first, datum.on.last) if datum.on else (None, None)
        if datum.figure:
            entry = ledger.entries[datum.figure]
            if not ends(entry.value):
                raise Refused([error("chart-datum", f'"{datum.figure}" is a date, and a chart shows numbers')])
            said = [end for value in (entry.value, *(d.value for d in entry.figure.disputed)) for end in ends(value)]
            low, high = min(said), max(said)
            amount = replace(entry.amount, value=NumberRange(low, high)) if low < high else entry.amount
            words = wording.bare(amount) + "†" * entry.disputed
            reach = (float(low), float(high)) if len(said) > 1 else (None, None)
            yield ChartValue(
                label=datum.label,
                on=on,
                series=datum.series,
                value=float(ends(entry.value)[0]),
                text=words,
                open=len(said) > 1,
                low=reach[0],
                high=reach[1],
                fields=datum.fields or {},
                last=last,
            )
        elif datum.value is not None:
            words = wording.bare(Amount(datum.value, chart.unit or "number"))
            more = {"fields": datum.fields or {}, "last": last}
            yield ChartValue(datum.label, on, datum.series, float(datum.value), words, **more)
