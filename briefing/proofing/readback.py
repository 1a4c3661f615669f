"""A finished PDF read back: bytes come in, a `PdfInfo` goes out.

The words are taken in the order of the structure tree, and what is seen of them is the difference between the page and
the same page without words. Nothing is judged here.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from briefing.proofing.page_facts import Box, Ink, PdfInfo, Picture, Run, Sheet

if TYPE_CHECKING:
    from PIL.Image import Image

PIXELS_A_POINT = 1.5  # 108 to the inch: a line of 7.5 pt has ten pixels and more
DRAWN = 128  # of 255: what black type has at least where a pixel is its own
STEP = 2  # points that are whole pixels
PALE = 20  # of 255: a pixel that differs less than this from what lies behind is not seen
FAINT = 8  # the same for a pixel of a picture, which may lie on a tint
TOUCH = 0.6  # points by which boxes of letters may overlap as they do in good setting
GAP = 0.12  # of the size of type: a space is wider
LINE = 0.6  # the same: lines lie farther apart
BAND = 12.0  # points: a line of words or so
WIDE = 1000.0  # by which shapes that cut off are widened
LEAN = 0.02  # how far a line of words may rise for each unit that it runs
NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)
MAX_DEPTH = 12  # of drawings within drawings
SHORT = 64  # bytes of the name of a tag, and more
LETTERS = 250  # of a line; for longer ones more room is made


def read(data: bytes) -> PdfInfo:
    """Read a PDF back."""
    return PdfInfo(tuple(sheet() for sheet in sheets(data)))


def sheets(data: bytes) -> list[Callable[[], Sheet]]:
    """What reads each page of a PDF back, in this process or another one, which opens the file for itself."""
    with pypdfium2.PdfDocument(data) as pdf:
        count = len(pdf)
    return [functools.partial(_read_page, data, number) for number in range(count)]


def _read_page(data: bytes, number: int) -> Sheet:
    return _sheet(_opened(data)[number], number)


@functools.lru_cache(maxsize=1)
def _opened(data: bytes) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(data)


class Marked(NamedTuple):
    """The words of marked content, and where they begin and end: x and baseline in points."""

    text: str
    start: tuple[float, float]
    end: tuple[float, float]
    size: float

    def goes_on(self, after: Marked) -> bool:
        """Whether these words stand close behind others on their line, without a space between."""
        size = max(self.size, after.size)
        on_line = abs(self.start[1] - after.end[1]) < LINE * size  # a superior number stands higher
        return on_line and -size < self.start[0] - after.end[0] < GAP * size

    def joined(self, other: Marked) -> Marked:
        """Both, one behind the other."""
        space = "" if other.goes_on(self) else " "
        return Marked(self.text + space + other.text, self.start, other.end, max(self.size, other.size))


def marked_words(data: bytes) -> Mapping[tuple[int, int], Marked]:
    """The words of each marked content of any PDF, by page, from 0, and number."""
    found: dict[tuple[int, int], Marked] = {}
    with pypdfium2.PdfDocument(data) as pdf:
        for number, page in enumerate(pdf):
            texts = _Texts(page)
            for item in _items(page):
                for word in _words(item) if item.mark >= 0 else ():
                    left, _, right, _ = word.box
                    new = Marked(texts.of(word), (left, word.baseline), (right, word.baseline), word.size)
                    if new.text:
                        before = found.get((number, item.mark))
                        found[number, item.mark] = before.joined(new) if before else new
    return found


# ------------------------------------------------------------------ a page


def _sheet(page: pypdfium2.PdfPage, number: int) -> Sheet:
    width, height = page.get_size()
    texts, marks, drawn = _Texts(page), _marks(page), _items(page)
    words = [(item, word) for item in drawn for word in _words(item)]
    raster = _raster(page, [word for _, word in words], drawn, height)
    lettered = {mark for mark, alt in marks if alt is not None} - {mark for mark, alt in marks if alt is None}
    runs: dict[int, list[Run]] = {}
    for item, word in words:
        if item.mark not in lettered and (run := _run(word, texts, number, raster)):
            runs.setdefault(item.mark, []).append(run)
    items: dict[int, list[_Item]] = {}
    for item in drawn:
        items.setdefault(item.mark, []).append(item)
    heard: list[Run | Picture] = []
    for mark, alt in marks:
        if alt is None:
            heard += runs.get(mark, ())
        else:
            lettering = tuple(_lettering(items[mark], words, texts, number, raster)) if mark in items else ()
            heard.append(_picture(alt, number, mark, items.get(mark, []), lettering, raster))
    taken = {mark for mark, _ in marks}
    unread = tuple(run for mark, found in sorted(runs.items()) if mark not in taken for run in found)
    return Sheet(width, height, tuple(heard), unread)


def _marks(page: pypdfium2.PdfPage) -> list[tuple[int, str | None]]:
    """Each marked content in the order of the tree, with the alternative text where it belongs to a figure."""
    tree = pdfium.FPDF_StructTree_GetForPage(page)
    try:
        count = pdfium.FPDF_StructTree_CountChildren(tree)
        tops = (pdfium.FPDF_StructTree_GetChildAtIndex(tree, index) for index in range(count))
        return [mark for top in tops if top for mark in _marks_in(top, None)]
    finally:
        pdfium.FPDF_StructTree_Close(tree)


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
    size = len(room := ctypes.create_string_buffer(SHORT))
    while (needed := ask(element, room, size)) > size:
        size = len(room := ctypes.create_string_buffer(needed))
    return room.raw[:needed].decode("utf-16-le", "replace").rstrip("\0")


# ------------------------------------------------------------------ what is drawn


class _Matrix(NamedTuple):
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


class _Item(NamedTuple):
    """Something that the page itself draws, with its mark in the structure tree."""

    raw: Any
    kind: int
    mark: int
    box: Box


class _Word(NamedTuple):
    """A text object, on the page itself or within a drawing."""

    raw: Any
    box: Box
    size: float
    baseline: float
    upright: bool
    cut: bool  # whether the page, and not a drawing, cuts it off


def _items(page: pypdfium2.PdfPage) -> list[_Item]:
    """All that a page draws."""
    found = []
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        raw = pdfium.FPDFPage_GetObject(page, index)
        if box := _bounds(raw):
            kind, mark = pdfium.FPDFPageObj_GetType(raw), pdfium.FPDFPageObj_GetMarkedContentID(raw)
            found.append(_Item(raw, kind, mark, box))
    return found


def _words(item: _Item) -> Iterator[_Word]:
    """The text objects in what a page draws."""
    if item.kind == pdfium.FPDF_PAGEOBJ_TEXT:
        yield _word(item.raw, item.box, _matrix(item.raw), any(_cuts(item.raw)))
    elif item.kind == pdfium.FPDF_PAGEOBJ_FORM:
        yield from _words_in(item.raw, _Matrix(), 0)


def _words_in(form: Any, outer: _Matrix, depth: int) -> Iterator[_Word]:
    inner = _matrix(form).within(outer)
    for index in range(max(0, pdfium.FPDFFormObj_CountObjects(form))):
        raw = pdfium.FPDFFormObj_GetObject(form, index)
        kind = pdfium.FPDFPageObj_GetType(raw)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            if box := _bounds(raw):
                yield _word(raw, inner.box(box), _matrix(raw).within(inner), False)
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth + 1 < MAX_DEPTH:
            yield from _words_in(raw, inner, depth + 1)


def _word(raw: Any, box: Box, own: _Matrix, cut: bool) -> _Word:
    size = ctypes.c_float()
    pdfium.FPDFTextObj_GetFontSize(raw, size)
    upright = abs(own.b) < LEAN * own.a and own.d > 0
    return _Word(raw, box, size.value * (own.c**2 + own.d**2) ** 0.5, own.f, upright, cut)


def _bounds(raw: Any) -> Box | None:
    left, bottom, right, top = ctypes.c_float(), ctypes.c_float(), ctypes.c_float(), ctypes.c_float()
    if not pdfium.FPDFPageObj_GetBounds(raw, left, bottom, right, top):
        return None
    return (left.value, bottom.value, right.value, top.value)


def _matrix(raw: Any) -> _Matrix:
    found = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(raw, found)
    return _Matrix(found.a, found.b, found.c, found.d, found.e, found.f)


def _run(word: _Word, texts: _Texts, page: int, raster: _Raster) -> Run | None:
    text = texts.of(word)
    return Run(text, page, word.box, word.size, word.upright, raster.ink(word.box, [word])) if text.strip() else None


class _Texts:
    """The letters of a page. It is asked once for each word, since each time pdfium looks through all of them."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._page = page.get_textpage()
        self._room = (pdfium.FPDF_WCHAR * LETTERS)()

    def of(self, word: _Word) -> str:
        """The letters of a word, or of a line of them."""
        size = pdfium.FPDFTextObj_GetText(word.raw, self._page, self._room, ctypes.sizeof(self._room))
        if size <= 2:
            return ""
        if size > ctypes.sizeof(self._room):
            self._room = (pdfium.FPDF_WCHAR * size)()
            return self.of(word)
        text = bytes(self._room)[:size].decode("utf-16-le", "replace").rstrip("\0")
        # pdfium turns a hyphen at the end of a line into one of these.
        return text.replace("\x02", "-").replace("\ufffe", "-")


def _lettering(
    items: list[_Item], words: list[tuple[_Item, _Word]], texts: _Texts, page: int, raster: _Raster
) -> Iterator[Run]:
    """The words in a figure. A drawing sets them letter by letter and without spaces: each of its parts is one run."""
    parts: list[list[tuple[_Item, _Word, str]]] = []
    for item, word in words:
        if item.mark == items[0].mark and (text := texts.of(word).strip()):
            if parts and _goes_on(parts[-1][-1], item, word):
                parts[-1].append((item, word, text))
            else:
                parts.append([(item, word, text)])
    for part in parts:
        box, size = _union([word.box for _, word, _ in part]), max(word.size for _, word, _ in part)
        ink = raster.ink(box, [word for _, word, _ in part])
        yield Run("".join(text for *_, text in part), page, box, size, part[0][1].upright, ink)


def _goes_on(last: tuple[_Item, _Word, str], item: _Item, word: _Word) -> bool:
    """Whether a letter continues the words before it: in the same part of the drawing, or beside it on the line."""
    beside = word.box[0] - last[1].box[2]
    on_line = abs(word.baseline - last[1].baseline) < 0.1 and -0.2 * word.size < beside < 0.7 * word.size
    return item is last[0] or (on_line and word.size == last[1].size)


def _picture(alt: str, page: int, mark: int, items: list[_Item], words: tuple[Run, ...], raster: _Raster) -> Picture:
    if not items:
        return Picture(alt, page, NOWHERE, 0.0, 0.0, words, NOWHERE, None)
    box, own = _union([item.box for item in items]), _matrix(items[0].raw)
    across, along = (own.a**2 + own.b**2) ** 0.5, (own.c**2 + own.d**2) ** 0.5
    sheet = (0.0, 0.0, raster.size[0] / PIXELS_A_POINT, raster.height)
    room = functools.reduce(_common, (cut for item in items for cut in _cuts(item.raw)), sheet)
    return Picture(alt, page, box, across, along, words, room, raster.pictures.get(mark))


def _cuts(raw: Any) -> Iterator[Box]:
    """The bounds of each shape that cuts an object off."""
    path = pdfium.FPDFPageObj_GetClipPath(raw)
    for number in range(max(0, pdfium.FPDFClipPath_CountPaths(path))):
        points = []
        for index in range(pdfium.FPDFClipPath_CountPathSegments(path, number)):
            x, y = ctypes.c_float(), ctypes.c_float()
            if pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(path, number, index), x, y):
                points.append((x.value, y.value))
        if points:
            xs, ys = [x for x, _ in points], [y for _, y in points]
            yield (min(xs), min(ys), max(xs), max(ys))


def _common(one: Box, other: Box) -> Box:
    return (max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3]))


def _union(boxes: list[Box]) -> Box:
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


# ------------------------------------------------------------------ what is seen


class _Layer(NamedTuple):
    """Words of which none lies on another: what is seen of them, and what they draw."""

    seen: Image  # by how much each pixel differs from the page without them
    drawn: Image  # white where they draw
    cut: Image  # the same, without what is cut off

    def lost(self, pixels: _Pixels) -> Image:
        """White where they draw and nothing is seen of it."""
        from PIL import ImageChops

        return ImageChops.subtract(self.drawn.crop(pixels), self.seen.crop(pixels).point(_SEEN))


_Pixels = tuple[int, int, int, int]  # of a part of a page: left, top, right, bottom


class _Raster(NamedTuple):
    """A page as pixels."""

    layers: tuple[_Layer, ...]
    layer_of: dict[int, int]  # of each word, by the address of its object
    pictures: dict[int, float | None]  # the share that is seen of each picture, by its mark
    size: tuple[int, int]
    height: float  # of the page, in points

    def _pixels(self, box: Box) -> _Pixels:
        left, bottom, right, top = box
        return (
            max(0, int(left * PIXELS_A_POINT)),
            max(0, int((self.height - top) * PIXELS_A_POINT)),
            min(self.size[0], int(right * PIXELS_A_POINT) + 1),
            min(self.size[1], int((self.height - bottom) * PIXELS_A_POINT) + 1),
        )

    def ink(self, box: Box, words: list[_Word]) -> Ink:
        """What is seen of words that fill a box."""
        pixels = self._pixels(box)
        if pixels[2] <= pixels[0] or pixels[3] <= pixels[1]:
            return Ink(0, 0, 0, 0)
        mine = {self.layer_of[_address(word.raw)] for word in words}
        others = [layer.cut for number, layer in enumerate(self.layers) if number not in mine]
        layers = [self.layers[number] for number in mine]
        seen = [layer.seen.crop(pixels) for layer in layers]
        contrast = max(int(image.getextrema()[1]) for image in seen)  # type: ignore[arg-type]
        if len(layers) == 1:
            levels = seen[0].histogram(layers[0].drawn.crop(pixels))
            drawn, lost = sum(levels), sum(levels[:PALE])
        else:
            drawn = _count(_any([layer.drawn.crop(pixels) for layer in layers]))
            lost = _count(_any([layer.lost(pixels) for layer in layers]))
        crossed = 0
        if lost and others:
            hidden = _any([layer.lost(pixels) for layer in layers])
            crossed = _count(_both(hidden, _any([image.crop(pixels) for image in others])))
        return Ink(contrast, drawn, lost, crossed)


def _any(images: list[Image]) -> Image:
    from PIL import ImageChops

    return functools.reduce(ImageChops.lighter, images)


def _both(one: Image, other: Image) -> Image:
    from PIL import ImageChops

    return ImageChops.darker(one, other)


def _count(mask: Image) -> int:
    """How many pixels of a mask are white."""
    return mask.histogram()[255]


def _over(least: int) -> list[int]:
    return [255 * (value >= least) for value in range(256)]


_DRAWN = [255 * (255 - value >= DRAWN) for value in range(256)]  # of what is black on white
_SEEN = _over(PALE)


def _raster(page: pypdfium2.PdfPage, words: list[_Word], drawn: list[_Item], height: float) -> _Raster:
    """Draw the page, and again without the things of each layer: what differs is what is seen of them.

    Then each layer is drawn alone, black and uncut: what that has and the page has not is hidden. The page is changed
    on the way, and thrown away.
    """
    layers = _layers(words)
    layer_of = {_address(word.raw): number for number, layer in enumerate(layers) for word in layer}
    shown = _drawn(page)
    without = [_without(page, [word.raw for word in layer], _WHOLE) for layer in layers]
    parts: dict[int, list[_Item]] = {}
    for item in drawn:
        if item.mark >= 0 and item.kind != pdfium.FPDF_PAGEOBJ_TEXT:
            parts.setdefault(item.mark, []).append(item)
    rooms = {mark: _room(page, _union([item.box for item in items])) for mark, items in parts.items()}
    bare = {mark: _without(page, [item.raw for item in items], rooms[mark]) for mark, items in parts.items()}

    _activate([item.raw for item in drawn], False)
    pictures = {}
    for mark, items in parts.items():
        _activate([item.raw for item in items], True)
        pictures[mark] = _share(_drawn(page, rooms[mark]), _part(shown, rooms[mark]), bare[mark])
        _activate([item.raw for item in items], False)

    forms = [form for item in drawn if item.kind == pdfium.FPDF_PAGEOBJ_FORM for form in _only_words(item.raw, 0)]
    _activate(forms, True)
    for word in words:
        pdfium.FPDFPageObj_SetFillColor(word.raw, 0, 0, 0, 255)
        pdfium.FPDFPageObj_SetIsActive(word.raw, False)
    found = []
    for layer, rest in zip(layers, without, strict=True):
        raws = [word.raw for word in layer]
        _activate(raws, True)
        cut = _drawn(page)
        whole = _drawn(page) if any([*map(_uncut, [*raws, *forms])]) else cut
        found.append(_layer(whole, cut, shown, rest))
        _activate(raws, False)
    return _Raster(tuple(found), layer_of, pictures, shown.size, height)


_Room = tuple[int, int, int, int]  # a part of a page: points that are left out at the left, bottom, right and top
_WHOLE: _Room = (0, 0, 0, 0)


def _room(page: pypdfium2.PdfPage, box: Box) -> _Room:
    """The part of a page that holds a box and what is blurred at its edges, in whole pixels."""
    width, height = page.get_size()
    edges = (box[0], box[1], width - box[2], height - box[3])
    left, bottom, right, top = (max(0, STEP * int(edge / STEP) - STEP) for edge in edges)
    off = left + right > width - STEP or bottom + top > height - STEP
    return _WHOLE if off else (left, bottom, right, top)


def _part(image: Image, room: _Room) -> Image:
    left, bottom, right, top = (round(edge * PIXELS_A_POINT) for edge in room)
    return image.crop((left, top, image.width - right, image.height - bottom))


def _drawn(page: pypdfium2.PdfPage, room: _Room = _WHOLE) -> Image:
    image: Image = page.render(scale=PIXELS_A_POINT, crop=room, grayscale=True).to_pil()
    return image


def _without(page: pypdfium2.PdfPage, things: list[Any], room: _Room) -> Image:
    _activate(things, False)
    bare = _drawn(page, room)
    _activate(things, True)
    return bare


def _activate(things: list[Any], active: bool) -> None:
    for raw in things:
        pdfium.FPDFPageObj_SetIsActive(raw, active)


def _layer(whole: Image, cut: Image, shown: Image, bare: Image) -> _Layer:
    from PIL import ImageChops

    drawn = whole.point(_DRAWN)
    return _Layer(ImageChops.difference(shown, bare), drawn, drawn if cut is whole else cut.point(_DRAWN))


def _share(alone: Image, shown: Image, bare: Image) -> float | None:
    """The share of what a picture draws that is seen of it; nothing where it draws nothing that differs from paper."""
    from PIL import ImageChops

    drawn = ImageChops.invert(alone).point(_over(PALE))
    count = _count(drawn)
    seen = ImageChops.difference(shown, bare).point(_over(FAINT))
    return 1 - _count(ImageChops.subtract(drawn, seen)) / count if count else None


def _uncut(raw: Any) -> bool:
    """Widen what cuts an object off, about its middle, beyond any page; whether there is something that does."""
    cuts = list(_cuts(raw))
    if cuts:
        left, bottom, right, top = functools.reduce(_common, cuts)
        x, y = (left + right) / 2 * (1 - WIDE), (bottom + top) / 2 * (1 - WIDE)
        pdfium.FPDFPageObj_TransformClipPath(raw, WIDE, 0, 0, WIDE, x, y)
    return bool(cuts)


def _only_words(form: Any, depth: int) -> Iterator[Any]:
    """Leave only words to be drawn of a drawing; it and the drawings within it come out."""
    yield form
    for index in range(max(0, pdfium.FPDFFormObj_CountObjects(form))):
        raw = pdfium.FPDFFormObj_GetObject(form, index)
        kind = pdfium.FPDFPageObj_GetType(raw)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
            yield from _only_words(raw, depth + 1)
        elif kind != pdfium.FPDF_PAGEOBJ_TEXT:
            pdfium.FPDFPageObj_SetIsActive(raw, False)


def _layers(words: list[_Word]) -> list[list[_Word]]:
    """The words in layers in each of which none lies on another; a page that is in order has one or two.

    Words that are cut off lie apart: uncut they may reach into their neighbours.
    """
    layers: list[_Grid] = []
    for word in words:
        if not any(layer.takes(word) for layer in layers):
            layers.append(_Grid(word.cut))
            layers[-1].takes(word)
    return [layer.words for layer in layers]


class _Grid:
    """A layer of words, found by the bands of the page on which they stand."""

    def __init__(self, cut: bool) -> None:
        self.cut = cut
        self.words: list[_Word] = []
        self._bands: dict[int, list[Box]] = {}

    def takes(self, word: _Word) -> bool:
        """Take a word in, unless it would lie on another."""
        if word.cut != self.cut:
            return False
        bands = range(int(word.box[1] // BAND), int(word.box[3] // BAND) + 1)
        if any(_touch(word.box, other) for band in bands for other in self._bands.get(band, ())):
            return False
        self.words.append(word)
        for band in bands:
            self._bands.setdefault(band, []).append(word.box)
        return True


def _touch(one: Box, other: Box) -> bool:
    return (
        one[0] + TOUCH < other[2]
        and other[0] + TOUCH < one[2]
        and one[1] + TOUCH < other[3]
        and other[1] + TOUCH < one[3]
    )


def _address(raw: Any) -> int:
    return ctypes.cast(raw, ctypes.c_void_p).value or 0
