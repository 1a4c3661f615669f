"""The legend of a map: what its tints mean, in a corner where it covers as little as can be."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from briefing.content.pictures.map_blocks import LegendPlace, MapBlock
from briefing.design.paper import PX_PER_MM
from briefing.design.tokens import Tokens
from briefing.findings import Refused, error
from briefing.graphics.charts.labels import Box, Label, text_width, touch, wrap_text
from briefing.graphics.charts.layers import Layer, each, layer, pixels
from briefing.graphics.map_window import MapView, Polygons, lies_in
from briefing.graphics.map_words import MapTypes, arrow_path

CORNERS: tuple[LegendPlace, ...] = ("bottom-left", "bottom-right", "top-right", "top-left")
SWATCH_PX, AIR_PX = 9.0, 5.0
LINE = 1.3  # of the size of its words
STRIP_AIR = 0.4  # of the same, below a legend above the map


@dataclass(frozen=True)
class LegendEntry:
    """A tint and what it means."""

    label: str
    fill: str


def strip_points(block: MapBlock, tokens: Tokens) -> float:
    """How high a legend above the map is, in points; nothing where it stands in a corner, or there is none.

    It stands where the key of a chart does, unless a corner is asked for, or the map goes across the sheet.
    """
    above = tokens.one_column or block.legend == "above" or not (block.legend or block.place.is_band)
    return (len(block.tints) * LINE + STRIP_AIR) * tokens.size["note"] if block.tints and above else 0.0


def legend_above(entries: Sequence[LegendEntry], view: MapView, types: MapTypes) -> tuple[list[Layer], list[Label]]:
    """Swatches and their words below each other above the map; raises Refused where it is too narrow for them."""
    size = types.tokens.px("note")
    for one in entries:
        if SWATCH_PX + 6 + text_width(one.label, size) > view.frame.width_px:
            raise Refused([error("map-name-outside", f'"{one.label}" runs out of the map', hint="Shorten it.")])
    return _set(entries, [one.label for one in entries], (0.5, 0.0), size, types)


def legend_in_corner(
    entries: Sequence[LegendEntry],
    block: MapBlock,
    words: Sequence[Label],
    tinted: Polygons,
    view: MapView,
    types: MapTypes,
    kept: Sequence[Box] = (),
) -> tuple[list[Layer], list[Label]]:
    """Swatches on paper, and their words; raises Refused where they cover a name in every corner."""
    size, room = types.names, view.frame.width_px * 0.42
    texts = [wrap_text(one.label, room, size) for one in entries]
    wide = SWATCH_PX + 6 + max(text_width(text, size) for text in texts) + 2 * AIR_PX
    tall = sum(text.count("\n") + 1 for text in texts) * size * LINE + 2 * AIR_PX
    inset = types.tokens.grid["margin_left"] * PX_PER_MM - AIR_PX if block.place.is_band else 0.0
    box = _corner(block, (wide, tall), [*(word.box for word in words), *kept], tinted, view, inset)
    ground = dict(zip(("x", "y", "x2", "y2"), (round(edge, 2) for edge in box), strict=True))
    ends = {"x": pixels("x"), "y": pixels("y"), "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    layers, labels = _set(entries, texts, (box[0] + AIR_PX, box[1] + AIR_PX), size, types)
    paper = {"type": "rect", "fill": types.colour("accent-light" if block.relief else "paper")}
    return [{"name": "legend-ground", **layer([ground], paper, **ends)}, *layers], labels


def _set(
    entries: Sequence[LegendEntry], texts: Sequence[str], at: tuple[float, float], size: float, types: MapTypes
) -> tuple[list[Layer], list[Label]]:
    marks, labels = [], []
    left, top = at
    for one, text in zip(entries, texts, strict=True):
        tall = (text.count("\n") + 1) * size * LINE
        middle = top + size * LINE / 2
        marks.append({"x": round(left + SWATCH_PX / 2, 2), "y": round(middle, 2), "fill": one.fill})
        labels.append(Label(text, left + SWATCH_PX + 6, top + tall / 2, size, types.colour("ink")))
        top += tall
    swatch = {"type": "point", "shape": "square", "size": SWATCH_PX**2, "fill": each("fill"), "opacity": 1}
    edge = {"stroke": types.colour("grey"), "strokeWidth": 0.4}
    return [{"name": "legend", **layer(marks, {**swatch, **edge}, x=pixels("x"), y=pixels("y"))}], labels


def _corner(
    block: MapBlock, size: tuple[float, float], boxes: Sequence[Box], tinted: Polygons, view: MapView, inset: float
) -> Box:
    """The corner that is asked for, or that which covers least of what is tinted; names and arrows stay clear."""
    marks = [view.at(float(mark.lon), float(mark.lat)) for mark in block.marks]
    tips = [point for arrow in block.arrows for point in arrow_path(arrow, view)]
    taken = [*boxes, *((x - 5, y - 5, x + 5, y + 5) for x, y in (*marks, *tips))]
    free = []
    for order, corner in enumerate([block.legend] if block.legend else CORNERS):
        left = inset if corner.endswith("left") else view.frame.width_px - size[0] - inset
        top = 0.0 if corner.startswith("top") else view.frame.height_px - size[1]
        box = (left, top, left + size[0], top + size[1])
        spots = itertools.product(
            *((low + (high - low) * k / 5 for k in range(6)) for low, high in (box[::2], box[1::2]))
        )
        covered = sum(lies_in(*view.place(x, y), tinted) for x, y in spots)
        if left >= 0 and top >= 0 and not any(touch(box, other) for other in taken):
            free.append((covered, order, box))
    if not free:
        hint = "Widen the bounds, or move the names out of one corner and name it under legend."
        raise Refused([error("map-names-touch", "the legend of the map covers its names", hint=hint)])
    return min(free)[2]
