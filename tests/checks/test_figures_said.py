"""A minus beside its word, an opening, a unit: what is right is left alone, and what is wrong is told."""

from __future__ import annotations

import pytest

from briefing.checks import figures_said, reading
from briefing.findings import ContentPath
from briefing.language.wording import read_wording
from briefing.ledger import ledger
from tests.support.builds import GOOD, TEMPLATES, briefing_of

FIGURES = "  fall: {value: -57, unit: percent, qualifier: about, as_of: 2024-05, sources: [census]}\n"


def told(text: str) -> list[str]:
    content = GOOD.replace("figures:\n", "figures:\n" + FIGURES).replace("We counted {{rides}} rides.", f"'{text}'")
    briefing = briefing_of(content)
    wording = read_wording(TEMPLATES, "en-GB", briefing.units)
    book, _ = ledger.build(briefing, wording)
    read = reading.read(briefing, book, wording, "brief")
    return [finding.code for finding in figures_said.check(read, briefing, book, wording)]


@pytest.mark.parametrize(
    "text",
    [
        "The change was {{fall}}.",
        "Counts fell in two years, by {{fall|magnitude}}.",
        "Prices fell from {{fall}} to zero.",
        "It sank to {{fall}} at night.",
        "The rate rose; the change in counts was {{fall}}.",
        "{{fall|open}} is the change, as of Dr. Example. {{rides}} rides are left.",
    ],
)
def test_a_figure_that_is_said_rightly_is_left_alone(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Counts fell {{fall}}.", "sign-doubled"),
        ("Counts fell sharply by some {{fall}}.", "sign-doubled"),
        ("Counts rose in one year by {{fall}}.", "sign-doubled"),
        ("There was a loss of {{fall}}.", "sign-doubled"),
        ("Prices eased by {{fall}}.", "sign-doubled"),
        ("The gap narrowed by {{fall}}.", "sign-doubled"),
        ("Counts changed by {{fall|magnitude}}.", "sign-lost"),
        ("It is so. {{fall}} is the change.", "figure-opens"),
    ],
)
def test_a_figure_that_is_said_wrongly_is_told(text: str, code: str) -> None:
    assert told(text) == [code]


def test_a_cell_without_its_minus_is_right_where_its_row_or_head_says_that_it_fell() -> None:
    table = """\
    - table:
        columns: [{head: Town}, {head: Change, align: right}]
        rows: [[North, "{{fall|bare|magnitude}}"]]
"""
    content = GOOD.replace("figures:\n", "figures:\n" + FIGURES).replace("  blocks:\n", "  blocks:\n" + table, 1)
    for old, new, number in (("Town", "Town", 1), ("head: Change", "head: Fall", 0), ("[North", "[Fall in cases", 0)):
        briefing = briefing_of(content.replace(old, new))
        wording = read_wording(TEMPLATES, "en-GB", briefing.units)
        book, _ = ledger.build(briefing, wording)
        found = figures_said.check(reading.read(briefing, book, wording, "brief"), briefing, book, wording)
        assert [f.code for f in found] == ["sign-lost"] * number


def test_a_column_without_its_unit_is_told_once_at_its_head() -> None:
    table = """\
    - table:
        columns: [{head: Town}, {head: Asked, align: right}]
        rows: [[North, "{{poll|bare}}"], [South, "{{poll|bare}}"], [West, "{{poll|bare}}"]]
"""
    figures = "units: {person: {one: person, other: people}}\nfigures:\n"
    figures += "  poll: {value: 12, unit: person, as_of: 2024-05, sources: [census]}\n"
    content = GOOD.replace("figures:\n", figures).replace("  blocks:\n", "  blocks:\n" + table, 1)
    for head, number in (("Asked", 1), ("People asked", 0)):
        briefing = briefing_of(content.replace("head: Asked", f"head: {head}"))
        wording = read_wording(TEMPLATES, "en-GB", briefing.units)
        book, _ = ledger.build(briefing, wording)
        found = figures_said.check(reading.read(briefing, book, wording, "brief"), briefing, book, wording)
        at = [(f.code, f.at.path[3:]) for f in found if isinstance(f.at, ContentPath)]
        assert at == [("unit-untold", ("table", "columns", 1, "head"))] * number
