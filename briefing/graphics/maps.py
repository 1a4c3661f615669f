"""Locator maps become drawings: a map block and the base map in, a Vega-Lite specification out.

The base map is Natural Earth at 1:50 million as a topology (`templates/map`): countries share their borders as arcs, so
that coasts and borders can be told apart and drawn once. Only what lies within the bounds is put into the drawing.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from babel.core import get_global

from briefing.content.blocks import Bounds, MapBlock, MapMark
from briefing.design.tokens import Tokens
from briefing.findings import Refused, did_you_mean, error
from briefing.graphics.charts.labels import Box, Label, text_layers, touch, wrap_text
from briefing.graphics.charts.layers import Layer, pixels, rule, shape_count
from briefing.graphics.charts.layers import words as lines_of_words
from briefing.graphics.charts.theme import blank
from briefing.graphics.drawing import Drawing, Frame
from briefing.graphics.map_window import MapWindow, Point

BASE_MAP = "countries-50m.json"
MARK_AREA_PX = 62.0
FINEST_PX = 0.4  # steps of a coast below this are not seen in print
FAR = 2.0  # degrees: steps of what lies off the map
OFF = 4.0  # degrees: how far off that is, at least
OUTSIDE_PX = 4.0  # how far shapes run on beyond the frame, so that the cut shows no line

# Natural Earth gives these no number: ISO 3166 has none for them.
_UNNUMBERED = {"XK": "Kosovo"}

Arc = tuple[Point, ...]
Ring = tuple[int, ...]  # arcs by number; ~n is arc n backwards


@dataclass(frozen=True)
class _Country:
    code: str  # ISO 3166-1 numeric
    name: str
    polygons: tuple[tuple[Ring, ...], ...]


@dataclass(frozen=True)
class _World:
    arcs: Sequence[Arc]
    boxes: tuple[Box, ...]  # of each arc: west, south, east, north
    countries: tuple[_Country, ...]


@dataclass(frozen=True)
class _View:
    """Mercator's projection, fitted exactly to the bounds."""

    west: float
    span: float  # degrees; a map may cross the date line
    top: float
    scale: float  # pixels for a radian
    frame: Frame

    def at(self, lon: float, lat: float) -> Point:
        return (
            math.radians((lon - self.west + 180 - self.span / 2) % 360 - 180 + self.span / 2) * self.scale,
            (self.top - _mercator(lat)) * self.scale,
        )


def map_height(bounds: Bounds, width: float) -> float:
    """The height at which a map of that width shows exactly its bounds, in the same unit."""
    return width * (_mercator(float(bounds.north)) - _mercator(float(bounds.south))) / math.radians(_span(bounds))


def map_spec(block: MapBlock, tokens: Tokens, frame: Frame, templates: Path) -> Drawing:
    """Say how to draw the map; raises Refused where a country or the bounds make no sense."""
    if block.bounds.south >= block.bounds.north:
        raise Refused(
            [
                error(
                    "map-bounds",
                    "the map's south does not lie south of its north",
                    hint="Give the smaller latitude as south.",
                )
            ]
        )
    whole = _world(templates / "map" / BASE_MAP)
    finest = FINEST_PX * _span(block.bounds) / frame.width_px
    world = replace(whole, arcs=_Thinned(whole.arcs, finest, block.bounds))
    tinted = _tinted(block.countries, world)
    view = _view(block.bounds, frame)
    names = _names(block, view, tokens)
    words = [*names, *(_mark_label(mark, view, tokens) for mark in block.marks)]
    _check_room(words, frame)
    window = _window(block.bounds)
    others = [p for c in world.countries if c not in tinted for p in _polygons(c, world, window)]
    chosen = [p for c in tinted for p in _polygons(c, world, window)]
    borders, coasts = _strokes(world, window)
    colour = tokens.colour
    land, tint = colour["accent-light"], colour["map-tint"]
    shapes = [  # a stroke of its own colour closes the hair between two fills
        _shape("land", "MultiPolygon", others, fill=land, stroke=land, strokeWidth=0.4),
        _shape("tinted", "MultiPolygon", chosen, fill=tint, stroke=tint, strokeWidth=0.4),
        _shape("borders", "MultiLineString", borders, stroke=colour["paper"], strokeWidth=0.8),
        _shape("coasts", "MultiLineString", coasts, stroke=colour["grey"], strokeWidth=0.4),
    ]
    layers = [shape for shape in shapes if shape["data"]["values"][0]["geometry"]["coordinates"]]
    layers += _leaders(block, names, view, tokens)
    layers += _marks(block.marks, view, tokens)
    lettering = text_layers(words)
    body = {**blank(tokens, frame), "projection": _projection(view), "layer": [*layers, *lettering]}
    return Drawing(body, shape_count(layers), lines_of_words(lettering))


# ------------------------------------------------------------------ the view


def _mercator(lat: float) -> float:
    return math.asinh(math.tan(math.radians(lat)))


def _span(bounds: Bounds) -> float:
    return float(bounds.east - bounds.west) % 360 or 360.0


def _view(bounds: Bounds, frame: Frame) -> _View:
    span = _span(bounds)
    return _View(float(bounds.west), span, _mercator(float(bounds.north)), frame.width_px / math.radians(span), frame)


def _projection(view: _View) -> dict[str, Any]:
    frame, out = view.frame, OUTSIDE_PX
    return {
        "type": "mercator",
        "rotate": [-(view.west + view.span / 2), 0, 0],
        "scale": view.scale,
        "translate": [frame.width_px / 2, view.top * view.scale],
        "clipExtent": [[-out, -out], [frame.width_px + out, frame.height_px + out]],
    }


def _window(bounds: Bounds) -> MapWindow:
    west = float(bounds.west)
    return MapWindow(west, west + _span(bounds), float(bounds.south), float(bounds.north))


# ------------------------------------------------------------------ the base map


@lru_cache(maxsize=2)
def _world(file: Path) -> _World:
    topology = json.loads(file.read_text(encoding="utf-8"))
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = _Arcs(topology["arcs"], sx, sy, tx, ty)
    countries = tuple(
        _Country(
            shape.get("id", ""),
            shape["properties"]["name"],
            tuple(
                tuple(tuple(ring) for ring in polygon)
                for polygon in (shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]])
            ),
        )
        for shape in topology["objects"]["countries"]["geometries"]
    )
    return _World(arcs, arcs.boxes(), countries)


class _Arcs(Sequence[Arc]):
    """Quantised arcs, which are written as steps from one point to the next; few of them are ever on a map."""

    def __init__(self, arcs: Any, sx: float, sy: float, tx: float, ty: float) -> None:
        self._steps = arcs
        self._scale = sx, sy, tx, ty

    def __len__(self) -> int:
        return len(self._steps)

    def __getitem__(self, number: Any) -> Any:
        xs, ys = zip(*self._steps[number], strict=True)
        return tuple(map(self._at, accumulate(xs), accumulate(ys)))

    def _at(self, x: int, y: int) -> Point:
        sx, sy, tx, ty = self._scale
        return (round(x * sx + tx, 4), round(y * sy + ty, 4))

    def boxes(self) -> tuple[Box, ...]:
        """West, south, east and north of each."""
        corners = map(_corners, self._steps)
        return tuple((*self._at(west, south), *self._at(east, north)) for west, south, east, north in corners)


def _corners(steps: Sequence[Sequence[int]]) -> tuple[int, int, int, int]:
    """The least and the most of an arc; the whole world is walked, so no point is made on the way."""
    x, y = west, south = east, north = steps[0]
    for right, up in steps[1:]:
        x += right
        y += up
        if x < west:
            west = x
        elif x > east:
            east = x
        if y < south:
            south = y
        elif y > north:
            north = y
    return west, south, east, north


class _Thinned(Sequence[Arc]):
    """Arcs without the points that lie within `finest` degrees of the one before; they keep their ends.

    What lies off the map is thinned until its points are FAR apart. That is less than they lie off the map, so a line
    between two of them does not come onto it.
    """

    def __init__(self, arcs: Sequence[Arc], finest: float, bounds: Bounds) -> None:
        self._arcs, self._finest = arcs, finest
        self._west, self._wide = float(bounds.west) - OFF, _span(bounds) + 2 * OFF
        self._low, self._high = float(bounds.south) - OFF, float(bounds.north) + OFF
        self._thin: dict[int, Arc] = {}

    def __len__(self) -> int:
        return len(self._arcs)

    def __getitem__(self, number: Any) -> Any:
        if number not in self._thin:
            self._thin[number] = self._thinned(self._arcs[number])
        return self._thin[number]

    def _thinned(self, arc: Arc) -> Arc:
        kept = [arc[0]]
        x, y = arc[0]
        for point in arc[1:-1]:
            off = abs(point[0] - x) + abs(point[1] - y)
            if off >= self._finest and (off >= FAR or self._near(point) or self._near((x, y))):
                kept.append(point)
                x, y = point
        return (*kept, arc[-1])

    def _near(self, point: Point) -> bool:
        return (point[0] - self._west) % 360 <= self._wide and self._low <= point[1] <= self._high


def _tinted(codes: Iterable[str], world: _World) -> list[_Country]:
    """The countries of two-letter codes; every code that is not on the base map is refused at once."""
    aliases = get_global("territory_aliases")  # of numbers among others
    by_code: dict[str, list[_Country]] = {}
    for country in world.countries:
        if country.code.isdigit() and len(names := aliases.get(country.code, ())) == 1:
            by_code.setdefault(names[0], []).append(country)
        for code in (alpha for alpha, name in _UNNUMBERED.items() if name == country.name):
            by_code.setdefault(code, []).append(country)
    unknown = [code for code in codes if code not in by_code]
    if unknown:
        raise Refused(
            error(
                "map-country-unknown",
                f'the base map has no country "{code}"',
                hint=did_you_mean(code, by_code) or "Write the two letters of ISO 3166, such as PA for Panama.",
            )
            for code in unknown
        )
    return [country for code in dict.fromkeys(codes) for country in by_code[code]]


def _polygons(country: _Country, world: _World, window: MapWindow) -> Iterator[list[list[Point]]]:
    """The country's pieces that meet the window, as GeoJSON has them."""
    for polygon in country.polygons:
        if window.meets(_hull(polygon[0], world)):
            rings = [_ring(ring, world) for ring in polygon]
            if window.shows_area(rings):
                yield rings


def _forward(arc: int) -> int:
    return arc if arc >= 0 else ~arc


def _hull(ring: Ring, world: _World) -> Box:
    boxes = [world.boxes[_forward(arc)] for arc in ring]
    if len(boxes) == 1:
        return boxes[0]
    wests, souths, easts, norths = zip(*boxes, strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def _ring(ring: Ring, world: _World) -> list[Point]:
    points: list[Point] = []
    for arc in ring:
        stretch = world.arcs[_forward(arc)]
        points += (stretch if arc >= 0 else stretch[::-1])[1 if points else 0 :]
    return points


def _strokes(world: _World, window: MapWindow) -> tuple[list[list[Point]], list[list[Point]]]:
    """Borders and coasts in the window: an arc that two countries share is a border."""
    uses = Counter(_forward(arc) for c in world.countries for polygon in c.polygons for ring in polygon for arc in ring)
    near = [arc for arc in sorted(uses) if window.meets(world.boxes[arc]) and window.shows_line(world.arcs[arc])]
    return (
        [list(world.arcs[arc]) for arc in near if uses[arc] > 1],
        [list(world.arcs[arc]) for arc in near if uses[arc] == 1],
    )


def _shape(name: str, kind: str, coordinates: list[Any], **look: Any) -> Layer:
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": kind, "coordinates": coordinates}}
    return {
        "name": name,
        "data": {"values": [feature]},
        "mark": {"type": "geoshape", "strokeJoin": "round", "fill": None, **look},
    }


# ------------------------------------------------------------------ words and marks


def _names(block: MapBlock, view: _View, tokens: Tokens) -> list[Label]:
    size = tokens.px("note")
    names = []
    for name in block.names:
        x, y = view.at(float(name.lon), float(name.lat))
        sea = name.kind == "sea"
        # A sea's name stands in lines of a fifth of the map, so that it covers the sea and not the coasts.
        text = wrap_text(name.text, view.frame.width_px / 5, size) if sea else name.text
        colour = tokens.colour["muted" if sea else "ink"]
        names.append(Label(text, x, y, size, colour, name.align, italic=sea))
    return names


def _leaders(block: MapBlock, labels: Sequence[Label], view: _View, tokens: Tokens) -> list[Layer]:
    """A thin line from a name that stands off to the country that it names."""
    lines = []
    for name, label in zip(block.names, labels, strict=True):
        if name.to_lon is not None and name.to_lat is not None:
            x, y = view.at(float(name.to_lon), float(name.to_lat))
            left, top, right, bottom = label.box
            to_x, to_y = min(max(x, left), right), min(max(y, top), bottom)
            lines.append(rule(x, y, to_x, to_y, tokens.colour["muted"], 0.6))
    return lines


def _mark_label(mark: MapMark, view: _View, tokens: Tokens) -> Label:
    x, y = view.at(float(mark.label_lon), float(mark.label_lat))
    return Label(mark.text, x, y, tokens.px("small"), tokens.colour["accent"], mark.align, bold=True)


def _marks(marks: Iterable[MapMark], view: _View, tokens: Tokens) -> list[Layer]:
    """Each marked place: a leader to its label, a ring of paper, a dot."""
    layers: list[Layer] = []
    for mark in marks:
        x, y = view.at(float(mark.lon), float(mark.lat))
        left, top, right, bottom = _mark_label(mark, view, tokens).box
        to_x, to_y = min(max(x, left), right), min(max(y, top), bottom)
        layers += [
            rule(x, y, to_x, to_y, tokens.colour["accent"], 1),
            {
                "name": f"mark-{len(layers)}",
                "data": {"values": [{"x": round(x, 2), "y": round(y, 2), "text": mark.text}]},
                "mark": {
                    "type": "point",
                    "shape": "circle",
                    "size": MARK_AREA_PX,
                    "fill": tokens.colour["accent"],
                    "stroke": tokens.colour["paper"],
                    "strokeWidth": 1.5,
                    "opacity": 1,
                },
                "encoding": {"x": pixels("x"), "y": pixels("y")},
            },
        ]
    return layers


def _check_room(labels: Iterable[Label], frame: Frame) -> None:
    """Refuse names that run out of the map or into each other: nothing printed may be lost."""
    faults = []
    placed: list[Label] = []
    for label in labels:
        left, top, right, bottom = label.box
        if left < 0 or top < 0 or right > frame.width_px or bottom > frame.height_px:
            faults.append(
                error("map-name-outside", f'"{label.text}" runs out of the map', hint="Move it, or widen the bounds.")
            )
        hint = "Move one of them: by lon, lat or align a name, by label_lon or label_lat a mark."
        clashes = (f'"{other.text}" and "{label.text}"' for other in placed if touch(label.box, other.box))
        faults += [error("map-names-touch", f"{both} stand on each other on the map", hint=hint) for both in clashes]
        placed.append(label)
    if faults:
        raise Refused(faults)
