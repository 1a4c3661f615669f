"""The values of a chart in words and numbers, for drawing and for reading out."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, NamedTuple

from briefing.content.records import Chart, ChartKind
from briefing.content.scalars import NumberRange
from briefing.documents.chart_order import category_order, month_numbers, period_numbers
from briefing.documents.chart_places import class_names, place_name, without_value
from briefing.findings import Refused, error
from briefing.language.amount import Amount, ends
from briefing.language.numbers import DASH
from briefing.language.wording import Wording
from briefing.ledger.chart_figures import ACROSS as ACROSS
from briefing.ledger.chart_figures import field_titles
from briefing.ledger.ledger import Ledger

CURVES = (ChartKind.LINES, ChartKind.STEPS, ChartKind.DIFFERENCE)  # whose values follow each other on an axis
ANNOTATED = (*CURVES, ChartKind.TIME, ChartKind.COLUMNS)  # which have words at their values, if asked to
DOWNWARD = (ChartKind.LINES, ChartKind.TIME, ChartKind.STEPS)  # whose larger values may lie lower
SCALED = (
    *ANNOTATED,
    ChartKind.GROUPED,
    ChartKind.MAP,
    ChartKind.MULTIPLES,
    ChartKind.SCATTER,
)  # which print few of their values, if asked to
SPACIOUS = (
    ChartKind.PARTS,
    ChartKind.GAUGE,
    ChartKind.WAFFLE,
)  # kinds of few values, which have room for “up to US$2 million”


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
    standing: str = ""  # target or projection; its text says so
    total: bool = False  # whether it is what the others come to
    written: str = ""  # its date as the content has it, which may be a month or a year

    @property
    def middle(self) -> float:
        """The day on a time axis, counted from 1 January of the year 1: of a month or a year, the middle."""
        first = self.on.toordinal() if self.on else 0
        return (first + self.last.toordinal() + 1) / 2 if self.last and self.last != self.on else first

    @property
    def hollow(self) -> bool:
        """Whether its mark is an outline: nobody has counted it, or sources dispute it."""
        return self.open or bool(self.standing)

    @property
    def category(self) -> str:
        """What the value is of."""
        return self.label or self.written or str(self.on or "")

    @property
    def places(self) -> tuple[str, ...]:
        """By what the content names its place: its label, and its date as it is written."""
        return tuple(name for name in (self.label, self.written or str(self.on or "")) if name)

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
    say = _in_words(wording) if chart.kind in SPACIOUS else wording.bare
    for datum in chart.data:
        label = place_name(datum.label, chart.map.of, wording.locale) if chart.map and datum.label else datum.label
        on, last = (datum.on.first, datum.on.last) if datum.on else (None, None)
        if datum.figure:
            entry = ledger.entries[datum.figure]
            if not ends(entry.value):
                raise Refused([error("chart-datum", f'"{datum.figure}" is a date, and a chart shows numbers')])
            said = [end for value in (entry.value, *(d.value for d in entry.figure.disputed)) for end in ends(value)]
            low, high = min(said), max(said)
            amount = replace(entry.amount, value=NumberRange(low, high)) if low < high else entry.amount
            standing = entry.figure.standing or ""
            words = _called(say(amount) + "†" * entry.disputed, standing, wording)
            reach = (float(low), float(high)) if len(said) > 1 else (None, None)
            yield ChartValue(
                label=label,
                on=on,
                series=datum.series,
                value=float(ends(entry.value)[0]),
                text=words,
                open=len(said) > 1,
                low=reach[0],
                high=reach[1],
                fields=datum.fields or {},
                last=last,
                standing=standing,
                total=datum.total,
                written=str(datum.on or ""),
            )
        elif datum.value is not None:
            words = say(Amount(datum.value, chart.unit or "number", None, chart.scale, chart.round))
            standing, fields = datum.standing or "", datum.fields or {}
            words, number = _called(words, standing, wording), float(datum.value)
            more: dict[str, Any] = {"fields": fields, "last": last, "standing": standing, "total": datum.total}
            more["written"] = str(datum.on or "")
            yield ChartValue(label, on, datum.series, number, words, **more)


def _in_words(wording: Wording) -> Callable[[Amount], str]:
    return lambda amount: wording.short(amount.plain).text


def tick_of(chart: Chart, ledger: Ledger, wording: Wording) -> Callable[[float], str]:
    """How a value on the scale of a chart is said: in the unit and the word of its first value."""
    first = next((ledger.entries[one.figure].amount for one in chart.data if one.figure), None)
    amount = first or Amount(Decimal(0), chart.unit or "number", None, chart.scale)
    bare = replace(amount, qualifier=None, digits=None, form=None)
    return lambda number: wording.bare(replace(bare, value=Decimal(f"{number:.12g}")))


def legend_of(chart: Chart, ledger: Ledger, wording: Wording) -> tuple[tuple[str, ...], str]:
    """What the classes of a map are called, and the date or dates of its values."""
    assert chart.map is not None  # the checks have seen to it
    tick = tick_of(chart, ledger, wording)
    forms = {key: wording.word("chart_class", key) for key in ("lowest", "middle", "highest")}
    names = class_names([tick(float(one)) for one in chart.map.breaks], forms)
    figures = [ledger.entries[one.figure].figure for one in chart.data if one.figure]
    days = [(one.as_of.first, wording.when(one)) for one in figures]
    days += [(day.first, wording.date(day)) for one in chart.data if not one.figure and (day := chart.as_of or one.on)]
    said = list(dict.fromkeys(words for _, words in sorted(days)))
    return names, f"{said[0]} {DASH} {said[-1]}" if len(said) > 1 else "".join(said)


def tick_across(chart: Chart, wording: Wording) -> Callable[[float], str]:
    """How a number is said that a scatter shows from left to right."""
    bare = Amount(Decimal(0), chart.field_units.get(ACROSS, "number"), None)
    return lambda number: wording.bare(replace(bare, value=Decimal(f"{number:.12g}")))


def _called(words: str, standing: str, wording: Wording) -> str:
    """A value with what it is, where nobody has counted it: “18% (projected)”."""
    return wording.word("chart_value", standing).format(value=words) if standing else words


class SpokenValue(NamedTuple):
    """A value as a listener hears it."""

    series: str | None
    label: str
    text: str


def spoken_values(chart: Chart, rows: Sequence[ChartValue], wording: Wording) -> Iterator[SpokenValue]:
    """The values in the order of the content, with all that names them; where a line has a gap, that."""
    titles = field_titles(chart)
    pairs = [(row.series, row.category) for row in rows]
    numbers = period_numbers([name for _, name in pairs], month_numbers(wording.locale))
    gaps = chart.kind in CURVES and chart.kind is not ChartKind.STEPS  # which keep their values
    order = category_order(pairs, numbers) if gaps else ()
    last: dict[str | None, str] = {}
    for datum, row in zip(chart.data, rows, strict=True):
        if order and row.series in last:
            for gap in order[order.index(last[row.series]) + 1 : order.index(row.category)]:
                yield SpokenValue(row.series, gap, wording.word("label", "no_value"))
        last[row.series] = row.category
        names = [row.label or (wording.date(datum.on) if datum.on else "")]
        names += [f"{titles[name]} {value}".strip() for name, value in row.fields.items() if name in titles]
        yield SpokenValue(row.series, ", ".join(name for name in names if name), row.text)
    for name in without_value(chart, wording.locale):
        yield SpokenValue(None, name, wording.word("label", "no_value"))
