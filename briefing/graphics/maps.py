"""Maps become drawings: a map block and the base map in, a Vega-Lite specification out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefing.content.pictures.map_blocks import Bounds, MapBlock
from briefing.design.tokens import PX_PER_POINT, Tokens
from briefing.findings import Refused, error
from briefing.graphics.base_map import (
    BASE_MAP,
    US_STATES,
    World,
    countries_of,
    polygons_in,
    read_world,
    span,
    states_of,
    strokes_in,
    thinned,
)
from briefing.graphics.charts.labels import text_layers
from briefing.graphics.charts.layers import Layer, shape_count
from briefing.graphics.charts.layers import words as lines_of_words
from briefing.graphics.charts.theme import blank
from briefing.graphics.drawing import Drawing, Frame
from briefing.graphics.map_inset import inset_of
from briefing.graphics.map_legend import LegendEntry, legend_above, legend_in_corner, strip_points
from briefing.graphics.map_window import MapView, MapWindow, Polygons, mercator
from briefing.graphics.map_words import MapTypes, arrows_of, check_room, leaders_of, marks_of, set_words
from briefing.graphics.relief import Ground, relief_ground

FINEST_PX = 0.4  # steps of a coast below this are not seen in print
OUTSIDE_PX = 4.0  # how far shapes run on beyond the frame, so that the cut shows no line
TINTS = {"light": "map-tint", "mid": "accent-mid", "strong": "accent", "hot": "signal"}
DARK = ("strong", "hot")  # on which words are of the colour of paper


def map_height(bounds: Bounds, width: float) -> float:
    """The height at which a map of that width shows exactly its bounds, in the same unit."""
    return width * (mercator(float(bounds.north)) - mercator(float(bounds.south))) / math.radians(span(bounds))


@dataclass(frozen=True)
class _Tinted:
    """What is filled with one colour."""

    name: str
    fill: str
    pieces: Polygons
    dark: bool = False


def map_spec(block: MapBlock, tokens: Tokens, frame: Frame, templates: Path, ppi: float = 220.0) -> Drawing:
    """Say how to draw the map; raises Refused where a country or the bounds make no sense."""
    if block.bounds.south >= block.bounds.north:
        said = "the map's south does not lie south of its north"
        raise Refused([error("map-bounds", said, hint="Give the smaller latitude as south.")])
    finest = FINEST_PX * span(block.bounds) / frame.width_px
    world = thinned(read_world(templates / "map" / BASE_MAP), finest, block.bounds)
    view, window = view_of(block, frame, tokens), _window(block.bounds)
    areas, states = list(_areas(block, world, window, tokens)), list[_Tinted]()
    if any(one.states for one in block.tints):
        union = thinned(read_world(templates / "map" / US_STATES), finest, block.bounds)
        states = list(_states(block, union, window, tokens))
    grounds = [(area.pieces, area.dark) for area in (*(area for area in areas if area.dark), *states)]
    areas += states
    types = MapTypes.of(tokens, frame, block)
    words = set_words(block, view, types, grounds)
    check_room(words, view)
    colour = tokens.colour
    borders, coasts = strokes_in(world, window)
    seams = [ring for state in states for piece in state.pieces for ring in piece]
    border = colour["grey" if block.relief else "paper"]
    shapes = [  # a stroke of its own colour closes the hair between two fills
        *(
            _shape(one.name, "MultiPolygon", one.pieces, fill=one.fill, stroke=one.fill, strokeWidth=0.4)
            for one in ([] if block.relief else areas)
        ),
        _shape("seams", "MultiLineString", seams, stroke=border, strokeWidth=0.8),
        _shape("borders", "MultiLineString", borders, stroke=border, strokeWidth=0.8),
        _shape("coasts", "MultiLineString", coasts, stroke=colour["grey"], strokeWidth=0.4),
    ]
    layers = [shape for shape in shapes if shape["data"]["values"][0]["geometry"]["coordinates"]]
    layers += [
        *arrows_of(block, view, types),
        *leaders_of(block, words, view, types),
        *marks_of(block, words, view, types),
    ]
    entries = [LegendEntry(one.label, colour[TINTS[one.tint]]) for one in block.tints]
    tinted = [piece for area in areas[1:] for piece in area.pieces]
    small, kept = inset_of(block, view, words, types, templates)
    layers += small
    if entries:
        corner = (entries, block, words, tinted, view, types, kept)
        drawn, lettering = legend_above(entries, view, types) if view.head else legend_in_corner(*corner)
        layers += drawn
        words = [*words, *lettering]
    set_in = text_layers(words)
    body = {**blank(tokens, frame), "projection": _projection(view), "layer": [*layers, *set_in]}
    ground = b""
    if block.relief:
        paper = [Ground(colour["paper"], areas[0].pieces)]  # of all land that is not tinted
        land = [*paper, *(Ground(one.fill, one.pieces, one.dark) for one in areas[1:])]
        ground = relief_ground(land, colour["accent-light"], colour["ink"], view, ppi, templates)
    return Drawing(body, shape_count(layers), lines_of_words(set_in), ground=ground, head=view.head)


def _areas(block: MapBlock, world: World, window: MapWindow, tokens: Tokens) -> Iterator[_Tinted]:
    """All land, and what is tinted: a country in two tints is refused."""
    groups = [
        ("tinted", "light", block.countries),
        *((f"tint-{n}", t.tint, t.countries) for n, t in enumerate(block.tints)),
    ]
    named = [code for _, _, codes in groups for code in dict.fromkeys(codes)]
    twice = sorted({code for code in named if named.count(code) > 1})
    if twice:
        said = f'"{twice[0]}" stands in two tints of the map'
        raise Refused([error("map-country-twice", said, hint="Leave it out of one of them.")])
    if empty := next((one for one in block.tints if not (one.countries or one.states)), None):
        said = f'the tint "{empty.label}" names neither countries nor states'
        raise Refused([error("map-country-unknown", said, hint="Write countries: [PA] or states: [TX].")])
    tints = [one.tint for one in block.tints] + ["light"] * bool(block.countries)
    alike = next((tint for tint in tints if tints.count(tint) > 1), "")
    if alike:
        hint = f"Give each of tints a tint of its own: {', '.join(TINTS)}."
        if block.countries and alike == "light":
            hint = "Countries without a legend are light: name them under tints, or give that entry another tint."
        raise Refused([error("map-tint-twice", f'two groups of countries have the tint "{alike}"', hint=hint)])
    found = {name: countries_of(codes, world) for name, _, codes in groups}
    chosen = {country.name for those in found.values() for country in those}
    others = [p for c in world.countries if c.name not in chosen for p in polygons_in(c, world, window)]
    yield _Tinted("land", tokens.colour["accent-light"], others)
    for name, tint, _ in groups:
        pieces = [p for c in found[name] for p in polygons_in(c, world, window)]
        yield _Tinted(name, tokens.colour[TINTS[tint]], pieces, tint in DARK)


def _states(block: MapBlock, world: World, window: MapWindow, tokens: Tokens) -> Iterator[_Tinted]:
    """The states that are tinted, which lie on the country; one in two tints is refused."""
    named = [code for one in block.tints for code in dict.fromkeys(one.states)]
    if twice := sorted({code for code in named if named.count(code) > 1}):
        said = f'"{twice[0]}" stands in two tints of the map'
        raise Refused([error("map-country-twice", said, hint="Leave it out of one of them.")])
    for number, one in enumerate(block.tints):
        pieces = [piece for state in states_of(one.states, world) for piece in polygons_in(state, world, window)]
        yield _Tinted(f"states-{number}", tokens.colour[TINTS[one.tint]], pieces, one.tint in DARK)


# ------------------------------------------------------------------ the view


def view_of(block: MapBlock, frame: Frame, tokens: Tokens) -> MapView:
    """How the globe lies on a frame, below a legend where there is one above."""
    wide, head = span(block.bounds), strip_points(block, tokens) * PX_PER_POINT
    top, scale = mercator(float(block.bounds.north)), frame.width_px / math.radians(wide)
    return MapView(float(block.bounds.west), wide, top, scale, frame, head)


def _projection(view: MapView) -> dict[str, Any]:
    frame, out = view.frame, OUTSIDE_PX
    return {
        "type": "mercator",
        "rotate": [-(view.west + view.span / 2), 0, 0],
        "scale": view.scale,
        "translate": [frame.width_px / 2, view.head + view.top * view.scale],
        "clipExtent": [[-out, view.head - out * (not view.head)], [frame.width_px + out, frame.height_px + out]],
    }


def _window(bounds: Bounds) -> MapWindow:
    west = float(bounds.west)
    return MapWindow(west, west + span(bounds), float(bounds.south), float(bounds.north))


def _shape(name: str, kind: str, coordinates: Sequence[Any], **look: Any) -> Layer:
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": kind, "coordinates": list(coordinates)}}
    return {
        "name": name,
        "data": {"values": [feature]},
        "mark": {"type": "geoshape", "strokeJoin": "round", "fill": None, **look},
    }
