"""The days on which sources were read: which of them a list of sources says once, for many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date

from briefing.content.scalars import Day, Period

FORTNIGHT = 14  # days within which all sources were read as good as at once


def days_said_once(dates: Sequence[date | None]) -> set[date]:
    """The days of reading that no source need say: all that lie in a fortnight, or one that a third of them share."""
    known = [day for day in dates if day]
    if len(known) < len(dates) or len(known) < 2:
        return set()
    if (max(known) - min(known)).days < FORTNIGHT:
        return set(known)
    usual, count = Counter(known).most_common(1)[0]
    return {usual} if count > 1 and count * 3 >= len(known) else set()


def span_of(days: Collection[date]) -> Period:
    """From the first of these days to the last."""
    first, last = (Day(day.year, day.month, day.day) for day in (min(days), max(days)))
    return Period(first, last)
