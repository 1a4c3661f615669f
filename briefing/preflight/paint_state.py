"""What following a page's content needs and finds: a budget, the graphics state, and what has been painted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from briefing.pdf.geometry import UNIT, Box, Matrix
from briefing.preflight import colours
from briefing.preflight.colours import space_of
from briefing.preflight.facts import Colour, Effect, Image, Line, Model, Paint, Use, Zone


@dataclass(slots=True)
class Budget:
    """What may still be done for a file."""

    steps: int
    unread: dict[str, None] = field(default_factory=dict)  # why something was left out, each reason once


@dataclass(slots=True)
class Painted:
    """What a page paints, as it is being found."""

    paints: Counter[tuple[Use, Colour, Zone, bool, int, float, bool]] = field(default_factory=Counter)
    lines: Counter[tuple[float, Zone]] = field(default_factory=Counter)
    images: list[Image] = field(default_factory=list)
    fonts: dict[tuple[int, int, str], Any] = field(default_factory=dict)  # those that set words
    effects: Counter[tuple[str, str]] = field(default_factory=Counter)
    missing: dict[str, None] = field(default_factory=dict)
    untagged: int = 0

    def grouped(self, space: Any, resources: Any) -> None:
        """Note the colour space of a transparency group where its inks are not those of the press."""
        meant = space_of(space, resources)
        if meant is not None and meant.model is not Model.CMYK:
            self.effects["group", meant.model.value] += 1

    def told_paints(self) -> tuple[Paint, ...]:
        """Everything painted, in the order in which it was first."""
        return tuple(Paint(*key, count) for key, count in self.paints.items())

    def told_lines(self) -> tuple[Line, ...]:
        """Lines, the thinnest first."""
        return tuple(Line(*key, count) for key, count in sorted(self.lines.items()))

    def told_effects(self) -> tuple[Effect, ...]:
        """Transparency in a fixed order."""
        return tuple(Effect(kind, detail, count) for (kind, detail), count in sorted(self.effects.items()))


@dataclass
class State:
    """The graphics state, as far as it is judged (ISO 32000-1, 8.4)."""

    ctm: Matrix = UNIT
    clip: Box | None = None
    fill: Colour = colours.BLACK
    stroke: Colour = colours.BLACK
    fill_pattern: Any = None
    stroke_pattern: Any = None
    width: float = 1.0
    font: Any = None
    font_key: tuple[int, int, str] = (0, 0, "")
    font_kind: str = ""  # its subtype
    size: float = 0.0
    rendering: int = 0
    leading: float = 0.0
    fill_alpha: float = 1.0
    stroke_alpha: float = 1.0
    blend: str = "Normal"
    masked: bool = False
    fill_over: bool = False
    stroke_over: bool = False
    mode: int = 0

    def copy(self) -> State:
        """The same, to be changed by itself."""
        made: State = object.__new__(State)
        made.__dict__.update(self.__dict__)
        return made
