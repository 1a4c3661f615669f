"""What a page paints: colours, type sizes, thicknesses and images, as they are printed.

Equal things are counted, not listed. `Painted` collects; `paint` fills it for one page.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from briefing.pdf import colours
from briefing.pdf.colours import Colour, Model, Space, space_of
from briefing.pdf.geometry import MM_PER_PT, Box, Matrix, across, along, intersect, scale, transform_box, upright
from briefing.pdf.interpreter import Interpreter, StepBudget, follow_page
from briefing.pdf.safe_open import elements, entry, whole, words
from briefing.preflight.facts import Effect, Image, Paint, PaintedLine, PaintUse, Zone

MAX_KINDS = 20_000  # different paints, lines or images of a page
MAX_MISSING = 100
THIN_PT = 2.0  # what is thicker is no line
_LONG_PT = 2.0  # what is shorter is a dot
_SLIVER_PT = 0.01  # what only the edge of a clip leaves
_FEW = 3  # signs
_SHORT = 90  # bytes: longer operators are not looked into
_HEX = re.compile(rb"<([0-9A-Fa-f]*)>")
_PLAIN = re.compile(rb"\(((?:[^()\\]|\\.)*)\)", re.DOTALL)
_TOUCH = 0.05  # points: what only touches an edge does not stand inside it
_EVERYWHERE: Box = (-1e9, -1e9, 1e9, 1e9)


def paint(page: Any, resources: Any, trim: Box, bleed: Box, unit: float, budget: StepBudget) -> Painted:
    """All that a page paints; `resources` are those of the page or of its parents."""
    painted = Painted(trim, bleed, unit)
    follow_page(page, resources, painted, budget)
    return painted


def zone(box: Box, trim: Box, bleed: Box) -> Zone:
    """How far in on the sheet a box lies."""
    return Zone.PAGE if _is_over(box, trim) else Zone.BLEED if _is_over(box, bleed) else Zone.SLUG


def _is_over(box: Box, edges: Box) -> bool:
    return (
        box[0] < edges[2] - _TOUCH
        and box[2] > edges[0] + _TOUCH
        and box[1] < edges[3] - _TOUCH
        and box[3] > edges[1] + _TOUCH
    )


@dataclass(slots=True)
class Painted:
    """What a page paints, as an interpreter of its content tells it."""

    trim: Box
    bleed: Box
    unit: float
    paints: Counter[tuple[PaintUse, Colour, Zone, bool, int, float, bool]] = field(default_factory=Counter)
    lines: Counter[tuple[float, Zone]] = field(default_factory=Counter)
    images: list[Image] = field(default_factory=list)
    fonts: dict[tuple[int, int, str], Any] = field(default_factory=dict)  # those that set words
    effects: Counter[tuple[str, str]] = field(default_factory=Counter)
    lacking: dict[str, None] = field(default_factory=dict)
    untagged: int = 0

    # ------------------------------------------------------------ what is told

    def told_paints(self) -> tuple[Paint, ...]:
        """Everything painted, in the order in which it was first."""
        return tuple(Paint(*key, count) for key, count in self.paints.items())

    def told_lines(self) -> tuple[PaintedLine, ...]:
        """Lines, the thinnest first."""
        return tuple(PaintedLine(*key, count) for key, count in sorted(self.lines.items()))

    def told_effects(self) -> tuple[Effect, ...]:
        """Transparency in a fixed order."""
        return tuple(Effect(kind, detail, count) for (kind, detail), count in sorted(self.effects.items()))

    # ------------------------------------------------------------ what the interpreter tells

    def missing(self, what: str) -> None:
        """Remember what the resources lack."""
        if len(self.lacking) < MAX_MISSING:
            self.lacking[what[:60]] = None

    def group(self, space: Any, resources: Any) -> None:
        """Note the colour space of a transparency group where its inks are not those of the press."""
        meant = space_of(space, resources)
        if meant is not None and meant.model is not Model.CMYK:
            self.effects["group", meant.model.value] += 1

    def stroke(self, content: Interpreter, boxes: list[Box], filled: bool) -> None:
        """Note a line."""
        state = content.state
        width = state.width * scale(state.ctm)
        half = min(width, 1e6) / 2
        placed = (transform_box(box, state.ctm) for box in boxes)
        edged = ((box[0] - half, box[1] - half, box[2] + half, box[3] + half) for box in placed)
        where = self._innermost(edged, state.clip)
        if not filled:
            self._thin(content, width, where, state.stroke_alpha)
        self._paint(content, PaintUse.STROKE, state.stroke, where, state.stroke_over, state.stroke_pattern)
        self._effects(content, state.stroke_alpha)

    def fill(self, content: Interpreter, boxes: list[Box]) -> None:
        """Note an area."""
        state = content.state
        placed = [transform_box(box, state.ctm) for box in boxes]
        seen = [box for box in (intersect(box, state.clip) for box in placed) if box]
        where = self._innermost(seen or placed, state.clip)
        if len(boxes) <= 4 or content.rectangles == len(boxes):  # an outline of many parts is a drawing, not a rule
            self._bars(content, boxes, placed, where)
        self._fill(content, where)
        self._effects(content, state.fill_alpha)

    def text(self, content: Interpreter, placed: Matrix) -> None:
        """Note type."""
        state = content.state
        size = abs(state.size) * along(placed) * self.unit
        mode = state.rendering & 3
        x, y = placed[4], placed[5]
        where = self._zone((x - 0.1, y - 0.1, x + 0.1, y + 0.1), state.clip)
        if len(self.fonts) < MAX_KINDS:
            self.fonts.setdefault(state.font_key, state.font)
        if mode == 3:
            return
        stroked = mode == 1
        colour = state.stroke if stroked else state.fill
        over = state.stroke_over if stroked else state.fill_over
        pattern = state.stroke_pattern if stroked else state.fill_pattern
        few = _is_few(content)
        self._paint(content, PaintUse.TEXT, colour, where, over, pattern, round(size, 2), few)
        self._effects(content, state.stroke_alpha if stroked else state.fill_alpha)
        if stroked:
            self._thin(content, state.width * scale(placed), where, state.stroke_alpha)

    def shading(self, content: Interpreter, shading: Any) -> None:
        """Note a gradient."""
        state = content.state
        self._gradient(content, shading, self._zone(state.clip or _EVERYWHERE, state.clip))
        self._effects(content, state.fill_alpha)

    def image(self, content: Interpreter, name: str, image: Any) -> None:
        """Note an image."""
        space = entry(image, "/ColorSpace")
        filters = [words(one) for one in elements(entry(image, "/Filter"))] or [words(entry(image, "/Filter"))]
        meant = content.space(space) if space is not None else None
        if meant is None and "JPXDecode" in filters:
            meant = Space("JPXDecode", Model.UNKNOWN, 0)
        stencil = entry(image, "/ImageMask") is True
        self._image(
            content,
            name,
            (whole(entry(image, "/Width")), whole(entry(image, "/Height"))),
            meant or colours.UNKNOWN,
            whole(entry(image, "/BitsPerComponent"), 1 if stencil else 8),
            stencil,
            entry(image, "/SMask") is not None,
            entry(image, "/Interpolate") is True,
        )

    def inline_image(self, content: Interpreter, head: bytes) -> None:
        """Note an image within the content; its dictionary is read with short and long names alike."""
        named = {_LONG.get(key, key): value for key, *values in _PAIR.findall(head) for value in values if value}
        stencil = named.get(b"ImageMask") == b"true"
        space = content.space("/" + named.get(b"ColorSpace", b"").decode("latin-1"))
        width, height, bits = (
            int(named[key][:9]) if named.get(key, b"").isdigit() else 0
            for key in (b"Width", b"Height", b"BitsPerComponent")
        )
        depth = bits or (1 if stencil else 8)
        self._image(content, "inline", (width, height), space or colours.UNKNOWN, depth, stencil, False, False)

    # ------------------------------------------------------------ areas and lines

    def _bars(self, content: Interpreter, boxes: list[Box], placed: list[Box], where: Zone) -> None:
        """Areas so thin that they are lines."""
        state = content.state
        if not upright(state.ctm):
            wide, tall = across(state.ctm), along(state.ctm)
            sizes = [((box[2] - box[0]) * wide, (box[3] - box[1]) * tall) for box in boxes]
        else:
            seen = [(box, intersect(box, state.clip)) for box in placed]
            sizes = [
                (inner[2] - inner[0], inner[3] - inner[1])
                for box, inner in seen
                if inner and (inner == box or min(inner[2] - inner[0], inner[3] - inner[1]) > _SLIVER_PT)
            ]
        if len(placed) == 2 and content.rectangles == 2:  # a frame: one rectangle within another
            outer, inner = sorted(placed, key=lambda box: (box[0] - box[2]) * (box[3] - box[1]))
            if intersect(outer, inner) == inner:
                gaps = [abs(one - other) for one, other in zip(outer, inner, strict=True)]
                sizes += [(gap, THIN_PT + _LONG_PT) for gap in gaps if gap > _SLIVER_PT and state.clip is None]
        for width, height in sizes:
            if max(width, height) > _LONG_PT:
                self._thin(content, min(width, height), where, state.fill_alpha)

    def _thin(self, content: Interpreter, width: float, where: Zone, alpha: float) -> None:
        width *= self.unit
        if width < THIN_PT and alpha > 0 and not content.page.in_letter and len(self.lines) < MAX_KINDS:
            self.lines[round(width, 3), where] += 1

    def _innermost(self, boxes: Iterable[Box], clip: Box | None) -> Zone:
        """How far in the parts of an outline reach: marks around a page may be one outline."""
        found = Zone.SLUG
        for box in boxes:
            where = self._zone(box, clip)
            if where is Zone.PAGE:
                return where
            found = where if where is Zone.BLEED else found
        return found

    def _zone(self, box: Box, clip: Box | None) -> Zone:
        return zone(intersect(box, clip) or box, self.trim, self.bleed)

    # ------------------------------------------------------------ paint

    def _fill(self, content: Interpreter, where: Zone) -> None:
        state = content.state
        self._paint(content, PaintUse.FILL, state.fill, where, state.fill_over, state.fill_pattern)

    def _paint(
        self,
        content: Interpreter,
        use: PaintUse,
        colour: Colour,
        where: Zone,
        over: bool,
        pattern: Any = None,
        size: float = 0.0,
        few: bool = False,
    ) -> None:
        if colour.space.model is Model.PATTERN and content.follow_pattern(pattern):
            self._gradient(content, entry(pattern, "/Shading"), where)
        made = use, colour, where, over, content.state.mode if over else 0, size, few
        if len(self.paints) >= MAX_KINDS and made not in self.paints:
            content.leave_out("a page has too many colours")
        else:
            self.paints[made] += 1
        if not (content.tags and content.tags[-1]):
            self.untagged += 1

    def _gradient(self, content: Interpreter, shading: Any, where: Zone) -> None:
        space = content.space(entry(shading, "/ColorSpace")) or colours.UNKNOWN
        self._paint(content, PaintUse.SHADING, Colour(space), where, content.state.fill_over)

    def _effects(self, content: Interpreter, alpha: float) -> None:
        state = content.state
        if alpha < 1:
            self.effects["alpha", "constant"] += 1
        if state.blend not in ("Normal", "Compatible"):
            self.effects["blend", state.blend[:30]] += 1
        if state.masked:
            self.effects["soft mask", "graphics state"] += 1

    def _image(
        self,
        content: Interpreter,
        name: str,
        size: tuple[int, int],
        space: Space,
        bits: int,
        stencil: bool,
        masked: bool,
        smooth: bool,
    ) -> None:
        state = content.state
        wide, tall = across(state.ctm) * self.unit, along(state.ctm) * self.unit
        where = self._zone(transform_box((0.0, 0.0, 1.0, 1.0), state.ctm), state.clip)
        ppi = min(px / (pt / 72) if pt > 0 else math.inf for px, pt in zip(size, (wide, tall), strict=True))
        width, height = round(wide * MM_PER_PT, 2), round(tall * MM_PER_PT, 2)
        meant = colours.STENCIL if stencil else space
        if len(self.images) < MAX_KINDS:
            made = Image(name[:60], *size, width, height, round(ppi, 1), meant, bits, stencil, masked, smooth, where)
            self.images.append(made)
        if stencil:
            self._fill(content, where)
        elif not (content.tags and content.tags[-1]):
            self.untagged += 1
        self._effects(content, state.fill_alpha)
        if masked:
            self.effects["soft mask", "image"] += 1


def _is_few(content: Interpreter) -> bool:
    """Whether what is set in one go has at most three signs, as the mark of a note has."""
    told = content.written
    if len(told) > _SHORT:
        return False
    wide = 4 if content.state.font_kind == "Type0" else 2
    signs = sum(len(hexes) for hexes in _HEX.findall(told)) / wide + sum(len(text) for text in _PLAIN.findall(told))
    return signs <= _FEW


_PAIR = re.compile(rb"/(\w+)\s*(?:/(\w+)|(\d+)|(true|false))")
_LONG = {
    b"W": b"Width", b"H": b"Height", b"CS": b"ColorSpace", b"BPC": b"BitsPerComponent", b"IM": b"ImageMask",
}  # fmt: skip
