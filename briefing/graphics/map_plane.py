"""The places of a chart that is a map, on the plane of the page: shapes for Vega, and the same by pixel."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from briefing.content.pictures.chart_maps import ChartMap
from briefing.content.pictures.map_blocks import Bounds
from briefing.findings import Refused, error
from briefing.graphics.base_map import (
    BASE_MAP,
    US_STATES,
    arcs_of,
    countries_of,
    polygons_in,
    read_world,
    ring_of,
    span,
    strokes_in,
    thinned,
)
from briefing.graphics.charts.labels import Box
from briefing.graphics.drawing import Frame
from briefing.graphics.map_window import MapView, MapWindow, Point, Polygons, is_inside, mercator

FINEST_PX = 0.4  # steps of a coast below this are not seen in print
OUTSIDE_PX = 4.0
LEAST_PX = 60.0  # of a map that shows anything


@dataclass(frozen=True)
class MapPlace:
    """A place with its shape, as Vega is given it, and by pixel."""

    code: str
    shape: Polygons
    pieces: Polygons


@dataclass(frozen=True)
class MapPlane:
    """All that a map of places is drawn from."""

    projection: Mapping[str, Any]
    places: Mapping[str, MapPlace]
    land: Polygons  # of no place that the chart is about
    others: Polygons  # the same by pixel
    borders: Sequence[Sequence[Point]]
    coasts: Sequence[Sequence[Point]]


def plane_of(shown: ChartMap, codes: Sequence[str], room: Box, frame: Frame, templates: Path) -> MapPlane:
    """The places of the codes within a room of the frame."""
    if min(room[2] - room[0], room[3] - room[1]) < LEAST_PX:
        hint = "Raise height_mm, or give the chart a wider place."
        raise Refused([error("chart-crowded", "the chart has no room for its map", hint=hint)])
    if shown.of == "us-states":
        return _states(codes, room, templates)
    assert shown.bounds is not None  # the checks have seen to it
    return _countries(shown.bounds, codes, room, frame, templates)


# ------------------------------------------------------------------ countries


def _countries(bounds: Bounds, codes: Sequence[str], room: Box, frame: Frame, templates: Path) -> MapPlane:
    """Countries on Mercator's map, which shows at least the bounds and fills the room."""
    view = _view(bounds, room, frame)
    (west, north), (east, south) = view.place(0, room[1]), view.place(room[2], room[3])
    shown = Bounds.model_construct(west=west, south=south, east=east, north=north)
    window = MapWindow(west, east, south, north)
    world = thinned(read_world(templates / "map" / BASE_MAP), FINEST_PX * view.span / frame.width_px, shown)
    places, chosen = {}, set()
    for code in codes:
        those = countries_of([code], world)
        chosen |= {one.name for one in those}
        shape = [piece for one in those for piece in polygons_in(one, world, window)]
        places[code] = MapPlace(code, shape, [on_page(rings, view) for rings in shape])
    if gone := [code for code in codes if not places[code].shape]:
        said = f"“{gone[0]}” lies outside the bounds of the map"
        raise Refused([error("map-bounds", said, hint="Widen the bounds, or take it out.")])
    land = [p for one in world.countries if one.name not in chosen for p in polygons_in(one, world, window)]
    clip = [[-OUTSIDE_PX, room[1]], [room[2] + OUTSIDE_PX, room[3] + OUTSIDE_PX]]
    projection = {
        "type": "mercator",
        "rotate": [-(view.west + view.span / 2), 0, 0],
        "scale": view.scale,
        "translate": [frame.width_px / 2, view.head + view.top * view.scale],
        "clipExtent": clip,
    }
    others = [on_page(rings, view) for rings in land]
    return MapPlane(projection, places, land, others, *strokes_in(world, window))


def _view(bounds: Bounds, room: Box, frame: Frame) -> MapView:
    wide = span(bounds)
    top, foot = mercator(float(bounds.north)), mercator(float(bounds.south))
    scale = min((room[2] - room[0]) / math.radians(wide), (room[3] - room[1]) / (top - foot))
    shown = min(math.degrees((room[2] - room[0]) / scale), 360.0)
    more = ((room[3] - room[1]) / scale - (top - foot)) / 2
    return MapView(float(bounds.west) - (shown - wide) / 2, shown, top + more, scale, frame, room[1])


def on_page(rings: Sequence[Sequence[Point]], view: MapView) -> list[list[Point]]:
    """A piece by pixel, on one side of the date line."""
    return [list(_joined([view.at(*point) for point in ring], math.tau * view.scale)) for ring in rings]


def _joined(line: Sequence[Point], round_px: float) -> Iterator[Point]:
    turn, before = 0.0, None
    for x, y in line:
        if before is not None and abs(x - before) > round_px / 2:
            turn += round_px if x < before else -round_px
        before = x
        yield x + turn, y


# ------------------------------------------------------------------ states of the United States


@dataclass(frozen=True)
class _Cone:
    """Albers's conic projection of equal areas, in radii of the globe, around a centre."""

    lon: float
    lat: float
    parallels: tuple[float, float]
    zoom: float = 1.0
    shift: Point = (0.0, 0.0)

    def at(self, lon: float, lat: float) -> Point:
        first, second = (math.sin(math.radians(one)) for one in self.parallels)
        n = (first + second) / 2
        c = 1 + first * (2 * n - first)

        def radius(degrees: float) -> float:
            return math.sqrt(max(0.0, c - 2 * n * math.sin(math.radians(degrees)))) / n

        turn = n * math.radians((lon - self.lon + 180) % 360 - 180)
        x, y = radius(lat) * math.sin(turn), radius(lat) * math.cos(turn) - radius(self.lat)
        return self.zoom * x + self.shift[0], self.zoom * y + self.shift[1]


_LOWER = _Cone(-96.0, 38.7, (29.5, 45.5))
# Those that lie apart stand below the south-west, Alaska at a third of the scale, as is usual.
_APART = {
    "AK": _Cone(-152.0, 63.4, (55.0, 65.0), 0.35, (-0.322, 0.195)),
    "HI": _Cone(-157.3, 20.4, (8.0, 18.0), 1.0, (-0.19, 0.225)),
}


def _states(codes: Sequence[str], room: Box, templates: Path) -> MapPlane:
    """All states; their borders and coasts are those of the shapes."""
    world = read_world(templates / "map" / US_STATES)
    uses = Counter[int]()
    cones: dict[int, _Cone] = {}
    for one in world.countries:
        arcs = [*arcs_of(one)]
        uses.update(arcs)
        cones |= dict.fromkeys(arcs, _APART.get(one.code, _LOWER))
    flat = [[cones[n].at(*point) for point in arc] for n, arc in enumerate(world.arcs)]
    xs, ys = zip(*(point for arc in flat for point in arc), strict=True)
    left, top, wide, tall = min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)
    scale = min((room[2] - room[0]) / wide, (room[3] - room[1]) / tall)
    x0 = (room[0] + room[2] - wide * scale) / 2 - left * scale
    y0 = (room[1] + room[3] - tall * scale) / 2 - top * scale
    fit = [[(round(x0 + x * scale, 2), round(y0 + y * scale, 2)) for x, y in arc] for arc in flat]
    borders = [line for n, line in enumerate(fit) if uses[n] > 1]
    coasts = [line for n, line in enumerate(fit) if uses[n] == 1]
    places = {}
    for one in world.countries:
        pieces = [[ring_of(ring, fit) for ring in polygon] for polygon in one.polygons]
        places[one.code] = MapPlace(one.code, pieces, pieces)
    land = [piece for code, one in places.items() if code not in codes for piece in one.pieces]
    shown = {code: places[code] for code in codes}
    return MapPlane({"type": "identity", "scale": 1, "translate": [0, 0]}, shown, land, land, borders, coasts)


def extent(line: Sequence[Point]) -> Box:
    """From where to where a line of points reaches."""
    xs, ys = zip(*line, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


# ------------------------------------------------------------------ what lies within


def inside(x: float, y: float, pieces: Polygons) -> bool:
    """Whether a pixel lies in any of the pieces."""
    return any(is_inside(x, y, rings) for rings in pieces)


def middle_of(pieces: Polygons, room: Box) -> Point | None:
    """The point within the pieces that lies farthest from their edges, of a coarse grid; nothing where none is seen."""
    best: tuple[float, Point] | None = None
    for rings in pieces:
        left, top, right, bottom = extent(rings[0])
        left, top, right, bottom = max(left, room[0]), max(top, room[1]), min(right, room[2]), min(bottom, room[3])
        if right <= left or bottom <= top or (best and min(right - left, bottom - top) / 2 < best[0]):
            continue
        for k in range(11):
            for n in range(11):
                x, y = left + (right - left) * (k + 0.5) / 11, top + (bottom - top) * (n + 0.5) / 11
                if is_inside(x, y, rings):
                    far = min(math.dist((x, y), point) for ring in rings for point in ring)
                    far = min(far, x - room[0] + 4, room[2] - x + 4)
                    if best is None or far > best[0]:
                        best = far, (x, y)
    return best[1] if best else None


def hatching(pieces: Polygons, room: Box, step: float) -> Iterator[tuple[Point, Point]]:
    """Slanting lines across the pieces, `step` pixels apart, from edge to edge within the room."""
    half = math.sqrt(0.5)
    for rings in pieces:
        turned = [[((x + y) * half, (y - x) * half) for x, y in ring] for ring in rings]
        levels = [v for ring in turned for _, v in ring]
        for n in range(math.ceil(min(levels) / step), math.floor(max(levels) / step) + 1):
            v = n * step + 0.003  # which is no corner's
            cuts = sorted(
                a + (c - a) * (v - b) / (d - b)
                for ring in turned
                for (a, b), (c, d) in pairwise(ring)
                if (b > v) != (d > v)
            )
            for start, end in zip(cuts[::2], cuts[1::2], strict=False):
                # x = (u - v) / √2, y = (u + v) / √2: as far as both lie in the room
                low = max(start, room[0] / half + v, room[1] / half - v)
                high = min(end, room[2] / half + v, room[3] / half - v)
                if high > low:
                    yield ((low - v) * half, (low + v) * half), ((high - v) * half, (high + v) * half)
