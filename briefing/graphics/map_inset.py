"""The inset of a map: a small map of the world, or of a part of it, with a frame where the large one lies."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from briefing.content.pictures.map_blocks import Bounds, MapBlock
from briefing.design.paper import PX_PER_MM
from briefing.findings import Refused, error
from briefing.graphics.base_map import BASE_MAP, polygons_in, read_world, span, thinned
from briefing.graphics.charts.labels import Box, Label, touch
from briefing.graphics.charts.layers import Layer, layer, pixels
from briefing.graphics.drawing import Frame
from briefing.graphics.map_plane import on_page
from briefing.graphics.map_window import MapView, MapWindow, Point, mercator
from briefing.graphics.map_words import MapTypes, arrow_path

WORLD = Bounds(west=Decimal(-168), south=Decimal(-56), east=Decimal("-168.01"), north=Decimal(76))
SHARE, LEAST_PX, MOST_PX = 0.2, 64.0, 130.0  # of the map's width
FINEST_PX = 0.6
SEEN_PX = 5.0  # the least that a frame in it measures


def inset_of(
    block: MapBlock, view: MapView, words: Sequence[Label], types: MapTypes, templates: Path
) -> tuple[list[Layer], list[Box]]:
    """What is drawn of the inset, and its room; raises Refused where it covers a name, or shows another place."""
    if not (inset := block.inset):
        return [], []
    bounds = inset.bounds or WORLD
    if bounds.south >= bounds.north:
        said = "the inset's south does not lie south of its north"
        raise Refused([error("map-bounds", said, hint="Give the smaller latitude as south.")])
    wide = min(max(SHARE * view.frame.width_px, LEAST_PX), MOST_PX)
    scale = wide / math.radians(span(bounds))
    tall = (mercator(float(bounds.north)) - mercator(float(bounds.south))) * scale
    edge = types.tokens.grid["margin_left"] * PX_PER_MM if block.place.is_band else 0.0
    left = edge if inset.place.endswith("left") else view.frame.width_px - wide - edge
    top = view.head if inset.place.startswith("top") else view.frame.height_px - tall
    box = (left, top, left + wide, top + tall)
    covered = next((f"“{one.text}”" for one in words if touch(one.box, box)), "")
    marks = [view.at(float(one.lon), float(one.lat)) for one in block.marks]
    marks += [point for arrow in block.arrows for point in arrow_path(arrow, view)]
    if any(left - 4 < x < left + wide + 4 and top - 4 < y < top + tall + 4 for x, y in marks):
        covered = covered or "a mark or an arrow"
    if covered or tall > view.frame.height_px - view.head:
        said = f"the inset of the map covers {covered}" if covered else "the map has no room for its inset"
        raise Refused([error("map-names-touch", said, hint="Choose another corner for it, or other bounds.")])
    small = MapView(float(bounds.west), span(bounds), mercator(float(bounds.north)), scale, Frame(wide, tall))
    west, east = float(bounds.west), float(bounds.west) + span(bounds)
    window = MapWindow(west, east, float(bounds.south), float(bounds.north))
    world = thinned(read_world(templates / "map" / BASE_MAP), FINEST_PX * span(bounds) / wide, bounds)
    pieces = (piece for one in world.countries for piece in polygons_in(one, world, window))
    rings = [_clipped(ring, wide, tall) for piece in pieces for ring in on_page(piece, small)]
    land = "".join(_path(ring, wide, tall) for ring in rings if len(ring) > 2)
    middle = [{"x": round(left + wide / 2, 2), "y": round(top + tall / 2, 2)}]
    at = {"x": pixels("x"), "y": pixels("y")}
    ends = {**at, "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    grey = types.colour("grey")
    ground = {"type": "rect", "fill": types.colour("paper"), "stroke": grey, "strokeWidth": 0.6}
    if not (frames := [_corners(one) for one in _frames_in(block.bounds, small, box)]):
        said = "the inset of the map does not show where the map lies"
        raise Refused([error("map-bounds", said, hint="Widen its bounds, or leave them out.")])
    shape = {"type": "point", "shape": land, "size": 4, "fill": types.colour("rule"), "stroke": None, "opacity": 1}
    frame = {"type": "rect", "fill": None, "stroke": types.colour("ink"), "strokeWidth": 1.4}
    return [
        {"name": "inset", **layer([_corners(box)], ground, **ends)},
        *([{"name": "inset-land", **layer(middle, shape, **at)}] if land else []),
        {"name": "inset-frame", **layer(frames, frame, **ends)},
    ], [box]


def _corners(box: Box) -> dict[str, float]:
    return dict(zip(("x", "y", "x2", "y2"), (round(edge, 2) for edge in box), strict=True))


def _frames_in(bounds: Bounds, small: MapView, box: Box) -> Iterator[Box]:
    """Where the large map lies in the small one: at both edges where it goes over them, and never too small to see."""
    left, top = small.at(float(bounds.west), float(bounds.north))
    right = left + math.radians(span(bounds)) * small.scale
    bottom = small.at(float(bounds.west), float(bounds.south))[1]
    wide, tall = box[2] - box[0], box[3] - box[1]
    if bottom <= 0 or top >= tall:
        return
    upper, lower = _seen(top, bottom, tall)
    turn = math.tau * small.scale
    shown = [(min(right - by, wide) - max(left - by, 0.0), by) for by in (0.0, turn)]
    for length, by in shown:
        if length >= min(SEEN_PX, max(shown)[0]) and length > 0:
            start, end = _seen(left - by, right - by, wide)
            yield box[0] + start, box[1] + upper, box[0] + end, box[1] + lower


def _seen(low: float, high: float, most: float) -> tuple[float, float]:
    """From where to where a frame goes, within the inset."""
    more = max(0.0, SEEN_PX - (high - low)) / 2
    return min(max(low - more, 0.7), most - 0.7), min(max(high + more, 0.7), most - 0.7)


def _path(ring: Sequence[Point], wide: float, tall: float) -> str:
    """A ring as a path around the middle: Vega enlarges one of size 4 not at all."""
    steps = "L".join(f"{x - wide / 2:.2f},{y - tall / 2:.2f}" for x, y in ring)
    return f"M{steps}Z"


def _clipped(ring: Sequence[Point], wide: float, tall: float) -> list[Point]:
    """What of a ring lies within a rectangle (Sutherland and Hodgman)."""
    sides: tuple[tuple[int, float, Callable[[float, float], bool]], ...] = (
        (0, 0.0, float.__ge__),
        (0, wide, float.__le__),
        (1, 0.0, float.__ge__),
        (1, tall, float.__le__),
    )
    points = list(ring)
    for axis, limit, within in sides:
        points = list(_cut(points, axis, limit, within))
    return points


def _cut(points: Sequence[Point], axis: int, limit: float, within: Callable[[float, float], bool]) -> Iterator[Point]:
    for number, point in enumerate(points):
        before = points[number - 1]
        if within(point[axis], limit) != within(before[axis], limit):
            share = (limit - before[axis]) / (point[axis] - before[axis])
            yield before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])
        if within(point[axis], limit):
            yield point
