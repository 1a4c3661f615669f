"""Charts of `kind: map`: places in tints by the class of their value, with a legend above them.

A class is told by how dark it is, the hot one by its colour too; places without a value are hatched. What is named as a
highlight has an outline and its words beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal

from briefing.content.pictures.chart_maps import ChartMap
from briefing.content.records import Chart
from briefing.documents.chart_places import class_of, place_code, place_name, without_value
from briefing.documents.chart_values import ChartValue
from briefing.graphics.charts.canvas import Canvas, names_row, refuse_crowded
from briefing.graphics.charts.labels import Box, Label, text_layers, text_width, touch
from briefing.graphics.charts.layers import Layer, each, layer, pixels, rule, shape_count
from briefing.graphics.charts.layers import words as lines_of_words
from briefing.graphics.charts.map_witness import judge_map
from briefing.graphics.charts.theme import blank
from briefing.graphics.drawing import Drawing, Frame
from briefing.graphics.map_plane import MapPlace, MapPlane, extent, hatching, inside, middle_of, plane_of
from briefing.graphics.map_window import Point, Polygon, Polygons

# From the lowest class to the highest, by how many there are; each is darker than the one before, in grey too.
_RAMPS = {
    2: ("map-tint", "accent"),
    3: ("map-tint", "accent-mid", "accent"),
    4: ("accent-light", "map-tint", "accent-mid", "accent"),
}
DARK = ("accent", "signal")  # on which words are of the colour of paper
SWATCH_PX, STEP_PX, AIR_PX = 10.0, 3.2, 12.0
CASING_PX = 3.4  # of an outline, which is itself half as thick


def ramp(shown: ChartMap) -> tuple[str, ...]:
    """The names of the colours of the classes, from the lowest value to the highest."""
    colours = _RAMPS[len(shown.breaks) + 1]
    if shown.hot:
        colours = (*colours[:-1], "signal")
    return colours[::-1] if shown.hot == "lowest" else colours


def choropleth(
    chart: Chart, rows: Sequence[ChartValue], legend: tuple[tuple[str, ...], str, str], sheet: Canvas, templates: Path
) -> Drawing:
    """Say how to draw the map; `legend` is the names of its classes, that of no value, and the date of the values."""
    shown = chart.map
    assert shown is not None  # the checks have seen to it
    names, nothing, when = legend
    empty = without_value(chart, sheet.locale)
    fills = ramp(shown)
    key, head = _legend([*zip(names, fills, strict=True)], nothing if empty else "", when, sheet)
    frame = Frame(sheet.width, sheet.height)
    room = (0.0, head, sheet.width, sheet.height)
    codes = [_code(row.label or "", shown, sheet) for row in rows]
    bare = [_code(name, shown, sheet) for name in empty]
    plane = plane_of(shown, [*codes, *bare], room, frame, templates)
    colours = [fills[class_of(row.value, shown)] for row in rows]
    printed = frozenset(place_name(one, shown.of, sheet.locale) for one in chart.print_values or ())
    hot = frozenset(place_name(one, shown.of, sheet.locale) for one in chart.highlight)
    wanted = [
        (row, plane.places[code], fill, names_row(hot, row))
        for row, code, fill in zip(rows, codes, colours, strict=True)
        if names_row(printed | hot, row)
    ]
    leaders, lettering = _labels(wanted, plane, room, sheet)
    layers = [
        *_land(plane, [(code, fill) for code, fill in zip(codes, colours, strict=True)], bare, room, sheet),
        *_outlines([place for _, place, _, chosen in wanted if chosen], sheet),
        *key,
        *leaders,
        *text_layers(lettering),
    ]
    said = [(f"{row.label} {row.text}", f"{row.label}: {row.text}") for row, *_ in wanted]
    judge = partial(judge_map, rows, shown.breaks, names, said)
    body = {**blank(sheet.tokens, frame), "projection": dict(plane.projection), "layer": layers}
    return Drawing(body, shape_count(layers), lines_of_words(layers), judge=judge)


def _code(label: str, shown: ChartMap, sheet: Canvas) -> str:
    return place_code(label, shown.of, sheet.locale) or label


# ------------------------------------------------------------------ land


def _land(
    plane: MapPlane, filled: Sequence[tuple[str, str]], bare: Sequence[str], room: Box, sheet: Canvas
) -> Iterator[Layer]:
    """All places in the fill of their class, those without a value hatched, borders and coasts above them."""
    grey, paper = sheet.colour("grey"), sheet.colour("paper")
    other = "paper" if any(fill == "accent-light" for _, fill in filled) else "accent-light"
    features = [
        _feature("MultiPolygon", plane.places[code].shape, row=number, fill=sheet.colour(fill))
        for number, (code, fill) in enumerate(filled)
        if plane.places[code].shape
    ]
    if plane.land:
        yield _shapes("land", [_feature("MultiPolygon", plane.land)], fill=sheet.colour(other))
    fill = {"expr": "datum.properties.fill"}
    row = {"expr": "'row ' + datum.properties.row"}
    yield _shapes("values", features, fill=fill, stroke=fill, strokeWidth=0.4, description=row)
    lines = [line for code in bare for line in hatching(plane.places[code].pieces, room, STEP_PX)]
    if lines:
        yield _hatch("hatch", lines, grey)
    if plane.borders:
        yield _shapes("borders", [_feature("MultiLineString", plane.borders)], stroke=paper, strokeWidth=0.9)
        yield _shapes("seams", [_feature("MultiLineString", plane.borders)], stroke=grey, strokeWidth=0.4)
    if plane.coasts:
        yield _shapes("coasts", [_feature("MultiLineString", plane.coasts)], stroke=grey, strokeWidth=0.5)


def _hatch(name: str, lines: Sequence[tuple[Point, Point]], colour: str) -> Layer:
    ends = [
        dict(zip(("x", "y", "x2", "y2"), (round(one, 2) for point in line for one in point), strict=True))
        for line in lines
    ]
    at = {"x": pixels("x"), "y": pixels("y"), "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    return {"name": name, **layer(ends, {"type": "rule", "color": colour, "strokeWidth": 0.6}, **at)}


def _outlines(places: Sequence[MapPlace], sheet: Canvas) -> Iterator[Layer]:
    """Around what is highlighted, a line of ink on paper."""
    if features := [_feature("MultiPolygon", list(_seen(one))) for one in places]:
        yield _shapes("casing", features, stroke=sheet.colour("paper"), strokeWidth=CASING_PX)
        yield _shapes("outline", features, stroke=sheet.colour("ink"), strokeWidth=CASING_PX / 2)


def _seen(place: MapPlace) -> Iterator[Any]:
    """The pieces of a place that an outline does not fill: small islands are left out beside larger ones."""
    sizes = [max(max(axis) - min(axis) for axis in zip(*rings[0], strict=True)) for rings in place.pieces]
    least = min(3 * CASING_PX, max(sizes))
    yield from (shape for shape, size in zip(place.shape, sizes, strict=True) if size >= least)


def _feature(kind: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def _shapes(name: str, features: Sequence[dict[str, Any]], **look: Any) -> Layer:
    mark = {"type": "geoshape", "strokeJoin": "round", "fill": None, **look}
    return {"name": name, "data": {"values": list(features)}, "mark": mark, "encoding": {}}


# ------------------------------------------------------------------ legend


def _legend(classes: Sequence[tuple[str, str]], nothing: str, when: str, sheet: Canvas) -> tuple[list[Layer], float]:
    """The classes behind their swatches, what a hatched place means, and when; on as many lines as they need."""
    x, y, marks, words, hatch = 0.0, sheet.line / 2, [], [], list[tuple[Point, Point]]()
    entries = [*classes, *([(nothing, "")] if nothing else []), *([(when, "-")] if when else [])]
    for text, fill in entries:
        lead = 0.0 if fill == "-" else SWATCH_PX + 5
        wide = lead + text_width(text, sheet.small)
        if x and x + wide > sheet.width:
            x, y = 0.0, y + sheet.line
        if x + wide > sheet.width:
            raise refuse_crowded("the names of its classes", "Give the chart a wider place.")
        if fill != "-":
            colour = sheet.colour(fill or "paper")
            marks.append({"x": round(x + SWATCH_PX / 2, 2), "y": round(y, 2), "fill": colour, "text": text})
        if not fill:
            low, high = y - SWATCH_PX / 2, y + SWATCH_PX / 2
            box = [[(x, low), (x + SWATCH_PX, low), (x + SWATCH_PX, high), (x, high), (x, low)]]
            hatch += hatching([box], (0.0, 0.0, sheet.width, sheet.height), STEP_PX)
        ink = sheet.colour("muted" if fill == "-" else "ink")
        words.append(Label(text, x + lead, y, sheet.small, ink))
        x += wide + AIR_PX
    look = {"fill": each("fill"), "stroke": sheet.colour("grey"), "strokeWidth": 0.4, "opacity": 1}
    mark = {"type": "point", "shape": "square", "size": SWATCH_PX**2, **look}
    swatches = {"name": "legend", **layer(marks, mark, x=pixels("x"), y=pixels("y"))}
    hatched = [_hatch("legend-hatch", hatch, sheet.colour("grey"))] if hatch else []
    return [swatches, *hatched, *text_layers(words)], y + sheet.line / 2 + 6


# ------------------------------------------------------------------ words

_Wanted = tuple[ChartValue, MapPlace, str, bool]


def _labels(wanted: Sequence[_Wanted], plane: MapPlane, room: Box, sheet: Canvas) -> tuple[list[Layer], list[Label]]:
    """Name and value in the place, or beside all places with a line to it; what finds no room is told of later."""
    labels: list[Label] = []
    outside: list[tuple[ChartValue, bool, Point]] = []
    for row, place, fill, hot in wanted:
        if (middle := middle_of(place.pieces, room)) is None:
            continue
        colour = sheet.colour("paper" if fill in DARK else "ink")
        choices = (Label(text, *middle, sheet.small, colour, "center", hot) for text in _folded(row))
        seen = (one for one in choices if _lies_in(one.box, room) and _holds(place.pieces, one.box))
        free = (one for one in seen if not _covers(one, labels))
        if label := next(free, None):
            labels.append(label)
        else:
            outside.append((row, hot, middle))
    pieces = [*(piece for one in plane.places.values() for piece in one.pieces), *plane.others]
    drawn = [(extent(rings[0]), rings) for rings in pieces]
    leaders: list[Layer] = []
    for row, hot, middle in sorted(outside, key=lambda one: not one[1]):  # what is highlighted chooses first
        found = (_beside(text, middle, drawn, labels, room, sheet, hot) for text in _folded(row)[:2])
        if label := next(filter(None, found), None):
            left, top, right, bottom = label.box
            to = min(max(middle[0], left), right), min(max(middle[1], top), bottom)
            leaders += [rule(*middle, *to, sheet.colour("paper"), 2.4), rule(*middle, *to, sheet.colour("ink"), 0.7)]
            labels.append(label)
    return leaders, labels


def _folded(row: ChartValue) -> tuple[str, ...]:
    """Name and value on one line or on more."""
    name = row.label or ""
    return f"{name} {row.text}", f"{name}\n{row.text}", f"{name}\n{row.text}".replace(" ", "\n")


def _covers(label: Label, others: Sequence[Label]) -> bool:
    return any(touch(label.box, other.box) for other in others)


def _lies_in(box: Box, room: Box) -> bool:
    return box[0] >= room[0] and box[1] >= room[1] and box[2] <= room[2] and box[3] <= room[3]


def _holds(pieces: Polygons, box: Box) -> bool:
    return all(inside(*spot, pieces) for spot in _spots(box, 4))


def _spots(box: Box, steps: int) -> Iterator[Point]:
    """Points all over a box."""
    left, top, right, bottom = box
    for k in range(steps + 1):
        yield from ((left + (right - left) * k / steps, top + (bottom - top) * n / 3) for n in range(4))


def _lies_on(pieces: Sequence[tuple[Box, Polygon]], box: Box) -> bool:
    """Whether any of the box lies on one of the pieces, of which each comes with its extent."""
    near = [rings for reach, rings in pieces if touch(reach, box)]
    return any(inside(*spot, near) for spot in _spots(box, 12))


def _beside(
    text: str,
    middle: Point,
    drawn: Sequence[tuple[Box, Polygon]],
    labels: Sequence[Label],
    room: Box,
    sheet: Canvas,
    hot: bool,
) -> Label | None:
    """The nearest words to a point that cover no land and no other words."""
    for far in range(14, int(max(room[2] - room[0], room[3] - room[1])), 9):
        for turn in range(20):
            across, down = math.cos(math.tau * turn / 20), math.sin(math.tau * turn / 20)
            align: Literal["left", "right", "center"] = (
                "left" if across > 0.3 else "right" if across < -0.3 else "center"
            )
            at = middle[0] + far * across, middle[1] + far * down
            label = Label(text, *at, sheet.small, sheet.colour("ink"), align, hot)
            left, top, right, bottom = label.box
            if not _lies_in(label.box, room) or _covers(label, labels):
                continue
            if not _lies_on(drawn, (left - 3, top - 3, right + 3, bottom + 3)):
                return label
    return None
