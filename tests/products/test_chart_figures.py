"""A number that stands in a chart itself answers for itself: in ledger, table, review sheets, changes and slip."""

from __future__ import annotations

import dataclasses
import datetime
import re
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from briefing.checks import freshness
from briefing.checks.answers import apply_answers
from briefing.content import yaml_reader
from briefing.content.records import PaperName
from briefing.design.paper import PAPERS
from briefing.documents.manuscript import Manuscript, manuscript_of
from briefing.documents.text_renderer import TextRenderer
from briefing.findings import has_errors, warning
from briefing.ledger import dataset
from briefing.ledger.chart_figures import row_names
from briefing.pipeline import compare_command, edition_history
from briefing.pipeline.compare_command import CompareJob
from briefing.products.changes import compare, listing
from briefing.products.changes.change_records import ChangeKind, Changes
from briefing.products.changes.places import places_of
from briefing.products.changes.slip import leaves
from briefing.proofing import readback
from briefing.proofing.asked_strings import PlainReader
from briefing.proofing.expected import expected_document
from briefing.proofing.page_facts import TextRun
from tests.support.builds import FLAGSHIP, GOOD, OTHER, TEMPLATES, swapped
from tests.support.validators import page_validation

CHART = """\
charts:
  lines:
    kind: bars
    title: Illinois has the most lines left
    alt: Bars.
    unit: number
    as_of: 2024-01
    sources: [census]
    data:
      - {label: Illinois, value: 632000}
      - {label: "New York", value: 290000}
      - {label: Counted, figure: rides}
"""
CHARTED = GOOD.replace("brief:\n  pages", CHART + "brief:\n  pages", 1).replace(
    "    - prose", "    - chart: {chart: lines, id: left}\n    - prose"
)


def version(text: str) -> Manuscript:
    found = manuscript_of(yaml_reader.parse(text.encode(), "content.yaml"), TEMPLATES)
    assert not has_errors(found.findings), found.findings
    return found


def between(old: str, new: str) -> tuple[Manuscript, Manuscript, Changes]:
    before, now = version(old), version(new)
    return before, now, compare.compare(before, now)


def test_it_has_a_name_made_from_its_chart_and_label() -> None:
    one = version(CHARTED)
    assert list(one.ledger.entries) == ["rides", "lines/illinois", "lines/new-york"]
    entry = one.ledger.entries["lines/new-york"]
    assert (entry.label, entry.sources, str(entry.figure.as_of)) == ("New York", ("census",), "2024-01")
    assert one.place(entry.path).line == 1 + CHARTED[: CHARTED.index('"New York"')].count("\n")


def test_the_values_of_a_time_chart_are_as_of_their_days() -> None:
    rows = "- {on: 2023-12-31, value: 4}\n      - {on: 2030, value: 9, standing: projection}\n"
    text = swapped(CHARTED, ("    as_of: 2024-01\n", ""), ("kind: bars", "kind: time"))
    one = version(text[: text.index("- {label: Ill")] + rows + text[text.index("brief:\n  pages") :])
    figures = {name: entry.figure for name, entry in one.ledger.entries.items()}
    assert str(figures["lines/2023-12-31"].as_of) == "2023-12-31"
    assert (str(figures["lines/2030"].as_of), figures["lines/2030"].standing) == ("2030", "projection")


SCATTER = swapped(
    CHARTED,
    (
        "    kind: bars\n",
        """\
    vega_lite:
      mark: point
      encoding:
        x: {field: distance, type: quantitative, title: Kilometres}
        y: {field: value, type: quantitative}
        color: {field: county, type: nominal}
    field_units: {distance: kilometer}
""",
    ),
    ("value: 632000}", 'value: 632000, fields: {distance: "20", county: "7"}}'),
)


def test_a_target_that_becomes_a_projection_is_a_change() -> None:
    projected = swapped(CHARTED, ("value: 290000}", "value: 290000, standing: projection}"))
    _, _, changes = between(projected, projected.replace("projection", "target"))
    (change,) = changes.charts
    assert [(one.old, one.new) for one in change.fields] == [
        ("New York: 290000, projection", "New York: 290000, target")
    ]


def test_a_number_of_a_further_column_on_a_scale_answers_for_itself_too() -> None:
    one, _, changes = between(SCATTER, SCATTER.replace('"20"', '"21"'))
    assert list(one.ledger.entries) == ["rides", "lines/illinois", "lines/new-york", "lines/illinois/distance"]
    assert one.ledger.entries["lines/illinois/distance"].figure.unit == "kilometer"
    (change,) = changes.figures
    assert (change.label, change.old, change.new) == ("Illinois, Kilometres", "20 kilometres", "21 kilometres")
    assert change.uses


def test_a_warning_is_answered_for_one_value_of_a_chart_or_for_all() -> None:
    answers = "answers:\n  - {finding: figure-old, at: AT, reason: It is known.}\n"
    told = [warning("figure-old", "", about=name) for name in ("lines/new-york", "lines/illinois", "lines-2")]
    for at, left in (("lines/new-york", {"lines/illinois", "lines-2"}), ("lines", {"lines-2"})):
        briefing = version(CHARTED + answers.replace("AT", at)).briefing
        assert {one.about for one in apply_answers(told, briefing)[0]} == left


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ("- {series: Towns, label: '2020', value: 4}", ["lines/towns/2020"]),
        ("- {on: 2020-12-31, value: 4}", ["lines/2020-12-31"]),
        ("- {label: 東京, value: 4}\n      - {label: Ångström, value: 5}", ["lines/東京", "lines/ångström"]),
        ("- {label: A+, value: 4}\n      - {label: A-, value: 5}", ["lines/a", "lines/a+2"]),
        ("- {value: 4, fields: {who: Rent}}", ["lines/rent"]),
        ("- {value: 4}\n      - {value: 5}", ["lines/1", "lines/2"]),
    ],
)
def test_names_are_read_easily_and_stand_once(rows: str, names: list[str]) -> None:
    text = swapped(
        CHARTED,
        (
            CHARTED[CHARTED.index("- {label: Illinois") : CHARTED.index("brief:")].rstrip(),
            rows,
        ),
    )
    chart = version(text).briefing.charts["lines"]
    assert list(row_names("lines", chart)) == names


def test_it_stands_in_the_ledger_and_in_the_table_of_its_document() -> None:
    one = version(CHARTED)
    table = dataset.as_csv(one.briefing, one.ledger, "brief")
    assert "lines/illinois,Illinois,632000,number,,2024-01,printed,Office" in table
    assert "lines/" not in dataset.as_csv(one.briefing, one.ledger, "fact_sheet")
    assert "lines/" not in dataset.as_csv(one.briefing, one.ledger, "brief", frozenset({0}))


def test_another_value_is_told_with_its_label_and_place() -> None:
    old, new, found = between(CHARTED, swapped(CHARTED, ("632000", "612000")))
    (one,) = found.figures
    assert (one.id, one.label, one.old, one.new) == ("lines/illinois", "Illinois", "632,000", "612,000")
    assert [(use.document, use.block, use.title) for use in one.uses] == [
        ("brief", "left", "Illinois has the most lines left")
    ]
    assert found.charts == ()
    assert "lines/illinois: 632,000 → 612,000" in listing.as_text(old, new, found)
    (warned,) = compare.edition_kept(old, new, found)
    assert (warned.code, "lines/illinois" in warned.message) == ("edition-same", True)


def test_an_edition_remembers_what_its_charts_have_printed() -> None:
    before, now = (
        edition_history.printed_edition(one.briefing.briefing, one.ledger, one.wording)
        for one in (version(CHARTED), version(swapped(CHARTED, ("632000", "612000"))))
    )
    _, (found,) = edition_history.check_edition(before, now)
    assert found.code == "edition-same"


def test_a_slip_prints_both_numbers() -> None:
    old, new, found = between(CHARTED, swapped(CHARTED, ("632000", "612000")))
    first, *_ = leaves(old, new, found, PAPERS[PaperName.LETTER], TEMPLATES)
    assert all(word in first.html for word in ("632,000", "612,000", "Illinois", "Illinois has the most lines left"))
    assert "lines/" not in first.html


def test_a_row_that_takes_its_number_from_the_list_is_no_other_number() -> None:
    listed = swapped(
        CHARTED,
        ("value: 290000", "figure: york"),
        (
            "figures:\n",
            "figures:\n  york: {value: 290000, as_of: 2024-01, sources: [census], label: Lines in New York}\n",
        ),
    )
    _, _, found = between(CHARTED, listed)
    assert [(one.id, one.sort) for one in found.figures] == [("york", ChangeKind.ADDED)]
    _, _, back = between(listed, CHARTED)
    assert [(one.id, one.sort) for one in back.figures] == [("york", ChangeKind.REMOVED)]


def test_a_value_that_is_gone_is_told() -> None:
    old, new, found = between(CHARTED, swapped(CHARTED, ("      - {label: Illinois, value: 632000}\n", "")))
    (one,) = found.figures
    assert (one.sort, one.old, one.new) == (ChangeKind.REMOVED, "632,000", "")
    first, *_ = leaves(old, new, found, PAPERS[PaperName.LETTER], TEMPLATES)
    assert "632,000" in first.html


def test_it_counts_as_unchecked_until_it_or_its_chart_is_signed_off() -> None:
    def unchecked(text: str) -> list[str]:
        one = version(text)
        found = freshness.audit(one.briefing, one.ledger, datetime.date(2024, 7, 1))
        return [finding.message for finding in found if finding.code == "figures-unchecked"]

    signed = "checked: {by: A, on: 2024-06-01}"
    (message,) = unchecked(CHARTED)
    assert message.startswith("3 of 3 figures of both documents are not signed off")
    (message,) = unchecked(swapped(CHARTED, ("value: 632000", f"value: 632000, {signed}")))
    assert message.startswith("2 of 3")
    (message,) = unchecked(swapped(CHARTED, ("    alt: Bars.\n", f"    alt: Bars.\n    {signed}\n")))
    assert message.startswith("1 of 3")


def test_numbers_of_a_chart_grow_old_together() -> None:
    one = version(swapped(CHARTED, ("date: 2024-06-12", "date: 2024-06-12, stale_after_days: 90")))
    found = freshness.audit(one.briefing, one.ledger, datetime.date(2024, 7, 1))
    (stale,) = [finding for finding in found if finding.code == "figure-stale"]
    assert (stale.about, one.locate([stale])[0].place) == ("lines", one.place(("charts", "lines", "as_of")))


def test_a_chart_of_a_later_day_than_the_briefing_is_refused() -> None:
    text = swapped(CHARTED, ("as_of: 2024-01\n", "as_of: 2024-08\n"))
    found = manuscript_of(yaml_reader.parse(text.encode(), "content.yaml"), TEMPLATES).findings
    assert [finding.code for finding in found if finding.severity == "error"] == ["figure-later"]


# ------------------------------------------------------------------ places


DISPUTED = swapped(
    CHARTED,
    (
        "  rides: {value: 300, as_of: 2024-05, sources: [census]}\n",
        """\
  rides:
    value: 300
    as_of: 2024-05
    sources: [census]
    label: Rides
    disputed:
      - {value: 200, sources: [other], note: "Printed is what the office says, of {{all}} [@third]."}
  all: {value: 900, as_of: 2024-05, sources: [census], label: All, disputed: [{value: 950, sources: [other]}]}
  noted: {value: 7, as_of: 2024-05, sources: [census], label: Noted}
""",
    ),
    (
        "sources:\n  census: {publisher: Office, title: Census, kind: data}\n",
        """\
sources:
  census: {publisher: Office, title: Census, kind: data, note: "one of {{noted}}"}
  other: {publisher: Other, title: Count, kind: data}
  third: {publisher: Third, title: Count, kind: data}
""",
    ),
    (
        "        text: We counted {{rides}} rides.\n",
        "        text: We counted {{rides}} rides.\n    - contested: {}\n    - sources: {}\n",
    ),
)


@pytest.mark.parametrize("text", [FLAGSHIP.read_text("utf-8"), OTHER.read_text("utf-8"), CHARTED, DISPUTED])
def test_changes_and_ledger_know_the_same_places(text: str) -> None:
    """What the pages must show, figure by figure, is the witness."""
    one = version(text)
    assert one.ledger.entries
    for document in one.briefing.DOCUMENTS:
        blocks = one.briefing.document(document).blocks
        told = expected_document(one.briefing, one.ledger, one.wording, document, {}, frozenset(), range(len(blocks)))
        printed: dict[str, set[str]] = {}
        for asked in told.strings:
            names = {name for name, _ in asked.figures}
            if asked.path[0] == "charts" and asked.path[-1] == "alt":
                names |= {entry.id for entry in one.ledger.charted(str(asked.path[1]))}
            for name in names:
                printed.setdefault(name, set()).add(asked.block or str(asked.path[1]))
        for name in one.ledger.entries:
            there = {use.block for use in places_of(one, "figures", name) if use.document == document}
            assert there == printed.get(name, set()), (document, name)


def test_a_remark_on_a_dispute_may_name_another_disputed_figure() -> None:
    one = version(DISPUTED)
    places = {use.block for use in places_of(one, "figures", "all")}
    assert places == {"contested-3"}
    assert {use.block for use in places_of(one, "sources", "third")} == {"contested-3"}
    assert {use.block for use in places_of(one, "figures", "noted")} == {"sources-4"}
    assert dataclasses.astuple(one)


# ------------------------------------------------------------------ editions and marks


def test_an_edition_that_rises_has_a_date_of_its_own() -> None:
    old, new, found = between(GOOD, swapped(GOOD, ("date: 2024-06-12", "date: 2024-06-12, edition: 2")))
    assert [finding.code for finding in compare.edition_kept(old, new, found)] == ["edition-undated"]
    before, now = (
        edition_history.printed_edition(one.briefing.briefing, one.ledger, one.wording) for one in (old, new)
    )
    kept, told = edition_history.check_edition(before, now)
    assert [finding.code for finding in told] == ["edition-undated"]
    assert [finding.code for finding in edition_history.check_edition(kept, now)[1]] == ["edition-undated"]
    later = dataclasses.replace(now, came_out="2024-07-01")
    assert edition_history.check_edition(before, later)[1] == ()


@pytest.mark.parametrize(
    ("numbers", "said"),
    [((1, 2, 3, 4, 5, 6, 7, 8), "1–8"), ((1, 2), "1,2"), ((1, 3, 4, 5, 9), "1,3–5,9"), ((2, 3, 4, 6, 7), "2–4,6,7")],
)
def test_three_marks_in_a_row_are_a_range(numbers: tuple[int, ...], said: str) -> None:
    one = version(GOOD)
    for kind in (TextRenderer, PlainReader):
        hand = kind(one.briefing, one.ledger, one.wording, True)
        hand.numbers = {f"s{number}": number for number in range(1, 10)}
        marks = hand.marks(tuple(f"s{number}" for number in numbers))
        assert re.sub(r"<[^>]+>", "", marks) == said


def test_a_source_that_is_first_named_within_a_range_still_finds_its_place() -> None:
    one = version(GOOD)
    marks = TextRenderer(one.briefing, one.ledger, one.wording, True).marks(("a", "b", "c", "d"))
    assert [marks.count(f'id="mark-{number}"') for number in range(1, 5)] == [1, 1, 1, 1]


# ------------------------------------------------------------------ a slip of half a sheet


@pytest.mark.parametrize("paper", PaperName)
def test_a_short_slip_is_printed_twice_on_its_sheet_and_heard_once(paper: PaperName, tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(CHARTED)
    (tmp_path / "new.yaml").write_text(swapped(CHARTED, ("632000", "612000")))
    job = CompareJob(
        str(tmp_path / "old.yaml"), tmp_path / "new.yaml", "new.yaml", TEMPLATES, {}, tmp_path / "slip.pdf", paper
    )
    assert not compare_command.run(job).refused
    (sheet,) = readback.read((tmp_path / "slip.pdf").read_bytes()).sheets
    heard = " ".join(item.text for item in sheet.read if isinstance(item, TextRun))
    assert heard.count("612,000") == 1
    with pikepdf.open(tmp_path / "slip.pdf") as pdf:
        left, bottom, right, top = (float(edge) for edge in pdf.pages[0].mediabox)
    known = PAPERS[paper]
    points = (known.width_mm * 72 / 25.4, known.height_mm * 72 / 25.4)
    assert (right - left, top - bottom) == pytest.approx(points, abs=1)
    with pypdfium2.PdfDocument(tmp_path / "slip.pdf") as seen:
        assert seen[0].get_textpage().get_text_bounded().count("612,000") == 2
    assert page_validation([tmp_path / "slip.pdf"], "ua1")[tmp_path / "slip.pdf"] == []
