"""The property `text-wrap` of CSS Text 4, which WeasyPrint lacks: where lines end, beyond how much each can hold.

`balance` makes the lines of a heading equally long: it takes the narrowest width at which they are no more than before.
`pretty` leaves no short word alone on the last line: the line above gives it a word of its own. Neither makes a text
longer by a line, so pages are as long as they would be otherwise.

Stands on `layout.block.iter_line_boxes`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from weasyprint.formatting_structure.boxes import TextBox

MOST_LINES = 8  # that are balanced: what has more is no heading
NEAR = 1 / 40  # of the widest line: how near to the narrowest width the search ends, less than a word
SHAVED_PX = 2.0  # what a line lacks so that its last word goes to the next
SHORT = 1 / 7  # of the widest line: the shortest that a last line should be
ALONE = 1 / 3  # or, where it is a single word
LEFT_OVER = 1 / 2  # of its width, at least, that a line keeps when it gives a word to the next
GIVEN = 3  # words, at most


class _Line(NamedTuple):
    """A line that is laid."""

    box: Any
    next: Any  # where the one below it begins
    absolute: list[Any]  # what stands elsewhere and belongs to it
    fixed: list[Any]


def install(properties: Any, validation: Any, block: Any) -> None:
    """Have WeasyPrint's modules know the property and heed it; once, before anything else reads their tables."""
    if "text_wrap" in properties.INITIAL_VALUES:
        return
    properties.INITIAL_VALUES["text_wrap"] = "wrap"
    properties.KNOWN_PROPERTIES.add("text-wrap")
    properties.INHERITED.add("text_wrap")

    @validation.property("text-wrap")  # type: ignore[untyped-decorator]
    @validation.single_keyword  # type: ignore[untyped-decorator]
    def text_wrap(keyword: str) -> bool:
        return keyword in ("wrap", "balance", "pretty")

    usual = block.iter_line_boxes

    def heeding(context: Any, box: Any, y: float, bottom: float, skip: Any, around: Any, *rest: Any) -> Iterator[Any]:
        how = around.style["text_wrap"]
        absolute, fixed, first_letter, first_line = rest
        if how == "wrap" or first_letter or first_line or not _is_plain(box, around):
            yield from usual(context, box, y, bottom, skip, around, *rest)
            return
        text = _Text(usual, context, box, bottom, around)
        for line in text.balanced(y) if how == "balance" and skip is None else text.filled(y, skip):
            absolute.extend(line.absolute)
            fixed.extend(line.fixed)
            yield line.box, line.next

    block.iter_line_boxes = heeding


def _is_plain(box: Any, around: Any) -> bool:
    """Whether lines begin at the left, and nothing in them makes room for itself elsewhere on the page."""
    if around.style["direction"] != "ltr" or around.style["text_align_all"] not in ("start", "left"):
        return False
    return not any(
        one.footnote or one.style["float"] != "none" or one.style["position"] not in _LEFT_ALONE
        for one in box.descendants()
        if not isinstance(one, TextBox)
    )


_LEFT_ALONE = ("static", "relative", "absolute")


class _Text:
    """A text whose lines can be laid at any width."""

    def __init__(self, usual: Any, context: Any, box: Any, bottom: float, around: Any) -> None:
        self._usual, self._context, self._box, self._bottom, self._around = usual, context, box, bottom, around

    def _from(self, y: float, skip: Any, width: float | None = None) -> Iterator[_Line]:
        around = self._around
        if width is not None:
            around = around.copy()
            around.width = width
        absolute: list[Any] = []
        fixed: list[Any] = []
        elsewhere = absolute, fixed
        for line, begins in self._usual(
            self._context, self._box, y, self._bottom, skip, around, *elsewhere, None, None
        ):
            yield _Line(line, begins, [*absolute], [*fixed])
            absolute.clear()
            fixed.clear()

    def balanced(self, y: float) -> list[_Line]:
        """As many lines as at the width that there is, at the narrowest one."""
        lines = list(self._from(y, None))
        if not 1 < len(lines) <= MOST_LINES:
            return lines
        widths = [line.box.width for line in lines]
        least, most = sum(widths) / len(widths), max(widths)
        while most - least > max(widths) * NEAR:
            width = (least + most) / 2
            tried = list(islice(self._from(y, None, width), len(lines) + 1))
            widest = max(line.box.width for line in tried)
            if len(tried) > len(lines) or widest > width:  # a word alone is wider
                least = width
            else:
                most, lines = widest, tried
        return lines

    def filled(self, y: float, skip: Any) -> Iterator[_Line]:
        """Line by line, but for the last two, which depend on each other."""
        held: list[_Line] = []
        widest = 1.0
        for line in self._from(y, skip):
            held.append(line)
            widest = max(widest, line.box.width)
            if len(held) > 2:
                skip = held[0].next
                yield held.pop(0)
        yield from self._with_words_brought_down(held, skip, widest)

    def _with_words_brought_down(self, lines: list[_Line], skip: Any, widest: float) -> list[_Line]:
        for _ in range(GIVEN):
            if len(lines) < 2 or not _is_runt(lines[1], widest):
                break
            above, last = lines
            room = self._reach(above)
            shorter = next(self._from(above.box.position_y, skip, room - SHAVED_PX))
            if shorter.next == above.next or self._reach(shorter) < room * LEFT_OVER:
                break
            fuller = list(self._from(last.box.position_y, shorter.next))
            if len(fuller) != 1 or fuller[0].next != last.next:
                break
            lines = [shorter, *fuller]
        return lines

    def _reach(self, line: _Line) -> float:
        """How far to the right a line goes."""
        ends = (one.position_x + one.margin_width() for one in line.box.children if one.is_in_normal_flow())
        return float(max(ends, default=0.0) - self._around.content_box_x())


def _is_runt(last: _Line, widest: float) -> bool:
    share = last.box.width / widest
    return bool(share < SHORT or (share < ALONE and len(_words(last).split()) < 2))


def _words(line: _Line) -> str:
    return "".join(one.text for one in line.box.descendants() if isinstance(one, TextBox))
