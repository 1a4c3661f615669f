"""The lines of a printed page, numbered from the top, so that a remark can name one.

What stands on the pages comes in; numbered lines go out: 1, 2, 3 … for the text and all that is as wide as the page,
M1, M2, M3 … for the margin column. A copy with numbers beside the lines and the list of figures use the same numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from briefing.pdf.geometry import Box, bounds
from briefing.proofing.comparison import Placement

MARGIN = "M"
SHARED = 0.3  # of the lower one's height: what a raised mark has in common with its line


class NumberedLine(NamedTuple):
    """A line of words on a page; the cells of a table that stand beside each other are one line."""

    page: int  # from 0
    label: str
    box: Box

    @property
    def in_margin(self) -> bool:
        """Whether it stands in the margin column."""
        return self.label.startswith(MARGIN)


def lines_of(
    stood: Sequence[Placement], margin: Collection[str], unnumbered: Collection[str]
) -> tuple[NumberedLine, ...]:
    """All lines but those of the `unnumbered` blocks; those of the `margin` blocks have numbers of their own."""
    boxes: dict[tuple[int, str], list[Box]] = {}
    for one in stood:
        if one.asked.picture is None and one.asked.block not in unnumbered:
            prefix = MARGIN if one.asked.block in margin else ""
            for page, box in one.parts:
                boxes.setdefault((page, prefix), []).append(box)
    return tuple(
        NumberedLine(page, f"{prefix}{number}", row)
        for (page, prefix), found in sorted(boxes.items())
        for number, row in enumerate(_rows(found), 1)
    )


def _rows(boxes: Iterable[Box]) -> list[Box]:
    """The boxes gathered into rows, from the top."""
    rows: list[Box] = []
    for box in sorted(boxes, key=lambda box: -(box[1] + box[3])):
        near = [number for number in range(max(0, len(rows) - 3), len(rows)) if _beside(box, rows[number])]
        if near:
            rows[near[-1]] = bounds((box, rows[near[-1]]))
        else:
            rows.append(box)
    return sorted(rows, key=lambda row: -(row[1] + row[3]))


def _beside(one: Box, other: Box) -> bool:
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return shared > SHARED * min(one[3] - one[1], other[3] - other[1])


def line_at(lines: Sequence[NumberedLine], page: int, box: Box) -> NumberedLine | None:
    """The line on which a run of words stands."""
    here = [line for line in lines if line.page == page and _holds(line.box, box)]
    middle = (box[1] + box[3]) / 2
    return min(here, key=lambda line: abs((line.box[1] + line.box[3]) / 2 - middle), default=None)


def _holds(row: Box, box: Box) -> bool:
    return row[0] - 0.1 <= box[0] and box[2] <= row[2] + 0.1 and row[1] - 0.1 <= box[1] and box[3] <= row[3] + 0.1


def stands_alone(stood: Iterable[Placement]) -> bool:
    """Whether the last page of a document begins with a block of its own, and not in the middle of one."""
    placed = [(page, one.asked.block) for one in stood for page, _ in one.parts]
    last = max((page for page, _ in placed), default=0)
    return last > 0 and not {block for page, block in placed if page == last} & {
        block for page, block in placed if page < last and block
    }
