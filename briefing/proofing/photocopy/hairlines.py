"""The finest lines of a page, as wide as they come out on it: a page goes in, lines go out.

Lines are strokes, long filled bars, and frames that are filled between two rectangles, as styles draw their borders.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from briefing.proofing.page_facts import Box

MAX_DEPTH = 12  # of drawings within drawings
NOTHING = 0.001  # points
RULE = 28.0  # points: a filled bar that is shorter may be a small value of a chart
FEW = 16  # points of a path: more than a frame of two rectangles has

Matrix = tuple[float, float, float, float, float, float]


class Thing(NamedTuple):
    """Something that is drawn, on the page itself or within a drawing, but for the drawings themselves."""

    raw: Any
    kind: int
    outer: Matrix  # from the drawing's coordinates to the page's

    @property
    def box(self) -> Box:
        """Its bounds on the page."""
        edges = [ctypes.c_float() for _ in range(4)]
        pdfium.FPDFPageObj_GetBounds(self.raw, *edges)
        left, bottom, right, top = (edge.value for edge in edges)
        return _moved((left, bottom, right, top), self.outer)


class Fine(NamedTuple):
    """A line on the page, and how wide it is there, in points."""

    box: Box
    width: float


def things(page: pypdfium2.PdfPage) -> Iterator[Thing]:
    """All that a page draws, in its order."""
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        yield from _within(pdfium.FPDFPage_GetObject(page, index), (1, 0, 0, 1, 0, 0), 0)


def fine(thing: Thing, width: float) -> Fine | None:
    """A thing that is a line and finer than a width in points."""
    if thing.kind != pdfium.FPDF_PAGEOBJ_PATH:
        return None
    found = _width(thing)
    return Fine(thing.box, found) if found is not None and found < width else None


def _within(raw: Any, outer: Matrix, depth: int) -> Iterator[Thing]:
    kind = pdfium.FPDFPageObj_GetType(raw)
    if kind == pdfium.FPDF_PAGEOBJ_FORM:
        inner = _times(_matrix(raw), outer)
        for index in range(max(0, pdfium.FPDFFormObj_CountObjects(raw)) if depth < MAX_DEPTH else 0):
            yield from _within(pdfium.FPDFFormObj_GetObject(raw, index), inner, depth + 1)
        return
    yield Thing(raw, kind, outer)


def _matrix(raw: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(raw, found)
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _times(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _moved(box: Box, by: Matrix) -> Box:
    a, b, c, d, e, f = by
    corners = [(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs, ys = [x * a + y * c + e for x, y in corners], [x * b + y * d + f for x, y in corners]
    return (min(xs), min(ys), max(xs), max(ys))


def _width(thing: Thing) -> float | None:
    """The width of a stroke, of a filled bar, or of the sides of a filled frame."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(thing.raw, fill, stroke)
    own = _times(_matrix(thing.raw), thing.outer)
    if stroke.value and _is_seen(thing.raw, pdfium.FPDFPageObj_GetStrokeColor):
        width = ctypes.c_float()
        pdfium.FPDFPageObj_GetStrokeWidth(thing.raw, width)
        return width.value * _least(own)
    if fill.value and _is_seen(thing.raw, pdfium.FPDFPageObj_GetFillColor):
        boxes = [_moved(box, own) for box in _rectangles(thing.raw)]
        if len(boxes) == 1:
            left, bottom, right, top = boxes[0]
            thin, long = sorted((right - left, top - bottom))
            return thin if long >= RULE else None
        if len(boxes) == 2:
            # Sides on which both end alike have no border.
            gaps = [gap for edge, other in zip(*boxes, strict=True) if (gap := abs(edge - other)) > NOTHING]
            return min(gaps) if gaps else None
    return None


def _is_seen(raw: Any, colour_of: Any) -> bool:
    colour = [ctypes.c_uint() for _ in range(4)]
    return not colour_of(raw, *colour) or colour[3].value > 0


def _least(matrix: Matrix) -> float:
    """By how much a matrix enlarges at least, in any direction."""
    a, b, c, d, *_ = matrix
    size, area = a * a + b * b + c * c + d * d, abs(a * d - b * c)
    return float(max(0.0, (size - max(0.0, size * size - 4 * area * area) ** 0.5) / 2) ** 0.5)


def _rectangles(raw: Any) -> list[Box]:
    """The boxes of a path that is one upright rectangle or two; nothing of any other."""
    count = pdfium.FPDFPath_CountSegments(raw)
    parts: list[list[tuple[float, float]]] = []
    for index in range(count if count <= FEW else 0):
        segment = pdfium.FPDFPath_GetPathSegment(raw, index)
        kind, x, y = pdfium.FPDFPathSegment_GetType(segment), ctypes.c_float(), ctypes.c_float()
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            return []
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            parts.append([])
        parts[-1].append((x.value, y.value))
    parts = [part for part in parts if len(part) > 1]
    boxes = [(min(xs), min(ys), max(xs), max(ys)) for xs, ys in (tuple(zip(*part, strict=True)) for part in parts)]
    upright = all(
        any(abs(x - edge) < 1e-3 for edge in box[::2]) and any(abs(y - edge) < 1e-3 for edge in box[1::2])
        for part, box in zip(parts, boxes, strict=True)
        for x, y in part
    )
    return boxes if upright else []
