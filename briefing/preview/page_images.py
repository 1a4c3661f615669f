"""Pages of a PDF become pictures as wide as a window asks for, and digests of how they look.

A picture is shown as a BMP, which takes a millisecond where deflating takes thirty; one that is kept becomes a PNG when
there is time.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pypdfium2

from briefing.preview.state import PreviewPage

WIDTHS = (120, 4800)  # pixels across a picture: a page of a small window, and one as tall as a wall
_REFERENCE = 1.0  # pixels to the point, at which pages are compared: what moves by a hundredth of one is told apart
_BMP = struct.Struct("<2sIHHIIiiHHIIiiII")  # the heads of a file and of a picture
_DOTS_A_METRE = 2835


@dataclass(frozen=True)
class PageImages:
    """A page with the pictures of it that were asked for, by their width."""

    number: int  # from 0
    count: int
    sheet: PreviewPage
    pictures: Mapping[int, bytes] = field(repr=False)
    look: str = ""  # a digest of what was laid, where it is known
    within: int | None = 0  # which page of the PDF that was sent with it; nothing where it was known before


def pages(
    pdf: bytes, widths: Collection[int], known: Collection[str], digests: Sequence[str] = ()
) -> Iterator[PageImages]:
    """All pages, one by one; those whose digest, the one given or that of its pixels, is `known` need no picture."""
    with pypdfium2.PdfDocument(pdf) as document:
        count = len(document)
        for number in range(count):
            page = document[number]
            wide, tall = page.get_size()
            digest = digests[number] if digests else _appearance(page)
            sheet = PreviewPage(digest, round(wide, 2), round(tall, 2))
            wanted = () if digest in known else widths
            yield PageImages(number, count, sheet, {width: _picture(page, width) for width in wanted}, within=number)


def appearances(pdf: bytes) -> list[str]:
    """A digest of the pixels of each page."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [_appearance(page) for page in document]


def render_page(pdf: bytes, number: int, width: int) -> bytes:
    """One page as a BMP."""
    with pypdfium2.PdfDocument(pdf) as document:
        return _picture(document[number], width)


def _appearance(page: pypdfium2.PdfPage) -> str:
    wide, tall = page.get_size()
    bitmap = page.render(scale=_REFERENCE)
    told = hashlib.sha256(f"{wide:.2f} {tall:.2f} ".encode())
    told.update(bitmap.buffer)
    return told.hexdigest()[:32]


def _picture(page: pypdfium2.PdfPage, width: int) -> bytes:
    bitmap = page.render(scale=width / page.get_width())
    across, down, stride = bitmap.width, bitmap.height, bitmap.stride
    if bitmap.n_channels != 3:
        raise RuntimeError(f"a page was drawn in {bitmap.n_channels} channels")
    pixels = memoryview(bitmap.buffer).cast("B")[: stride * down]
    if stride != _stride(across):  # the rows of a BMP end at whole words
        rest = bytes(_stride(across) - across * 3)
        rows = (pixels[y * stride : y * stride + across * 3] for y in range(down))
        pixels = memoryview(b"".join(part for row in rows for part in (row, rest)))
    size = _stride(across) * down
    whole, head = _BMP.size + size, _BMP.size - 14
    told = (b"BM", whole, 0, 0, _BMP.size, head, across, -down, 1, 24, 0, size, _DOTS_A_METRE, _DOTS_A_METRE, 0, 0)
    return b"".join((_BMP.pack(*told), pixels))


def _stride(across: int) -> int:
    return (across * 3 + 3) // 4 * 4


def is_squeezed(picture: bytes) -> bool:
    """Whether a picture is in the least room."""
    return not picture.startswith(b"BM")


def squeezed(picture: bytes) -> bytes:
    """The same picture as a PNG, a sixth as large, if it is none yet."""
    if is_squeezed(picture):
        return picture
    told = _BMP.unpack_from(picture)
    across, down, stride = told[6], -told[7], _stride(told[6])
    pixels = bytearray(memoryview(picture)[_BMP.size :])
    rows = bytearray()
    for y in range(down):
        row = pixels[y * stride : y * stride + across * 3]
        row[0::3], row[2::3] = row[2::3], row[0::3]
        rows += b"\0" + row
    return _png(across, down, rows)


def _png(across: int, down: int, rows: bytes | bytearray) -> bytes:
    squeeze = zlib.compressobj(1, zlib.DEFLATED, 15, 9, zlib.Z_RLE)
    data = squeeze.compress(rows) + squeeze.flush()
    head = struct.pack(">IIBBBBB", across, down, 8, 2, 0, 0, 0)
    chunks = (_chunk(b"IHDR", head), _chunk(b"IDAT", data), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(name)))
