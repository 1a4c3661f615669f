"""The little that is told of a finished press file in words: its pages, the boxes of the first, and its fonts."""

from __future__ import annotations

import io
from typing import Any, NamedTuple

from pikepdf import Dictionary, Pdf

from briefing.pdf.geometry import Box


class FileSummary(NamedTuple):
    """What a finished press file says of itself."""

    pages: int
    trim: Box
    bleed: Box
    fonts: int
    embedded: int


def summarise(data: bytes) -> FileSummary:
    """Read what is told of a file from the file itself."""
    with Pdf.open(io.BytesIO(data)) as pdf:
        page = pdf.pages[0].obj
        fonts = {
            thing.objgen: thing
            for thing in pdf.objects
            if isinstance(thing, Dictionary) and thing.get("/Type") == "/FontDescriptor"
        }
        whole = [font for font in fonts.values() if {"/FontFile", "/FontFile2", "/FontFile3"} & set(font.keys())]
        return FileSummary(len(pdf.pages), read_box(page.TrimBox), read_box(page.BleedBox), len(fonts), len(whole))


def read_box(raw: Any) -> Box:
    """A rectangle of a file of ours."""
    left, bottom, right, top = (float(edge) for edge in raw)
    return left, bottom, right, top
