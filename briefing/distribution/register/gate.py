"""What is not handed out yet: before an embargo ends, but to groups in advance; and before the groups that come first.

After a recorded release an embargo holds nobody any more.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Set

import sqlalchemy as sa

from briefing.distribution import codes
from briefing.distribution.register.register import Writing
from briefing.distribution.register.schema import (
    CANCELLED,
    COPIES,
    DOCUMENTS,
    EDITIONS,
    RECIPIENTS,
    RUNS,
    TO_PRINT,
    CopyState,
)
from briefing.findings import Finding, error

_HERE = (CopyState.PRINTED, *TO_PRINT)
_EDITIONS_OF_RUNS = RUNS.join(DOCUMENTS, DOCUMENTS.c.id == RUNS.c.document).join(
    EDITIONS, EDITIONS.c.id == DOCUMENTS.c.edition
)
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


def order_faults(
    writing: Writing, copies: Mapping[int, Set[int]], receiver: int | None, after: Mapping[str, str]
) -> Iterator[Finding]:
    """Why copies, by run and number, may not leave yet: a group that theirs comes `after` still lacks some.

    What leaves together with them lacks no more. Spares that go to a `receiver` are of its group.
    """
    if not after:
        return
    group = writing.connection.scalar(sa.select(RECIPIENTS.c.audience).where(RECIPIENTS.c.id == receiver))
    runs = [run for run, numbers in copies.items() if numbers]
    of_run = sa.select(EDITIONS.c.id, EDITIONS.c.slug, EDITIONS.c.number).select_from(_EDITIONS_OF_RUNS)
    for edition, slug, number in writing.connection.execute(of_run.where(RUNS.c.id.in_(sorted(runs))).distinct()):
        leaving, here = _groups(writing.connection, edition, copies)
        for one in sorted({group} if group else leaving):
            for first in _before(one, after):
                if count := here[first]:
                    which = "1 copy is" if count == 1 else f"{count:,} copies are"
                    message = (
                        f"{one} comes after {first}, of whose copies of edition {slug}-{number} {which} still here"
                    )
                    hint = f"Record those of {first} before, or with the same command: distribution.yaml says after:."
                    yield error("group-order", message, writing.where.place, hint)


def _groups(connection: sa.Connection, edition: int, copies: Mapping[int, Set[int]]) -> tuple[set[str], Counter[str]]:
    """Of an edition, the groups of the copies that leave, and how many of each group are here and stay."""
    joined = _EDITIONS_OF_RUNS.join(COPIES, COPIES.c.run == RUNS.c.id)
    joined = joined.join(RECIPIENTS, RECIPIENTS.c.id == COPIES.c.recipient)
    columns = (COPIES.c.run, COPIES.c.number, COPIES.c.state, RECIPIENTS.c.audience)
    wanted = (EDITIONS.c.id == edition, RUNS.c.state != CANCELLED)
    leaving, here = set[str](), Counter[str]()
    for run, number, state, group in connection.execute(sa.select(*columns).select_from(joined).where(*wanted)):
        if number in copies.get(run, ()):
            leaving.add(group)
        elif state in _HERE:
            here[group] += 1
    return leaving, here


def _before(group: str, after: Mapping[str, str]) -> list[str]:
    """The groups that must have theirs before this one, nearest first."""
    found: list[str] = []
    while (group := after.get(group, "")) and group not in found:
        found.append(group)
    return found


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
