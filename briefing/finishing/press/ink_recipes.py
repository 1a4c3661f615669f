"""A colour becomes a recipe of four inks.

Colours of the theme have a designed recipe. Greys are printed in black alone, on the ramp that the theme's own greys
give. Any other colour goes through the profile of the printing condition, within the limit of ink.
"""

from __future__ import annotations

import functools
import io
from bisect import bisect_left
from typing import TYPE_CHECKING

from briefing.design.brand.colour import linear
from briefing.finishing.context import PrintingCondition, Recipe

if TYPE_CHECKING:
    from PIL import Image, ImageCms

Rgb = tuple[float, float, float]  # sRGB, 0 to 1

READABLE = 0.1833  # luminance against which white has a contrast of 4.5:1 (WCAG 2.2, 1.4.3)
PALE = 0.4  # luminance from which letters can only be meant for a dark ground: 2.3:1 on paper
FULL = 255


class Inks:
    """The inks of one printing condition."""

    def __init__(self, press: PrintingCondition) -> None:
        self.limit = press.ink_limit
        self._profile = press.profile
        self._theme = {_bytes(_of_hex(colour)): recipe for colour, recipe in press.recipes.items()}
        self._ramp = _ramp(press)
        self._known: dict[Rgb, Recipe] = {}
        self._letters: dict[Rgb, Recipe] = {}

    def recipe(self, rgb: Rgb) -> Recipe:
        """The inks of a colour, in per cent."""
        if rgb not in self._known:
            self._known[rgb] = self._recipe(rgb)
        return self._known[rgb]

    def black_alone(self, rgb: Rgb) -> Recipe:
        """The tint of black that is as dark as a colour, for type too small to be printed in several inks.

        It is dark enough to be read on paper, unless the colour is so light that it stands on a dark ground.
        """
        if rgb not in self._letters:
            self._letters[rgb] = self._black_alone(rgb)
        return self._letters[rgb]

    def limited(self, recipe: Recipe) -> Recipe:
        """A recipe within the limit: black stays, the others give way in proportion."""
        *colours, black = recipe
        total = sum(colours)
        if total + black <= self.limit:
            return recipe
        cyan, magenta, yellow = (ink * max(0.0, self.limit - black) / total for ink in colours)
        return (cyan, magenta, yellow, black)

    @functools.cached_property
    def transform(self) -> ImageCms.ImageCmsTransform:
        """From sRGB to the printing condition, relative to its paper and to its black."""
        from PIL import ImageCms

        return ImageCms.buildTransform(
            ImageCms.createProfile("sRGB"),
            ImageCms.getOpenProfile(io.BytesIO(self._profile)),
            "RGB",
            "CMYK",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )

    def converted(self, image: Image.Image) -> Image.Image:
        """An RGB picture through the profile; the limit is not looked at."""
        from PIL import ImageCms

        found = ImageCms.applyTransform(image, self.transform)
        assert found is not None  # it is not changed in place
        return found

    def _recipe(self, rgb: Rgb) -> Recipe:
        red, green, blue = pixel = _bytes(rgb)
        if pixel in self._theme:
            return self._theme[pixel]
        if red == green == blue:
            return (0.0, 0.0, 0.0, self._black(luminance(rgb)))
        from PIL import Image

        inks = self.converted(Image.new("RGB", (1, 1), pixel)).getpixel((0, 0))
        assert isinstance(inks, tuple)
        cyan, magenta, yellow, black = (round(ink * 100 / FULL, 1) for ink in inks)
        return self.limited((cyan, magenta, yellow, black))

    def _black_alone(self, rgb: Rgb) -> Recipe:
        found = self.recipe(rgb)
        if is_black_alone(found):
            return found
        light = luminance(rgb)
        return (0.0, 0.0, 0.0, self._black(light if light > PALE else min(light, READABLE)))

    def _black(self, light: float) -> float:
        """Per cent of black for a luminance, between the greys whose recipe is known."""
        wanted = _lightness(light)
        at = min(max(1, bisect_left(self._ramp, (wanted, -1.0))), len(self._ramp) - 1)
        (low, dark), (high, bright) = self._ramp[at - 1], self._ramp[at]
        return round(dark + (bright - dark) * (wanted - low) / (high - low), 1)


def is_black_alone(recipe: Recipe) -> bool:
    """Whether a recipe has no ink but black, or none at all."""
    return not any(recipe[:3])


def luminance(rgb: Rgb) -> float:
    """The relative luminance of a colour (WCAG 2.2)."""
    red, green, blue = map(linear, rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _lightness(light: float) -> float:
    """CIE 1976 lightness, 0 to 100: even steps look even."""
    return 116 * light ** (1 / 3) - 16 if light > 216 / 24389 else light * 24389 / 27


def _ramp(press: PrintingCondition) -> list[tuple[float, float]]:
    """Lightness and per cent of black, from dark to light, by the theme's recipes in black alone."""
    greys = {
        _lightness(luminance(_of_hex(name))): recipe[3] for name, recipe in press.recipes.items() if not any(recipe[:3])
    }
    ramp = [(0.0, 100.0)]
    for light, black in sorted({**greys, 100.0: 0.0}.items()):
        if light > ramp[-1][0] and black <= ramp[-1][1]:
            ramp.append((light, black))
    return ramp


def _of_hex(colour: str) -> Rgb:
    red, green, blue = (int(colour[at : at + 2], 16) / FULL for at in (1, 3, 5))
    return (red, green, blue)


def _bytes(rgb: Rgb) -> tuple[int, int, int]:
    red, green, blue = (round(min(1.0, max(0.0, part)) * FULL) for part in rgb)
    return (red, green, blue)
