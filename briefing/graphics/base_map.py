"""The base map: countries of the world as areas that share their borders, and how much of it a map shows.

It is Natural Earth at 1:50 million as a topology (`templates/map`): countries share their borders as arcs, so that
coasts and borders can be told apart and drawn once. Only what lies within the bounds is put into a drawing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from babel.core import get_global

from briefing.content.pictures.map_blocks import Bounds
from briefing.findings import Refused, did_you_mean, error
from briefing.graphics.charts.labels import Box
from briefing.graphics.map_window import MapWindow, Point, winding

BASE_MAP = "countries-50m.json"
US_STATES = "us-states.json"
FAR = 2.0  # degrees: steps of what lies off the map
OFF = 4.0  # degrees: how far off that is, at least

# Natural Earth gives these no number: ISO 3166 has none for them.
_UNNUMBERED = {"XK": "Kosovo"}

Arc = tuple[Point, ...]
Ring = tuple[int, ...]  # arcs by number; ~n is arc n backwards


@dataclass(frozen=True)
class MapCountry:
    """A country, and the pieces that it is made of."""

    code: str  # ISO 3166-1 numeric
    name: str
    polygons: tuple[tuple[Ring, ...], ...]


@dataclass(frozen=True)
class World:
    """All countries, and the arcs that they share."""

    arcs: Sequence[Arc]
    boxes: tuple[Box, ...]  # of each arc: west, south, east, north
    countries: tuple[MapCountry, ...]


def span(bounds: Bounds) -> float:
    """How many degrees a map is wide; it may cross the date line."""
    return float(bounds.east - bounds.west) % 360 or 360.0


def thinned(world: World, finest: float, bounds: Bounds) -> World:
    """The world with no more points than a map of the bounds can show: none within `finest` degrees of another."""
    return replace(world, arcs=_Thinned(world.arcs, finest, bounds))


@lru_cache(maxsize=2)
def read_world(file: Path) -> World:
    """The base map of a file."""
    topology = json.loads(file.read_text(encoding="utf-8"))
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = _Arcs(topology["arcs"], sx, sy, tx, ty)
    countries = tuple(
        MapCountry(
            shape.get("id", ""),
            shape["properties"]["name"],
            tuple(
                tuple(tuple(ring) for ring in polygon)
                for polygon in (shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]])
            ),
        )
        for shape in next(iter(topology["objects"].values()))["geometries"]
    )
    return World(arcs, arcs.boxes(), countries)


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
        self._west, self._wide = float(bounds.west) - OFF, span(bounds) + 2 * OFF
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


def countries_of(codes: Iterable[str], world: World) -> list[MapCountry]:
    """The countries of two-letter codes; every code that is not on the base map is refused at once."""
    aliases = get_global("territory_aliases")  # of numbers among others
    by_code: dict[str, list[MapCountry]] = {}
    for country in world.countries:
        if country.code.isdigit() and len(names := aliases.get(country.code, ())) == 1:
            by_code.setdefault(names[0], []).append(country)
        for code in (alpha for alpha, name in _UNNUMBERED.items() if name == country.name):
            by_code.setdefault(code, []).append(country)
    hint = "Write the two letters of ISO 3166, such as PA for Panama."
    _refuse_unknown(codes, by_code, "the base map has no country", hint)
    return [country for code in dict.fromkeys(codes) for country in by_code[code]]


def states_of(codes: Sequence[str], world: World) -> list[MapCountry]:
    """The states of the United States of two-letter codes; every code that is none is refused at once."""
    by_code = {state.code: state for state in world.countries}
    hint = "Write its two letters, such as TX for Texas."
    _refuse_unknown(codes, by_code, "the United States have no state", hint)
    return [by_code[code] for code in dict.fromkeys(codes)]


def _refuse_unknown(codes: Iterable[str], known: Collection[str], said: str, hint: str) -> None:
    if unknown := [code for code in codes if code not in known]:
        raise Refused(
            error("map-country-unknown", f'{said} "{code}"', hint=did_you_mean(code, known) or hint) for code in unknown
        )


def polygons_in(country: MapCountry, world: World, window: MapWindow) -> Iterator[list[list[Point]]]:
    """The country's pieces that meet the window, as GeoJSON has them."""
    for polygon in country.polygons:
        if window.meets(_hull(polygon[0], world)):
            rings = [_wound(ring_of(ring, world.arcs), number > 0) for number, ring in enumerate(polygon)]
            if window.shows_area(rings):
                yield rings


def _wound(ring: list[Point], hole: bool) -> list[Point]:
    """A ring that goes round as it did before it was thinned: the other way round it is the globe without it."""
    return ring[::-1] if (winding(ring) < 0 if hole else winding(ring) > 0) else ring


def _forward(arc: int) -> int:
    return arc if arc >= 0 else ~arc


def _hull(ring: Ring, world: World) -> Box:
    boxes = [world.boxes[_forward(arc)] for arc in ring]
    if len(boxes) == 1:
        return boxes[0]
    wests, souths, easts, norths = zip(*boxes, strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def ring_of(ring: Ring, arcs: Sequence[Sequence[Point]]) -> list[Point]:
    """The points of a ring, one arc behind the other."""
    points: list[Point] = []
    for arc in ring:
        stretch = arcs[_forward(arc)]
        points += (stretch if arc >= 0 else stretch[::-1])[1 if points else 0 :]
    return points


def arcs_of(country: MapCountry) -> Iterator[int]:
    """The numbers of the arcs that a country is made of, as often as it has them."""
    return (_forward(arc) for polygon in country.polygons for ring in polygon for arc in ring)


def strokes_in(world: World, window: MapWindow) -> tuple[list[list[Point]], list[list[Point]]]:
    """Borders and coasts in the window: an arc that two countries share is a border."""
    uses = Counter(arc for country in world.countries for arc in arcs_of(country))
    near = [arc for arc in sorted(uses) if window.meets(world.boxes[arc]) and window.shows_line(world.arcs[arc])]
    return (
        [list(world.arcs[arc]) for arc in near if uses[arc] > 1],
        [list(world.arcs[arc]) for arc in near if uses[arc] == 1],
    )
