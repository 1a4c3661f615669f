"""Text put where it has room: lines set smaller where they are too long, paragraphs broken into lines."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from briefing.finishing.stamping.text_pages import PageFonts, PlacedText, TextStyle

PT = 25.4 / 72  # of a millimetre
LEADING = 1.2  # from line to line, in sizes
_TOGETHER = 0.72  # how far all lines of a block are set smaller for one of them


class NoRoomError(ValueError):
    """Text that does not fit at the smallest size; it says what it lacks, and not what it is."""

    def __init__(self, what: str, lacks: float) -> None:
        super().__init__(f"{what} lacks {max(lacks, 0.1):.1f} mm")
        self.what, self.lacks = what, lacks


@dataclass(frozen=True, slots=True)
class Room:
    """A place for text, in millimetres."""

    left: float
    top: float
    width: float
    height: float


def fit_line(fonts: PageFonts, text: str, style: TextStyle, width: float, least: float, what: str) -> TextStyle:
    """The style in which a line has room, no smaller than `least`; raises `NoRoomError`."""
    wide = fonts.width(text, style)
    if wide <= width:
        return style
    size = math.floor(style.size * width / wide * 100) / 100
    if size < least:
        raise NoRoomError(what, wide * least / style.size - width)
    return replace(style, size=size)


def fit_block(
    fonts: PageFonts, lines: Sequence[str], style: TextStyle, room: Room, least: float, middle: bool = False
) -> tuple[PlacedText, ...]:
    """Lines from the top of their room: all a little smaller for a long one, and that one by itself where need be.

      In the `middle`, as much stays free above them as below.
    Raises `NoRoomError`.
    """
    size = min(style.size, room.height / (len(lines) * LEADING * PT))
    if size < least:
        raise NoRoomError("its height", len(lines) * LEADING * PT * least - room.height)
    widest = max(fonts.width(line, replace(style, size=size)) for line in lines)
    shared = max(size * min(1.0, room.width / widest if widest else 1.0), min(size, _TOGETHER * style.size), least)
    block = replace(style, size=math.floor(shared * 100) / 100)
    step = block.size * LEADING * PT
    top = room.top + ((room.height - len(lines) * step) / 2 if middle else 0.0)
    return tuple(
        PlacedText(
            room.left,
            top + number * step - 0.28 * step,
            line,
            fit_line(fonts, line, block, room.width, least, f"line {number}"),
        )
        for number, line in enumerate(lines, 1)
    )


def break_lines(fonts: PageFonts, text: str, style: TextStyle, width: float) -> Iterator[str]:
    """A paragraph line by line; a word that is wider than a line is broken where the line ends."""
    line, wide, space = "", 0.0, fonts.width(" ", style)
    for word in filter(None, text.split(" ")):  # not where a space is meant to hold
        own = fonts.width(word, style)
        if line and wide + space + own <= width:
            line, wide = f"{line} {word}", wide + space + own
            continue
        if line:
            yield line
        while len(word) > 1 and fonts.width(word, style) > width:
            cut = next(at for at in range(len(word) - 1, 0, -1) if at == 1 or fonts.width(word[:at], style) <= width)
            yield word[:cut]
            word = word[cut:]
        line, wide = word, fonts.width(word, style)
    if line:
        yield line


def shorten(fonts: PageFonts, text: str, style: TextStyle, width: float) -> str:
    """A text that ends in … where it has no room: for lists that only remind of what stands elsewhere in full."""
    if fonts.width(text, style) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if fonts.width(f"{text[:middle].rstrip()}…", style) <= width:
            low = middle
        else:
            high = middle - 1
    return f"{text[:low].rstrip()}…"
