"""What a finished drawing shows: SVG comes in, its words and the shapes of its values go out, by pixel.

The specification is not looked at, so that what the engine drew can be held against the data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ROW = "data-row"  # the attribute in which a shape keeps the number of its row
Point = tuple[float, float]

_MOVED = re.compile(r"translate\(\s*(-?[\d.e-]+)[ ,]+(-?[\d.e-]+)\s*\)")
_STEP = re.compile(r"([MLHVZAmlhvza])([^MLHVZAmlhvza]*)")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")
_GROUP = re.compile(r"(\w+)_marks")


@dataclass(frozen=True)
class DrawnShape:
    """A shape with its corners and the width of its outline."""

    layer: str  # the name of its layer
    row: int | None
    corners: tuple[Point, ...]
    pen: float

    def reach(self, axis: int) -> tuple[float, float]:
        """From where to where its ink goes, across (0) or down (1)."""
        along = [corner[axis] for corner in self.corners]
        return min(along) - self.pen / 2, max(along) + self.pen / 2


def reach_of(pieces: Sequence[DrawnShape], axis: int) -> tuple[float, float]:
    """From where to where the ink of a mark goes, all of its pieces together: a low one that is dashed has several."""
    reaches = [piece.reach(axis) for piece in pieces] or [(0.0, 0.0)]
    return min(low for low, _ in reaches), max(high for _, high in reaches)


@dataclass(frozen=True)
class DrawnWords:
    """Words with the place at which they are anchored."""

    text: str
    at: Point
    name: bool  # whether they name something on an axis


def shapes(svg: Element) -> list[DrawnShape]:
    """The shapes of all layers that have names."""
    return list(_shapes(svg, (0.0, 0.0), ""))


def _shapes(element: Element, at: Point, layer: str) -> Iterator[DrawnShape]:
    here = _moved(element, at)
    found = _GROUP.search(element.get("class", ""))
    layer = found[1] if found else layer
    tag = element.tag.rpartition("}")[2]
    if layer and tag in ("path", "line"):
        row = element.get(ROW)
        centre = row is not None and "A" in element.get("d", "")
        corners = (here,) if centre or (row is not None and "transform" in element.attrib) else _corners(element, here)
        pen = float(element.get("stroke-width", 1)) if element.get("stroke", "none") != "none" else 0.0
        if corners:
            yield DrawnShape(layer, int(row) if row is not None else None, tuple(corners), pen)
    for child in element:
        yield from _shapes(child, here, layer)


def _corners(element: Element, at: Point) -> tuple[Point, ...]:
    """The corners of a path of straight lines."""
    if element.tag.endswith("line"):
        x, y = float(element.get("x2", 0)), float(element.get("y2", 0))
        return at, (at[0] + x, at[1] + y)
    x = y = 0.0
    corners = []
    for letter, rest in _STEP.findall(element.get("d", "")):
        numbers = [float(one) for one in _NUMBER.findall(rest)]
        if letter in "HhVv":
            step = numbers[-1]
            x = step if letter == "H" else x + step if letter == "h" else x
            y = step if letter == "V" else y + step if letter == "v" else y
        elif numbers:
            x, y = (numbers[-2], numbers[-1]) if letter.isupper() else (x + numbers[-2], y + numbers[-1])
        corners.append((at[0] + x, at[1] + y))
    return tuple(corners)


def words(svg: Element) -> list[DrawnWords]:
    """All words; those on several lines as one."""
    return list(_words(svg, (0.0, 0.0), False))


def _words(element: Element, at: Point, name: bool) -> Iterator[DrawnWords]:
    here = _moved(element, at)
    name = name or "role-axis" in element.get("class", "")
    if element.tag.endswith("}text"):
        yield DrawnWords(" ".join(" ".join(element.itertext()).split()), here, name)
        return
    for child in element:
        yield from _words(child, here, name)


def _moved(element: Element, at: Point) -> Point:
    found = _MOVED.search(element.get("transform", ""))
    return (at[0] + float(found[1]), at[1] + float(found[2])) if found else at
