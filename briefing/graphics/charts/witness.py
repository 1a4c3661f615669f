"""Whether a finished drawing says what its data say: rows and an SVG come in, findings go out.

Nothing is taken from what drew it: lengths and places are held against each other as values are, and words against
those that a listener hears.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from briefing.content.records import ChartKind
from briefing.documents.chart_order import category_order, period_numbers
from briefing.documents.chart_values import ACROSS, CURVES, ChartValue
from briefing.findings import Finding, error, note
from briefing.graphics.charts.drawn import DrawnShape, DrawnWords, reach_of, shapes, words
from briefing.graphics.charts.panel_witness import panel_lengths, panel_order, unseen_times
from briefing.graphics.charts.stack_witness import strayed, values_alone

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

OFF_PX = 0.6  # how far a mark may be off: half a point
UNSEEN_PX = 0.6  # what is shorter need not be drawn
NAMED = 6  # words that a finding names before it counts the rest
# Values go across in these kinds, and up in all others.
_ALONG = dict.fromkeys(
    (
        *(ChartKind.BARS, ChartKind.STACKED, ChartKind.DOTS),
        *(ChartKind.PARTS, ChartKind.GAUGE, ChartKind.PYRAMID),
    ),
    0,
)
_FROM_NOUGHT = (
    *(ChartKind.BARS, ChartKind.COLUMNS, ChartKind.STACKED, ChartKind.PARTS, ChartKind.GROUPED, ChartKind.GAUGE),
)


def judge_chart(
    kind: ChartKind, rows: Sequence[ChartValue], months: Mapping[str, int], svg: Element, downward: bool = False
) -> Iterator[Finding]:
    """What a drawing shows otherwise than its data, and what it leaves out."""
    drawn, said = shapes(svg), words(svg)
    found = {number: [one for one in drawn if one.row == number] for number in range(len(rows))}
    faults = [*_lengths(kind, rows, found, drawn, downward), *_order(kind, rows, months, found, said)]
    yield from (
        error("chart-untrue", f"the drawing does not show its data: {fault}", hint="this is a fault of the program")
        for fault in dict.fromkeys(faults)
    )
    if kind is ChartKind.SCATTER:  # which prints a value behind its name
        joined = [f"{row.label or ''} {row.text}".strip() for row in rows]
        yield from left_out(zip(joined, joined, strict=True), [one.text for one in said])
        return
    between = unseen_times(rows, months) if kind is ChartKind.MULTIPLES else set()
    texts = values_alone(rows, said) if kind is ChartKind.STACKED else (one.text for one in said)
    wanted = spoken(rows, _nearness(rows, found, said))
    yield from left_out([one for one in wanted if one[0] not in between], texts)


# ------------------------------------------------------------------ lengths


class _Measure(NamedTuple):
    """A linear scale, told from two marks."""

    nought: float
    unit: float

    def at(self, value: float) -> float:
        return self.nought + value * self.unit


def _lengths(
    kind: ChartKind,
    rows: Sequence[ChartValue],
    found: Mapping[int, Sequence[DrawnShape]],
    drawn: Sequence[DrawnShape],
    downward: bool,
) -> Iterator[str]:
    axis = _ALONG.get(kind, 1)
    if kind is ChartKind.PYRAMID:
        yield from _sides(rows, found)
        return
    if kind is ChartKind.WAFFLE:
        yield from _squares(rows, found, drawn)
        return
    if kind is ChartKind.MULTIPLES:
        yield from panel_lengths(rows, found)
        return
    if kind is ChartKind.SCATTER:
        yield from _points([replace(row, value=float(row.fields[ACROSS])) for row in rows], found, 0, grows=True)
    if kind not in _FROM_NOUGHT:
        yield from _points(rows, found, axis, grows=axis == 0 or downward)
        return
    starts = _starts(kind, rows)
    longest = max(starts, key=lambda number: abs(rows[number].value))
    if not rows[longest].value:
        if any(found.values()):
            yield "something is drawn where all values are zero"
        return
    if not found[longest]:
        yield f"“{_named(rows[longest])}” is not drawn"
        return
    low, high = found[longest][0].reach(axis)
    grows = 1 if axis == 0 else -1
    unit = grows * (high - low) / abs(rows[longest].value)
    start = low if (rows[longest].value > 0) == (axis == 0) else high
    measure = _Measure(start - starts[longest] * unit, unit)
    lines = [one.reach(axis) for one in drawn if one.layer == "nought"]
    if any(abs(sum(line) / 2 - measure.nought) > OFF_PX for line in lines):
        yield f"“{_named(rows[longest])}” does not begin at zero"
    for number, row in ((number, rows[number]) for number in starts):
        wanted = sorted((measure.at(starts[number]), measure.at(starts[number] + row.value)))
        if not found[number] and wanted[1] - wanted[0] > UNSEEN_PX:
            yield f"“{_named(row)}” is not drawn"
        for shape in found[number]:
            low, high = shape.reach(axis)
            if abs(low - wanted[0]) > OFF_PX or abs(high - wanted[1]) > OFF_PX:
                yield f"“{_named(row)}” is not as long as its value"


def _starts(kind: ChartKind, rows: Sequence[ChartValue]) -> dict[int, float]:
    """Where each bar begins: parts where those before them end, in the order in which series are first named."""
    if kind is ChartKind.PARTS:
        shares = [number for number, row in enumerate(rows) if not row.total]
        return {number: sum(rows[before].value for before in shares if before < number) for number in shares}
    if kind is not ChartKind.STACKED:
        return dict.fromkeys(range(len(rows)), 0.0)
    order = list(dict.fromkeys(row.series for row in rows))
    ends: defaultdict[str, float] = defaultdict(float)
    starts: dict[int, float] = {}
    for number in sorted(range(len(rows)), key=lambda number: order.index(rows[number].series)):
        starts[number] = ends[rows[number].category]
        ends[rows[number].category] += rows[number].value
    return starts


def _sides(rows: Sequence[ChartValue], found: Mapping[int, Sequence[DrawnShape]]) -> Iterator[str]:
    """Bars of both sides of a pyramid, on one scale: those of the first series go left from their common edge."""
    first = rows[0].series
    longest = max(range(len(rows)), key=lambda number: rows[number].value)
    if rows[longest].value and not found[longest]:
        yield f"“{_named(rows[longest])}” is not drawn"
        return
    low, high = reach_of(found[longest], 0)
    unit = (high - low) / (rows[longest].value or 1)
    edges: dict[bool, float] = {}
    for number, row in enumerate(rows):
        if not found[number]:
            if row.value * unit > UNSEEN_PX:
                yield f"“{_named(row)}” is not drawn"
            continue
        low, high = reach_of(found[number], 0)
        left = row.series == first
        if abs(edges.setdefault(left, high if left else low) - (high if left else low)) > OFF_PX:
            yield f"“{_named(row)}” does not begin at zero"
        if abs(high - low - row.value * unit) > OFF_PX:
            yield f"“{_named(row)}” is not as long as its value"
    if len(edges) == 2 and edges[True] > edges[False]:
        yield "the sides of the pyramid lie over each other"


def _squares(
    rows: Sequence[ChartValue], found: Mapping[int, Sequence[DrawnShape]], drawn: Sequence[DrawnShape]
) -> Iterator[str]:
    """Each part covers its share of the hundred squares, or of the total."""
    whole = next((row.value for row in rows if row.total), 100.0)
    areas = {number: sum(map(_area, found[number])) for number, row in enumerate(rows) if not row.total}
    rest = sum(_area(one) for one in drawn if one.layer == "rest")
    left = whole - sum(rows[number].value for number in areas)
    unit = (sum(areas.values()) + (rest if left > whole / 1e6 else 0.0)) / whole
    for number, area in areas.items():
        if abs(area - rows[number].value * unit) > whole * unit * 0.004:  # less than half a square
            yield f"“{_named(rows[number])}” has not its share of the squares"


def _area(shape: DrawnShape) -> float:
    (left, right), (top, bottom) = shape.reach(0), shape.reach(1)
    return (right - left) * (bottom - top)


def _points(
    rows: Sequence[ChartValue], found: Mapping[int, Sequence[DrawnShape]], axis: int, grows: bool
) -> Iterator[str]:
    """Marks that do not stand at their values, whose pixels grow with them or shrink."""
    gone = [row for number, row in enumerate(rows) if not found[number]]
    if gone:
        yield f"“{_named(gone[0])}” is not drawn"
        return
    at = [found[number][0].corners[0][axis] for number in range(len(rows))]
    low, high = (pick(range(len(rows)), key=lambda number: rows[number].value) for pick in (min, max))
    wide = rows[high].value - rows[low].value
    if wide and (at[high] > at[low]) != grows:
        yield f"“{_named(rows[high])}” stands on the wrong side of “{_named(rows[low])}”"
    unit = (at[high] - at[low]) / wide if wide else 0.0
    for number, row in enumerate(rows):
        if abs(at[low] + (row.value - rows[low].value) * unit - at[number]) > OFF_PX:
            yield f"“{_named(row)}” does not stand at its value"


# ------------------------------------------------------------------ order


def _order(
    kind: ChartKind,
    rows: Sequence[ChartValue],
    months: Mapping[str, int],
    found: Mapping[int, Sequence[DrawnShape]],
    said: Sequence[DrawnWords],
) -> Iterator[str]:
    """Where marks and names do not follow each other as the data do."""
    if kind is ChartKind.WAFFLE:
        yield from _row(rows, said)
        return
    if kind is ChartKind.MULTIPLES:
        yield from panel_order(rows, months, found, said)
        return
    if kind is ChartKind.SCATTER:
        return  # both of whose places are lengths
    if kind is ChartKind.STACKED:
        yield from strayed(rows, found, said)
    across = 1 - _ALONG.get(kind, 1)
    middle = {
        number: sum(sum(one.reach(across)) for one in those) / (2 * len(those))
        for number, those in found.items()
        if those
    }
    if kind is ChartKind.PARTS:
        yield from _row(rows, said)
        return
    if kind is ChartKind.TIME or (kind is ChartKind.STEPS and any(row.on for row in rows)):
        yield from _time(rows, middle, said)
        return
    if kind in (ChartKind.BARS, ChartKind.COLUMNS):
        ranks = list(range(len(rows)))
        labels = {row.category: number for number, row in enumerate(rows)}
        doubled = len(labels) < len(rows)
    elif kind is ChartKind.GAUGE:
        series = list(dict.fromkeys(row.series for row in rows))
        ranks, labels, doubled = [series.index(row.series) for row in rows], {}, True
    elif kind is ChartKind.GROUPED:
        names = category_order([(row.series, row.category) for row in rows], {})
        series = list(dict.fromkeys(row.series for row in rows))
        ranks = [names.index(row.category) * len(series) + series.index(row.series) for row in rows]
        labels, doubled = {}, True
    else:
        pairs = [(row.series, row.category) for row in rows]
        curve = kind in CURVES
        order = category_order(pairs, period_numbers([name for _, name in pairs], months) if curve else {})
        labels = {name: place for place, name in enumerate(order)}
        ranks, doubled = [labels[row.category] for row in rows], False
    by_rank = sorted((ranks[number], place) for number, place in middle.items())
    for (first, here), (then, there) in pairwise(by_rank):
        if (then > first and there <= here + OFF_PX) or (then == first and abs(there - here) > OFF_PX):
            yield "its marks do not stand in the order of the data"
            return
    at = dict(by_rank)
    for one in said if not doubled else ():
        rank = labels.get(one.text) if one.name else None
        if rank in at and min(at, key=lambda other: abs(at[other] - one.at[across])) != rank:
            yield f"“{one.text}” does not stand at its mark"


def _row(rows: Sequence[ChartValue], said: Sequence[DrawnWords]) -> Iterator[str]:
    """Names of parts follow each other as their parts do, to the right or down."""
    named = [row.label for row in rows if not row.total]
    if len(set(named)) < len(named):
        return
    at = {one.text: one.at for one in said}
    places = [(at[name], name) for name in named if name in at]
    for (here, _), (there, name) in pairwise(places):
        if there[0] <= here[0] and there[1] <= here[1] + 1:
            yield f"“{name}” does not stand at its part"


_YEAR = re.compile(r"(?:.* )?(\d{4})")


def _time(rows: Sequence[ChartValue], middle: Mapping[int, float], said: Sequence[DrawnWords]) -> Iterator[str]:
    """Values stand at their dates; a year's name within that year, another's at its value."""
    days = {number: rows[number].middle for number in middle}
    first, last = min(days, key=days.__getitem__), max(days, key=days.__getitem__)
    if days[first] == days[last]:
        return
    unit = (middle[last] - middle[first]) / (days[last] - days[first])
    if unit <= 0:
        yield "time does not go from left to right"
    for number, day in days.items():
        if abs(middle[first] + (day - days[first]) * unit - middle[number]) > OFF_PX:
            yield f"“{_named(rows[number])}” does not stand at its date"
    labels = {row.label: number for number, row in enumerate(rows) if row.label}
    for one in said:
        if not one.name:
            continue
        if one.text in labels:
            if abs(middle[labels[one.text]] - one.at[0]) > OFF_PX:
                yield f"“{one.text}” does not stand at its mark"
        elif year := _YEAR.fullmatch(one.text):
            day = days[first] + (one.at[0] - middle[first]) / unit
            start = 365.2425 * (int(year[1]) - 1)
            if not start - 2 - OFF_PX / unit <= day <= start + 368 + OFF_PX / unit:
                yield f"“{one.text}” stands in another year"


# ------------------------------------------------------------------ words


def spoken(rows: Sequence[ChartValue], away: Mapping[int, float] | None = None) -> list[tuple[str, str]]:
    """Every word of the data that is to be seen, as a listener hears it, and how a finding names it.

    Values that lie less far `away` from the same words come first: of two values alike, one may have no room.
    """
    found: dict[str, str] = {row.series: row.series for row in rows if row.series}
    found |= {row.label: row.label for row in rows if row.label}
    order = sorted(range(len(rows)), key=lambda number: (away or {}).get(number, 0.0))
    printed = [rows[number] for number in order if rows[number].text]  # the others are read off a scale
    values = [(f"{row.series} {row.text}" if row.series else row.text, row.text, _named(row)) for row in printed]
    return [*found.items(), *((text, named) for _, text, named in values)]


def _nearness(
    rows: Sequence[ChartValue], found: Mapping[int, Sequence[DrawnShape]], said: Sequence[DrawnWords]
) -> dict[int, float]:
    """How far the mark of each row lies from the nearest words that say its value, or the same of another, in px."""
    away = {}
    for number, row in enumerate(rows):
        places = [one.at for one in said if row.text and _squeezed(one.text).endswith(_squeezed(row.text))]
        corners = [corner for shape in found[number] for corner in shape.corners]
        pairs = (math.dist(place, corner) for place in places for corner in corners)
        away[number] = min(pairs, default=math.inf)
    return away


def left_out(wanted: Iterable[tuple[str, str]], said: Iterable[str]) -> Iterator[Finding]:
    """What is heard and not to be seen."""
    there = Counter(_squeezed(text) for text in said)
    joined = Counter(there)
    gone = []
    for text, named in wanted:
        one = _squeezed(text)
        if there[one]:
            there[one] -= 1
        elif whole := next((other for other in joined if there[other] and _holds(other, one)), None):
            there[whole] -= 1
        else:
            gone.append(named)
    if gone:
        rest = f" and {len(gone) - NAMED} more" if len(gone) > NAMED else ""
        named = ", ".join(f"“{one}”" for one in gone[:NAMED]) + rest
        hint = "give it more height or a wider place, or show fewer values; listeners hear them all"
        yield note("chart-unlabelled", f"the chart has no room to print {named}", hint=hint)


def _holds(words: str, text: str) -> bool:
    """Whether words end with a text behind a name, as “Other5%” does, or name a category with its series."""
    return (words.endswith(text) and words[: -len(text)][-1:].isalpha()) or words.startswith(f"{text},")


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _named(row: ChartValue) -> str:
    place = f"{row.category}:" if row.category else ""
    return " ".join(part for part in (row.series, place, row.text) if part)
