"""Things laid over and under finished pages, which stay as they are: bytes in, bytes out.

What is laid on is an artifact (ISO 32000-1, 14.8.2.2): tags, order of reading and links stay those of the page.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf

from briefing.finishing.disclaim import disclaim
from briefing.finishing.tagging.artifacts import unmark
from briefing.pdf.save import save_to_bytes

BAR_WIDTH = 1.6  # points


@dataclass(frozen=True)
class Bar:
    """A bar beside lines that have changed; points from the page's lower left corner."""

    page: int  # from 0
    x: float
    bottom: float
    top: float


def of_light(colour: str) -> str:
    """The operator that strokes in a colour such as #a63a17."""
    return " ".join(f"{int(colour[at : at + 2], 16) / 255:.4f}" for at in (1, 3, 5)) + " RG"


def of_ink(recipe: Sequence[float]) -> str:
    """The operator that strokes in four inks, given in per cent."""
    return " ".join(f"{part / 100:.4f}" for part in recipe) + " K"


def draw_change_bars(data: bytes, bars: Iterable[Bar], ink: str) -> bytes:
    """Draw change bars; `ink` is the operator that sets their colour."""
    by_page: dict[int, list[Bar]] = {}
    for bar in bars:
        by_page.setdefault(bar.page, []).append(bar)
    with Pdf.open(io.BytesIO(data)) as pdf:
        for number, found in by_page.items():
            strokes = " ".join(f"{bar.x:.2f} {bar.bottom:.2f} m {bar.x:.2f} {bar.top:.2f} l S" for bar in found)
            drawn = f"\nQ /Artifact <</Type /Layout>> BDC q {ink} {BAR_WIDTH} w {strokes} Q EMC"
            page = pdf.pages[number]
            page.contents_coalesce()
            page.Contents.write(b"q\n" + page.Contents.read_bytes() + drawn.encode())
        return save_to_bytes(pdf)


def lay_review_sheets(data: bytes, laid: bytes, wide: float, tall: float) -> bytes:
    """Lay a review copy's sheets over the pages: the first sheet under each of them, one over each, the rest behind.

    Pages are made smaller to stand at the left of a sheet of `wide` by `tall` points.
    """
    with Pdf.open(io.BytesIO(data)) as pdf, Pdf.open(io.BytesIO(laid)) as sheets:
        for sheet in sheets.pages:
            unmark(sheet)
        under, *others = sheets.pages
        factor = tall / float(pdf.pages[0].mediabox[3])
        for number, page in enumerate(pdf.pages):
            _lay(pdf, page, under, others[number], factor, number)
            page.mediabox = Array([0, 0, wide, tall])
            for box in ("/CropBox", "/TrimBox", "/BleedBox", "/ArtBox"):
                if box in page.obj:
                    del page.obj[box]
            for note in page.get("/Annots", Array()):
                _shrink(note, factor)
        _shrink_targets(pdf, factor)
        for sheet in others[len(pdf.pages) :]:
            pdf.pages.append(sheet)
        disclaim(pdf)  # the sheets have no tags
        return save_to_bytes(pdf)


def _lay(pdf: Pdf, page: Page, under: Page, over: Page, factor: float, number: int) -> None:
    # Pages may share their resources, so each sheet has a name of its own.
    names = [
        page.add_resource(pdf.copy_foreign(sheet.as_form_xobject()), Name.XObject, Name(name))
        for sheet, name in ((under, f"/Under{number}"), (over, f"/Over{number}"))
    ]
    first, last = (str(name).encode() for name in names)
    mark = b"/Artifact <</Type /Pagination /Subtype /Watermark>> BDC "
    page.contents_coalesce()
    page.Contents.write(
        mark
        + first
        + b" Do EMC q %.6f 0 0 %.6f 0 0 cm\n" % (factor, factor)
        + page.Contents.read_bytes()
        + b"\nQ /Artifact <</Type /Pagination>> BDC "
        + last
        + b" Do EMC"
    )


def _shrink(note: Object, factor: float) -> None:
    for key in (Name.Rect, Name.QuadPoints):
        if key in note:
            note[key] = Array([round(float(part) * factor, 3) for part in note[key]])


def _shrink_targets(pdf: Pdf, factor: float) -> None:
    """Bring the places that links and bookmarks lead to onto the smaller pages."""
    named = pdf.Root.get("/Names", Dictionary()).get("/Dests")
    for target in [] if named is None else pikepdf.NameTree(named).values():
        _shrink_target(target, factor)
    todo = [pdf.Root.Outlines.First] if "/Outlines" in pdf.Root and "/First" in pdf.Root.Outlines else []
    while todo:
        entry = todo.pop()
        if "/Dest" in entry and isinstance(entry.Dest, Array):
            _shrink_target(entry.Dest, factor)
        todo += [entry[key] for key in ("/First", "/Next") if key in entry]


def _shrink_target(target: Object, factor: float) -> None:
    """A place is page, /XYZ, left, top, zoom (ISO 32000-1, 12.3.2.2)."""
    for index in (2, 3):
        target[index] = round(float(target[index]) * factor, 3)
