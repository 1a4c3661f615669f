"""Source marks of a table stand in as few places as say the same."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from briefing.content.blocks import RowGroup, Table
from briefing.design.outputs import USES, OutputName
from briefing.documents.tables.marks import plan_marks, with_shared_marks
from briefing.ledger.ledger import Ledger
from briefing.pipeline.document import make
from briefing.proofing.screen_reader import read_aloud
from tests.support.builds import GOOD, briefing_of, orders, swapped

SOURCES = {"a": ("one",), "b": ("two",), "ab": ("one", "two"), "ba": ("two", "one"), "own": ()}
LEDGER = cast(Ledger, SimpleNamespace(entries={name: SimpleNamespace(sources=ids) for name, ids in SOURCES.items()}))


def table(*rows: str, **more: Any) -> Table:
    """A table of figures by their names, with a label before each row."""
    cells = tuple(("Label", *(f"{{{{{one}|bare}}}}" if one in SOURCES else one for one in row.split())) for row in rows)
    heads = tuple({"head": f"Head {number}"} for number in range(len(cells[0])))
    return Table.model_validate({"columns": heads, "rows": cells, **more})


def all_cells(shown: Table) -> str:
    return " ".join(cell for row in shown.rows for cell in row)


def test_sources_that_all_figures_share_are_told_below_the_table() -> None:
    whole = table("ab ba", "ab –")
    assert plan_marks(whole, LEDGER).foot == ("one", "two")
    assert all_cells(with_shared_marks(whole, LEDGER)).count("|plain}}") == 3


def test_a_single_figure_keeps_its_mark() -> None:
    lone = table("a –", "own new")
    assert with_shared_marks(lone, LEDGER) == lone


def test_sources_that_a_column_shares_are_told_at_its_head() -> None:
    subtotal = RowGroup(head="Group", rows=(("Label", "{{a}}", "{{b}}"),), subtotal=("All", "{{a}}", "{{ab}}"))
    shown = with_shared_marks(table("a a", groups=(subtotal,), total=("All", "{{a}}", "{{b}}")), LEDGER)
    assert [column.head for column in shown.columns] == ["Head 0", "Head 1 [@one]", "Head 2"]
    assert shown.rows[0] == ("Label", "{{a|bare|plain}}", "{{a|bare}}")
    assert shown.groups[0].subtotal == ("All", "{{a|plain}}", "{{ab}}")
    assert shown.total == ("All", "{{a|plain}}", "{{b}}")


def test_sources_that_a_row_shares_are_told_at_its_label() -> None:
    shown = with_shared_marks(table("a a a", "b b b"), LEDGER)
    assert [row[0] for row in shown.rows] == ["Label [@one]", "Label [@two]"]
    assert all_cells(shown).count("|plain}}") == 6


@pytest.mark.parametrize("rows", [("a b", "ab a"), ("a b", "b a")])
def test_what_differs_keeps_its_marks(rows: tuple[str, ...]) -> None:
    mixed = table(*rows)
    assert with_shared_marks(mixed, LEDGER) == mixed


def test_a_cell_whose_statements_have_sources_of_their_own_keeps_them() -> None:
    both = table("ab ab").model_copy(
        update={"rows": (("Label", "{{a}} and {{b}}", "{{ab}}"), ("Label", "x", "{{ab}}"))}
    )
    shown = with_shared_marks(both, LEDGER)
    assert shown.rows[0][1] == "{{a}} and {{b}}"
    assert shown.columns[2].head == "Head 2 [@one; @two]"


def test_citations_are_shared_like_figures_and_a_head_that_has_them_says_them_once() -> None:
    cited = table("a b").model_copy(update={"rows": (("L", "So [@one].", "{{b}}"), ("L", "{{a}}", "{{a}}"))})
    told = cited.columns[1].model_copy(update={"head": "Head [@one]"})
    shown = with_shared_marks(cited.model_copy(update={"columns": (cited.columns[0], told, cited.columns[2])}), LEDGER)
    assert shown.columns[1].head == "Head [@one]"
    assert [row[1] for row in shown.rows] == ["So.", "{{a|plain}}"]


def test_a_table_that_is_set_as_a_list_has_no_heads_to_mark() -> None:
    columns = table("a b b", "a b ab", "a b b")
    assert plan_marks(columns, LEDGER).columns == {1: ("one",), 2: ("two",)}
    assert with_shared_marks(columns, LEDGER, as_list=True) == columns


TABLES = """\
    - table:
        heading: Shared by all
        columns: [{head: Way}, {head: Rides, align: right}, {head: Walks, align: right}]
        rows: [[North, "{{rides|bare}}", "{{walks|bare}}"], [South, "{{rides|bare}}", "{{walks|bare}}"]]
        note: By day
    - table:
        heading: Shared by columns
        columns: [{head: Way}, {head: Rides, align: right}, {head: Trips, align: right}]
        rows: [[North, "{{rides|bare}}", "{{trips|bare}}"], [South, "{{rides|bare}}", "{{trips|bare}}"]]
        note: By night.
    - sources: {}
"""
FIGURES = """\
  walks:
    {value: 40, as_of: 2024-05, sources: [census], disputed: [{value: 50, sources: [audit], note: By hand.}]}
  trips: {value: 70, as_of: 2024-05, sources: [audit]}
"""


def test_pages_say_shared_sources_once_and_keep_the_dagger_at_its_figure(tmp_path: Path) -> None:
    text = swapped(
        GOOD,
        ("kind: data}\n", "kind: data}\n  audit: {publisher: Audit, title: Audit, kind: report}\n"),
        ("sources: [census]}\n", f"sources: [census]}}\n{FIGURES}"),
        ("rides.\n", f"rides.\n{TABLES}"),
    )
    made = make(orders(briefing_of(text), tmp_path, "letter", tmp_path, ("brief",), USES[OutputName.READING])[0])
    assert [one for one in made.findings if one.severity == "error"] == []
    assert made.amiss == ()  # all that was asked for stands there
    said = [one.asked.text for one in made.stood]
    assert said.count("Source:\u00a01.") == 1
    assert said.count("By day.") == said.count("By night.") == said.count("Rides1") == said.count("Trips2") == 1
    assert (said.count("40†"), said.count("300"), said.count("70")) == (2, 4, 2)
    heard = [line.text for line in read_aloud(made.pdf)]
    assert any(line.startswith("By day. Source: [Link: Source 1") for line in heard), heard
    assert any("Trips [Link: Source 2" in line for line in heard), heard
