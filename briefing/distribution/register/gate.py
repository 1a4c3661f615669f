"""Nothing is handed out before an embargo ends, but to groups that have it in advance, or after a recorded release."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Set

import sqlalchemy as sa

from briefing.distribution import codes
from briefing.distribution.register.register import Writing
from briefing.distribution.register.schema import COPIES, DOCUMENTS, EDITIONS, RECIPIENTS, RUNS
from briefing.findings import Finding, error

_RELEASE = "record released --edition NAME --reason TEXT is for all."


def embargo_faults(writing: Writing, copies: Mapping[int, Set[int]], advance: frozenset[str]) -> Iterator[Finding]:
    """Why copies, by run and number, may not be handed out now; spares are in advance for nobody."""
    query = (
        sa.select(RUNS.c.id, RUNS.c.tag, EDITIONS.c.embargo)
        .join(DOCUMENTS, DOCUMENTS.c.id == RUNS.c.document)
        .join(EDITIONS, EDITIONS.c.id == DOCUMENTS.c.edition)
        .where(RUNS.c.id.in_(sorted(copies)), EDITIONS.c.embargo.is_not(None), EDITIONS.c.released.is_(None))
    )
    now = datetime.datetime.fromisoformat(writing.moment())
    for run, tag, embargo in writing.connection.execute(query):
        until = datetime.datetime.fromisoformat(embargo)
        held = copies[run] - _in_advance(writing.connection, run, advance)
        if now < until and held:
            which = f"copy {min(held)} is" if len(held) == 1 else f"{len(held):,} copies are"
            utc = until.astimezone(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")
            ends = f"until {until.strftime('%Y-%m-%d %H:%M %Z')} ({utc})"
            message = f"{which} under embargo {ends}, run {codes.run_letters(tag)}"
            hint = f"That is in {_span(until - now)}. Groups with advance: true may have theirs before; {_RELEASE}"
            yield error("embargoed", message, writing.where.place, hint)


def _in_advance(connection: sa.Connection, run: int, advance: frozenset[str]) -> set[int]:
    if not advance:
        return set()
    joined = COPIES.join(RECIPIENTS, RECIPIENTS.c.id == COPIES.c.recipient)
    wanted = (COPIES.c.run == run, RECIPIENTS.c.audience.in_(sorted(advance)))
    return set(connection.scalars(sa.select(COPIES.c.number).select_from(joined).where(*wanted)))


def _span(left: datetime.timedelta) -> str:
    hours, seconds = divmod(int(left.total_seconds()), 3600)
    days, hours = divmod(hours, 24)
    said = [f"{days} d"] if days else []
    return " ".join([*said, f"{hours} h", f"{-(-seconds // 60)} min"])
