"""Shades of grey, and areas of a drawing that touch in almost the same one: pixels come in, pairs of colours go out."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from briefing.design.brand.colour import linear

if TYPE_CHECKING:
    from PIL.Image import Image

PAPER = (255, 255, 255)
FLAT = 60  # pixels (1 mm² at 200 dpi) of one colour make an area
MANY = 24  # colours, the commonest ones: a photograph has any number
LINE = 2  # pixels to each side of its middle (0.6 mm in all): what is narrower is no area
REACH = 2 * LINE + 1  # pixels: what lies farther from a place has no part in whether areas touch there
BLEND = 24  # of 255: how far a pixel between two areas may be darker or lighter than both, and be no line
SIDE_BY_SIDE = 20  # pixels along which areas touch: over a millimetre
OTHER = 24  # of 255, in one of red, green and blue: what is seen as another colour where two areas touch

_Colour = tuple[int, int, int]


class SimilarAreas(NamedTuple):
    """Two areas of a picture that touch, of different colours and almost the same grey."""

    colours: tuple[str, str]
    contrast: float


def ratio(one: float, other: float) -> float:
    """The contrast of two greys from 0 to 255, from 1 to 21 (WCAG 2.2, contrast ratio)."""
    dark, light = sorted(linear(min(255.0, max(0.0, grey)) / 255) for grey in (one, other))
    return (light + 0.05) / (dark + 0.05)


def find_similar_areas(image: Image, contrast: float, paper: bool) -> Iterator[SimilarAreas]:
    """Areas in RGB that touch and have less contrast in grey; `paper` says whether white is an area, too."""
    found = image.getcolors(image.width * image.height) or []
    common = sorted(((count, colour) for count, colour in found if count >= FLAT), reverse=True)[:MANY]
    colours: list[_Colour] = [colour for _, colour in common if paper or colour != PAPER]  # type: ignore[misc]
    grey, same = image.convert("L"), functools.cache(lambda colour: _same(image, colour))
    for one, other in combinations(colours, 2):
        near = ratio(_grey_of(one), _grey_of(other))
        if near < contrast and max(abs(a - b) for a, b in zip(one, other, strict=True)) >= OTHER:
            low, high = sorted((_grey_of(one), _grey_of(other)))
            blends = [255 * (low - BLEND <= value <= high + BLEND) for value in range(256)]
            if _touch(same(one), same(other), grey, blends):
                yield SimilarAreas((_hex(one), _hex(other)), near)


def _same(image: Image, colour: _Colour) -> Image:
    """White where an image has a colour."""
    from PIL import ImageChops

    red, green, blue = image.point([255 * (value == part) for part in colour for value in range(256)]).split()
    return ImageChops.darker(ImageChops.darker(red, green), blue)


def _area(same: Image) -> Image:
    """What is left of a colour without lines."""
    from PIL import ImageChops

    return _spread(_spread(same, ImageChops.darker, LINE), ImageChops.lighter, LINE)


def _spread(mask: Image, pick: Callable[[Image, Image], Image], by: int) -> Image:
    """Let white grow by so many pixels to all sides (`lighter`), or shrink (`darker`)."""
    from PIL import ImageChops

    for _ in range(by):
        for x, y in ((1, 0), (0, 1)):
            mask = pick(mask, pick(ImageChops.offset(mask, x, y), ImageChops.offset(mask, -x, -y)))
    return mask


def _touch(one: Image, other: Image, grey: Image, blends: list[int]) -> bool:
    """Whether areas of two colours lie side by side with nothing between them but a pixel that is a blend of both."""
    from PIL import ImageChops

    here, there, (wide, tall) = one.getbbox(), other.getbbox(), one.size
    if not here or not there:
        return False
    # Only where both are can they meet.
    left, top = (max(1, here[side], there[side]) - 1 for side in (0, 1))
    right, bottom = (min(size, min(here[side], there[side]) + 1) for side, size in ((2, wide), (3, tall)))
    if left >= right or top >= bottom:
        return False
    room = (left, top, right, bottom)
    around = (left - REACH, top - REACH, right + REACH, bottom + REACH)  # black beyond the image
    areas = (_area(same.crop(around)) for same in (one, other))
    meeting = ImageChops.darker(*(_spread(area, ImageChops.lighter, 1) for area in areas))
    inside = meeting.crop((REACH, REACH, meeting.width - REACH, meeting.height - REACH))
    return ImageChops.darker(inside, grey.crop(room).point(blends)).histogram()[255] >= SIDE_BY_SIDE


def _grey_of(colour: _Colour) -> float:
    """As pdfium and Pillow make grey of a colour (ITU-R BT.601)."""
    red, green, blue = colour
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _hex(colour: _Colour) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)
