"""What longer reports have: numbers of figures, tables and boxes, and references to them, on real pages."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest

from briefing.checks import content_rules
from briefing.documents import document
from briefing.language.wording import read_wording
from briefing.ledger import ledger
from briefing.pipeline.document import make
from briefing.proofing.proof import Proof
from briefing.proofing.screen_reader import read_aloud
from tests.support.builds import ELEMENTS, TEMPLATES, briefing_of, orders, swapped

REPORT = ELEMENTS.parent / "report.yaml"
TEXT = REPORT.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def brief(drawings: Path) -> Proof:
    (job,) = orders(briefing_of(TEXT), REPORT.parent, "letter", drawings, ("brief",))
    return make(job)


@pytest.fixture(scope="module")
def heard(brief: Proof) -> list[str]:
    return [line.text for line in read_aloud(brief.pdf)]


def test_figures_tables_and_boxes_are_heard_with_their_numbers(brief: Proof, heard: list[str]) -> None:
    assert brief.amiss == ()
    for line in ("Heading level 2: Box 1. Words", "Figure 1. One ferry in four comes late", "Heading level 2: Box 2"):
        assert line in heard
    assert "Heading level 2: Table 1. Ferries in August" in heard
    assert any(line.startswith("Caption: Figure 2. The house of the harbour office.") for line in heard)
    assert any("[Link: Figure 1] shows" in line and "[Link: Table 1]" not in line for line in heard)


def test_a_reference_leads_to_its_block_on_a_screen_and_is_plain_on_paper(brief: Proof, drawings: Path) -> None:
    with pikepdf.open(io.BytesIO(brief.pdf)) as pdf:
        names = {str(one.Dest) for page in pdf.pages for one in page.get("/Annots", ()) if "/Dest" in one}
    assert {"terms", "counted", "quay", "chart-4"} <= names
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
