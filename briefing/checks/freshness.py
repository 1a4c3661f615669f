"""Whether figures and sources may still be relied on: a ledger and a day in, findings out.

Only what a document prints is judged, directly or through a figure that is computed from it. The day is the one that
the command line gives; it is never printed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from briefing import program
from briefing.content.briefing import Briefing
from briefing.content.records import Source, SourceKind, Status
from briefing.findings import At, ContentPath, Finding, Severity, warning
from briefing.ledger.ledger import Ledger, LedgerEntry, dated_at

WEAK = (SourceKind.PARAPHRASE, SourceKind.SUMMARY)  # at second hand: they may have the number wrong


def audit(briefing: Briefing, ledger: Ledger, today: datetime.date) -> tuple[Finding, ...]:
    """What is unchecked, stale, of the future, older than its source or only at second hand."""
    entries = {name: ledger.entries[name] for name in ledger.relied_on()}
    named = {name for entry in entries.values() for name in entry.sources} | ledger.used("sources")
    sources = {name: briefing.sources[name] for name in briefing.sources if name in named}
    told = (
        *_embargo(briefing, today),
        *_unchecked(briefing, entries, sources),
        *(finding for entry in entries.values() for finding in _figure(entry, briefing, today)),
        *(finding for name, source in sources.items() for finding in _source(name, source, briefing, today)),
    )
    return tuple(dict.fromkeys(told))  # the numbers that a chart gives itself are told together


def _embargo(briefing: Briefing, today: datetime.date) -> Iterator[Finding]:
    """An embargo that ended on an earlier day; the hour is for those who hand the paper out."""
    front = briefing.briefing
    if front.status is Status.EMBARGOED and front.embargo and front.embargo.date() < today:
        message = f"the embargo ended on {front.embargo.date()}, and today is {today}"
        yield warning("embargo-over", message, ("briefing", "embargo"), "write status: final, or a later embargo")


def _unchecked(
    briefing: Briefing, entries: Mapping[str, LedgerEntry], sources: Mapping[str, Source]
) -> Iterator[Finding]:
    """One finding for all figures, and one for all sources where the house signs off sources."""
    graver = {Status.FINAL: Severity.ERROR, Status.EMBARGOED: Severity.WARNING}
    severity = graver.get(briefing.briefing.status, Severity.NOTE)
    unsigned = [name for name, entry in entries.items() if not entry.figure.checked]
    unseen = [name for name, source in sources.items() if not source.checked]
    if unsigned:
        hint = f"hold each against its sources, then add checked: {{by: name, on: date}}; see {program.name()} ledger"
        if severity is Severity.ERROR:
            hint += "; or say under answers: why it is printed all the same, with status: final"
        message = f"{len(unsigned)} of {len(entries)} figures of both documents are not signed off: {_some(unsigned)}"
        yield Finding(severity, "figures-unchecked", message, ContentPath(("figures",), key=True), hint)
    if unseen and len(unseen) < len(sources):
        hint = "look at each, then add checked: {by: name, on: date}"
        message = f"{len(unseen)} of {len(sources)} sources are not checked: {_some(unseen)}"
        severity = Severity.WARNING if severity is Severity.ERROR else severity
        yield Finding(severity, "sources-unchecked", message, ContentPath(("sources",), key=True), hint)


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _figure(entry: LedgerEntry, briefing: Briefing, today: datetime.date) -> Iterator[Finding]:
    figure, name, path = entry.figure, entry.chart or entry.id, entry.path[:2]
    sources = [briefing.sources[source] for source in entry.sources if source in briefing.sources]
    dated, at = dated_at(entry, briefing)
    expected = figure.standing is not None  # it tells of a time to come
    if figure.as_of.first > today and not expected:
        hint = "correct as_of:, or build on a later day"
        message = f'"{dated}" is as of {figure.as_of}, and today is {today}'
        yield warning("figure-future", message, at, hint, dated)
    days = [source.date.last for source in sources if source.date]
    if days and len(days) == len(sources) and figure.as_of.first > max(days) and not expected:
        hint = "correct as_of: or the date of the source, or name the source that knows it"
        message = f'"{dated}" is as of {figure.as_of}, after the date of every source that it names'
        yield warning("figure-after-source", message, at, hint, dated)
    if sources and all(source.kind in WEAK for source in sources):
        hint = "find who counted it, or say in the text that it is reported at second hand"
        kinds = " and ".join(sorted({source.kind.value for source in sources}))
        yield warning("figure-weak", f'"{name}" rests on a {kinds} only', (*path, "sources"), hint, name)
    if figure.checked:
        yield from _check("figure", name, figure.checked.on, sources, today, (*path, "checked"))
    told = [max(days, default=min(figure.as_of.last, today))] if expected else [figure.as_of.last]
    seen = max([*told, *([figure.checked.on] if figure.checked else [])])
    at = (*path, "expires") if figure.expires else at
    yield from _fresh("figure", dated, figure.expires, seen, briefing, today, at)


def _source(name: str, source: Source, briefing: Briefing, today: datetime.date) -> Iterator[Finding]:
    path = ("sources", name)
    for key, day in (("date", source.date.first if source.date else None), ("read", source.read)):
        if day and day > today:
            hint = f"correct {key}:, or build on a later day"
            message = f'the source "{name}" has the {key} {day}, and today is {today}'
            yield warning("source-future", message, (*path, key), hint, name)
    if source.checked:
        yield from _check("source", name, source.checked.on, [source], today, (*path, "checked"))
    known = [day for day in (source.read, source.checked.on if source.checked else None) if day]
    known += [source.date.last] if source.date and not known else []
    at = ContentPath((*path, "expires") if source.expires else path, key=not source.expires)
    if known:
        yield from _fresh("source", name, source.expires, max(known), briefing, today, at)


def _check(
    thing: str, name: str, on: datetime.date, sources: list[Source], today: datetime.date, at: At
) -> Iterator[Finding]:
    """A check on a day that has not come, or from before the source was there to be checked."""
    if on > today:
        message, hint = f'the {thing} "{name}" was checked on {on}, and today is {today}', "correct on:"
        yield warning("check-future", message, at, hint, name)
    begun = [day for source in sources for day in (source.date.first if source.date else None, source.read) if day]
    if begun and on < max(begun):
        message = f'the {thing} "{name}" was checked on {on}, before its source of {max(begun)}'
        yield warning("check-older", message, at, "check it again against the source as it is named now", name)


def _fresh(
    thing: str,
    name: str,
    expires: datetime.date | None,
    seen: datetime.date,
    briefing: Briefing,
    today: datetime.date,
    at: At,
) -> Iterator[Finding]:
    """What was good until a day, or has not been looked at for longer than the briefing allows."""
    limit = briefing.briefing.stale_after_days
    if expires and expires < today:
        message = f'the {thing} "{name}" was good until {expires}, and today is {today}'
        yield warning(_EXPIRED[thing], message, at, "look for a newer one, then set a new expires:", name)
    elif limit and (today - seen).days > limit:
        days = (today - seen).days
        message = f'the {thing} "{name}" is {days} days old, and the briefing allows {limit}'
        yield warning(_STALE[thing], message, at, "look for a newer one, or check it again", name)


_EXPIRED = {"figure": "figure-expired", "source": "source-expired"}
_STALE = {"figure": "figure-stale", "source": "source-stale"}
