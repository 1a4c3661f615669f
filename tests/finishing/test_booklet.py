"""A booklet is printed, folded and read: its pages come in order, upright, where they belong, and as they were."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import ImageChops, ImageStat

from briefing.content.records import PaperName
from briefing.design.paper import PAPERS
from briefing.finishing.context import Finishing
from briefing.finishing.imposition import booklet, signatures
from briefing.finishing.imposition.signatures import FoldedSheet, SheetSide
from briefing.language.wording import read_wording
from briefing.proofing import line_numbers
from briefing.proofing.asked_strings import ExpectedString
from briefing.proofing.comparison import Placement
from tests.support.builds import TEMPLATES, Built

MM = 72 / 25.4
T = TypeVar("T")
WORDS = read_wording(TEMPLATES, "en-GB", {}).words
ABOUT = Finishing("A brief", words=WORDS["pdf"])
LETTER, A4 = PAPERS[PaperName.LETTER], PAPERS[PaperName.A4]
TABLOID, HALF_LETTER = signatures.sheet_for(LETTER), signatures.sheet_for(LETTER, half=True)


# ------------------------------------------------------------------ printed, stacked and folded


def read_in_order(
    sheets: Sequence[SheetSide], left: Callable[[SheetSide], T], right: Callable[[SheetSide], T]
) -> list[T]:
    """What a reader meets who opens the folded sheets from the front.

    The printer turns each sheet about its short edge, which stands upright here: the left half of the back comes behind
    the right half of the front. The sheets lie in each other, the first one outside.
    """
    pairs = list(zip(sheets[::2], sheets[1::2], strict=True))
    before = [half for front, back in pairs for half in (right(front), left(back))]
    behind = [half for front, back in reversed(pairs) for half in (right(back), left(front))]
    return before + behind


@given(st.integers(1, 64), st.booleans())
def test_a_folded_booklet_has_its_pages_in_order(count: int, alone: bool) -> None:
    sheets = signatures.sides(count, alone)
    assert len(sheets) == 2 * -(-count // 4)
    assert [(side.sheet, side.back) for side in sheets] == [(n // 2, bool(n % 2)) for n in range(len(sheets))]
    met = read_in_order(sheets, lambda side: side.left, lambda side: side.right)
    assert [page for page in met if page is not None] == list(range(count))
    assert met.count(None) == -count % 4
    assert met[0] == 0


@given(st.integers(1, 64))
def test_blank_pages_never_stand_within_the_text(count: int) -> None:
    assert signatures.order_folded_pages(count, alone=False)[:count] == tuple(range(count))
    assert signatures.order_folded_pages(count, alone=True)[: count - 1] == tuple(range(count - 1))


@pytest.mark.parametrize("count", range(2, 20))
def test_a_last_page_that_stands_alone_is_the_back_cover(count: int) -> None:
    assert signatures.order_folded_pages(count, alone=True)[-1] == count - 1


def stood(*places: tuple[int, str]) -> list[Placement]:
    box = (0.0, 0.0, 1.0, 1.0)
    return [Placement(ExpectedString("A text", ("brief",), block), ((page, box),), ()) for page, block in places]


@pytest.mark.parametrize(
    ("places", "alone"),
    [
        ([(0, ""), (0, "a"), (1, "b")], True),
        ([(0, "a"), (1, "a"), (1, "b")], False),
        ([(0, "a"), (1, "b"), (0, "c"), (1, "c")], False),
        ([(0, "a")], False),
        ([(0, ""), (1, "")], True),
        ([], False),
    ],
)
def test_a_page_stands_alone_where_no_block_goes_on_to_it(places: list[tuple[int, str]], alone: bool) -> None:
    assert line_numbers.stands_alone(stood(*places)) is alone


# ------------------------------------------------------------------ the finished sheets


@dataclass(frozen=True)
class Drawn:
    """A page as a sheet draws it."""

    form: Any
    matrix: pikepdf.Matrix
    clip: tuple[float, float, float, float]


def drawn(page: pikepdf.Page) -> list[Drawn]:
    """Every form that a sheet draws, from the operators of the finished file."""
    found, stack = [], []
    matrix, clip = pikepdf.Matrix(), (0.0, 0.0, 0.0, 0.0)
    rectangle = clip
    for one in pikepdf.parse_content_stream(page):
        operands = [*one.operands]
        match str(one.operator):
            case "q":
                stack.append((matrix, clip))
            case "Q":
                matrix, clip = stack.pop()
            case "cm":
                matrix = pikepdf.Matrix(*(float(value) for value in operands)) @ matrix
            case "re":
                assert matrix == pikepdf.Matrix()
                x, y, wide, tall = (float(value) for value in operands)
                rectangle = (x, y, x + wide, y + tall)
            case "W":
                clip = rectangle
            case "Do":
                found.append(Drawn(page.Resources.XObject[str(operands[0])], matrix, clip))
    return found


def strokes(page: pikepdf.Page) -> list[tuple[float, float, float, float, bool]]:
    """The lines that a sheet itself draws, and whether each is dashed."""
    found, dashed, start = [], False, (0.0, 0.0)
    for one in pikepdf.parse_content_stream(page):
        operands = [*one.operands]
        match str(one.operator):
            case "d":
                dashed = len(operands[0]) > 0
            case "m":
                start = (float(operands[0]), float(operands[1]))
            case "l":
                found.append((*start, float(operands[0]), float(operands[1]), dashed))
    return found


def simple(count: int, paper: Any = LETTER, bleed_mm: float = 0.0, room_mm: float = 0.0) -> bytes:
    """Pages that each say their number, with a frame at the trim; of a print shop where there is room around it."""
    with pikepdf.new() as pdf:
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        shared = pdf.make_indirect(Dictionary(Font=Dictionary(F=font)))
        room, wide, tall = room_mm * MM, paper.width_mm * MM, paper.height_mm * MM
        for number in range(count):
            page = pdf.add_blank_page(page_size=(wide + 2 * room, tall + 2 * room))
            for name, edge in (("/TrimBox", room), ("/BleedBox", room - bleed_mm * MM)):
                page.obj[name] = Array([edge, edge, wide + 2 * room - edge, tall + 2 * room - edge])
            page.Resources = shared
            marked = f"/P <</MCID {number}>> BDC BT /F 40 Tf {room + 99} {room + 99} Td ({number + 1}) Tj ET EMC"
            frame = f"{room} {room} {wide} {tall} re S"
            slug = "BT /F 9 Tf 2 2 Td (slug) Tj ET"
            page.Contents = pdf.make_stream(f"{marked} {frame} {slug}".encode())
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def number_of(form: Any) -> int:
    return int(form.read_bytes().split(b" Tj")[0].rsplit(b"(")[-1].rstrip(b")")) - 1


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6, 7, 8, 12, 17])
@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("half", [False, True])
def test_finished_sheets_fold_into_the_pages_in_order(count: int, alone: bool, half: bool) -> None:
    with pikepdf.open(
        io.BytesIO(booklet.booklet(simple(count), signatures.sheet_for(LETTER, half), ABOUT, alone))
    ) as pdf:
        middle = float(pdf.pages[0].mediabox[2]) / 2
        halves: list[tuple[list[int], list[int]]] = []
        for page in pdf.pages:
            found: tuple[list[int], list[int]] = ([], [])
            for one in drawn(page):
                assert one.matrix.b == one.matrix.c == 0  # upright
                assert one.matrix.a == one.matrix.d > 0  # and neither stretched nor mirrored
                found[one.matrix.e > middle - 1].append(number_of(one.form))
            halves.append(found)
        sheets = [SheetSide(number // 2, bool(number % 2), number, number) for number in range(len(halves))]
        met = read_in_order(sheets, lambda side: halves[side.left or 0][0], lambda side: halves[side.right or 0][1])
        assert [number for pages in met for number in pages] == list(range(count))
        assert max(map(len, met)) == 1
        assert [bool(pages) for pages in met] == [
            page is not None for page in signatures.order_folded_pages(count, alone)
        ]


@pytest.mark.parametrize("paper", [LETTER, A4], ids=["letter", "a4"])
def test_office_pages_lie_side_by_side_on_a_sheet_of_twice_their_size(paper: Any) -> None:
    sheet = signatures.sheet_for(paper)
    with pikepdf.open(io.BytesIO(booklet.booklet(simple(4, paper), sheet, ABOUT))) as pdf:
        for page in pdf.pages:
            close([0, 0, sheet.width_mm, sheet.height_mm], page.mediabox)
            close([0, 0, sheet.width_mm, sheet.height_mm], page.trimbox)
            left, right = drawn(page)
            close([1, 0, 0], [1, left.matrix.e, left.matrix.f], mm=False)
            close([paper.width_mm, 0], [right.matrix.e, right.matrix.f])
            close([0, 0, paper.width_mm, paper.height_mm], left.clip)
            close([paper.width_mm, 0, sheet.width_mm, sheet.height_mm], right.clip)


@pytest.mark.parametrize(("paper", "scale"), [(LETTER, 139.7 / 215.9), (A4, 148.5 / 210)], ids=["letter", "a4"])
def test_pages_are_made_smaller_for_sheets_of_their_own_paper(paper: Any, scale: float) -> None:
    sheet = signatures.sheet_for(paper, half=True)
    with pikepdf.open(io.BytesIO(booklet.booklet(simple(4, paper), sheet, ABOUT))) as pdf:
        for page in pdf.pages:
            close([0, 0, paper.height_mm, paper.width_mm], page.mediabox)
            left, right = drawn(page)
            assert left.matrix.a == right.matrix.a == pytest.approx(scale, abs=1e-4)
            spare = (paper.width_mm - paper.height_mm * scale) / 2
            close(
                [0, spare, paper.height_mm / 2, spare], [left.matrix.e, left.matrix.f, right.matrix.e, right.matrix.f]
            )
            close([0, spare, paper.height_mm, paper.width_mm - spare], page.trimbox)


def close(wanted_mm: Sequence[float], found: Iterable[Any], mm: bool = True) -> None:
    """To a twentieth of a millimetre."""
    assert [float(value) / (MM if mm else 1) for value in found] == pytest.approx(list(wanted_mm), abs=0.05)


ROOM, BLEED = 12.0, 3.0  # millimetres


@pytest.mark.parametrize("paper", [LETTER, A4], ids=["letter", "a4"])
def test_print_shop_pages_keep_bleed_and_room_outside_and_are_cut_at_the_fold(paper: Any) -> None:
    wide, tall = 2 * paper.width_mm, paper.height_mm
    data = booklet.booklet(simple(4, paper, BLEED, ROOM), signatures.sheet_for(paper), ABOUT)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            close([0, 0, wide + 2 * ROOM, tall + 2 * ROOM], page.mediabox)
            close([ROOM, ROOM, ROOM + wide, ROOM + tall], page.trimbox)
            close([ROOM - BLEED, ROOM - BLEED, ROOM + wide + BLEED, ROOM + tall + BLEED], page.bleedbox)
            left, right = drawn(page)
            fold = ROOM + paper.width_mm
            close([ROOM - BLEED, ROOM - BLEED, fold, ROOM + tall + BLEED], left.clip)
            close([fold, ROOM - BLEED, ROOM + wide + BLEED, ROOM + tall + BLEED], right.clip)
            # The trimmed corner of each page, through its matrix.
            corner = pikepdf.Array([ROOM * MM, ROOM * MM])
            for one, x in ((left, ROOM), (right, fold)):
                close([x, ROOM], one.matrix.transform((float(corner[0]), float(corner[1]))))
                close([ROOM - BLEED] * 2, one.form.BBox.as_list()[:2])


def test_nothing_of_a_page_but_its_bleed_is_seen_on_a_sheet() -> None:
    """The line outside the bleed that each page brings stays away."""
    data = booklet.booklet(simple(4, LETTER, BLEED, ROOM), TABLOID, ABOUT)
    with pypdfium2.PdfDocument(data) as pdf:
        image = pdf[0].render(scale=2, grayscale=True).to_pil()
    outside = image.crop((0, image.height - int(2 * (ROOM - BLEED - 1) * MM), int(2 * (ROOM - 1) * MM), image.height))
    assert outside.getextrema() == (255, 255)


def test_print_shop_sheets_have_marks_outside_of_the_bleed() -> None:
    with pikepdf.open(io.BytesIO(booklet.booklet(simple(4, LETTER, BLEED, ROOM), TABLOID, ABOUT))) as pdf:
        page = pdf.pages[0]
        left, bottom, right, top = (float(edge) for edge in page.bleedbox)
        found = strokes(page)
        fold = [line for line in found if line[4]]
        cut = [line for line in found if not line[4]]
        assert len(fold) == 2
        assert len(cut) == 8
        assert {round(line[0] / MM, 1) for line in fold} == {round(ROOM + 215.9, 1)}
        for x1, y1, x2, y2, _ in found:
            apart = [max(left - x, x - right, bottom - y, y - top) for x, y in ((x1, y1), (x2, y2))]
            assert min(apart) > 0.9 * MM
            assert abs(x1 - x2) + abs(y1 - y2) > 3 * MM
        crossed = {round(x1 / MM, 1) for x1, _, x2, _, _ in cut if x1 == x2}
        assert crossed == {ROOM, round(ROOM + 431.8, 1)}


@pytest.mark.parametrize(("sheet", "paper"), [(TABLOID, LETTER), (HALF_LETTER, LETTER), (signatures.sheet_for(A4), A4)])
def test_office_sheets_have_ticks_at_head_and_foot_of_the_fold(sheet: FoldedSheet, paper: Any) -> None:
    with pikepdf.open(io.BytesIO(booklet.booklet(simple(4, paper), sheet, ABOUT))) as pdf:
        for page in pdf.pages:
            foot, head = strokes(page)
            assert foot[4]
            assert head[4]
            close([sheet.width_mm / 2] * 4, [foot[0], foot[2], head[0], head[2]])
            assert foot[3] > 8 * MM - 0.1 or sheet is HALF_LETTER  # beyond what a desktop printer leaves white
            if sheet is HALF_LETTER:  # there is room outside the pages
                assert max(foot[1], foot[3]) < float(page.trimbox[1])
                assert min(head[1], head[3]) > float(page.trimbox[3])


def test_thick_paper_moves_the_pages_of_inner_sheets_towards_the_fold() -> None:
    thin = booklet.booklet(simple(12), TABLOID, ABOUT)
    thick = booklet.booklet(simple(12), TABLOID, ABOUT, thickness_mm=0.2)
    with pikepdf.open(io.BytesIO(thin)) as flat, pikepdf.open(io.BytesIO(thick)) as moved:
        for number, (before, after) in enumerate(zip(flat.pages, moved.pages, strict=True)):
            by = [(b.matrix.e - a.matrix.e) / MM for a, b in zip(drawn(before), drawn(after), strict=True)]
            assert by == pytest.approx([0.2 * (number // 2), -0.2 * (number // 2)], abs=0.01)
            assert [one.clip for one in drawn(before)] == [one.clip for one in drawn(after)]


def test_blank_pages_at_the_end_of_an_office_copy_are_not_counted() -> None:
    with pikepdf.open(io.BytesIO(simple(3))) as pdf:
        pdf.add_blank_page(page_size=(612, 792))
        out = io.BytesIO()
        pdf.save(out)
    with pikepdf.open(io.BytesIO(booklet.booklet(out.getvalue(), TABLOID, ABOUT, alone=True))) as pdf:
        assert [number_of(one.form) for one in drawn(pdf.pages[0])] == [2, 0]


# ------------------------------------------------------------------ real pages


def pictures_of(data: bytes, wide: float, times: int = 1) -> list[Any]:
    """Pages as pixels, a page of such a width in points taking a thousand of them."""
    with pypdfium2.PdfDocument(data) as pdf:
        assert pdf[0].get_width() == pytest.approx(times * wide, abs=0.01)
        return [page.render(scale=999.999 / wide).to_pil() for page in pdf]


def test_a_page_on_its_sheet_looks_as_it_does_alone(flagship: Built) -> None:
    data = flagship.brief.read_bytes()
    paper = PAPERS[PaperName(flagship.paper)]
    pages = pictures_of(data, paper.width_mm * MM)
    sheets = pictures_of(booklet.booklet(data, signatures.sheet_for(paper), ABOUT), paper.width_mm * MM, 2)
    halves = [
        (sheet.crop((0, 0, 1000, sheet.height)), sheet.crop((1000, 0, 2000, sheet.height)))
        for sheet in sheets
    ]  # fmt: skip
    sides = signatures.sides(len(pages))
    met = read_in_order(sides, lambda side: halves[sides.index(side)][0], lambda side: halves[sides.index(side)][1])
    assert len(met) == len(pages) == 4
    for half, page in zip(met, pages, strict=True):
        inside = (8, 60, page.width - 8, page.height - 60)  # the ticks stand above and below
        differs = ImageChops.difference(half.crop(inside), page.crop(inside)).convert("L")
        assert ImageStat.Stat(differs).mean[0] < 0.05
        assert sum(differs.histogram()[64:]) < 40  # letters of the right half may lie a hundredth of a pixel aside


def test_sheets_are_for_printing_alone_and_say_so(flagship_letter: Built) -> None:
    data = booklet.booklet(flagship_letter.brief.read_bytes(), TABLOID, ABOUT)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert not {"/StructTreeRoot", "/MarkInfo", "/Outlines", "/Names"} & set(pdf.Root.keys())
        assert not any("/Annots" in page.obj or "/StructParents" in page.obj for page in pdf.pages)
        assert not any(b"/MCID" in one.form.read_bytes() for page in pdf.pages for one in drawn(page))
        wishes = pdf.Root.ViewerPreferences
        assert [wishes.Duplex, wishes.PrintScaling] == ["/DuplexFlipShortEdge", "/None"]
        with pdf.open_metadata() as said:
            assert said["dc:title"] == "A brief (sheets of a booklet, for printing only)"
            assert "{http://www.aiim.org/pdfua/ns/id/}part" not in said
        assert pdf.docinfo["/Title"] == "A brief (sheets of a booklet, for printing only)"
        assert pdf.check_pdf_syntax() == []


def test_resources_are_shared_and_fonts_are_in_the_file_once(flagship_letter: Built) -> None:
    def fonts(pdf: Pdf) -> int:
        return sum(isinstance(item, Dictionary) and item.get("/Type") == "/FontDescriptor" for item in pdf.objects)

    alone = flagship_letter.brief.read_bytes()
    data = booklet.booklet(alone, TABLOID, ABOUT)
    assert len(data) < len(alone)
    with pikepdf.open(io.BytesIO(data)) as pdf, pikepdf.open(io.BytesIO(alone)) as before:
        assert fonts(pdf) == fonts(before) > 0
        forms = [one.form for page in pdf.pages for one in drawn(page)]
        assert len({form.objgen for form in forms}) == len(forms) == 4
        assert len({form.Resources.objgen for form in forms}) == 1


def test_the_output_intent_and_the_claim_of_a_press_file_stay() -> None:
    with pikepdf.open(io.BytesIO(simple(4, LETTER, BLEED, ROOM))) as pdf:
        pdf.Root.OutputIntents = Array([Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFX)])
        with pdf.open_metadata(set_pikepdf_as_editor=False) as said:
            said["{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"] = "PDF/X-4"
            said["{http://www.aiim.org/pdfa/ns/id/}part"] = "3"
        out = io.BytesIO()
        pdf.save(out)
    with pikepdf.open(io.BytesIO(booklet.booklet(out.getvalue(), TABLOID, ABOUT))) as pdf:
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFX"
        with pdf.open_metadata() as said:
            assert said["{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"] == "PDF/X-4"
            assert "{http://www.aiim.org/pdfa/ns/id/}part" not in said


def test_the_same_pages_give_the_same_bytes(flagship_letter: Built) -> None:
    data = flagship_letter.brief.read_bytes()
    assert booklet.booklet(data, TABLOID, ABOUT) == booklet.booklet(data, TABLOID, ABOUT)


# ------------------------------------------------------------------ in words
