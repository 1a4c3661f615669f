"""The tables of the copy register, the same in SQLite and in PostgreSQL.

Every change of a row goes with an event that says it (`changes`), but for what names a person: events hold numbers of
recipients alone, so that a person can be forgotten and the chain stays whole. Moments are texts in UTC with seconds.
"""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa

VERSION = 1
APPLICATION = 0x42524346  # what SQLite's files say of themselves: "BRCF"
METADATA = sa.MetaData()


class CopyState(StrEnum):
    """Where a numbered copy is in its life."""

    PLANNED = "planned"
    PRINTED = "printed"
    SPOILED = "spoiled"
    ISSUED = "issued"
    DELIVERED = "delivered"
    RETURNED = "returned"
    DESTROYED = "destroyed"
    LOST = "lost"


class JobState(StrEnum):
    """What is known of a job at a printer."""

    SENDING = "sending"  # meant; without a number at the printer, no page was sent
    SENT = "sent"
    COMPLETED = "completed"  # and every side was counted
    ABORTED = "aborted"  # before a sheet came out
    UNKNOWN = "unknown"  # until somebody looks at the tray
    SETTLED = "settled"


CANCELLED = "cancelled"  # of a run: nothing more is done with its copies
OPEN_JOB = (JobState.SENDING, JobState.SENT, JobState.UNKNOWN)
TO_PRINT = (CopyState.PLANNED, CopyState.SPOILED)
OUT = (CopyState.ISSUED, CopyState.DELIVERED, CopyState.LOST)  # in somebody's hands, or nobody knows whose
PERSONAL = (
    *("ref", "name", "office", "attention", "street", "street2", "postcode", "city", "region", "country"),
    "salt",  # without it nobody can try names against the seal
)  # columns of a recipient that no event holds


def _one_of(column: str, *words: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({', '.join(repr(str(word)) for word in words)})")


def _table(name: str, *parts: sa.schema.SchemaItem) -> sa.Table:
    return sa.Table(name, METADATA, *parts, sqlite_strict=True)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)


def _whole(name: str, *more: sa.schema.SchemaItem, needed: bool = True, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, *more, nullable=not needed, primary_key=key, autoincrement=False)


def _text(name: str, needed: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=not needed)


META = _table("register_meta", sa.Column("key", sa.Text, primary_key=True), _text("value"))
EDITIONS = _table(
    "editions",
    _id(),
    *(_text("slug"), _whole("number"), _text("language"), _text("title"), _text("dated"), _text("content_sha256")),
    *(_text("embargo", False), _text("released", False)),
    *(_text("state"), _text("superseded_by", False), _text("reason", False)),
    _one_of("state", "current", "superseded", "withdrawn"),
    sa.UniqueConstraint("slug", "number", "language"),
)
DOCUMENTS = _table(
    "documents",
    _id(),
    _whole("edition", sa.ForeignKey("editions.id")),
    *(_text("name"), _text("used_for"), _text("paper"), _whole("pages"), _text("sha256"), _whole("bytes")),
    sa.UniqueConstraint("edition", "name", "used_for", "paper", "sha256"),
)
RECIPIENTS = _table(
    "recipients",
    _id(),
    *(_text(name, False) for name in PERSONAL),
    *(_text("audience"), _text("language"), _text("delivery"), _text("seal"), _text("erased", False)),
)
RUNS = _table(
    "runs",
    _id(),
    sa.Column("tag", sa.Integer, nullable=False, unique=True),
    _whole("document", sa.ForeignKey("documents.id")),
    *(_whole("total"), _whole("spares"), _whole("overs"), _text("plan_sha256"), _text("list_sha256")),
    *(_text("planned"), _text("state"), _text("purged", False)),
    sa.CheckConstraint("tag BETWEEN 0 AND 1048575"),
    _one_of("state", "planned", "made", "printing", "printed", "dispatched", "closed", CANCELLED),
)
PARTS = _table(
    "parts",
    _whole("run", sa.ForeignKey("runs.id"), key=True),
    _whole("number", key=True),
    *(_whole("first"), _whole("last"), _text("file"), _text("sha256")),
)
PARCELS = _table(
    "parcels",
    _whole("run", sa.ForeignKey("runs.id"), key=True),
    _whole("number", key=True),
    *(_whole("first"), _whole("last"), _whole("grams"), _text("delivery")),
    *(_text("carrier", False), _text("tracking", False), _text("sent", False)),
)
COPIES = _table(
    "copies",
    _whole("run", sa.ForeignKey("runs.id"), key=True),
    _whole("number", key=True),
    sa.Column("recipient", sa.Integer, sa.ForeignKey("recipients.id"), index=True),
    _whole("parcel", needed=False),
    *(_text("state"), _text("since")),
    _one_of("state", *CopyState),
    sa.Index("copies_of_parcel", "run", "parcel"),
)
JOBS = _table(
    "jobs",
    _id(),
    *(_whole("run"), _whole("part"), _whole("attempt"), _whole("first"), _whole("last"), _text("printer")),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    *(_whole("job_id", needed=False), _text("state")),
    *(_whole("impressions", needed=False), _whole("last_good", needed=False)),
    sa.ForeignKeyConstraint(["run", "part"], ["parts.run", "parts.number"]),
    _one_of("state", *JobState),
)
RECALLS = _table(
    "recalls",
    _id(),
    _whole("edition", sa.ForeignKey("editions.id")),
    *(_text("action"), _text("reason"), _text("opened"), _text("closed", False), _text("closing", False)),
    _one_of("action", "return", "destroy", "insert-slip", "replace"),
)
IN_PARCELS = COPIES.outerjoin(PARCELS, sa.and_(PARCELS.c.run == COPIES.c.run, PARCELS.c.number == COPIES.c.parcel))
EVENTS = _table(
    "events",
    _whole("seq", key=True),
    *(_text("at"), _text("who"), _text("act"), _text("body"), _text("before"), _text("digest")),
)
_KEPT = "events of the copy register are never changed or taken away"


def _only_in(dialect: str, *statements: str) -> None:
    for statement in statements:
        ddl: sa.DDL = sa.DDL(statement)  # type: ignore[no-untyped-call]
        sa.event.listen(EVENTS, "after_create", ddl.execute_if(dialect=dialect))


_only_in(
    "sqlite",
    f"CREATE TRIGGER events_unchanged BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, '{_KEPT}'); END",
    f"CREATE TRIGGER events_kept BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, '{_KEPT}'); END",
)
_only_in(
    "postgresql",
    f"CREATE FUNCTION events_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_KEPT}'; END $$",
    "CREATE TRIGGER events_kept BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION events_kept()",
    "CREATE TRIGGER events_whole BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION events_kept()",
)
