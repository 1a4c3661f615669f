"""The print-shop pack: press files, proofs to look at, a job ticket and sums, in the same bytes each time."""

from __future__ import annotations

import datetime
import hashlib
import io
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from briefing.content import yaml_reader
from briefing.content.records import PaperName
from briefing.design.paper import PAPERS
from briefing.documents.manuscript import manuscript_of
from briefing.finishing.finish import finish
from briefing.layout.single_page import TypesetPage, make
from briefing.products.printshop import condition, jobticket
from briefing.products.printshop.jobticket import Ticket
from briefing.products.printshop.pack import FOLDER, SUMS, Pack, pack
from tests.finishing.test_press import PRESS, about, render, typesetter
from tests.support.builds import GOOD, TEMPLATES

DAY = datetime.date(2024, 6, 12)
SHEET = {"brief": "policy-brief-press.pdf", "fact_sheet": "fact-sheet-press.pdf"}


def pressed(pages: int, paper: PaperName = PaperName.LETTER) -> bytes:
    """A finished press file of so many pages."""
    sheet, setter = PAPERS[paper], typesetter()
    style = f"@page{{size:{sheet.width_mm}mm {sheet.height_mm}mm}}p{{font-family:'Source Sans 3';break-after:page}}"
    html = f'<html lang="en"><title>T</title><style>{style}</style>{"<p>Words.</p>" * (pages - 1)}<div>Words.</div>'
    return finish(setter.write(setter.lay(html, {})).data, PRESS.steps, about())


def ticket(
    pages: int = 4, quantity: dict[str, int] | None = None, text: str = GOOD, paper: PaperName = PaperName.LETTER
) -> Ticket:
    manuscript = manuscript_of(yaml_reader.parse(text.encode(), "content.yaml"), TEMPLATES)
    files = {"brief": (SHEET["brief"], pressed(pages, paper)), "fact_sheet": (SHEET["fact_sheet"], pressed(1, paper))}
    house = condition.printing_condition_of(TEMPLATES)
    return jobticket.ticket(files, manuscript, PAPERS[paper], house, quantity or {})


def told(made: Ticket, label: str, number: int = 0) -> str:
    """What a ticket says at a label."""
    (row,) = [row for row in (*made.rows, *made.common, *made.contact) if row.label == label]
    return row.values[number].replace("\xa0", " ")


def printed(made: Ticket) -> TypesetPage:
    return make((made.single_page(TEMPLATES),))


@pytest.fixture(scope="module")
def packed() -> Pack:
    made, files = ticket(), {SHEET["brief"]: pressed(4), SHEET["fact_sheet"]: pressed(1)}
    return pack(files, printed(made).pdf, made.text(), "No findings.\n", DAY, "PROOF", TEMPLATES / "fonts")


@pytest.mark.parametrize(
    ("pages", "binding", "colours"),
    [
        (1, "Single sheet, not folded", "4/0"),
        (2, "Single sheet, not folded", "4/4"),
        (3, "One sheet of 431.8 × 279.4 mm (17 × 11 in), folded once", "4/4"),
        (4, "One sheet of 431.8 × 279.4 mm (17 × 11 in), folded once", "4/4"),
        (6, "2 sheets of 431.8 × 279.4 mm (17 × 11 in), folded once and saddle-stitched", "4/4"),
    ],
)
def test_the_ticket_says_how_so_many_pages_are_bound(pages: int, binding: str, colours: str) -> None:
    made = ticket(pages)
    assert told(made, "Folding and binding").startswith(binding)
    assert told(made, "Colours").startswith(colours)
    assert told(made, "Pages").split()[0] == str(pages)
    assert ("blank" in told(made, "Pages")) == (pages in (3, 6))


def test_the_ticket_names_size_bleed_ink_and_sums_of_the_files_themselves() -> None:
    made = ticket(paper=PaperName.A4)
    assert told(made, "Trimmed size") == "210 × 297 mm (8.27 × 11.69 in)"
    assert told(made, "Bleed").startswith("3 mm (0.118 in)")
    assert "300%" in told(made, "Total ink")
    assert "FOGRA39" in told(made, "Made for")
    assert told(made, "Fonts") == "All embedded"
    assert made.files[0].sha256 == hashlib.sha256(pressed(4, PaperName.A4)).hexdigest()


def test_a_quantity_that_is_not_given_is_a_line_to_write_on() -> None:
    made = ticket(quantity={"brief": 1500})
    assert (told(made, "Quantity"), told(made, "Quantity", 1)) == ("1,500 copies", "")
    lines = made.text().splitlines()
    assert [line.split(":")[1].strip()[:8] for line in lines if line.startswith("Quantity")] == ["1,500 co", "________"]


def test_the_contact_is_that_of_the_content_and_may_be_lacking() -> None:
    assert told(ticket(), "From") == "Desk"
    given = ticket(text=GOOD.replace("publisher: Desk", "publisher: Desk, contact: desk@example.org"))
    assert told(given, "From") == "Desk, desk@example.org"


@pytest.mark.parametrize("paper", list(PaperName))
def test_the_ticket_is_one_page_that_says_what_its_text_says(paper: PaperName) -> None:
    made = ticket(paper=paper, quantity={"brief": 20})
    page = printed(made)
    assert (page.pages, page.findings, page.lacking) == (1, (), ())
    with pypdfium2.PdfDocument(page.pdf) as pdf:
        words = "".join(pdf[0].get_textpage().get_text_range().split())
    for row in (*made.rows, *made.common, *made.contact):
        for value in (row.label, *row.values):
            assert "".join(value.split()) in words
            assert " ".join(value.split())[:20] in " ".join(made.text().split())
    for file in made.files:
        assert file.sha256 in words
        assert file.sha256 in made.text()


def test_the_pack_holds_all_that_a_printer_is_sent(packed: Pack) -> None:
    assert list(packed.files) == [
        SUMS,
        "fact-sheet-press.pdf",
        "fact-sheet-proof.pdf",
        "job-ticket.pdf",
        "job-ticket.txt",
        "policy-brief-press.pdf",
        "policy-brief-proof.pdf",
        "preflight.txt",
    ]


def test_the_sums_are_those_of_the_files_in_the_archive(packed: Pack, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(packed.archive)) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / FOLDER
    assert {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()} == set(packed.files)
    assert all((folder / name).read_bytes() == data for name, data in packed.files.items())
    run = subprocess.run(["sha256sum", "--check", "--strict", SUMS], cwd=folder, capture_output=True, check=False)
    assert run.returncode == 0
    assert len(run.stdout.splitlines()) == len(packed.files) - 1


def test_the_same_files_give_the_same_archive(packed: Pack) -> None:
    made, files = ticket(), {SHEET["fact_sheet"]: pressed(1), SHEET["brief"]: pressed(4)}
    again = pack(files, printed(made).pdf, made.text(), "No findings.\n", DAY, "PROOF", TEMPLATES / "fonts")
    assert again.archive == packed.archive
    with zipfile.ZipFile(io.BytesIO(packed.archive)) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {(entry.date_time, entry.external_attr >> 16) for entry in entries} == {((2024, 6, 12, 0, 0, 0), 0o100644)}


def test_a_proof_is_coarse_and_shows_where_the_page_is_trimmed(packed: Pack) -> None:
    data = packed.files["policy-brief-proof.pdf"]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 4
        image = pdf.pages[0].resources.XObject.Sheet
        trim = [float(part) for part in pdf.pages[0].obj.TrimBox]
        media = [float(part) for part in pdf.pages[0].obj.MediaBox]
        assert int(image.Width) / media[2] * 72 == pytest.approx(100, abs=0.5)
    sheet = render(data, 0, 100)
    scale = 100 / 72
    column = [sheet.getpixel((round(trim[0] * scale), y)) for y in range(100, 900)]
    red = [pixel for pixel in column if isinstance(pixel, tuple) and pixel[0] > 180 and pixel[1] < 150]
    assert 300 < len(red) < 500  # dashes
    label = sheet.crop((int(trim[0] * scale), 0, 300, int((media[3] - trim[3]) * scale * 0.4))).convert("L")
    assert label.getextrema()[0] < 160  # type: ignore[operator]


def test_a_ticket_for_uncoated_paper_suggests_some() -> None:
    manuscript = manuscript_of(yaml_reader.parse(GOOD.encode(), "content.yaml"), TEMPLATES)
    house = replace(condition.printing_condition_of(TEMPLATES), condition="FOGRA52")
    made = jobticket.ticket({"brief": ("a.pdf", pressed(1))}, manuscript, PAPERS[PaperName.A4], house, {})
    assert told(made, "Paper, as a suggestion").startswith("Uncoated")
    assert made.documents == ("Policy brief",)
