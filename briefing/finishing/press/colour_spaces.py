"""What the numbers of a colour mean in the colour spaces that a PDF may use (ISO 32000-1, 8.6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pikepdf import Array, Name, Object

from briefing.finishing.context import Recipe
from briefing.finishing.press.ink_recipes import Rgb

GREY = "grey"
RGB = "rgb"
INKS = "inks"
LAB = "lab"
OTHER = "other"  # patterns, spot colours, tables: not for this module
_PLAIN = {
    "/DeviceGray": GREY,
    "/CalGray": GREY,
    "/G": GREY,
    "/DeviceRGB": RGB,
    "/CalRGB": RGB,
    "/RGB": RGB,
    "/DeviceCMYK": INKS,
    "/CMYK": INKS,
    "/Lab": LAB,
}
_OF_PROFILE = {1: GREY, 3: RGB, 4: INKS}
BLACK: dict[str, tuple[float, ...]] = {GREY: (0,), RGB: (0, 0, 0), INKS: (0, 0, 0, 1), LAB: (0, 0, 0)}


def kind(space: Any) -> str:
    """Which kind a colour space is of; a profile counts as the device that it describes."""
    if isinstance(space, Name):
        return _PLAIN.get(str(space), OTHER)
    if not isinstance(space, Array) or not len(space):
        return OTHER
    if str(space[0]) == "/ICCBased":
        return _OF_PROFILE.get(int(space[1].get("/N", 0)), OTHER)
    return _PLAIN.get(str(space[0]), OTHER)


def find_colour_space(name: str, resources: Object) -> Any:
    """A colour space by the name that a page calls it by."""
    own = resources.get("/ColorSpace")
    return own.get(name, Name(name)) if own is not None else Name(name)


def convert_to_srgb_or_inks(space: str, numbers: Sequence[float]) -> Rgb | Recipe:
    """A colour as sRGB, or as the inks that it names already, in per cent."""
    if space == GREY:
        return (numbers[0],) * 3
    if space == INKS:
        cyan, magenta, yellow, black = (100 * number for number in numbers)
        return (cyan, magenta, yellow, black)
    if space == LAB:
        return _of_lab(*numbers)
    red, green, blue = numbers
    return (red, green, blue)


def _of_lab(light: float, green_red: float, blue_yellow: float) -> Rgb:
    """sRGB of a Lab colour, white taken for white."""
    middle = (light + 16) / 116
    parts = (middle + green_red / 500, middle, middle - blue_yellow / 200)
    x, y, z = (
        white * (part**3 if part > 6 / 29 else 3 * (6 / 29) ** 2 * (part - 4 / 29))
        for white, part in zip((0.95047, 1, 1.08883), parts, strict=True)
    )
    return (
        _curved(3.2406 * x - 1.5372 * y - 0.4986 * z),
        _curved(-0.9689 * x + 1.8758 * y + 0.0415 * z),
        _curved(0.0557 * x - 0.2040 * y + 1.0570 * z),
    )


def _curved(part: float) -> float:
    part = min(1.0, max(0.0, part))
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
