"""What is seen of words and pictures: a page is drawn as pixels with and without them, and the difference is measured.

A page goes in, which is changed on the way and thrown away; a `Raster` comes out, which is asked about words.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from briefing.pdf import pdfium
from briefing.pdf.geometry import Box, bounds, overlap
from briefing.pdf.pdfium import FORM, TEXT, Page, PageItem, TextObject, address, clips_of, set_active
from briefing.proofing.page_facts import VisibleInk

if TYPE_CHECKING:
    from PIL.Image import Image

PIXELS_A_POINT = 1.5  # 108 to the inch: a line of 7.5 pt has ten pixels and more
DRAWN = 128  # of 255: what black type has at least where a pixel is its own
STEP = 2  # points that are whole pixels
PALE = 20  # of 255: a pixel that differs less than this from what lies behind is not seen
FAINT = 8  # the same for a pixel of a picture, which may lie on a tint
TOUCH = 0.6  # points by which boxes of letters may overlap as they do in good setting
BAND = 12.0  # points: a line of words or so
WIDE = 1000.0  # by which shapes that cut off are widened


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


class Raster(NamedTuple):
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

    def ink(self, box: Box, words: list[TextObject]) -> VisibleInk:
        """What is seen of words that fill a box."""
        pixels = self._pixels(box)
        if pixels[2] <= pixels[0] or pixels[3] <= pixels[1]:
            return VisibleInk(0, 0, 0, 0)
        mine = {self.layer_of[address(word.raw)] for word in words}
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
        return VisibleInk(contrast, drawn, lost, crossed)


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


def raster_of(page: Page, words: list[TextObject], drawn: list[PageItem], height: float) -> Raster:
    """Draw the page, and again without the things of each layer: what differs is what is seen of them.

    Then each layer is drawn alone, black and uncut: what that has and the page has not is hidden. The page is changed
    on the way, and thrown away.
    """
    layers = _layers(words)
    layer_of = {address(word.raw): number for number, layer in enumerate(layers) for word in layer}
    shown = _drawn(page)
    without = [_without(page, [word.raw for word in layer], _WHOLE) for layer in layers]
    parts: dict[int, list[PageItem]] = {}
    for item in drawn:
        if item.mark >= 0 and item.kind != TEXT:
            parts.setdefault(item.mark, []).append(item)
    rooms = {mark: _room(page, bounds([item.box for item in items])) for mark, items in parts.items()}
    # A part of a page is drawn by itself each time: its letters may lie a pixel aside where the whole page is drawn.
    whole = {mark: _drawn(page, room) for mark, room in rooms.items()}
    bare = {mark: _without(page, [item.raw for item in items], rooms[mark]) for mark, items in parts.items()}

    set_active([item.raw for item in drawn], False)
    pictures = {}
    for mark, items in parts.items():
        set_active([item.raw for item in items], True)
        pictures[mark] = _share(_drawn(page, rooms[mark]), whole[mark], bare[mark])
        set_active([item.raw for item in items], False)

    forms = [form for item in drawn if item.kind == FORM for form in _only_words(item.raw, 0)]
    set_active(forms, True)
    set_active([word.raw for word in words], False)
    for word in words:
        pdfium.blacken(word.raw)
    found = []
    for layer, rest in zip(layers, without, strict=True):
        raws = [word.raw for word in layer]
        set_active(raws, True)
        cut = _drawn(page)
        uncut = _drawn(page) if any([*map(_uncut, [*raws, *forms])]) else cut
        found.append(_layer(uncut, cut, shown, rest))
        set_active(raws, False)
    return Raster(tuple(found), layer_of, pictures, shown.size, height)


_Room = tuple[int, int, int, int]  # a part of a page: points that are left out at the left, bottom, right and top
_WHOLE: _Room = (0, 0, 0, 0)


def _room(page: Page, box: Box) -> _Room:
    """The part of a page that holds a box and what is blurred at its edges, in whole pixels."""
    width, height = page.get_size()
    edges = (box[0], box[1], width - box[2], height - box[3])
    left, bottom, right, top = (max(0, STEP * int(edge / STEP) - STEP) for edge in edges)
    off = left + right > width - STEP or bottom + top > height - STEP
    return _WHOLE if off else (left, bottom, right, top)


def _drawn(page: Page, room: _Room = _WHOLE) -> Image:
    return pdfium.draw(page, PIXELS_A_POINT, room)


def _without(page: Page, things: list[Any], room: _Room) -> Image:
    set_active(things, False)
    bare = _drawn(page, room)
    set_active(things, True)
    return bare


def _layer(uncut: Image, cut: Image, shown: Image, bare: Image) -> _Layer:
    from PIL import ImageChops

    drawn = uncut.point(_DRAWN)
    return _Layer(ImageChops.difference(shown, bare), drawn, drawn if cut is uncut else cut.point(_DRAWN))


def _share(alone: Image, shown: Image, bare: Image) -> float | None:
    """The share of what a picture draws that is seen of it; nothing where it draws nothing that differs from paper."""
    from PIL import ImageChops

    drawn = ImageChops.invert(alone).point(_over(PALE))
    count = _count(drawn)
    seen = ImageChops.difference(shown, bare).point(_over(FAINT))
    return 1 - _count(ImageChops.subtract(drawn, seen)) / count if count else None


def _uncut(raw: Any) -> bool:
    """Widen what cuts an object off, about its middle, beyond any page; whether there is something that does."""
    cuts = list(clips_of(raw))
    if cuts:
        left, bottom, right, top = functools.reduce(overlap, cuts)
        x, y = (left + right) / 2 * (1 - WIDE), (bottom + top) / 2 * (1 - WIDE)
        pdfium.transform_clip(raw, (WIDE, 0.0, 0.0, WIDE, x, y))
    return bool(cuts)


def _only_words(form: Any, depth: int) -> Iterator[Any]:
    """Leave only words to be drawn of a drawing; it and the drawings within it come out."""
    yield form
    for raw, kind in pdfium.contained(form):
        if kind == FORM and depth < pdfium.MAX_DEPTH:
            yield from _only_words(raw, depth + 1)
        elif kind != TEXT:
            set_active([raw], False)


def _layers(words: list[TextObject]) -> list[list[TextObject]]:
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
        self.words: list[TextObject] = []
        self._bands: dict[int, list[Box]] = {}

    def takes(self, word: TextObject) -> bool:
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
