"""QR codes that differ in their last letters alone, each put together from parts by XOR.

With version, level and mask fixed, the bits of a QR code are linear over GF(2) in the bits of its text: error
correction is linear, the rest is constant (ISO/IEC 18004). So the code of `head + tail` is that of `head + "000…"`,
changed by one entry of a table for each letter of the tail. A hundred times as fast as encoding, bit for bit the same.

Most modules are the same in all of these codes: patterns, and what encodes the head. They are one path, drawn once for
all; those that change are drawn from a table, eight at a time.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

import segno


@functools.lru_cache(maxsize=4)
def qr_table(head: str, size: int, alphabet: str) -> QrTable:
    """The table of these codes; the runs of one brief share it."""
    return QrTable(head, size, alphabet)


class QrTable:
    """All codes that begin with `head` and end with `size` letters of `alphabet`; letters are ASCII."""

    def __init__(self, head: str, size: int, alphabet: str, error: str = "m") -> None:
        zero = head + alphabet[0] * size
        first = segno.make_qr(zero, error=error, mode="byte", boost_error=False, encoding="iso-8859-1")
        version, mask = first.version, first.mask

        def bits(text: str) -> int:
            made = segno.make_qr(
                text, error=error, mode="byte", boost_error=False, version=version, mask=mask, encoding="iso-8859-1"
            )
            return int("".join(str(module & 1) for row in made.matrix for module in row), 2)

        self.side: int = len(first.matrix)  # modules, without the quiet zone
        self._zero = bits(zero)
        self._table: list[dict[str, int]] = []
        for at in range(size):
            basis = [
                bits(head + alphabet[0] * at + chr(ord(alphabet[0]) ^ 1 << bit) + alphabet[0] * (size - at - 1))
                ^ self._zero
                for bit in range(7)
            ]
            self._table.append({letter: _combined(basis, ord(letter) ^ ord(alphabet[0])) for letter in alphabet})
        changing = functools.reduce(int.__or__, (entry for row in self._table for entry in row.values()))
        # The place of each one's bit, column by column: those that change stand one above the other, most of them.
        modules = [y * self.side + x for x in range(self.side - 1, -1, -1) for y in range(self.side)]
        #: the modules that are dark in every one of these codes, as a path
        self.shared: bytes = self._path(one for one in modules if self._zero >> one & ~changing >> one & 1)
        places = [one for one in modules if changing >> one & 1]
        self._bytes = -(-len(places) // 8)
        # Their bits side by side, so that eight of them are one byte: a code is 28 lookups, not a thousand modules.
        self._own_zero = _picked(self._zero, places)
        self._own_table = [{letter: _picked(entry, places) for letter, entry in row.items()} for row in self._table]
        places = [-1] * (8 * self._bytes - len(places)) + places
        self._drawn = [self._paths_of(places[at : at + 8]) for at in range(0, len(places), 8)]

    def matrix(self, tail: str) -> int:
        """The modules row by row, the first one as the highest bit."""
        made = self._zero
        for row, letter in zip(self._table, tail, strict=True):
            made ^= row[letter]
        return made

    def own(self, tail: str) -> bytes:
        """The path of the dark modules that not all codes have, in modules from the lower left corner.

        To be filled together with `shared`, as one path, so that no seam is seen.
        """
        made = self._own_zero
        for row, letter in zip(self._own_table, tail, strict=True):
            made ^= row[letter]
        return b"".join([drawn[bits] for drawn, bits in zip(self._drawn, made.to_bytes(self._bytes), strict=True)])

    def _paths_of(self, places: list[int]) -> list[bytes]:
        """What draws eight modules, for each value of their bits; a place below 0 is none."""
        return [
            self._path(one for bit, one in enumerate(places) if bits & 128 >> bit and one >= 0) for bits in range(256)
        ]

    def _path(self, places: Iterable[int]) -> bytes:
        """Rectangles as wide as a module, of modules column by column."""
        spans = list[list[int]]()
        for place in places:
            y, left = divmod(place, self.side)
            x = self.side - 1 - left
            if spans and spans[-1][0] == x and spans[-1][1] + spans[-1][2] == y:
                spans[-1][2] += 1
            else:
                spans.append([x, y, 1])
        return b"".join([b"%d %d 1 %d re " % (x, y, high) for x, y, high in spans])


def _picked(bits: int, places: list[int]) -> int:
    """The bits at these places, side by side."""
    return functools.reduce(lambda made, place: made << 1 | bits >> place & 1, places, 0)


def _combined(basis: list[int], differs: int) -> int:
    """The XOR of what belongs to each bit in which two letters differ."""
    made = 0
    for bit, change in enumerate(basis):
        if differs >> bit & 1:
            made ^= change
    return made
