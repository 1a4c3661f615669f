"""The lines of a printed page, numbered from the top in each column, so that a remark can name one.

The words of a page come in; its lines go out: 1, 2, 3 … for those that begin in the text column, M1, M2, M3 … for those
that begin in the margin column. A copy with numbers beside the lines and the list of figures use the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from briefing.pdfinfo import Box, PdfInfo, Run

MARGIN = "M"
SPACES_EM = 1.5  # between runs of one line


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
    """All lines; one that begins right of `split`, in points, is in the margin column."""
    found: list[Line] = []
    for page, sheet in enumerate(info.sheets):
        rows = _rows([item for item in sheet.read if isinstance(item, Run)])
        for prefix, column in (
            ("", [row for row in rows if row[0] < split]),
            (MARGIN, [row for row in rows if row[0] >= split]),
        ):
            found += [Line(page, f"{prefix}{number}", row) for number, row in enumerate(_level(column), 1)]
    return tuple(found)


def _rows(runs: Sequence[Run]) -> list[Box]:
    """Runs that follow each other on one line, with no more between them than a space or two."""
    rows: list[Box] = []
    for run in sorted(runs, key=lambda run: (run.box[0], -run.box[3])):
        row = next((number for number, row in enumerate(rows) if _continues(run, row)), None)
        if row is None:
            rows.append(run.box)
        else:
            rows[row] = _both(run.box, rows[row])
    return rows


def _level(rows: Sequence[Box]) -> list[Box]:
    """Rows of a column from the top; those at one height, as in the cells of a table, are one line."""
    lines: list[Box] = []
    for row in sorted(rows, key=lambda row: -(row[1] + row[3])):
        if lines and _on(row, lines[-1]):
            lines[-1] = _both(row, lines[-1])
        else:
            lines.append(row)
    return lines


def _continues(run: Run, row: Box) -> bool:
    """Whether a run goes on where a row ends; a raised mark shares little of the row's height."""
    shared = min(run.box[3], row[3]) - max(run.box[1], row[1])
    return -run.size < run.box[0] - row[2] < SPACES_EM * run.size and shared > 0.1 * (run.box[3] - run.box[1])


def _on(box: Box, row: Box) -> bool:
    """Whether a box lies on a row: the middle of the lower of the two within the other."""
    lower, other = (box, row) if box[3] - box[1] < row[3] - row[1] else (row, box)
    return other[1] < (lower[1] + lower[3]) / 2 < other[3]


def _both(one: Box, other: Box) -> Box:
    return (min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3]))


def line_at(lines: Sequence[Line], page: int, box: Box) -> Line | None:
    """The line on which a run of words stands."""
    here = [line for line in lines if line.page == page and line.box[0] <= box[0] + 0.1 and line.box[2] >= box[2] - 0.1]
    middle = (box[1] + box[3]) / 2
    return min(here, key=lambda line: abs((line.box[1] + line.box[3]) / 2 - middle), default=None)
