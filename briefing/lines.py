"""The lines of a printed page, numbered from the top in each column, so that a remark can name one.

The words of a page come in; its lines go out: 1, 2, 3 … for those that begin in the text column, M1, M2, M3 … for those
that begin in the margin column. A copy with numbers beside the lines and the list of figures use the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from briefing.pdfinfo import Box, PdfInfo, Run

MARGIN = "M"


@dataclass(frozen=True)
class Line:
    """A line of words on a page."""

    page: int  # from 0
    label: str
    box: Box

    @property
    def in_margin(self) -> bool:
        """Whether it stands in the margin column."""
        return self.label.startswith(MARGIN)


def lines_of(info: PdfInfo, split: float) -> tuple[Line, ...]:
    """All lines; what begins right of `split`, in points, is in the margin column."""
    found: list[Line] = []
    for page, sheet in enumerate(info.sheets):
        runs = [item for item in sheet.read if isinstance(item, Run)]
        found += _numbered(page, [run.box for run in runs if run.box[0] < split], "")
        found += _numbered(page, [run.box for run in runs if run.box[0] >= split], MARGIN)
    return tuple(found)


def _numbered(page: int, boxes: Iterable[Box], prefix: str) -> list[Line]:
    rows: list[Box] = []
    for box in sorted(boxes, key=lambda box: (-box[3], box[0])):
        row = next((n for n in range(len(rows) - 1, max(-1, len(rows) - 4), -1) if _on(box, rows[n])), None)
        if row is None:
            rows.append(box)
        else:
            rows[row] = _both(box, rows[row])
    rows.sort(key=lambda row: -(row[1] + row[3]))
    return [Line(page, f"{prefix}{number}", row) for number, row in enumerate(rows, 1)]


def _on(box: Box, row: Box) -> bool:
    """Whether a box lies on a row: the middle of the lower of the two within the other."""
    lower, other = (box, row) if box[3] - box[1] < row[3] - row[1] else (row, box)
    return other[1] < (lower[1] + lower[3]) / 2 < other[3]


def _both(one: Box, other: Box) -> Box:
    return (min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3]))


def line_at(lines: Sequence[Line], page: int, box: Box, split: float) -> Line | None:
    """The line on which a run of words stands."""
    here = [line for line in lines if line.page == page and line.in_margin == (box[0] >= split)]
    middle = (box[1] + box[3]) / 2
    return min(here, key=lambda line: abs((line.box[1] + line.box[3]) / 2 - middle), default=None)
