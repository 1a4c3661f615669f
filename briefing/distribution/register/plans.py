"""Plans recorded: edition, documents, recipients, runs with their copies and parcels; and the parts that are made."""

from __future__ import annotations

import datetime
import hashlib
import itertools
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from briefing.distribution.codes import MOST, run_letters
from briefing.distribution.records import DistributionPlan, Recipient, RunPlan
from briefing.distribution.register.changes import AddRows, AllotCopies, Change, SetRow, next_id
from briefing.distribution.register.register import Register, Writing
from briefing.distribution.register.run_states import assert_not_cancelled, cancel_runs
from briefing.distribution.register.schema import (
    CANCELLED,
    COPIES,
    DOCUMENTS,
    EDITIONS,
    JOBS,
    OPEN_JOB,
    PARTS,
    PERSONAL,
    RECIPIENTS,
    RUNS,
    CopyState,
)
from briefing.findings import Refused, error


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """Which edition of which brief is handed out."""

    slug: str
    number: int
    language: str
    title: str
    dated: datetime.date
    content_sha256: str
    embargo: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """The finished file that a run is made of."""

    name: str  # brief, fact_sheet
    use: str
    paper: str
    pages: int
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """A run that the register knows."""

    id: int
    tag: int  # the run of its codes
    total: int
    state: str

    @property
    def letters(self) -> str:
        """How it is called: the first four letters of its codes."""
        return run_letters(self.tag)


@dataclass(frozen=True, slots=True)
class MadePart:
    """A file with copies of a run."""

    number: int
    first: int
    last: int
    file: str  # its name, within the folder of the register
    sha256: str


def record_plan(
    register: Register,
    edition: EditionFacts,
    plan: DistributionPlan,
    documents: Sequence[DocumentFacts],
    recipients: Iterable[Recipient],
    again: bool = False,
) -> tuple[RecordedRun, ...]:
    """Record what is to be made, as one act, and give its runs in their order; `documents` are those of the runs.

    The same plan for the same documents is recorded once, and found when it is recorded again, unless it is to be
    printed `again`. Where the edition has another content now, the runs of the former one are cancelled. Raises
    `Refused` where copies of the edition were printed with another content, or it is withdrawn.
    """
    with register.writing() as writing:
        at, changes = writing.moment(), list[Change]()
        edition_id, is_new = _edition(writing, edition, changes)
        recorded, new = list[RecordedRun](), list[tuple[RecordedRun, RunPlan]]()
        runs = _Runs(writing.connection, plan.list_sha256, at)
        for run, facts in zip(plan.runs, documents, strict=True):
            document = _document(writing.connection, edition_id, facts, changes)
            known = None if again or is_new else runs.find(run, document)
            recorded.append(known or runs.add(run, facts, document, changes))
            if known is None:
                new.append((recorded[-1], run))
        wanted = {part.recipient for _, run in new for part in run.allotments if part.recipient is not None}
        people = _recipients(writing.connection, [one for one in recipients if one.ref in wanted], changes)
        for one, run in new:
            changes += _parcels_and_copies(one, run, people, at)
        if changes:
            writing.record("planned", changes, plan=plan.sha256)
        return tuple(recorded)


def letters_of(connection: sa.Connection, plan: DistributionPlan) -> dict[str, str]:
    """The letters of the newest runs of a plan that the register knows, by the digests of their plans."""
    same = (RUNS.c.list_sha256 == plan.list_sha256, RUNS.c.state != CANCELLED)
    rows = connection.execute(sa.select(RUNS.c.plan_sha256, RUNS.c.tag).where(*same).order_by(RUNS.c.id))
    return {row.plan_sha256: run_letters(row.tag) for row in rows}


def record_parts(register: Register, run: RecordedRun, parts: Sequence[MadePart]) -> None:
    """Record the files of a run; when they cover it, it is made. Raises `Refused` where one had other bytes before."""
    with register.writing() as writing:
        assert_not_cancelled(writing.connection, {run.id}, writing.where.place)
        known = {
            row.number: row for row in writing.connection.execute(sa.select(PARTS).where(PARTS.c.run == run.id)).all()
        }
        for part in parts:
            if part.number in known and known[part.number].sha256 != part.sha256:
                message = f"part {part.number} of run {run.letters} was made before, with other bytes"
                hint = "What was made is kept as it is: the same copies must print the same. Plan a run anew."
                raise Refused([error("part-differs", message, writing.where.place, hint)])
        rows = [
            {"run": run.id} | {name: getattr(part, name) for name in MadePart.__slots__}
            for part in parts
            if part.number not in known
        ]
        changes: list[Change] = [AddRows("parts", rows)] if rows else []
        covered = sum(row.last - row.first + 1 for row in known.values())
        covered += sum(int(row["last"]) - int(row["first"]) + 1 for row in rows)
        state = writing.connection.scalar(sa.select(RUNS.c.state).where(RUNS.c.id == run.id))
        if state == "planned" and covered >= run.total:
            changes.append(SetRow("runs", {"id": run.id}, {"state": "made"}))
        if changes:
            writing.record("made", changes)


def seal(person: Mapping[Any, Any]) -> str:
    """The digest that an event holds of a person's data; the salt in it goes with the person."""
    said = json.dumps([person[name] for name in PERSONAL], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _edition(writing: Writing, facts: EditionFacts, changes: list[Change]) -> tuple[int, bool]:
    """The number of the edition, and whether it or its content is new. Until a copy is printed, that may change."""
    row: dict[str, Any] = {name: getattr(facts, name) for name in EditionFacts.__slots__}
    row |= {"dated": facts.dated.isoformat(), "embargo": facts.embargo.isoformat() if facts.embargo else None}
    same = [EDITIONS.c[name] == row[name] for name in ("slug", "number", "language")]
    known = writing.connection.execute(sa.select(EDITIONS).where(*same)).first()
    if known is None:
        _assert_free(writing, facts)
        number = next_id(writing.connection, EDITIONS)
        more = {"state": "current", "released": None, "superseded_by": None, "reason": None}
        changes.append(AddRows("editions", [{"id": number, **row, **more}]))
        return number, True
    name = f"{facts.slug}-{facts.number}"
    if known.state == "withdrawn":
        message = f"edition {name} is withdrawn: no copy of it is made"
        raise Refused([error("edition-withdrawn", message, writing.where.place)])
    if known.content_sha256 == facts.content_sha256:
        return int(known.id), False
    runs = sa.select(RUNS.c.id).join(DOCUMENTS, DOCUMENTS.c.id == RUNS.c.document)
    runs = runs.where(DOCUMENTS.c.edition == known.id)
    if _is_printed(writing.connection, runs):
        message = f"copies of edition {name} were printed with another content, or are at a printer"
        hint = "What has changed is another edition: give it the next number in the content."
        raise Refused([error("edition-changed", message, writing.where.place, hint)])
    changes.append(SetRow("editions", {"id": known.id}, row))
    changes += cancel_runs(writing.connection, runs)
    return int(known.id), True


def _assert_free(writing: Writing, facts: EditionFacts) -> None:
    """Refuse an edition whose name another one has: names, addresses and folders would be one."""
    same = (EDITIONS.c.slug == facts.slug, EDITIONS.c.number == facts.number)
    other = writing.connection.scalar(sa.select(EDITIONS.c.language).where(*same))
    if other is not None:
        message = f"edition {facts.slug}-{facts.number} is in the register already, in another language: {other}"
        hint = "Give this one another short_title, by which its name and address differ."
        raise Refused([error("edition-taken", message, writing.where.place, hint)])


def _is_printed(connection: sa.Connection, runs: sa.Select[tuple[int]]) -> bool:
    """Whether a copy of these runs has come out, or may have."""
    printed = sa.select(COPIES.c.run).where(COPIES.c.run.in_(runs), COPIES.c.state != CopyState.PLANNED.value)
    sent = sa.select(JOBS.c.run).where(JOBS.c.run.in_(runs), JOBS.c.state.in_(OPEN_JOB))
    return any(connection.execute(query.limit(1)).first() is not None for query in (printed, sent))


def _document(connection: sa.Connection, edition: int, facts: DocumentFacts, changes: list[Change]) -> int:
    row: dict[str, Any] = {"edition": edition, "name": facts.name, "used_for": facts.use, "paper": facts.paper}
    row["sha256"] = facts.sha256
    about = {"pages": facts.pages, "bytes": facts.bytes}
    found = connection.scalar(sa.select(DOCUMENTS.c.id).where(*(DOCUMENTS.c[name] == row[name] for name in row)))
    added = [change for change in changes if isinstance(change, AddRows) and change.table == "documents"]
    for change in added:
        if all(change.rows[0][name] == row[name] for name in row):
            return int(change.rows[0]["id"])
    if found is None:
        found = next_id(connection, DOCUMENTS) + len(added)
        changes.append(AddRows("documents", [{"id": found, **row, **about}]))
    return found


class _Runs:
    """The runs of one plan: those that are known, and those that are added."""

    def __init__(self, connection: sa.Connection, list_sha256: str, at: str) -> None:
        self._connection, self._list_sha256, self._at = connection, list_sha256, at
        self._next = next_id(connection, RUNS)
        self._tags = set(connection.scalars(sa.select(RUNS.c.tag)))

    def find(self, run: RunPlan, document: int) -> RecordedRun | None:
        """The newest run of the same copies for the same list."""
        same = (RUNS.c.document == document, RUNS.c.plan_sha256 == run.sha256)
        query = sa.select(RUNS).where(*same, RUNS.c.list_sha256 == self._list_sha256, RUNS.c.state != CANCELLED)
        row = self._connection.execute(query.order_by(RUNS.c.id.desc())).first()
        return RecordedRun(row.id, row.tag, row.total, row.state) if row else None

    def add(self, run: RunPlan, facts: DocumentFacts, document: int, changes: list[Change]) -> RecordedRun:
        """A new run, whose letters follow from what it is made of."""
        assert run.total <= MOST, run.total
        recorded = RecordedRun(self._next, self._tag(run, facts), run.total, "planned")
        self._next += 1
        self._tags.add(recorded.tag)
        row: dict[str, Any] = {
            "id": recorded.id,
            "tag": recorded.tag,
            "document": document,
            "total": run.total,
            "spares": run.spares,
        }
        row |= {"overs": run.overs, "plan_sha256": run.sha256, "list_sha256": self._list_sha256}
        changes.append(AddRows("runs", [{**row, "planned": self._at, "state": "planned", "purged": None}]))
        return recorded

    def _tag(self, run: RunPlan, facts: DocumentFacts) -> int:
        for attempt in itertools.count():
            said = "\n".join((run.sha256, self._list_sha256, facts.sha256, str(attempt)))
            tag = int.from_bytes(hashlib.sha256(said.encode()).digest()[:3]) >> 4
            if tag not in self._tags:
                return tag
        raise AssertionError


def _recipients(connection: sa.Connection, people: Sequence[Recipient], changes: list[Change]) -> dict[str, int]:
    """Recipients by ref. One whose data differ from what is recorded is recorded anew, for its new copies."""
    columns = [RECIPIENTS.c[name] for name in PERSONAL if name != "salt"]
    query = sa.select(RECIPIENTS.c.id, *columns).where(RECIPIENTS.c.erased.is_(None)).order_by(RECIPIENTS.c.id)
    known = {tuple(row[1:]): int(row.id) for row in connection.execute(query)} if people else {}
    following, rows, found = next_id(connection, RECIPIENTS), list[dict[str, Any]](), dict[str, int]()
    for person in people:
        data = tuple(getattr(person, column.name) for column in columns)
        number = known.get(data)
        if number is None:
            number = following + len(rows)
            row = {"id": number, **{column.name: text for column, text in zip(columns, data, strict=True)}}
            row |= {"salt": secrets.token_hex(16), "audience": person.group, "language": person.language}
            rows.append(row | {"delivery": str(person.delivery), "seal": seal(row), "erased": None})
        found[person.ref] = number
    if rows:
        changes.append(AddRows("recipients", rows))
    return found


def _parcels_and_copies(
    recorded: RecordedRun, run: RunPlan, people: Mapping[str, int], at: str
) -> tuple[AddRows, AllotCopies]:
    unsent = {"carrier": None, "tracking": None, "sent": None}
    parcels = [
        {"run": recorded.id, "number": one.number, "first": one.first, "last": one.last, "grams": one.grams}
        | {"delivery": str(one.delivery), **unsent}
        for one in run.parcels
    ]
    ranges = [
        (part.first, part.last, people[part.recipient] if part.recipient is not None else None, part.parcel)
        for part in run.allotments
    ]
    return AddRows("parcels", parcels), AllotCopies(recorded.id, at, ranges)
