"""Faults of databases in words; what they say of rows is never told, since rows hold persons."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from briefing.distribution.register.whereabouts import Whereabouts
from briefing.findings import Finding, Refused, error

_KINDS = (  # a word of SQLite or a state of PostgreSQL, and what it means
    (("is locked", "55P03"), "register-busy"),
    (("not a database", "malformed", "no such", "decode", "42P01", "42703"), "register-damaged"),
    (("full", "53100"), "register-full"),
    (("readonly", "unable to open", "42501", "25006"), "register-unwritable"),
    (("08001", "08006", "28P01", "28000", "3D000", "57P01", "57P03"), "register-unreachable"),
)


@contextmanager
def refusal(where: Whereabouts) -> Iterator[None]:
    """Raise `Refused` for what the database cannot do; a fault of ours stays a traceback."""
    try:
        yield
    except sa.exc.DBAPIError as fault:
        found = _finding(fault, where)
        if found is None:
            raise
        raise Refused([found]) from None


def _finding(fault: sa.exc.DBAPIError, where: Whereabouts) -> Finding | None:
    state = getattr(fault.orig, "sqlstate", None)
    said = state or str(fault.orig)
    code = next((code for words, code in _KINDS if any(word in said for word in words)), "")
    if not code and state is None and where.url is not None:
        code = "register-unreachable"
    match code:
        case "register-busy":
            hint = "Another program writes in it for longer than 15 seconds. Try again."
            return error("register-busy", "somebody else holds the copy register", where.place, hint)
        case "register-damaged":
            hint = "Put it back from a copy. What it had recorded stands in the last report."
            return error("register-damaged", "the copy register is damaged", where.place, hint)
        case "register-full":
            return error("register-full", "there is no room to write; nothing was recorded", where.place)
        case "register-unwritable":
            return error("register-unwritable", "it may not be written, or not be opened", where.place)
        case "register-unreachable":
            hint = "Is the server running, and are host, database, user and password right?"
            return error("register-unreachable", "the server of the copy register cannot be reached", where.place, hint)
    return None
