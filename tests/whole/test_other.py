"""Another subject needs no code: a second content file with every kind of block, through whole runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pypdfium2
import pytest

from briefing.content.blocks import BLOCKS, ChartBlock, ImageBlock, kind_of
from briefing.content.briefing import Briefing
from briefing.content.records import ChartKind, PaperName, Status
from briefing.design.paper import PAPERS
from briefing.documents.document import DocumentView
from tests.support.builds import CHARTS, ELEMENTS, OTHER, Built, briefing_of, document_views
from tests.support.reading import block_words, squeezed, text
from tests.support.validators import fonts, page_validation, qpdf_check, verapdf


@pytest.fixture(scope="module")
def briefing() -> Briefing:
    return briefing_of(OTHER.read_text(encoding="utf-8"))


@pytest.fixture
def other_views(other: Built, drawings: Path) -> Mapping[str, DocumentView]:
    return document_views(OTHER, other.paper, drawings)


def test_it_uses_every_kind_of_block_and_of_chart(briefing: Briefing) -> None:
    blocks = [block for name in Briefing.DOCUMENTS for block in briefing.document(name).blocks]
    shown = [briefing.charts[block.chart] for block in blocks if isinstance(block, ChartBlock)]
    for file in ELEMENTS.parent.glob("*.yaml"):  # what only some briefs have
        more = briefing_of(file.read_text(encoding="utf-8"))
        blocks += [block for name in Briefing.DOCUMENTS for block in more.document(name).blocks]
    assert {kind_of(block) for block in blocks} == set(BLOCKS)
    shown += briefing_of(CHARTS.read_text(encoding="utf-8")).charts.values()
    assert {chart.kind for chart in shown} == {*ChartKind, None}
    assert any(chart.vega_lite for chart in shown)
    assert any(block.later for block in blocks)
    assert any(block.optional for block in blocks)


def test_it_uses_what_the_flagship_does_not(briefing: Briefing) -> None:
    figures = briefing.figures.values()
    assert {figure.operands[0] for figure in figures if figure.operands} == {
        "sum_of",
        "difference_of",
        "share_of",
        "change_of",
    }
    units = {figure.unit for figure in figures}
    assert units >= {"eur", "percent", "points", "date", "year", "number", "wells", "meter", "month"}
    assert any(figure.disputed for figure in figures)
    assert briefing.briefing.status is Status.FINAL
    assert briefing.briefing.paper is PaperName.A4
    assert briefing.briefing.language == "en-US"


def test_it_builds_without_a_finding(other: Built) -> None:
    assert (other.code, other.findings, other.noise) == (0, (), "")


def test_its_documents_have_the_pages_of_their_budget_on_the_paper_asked_for(other: Built, briefing: Briefing) -> None:
    sheet = PAPERS[PaperName(other.paper)]
    for name, file in other.files.items():
        with pypdfium2.PdfDocument(file) as pdf:
            assert len(pdf) == briefing.document(name).pages
            width, height = pdf.get_page_size(0)
        assert (width / 72 * 25.4, height / 72 * 25.4) == pytest.approx((sheet.width_mm, sheet.height_mm), abs=0.1)


def test_the_words_of_every_block_stand_on_the_page(other: Built, drawings: Path) -> None:
    for name, made in document_views(OTHER, other.paper, drawings).items():
        page = squeezed(text(other.files[name]))
        assert squeezed(made.front["licence"]) in page
        for view in made.blocks:
            words = block_words(view)
            assert words or view.kind == "imprint"
            # A name on a map may be set on two lines, far from each other in the drawing's order.
            runs = [part for run in words for part in (run.split() if view.kind == "map" else [run])]
            missing = [run for run in runs if squeezed(run) not in page]
            assert not missing, f"{name}, {view.id}"


def test_singular_and_plural_money_and_measures_are_in_the_language_of_the_content(other: Built) -> None:
    page = text(other.brief).replace("\u00a0", " ")
    assert "Only 1 well" in page
    assert "41 wells" in page
    assert "up to €3.5 million" in page
    assert "July 1, 2019" in page
    assert "at most 18 months" in page


def test_a_final_briefing_bears_no_mark_of_a_draft(other: Built) -> None:
    assert all("draft" not in text(file).casefold() for file in other.files.values())


def test_its_picture_is_sharp_enough_for_print_and_says_whose_it_is(
    other: Built, briefing: Briefing, other_views: Mapping[str, DocumentView]
) -> None:
    from PIL import Image

    image = next(block for block in briefing.brief.blocks if isinstance(block, ImageBlock))
    file = OTHER.parent / image.file
    printed = next(view.data["picture"] for view in other_views["brief"].blocks if view.kind == "image")
    with Image.open(file) as picture:
        assert picture.width / (printed.width_mm / 25.4) >= 300
    assert file.stat().st_size < 60_000
    assert squeezed(f"{image.credit}, {image.licence}") in squeezed(text(other.brief))


def test_its_documents_are_archivable_accessible_and_sound(other: Built) -> None:
    files = list(other.files.values())
    for standard in ("3a", "ua1"):
        assert page_validation(files, standard) == {file: [] for file in files}
        assert verapdf(files, standard) == {file: [] for file in files}
    for file in files:
        assert qpdf_check(file) == []
        assert all(font.embedded and font.subset for font in fonts(file))
