"""Meaning: weekdays, percentages and numbers that do not agree with what stands beside them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from babel.dates import get_day_names

from briefing.checks.reading import Passage, Reading, sentences
from briefing.content.briefing import Briefing
from briefing.content.records import Qualifier
from briefing.findings import Finding, warning
from briefing.language.wording import Wording
from briefing.ledger.ledger import Ledger, LedgerEntry


def check(read: Reading, briefing: Briefing, ledger: Ledger, wording: Wording) -> Iterator[Finding]:
    """What a document says twice, in two ways that do not agree."""
    dates = _dates(wording)
    days = get_day_names("wide", locale=wording.locale)
    names = [days[number].lower() for number in range(7)]  # Monday first, which is not their order in all locales
    for passage in read.texts:
        yield from _weekdays(passage, briefing.briefing.date, dates, names, wording)
        yield from _percentages(passage, briefing, ledger, wording)


# ------------------------------------------------------------------ weekdays


def _dates(wording: Wording) -> re.Pattern[str]:
    """A weekday and a date beside it, in the order of either English or in that of most other languages."""
    days = "|".join(map(re.escape, get_day_names("wide", locale=wording.locale).values()))
    months = "|".join(map(re.escape, wording.month_names))
    between = r"[,]?\s+(?:(?:the|den|dem|el|le|il)\s+)?"
    number, year = r"\d{1,2}", r",?\s+(?:de\s+)?"
    first = (
        rf"(?P<day>{number})(?:\.|st|nd|rd|th|er|º)?\s+(?:(?:of|de)\s+)?(?P<month>{months})(?:{year}(?P<year>\d{{4}}))?"
    )
    second = rf"(?P<month2>{months})\s+(?P<day2>{number})(?:st|nd|rd|th)?(?:{year}(?P<year2>\d{{4}}))?"
    return re.compile(rf"\b(?P<name>{days}){between}(?:{first}|{second})(?!\w)", re.IGNORECASE)


def _weekdays(
    passage: Passage, of: datetime.date, dates: re.Pattern[str], names: list[str], wording: Wording
) -> Iterator[Finding]:
    months = [month.lower() for month in wording.month_names]
    for found in dates.finditer(passage.text):
        written = found["year"] or found["year2"]
        if passage.later and not written:
            continue  # of which year cannot be told
        month = months.index((found["month"] or found["month2"]).lower()) + 1
        possible = _possible(int(written) if written else None, month, int(found["day"] or found["day2"]), of)
        fitting = [names[date.weekday()] for date in possible]
        if fitting and found["name"].lower() not in fitting:
            message = f"“{found[0]}”: that day of {possible[0].year} is a {fitting[0].title()}"
            hint = "correct the weekday or the date"
            yield warning("weekday-wrong", message, passage.path, hint, passage.about)


def _possible(year: int | None, month: int, day: int, of: datetime.date) -> list[datetime.date]:
    """That day of the year; where none is named, of the briefing's own, or of the next or last within half a year."""
    found = []
    for candidate in [year] if year else [of.year, of.year - 1, of.year + 1]:
        try:
            date = datetime.date(candidate, month, day)
        except ValueError:
            continue
        if candidate in (year, of.year) or abs(date - of).days <= 183:
            found.append(date)
    return found


# ------------------------------------------------------------------ percentages

_CLAUSE = re.compile(
    r"(?:(?!;|:|,\s+(?:and|but|while|whereas|although|since|und|aber|während|et|mais|y|pero|e|ma|en|maar)\s).)+",
    re.DOTALL,
)
_BOUNDS = (Qualifier.MORE_THAN, Qualifier.FEWER_THAN, Qualifier.UP_TO, Qualifier.AT_LEAST, Qualifier.AT_MOST)


@dataclass(frozen=True)
class _Span:
    """The least and the most that a number may stand for, rounded as it is."""

    low: Decimal
    high: Decimal


def _percentages(passage: Passage, briefing: Briefing, ledger: Ledger, wording: Wording) -> Iterator[Finding]:
    """A percentage beside two numbers of one kind, of which it is neither share nor change; points likewise."""
    clauses = [
        (start + found.start(), start + found.end())
        for start, end in sentences(passage.text, briefing.names, wording.locale.language)
        for found in _CLAUSE.finditer(passage.text[start:end])
    ]
    for start, end in clauses:
        ids = dict.fromkeys(spot.figure for spot in passage.figures if start <= spot.start < end)
        entries = [ledger.entries[id_] for id_ in ids if id_ in ledger.entries]
        points = [entry for entry in entries if entry.unit == "points"]
        percents = points or [entry for entry in entries if entry.unit == "percent"]
        others = [entry for entry in entries if entry not in percents]
        if len(percents) != 1 or len(others) != 2 or others[0].unit != others[1].unit:
            continue
        (percent,) = percents
        if (
            bool(points) != (others[0].unit == "percent")
            or percent.figure.operands
            or any(entry.qualifier in _BOUNDS or entry.disputed for entry in entries)
        ):
            continue
        values = [entry.value for entry in entries]
        if not all(isinstance(value, Decimal) and value > 0 for value in values):
            continue
        follows = _is_gap if points else _follows
        if not follows(_rounded(percent), _rounded(others[0]), _rounded(others[1])):
            message = f'"{percent.id}" is neither the share nor the change of "{others[0].id}" and "{others[1].id}"'
            hint = "correct it, give it share_of: or change_of:, or say in another sentence what it is a percentage of"
            yield warning("percent-doubtful", message, passage.path, hint, percent.id)


NEAR = Decimal("0.02")  # of a number; what differs more is another number


def _rounded(entry: LedgerEntry) -> _Span:
    """What a figure may stand for: half a step of its last digit that is not zero to each side.

    Without a qualifier a percentage is as exact as it is written, and a number is not taken for a rounder one.
    """
    assert isinstance(entry.value, Decimal)
    half = _step(entry.value) / 2
    if not entry.qualifier:
        half = min(half, Decimal("0.5") if entry.unit in ("percent", "points") else NEAR * entry.value)
    return _Span(entry.value - half, entry.value + half)


def _step(value: Decimal) -> Decimal:
    """The weight of a number's last digit that is not zero."""
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def _follows(percent: _Span, first: _Span, second: _Span) -> bool:
    """Whether a percentage can be a share, what is left of it, or a change, of two numbers, within their rounding."""
    for part, whole in ((first, second), (second, first)):
        if whole.low <= 0:
            return True
        low, high = part.low / whole.high * 100, part.high / whole.low * 100
        shares = ((low, high), (100 - high, 100 - low), (low - 100, high - 100))
        if any(percent.low <= most and least <= percent.high for least, most in shares):
            return True
    return False


def _is_gap(points: _Span, first: _Span, second: _Span) -> bool:
    """Whether percentage points can be what lies between two percentages, within their rounding."""
    pairs = ((first, second), (second, first))
    return any(points.low <= more.high - less.low and more.low - less.high <= points.high for more, less in pairs)


# ------------------------------------------------------------------ between the documents


def between(ledger: Ledger) -> Iterator[Finding]:
    """Numbers that the two documents seem to give in different precision."""
    brief, sheet = (ledger.used("figures", name) for name in Briefing.DOCUMENTS)
    for use in {use.id: use for use in ledger.uses if use.group == "figures" and use.document}.values():
        other_side = (sheet if use.id in brief else brief) - (sheet & brief)
        if use.id in sheet & brief or use.id not in ledger.entries or ledger.entries[use.id].chart:
            continue  # a chart may give in its own way what is said more exactly elsewhere
        for other in sorted(other_side & ledger.entries.keys()):
            coarse, fine = ledger.entries[use.id], ledger.entries[other]
            if not fine.chart and _is_rounded(coarse, fine):
                message = f'"{coarse.id}" ({coarse.value:f}) and "{fine.id}" ({fine.value:f}) look like one number'
                hint = "print one figure in both documents, or say in the text how the two differ"
                yield warning("precision-differs", message, use.path, hint, coarse.id)


def _is_rounded(coarse: LedgerEntry, fine: LedgerEntry) -> bool:
    """Whether one figure is another, rounded."""
    same = coarse.unit == fine.unit and coarse.figure.as_of == fine.figure.as_of and coarse.unit not in ("date", "year")
    if not same or not isinstance(coarse.value, Decimal) or not isinstance(fine.value, Decimal):
        return False
    one, other = coarse.amount.printed.value, fine.amount.printed.value
    assert isinstance(one, Decimal)
    assert isinstance(other, Decimal)
    step = _step(one)
    if one == other or not other or step <= _step(other) or abs(one) < 10 * step:
        return False
    gap = abs(one - other)
    return gap <= step / 2 and gap <= NEAR * abs(other)
