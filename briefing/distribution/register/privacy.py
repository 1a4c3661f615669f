"""Persons forgotten: on demand, and when the time for which their data are kept is over.

Rows of copies, and events, hold a number in place of a person, so that counts and chain stay whole.
"""

from __future__ import annotations

import contextlib
import datetime
import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from briefing.distribution import codes
from briefing.distribution.private_folder import remove_unfinished
from briefing.distribution.register import whereabouts
from briefing.distribution.register.changes import Change, SetRow, erased
from briefing.distribution.register.people import recipients_called
from briefing.distribution.register.register import Register, Writing
from briefing.distribution.register.schema import COPIES, OUT, PARCELS, RECIPIENTS, RUNS
from briefing.distribution.register.whereabouts import RECALLS, UNRECORDED, run_folder
from briefing.findings import Finding, Place, Refused, error, note, warning

_OUT = [state.value for state in OUT]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was taken away: rows of recipients, and the runs whose files are gone."""

    recipients: int
    runs: tuple[str, ...]
    findings: tuple[Finding, ...]


def forget(register: Register, ref: str) -> Forgotten:
    """Erase the recipient of that ref, or of that number, from the register. Raises `Refused` where it is unclear who.

    Files that were made with the name go with `purge`; what was left of them half made goes now.
    """
    with register.writing() as writing:
        ids = recipients_called(writing, ref)
        _remove_unfinished(register)
        out = sa.select(sa.func.count()).where(COPIES.c.recipient.in_(ids), COPIES.c.state.in_(_OUT))
        count = writing.connection.scalar(out) or 0
        writing.record("forgotten", list(_erase(writing, ids)))
    found = list(_scrub(register))
    if count:
        message = f"{count} copies are still out with the recipient: nobody can be told of a recall"
        found.append(warning("forgotten-holder", message, register.where.place))
    return Forgotten(len(ids), (), tuple(found))


def purge(register: Register, keep_days: int) -> Forgotten:
    """Take away the files of runs that are older than so many days, and of runs with somebody who was forgotten.

    Then those recipients are erased who have copies in such old runs alone, and none that is out.
    """
    with register.writing() as writing:
        until = writing.now().astimezone(datetime.UTC) - datetime.timedelta(days=keep_days)
        oldest = until.strftime("%Y-%m-%dT%H:%M:%SZ")
        runs = _runs_to_purge(writing.connection, oldest)
        for _, letters, _ in runs:
            _remove(register, letters)
        for folder in (UNRECORDED, RECALLS):  # of an age that nobody knows; they can be packed again
            _remove(register, folder)
        _remove_unfinished(register)
        at = writing.moment()
        changes: list[Change] = [SetRow("runs", {"id": run}, {"purged": at}) for run, _, new in runs if new]
        ids = _recipients_to_purge(writing.connection, oldest)
        changes += _erase(writing, ids)
        if changes:
            writing.record("purged", changes, keep_days=keep_days)
    return Forgotten(len(ids), tuple(letters for _, letters, _ in runs), tuple(_scrub(register)))


def _erase(writing: Writing, ids: Collection[int]) -> Iterator[Change]:
    at = writing.moment()
    for number in sorted(ids):
        yield SetRow("recipients", {"id": number}, {**erased(), "erased": at})
    sent = (
        sa.select(PARCELS.c.run, PARCELS.c.number)
        .join(COPIES, sa.and_(COPIES.c.run == PARCELS.c.run, COPIES.c.parcel == PARCELS.c.number))
        .where(COPIES.c.recipient.in_(ids), PARCELS.c.tracking.is_not(None))
        .distinct()
    )
    for run, number in writing.connection.execute(sent):
        yield SetRow("parcels", {"run": run, "number": number}, {"tracking": None})


def _runs_to_purge(connection: sa.Connection, oldest: str) -> list[tuple[int, str, bool]]:
    """Number and letters of the runs whose files go, and whether that is new."""
    with_forgotten = (
        sa.select(COPIES.c.run)
        .join(RECIPIENTS, RECIPIENTS.c.id == COPIES.c.recipient)
        .where(RECIPIENTS.c.erased.is_not(None))
    )
    wanted = sa.or_(RUNS.c.planned < oldest, RUNS.c.id.in_(with_forgotten))
    rows = connection.execute(sa.select(RUNS.c.id, RUNS.c.tag, RUNS.c.purged).where(wanted).order_by(RUNS.c.id))
    return [(int(row.id), codes.run_letters(row.tag), row.purged is None) for row in rows]


def _recipients_to_purge(connection: sa.Connection, oldest: str) -> Sequence[int]:
    kept = (
        sa.select(COPIES.c.recipient)
        .join(RUNS, RUNS.c.id == COPIES.c.run)
        .where(COPIES.c.recipient.is_not(None), sa.or_(RUNS.c.planned >= oldest, COPIES.c.state.in_(_OUT)))
    )
    query = sa.select(RECIPIENTS.c.id).where(RECIPIENTS.c.erased.is_(None), RECIPIENTS.c.id.not_in(kept))
    return list(connection.scalars(query.order_by(RECIPIENTS.c.id)))


def _remove(register: Register, letters: str) -> None:
    folder = run_folder(register.where, letters)
    with _removing(f"the files of run {letters}", folder), contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)


def _remove_unfinished(register: Register) -> None:
    """What processes that were killed have left in the folders of runs, of whomever: it may hold all names of a run."""
    folder = register.where.folder / whereabouts.RUNS
    with _removing("what was left half made", folder):
        remove_unfinished(folder)


@contextlib.contextmanager
def _removing(what: str, folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        message = f"{what} cannot be taken away: {fault.strerror}"
        raise Refused([error("register-unwritable", message, Place(str(folder)))]) from None


def _scrub(register: Register) -> Iterator[Finding]:
    """Take the bytes of erased rows from the files: what was moved within a page leaves some where it was."""
    server = register.engine.dialect.name == "postgresql"
    commands = [f"VACUUM (FULL) {table.name}" for table in (RECIPIENTS, PARCELS)] if server else ["VACUUM"]
    try:
        with register.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for command in commands:
                connection.exec_driver_sql(command)
            busy = not server and connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
    except sa.exc.OperationalError:
        busy = True
    if busy:
        message = "somebody else reads the register: what was erased may still lie in its files"
        yield warning("register-busy", message, register.where.place, "Run distribute purge when it is free.")
    if server:
        message = "what a server keeps beside its tables, its log of changes and its backups, has an end of its own"
        yield note("forgotten-elsewhere", message, register.where.place)
