"""Paths of straight lines in pictures: a third less of writing a page with a map.

A map has thousands of points with straight lines between them, which WeasyPrint reads as if each could be a curve.
Other paths go WeasyPrint's own way.

Stands on `svg.TAGS["path"]` and on the stream that it draws into.
"""

from __future__ import annotations

import re
from typing import Any

from weasyprint.svg import TAGS


def install(plain: bool) -> None:
    """Have paths drawn WeasyPrint's own way, or the shorter one."""
    TAGS["path"] = _drawn_anew if plain else _path


_drawn_anew = TAGS["path"]
_POINT = r"-?\d+(?:\.\d+)?,-?\d+(?:\.\d+)?"
_LINES = re.compile(rf"(?:M{_POINT}(?:L{_POINT})+Z?)+")


def _path(svg: Any, node: Any, font_size: Any) -> None:
    """Draw a path of an SVG picture."""
    drawn = node.get("d", "")
    if not _LINES.fullmatch(drawn) or any(name.startswith("marker") for name in node.attrib):
        _drawn_anew(svg, node, font_size)
        return
    svg.stream.move_to(0, 0)
    for line in drawn.split("M")[1:]:
        first, *others = line.removesuffix("Z").split("L")
        svg.stream.move_to(*map(float, first.split(",")))
        for point in others:
            svg.stream.line_to(*map(float, point.split(",")))
        if line.endswith("Z"):
            svg.stream.close()
