"""A finished PDF read back: bytes come in, a `PdfInfo` goes out.

The words are taken in the order of the structure tree, and what is seen of them is the difference between the page and
the same page without words. Nothing is judged here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

from briefing.pdf import pdfium
from briefing.pdf.geometry import across, along, bounds, overlap
from briefing.pdf.pdfium import NOWHERE, Page, PageItem, PageLetters, TextObject, clips_of
from briefing.proofing.ink import PIXELS_A_POINT, Raster, raster_of
from briefing.proofing.page_facts import PdfInfo, ReadPage, TaggedFigure, TextRun


def read(data: bytes) -> PdfInfo:
    """Read a PDF back."""
    return PdfInfo(tuple(sheet() for sheet in sheets(data)))


def sheets(data: bytes) -> list[Callable[[], ReadPage]]:
    """What reads each page of a PDF back, in this process or another one, which opens the file for itself."""
    return [functools.partial(_read_page, data, number) for number in range(pdfium.count_pages(data))]


def _read_page(data: bytes, number: int) -> ReadPage:
    return _sheet(pdfium.load_page(data, number), number)


# ------------------------------------------------------------------ a page


def _sheet(page: Page, number: int) -> ReadPage:
    width, height = page.get_size()
    texts, marks, drawn = PageLetters(page), pdfium.marks_in_order(page), pdfium.page_items(page)
    words = [(item, word) for item in drawn for word in pdfium.text_objects(item)]
    raster = raster_of(page, [word for _, word in words], drawn, height)
    lettered = {mark for mark, alt in marks if alt is not None} - {mark for mark, alt in marks if alt is None}
    runs: dict[int, list[TextRun]] = {}
    for item, word in words:
        if item.mark not in lettered and (run := _run(word, texts, number, raster)):
            runs.setdefault(item.mark, []).append(run)
    items: dict[int, list[PageItem]] = {}
    for item in drawn:
        items.setdefault(item.mark, []).append(item)
    heard: list[TextRun | TaggedFigure] = []
    for mark, alt in marks:
        if alt is None:
            heard += runs.get(mark, ())
        else:
            lettering = tuple(_lettering(items[mark], words, texts, number, raster)) if mark in items else ()
            heard.append(_picture(alt, number, mark, items.get(mark, []), lettering, raster))
    taken = {mark for mark, _ in marks}
    unread = tuple(run for mark, found in sorted(runs.items()) if mark not in taken for run in found)
    return ReadPage(width, height, tuple(heard), unread)


def _run(word: TextObject, texts: PageLetters, page: int, raster: Raster) -> TextRun | None:
    text = texts.of(word)
    return (
        TextRun(text, page, word.box, word.size, word.upright, raster.ink(word.box, [word])) if text.strip() else None
    )


def _lettering(
    items: list[PageItem], words: list[tuple[PageItem, TextObject]], texts: PageLetters, page: int, raster: Raster
) -> Iterator[TextRun]:
    """The words in a figure. A drawing sets them letter by letter and without spaces: each of its parts is one run."""
    parts: list[list[tuple[PageItem, TextObject, str]]] = []
    for item, word in words:
        if item.mark == items[0].mark and (text := texts.of(word).strip()):
            if parts and _goes_on(parts[-1][-1], item, word):
                parts[-1].append((item, word, text))
            else:
                parts.append([(item, word, text)])
    for part in parts:
        box, size = bounds([word.box for _, word, _ in part]), max(word.size for _, word, _ in part)
        ink = raster.ink(box, [word for _, word, _ in part])
        yield TextRun("".join(text for *_, text in part), page, box, size, part[0][1].upright, ink)


def _goes_on(last: tuple[PageItem, TextObject, str], item: PageItem, word: TextObject) -> bool:
    """Whether a letter continues the words before it: in the same part of the drawing, or beside it on the line.

    What is set about its middle or its end is a form of its own, and goes on in no other, however close that stands.
    """
    if item is last[0] or pdfium.FORM in (item.kind, last[0].kind):
        return item is last[0]
    beside = word.box[0] - last[1].box[2]
    on_line = abs(word.baseline - last[1].baseline) < 0.1 and -0.2 * word.size < beside < 0.7 * word.size
    return on_line and word.size == last[1].size


def _picture(
    alt: str, page: int, mark: int, items: list[PageItem], words: tuple[TextRun, ...], raster: Raster
) -> TaggedFigure:
    if not items:
        return TaggedFigure(alt, page, NOWHERE, 0.0, 0.0, words, NOWHERE, None)
    # Of a drawing above a ground of pixels, the unit is that of its lines.
    first = next((item for item in items if item.kind != pdfium.IMAGE), items[0])
    box, own = bounds([item.box for item in items]), pdfium.matrix_of(first.raw)
    sheet = (0.0, 0.0, raster.size[0] / PIXELS_A_POINT, raster.height)
    # What cuts one part off is the drawing's own; what cuts off the whole is the page's.
    room = bounds([functools.reduce(overlap, clips_of(item.raw), sheet) for item in items])
    return TaggedFigure(alt, page, box, across(own), along(own), words, room, raster.pictures.get(mark))
