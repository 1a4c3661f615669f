"""Numbered copies: what differs is on page one of each and is right; all the rest is the finished file's."""

from __future__ import annotations

import functools
import io
import itertools
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from briefing.design.outputs import USES, OutputName
from briefing.finishing.stamping.copy_mark import MarkBox, MarkPainter, MarkTooLongError, StampedCopy
from briefing.finishing.stamping.qr_table import QrTable, qr_table
from briefing.finishing.stamping.run_file import RunFile, RunNames
from briefing.finishing.stamping.stamp_font import NoGlyphError, StampFont
from briefing.finishing.stamping.tagged_file import TaggedFile
from briefing.finishing.stamping.text_pages import Face
from briefing.pipeline import document as pipeline_document
from briefing.preflight.preflight import preflight
from briefing.proofing import screen_reader
from briefing.proofing.proof import Proof
from tests.support import validators
from tests.support.builds import GOOD, TEMPLATES, briefing_of, kept, orders
from tests.support.examples import examples, usually

FONT = TEMPLATES / "fonts" / "SourceSans3_400Regular.ttf"
ADDRESS = "https://briefs.example.org"
HEAD = f"{ADDRESS}/darien-1/#"
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NAMES = ("Đặng Øyvind", "Łukasz Çiğdem", "Ýmir Nguyễn", "O’Brien-Smith")
# A brief of three pages, a fact sheet of one.
PROSE = "".join(
    f"    - prose: {{text: 'Paragraph {n}: {'the town counted the rides of the year again. ' * 40}'}}\n"
    for n in range(5)
)
CONTENT = GOOD.replace(
    "brief:\n  pages: 1\n  blocks:\n", f"mark: {{address: '{ADDRESS}'}}\nbrief:\n  pages: 3\n  blocks:\n{PROSE}", 1
)
ALT = "Code that leads to the status of this copy"


def code_of(number: int) -> str:
    return f"{number:04d}XKMTZ07"


def copy_of(number: int, total: int = 300) -> StampedCopy:
    name, code = NAMES[number % len(NAMES)], code_of(number)
    shown = f"{code[:4]}-{code[4:8]}-{code[8:]}"
    return StampedCopy(number, ((f"Copy {number} of {total}",), (f"for {name}", "Ministry of Health"), (shown,)), code)


def proofs(use: OutputName, drawings: Path, document: str = "brief") -> Proof:
    return _proofs(use, drawings, document)


@functools.cache
def _proofs(use: OutputName, drawings: Path, document: str) -> Proof:
    (order,) = orders(briefing_of(CONTENT), drawings, "letter", drawings, (document,), USES[use])
    made = kept(drawings / f"marked-{use}-{document}.proof", lambda: pipeline_document.make(order))
    assert made.mark, made.findings
    return made


def mark_on(made: Proof, copies: list[StampedCopy], codes: bool = True) -> MarkPainter:
    place = made.mark
    assert place
    box = MarkBox.on_page(made.pdf, place.page - 1, (place.left, place.top), (place.width, place.height))
    if made.use is OutputName.LARGE_PRINT:
        box = box.in_large_print()
    table = qr_table(HEAD, 11, LETTERS) if codes else None
    mark = MarkPainter(box, StampFont(FONT), table, press=made.use is OutputName.PRESS)
    for one in copies:
        mark.shape(one)
    return mark


def file_of(made: Proof, one: StampedCopy) -> bytes:
    return TaggedFile(made.pdf, mark_on(made, [one]), 0, len(one.says), ALT).write(one)


def run_of(made: Proof, copies: list[StampedCopy]) -> bytes:
    out = io.BytesIO()
    size = RunFile(made.pdf, mark_on(made, copies), 0).write(copies, RunNames("Copy {number} of 300"), out)
    assert size == len(out.getvalue())
    return out.getvalue()


def words(data: bytes, page: int) -> str:
    with pypdfium2.PdfDocument(data) as pdf:
        return " ".join(pdf[page].get_textpage().get_text_range().split())


def codes_seen(data: bytes, page: int, dpi: int = 200) -> list[str]:
    with pypdfium2.PdfDocument(data) as pdf:
        return [found.text for found in zxingcpp.read_barcodes(pdf[page].render(scale=dpi / 72).to_pil())]


def test_a_run_has_every_copy_in_turn_with_its_own_words_and_code_and_begins_it_on_a_new_sheet(drawings: Path) -> None:
    made = proofs(OutputName.OFFICE, drawings)
    copies = [copy_of(number) for number in range(1, 121)]
    data = run_of(made, copies)
    bare = words(made.pdf, 0)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 4 * len(copies)  # three, and a blank back
        assert [str(pdf.pages[4 * at + 1].label) for at in (0, 49, 50, 119)] == ["1.2", "50.2", "51.2", "120.2"]
        with pdf.open_outline() as outline:
            assert [one.title for one in outline.root] == ["Copies 1 to 50", "Copies 51 to 100", "Copies 101 to 120"]
            assert outline.root[1].children[3].title == "Copy 54 of 300"
        assert pdf.Root.ViewerPreferences.Duplex == "/DuplexFlipLongEdge"
        assert pdf.check_pdf_syntax() == []
    for copy in copies[::17]:
        said = words(data, 4 * (copy.number - 1))
        for text in (f"Copy {copy.number} of 300", NAMES[copy.number % len(NAMES)], copy.says[2][0]):
            assert text in said
        assert bare[:60] in said
        assert codes_seen(data, 4 * (copy.number - 1)) == [HEAD + copy.code]
    assert words(data, 5) == words(made.pdf, 1)


def test_an_odd_number_of_pages_ends_with_a_blank_back_and_one_page_has_none(drawings: Path) -> None:
    odd = proofs(OutputName.READING, drawings)
    assert odd.pages % 2, "this test wants an odd number of pages"
    copies = [copy_of(1), copy_of(2)]
    data = run_of(odd, copies)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 2 * (odd.pages + 1)
    assert words(data, odd.pages) == ""
    assert "Copy 2 of 300" in words(data, odd.pages + 1)
    sheet = proofs(OutputName.READING, drawings, "fact_sheet")
    with pikepdf.open(io.BytesIO(run_of(sheet, copies))) as pdf:
        assert len(pdf.pages) == 2
        assert pdf.Root.ViewerPreferences.Duplex == "/Simplex"


def test_a_run_can_be_split_into_marked_sheets_and_pages_that_are_the_same_or_have_the_marks_alone(
    drawings: Path,
) -> None:
    made, copies = proofs(OutputName.READING, drawings), [copy_of(1), copy_of(2)]
    mark = mark_on(made, copies)
    out = {name: io.BytesIO() for name in ("marked", "same", "marks")}
    RunFile(made.pdf, mark, 0, pages=(0, 1)).write(copies, RunNames(), out["marked"])
    RunFile(made.pdf, None, pages=(2,)).write(copies[:1], RunNames(), out["same"])
    RunFile(made.pdf, mark, 0, pages=(0,), bare=True).write(copies, RunNames(), out["marks"])
    pages = {name: len(pikepdf.open(file).pages) for name, file in out.items()}
    assert pages == {"marked": 4, "same": 1, "marks": 2}
    assert words(out["same"].getvalue(), 0) == words(made.pdf, 2)
    assert "Copy 2 of 300" in words(out["marked"].getvalue(), 2)
    assert words(out["marked"].getvalue(), 3) == words(made.pdf, 1)
    said = words(out["marks"].getvalue(), 1)
    assert said.startswith("Copy 2 of 300")
    assert "Paragraph" not in said


@pytest.mark.parametrize("use", usually([OutputName.READING, OutputName.LARGE_PRINT], [OutputName.OFFICE]))
def test_a_file_for_one_copy_is_as_good_as_the_finished_one_and_says_the_mark_last(
    use: OutputName, drawings: Path, tmp_path: Path
) -> None:
    made, one = proofs(use, drawings), copy_of(17)
    data = file_of(made, one)
    file = tmp_path / "copy.pdf"
    file.write_bytes(data)
    for flavour in ("3a", "ua1"):
        assert validators.verapdf([file], flavour) == {file: []}
        assert validators.page_validation([file], flavour) == {file: []}
    assert validators.qpdf_check(file) == []
    assert [found.code for found in preflight(data, "copy.pdf", use)] == []
    heard = screen_reader.format_lines(screen_reader.read_aloud(data))
    before = screen_reader.format_lines(screen_reader.read_aloud(made.pdf))
    end = "End of document"
    assert heard.startswith(before.removesuffix(end + "\n").removesuffix(end))
    added = heard[before.index(end) :]
    assert [text in added for text in ("Copy 17 of 300", "Łukasz Çiğdem", one.says[2][0], ALT)] == [True] * 4


def test_a_file_for_the_press_has_no_more_findings_with_marks_than_without(drawings: Path) -> None:
    made = proofs(OutputName.PRESS, drawings)
    copies = [copy_of(1), copy_of(2)]
    data = run_of(made, copies)
    codes = {found.code for found in preflight(data, "run.pdf", OutputName.PRESS)}
    blank_backs = {"page-empty"}  # which the run has added
    assert codes - blank_backs <= {found.code for found in preflight(made.pdf, "file.pdf", OutputName.PRESS)}
    assert codes_seen(data, 0) == [HEAD + copies[0].code]


def test_files_of_two_copies_differ_in_their_marks_alone(drawings: Path) -> None:
    made, copies = proofs(OutputName.READING, drawings), [copy_of(1), copy_of(2)]
    writer = TaggedFile(made.pdf, mark_on(made, copies), 0, 3, ALT)
    (shared, first), (other, second) = (writer.parts(one) for one in copies)
    assert shared == other
    assert first != second
    assert writer.write(copies[0]) == writer.write(copies[0])
    identifiers = set()
    for one in copies:
        with pikepdf.open(io.BytesIO(writer.write(one))) as pdf:
            identifiers.add(bytes(pdf.trailer.ID[0]))
        assert code_of(3 - one.number) not in words(writer.write(one), 0).replace("-", "")
    assert len(identifiers) == 2


def test_a_name_that_is_too_long_is_set_smaller_and_then_refused_with_what_it_lacks(drawings: Path) -> None:
    made = proofs(OutputName.READING, drawings)
    mark = mark_on(made, [])
    smaller = StampedCopy(5, (("for a name of some length, which goes on",),), code_of(5))
    assert b"/CopyMark 7.6 Tf" not in mark.draw(smaller)
    with pytest.raises(MarkTooLongError) as told:
        mark.draw(StampedCopy(5, (("N" * 120,),), code_of(5)))
    assert told.value.number == 5
    assert told.value.lacks_mm > 50


@pytest.mark.parametrize("text", ["東京", "for ⚓"])
def test_a_character_that_the_font_cannot_show_is_refused(text: str) -> None:
    with pytest.raises(NoGlyphError):
        StampFont(FONT).shape(text)


@examples(30)
@given(st.lists(st.text("abcdefÁÉñøłğĐặßfifl’-.0123456789", min_size=1, max_size=12), min_size=1, max_size=3))
def test_what_is_stamped_reads_back_as_it_was_said(parts: list[str]) -> None:
    text = " ".join(parts)
    data = blank()
    font = StampFont(FONT)
    mark = MarkPainter(MarkBox(20, 20, 500, 40), font, None)
    one = StampedCopy(1, ((text,),))
    mark.shape(one)
    out = io.BytesIO()
    RunFile(data, mark, 0).write([one], RunNames(), out)
    with pypdfium2.PdfDocument(out.getvalue()) as pdf:
        assert pdf[0].get_textpage().get_text_range() == text


@functools.cache
def blank() -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(612, 792))
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def test_every_code_is_that_of_the_encoder_and_says_to_a_reader_what_it_should() -> None:
    table = QrTable(HEAD, 11, LETTERS)
    for tail in (("".join(pair) * 6)[:11] for pair in itertools.product("0Z7K", "1X")):
        rows = rows_of(f"{table.matrix(tail):0{table.side**2}b}", table.side)
        encoded = [
            segno.make_qr(HEAD + tail, error="m", mode="byte", boost_error=False, mask=mask, encoding="iso-8859-1")
            for mask in range(8)
        ]
        assert rows in [["".join(str(module & 1) for module in row) for row in one.matrix] for one in encoded]
        picture = Image.new("L", (table.side + 8, table.side + 8), 255)
        for y, row in enumerate(rows):
            for x, module in enumerate(row):
                picture.putpixel((x + 4, y + 4), 0 if module == "1" else 255)
        large = picture.resize((picture.width * 6, picture.height * 6), Image.Resampling.NEAREST)
        assert [found.text for found in zxingcpp.read_barcodes(large)] == [HEAD + tail]
        drawn = [(x, table.side - 1 - y) for x, y in modules_of(table.shared + table.own(tail))]
        assert sorted(drawn) == [
            (x, y) for x in range(table.side) for y in range(table.side) if rows[y][x] == "1"
        ]  # none of them twice


def modules_of(path: bytes) -> list[tuple[int, int]]:
    """The modules that a path of rectangles covers, from the lower left corner."""
    rectangles = [tuple(map(int, one.split())) for one in path.split(b" re ")[:-1]]
    return [(x + right, y + up) for x, y, wide, high in rectangles for right in range(wide) for up in range(high)]


@pytest.mark.parametrize("face", Face)
def test_numbers_and_codes_that_are_put_together_from_pairs_are_as_the_shaper_sets_them(face: Face) -> None:
    font, said = StampFont(FONT.with_name(face.value)), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
    every = "".join(itertools.chain.from_iterable(itertools.product(said, repeat=3)))
    shaped = font.shape(every)  # by the shaper, since no pair is known yet
    assert b">" in shaped.show[2:-4], "this test wants a font with kerning"
    assert font.shape(every) == shaped
    assert [font.shape(one) for one in ("A-1", "7", "")] == [
        StampFont(FONT.with_name(face.value)).shape(one) for one in ("A-1", "7", "")
    ]


def rows_of(bits: str, side: int) -> list[str]:
    return [bits[at : at + side] for at in range(0, len(bits), side)]
