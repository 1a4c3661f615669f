"""One stream of drawing operators, read and written again with all of its colours as inks.

What is painted decides which inks a colour gets: small type is printed in black alone, larger type and areas by recipe.
Dark black type and rules overprint what lies under them, so that no white shows where the plates do not quite meet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pikepdf import ContentStreamInlineImage, ContentStreamInstruction, Name, Object, Operator
from pikepdf import unparse_content_stream as unparsed

from briefing.finishing.context import Recipe
from briefing.finishing.press import colour_spaces
from briefing.finishing.press.graphics_state import InkedState, Named, Paint, Path
from briefing.finishing.press.ink_recipes import Inks, Rgb, is_black_alone
from briefing.pdf.geometry import UNIT, Box, Matrix, along, times

SMALL_PT = 10.5  # type below it is printed in black alone
DARK = 80.0  # per cent of black from which it overprints: a lighter tint would be lost on a dark ground
THIN_PT = 2.0  # an area that is no thicker counts as a rule

Instruction = ContentStreamInstruction | ContentStreamInlineImage


class Resources(Protocol):
    """What a stream calls by name, converted on the way."""

    own: Object

    def form(self, name: Object, state: InkedState) -> Object:
        """Convert a form as it is painted here; its name, which is another where it is painted twice unlike."""

    def is_image(self, name: Object) -> bool:
        """Whether a name is that of an image with colours of its own."""

    def is_stencil(self, name: Object) -> bool:
        """Whether a name is that of an image that the current colour is painted through."""

    def inline(self, image: ContentStreamInlineImage) -> ContentStreamInstruction | None:
        """Make an image of its own of one that stands in the stream, if it has colours to be converted."""

    def overprint(self, strokes: bool, others: bool) -> Name:
        """A graphics state that turns overprint on or off."""

    def veils(self, name: Object, before: frozenset[str]) -> frozenset[str]:
        """What of a graphics state lets drawings be seen through."""


@dataclass(frozen=True)
class Painter:
    """How colours become inks; in a mask they become greys, since there they are no colours."""

    inks: Inks
    mask: bool = False

    def area(self, paint: Paint) -> Paint:
        """For areas, strokes and large type."""
        if isinstance(paint, Named) or len(paint) == 4:
            return paint if isinstance(paint, Named) or self.mask else self.inks.limited(paint)
        return paint if self.mask else self.inks.recipe(paint)

    def letters(self, paint: Paint) -> Paint:
        """For small type."""
        if self.mask or isinstance(paint, Named):
            return self.area(paint)
        return self.inks.black_alone(paint if len(paint) == 3 else _seen(paint))


def _seen(recipe: Recipe) -> Rgb:
    """About the colour of four inks."""
    cyan, magenta, yellow, black = (1 - ink / 100 for ink in recipe)
    return (cyan * black, magenta * black, yellow * black)


def overprints(paint: Paint) -> bool:
    """Whether it is dark black alone."""
    return not isinstance(paint, Named) and len(paint) == 4 and is_black_alone(paint) and paint[3] >= DARK


def _write(paint: Paint, stroke: bool, mask: bool) -> list[ContentStreamInstruction]:
    if isinstance(paint, Named):
        space, colour = ("CS", "SCN") if stroke else ("cs", "scn")
        return [_op(space, Name(paint.space)), _op(colour, *paint.operands)]
    if mask:
        red, green, blue = paint if len(paint) == 3 else _seen(paint)
        return [_op("G" if stroke else "g", _short(0.3 * red + 0.59 * green + 0.11 * blue))]  # ISO 32000-1, 11.3.7.2
    return [_op("K" if stroke else "k", *(_short(ink / 100) for ink in paint))]


def _short(number: float) -> float | int:
    """A number of no more places than a press can tell apart."""
    rounded = round(number, 4)
    return int(rounded) if rounded == int(rounded) else rounded


def _op(operator: str, *operands: Any) -> ContentStreamInstruction:
    return ContentStreamInstruction(operands, Operator(operator))


# ------------------------------------------------------------------ a stream

_SHOWS = {"Tj", "TJ", "'", '"'}
_FILLS = {"f", "F", "f*"}
_STROKES = {"S", "s"}
_BOTH = {"B", "B*", "b", "b*"}
_DEVICES = {"g": "/DeviceGray", "rg": "/DeviceRGB", "k": "/DeviceCMYK"}


class Reader:
    """Reads the instructions of one stream, and writes them with inks."""

    def __init__(self, painter: Painter, resources: Resources, state: InkedState) -> None:
        self._painter = painter
        self._resources = resources
        self._state = state
        self._outer: list[InkedState] = []
        self._out: list[Instruction] = []
        self._text: Matrix = UNIT
        self._path, self._start = Path(), -1  # and where it begins in what is written
        self._clips = False

    def written(self, instructions: Sequence[Instruction]) -> bytes:
        """The same drawing in inks."""
        for instruction in instructions:
            if isinstance(instruction, ContentStreamInlineImage):
                self._before_image()
                self._out.append(self._resources.inline(instruction) or instruction)
                continue
            act = _ACTS.get(str(instruction.operator))
            if act is None or act(self, instruction):
                self._out.append(instruction)
        return unparsed(self._out)

    # Each of these says whether the instruction is to be written.

    def _save(self, _: ContentStreamInstruction) -> bool:
        self._outer.append(self._state.copy())
        return True

    def _restore(self, _: ContentStreamInstruction) -> bool:
        if self._outer:
            self._state = self._outer.pop()
        return True

    def _transform(self, one: ContentStreamInstruction) -> bool:
        self._state.ctm = times(_numbers(one.operands), self._state.ctm)  # type: ignore[arg-type]
        return True

    def _graphics(self, one: ContentStreamInstruction) -> bool:
        self._state.veils = self._resources.veils(one.operands[0], self._state.veils)
        return True

    # ------------------------------------------------------------ colours

    def _space(self, one: ContentStreamInstruction) -> bool:
        stroke, name = str(one.operator) == "CS", str(one.operands[0])
        kind = colour_spaces.kind(colour_spaces.find_colour_space(name, self._resources.own))
        black = (
            colour_spaces.convert_to_srgb_or_inks(kind, colour_spaces.BLACK[kind])
            if kind in colour_spaces.BLACK
            else Named(name, (1,))
        )
        self._set(stroke, name, black)
        return False

    def _colour(self, one: ContentStreamInstruction) -> bool:
        operator = str(one.operator)
        stroke = operator[0].isupper()
        name = _DEVICES.get(operator.lower(), self._state.stroke_space if stroke else self._state.fill_space)
        kind = colour_spaces.kind(colour_spaces.find_colour_space(name, self._resources.own))
        operands = tuple(one.operands)
        paint = (
            Named(name, operands)
            if kind == colour_spaces.OTHER
            else colour_spaces.convert_to_srgb_or_inks(kind, _numbers(operands))
        )
        self._set(stroke, name, paint)
        return False

    def _set(self, stroke: bool, space: str, paint: Paint) -> None:
        if stroke:
            self._state.stroke_space, self._state.stroke = space, paint
        else:
            self._state.fill_space, self._state.fill = space, paint

    # ------------------------------------------------------------ text

    def _begin_text(self, _: ContentStreamInstruction) -> bool:
        self._text = UNIT
        return True

    def _place_text(self, one: ContentStreamInstruction) -> bool:
        self._text = _numbers(one.operands)  # type: ignore[assignment]
        return True

    def _font(self, one: ContentStreamInstruction) -> bool:
        self._state.size = float(one.operands[1])
        return True

    def _mode(self, one: ContentStreamInstruction) -> bool:
        self._state.mode = int(one.operands[0])
        return True

    def _show(self, _: ContentStreamInstruction) -> bool:
        state = self._state
        size = state.size * along(times(self._text, state.ctm))
        inked = self._painter.letters if size < SMALL_PT else self._painter.area
        fill = inked(state.fill) if state.mode in (0, 2, 4, 6) else None
        stroke = inked(state.stroke) if state.mode in (1, 2, 5, 6) else None
        self._ink(len(self._out), fill, stroke, fill is not None and overprints(fill))
        return True

    # ------------------------------------------------------------ paths and pictures

    def _move(self, one: ContentStreamInstruction) -> bool:
        if self._path.rough:  # a coast has thousands of points
            return True
        self._begin()
        x, y = one.operands
        self._path.to(self._state.ctm, float(x), float(y))
        return True

    def _curve(self, _: ContentStreamInstruction) -> bool:
        self._path.rough = True
        return True

    def _rectangle(self, one: ContentStreamInstruction) -> bool:
        self._begin()
        self._path.rectangle(self._state.ctm, _numbers(one.operands))
        return True

    def _begin(self) -> None:
        if self._start < 0:
            self._start = len(self._out)

    def _clip(self, _: ContentStreamInstruction) -> bool:
        self._clips = True
        return True

    def _paint(self, one: ContentStreamInstruction) -> bool:
        operator, state = str(one.operator), self._state
        fills = operator in _FILLS or operator in _BOTH
        fill = self._painter.area(state.fill) if fills else None
        stroke = self._painter.area(state.stroke) if operator in _STROKES or operator in _BOTH else None
        seen = self._path.within(state.clip)
        # Nothing but the path may stand between its beginning and its painting (ISO 32000-1, 8.2).
        at = self._start if self._start >= 0 else len(self._out)
        self._ink(at, fill, stroke, fill is not None and overprints(fill) and _is_thin(seen))
        if self._clips:
            state.clip = seen
        self._path, self._start, self._clips = Path(), -1, False
        return True

    def _shade(self, _: ContentStreamInstruction) -> bool:
        self._before_image()
        return True

    def _draw(self, one: ContentStreamInstruction) -> bool:
        name = one.operands[0]
        if self._resources.is_stencil(name):
            self._ink(len(self._out), self._painter.area(self._state.fill), None, False)
        elif self._resources.is_image(name):
            self._before_image()
        else:
            called = self._resources.form(name, self._state)
            self._out.append(_op("Do", called))
            return False
        return True

    def _before_image(self) -> None:
        if self._state.over is not None and self._state.over[1]:
            self._overprint(len(self._out), self._state.over[0], False)

    # ------------------------------------------------------------ what is written

    def _ink(self, at: int, fill: Paint | None, stroke: Paint | None, over: bool) -> None:
        """Write the inks of what is painted next, as far as they differ from those in use."""
        state, new = self._state, list[Instruction]()
        if fill is not None and fill != state.filled:
            new += _write(fill, False, self._painter.mask)
            state.filled = fill
        if stroke is not None and stroke != state.stroked:
            new += _write(stroke, True, self._painter.mask)
            state.stroked = stroke
        self._out[at:at] = new
        if self._painter.mask:
            return
        before = state.over or (False, False)
        strokes = before[0] if stroke is None else overprints(stroke)
        others = before[1] if fill is None else over
        if (strokes, others) != state.over:
            self._overprint(at, strokes, others)

    def _overprint(self, at: int, strokes: bool, others: bool) -> None:
        self._out.insert(at, _op("gs", self._resources.overprint(strokes, others)))
        self._state.over = (strokes, others)


def _numbers(operands: Iterable[Any]) -> tuple[float, ...]:
    return tuple(float(operand) for operand in operands)


def _is_thin(seen: Box | None) -> bool:
    return seen is not None and min(seen[2] - seen[0], seen[3] - seen[1]) <= THIN_PT


_ACTS: Mapping[str, Callable[[Reader, ContentStreamInstruction], bool]] = {
    "q": Reader._save,
    "Q": Reader._restore,
    "cm": Reader._transform,
    "gs": Reader._graphics,
    **dict.fromkeys(("cs", "CS"), Reader._space),
    **dict.fromkeys(("g", "G", "rg", "RG", "k", "K", "sc", "SC", "scn", "SCN"), Reader._colour),
    "BT": Reader._begin_text,
    "Tm": Reader._place_text,
    "Tf": Reader._font,
    "Tr": Reader._mode,
    **dict.fromkeys(_SHOWS, Reader._show),
    **dict.fromkeys(("m", "l"), Reader._move),
    **dict.fromkeys(("c", "v", "y"), Reader._curve),
    "re": Reader._rectangle,
    **dict.fromkeys(("W", "W*"), Reader._clip),
    **dict.fromkeys((*_FILLS, *_STROKES, *_BOTH, "n"), Reader._paint),
    "sh": Reader._shade,
    "Do": Reader._draw,
}
