"""The finest lines of a page, as wide as they come out on it: what is drawn goes in, lines go out.

Lines are strokes, long filled bars, and frames that are filled between two rectangles, as styles draw their borders.
"""

from __future__ import annotations

import ctypes
from typing import Any, NamedTuple

import pypdfium2.raw as raw_api

from briefing.pdf.geometry import Box, around, least_scale, transform_box
from briefing.pdf.pdfium import PATH, DrawnObject

NOTHING = 0.001  # points
RULE = 28.0  # points: a filled bar that is shorter may be a small value of a chart
FEW = 16  # points of a path: more than a frame of two rectangles has


class FineLine(NamedTuple):
    """A line on the page, and how wide it is there, in points."""

    box: Box
    width: float


def find_fine_line(thing: DrawnObject, width: float) -> FineLine | None:
    """A thing that is a line and finer than a width in points."""
    if thing.kind != PATH:
        return None
    found = _width(thing)
    return FineLine(thing.box, found) if found is not None and found < width else None


def _width(thing: DrawnObject) -> float | None:
    """The width of a stroke, of a filled bar, or of the sides of a filled frame."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw_api.FPDFPath_GetDrawMode(thing.raw, fill, stroke)
    if stroke.value and _is_seen(thing.raw, raw_api.FPDFPageObj_GetStrokeColor):
        width = ctypes.c_float()
        raw_api.FPDFPageObj_GetStrokeWidth(thing.raw, width)
        return width.value * least_scale(thing.matrix)
    if fill.value and _is_seen(thing.raw, raw_api.FPDFPageObj_GetFillColor):
        boxes = [transform_box(box, thing.matrix) for box in _rectangles(thing.raw)]
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


def _rectangles(raw: Any) -> list[Box]:
    """The boxes of a path that is one upright rectangle or two; nothing of any other."""
    count = raw_api.FPDFPath_CountSegments(raw)
    parts: list[list[tuple[float, float]]] = []
    for index in range(count if count <= FEW else 0):
        segment = raw_api.FPDFPath_GetPathSegment(raw, index)
        kind, x, y = raw_api.FPDFPathSegment_GetType(segment), ctypes.c_float(), ctypes.c_float()
        raw_api.FPDFPathSegment_GetPoint(segment, x, y)
        if kind == raw_api.FPDF_SEGMENT_BEZIERTO:
            return []
        if kind == raw_api.FPDF_SEGMENT_MOVETO:
            parts.append([])
        parts[-1].append((x.value, y.value))
    parts = [part for part in parts if len(part) > 1]
    boxes = [around(part) for part in parts]
    upright = all(
        any(abs(x - edge) < 1e-3 for edge in box[::2]) and any(abs(y - edge) < 1e-3 for edge in box[1::2])
        for part, box in zip(parts, boxes, strict=True)
        for x, y in part
    )
    return boxes if upright else []
