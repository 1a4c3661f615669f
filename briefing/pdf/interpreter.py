"""The content of a page is followed operator by operator, into every form, pattern and letter that it draws.

A visitor is told what is painted; the state in which it is, and where, it reads from the interpreter that tells it.
Each stream has an interpreter of its own. Files come from anyone: what is done for one has a limit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from briefing.pdf.content_stream import operators
from briefing.pdf.geometry import UNIT, Box, Matrix, bounds, intersect, matrix, ordered, times, transform_box
from briefing.pdf.graphics_state import MAX_SAVED, SKIPPED, Act, GraphicsState, StateReader
from briefing.pdf.safe_open import TooMuch, elements, entry, identity, items, numbers, read_stream, whole, words

MAX_STEPS = 1_500_000  # operators of a file; a page of text has 3,000
IMAGE_STEPS = 20  # what an image costs
FORM_STEPS = 30  # what going into a form costs
MAX_DEPTH = 24  # forms within forms
MAX_LETTERS = 300  # of a font that draws them
UNSEEN: Box = (1e9, 1e9, 1e9, 1e9)  # what is cut off to this is not seen

Key = tuple[int, int]  # of an object


@dataclass(slots=True)
class StepBudget:
    """What may still be done for a file."""

    steps: int
    unread: dict[str, None] = field(default_factory=dict)  # why something was left out, each reason once


class ContentVisitor(Protocol):
    """It is told what a page paints."""

    def fill(self, content: Interpreter, boxes: list[Box]) -> None:
        """An area is filled; the boxes are those of its parts, in the coordinates of the state."""

    def stroke(self, content: Interpreter, boxes: list[Box], filled: bool) -> None:
        """A line is drawn, around an area that is filled as well or by itself."""

    def text(self, content: Interpreter, placed: Matrix) -> None:
        """Letters are set; the matrix leads from them to the page."""

    def shading(self, content: Interpreter, shading: Any) -> None:
        """All that is not cut off is filled with a gradient."""

    def image(self, content: Interpreter, name: str, image: Any) -> None:
        """An image is placed."""

    def inline_image(self, content: Interpreter, head: bytes) -> None:
        """An image that stands in the content is placed; its dictionary comes as it is written."""

    def group(self, space: Any, resources: Any) -> None:
        """A form is a group with a colour space of its own."""

    def missing(self, what: str) -> None:
        """Something is named that the resources lack."""


@dataclass(slots=True)
class PageContext:
    """What all streams of a page have in common."""

    visitor: ContentVisitor
    budget: StepBudget
    tags: list[bool] = field(default_factory=list)  # whether what is marked is content or an artifact
    met: set[Key] = field(default_factory=set)  # patterns and fonts, each of which is followed once
    in_letter: bool = False


def follow_page(page: Any, resources: Any, visitor: ContentVisitor, budget: StepBudget) -> None:
    """Tell a visitor all that a page paints; `resources` are those of the page or of its parents."""
    contents = entry(page, "/Contents")
    parts = []
    for stream in elements(contents) or [contents]:
        try:
            parts.append(read_stream(stream) if stream is not None else b"")
        except TooMuch:
            budget.unread["a page's content is too large"] = None
    Interpreter(PageContext(visitor, budget), resources, GraphicsState(), ()).run(b"\n".join(parts))


class Interpreter(StateReader):
    """It follows the operators of one stream."""

    def __init__(self, page: PageContext, resources: Any, state: GraphicsState, inside: tuple[Key, ...]) -> None:
        super().__init__(resources, state)
        self.page, self._visitor = page, page.visitor
        self.tags = page.tags  # of what is marked, each with whether it is content or an artifact
        self._inside = inside  # forms that are being painted
        self._base = state.ctm  # patterns start from it
        self._paths: list[tuple[list[float], list[float]]] = []
        self.rectangles = 0  # of the parts of a path
        self._clipping = False
        self._text: Matrix = UNIT
        self._line: Matrix = UNIT
        self._data, self._begin, self._end = b"", 0, 0  # the operator in hand

    def run(self, data: bytes) -> None:
        """Follow the stream."""
        act_for, budget, tags = self.ACTS.get, self.page.budget, len(self.tags)
        self._data = data
        for name, operands, self._begin, self._end in operators(data):
            budget.steps -= 1
            if budget.steps < 0:
                budget.unread["there are too many operators"] = None
                break
            act = act_for(name)
            if act is not None:
                try:
                    act(self, operands)
                except SKIPPED:
                    continue
        del self.tags[tags:]

    @property
    def written(self) -> bytes:
        """The operator in hand as it is written, with its operands."""
        return self._data[self._begin : self._end]

    def leave_out(self, why: str) -> None:
        """Say that something is not examined."""
        self.page.budget.unread[why] = None

    def missing(self, what: str) -> None:
        """Tell the visitor."""
        self._visitor.missing(what)

    # ------------------------------------------------------------ paths

    def _move(self, values: list[Any]) -> None:
        self._paths.append(([values[-2]], [values[-1]]))

    def _on(self, values: list[Any]) -> None:
        xs, ys = self._paths[-1]
        xs.append(values[-2])
        ys.append(values[-1])

    def _curve(self, values: list[Any]) -> None:
        xs, ys = self._paths[-1]
        xs += values[0::2]
        ys += values[1::2]

    def _rectangle(self, values: list[Any]) -> None:
        x, y, width, height = values[-4:]
        self.rectangles += 1
        self._paths.append(([x, x + width], [y, y + height]))

    def _clip(self, _: list[Any]) -> None:
        self._clipping = True

    def _boxes(self) -> list[Box]:
        return [(min(xs), min(ys), max(xs), max(ys)) for xs, ys in self._paths if len(xs) > 1]

    def _end_path(self, _: list[Any] | None = None) -> None:
        """The end of a path, which clips what comes after it if it was told to."""
        if self._clipping:
            boxes, state = self._boxes(), self.state
            room = transform_box(bounds(boxes), state.ctm) if boxes else (0.0, 0.0, 0.0, 0.0)
            state.clip = intersect(room, state.clip) or UNSEEN
        self._paths, self.rectangles, self._clipping = [], 0, False

    def _stroke(self, _: list[Any]) -> None:
        if boxes := self._boxes():
            self._visitor.stroke(self, boxes, False)
        self._end_path()

    def _fill(self, _: list[Any]) -> None:
        if boxes := self._boxes():
            self._visitor.fill(self, boxes)
        self._end_path()

    def _both(self, _: list[Any]) -> None:
        if boxes := self._boxes():
            self._visitor.fill(self, boxes)
            self._visitor.stroke(self, boxes, True)
        self._end_path()

    # ------------------------------------------------------------ text

    def _begin_text(self, _: list[Any]) -> None:
        self._text = self._line = UNIT

    def _place(self, values: list[Any]) -> None:
        self._text = self._line = matrix(values)

    def _step(self, values: list[Any]) -> None:
        self._text = self._line = times((1.0, 0.0, 0.0, 1.0, values[-2], values[-1]), self._line)

    def _step_far(self, values: list[Any]) -> None:
        self.state.leading = -values[-1]
        self._step(values)

    def _next(self, _: list[Any]) -> None:
        self._step([0.0, -self.state.leading])

    def _next_show(self, values: list[Any]) -> None:
        self._next(values)
        self._show(values)

    def _show(self, _: list[Any]) -> None:
        placed = times(self._text, self.state.ctm)
        self._visitor.text(self, placed)
        if self.state.font_kind == "Type3":
            self._draw_letters(placed)

    def _draw_letters(self, placed: Matrix) -> None:
        """What the letters of a Type 3 font paint, once for each font of a page."""
        page, font, key = self.page, self.state.font, identity(self.state.font)
        if key in page.met or key == (0, 0) or page.in_letter:
            return
        page.met.add(key)
        page.in_letter = True
        shape = times(matrix(numbers(entry(font, "/FontMatrix"))), placed)
        for _, letter in items(entry(font, "/CharProcs"))[:MAX_LETTERS]:
            inner = self.state.copy()
            inner.ctm = shape
            self._follow(letter, inner, key)
        page.in_letter = False

    # ------------------------------------------------------------ forms, patterns, gradients, images

    def _follow(self, stream: Any, state: GraphicsState, key: Key) -> None:
        """Go into the content of a form, a pattern or a letter."""
        self.page.budget.steps -= FORM_STEPS
        try:
            data = read_stream(stream)
        except TooMuch:
            self.leave_out("a form is too large")
            return
        own = entry(stream, "/Resources")
        inner = Interpreter(self.page, self.resources if own is None else own, state, (*self._inside, key))
        inner._text, inner._line = self._text, self._line
        inner.run(data)

    def follow_pattern(self, pattern: Any) -> bool:
        """Go into a pattern, once for each of a page (ISO 32000-1, 8.7); whether it is new and a gradient instead."""
        key, page = identity(pattern), self.page
        if pattern is None or key in self._inside or len(self._inside) > MAX_DEPTH:
            return False
        if key != (0, 0):
            if key in page.met:
                return False
            page.met.add(key)
        if whole(entry(pattern, "/PatternType")) == 2:
            return True
        state = GraphicsState(times(matrix(numbers(entry(pattern, "/Matrix"))), self._base), self.state.clip)
        self.tags.append(True)
        self._follow(pattern, state, key)
        self.tags.pop()
        return False

    def _shading(self, values: list[Any]) -> None:
        shading = self.resource("/Shading", values[-1])
        if shading is not None:
            self._visitor.shading(self, shading)

    def _object(self, values: list[Any]) -> None:
        thing = self.resource("/XObject", values[-1])
        kind = words(entry(thing, "/Subtype"))
        if kind == "Form":
            self._form(thing)
        elif kind == "Image":
            self.page.budget.steps -= IMAGE_STEPS
            self._visitor.image(self, str(values[-1])[1:], thing)

    def _form(self, form: Any) -> None:
        key = identity(form)
        if key in self._inside:
            self.leave_out("a form contains itself")
            return
        if len(self._inside) >= MAX_DEPTH:
            self.leave_out("forms are nested too deeply")
            return
        space = entry(entry(form, "/Group"), "/CS")
        if space is not None:
            self._visitor.group(space, self.resources)
        state = self.state.copy()
        state.ctm = times(matrix(numbers(entry(form, "/Matrix"))), state.ctm)
        room = numbers(entry(form, "/BBox"))
        if len(room) == 4:
            state.clip = intersect(transform_box(ordered(room), state.ctm), state.clip) or UNSEEN
        self.tags.append(bool(self.tags and self.tags[-1]) or entry(form, "/StructParent") is not None)
        self._follow(form, state, key)
        self.tags.pop()

    def _inline(self, values: list[Any]) -> None:
        self.page.budget.steps -= IMAGE_STEPS
        self._visitor.inline_image(self, values[0])

    # ------------------------------------------------------------ marked content

    def _mark(self, values: list[Any]) -> None:
        inside = bool(self.tags and self.tags[-1])
        if values and values[0] == "/Artifact":
            inside = True
        elif len(values) > 1:
            told = values[-1]
            if isinstance(told, bytes):
                inside = inside or b"/MCID" in told
            elif isinstance(told, str):
                inside = inside or entry(entry(entry(self.resources, "/Properties"), told), "/MCID") is not None
        if len(self.tags) < MAX_SAVED:
            self.tags.append(inside)

    def _unmark(self, _: list[Any]) -> None:
        if self.tags:
            self.tags.pop()

    ACTS: ClassVar[dict[str, Act]] = {
        **StateReader.ACTS,
        "m": _move, "l": _on, "c": _curve, "v": _curve, "y": _curve, "re": _rectangle,
        "W": _clip, "W*": _clip, "n": _end_path, "S": _stroke, "s": _stroke, "f": _fill, "F": _fill, "f*": _fill,
        "B": _both, "B*": _both, "b": _both, "b*": _both,
        "BT": _begin_text, "Tm": _place, "Td": _step, "TD": _step_far, "T*": _next,
        "Tj": _show, "TJ": _show, "'": _next_show, '"': _next_show,
        "Do": _object, "BI": _inline, "sh": _shading, "BMC": _mark, "BDC": _mark, "EMC": _unmark,
    }  # fmt: skip
