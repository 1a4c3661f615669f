"""What a reader finds in a PDF: its text in reading order, the sizes of its type, its links and its white space."""

from __future__ import annotations

import ctypes
import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from markupsafe import Markup

from briefing.design.paper import PAPERS
from briefing.design.tokens import Tokens
from briefing.documents.block_views import View
from briefing.documents.html import margins

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Said:
    """A run of words under one tag of the structure tree."""

    tag: str
    text: str
    page: int


@dataclass(frozen=True)
class Type:
    """A run of words as it is set."""

    text: str
    points: float
    page: int


def text(file: Path) -> str:
    """All text of a file in the order in which it is drawn, running heads included."""
    with pypdfium2.PdfDocument(file) as pdf:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def squeezed(words: str) -> str:
    """Words without white space and hyphens, in small letters: what two ways of setting them have in common.

    A hyphen at the end of a line comes out of pdfium as U+0002 or U+FFFE.
    """
    return re.sub(r"[\s\x02\ufffe\u00ad\u2060\u2010-]+", "", words).casefold()


_SAID = ("publisher", "title", "date", "qualifier", "number", "shown")  # words that are no text


def words_of(value: Any, name: str = "") -> Iterator[str]:
    """The words in a block's data, source marks included, each run as it will stand on the page."""
    if isinstance(value, Markup):
        for piece in re.split(r"</?(?:p|li|ul|ol|h3|br|blockquote)\b[^>]*>", value):
            if words := html.unescape(re.sub(r"<[^>]+>", "", piece)).strip():
                yield words
    elif isinstance(value, str) and name in _SAID and value:
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if key not in ("alt", "checked"):  # said only by a screen reader, and to editors
                yield from words_of(item, key)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from words_of(item, name)


def block_words(view: View) -> tuple[str, ...]:
    """The words that a block prints."""
    return tuple(words_of(view.data))


def unmarked_words(view: View) -> str:
    """The same in one run and without source marks."""
    return " ".join(words_of(_unmarked(view.data)))


def _unmarked(value: Any) -> Any:
    if isinstance(value, Markup):
        plain = re.sub(r'<span class="dagger">.*?</span>', "", value)
        return Markup(re.sub(r'<span class="(?:marks|numbers)">.*?</span>', "", plain))
    if isinstance(value, Mapping):
        return {key: _unmarked(item) for key, item in value.items()}
    return [_unmarked(item) for item in value] if isinstance(value, list | tuple) else value


# ------------------------------------------------------------------ the structure tree


def reading_order(file: Path) -> list[Said]:
    """The words of a file in the order of its structure tree; running heads and folios are no part of it."""
    said: list[Said] = []
    with pypdfium2.PdfDocument(file) as pdf:
        for number, page in enumerate(pdf):
            runs = _runs_by_mark(page)
            tree = pdfium.FPDF_StructTree_GetForPage(page)
            try:
                for child in range(pdfium.FPDF_StructTree_CountChildren(tree)):
                    element = pdfium.FPDF_StructTree_GetChildAtIndex(tree, child)
                    said += _element(element, "", runs, number)
            finally:
                pdfium.FPDF_StructTree_Close(tree)
    return said


def _element(element: Any, tag: str, runs: Mapping[int, str], page: int) -> Iterator[Said]:
    tag = _string(pdfium.FPDF_StructElement_GetType, element) or tag
    for child in range(pdfium.FPDF_StructElement_CountChildren(element)):
        mark = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, child)
        if mark >= 0:
            yield Said(tag, runs.get(mark, ""), page)
        elif inner := pdfium.FPDF_StructElement_GetChildAtIndex(element, child):
            yield from _element(inner, tag, runs, page)


def _runs_by_mark(page: pypdfium2.PdfPage) -> dict[int, str]:
    runs: dict[int, str] = {}
    textpage = page.get_textpage()
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=6):
        mark = pdfium.FPDFPageObj_GetMarkedContentID(item)
        if mark >= 0:
            runs[mark] = runs.get(mark, "") + _text_of(item, textpage)
    return runs


def _text_of(item: Any, textpage: Any) -> str:
    size = pdfium.FPDFTextObj_GetText(item, textpage, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFTextObj_GetText(item, textpage, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
    return buffer.raw.decode("utf-16-le").rstrip("\0")


def _string(read: Any, element: Any) -> str:
    size = read(element, None, 0)
    buffer = ctypes.create_string_buffer(size)
    read(element, buffer, size)
    return buffer.raw.decode("utf-16-le").rstrip("\0")


# ------------------------------------------------------------------ type


def type_sizes(file: Path) -> list[Type]:
    """Every run of type that is not part of a drawing, with its size on the page."""
    found = []
    with pypdfium2.PdfDocument(file) as pdf:
        for number, page in enumerate(pdf):
            textpage = page.get_textpage()
            for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=1):
                words = _text_of(item, textpage)
                if words.strip():
                    found.append(Type(words, round(_size(item), 2), number))
    return found


def _size(item: Any) -> float:
    size = ctypes.c_float()
    assert pdfium.FPDFTextObj_GetFontSize(item, size)
    matrix = item.get_matrix()
    return float(size.value * (matrix.c**2 + matrix.d**2) ** 0.5)


def common_size(runs: list[Type]) -> float:
    """The size in which most letters are set."""
    count: Counter[float] = Counter()
    for run in runs:
        count[run.points] += len(run.text)
    return count.most_common(1)[0][0]


# ------------------------------------------------------------------ room


def fill(file: Path, page: int, tokens: Tokens) -> float:
    """How far down the type area of a page its lowest ink reaches, as a part of the area's height."""
    scale = 2.0
    with pypdfium2.PdfDocument(file) as pdf:
        sheet = pdf[page]
        tall = sheet.get_height()
        picture = sheet.render(scale=scale, grayscale=True).to_pil()
    paper = min(PAPERS.values(), key=lambda paper: abs(paper.height_mm * POINTS_PER_MM - tall))
    edges = margins(paper, tokens)
    top = (edges["top_mm"] - tokens.grid["masthead"] * (page == 0)) * POINTS_PER_MM
    end = tall - edges["bottom_mm"] * POINTS_PER_MM
    area = picture.crop((0, round(top * scale), picture.width, round(end * scale)))
    ink = area.point(lambda value: 255 if value < 250 else 0).getbbox()
    assert ink, "the page is empty"
    return float(ink[3] / area.height)


# ------------------------------------------------------------------ links


def links(file: Path) -> list[str]:
    """Where the links within a file lead, by name, in the order of the pages."""
    with pikepdf.open(file) as pdf:
        return [str(note.Dest) for page in pdf.pages for note in page.get("/Annots", []) if "/Dest" in note]


def destinations(file: Path) -> set[str]:
    """The names of the places to which links may lead."""
    with pikepdf.open(file) as pdf:
        return {str(name) for name in pikepdf.NameTree(pdf.Root.Names.Dests)}
