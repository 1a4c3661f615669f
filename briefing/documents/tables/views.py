"""Tables as their template sees them: heads in two lines, rows in groups, points below each other, bars and arrows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from briefing.content.block_base import BlockBase
from briefing.content.blocks import SUMS, Table, head_over, table_rows
from briefing.content.markdown import first_figure
from briefing.documents.ended_texts import source_line, stop_after
from briefing.documents.tables.columns import align_at_point
from briefing.documents.tables.marks import plan_marks
from briefing.language.amount import ends

if TYPE_CHECKING:
    from briefing.documents.text_renderer import TextRenderer

LONGEST_BAR = 14.0  # millimetres


def _table(hand: TextRenderer, block: Table, data: dict[str, Any], _: object) -> None:
    """Put the rows of all groups together, what columns show besides their words into the cells, and sources below."""
    lines: list[list[Markup]] = [*data["rows"]]
    body = [{"head": None, "rows": data["rows"], "subtotal": None}] if block.rows else []
    for group in data["groups"]:
        lines += [*group["rows"], *([group["subtotal"]] if group["subtotal"] else [])]
        body.append(group)
    lines += [data["total"]] if data["total"] else []
    for number, column in enumerate(block.columns):
        if column.align == "right" and number:
            cells = align_at_point([row[number] for row in lines], hand.wording.point)
            for row, cell in zip(lines, cells, strict=True):
                row[number] = cell
        if column.show:
            _show(hand, block, number, column.show, lines)
    source_line(hand, data, plan_marks(block, hand.ledger).foot)
    data["stop"] = stop_after(block.note)
    data["body"] = body
    data["shows"] = any(column.show for column in block.columns)
    data["tops"] = list(_tops(block, data))
    data["spans"] = {one for top in block.heads for one in range(top.over[0] - 1, top.over[1])}
    data["over"] = [_over(block, data, column) for column in range(len(block.columns))]


def _tops(block: Table, data: dict[str, Any]) -> Any:
    """The first of two lines of heads: those over several columns, and the columns that have none over them."""
    column = 0
    while column < len(block.columns) and block.heads:
        top = head_over(block, column)
        if top is None:
            yield {"column": column, "head": data["columns"][column]["head"], "count": 1}
            column += 1
        else:
            yield {"column": None, "head": data["heads"][block.heads.index(top)]["head"], "count": top.over[1] - column}
            column = top.over[1]


def _over(block: Table, data: dict[str, Any], column: int) -> Markup | None:
    """The head over a column, for a table that is set as a list."""
    top = head_over(block, column)
    return data["heads"][block.heads.index(top)]["head"] if top else None


def _show(hand: TextRenderer, block: Table, column: int, what: str, lines: list[list[Markup]]) -> None:
    sums = SUMS if what == "bar" else ()  # which would be longer than all that they come from
    values = [None if at[-1] in sums else _value(hand, cells[column]) for at, cells in table_rows(block)]
    most = max((one for one in values if one is not None), default=0.0)
    for row, value in zip(lines, values, strict=True):
        if value is None or (what == "bar" and not value):
            continue
        if what == "bar":
            shown = f'<span class="bar" style="width: {max(0.3, value / most * LONGEST_BAR):.2f}mm"></span>'
        else:
            shown = f'<span class="arrow {"up" if value > 0 else "down" if value < 0 else "level"}"></span>'
        row[column] = Markup(f"{shown}{row[column]}")


def _value(hand: TextRenderer, cell: str) -> float | None:
    """The value of the first figure in a cell."""
    entry = hand.ledger.entries.get(first_figure(cell) or "")
    told = ends(entry.value) if entry else ()
    return float(told[-1]) if told else None


MORE: dict[type[BlockBase], Any] = {Table: _table}
