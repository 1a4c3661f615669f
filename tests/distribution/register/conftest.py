"""Every register that the tests look at, in a file of SQLite and on a server of PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import postgresql
from tests.support.registers import Office

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def database_server() -> Iterator[tuple[str, Path]]:
    with postgresql.server() as found:
        yield found


def on_server(database_server: tuple[str, Path], folder: Path) -> Office:
    """A register of its own on the server: in a schema that nobody else has."""
    import psycopg

    address, _ = database_server
    name = f"office{next(_NUMBERS)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
    return Office(f"{address}&options=-csearch_path%3D{name}", folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Office:
    if request.param == "sqlite":
        return Office(None, tmp_path)
    return on_server(request.getfixturevalue("database_server"), tmp_path)


@pytest.fixture
def server_office(database_server: tuple[str, Path], tmp_path: Path) -> Office:
    return on_server(database_server, tmp_path)
