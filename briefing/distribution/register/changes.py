"""What an event changes: said once, written to the tables and kept in the event's body.

Since the tables are changed by nothing else, events played again must give the same tables (`audit`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from briefing.distribution.codes import MOST
from briefing.distribution.register.schema import COPIES, METADATA, PERSONAL, RECIPIENTS, CopyState

Row = Mapping[str, Any]
Key = tuple[Any, ...]
Tables = dict[str, dict[Key, dict[str, Any]]]  # rows by table and key, as events tell them
UNTOLD = {"recipients": PERSONAL, "parcels": ("tracking",)}  # columns that no event holds
_KEYS = {name: tuple(column.name for column in table.primary_key) for name, table in METADATA.tables.items()}


@dataclass(frozen=True, slots=True)
class AddRows:
    """New rows of one table."""

    table: str
    rows: Sequence[Row]

    def told(self) -> dict[str, Any]:
        """What the event says of it."""
        return {"add": self.table, "rows": [_told(self.table, row) for row in self.rows]}

    def write(self, connection: sa.Connection) -> None:
        """Insert them."""
        if self.rows:
            connection.execute(sa.insert(METADATA.tables[self.table]), [dict(row) for row in self.rows])


@dataclass(frozen=True, slots=True)
class SetRow:
    """New values of one row."""

    table: str
    key: Row
    values: Row

    def told(self) -> dict[str, Any]:
        """What the event says of it."""
        return {"set": self.table, "key": dict(self.key), "values": _told(self.table, self.values)}

    def write(self, connection: sa.Connection) -> None:
        """Update it."""
        table = METADATA.tables[self.table]
        same = [table.c[name] == value for name, value in self.key.items()]
        connection.execute(sa.update(table).where(*same).values(**self.values))


@dataclass(frozen=True, slots=True)
class AllotCopies:
    """New copies of a run: first, last, recipient and parcel of each range of numbers."""

    run: int
    at: str
    ranges: Sequence[tuple[int, int, int | None, int]]

    def told(self) -> dict[str, Any]:
        """What the event says of it."""
        return {"allot": self.run, "at": self.at, "ranges": [list(part) for part in self.ranges]}

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row for each copy."""
        for first, last, recipient, parcel in self.ranges:
            for number in range(first, last + 1):
                yield {
                    "run": self.run,
                    "number": number,
                    "recipient": recipient,
                    "parcel": parcel,
                    "state": CopyState.PLANNED.value,
                    "since": self.at,
                }

    def write(self, connection: sa.Connection) -> None:
        """Insert them."""
        connection.execute(sa.insert(COPIES), list(self.rows()))


@dataclass(frozen=True, slots=True)
class SetCopies:
    """New values of copies of a run, by their numbers."""

    run: int
    numbers: Sequence[int]
    values: Row

    def told(self) -> dict[str, Any]:
        """What the event says of it."""
        return {"copies": self.run, "numbers": in_ranges(self.numbers), "values": dict(self.values)}

    def write(self, connection: sa.Connection) -> None:
        """Update them."""
        change = (
            sa.update(COPIES)
            .where(COPIES.c.run == self.run, COPIES.c.number.between(sa.bindparam("from_"), sa.bindparam("to")))
            .values(**self.values)
        )
        connection.execute(change, [{"from_": first, "to": last} for first, last in ranges(self.numbers)])


Change = AddRows | SetRow | AllotCopies | SetCopies


def play(told: Mapping[str, Any], tables: Tables) -> None:
    """Do to `tables` what an event says; raises `KeyError`, `TypeError` or `ValueError` where it cannot be done."""
    match told:
        case {"add": str(table), "rows": list(rows)}:
            for row in rows:
                _add(tables, table, row)
        case {"set": str(table), "key": dict(key), "values": dict(values)}:
            tables[table][tuple(key[name] for name in _KEYS[table])].update(values)
        case {"allot": int(run), "at": str(at), "ranges": list(parts)} if all(part[1] <= MOST for part in parts):
            for row in AllotCopies(run, at, [(a, b, c, d) for a, b, c, d in parts]).rows():
                _add(tables, "copies", row)
        case {"copies": int(run), "numbers": str(numbers), "values": dict(values)}:
            for number in _numbers(numbers):
                tables["copies"][run, number].update(values)
        case _:
            raise ValueError("an event says something that is unknown")


def read_tables(connection: sa.Connection) -> Tables:
    """What the tables hold now, as events would tell it."""
    found = empty_tables()
    for name, rows in found.items():
        columns = [column for column in METADATA.tables[name].c if column.name not in UNTOLD.get(name, ())]
        for row in connection.execution_options(yield_per=2000).execute(sa.select(*columns)).mappings():
            rows[tuple(row[key] for key in _KEYS[name])] = dict(row)
    return found


def empty_tables() -> Tables:
    """The tables before the first event."""
    return {name: {} for name in METADATA.tables if name not in ("register_meta", "events")}


def next_id(connection: sa.Connection, table: sa.Table) -> int:
    """The number that a new row of the table gets."""
    return (connection.scalar(sa.select(sa.func.max(table.c.id))) or 0) + 1


def ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers in order as ranges, ends included."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return found


def in_ranges(numbers: Iterable[int]) -> str:
    """Numbers as they are told: 1-50,53."""
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges(numbers))


def erased() -> Row:
    """What a recipient's row holds of the person when it is forgotten."""
    return dict.fromkeys(PERSONAL)


def _numbers(text: str) -> Iterator[int]:
    for part in text.split(","):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def _add(tables: Tables, table: str, row: Mapping[str, Any]) -> None:
    key = tuple(row[name] for name in _KEYS[table])
    if key in tables[table]:
        raise ValueError("an event adds what is there already")
    whole = {column.name: None for column in METADATA.tables[table].c if column.name not in UNTOLD.get(table, ())}
    tables[table][key] = {**whole, **row}


def _told(table: str, row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in UNTOLD.get(table, ())}


assert RECIPIENTS.name in UNTOLD
