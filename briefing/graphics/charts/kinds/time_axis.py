"""The words of a time axis: the name of each time below its values, or, of many, those of years, months or days."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from babel import Locale
from babel.dates import format_skeleton, get_month_names

from briefing.documents.chart_values import ChartValue
from briefing.graphics.charts.canvas import Canvas
from briefing.graphics.charts.kinds.point_times import missing_times, point_names

_YEARS, _MONTHS = (1, 2, 5, 10, 20, 50, 100), (1, 2, 3, 6)
NAMED_EACH = 12  # times of which each has its name and its tick
A_YEAR, A_WHILE = 400, 45  # days: longer times are named by years, shorter ones by days, and others by months


class NamedSpan(NamedTuple):
    """A time with its name, in half days from the year 1."""

    start: int
    end: int
    name: str
    number: int  # the year, or the month from the year 0


@dataclass(frozen=True)
class TimeAxis:
    """Names below their places, and where ticks stand, in half days from the year 1."""

    names: dict[int, str]
    ticks: tuple[int, ...]
    pale: tuple[float, ...] = ()  # ticks of times that have no value
    lines: Mapping[int, str] = field(default_factory=dict)  # the same names on one line each, where they have two


def place_of(row: ChartValue) -> int:
    """Where a value stands: on its day, or in the middle of its month or year."""
    return round(2 * row.middle)


def time_axis(rows: Sequence[ChartValue], sheet: Canvas) -> TimeAxis:
    """The names of the rows where they have labels, or few of them; or else those of years, months or days."""
    places = [place_of(row) for row in rows]
    labels = {place: row.label for place, row in zip(places, rows, strict=True) if row.label}
    if labels:
        return TimeAxis(labels, tuple(labels))
    if len(set(places)) <= NAMED_EACH:
        each = point_names(rows, sheet.locale)
        folded, lines = ({place: name[n] for place, name in each.items()} for n in (0, 1))
        return TimeAxis(folded, tuple(each), tuple(missing_times(places)), lines)
    low, high = min(places), max(places)
    spans = list(_spans(rows, low, high, sheet.locale))
    middles = {(span.start + span.end) // 2: span.name for span in spans}
    if set(places) <= set(middles) and high > low:  # all values are of years, or all of months
        return TimeAxis(middles, tuple(middles))
    if spans and (every := _every(spans, high - low, sheet)) > 1:
        named = {(s.start + s.end) // 2: s.name for s in spans if s.number % every == 0 and s.start >= low}
        named = {place: name for place, name in named.items() if place <= high}
        return TimeAxis(named, tuple(named)) if named else _days(rows, sheet.locale)
    named = {_middle(span, low, high): span.name for span in spans if _has_room(span, spans, low, high, sheet)}
    edges = {edge for span in spans for edge in (span.start, span.end) if low <= edge <= high}
    return TimeAxis(named, tuple(sorted(edges))) if named else _days(rows, sheet.locale)


def _spans(rows: Sequence[ChartValue], low: int, high: int, locale: Locale) -> Iterator[NamedSpan]:
    """The years or months that the axis touches; nothing where days are to be named."""
    days = (high - low) / 2
    first, last = (datetime.date.fromordinal(place // 2) for place in (low, high))
    yearly = all(row.on and row.last and (row.last - row.on).days > A_YEAR / 2 for row in rows)
    if days > A_YEAR or yearly:
        for year in range(first.year, last.year + 1):
            yield NamedSpan(_begin(year, 1), _begin(year + 1, 1), str(year), year)
    elif days > A_WHILE or all(row.last != row.on for row in rows):
        names = get_month_names("abbreviated", "stand-alone", locale)
        for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
            year, month = divmod(number, 12)
            following = datetime.date(year, month + 1, 1) + datetime.timedelta(calendar.monthrange(year, month + 1)[1])
            yield NamedSpan(_begin(year, month + 1), 2 * following.toordinal(), f"{names[month + 1]}\n{year}", number)


def _every(spans: Sequence[NamedSpan], wide: int, sheet: Canvas) -> int:
    """Of how many times in a row one is named, for the names to have room."""
    room = 0.85 * sheet.width * (spans[0].end - spans[0].start) / max(1, wide)
    steps = _MONTHS if spans[0].name != str(spans[0].number) else _YEARS
    return next((n for n in steps if n * room > sheet.widest([span.name for span in spans]) + 5), steps[-1])


def _begin(year: int, month: int) -> int:
    return 2 * datetime.date(year, month, 1).toordinal()


def _middle(span: NamedSpan, low: int, high: int) -> int:
    """The middle of a time, or of what the axis shows of it."""
    whole = (span.start + span.end) // 2
    return whole if low <= whole <= high else (max(span.start, low) + min(span.end, high)) // 2


def _has_room(span: NamedSpan, spans: Sequence[NamedSpan], low: int, high: int, sheet: Canvas) -> bool:
    """Whether the name of a time stands below nothing else: enough of it is shown, or it keeps off the next name."""
    if 3 * (min(span.end, high) - max(span.start, low)) >= span.end - span.start:
        return True
    at = _middle(span, low, high)
    nearest = min((abs(at - _middle(other, low, high)) for other in spans if other != span), default=0)
    room = 0.85 * sheet.width * nearest / max(1, high - low)
    return room > sheet.widest([other.name for other in spans]) + 5


def _days(rows: Iterable[ChartValue], locale: Locale) -> TimeAxis:
    """The days of the values themselves."""
    names = {
        place_of(row): f"{format_skeleton('MMMd', row.on, locale=locale)}\n{row.on.year}" for row in rows if row.on
    }
    return TimeAxis(names, tuple(names))
