"""Shares and multiples in the words around a chart: those that its values bear out are left, others are told."""

from __future__ import annotations

import pytest

from briefing.checks.evidence import chart_claims
from briefing.language.wording import read_wording
from briefing.ledger import ledger
from tests.support.builds import GOOD, TEMPLATES, briefing_of

CHART = """\
charts:
  homes:
    kind: bars
    title: "{title}"
    alt: A chart
    unit: {unit}
    as_of: 2024
    sources: [census]
    data: [{data}]
"""
SHARES = "{label: Cold, value: 41}, {label: Damp, value: 26}, {label: Sound, value: 33}"
COUNTS = "{label: '2022', value: 150}, {label: '2023', value: 190}, {label: '2024', value: 310}"
PARTS = ", ".join(
    f"{{series: {name}, label: {place}, value: {value}}}"
    for name, place, value in (
        ("Rent", "North", 40),
        ("Heat", "North", 20),
        ("Rent", "South", 90),
        ("Heat", "South", 10),
    )
)


def told(title: str, data: str, unit: str = "number") -> list[str]:
    chart = CHART.replace("{title}", title).replace("{unit}", unit).replace("{data}", data)
    content = GOOD.replace("brief:\n  pages", chart + "brief:\n  pages", 1)
    briefing = briefing_of(content.replace("    - prose", "    - chart: {chart: homes}\n    - prose", 1))
    book, _ = ledger.build(briefing, read_wording(TEMPLATES, "en-GB", briefing.units))
    found = list(chart_claims.check(briefing, book, "en"))
    assert {(one.code, one.about) for one in found} <= {("number-in-words", "homes")}
    return [one.message.split("”")[0].removeprefix("“") for one in found]


@pytest.mark.parametrize(
    ("title", "data", "unit"),
    [
        ("Two thirds of all homes are cold or damp", SHARES, "percent"),
        ("A third of homes is sound, and a quarter damp", SHARES, "percent"),
        ("Visits doubled in two years", COUNTS, "number"),
        ("Twice as many as in 2022", COUNTS, "number"),
        ("Half of all visits were made in 2024", COUNTS, "number"),
        ("In the South nine out of ten pay for rent", PARTS, "number"),
        ("Dozens of visits more", COUNTS, "number"),
        ("Fewer than half of all homes are cold", SHARES, "percent"),
        ("More than a third of homes are cold", SHARES, "percent"),
        ("Visits more than doubled in two years", COUNTS, "number"),
        ("Three quarters of them, says the office [@census]", COUNTS, "number"),
    ],
)
def test_what_the_values_bear_out_is_left(title: str, data: str, unit: str) -> None:
    assert told(title, data, unit) == []


@pytest.mark.parametrize(
    ("title", "data", "unit", "words"),
    [
        ("Half of all homes are sound", SHARES, "percent", "Half of"),
        ("One in five homes is sound", SHARES, "percent", "One in five"),
        ("Visits tripled in two years", COUNTS, "number", "tripled"),
        ("Fewer than a tenth of homes are damp", SHARES, "percent", "Fewer than a tenth"),
        ("Visits more than tripled in two years", COUNTS, "number", "more than tripled"),
        ("A tenfold rise in visits", COUNTS, "number", "tenfold"),
        ("A fifth of visits was made in 2024", COUNTS, "number", "A fifth"),
    ],
)
def test_what_they_do_not_is_told(title: str, data: str, unit: str, words: str) -> None:
    assert told(title, data, unit) == [words]
