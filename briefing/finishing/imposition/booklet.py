"""Single pages in, sheets out that make a booklet when they are printed on both sides, folded and stapled.

The pages come from a finished file: an office's, which are as large as their paper, or a print shop's, with bleed and
room for marks around the trim. The sheets are for printing alone, so they have neither tags nor links nor bookmarks.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf

from briefing.finishing.context import Finishing
from briefing.finishing.disclaim import disclaim
from briefing.finishing.imposition.signatures import FoldedSheet, SheetSide, creep_mm, sides
from briefing.finishing.viewer import Duplex, preset
from briefing.pdf.file_summary import read_box
from briefing.pdf.geometry import PT_PER_MM as MM
from briefing.pdf.geometry import Box
from briefing.pdf.save import save_to_bytes

SAME = 0.3  # points: pages and halves of sheets that differ by less than this (0.1 mm) are of one size
LINE = 0.25  # points, of marks
APART = 1.0 * MM  # marks keep this distance from the bleed
LONG = 5.0 * MM  # marks are so long where there is room for it
SHORT = 3.0 * MM  # and at least so long
UNPRINTED = 5.0 * MM  # what a desktop printer cannot print on along the edges
_MARKED = re.compile(rb"/\w+\s*<<[^<>]*/MCID\s+\d+[^<>]*>>\s*BDC")
_READING = ("/StructTreeRoot", "/MarkInfo", "/Outlines", "/Names", "/Dests", "/AF", "/PageLabels", "/OpenAction")


def booklet(
    pages: bytes, sheet: FoldedSheet, about: Finishing, alone: bool = False, thickness_mm: float = 0.0
) -> bytes:
    """Impose a finished file; `alone`: whether the last page is the back cover (`signatures.order_folded_pages`).

    The paper's thickness moves the pages of inner sheets towards the fold, which matters from some ten sheets on.
    """
    with Pdf.open(io.BytesIO(pages)) as pdf:
        printed = _printed(pdf)
        plan = _Plan.of(printed[0], sheet)
        forms = [_form(pdf, page) for page in printed]
        laid = [_laid(pdf, side, forms, plan, thickness_mm) for side in sides(len(forms), alone)]
        del pdf.pages[:]
        for one in laid:
            pdf.pages.append(Page(one))
        for key in _READING:
            if key in pdf.Root:
                del pdf.Root[key]
        preset(pdf, Duplex.SHORT_EDGE)
        disclaim(pdf, about.words["imposed"].format(title=about.title))
        return save_to_bytes(pdf)


def _printed(pdf: Pdf) -> list[Page]:
    """The pages without blank ones at the end, which an office's copies may have."""
    pages = list(pdf.pages)
    while len(pages) > 1 and not _drawn(pages[-1]):
        pages.pop()
    return pages


def _drawn(page: Page) -> bytes:
    page.contents_coalesce()
    return page.Contents.read_bytes() if "/Contents" in page else b""


# ------------------------------------------------------------------ where


@dataclass(frozen=True)
class _Plan:
    """Where things lie on every sheet, in points from its lower left corner."""

    media: tuple[float, float]
    trim: Box  # of both pages
    bleed: float
    scale: float  # of the pages
    trimmed: bool  # whether the sheet is cut to its size when it is printed

    @classmethod
    def of(cls, page: Page, sheet: FoldedSheet) -> _Plan:
        """The plan for pages with the boxes of this one; print-shop pages keep the room that they have around them."""
        trim, media = _box(page, "/TrimBox"), _box(page, "/MediaBox")
        wide, tall = trim[2] - trim[0], trim[3] - trim[1]
        across, up = sheet.width_mm * MM, sheet.height_mm * MM
        scale = min(across / 2 / wide, up / tall)
        scale = 1.0 if scale > 1 or abs(scale - 1) * max(wide, tall) < SAME else scale
        both = 2 * wide * scale, tall * scale
        room = min(trim[0] - media[0], trim[1] - media[1], media[2] - trim[2], media[3] - trim[3])
        if trimmed := room > SAME:
            # The sheet is what remains when it is trimmed; what is printed on is larger.
            edge, bleed = (room, room), _bleed(page) * scale
            size = both[0] + 2 * room, both[1] + 2 * room
        else:
            edge, bleed = (max(0.0, (across - both[0]) / 2), max(0.0, (up - both[1]) / 2)), 0.0
            size = across, up
        return cls(size, (edge[0], edge[1], edge[0] + both[0], edge[1] + both[1]), bleed, scale, trimmed)

    @property
    def spine(self) -> float:
        return (self.trim[0] + self.trim[2]) / 2

    @property
    def bled(self) -> Box:
        left, bottom, right, top = self.trim
        return (left - self.bleed, bottom - self.bleed, right + self.bleed, top + self.bleed)


def _box(page: Page, name: str) -> Box:
    return read_box(page.get(name, page.mediabox))


def _bleed(page: Page) -> float:
    trim, bled = _box(page, "/TrimBox"), _box(page, "/BleedBox")
    return max(0.0, min(trim[0] - bled[0], trim[1] - bled[1], bled[2] - trim[2], bled[3] - trim[3]))


# ------------------------------------------------------------------ pages


@dataclass(frozen=True)
class _Form:
    """A page as something that can be drawn, and where its trimmed corner lies in its own coordinates."""

    drawing: Object
    corner: tuple[float, float]


def _form(pdf: Pdf, page: Page) -> _Form:
    """A page with its bleed, and with the resources that it shares with the others."""
    drawing = pdf.make_indirect(page.as_form_xobject())
    drawing.BBox = Array(_rounded(_box(page, "/BleedBox")))
    drawing.Resources = page.obj.Resources
    drawing.write(_MARKED.sub(b"/Span BMC", _drawn(page)))  # there are no tags for the marks to belong to
    trim = _box(page, "/TrimBox")
    return _Form(drawing, (trim[0], trim[1]))


def _laid(pdf: Pdf, side: SheetSide, forms: Sequence[_Form], plan: _Plan, thickness_mm: float) -> Object:
    """One side of a sheet."""
    drawn: list[str] = []
    used = Dictionary()
    inwards = creep_mm(side.sheet, thickness_mm) * MM
    left, bottom, right, top = plan.bled
    for number, room, x in (
        (side.left, (left, bottom, plan.spine, top), plan.trim[0] + inwards),
        (side.right, (plan.spine, bottom, right, top), plan.spine - inwards),
    ):
        if number is not None:
            form = forms[number]
            used[f"/P{number + 1}"] = form.drawing
            shift = x - form.corner[0] * plan.scale, plan.trim[1] - form.corner[1] * plan.scale
            clip = _numbers(room[0], room[1], room[2] - room[0], room[3] - room[1])
            moved = f"{plan.scale:.6g} 0 0 {plan.scale:.6g} {_numbers(*shift)}"
            drawn.append(f"q {clip} re W n {moved} cm /P{number + 1} Do Q")
    drawn += _marks(plan)
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Page,
            MediaBox=Array(_rounded((0.0, 0.0, *plan.media))),
            BleedBox=Array(_rounded(plan.bled)),
            TrimBox=Array(_rounded(plan.trim)),
            Resources=Dictionary(XObject=used),
            Contents=pdf.make_stream("\n".join(drawn).encode()),
        )
    )


def _numbers(*values: float) -> str:
    return " ".join(f"{value:.4f}".rstrip("0").rstrip(".") for value in values)


def _rounded(box: Box) -> list[float]:
    return [round(edge, 4) for edge in box]


# ------------------------------------------------------------------ marks


def _marks(plan: _Plan) -> Iterator[str]:
    """Dashed ticks where to fold, and ticks where to cut on sheets that are trimmed; all in black alone."""
    left, right, wide = plan.bled[0], plan.bled[2], plan.media[0]
    yield f"q {'0 0 0 1 K' if plan.trimmed else '0 G'} {LINE} w [2 1.5] 0 d"
    yield from _upright(plan.spine, plan)
    if plan.trimmed:
        yield "[] 0 d"
        for x in (plan.trim[0], plan.trim[2]):
            yield from _upright(x, plan)
        for y in (plan.trim[1], plan.trim[3]):
            for room, edge, inwards in ((left, 0.0, 1), (wide - right, wide, -1)):
                start, end = (edge + inwards * at for at in _tick(room, plan.trimmed))
                yield f"{_numbers(start, y)} m {_numbers(end, y)} l S"
    yield "Q"


def _upright(x: float, plan: _Plan) -> Iterator[str]:
    """A tick at the foot and one at the head."""
    tall = plan.media[1]
    for room, edge, inwards in ((plan.bled[1], 0.0, 1), (tall - plan.bled[3], tall, -1)):
        start, end = (edge + inwards * at for at in _tick(room, plan.trimmed))
        yield f"{_numbers(x, start)} m {_numbers(x, end)} l S"


def _tick(room: float, trimmed: bool) -> tuple[float, float]:
    """Where a tick begins and ends, from the edge of a sheet with so much room outside of its pages and their bleed."""
    if room >= APART + SHORT:
        return max(0.0, room - APART - LONG), room - APART
    # Without room it stands at the very edge: in the fold itself, where there is nothing of a page.
    return 0.0, room if trimmed else UNPRINTED + SHORT
