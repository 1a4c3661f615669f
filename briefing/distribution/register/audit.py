"""The register examined: does every event follow from the one before, and are the tables what the events give?"""

from __future__ import annotations

import json
from collections.abc import Iterator

import sqlalchemy as sa

from briefing.distribution.register import chain
from briefing.distribution.register.changes import Key, Tables, empty_tables, play, read_tables
from briefing.distribution.register.plans import seal
from briefing.distribution.register.register import Register
from briefing.distribution.register.schema import RECIPIENTS
from briefing.findings import Finding, Place, error

_MOST = 20  # rows of a table that are told one by one


def audit(register: Register, digest: str = "") -> tuple[Finding, ...]:
    """What is wrong with the register; nothing where it is whole. A `digest` of an earlier report must be in the chain.

    What comes behind an event that does not follow is not believed, and not examined.
    """
    place = register.where.place
    with register.reading() as connection:
        damaged = tuple(_damage(connection, place))
        if damaged:
            return damaged
        tables, seen, last = empty_tables(), {chain.BEGINNING}, None
        for event in chain.read_events(connection):
            if not event.follows(last):
                message = f"event {event.seq} does not follow from the one before it: it, or one before, was changed"
                hint = "Compare it with a copy of the register. What was recorded from here on proves nothing."
                return (error("event-broken", message, place, hint),)
            try:
                for change in json.loads(event.body)["changes"]:
                    play(change, tables)
            except (KeyError, TypeError, ValueError, RecursionError):
                message = f"event {event.seq} says something that cannot have been"
                return (error("event-broken", message, place),)
            seen.add(event.digest)
            last = event
        found = [*_differences(tables, read_tables(connection), place), *_persons(connection, place)]
        if digest and digest.strip().lower() not in seen:
            message = "that digest is not in the chain: this is not the register of that report, or it was made anew"
            found.append(error("digest-unknown", message, place))
        return tuple(found)


def _damage(connection: sa.Connection, place: Place) -> Iterator[Finding]:
    if connection.dialect.name == "sqlite":
        said = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        if said != "ok":
            yield error("register-damaged", "the copy register is damaged", place, "Put it back from a copy.")


def _differences(told: Tables, there: Tables, place: Place) -> Iterator[Finding]:
    for table, rows in told.items():
        keys = [key for key in sorted(rows.keys() | there[table].keys()) if rows.get(key) != there[table].get(key)]
        for key in keys[:_MOST]:
            message = f"{_row(table, key)}: {_difference(rows.get(key), there[table].get(key))}"
            yield error("state-differs", message, place, "Somebody changed the table without an act.")
        if len(keys) > _MOST:
            message = f"{table}: {len(keys) - _MOST} more rows are not what the events give"
            yield error("state-differs", message, place)


def _difference(told: dict[str, object] | None, there: dict[str, object] | None) -> str:
    if told is None:
        return "no event says that there is such a row"
    if there is None:
        return "it was recorded, and is gone"
    name = next(name for name in told.keys() | there.keys() if told.get(name) != there.get(name))
    return f"{name} is {there.get(name)}, and by the events it is {told.get(name)}"


def _row(table: str, key: Key) -> str:
    return f"{table} {' / '.join(map(str, key))}"


def _persons(connection: sa.Connection, place: Place) -> Iterator[Finding]:
    query = sa.select(RECIPIENTS).where(RECIPIENTS.c.erased.is_(None)).order_by(RECIPIENTS.c.id)
    for row in connection.execute(query).mappings():
        if seal(row) != row["seal"]:
            message = f"recipients {row['id']}: name or address is not what was recorded"
            yield error("state-differs", message, place, "Somebody changed the table without an act.")
