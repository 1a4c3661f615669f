"""Where things stand on a page: matrices, boxes, and how far in on the sheet a box lies."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from briefing.preflight.facts import Box, Zone

Matrix = tuple[float, float, float, float, float, float]
UNIT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_TOUCH = 0.05  # points: what only touches an edge does not stand inside it


def matrix(values: Sequence[float]) -> Matrix:
    """Six numbers as a matrix; anything else changes nothing."""
    return (values[0], values[1], values[2], values[3], values[4], values[5]) if len(values) == 6 else UNIT


def times(first: Matrix, then: Matrix) -> Matrix:
    """One change of coordinates and then another (ISO 32000-1, 8.3.4)."""
    a, b, c, d, e, f = first
    k, l, m, n, x, y = then  # noqa: E741
    return a * k + b * m, a * l + b * n, c * k + d * m, c * l + d * n, e * k + f * m + x, e * l + f * n + y


def moved(box: Box, by: Matrix) -> Box:
    """The bounds of a box in other coordinates."""
    a, b, c, d, e, f = by
    left, bottom, right, top = box
    if not b and not c:
        xs, ys = (a * left + e, a * right + e), (d * bottom + f, d * top + f)
        return min(xs), min(ys), max(xs), max(ys)
    corners = [(x, y) for x in (left, right) for y in (bottom, top)]
    across, along = [a * x + c * y + e for x, y in corners], [b * x + d * y + f for x, y in corners]
    return min(across), min(along), max(across), max(along)


def common(one: Box, other: Box | None) -> Box | None:
    """Where two boxes overlap; none where they do not."""
    if other is None:
        return one
    box = max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
    return box if box[0] <= box[2] and box[1] <= box[3] else None


def bounds(boxes: Iterable[Box]) -> Box:
    """The box around boxes."""
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def scale(by: Matrix) -> float:
    """How much longer a line becomes, in the mean of all directions."""
    return math.sqrt(abs(by[0] * by[3] - by[1] * by[2]))


def upright(by: Matrix) -> bool:
    """Whether what is level stays level or becomes plumb."""
    return (not by[1] and not by[2]) or (not by[0] and not by[3])


def zone(box: Box, trim: Box, bleed: Box) -> Zone:
    """How far in on the sheet a box lies."""
    return Zone.PAGE if _over(box, trim) else Zone.BLEED if _over(box, bleed) else Zone.SLUG


def _over(box: Box, edges: Box) -> bool:
    return (
        box[0] < edges[2] - _TOUCH
        and box[2] > edges[0] + _TOUCH
        and box[1] < edges[3] - _TOUCH
        and box[3] > edges[1] + _TOUCH
    )
