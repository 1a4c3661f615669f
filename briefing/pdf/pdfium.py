"""What pdfium finds on the pages of a PDF, and its pictures of them: objects, words, marks and pixels.

A page is walked here for all who look at what it draws; nothing is judged. Objects belong to their page and are valid
as long as it is.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import pypdfium2
import pypdfium2.raw as raw_api

from briefing.pdf.geometry import UNIT, Box, Matrix, along, around, times, transform_box

if TYPE_CHECKING:
    from PIL.Image import Image

TEXT, PATH, FORM = raw_api.FPDF_PAGEOBJ_TEXT, raw_api.FPDF_PAGEOBJ_PATH, raw_api.FPDF_PAGEOBJ_FORM
IMAGE = raw_api.FPDF_PAGEOBJ_IMAGE
NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)
MAX_DEPTH = 12  # of drawings within drawings
SHORT = 64  # bytes of the name of a tag, and more
LETTERS = 250  # of a line; for longer ones more room is made
LEAN = 0.02  # how far a line of words may rise for each unit that it runs

Page: TypeAlias = pypdfium2.PdfPage
PdfiumError = pypdfium2.PdfiumError


# ------------------------------------------------------------------ files


def count_pages(data: bytes) -> int:
    """How many pages a file has; raises `PdfiumError` where it cannot be opened."""
    with pypdfium2.PdfDocument(data) as pdf:
        return len(pdf)


def pages(data: bytes) -> Iterator[tuple[int, Page]]:
    """Each page of a file with its number, from 0."""
    with pypdfium2.PdfDocument(data) as pdf:
        yield from enumerate(pdf)


def load_page(data: bytes, number: int) -> Page:
    """One page, which may be changed and thrown away; the file stays open, in each process for itself."""
    return _opened(data)[number]


@functools.lru_cache(maxsize=1)
def _opened(data: bytes) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(data)


def draw_pages(data: bytes, scales: Mapping[int, float], **how: Any) -> Iterator[tuple[int, Image]]:
    """Pictures of pages, which are numbered from 0, each in so many pixels to a point; `how` is what pdfium knows."""
    with pypdfium2.PdfDocument(data) as pdf:
        for number, scale in scales.items():
            page = pdf[number]
            yield number, page.render(scale=scale, **how).to_pil()
            page.close()


def draw(page: Page, scale: float, margins: Box = NOWHERE, grey: bool = True) -> Image:
    """A picture of a page, without so many points at its left, bottom, right and top."""
    image: Image = page.render(scale=scale, crop=margins, grayscale=grey).to_pil()
    return image


# ------------------------------------------------------------------ objects


class PageItem(NamedTuple):
    """Something that the page itself draws, with its mark in the structure tree."""

    raw: Any
    kind: int
    mark: int
    box: Box


class DrawnObject(NamedTuple):
    """Something that is drawn, on the page itself or within a drawing, but for the drawings themselves."""

    raw: Any
    kind: int
    outer: Matrix  # from the drawing's coordinates to the page's

    @property
    def box(self) -> Box:
        """Its bounds on the page."""
        return transform_box(bounds_of(self.raw) or NOWHERE, self.outer)

    @property
    def matrix(self) -> Matrix:
        """From its own coordinates to the page's."""
        return times(matrix_of(self.raw), self.outer)


class TextObject(NamedTuple):
    """A text object, on the page itself or within a drawing."""

    raw: Any
    box: Box
    size: float
    baseline: float
    upright: bool
    cut: bool  # whether the page, and not a drawing, cuts it off


def page_items(page: Page) -> list[PageItem]:
    """All that a page itself draws and that has bounds."""
    found = []
    for raw in _objects(page):
        if box := bounds_of(raw):
            kind, mark = raw_api.FPDFPageObj_GetType(raw), raw_api.FPDFPageObj_GetMarkedContentID(raw)
            found.append(PageItem(raw, kind, mark, box))
    return found


def drawn_objects(page: Page) -> Iterator[DrawnObject]:
    """All that a page draws, that within its drawings too, in its order."""
    for raw in _objects(page):
        yield from _drawn_in(raw, raw_api.FPDFPageObj_GetType(raw), UNIT, 0)


def _objects(page: Page) -> Iterator[Any]:
    for index in range(raw_api.FPDFPage_CountObjects(page)):
        yield raw_api.FPDFPage_GetObject(page, index)


def contained(form: Any) -> Iterator[tuple[Any, int]]:
    """What a drawing draws, each with its kind."""
    for index in range(max(0, raw_api.FPDFFormObj_CountObjects(form))):
        raw = raw_api.FPDFFormObj_GetObject(form, index)
        yield raw, raw_api.FPDFPageObj_GetType(raw)


def _drawn_in(raw: Any, kind: int, outer: Matrix, depth: int) -> Iterator[DrawnObject]:
    if kind != FORM:
        yield DrawnObject(raw, kind, outer)
    elif depth < MAX_DEPTH:
        inner = times(matrix_of(raw), outer)
        for one, its_kind in contained(raw):
            yield from _drawn_in(one, its_kind, inner, depth + 1)


def text_objects(item: PageItem) -> Iterator[TextObject]:
    """The text objects in what a page draws."""
    if item.kind == TEXT:
        yield _word(item.raw, item.box, matrix_of(item.raw), any(clips_of(item.raw)))
    elif item.kind == FORM:
        for thing in _drawn_in(item.raw, FORM, UNIT, 0):
            if thing.kind == TEXT and (box := bounds_of(thing.raw)):
                yield _word(thing.raw, transform_box(box, thing.outer), thing.matrix, False)


def _word(raw: Any, box: Box, own: Matrix, cut: bool) -> TextObject:
    size = ctypes.c_float()
    raw_api.FPDFTextObj_GetFontSize(raw, size)
    upright = abs(own[1]) < LEAN * own[0] and own[3] > 0
    return TextObject(raw, box, size.value * along(own), own[5], upright, cut)


def bounds_of(raw: Any) -> Box | None:
    """The bounds of an object in the coordinates of what holds it; none where it has none."""
    left, bottom, right, top = ctypes.c_float(), ctypes.c_float(), ctypes.c_float(), ctypes.c_float()
    if not raw_api.FPDFPageObj_GetBounds(raw, left, bottom, right, top):
        return None
    return (left.value, bottom.value, right.value, top.value)


def matrix_of(raw: Any) -> Matrix:
    """From an object's own coordinates to those of what holds it."""
    found = raw_api.FS_MATRIX()
    raw_api.FPDFPageObj_GetMatrix(raw, found)
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def clips_of(raw: Any) -> Iterator[Box]:
    """The bounds of each shape that cuts an object off."""
    path = raw_api.FPDFPageObj_GetClipPath(raw)
    for number in range(max(0, raw_api.FPDFClipPath_CountPaths(path))):
        points = []
        for index in range(raw_api.FPDFClipPath_CountPathSegments(path, number)):
            x, y = ctypes.c_float(), ctypes.c_float()
            if raw_api.FPDFPathSegment_GetPoint(raw_api.FPDFClipPath_GetPathSegment(path, number, index), x, y):
                points.append((x.value, y.value))
        if points:
            yield around(points)


def set_active(raws: Iterable[Any], active: bool) -> None:
    """Let objects be drawn, or not."""
    for raw in raws:
        raw_api.FPDFPageObj_SetIsActive(raw, active)


def transform_clip(raw: Any, by: Matrix) -> None:
    """Change the shapes that cut an object off."""
    raw_api.FPDFPageObj_TransformClipPath(raw, *by)


def blacken(raw: Any) -> None:
    """Fill an object with black."""
    raw_api.FPDFPageObj_SetFillColor(raw, 0, 0, 0, 255)


def address(raw: Any) -> int:
    """What tells one object from another."""
    return ctypes.cast(raw, ctypes.c_void_p).value or 0


# ------------------------------------------------------------------ words


class PageLetters:
    """The letters of a page. It is asked once for each word, since each time pdfium looks through all of them."""

    def __init__(self, page: Page) -> None:
        self._page = page.get_textpage()
        self._room = (raw_api.FPDF_WCHAR * LETTERS)()

    def of(self, word: TextObject) -> str:
        """The letters of a word, or of a line of them."""
        size = raw_api.FPDFTextObj_GetText(word.raw, self._page, self._room, ctypes.sizeof(self._room))
        if size <= 2:
            return ""
        if size > ctypes.sizeof(self._room):
            self._room = (raw_api.FPDF_WCHAR * size)()
            return self.of(word)
        text = bytes(self._room)[:size].decode("utf-16-le", "replace").rstrip("\0")
        # pdfium turns a hyphen at the end of a line into one of these.
        return text.replace("\x02", "-").replace("\ufffe", "-")


def font_name(raw: Any) -> bytes:
    """The name of the font of a text object."""
    name = ctypes.create_string_buffer(200)
    raw_api.FPDFFont_GetBaseFontName(raw_api.FPDFTextObj_GetFont(raw), name, len(name))
    return name.value


# ------------------------------------------------------------------ the structure tree


def marks_in_order(page: Page) -> list[tuple[int, str | None]]:
    """Each marked content of a page in the order of the tree, with the alternative text where a figure holds it."""
    tree = raw_api.FPDF_StructTree_GetForPage(page)
    try:
        count = raw_api.FPDF_StructTree_CountChildren(tree)
        tops = (raw_api.FPDF_StructTree_GetChildAtIndex(tree, index) for index in range(count))
        return [mark for top in tops if top for mark in _marks_in(top, None)]
    finally:
        raw_api.FPDF_StructTree_Close(tree)


def _marks_in(element: Any, alt: str | None) -> Iterator[tuple[int, str | None]]:
    if _string(raw_api.FPDF_StructElement_GetType, element) == "Figure":
        alt = _string(raw_api.FPDF_StructElement_GetAltText, element)
    for child in range(raw_api.FPDF_StructElement_CountChildren(element)):
        mark = raw_api.FPDF_StructElement_GetChildMarkedContentID(element, child)
        if mark >= 0:
            yield mark, alt
        elif inner := raw_api.FPDF_StructElement_GetChildAtIndex(element, child):
            yield from _marks_in(inner, alt)


def _string(ask: Any, element: Any) -> str:
    size = len(room := ctypes.create_string_buffer(SHORT))
    while (needed := ask(element, room, size)) > size:
        size = len(room := ctypes.create_string_buffer(needed))
    return room.raw[:needed].decode("utf-16-le", "replace").rstrip("\0")
