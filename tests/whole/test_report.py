"""What longer reports have: numbers of figures, tables and boxes, and references to them, on real pages."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pikepdf
import pytest

from briefing.checks import content_rules, texts
from briefing.content import yaml_reader
from briefing.design.outputs import USES, OutputName
from briefing.documents import document
from briefing.documents.manuscript import manuscript_of
from briefing.documents.references.numbering import numbering
from briefing.language.wording import NBSP, read_wording
from briefing.ledger import ledger
from briefing.pipeline.document import make
from briefing.products.changes.compare import compare
from briefing.proofing.comparison import Placement
from briefing.proofing.proof import Proof
from briefing.proofing.screen_reader import read_aloud
from tests.support.builds import ELEMENTS, GOOD, TEMPLATES, briefing_of, orders, swapped

REPORT = ELEMENTS.parent / "report.yaml"
TEXT = REPORT.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def brief(drawings: Path) -> Proof:
    (job,) = orders(briefing_of(TEXT), REPORT.parent, "letter", drawings, ("brief",))
    return make(job)


@pytest.fixture(scope="module")
def heard(brief: Proof) -> list[str]:
    return [line.text for line in read_aloud(brief.pdf)]


def plain(one: Placement) -> str:
    return one.asked.text.replace(NBSP, " ")


def test_figures_tables_and_boxes_are_heard_with_their_numbers(brief: Proof, heard: list[str]) -> None:
    assert brief.amiss == ()
    for line in ("Heading level 2: Box 1. Words", "Figure 1. One ferry in four comes late", "Heading level 2: Box 2"):
        assert line in heard
    assert "Heading level 2: Table 1. Ferries in August" in heard
    assert any(line.startswith("Caption: Figure 2. The house of the harbour office.") for line in heard)
    assert any("[Link: Figure 1] shows" in line and "[Link: Table 1]" not in line for line in heard)


def test_the_contents_name_the_page_on_which_each_heading_stands(brief: Proof, heard: list[str]) -> None:
    at = heard.index("Heading level 2: Contents")
    entries = [re.fullmatch(r"\[Link: (.+)\] (\d+)", line) for line in heard[at + 2 : heard.index("End of list", at)]]
    told = {entry[1]: int(entry[2]) for entry in entries if entry}
    assert len(told) == len(entries) == 5
    told.pop("Sources")  # the program's own word
    stood = {plain(one): one.parts[0][0] + 1 for one in brief.stood if one.asked.path[-1] == "heading"}
    assert told == {name: stood[name] for name in told}
    with pikepdf.open(io.BytesIO(brief.pdf)) as pdf:
        kinds = [
            str(one.S) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one and "/K" in one
        ]
    assert (kinds.count("/TOC"), kinds.count("/TOCI")) == (1, 5)


def test_annexes_have_letters_and_begin_a_page(brief: Proof, heard: list[str]) -> None:
    assert "Heading level 2: Annex A. What was asked" in heard
    first = next(one for one in brief.stood if plain(one) == "Annex A. What was asked")
    before = next(one for one in brief.stood if one.asked.text.startswith("How to cite:"))
    assert (before.parts[-1][0], first.parts[0][0]) == (1, 2)
    assert any("[Link: Annex A] explains" in line for line in heard)
    assert "text-hole" not in {one.code for one in brief.findings}


def test_the_contents_of_large_print_name_its_own_pages(drawings: Path) -> None:
    (job,) = orders(briefing_of(TEXT), REPORT.parent, "a4", drawings, ("brief",), USES[OutputName.LARGE_PRINT])
    made = make(job)
    assert made.amiss == ()
    assert any(line.text == "[Link: Annex A. What was asked] 5" for line in read_aloud(made.pdf))


def test_a_reference_leads_to_its_block_on_a_screen_and_is_plain_on_paper(brief: Proof, drawings: Path) -> None:
    with pikepdf.open(io.BytesIO(brief.pdf)) as pdf:
        names = {str(one.Dest) for page in pdf.pages for one in page.get("/Annots", ()) if "/Dest" in one}
    assert {"terms", "counted", "quay", "chart-5"} <= names
    (job,) = orders(briefing_of(TEXT), REPORT.parent, "letter", drawings, ("brief",))
    given = (job.briefing, job.ledger, job.wording, job.document, job.paper, job.pictures)
    for on_paper in (True, False):
        views = document.build(*given, paper_only=on_paper).blocks
        assert any('class="ref"' in str(view.data.get("text", "")) for view in views) is not on_paper


def test_a_document_of_nine_pages_is_numbered_by_itself() -> None:
    for pages, said, numbered in (("8", "", False), ("9", "", True), ("9", "  numbered: false\n", False)):
        text = swapped(TEXT, ("  pages: 3\n  numbered: true\n", f"  pages: {pages}\n{said}"))
        assert briefing_of(text).brief.is_numbered is numbered


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("[#arrival]", "reference-unknown"),
        ("[#arrivals-2025]", "reference-unknown"),
        ("[#said]", "reference-unnumbered"),
    ],
)
def test_a_reference_to_nothing_is_told(new: str, code: str) -> None:
    text = swapped(
        TEXT,
        ("[#arrivals]", new),
        ("    - prose:\n        heading: What", "    - prose:\n        id: said\n        heading: What"),
    )
    briefing = briefing_of(text)
    wording = read_wording(TEMPLATES, "en-GB", briefing.units)
    account, _ = ledger.build(briefing, wording)
    assert [one.code for one in content_rules.check(briefing, account, wording, REPORT.parent)] == [code]


def test_a_note_stands_at_the_foot_of_its_page_and_is_heard_behind_its_paragraph(
    brief: Proof, heard: list[str]
) -> None:
    at = next(
        number for number, line in enumerate(heard) if "later than ferries" in line or "late than ferries" in line
    )
    assert "passengers are late than ferries [Note b]." in heard[at]
    assert heard[at + 1].startswith("Note: b A full ferry carries many who change to a bus")
    note = next(one for one in brief.stood if one.asked.text.startswith("b A full ferry"))
    page, box = note.parts[0]
    others = [part for one in brief.stood if one is not note for part in one.parts if part[0] == page]
    assert page == 0
    assert all(other[1] > box[3] for _, other in others)


def test_a_note_of_the_margin_stands_below_its_block(brief: Proof, heard: list[str]) -> None:
    at = heard.index("A ferry is late where it comes more than ten minutes after its time. [Note a]")
    assert heard[at + 1] == "a As in the timetable of the summer."
    assert any(line.endswith("[Note *]") for line in heard)


@pytest.mark.parametrize("use", [OutputName.READING, OutputName.PRESS])
def test_notes_of_paragraphs_that_go_on_over_pages_are_found(use: OutputName, drawings: Path) -> None:
    words = "The office keeps a log of it, and anybody may ask to see that on any day of the week. " * 14
    text = "\n\n".join(f"          {words}It is{f'[^{mark}]'} told once more. {words}" for mark in "abcde")
    notes = ", ".join(f"{mark}: As the harbour has it under {mark}" for mark in "abcde")
    long = f"    - prose:\n        text: |\n{text}\n        notes: {{{notes}}}\n    - sources: {{}}\n"
    front = TEXT[: TEXT.index("brief:\n  pages")] + f"brief:\n  pages: 6\n  blocks:\n{long}"
    (job,) = orders(
        briefing_of(front + TEXT[TEXT.index("fact_sheet:") :]), REPORT.parent, "a4", drawings, ("brief",), USES[use]
    )
    made = make(job)
    assert made.amiss == ()
    assert len({one.parts[0][0] for one in made.stood if one.asked.foot}) >= 3


def test_another_note_is_told_once_and_a_language_alone_is_no_change() -> None:
    other = swapped(
        TEXT, ("bought by subscription", "given by a captain"), ("The union has", "[The union]{lang=en-US} has")
    )
    versions = [manuscript_of(yaml_reader.parse(text.encode(), "content.yaml"), TEMPLATES) for text in (TEXT, other)]
    told = [block for one in compare(*versions).documents for block in one.blocks]
    assert [(block.kind, block.fields, len(block.texts)) for block in told] == [("prose", (), 1)]


def with_blocks(blocks: str, drawings: Path, pages: int = 1) -> Proof:
    """A brief of these blocks."""
    text = swapped(
        GOOD,
        ("rides.\n", f"rides.\n{blocks}    - sources: {{}}\n"),
        ("kind: data}", f"kind: data}}{ASKED}"),
        ("brief:\n  pages: 1", f"brief:\n  pages: {pages}"),
    )
    (job,) = orders(briefing_of(text), drawings, "letter", drawings, ("brief",))
    return make(job)


ASKED = "\n  ask: {publisher: Asker, title: Letter, kind: data}"


def test_a_note_of_a_heading_within_a_text_is_heard_behind_it(drawings: Path) -> None:
    text = "        text: |\n          ### A head[^a]\n\n          Some words.\n        notes: {a: Told later.}\n"
    made = with_blocks(f"    - prose:\n{text}", drawings)
    assert made.amiss == ()
    heard = [line.text for line in read_aloud(made.pdf)]
    at = next(number for number, line in enumerate(heard) if "A head [Note a]" in line)
    assert heard[at + 1 : at + 3] == ["Note: a Told later.", "Some words."]


@pytest.mark.parametrize("place", ["main", "side"])
def test_notes_stand_in_the_order_in_which_they_are_called_and_those_that_are_not_cite_nothing(
    place: str, drawings: Path
) -> None:
    notes = "{a: 'Of none [@ask].', b: Later., c: Sooner.}"
    made = with_blocks(f"    - prose: {{place: {place}, text: 'Words[^c] and more[^b].', notes: {notes}}}\n", drawings)
    assert made.amiss == ()
    assert [one.code for one in made.findings if one.severity == "error"] == []
    told = [plain(one) for one in made.stood]
    assert [line for line in told if line.endswith(("Sooner.", "Later."))] == ["a Sooner.", "b Later."]
    assert not any("Asker" in line for line in told)


def test_a_bottom_line_may_be_an_annex_and_annexes_behind_z_have_two_letters(drawings: Path) -> None:
    made = with_blocks("    - bottom_line: {annex: true, heading: In short, text: A few words.}\n", drawings, pages=2)
    assert made.amiss == ()
    assert "Heading level 2: Annex A. In short" in [line.text for line in read_aloud(made.pdf)]
    many = "".join(f"    - prose: {{annex: true, heading: Of {n}, text: Words.}}\n" for n in range(28))
    briefing = briefing_of(swapped(GOOD, ("rides.\n", f"rides.\n{many}")))
    labels = numbering(briefing.brief, read_wording(TEMPLATES, "en-GB", briefing.units)).labels
    assert [labels[n].replace(NBSP, " ") for n in (26, 27, 28)] == ["Annex Z", "Annex AA", "Annex AB"]


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("rides.\n", "rides.\n    - imprint: {annex: true, heading: Who}\n", ["annex-unfit"]),
        ("brief:", "glossary:\n  box: {term: box, meaning: 'A case[^a].'}\nbrief:", ["text-markup"]),
        ("kind: data", "kind: data}\n  box: {publisher: A, title: B, note: 'A case[^a]', kind: data", ["text-markup"]),
    ],
)
def test_what_cannot_be_an_annex_or_have_a_note_is_told(old: str, new: str, codes: list[str]) -> None:
    briefing = briefing_of(swapped(GOOD, (old, new)))
    wording = read_wording(TEMPLATES, "en-GB", briefing.units)
    account, _ = ledger.build(briefing, wording)
    found = content_rules.check(briefing, account, wording, REPORT.parent)
    assert [one.code for one in found if one.severity == "error"] == codes


def test_a_note_may_be_called_before_a_colon_and_what_is_no_mark_is_told_with_how_one_is_written(
    drawings: Path,
) -> None:
    prose = "    - prose: {text: 'Two things[^a]: one.', notes: {a: Of many.}}\n"
    heard = [line.text for line in read_aloud(with_blocks(prose, drawings).pdf)]
    assert "Two things [Note a]: one." in heard
    for wrong in ("[^1]", "[^ab]", "^[Of many]"):
        briefing = briefing_of(swapped(GOOD, ("rides.\n", f"rides.\n{prose.replace('[^a]:', f'[^a]: {wrong}')}")))
        told = texts.check(briefing, read_wording(TEMPLATES, "en-GB", briefing.units))
        assert ["as in [^a]" in one.hint for one in told if one.code == "text-markup"] == [True]


def test_an_address_in_a_takeaway_is_no_citation_of_what_leads_it(drawings: Path) -> None:
    items = ["Ask desk@census.gov.", "Of all [@census], most were short."]
    led = "".join(f"\n          - {{figure: rides, text: '{item}'}}" for item in items)
    made = with_blocks(f"    - takeaways:\n        items:{led}\n", drawings)
    told = [plain(one) for one in made.stood]
    assert "Ask desk@census.gov.1" in told
    assert "Of all,1 most were short." in told
    assert made.amiss == ()


def test_words_of_another_language_beside_a_key_figure_are_heard_in_it(drawings: Path) -> None:
    items = "{figure: rides, label: '[trajets]{lang=fr} a day'}, {figure: rides, label: rides}"
    made = with_blocks(f"    - key_figures: {{items: [{items}]}}\n", drawings)
    assert made.amiss == ()
    assert any(line.text.startswith("300 [fr: trajets] a day") for line in read_aloud(made.pdf))


def test_a_note_of_an_item_is_heard_before_the_list_within_it(drawings: Path) -> None:
    text = "          - One[^a]\n            - Two[^b]\n\n            > Three[^c]\n\n          - Four[^d]\n"
    notes = "{a: Of one., b: Of two., c: Of three., d: Of four.}"
    made = with_blocks(f"    - prose:\n        text: |\n{text}        notes: {notes}\n", drawings)
    assert made.amiss == ()
    heard = [line.text for line in read_aloud(made.pdf) if line.text.startswith("Note: ") or "[Note" in line.text]
    assert [re.sub(r".*(One|Two|Three|Four|Of \w+\.).*", r"\1", line) for line in heard] == [
        *("One", "Of one.", "Two", "Of two.", "Three", "Of three.", "Four", "Of four."),
    ]
