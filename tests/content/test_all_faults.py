"""All faults of a content file are told in one run: what hides one from the others is mended meanwhile."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.checks import all_faults, content_rules
from briefing.content import yaml_reader
from briefing.content.sheet import Sheet
from briefing.content.tree_builder import TreeBuilder
from briefing.documents.manuscript import manuscript_of
from briefing.findings import Finding, Refused, Severity
from tests.support.builds import GOOD, OTHER, ROOT, TEMPLATES, swapped
from tests.support.examples import examples, times

FILES = [TEMPLATES / "starter" / "content.yaml", OTHER]


def errors_of(text: str, folder: Path = ROOT / "tests" / "other") -> list[Finding]:
    """Every error of a content file, as a run tells it."""
    source, found = None, tuple[Finding, ...]()
    try:
        source = yaml_reader.parse(text.encode(), "content.yaml")
        one = manuscript_of(source, TEMPLATES)
        told = [*one.findings, *content_rules.check(one.briefing, one.ledger, one.wording, folder)]
        found = tuple(map(source.locate, told))
    except Refused as first:
        found = all_faults.refused(first, source, folder, TEMPLATES).findings
    return [one for one in found if one.severity is Severity.ERROR]


Plant = Callable[
    [str, str, str], str | None
]  # a line, the one before it, the file: the line with a fault, if it can have it

_KEYED = re.compile(r"( +)(?:- )?(title|publisher|heading|term|meaning|question|actor|by): ([A-Z][\w ]+)$")
_BRACED = re.compile(r"(.*\{.*(?:text|label): [A-Z][a-z]+) ([\w ]+)(\}.*|, \w+: .*)$")


def colon(line: str, before: str, file: str) -> str | None:
    found = _KEYED.match(line)
    return line.replace(f"{found[2]}: ", f"{found[2]}: Report: ", 1) if found else None


def quote(line: str, before: str, file: str) -> str | None:
    found = _KEYED.match(line)
    return line.replace(f"{found[2]}: ", f'{found[2]}: "', 1) if found else None


def sign(line: str, before: str, file: str) -> str | None:
    found = _KEYED.match(line)
    return line.replace(f"{found[2]}: ", f"{found[2]}: @", 1) if found else None


def figure(line: str, before: str, file: str) -> str | None:
    return (
        re.sub(r"\{\{([a-z0-9-]+)", r"{{\1-x", line, count=1)
        if re.search(r"\{\{[a-z]", line) and "#" not in line
        else None
    )


def citation(line: str, before: str, file: str) -> str | None:
    return (
        re.sub(r"\[@([a-z0-9-]+)\]", r"[@\1-x]", line, count=1)
        if re.search(r"\[@[a-z0-9-]+\]", line) and "#" not in line
        else None
    )


def date(line: str, before: str, file: str) -> str | None:
    found = re.match(r"( +(?:date|read|as_of): )\d{4}-\d\d(-\d\d)?$", line)
    return f"{found[1]}10/30/2024" if found else None


def comma(line: str, before: str, file: str) -> str | None:
    found = _BRACED.match(line)
    return f"{found[1]}, {found[2]}{found[3]}" if found else None


def bracket(line: str, before: str, file: str) -> str | None:
    found = _BRACED.match(line)
    cited = re.search(r"^sources:\n  ([a-z0-9-]+):", file, re.MULTILINE)
    printed = found and "lon:" not in line  # names on a map cite nothing
    return f"{found[1]} {found[2]} [@{cited[1]}]{found[3]}" if found and cited and printed else None


def tab(line: str, before: str, file: str) -> str | None:
    found = re.match(r"( +)[a-z_]+: [^|>]*$", line)
    level = found and re.match(r"( *)(?:[a-z_-]+:(?: [^|>]+)?)$", before)
    fits = level and (level[1] == found[1] or (before.endswith(":") and len(found[1]) == len(level[1]) + 2))  # type: ignore[index]
    return "\t" + line.lstrip() if fits else None


def indentation(line: str, before: str, file: str) -> str | None:
    found, above = re.match(r"( +)([a-z_]+): \S", line), re.match(r"( +)([a-z_]+): [^|>\"'\[{]", before)
    return " " + line if found and above and found[1] == above[1] else None


def number(line: str, before: str, file: str) -> str | None:
    return f"{line} 47" if re.match(r" +(heading|question|answer): [A-Z][\w ]+$", line) else None


def unknown(line: str, before: str, file: str) -> str | None:
    found = re.match(r"( +)(publisher|heading|kind): \w", line)
    return f"{line}\n{found[1]}zzzz: 1" if found else None


def twice(line: str, before: str, file: str) -> str | None:
    return f"{line}\n{line}" if re.match(r" +(publisher|heading|kind): \w+", line) else None


PLANTS: dict[str, Plant] = {
    "yaml-colon": colon,
    "yaml-quote": quote,
    "yaml-start": sign,
    "figure-unknown": figure,
    "citation-unknown": citation,
    "date-malformed": date,
    "yaml-comma": comma,
    "yaml-citation-unquoted": bracket,
    "yaml-tab": tab,
    "yaml-indentation": indentation,
    "number-literal": number,
    "key-unknown": unknown,
    "key-duplicate": twice,
}


MANY = """\
briefing: {title: A title, short_title: Short, date: 2024-06-12, publisher: Desk, licence: Free, cite: Cite me}
sources:
  census:
    publisher: Office
    title: Lead and Copper: Improvements
    kind: data
    date: 10/30/2024
figures:
  rides: {value: 300, as_of: 2024-05, sources: [census]}
brief:
  pages: 1
  blocks:
    - prose:
        text: We counted {{rids}} rides and 12 more.
    - timeline:
        items:
          - {date: 2024-01, text: Review, median}
          - {date: 2024-02, text: see [@census]}
fact_sheet:
  pages: 1
  blocks:
    - takeaways:
        items:
          - "{{rides}} and [@epa]."
          - @noon
"""


def test_the_faults_of_one_file_are_told_together() -> None:
    assert [(one.place.line, one.code) for one in errors_of(MANY)] == [
        (5, "yaml-colon"),
        (7, "date-malformed"),
        (14, "figure-unknown"),
        (14, "number-literal"),
        (17, "yaml-comma"),
        (18, "yaml-citation-unquoted"),
        (24, "citation-unknown"),
        (25, "yaml-start"),
    ]


MOST = times(5, at_night=30)  # places of a file


@pytest.mark.slow
@pytest.mark.parametrize("kind", PLANTS)
def test_each_fault_alone_is_told_once_wherever_it_stands(kind: str) -> None:
    planted = 0
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        lines = text.split("\n")
        for index in range(1, len(lines)):
            with_fault = PLANTS[kind](lines[index], lines[index - 1], text)
            if with_fault is None or planted > MOST * (FILES.index(path) + 1):
                continue
            planted += 1
            told = errors_of("\n".join([*lines[:index], with_fault, *lines[index + 1 :]]))
            assert [one.code for one in told] == [kind], (path.name, index + 1, with_fault, told)
    assert planted


@examples(20)
@given(st.sampled_from(FILES), st.integers(2, 9), st.integers(0, 10**6))
def test_as_many_faults_as_there_are_are_told_in_one_run(path: Path, count: int, seed: int) -> None:
    text, chance = path.read_text(encoding="utf-8"), random.Random(seed)
    lines = text.split("\n")
    able = [
        (index, kind, with_fault)
        for index in range(1, len(lines))
        for kind, plant in PLANTS.items()
        if (with_fault := plant(lines[index], lines[index - 1], text)) is not None
    ]
    chance.shuffle(able)
    faults: dict[int, str] = {}
    for index, kind, with_fault in able:
        if len(faults) < count and not faults.keys() & {index - 1, index, index + 1}:
            faults[index], lines[index] = kind, with_fault
    told = errors_of("\n".join(lines))
    assert sorted(one.code for one in told) == sorted(faults.values()), (path.name, faults, told)


HOPELESS = {
    "quotation marks of a line are doubled at each mend": GOOD.replace("briefing", "briestream\nfing", 1)
    .replace("publisher: Desk", "publisk", 1)
    .replace("sources: [census]}", "sources<<: [census]}]")
    .replace("- prose", "- p- rose"),
    "a mend changes nothing": GOOD.replace("briefing: {title: A title, short_title:", "brief:", 1).replace(
        "    items: [", "`: [", 1
    ),
    "the file ends within a list": GOOD.partition("items: [")[0] + "[",
    "the file ends within braces": GOOD.partition("items: [")[0] + "items: {",
}


@pytest.mark.parametrize("why", HOPELESS)
def test_what_cannot_be_mended_ends_soon_and_is_told(why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sheets: list[int] = []
    read = yaml_reader._read

    def counted(sheet: Sheet, name: str) -> TreeBuilder:
        sheets.append(sum(map(len, sheet.lines)))
        assert len(sheets) < 200
        assert sheets[-1] < 4 * sheets[0]
        return read(sheet, name)

    monkeypatch.setattr(yaml_reader, "_read", counted)
    assert errors_of(HOPELESS[why])
    assert len(sheets) > 1


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("17,4", "write 17.4"),
        ("-2,5", "write -2.5"),
        ("0,125", "write 0.125"),
        ("1,250", "write 1250, or 1.250 if the comma stands before decimals"),
        ("1,234,567", "write 1234567"),
        ("1,234.5", "write 1234.5"),
        ("1.250,75", "write 1250.75"),
        ("1 250", "write 1250"),
        ("−8", "write -8"),
        ("1,2,3", "digits only, with a point for decimals: 8000000 or 2.5"),
    ],
)
@pytest.mark.parametrize("braces", [True, False])
def test_a_number_in_the_hand_of_another_country_is_never_told_as_another_number(
    written: str, hint: str, braces: bool
) -> None:
    figure = f"rides: {{value: {written}, as_of: 2024-05, sources: [census]}}"
    if not braces:
        figure = f"rides:\n    value: {written}\n    as_of: 2024-05\n    sources: [census]"
    good = "rides: {value: 300, as_of: 2024-05, sources: [census]}"
    told = errors_of(GOOD.replace(good, figure))
    assert [one.hint for one in told if one.code == "number-malformed"] == [hint]
    others = {one.code for one in told} - {"number-malformed"}
    assert others == ({"yaml-comma"} if braces and "," in written else set())


def test_a_sum_that_does_not_hold_is_told_though_a_block_has_a_fault() -> None:
    wrong = GOOD.replace(
        "sources: [census]}\n",
        "sources: [census]}\n  walks: {value: 5, as_of: 2024-05, sources: [census]}\n"
        "  all: {value: 301, as_of: 2024-05, sum_of: [rides, walks]}\n",
    ).replace("    - prose:\n        text:", "    - prose:\n        place: herro\n        text:")
    assert {one.code for one in errors_of(wrong)} == {"choice-unknown", "arithmetic-wrong"}


@pytest.mark.parametrize(
    ("old", "new", "offer"),
    [
        ("qualifier: more than", "qualifier: less than", 'Did you mean "fewer than"?'),
        ("qualifier: more than", "qualifier: Approximately", 'Did you mean "about"?'),
        ("unit: usd", "unit: GBP", 'Did you mean "gbp"?'),
        ("unit: usd", "unit: percentage_points", 'Did you mean "points"?'),
        ("unit: usd", "unit: percentage-point", 'Did you mean "points"?'),
        ("unit: usd", "unit: €", 'Did you mean "eur"?'),
        ("by: next year", "by: 2026-12-31", "write the date in words: 31 December 2026"),
    ],
)
def test_what_is_meant_is_offered_and_not_what_is_spelt_alike(old: str, new: str, offer: str) -> None:
    figure = "  paid: {value: 5, unit: usd, qualifier: more than, as_of: 2024, sources: [census]}\n"
    asked = "    - recommendations: {items: [{actor: All, action: act, by: next year, means: x, measure: y}]}\n"
    text = GOOD.replace("brief:\n", f"{figure}brief:\n", 1).replace("fact_sheet:\n", f"{asked}fact_sheet:\n")
    hints = [one.hint for one in errors_of(swapped(text, (old, new)))]
    assert offer in hints, hints
