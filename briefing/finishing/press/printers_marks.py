"""The sheet grows beyond the page: bleed, crop and registration marks, a strip of patches, and the slug line.

What is drawn here lies outside the bleed and is an artifact; the page itself is cut off at the bleed.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream

from briefing.finishing.context import Finishing, PrintingCondition
from briefing.finishing.press.cmyk import convert_to_inks
from briefing.finishing.tagging.artifacts import unmark
from briefing.pdf.geometry import PT_PER_MM as MM

ROOM_MM = 11.0  # beyond the bleed and at least, for marks and slug line
WHOLE_PT = 2  # by which a page moves, so that its pixels fall as on the copy for reading
GAP_MM = 0.5  # from the bleed to a crop mark
CROP_MM = 5.0
TARGET_MM = 4.0  # from the bleed to the middle of a registration mark
HAIR = 0.25  # points
PATCH_MM = 4.5
PATCHES = (  # per cent: the inks, half tone of black, the colours of two inks, and a grey of three
    (100, 0, 0, 0),
    (0, 100, 0, 0),
    (0, 0, 100, 0),
    (0, 0, 0, 100),
    (0, 0, 0, 50),
    (100, 100, 0, 0),
    (100, 0, 100, 0),
    (0, 100, 100, 0),
    (50, 40, 40, 0),
)
_ARTIFACT = b"/Artifact <</Type /Page>> BDC "  # ISO 32000-1, table 330: marks of production


@dataclass(frozen=True)
class PressSheet:
    """A press sheet for one page, in points from its lower left corner."""

    wide: float  # of the trimmed page
    tall: float
    bleed: float
    outer: float  # from the trim to the edge of the sheet

    def box(self, by: float) -> Array:
        """The trimmed page, made larger on all sides."""
        low, high = self.outer - by, self.outer + by
        return Array([round(low, 4), round(low, 4), round(self.wide + high, 4), round(self.tall + high, 4)])


def outer_pt(bleed_mm: float) -> float:
    """From the edge of the trimmed page to that of the sheet."""
    return float(math.ceil((bleed_mm + ROOM_MM) * MM / WHOLE_PT) * WHOLE_PT)


def add_printers_marks(pdf: Pdf, about: Finishing) -> None:
    """Put each page on its sheet, with boxes (ISO 15930-7, 6.8), marks and its line of the slug."""
    press = about.press
    if press is None:
        raise ValueError("a file without a print shop has no marks")
    drawn: dict[PressSheet, Object] = {}
    moved: set[tuple[int, int]] = set()
    slugs = _slugs(pdf, about, press)
    for number, page in enumerate(pdf.pages):
        box = [float(part) for part in page.trimbox]
        sheet = PressSheet(box[2] - box[0], box[3] - box[1], press.bleed_mm * MM, outer_pt(press.bleed_mm))
        if sheet not in drawn:
            drawn[sheet] = _drawing(pdf, sheet)
        by = (sheet.outer - box[0], sheet.outer - box[1])
        _place(page, sheet, by)
        _move_patterns(page, by, moved)
        names = {f"/Marks{number}": drawn[sheet], **({f"/Slug{number}": slugs[number]} if slugs else {})}
        for name, drawing in names.items():  # pages may share their resources, so each has names of its own
            page.add_resource(drawing, Name.XObject, Name(name))
        calls = b"".join(name.encode() + b" Do " for name in names)
        page.Contents.write(page.Contents.read_bytes() + b"\n" + _ARTIFACT + calls + b"EMC")


def _place(page: Page, sheet: PressSheet, by: tuple[float, float]) -> None:
    """Move a page to its place on the sheet and cut it off at the bleed."""
    for key in ("/ArtBox", "/CropBox"):
        if key in page.obj:
            del page.obj[key]
    page.obj.MediaBox = Array([0, 0, round(sheet.wide + 2 * sheet.outer, 4), round(sheet.tall + 2 * sheet.outer, 4)])
    page.obj.BleedBox, page.obj.TrimBox = sheet.box(sheet.bleed), sheet.box(0)
    left, bottom, right, top = (float(part) for part in page.obj.BleedBox)
    page.contents_coalesce()
    begin = (
        f"q {left:.4f} {bottom:.4f} {right - left:.4f} {top - bottom:.4f} re W n 1 0 0 1 {by[0]:.4f} {by[1]:.4f} cm\n"
    )
    page.Contents.write(begin.encode() + page.Contents.read_bytes() + b"\nQ")


def _move_patterns(page: Page, by: tuple[float, float], moved: set[tuple[int, int]]) -> None:
    """Patterns lie on the page as it is and not where it is moved to (ISO 32000-1, 8.7.2): they are moved as well."""
    patterns: Any = page.resources.get("/Pattern", Dictionary())
    for pattern in patterns.values():
        if pattern.objgen not in moved:
            moved.add(pattern.objgen)
            a, b, c, d, e, f = (float(part) for part in pattern.get("/Matrix", Array([1, 0, 0, 1, 0, 0])))
            pattern.Matrix = Array([a, b, c, d, round(e + by[0], 4), round(f + by[1], 4)])


# ------------------------------------------------------------------ marks


def _drawing(pdf: Pdf, sheet: PressSheet) -> Object:
    """All marks of a sheet, in one form."""
    lines = [*_crops(sheet), *_targets(sheet)]
    drawn = f"q /All CS 1 SCN {HAIR} w {' '.join(lines)} S Q {' '.join(_patches(sheet))}"
    # The spot colour All is every plate there is (ISO 32000-1, 8.6.6.4).
    every = Array(
        [
            Name.Separation,
            Name.All,
            Name.DeviceCMYK,
            Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[1, 1, 1, 1], N=1),
        ]
    )
    media = [0, 0, round(sheet.wide + 2 * sheet.outer, 4), round(sheet.tall + 2 * sheet.outer, 4)]
    return pdf.make_indirect(
        Stream(
            pdf,
            drawn.encode(),
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array(media),
            Resources=Dictionary(ColorSpace=Dictionary(All=every)),
        )
    )


def _crops(sheet: PressSheet) -> Iterator[str]:
    """Two lines at each corner, in line with the trim and outside the bleed."""
    begin, end = sheet.bleed + GAP_MM * MM, sheet.bleed + (GAP_MM + CROP_MM) * MM
    low, right, top = sheet.outer, sheet.outer + sheet.wide, sheet.outer + sheet.tall
    for x in (low, right):
        yield _line(x, low - begin, x, low - end)
        yield _line(x, top + begin, x, top + end)
    for y in (low, top):
        yield _line(low - begin, y, low - end, y)
        yield _line(right + begin, y, right + end, y)


def _targets(sheet: PressSheet) -> Iterator[str]:
    """A cross in a circle at the middle of each side."""
    off = sheet.bleed + TARGET_MM * MM
    across, up = sheet.outer + sheet.wide / 2, sheet.outer + sheet.tall / 2
    for x, y in (
        (across, sheet.outer - off),
        (across, sheet.outer + sheet.tall + off),
        (sheet.outer - off, up),
        (sheet.outer + sheet.wide + off, up),
    ):
        arm, round_ = 2.5 * MM, 1.5 * MM
        yield _line(x - arm, y, x + arm, y)
        yield _line(x, y - arm, x, y + arm)
        yield _circle(x, y, round_)


def _line(x: float, y: float, to_x: float, to_y: float) -> str:
    return f"{x:.4f} {y:.4f} m {to_x:.4f} {to_y:.4f} l"


def _circle(x: float, y: float, radius: float) -> str:
    bow = 0.5523 * radius  # of a quarter circle, as a curve
    quarters = (((1, 0), (0, 1)), ((0, 1), (-1, 0)), ((-1, 0), (0, -1)), ((0, -1), (1, 0)))
    parts = [f"{x + radius:.4f} {y:.4f} m"]
    for (from_x, from_y), (to_x, to_y) in quarters:
        points = (
            (radius * from_x + bow * to_x, radius * from_y + bow * to_y),
            (radius * to_x + bow * from_x, radius * to_y + bow * from_y),
            (radius * to_x, radius * to_y),
        )
        parts.append(" ".join(f"{x + dx:.4f} {y + dy:.4f}" for dx, dy in points) + " c")
    return " ".join(parts)


def _patches(sheet: PressSheet) -> Iterator[str]:
    """A strip above the page, by which a printer sees how the inks come out."""
    size = PATCH_MM * MM
    x = sheet.outer + sheet.wide / 2 + 8 * MM
    y = sheet.outer + sheet.tall + sheet.bleed + TARGET_MM * MM - size / 2
    for number, inks in enumerate(PATCHES):
        recipe = " ".join(f"{ink / 100:g}" for ink in inks)
        yield f"{recipe} k {x + number * size:.4f} {y:.4f} {size:.4f} {size:.4f} re f"


# ------------------------------------------------------------------ the slug line


def _slugs(pdf: Pdf, about: Finishing, press: PrintingCondition) -> list[Object]:
    """The line of each page as a form, in inks like all else."""
    if not press.slug:
        return []
    with Pdf.open(io.BytesIO(press.slug)) as lines:
        if len(lines.pages) != len(pdf.pages):
            raise ValueError("there is not one slug line for each page")
        for line in lines.pages:
            unmark(line)
        convert_to_inks(lines, about)
        return [_ungrouped(pdf.copy_foreign(line.as_form_xobject())) for line in lines.pages]


def _ungrouped(form: Any) -> Object:
    """A form that is painted straight on the page, as its overprint needs."""
    if "/Group" in form:
        del form["/Group"]
    found: Object = form
    return found
