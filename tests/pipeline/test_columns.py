"""Everything stands within its column, or one finding in words says what is too wide."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.design.outputs import USES, OutputName
from briefing.pipeline.document import make
from briefing.proofing.page_facts import TextRun
from briefing.proofing.proof import Proof
from briefing.proofing.readback import read
from tests.support.builds import GOOD, PAPER_NAMES, briefing_of, orders, swapped
from tests.support.reading import squeezed

pytestmark = pytest.mark.slow

SENTENCE = "The counts are kept by the offices that are named here, and each of them may still be corrected later on. "


def brief(
    blocks: str, tmp_path: Path, use: str = "reading", paper: str = "letter", pages: int = 2, where: str = "}"
) -> Proof:
    """A brief with those blocks after a first sentence; `where` ends its source."""
    head, sheet = GOOD.split("brief:\n")[0], GOOD[GOOD.index("fact_sheet:") :]
    text = f'{head}brief:\n  pages: {pages}\n  blocks:\n    - prose: {{text: "{{{{rides}}}} rides."}}\n{blocks}{sheet}'
    text = text.replace("kind: data}", f"kind: data{where}", 1)
    row = USES[OutputName(use)]
    return make(orders(briefing_of(text), tmp_path, paper, tmp_path, ("brief",), row)[0])


def table(columns: int, cell: str, rows: int = 3, more: str = "") -> str:
    heads = ", ".join(f"{{head: {name}, align: right}}" for name in "ABCDEFGH"[1:columns])
    body = ", ".join(f"[{word}, {', '.join([cell] * (columns - 1))}]" for word in WORDS[:rows])
    return f"    - table: {{heading: Numbers, columns: [{{head: Country}}, {heads}], rows: [{body}]{more}}}\n"


WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def faults(made: Proof) -> list[str]:
    return [one.code for one in made.findings if one.severity == "error"] + [one.code for one in made.amiss]


def test_a_table_too_wide_for_the_margin_is_one_finding_with_what_to_do(tmp_path: Path) -> None:
    made = brief(table(8, "xxxxxxxxx", more=", place: side"), tmp_path)
    (found,) = (one for one in made.findings if one.severity == "error")
    assert found.code == "block-wide"
    assert "the table “Numbers” is 59 mm" in found.message
    assert "mm too wide for the margin" in found.message
    assert "place: wide" in found.hint


def test_what_is_too_wide_for_its_half_of_a_row_is_told_so(tmp_path: Path) -> None:
    other = "    - prose: {text: Beside it., place: right}\n"
    made = brief(table(8, "xxxxxxxxx", more=", place: left") + other, tmp_path)
    (found,) = (one for one in made.findings if one.severity == "error")
    assert "mm too wide for its half" in found.message


def test_in_large_print_a_table_without_room_is_a_list_of_its_rows(tmp_path: Path) -> None:
    made = brief(
        table(8, "xxxxxxxxx", more=", place: wide, total: [all, y, y, y, y, y, y, y]"), tmp_path, "large-print"
    )
    assert faults(made) == []
    heads = [one.asked.text for one in made.stood if one.asked.path[-3:-1] == ("columns", 1)]
    assert heads == ["B:"] * 4


def test_in_large_print_a_table_with_room_stays_a_table(tmp_path: Path) -> None:
    made = brief(table(3, "xx"), tmp_path, "large-print")
    assert faults(made) == []
    assert len([one for one in made.stood if one.asked.path[-3:-1] == ("columns", 1)]) == 1


@pytest.mark.parametrize("paper", PAPER_NAMES)
def test_what_a_recommendation_is_measured_by_keeps_to_the_text_column(paper: str, tmp_path: Path) -> None:
    measure = "a public map that shows none"
    item = f"{{actor: The city, action: should publish, by: spring, means: one clerk, measure: {measure}}}"
    made = brief(f"    - recommendations: {{items: [{item}, {item}, {item}]}}\n", tmp_path, paper=paper)
    assert faults(made) == []


@pytest.mark.parametrize(
    "value", ["enquiries@ministry-of-health.gov.uk", "www.health.example.org/en/ask/the-office?lang=fr&form=short"]
)
def test_a_long_address_ends_its_lines_at_its_signs(value: str, tmp_path: Path) -> None:
    channel = f'{{label: By mail, value: "{value}", sources: [census]}}'
    made = brief(f"    - report: {{place: side, channels: [{channel}]}}\n    - prose: {{text: Beside it.}}\n", tmp_path)
    assert faults(made) == []
    (stood,) = (one for one in made.stood if one.asked.path[-1] == "value")
    said = [run.text for run in read(made.pdf).sheets[0].read if (0, run.box) in stood.parts]  # type: ignore[union-attr]
    assert len(said) > 1
    assert all(line.strip("\u200b ")[-1] in "@./?&=_-" for line in said[:-1])


def test_a_word_without_an_end_is_broken_rather_than_refused(tmp_path: Path) -> None:
    made = brief(f"    - box: {{place: side, text: {'a' * 60} and more}}\n    - prose: {{text: It.}}\n", tmp_path)
    assert faults(made) == []


def test_the_address_beside_a_code_says_all_that_the_code_does(tmp_path: Path) -> None:
    qr = '{link: "https://example.org/ask?lang=fr#form", label: Scan}'
    channel = "{label: By mail, value: a@b.org, sources: [census]}"
    made = brief(f"    - report: {{channels: [{channel}], qr: {qr}}}\n", tmp_path)
    assert faults(made) == []
    assert "example.org/ask?lang=fr#form" in {one.asked.text for one in made.stood}


@pytest.mark.parametrize("use", ["reading", "large-print"])
def test_a_short_table_stays_whole_and_a_long_one_keeps_its_total_with_its_rows(use: str, tmp_path: Path) -> None:
    for before in (13, 22, 31):
        text = f'    - prose: {{text: "{SENTENCE * before}"}}\n'
        made = brief(text + table(3, "xx", 7, ", total: [all, yy, yy]"), tmp_path, use, pages=6)
        pages = {part[0] for one in made.stood if "table" in one.asked.path for part in one.parts}
        assert len(pages) == 1


def test_a_total_is_never_alone_below_the_head_of_its_table(tmp_path: Path) -> None:
    broken = 0
    for before in range(18, 34, 3):
        text = f'    - prose: {{text: "{SENTENCE * before}"}}\n'
        made = brief(text + table(3, "xx", 12, ", total: [all, yy, yy]"), tmp_path, pages=3)
        page = {one.asked.path[-2]: one.parts[0][0] for one in made.stood if one.asked.path[-1] == 0}
        assert page["total"] == page[11] == page[10]
        broken += page[0] != page["total"]
    assert broken


@pytest.mark.parametrize(("count", "across"), [(2, 2), (3, 3), (4, 2), (6, 3)])
def test_key_figures_leave_no_hole_in_their_band(count: int, across: int, tmp_path: Path) -> None:
    items = ", ".join(["{figure: rides, label: Rides}"] * count)
    made = brief(f"    - key_figures: {{items: [{items}]}}\n", tmp_path)
    lefts = {round(one.parts[0][1][0]) for one in made.stood if one.asked.text == "300"}
    assert len(lefts) == across


def test_a_block_of_the_margin_on_another_page_than_its_text_is_told(tmp_path: Path) -> None:
    boxes = "".join(
        f'    - box: {{place: side, heading: {name}, text: "{SENTENCE * 13}"}}\n' for name in ("One", "Two")
    )
    texts = "".join(f'    - prose: {{text: "{SENTENCE * 8}"}}\n' for _ in range(5))
    (found,) = (one for one in brief(boxes + texts, tmp_path).findings if one.code.startswith("margin"))
    assert (found.code, found.severity) == ("margin-far", "note")
    assert "the box “Two” is printed 1 page after the text that it belongs to, on page 2" in found.message


def test_a_hole_between_two_blocks_of_the_margin_is_told(tmp_path: Path) -> None:
    parts = f'    - box: {{place: side, text: A word.}}\n    - prose: {{text: "{SENTENCE * 12}"}}\n'
    (found,) = (one for one in brief(parts * 2, tmp_path, pages=1).findings if one.code.startswith("margin"))
    assert (found.code, found.severity) == ("margin-hole", "note")
    assert "mm on page 1" in found.message


def test_a_filler_stands_where_the_margin_has_most_room(tmp_path: Path) -> None:
    filler = "    - box: {id: filler, place: side, filler: true, text: A word that fills.}\n"
    parts = f'    - box: {{place: side, text: A word.}}\n    - prose: {{text: "{SENTENCE * 24}"}}\n'
    made = brief(filler + parts, tmp_path, pages=1)
    tops = {one.asked.text: one.parts[0][1][1] for one in made.stood}
    assert tops["A word that fills."] != tops["A word."]
    assert {one.code for one in made.findings} <= {"margin-hole", "page-thin"}
    filled = brief((filler + parts).replace(" filler: true,", ""), tmp_path, pages=1)
    other = {one.asked.text: one.parts[0][1][1] for one in filled.stood}
    assert (tops["A word that fills."] > tops["A word."]) != (other["A word that fills."] > other["A word."])


def test_a_page_whose_text_ends_high_above_its_foot_is_told(tmp_path: Path) -> None:
    text = f'    - prose: {{text: "{SENTENCE * 24}"}}\n'
    made = brief(text + table(3, "xx", 7, ", total: [all, yy, yy]") * 3, tmp_path, pages=3)
    assert [one.severity for one in made.findings if one.code == "text-hole"] == ["note"]


@pytest.mark.parametrize(("use", "said"), [("office", " (example.org/deep/report)"), ("reading", "")])
def test_a_link_in_a_text_leads_somewhere_on_paper(use: str, said: str, tmp_path: Path) -> None:
    text = "See [the report](https://example.org/deep/report), and <https://example.org/other>."
    made = brief(f'    - prose: {{text: "{text}"}}\n', tmp_path, use)
    assert faults(made) == []
    assert f"See the report{said}, and https://example.org/other." in {
        one.asked.text.replace("\u200b", "") for one in made.stood
    }


@pytest.mark.parametrize(
    ("use", "via", "said"),
    [
        ("office", "", ", www.example.org/deep/report?a=1"),
        ("office", ", via: example.org", ", via www.example.org/deep/report?a=1"),
        ("office", ", via: A reader", ", via A reader, www.example.org/deep/report?a=1"),
        ("reading", "", ", example.org"),
        ("reading", ", via: A reader", ", via A reader"),
    ],
)
def test_the_list_of_sources_says_on_paper_where_each_stands(use: str, via: str, said: str, tmp_path: Path) -> None:
    where = f", link: 'https://www.example.org/deep/report?a=1'{via}}}"
    made = brief("    - sources: {heading: Sources}\n", tmp_path, use, where=where)
    assert faults(made) == []
    listed = [one.asked.text.replace("\u200b", "") for one in made.stood if one.asked.path[:1] == ("sources",)]
    assert len(listed) == 1
    assert said in listed[0]
    assert ("deep" in listed[0]) == (use == "office")


@pytest.mark.parametrize(("use", "paper"), [("reading", "letter"), ("reading", "a4"), ("large-print", "a4")])
def test_a_long_key_figure_stands_beside_two_others(use: str, paper: str, tmp_path: Path) -> None:
    items = ", ".join(f"{{figure: {name}, label: a label}}" for name in ("rides", "loss", "heat"))
    long = (
        "  loss: {value: -1250000, unit: usd, as_of: 2024, sources: [census]}\n"
        "  heat: {value: [17.4, 21.5], unit: celsius, as_of: 2024, sources: [census]}\n"
    )
    head, sheet = GOOD.split("brief:\n")[0], GOOD[GOOD.index("fact_sheet:") :]
    blocks = f'    - prose: {{text: "{{{{rides}}}} rides."}}\n    - key_figures: {{items: [{items}]}}\n'
    text = f"{head}{long}brief:\n  pages: 1\n  blocks:\n{blocks}{sheet}"
    made = make(orders(briefing_of(text), tmp_path, paper, tmp_path, ("brief",), USES[OutputName(use)])[0])
    assert not [one for one in made.findings if one.severity == "error"], made.findings
    words = "".join(run.text for one in read(made.pdf).sheets for run in one.read if isinstance(run, TextRun))
    for said in ("−US$1.25 million", "17.4 to 21.5 degrees Celsius"):
        assert squeezed(said) in squeezed(words), words


@pytest.mark.parametrize("filler", ["", ", filler: true"])
def test_a_block_of_the_margin_may_follow_the_two_halves_of_a_row(filler: str, tmp_path: Path) -> None:
    halves = "".join(f'    - prose: {{text: "{SENTENCE * 3}", place: {place}}}\n' for place in ("left", "right"))
    made = brief(f"{halves}    - box: {{text: A word in the margin., place: side{filler}}}\n", tmp_path)
    assert faults(made) == []


def test_of_a_document_whose_text_may_all_be_left_out_one_block_stays(tmp_path: Path) -> None:
    long = f'    - prose: {{optional: true, text: "{SENTENCE * 24}"}}\n'
    box = "    - box: {place: side, text: A word in the margin.}\n"
    text = swapped(GOOD, ("    - prose:\n        text: We counted {{rides}} rides.\n", f"{long * 3}{box}"))
    made = make(orders(briefing_of(text), tmp_path, "letter", tmp_path, ("brief",))[0])
    assert faults(made) == []
    assert {one.asked.block for one in made.stood if one.asked.path[:2] == ("brief", "blocks")} == {"prose-1", "box-4"}
    alone = swapped(text, (long * 3, long.replace(SENTENCE * 24, SENTENCE * 160)))
    assert faults(make(orders(briefing_of(alone), tmp_path, "letter", tmp_path, ("brief",))[0])) == ["overflow"]
