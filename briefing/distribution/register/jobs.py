"""Jobs of printing in the register: what is meant is recorded before a printer hears of it, and what came of it after.

A run has one job at a time that is not over. Copies are recorded as printed by what came out, never by what was sent.
"""

from __future__ import annotations

import fcntl
import os
from collections import Counter
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from briefing.distribution.codes import run_letters
from briefing.distribution.register.changes import AddRows, Change, SetCopies, SetRow, in_ranges, next_id, ranges
from briefing.distribution.register.copies import find_run, read_numbers, withdrawn_faults
from briefing.distribution.register.editions import release_edition
from briefing.distribution.register.gate import embargo_faults
from briefing.distribution.register.plans import MadePart
from briefing.distribution.register.register import Register, Writing
from briefing.distribution.register.run_states import KIND, ON_PAPER, CopyKind, assert_not_cancelled, kind_of, run_state
from briefing.distribution.register.schema import (
    COPIES,
    DOCUMENTS,
    EDITIONS,
    IN_PARCELS,
    JOBS,
    OPEN_JOB,
    PARTS,
    RUNS,
    TO_PRINT,
    CopyState,
    JobState,
)
from briefing.findings import Finding, Place, Refused, error

_LOCK = 0x42524A4F


@dataclass(frozen=True, slots=True)
class PrintJob:
    """Copies of one part that were sent, or are to be, in one go."""

    id: int
    run: int
    part: int
    attempt: int
    first: int
    last: int
    printer: str
    name: str  # by which the printer is asked for it
    job_id: int | None  # its number there
    state: JobState
    impressions: int | None
    last_good: int | None


@dataclass(frozen=True, slots=True)
class PrintRun:
    """What is known of a run that is to be printed."""

    id: int
    letters: str
    total: int
    paper: str
    parts: tuple[MadePart, ...]
    unprinted: tuple[tuple[int, int], ...]  # ranges of numbers, ends included; not of files that go by e-mail
    open_job: PrintJob | None


def read_print_run(register: Register, letters: str) -> PrintRun:
    """The run that is called so, and what of it is still to be printed. Raises `Refused`."""
    with register.reading() as connection:
        run = find_run(connection, letters, register.where.place)
        assert_not_cancelled(connection, {run.id}, register.where.place)
        wanted = sa.select(COPIES.c.number).select_from(IN_PARCELS).where(COPIES.c.run == run.id)
        numbers = connection.scalars(wanted.where(COPIES.c.state.in_(TO_PRINT), ON_PAPER))
        paper = sa.select(DOCUMENTS.c.paper).join(RUNS, RUNS.c.document == DOCUMENTS.c.id).where(RUNS.c.id == run.id)
        columns = [PARTS.c[name] for name in MadePart.__slots__]
        parts = connection.execute(sa.select(*columns).where(PARTS.c.run == run.id).order_by(PARTS.c.first))
        return PrintRun(
            *(run.id, run_letters(run.tag), run.total, str(connection.scalar(paper))),
            tuple(MadePart(*row) for row in parts),
            tuple(ranges(numbers)),
            _open_job(connection, run.id),
        )


def runs_to_print(register: Register) -> list[str]:
    """The letters of runs that are made, and have copies on paper that are not printed yet."""
    with register.reading() as connection:
        left = sa.select(COPIES.c.run).select_from(IN_PARCELS).where(COPIES.c.state.in_(TO_PRINT), ON_PAPER)
        wanted = (RUNS.c.state.in_(("made", "printing")), RUNS.c.id.in_(left))
        found = connection.scalars(sa.select(RUNS.c.tag).where(*wanted).order_by(RUNS.c.id))
        return [run_letters(tag) for tag in found]


def assert_printable(writing: Writing, run: PrintRun, numbers: Set[int], advance: frozenset[str]) -> None:
    """Raise `Refused` where these copies may not be printed now; groups of `advance` may have theirs in an embargo."""
    assert_not_cancelled(writing.connection, {run.id}, writing.where.place)
    faults = [*withdrawn_faults(writing, {run.id}), *embargo_faults(writing, {run.id: numbers}, advance)]
    writing.moment()  # a clock that was set back is refused in any case
    if faults:
        raise Refused(faults)


def release(register: Register, run: PrintRun, reason: str) -> None:
    """Record that the edition of a run may be printed before its embargo ends."""
    with register.reading() as connection:
        edition = sa.select(EDITIONS.c.slug, EDITIONS.c.number, EDITIONS.c.language)
        joined = edition.join(DOCUMENTS, DOCUMENTS.c.edition == EDITIONS.c.id)
        slug, number, _ = connection.execute(
            joined.join(RUNS, RUNS.c.document == DOCUMENTS.c.id).where(RUNS.c.id == run.id)
        ).one()
    release_edition(register, f"{slug}-{number}", reason)


def intend(
    register: Register,
    run: PrintRun,
    part: MadePart,
    copies: tuple[int, int],
    printer: str,
    advance: frozenset[str] = frozenset(),
) -> PrintJob:
    """Record that copies of a part are about to be sent. Raises `Refused` where they may not be."""
    with register.writing() as writing:
        assert_printable(writing, run, set(range(copies[0], copies[1] + 1)), advance)
        if _open_job(writing.connection, run.id):
            raise Refused([_busy(register.where.place, run.letters)])
        first, last = copies
        overlapping = (JOBS.c.run == run.id, JOBS.c.first <= last, JOBS.c.last >= first)
        before = writing.connection.scalar(sa.select(sa.func.max(JOBS.c.attempt)).where(*overlapping))
        attempt = (before or 0) + 1
        name = f"briefing {run.letters}/{first}-{last}/{attempt}"
        job = PrintJob(
            next_id(writing.connection, JOBS),
            *(run.id, part.number, attempt, first, last, printer, name),
            *(None, JobState.SENDING, None, None),
        )
        row = {key: getattr(job, key) for key in PrintJob.__slots__} | {"state": job.state.value}
        writing.record("print-intended", [AddRows("jobs", [row])])
        return job


def record_number(register: Register, job: PrintJob, number: int) -> PrintJob:
    """Record the number that the printer has given to a job, before its pages are sent."""
    return _change(register, job, "print-begun", {"job_id": number})


def record_sent(register: Register, job: PrintJob) -> PrintJob:
    """Record that a printer has taken all pages of a job."""
    return _change(register, job, "print-sent", {"state": JobState.SENT.value})


def record_end(register: Register, job: PrintJob, state: JobState, impressions: int | None, why: str = "") -> None:
    """Record what became of a job: its copies are printed where it is completed, and only then."""
    printed = job.last if state is JobState.COMPLETED else None
    with register.writing() as writing:
        values = {"state": state.value, "impressions": impressions}
        _end(writing, job, values, f"print-{state.value}", printed, why=why)


def settle(register: Register, letters: str, last: int | None) -> tuple[PrintJob, int]:
    """Record up to which number the copies of a job came out whole, as somebody has seen; 0 for none, nothing for all.

    Gives the job, and the number. Raises `Refused` where the run has no job of which that is unknown.
    """
    with register.writing() as writing:
        place = writing.where.place
        run = find_run(writing.connection, letters, place)
        job = _open_job(writing.connection, run.id)
        if job is None or job.state is not JobState.UNKNOWN:
            hint = "Run distribute print: it asks the printer first." if job else ""
            raise Refused([error("settle-nothing", "this run has no job that must be settled", place, hint)])
        good = job.last if last is None else last or job.first - 1
        if not job.first - 1 <= good <= job.last:
            message = f"copy {good} is not of the job that must be settled, which has {job.first} to {job.last}"
            hint = "Say the number on the last sheet that came out whole; --none where no copy did."
            raise Refused([error("settle-number", message, place, hint)])
        values = {"state": JobState.SETTLED.value, "last_good": good}
        _end(writing, job, values, "print-settled", good if good >= job.first else None)
        return job, good


def spoil(register: Register, letters: str, numbers: str, reason: str = "") -> frozenset[int]:
    """Record that copies which came out must be printed again with their own numbers; gives the numbers.

    Raises `Refused` where one was never printed, or has left already.
    """
    with register.writing() as writing:
        place, connection = writing.where.place, writing.connection
        run = find_run(connection, letters, place)
        wanted = set(read_numbers(numbers, run.total, place))
        rows = connection.execute(
            sa.select(COPIES.c.number, *KIND).select_from(IN_PARCELS).where(COPIES.c.run == run.id)
        )
        kinds = {number: kind_of(*kind) for number, *kind in rows if number in wanted}
        assert_not_cancelled(connection, {run.id}, place)
        faults = [
            error("copy-state", f"copy {number} of run {run_letters(run.tag)} is {kinds[number].state}", place, hint)
            for number in sorted(wanted)
            if (hint := _why_not_again(kinds[number]))
        ]
        if faults:
            raise Refused(faults[:50])
        fresh = [number for number in sorted(wanted) if kinds[number].state is CopyState.PRINTED]
        if fresh:
            values = {"state": CopyState.SPOILED.value, "since": writing.moment()}
            counts = Counter(kinds[number] for number in fresh)
            changes: list[Change] = [SetCopies(run.id, fresh, values)]
            changes += run_state(writing, run.id, counts, CopyState.SPOILED)
            writing.record("reprint", changes, numbers=in_ranges(fresh), reason=reason)
        return frozenset(wanted)


@contextmanager
def printing_alone(register: Register, run: PrintRun) -> Iterator[None]:
    """Hold a run for as long as it is printed; whoever else would print it is refused. It ends with the process."""
    place, taken = register.where.place, False
    if register.where.file is None:
        with register.engine.connect() as connection:
            taken = bool(connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_LOCK, run.id))))
            connection.rollback()
            if not taken:
                raise Refused([_busy(place, run.letters)])
            try:
                yield
            finally:
                connection.scalar(sa.select(sa.func.pg_advisory_unlock(_LOCK, run.id)))
        return
    path = register.where.file.with_name(f"{register.where.file.name}-printing-{run.id}")
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused([_busy(place, run.letters)]) from None
        yield
    finally:
        os.close(lock)


def _busy(place: Place, letters: str) -> Finding:
    return error("print-busy", f"run {letters} is being printed by somebody else", place, "Wait until that has ended.")


def _open_job(connection: sa.Connection, run: int) -> PrintJob | None:
    columns = [JOBS.c[name] for name in PrintJob.__slots__]
    query = sa.select(*columns).where(JOBS.c.run == run, JOBS.c.state.in_(OPEN_JOB)).order_by(JOBS.c.id)
    row = connection.execute(query).first()
    return replace(PrintJob(*row), state=JobState(row.state)) if row else None


def _change(register: Register, job: PrintJob, act: str, values: dict[str, Any]) -> PrintJob:
    with register.writing() as writing:
        writing.record(act, [SetRow("jobs", {"id": job.id}, values)])
    changed = replace(job, **values)
    return replace(changed, state=JobState(changed.state))


def _end(writing: Writing, job: PrintJob, values: dict[str, Any], act: str, printed: int | None, why: str = "") -> None:
    """Set a job to what became of it; its copies up to `printed` came out."""
    changes: list[Change] = [SetRow("jobs", {"id": job.id}, values)]
    if printed is not None:
        inside = COPIES.c.number.between(job.first, printed) & COPIES.c.state.in_(TO_PRINT)
        query = sa.select(COPIES.c.number, *KIND).select_from(IN_PARCELS).where(COPIES.c.run == job.run, inside)
        rows = writing.connection.execute(query).all()
        if rows:
            moved = {"state": CopyState.PRINTED.value, "since": writing.moment()}
            changes.append(SetCopies(job.run, [row[0] for row in rows], moved))
            counts = Counter(kind_of(*kind) for _, *kind in rows)
            changes += run_state(writing, job.run, counts, CopyState.PRINTED)
    writing.record(act, changes, **({"why": why} if why else {}))


def _why_not_again(kind: CopyKind) -> str:
    if kind.is_mailed:
        return "It goes by e-mail, and is not printed."
    match kind.state:
        case CopyState.PRINTED | CopyState.SPOILED:
            return ""
        case CopyState.PLANNED:
            return "It was never printed: distribute print prints it."
    return "Its number has left: record what became of it, and issue a spare."
