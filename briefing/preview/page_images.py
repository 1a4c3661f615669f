"""Pages of a PDF become pictures: a digest of each page's look, and a PNG as wide as a window asks for."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import pypdfium2

from briefing.preview.state import PreviewPage

WIDTHS = (120, 4800)  # pixels across a picture: a page of a small window, and one as tall as a wall
_REFERENCE = 1.0  # pixels to the point, at which looks are compared: what moves by a hundredth of one is told apart


@dataclass(frozen=True)
class PageImages:
    """A page with the pictures of it that were asked for, by their width."""

    number: int  # from 0
    count: int
    sheet: PreviewPage
    pictures: Mapping[int, bytes] = field(repr=False)
    look: str = ""  # a digest of what was laid, where it is known
    within: int | None = 0  # which page of the PDF that was sent with it; nothing where it was known before


def pages(pdf: bytes, widths: Collection[int], known: Collection[str]) -> Iterator[PageImages]:
    """All pages, one by one; those whose look is `known` need no picture."""
    with pypdfium2.PdfDocument(pdf) as document:
        count = len(document)
        for number in range(count):
            page = document[number]
            sheet = _sheet(page)
            wanted = () if sheet.digest in known else widths
            yield PageImages(number, count, sheet, {width: _picture(page, width) for width in wanted}, within=number)


def render_page(pdf: bytes, number: int, width: int) -> bytes:
    """One page as a PNG."""
    with pypdfium2.PdfDocument(pdf) as document:
        return _picture(document[number], width)


def _sheet(page: pypdfium2.PdfPage) -> PreviewPage:
    wide, tall = page.get_size()
    bitmap = page.render(scale=_REFERENCE)
    look = hashlib.sha256(f"{wide:.2f} {tall:.2f} ".encode())
    look.update(bitmap.buffer)
    return PreviewPage(look.hexdigest()[:32], round(wide, 2), round(tall, 2))


def _picture(page: pypdfium2.PdfPage, width: int) -> bytes:
    bitmap = page.render(scale=width / page.get_width(), rev_byteorder=True)
    across, down, stride, channels = bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels
    if channels not in (3, 4):
        raise RuntimeError(f"a page was drawn in {channels} channels")
    pixels = memoryview(bitmap.buffer).cast("B")
    length = across * channels
    rows = b"".join(part for y in range(down) for part in (b"\0", pixels[y * stride : y * stride + length]))
    return _png(across, down, 2 if channels == 3 else 6, rows)


def _png(across: int, down: int, colour: int, rows: bytes) -> bytes:
    """A PNG made for speed: it goes no further than this machine, and is looked at once."""
    squeeze = zlib.compressobj(1, zlib.DEFLATED, 15, 9, zlib.Z_RLE)
    data = squeeze.compress(rows) + squeeze.flush()
    head = struct.pack(">IIBBBBB", across, down, 8, colour, 0, 0, 0)
    chunks = (_chunk(b"IHDR", head), _chunk(b"IDAT", data), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(name)))
