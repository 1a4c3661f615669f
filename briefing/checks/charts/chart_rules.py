"""What is wrong with a chart before it is drawn: its values, their order, and what it is to highlight."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from decimal import Decimal

from briefing.checks.charts.map_rules import map_faults
from briefing.content.records import Chart, ChartKind, Datum
from briefing.content.scalars import Path
from briefing.documents.chart_order import (
    category_order,
    missing,
    month_numbers,
    order_faults,
    period_numbers,
    repeated,
)
from briefing.documents.chart_values import ACROSS, ANNOTATED, CURVES, DOWNWARD, SCALED
from briefing.findings import At, Finding, did_you_mean, error, note, warning
from briefing.language.amount import ends
from briefing.language.wording import Wording
from briefing.ledger.chart_figures import field_numbers, not_numbers
from briefing.ledger.ledger import Ledger

YEAR = re.compile(r"\b\d{4}")
HEIGHT_MM = (10, 250)  # of a picture: less shows nothing, more is higher than a page


def height_faults(height_mm: Decimal | None, at: At) -> Iterator[Finding]:
    """A height that no page has."""
    low, high = HEIGHT_MM
    if height_mm is not None and not low <= height_mm <= high:
        yield error("range-wrong", f"a height of {height_mm} mm is out of range", at, f"write {low} to {high}")


def chart_faults(name: str, chart: Chart, ledger: Ledger, wording: Wording) -> Iterator[Finding]:
    """What is wrong with a chart before it is drawn."""
    path: Path = ("charts", name)
    yield from height_faults(chart.height_mm, (*path, "height_mm"))
    if (chart.kind is None) == (chart.vega_lite is None):
        yield error(
            "chart-kind",
            f'the chart "{name}" needs either a kind or vega_lite',
            path,
            f"kind: is one of {', '.join(ChartKind)}",
        )
    fields = {one.row for one in field_numbers(name, chart)}
    raw = [index for index, datum in enumerate(chart.data) if datum.value is not None or index in fields]
    dated = chart.as_of or all(chart.data[index].on for index in raw)
    own = any(datum.value is not None for datum in chart.data)
    if raw and not (chart.sources and dated and (chart.unit or not own)):
        yield error(
            "chart-unsourced",
            f'the chart "{name}" has values that are not figures, and not all of unit, as_of and sources',
            (*path, "data", raw[0]),
            "give the chart unit:, sources: and as_of: (or each value on:), or take the values from figures",
        )
    entries = [ledger.entries[one] for one in ledger.rows.get(name, ()) if one in ledger.entries]
    units = list(dict.fromkeys(entry.unit for entry in entries))
    if chart.kind and len(units) > 1:
        row = next(index for index, one in enumerate(entries) if one.unit == units[1])
        said = f"the chart shows {units[0]} and {units[1]} on one scale"
        yield error("chart-units", said, (*path, "data", row), "make a chart of each, or give all values one unit")
    unsound = [*_datum_faults(chart, ledger, path)]
    yield from unsound or (_order(chart, wording, path) if chart.kind and not chart.map else ())
    for key, asked, kinds in (
        ("annotations", chart.annotations, ANNOTATED),
        ("print_values", chart.print_values is not None, SCALED),
        ("downward", chart.downward, DOWNWARD),
    ):
        if asked and chart.kind not in kinds:
            hint = f"choose one of these kinds: {', '.join(kinds)}"
            yield error("chart-kind", f"this kind of chart has no {key}", (*path, key), hint)
    yield from _totals(name, chart, ledger, path)
    yield from map_faults(name, chart, ledger, wording)
    yield from _highlights(chart, path)


def _datum_faults(chart: Chart, ledger: Ledger, path: Path) -> Iterator[Finding]:
    for row, field in not_numbers(chart):
        said = f"“{(chart.data[row].fields or {})[field]}” stands on a scale and is no number"
        yield error("chart-datum", said, (*path, "data", row, "fields", field), "write digits with a point, as in 2.5")
    if chart.axes and chart.kind is not ChartKind.SCATTER:
        yield error("chart-kind", "this kind of chart has no axes", (*path, "axes"), "choose kind: scatter")
    if chart.kind is ChartKind.SCATTER and len(chart.axes) != 2:
        hint = "write axes: [what stands across, what stands upwards], with the units of both"
        yield error("chart-kind", "a scatter needs the names of both its axes", path, hint)
    for index, datum in enumerate(chart.data):
        if chart.kind is ChartKind.SCATTER and ACROSS not in (datum.fields or {}):
            said = "a row of a scatter needs a number that stands across"
            yield error("chart-datum", said, (*path, "data", index), 'write fields: {across: "12"}')
        if (datum.figure is None) == (datum.value is None):
            yield error(
                "chart-datum",
                "a row of a chart needs either a figure or a value",
                (*path, "data", index),
                "write figure: name, or value: number",
            )
        entry = ledger.entries.get(datum.figure or "")
        if datum.figure and datum.standing:
            hint = f'write it under figures, in "{datum.figure}"'
            yield error("chart-datum", "a figure says itself what it is", (*path, "data", index, "standing"), hint)
        if entry and not ends(entry.value):
            hint = "take a figure that is a number; dates stand in a timeline"
            yield error("chart-datum", f'"{entry.id}" is a date and has no length', (*path, "data", index), hint)
        if chart.timed and datum.on is None:
            yield error(
                "chart-datum",
                "a row of a time chart needs a date",
                (*path, "data", index),
                "write on: 2024-06-11",
            )
        if chart.kind and not chart.timed and datum.label is None:
            yield error(
                "chart-datum",
                "a row of a chart needs a label",
                (*path, "data", index),
                "write label: what the value is of",
            )


_ONE_TOTAL = (ChartKind.PARTS, ChartKind.WAFFLE)  # a gauge has one for each series


def _totals(name: str, chart: Chart, ledger: Ledger, path: Path) -> Iterator[Finding]:
    """What the other values come to, where all can be added up."""
    rows = [index for index, datum in enumerate(chart.data) if datum.total and chart.kind is not ChartKind.GAUGE]
    for index in rows[1:] if chart.kind in _ONE_TOTAL else rows:
        hint = f"one value of a chart with one of these kinds may be the total: {', '.join(_ONE_TOTAL)}"
        yield error("chart-total", "the chart shows no such total", (*path, "data", index, "total"), hint)
        return
    if chart.kind is ChartKind.WAFFLE and not rows and (counted := _units(chart, ledger) - {"percent"}):
        hint = "give the whole as a row with total: true"
        yield error("chart-total", f"no hundred is the whole of {', '.join(sorted(counted))}", (*path, "data"), hint)
        return
    values = [_summand(datum, ledger) for datum in chart.data]
    if rows and chart.kind is ChartKind.PARTS and None not in values:
        total = values.pop(rows[0])
        if (come_to := sum(one for one in values if one is not None)) != total:
            said = f"the parts come to {come_to:,f}, and the total says {total:,f}"
            hint = (
                "correct a value, show the rest as a part, or say in an answer why they do not add up, as by rounding"
            )
            yield warning("total-differs", said, (*path, "data", rows[0]), hint, name)


def _units(chart: Chart, ledger: Ledger) -> set[str]:
    figures = [ledger.entries[datum.figure] for datum in chart.data if datum.figure and datum.figure in ledger.entries]
    own = {chart.unit} if any(datum.value is not None for datum in chart.data) else set()
    return {unit for unit in {*own, *(entry.unit for entry in figures)} if unit}


def _summand(datum: Datum, ledger: Ledger) -> Decimal | None:
    if datum.figure:
        entry = ledger.entries.get(datum.figure)
        return entry.summand if entry else None
    return datum.value


def _order(chart: Chart, wording: Wording, path: Path) -> Iterator[Finding]:
    """Values that stand twice at one place, and series that contradict each other or time."""
    pairs = [(datum.series, str(datum.on) if chart.timed else datum.label or "") for datum in chart.data]
    for row in repeated(pairs):
        series, place = pairs[row]
        of = f" of “{series}”" if series else ""
        hint = "take one out, or give them series of their own"
        yield error("chart-twice", f"the chart has two values{of} at “{place}”", (*path, "data", row), hint)
        return
    if chart.timed:
        yield from _dates(chart, path)
        return
    numbers = period_numbers([place for _, place in pairs], month_numbers(wording.locale))
    curve = chart.kind in CURVES
    shared = pairs if chart.kind in _SHARED else []
    lined = chart.kind is ChartKind.MULTIPLES and bool(numbers)  # which joins times by lines
    for fault in order_faults(shared, numbers, strict=curve or lined):
        hint = "write the values of each series in the order of the axis"
        if not numbers and curve:
            hint += ", or kind: time with a date for each"
        yield error("chart-order", fault.message, (*path, "data", fault.row), hint)
        return
    if not curve and chart.kind not in (ChartKind.MULTIPLES, ChartKind.SCATTER):  # which draws them at their distance
        for one, other in missing(category_order(pairs, numbers), numbers):
            if _explained(chart, one, other):
                continue
            hint = "kind: lines or time shows the gap; or say in the note why there is no value"
            yield note(
                "chart-gap", f"“{one}” and “{other}” stand side by side, and something lies between them", path, hint
            )


def _explained(chart: Chart, one: str, other: str) -> bool:
    """Whether the chart's note names a year that lies between the two."""
    first, last = (int(found[0]) if (found := YEAR.search(name)) else 0 for name in (one, other))
    return any(first < int(year) < last for year in YEAR.findall(chart.note or ""))


# Kinds whose series meet at their categories.
_SHARED = (
    *(*CURVES, ChartKind.STACKED, ChartKind.DOTS, ChartKind.GROUPED),
    *(ChartKind.SLOPE, ChartKind.PYRAMID, ChartKind.MULTIPLES),
)


def _dates(chart: Chart, path: Path) -> Iterator[Finding]:
    """Labels that contradict each other on a time axis."""
    labels: dict[str, str] = {}
    for row, datum in enumerate(chart.data):
        if datum.label and labels.setdefault(str(datum.on), datum.label) != datum.label:
            said = f"{datum.on} is “{labels[str(datum.on)]}” in one row and “{datum.label}” in another"
            yield error("chart-order", said, (*path, "data", row), "give both the same label")


def _highlights(chart: Chart, path: Path) -> Iterator[Finding]:
    places = {name for datum in chart.data for name in (datum.label, str(datum.on or "")) if name}
    known = places | {datum.series for datum in chart.data if datum.series}
    for key, those in (("highlight", chart.highlight), ("print_values", chart.print_values or ())):
        for index, wanted in enumerate(those):
            yield from _unknown(wanted, known, "neither a label nor a series", (*path, key, index))
    for index, one in enumerate(chart.annotations):
        for key, name in (("at", one.at), ("to", one.to)):
            if name:  # a series has no one place
                yield from _unknown(name, places, "neither a label nor a date", (*path, "annotations", index, key))


def _unknown(wanted: str, known: Collection[str], neither: str, at: Path) -> Iterator[Finding]:
    if wanted not in known:
        hint = did_you_mean(wanted, sorted(known)) or f"names in this chart: {', '.join(sorted(known))}"
        yield error("highlight-unknown", f'"{wanted}" is {neither} of the chart', at, hint)
