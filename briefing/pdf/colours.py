"""A colour space of a PDF becomes a record that says what kind of colour it describes (ISO 32000-1, 8.6).

A colour is a space with numbers, and tells what it puts on the four plates of a press.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple

from pikepdf import Array, Name

from briefing.pdf.safe_open import elements, entry, whole, words

MAX_DEPTH = 6  # spaces within spaces


class Model(StrEnum):
    """What kind of colour a colour space describes."""

    GREY = "grey"
    CMYK = "CMYK"
    RGB = "RGB"
    LAB = "Lab"
    SPOT = "spot colour"
    REGISTRATION = "registration"  # Separation /All: on every plate
    NOTHING = "nothing"  # Separation /None
    PATTERN = "pattern"  # what it paints with is told by its own colours
    UNKNOWN = "unknown"


class Space(NamedTuple):
    """A colour space."""

    family: str  # as a PDF names it, such as DeviceCMYK or ICCBased
    model: Model
    parts: int  # numbers that make a colour
    inks: tuple[str, ...] = ()  # of a Separation or DeviceN


class Colour(NamedTuple):
    """A colour space and the numbers of one colour in it, each 0 to 1."""

    space: Space
    values: tuple[float, ...] = ()

    @property
    def inks(self) -> tuple[float, float, float, float] | None:
        """Cyan, magenta, yellow and black; none where conversion would decide."""
        return inks(self.space, self.values)


PROCESS = ("Cyan", "Magenta", "Yellow", "Black")


def inks(space: Space, values: tuple[float, ...]) -> tuple[float, float, float, float] | None:
    """What a colour puts on the four plates; grey prints on the black plate only."""
    if len(values) < space.parts or space.parts < 1:
        return None
    if space.inks:
        if space.model is Model.REGISTRATION:
            return (values[0],) * 4
        if space.model is Model.CMYK:
            cyan, magenta, yellow, black = (
                sum(value for ink, value in zip(space.inks, values, strict=False) if ink == name) for name in PROCESS
            )
            return cyan, magenta, yellow, black
        return (0.0, 0.0, 0.0, 0.0) if space.model is Model.NOTHING else None
    if space.model is Model.GREY:
        return 0.0, 0.0, 0.0, 1 - values[0]
    return (values[0], values[1], values[2], values[3]) if space.model is Model.CMYK else None


GREY = Space("DeviceGray", Model.GREY, 1)
RGB = Space("DeviceRGB", Model.RGB, 3)
CMYK = Space("DeviceCMYK", Model.CMYK, 4)
PATTERN = Space("Pattern", Model.PATTERN, 0)
UNKNOWN = Space("unknown", Model.UNKNOWN, 0)
STENCIL = Space("stencil", Model.NOTHING, 0)
BLACK = Colour(GREY, (0.0,))

_PLAIN = {
    "DeviceGray": GREY, "G": GREY, "DeviceRGB": RGB, "RGB": RGB, "DeviceCMYK": CMYK, "CMYK": CMYK,
    "CalGray": Space("CalGray", Model.GREY, 1), "CalRGB": Space("CalRGB", Model.RGB, 3),
    "CalCMYK": CMYK, "Lab": Space("Lab", Model.LAB, 3), "Pattern": PATTERN,
}  # fmt: skip
_DEFAULTS = {"DeviceGray": "/DefaultGray", "DeviceRGB": "/DefaultRGB", "DeviceCMYK": "/DefaultCMYK"}
_ICC = {1: Model.GREY, 3: Model.RGB, 4: Model.CMYK}


def space_of(value: Any, resources: Any, depth: int = 0) -> Space | None:
    """The colour space that a name or an array stands for; none where the resources lack it."""
    if depth > MAX_DEPTH:
        return UNKNOWN
    if isinstance(value, (Name, str)):
        name = value[1:] if isinstance(value, str) else words(value)
        return _named(name, resources, depth)
    if not isinstance(value, Array):
        return None
    parts = elements(value, 8)
    family = words(parts[0]) if parts else ""
    if family in ("Separation", "DeviceN") and len(parts) > 1:
        return _inks(family, parts)
    if family == "ICCBased" and len(parts) > 1:
        count = whole(entry(parts[1], "/N"))
        return Space(family, _ICC.get(count, Model.UNKNOWN), count)
    if family in ("Indexed", "I") and len(parts) > 1:
        base = space_of(parts[1], resources, depth + 1)
        return Space("Indexed", base.model if base else Model.UNKNOWN, 0, base.inks if base else ())
    return _named(family, resources, depth) or UNKNOWN


def _named(name: str, resources: Any, depth: int) -> Space | None:
    spaces = entry(resources, "/ColorSpace")
    if name in _DEFAULTS:
        default = entry(spaces, _DEFAULTS[name]) if spaces is not None else None
        meant = space_of(default, None, depth + 1) if isinstance(default, Array) else None
        return meant or _PLAIN[name]
    listed = entry(spaces, "/" + name) if spaces is not None else None
    if listed is not None and not (isinstance(listed, Name) and words(listed) == name):
        return space_of(listed, resources, depth + 1) or UNKNOWN
    return _PLAIN.get(name)


def _inks(family: str, parts: list[Any]) -> Space:
    names = tuple(words(name) for name in elements(parts[1], 32)) or (words(parts[1]),)
    if names == ("All",):
        model = Model.REGISTRATION
    elif set(names) == {"None"}:
        model = Model.NOTHING
    else:
        model = Model.CMYK if set(names) <= {*PROCESS, "None"} else Model.SPOT
    return Space(family, model, len(names), names)


def first(space: Space) -> Colour:
    """The colour with which a space begins (ISO 32000-1, 8.6.8)."""
    if space.inks:
        return Colour(space, (1.0,) * space.parts)
    return Colour(space, (0.0, 0.0, 0.0, 1.0) if space.model is Model.CMYK else (0.0,) * space.parts)
