"""What a table asks of its page: its heads, in two lines where some stand over several columns, its rows and notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from briefing.content.block_base import BlockBase
from briefing.content.blocks import Table, head_over
from briefing.documents.ended_texts import finished, stop_after
from briefing.documents.tables.marks import plan_marks
from briefing.proofing.asked_strings import AskedBlock, ExpectedString, as_head

_Said = list[ExpectedString]


def _table(page: AskedBlock, written: Table) -> Iterator[ExpectedString]:
    block, shared = finished(page.reader, written, page.stacked), plan_marks(written, page.reader.ledger).foot
    # Whatever is written first numbers its sources first: heads over columns, columns, rows.
    over = [list(page.said(top.head, "heads", number, "head")) for number, top in enumerate(block.heads)]
    heads = [list(page.said(column.head, "columns", number, "head")) for number, column in enumerate(block.columns)]
    tops = [head_over(block, number) for number in range(len(block.columns))]
    if not page.stacked:
        first = [(block.heads.index(top), True) if top else (number, False) for number, top in enumerate(tops)]
        for number, is_over in dict.fromkeys(first) if block.heads else ():
            yield from map(as_head, over[number] if is_over else heads[number])
        for number, top in enumerate(tops):
            if top or not block.heads:
                yield from map(as_head, heads[number])
    above = [over[block.heads.index(top)] if top else [] for top in tops]
    for number, row in enumerate(block.rows):
        yield from _row(page, row, heads, above, "rows", number)
    for at, group in enumerate(block.groups):
        yield from page.said(group.head, "groups", at, "head")
        for number, row in enumerate(group.rows):
            yield from _row(page, row, heads, above, "groups", at, "rows", number)
        yield from _row(page, group.subtotal or (), heads, above, "groups", at, "subtotal")
    yield from _row(page, block.total or (), heads, above, "total")
    yield from page.said(block.note, "note", after=stop_after(block.note) if shared and not block.notes else "")
    for mark, text in block.notes.items():
        for said in page.said(text, "notes", mark):
            yield page.own(f"{mark} {said.text}", "notes", mark)
    yield from page.source_line(shared)


def _row(
    page: AskedBlock, row: tuple[str, ...], heads: list[_Said], above: list[_Said], *at: str | int
) -> Iterator[ExpectedString]:
    for cell, text in enumerate(row):
        if page.stacked and cell:
            label = ", ".join(one.text for one in (*above[cell], *heads[cell]))
            yield page.own(f"{label}:", "columns", cell, "head")
        yield from page.said(text, *at, cell)


SAY: dict[type[BlockBase], Callable[[AskedBlock, Any], Iterator[ExpectedString]]] = {Table: _table}
