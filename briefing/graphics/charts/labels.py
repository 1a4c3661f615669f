"""Words placed by pixel where two might touch, which Vega-Lite does not look after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import Any, Literal

from briefing.design.brand.advances import Advances
from briefing.graphics.charts.layers import Layer, each, layer, pixels
from briefing.graphics.drawing import TRACKING

Box = tuple[float, float, float, float]  # left, top, right, bottom

# Advance widths of Source Sans 3 in thousandths of its size; other faces of the kind differ by a few per cent.
_WIDTHS = {
    **dict.fromkeys("0123456789$€£", 0.497),
    **dict.fromkeys(".,:;'’‘|!ijl·\u00a0 \u202f", 0.25),
    **dict.fromkeys("frt()-‐[]/", 0.335),
    **dict.fromkeys("mMW%", 0.84),
    **dict.fromkeys("wQOGNHDUA", 0.67),
}
# Those of a brand's font, while its drawings are planned.
_ADVANCES: ContextVar[Advances | None] = ContextVar("advances", default=None)


@contextmanager
def measured_with(advances: Advances | None) -> Iterator[None]:
    """Measure words with the font that they will be set in; with the house's where none is given."""
    before = _ADVANCES.set(advances)
    try:
        yield
    finally:
        _ADVANCES.reset(before)


@dataclass(frozen=True)
class Label:
    """Words at a point, on one or more lines; `y` is the middle of all their lines."""

    text: str
    x: float
    y: float
    size: float
    colour: str
    align: Literal["left", "center", "right"] = "left"
    bold: bool = False
    italic: bool = False  # and letter-spaced, as the names of seas are

    @property
    def box(self) -> Box:
        """The room that the words take, with a hair of air."""
        wide = text_width(self.text, self.size, self.bold) * (1 + 2 * TRACKING if self.italic else 1)
        left = self.x - {"left": 0.0, "center": wide / 2, "right": wide}[self.align]
        tall = self.size * (0.95 + 1.15 * self.text.count("\n"))
        return (left - 1.5, self.y - tall / 2, left + wide + 1.5, self.y + tall / 2)


def text_width(text: str, size: float, bold: bool = False) -> float:
    """About how wide the longest line is, rather too wide than too narrow."""
    if (own := _ADVANCES.get()) is not None:
        return max(own.width(line, size, bold) for line in text.split("\n"))
    longest = max(sum(_WIDTHS.get(c, 0.59 if c.isupper() else 0.525) for c in line) for line in text.split("\n"))
    return longest * size * (1.06 if bold else 1.0)


def touch(one: Box, other: Box) -> bool:
    """Whether two boxes share room."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def text_layers(labels: Sequence[Label]) -> list[Layer]:
    """The layers that draw labels; italic ones are apart, because they are letter-spaced later."""
    look = {"align": each("align"), "fontWeight": each("weight"), "fontSize": each("size"), "color": each("colour")}
    at = {"x": pixels("x"), "y": pixels("y"), "text": {"field": "text"}}
    upright = [_value(one) for one in labels if one.text and not one.italic]
    tracked = [_value(one) for one in labels if one.text and one.italic]
    layers = [
        layer(upright, {"type": "text", **look}, **at),
        {"name": "tracked", **layer(tracked, {"type": "text", "fontStyle": "italic", **look}, **at)},
    ]
    return [one for one in layers if one["data"]["values"]]


def _value(label: Label) -> dict[str, Any]:
    first = label.y - label.text.count("\n") * (label.size + 2) / 2  # Vega sets further lines below, at size and 2 px
    place = {"x": round(label.x, 2), "y": round(first, 2)}
    return {**asdict(label), **place, "weight": 600 if label.bold else 400}


def place_labels(wanted: Iterable[Iterable[Label]], taken: Iterable[Box], room: Box) -> list[Label]:
    """Of each group of choices the first that lies in the room and touches nothing; a group may find no place."""
    boxes, kept = list(taken), []
    for choices in wanted:
        for label in choices:
            left, top, right, bottom = box = label.box
            inside = left >= room[0] and top >= room[1] and right <= room[2] and bottom <= room[3]
            if inside and not any(touch(box, other) for other in boxes):
                kept.append(label)
                boxes.append(box)
                break
    return kept


def wrap_text(text: str, width: float, size: float, bold: bool = False) -> str:
    """The text on as few lines as the width allows, of about one length; a wider word stands on its own line."""
    folded = _folded(text, width, size, bold)
    for share in range(95, 50, -5):  # shorten all lines together as long as no further line is needed
        tighter = _folded(text, width * share / 100, size, bold)
        if tighter.count("\n") > folded.count("\n"):
            break
        folded = tighter
    return folded


def _folded(text: str, width: float, size: float, bold: bool) -> str:
    lines: list[str] = []
    for word in text.split(" "):
        if lines and text_width(f"{lines[-1]} {word}", size, bold) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)


def spread_apart(wanted: Sequence[float], gap: Sequence[float], low: float, high: float) -> list[float]:
    """Move places, kept in order, so that place i is `gap[i]` after the one before and all lie within the limits."""
    placed: list[float] = []
    for at, distance in zip(wanted, gap, strict=True):
        placed.append(max(at, placed[-1] + distance if placed else low))
    limit = high
    for index in reversed(range(len(placed))):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - gap[index]
    return placed
