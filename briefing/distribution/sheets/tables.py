"""Tables that go on from page to page, each page with their heads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from briefing.distribution.sheets.draft import LEFT, RIGHT, SheetDraft
from briefing.distribution.sheets.fitting import shorten
from briefing.finishing.stamping.text_pages import TextStyle

ROW = 6.2  # millimetres
HEAD = 7.4
_INNER = 1.2


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column, from its left edge."""

    head: str
    left: float
    width: float
    align: float = LEFT
    inner: bool = True  # not at the edge of the table


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row; what begins a part of the table or adds it up stands out."""

    cells: tuple[str, ...]
    strong: bool = False
    begins: bool = False  # a part of the table
    box: bool = False  # to be ticked


def columns_of(left: float, heads: Sequence[tuple[str, float, float]]) -> tuple[SheetColumn, ...]:
    """Columns beside one another, by head, width and align."""
    made, at = list[SheetColumn](), left
    for head, width, align in heads:
        made.append(SheetColumn(head, at, width, align, at > left))
        at += width
    return tuple(made)


def draw_heads(draft: SheetDraft, columns: Sequence[SheetColumn], top: float) -> None:
    """The row of heads."""
    for column in columns:
        _say(draft, column, column.head, top + 4.6, draft.look.style(8, "muted", strong=True))
    end = columns[-1].left + columns[-1].width
    draft.rule(columns[0].left, top + HEAD - 1, end - columns[0].left, "accent", 0.35)


def draw_row(draft: SheetDraft, columns: Sequence[SheetColumn], row: SheetRow, top: float) -> None:
    """A row, with a hairline below it."""
    if row.box:
        draft.frame(columns[0].left + 0.4, top + 1.4, 3.2, 3.2, "muted", 0.6)
    style = draft.look.style(9, "accent" if row.strong else "ink", row.strong)
    for number, (column, cell) in enumerate(zip(columns, row.cells, strict=True)):
        free = takewhile(lambda at: not row.cells[at], range(number + 1, len(columns)))  # beside it, to the right
        more = sum(columns[at].width for at in free) if column.align == LEFT else 0.0
        _say(draft, replace(column, width=column.width + more), cell, top + 4.2, style)
    end = columns[-1].left + columns[-1].width
    draft.rule(columns[0].left, top + ROW - 0.1, end - columns[0].left, thick=0.25 if row.strong else 0.1)


def in_pages(rows: Iterator[SheetRow], first: int, more: int) -> Iterator[list[SheetRow]]:
    """Rows in so many as a page has room for; one that begins a part never ends a page."""
    page, room = list[SheetRow](), first
    for row in rows:
        if len(page) >= room or (row.begins and len(page) >= room - 2):
            yield page
            page, room = [], more
        page.append(row)
    if page:
        yield page


def _say(draft: SheetDraft, column: SheetColumn, text: str, baseline: float, style: TextStyle) -> None:
    width = column.width - 2 * _INNER
    x = column.left + column.width - _INNER if column.align == RIGHT else column.left + _INNER * column.inner
    draft.say(x, baseline, shorten(draft.fonts, text, style, width), style, column.align)
