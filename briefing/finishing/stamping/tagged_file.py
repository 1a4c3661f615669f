"""One file for each copy, with the tags of the finished file: the same bytes but for the mark.

The finished file is read once. All of it that copies share is written first, then the mark, then the cross-references:
so a copy takes as long as its mark.
"""

from __future__ import annotations

import hashlib
import io
import zlib

from pikepdf import Array, Dictionary, Name, NumberTree, Object, Pdf, String

from briefing.finishing.stamping.copy_mark import NAME, MarkPainter, StampedCopy
from briefing.pdf.object_writer import ObjectWriter, compact, format_stream

_PLACEHOLDER = b"%copy-mark"


class TaggedFile:
    """A finished file with room for the mark of a copy; all copies must have been shaped before.

    `paragraphs` is how many each copy says, `alt` what is said of every QR code.
    """

    def __init__(self, finished: bytes, mark: MarkPainter, page: int, paragraphs: int, alt: str) -> None:
        self._mark = mark
        with Pdf.open(io.BytesIO(finished)) as pdf:
            self._first = _reserve(pdf, mark, page, paragraphs, alt)
            with compact(pdf) as packed:
                self._prepare(packed, page)

    def _prepare(self, pdf: Pdf, page: int) -> None:
        self._number = pdf.pages[page].obj.Contents[-1].objgen[0]
        out = io.BytesIO()
        self._writer = ObjectWriter(out, pdf.pdf_version)
        self._writer.add_all(pdf, leave={self._number})
        self._references = self._writer.reserve()
        self._writer.place(self._number, self._writer.at)
        self._shared = out.getvalue()
        self._root = pdf.trailer.Root.objgen[0]
        info = pdf.trailer.get("/Info")
        self._info = info.objgen[0] if info is not None else None
        self._identifier = hashlib.sha256(self._shared).digest()
        self._tails: dict[int, tuple[bytes, bytes]] = {}

    def parts(self, copy: StampedCopy) -> tuple[bytes, bytes]:
        """The file in two parts, of which the first is the same for all copies."""
        data = zlib.compress(self._mark.draw(copy, self._first))
        mark = format_stream(self._number, b"/Filter/FlateDecode", data)
        before, after = self._tail(len(self._shared) + len(mark))
        identifier = hashlib.sha256(self._identifier + mark).digest()[:16].hex().encode()
        return self._shared, mark + identifier.join((before, b"><", after))

    def write(self, copy: StampedCopy) -> bytes:
        """The whole file."""
        return b"".join(self.parts(copy))

    def _tail(self, at: int) -> tuple[bytes, bytes]:
        """What comes after the mark, before and behind the identifiers; the same where the mark is as long."""
        known = self._tails.get(at)
        if known is None:
            writer = self._writer
            writer.place(self._references, at)
            blank = bytes(16)
            told = writer.format_references(self._references, self._root, self._info, blank)
            before, _, after = told.split(blank.hex().encode())
            known = self._tails[at] = (before, after)
        return known


def _reserve(pdf: Pdf, mark: MarkPainter, page: int, paragraphs: int, alt: str) -> int | None:
    """Give a page the font, a stream for the mark, and its elements; the number of the first of its marked contents."""
    sheet = pdf.pages[page].obj
    add_resources(pdf, sheet, mark)
    was = list(sheet.Contents) if isinstance(sheet.Contents, Array) else [sheet.Contents]
    stamp = pdf.make_stream(_PLACEHOLDER)
    sheet.Contents = Array([pdf.make_stream(b"q\n"), *was, pdf.make_stream(b"\nQ\n"), stamp])
    return _tag(pdf, sheet, mark, paragraphs, alt) if "/StructTreeRoot" in pdf.Root else None


def add_resources(pdf: Pdf, sheet: Object, mark: MarkPainter) -> None:
    """Put what the mark needs among the resources of a page, which may share them with others."""
    resources = Dictionary(dict(sheet.Resources.items()))
    fonts = Dictionary(dict(sheet.Resources.Font.items()) if "/Font" in sheet.Resources else {})
    fonts[f"/{NAME}"] = mark.font.embed(pdf)
    resources.Font = fonts
    if mark.press:  # an ink that black has none of leaves what lies there (ISO 32000-1, 8.6.7)
        states = Dictionary(dict(sheet.Resources.ExtGState.items()) if "/ExtGState" in sheet.Resources else {})
        states[f"/{NAME}"] = Dictionary(Type=Name.ExtGState, OP=True, op=True, OPM=1)
        resources.ExtGState = states
    sheet.Resources = pdf.make_indirect(resources)


def _tag(pdf: Pdf, sheet: Object, mark: MarkPainter, paragraphs: int, alt: str) -> int:
    """Add the mark to the end of the structure tree (ISO 32000-1, 14.7)."""
    root = pdf.Root.StructTreeRoot
    row = NumberTree(root.ParentTree)[int(sheet.StructParents)]
    first = len(row)
    document = root.K[0] if isinstance(root.K, Array) else root.K
    group = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Div, P=document, K=Array()))
    figure = Dictionary(
        S=Name.Figure,
        Alt=String(alt),
        A=Dictionary(O=Name.Layout, Placement=Name.Block, BBox=Array([round(edge, 2) for edge in mark.code_box])),
    )
    elements = [Dictionary(S=Name.P) for _ in range(paragraphs)] + ([figure] if mark.codes else [])
    for index, element in enumerate(elements):
        element.Type, element.P, element.Pg, element.K = Name.StructElem, group, sheet, first + index
        one = pdf.make_indirect(element)
        group.K.append(one)
        row.append(one)
    if isinstance(document.K, Array):
        document.K.append(group)
    else:
        document.K = Array([document.K, group])
    return first
