"""What stands where on the pages, and the lines of the content that say it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from briefing.content.tree import ContentTree
from briefing.pdf.geometry import Box
from briefing.preview.state import PreviewPage
from briefing.proofing.comparison import Placement

BEFORE, LINES = 2, 9  # lines of an excerpt: those before, and all
WIDEST = 400  # letters of a line that are shown
SAID = 120  # letters by which a spot is called


def list_spots(stood: Sequence[Placement], sheets: Sequence[PreviewPage]) -> list[dict[str, Any]]:
    """All spots: what each says, its page, and its room there in shares of the page from the upper left corner."""
    found = []
    for number, one in enumerate(stood):
        pages: dict[int, Box] = {}
        for page, box in one.parts:
            pages[page] = _around(pages[page], box) if page in pages else box
        text = " ".join(one.asked.text.split())
        for page, box in pages.items():
            if page < len(sheets):
                wide, tall = sheets[page].width, sheets[page].height
                shares = (box[0] / wide, 1 - box[3] / tall, box[2] / wide, 1 - box[1] / tall)
                said = text if len(text) <= SAID else text[: SAID - 1] + "…"
                found.append({"spot": number, "page": page, "box": [round(s, 5) for s in shares], "text": said})
    return found


def find_source_lines(one: Placement, source: ContentTree) -> dict[str, Any]:
    """The line of the content that says what stands in a spot, with those around it, and its figures' lines."""
    place = source.place(one.asked.path)
    figures = {name: source.place(("figures", name), key=True) for name, _, _ in one.figures}
    return {
        **excerpt(source, place.line, _last(one, source)),
        "column": place.column,
        "block": one.asked.block,
        "figures": [{"name": name, "line": at.line} for name, at in figures.items() if at.line],
    }


def excerpt(source: ContentTree, line: int, last: int | None = None) -> dict[str, Any]:
    """Some lines of the content around one of them."""
    line = min(max(line, 1), max(1, len(source.lines)))
    first = max(1, line - BEFORE)
    shown = source.lines[first - 1 : first - 1 + LINES]
    return {
        "file": source.file,
        "line": line,
        "last": max(line, min(last or line, first + len(shown) - 1)),
        "first": first,
        "lines": [text if len(text) <= WIDEST else text[:WIDEST] + "…" for text in shown],
    }


def _last(one: Placement, source: ContentTree) -> int:
    """The last line of a text: the one before whatever comes next, without blank lines and remarks."""
    start = source.place(one.asked.path).line
    after = [line for line, _ in (*source.keys.values(), *source.values.values()) if line > start]
    end = min(after, default=len(source.lines) + 1) - 1
    while end > start and (not (text := source.lines[end - 1].strip()) or text.startswith("#")):
        end -= 1
    return max(start, end)


def _around(one: Box, other: Box) -> Box:
    return (min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3]))
