"""Pages of one size with lines of text, boxes and frames at given places: labels, letters and lists, by the thousand.

Everything is in millimetres from the upper left corner of the page; type is in points. The same pages give the same
bytes, and memory does not grow with their number: fonts are written last, when it is known which glyphs have come.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import BinaryIO

from pikepdf import Dictionary, Pdf

from briefing.finishing.stamping.copy_mark import utf16
from briefing.finishing.stamping.stamp_font import ShapedText, StampFont
from briefing.pdf.object_writer import ObjectWriter, compact, format_references_to

_VERSION = "1.7"
_PT = 72 / 25.4
_MOST_WIDTHS = 20_000  # kept; memory stays flat over any number of pages
_FOR_FONTS = 20  # numbers that are kept for objects of fonts
_BRANCH = 100  # pages below one node of the page tree


class Face(StrEnum):
    """The two weights of the house's sans, each with the name of its file."""

    REGULAR = "SourceSans3_400Regular.ttf"
    SEMIBOLD = "SourceSans3_600SemiBold.ttf"


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a line is set."""

    size: float  # points
    face: Face = Face.REGULAR
    colour: str = "#1a1d21"


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A line of text on its baseline; `align` is the part of its width that stands left of `left`: 0, 0.5 or 1."""

    left: float
    baseline: float
    text: str
    style: TextStyle
    align: float = 0.0


@dataclass(frozen=True, slots=True)
class PlacedBox:
    """A rectangle in one colour: filled, or drawn with a pen of so many points. A rule is a low one."""

    left: float
    top: float
    width: float
    height: float
    colour: str
    pen: float = 0.0


@dataclass(frozen=True, slots=True)
class TextPage:
    """What stands on one page."""

    texts: Sequence[PlacedText]
    boxes: Sequence[PlacedBox] = ()


@dataclass(frozen=True, slots=True)
class PrinterCorrection:
    """What makes good for a printer that puts everything aside or prints it too small, from the upper left corner."""

    right: float = 0.0  # millimetres
    down: float = 0.0
    scale: float = 1.0


AS_IT_IS = PrinterCorrection()


class PageFonts:
    """The faces of one file, with the glyphs that were used."""

    def __init__(self, folder: Path) -> None:
        self._fonts = {face: StampFont(folder / face.value) for face in Face}
        self._used: set[Face] = set()
        self._widths: dict[tuple[str, Face], float] = {}

    def shape(self, text: str, face: Face) -> ShapedText:
        """A text of one line; raises `NoGlyphError`."""
        self._used.add(face)
        return self._fonts[face].shape(text)

    def width(self, text: str, style: TextStyle) -> float:
        """How wide a text is set, in millimetres; raises `NoGlyphError`."""
        wide = self._widths.get((text, style.face))
        if wide is None:
            if len(self._widths) >= _MOST_WIDTHS:
                self._widths.clear()
            wide = self._widths[text, style.face] = self._fonts[style.face].shape(text).width
        return wide * style.size / 1000 / _PT

    def embed(self, pdf: Pdf) -> Dictionary:
        """The faces that were used, as the fonts of a page's resources."""
        used = [face for face in Face if face in self._used]
        return Dictionary({f"/{face.name}": self._fonts[face].embed(pdf) for face in used})


@dataclass(frozen=True)
class TextFile:
    """A file of such pages: their size in millimetres, its title and language, and what its printer needs."""

    size: tuple[float, float]
    title: str
    language: str
    correction: PrinterCorrection = AS_IT_IS

    def write(self, pages: Iterable[TextPage], fonts: PageFonts, out: BinaryIO) -> int:
        """Write the pages; how many there are."""
        return _Writing(self, fonts, out).write(pages)


class _Writing:
    """One file while it is written."""

    def __init__(self, file: TextFile, fonts: PageFonts, out: BinaryIO) -> None:
        self._file, self._fonts = file, fonts
        self._writer = ObjectWriter(out, _VERSION)
        self._digest = hashlib.sha256()
        width, height = (edge * _PT for edge in file.size)
        self._box, self._height = b"/MediaBox[0 0 %.2f %.2f]" % (width, height), height
        made = file.correction
        place = (made.scale, made.scale, made.right * _PT, height * (1 - made.scale) - made.down * _PT)
        self._matrix = b"" if made == AS_IT_IS else b"%.5f 0 0 %.5f %.3f %.3f cm\n" % place

    def write(self, pages: Iterable[TextPage]) -> int:
        writer = self._writer
        writer.reserve(_FOR_FONTS)
        resources = writer.reserve(4)
        root, tree, info = resources + 1, resources + 2, resources + 3
        nodes, waiting, count = list[int](), list[int](), 0
        node = writer.reserve()
        for page in pages:
            count += 1
            waiting.append(self._write_page(page, node, resources))
            if len(waiting) == _BRANCH:
                nodes.append(self._write_node(node, tree, waiting))
                waiting, node = [], writer.reserve()
        if waiting or not nodes:
            nodes.append(self._write_node(node, tree, waiting))
        self._write_fonts(resources)
        writer.add(tree, b"<</Type/Pages/Count %d/Kids%s>>" % (count, format_references_to(nodes)))
        wishes = b"<</PrintScaling/None/Duplex/Simplex/PickTrayByPDFSize true/DisplayDocTitle true>>"
        told = b"<</Type/Catalog/Pages %d 0 R/ViewerPreferences%s/Lang<%s>>>"
        writer.add(root, told % (tree, wishes, utf16(self._file.language)))
        writer.add(info, b"<</Title<%s>>>" % utf16(self._file.title))
        writer.end(root, info, self._digest.digest()[:16])
        return count

    def _write_fonts(self, resources: int) -> None:
        """The fonts, and the resources that all pages share."""
        with Pdf.new() as pdf:
            pdf.Root.Kept = pdf.make_indirect(Dictionary(Font=self._fonts.embed(pdf)))
            with compact(pdf) as packed:
                root = packed.Root
                assert len(packed.objects) <= _FOR_FONTS
                self._writer.add_all(packed, {root.objgen[0], root.Pages.objgen[0], root.Kept.objgen[0]})
                self._writer.add(resources, root.Kept.unparse(resolved=True))

    def _write_page(self, page: TextPage, node: int, resources: int) -> int:
        drawn = b"\n".join([*map(self._draw_box, page.boxes), *map(self._draw_text, page.texts)])
        data = zlib.compress(b"q\n%s%s\nQ\n" % (self._matrix, drawn))
        self._digest.update(data)
        content = self._writer.reserve(2)
        self._writer.add_stream(content, b"/Filter/FlateDecode", data)
        told = b"<</Type/Page/Parent %d 0 R/Contents %d 0 R/Resources %d 0 R%s>>"
        self._writer.add(content + 1, told % (node, content, resources, self._box))
        return content + 1

    def _write_node(self, node: int, tree: int, kids: Sequence[int]) -> int:
        told = b"<</Type/Pages/Parent %d 0 R/Count %d/Kids%s>>"
        self._writer.add(node, told % (tree, len(kids), format_references_to(kids)))
        return node

    def _draw_box(self, box: PlacedBox) -> bytes:
        place = (box.left * _PT, self._height - (box.top + box.height) * _PT, box.width * _PT, box.height * _PT)
        paint = b"%s RG %g w %s S" if box.pen else b"%s rg %s f"
        area = b"%.3f %.3f %.3f %.3f re" % place
        return paint % ((_rgb(box.colour), box.pen, area) if box.pen else (_rgb(box.colour), area))

    def _draw_text(self, line: PlacedText) -> bytes:
        shaped = self._fonts.shape(line.text, line.style.face)
        x = line.left * _PT - line.align * shaped.width * line.style.size / 1000
        y = self._height - line.baseline * _PT
        show = shaped.show
        if not shaped.plain:
            show = b"/Span<</ActualText<%s>>>BDC %s EMC" % (utf16(line.text), show)
        told = b"BT %s rg /%s %g Tf 1 0 0 1 %.3f %.3f Tm %s ET"
        return told % (_rgb(line.style.colour), line.style.face.name.encode(), line.style.size, x, y, show)


@cache
def _rgb(colour: str) -> bytes:
    return b"%.3f %.3f %.3f" % tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
