"""What the times of values are called where an axis names each of them, and which times are missing between them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from babel import Locale
from babel.dates import format_skeleton, get_month_names

from briefing.documents.chart_order import usual_step
from briefing.documents.chart_values import ChartValue

NEARLY_A_YEAR, NEARLY_A_MONTH, SOME_YEARS = 300, 26, 1000  # days
SEASON, DAYS_OF_A_MONTH = 45, 5  # days within which times of a year, or of a month, are the same
A_YEAR, A_MONTH = 365.25, 30.44


class TimeName(NamedTuple):
    """A time in words: on two lines, of which the second is the year, and on one, as the language writes it."""

    folded: str
    line: str


def point_names(rows: Sequence[ChartValue], locale: Locale) -> dict[int, TimeName]:
    """A name for the time of each value, no more exact than tells it from the others.

    Places are half days from the year 1, as on the axis.
    """
    at = {round(2 * row.middle): row for row in sorted(rows, key=lambda row: row.middle)}
    days = {place: datetime.date.fromordinal(place // 2) for place in at}
    lasts = [(row.last - row.on).days if row.last and row.on else 0 for row in at.values()]
    least = min((b - a for a, b in pairwise(sorted(at))), default=2 * SOME_YEARS) / 2
    if _by_years(list(days.values()), min(lasts), least):
        return {place: TimeName(str(day.year), str(day.year)) for place, day in days.items()}
    if least >= NEARLY_A_MONTH and (min(lasts) > DAYS_OF_A_MONTH or _alike([*days.values()], A_MONTH, DAYS_OF_A_MONTH)):
        months = get_month_names("abbreviated", "stand-alone", locale)
        said = {place: (months[day.month], day.year) for place, day in days.items()}
        return {place: TimeName(f"{month}\n{year}", f"{month} {year}") for place, (month, year) in said.items()}
    starts = {place: row.on or days[place] for place, row in at.items()}
    return {place: _day_name(day, locale) for place, day in starts.items()}


def _day_name(day: datetime.date, locale: Locale) -> TimeName:
    short = format_skeleton("MMMd", day, locale=locale)
    return TimeName(f"{short}\n{day.year}", format_skeleton("yMMMd", day, locale=locale))


def _by_years(days: Sequence[datetime.date], shortest: int, least: float) -> bool:
    """Whether a year tells each from the others: they last a year, or lie far apart, or in one season of each year."""
    if len({day.year for day in days}) < len(days):
        return False
    return shortest > NEARLY_A_YEAR or least > SOME_YEARS or (least >= NEARLY_A_YEAR and _alike(days, A_YEAR, SEASON))


def _alike(days: Sequence[datetime.date], period: float, within: float) -> bool:
    """Whether all days lie at about one place of their year or month."""
    places = sorted(day.timetuple().tm_yday if period == A_YEAR else day.day for day in days)
    gaps = [b - a for a, b in pairwise(places)] + [places[0] + period - places[-1]]
    return period - max(gaps) <= within


def missing_times(places: Sequence[int]) -> Iterator[float]:
    """The places at which values would stand that are missing where values follow each other at one distance."""
    step = usual_step(places)
    if not step:
        return
    for one, other in pairwise(sorted(set(places))):
        count = round((other - one) / step)
        if abs(other - one - count * step) <= step / 4:
            yield from (one + n * (other - one) / count for n in range(1, count))
