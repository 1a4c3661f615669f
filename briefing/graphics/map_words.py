"""Words, marks and arrows of a map, placed by hand in the content: a map block and a view become labels and layers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from briefing.content.pictures.map_blocks import MapArrow, MapBlock
from briefing.design.tokens import Tokens
from briefing.findings import Finding, Refused, error
from briefing.graphics.charts.labels import Label, touch, wrap_text
from briefing.graphics.charts.layers import Layer, each, layer, pixels, rule
from briefing.graphics.drawing import Frame
from briefing.graphics.map_window import MapView, Point, Polygons, lies_in

MARK_AREA_PX = 62.0
NEAR_PX = 14.0  # a mark that is no farther from its words needs no line to them
WIDE_PX = 400.0  # of a map that stands in the text: its names are larger
HEAD_PX, SHAFT_PX, CASING_PX = 13.0, 3.0, 1.6  # of an arrow
BEND = 0.12  # of the length of an arrow that bends through no point


@dataclass(frozen=True)
class MapTypes:
    """The sizes and colours of a map's words."""

    tokens: Tokens
    names: float
    marks: float
    mark: str  # the colour of marks

    @classmethod
    def of(cls, tokens: Tokens, frame: Frame, block: MapBlock) -> MapTypes:
        """Larger where the map is wide; marks are of the accent, or of the ink where tints have their own."""
        mark = tokens.colour["ink" if block.tints else "accent"]
        if frame.width_px >= WIDE_PX and not tokens.one_column:
            return cls(tokens, tokens.px("small"), tokens.px("body"), mark)
        return cls(tokens, tokens.px("note"), tokens.px("small"), mark)

    def colour(self, name: str) -> str:
        """A colour of the page."""
        return self.tokens.colour[name]


def set_words(block: MapBlock, view: MapView, types: MapTypes, grounds: Sequence[tuple[Polygons, bool]]) -> list[Label]:
    """Names and the labels of marks, in that order; raises Refused for one that lies half on a dark tint.

    `grounds` are the pieces of tints, and whether these are dark, each above those before it.
    """
    labels = [*_names(block, view, types), *_mark_labels(block, view, types)]
    return _on_grounds(labels, view, grounds, types.colour("paper"))


def _names(block: MapBlock, view: MapView, types: MapTypes) -> Iterator[Label]:
    for name in block.names:
        if (name.to_lon is None) != (name.to_lat is None):
            hint = "Write both to_lon and to_lat, or neither."
            raise Refused([error("map-leader-half", f'the line from "{name.text}" has half an end', hint=hint)])
        x, y = view.at(float(name.lon), float(name.lat))
        sea = name.kind == "sea"
        # A sea's name stands in lines of a fifth of the map, so that it covers the sea and not the coasts.
        text = wrap_text(name.text, view.frame.width_px / 5, types.names) if sea else name.text
        yield Label(text, x, y, types.names, types.colour("muted" if sea else "ink"), name.align, italic=sea)


def _mark_labels(block: MapBlock, view: MapView, types: MapTypes) -> Iterator[Label]:
    for mark in block.marks:
        x, y = view.at(float(mark.label_lon), float(mark.label_lat))
        yield Label(mark.text, x, y, types.marks, types.mark, mark.align, bold=True)


def _on_grounds(
    labels: Sequence[Label], view: MapView, grounds: Sequence[tuple[Polygons, bool]], paper: str
) -> list[Label]:
    """Words that lie on a dark tint have the colour of paper."""
    faults: list[Finding] = []
    placed = []
    for label in labels:
        left, top, right, bottom = label.box
        spots = itertools.product((left, (left + right) / 2, right), (top + 1, (top + bottom) / 2, bottom - 1))
        on = [_is_dark(*view.place(x, y), grounds) for x, y in spots]
        if any(on) and not all(on):
            hint = "Move it wholly into the country or out of it; a line leads to it from to_lon and to_lat."
            faults.append(error("map-name-split", f'"{label.text}" lies half on a dark tint', hint=hint))
        placed.append(replace(label, colour=paper) if all(on) else label)
    if faults:
        raise Refused(faults)
    return placed


def _is_dark(lon: float, lat: float, grounds: Sequence[tuple[Polygons, bool]]) -> bool:
    return next((dark for pieces, dark in reversed(grounds) if lies_in(lon, lat, pieces)), False)


def leaders_of(block: MapBlock, labels: Sequence[Label], view: MapView, types: MapTypes) -> Iterator[Layer]:
    """A thin line from a name that stands off to the country that it names."""
    for name, label in zip(block.names, labels, strict=False):
        if name.to_lon is not None and name.to_lat is not None:
            x, y = view.at(float(name.to_lon), float(name.to_lat))
            yield from _leader((x, y), label, types.colour("muted"), 0.6, types if block.tints else None)


def marks_of(block: MapBlock, labels: Sequence[Label], view: MapView, types: MapTypes) -> Iterator[Layer]:
    """Each marked place: a leader to its label where that stands off, a ring of paper, a dot."""
    for number, (mark, label) in enumerate(zip(block.marks, labels[len(block.names) :], strict=True)):
        x, y = view.at(float(mark.lon), float(mark.lat))
        if math.dist((x, y), _nearest((x, y), label)) > NEAR_PX:
            yield from _leader((x, y), label, types.mark, 1, types if block.tints else None)
        dot = {"x": round(x, 2), "y": round(y, 2), "text": mark.text}
        look = {"fill": types.mark, "stroke": types.colour("paper"), "strokeWidth": 1.5, "opacity": 1}
        shape = {"type": "point", "shape": "circle", "size": MARK_AREA_PX, **look}
        yield {"name": f"mark-{2 * number}", **layer([dot], shape, x=pixels("x"), y=pixels("y"))}


def _leader(start: Point, label: Label, colour: str, width: float, cased: MapTypes | None) -> Iterator[Layer]:
    """A line from a point to the nearest of a label, on paper where tints are dark."""
    to = _nearest(start, label)
    if cased:
        yield rule(*start, *to, cased.colour("paper"), width + 1.8)
    yield rule(*start, *to, colour, width)


def _nearest(start: Point, label: Label) -> Point:
    """The point of a label's room that is nearest to another."""
    left, top, right, bottom = label.box
    return min(max(start[0], left), right), min(max(start[1], top), bottom)


def check_room(labels: Iterable[Label], view: MapView) -> None:
    """Refuse names that run out of the map or into each other: nothing printed may be lost."""
    faults = []
    placed: list[Label] = []
    for label in labels:
        left, top, right, bottom = label.box
        if left < 0 or top < view.head or right > view.frame.width_px or bottom > view.frame.height_px:
            faults.append(
                error("map-name-outside", f'"{label.text}" runs out of the map', hint="Move it, or widen the bounds.")
            )
        hint = "Move one of them: by lon, lat or align a name, by label_lon or label_lat a mark."
        clashes = (f'"{other.text}" and "{label.text}"' for other in placed if touch(label.box, other.box))
        faults += [error("map-names-touch", f"{both} stand on each other on the map", hint=hint) for both in clashes]
        placed.append(label)
    if faults:
        raise Refused(faults)


# ------------------------------------------------------------------ arrows


def arrows_of(block: MapBlock, view: MapView, types: MapTypes) -> Iterator[Layer]:
    """Broad arrows on a casing of paper: they tell a direction and trace no route."""
    for number, arrow in enumerate(block.arrows):
        path = arrow_path(arrow, view)
        shaft, angle = _shaft(path)
        tip = [{"x": round(path[-1][0], 2), "y": round(path[-1][1], 2), "angle": round(angle, 1)}]
        ways = ((types.colour("paper"), CASING_PX), (types.colour("ink"), 0.0))
        for name, (colour, more) in zip(("casing", "arrow"), ways, strict=True):
            look = {"stroke": colour, "strokeWidth": SHAFT_PX + 2 * more, "strokeCap": "butt", "strokeJoin": "round"}
            order = {"field": "n", "type": "quantitative"}
            line = layer(shaft, {"type": "line", **look}, x=pixels("x"), y=pixels("y"), order=order)
            head = {"fill": colour, "stroke": colour, "strokeWidth": 2 * more, "opacity": 1, "angle": each("angle")}
            mark = {"type": "point", "shape": "M0,0L-1,-0.55L-0.8,0L-1,0.55Z", "size": (2 * HEAD_PX) ** 2, **head}
            yield {"name": f"{name}-{number}", **line}
            yield {"name": f"{name}-head-{number}", **layer(tip, mark, x=pixels("x"), y=pixels("y"))}


def arrow_path(arrow: MapArrow, view: MapView) -> list[Point]:
    """The pixels of an arrow from its start to its tip: a smooth curve through all its points."""
    start, end = view.at(float(arrow.lon), float(arrow.lat)), view.at(float(arrow.to_lon), float(arrow.to_lat))
    middle = [view.at(float(one.lon), float(one.lat)) for one in arrow.via]
    if not middle:
        dx, dy = end[0] - start[0], end[1] - start[1]
        middle = [((start[0] + end[0]) / 2 + BEND * dy, (start[1] + end[1]) / 2 - BEND * dx)]
    stops = [start, *middle, end]
    around = [stops[0], *stops, stops[-1]]
    path = [start]
    for a, b, c, d in zip(around, around[1:], around[2:], around[3:], strict=False):
        for t in (k / 16 for k in range(1, 17)):
            path.append((_between(a[0], b[0], c[0], d[0], t), _between(a[1], b[1], c[1], d[1], t)))
    return path


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    """Catmull and Rom's curve through b and c."""
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def _shaft(path: Sequence[Point]) -> tuple[list[dict[str, float]], float]:
    """The line of an arrow as far as its head, and the way in which that points, in degrees."""
    tip = path[-1]
    kept = [point for point in path if math.dist(point, tip) > HEAD_PX * 0.75] or [path[0]]
    angle = math.atan2(tip[1] - kept[-1][1], tip[0] - kept[-1][0])
    neck = tip[0] - math.cos(angle) * HEAD_PX * 0.75, tip[1] - math.sin(angle) * HEAD_PX * 0.75
    return [{"x": round(x, 2), "y": round(y, 2), "n": n} for n, (x, y) in enumerate([*kept, neck])], math.degrees(angle)
