"""Messages of the Internet Printing Protocol as bytes (RFC 8010): what we ask, and what a printer answers.

Answers may be anybody's: what is cut short, nested without end or of the wrong length is `Garbled`, and nothing else.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

IppValue = int | bool | str | tuple[int, int] | bytes | None  # None: said to be unknown, or to have no value
IppAttributes = Mapping[str, tuple[IppValue, ...]]


class Garbled(ValueError):
    """The bytes are no answer of a printer."""


class IppTag(IntEnum):
    """Groups of attributes, and the kinds of values that we write or read."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04
    UNSUPPORTED = 0x05
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    RANGE = 0x33
    TEXT_WITH_LANGUAGE = 0x35
    NAME_WITH_LANGUAGE = 0x36
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME = 0x49


_COLLECTION, _COLLECTION_END = 0x34, 0x37
_GROUPS = 0x10  # tags below it begin a group
_OUT_OF_BAND = range(0x10, 0x20)
_NUMBERS = (IppTag.INTEGER, IppTag.ENUM)
_VERSION = b"\x02\x00"
_TEXTS = 0x40  # tags from here on are texts
_DEEPEST = 20  # collections within collections


@dataclass(frozen=True, slots=True)
class IppAttribute:
    """One attribute of a request."""

    tag: IppTag
    name: str
    values: Sequence[int | str]


@dataclass(frozen=True, slots=True)
class IppMessage:
    """What a printer answered."""

    status: int
    groups: tuple[tuple[int, IppAttributes], ...]

    def group(self, tag: int) -> IppAttributes:
        """The first group of that kind; empty where there is none."""
        return next((found for kind, found in self.groups if kind == tag), {})

    def all(self, tag: int) -> list[IppAttributes]:
        """Every group of that kind, as those of several jobs."""
        return [found for kind, found in self.groups if kind == tag]


def attribute(tag: IppTag, name: str, *values: int | str) -> IppAttribute:
    """One attribute of a request."""
    return IppAttribute(tag, name, values)


def encode(operation: int, number: int, groups: Iterable[tuple[IppTag, Sequence[IppAttribute]]]) -> bytes:
    """The bytes of a request, behind which a document may follow."""
    out = bytearray(_VERSION + struct.pack(">HI", operation, number))
    for tag, attributes in groups:
        out.append(tag)
        for one in attributes:
            name = one.name.encode()
            for value in one.values:
                data = _value(one.tag, value)
                out += struct.pack(">BH", one.tag, len(name)) + name + struct.pack(">H", len(data)) + data
                name = b""  # more values of the same attribute have none
    out.append(IppTag.END)
    return bytes(out)


def decode(data: bytes) -> IppMessage:
    """What the bytes say; raises `Garbled`. Members of collections are left out."""
    try:
        return _Reader(data).message()
    except (struct.error, IndexError):
        raise Garbled("the answer is cut short") from None


def _value(tag: IppTag, value: int | str) -> bytes:
    if isinstance(value, str):
        return value.encode()
    return struct.pack(">?", value) if tag is IppTag.BOOLEAN else struct.pack(">i", value)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def message(self) -> IppMessage:
        major, _, status, _ = struct.unpack(">BBHI", self._take(8))
        if major not in (1, 2):
            raise Garbled("it speaks another protocol")
        groups = list[tuple[int, dict[str, list[IppValue]]]]()
        name, depth = "", 0
        while (tag := self._take(1)[0]) != IppTag.END:
            if tag < _GROUPS:
                groups.append((tag, {}))
                name = ""
                continue
            said, raw = self._sized().decode("utf-8", "replace"), self._sized()
            if not groups:
                raise Garbled("a value stands in no group")
            if tag in (_COLLECTION, _COLLECTION_END):
                depth += 1 if tag == _COLLECTION else -1
                if not 0 <= depth <= _DEEPEST:
                    raise Garbled("its collections do not close")
            elif not depth:
                name = said or name
                groups[-1][1].setdefault(name, []).append(_read(tag, raw))
        return IppMessage(
            status, tuple((tag, {key: tuple(values) for key, values in found.items()}) for tag, found in groups)
        )

    def _take(self, count: int) -> bytes:
        part = self._data[self._at : self._at + count]
        if len(part) < count:
            raise Garbled("the answer is cut short")
        self._at += count
        return part

    def _sized(self) -> bytes:
        return self._take(int.from_bytes(self._take(2)))


def _read(tag: int, raw: bytes) -> IppValue:
    if tag in _OUT_OF_BAND:
        return None
    if tag in _NUMBERS:
        return int(struct.unpack(">i", raw)[0])
    match tag:
        case IppTag.BOOLEAN:
            return bool(struct.unpack(">?", raw)[0])
        case IppTag.RANGE:
            low, high = struct.unpack(">ii", raw)
            return int(low), int(high)
        case IppTag.TEXT_WITH_LANGUAGE | IppTag.NAME_WITH_LANGUAGE:
            inner = _Reader(raw)
            inner._sized()
            return inner._sized().decode("utf-8", "replace")
    return raw.decode("utf-8", "replace") if tag >= _TEXTS else raw
