"""Where things stand on a page: matrices and boxes, for every reader and writer of pages.

They are plain tuples: pikepdf's `Matrix` takes as long to make and to take apart as its product saves, and what is read
through pdfium knows nothing of pikepdf.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

Box = tuple[float, float, float, float]  # left, bottom, right, top, in points
Matrix = tuple[float, float, float, float, float, float]
UNIT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
PT_PER_MM = 72 / 25.4
MM_PER_PT = 25.4 / 72


def matrix(values: Sequence[float]) -> Matrix:
    """Six numbers as a matrix; anything else changes nothing."""
    return (values[0], values[1], values[2], values[3], values[4], values[5]) if len(values) == 6 else UNIT


def times(first: Matrix, then: Matrix) -> Matrix:
    """One change of coordinates and then another (ISO 32000-1, 8.3.4)."""
    a, b, c, d, e, f = first
    k, l, m, n, x, y = then  # noqa: E741
    return a * k + b * m, a * l + b * n, c * k + d * m, c * l + d * n, e * k + f * m + x, e * l + f * n + y


def transform_box(box: Box, by: Matrix) -> Box:
    """The bounds of a box in other coordinates."""
    a, b, c, d, e, f = by
    left, bottom, right, top = box
    if not b and not c:
        xs, ys = (a * left + e, a * right + e), (d * bottom + f, d * top + f)
        return min(xs), min(ys), max(xs), max(ys)
    corners = [(x, y) for x in (left, right) for y in (bottom, top)]
    return around([(a * x + c * y + e, b * x + d * y + f) for x, y in corners])


def around(points: Iterable[tuple[float, float]]) -> Box:
    """The box around points."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def bounds(boxes: Iterable[Box]) -> Box:
    """The box around boxes."""
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def overlap(one: Box, other: Box) -> Box:
    """Where two boxes overlap; its right lies left of its left, or its top below its bottom, where they do not."""
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def intersect(one: Box, other: Box | None) -> Box | None:
    """Where two boxes overlap; none where they do not."""
    if other is None:
        return one
    box = max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
    return box if box[0] <= box[2] and box[1] <= box[3] else None


def ordered(edges: Sequence[float]) -> Box:
    """A box with its corners in order: a PDF may name any two that lie opposite each other (ISO 32000-1, 7.9.5)."""
    left, bottom, right, top = edges
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def scale(by: Matrix) -> float:
    """How much longer a line becomes, in the mean of all directions."""
    return math.sqrt(abs(by[0] * by[3] - by[1] * by[2]))


def least_scale(by: Matrix) -> float:
    """How much longer a line becomes at least, in any direction."""
    a, b, c, d, *_ = by
    size, area = a * a + b * b + c * c + d * d, abs(a * d - b * c)
    return float(max(0.0, (size - max(0.0, size * size - 4 * area * area) ** 0.5) / 2) ** 0.5)


def across(by: Matrix) -> float:
    """How long a level line of length 1 becomes."""
    return math.hypot(by[0], by[1])


def along(by: Matrix) -> float:
    """How long a plumb line of length 1 becomes: by how much letters grow in height."""
    return math.hypot(by[2], by[3])


def upright(by: Matrix) -> bool:
    """Whether what is level stays level or becomes plumb."""
    return (not by[1] and not by[2]) or (not by[0] and not by[3])
