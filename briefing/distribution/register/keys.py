"""The key that proves codes to be ours, held against the register: an office that shares one shares its key."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from briefing.distribution.register import whereabouts
from briefing.distribution.register.register import Register
from briefing.distribution.register.schema import META
from briefing.findings import Finding, Place, Refused, error

_NAME = "code_key"


def register_key(register: Register, make: bool = False) -> bytes | None:
    """The key of the register's codes, or nothing where it is not here; `make` one where the register has none yet.

    Raises `Refused` where the key that is here is another register's, and where codes are to be made without it.
    """
    folder = register.where.folder
    with register.reading() as connection:
        known = _known(connection)
    key = whereabouts.read_key(folder)
    if known is None and make:
        key = key or whereabouts.make_key(folder)
        with register.writing() as writing:
            known = _known(writing.connection)
            if known is None:
                known = _fingerprint(key)
                writing.connection.execute(sa.insert(META), {"key": _NAME, "value": known})
    if key is None and make:
        raise Refused([_wrong(register, "the key of this register's codes is not here")])
    if key is not None and known is not None and _fingerprint(key) != known:
        raise Refused([_wrong(register, "this is the key of another register")])
    return key


def _known(connection: sa.Connection) -> str | None:
    return connection.scalar(sa.select(META.c.value).where(META.c.key == _NAME))


def _fingerprint(key: bytes) -> str:
    return hashlib.sha256(b"key of codes" + key).hexdigest()[:32]


def _wrong(register: Register, message: str) -> Finding:
    hint = "Copy codes.key from the one with whom the register was begun."
    return error("register-key", message, Place(str(register.where.folder / whereabouts.KEY)), hint)
