"""The ground of a map with relief: land in its tints under the shading of its hills, as pixels of the page's colours.

The shading is a grey picture of the globe in equal steps of latitude and longitude (`templates/map`): flat land is of a
middle grey, slopes to the north-west are lighter. It is laid on Mercator's map strip by strip.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from briefing import files
from briefing.design.brand.colour import hexed, rgb
from briefing.findings import Refused, error
from briefing.graphics.map_window import MapView, Polygons

if TYPE_CHECKING:
    from PIL.Image import Image

SHADING = "relief-americas.jpg"
WEST, SOUTH, EAST, NORTH = -118.0, -6.0, -59.0, 34.0  # what the shading covers, in degrees
PPD = 30.0  # its pixels for a degree
SLACK = 0.05  # degrees beyond it that repeat its edge: bounds are rounded, and so are pixels
MOST = 5_000_000  # bytes of the shading
STRIP = 8  # rows of pixels that are laid at once: within them, Mercator's steps are even
FINER = 2  # times as fine as the page are the edges of land first
DARKER, LIGHTER = 0.45, 0.6  # how far slopes go to ink and to paper


@dataclass(frozen=True)
class Ground:
    """Land of one colour."""

    fill: str
    pieces: Polygons
    dark: bool = False  # whether words on it are of the colour of paper


def relief_ground(grounds: Sequence[Ground], sea: str, ink: str, view: MapView, ppi: float, templates: Path) -> bytes:
    """The ground as a JPEG of so many pixels to an inch of the frame; raises Refused where shading does not reach."""
    from PIL import Image

    wide, tall = (max(1, round(px * ppi / 96)) for px in (view.frame.width_px, view.frame.height_px - view.head))
    shading = _laid(view, (wide, tall), templates / "map" / SHADING)
    picture = Image.new("RGB", (wide, tall), sea)
    for one in grounds:
        mask = _mask(one.pieces, view, (wide, tall))
        if box := mask.getbbox():
            picture.paste(_shaded(shading.crop(box), one, ink), box, mask.crop(box))
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=88, subsampling=0, dpi=(round(ppi), round(ppi)))
    return kept.getvalue()


def _laid(view: MapView, size: tuple[int, int], file: Path) -> Image:
    """The shading of the frame, in Mercator's projection."""
    from PIL import Image

    wide, tall = size
    west, north = view.place(0, view.head)
    east, south = view.place(view.frame.width_px, view.frame.height_px)
    if west < WEST - SLACK or east > EAST + SLACK or south < SOUTH - SLACK or north > NORTH + SLACK:
        hint = f"keep the bounds within {WEST:g} to {EAST:g} east and {SOUTH:g} to {NORTH:g} north, or leave relief out"
        raise Refused([error("map-relief", "the map goes beyond the relief that comes with the program", hint=hint)])
    with Image.open(io.BytesIO(files.read(file, MOST))) as whole:
        left, right = (min(max(lon - WEST, 0.0), EAST - WEST) * PPD for lon in (west, east))
        step = (view.frame.height_px - view.head) / tall
        mesh = []
        for top in range(0, tall, STRIP):
            foot = min(top + STRIP, tall)
            above, below = (_down(view.place(0, view.head + y * step)[1]) for y in (top, foot))
            mesh.append(((0, top, wide, foot), (left, above, left, below, right, below, right, above)))
        return whole.convert("L").transform(size, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC)


def _down(lat: float) -> float:
    return min(max(NORTH - lat, 0.0), NORTH - SOUTH) * PPD


def _mask(pieces: Polygons, view: MapView, size: tuple[int, int]) -> Image:
    """Where a ground lies, with soft edges."""
    from PIL import Image, ImageDraw

    wide, tall = size[0] * FINER, size[1] * FINER
    across, down = wide / view.frame.width_px, tall / (view.frame.height_px - view.head)
    mask = Image.new("L", (wide, tall))
    pen = ImageDraw.Draw(mask)
    for rings in pieces:
        for number, ring in enumerate(rings):
            points = [view.at(lon, lat) for lon, lat in ring]
            pen.polygon([(x * across, (y - view.head) * down) for x, y in points], fill=0 if number else 255)
    return mask.reduce(FINER)


def _shaded(shading: Image, one: Ground, ink: str) -> Image:
    """The shading in one colour: to ink where slopes lie in shadow, to paper where they are lit."""
    from PIL import ImageOps

    dark = _between(one.fill, ink, DARKER)
    light = _between(one.fill, "#ffffff", LIGHTER / 2 if one.dark else LIGHTER)
    return ImageOps.colorize(shading, black=dark, white=light, mid=one.fill, midpoint=128)


def _between(one: str, other: str, share: float) -> str:
    return hexed(*(a + (b - a) * share for a, b in zip(rgb(one), rgb(other), strict=True)))
