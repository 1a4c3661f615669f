"""What a copy says on page one that no other says: who it is for, its number and its code."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from pikepdf import Pdf

from briefing.finishing.stamping.qr_table import QrTable
from briefing.finishing.stamping.stamp_font import ShapedText, StampFont

NAME = "CopyMark"  # of its font and graphics state among the resources of a page
_MM = 72 / 25.4
_GAP_PT = 5.0  # between letters and QR code
_LEADING = 1.2  # from line to line, in sizes


class MarkTooLongError(ValueError):
    """A line that does not fit into its place at the smallest size; it may be a name, which no message says."""

    def __init__(self, number: int, lacks_mm: float) -> None:
        super().__init__(number, lacks_mm)
        self.number, self.lacks_mm = number, lacks_mm

    def __str__(self) -> str:
        return f"a line of copy {self.number} is {self.lacks_mm:.1f} mm too long"


@dataclass(frozen=True, slots=True)
class StampedCopy:
    """One copy: paragraphs, each of one line or of parts that may stand on lines of their own, and its code."""

    number: int
    says: tuple[tuple[str, ...], ...]
    code: str = ""  # the letters at the end of what the QR code says


@dataclass(frozen=True, slots=True)
class MarkBox:
    """Where the mark stands and how it is set, in points from the page's lower left corner."""

    left: float
    bottom: float
    width: float
    height: float
    size: float = 7.6  # of type
    least: float = 5.5  # the smallest size, for lines that are too long
    at_right: bool = True  # the QR code at the right, and lines that end beside it; otherwise the other way round

    @classmethod
    def on_page(cls, file: bytes, page: int, corner_mm: tuple[float, float], size_mm: tuple[float, float]) -> MarkBox:
        """The box whose upper left corner lies so far from that of the trimmed page, numbered from 0."""
        with Pdf.open(io.BytesIO(file)) as pdf:
            left, _, _, top = (float(edge) for edge in pdf.pages[page].trimbox)
        (x, y), (width, height) = corner_mm, size_mm
        return cls(left + x * _MM, top - (y + height) * _MM, width * _MM, height * _MM)

    def in_large_print(self) -> MarkBox:
        """The same box with type that people with low vision can read."""
        return replace(self, size=14.0, least=13.0, at_right=False)


class _DrawnParagraph(NamedTuple):
    """A paragraph as operators."""

    shown: bytes
    plain: bool  # whether its glyphs alone give the text back
    lines: int


class MarkPainter:
    """Draws the marks of copies in one place; for a press in black ink that overprints."""

    def __init__(self, box: MarkBox, font: StampFont, codes: QrTable | None, press: bool = False) -> None:
        self.box, self.font, self.codes, self.press = box, font, codes, press
        self._black = b"/%s gs 0 0 0 1 k" % NAME.encode() if press else b"0 g"
        self.side = box.height if codes else 0.0
        self._aside = self.side + _GAP_PT if codes else 0.0
        self._room = box.width - self._aside
        self._top = box.bottom + box.height - font.cap_height * box.size  # of the first baseline
        self._set = b"BT %s /%s " % (self._black, NAME.encode()) + b"%g Tf 1 0 0 1 %.2f %.2f Tm %s ET"
        self._recent: dict[int, tuple[tuple[str, ...], int, _DrawnParagraph]] = {}

    def shape(self, copy: StampedCopy) -> float:
        """Use the glyphs of a copy, so that the font has them when it is embedded; raises what `draw` raises.

        Gives the size of its smallest line, in points.
        """
        return min((size for paragraph in copy.says for size, _ in self._lines(copy, paragraph)), default=self.box.size)

    def tightness(self, copy: StampedCopy) -> tuple[float, float]:
        """How little room the lines of a copy leave, to be compared: how far type is set smaller, then their width."""
        lines = [line for paragraph in copy.says for line in self._lines(copy, paragraph)]
        least = min((size for size, _ in lines), default=self.box.size)
        return -least, max((text.width * size for size, text in lines), default=0.0)

    def draw(self, copy: StampedCopy, first_mark: int | None = None) -> bytes:
        """The operators for a copy, as marked content numbered from `first_mark` in a file with tags.

        Raises `NoGlyphError` and `MarkTooLongError`.
        """
        out = self._draw_words(copy, first_mark)
        if self.codes:
            drawn = b"%s%sf Q" % (self.shared, self.codes.own(copy.code))
            out.append(_marked(b"Figure", drawn, first_mark, len(copy.says)))
        return b"\n".join(out)

    def draw_rest(self, copy: StampedCopy) -> bytes:
        """The operators for a copy behind those in `shared`, in a file without tags."""
        out = self._draw_words(copy, None)
        if self.codes:
            out.insert(0, self.codes.own(copy.code) + b"f Q")
        return b"\n".join(out)

    @cached_property
    def shared(self) -> bytes:
        """What all copies draw alike: the QR code's path, as far as it is the same, which has still to be filled."""
        if not self.codes:
            return b""
        scale, (left, bottom, _, _) = self.side / self.codes.side, self.code_box
        place = (self._black, scale, scale, left, bottom, self.codes.shared)
        return b"q %s %.4f 0 0 %.4f %.2f %.2f cm %s" % place

    @property
    def code_box(self) -> tuple[float, float, float, float]:
        """The corners of the QR code, in points."""
        left = self.box.left + (self.box.width - self.side if self.box.at_right else 0.0)
        return (left, self.box.bottom, left + self.side, self.box.bottom + self.side)

    def _draw_words(self, copy: StampedCopy, first_mark: int | None) -> list[bytes]:
        out, line = list[bytes](), 0
        for index, paragraph in enumerate(copy.says):
            said, at, drawn = self._recent.get(index, _NOTHING)
            if said != paragraph or at != line:  # copies of one person come one after another
                drawn = self._draw_paragraph(copy, paragraph, line)
                self._recent[index] = (paragraph, line, drawn)
            line += drawn.lines
            more = b"" if drawn.plain else b"/ActualText<%s>" % utf16(", ".join(paragraph))
            out.append(_marked(b"P", drawn.shown, first_mark, index, more))
        return out

    def _draw_paragraph(self, copy: StampedCopy, paragraph: tuple[str, ...], line: int) -> _DrawnParagraph:
        lines = self._lines(copy, paragraph)
        shown = b"\n".join([self._show(text, size, line + at) for at, (size, text) in enumerate(lines)])
        return _DrawnParagraph(shown, all(text.plain for _, text in lines), len(lines))

    def _lines(self, copy: StampedCopy, paragraph: tuple[str, ...]) -> list[tuple[float, ShapedText]]:
        """A paragraph on one line, or its parts each on its own; every line with its size."""
        room = self._room
        whole = self.font.shape(", ".join(paragraph))
        if whole.width * self.box.size <= room * 1000:
            return [(self.box.size, whole)]
        lines = list[tuple[float, ShapedText]]()
        for text in paragraph:
            shaped = self.font.shape(text)
            size = min(self.box.size, int(room * 100_000 / shaped.width) / 100) if shaped.width else self.box.size
            if size < self.box.least:
                raise MarkTooLongError(copy.number, (shaped.width * self.box.least / 1000 - room) * 25.4 / 72)
            lines.append((size, shaped))
        return lines

    def _show(self, text: ShapedText, size: float, line: int) -> bytes:
        left = self._room - text.width * size / 1000 if self.box.at_right else self._aside
        return self._set % (size, self.box.left + left, self._top - line * self.box.size * _LEADING, text.show)


_NOTHING = ((), -1, _DrawnParagraph(b"", True, 0))


def _marked(tag: bytes, content: bytes, first: int | None, index: int, more: bytes = b"") -> bytes:
    if first is None:
        return content
    return b"/%s <</MCID %d%s>> BDC %s EMC" % (tag, first + index, more, content)


def utf16(text: str) -> bytes:
    """A text string in hexadecimal digits (ISO 32000-1, 7.9.2)."""
    return (b"\xfe\xff" + text.encode("utf-16-be")).hex().encode()
