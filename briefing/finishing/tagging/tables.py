"""Tables: which heads are of columns and which of rows, and which heads each cell has."""

from __future__ import annotations

from collections.abc import Iterator

from pikepdf import Array, Name, String

from briefing.finishing.tagging.tree import Element


def mend(top: Element) -> None:
    """Mend every table of a document (ISO 14289-1, 7.5)."""
    for number, table in enumerate((one for one in top.walk() if one.kind == "Table"), 1):
        _heads(table, number)


def _heads(table: Element, number: int) -> None:
    """Give each head its scope, and each cell its heads: of its columns, of its group of rows and of its rows."""
    columns: dict[int, list[str]] = {}
    rows: dict[int, list[str]] = {}
    group: list[str] = []
    begun = None
    for line, cells, section in _grid(table):
        if section is not begun:
            begun, group = section, []  # what stands in another part of the table is in no group of this one
        whole = len(cells) == 1 and cells[0][1].kind == "TH"
        for column, cell, in_head in cells:
            cell.attributes = {"/O": Name.Table}
            if cell.rows > 1:
                cell.attributes["/RowSpan"] = cell.rows
            if cell.columns > 1:
                cell.attributes["/ColSpan"] = cell.columns
            if cell.kind == "TH":
                cell.name = f"table-{number}-{line}-{column}"
                cell.attributes["/Scope"] = Name.Column if in_head else Name.Row
                if in_head:
                    for covered in range(column, column + cell.columns):
                        columns.setdefault(covered, []).append(cell.name)
                elif whole:
                    group = [cell.name]
                else:
                    for covered in range(line, line + cell.rows):
                        rows.setdefault(covered, []).append(cell.name)
            else:
                above = [name for covered in range(column, column + cell.columns) for name in columns.get(covered, ())]
                names = [*above, *group, *rows.get(line, ())]
                if names:
                    cell.attributes["/Headers"] = Array([String(name) for name in dict.fromkeys(names)])


def _grid(table: Element) -> Iterator[tuple[int, list[tuple[int, Element, bool]], Element]]:
    """Each row with its number: its cells with the column in which they begin, and whether they are in the head.

    With it comes the part of the table in which it stands.
    """
    taken: dict[int, int] = {}  # by column: above which row a cell reaches
    for line, (row, in_head, section) in enumerate(_rows(table, table)):
        cells = []
        column = 0
        for cell in (kid for kid in row.elements if kid.kind in ("TH", "TD")):
            while taken.get(column, 0) > line:
                column += 1
            cells.append((column, cell, in_head))
            taken |= dict.fromkeys(range(column, column + cell.columns), line + cell.rows)
            column += cell.columns
        yield line, cells, section


def _rows(table: Element, section: Element, in_head: bool = False) -> Iterator[tuple[Element, bool, Element]]:
    for kid in table.elements:
        if kid.kind == "TR":
            yield kid, in_head, section
        elif kid.kind in ("THead", "TBody", "TFoot"):
            yield from _rows(kid, kid, kid.kind == "THead")
