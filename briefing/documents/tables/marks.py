"""Where the source marks of a table stand: a table and its ledger in, the fewest places that say as much out.

Marks that all figures of a table share stand once in the line below it. Those that a column shares stand at its head,
those that a row shares at its label, and whatever else differs stays in its cell. A dagger stays at its figure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from briefing.content.blocks import RowGroup, Table, table_rows
from briefing.content.inline.rules import CITATION, FIGURE
from briefing.content.markdown import Citation, FigureRef, parts
from briefing.content.scalars import Kind, Path

if TYPE_CHECKING:
    from briefing.ledger.ledger import Ledger

Sources = tuple[str, ...]
AnyTable = TypeVar("AnyTable", bound=Table)
Group = TypeVar("Group", bound=Hashable)
SHARED = 2  # cells at least that a common mark stands for


@dataclass(frozen=True)
class MarkPlan:
    """The sources that are marked once for many cells; all others are marked where they are used."""

    foot: Sources = ()  # of the whole table
    columns: Mapping[int, Sources] = field(default_factory=dict)
    rows: Mapping[Path, Sources] = field(default_factory=dict)  # by their places in the table

    def shares(self, row: Path, column: int) -> bool:
        """Whether the marks of a cell stand elsewhere."""
        return bool(column and (self.foot or column in self.columns or row in self.rows))


@dataclass(frozen=True)
class _Cell:
    row: Path
    column: int
    sources: Sources  # that it marks; none where its marks differ among themselves


def plan_marks(table: Table, ledger: Ledger, as_list: bool = False) -> MarkPlan:
    """Decide where the marks of a table stand; set `as_list`, row by row, it has no heads that many rows share."""
    cells = [*_marked_cells(table, ledger)]
    whole = _alike(cells, lambda _: 0)
    if whole:
        return MarkPlan(foot=whole[0])
    columns = {} if as_list else _alike(cells, lambda cell: cell.column)
    rows = _alike(cells, lambda cell: cell.row)
    if _saved(cells, rows, lambda cell: cell.row) > _saved(cells, columns, lambda cell: cell.column):
        return MarkPlan(rows=rows)
    return MarkPlan(columns=columns)


def with_shared_marks(table: AnyTable, ledger: Ledger, as_list: bool = False) -> AnyTable:
    """The same table with its marks where they stand, but for those of the line below it."""
    plan = plan_marks(table, ledger, as_list)

    def row(at: Path, cells: Sources) -> Sources:
        kept = (_unmarked(text) if plan.shares(at, column) else text for column, text in enumerate(cells))
        label, *others = kept
        return _marked(label, plan.rows.get(at, ())), *others

    def group(at: int, one: RowGroup) -> RowGroup:
        rows = tuple(row(("groups", at, "rows", number), cells) for number, cells in enumerate(one.rows))
        subtotal = row(("groups", at, "subtotal"), one.subtotal) if one.subtotal else None
        return one.model_copy(update={"rows": rows, "subtotal": subtotal})

    columns = (
        column.model_copy(update={"head": _marked(column.head, plan.columns.get(number, ()))})
        for number, column in enumerate(table.columns)
    )
    new = {
        "columns": tuple(columns),
        "rows": tuple(row(("rows", number), cells) for number, cells in enumerate(table.rows)),
        "groups": tuple(group(at, one) for at, one in enumerate(table.groups)),
        "total": row(("total",), table.total) if table.total else None,
    }
    return table.model_copy(update=new)


def _marked_cells(table: Table, ledger: Ledger) -> Iterator[_Cell]:
    """The cells that mark sources; the first of a row is its label."""
    for row, texts in table_rows(table):
        for column, text in enumerate(texts):
            marks = [*_marks_in(text, ledger)] if column else []
            if marks:
                all_of_them = tuple(dict.fromkeys(name for mark in marks for name in mark))
                alike = _can_be_unmarked(text) and all(set(mark) == set(all_of_them) for mark in marks)
                yield _Cell(row, column, all_of_them if alike else ())


def _marks_in(text: str, ledger: Ledger) -> Iterator[Sources]:
    for part in parts(Kind.TEXT, text):
        if isinstance(part, Citation):
            yield part.ids
        elif isinstance(part, FigureRef) and not part.plain and part.variant != "date":
            yield from filter(None, [ledger.entries[part.id].sources])


def _alike(cells: Iterable[_Cell], group: Callable[[_Cell], Group]) -> dict[Group, Sources]:
    """The groups of cells that all mark the same sources, with these."""
    groups: dict[Group, list[Sources]] = {}
    for cell in cells:
        groups.setdefault(group(cell), []).append(cell.sources)
    return {
        name: found[0]
        for name, found in groups.items()
        if len(found) >= SHARED and all(found) and len({frozenset(one) for one in found}) == 1
    }


def _saved(cells: Iterable[_Cell], shared: Mapping[Group, Sources], group: Callable[[_Cell], Group]) -> int:
    """How many marks fewer are printed."""
    return sum(group(cell) in shared for cell in cells) - len(shared)


# ------------------------------------------------------------------ texts


def _can_be_unmarked(text: str) -> bool:
    """Whether the signs of a text that look like figures and citations are what the Markdown reader takes for them."""
    found = [part for part in parts(Kind.TEXT, text) if isinstance(part, Citation | FigureRef)]
    return len(found) == len(FIGURE.findall(text)) + len(CITATION.findall(text))


def _unmarked(text: str) -> str:
    """A text whose figures and statements leave their sources to another place."""
    called = FIGURE.sub(lambda call: f"{call[0][:-2]}|plain}}}}", text)
    return re.sub(rf"\s*{CITATION.pattern}", "", called).strip()


def _marked(text: str, sources: Sources) -> str:
    """A text that marks sources behind its words, if it does not do so already."""
    said = {name for part in parts(Kind.TEXT, text) if isinstance(part, Citation) for name in part.ids}
    if said.issuperset(sources):
        return text
    return f"{text} [{'; '.join(f'@{name}' for name in sources)}]"
