"""One digest for a record of ours, the same in every process, and another one for every other record.

Whatever a record holds counts: its kinds, its fields and their order. A kind of value that is not known here is
refused, so that nothing can slip past a key that is made of the digest.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from types import MappingProxyType
from typing import Any

from babel import Locale
from pydantic import BaseModel


def digest(value: object) -> str:
    """The SHA-256 of a value; raises `TypeError` for what is no record of ours."""
    words: list[bytes] = []
    _say(value, words)
    return hashlib.sha256(b"".join(words)).hexdigest()


def _say(value: Any, words: list[bytes]) -> None:
    """Tell a value as a row of words, each with its kind and length; what holds others says first how many."""
    kind = type(value)
    if kind is str:
        _word("str", value.encode("utf-8", "surrogatepass"), words)
    elif kind in (dict, MappingProxyType):
        _word("map", str(len(value)).encode(), words)  # in its order, which is that of the content
        for key, item in value.items():
            _say(key, words)
            _say(item, words)
    elif kind in (tuple, list):
        _word(kind.__name__, str(len(value)).encode(), words)
        for item in value:
            _say(item, words)
    elif kind in (set, frozenset):
        _word("set", str(len(value)).encode(), words)
        for member in sorted(map(digest, value)):
            _word("member", member.encode(), words)
    elif isinstance(value, BaseModel):
        _record(value, tuple(kind.model_fields), words)
    elif isinstance(value, Enum):
        _word(_name(kind), value.name.encode(), words)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        _record(value, tuple(field.name for field in dataclasses.fields(value)), words)
    else:
        _word(*_scalar(value), words)


def _record(value: object, fields: tuple[str, ...], words: list[bytes]) -> None:
    _word(_name(type(value)), str(len(fields)).encode(), words)
    for name in fields:
        _word("field", name.encode(), words)
        _say(getattr(value, name), words)


def _word(kind: str, data: bytes, words: list[bytes]) -> None:
    words.append(f"{kind} {len(data)}\n".encode())
    words.append(data)


def _scalar(value: Any) -> tuple[str, bytes]:
    kind = type(value)
    if kind is bytes:
        return "bytes", value
    if hasattr(kind, "__digest__"):  # a type that tells by itself what counts
        told: tuple[str, bytes] = value.__digest__()
        return told
    if kind is float:
        return "float", value.hex().encode()
    if kind in (bool, int, Decimal, datetime.date) or value is None:
        return kind.__name__, str(value).encode()
    if kind is datetime.datetime:
        return "datetime", value.isoformat().encode()
    if isinstance(value, PurePath):
        return "path", str(value).encode("utf-8", "surrogateescape")
    if kind is Locale:
        return "locale", str(value).encode()
    raise TypeError(f"no key can hold {kind.__module__}.{kind.__qualname__}")


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
