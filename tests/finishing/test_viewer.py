"""What a print dialog finds in an office copy, and how many sides it has."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
import weasyprint

from briefing.design.outputs import Step
from briefing.finishing.context import Finishing
from briefing.finishing.finish import finish
from briefing.proofing import comparison, readback
from briefing.proofing.expected import ExpectedDocument
from tests.support.validators import page_validation, qpdf_check, verapdf

OFFICE = (Step.EVEN, Step.VIEWER)


def document(pages: int, variant: str = "pdf/ua-1") -> bytes:
    """A tagged document of so many pages; the standards ask for a title and a language."""
    body = "".join(f'<h1 style="break-before: page">Page {number + 1}</h1><p>Words.</p>' for number in range(pages))
    page = f'<html lang="en"><title>A brief</title><style>@page {{ size: A4; bleed: 3mm }}</style>{body}</html>'
    data = weasyprint.HTML(string=page).write_pdf(pdf_variant=variant)
    assert isinstance(data, bytes)
    return data


def finished(data: bytes, *steps: Step) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(finish(data, steps, Finishing())))


@pytest.mark.parametrize(("pages", "sides"), [(1, 1), (2, 2), (3, 4), (4, 4), (5, 6)])
def test_a_document_of_several_pages_ends_on_the_back_of_a_sheet(pages: int, sides: int) -> None:
    with finished(document(pages), *OFFICE) as pdf:
        assert len(pdf.pages) == sides
        assert len(pdf.pages[0].Contents.read_bytes()) > 0


def test_the_page_that_is_added_is_blank_and_has_the_boxes_of_the_others() -> None:
    with finished(document(3), Step.EVEN) as pdf:
        blank, last = pdf.pages[3], pdf.pages[2]
        assert blank.Contents.read_bytes() == b""
        for box in ("/MediaBox", "/BleedBox", "/TrimBox"):
            assert list(blank[box]) == list(last[box])
        assert "/StructParents" not in blank
        assert "/Annots" not in blank


@pytest.mark.parametrize(("pages", "duplex"), [(1, "/Simplex"), (2, "/DuplexFlipLongEdge"), (3, "/DuplexFlipLongEdge")])
def test_print_dialogs_are_preset_to_both_sides_and_actual_size(pages: int, duplex: str) -> None:
    with finished(document(pages), *OFFICE) as pdf:
        wishes = pdf.Root.ViewerPreferences
        assert wishes.Duplex == duplex
        assert wishes.PrintScaling == "/None"
        assert wishes.PickTrayByPDFSize
        assert wishes.DisplayDocTitle
        assert "/NumCopies" not in wishes


def test_how_many_copies_is_left_to_who_prints() -> None:
    with pikepdf.open(io.BytesIO(document(2))) as pdf:
        pdf.Root.ViewerPreferences.NumCopies = 3
        out = io.BytesIO()
        pdf.save(out)
    with finished(out.getvalue(), Step.VIEWER) as done:
        assert "/NumCopies" not in done.Root.ViewerPreferences


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # WeasyPrint leaves its colour profile open
@pytest.mark.parametrize(("variant", "flavour"), [("pdf/ua-1", "ua1"), ("pdf/a-3a", "3a")])
def test_an_office_copy_still_conforms(variant: str, flavour: str, tmp_path: Path) -> None:
    files = [tmp_path / f"{count}.pdf" for count in (1, 3)]
    for file, count in zip(files, (1, 3), strict=True):
        file.write_bytes(finish(document(count, variant), OFFICE, Finishing()))
    assert [qpdf_check(file) for file in files] == [[], []]
    assert verapdf(files, flavour) == {file: [] for file in files}
    assert page_validation(files, flavour) == {file: [] for file in files}


def test_a_blank_back_needs_no_running_head_and_is_not_counted() -> None:
    """A page that has lost its words is told by them."""
    with finished(document(3), Step.EVEN) as pdf:
        out = io.BytesIO()
        pdf.save(out)
    info = readback.read(out.getvalue())
    assert len(info.sheets) == 4
    script = ExpectedDocument("brief", (), (), (), "Page {page}")  # which each printed page has as its heading
    told = [(one.code, one.page) for one in comparison.compare(script, info)[0] if one.code == "head-lost"]
    assert told == [("head-lost", 0)]  # as content, these headings are no heads; told once for all pages
