"""Colours measured: contrast, lightness, how colour-blind readers see them, and the inks that print them.

Colours are "#rrggbb" in sRGB. Contrast is that of WCAG 2.2 (1.4.3), lightness and distance are those of CIE 1976.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

Lab = tuple[float, float, float]
HEX = "#[0-9a-fA-F]{6}"
Inks = tuple[float, float, float, float]  # cyan, magenta, yellow and black, in per cent

# Machado, Oliveira and Fernandes (2009), severity 1: what readers without green or red cones see, in linear light.
_BLIND = {
    "deuteranopia": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "protanopia": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
}
KINDS_OF_BLINDNESS = tuple(_BLIND)
MOST_INK_OF_TYPE = 240.0  # per cent: more makes its edges unsharp
NEAR = 2.5  # of two colours: nearer than one press run is to the next
FAINT = 4.0  # per cent: a dot so small does not print


def is_colour(given: str) -> bool:
    """Whether it is written as all colours are here."""
    return re.fullmatch(HEX, given) is not None


def written_out(given: str) -> str:
    """With six digits where it has three: #09e is #0099ee."""
    return "#" + "".join(digit * 2 for digit in given[1:]) if re.fullmatch("#[0-9a-fA-F]{3}", given) else given


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def hexed(red: float, green: float, blue: float) -> str:
    """A colour of its three parts, 0 to 255."""
    return "#" + "".join(f"{max(0, min(255, round(part))):02x}" for part in (red, green, blue))


def contrast(one: str, other: str) -> float:
    """How many times brighter one is than the other, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def lightness(colour: str) -> float:
    """L*, 0 to 100: what a photocopier keeps of a colour."""
    return lab(colour)[0]


def distance(one: str, other: str) -> float:
    """How far apart two colours look: about 2 is just seen side by side."""
    return math.dist(lab(one), lab(other))


def mixed(colour: str, share: float) -> str:
    """A tint: so much of the colour, and white."""
    return hexed(*(part * share + 255 * (1 - share) for part in rgb(colour)))


def darker(colour: str) -> str:
    """The same hue, a step darker."""
    return hexed(*(math.floor(part * 0.97) for part in rgb(colour)))


def seen_without(colour: str, blindness: str) -> str:
    """A colour as readers with a kind of colour blindness see it."""
    light = [linear(part / 255) for part in rgb(colour)]
    found = (sum(weight * part for weight, part in zip(row, light, strict=True)) for row in _BLIND[blindness])
    return hexed(*(255 * _encoded(max(0.0, min(1.0, part))) for part in found))


def lab(colour: str) -> Lab:
    """L*, a* and b* (D65)."""
    red, green, blue = (linear(part / 255) for part in rgb(colour))
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _luminance(colour: str) -> float:
    red, green, blue = (linear(part / 255) for part in rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(part: float) -> float:
    """The light that a part of a colour, 0 to 1, stands for; of a grey, that is its relative luminance."""
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _encoded(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else float(1.055 * part ** (1 / 2.4) - 0.055)


# ------------------------------------------------------------------ inks


@dataclass(frozen=True)
class Recipe:
    """The inks of a colour, and how far what they print is from it."""

    inks: Inks
    off: float

    @property
    def total(self) -> float:
        """Of all inks, in per cent."""
        return sum(self.inks)


def recipe(colour: str, profile: Path) -> Recipe:
    """The inks that come nearest to a colour on the paper of a printing condition.

    What three colours have in common is printed in black, so that type has as few inks as may be; a neutral colour is
    black alone.
    """
    from PIL import Image

    there, _ = _transforms(str(profile))
    red, green, blue = rgb(colour)
    if max(red, green, blue) - min(red, green, blue) <= 6:
        return min((_printed((0.0, 0.0, 0.0, float(black)), colour, profile) for black in range(101)), key=_worth)
    given = there(Image.new("RGB", (1, 1), (red, green, blue))).getpixel((0, 0))
    cyan, magenta, yellow, black = (round(ink / 2.55) for ink in given)
    whole = _printed((cyan, magenta, yellow, black), colour, profile)
    if lightness(colour) > 60:  # a tint: its inks are light enough as they are
        return whole
    grey = min(cyan, magenta, yellow)
    tried = [whole]
    for share in (1.0, 0.75, 0.5, 0.25):
        fewer = (cyan - grey * share, magenta - grey * share, yellow - grey * share)
        tried.append(min((_printed((*fewer, float(k)), colour, profile) for k in range(black, 101, 2)), key=_worth))
        if tried[-1].off <= whole.off + NEAR and tried[-1].total <= MOST_INK_OF_TYPE:
            return tried[-1]
    return min((one for one in tried if one.total <= MOST_INK_OF_TYPE), key=_worth, default=whole)


def printed(inks: Inks, profile: Path) -> str:
    """How a recipe looks in print."""
    from PIL import Image

    back = _transforms(str(profile))[1]
    pixel = tuple(round(ink * 2.55) for ink in inks)
    return hexed(*back(Image.new("CMYK", (1, 1), pixel)).getpixel((0, 0)))


def _printed(inks: tuple[float, ...], colour: str, profile: Path) -> Recipe:
    cyan, magenta, yellow, black = (0.0 if ink < FAINT and lightness(colour) < 60 else float(ink) for ink in inks)
    found = (cyan, magenta, yellow, black)
    return Recipe(found, distance(colour, printed(found, profile)))


def _worth(found: Recipe) -> float:
    return found.off


@cache
def _transforms(profile: str):  # type: ignore[no-untyped-def]  # Pillow's own types say little here
    """From sRGB to the inks of a profile, and back."""
    from PIL import ImageCms

    screen, press = ImageCms.createProfile("sRGB"), ImageCms.getOpenProfile(profile)
    kind, exact = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.NOOPTIMIZE  # a table would only serve pictures
    there = ImageCms.buildTransform(screen, press, "RGB", "CMYK", kind, exact)
    back = ImageCms.buildTransform(press, screen, "CMYK", "RGB", kind, exact)
    return (
        lambda image: ImageCms.applyTransform(image, there),
        lambda image: ImageCms.applyTransform(image, back),
    )
