"""What a copy says on page one that no other says: who it is for, its number and its code."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

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


class MarkPainter:
    """Draws the marks of copies in one place; for a press in black ink that overprints."""

    def __init__(self, box: MarkBox, font: StampFont, codes: QrTable | None, press: bool = False) -> None:
        self.box, self.font, self.codes, self.press = box, font, codes, press
        self._black = b"/%s gs 0 0 0 1 k" % NAME.encode() if press else b"0 g"
        self.side = box.height if codes else 0.0

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
        out, line = list[bytes](), 0
        for index, paragraph in enumerate(copy.says):
            shown = list[bytes]()
            plain = True
            for size, text in self._lines(copy, paragraph):
                shown.append(self._show(text, size, line))
                line, plain = line + 1, plain and text.plain
            said = b"" if plain else b"/ActualText<%s>" % utf16(", ".join(paragraph))
            out.append(_marked(b"P", b"\n".join(shown), first_mark, index, said))
        if self.codes:
            scale = self.side / self.codes.side
            left = self.box.left + (self.box.width - self.side if self.box.at_right else 0.0)
            drawn = b"q %s %.4f 0 0 %.4f %.2f %.2f cm %sf Q" % (
                self._black,
                scale,
                scale,
                left,
                self.box.bottom,
                self.codes.path(copy.code),
            )
            out.append(_marked(b"Figure", drawn, first_mark, len(copy.says)))
        return b"\n".join(out)

    @property
    def code_box(self) -> tuple[float, float, float, float]:
        """The corners of the QR code, in points."""
        left = self.box.left + (self.box.width - self.side if self.box.at_right else 0.0)
        return (left, self.box.bottom, left + self.side, self.box.bottom + self.side)

    def _lines(self, copy: StampedCopy, paragraph: tuple[str, ...]) -> list[tuple[float, ShapedText]]:
        """A paragraph on one line, or its parts each on its own; every line with its size."""
        room = self.box.width - (self.side + _GAP_PT if self.codes else 0.0)
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
        aside = self.side + _GAP_PT if self.codes else 0.0
        if self.box.at_right:
            x = self.box.left + self.box.width - aside - text.width * size / 1000
        else:
            x = self.box.left + aside
        top = self.box.bottom + self.box.height - self.font.cap_height * self.box.size
        y = top - line * self.box.size * _LEADING
        return b"BT %s /%s %g Tf 1 0 0 1 %.2f %.2f Tm %s ET" % (self._black, NAME.encode(), size, x, y, text.show)


def _marked(tag: bytes, content: bytes, first: int | None, index: int, more: bytes = b"") -> bytes:
    if first is None:
        return content
    return b"/%s <</MCID %d%s>> BDC %s EMC" % (tag, first + index, more, content)


def utf16(text: str) -> bytes:
    """A text string in hexadecimal digits (ISO 32000-1, 7.9.2)."""
    return (b"\xfe\xff" + text.encode("utf-16-be")).hex().encode()
