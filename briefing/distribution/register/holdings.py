"""What the register can be asked: who holds which copies, whose copy a code is, and how many are where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from briefing.distribution import codes
from briefing.distribution.register import chain
from briefing.distribution.register.changes import in_ranges
from briefing.distribution.register.copies import TypedCode, copy_of
from briefing.distribution.register.schema import COPIES, DOCUMENTS, EDITIONS, OUT, RECALLS, RECIPIENTS, RUNS, CopyState
from briefing.findings import Finding

_PERSON = (RECIPIENTS.c.ref, RECIPIENTS.c.name, RECIPIENTS.c.office)
_BESIDE = COPIES.alias("beside")
_HOLDER = sa.func.coalesce(  # of a spare, the first recipient of the parcel that it lies in
    COPIES.c.recipient,
    sa.select(_BESIDE.c.recipient)
    .where(_BESIDE.c.run == COPIES.c.run, _BESIDE.c.parcel == COPIES.c.parcel, _BESIDE.c.recipient.is_not(None))
    .order_by(_BESIDE.c.number)
    .limit(1)
    .scalar_subquery(),
)


@dataclass(frozen=True, slots=True)
class Holding:
    """Copies of one run that one recipient holds."""

    run: str  # its letters
    edition: str
    recipient: int | None  # None for spares of a parcel that is for nobody
    ref: str
    name: str  # and office, as far as they are known
    numbers: str
    count: int
    since: str  # the longest
    lost: int
    spares: int  # that went in the parcel of that recipient


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whose copy a code is."""

    code: str
    number: int
    total: int
    edition: str
    title: str
    language: str
    document: str
    edition_state: str
    superseded_by: str
    run_state: str
    state: str
    since: str
    spare: bool
    recipient: int | None  # whose it is, or in whose parcel the spare lies
    ref: str
    holder: str  # name and office; "" where there is nobody, and where the person was forgotten
    recall: str  # what is asked of its holder
    proven: bool  # that the code is ours; without the key nobody knows


@dataclass(frozen=True, slots=True)
class RunCounts:
    """How many copies of a run are where."""

    run: str
    edition: str
    edition_state: str
    document: str
    state: str
    planned: str  # the moment
    total: int
    spares: int
    copies: Mapping[str, int]  # by state


@dataclass(frozen=True, slots=True)
class RegisterReport:
    """Counts of all runs, and the seal of all that was recorded; no person is in it."""

    runs: tuple[RunCounts, ...]
    events: int
    last: str  # the moment of the last event
    digest: str  # of the last event
    recalls: int  # that are open


def holdings(
    connection: sa.Connection,
    edition: int | None = None,
    run: int | None = None,
    states: Collection[CopyState] = OUT,
) -> tuple[Holding, ...]:
    """Who holds copies that are out, by run and number; of one edition, or of one run."""
    query = _with_edition(
        sa.select(
            *(COPIES.c.run, COPIES.c.number, COPIES.c.state, COPIES.c.since),
            *(COPIES.c.recipient.is_(None).label("spare"), _HOLDER.label("holder")),
            *(RUNS.c.tag, EDITIONS.c.slug, EDITIONS.c.number.label("edition"), *_PERSON),
        ),
        COPIES.join(RUNS, RUNS.c.id == COPIES.c.run).outerjoin(RECIPIENTS, RECIPIENTS.c.id == _HOLDER),
    ).where(COPIES.c.state.in_([state.value for state in states]))
    query = query if edition is None else query.where(EDITIONS.c.id == edition)
    query = query if run is None else query.where(RUNS.c.id == run)
    groups = defaultdict(list)
    for row in connection.execute(query.order_by(COPIES.c.run, COPIES.c.number)):
        groups[row.run, row.holder].append(row)
    return tuple(
        Holding(
            run=codes.run_letters(rows[0].tag),
            edition=f"{rows[0].slug}-{rows[0].edition}",
            recipient=rows[0].holder,
            ref=rows[0].ref or "",
            name=_named(rows[0].name, rows[0].office),
            numbers=in_ranges(row.number for row in rows),
            count=len(rows),
            since=min(row.since for row in rows),
            lost=sum(row.state == "lost" for row in rows),
            spares=sum(bool(row.spare) for row in rows),
        )
        for rows in groups.values()
    )


def verify_code(connection: sa.Connection, typed: TypedCode, key: bytes | None) -> Verdict | Finding:
    """Whose copy a code is, or why it is none of ours."""
    found = copy_of(connection, typed, key)
    if isinstance(found, Finding):
        return found
    code, run = found
    query = _with_edition(
        sa.select(
            *(COPIES.c.state, COPIES.c.since, COPIES.c.recipient, _HOLDER.label("holder"), *_PERSON),
            *(EDITIONS.c.id.label("edition"), EDITIONS.c.slug, EDITIONS.c.number, EDITIONS.c.title),
            *(EDITIONS.c.language, EDITIONS.c.state.label("edition_state"), EDITIONS.c.superseded_by),
            DOCUMENTS.c.name.label("document"),
        ),
        COPIES.join(RUNS, RUNS.c.id == COPIES.c.run).outerjoin(RECIPIENTS, RECIPIENTS.c.id == _HOLDER),
    )
    row = connection.execute(query.where(COPIES.c.run == run.id, COPIES.c.number == code.number)).one()
    wanted = (RECALLS.c.edition == row.edition, RECALLS.c.closed.is_(None))
    return Verdict(
        code=code.shown,
        number=code.number,
        total=run.total,
        edition=f"{row.slug}-{row.number}",
        title=row.title,
        language=row.language,
        document=row.document,
        edition_state=row.edition_state,
        superseded_by=row.superseded_by or "",
        run_state=run.state,
        state=row.state,
        since=row.since,
        spare=row.recipient is None,
        recipient=row.holder,
        ref=row.ref or "",
        holder=_named(row.name, row.office),
        recall=connection.scalar(sa.select(RECALLS.c.action).where(*wanted)) or "",
        proven=key is not None,
    )


def report(connection: sa.Connection) -> RegisterReport:
    """Counts of all runs, and the digest that seals them."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    query = sa.select(COPIES.c.run, COPIES.c.state, sa.func.count()).group_by(COPIES.c.run, COPIES.c.state)
    for run, state, count in connection.execute(query.order_by(COPIES.c.run, COPIES.c.state)):
        counts[run][state] = count
    runs = _with_edition(
        sa.select(
            *(RUNS, EDITIONS.c.slug, EDITIONS.c.number, EDITIONS.c.state.label("edition_state")),
            DOCUMENTS.c.name.label("document_name"),
        ),
        RUNS,
    ).order_by(RUNS.c.id)
    last = chain.last_event(connection)
    return RegisterReport(
        runs=tuple(
            RunCounts(
                run=codes.run_letters(row.tag),
                edition=f"{row.slug}-{row.number}",
                edition_state=row.edition_state,
                document=row.document_name,
                state=row.state,
                planned=row.planned,
                total=row.total,
                spares=row.spares,
                copies=counts[row.id],
            )
            for row in connection.execute(runs)
        ),
        events=last.seq if last else 0,
        last=last.at if last else "",
        digest=last.digest if last else chain.BEGINNING,
        recalls=connection.scalar(sa.select(sa.func.count()).where(RECALLS.c.closed.is_(None))) or 0,
    )


def _with_edition(query: sa.Select[tuple[object, ...]], runs: sa.FromClause) -> sa.Select[tuple[object, ...]]:
    documents = runs.join(DOCUMENTS, DOCUMENTS.c.id == RUNS.c.document)
    return query.select_from(documents.join(EDITIONS, EDITIONS.c.id == DOCUMENTS.c.edition))


def _named(name: str | None, office: str | None) -> str:
    return ", ".join(part for part in (name, office) if part)
