"""How much ink a press puts on each page: the four plates are drawn one by one and laid together.

Facts come in, with the bytes that they are of; the same facts go out with `Ink` for every page.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

from briefing.pdf.colours import Model
from briefing.pdf.geometry import MM_PER_PT
from briefing.pdf.safe_open import BROKEN, TooMuch, open_pdf
from briefing.preflight.facts import Facts, InkCoverage, PageFacts, PaintUse

if TYPE_CHECKING:
    from briefing.preflight.separations import Plates

MAX_PAGES = 60
MAX_SIDE_MM = 1_300.0
PX_PER_MM = 4  # about 100 ppi
_FULL = 255 / 100


def with_ink(facts: Facts, data: bytes) -> Facts:
    """The same facts, and how much ink each page takes, or why that cannot be told."""
    reasons = {page.number: _why_not(page, facts) for page in facts.pages}
    wanted = [page for page in facts.pages if not reasons[page.number]]
    measured: dict[int, InkCoverage] = {}
    if wanted:
        try:
            measured = _measured(wanted, data)
        except (*BROKEN, TooMuch, RecursionError, MemoryError):
            reasons |= {page.number: "its plates cannot be drawn" for page in wanted}
    pages = (replace(p, ink=measured.get(p.number) or InkCoverage(None, None, reasons[p.number])) for p in facts.pages)
    return replace(facts, pages=tuple(pages))


def _why_not(page: PageFacts, facts: Facts) -> str:
    if facts.unread:
        return "not all of the file was examined"
    if page.number > MAX_PAGES:
        return f"only {MAX_PAGES} pages are measured"
    if max(page.size_mm(_room(page))) > MAX_SIDE_MM:
        return "it is too large to be drawn"
    for paint in page.paints:
        model = paint.colour.space.model
        if paint.use is not PaintUse.SHADING and model is not Model.PATTERN and paint.colour.inks is None:
            return f"it has {model.value}"
    return ""


def _room(page: PageFacts) -> str:
    """The box within which ink counts: marks outside it are cut off."""
    return "bleed" if "bleed" in page.boxes else "trim"


def _measured(pages: list[PageFacts], data: bytes) -> dict[int, InkCoverage]:
    from PIL import ImageChops

    from briefing.pdf import pdfium
    from briefing.preflight.separations import Separation, Unmeasurable

    decoded: dict[tuple[int, int], Plates] = {}
    failed: dict[int, InkCoverage] = {}
    drawn: dict[int, list[bytes]] = {page.number: [] for page in pages}
    for plate in range(4):
        with open_pdf(data) as pdf:
            for key in ("/Metadata", "/StructTreeRoot", "/Names"):  # saving would read some of it
                if key in pdf.Root:
                    del pdf.Root[key]
            separation = Separation(pdf, plate, decoded)
            for page in pages:
                if page.number in failed:
                    continue
                sheet = pdf.pages[page.number - 1]
                try:
                    separation.page(sheet, sheet.resources, page.box(_room(page)))
                except Unmeasurable as reason:
                    failed[page.number] = InkCoverage(None, None, f"it has {reason}")
            out = io.BytesIO()
            pdf.save(out, compress_streams=False)
        scales = {page.number - 1: PX_PER_MM * MM_PER_PT * page.unit for page in pages if page.number not in failed}
        for index, grey in pdfium.draw_pages(out.getvalue(), scales, grayscale=True, draw_annots=False):
            patches = ImageChops.invert(grey.convert("L").reduce(PX_PER_MM))
            drawn[index + 1].append(patches.tobytes())
    return failed | {number: _ink(plates) for number, plates in drawn.items() if number not in failed}


def _ink(plates: list[bytes]) -> InkCoverage:
    most = max(map(sum, zip(*plates, strict=True)))
    cyan, magenta, yellow, black = (round(sum(plate) / len(plate) / _FULL, 1) for plate in plates)
    return InkCoverage(round(most / _FULL, 1), (cyan, magenta, yellow, black))
