"""A copy register for a test, in a file of SQLite; `register/conftest.py` looks at servers as well."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing.distribution.register.register import Register
from tests.support.registers import Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(None, tmp_path)


@pytest.fixture
def register(office: Office) -> Iterator[Register]:
    opened = office.open()
    yield opened
    opened.close()
