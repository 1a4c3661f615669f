"""A finished PDF read back: bytes come in, a `PdfInfo` goes out.

The words are taken in the order of the structure tree, and what is seen of them is the difference between the page and
the same page without words. Only this module knows pdfium.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pypdfium2
import pypdfium2.raw as pdfium

from briefing.pdfinfo import Box, Ink, PdfInfo, Picture, Run, Sheet

if TYPE_CHECKING:
    from PIL.Image import Image

PIXELS_A_POINT = 1.5  # 108 to the inch: a line of 7.5 pt has room for three bands of two pixels and more
PALE = 40  # of 255: less than this from what lies behind is not seen
MAX_DEPTH = 12  # of drawings within drawings


def read(data: bytes) -> PdfInfo:
    """Read a PDF back."""
    with pypdfium2.PdfDocument(data) as pdf:
        return PdfInfo(tuple(_sheet(pdf[number], number) for number in range(len(pdf))))


# ------------------------------------------------------------------ a page


def _sheet(page: pypdfium2.PdfPage, number: int) -> Sheet:
    width, height = page.get_size()
    textpage = page.get_textpage()
    drawn = [item for index in range(pdfium.FPDFPage_CountObjects(page)) if (item := _item(page, index))]
    words = [(item, word) for item in drawn for word in _words(item.raw, _Matrix(), 0)]
    seen = page.render(scale=PIXELS_A_POINT, grayscale=True).to_pil()
    for _, word in words:
        pdfium.FPDFTextObj_SetTextRenderMode(word.raw, pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)
    bare = page.render(scale=PIXELS_A_POINT, grayscale=True).to_pil()
    raster = _Raster(_difference(seen, bare), seen, height)
    runs: dict[int, list[Run]] = {}
    for item, word in words:
        if run := _run(word, textpage, number, raster):
            runs.setdefault(item.mark, []).append(run)
    items: dict[int, list[_Item]] = {}
    for item in drawn:
        items.setdefault(item.mark, []).append(item)
    tree = pdfium.FPDF_StructTree_GetForPage(page)
    heard: list[Run | Picture] = []
    taken: set[int] = set()
    try:
        for mark, alt in _marks(tree):
            taken.add(mark)
            if alt is None:
                heard += runs.get(mark, ())
            else:
                lettering = tuple(_lettering(items[mark], words, textpage, number, raster)) if mark in items else ()
                heard.append(_picture(alt, number, items.get(mark, []), lettering, raster))
    finally:
        pdfium.FPDF_StructTree_Close(tree)
    unread = tuple(run for mark, found in sorted(runs.items()) if mark not in taken for run in found)
    return Sheet(width, height, tuple(heard), unread)


def _marks(tree: Any) -> Iterator[tuple[int, str | None]]:
    """Each marked content in the order of the tree, with the alternative text where it belongs to a figure."""
    for index in range(pdfium.FPDF_StructTree_CountChildren(tree)):
        if element := pdfium.FPDF_StructTree_GetChildAtIndex(tree, index):
            yield from _marks_in(element, None)


def _marks_in(element: Any, alt: str | None) -> Iterator[tuple[int, str | None]]:
    if _string(pdfium.FPDF_StructElement_GetType, element) == "Figure":
        alt = _string(pdfium.FPDF_StructElement_GetAltText, element)
    for child in range(pdfium.FPDF_StructElement_CountChildren(element)):
        mark = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, child)
        if mark >= 0:
            yield mark, alt
        elif inner := pdfium.FPDF_StructElement_GetChildAtIndex(element, child):
            yield from _marks_in(inner, alt)


def _string(ask: Any, element: Any) -> str:
    size = ask(element, None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    ask(element, buffer, size)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")


# ------------------------------------------------------------------ what is drawn


@dataclass(frozen=True, slots=True)
class _Matrix:
    """Where a drawing's own coordinates lie on the page."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def within(self, outer: _Matrix) -> _Matrix:
        return _Matrix(
            self.a * outer.a + self.b * outer.c,
            self.a * outer.b + self.b * outer.d,
            self.c * outer.a + self.d * outer.c,
            self.c * outer.b + self.d * outer.d,
            self.e * outer.a + self.f * outer.c + outer.e,
            self.e * outer.b + self.f * outer.d + outer.f,
        )

    def box(self, box: Box) -> Box:
        corners = [(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
        xs = [x * self.a + y * self.c + self.e for x, y in corners]
        ys = [x * self.b + y * self.d + self.f for x, y in corners]
        return (min(xs), min(ys), max(xs), max(ys))


@dataclass(frozen=True, slots=True)
class _Item:
    """Something that the page itself draws, with its mark in the structure tree."""

    raw: Any
    mark: int
    box: Box


@dataclass(frozen=True, slots=True)
class _Word:
    """A text object, on the page itself or within a drawing."""

    raw: Any
    box: Box
    size: float
    baseline: float


def _item(page: pypdfium2.PdfPage, index: int) -> _Item | None:
    raw = pdfium.FPDFPage_GetObject(page, index)
    box = _bounds(raw)
    return _Item(raw, pdfium.FPDFPageObj_GetMarkedContentID(raw), box) if box else None


def _words(raw: Any, outer: _Matrix, depth: int) -> Iterator[_Word]:
    kind = pdfium.FPDFPageObj_GetType(raw)
    if kind == pdfium.FPDF_PAGEOBJ_TEXT:
        box, size = _bounds(raw), ctypes.c_float()
        pdfium.FPDFTextObj_GetFontSize(raw, size)
        own = _matrix(raw).within(outer)
        if box:
            yield _Word(raw, outer.box(box), size.value * (own.c**2 + own.d**2) ** 0.5, own.f)
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
        inner = _matrix(raw).within(outer)
        for index in range(max(0, pdfium.FPDFFormObj_CountObjects(raw))):
            yield from _words(pdfium.FPDFFormObj_GetObject(raw, index), inner, depth + 1)


def _bounds(raw: Any) -> Box | None:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(raw, left, bottom, right, top):
        return None
    return (left.value, bottom.value, right.value, top.value)


def _matrix(raw: Any) -> _Matrix:
    found = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(raw, found)
    return _Matrix(found.a, found.b, found.c, found.d, found.e, found.f)


def _run(word: _Word, textpage: Any, page: int, raster: _Raster) -> Run | None:
    text = _text(word, textpage)
    return Run(text, page, word.box, word.size, raster.ink(word.box)) if text.strip() else None


def _text(word: _Word, textpage: Any) -> str:
    size = pdfium.FPDFTextObj_GetText(word.raw, textpage, None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFTextObj_GetText(word.raw, textpage, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
    text = buffer.raw.decode("utf-16-le", "replace").rstrip("\0")
    # pdfium turns a hyphen at the end of a line into one of these.
    return text.replace("\x02", "-").replace("\ufffe", "-")


def _lettering(
    items: list[_Item], words: list[tuple[_Item, _Word]], textpage: Any, page: int, raster: _Raster
) -> Iterator[Run]:
    """The words in a figure. A drawing sets them letter by letter and without spaces: each of its parts is one run."""
    parts: list[list[tuple[_Item, _Word, str]]] = []
    for item, word in words:
        if item.mark == items[0].mark and (text := _text(word, textpage).strip()):
            if parts and _goes_on(parts[-1][-1], item, word):
                parts[-1].append((item, word, text))
            else:
                parts.append([(item, word, text)])
    for part in parts:
        box, size = _union([word.box for _, word, _ in part]), max(word.size for _, word, _ in part)
        yield Run("".join(text for *_, text in part), page, box, size, raster.ink(box))


def _goes_on(last: tuple[_Item, _Word, str], item: _Item, word: _Word) -> bool:
    """Whether a letter continues the words before it: in the same part of the drawing, or beside it on the line."""
    beside = word.box[0] - last[1].box[2]
    on_line = abs(word.baseline - last[1].baseline) < 0.1 and -0.2 * word.size < beside < 0.7 * word.size
    return item is last[0] or (on_line and word.size == last[1].size)


def _picture(alt: str, page: int, items: list[_Item], words: tuple[Run, ...], raster: _Raster) -> Picture:
    if not items:
        return Picture(alt, page, (0.0, 0.0, 0.0, 0.0), 0.0, 0.0, words, False, False)
    box, own = _union([item.box for item in items]), _matrix(items[0].raw)
    across, along = (own.a**2 + own.b**2) ** 0.5, (own.c**2 + own.d**2) ** 0.5
    return Picture(alt, page, box, across, along, words, raster.varies(box), all(map(raster.varies, _edges(box))))


def _edges(box: Box) -> Iterator[Box]:
    """The thirds of a box along its four edges."""
    left, bottom, right, top = box
    wide, tall = (right - left) / 3, (top - bottom) / 3
    yield (left, bottom, left + wide, top)
    yield (right - wide, bottom, right, top)
    yield (left, bottom, right, bottom + tall)
    yield (left, top - tall, right, top)


def _union(boxes: list[Box]) -> Box:
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


# ------------------------------------------------------------------ what is seen


def _difference(seen: Image, bare: Image) -> Image:
    from PIL import ImageChops

    return ImageChops.difference(seen, bare)


@dataclass(frozen=True, slots=True)
class _Raster:
    """A page as pixels: the ink of its words alone, and all that is seen."""

    words: Image
    all: Image
    height: float  # of the page, in points

    def _pixels(self, box: Box) -> tuple[int, int, int, int]:
        left, bottom, right, top = box
        return (
            max(0, int(left * PIXELS_A_POINT)),
            max(0, int((self.height - top) * PIXELS_A_POINT)),
            min(self.words.width, int(right * PIXELS_A_POINT) + 1),
            min(self.words.height, int((self.height - bottom) * PIXELS_A_POINT) + 1),
        )

    def ink(self, box: Box) -> Ink:
        """What is seen of the words in a box."""
        left, top, right, bottom = self._pixels(box)
        width, height = right - left, bottom - top
        nothing = Ink(0, False, False, box[2] - box[0])
        if width <= 0 or height <= 0:
            return nothing
        part = self.words.crop((left, top, right, bottom))
        contrast = part.getextrema()[1]
        if not isinstance(contrast, int | float) or contrast < PALE:
            return nothing
        dark = part.point(_DARK)
        third = max(1, height // 3)
        low = dark.crop((0, height - third, width, height)).getbbox() is not None
        high = dark.crop((0, 0, width, third)).getbbox() is not None
        columns = dark.reduce((1, height)) if height > 1 else dark
        inked = [-1, *(x for x, value in enumerate(columns.tobytes()) if value), width]
        gap = max(b - a - 1 for a, b in pairwise(inked)) / PIXELS_A_POINT
        beyond = max(0.0, left / PIXELS_A_POINT - box[0], box[2] - right / PIXELS_A_POINT)
        return Ink(int(contrast), low, high, max(gap, beyond))

    def varies(self, box: Box) -> bool:
        """Whether anything is seen in a box."""
        left, top, right, bottom = self._pixels(box)
        if right <= left or bottom <= top:
            return False
        low, high = self.all.crop((left, top, right, bottom)).getextrema()
        assert isinstance(low, int | float)
        assert isinstance(high, int | float)
        return high - low >= PALE


_DARK = [255 * (value >= PALE // 2) for value in range(256)]
