"""The values of a chart in words and numbers, for drawing and for reading out."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from briefing.content.records import Chart
from briefing.findings import Refused, error
from briefing.graphics.charts.extent import ChartValue
from briefing.language.wording import Wording
from briefing.ledger.ledger import Ledger


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
