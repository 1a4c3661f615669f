"""The graphics state of a content stream while its operators are read (ISO 32000-1, 8.4 and 9.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from briefing.pdf import colours
from briefing.pdf.colours import Colour, Space, first, space_of
from briefing.pdf.content_stream import Operand
from briefing.pdf.geometry import UNIT, Box, Matrix, matrix, times
from briefing.pdf.safe_open import elements, entry, identity, items, number, whole, words

MAX_SAVED = 1_000  # graphics states that wait


@dataclass
class GraphicsState:
    """The graphics state, as far as anyone asks for it."""

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
    mode: int = 0  # of overprinting

    def copy(self) -> GraphicsState:
        """The same, to be changed by itself."""
        made: GraphicsState = object.__new__(GraphicsState)
        made.__dict__.update(self.__dict__)
        return made


Act = Callable[[Any, list[Any]], None]  # what a reader does for an operator with its operands
SKIPPED = (IndexError, TypeError, ValueError, OverflowError)  # operands are missing or wrong: readers skip the operator


class StateReader:
    """It follows the graphics state of one stream, operator by operator."""

    def __init__(self, resources: Any, state: GraphicsState) -> None:
        self.resources, self.state = resources, state
        self._saved: list[GraphicsState] = []
        self._spaces: dict[str, Space | None] = {}
        self._found: dict[tuple[str, str], Any] = {}

    def read(self, name: str, operands: list[Any]) -> None:
        """Follow one operator."""
        if (act := self.ACTS.get(name)) is not None:
            try:
                act(self, operands)
            except SKIPPED:
                return

    def missing(self, what: str) -> None:
        """Called for what the content names and its resources lack."""

    def leave_out(self, why: str) -> None:
        """Called where something is not examined."""

    def resource(self, kind: str, name: Operand) -> Any:
        """What the resources give for a name; what they lack is told once."""
        if not isinstance(name, str):
            return None
        key = kind, name
        if key not in self._found:
            self._found[key] = found = entry(entry(self.resources, kind), name)
            if found is None:
                self.missing(f"{kind[1:]} {name[1:]}")
        return self._found[key]

    def space(self, value: Any) -> Space | None:
        """A colour space as these resources mean it."""
        return space_of(value, self.resources)

    # ------------------------------------------------------------ general

    def _save(self, _: list[Any]) -> None:
        if len(self._saved) < MAX_SAVED:
            self._saved.append(self.state.copy())
        else:
            self.leave_out("graphics states are nested too deeply")

    def _restore(self, _: list[Any]) -> None:
        if self._saved:
            self.state = self._saved.pop()

    def _transform(self, values: list[Any]) -> None:
        self.state.ctm = times(matrix(values), self.state.ctm)

    def _width(self, values: list[Any]) -> None:
        self.state.width = abs(float(values[-1]))

    def _settings(self, values: list[Any]) -> None:
        settings, state = self.resource("/ExtGState", values[-1]), self.state
        for key, value in items(settings):
            if key == "/CA":
                state.stroke_alpha = number(value, 1.0)
            elif key == "/ca":
                state.fill_alpha = number(value, 1.0)
            elif key == "/BM":
                named = elements(value, 1)
                state.blend = words(named[0] if named else value) or "Normal"
            elif key == "/SMask":
                state.masked = words(value) != "None"
            elif key == "/OP":
                state.stroke_over = value is True
                if entry(settings, "/op") is None:
                    state.fill_over = value is True
            elif key == "/op":
                state.fill_over = value is True
            elif key == "/OPM":
                state.mode = whole(value)
            elif key == "/LW":
                state.width = abs(number(value, 1.0))
            elif key == "/Font":
                parts = elements(value, 2)
                if len(parts) == 2:
                    self._take_font(parts[0], "")
                    state.size = number(parts[1])

    # ------------------------------------------------------------ colours

    def _set(self, values: list[Any], device: Space, stroke: bool) -> None:
        family = device.family
        if family not in self._spaces:
            self._spaces[family] = self.space("/" + family)
        self._take(self._spaces[family] or device, values[-device.parts :], stroke)

    def _space(self, values: list[Any], stroke: bool) -> None:
        name = values[-1]
        if name not in self._spaces:
            self._spaces[name] = self.space(name)
            if self._spaces[name] is None:
                self.missing(f"ColorSpace {name[1:]}")
        colour = first(self._spaces[name] or colours.UNKNOWN)
        self._take(colour.space, list(colour.values), stroke)

    def _colour(self, values: list[Any], stroke: bool) -> None:
        space = (self.state.stroke if stroke else self.state.fill).space
        if values and isinstance(values[-1], str):
            self._take(space, values[:-1], stroke, self.resource("/Pattern", values[-1]))
        else:
            self._take(space, values, stroke)

    def _take(self, space: Space, values: list[Any], stroke: bool, pattern: Any = None) -> None:
        colour = Colour(space, tuple(round(float(value), 4) for value in values))
        if stroke:
            self.state.stroke, self.state.stroke_pattern = colour, pattern
        else:
            self.state.fill, self.state.fill_pattern = colour, pattern

    # ------------------------------------------------------------ text

    def _font(self, values: list[Any]) -> None:
        name, size = values[-2:]
        self._take_font(self.resource("/Font", name), name)
        self.state.size = float(size)

    def _take_font(self, font: Any, name: str) -> None:
        """Take a font in hand; one without a number of its own is known by its name."""
        state, own = self.state, identity(font)
        state.font, state.font_key = font, (*own, "" if own != (0, 0) else name)
        state.font_kind = words(entry(font, "/Subtype"))

    def _rendering(self, values: list[Any]) -> None:
        self.state.rendering = int(values[-1])

    def _leading(self, values: list[Any]) -> None:
        self.state.leading = float(values[-1])

    ACTS: ClassVar[dict[str, Act]] = {
        "q": _save, "Q": _restore, "cm": _transform, "w": _width, "gs": _settings,
        "g": lambda on, v: on._set(v, colours.GREY, False), "G": lambda on, v: on._set(v, colours.GREY, True),
        "rg": lambda on, v: on._set(v, colours.RGB, False), "RG": lambda on, v: on._set(v, colours.RGB, True),
        "k": lambda on, v: on._set(v, colours.CMYK, False), "K": lambda on, v: on._set(v, colours.CMYK, True),
        "cs": lambda on, v: on._space(v, False), "CS": lambda on, v: on._space(v, True),
        "sc": lambda on, v: on._colour(v, False), "SC": lambda on, v: on._colour(v, True),
        "scn": lambda on, v: on._colour(v, False), "SCN": lambda on, v: on._colour(v, True),
        "Tf": _font, "Tr": _rendering, "TL": _leading,
    }  # fmt: skip
