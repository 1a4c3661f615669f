"""What a page paints: its content, and that of every form and pattern it uses, followed operator by operator.

Colours, type sizes, thicknesses and images are told as they are printed, after all changes of coordinates. Equal things
are counted, not listed. `Painted` collects; `paint` fills it for one page.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from typing import Any

from briefing.pdf.content_stream import Operand, operators
from briefing.pdf.geometry import MM_PER_PT, UNIT, Box, Matrix, bounds, common, matrix, moved, scale, times, upright
from briefing.pdf.safe_open import TooMuch, elements, entry, identity, items, number, numbers, unpacked, whole, words
from briefing.preflight import colours
from briefing.preflight.colours import first, space_of
from briefing.preflight.facts import Colour, Image, Model, Space, Use, Zone
from briefing.preflight.paint_state import Budget, Painted, State
from briefing.preflight.zones import zone

MAX_STEPS = 1_500_000  # operators of a file; a page of text has 3,000
FORM_STEPS = 30  # what going into a form costs
MAX_KINDS = 20_000  # different paints, lines or images of a page
MAX_DEPTH = 24  # forms within forms
MAX_SAVED = 1_000  # graphics states that wait
THIN_PT = 2.0  # what is thicker is no line
_LONG_PT = 2.0  # what is shorter is a dot
_SLIVER_PT = 0.01  # what only the edge of a clip leaves
_FEW = 3  # signs
_SHORT = 90  # bytes: longer operators are not looked into
_HEX = re.compile(rb"<([0-9A-Fa-f]*)>")
_PLAIN = re.compile(rb"\(((?:[^()\\]|\\.)*)\)", re.DOTALL)
_EVERYWHERE: Box = (-1e9, -1e9, 1e9, 1e9)


def paint(page: Any, resources: Any, trim: Box, bleed: Box, unit: float, budget: Budget) -> Painted:
    """All that a page paints; `resources` are those of the page or of its parents."""
    hand = _Hand(trim, bleed, unit, budget)
    hand.run(_contents(page, budget), resources, State(), ())
    return hand.painted


def _contents(page: Any, budget: Budget) -> bytes:
    contents = entry(page, "/Contents")
    parts = []
    for stream in elements(contents) or [contents]:
        try:
            parts.append(unpacked(stream) if stream is not None else b"")
        except TooMuch:
            budget.unread["a page's content is too large"] = None
    return b"\n".join(parts)


class _Hand:
    """It follows the operators of one page."""

    def __init__(self, trim: Box, bleed: Box, unit: float, budget: Budget) -> None:
        self.painted = Painted()
        self._trim, self._bleed, self._unit, self._budget = trim, bleed, unit, budget
        self._state = State()
        self._saved: list[State] = []
        self._resources: Any = None
        self._spaces: dict[str, Space | None] = {}
        self._found: dict[tuple[str, str], Any] = {}
        self._tags: list[bool] = []
        self._inside: tuple[tuple[int, int], ...] = ()  # forms that are being painted
        self._base: Matrix = UNIT  # of the page or form: patterns start from it
        self._patterns: set[tuple[int, int]] = set()
        self._glyphs = False  # whether a letter is being drawn
        self._paths: list[tuple[list[float], list[float]]] = []
        self._rectangles = 0
        self._clipping = False
        self._text: Matrix = UNIT
        self._line: Matrix = UNIT
        self._told = b"", 0, 0  # the bytes of the operator in hand
        self._do: dict[str, Callable[[list[Any]], None]] = self._table()

    def run(self, data: bytes, resources: Any, state: State, inside: tuple[tuple[int, int], ...]) -> None:
        """Follow one stream; everything but what was found is afterwards as before."""
        kept = (self._state, self._saved, self._resources, self._spaces, self._found, self._inside, self._base,
                self._paths, self._clipping, self._text, self._line, self._rectangles)  # fmt: skip
        tags = len(self._tags)
        self._state, self._saved, self._resources, self._spaces, self._found = state, [], resources, {}, {}
        self._inside, self._base, self._paths, self._clipping, self._rectangles = inside, state.ctm, [], False, 0
        do, budget = self._do.get, self._budget
        for name, operands, begin, end in operators(data):
            self._told = data, begin, end
            budget.steps -= 1
            if budget.steps < 0:
                budget.unread["there are too many operators"] = None
                break
            act = do(name)
            if act is not None:
                try:
                    act(operands)
                except (IndexError, TypeError, ValueError, OverflowError):
                    continue  # operands are missing or of the wrong kind: readers skip the operator
        del self._tags[tags:]
        (self._state, self._saved, self._resources, self._spaces, self._found, self._inside, self._base,
         self._paths, self._clipping, self._text, self._line, self._rectangles) = kept  # fmt: skip

    def _table(self) -> dict[str, Callable[[list[Any]], None]]:
        return {
            "q": self._save, "Q": self._restore, "cm": self._transform, "w": self._width, "gs": self._settings,
            "m": self._move, "l": self._on, "c": self._curve, "v": self._curve, "y": self._curve, "re": self._rectangle,
            "W": self._clip, "W*": self._clip, "n": self._done,
            "S": self._stroke, "s": self._stroke, "f": self._fill, "F": self._fill, "f*": self._fill,
            "B": self._both, "B*": self._both, "b": self._both, "b*": self._both,
            "g": lambda v: self._set(v, colours.GREY, False), "G": lambda v: self._set(v, colours.GREY, True),
            "rg": lambda v: self._set(v, colours.RGB, False), "RG": lambda v: self._set(v, colours.RGB, True),
            "k": lambda v: self._set(v, colours.CMYK, False), "K": lambda v: self._set(v, colours.CMYK, True),
            "cs": lambda v: self._space(v, False), "CS": lambda v: self._space(v, True),
            "sc": lambda v: self._colour(v, False), "SC": lambda v: self._colour(v, True),
            "scn": lambda v: self._colour(v, False), "SCN": lambda v: self._colour(v, True),
            "BT": self._begin, "Tf": self._font, "Tr": self._rendering, "TL": self._leading, "Tm": self._place,
            "Td": self._step, "TD": self._step_far, "T*": self._next,
            "Tj": self._show, "TJ": self._show, "'": self._next_show, '"': self._next_show,
            "Do": self._object, "BI": self._inline, "sh": self._shading,
            "BMC": self._mark, "BDC": self._mark, "EMC": self._unmark,
        }  # fmt: skip

    # the graphics state

    def _save(self, _: list[Any]) -> None:
        if len(self._saved) < MAX_SAVED:
            self._saved.append(self._state.copy())
        else:
            self._budget.unread["graphics states are nested too deeply"] = None

    def _restore(self, _: list[Any]) -> None:
        if self._saved:
            self._state = self._saved.pop()

    def _transform(self, values: list[Any]) -> None:
        self._state.ctm = times(matrix(values), self._state.ctm)

    def _width(self, values: list[Any]) -> None:
        self._state.width = abs(float(values[-1]))

    def _settings(self, values: list[Any]) -> None:
        settings = self._resource("/ExtGState", values[-1])
        state = self._state
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

    def _resource(self, kind: str, name: Operand) -> Any:
        """What the resources give for a name; what they lack is remembered."""
        if not isinstance(name, str):
            return None
        key = kind, name
        if key not in self._found:
            self._found[key] = found = entry(entry(self._resources, kind), name)
            if found is None:
                self._miss(f"{kind[1:]} {name[1:]}")
        return self._found[key]

    def _miss(self, what: str) -> None:
        if len(self.painted.missing) < 100:
            self.painted.missing[what[:60]] = None

    # colours

    def _set(self, values: list[Any], device: Space, stroke: bool) -> None:
        family = device.family
        if family not in self._spaces:
            self._spaces[family] = space_of("/" + family, self._resources)
        self._take(self._spaces[family] or device, values[-device.parts :], stroke)

    def _space(self, values: list[Any], stroke: bool) -> None:
        name = values[-1]
        if name not in self._spaces:
            self._spaces[name] = space_of(name, self._resources)
            if self._spaces[name] is None:
                self._miss(f"ColorSpace {name[1:]}")
        colour = first(self._spaces[name] or colours.UNKNOWN)
        self._take(colour.space, list(colour.values), stroke)

    def _colour(self, values: list[Any], stroke: bool) -> None:
        space = (self._state.stroke if stroke else self._state.fill).space
        if values and isinstance(values[-1], str):
            pattern = self._resource("/Pattern", values[-1])
            self._take(space, values[:-1], stroke, pattern)
        else:
            self._take(space, values, stroke)

    def _take(self, space: Space, values: list[Any], stroke: bool, pattern: Any = None) -> None:
        colour = Colour(space, tuple(round(float(value), 4) for value in values))
        if stroke:
            self._state.stroke, self._state.stroke_pattern = colour, pattern
        else:
            self._state.fill, self._state.fill_pattern = colour, pattern

    # paths

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
        self._rectangles += 1
        self._paths.append(([x, x + width], [y, y + height]))

    def _clip(self, _: list[Any]) -> None:
        self._clipping = True

    def _boxes(self) -> list[Box]:
        return [(min(xs), min(ys), max(xs), max(ys)) for xs, ys in self._paths if len(xs) > 1]

    def _done(self, _: list[Any] | None = None) -> None:
        """The end of a path, which clips what comes after it if it was told to."""
        if self._clipping:
            boxes, state = self._boxes(), self._state
            room = moved(bounds(boxes), state.ctm) if boxes else (0.0, 0.0, 0.0, 0.0)
            state.clip = common(room, state.clip) or (1e9, 1e9, 1e9, 1e9)  # nothing is seen
        self._paths, self._rectangles, self._clipping = [], 0, False

    def _stroke(self, _: list[Any]) -> None:
        boxes = self._boxes()
        if boxes:
            self._draw_lines(boxes)
        self._done()

    def _fill(self, _: list[Any]) -> None:
        boxes = self._boxes()
        if boxes:
            self._draw_areas(boxes)
        self._done()

    def _both(self, _: list[Any]) -> None:
        boxes = self._boxes()
        if boxes:
            self._draw_areas(boxes)
            self._draw_lines(boxes, filled=True)
        self._done()

    def _draw_lines(self, boxes: list[Box], filled: bool = False) -> None:
        state = self._state
        width = state.width * scale(state.ctm)
        half = min(width, 1e6) / 2
        placed = (moved(box, state.ctm) for box in boxes)
        where = self._innermost((box[0] - half, box[1] - half, box[2] + half, box[3] + half) for box in placed)
        if not filled:
            self._thin(width, where, state.stroke_alpha)
        self._paint(Use.STROKE, state.stroke, where, state.stroke_over, state.stroke_pattern)
        self._effects(state.stroke_alpha)

    def _draw_areas(self, boxes: list[Box]) -> None:
        state = self._state
        placed = [moved(box, state.ctm) for box in boxes]
        seen = [box for box in (common(box, state.clip) for box in placed) if box]
        where = self._innermost(seen or placed)
        if len(boxes) <= 4 or self._rectangles == len(boxes):  # an outline of many parts is a drawing, not a rule
            self._bars(boxes, placed, where)
        self._paint(Use.FILL, state.fill, where, state.fill_over, state.fill_pattern)
        self._effects(state.fill_alpha)

    def _bars(self, boxes: list[Box], placed: list[Box], where: Zone) -> None:
        """Areas so thin that they are lines."""
        state = self._state
        if not upright(state.ctm):
            across, along = math.hypot(*state.ctm[:2]), math.hypot(*state.ctm[2:4])
            sizes = [((box[2] - box[0]) * across, (box[3] - box[1]) * along) for box in boxes]
        else:
            seen = [(box, common(box, state.clip)) for box in placed]
            sizes = [
                (inner[2] - inner[0], inner[3] - inner[1])
                for box, inner in seen
                if inner and (inner == box or min(inner[2] - inner[0], inner[3] - inner[1]) > _SLIVER_PT)
            ]
        if len(placed) == 2 and self._rectangles == 2:  # a frame: one rectangle within another
            outer, inner = sorted(placed, key=lambda box: (box[0] - box[2]) * (box[3] - box[1]))
            if common(outer, inner) == inner:
                gaps = [abs(one - other) for one, other in zip(outer, inner, strict=True)]
                sizes += [(gap, THIN_PT + _LONG_PT) for gap in gaps if gap > _SLIVER_PT and state.clip is None]
        for width, height in sizes:
            if max(width, height) > _LONG_PT:
                self._thin(min(width, height), where, state.fill_alpha)

    def _thin(self, width: float, where: Zone, alpha: float) -> None:
        width *= self._unit
        if width < THIN_PT and alpha > 0 and not self._glyphs and len(self.painted.lines) < MAX_KINDS:
            self.painted.lines[round(width, 3), where] += 1

    # painting

    def _innermost(self, boxes: Iterable[Box]) -> Zone:
        """How far in the parts of an outline reach: marks around a page may be one outline."""
        found = Zone.SLUG
        for box in boxes:
            where = self._zone(box)
            if where is Zone.PAGE:
                return where
            found = where if where is Zone.BLEED else found
        return found

    def _zone(self, box: Box) -> Zone:
        seen = common(box, self._state.clip)
        return zone(seen or box, self._trim, self._bleed)

    def _paint(
        self,
        use: Use,
        colour: Colour,
        where: Zone,
        over: bool,
        pattern: Any = None,
        size: float = 0.0,
        few: bool = False,
    ) -> None:
        if colour.space.model is Model.PATTERN:
            self._pattern(pattern, where)
        made = use, colour, where, over, self._state.mode if over else 0, size, few
        if len(self.painted.paints) >= MAX_KINDS and made not in self.painted.paints:
            self._budget.unread["a page has too many colours"] = None
        else:
            self.painted.paints[made] += 1
        if not (self._tags and self._tags[-1]):
            self.painted.untagged += 1

    def _effects(self, alpha: float) -> None:
        state = self._state
        if alpha < 1:
            self.painted.effects["alpha", "constant"] += 1
        if state.blend not in ("Normal", "Compatible"):
            self.painted.effects["blend", state.blend[:30]] += 1
        if state.masked:
            self.painted.effects["soft mask", "graphics state"] += 1

    def _pattern(self, pattern: Any, where: Zone) -> None:
        """What a pattern paints with, once for each pattern of a page (ISO 32000-1, 8.7)."""
        key = identity(pattern)
        if pattern is None or key in self._inside or len(self._inside) > MAX_DEPTH:
            return
        if key != (0, 0):
            if key in self._patterns:
                return
            self._patterns.add(key)
        if whole(entry(pattern, "/PatternType")) == 2:
            self._gradient(entry(pattern, "/Shading"), where)
            return
        state = State(times(matrix(numbers(entry(pattern, "/Matrix"))), self._base), self._state.clip)
        self._tags.append(True)
        self._follow(pattern, state, key)
        self._tags.pop()

    def _gradient(self, shading: Any, where: Zone) -> None:
        space = space_of(entry(shading, "/ColorSpace"), self._resources) or colours.UNKNOWN
        self._paint(Use.SHADING, Colour(space), where, self._state.fill_over)

    def _shading(self, values: list[Any]) -> None:
        shading = self._resource("/Shading", values[-1])
        if shading is not None:
            self._gradient(shading, self._zone(self._state.clip or _EVERYWHERE))
            self._effects(self._state.fill_alpha)

    def _follow(self, stream: Any, state: State, key: tuple[int, int]) -> None:
        """Go into the content of a form or a pattern."""
        self._budget.steps -= FORM_STEPS
        try:
            data = unpacked(stream)
        except TooMuch:
            self._budget.unread["a form is too large"] = None
            return
        resources = entry(stream, "/Resources")
        self.run(data, self._resources if resources is None else resources, state, (*self._inside, key))

    # text

    def _begin(self, _: list[Any]) -> None:
        self._text = self._line = UNIT

    def _font(self, values: list[Any]) -> None:
        name, size = values[-2:]
        font = self._resource("/Font", name)
        self._take_font(font, name)
        self._state.size = float(size)

    def _take_font(self, font: Any, name: str) -> None:
        """Take a font in hand; one without a number of its own is known by its name."""
        state, own = self._state, identity(font)
        state.font, state.font_key = font, (*own, "" if own != (0, 0) else name)
        state.font_kind = words(entry(font, "/Subtype"))

    def _rendering(self, values: list[Any]) -> None:
        self._state.rendering = int(values[-1])

    def _leading(self, values: list[Any]) -> None:
        self._state.leading = float(values[-1])

    def _place(self, values: list[Any]) -> None:
        self._text = self._line = matrix(values)

    def _step(self, values: list[Any]) -> None:
        self._text = self._line = times((1.0, 0.0, 0.0, 1.0, values[-2], values[-1]), self._line)

    def _step_far(self, values: list[Any]) -> None:
        self._state.leading = -values[-1]
        self._step(values)

    def _next(self, _: list[Any]) -> None:
        self._step([0.0, -self._state.leading])

    def _next_show(self, values: list[Any]) -> None:
        self._next(values)
        self._show(values)

    def _show(self, _: list[Any]) -> None:
        state = self._state
        placed = times(self._text, state.ctm)
        size = abs(state.size) * math.hypot(placed[2], placed[3]) * self._unit
        mode = state.rendering & 3
        x, y = placed[4], placed[5]
        where = self._zone((x - 0.1, y - 0.1, x + 0.1, y + 0.1))
        painted = self.painted
        if len(painted.fonts) < MAX_KINDS:
            painted.fonts.setdefault(state.font_key, state.font)
        if mode != 3:
            stroked = mode == 1
            colour = state.stroke if stroked else state.fill
            over = state.stroke_over if stroked else state.fill_over
            pattern = state.stroke_pattern if stroked else state.fill_pattern
            self._paint(Use.TEXT, colour, where, over, pattern, round(size, 2), self._few())
            self._effects(state.stroke_alpha if stroked else state.fill_alpha)
            if stroked:
                self._thin(state.width * scale(placed), where, state.stroke_alpha)
        if state.font_kind == "Type3":
            self._letters(state, placed)

    def _few(self) -> bool:
        """Whether what is set in one go has at most three signs, as the mark of a note has."""
        data, begin, end = self._told
        if end - begin > _SHORT:
            return False
        told = data[begin:end]
        wide = 4 if self._state.font_kind == "Type0" else 2
        signs = sum(len(hexes) for hexes in _HEX.findall(told)) / wide + sum(len(text) for text in _PLAIN.findall(told))
        return signs <= _FEW

    def _letters(self, state: State, placed: Matrix) -> None:
        """What the letters of a Type 3 font paint, once for each font of a page."""
        key = identity(state.font)
        if key in self._patterns or key == (0, 0) or self._glyphs:
            return
        self._patterns.add(key)
        self._glyphs = True
        shape = times(matrix(numbers(entry(state.font, "/FontMatrix"))), placed)
        for _, letter in items(entry(state.font, "/CharProcs"))[:300]:
            inner = state.copy()
            inner.ctm = shape
            self._follow(letter, inner, key)
        self._glyphs = False

    # forms and images

    def _object(self, values: list[Any]) -> None:
        thing = self._resource("/XObject", values[-1])
        kind = words(entry(thing, "/Subtype"))
        if kind == "Form":
            self._form(thing)
        elif kind == "Image":
            space = entry(thing, "/ColorSpace")
            filters = [words(one) for one in elements(entry(thing, "/Filter"))] or [words(entry(thing, "/Filter"))]
            meant = space_of(space, self._resources) if space is not None else None
            if meant is None and "JPXDecode" in filters:
                meant = Space("JPXDecode", Model.UNKNOWN, 0)
            self._image(
                str(values[-1])[1:],
                (whole(entry(thing, "/Width")), whole(entry(thing, "/Height"))),
                meant or colours.UNKNOWN,
                whole(entry(thing, "/BitsPerComponent"), 1 if entry(thing, "/ImageMask") is True else 8),
                entry(thing, "/ImageMask") is True,
                entry(thing, "/SMask") is not None,
                entry(thing, "/Interpolate") is True,
            )

    def _form(self, form: Any) -> None:
        key = identity(form)
        if key in self._inside:
            self._budget.unread["a form contains itself"] = None
            return
        if len(self._inside) >= MAX_DEPTH:
            self._budget.unread["forms are nested too deeply"] = None
            return
        space = entry(entry(form, "/Group"), "/CS")
        if space is not None:
            self.painted.grouped(space, self._resources)
        state = self._state.copy()
        state.ctm = times(matrix(numbers(entry(form, "/Matrix"))), state.ctm)
        room = numbers(entry(form, "/BBox"))
        if len(room) == 4:
            left, right = sorted((room[0], room[2]))
            bottom, top = sorted((room[1], room[3]))
            state.clip = common(moved((left, bottom, right, top), state.ctm), state.clip) or (1e9, 1e9, 1e9, 1e9)
        self._tags.append(bool(self._tags and self._tags[-1]) or entry(form, "/StructParent") is not None)
        self._follow(form, state, key)
        self._tags.pop()

    def _inline(self, values: list[Any]) -> None:
        """An image within the content; its dictionary is read with short and long names alike."""
        named = {_LONG.get(key, key): value for key, *values in _PAIR.findall(values[0]) for value in values if value}
        stencil = named.get(b"ImageMask") == b"true"
        space = space_of("/" + named.get(b"ColorSpace", b"").decode("latin-1"), self._resources)
        width, height, bits = (
            int(named[key][:9]) if named.get(key, b"").isdigit() else 0
            for key in (b"Width", b"Height", b"BitsPerComponent")
        )
        depth = bits or (1 if stencil else 8)
        self._image("inline", (width, height), space or colours.UNKNOWN, depth, stencil, False, False)

    def _image(
        self, name: str, size: tuple[int, int], space: Space, bits: int, stencil: bool, masked: bool, smooth: bool
    ) -> None:
        state = self._state
        a, b, c, d = state.ctm[:4]
        across, along = math.hypot(a, b) * self._unit, math.hypot(c, d) * self._unit
        where = self._zone(moved((0.0, 0.0, 1.0, 1.0), state.ctm))
        ppi = min(px / (pt / 72) if pt > 0 else math.inf for px, pt in zip(size, (across, along), strict=True))
        width, height = round(across * MM_PER_PT, 2), round(along * MM_PER_PT, 2)
        meant = colours.STENCIL if stencil else space
        made = Image(name[:60], *size, width, height, round(ppi, 1), meant, bits, stencil, masked, smooth, where)
        if len(self.painted.images) < MAX_KINDS:
            self.painted.images.append(made)
        if stencil:
            self._paint(Use.FILL, state.fill, where, state.fill_over, state.fill_pattern)
        elif not (self._tags and self._tags[-1]):
            self.painted.untagged += 1
        self._effects(state.fill_alpha)
        if masked:
            self.painted.effects["soft mask", "image"] += 1

    # marked content

    def _mark(self, values: list[Any]) -> None:
        inside = bool(self._tags and self._tags[-1])
        if values and values[0] == "/Artifact":
            inside = True
        elif len(values) > 1:
            told = values[-1]
            if isinstance(told, bytes):
                inside = inside or b"/MCID" in told
            elif isinstance(told, str):
                inside = inside or entry(entry(entry(self._resources, "/Properties"), told), "/MCID") is not None
        if len(self._tags) < MAX_SAVED:
            self._tags.append(inside)

    def _unmark(self, _: list[Any]) -> None:
        if self._tags:
            self._tags.pop()


_PAIR = re.compile(rb"/(\w+)\s*(?:/(\w+)|(\d+)|(true|false))")
_LONG = {
    b"W": b"Width", b"H": b"Height", b"CS": b"ColorSpace", b"BPC": b"BitsPerComponent", b"IM": b"ImageMask",
}  # fmt: skip
