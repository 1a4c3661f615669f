"""The ledger: arithmetic done again, sources handed down, and every use found."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefing.content import validation, yaml_reader
from briefing.findings import Finding
from briefing.language.wording import read_wording
from briefing.ledger import ledger
from briefing.ledger.ledger import Ledger
from tests.support.builds import TEMPLATES
from tests.support.examples import examples

CONTENT = """\
briefing: {{title: A title, short_title: Short, date: 2024-06-12, publisher: Desk, licence: Free, cite: Cite me}}
sources:
  one: {{publisher: Office, title: One, kind: data}}
  two: {{publisher: Office, title: Two, kind: data}}
figures:
  a: {{value: {a}, as_of: 2024-05, sources: [one]}}
  b: {{value: {b}, as_of: 2024-05, sources: [two, one]}}
  c: {c}
glossary:
  term: {{term: Term, meaning: "Words with {{{{a}}}}"}}
brief: {{pages: 1, blocks: [{brief}]}}
fact_sheet: {{pages: 1, blocks: [prose: {{text: Plain words}}]}}
"""
ALL = 'prose: {text: "{{a}} {{b}} {{c}} [@one; @two]"}, glossary: {}'


def book(c: str, a: str = "300", b: str = "200", brief: str = ALL) -> tuple[Ledger, list[Finding]]:
    read = yaml_reader.parse(CONTENT.format(a=a, b=b, c=c, brief=brief).encode(), "content.yaml")
    briefing = validation.build(read)
    wording = read_wording(TEMPLATES, "en-GB", briefing.units)
    entered, findings = ledger.build(briefing, wording)
    return entered, list(findings)


@pytest.mark.parametrize(
    ("how", "value"), [("sum_of", "500"), ("difference_of", "100"), ("share_of", "150"), ("change_of", "50")]
)
def test_a_computed_figure_needs_no_value_and_takes_the_sources_of_its_parts(how: str, value: str) -> None:
    unit = "number" if how in ("sum_of", "difference_of") else "percent"
    entered, findings = book(f"{{{how}: [a, b], unit: {unit}, as_of: 2024-05}}")
    assert findings == []
    assert entered.entries["c"].value == Decimal(value)
    assert entered.entries["c"].sources == ("one", "two")


@pytest.mark.parametrize(("qualifier", "value"), [("at least", 66), ("at most", 67), ("nearly", 67), ("about", 67)])
def test_a_computed_share_is_rounded_so_that_its_qualifier_stays_true(qualifier: str, value: int) -> None:
    entered, _ = book(f"{{share_of: [b, a], unit: percent, qualifier: {qualifier}, as_of: 2024-05}}")
    assert entered.entries["c"].value == Decimal(value)


def test_points_lie_between_two_percentages_and_between_nothing_else():
    content = CONTENT.replace("value: {a},", "value: {a}, unit: percent,").replace(
        "value: {b},", "value: {b}, unit: percent,"
    )
    read = yaml_reader.parse(
        content.format(
            a="4.5", b="10.0", c="{difference_of: [a, b], unit: points, as_of: 2024-05}", brief=ALL
        ).encode(),
        "content.yaml",
    )
    briefing = validation.build(read)
    entered, findings = ledger.build(briefing, read_wording(TEMPLATES, "en-GB", briefing.units))
    assert not list(findings)
    assert entered.entries["c"].value == Decimal("-5.5")
    assert [one.code for one in book("{difference_of: [a, b], unit: points, as_of: 2024-05}")[1]] == [
        "arithmetic-units"
    ]


@pytest.mark.parametrize(
    ("value", "more", "holds"),
    [
        ("33", "", True),
        ("34", "", False),
        ("33.3", "", True),
        ("33.33", "", True),
        ("33.4", "", False),
        ("30", ", qualifier: about", True),
        ("40", ", qualifier: about", False),
        ("33", ", qualifier: more than", True),
        ("34", ", qualifier: more than", False),
        ("34", ", qualifier: fewer than", True),
        ("33", ", qualifier: fewer than", False),
        ("33", ", qualifier: at least", True),
        ("33.4", ", qualifier: at least", False),
        ("34", ", qualifier: at most", True),
        ("33", ", qualifier: at most", False),
        ("33", ", qualifier: up to", False),
        ("33", ", qualifier: nearly", False),
        ("33.4", ", qualifier: nearly", True),
    ],
)
def test_a_written_value_is_held_against_its_arithmetic_as_finely_as_it_is_written(
    value: str, more: str, holds: bool
) -> None:
    _, findings = book(f"{{value: {value}, unit: percent, share_of: [a, b], as_of: 2024-05{more}}}", a="100", b="300")
    assert [f.code for f in findings] == ([] if holds else ["arithmetic-wrong"])


PERCENT, POINTS = ", unit: percent", ", unit: points"


@pytest.mark.parametrize(
    ("how", "first", "second", "result", "told"),
    [
        ("difference_of", PERCENT, PERCENT, POINTS, ""),
        ("difference_of", PERCENT, PERCENT, PERCENT, ""),
        ("difference_of", PERCENT, POINTS, PERCENT, ""),
        ("difference_of", POINTS, POINTS, POINTS, ""),
        ("difference_of", POINTS, PERCENT, PERCENT, "is the difference of figures of different units: points and"),
        ("difference_of", PERCENT, POINTS, POINTS, "is the difference of figures of different units: percent and"),
        ("difference_of", PERCENT, PERCENT, "", "is the difference of figures in percent, and is given in number"),
        ("difference_of", "", "", POINTS, "is the difference of figures in number, and is given in points"),
        ("sum_of", PERCENT, POINTS, PERCENT, ""),
        ("sum_of", PERCENT, PERCENT, POINTS, "adds up figures in percent, and is given in points"),
        ("sum_of", "", PERCENT, PERCENT, "adds up figures of different units: number and percent"),
    ],
)
def test_between_two_percentages_lie_points(how: str, first: str, second: str, result: str, told: str) -> None:
    entered, findings = book(f"{{{how}: [a, b], as_of: 2024-05{result}}}", a=f"57{first}", b=f"31{second}")
    if told:
        assert [f.code for f in findings] == ["arithmetic-units"]
        assert told in findings[0].message
    else:
        assert findings == []
        assert entered.entries["c"].value == (88 if how == "sum_of" else 26)


@examples(30)
@given(st.integers(-(10**17), 10**17), st.integers(-(10**17), 10**17))
def test_sums_are_exact(a: int, b: int) -> None:
    _, findings = book("{sum_of: [a, b], as_of: 2024-05}", str(a), str(b))
    assert findings == []
    exact, findings = book(f"{{value: {a + b}, sum_of: [a, b], as_of: 2024-05}}", str(a), str(b))
    assert findings == []
    assert exact.entries["c"].value == a + b
    _, findings = book(f"{{value: {a + b + 1}, sum_of: [a, b], as_of: 2024-05}}", str(a), str(b))
    assert [f.code for f in findings] == ["arithmetic-wrong"]


@examples(50)
@given(st.decimals(-(10**17), 10**17, places=9), st.decimals(-(10**17), 10**17, places=9))
@example(Decimal(10**17), Decimal("0.000000001"))
def test_shares_of_any_size_are_computed(a: Decimal, b: Decimal) -> None:
    _, findings = book("{share_of: [a, b], unit: percent, as_of: 2024-05}", f"{a:f}", f"{b:f}")
    assert [f.code for f in findings] == ([] if b else ["arithmetic-zero"])


def test_a_figure_with_a_fault_is_told_once_however_often_it_is_used() -> None:
    _, findings = book("{sum_of: [a, c], as_of: 2024-05}")
    assert [f.code for f in findings] == ["arithmetic-loop"]


def test_uses_are_found_in_the_order_of_the_page_and_through_the_glossary() -> None:
    entered, _ = book("{sum_of: [a, b], as_of: 2024-05}")
    used = [(use.group, use.id) for use in entered.uses if use.document == "brief"]
    assert used == [
        ("figures", "a"),
        ("figures", "b"),
        ("figures", "c"),
        ("sources", "one"),
        ("sources", "two"),
        ("glossary", "term"),
        ("figures", "a"),
    ]
    assert entered.used("figures", "brief") == {"a", "b", "c"}
    assert entered.used("figures", "fact_sheet") == frozenset()


def test_what_only_a_printed_sum_needs_counts_as_used() -> None:
    _, findings = book("{sum_of: [a, b], as_of: 2024-05}", brief='prose: {text: "{{c}}"}, glossary: {}')
    assert findings == []


def test_what_only_an_unused_sum_needs_is_unused() -> None:
    _, findings = book("{sum_of: [a, b], as_of: 2024-05}", brief="prose: {text: Words}, glossary: {}")
    assert sorted(f.message for f in findings) == [
        "2 figures are not used: b, c",
        'the source "two" is not used',
    ]


@pytest.mark.parametrize(("later", "codes"), [("false", ["figure-later"]), ("true", [])])
def test_a_figure_after_the_date_of_the_briefing_stands_only_in_a_later_block(later: str, codes: list[str]) -> None:
    brief = f'prose: {{later: {later}, text: "{{{{c}}}} {{{{b}}}}"}}, glossary: {{}}'
    _, findings = book("{value: 3, as_of: 2024-07, sources: [one]}", brief=brief)
    assert [f.code for f in findings] == codes


def test_a_month_that_has_begun_on_the_date_of_the_briefing_is_not_later() -> None:
    assert book("{value: 3, as_of: 2024-06, sources: [one]}")[1] == []


def test_a_figure_rests_on_the_dispute_of_what_it_is_computed_from() -> None:
    disputed = "300, disputed: [{value: 250, sources: [two]}]"
    found, _ = book("{sum_of: [a, b], as_of: 2024-05}", a=disputed, brief='prose: {text: "{{c}}"}, contested: {}')
    assert [found.entries[name].disputed for name in "abc"] == [True, False, True]
    assert found.entries["c"].disputed_by == ("a",)
    assert ("figures", "a", 1) in {(use.group, use.id, use.block) for use in found.uses}  # its row in the table
