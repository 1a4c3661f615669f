"""The words of each marked content, read from the pages as WeasyPrint writes them.

Its text is in hexadecimal strings of two-byte codes, and each font has a table from codes to characters (ISO 32000-1,
9.10.3). That is all that is read here; what another program writes is read by `briefing.pdf.structure_tree`.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from typing import Any

from pikepdf import Name, Pdf

from briefing.finishing.tagging.tree import Mark

_PIECE = re.compile(  # each part begins with a letter, so that the search leaps over what is drawn
    rb"<<\s*/MCID\s+(?P<mark>\d+)\s*>>\s*BDC|B(?<!\wB)[DM]C\b(?P<begin>)|E(?<!\wE)MC\b(?P<end>)"
    rb"|/(?P<font>\S+)\s+[\d.]+\s+Tf|\[(?P<text>[^\]]*)\]\s*TJ"
)
_STRING = re.compile(rb"<([0-9a-fA-F]+)>")
_CODE = struct.Struct(">H")
_PAIR = re.compile(rb"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>")


def read(pdf: Pdf) -> Mapping[Mark, str]:
    """The words of every marked content of a PDF."""
    fonts: dict[tuple[int, int], _Letters] = {}
    found: dict[Mark, str] = {}
    for number, page in enumerate(pdf.pages):
        page.contents_coalesce()
        _page(page.obj.Contents.read_bytes(), number, _fonts(page, fonts), found)
    return found


class _Letters(dict[int, str]):
    """What the codes of a font stand for; the others stand for nothing."""

    def __missing__(self, code: int) -> str:
        return ""


def _fonts(page: Any, known: dict[tuple[int, int], _Letters]) -> Mapping[bytes, _Letters]:
    here = {}
    for name, font in page.obj.Resources.get(Name.Font, {}).items():
        if font.objgen not in known:
            known[font.objgen] = _letters(font.ToUnicode.read_bytes()) if Name.ToUnicode in font else _Letters()
        here[name[1:].encode()] = known[font.objgen]
    return here


def _letters(table: bytes) -> _Letters:
    start = table.find(b"beginbfchar")
    return _Letters(
        (int(code, 16), bytes.fromhex(letters.decode()).decode("utf-16-be", "replace"))
        for code, letters in _PAIR.findall(table, start)
    )


def _page(content: bytes, number: int, fonts: Mapping[bytes, _Letters], found: dict[Mark, str]) -> None:
    open_marks: list[Mark | None] = []
    letters = _Letters()
    for piece in _PIECE.finditer(content):
        kind = piece.lastgroup
        if kind == "mark":
            open_marks.append(Mark(number, int(piece["mark"])))
            found.setdefault(Mark(number, int(piece["mark"])), "")
        elif kind == "begin":
            open_marks.append(None)
        elif kind == "end":
            open_marks = open_marks[:-1]
        elif kind == "font":
            letters = fonts.get(piece["font"], _Letters())
        elif mark := next((mark for mark in reversed(open_marks) if mark), None):
            codes = bytes.fromhex(b"".join(_STRING.findall(piece["text"])).decode())
            found[mark] += "".join([letters[code] for (code,) in _CODE.iter_unpack(codes)])
