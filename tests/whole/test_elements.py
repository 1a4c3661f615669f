"""What only some briefs have: each element on real pages, seen, heard and proved, in every use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import pikepdf
import pypdfium2
import pytest
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

from briefing.checks import texts
from briefing.content.block_base import IconName
from briefing.documents.panel_views import quotation_marks
from briefing.findings import ContentPath
from briefing.language.wording import read_wording
from briefing.pipeline.document import make
from briefing.proofing.screen_reader import read_aloud
from tests.support.builds import (
    ELEMENTS,
    GOOD,
    ROOT,
    TEMPLATES,
    Built,
    briefing_of,
    orders,
    proofs,
    swapped,
    view_of,
    whole_run,
)
from tests.support.reading import squeezed
from tests.support.validators import page_validation, qpdf_check, verapdf

TEXT = ELEMENTS.read_text(encoding="utf-8")
LOOSE = {"page-thin", "margin-hole", "text-hole", "pages-unfolded"}  # of pages that nobody has composed


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return whole_run(tmp_path_factory, ELEMENTS, "letter")


@pytest.fixture(scope="module")
def heard(drawings: Path) -> Mapping[str, list[str]]:
    made = proofs(ELEMENTS, "letter", drawings)
    return {name: [line.text for line in read_aloud(proof.pdf)] for name, proof in made.items()}


def test_every_use_is_made_without_a_fault(whole: Built) -> None:
    assert whole.code == 0, whole.findings
    assert {str(one["code"]) for one in whole.findings} <= LOOSE
    assert {"large-print", "office", "press", "review"} <= {path.name for path in whole.folder.iterdir()}


def test_reading_copies_are_archivable_accessible_and_sound(whole: Built) -> None:
    files = [whole.brief, whole.fact_sheet]
    for standard in ("3a", "ua1"):
        assert page_validation(files, standard) == {file: [] for file in files}
        assert verapdf(files, standard) == {file: [] for file in files}
    assert [fault for file in files for fault in qpdf_check(file)] == []


def test_a_pull_quote_is_heard_as_a_quotation_with_who_said_it(heard: Mapping[str, list[str]]) -> None:
    said = heard["brief"]
    at = said.index("“We do not lack kitchens. We lack people to stand in them.”")
    assert said[at - 1] == "Quotation"
    assert said[at + 2].startswith("Claire Exemple, school inspector [Link: Source 2")


def test_a_pull_figure_says_its_qualifier_its_date_and_its_source(heard: Mapping[str, list[str]]) -> None:
    said = heard["brief"]
    at = said.index("more than 31,000")
    assert said[at + 1].startswith("children eat a school meal on a usual day as of May 2025 [Link: Source 1")


def test_the_next_dates_are_heard_as_a_list(heard: Mapping[str, list[str]]) -> None:
    said = heard["brief"]
    at = said.index("Heading level 2: What to watch")
    assert said[at + 2] == "List of 3 items"
    assert said[at + 3].startswith("9 July 2025 The council votes on the pay of cooks [Link: Source 1")
    assert said[at + 4] == "September 2025 Term begins"


def test_a_cell_is_heard_with_its_heads_and_its_group(heard: Mapping[str, list[str]]) -> None:
    said = heard["brief"]
    at = said.index("Table: 3 columns, 11 rows")
    inside = said[at : said.index("End of table", at)]
    assert "Column header: On a usual day" in inside
    for words in (
        "On a usual day, Children *, North: 6,500",
        "On a usual day, Change in a year, South: \u22124%",
        "On a usual day, Children *: 31,020",
    ):
        assert any(squeezed(line).startswith(squeezed(words)) for line in inside), words
    after = said[said.index("End of table", at) + 1 :]
    assert after[:2] == [
        "* Of those who are entitled to a meal.",
        "a As the council draws their borders.",
    ]


def test_words_of_another_language_are_told_with_their_own_language(heard: Mapping[str, list[str]]) -> None:
    assert "[fr: “Une cantine fermée, c’est un enfant qui rentre chez lui sans avoir mangé.”]" in heard["brief"]
    assert any("[fr: Discours devant le conseil]" in line for line in heard["brief"])
    assert any("[fr: Discours devant le conseil]" in line for line in heard["fact_sheet"])
    assert "Heading level 2: Kitchens are there, [fr: cuisiniers] are not" in heard["brief"]
    assert any("calls it [fr: la fuite des cuisines]. [Link: Source 2" in line for line in heard["brief"])
    assert any("[fr: Inspection des écoles d’Exemple]," in line for line in heard["brief"])


def test_every_icon_is_there_and_named_to_editors() -> None:
    names = set(get_args(IconName))
    assert {path.stem for path in (TEMPLATES / "icons").glob("*.svg")} == names
    told = (ROOT / "docs" / "content.md").read_text(encoding="utf-8")
    (line,) = (line for line in told.splitlines() if line.startswith("An icon may stand"))
    assert set(re.findall(r"`([a-z-]+)`", line)) == names


def test_an_icon_is_seen_and_not_heard(heard: Mapping[str, list[str]], drawings: Path) -> None:
    assert not any("fork-knife" in line or "icon" in line for lines in heard.values() for line in lines)
    plain = re.sub(r"(, icon: [a-z-]+|\n +icon: [a-z-]+)", "", TEXT)
    (job,) = orders(briefing_of(plain), ELEMENTS.parent, "letter", drawings, ("fact_sheet",))
    (with_icons,) = orders(briefing_of(TEXT), ELEMENTS.parent, "letter", drawings, ("fact_sheet",))
    drawn = [pypdfium2.PdfDocument(make(one).pdf)[0].render(scale=1).to_pil().tobytes() for one in (job, with_icons)]
    assert drawn[0] != drawn[1]


def test_a_gauge_tells_its_share_and_what_it_is_of(heard: Mapping[str, list[str]]) -> None:
    said = heard["brief"]
    at = next(number for number, line in enumerate(said) if line.startswith("of the children who eat at school live"))
    assert (said[at - 1], said[at + 1]) == ("about 53%", "16,520 of 31,020 children")


def test_nothing_has_no_bar_beside_it(drawings: Path) -> None:
    table = """
    - table: {columns: [{head: What}, {head: Number, show: bar}], rows: [[Rides, "{{rides}}"], [Walks, "{{walks}}"]]}"""
    walks = "walks: {value: 0, as_of: 2024-05, sources: [census]}"
    text = swapped(GOOD, ("\nbrief:", f"\n  {walks}\nbrief:"), ("{{rides}} rides.", "{{rides}} rides." + table))
    (job,) = orders(briefing_of(text), drawings, "letter", drawings, ("brief",))
    cells = [row[1] for row in view_of(job).blocks[-1].data["rows"]]
    assert ['class="bar"' in cell for cell in cells] == [True, False]


def test_two_blocks_stand_in_one_row_and_text_in_two_columns(drawings: Path) -> None:
    made = proofs(ELEMENTS, "letter", drawings)["brief"]

    def box(words: str) -> tuple[float, float, float, float]:
        return next(one for one in made.stood if one.asked.text.startswith(words)).parts[0][1]

    left, right = box("about 53%"), box("The first kitchen closes")
    assert left[2] < 612 / 2 < right[0]
    assert box("A cook works from early")[0] < 612 / 2 < box("Where the pay goes on")[0]


def test_a_file_names_its_authors_and_what_libraries_know_it_by(whole: Built) -> None:
    with pikepdf.open(whole.brief) as pdf:
        assert str(pdf.docinfo.Author) == "Claire Exemple; Dana Sample"
        with pdf.open_metadata() as told:
            assert told["dc:creator"] == ["Claire Exemple", "Dana Sample"]
            assert told["dc:publisher"] == {"Example Meals Desk", "Example University"}
            assert told["xmp:Identifier"] == {"https://doi.org/10.5555/12345678", "urn:isbn:9780306406157"}
    with pikepdf.open(whole.folder / "press" / "policy-brief-press.pdf") as pdf:
        assert str(pdf.docinfo.Author) == "Claire Exemple; Dana Sample"


def test_a_band_crosses_the_sheet_between_masthead_and_title(drawings: Path) -> None:
    made = proofs(ELEMENTS, "letter", drawings)["brief"]
    band = next(one for one in made.stood if one.asked.picture)
    (page, (left, bottom, right, _)) = band.parts[0]
    assert page == 0
    assert (left, right) == pytest.approx((0, 612), abs=0.5)
    title = next(one for one in made.stood if one.asked.text.startswith("School meals in"))
    assert title.parts[0][1][3] < bottom


def test_in_the_press_copy_a_band_goes_on_into_the_bleed(whole: Built) -> None:
    with pikepdf.open(whole.folder / "press" / "policy-brief-press.pdf") as pdf:
        bleed, trim = (list(map(float, pdf.pages[0].obj[key])) for key in ("/BleedBox", "/TrimBox"))
    with pypdfium2.PdfDocument(whole.folder / "press" / "policy-brief-press.pdf") as opened:
        image = next(one for one in opened[0].get_objects([FPDF_PAGEOBJ_IMAGE]))
        left, _, right, _ = image.get_bounds()
    assert bleed[0] < trim[0] - 8
    assert (left, right) == pytest.approx((bleed[0], bleed[2]), abs=0.6)


def test_a_cover_has_a_page_of_its_own_with_the_title(drawings: Path) -> None:
    text = swapped(TEXT, ("place: hero\n        file", "place: cover\n        file"), ("  pages: 3\n", "  pages: 4\n"))
    (job,) = orders(briefing_of(text), ELEMENTS.parent, "a4", drawings, ("brief",))
    made = make(job)
    assert (made.pages, made.amiss) == (4, ())
    first = [one for one in made.stood if one.parts[0][0] == 0]
    assert [one.asked.path[-1] for one in first] == [
        *["briefing"] * 3,
        "caption",
        "credit",
        "title",
        "subtitle",
        "authors",
        "alt",
    ]


@pytest.mark.parametrize("words", ["« Venez manger. »", "“Come and eat.”"])
def test_a_pull_quote_that_brings_its_marks_gets_no_others(words: str) -> None:
    wording = read_wording(TEMPLATES, "en-GB", {})
    assert quotation_marks(wording, words) == ("", "")
    assert quotation_marks(wording, words[2:]) == ("“", "”")


@pytest.mark.parametrize(
    "words",
    [
        "“Fair” is the word that nobody used.",
        "“Fair” is what they said, and we said “just”.",
        "‘Fair’ is the word that they’d call ‘just’.",
        "„Fair“ ist das Wort.",
        "« Juste » est le mot.",
    ],
)
def test_a_pull_quote_that_quotes_at_its_beginning_has_marks_around_all_of_it(words: str) -> None:
    assert quotation_marks(read_wording(TEMPLATES, "en-GB", {}), words) == ("“", "”")


@pytest.mark.parametrize("words", ["“Come” and “eat”", "‘It’s the girls’ school.’", "„Sie sagte ‚gut‘ dazu.“"])
def test_marks_around_all_of_a_pull_quote_are_known_with_others_inside(words: str) -> None:
    whole = words if words[0] != "“" else f"“They said {words}, and ate.”"
    assert quotation_marks(read_wording(TEMPLATES, "en-GB", {}), whole) == ("", "")


def test_a_disputed_part_of_a_gauge_has_its_dagger(drawings: Path) -> None:
    other = "[{value: 160, sources: [census]}]"
    walks = f"walks: {{value: 150, as_of: 2024-05, sources: [census], label: Walks, disputed: {other}}}"
    share = "share: {value: 50, unit: percent, as_of: 2024-05, share_of: [walks, rides]}"
    more = "\n    - gauge: {figure: share, label: of all}\n    - contested: {}\n    - sources: {}"
    text = swapped(
        GOOD, ("\nbrief:", f"\n  {walks}\n  {share}\nbrief:"), ("{{rides}} rides.", "{{rides}} rides." + more)
    )
    (job,) = orders(briefing_of(text), drawings, "letter", drawings, ("brief",))
    made = make(job)
    assert any(one.asked.text == "150† of 300" for one in made.stood)
    assert made.amiss == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        ("        lang: fr", "        lang: fr-FX", "language-unknown", "lang"),
        ("conseil\n    lang: fr", "conseil\n    lang: qz", "language-unknown", "lang"),
        ("    publisher_lang: fr", "    publisher_lang: sp", "language-unknown", "publisher_lang"),
        ("cuisines]{lang=fr}", "cuisines]{lang=french}", "language-unknown", "text"),
        ("cuisines]{lang=fr}", "cuisines]{lang=fr-XX}", "language-unknown", "text"),
        ("cuisines]{lang=fr}", "cuisines]{lang=fr-}", "language-unknown", "text"),
        ("cuisines]{lang=fr}", "cuisines]{lang=fr-ABCDEFGHI}", "language-unknown", "text"),
        ("cuisines]{lang=fr}", "cuisines]{lang=日本語}", "language-unknown", "text"),
        ("cuisines]{lang=fr}", "cuisines] {lang=fr}", "text-markup", "text"),
        ("cuisines]{lang=fr}", "cuisines]{lang='fr'}", "text-markup", "text"),
        ("publisher: Example County Council", "publisher: 'A [B]{lang=fr}'", "text-markup", "publisher"),
    ],
)
def test_a_wrong_language_is_told_where_it_stands(old: str, new: str, code: str, at: str) -> None:
    briefing = briefing_of(swapped(TEXT, (old, new)))
    found = texts.check(briefing, read_wording(TEMPLATES, "en-GB", briefing.units))
    assert [(one.code, isinstance(one.at, ContentPath) and one.at.path[-1]) for one in found] == [(code, at)]
