"""The copy register opened: reading, and writing by one act after the other.

An act is one transaction: what it changes and the event that says so are both kept, or neither. Whoever writes holds
the register alone: SQLite by BEGIN IMMEDIATE, PostgreSQL by a lock. Others wait for `PATIENCE_S` and are told then.
"""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from briefing.distribution.register import chain, schema, whereabouts
from briefing.distribution.register.changes import Change
from briefing.distribution.register.faults import refusal
from briefing.distribution.register.whereabouts import Whereabouts
from briefing.findings import Missing, Refused, error

PATIENCE_S = 15
SKEW_S = 5  # by so much the clocks of two machines in an office may differ
_LOCK = 0x42524346


@dataclass(slots=True)
class Writing:
    """One transaction, in which acts are recorded; nobody else writes meanwhile."""

    connection: sa.Connection
    where: Whereabouts
    who: str
    now: Callable[[], datetime.datetime]
    _last: chain.RegisterEvent | None = None
    _sound: bool = False

    def moment(self) -> str:
        """The moment that an act gets now; raises `Refused` where the clock is behind what has been recorded."""
        now, last = self.now().astimezone(datetime.UTC), self._last_event()
        if last is None:
            return _in_seconds(now)
        recorded = datetime.datetime.fromisoformat(last.at)
        behind = (recorded - now).total_seconds()
        if behind > SKEW_S:
            hint = f"The last act was recorded at {last.at}, and the clock says {_in_seconds(now)}. Set it right."
            raise Refused([error("clock-behind", "the clock is behind the copy register", self.where.place, hint)])
        return max(_in_seconds(now), last.at)

    def record(self, act: str, changes: Sequence[Change], **facts: Any) -> None:
        """Change the tables and append the event that says so; `facts` are told beside it, and name no recipient."""
        at, last = self.moment(), self._last_event()
        for change in changes:
            change.write(self.connection)
        told = [change.told() for change in changes]
        self._last = chain.append(self.connection, last, at, self.who, act, {**facts, "changes": told})

    def _last_event(self) -> chain.RegisterEvent | None:
        """The event that the next one follows; raises `Refused` where it was changed."""
        if not self._sound:
            before, self._last = chain.last_two(self.connection)
            if self._last is not None and not self._last.follows(before):
                hint = "Run distribute audit. Until it is put back from a copy, it is read and no more."
                raise Refused([error("register-broken", "its last event has been changed", self.where.place, hint)])
            self._sound = True
        return self._last


@dataclass(frozen=True, slots=True)
class Register:
    """A copy register that can be read and written; `who` writes."""

    where: Whereabouts
    engine: sa.Engine
    who: str
    now: Callable[[], datetime.datetime]

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that sees one moment. Raises `Refused`."""
        with refusal(self.where), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """A transaction that holds the register alone. Raises `Refused`, also where others hold it for too long."""
        with refusal(self.where), _alone(self.engine) as connection:
            yield Writing(connection, self.where, self.who, self.now)

    def close(self) -> None:
        """Let go of it."""
        self.engine.dispose()


def _utc_now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def open_register(
    where: Whereabouts, who: str, now: Callable[[], datetime.datetime] = _utc_now, *, make: bool = False
) -> Register:
    """Open the register, which is made where it may be and there is none; `now` is the clock of this machine.

    Raises `Refused` where there is none, where it is something else or of a newer version, and `Missing` where the
    driver of its server is not installed.
    """
    if where.file is not None and make:
        whereabouts.prepare_file(where)
    if where.file is not None:
        whereabouts.assert_file(where)
    with refusal(where):
        engine = _server(where.url) if where.url is not None else _file(str(where.file))
        try:
            _assert_version(where, engine, make)
        except BaseException:
            engine.dispose()
            raise
    return Register(where, engine, who, now)


def _file(path: str) -> sa.Engine:
    def connect() -> sqlite3.Connection:
        database = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None, check_same_thread=False)
        try:
            for pragma in (
                *("foreign_keys=ON", "secure_delete=ON", "synchronous=FULL", "trusted_schema=OFF", "temp_store=MEMORY"),
                *("recursive_triggers=ON", "cell_size_check=ON"),  # a row that is replaced is one that is taken away
            ):
                database.execute(f"PRAGMA {pragma}")
        except BaseException:
            database.close()
            raise
        return database

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=sa.pool.QueuePool, hide_parameters=True)

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        if options.get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("alone") else "BEGIN")

    return engine


def _server(url: sa.URL) -> sa.Engine:
    try:
        import psycopg  # noqa: F401
    except ImportError:
        hint = "Install it with: pip install 'briefing[postgresql]'"
        message = "a register on a PostgreSQL server needs the Python package psycopg, which is not installed"
        raise Missing(error("register-driver", message, hint=hint)) from None
    engine = sa.create_engine(url, hide_parameters=True, connect_args={"connect_timeout": PATIENCE_S})

    @sa.event.listens_for(engine, "connect")
    def set_up(database: Any, _: object) -> None:
        database.autocommit = True
        database.execute(f"SET lock_timeout = '{PATIENCE_S}s'")
        database.execute("SET synchronous_commit = on")
        database.autocommit = False

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        if options.get("alone"):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        elif options.get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

    return engine


@contextmanager
def _alone(engine: sa.Engine) -> Iterator[sa.Connection]:
    with engine.connect().execution_options(alone=True) as connection, connection.begin():
        yield connection


def _assert_version(where: Whereabouts, engine: sa.Engine, make: bool) -> None:
    """Make the tables where there are none and that is wanted; refuse what this program does not know."""
    with engine.connect() as connection, connection.begin():
        version = _version(where, connection)
    if version is None and make:
        if where.file is not None and not whereabouts.is_shared(where.file):  # else SQLite's older journal
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        with _alone(engine) as connection:
            version = _version(where, connection) or _make(connection)
    if version is None:
        hint = "It is made when a plan is recorded, as distribute make does; --register names another one."
        raise Refused([error("register-missing", "there is no copy register", where.place, hint)])
    if version > schema.VERSION:
        hint = f"It has version {version}, and this program knows {schema.VERSION}: use a newer program."
        raise Refused([error("register-newer", "a newer program has made this copy register", where.place, hint)])


def _version(where: Whereabouts, connection: sa.Connection) -> int | None:
    tables = sa.inspect(connection).get_table_names()
    if schema.META.name not in tables:
        if tables and connection.dialect.name == "sqlite":
            raise Refused([whereabouts.foreign(where)])
        return None
    said = connection.scalar(sa.select(schema.META.c.value).where(schema.META.c.key == "version"))
    return int(said) if said and said.isdecimal() else None


def _make(connection: sa.Connection) -> int:
    schema.METADATA.create_all(connection)
    connection.execute(sa.insert(schema.META), {"key": "version", "value": str(schema.VERSION)})
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id={schema.APPLICATION}")
    return schema.VERSION


def _in_seconds(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
