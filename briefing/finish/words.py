"""The words of each marked content, read from the pages as WeasyPrint writes them.

Its text is in hexadecimal strings of two-byte codes, and each font has a table from codes to characters (ISO 32000-1,
9.10.3). That is all that is read here; what another program writes is read by `briefing.hearing`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pikepdf import Name, Pdf

from briefing.finish.tree import Mark

_PIECE = re.compile(
    rb"<<\s*/MCID\s+(?P<mark>\d+)\s*>>\s*BDC|(?P<begin>\bB[DM]C\b)|(?P<end>\bEMC\b)"
    rb"|/(?P<font>\S+)\s+[\d.]+\s+Tf|\[(?P<text>[^\]]*)\]\s*TJ"
)
_STRING = re.compile(rb"<([0-9a-fA-F]+)>")
_PAIR = re.compile(rb"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>")


def read(pdf: Pdf) -> Mapping[Mark, str]:
    """The words of every marked content of a PDF."""
    fonts: dict[tuple[int, int], Mapping[bytes, str]] = {}
    found: dict[Mark, str] = {}
    for number, page in enumerate(pdf.pages):
        page.contents_coalesce()
        _page(page.obj.Contents.read_bytes(), number, _fonts(page, fonts), found)
    return found


def _fonts(page: Any, known: dict[tuple[int, int], Mapping[bytes, str]]) -> Mapping[bytes, Mapping[bytes, str]]:
    here = {}
    for name, font in page.obj.Resources.get(Name.Font, {}).items():
        if font.objgen not in known:
            known[font.objgen] = _letters(font.ToUnicode.read_bytes()) if Name.ToUnicode in font else {}
        here[name[1:].encode()] = known[font.objgen]
    return here


def _letters(table: bytes) -> Mapping[bytes, str]:
    start = table.find(b"beginbfchar")
    return {
        code.lower(): bytes.fromhex(letters.decode()).decode("utf-16-be", "replace")
        for code, letters in _PAIR.findall(table, start)
    }


def _page(content: bytes, number: int, fonts: Mapping[bytes, Mapping[bytes, str]], found: dict[Mark, str]) -> None:
    open_marks: list[Mark | None] = []
    letters: Mapping[bytes, str] = {}
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
            letters = fonts.get(piece["font"], {})
        elif mark := next((mark for mark in reversed(open_marks) if mark), None):
            codes = b"".join(_STRING.findall(piece["text"])).lower()
            found[mark] += "".join(letters.get(codes[at : at + 4], "") for at in range(0, len(codes), 4))
