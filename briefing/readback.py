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
TOUCH = 0.6  # points by which boxes of letters may overlap as they do in good setting
REACH = 80.0  # points: no words are taller
NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)
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
    raster = _raster(page, [word for _, word in words], drawn, height)
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
    kind: int
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
    kind, mark = pdfium.FPDFPageObj_GetType(raw), pdfium.FPDFPageObj_GetMarkedContentID(raw)
    return _Item(raw, kind, mark, box) if box else None


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
    return Run(text, page, word.box, word.size, raster.ink(word.box, [word])) if text.strip() else None


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
        yield Run("".join(text for *_, text in part), page, box, size, raster.ink(box, [word for _, word, _ in part]))


def _goes_on(last: tuple[_Item, _Word, str], item: _Item, word: _Word) -> bool:
    """Whether a letter continues the words before it: in the same part of the drawing, or beside it on the line."""
    beside = word.box[0] - last[1].box[2]
    on_line = abs(word.baseline - last[1].baseline) < 0.1 and -0.2 * word.size < beside < 0.7 * word.size
    return item is last[0] or (on_line and word.size == last[1].size)


def _picture(alt: str, page: int, items: list[_Item], words: tuple[Run, ...], raster: _Raster) -> Picture:
    if not items:
        return Picture(alt, page, NOWHERE, 0.0, 0.0, words, False, False, NOWHERE)
    box, own = _union([item.box for item in items]), _matrix(items[0].raw)
    across, along = (own.a**2 + own.b**2) ** 0.5, (own.c**2 + own.d**2) ** 0.5
    ink = raster.pictured(box)
    whole = all(raster.pictured(edge) != NOWHERE for edge in _edges(box))
    return Picture(alt, page, box, across, along, words, ink != NOWHERE, whole, ink)


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


@dataclass(frozen=True, slots=True)
class _Raster:
    """A page as pixels: the ink of its pictures, and of its words in layers in which none lies on another."""

    pictures: Image | None
    layers: tuple[Image, ...]
    layer_of: dict[int, int]  # of each word, by the address of its object
    size: tuple[int, int]
    height: float  # of the page, in points

    def _pixels(self, box: Box) -> tuple[int, int, int, int]:
        left, bottom, right, top = box
        return (
            max(0, int(left * PIXELS_A_POINT)),
            max(0, int((self.height - top) * PIXELS_A_POINT)),
            min(self.size[0], int(right * PIXELS_A_POINT) + 1),
            min(self.size[1], int((self.height - bottom) * PIXELS_A_POINT) + 1),
        )

    def ink(self, box: Box, words: list[_Word]) -> Ink:
        """What is seen of words that fill a box."""
        left, top, right, bottom = self._pixels(box)
        width, height = right - left, bottom - top
        nothing = Ink(0, False, False, 0.0, box[2] - box[0])
        if width <= 0 or height <= 0:
            return nothing
        part = self._part({self.layer_of[_address(word.raw)] for word in words}, (left, top, right, bottom))
        contrast = part.getextrema()[1]
        if not isinstance(contrast, int | float) or contrast < PALE:
            return nothing
        dark = part.point(_DARK)
        third = max(1, height // 3)
        low = dark.crop((0, height - third, width, height)).getbbox() is not None
        high = dark.crop((0, 0, width, third)).getbbox() is not None
        columns = dark.reduce((1, height)) if height > 1 else dark
        inked = [x for x, value in enumerate(columns.tobytes()) if value] or [0]
        gap = max((b - a - 1 for a, b in pairwise(inked)), default=0) / PIXELS_A_POINT
        end = max((left + inked[0]) / PIXELS_A_POINT - box[0], box[2] - (left + inked[-1] + 1) / PIXELS_A_POINT)
        return Ink(int(contrast), low, high, gap, end)

    def _part(self, layers: set[int], pixels: tuple[int, int, int, int]) -> Image:
        from PIL import ImageChops

        first, *others = [self.layers[layer].crop(pixels) for layer in sorted(layers)]
        for other in others:
            first = ImageChops.lighter(first, other)
        return first

    def pictured(self, box: Box) -> Box:
        """The bounds of what is seen of a picture in a box."""
        left, top, right, bottom = self._pixels(box)
        if self.pictures is None or right <= left or bottom <= top:
            return NOWHERE
        found = self.pictures.crop((left, top, right, bottom)).point(_DARK).getbbox()
        if not found:
            return NOWHERE
        x, y = left / PIXELS_A_POINT, self.height - top / PIXELS_A_POINT
        across, along = [at / PIXELS_A_POINT for at in found[::2]], [at / PIXELS_A_POINT for at in found[1::2]]
        return (x + across[0], y - along[1], x + across[1], y - along[0])


_DARK = [255 * (value >= PALE // 2) for value in range(256)]


def _raster(page: pypdfium2.PdfPage, words: list[_Word], drawn: list[_Item], height: float) -> _Raster:
    """Draw the page, and once more without the things of each layer: what differs is what is seen of them."""
    from PIL import ImageChops

    seen = page.render(scale=PIXELS_A_POINT, grayscale=True).to_pil()

    def only(things: list[Any]) -> Image:
        for raw in things:
            pdfium.FPDFPageObj_SetIsActive(raw, False)
        bare = page.render(scale=PIXELS_A_POINT, grayscale=True).to_pil()
        for raw in things:
            pdfium.FPDFPageObj_SetIsActive(raw, True)
        return ImageChops.difference(seen, bare)

    layers = _layers(words)
    layer_of = {_address(word.raw): number for number, layer in enumerate(layers) for word in layer}
    shapes = [item.raw for item in drawn if item.mark >= 0 and item.kind != pdfium.FPDF_PAGEOBJ_TEXT]
    pictures = only(shapes) if shapes else None
    return _Raster(pictures, tuple(only([word.raw for word in layer]) for layer in layers), layer_of, seen.size, height)


def _layers(words: list[_Word]) -> list[list[_Word]]:
    """The words in layers in each of which none lies on another; a page that is in order has one or two."""
    layers: list[list[_Word]] = []
    for word in sorted(words, key=lambda word: -word.box[3]):
        for layer in layers:
            if not any(_touch(word.box, other.box) for other in _near(layer, word.box[3])):
                layer.append(word)
                break
        else:
            layers.append([word])
    return layers


def _near(layer: list[_Word], top: float) -> Iterator[_Word]:
    """The words of a layer, laid from the top down, that may reach down to a height."""
    for other in reversed(layer):
        if other.box[3] > top + REACH:
            return
        yield other


def _touch(one: Box, other: Box) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    along = min(one[3], other[3]) - max(one[1], other[1])
    return across > TOUCH and along > TOUCH


def _address(raw: Any) -> int:
    return ctypes.cast(raw, ctypes.c_void_p).value or 0
