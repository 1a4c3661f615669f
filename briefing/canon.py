"""One digest for a record of ours, the same in every process, and another one for every other record.

Whatever a record holds counts: its kinds, its fields and their order. A kind of value that is not known here is
refused, so that nothing can slip past a key that is made of the digest.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from types import MappingProxyType
from typing import Any

from babel import Locale
from pydantic import BaseModel

from briefing.source import Scalar


def digest(value: object) -> str:
    """The SHA-256 of a value; raises `TypeError` for what is no record of ours."""
    found = hashlib.sha256()
    for kind, data in _said(value):
        found.update(f"{kind} {len(data)}\n".encode())
        found.update(data)
    return found.hexdigest()


def _said(value: Any) -> Iterator[tuple[str, bytes]]:
    """A value as a row of words, each with its kind; what holds others says first how many."""
    if isinstance(value, BaseModel):
        yield from _record(value, {name: getattr(value, name) for name in type(value).model_fields})
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from _record(value, {field.name: getattr(value, field.name) for field in dataclasses.fields(value)})
    elif isinstance(value, Enum):
        yield _name(value), value.name.encode()
    elif type(value) in (dict, MappingProxyType):
        yield "map", str(len(value)).encode()  # in its order, which is that of the content
        for key, item in value.items():
            yield from _said(key)
            yield from _said(item)
    elif type(value) in (tuple, list):
        yield type(value).__name__, str(len(value)).encode()
        for item in value:
            yield from _said(item)
    elif type(value) in (set, frozenset):
        yield "set", str(len(value)).encode()
        yield from (("member", item.encode()) for item in sorted(map(digest, value)))
    else:
        yield _scalar(value)


def _record(value: object, fields: Mapping[str, object]) -> Iterator[tuple[str, bytes]]:
    yield _name(value), str(len(fields)).encode()
    for name, item in fields.items():
        yield "field", name.encode()
        yield from _said(item)


def _scalar(value: Any) -> tuple[str, bytes]:
    kind = type(value)
    if kind is bytes:
        return "bytes", value
    if kind is Scalar:
        return f"scalar {value.plain}", str(value).encode("utf-8", "surrogatepass")
    if kind is str:
        return "str", value.encode("utf-8", "surrogatepass")
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


def _name(value: object) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}"
