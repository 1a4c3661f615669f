"""What a person with a screen reader hears of a PDF, line by line.

Screen readers differ in their words and agree in what they tell: levels of headings, the length of lists and tables,
the heads of each cell, what a picture shows and where a link leads.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from briefing.pdf import structure_tree
from briefing.pdf.structure_tree import Tagged, TreePart

NO_TAGS = (
    "This file has no tags: a screen reader guesses what is a heading, a list or a table, and in which order to read."
)
MAX_HEADS = 12  # that are said before a cell, of its column and of its row
MAX_HEAD = 300  # letters of one
_LINES = re.compile(r"H[1-6]?|P|Caption|Lbl|LBody|Note|Formula|TOCI|BibEntry|Form|Annot")
_SPACES = re.compile(r"\s+")
_CLOSES = re.compile(r"\s+([.,;:!?)\]])")


@dataclass(frozen=True)
class SpokenLine:
    """One thing that is said, and how deep in lists and tables it stands."""

    text: str
    depth: int = 0


def read_aloud(data: bytes) -> tuple[SpokenLine, ...]:
    """What is heard of a PDF, from its structure tree; of one without tags, that it has none."""
    return lines(structure_tree.read(data))


def format_lines(said: Sequence[SpokenLine]) -> str:
    """The lines as text, indented."""
    return "".join(f"{'  ' * line.depth}{line.text}\n" for line in said)


def lines(tagged: Tagged) -> tuple[SpokenLine, ...]:
    """What is heard of a PDF that has been read."""
    opening = [
        SpokenLine(f"Document: {tagged.title}" if tagged.title else "Document without a title"),
        SpokenLine(f"Language: {tagged.language}" if tagged.language else "Language: not given"),
    ]
    if not tagged.parts:
        return (*opening, SpokenLine(NO_TAGS))
    return (*opening, *(line for part in tagged.parts for line in _part(part, 0)), SpokenLine("End of document"))


# ------------------------------------------------------------------ blocks


def _part(part: TreePart, depth: int) -> Iterator[SpokenLine]:
    """What is heard of a part that stands by itself."""
    if part.kind in ("L", "TOC"):
        yield from _list(part, depth)
    elif part.kind == "Table":
        yield from _table(part, depth)
    elif part.kind == "Figure":
        yield SpokenLine(_graphic(part), depth)
    elif part.kind == "BlockQuote":
        yield SpokenLine("Quotation", depth)
        yield from _blocks(part.kids, depth + 1)
        yield SpokenLine("End of quotation", depth)
    elif _LINES.fullmatch(part.kind):
        yield from _blocks(part.kids, depth, _before(part))
    else:
        yield from _blocks(part.kids, depth)


def _before(part: TreePart) -> str:
    """What is said before the words of a part."""
    if part.kind == "H":
        return "Heading: "
    if part.kind.startswith("H"):
        return f"Heading level {part.kind[1:]}: "
    if part.kind == "Note":
        number = part.name.removeprefix("note-") if re.fullmatch(r"note-\d+", part.name) else ""
        return f"Note {number}: " if number else "Note: "
    return {"Caption": "Caption: ", "Formula": "Formula: "}.get(part.kind, "")


def _blocks(kids: Sequence[TreePart | str], depth: int, before: str = "") -> Iterator[SpokenLine]:
    """Parts one after the other, and the words between them in lines of their own; `before` leads the first words."""
    words = ""
    for kid in kids:
        if isinstance(kid, TreePart) and _is_block(kid):
            if words.strip():
                yield SpokenLine(before + _clean(words), depth)
                before = ""
            words = ""
            inner = list(_part(kid, depth))
            if before and inner:
                inner[0] = SpokenLine(before + inner[0].text, inner[0].depth)
                before = ""
            yield from inner
        else:
            words += _inline(kid)
    if words.strip():
        yield SpokenLine(before + _clean(words), depth)


def _is_block(part: TreePart) -> bool:
    if part.kind == "Figure":
        return True
    inline = part.kind in ("Span", "Link", "Reference", "Quote", "Code", "Ruby", "Warichu", "NonStruct", "Lbl")
    return not inline or any(one.kind in ("P", "L", "Table", "Sect", "Div") for one in part.walk())


def _inline(kid: TreePart | str) -> str:
    """What is heard in a line of text."""
    if isinstance(kid, str):
        return kid
    if kid.kind == "Figure":
        return f" [{_graphic(kid)}] "
    words = "".join(_inline(inner) for inner in kid.kids)
    if kid.language and kid.kind == "Span":
        return f" [{kid.language}: {_clean(words)}]"
    if kid.kind == "Reference" and not any(map(_is_link, kid.kids)):
        return f" [Note {_clean(words)}]"
    if kid.kind == "Link":
        said = _clean(words)
        bare = _clean("".join(map(_plain_words, kid.kids)))
        if said.isdigit() and said in re.findall(r"\d+", kid.leads):  # “Source 1: …” says the number that stands there
            return f" [Link: {kid.leads}]"
        named = re.search(rf"\s*[:：]\s*{re.escape(bare)}$", kid.leads)  # one named after its target is not named twice
        where = kid.leads[: named.start()] if named else kid.leads
        if where and (address := said.replace(" ", "")).startswith(f"{where}/"):
            said = address  # which may stand on two lines
        leads = f", leads to {where}" if where and where != said else ""
        return f" [Link: {said}{leads}]"
    return words


def _plain_words(kid: TreePart | str) -> str:
    """The words alone, whatever their language."""
    return kid if isinstance(kid, str) else "".join(map(_plain_words, kid.kids))


def _clean(words: str) -> str:
    return _CLOSES.sub(r"\1", _SPACES.sub(" ", words)).strip()


def _graphic(part: TreePart) -> str:
    if part.alt:
        return f"Graphic: {_clean(part.alt)}"
    words = _clean("".join(_inline(kid) for kid in part.kids))
    return f"Graphic: {words}" if words else "Graphic, without a description"


# ------------------------------------------------------------------ lists


def _list(part: TreePart, depth: int) -> Iterator[SpokenLine]:
    items = [kid for kid in part.kids if isinstance(kid, TreePart) and kid.kind in ("LI", "TOCI")]
    known = set(map(id, items))
    others = [kid for kid in part.kids if id(kid) not in known]
    yield from _blocks([kid for kid in others if not (isinstance(kid, TreePart) and kid.kind == "L")], depth)
    yield SpokenLine(f"List of {len(items)} item{'s' * (len(items) != 1)}", depth)
    for kid in part.kids:
        if isinstance(kid, TreePart) and kid.kind == "L":
            yield from _list(kid, depth + 1)  # an inner list may be tagged beside its item
        elif id(kid) in known and isinstance(kid, TreePart):
            label = "".join(_inline(one) for one in kid.kids if isinstance(one, TreePart) and one.kind == "Lbl")
            body = [one for one in kid.kids if not (isinstance(one, TreePart) and one.kind == "Lbl")]
            yield from _item(body, depth + 1, _label(label))
    yield SpokenLine("End of list", depth)


def _item(kids: Sequence[TreePart | str], depth: int, label: str) -> Iterator[SpokenLine]:
    """What is heard of an item; the number of a note is told once, by its label."""
    for line in _blocks(kids, depth, label):
        noted = re.match(r"Note (\d+): ", line.text.removeprefix(label)) if label else None
        again = noted is not None and noted[1] in re.findall(r"\d+", label)
        yield replace(line, text=label + line.text.removeprefix(label)[noted.end() :]) if noted and again else line
        label = ""


def _label(words: str) -> str:
    said = _clean(words)
    return f"{said}. " if said.isdigit() else f"{said} " if said else ""


# ------------------------------------------------------------------ tables


def _table(part: TreePart, depth: int) -> Iterator[SpokenLine]:
    grid = _Grid(part)
    size = f"{grid.columns} column{'s' * (grid.columns != 1)}, {len(grid.rows)} row{'s' * (len(grid.rows) != 1)}"
    captions = [kid for kid in part.kids if isinstance(kid, TreePart) and kid.kind == "Caption"]
    yield SpokenLine(f"Table: {size}", depth)
    for caption in captions:
        yield from _part(caption, depth + 1)
    for number, row in enumerate(grid.rows, 1):
        yield SpokenLine(f"Row {number}", depth + 1)
        heard: list[str] = []  # heads of the row: who goes along it is told of them once
        for column, cell in row:
            heads = [head for head in grid.heads(number - 1, column, cell) if head and head not in heard]
            kind = {"Column": "column header", "Row": "row header", "Both": "header"}.get(cell.scope, "header")
            before = f"{', '.join(heads)}: " if heads else ""
            if cell.kind == "TH":
                before = f"{kind[0].upper()}{kind[1:]}: "
            yield from list(_blocks(cell.kids, depth + 2, before)) or [SpokenLine(before + "blank", depth + 2)]
            heard += [_plain(cell)[:MAX_HEAD]] if cell.kind == "TH" else []
    yield SpokenLine("End of table", depth)


class _Grid:
    """The cells of a table in rows and columns, and the heads of each."""

    def __init__(self, table: TreePart) -> None:
        self.rows: list[list[tuple[int, TreePart]]] = []
        taken: dict[int, int] = {}
        for line, row in enumerate(_rows(table)):
            cells: list[tuple[int, TreePart]] = []
            column = 0
            for cell in (kid for kid in row.kids if isinstance(kid, TreePart) and kid.kind in ("TH", "TD")):
                while taken.get(column, 0) > line:
                    column += 1
                cells.append((column, cell))
                taken |= dict.fromkeys(range(column, column + cell.columns), line + cell.rows)
                column += cell.columns
            self.rows.append(cells)
        self.columns = max(taken, default=-1) + 1
        self._line, self._over = 0, dict[int, list[TreePart]]()
        self._named = {cell.name: cell for row in self.rows for _, cell in row if cell.name and cell.kind == "TH"}

    def heads(self, line: int, column: int, cell: TreePart) -> list[str]:
        """What is said before a cell: the heads that it names, or those of its column and its row by their scope."""
        if cell.heads:
            found = [self._named[name] for name in cell.heads[:MAX_HEADS] if name in self._named]
        else:
            beside = (
                head
                for at, head in self.rows[line]
                if head.kind == "TH" and head.scope in ("Row", "Both") and at < column
            )
            found = [*self._above(line).get(column, ()), *itertools.islice(beside, MAX_HEADS)]
        return [_plain(head)[:MAX_HEAD] for head in found]

    def _above(self, line: int) -> dict[int, list[TreePart]]:
        """The first heads above a line, by column; lines are asked for from the top."""
        while self._line < line:
            for at, head in self.rows[self._line]:
                if head.kind == "TH" and head.scope in ("Column", "Both"):
                    for column in range(at, at + head.columns):
                        over = self._over.setdefault(column, [])
                        if len(over) < MAX_HEADS:
                            over.append(head)
            self._line += 1
        return self._over


def _rows(table: TreePart) -> Iterator[TreePart]:
    for kid in table.kids:
        if isinstance(kid, TreePart) and kid.kind == "TR":
            yield kid
        elif isinstance(kid, TreePart) and kid.kind in ("THead", "TBody", "TFoot"):
            yield from _rows(kid)


def _plain(part: TreePart) -> str:
    """The words of a head, without links."""
    words = "".join(kid if isinstance(kid, str) else f" {_plain(kid)}" for kid in part.kids if not _is_link(kid))
    return _clean(words)


def _is_link(kid: TreePart | str) -> bool:
    return isinstance(kid, TreePart) and kid.kind in ("Link", "Reference")
