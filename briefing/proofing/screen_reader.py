"""What a person with a screen reader hears of a PDF, line by line.

Screen readers differ in their words and agree in what they tell: levels of headings, the length of lists and tables,
the heads of each cell, what a picture shows and where a link leads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from briefing.pdf import structure_tree
from briefing.pdf.structure_tree import Part, Tagged

NO_TAGS = (
    "This file has no tags: a screen reader guesses what is a heading, a list or a table, and in which order to read."
)
_LINES = re.compile(r"H[1-6]?|P|Caption|Lbl|LBody|Note|Formula|TOCI|BibEntry|Form|Annot")
_SPACES = re.compile(r"\s+")
_CLOSES = re.compile(r"\s+([.,;:!?)\]])")


@dataclass(frozen=True)
class Line:
    """One thing that is said, and how deep in lists and tables it stands."""

    text: str
    depth: int = 0


def heard(data: bytes) -> tuple[Line, ...]:
    """What is heard of a PDF, from its structure tree; of one without tags, that it has none."""
    return lines(structure_tree.read(data))


def told(said: Sequence[Line]) -> str:
    """The lines as text, indented."""
    return "".join(f"{'  ' * line.depth}{line.text}\n" for line in said)


def lines(tagged: Tagged) -> tuple[Line, ...]:
    """What is heard of a PDF that has been read."""
    opening = [
        Line(f"Document: {tagged.title}" if tagged.title else "Document without a title"),
        Line(f"Language: {tagged.language}" if tagged.language else "Language: not given"),
    ]
    if not tagged.parts:
        return (*opening, Line(NO_TAGS))
    return (*opening, *(line for part in tagged.parts for line in _part(part, 0)), Line("End of document"))


# ------------------------------------------------------------------ blocks


def _part(part: Part, depth: int) -> Iterator[Line]:
    """What is heard of a part that stands by itself."""
    if part.kind in ("L", "TOC"):
        yield from _list(part, depth)
    elif part.kind == "Table":
        yield from _table(part, depth)
    elif part.kind == "Figure":
        yield Line(_graphic(part), depth)
    elif part.kind == "BlockQuote":
        yield Line("Quotation", depth)
        yield from _blocks(part.kids, depth + 1)
        yield Line("End of quotation", depth)
    elif _LINES.fullmatch(part.kind):
        yield from _blocks(part.kids, depth, _before(part))
    else:
        yield from _blocks(part.kids, depth)


def _before(part: Part) -> str:
    """What is said before the words of a part."""
    if part.kind == "H":
        return "Heading: "
    if part.kind.startswith("H"):
        return f"Heading level {part.kind[1:]}: "
    if part.kind == "Note":
        number = part.name.removeprefix("note-") if re.fullmatch(r"note-\d+", part.name) else ""
        return f"Note {number}: " if number else "Note: "
    return {"Caption": "Caption: ", "Formula": "Formula: "}.get(part.kind, "")


def _blocks(kids: Sequence[Part | str], depth: int, before: str = "") -> Iterator[Line]:
    """Parts one after the other, and the words between them in lines of their own; `before` leads the first words."""
    words = ""
    for kid in kids:
        if isinstance(kid, Part) and _is_block(kid):
            if words.strip():
                yield Line(before + _clean(words), depth)
                before = ""
            words = ""
            inner = list(_part(kid, depth))
            if before and inner:
                inner[0] = Line(before + inner[0].text, inner[0].depth)
                before = ""
            yield from inner
        else:
            words += _inline(kid)
    if words.strip():
        yield Line(before + _clean(words), depth)


def _is_block(part: Part) -> bool:
    if part.kind == "Figure":
        return True
    inline = part.kind in ("Span", "Link", "Reference", "Quote", "Code", "Ruby", "Warichu", "NonStruct", "Lbl")
    return not inline or any(one.kind in ("P", "L", "Table", "Sect", "Div") for one in part.walk())


def _inline(kid: Part | str) -> str:
    """What is heard in a line of text."""
    if isinstance(kid, str):
        return kid
    if kid.kind == "Figure":
        return f" [{_graphic(kid)}] "
    words = "".join(_inline(inner) for inner in kid.kids)
    if kid.kind == "Link":
        said = _clean(words)
        where = kid.leads.removesuffix(f": {said}")  # a link that is named after its target is not named twice
        leads = f", leads to {where}" if where and where != said else ""
        return f" [Link: {said}{leads}]"
    return words


def _clean(words: str) -> str:
    return _CLOSES.sub(r"\1", _SPACES.sub(" ", words)).strip()


def _graphic(part: Part) -> str:
    if part.alt:
        return f"Graphic: {_clean(part.alt)}"
    words = _clean("".join(_inline(kid) for kid in part.kids))
    return f"Graphic: {words}" if words else "Graphic, without a description"


# ------------------------------------------------------------------ lists


def _list(part: Part, depth: int) -> Iterator[Line]:
    items = [kid for kid in part.kids if isinstance(kid, Part) and kid.kind in ("LI", "TOCI")]
    others = [kid for kid in part.kids if kid not in items]
    yield from _blocks([kid for kid in others if not (isinstance(kid, Part) and kid.kind == "L")], depth)
    yield Line(f"List of {len(items)} item{'s' * (len(items) != 1)}", depth)
    for kid in part.kids:
        if isinstance(kid, Part) and kid.kind == "L":
            yield from _list(kid, depth + 1)  # an inner list may be tagged beside its item
        elif kid in items and isinstance(kid, Part):
            label = "".join(_inline(one) for one in kid.kids if isinstance(one, Part) and one.kind == "Lbl")
            body = [one for one in kid.kids if not (isinstance(one, Part) and one.kind == "Lbl")]
            yield from _blocks(body, depth + 1, _label(label))
    yield Line("End of list", depth)


def _label(words: str) -> str:
    said = _clean(words)
    return f"{said}. " if said.isdigit() else f"{said} " if said else ""


# ------------------------------------------------------------------ tables


def _table(part: Part, depth: int) -> Iterator[Line]:
    grid = _Grid(part)
    size = f"{grid.columns} column{'s' * (grid.columns != 1)}, {len(grid.rows)} row{'s' * (len(grid.rows) != 1)}"
    captions = [kid for kid in part.kids if isinstance(kid, Part) and kid.kind == "Caption"]
    yield Line(f"Table: {size}", depth)
    for caption in captions:
        yield from _part(caption, depth + 1)
    for number, row in enumerate(grid.rows, 1):
        yield Line(f"Row {number}", depth + 1)
        for column, cell in row:
            heads = [head for head in grid.heads(number - 1, column, cell) if head]
            kind = {"Column": "column header", "Row": "row header", "Both": "header"}.get(cell.scope, "header")
            before = f"{', '.join(heads)}: " if heads else ""
            if cell.kind == "TH":
                before = f"{kind[0].upper()}{kind[1:]}: "
            yield from list(_blocks(cell.kids, depth + 2, before)) or [Line(before + "blank", depth + 2)]
    yield Line("End of table", depth)


class _Grid:
    """The cells of a table in rows and columns, and the heads of each."""

    def __init__(self, table: Part) -> None:
        self.rows: list[list[tuple[int, Part]]] = []
        taken: dict[int, int] = {}
        for line, row in enumerate(_rows(table)):
            cells: list[tuple[int, Part]] = []
            column = 0
            for cell in (kid for kid in row.kids if isinstance(kid, Part) and kid.kind in ("TH", "TD")):
                while taken.get(column, 0) > line:
                    column += 1
                cells.append((column, cell))
                taken |= dict.fromkeys(range(column, column + cell.columns), line + cell.rows)
                column += cell.columns
            self.rows.append(cells)
        self.columns = max(taken, default=-1) + 1
        self._named = {cell.name: cell for row in self.rows for _, cell in row if cell.name and cell.kind == "TH"}

    def heads(self, line: int, column: int, cell: Part) -> list[str]:
        """What is said before a cell: the heads that it names, or those of its column and its row by their scope."""
        if cell.heads:
            found = [self._named[name] for name in cell.heads if name in self._named]
        else:
            above = [
                head
                for row in self.rows[:line]
                for at, head in row
                if head.kind == "TH" and head.scope in ("Column", "Both") and at <= column < at + head.columns
            ]
            beside = [
                head
                for at, head in self.rows[line]
                if head.kind == "TH" and head.scope in ("Row", "Both") and at < column
            ]
            found = [*above, *beside]
        return [_plain(head) for head in found]


def _rows(table: Part) -> Iterator[Part]:
    for kid in table.kids:
        if isinstance(kid, Part) and kid.kind == "TR":
            yield kid
        elif isinstance(kid, Part) and kid.kind in ("THead", "TBody", "TFoot"):
            yield from _rows(kid)


def _plain(part: Part) -> str:
    """The words of a head, without links."""
    words = "".join(kid if isinstance(kid, str) else f" {_plain(kid)}" for kid in part.kids if not _is_link(kid))
    return _clean(words)


def _is_link(kid: Part | str) -> bool:
    return isinstance(kid, Part) and kid.kind in ("Link", "Reference")
