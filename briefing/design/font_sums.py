"""The sums that a font file carries: by them it is known whether it is as it was made."""

from __future__ import annotations

import struct
import sys
from array import array

_KINDS = (b"\0\1\0\0", b"OTTO", b"true")  # OpenType, 4.1: of TrueType outlines, of PostScript ones, and Apple's


def is_sound(data: bytes) -> bool:
    """Whether each table of a font has the sum that its directory tells (OpenType, 4.1: Calculating Checksums)."""
    if data[:4] not in _KINDS:
        return False
    try:
        count = struct.unpack_from(">H", data, 4)[0]
        tables = [struct.unpack_from(">4sIII", data, 12 + 16 * number) for number in range(count)]
    except struct.error:
        return False
    if sum(length for _, _, _, length in tables) > len(data):  # tables that lie over one another
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
