"""A PDF written from its beginning to its end, object by object, in memory that does not grow with their number.

What is kept of an object is where it stands. Small ones are packed into object streams (ISO 32000-1, 7.5.7), and the
cross-references are a stream at the end (7.5.8).
"""

from __future__ import annotations

import io
import re
import sys
import zlib
from array import array
from collections.abc import Collection, Sequence
from typing import BinaryIO

from pikepdf import Object, ObjectStreamMode, Pdf, Stream

_HEAD = b"%%PDF-%s\n%%\xbf\xf7\xa2\xfe\n"
_PACK = 200  # objects in one object stream, or a few more
_FREE, _PLAIN, _PACKED = 0xFFFF, 1 << 56, 2 << 56  # rows of cross-references: type, five bytes, two bytes
_WIDTHS = b"1 5 2"  # an offset of five bytes: files may have more than 4 GB


class ObjectWriter:
    """Writes numbered objects to a file, in any order."""

    def __init__(self, out: BinaryIO, version: str, level: int = 6) -> None:
        self._out, self._level = out, level
        self.at = 0  # bytes written
        self._rows = array("Q", [_FREE])  # by number: eight bytes as they are written, so that all are written at once
        self._waiting: list[tuple[int, bytes]] = []
        self._put(_HEAD % version.encode())

    def reserve(self, count: int = 1) -> int:
        """The next number, or the first of so many."""
        first = len(self._rows)
        self._rows.extend([_FREE] * count)
        return first

    def place(self, number: int, at: int) -> None:
        """Say where an object stands that something else writes."""
        self._rows[number] = _PLAIN | at << 16

    def add_stream(self, number: int, entries: bytes, data: bytes) -> None:
        """Write a stream; `entries` is its dictionary without the length."""
        self.place(number, self.at)
        self._put(format_stream(number, entries, data))

    def add(self, number: int, *objects: bytes) -> None:
        """Write any other object, or several with numbers in turn, sooner or later."""
        self._waiting += enumerate(objects, number)
        if len(self._waiting) >= _PACK:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        if not self._waiting:
            return
        holder, heads, at = self.reserve(), list[bytes](), 0
        row = _PACKED | holder << 16
        for index, (number, data) in enumerate(self._waiting):
            heads.append(b"%d %d" % (number, at))
            at += len(data) + 1
            self._rows[number] = row | index
        first = b" ".join(heads) + b"\n"
        packed = zlib.compress(first + b"\n".join([data for _, data in self._waiting]), self._level)
        entries = b"/Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (len(heads), len(first))
        self._waiting = []
        self.add_stream(holder, entries, packed)

    def add_all(self, pdf: Pdf, leave: Collection[int] = ()) -> None:
        """Write the objects of a compacted PDF under their own numbers, but for some."""
        count = len(pdf.objects)
        self.reserve(max(count + 1 - len(self._rows), 0))
        for number in range(1, count + 1):
            if number in leave:
                continue
            one = pdf.get_object(number, 0)
            if isinstance(one, Stream):
                self.add_stream(number, _entries(one), one.read_raw_bytes())
            else:
                self.add(number, one.unparse(resolved=True))
        self.flush()

    def end(self, root: int, info: int | None, identifier: bytes) -> None:
        """Write the cross-references; the file is whole then."""
        self.flush()
        number = self.reserve()
        self.place(number, self.at)
        self._put(self.format_references(number, root, info, identifier))

    def format_references(self, number: int, root: int, info: int | None, identifier: bytes) -> bytes:
        """The cross-references as an object of that number, and the end of the file."""
        rows = self._rows[:]
        if sys.byteorder == "little":
            rows.byteswap()
        entries = b"/Type/XRef/Size %d/W[%s]/Root %d 0 R%s/ID[<%s><%s>]/Filter/FlateDecode" % (
            len(rows),
            _WIDTHS,
            root,
            b"/Info %d 0 R" % info if info else b"",
            identifier.hex().encode(),
            identifier.hex().encode(),
        )
        told = format_stream(number, entries, zlib.compress(rows.tobytes(), self._level))
        return told + b"startxref\n%d\n%%%%EOF\n" % (self._rows[number] >> 16 & (1 << 40) - 1)

    def _put(self, data: bytes) -> None:
        self._out.write(data)
        self.at += len(data)


def format_stream(number: int, entries: bytes, data: bytes) -> bytes:
    """A stream as an object of that number; `entries` is its dictionary without the length."""
    return b"%d 0 obj\n<<%s/Length %d>>stream\n%s\nendstream\nendobj\n" % (number, entries, len(data), data)


def compact(pdf: Pdf) -> Pdf:
    """The same PDF with numbers from 1 on, none of them unused; streams stay as they are packed."""
    out = io.BytesIO()
    pdf.save(out, object_stream_mode=ObjectStreamMode.disable, deterministic_id=True, fix_metadata_version=False)
    return Pdf.open(io.BytesIO(out.getvalue()))


def format_references_to(numbers: Sequence[int]) -> bytes:
    """An array of references."""
    return b"[%s]" % b" ".join(b"%d 0 R" % number for number in numbers)


def _entries(stream: Object) -> bytes:
    """The dictionary of a stream without its length."""
    told = stream.stream_dict.unparse(resolved=True).strip()[2:-2].strip()
    return re.sub(rb"/Length \d+( \d+ R)?(?=[\s/>]|$)", b"", told)
