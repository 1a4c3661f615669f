"""Font files held against the sums that they carry: a damaged one is never replaced by another font in silence."""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterable
from pathlib import Path

from briefing import files
from briefing.findings import Finding, Missing, error

MAX_BYTES = 30_000_000
_KINDS = (b"\0\1\0\0", b"OTTO", b"true")  # OpenType, 4.1: of TrueType outlines, of PostScript ones, and Apple's


def check(folder: Path, names: Iterable[str]) -> None:
    """Raise `Missing` with the first font that is not there or is not what it was when it was made."""
    for name in names:
        try:
            sound = is_sound(files.read(folder / name, MAX_BYTES))
        except files.Unreadable as fault:
            raise Missing(_incomplete(f'the font "{name}" cannot be had: {fault.why}')) from None
        if not sound:
            raise Missing(_incomplete(f'the font "{name}" is damaged'))


def _incomplete(message: str) -> Finding:
    return error("program-incomplete", message, hint="install the program again, or put the font back into its folder")


def is_sound(data: bytes) -> bool:
    """Whether each table of a font has the sum that its directory tells (OpenType, 4.1: Calculating Checksums)."""
    if data[:4] not in _KINDS:
        return False
    try:
        count = struct.unpack_from(">H", data, 4)[0]
        tables = [struct.unpack_from(">4sIII", data, 12 + 16 * number) for number in range(count)]
    except struct.error:
        return False
    return count > 0 and all(
        start + length <= len(data) and _sum(data[start : start + length], name) == told
        for name, told, start, length in tables
    )


def _sum(table: bytes, name: bytes) -> int:
    if name == b"head":  # without the sum of the whole, which is written last
        table = table[:8] + bytes(4) + table[12:]
    words = array("I", table + bytes(-len(table) % 4))
    if sys.byteorder == "little":
        words.byteswap()
    return sum(words) & 0xFFFFFFFF
