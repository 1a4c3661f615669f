"""What an office copier makes of a page: bytes and what stands on their pages come in, measures of the copies go out.

Each page is drawn at the resolution of a copier, and its words again by themselves: what they would be on a perfect
copy. From these follow the contrast in grey, and what is left of the words in black and white.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from briefing.pdf import pdfium
from briefing.pdf.geometry import Box, bounds
from briefing.pdf.pdfium import DrawnObject, Page, set_active
from briefing.proofing.page_facts import PdfInfo, TaggedFigure, TextRun
from briefing.proofing.photocopy.greys import SimilarAreas, find_similar_areas, ratio
from briefing.proofing.photocopy.hairlines import FineLine, find_fine_line
from briefing.runtime import page_sharing

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 200  # of a fax in fine mode, and of a copier that scans in black and white
SCALE = DPI / 72
MIDDLE = 128  # of 255: where black and white part
CORE = 0.9  # how much of a pixel a letter covers where the pixel has the colour of its ink
MOST = 0.8  # and how much where a good copy has it black; thin strokes and edges of letters cover less
SOME = 0.1  # what covers less says nothing of its ink
PLAIN = 140  # of 255: ink and ground that differ by more have a contrast over 4.5:1, however light they are, and part
UNSEEN = 8  # of 255: words that differ less from their ground are on no copy, and not on the page either
LARGE = 14.0  # points: below this it makes no difference whether type is bold
BOLD = (b"bold", b"black", b"heavy")


class CopiedRun(NamedTuple):
    """A run of words on the copies."""

    contrast: float  # between ink and ground in grey, from 1 to 21
    lost: float  # the share of its ink that a copy in black and white does not tell from the ground
    bold: bool


class CopiedSheet(NamedTuple):
    """A page as a copier gives it back."""

    words: Mapping[TextRun, CopiedRun]  # only those that not every copier tells from their ground
    lines: tuple[FineLine, ...]  # the finest
    areas: Mapping[TaggedFigure, tuple[SimilarAreas, ...]]


def simulate_copies(
    data: bytes, info: PdfInfo, drawings: Mapping[TaggedFigure, bool], contrast: float, width: float
) -> tuple[CopiedSheet, ...]:
    """Copy the pages: areas of the drawings with less `contrast`, and lines of less `width` in points, are told.

    Each drawing comes with whether its paper is an area, too; that of a map, which ends at its edges, is not.
    """
    one = functools.partial(_sheet, data, info, drawings, contrast, width)
    return tuple(page_sharing.Shared([functools.partial(one, number) for number in range(len(info.sheets))]).results())


def _sheet(
    data: bytes, info: PdfInfo, drawings: Mapping[TaggedFigure, bool], contrast: float, width: float, number: int
) -> CopiedSheet:
    """Copy one page, which is changed on the way, and thrown away."""
    page = pdfium.load_page(data, number)
    drawn = list(pdfium.drawn_objects(page))
    words = [thing for thing in drawn if thing.kind == pdfium.TEXT]
    lines = tuple(line for thing in drawn if (line := find_fine_line(thing, width)))
    seen = [run for run in runs(info, number) if run.ink.contrast >= UNSEEN]
    room = _room(page, [run.box for run in seen])
    shown = _drawn(page, room, True)
    lettering = [word.raw for word in words]
    set_active(lettering, False)
    bare = _drawn(page, room, True)
    areas = {
        one: tuple(find_similar_areas(_drawn(page, _room(page, [one.box]), False), contrast, paper))
        for one, paper in drawings.items()
        if one.page == number
    }
    set_active([thing.raw for thing in drawn], False)
    for word in lettering:
        pdfium.blacken(word)
    set_active(lettering, True)
    copied = _Copied.of(shown, bare, _drawn(page, room, True), room)
    found = {run: copied.copy(run, words) for run in seen}
    return CopiedSheet({run: told for run, told in found.items() if told}, lines, areas)


def runs(info: PdfInfo, number: int) -> tuple[TextRun, ...]:
    """All words of a page, those of pictures and of running heads among them."""
    sheet = info.sheets[number]
    read = [item for item in sheet.read if isinstance(item, TextRun)]
    return (*read, *(run for item in sheet.read if isinstance(item, TaggedFigure) for run in item.words), *sheet.unread)


def _room(page: Page, boxes: Sequence[Box]) -> Box:
    """The part of a page that holds some boxes, in whole points."""
    wide, tall = page.get_size()
    box = bounds(boxes) if boxes else (0.0, 0.0, 1.0, 1.0)
    left, bottom = math.floor(max(0.0, box[0])), math.floor(max(0.0, box[1]))
    right, top = math.ceil(min(wide, box[2])), math.ceil(min(tall, box[3]))
    return (left, bottom, max(left + 1, right), max(bottom + 1, top))


def _drawn(page: Page, room: Box, grey: bool) -> Image:
    """A part of a page, in grey or in its colours."""
    wide, tall = page.get_size()
    left, bottom, right, top = room
    return pdfium.draw(page, SCALE, (left, bottom, max(0.0, wide - right), max(0.0, tall - top)), grey)


# ------------------------------------------------------------------ words


class _Copied(NamedTuple):
    """A page as pixels."""

    shown: Image
    bare: Image  # without its words
    alone: Image  # the words, black on white
    apart: Image  # by how much ink and ground differ where letters cover a pixel; white elsewhere
    room: Box

    @classmethod
    def of(cls, shown: Image, bare: Image, alone: Image, room: Box) -> _Copied:
        from PIL import ImageChops

        beside = alone.point([255 * (grey > round(255 * (1 - CORE))) for grey in range(256)])
        return cls(shown, bare, alone, ImageChops.lighter(beside, ImageChops.difference(shown, bare)), room)

    def copy(self, run: TextRun, words: Sequence[DrawnObject]) -> CopiedRun | None:
        """A run on the copies; nothing where ink and ground differ so much that every copier tells them apart."""
        left, bottom, right, top = run.box
        wide, tall = self.shown.size
        box = (
            max(0, int((left - self.room[0]) * SCALE)),
            max(0, int((self.room[3] - top) * SCALE)),
            min(wide, int((right - self.room[0]) * SCALE) + 1),
            min(tall, int((self.room[3] - bottom) * SCALE) + 1),
        )
        if box[2] <= box[0] or box[3] <= box[1]:
            return None
        if PLAIN <= int(self.apart.crop(box).getextrema()[0]) < 255:  # type: ignore[arg-type]
            return None
        shown, bare, alone = (image.crop(box) for image in (self.shown, self.bare, self.alone))
        bold = run.size >= LARGE and any(_is_bold(word) for word in words if _lies_in(word.box, run.box))
        return CopiedRun(_contrast(shown, bare, alone), _lost(shown, bare, alone), bold)


def _contrast(shown: Image, bare: Image, alone: Image) -> float:
    """Between ink and ground, where letters cover whole pixels; in finest type, where they cover most."""
    darkest = int(alone.getextrema()[0])  # type: ignore[arg-type]
    core = alone.point(_under(max(darkest, round(255 * (1 - CORE))) + 1))
    share = 1 - _mean(alone, core) / 255
    if share < SOME:
        return 1.0
    ground = _mean(bare, core)
    return ratio(ground + (_mean(shown, core) - ground) / share, ground)


def _lost(shown: Image, bare: Image, alone: Image) -> float:
    """The share of what a good copy has in black that is not told from the ground in black and white."""
    from PIL import ImageChops

    ink = alone.point(_under(round(255 * (1 - MOST)) + 1))
    told = ImageChops.difference(shown.point(_under(MIDDLE)), bare.point(_under(MIDDLE)))
    count = _count(ink)
    return _count(ImageChops.subtract(ink, told)) / count if count else 0.0


def _under(value: int) -> list[int]:
    return [255 * (grey < value) for grey in range(256)]


def _count(mask: Image) -> int:
    return mask.histogram()[255]


def _mean(image: Image, mask: Image) -> float:
    counts = image.histogram(mask)
    return sum(grey * count for grey, count in enumerate(counts)) / max(1, sum(counts))


def _is_bold(word: DrawnObject) -> bool:
    """By the name of its font: typesetters do not always write its weight."""
    return any(weight in pdfium.font_name(word.raw).lower() for weight in BOLD)


def _lies_in(one: Box, other: Box) -> bool:
    return one[0] > other[0] - 1 and one[1] > other[1] - 1 and one[2] < other[2] + 1 and one[3] < other[3] + 1
