"""The review copy and the change bars are made from the real pages; the ledger names the lines that they number."""

from __future__ import annotations

import csv
import functools
import io
import itertools
import json
import re
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.content.records import PaperName
from briefing.design.outputs import OutputName
from briefing.ledger.spreadsheet import harmless
from briefing.pipeline import build
from briefing.products import ledger_table
from briefing.products.ledger_table import COLUMNS
from briefing.products.review import sheets as review_sheets
from briefing.products.review.notes import spread_tops
from briefing.proofing import readback
from briefing.proofing.line_numbers import line_at
from briefing.proofing.page_facts import TaggedFigure, TextRun
from briefing.proofing.proof import Proof
from tests.support.builds import FIRST, GOOD, LATER, ROOT, TEMPLATES, kept
from tests.support.examples import usually
from tests.support.reading import destinations, squeezed
from tests.support.typed import typed
from tests.support.validators import page_validation, qpdf_check

MARK_NEEDS = 60  # of 255


def made(content: Path, out: Path, **more: object) -> build.Outcome:
    outcome = build.run(build.Job(content, content.name, out, TEMPLATES, LATER, **more))  # type: ignore[arg-type]
    assert not outcome.refused, outcome.findings
    return outcome


@functools.cache
def copies_on(paper: PaperName, folder: Path) -> tuple[Path, build.Outcome]:
    ended = kept(folder.with_suffix(".outcome"), lambda: made(FIRST, folder, outputs=(OutputName.REVIEW,), paper=paper))
    return folder / "review", ended


@pytest.fixture(params=usually([PaperName.LETTER], [PaperName.A4]))
def copies(request: pytest.FixtureRequest, drawings: Path) -> tuple[Path, build.Outcome]:
    """Review copies of the flagship, on Letter and at night on both papers, each made once."""
    return copies_on(request.param, drawings / f"review-{request.param}")


@pytest.fixture
def outcome(drawings: Path) -> build.Outcome:
    """The same on Letter, with the pages that the review copies show."""
    return copies_on(PaperName.LETTER, drawings / f"review-{PaperName.LETTER}")[1]


def words(file: Path) -> list[str]:
    with pypdfium2.PdfDocument(file) as pdf:
        return [page.get_textpage().get_text_range().replace("\ufffe", "-") for page in pdf]


# ------------------------------------------------------------------ the review copy


def test_the_pages_of_a_review_copy_are_the_printed_ones_made_smaller(copies: tuple[Path, build.Outcome]) -> None:
    folder, outcome = copies
    assert outcome.work
    for name, file in (("brief", "policy-brief-review.pdf"), ("fact_sheet", "fact-sheet-review.pdf")):
        printed = readback.read(outcome.work.proofs[name].pdf)
        copy = readback.read((folder / file).read_bytes())
        factor = review_sheets.scale(outcome.work.setup.paper)
        assert len(copy.sheets) > len(printed.sheets)
        for before, after in zip(printed.sheets, copy.sheets, strict=False):
            assert (round(after.width), round(after.height)) == (round(before.height), round(before.width))
            assert [run.text for run in before.read if isinstance(run, TextRun)] == [
                run.text for run in after.read if isinstance(run, TextRun)
            ]
            for one, other in zip(before.read, after.read, strict=True):
                assert one.box[0] * factor == pytest.approx(other.box[0], abs=0.3)
                assert one.box[3] * factor == pytest.approx(other.box[3], abs=0.3)
                if isinstance(other, TextRun):
                    assert other.ink.contrast >= MARK_NEEDS, other.text  # the mark across the page hides nothing
                else:
                    assert other.share
                    assert other.share > 0.9


def test_no_two_notes_of_a_review_copy_touch(copies: tuple[Path, build.Outcome]) -> None:
    folder, outcome = copies
    assert outcome.work
    paper = outcome.work.setup.paper
    panel = paper.width_mm * review_sheets.scale(paper) * 72 / 25.4
    for name, file in (("brief", "policy-brief-review.pdf"), ("fact_sheet", "fact-sheet-review.pdf")):
        sheets = readback.read((folder / file).read_bytes()).sheets[: outcome.work.proofs[name].pages]
        for sheet in sheets:
            notes = [run for run in sheet.unread if run.box[0] > panel]
            assert len(notes) > 3
            pairs = itertools.combinations(notes, 2)
            assert [(one.text, other.text) for one, other in pairs if _touch(one.box, other.box)] == []


def _touch(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    along = min(one[3], other[3]) - max(one[1], other[1])
    return across > 1 and along > 1


def test_a_review_copy_is_sound_and_its_links_lead_where_they_led(copies: tuple[Path, build.Outcome]) -> None:
    folder, outcome = copies
    assert outcome.work
    for file in folder.glob("*.pdf"):
        assert qpdf_check(file) == []
    file = folder / "policy-brief-review.pdf"
    assert len(destinations(file)) > 60
    with pikepdf.open(file) as pdf, pikepdf.open(io.BytesIO(outcome.work.proofs["brief"].pdf)) as before:
        factor = review_sheets.scale(outcome.work.setup.paper)
        for page, old in zip(pdf.pages, before.pages, strict=False):
            rects = [[float(part) * factor for part in note.Rect] for note in old.Annots]
            assert [[float(part) for part in note.Rect] for note in page.Annots] == [
                pytest.approx(rect, abs=0.01) for rect in rects
            ]


def test_every_figure_has_a_note_beside_its_line_with_value_source_and_check(
    copies: tuple[Path, build.Outcome],
) -> None:
    folder, outcome = copies
    assert outcome.work
    pages = [" ".join(page.split()) for page in words(folder / "policy-brief-review.pdf")]
    stood = [one for one in outcome.work.proofs["brief"].stood if one.figures]
    assert len(stood) > 20
    for one in stood:
        for name, page, _ in one.figures:
            assert name in pages[page], name
    assert "arrests more than 300 arrests, as of 11 June 2024 source 1 · not checked" in pages[1]
    assert "crossings-2020 6,465 (disputed: 8,594)" in pages[1].replace("- ", "-")
    assert all("Review copy" in page and "DRAFT" in page for page in pages[:4])
    assert "DRAFT" not in pages[4]


def test_the_fact_check_sheet_lists_every_figure_sentence_and_source_with_a_box(
    copies: tuple[Path, build.Outcome],
) -> None:
    folder, outcome = copies
    assert outcome.work
    sheets = words(folder / "policy-brief-review.pdf")[4:]
    sheet = " ".join(" ".join(sheets).split())
    used = outcome.work.manuscript.ledger.used("figures", "brief")
    assert len(used) > 30
    assert [name for name in used if name not in sheet] == []
    for said in (
        "= 113,244 people ÷ 174,513 people",
        "crossings-2020, disputed 8,594 people",
        "Follows from the total to the end of May.",
        "A wall is ruled out, AFP reports.",
        "In the Darién from 2014 to November 2023"[7:],
        "People not registered on arrival are not counted.",
        "I have checked",
        "Signature",
    ):
        assert said in sheet
    assert all(f"Sheet {number} of {len(sheets)}" in page for number, page in enumerate(sheets, 1))
    for name in outcome.work.manuscript.ledger.used("sources", "brief"):
        assert squeezed(outcome.work.manuscript.briefing.sources[name].publisher) in squeezed(sheet)
    for finding, answer in outcome.answered:
        assert finding.code in sheet
        assert answer.reason[:30] in sheet


@pytest.mark.slow
def test_a_review_copy_leaves_the_published_files_alone(tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_text(GOOD)
    out = tmp_path / "build"
    made(tmp_path / "content.yaml", out)
    before = {path.name: path.read_bytes() for path in out.glob("*.*")}
    made(tmp_path / "content.yaml", out, outputs=(OutputName.REVIEW,))
    assert {path.name: path.read_bytes() for path in out.glob("*.*") if path.is_file()} == before
    assert (out / "review" / "policy-brief-review.pdf").exists()


@pytest.mark.slow
def test_an_open_finding_stands_beside_the_line_where_it_arises(tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_text(GOOD.replace("We counted", "We we counted"))
    made(tmp_path / "content.yaml", tmp_path / "build", outputs=(OutputName.REVIEW,))
    page = " ".join(words(tmp_path / "build" / "review" / "policy-brief-review.pdf")[0].split())
    assert "warning: word-repeated" in page or "note: word-repeated" in page


# ------------------------------------------------------------------ lines


def test_lines_are_numbered_from_the_top_of_each_page_in_each_column(outcome: build.Outcome) -> None:
    assert outcome.work
    lines = outcome.work.proofs["brief"].lines
    assert len(lines) > 150
    for page in range(4):
        for in_margin in (False, True):
            column = [line for line in lines if line.page == page and line.in_margin == in_margin]
            prefix = "M" if in_margin else ""
            assert [line.label for line in column] == [f"{prefix}{n}" for n in range(1, len(column) + 1)]
            middles = [line.box[1] + line.box[3] for line in column]
            assert middles == sorted(middles, reverse=True)


def test_a_line_of_running_text_is_one_line_with_its_source_marks(outcome: build.Outcome) -> None:
    assert outcome.work
    proof = outcome.work.proofs["brief"]
    bottom_line = [one for one in proof.stood if one.asked.block == "bottom-line"]
    parts = [part for one in bottom_line for part in one.parts]
    labels = {found.label for page, box in parts if (found := line_at(proof.lines, page, box))}
    assert sorted(map(int, labels)) == list(range(min(map(int, labels)), max(map(int, labels)) + 1))
    assert 10 <= len(labels) <= 14


@given(
    st.lists(st.tuples(st.floats(0, 190), st.floats(4, 30)), max_size=12),
)
def test_notes_never_lie_on_each_other_and_keep_their_order(wanted: list[tuple[float, float]]) -> None:
    at, heights = [top for top, _ in sorted(wanted)], [height for _, height in sorted(wanted)]
    tops = spread_tops(at, heights, 10, 200)
    assert len(tops) == len(at)
    for above, tall, below in zip(tops, heights, tops[1:], strict=False):
        assert below >= above + tall - 1e-6
    if sum(heights) <= 190 and tops:
        assert tops[0] >= 10 - 1e-6
        assert tops[-1] + heights[-1] <= 200 + 1e-6


def test_a_note_with_room_stands_at_its_line() -> None:
    assert spread_tops([20, 60, 120], [10, 10, 10], 10, 200) == [20, 60, 120]


# ------------------------------------------------------------------ the ledger


def test_the_ledger_names_the_page_and_line_of_every_figure(outcome: build.Outcome) -> None:
    assert outcome.work
    table = json.loads(ledger_table.format_ledger(outcome.work, LATER, "json", TEMPLATES))
    assert len(table) == len(outcome.work.manuscript.briefing.figures)
    row = next(row for row in table if row["id"] == "arrests")
    assert row["printed"] == "more than 300 arrests"
    assert {use["document"] for use in row["uses"]} == {"brief", "fact_sheet"}
    lines = FIRST.read_text(encoding="utf-8").split("\n")
    for use in row["uses"]:
        assert use["page"] in (1, 2)
        assert re.fullmatch(r"M?\d+", use["line"])
        assert "arrests" in " ".join(lines[use["content_line"] - 1 : use["content_line"] + 9])
    printed = [row["id"] for row in table if row["uses"]]
    assert len(printed) > 40
    assert [row["id"] for row in table if row["second_hand"]] == ["crossings-by-may", "valley-encounters"]


def test_the_four_forms_of_the_ledger_say_the_same(outcome: build.Outcome) -> None:
    assert outcome.work
    forms = {form: ledger_table.format_ledger(outcome.work, LATER, form, TEMPLATES) for form in ledger_table.FORMATS}
    rows = list(csv.DictReader(io.StringIO(forms["csv"], newline="")))
    table = json.loads(forms["json"])
    assert tuple(rows[0]) == COLUMNS
    for row, record in zip(rows, table, strict=True):
        assert row["id"] == record["id"]
        assert row["value"] == record["value"]
        assert record["printed"] in forms["text"]
        assert f'id="{record["id"]}"' in forms["html"]
    assert "http-equiv" not in forms["html"]
    assert "<script" not in forms["html"]
    assert re.findall(r"(?:src|url)\s*[=(]", forms["html"]) == []


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=30))
def test_no_cell_can_be_read_as_a_formula(text: str) -> None:
    cell = harmless(text)
    assert cell.removeprefix("'") == text.removeprefix("'") or cell == f"'{text}"
    number = re.fullmatch(r"-?\d+(\.\d+)?", cell)
    assert number or not cell.lstrip().startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("cell", ["=1+1", "+1 866", "-", "@SUM(A1)", " =cmd|' /C calc'!A0", "\t=1", "\uff1d1"])
def test_a_cell_that_might_be_a_formula_is_led_by_an_apostrophe(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


def test_the_ledger_of_content_with_a_fault_is_refused_with_the_fault(tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_text(GOOD.replace("{{rides}}", "{{ridez}}"))
    run = typed(tmp_path, "ledger")
    assert run.returncode == 1
    assert run.stdout == ""
    assert "[figure-unknown]" in run.stderr
    assert not (tmp_path / "build").exists() or not list((tmp_path / "build").glob("*.pdf"))


def test_the_ledger_goes_to_a_file_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_text(GOOD)
    arguments = ("ledger", "--format", "csv", "--out", "figures.csv", "--today", "2024-07-01")
    run = typed(tmp_path, *arguments)
    assert (run.returncode, run.stdout) == (0, "")
    assert (tmp_path / "figures.csv").read_bytes().startswith(b"\xef\xbb\xbfid,label,printed,")
    assert "age_days" in (tmp_path / "figures.csv").read_text("utf-8-sig")


# ------------------------------------------------------------------ change bars


def barred(page: int, data: bytes) -> list[tuple[float, float, float]]:
    """The bars of a page: x, bottom, top."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        drawn = pdf.pages[page].Contents.read_bytes()
    found = re.search(rb"/Artifact <</Type /Layout>> BDC (.*?) EMC$", drawn, re.DOTALL)
    strokes = re.findall(rb"([\d.]+) ([\d.]+) m [\d.]+ ([\d.]+) l S", found[1]) if found else []
    return [tuple(float(part) for part in stroke) for stroke in strokes]  # type: ignore[misc]


@pytest.mark.slow
def test_bars_stand_beside_what_differs_and_nowhere_else(tmp_path: Path, outcome: build.Outcome) -> None:
    new = FIRST.read_text(encoding="utf-8")
    old = new.replace("    value: 676\n", "    value: 677\n").replace("It is dense jungle", "It is thick jungle")
    assert old.count("677") == 1
    (tmp_path / "old.yaml").write_text(old, encoding="utf-8")
    work = made(FIRST, tmp_path, dry=True, bars=str(tmp_path / "old.yaml")).work
    assert work
    brief = work.proofs["brief"]
    assert [len(barred(page, brief.pdf)) for page in range(4)] == [1, 1, 0, 0]
    ((_, bottom, top),) = barred(0, brief.pdf)
    context = [box for one in brief.stood if one.asked.block == "context" for page, box in one.parts]
    assert bottom == pytest.approx(min(box[1] for box in context), abs=1)
    assert top < max(box[3] for box in context)  # the heading is as it was
    ((_, bottom, top),) = barred(1, brief.pdf)
    assert top - bottom < 14  # one line of a paragraph that has not changed otherwise
    assert barred(0, work.proofs["fact_sheet"].pdf) == []
    assert outcome.work
    assert_read_alike(outcome.work.proofs["brief"], brief, tmp_path)


@pytest.mark.slow
def test_bars_change_nothing_of_what_is_read(tmp_path: Path, outcome: build.Outcome) -> None:
    changed = FIRST.read_text(encoding="utf-8").replace("value: 300\n", "value: 290\n")
    (tmp_path / "old.yaml").write_text(changed, encoding="utf-8")
    sheet_alone = ("fact_sheet",)
    work = made(FIRST, tmp_path, dry=True, bars=str(tmp_path / "old.yaml"), documents=sheet_alone).work
    assert work
    assert outcome.work
    assert barred(0, work.proofs["fact_sheet"].pdf)
    assert_read_alike(outcome.work.proofs["fact_sheet"], work.proofs["fact_sheet"], tmp_path)


def assert_read_alike(bare: Proof, marked: Proof, folder: Path) -> None:
    """A reader and a screen reader meet the same in two documents, and the second keeps its standard."""
    before, after = readback.read(bare.pdf), readback.read(marked.pdf)
    for one, other in zip(before.sheets, after.sheets, strict=True):
        assert [_said(item) for item in one.read] == [_said(item) for item in other.read]
    file = folder / "marked.pdf"
    file.write_bytes(marked.pdf)
    assert page_validation([file], "ua1") == {file: []}


def _said(item: TextRun | TaggedFigure) -> str:
    return item.text if isinstance(item, TextRun) else item.alt


def test_bars_against_a_revision_that_git_does_not_know_are_refused(tmp_path: Path) -> None:
    run = typed(ROOT, "--bars", "no-such-revision", "--out", str(tmp_path), XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert run.returncode == 1
    assert "[revision-unknown]" in run.stderr or "[repository-missing]" in run.stderr
