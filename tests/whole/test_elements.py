"""What only some briefs have: each element on real pages, seen, heard and proved, in every use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from briefing.documents.panel_views import quotation_marks
from briefing.findings import Refused
from briefing.language.wording import read_wording
from briefing.proofing.screen_reader import read_aloud
from tests.support.builds import ELEMENTS, TEMPLATES, Built, briefing_of, built, once, proofs, swapped
from tests.support.validators import page_validation, qpdf_check, verapdf

TEXT = ELEMENTS.read_text(encoding="utf-8")
LOOSE = {"page-thin", "margin-hole"}  # of pages that nobody has composed


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return once(tmp_path_factory, "elements", lambda folder: built(ELEMENTS, "letter", folder, "--use", "all"))


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
    assert said[at + 2].startswith("Claire Exemple, school inspector [Link: 2")


def test_a_pull_figure_says_its_qualifier_its_date_and_its_source(heard: Mapping[str, list[str]]) -> None:
    said = heard["brief"]
    at = said.index("more than 31,000")
    assert said[at + 1].startswith("children eat a school meal on a usual day as of May 2025 [Link: 1")


@pytest.mark.parametrize("words", ["« Venez manger. »", "“Come and eat.”"])
def test_a_pull_quote_that_brings_its_marks_gets_no_others(words: str) -> None:
    wording = read_wording(TEMPLATES, "en-GB", {})
    assert quotation_marks(wording, words) == ("", "")
    assert quotation_marks(wording, words[2:]) == ("“", "”")


@pytest.mark.parametrize(("old", "new", "code"), [("lang: fr", "lang: french", "language-unknown")])
def test_what_is_wrong_is_told_where_it_stands(old: str, new: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        briefing_of(swapped(TEXT, (old, new)))
    assert [one.code for one in refused.value.findings] == [code]
