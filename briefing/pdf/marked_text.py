"""The words of marked content, of any PDF: bytes come in, words by page and number go out (ISO 32000-1, 14.7.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from briefing.pdf import pdfium

GAP = 0.12  # of the size of type: a space is wider
LINE = 0.6  # the same: lines lie farther apart


class Marked(NamedTuple):
    """The words of marked content, and where they begin and end: x and baseline in points."""

    text: str
    start: tuple[float, float]
    end: tuple[float, float]
    size: float

    def goes_on(self, after: Marked) -> bool:
        """Whether these words stand close behind others on their line, without a space between."""
        size = max(self.size, after.size)
        on_line = abs(self.start[1] - after.end[1]) < LINE * size  # a superior number stands higher
        return on_line and -size < self.start[0] - after.end[0] < GAP * size

    def joined(self, other: Marked) -> Marked:
        """Both, one behind the other."""
        space = "" if other.goes_on(self) else " "
        return Marked(self.text + space + other.text, self.start, other.end, max(self.size, other.size))


def marked_words(data: bytes) -> Mapping[tuple[int, int], Marked]:
    """The words of each marked content of any PDF, by page, from 0, and number."""
    found: dict[tuple[int, int], Marked] = {}
    for number, page in pdfium.pages(data):
        letters = pdfium.PageLetters(page)
        for item in pdfium.page_items(page):
            for word in pdfium.text_objects(item) if item.mark >= 0 else ():
                left, _, right, _ = word.box
                new = Marked(letters.of(word), (left, word.baseline), (right, word.baseline), word.size)
                if new.text:
                    before = found.get((number, item.mark))
                    found[number, item.mark] = before.joined(new) if before else new
    return found
