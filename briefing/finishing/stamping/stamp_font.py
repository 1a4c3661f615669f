"""Text that differs from copy to copy: shaped once for each distinct word, in one font subset for all copies."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import uharfbuzz
from pikepdf import Array, Dictionary, Name, Object, Pdf

_MOST_WORDS = 50_000  # kept; memory stays flat over any number of names
_DROPPED = ("GSUB", "GPOS", "GDEF", "BASE", "DSIG", "name", "STAT", "meta")  # not needed to show glyphs by number
_FEATURES = {"kern": True, "liga": True}
_APART = (
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"  # characters of numbers and codes, of which a glyph sees the next one alone
)
_END = " "
_CMAP = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
%sendcmap
CMapName currentdict /CMap defineresource pop
end
end"""


class NoGlyphError(ValueError):
    """A character that the font cannot show; the message is the character."""


class ShapedText(NamedTuple):
    """A text as operators."""

    show: bytes  # shows it where the text position is
    width: float  # in thousandths of the type size
    plain: bool  # whether its glyphs alone give the text back


class StampFont:
    """A font, and the glyphs of it that have been used.

    Glyphs keep their numbers (Identity-H), so that texts can be written before it is known which others come.
    """

    def __init__(self, file: Path) -> None:
        self._data, self._stem = file.read_bytes(), file.stem
        self._face = uharfbuzz.Face(self._data)
        self._font = uharfbuzz.Font(self._face)
        self._used: dict[int, str] = {}  # the text that a glyph stands for
        self._words: dict[str, ShapedText] = {}
        self._pairs: dict[tuple[str, str], tuple[bytes, float]] = {}  # how the first of two is shown, and its width
        self._advances: dict[int, int] = {}
        self._embedded = False

    def shape(self, text: str) -> ShapedText:
        """A text of one line; raises `NoGlyphError`."""
        if not text.isascii():
            text = unicodedata.normalize("NFC", text).replace("\N{NO-BREAK SPACE}", " ")  # the same, on one line
        words = [self._words.get(word) or self._word(word) for word in text.split(" ")]
        whole = words[0] if len(words) == 1 else _joined(words, self._words.get(" ") or self._word(" "))
        return ShapedText(b"[<%s>]TJ" % whole.show, whole.width, whole.plain)

    def _word(self, word: str) -> ShapedText:
        if word and not word.strip(_APART):
            return self._number_or_code(word)
        known = self._words.get(word)
        if known is None:
            if len(self._words) >= _MOST_WORDS:
                self._words.clear()
            known = self._words[word] = _joined(self._shape_glyphs(word))
        return known

    def _number_or_code(self, word: str) -> ShapedText:
        """A word that is new with every copy, put together from pairs: shaping would take ten times as long."""
        pairs = list(zip(word, word[1:] + _END, strict=True))
        try:
            glyphs = [self._pairs[pair] for pair in pairs]
        except KeyError:
            shaped = self._shape_glyphs(word)
            if len(shaped) == len(pairs) and all(glyph.plain for glyph in shaped):
                self._pairs.update(zip(pairs, [(glyph.show, glyph.width) for glyph in shaped], strict=True))
            return _joined(shaped)
        return ShapedText(b"".join([show for show, _ in glyphs]), sum([width for _, width in glyphs]), True)

    def _shape_glyphs(self, word: str) -> list[ShapedText]:
        """The glyphs of a word, each with what moves the next one."""
        buffer = uharfbuzz.Buffer()
        buffer.add_str(word)
        buffer.guess_segment_properties()
        buffer.direction = "ltr"
        uharfbuzz.shape(self._font, buffer, _FEATURES)
        scale, glyphs = 1000 / self._face.upem, list[ShapedText]()
        infos = buffer.glyph_infos or []
        for index, (info, place) in enumerate(zip(infos, buffer.glyph_positions or [], strict=True)):
            if info.codepoint == 0 or place.y_offset:  # a character, or an accent that no letter has
                raise NoGlyphError(word[info.cluster])
            end = infos[index + 1].cluster if index + 1 < len(infos) else len(word)
            said = word[info.cluster : end]
            if self._embedded and info.codepoint not in self._used:
                raise RuntimeError(
                    "a glyph is used that the embedded font has not"
                )  # a blank, where a letter should be
            plain = bool(said) and self._used.setdefault(info.codepoint, said) == said
            show = b"%04X" % info.codepoint
            if place.x_offset:
                show = b">%g<%s" % (-place.x_offset * scale, show)
            if move := self._advance(info.codepoint) + place.x_offset - place.x_advance:
                show += b">%g<" % round(move * scale, 2)
            glyphs.append(ShapedText(show, place.x_advance * scale, plain))
        return glyphs

    def _advance(self, glyph: int) -> int:
        known = self._advances.get(glyph)
        if known is None:
            known = self._advances[glyph] = self._font.get_glyph_h_advance(glyph)
        return known

    def embed(self, pdf: Pdf) -> Object:
        """The font as an object of a PDF, with the glyphs that were used until now (ISO 32000-1, 9.7)."""
        self._embedded = True
        data, scale = self._subset(), 1000 / self._face.upem
        name = Name(f"/{''.join(chr(65 + part % 26) for part in hashlib.sha256(data).digest()[:6])}+{self._stem}")
        tables = self._tables
        file = pdf.make_stream(data)
        file.Length1 = len(data)
        box = (tables["head"].xMin, tables["head"].yMin, tables["head"].xMax, tables["head"].yMax)
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=4,
            FontBBox=Array([round(edge * scale) for edge in box]),
            ItalicAngle=0,
            Ascent=round(tables["hhea"].ascent * scale),
            Descent=round(tables["hhea"].descent * scale),
            CapHeight=round(self._cap_height * scale),
            StemV=80,
            FontFile2=file,
        )
        widths = Array()
        for glyph in sorted(self._used):
            widths.append(glyph)
            widths.append(Array([round(self._advance(glyph) * scale, 2)]))
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
            W=widths,
            DW=0,
            CIDToGIDMap=Name.Identity,
        )
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_stream(self._to_unicode()),
        )
        return pdf.make_indirect(font)

    @cached_property
    def cap_height(self) -> float:
        """How high capitals are, as a part of the type size."""
        return self._cap_height / float(self._face.upem)

    @property
    def _cap_height(self) -> int:
        return int(self._tables["OS/2"].sCapHeight)

    @cached_property
    def _tables(self) -> Any:
        import io

        from fontTools.ttLib import TTFont

        return TTFont(io.BytesIO(self._data))

    def _subset(self) -> bytes:
        wanted = uharfbuzz.SubsetInput()
        wanted.glyph_set.update(self._used)
        wanted.flags = uharfbuzz.SubsetFlags.RETAIN_GIDS | uharfbuzz.SubsetFlags.NO_LAYOUT_CLOSURE
        wanted.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in _DROPPED)
        return bytes(uharfbuzz.subset(self._face, wanted).blob.data)

    def _to_unicode(self) -> bytes:
        """Which text each glyph stands for (ISO 32000-1, 9.10.3), at most 100 in a group."""
        rows = [
            b"<%04X> <%s>" % (one, self._used[one].encode("utf-16-be").hex().encode()) for one in sorted(self._used)
        ]
        groups = (rows[at : at + 100] for at in range(0, len(rows), 100))
        told = b"".join(b"%d beginbfchar\n%s\nendbfchar\n" % (len(group), b"\n".join(group)) for group in groups)
        return _CMAP % told


def _joined(parts: Sequence[ShapedText], between: ShapedText | None = None) -> ShapedText:
    """Texts one after another."""
    between = between or ShapedText(b"", 0, True)
    return ShapedText(
        between.show.join([part.show for part in parts]),
        sum([part.width for part in parts]) + between.width * (len(parts) - 1),
        False not in [part.plain for part in parts] and between.plain,
    )
