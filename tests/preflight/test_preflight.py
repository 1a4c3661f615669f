"""Preflight: good files have no finding, one fault gives its one code, and no file whatever makes it fail."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import shutil
import subprocess
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image

from briefing.design.outputs import OutputName
from briefing.findings import Severity
from briefing.pdf.colours import Model
from briefing.pdf.content_stream import operators
from briefing.preflight import preflight
from briefing.preflight.facts import Facts, PaintUse, Zone
from briefing.preflight.ink_coverage import with_ink
from briefing.preflight.inspect import inspect
from briefing.preflight.rule_sets import LIMITS, RULES
from tests.content.test_faults import TOLD_ELSEWHERE
from tests.docs.test_checks import DOCUMENTED
from tests.support.broken import PRESS_SAID as PRESS_XMP
from tests.support.broken import READING_SAID as READING_XMP
from tests.support.broken import (
    attach,
    broken,
    describe,
    good_press,
    good_reading,
    image,
    paint,
    photograph,
    replace,
    saved,
    tag,
)
from tests.support.examples import examples

OTHER_PROGRAMS = Path(__file__).parents[1] / "other_programs"
PRESS, READING = OutputName.PRESS, OutputName.READING
BLACK = "/Over gs 0 0 0 1 k"  # how text begins on the good press page

Fault = Callable[[Pdf], object]


def codes(data: bytes, use: OutputName) -> list[str]:
    return [finding.code for finding in preflight.preflight(data, "a.pdf", use)]


def test_good_files_have_no_finding() -> None:
    assert preflight.preflight(good_press(), "a.pdf", PRESS) == ()
    assert preflight.preflight(good_press(1), "a.pdf", PRESS) == ()
    assert preflight.preflight(good_reading(), "a.pdf", READING) == ()


# ---------------------------------------------------------------- one fault each


def _boxes(**boxes: tuple[float, float, float, float]) -> Fault:
    """Move the edges of a box of every page by so many points."""

    def fault(pdf: Pdf) -> None:
        for page in pdf.pages:
            for name, by in boxes.items():
                edges = page.obj["/" + name]
                page.obj["/" + name] = Array([float(edge) + move for edge, move in zip(edges, by, strict=True)])

    return fault


def _painted(told: str) -> Fault:
    return lambda pdf: paint(pdf, told)


def _without(*path: str) -> Fault:
    """Take an entry away; a path begins at the catalogue."""

    def fault(pdf: Pdf) -> None:
        holder: pikepdf.Object = pdf.Root
        for name in path[:-1]:
            holder = holder[name]
        del holder[path[-1]]

    return fault


def _action(kind: str, **more: Any) -> Fault:
    def fault(pdf: Pdf) -> None:
        pdf.Root.OpenAction = Dictionary(S=Name("/" + kind), **more)

    return fault


def _annotation(kind: str, rect: list[int]) -> Fault:
    def fault(pdf: Pdf) -> None:
        pdf.pages[0].obj.Annots = Array(
            [Dictionary(Type=Name.Annot, Subtype=Name("/" + kind), Rect=rect, Contents="a")]
        )

    return fault


def _picture(make: Callable[[], Image.Image], size: int, jpeg: bool = False) -> Fault:
    """Another picture on the first page, so many points wide."""

    def fault(pdf: Pdf) -> None:
        pdf.pages[0].obj.Resources.XObject.Other = image(pdf, make(), jpeg)
        paint(pdf, f"q {size} 0 0 {size} 250 450 cm /Other Do Q")

    return fault


def _settings(**more: Any) -> Fault:
    """A graphics state of its own, with something painted in it."""

    def fault(pdf: Pdf) -> None:
        pdf.pages[0].obj.Resources.ExtGState.Odd = Dictionary(**more)
        paint(pdf, "/Odd gs 0.2 0 0 0 k 300 300 50 50 re f")

    return fault


def _space(space: list[Any], told: str) -> Fault:
    def fault(pdf: Pdf) -> None:
        pdf.pages[0].obj.Resources.ColorSpace.Odd = Array(space)
        paint(pdf, f"/Odd cs {told} scn 300 300 50 50 re f")

    return fault


def _form(resources: Dictionary, content: bytes) -> Fault:
    """A form that paints something."""

    def fault(pdf: Pdf) -> None:
        form = Stream(pdf, content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 500, 500]),
                      Resources=resources)  # fmt: skip
        pdf.pages[0].obj.Resources.XObject.Form = pdf.make_indirect(form)
        paint(pdf, "q 1 0 0 1 100 100 cm /Form Do Q")

    return fault


def _pattern(content: bytes) -> Fault:
    def fault(pdf: Pdf) -> None:
        tile = Stream(pdf, content, Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1, XStep=10, YStep=10,
                      BBox=Array([0, 0, 10, 10]), Resources=Dictionary())  # fmt: skip
        pdf.pages[0].obj.Resources.Pattern = Dictionary(P=pdf.make_indirect(tile))
        paint(pdf, "/Pattern cs /P scn 300 300 50 50 re f")

    return fault


def _unembedded(pdf: Pdf) -> None:
    del pdf.pages[0].obj.Resources.Font.F.FontDescriptor["/FontFile2"]


def _bare(key: str) -> Fault:
    """Every page without an entry."""

    def fault(pdf: Pdf) -> None:
        for page in pdf.pages:
            del page.obj[key]

    return fault


def _wrong(pdf: Pdf) -> None:
    for key in ("Names", "OutputIntents", "Metadata", "ViewerPreferences", "MarkInfo", "Lang", "Outlines", "AcroForm",
                "StructTreeRoot", "AF", "OpenAction", "AA", "OCProperties"):  # fmt: skip
        pdf.Root["/" + key] = 3


def _intent(**more: Any) -> Fault:
    def fault(pdf: Pdf) -> None:
        for key, value in more.items():
            pdf.Root.OutputIntents[0]["/" + key] = value

    return fault


_TINT = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0] * 4), C1=Array([0, 1, 1, 0]), N=1)
_SPOT = [Name.Separation, Name("/Fire"), Name.DeviceCMYK, _TINT]
_LAB = [Name.Lab, Dictionary(WhitePoint=Array([0.96, 1, 0.82]), Range=Array([-100, 100, -100, 100]))]


def _untag(role: str, key: str) -> Fault:
    return lambda pdf: tag(pdf, role).__delitem__(key)


def _unlink(key: str) -> Fault:
    return lambda pdf: pdf.pages[0].obj.Annots[0].__delitem__(key)


def _said(said: str, without: str = "\0", instead: str = "") -> Fault:
    return lambda pdf: describe(pdf, said.replace(without, instead))


def _dark() -> Image.Image:
    return Image.new("CMYK", (300, 300), (230, 220, 220, 225))


def _smooth(pdf: Pdf) -> None:
    pdf.pages[0].obj.Resources.XObject.Im.Interpolate = True


def _recursive(pdf: Pdf) -> None:
    _form(Dictionary(), b"/Form Do")(pdf)
    form = pdf.pages[0].obj.Resources.XObject.Form
    form.Resources = Dictionary(XObject=Dictionary(Form=form))


def _untitled(pdf: Pdf) -> None:
    data = pdf.Root.Metadata.read_bytes().replace(b"A title", b"")
    pdf.Root.Metadata = Stream(pdf, data, Type=Name.Metadata, Subtype=Name.XML)


def _unmarked(pdf: Pdf) -> None:
    del pdf.Root["/Metadata"]
    pdf.trailer["/Info"] = Dictionary(Title="A title")


def _coded(pdf: Pdf) -> None:
    font = pdf.pages[0].obj.Resources.Font.F
    del font["/ToUnicode"]
    font.Encoding = Dictionary(Differences=Array([32, Name("/g1")]))


def _long(pdf: Pdf) -> None:
    pdf.pages.extend(list(pdf.pages) * 2)
    del pdf.Root["/Outlines"]


PRESS_FAULTS: list[tuple[str, str, Fault]] = [
    ("no trim box", "trim-missing", _bare("/TrimBox")),
    ("no bleed box", "bleed-missing", _bare("/BleedBox")),
    ("bleed beyond the sheet", "boxes-nested", _boxes(BleedBox=(0, -60, 0, 0))),
    ("bleed of 2 mm", "bleed-narrow", _boxes(BleedBox=(2.8, 2.8, -2.8, -2.8))),
    ("trimmed 1 mm short", "paper-unknown", _boxes(TrimBox=(0, 2.8, 0, 0))),
    ("one page is lower", "page-sizes-differ", lambda pdf: pdf.pages[1].obj.TrimBox.__setitem__(3, 800)),
    ("text in RGB", "colour-rgb", lambda pdf: replace(pdf, BLACK, "0 0 0 rg")),
    ("an RGB image", "colour-rgb", _picture(lambda: photograph().convert("RGB"), 72)),
    ("RGB in a form", "colour-rgb", _form(Dictionary(), b"1 0 0 rg 0 0 50 50 re f")),
    ("RGB in a pattern", "colour-rgb", _pattern(b"1 0 0 rg 0 0 5 5 re f")),
    ("a spot colour", "colour-spot", _space(_SPOT, "1")),
    ("a colour in Lab", "colour-lab", _space(_LAB, "50 20 20")),
    ("rich black", "text-rich-black", lambda pdf: replace(pdf, BLACK, "/Over gs 0.6 0.4 0.4 1 k")),
    ("small text in two inks", "text-inks", _painted("/Out gs 0.8 0.4 0 0 k BT /F 8 Tf 100 200 Td (Hamburg) Tj ET")),
    ("white that overprints", "white-overprint", _painted("/Over gs 0 0 0 0 k 300 300 50 50 re f")),
    ("black that knocks out", "black-knockout", lambda pdf: replace(pdf, BLACK, "/Out gs 0 0 0 1 k")),
    ("register colour on the page", "registration-inside", _painted("/All cs 0.5 scn 300 300 50 50 re f")),
    ("350 per cent of ink", "ink-over", _painted("/Out gs 0.9 0.8 0.8 1 k 300 300 50 50 re f")),
    ("a photograph of 350 per cent", "ink-over", _picture(_dark, 72)),
    ("an image of 200 ppi", "image-coarse", _picture(photograph, 108)),
    ("an image of 100 ppi", "image-blurred", _picture(photograph, 216)),
    ("a one-bit image of 300 ppi", "line-art-coarse", _picture(lambda: Image.new("1", (300, 300)), 72)),
    ("type of 6 pt", "type-small", _painted("/Over gs 0 0 0 1 k BT /F 6 Tf 100 200 Td (Hamburg) Tj ET")),
    ("type made small", "type-small", _painted(f"{BLACK} .5 0 0 .5 0 0 cm BT /F 12 Tf 400 400 Td (Hamburg) Tj ET")),
    ("a line of 0.1 pt", "line-thin", _painted("0.1 w 100 200 m 300 200 l S")),
    ("a bar of 0.1 pt", "line-thin", _painted("0 0 0 1 k 100 200 200 0.1 re f")),
    ("a line as thin as can be", "line-thin", _painted("0 w 100 200 m 300 200 l S")),
    ("multiplied", "transparency-mixed", _settings(BM=Name.Multiply)),
    ("a link", "annotation-inside", _annotation("Link", [100, 100, 200, 120])),
    ("not said to be PDF/X", "exchange-unsaid", lambda pdf: describe(pdf, "")),
    ("PDF/X-1a", "exchange-unsaid", lambda pdf: describe(pdf, PRESS_XMP.replace("PDF/X-4", "PDF/X-1a:2001"))),
    ("no word on trapping", "exchange-metadata", _said(PRESS_XMP, "<pdf:Trapped>False</pdf:Trapped>", "")),
    ("no output intent", "intent-missing", _without("/OutputIntents")),
    ("the intent of another press", "intent-wrong", _intent(OutputConditionIdentifier=String("CGATS TR 001"))),
    ("no registry", "intent-wrong", _intent(RegistryName=String(""))),
    ("no profile", "intent-wrong", lambda pdf: pdf.Root.OutputIntents[0].__delitem__("/DestOutputProfile")),
    ("a font left out", "font-missing", _unembedded),
    ("JavaScript", "pdf-script", _action("JavaScript", JS=String("app.alert(1)"))),
    ("a program to start", "pdf-action", _action("Launch", F=String("a.exe"))),
    ("a file attached", "attachment-unwanted", attach),
    ("an image that is not there", "resource-missing", _painted("/Nowhere Do")),
    ("an empty page", "page-empty", lambda pdf: pdf.pages[2].obj.__setitem__("/Contents", Stream(pdf, b""))),
    ("six pages to fold", "pages-unfolded", lambda pdf: pdf.pages.extend(list(pdf.pages)[:2])),
    ("a claim to be accessible", "claim-false", _said(PRESS_XMP + "<pdfuaid:part>1</pdfuaid:part>")),
    ("a form within itself", "pdf-unexamined", _recursive),
]  # fmt: skip


READING_FAULTS: list[tuple[str, str, Fault]] = [
    ("no tags", "tags-missing", _without("/StructTreeRoot")),
    ("not marked", "tags-missing", _without("/MarkInfo")),
    ("a part in two places", "tags-broken", lambda pdf: pdf.Root.StructTreeRoot.K.K.append(tag(pdf, "P"))),
    ("something untagged", "content-untagged", _painted("300 300 50 50 re f")),
    ("no language", "language-missing", _without("/Lang")),
    ("no title", "title-missing", _untitled),
    ("a hidden title", "title-hidden", _without("/ViewerPreferences")),
    ("no mark of PDF/UA", "ua-unsaid", _said(READING_XMP, "<pdfuaid:part>1</pdfuaid:part>", "")),
    ("no alternative text", "figure-silent", _untag("Figure", "/Alt")),
    ("no scope", "header-scope-missing", _untag("TH", "/A")),
    ("no headers", "table-headless", lambda pdf: tag(pdf, "TH").__setitem__("/S", Name.TD)),
    ("no numbering", "list-numbering-missing", _untag("L", "/A")),
    ("a level left out", "headings-skip", lambda pdf: tag(pdf, "H2").__setitem__("/S", Name.H3)),
    ("a note without a name", "note-unnamed", _untag("Note", "/ID")),
    ("a silent link", "link-silent", _unlink("/Contents")),
    ("a link outside the tags", "link-untagged", _unlink("/StructParent")),
    ("a tag without its link", "link-empty", lambda pdf: tag(pdf, "Link").K.__delitem__(1)),
    ("a link that is not printed", "annotation-unprinted", _unlink("/F")),
    ("tabs in any order", "tab-order", lambda pdf: pdf.pages[0].obj.__delitem__("/Tabs")),
    ("a tag of its own", "role-unknown", lambda pdf: tag(pdf, "P").__setitem__("/S", Name("/Pargraph"))),
    ("letters without names", "letters-unreadable", _coded),
    ("no metadata", "xmp-missing", _unmarked),
    ("PDF/A-2b", "archive-unsaid", lambda pdf: describe(pdf, READING_XMP.replace(">3<", ">2<").replace(">A<", ">B<"))),
    ("no output intent", "intent-missing", _without("/OutputIntents")),
    ("an attachment that belongs nowhere", "attachment-loose", _without("/AF")),
    ("a smoothed image", "image-smoothed", _smooth),
    ("an image of 50 ppi", "image-coarse", lambda pdf: replace(pdf, "q 50 0 0 50", "q 300 0 0 300")),
    ("a font left out", "font-missing", _unembedded),
    ("JavaScript by name", "pdf-script", lambda pdf: pdf.Root.Names.__setitem__(
        "/JavaScript", Dictionary(Names=Array(["a", Dictionary(S=Name.JavaScript, JS="1")])))),
    ("a link that starts a program", "pdf-action", lambda pdf: pdf.pages[0].obj.Annots[0].__setitem__(
        "/A", Dictionary(S=Name.Launch, F="a.exe"))),
    ("a claim to be PDF/X", "claim-false", lambda pdf: describe(
        pdf, READING_XMP + "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>")),
    ("many pages and no bookmarks", "bookmarks-missing", _long),
]  # fmt: skip


@pytest.mark.parametrize(("code", "fault"), [case[1:] for case in PRESS_FAULTS], ids=[case[0] for case in PRESS_FAULTS])
def test_a_press_file_with_one_fault_has_that_one_finding(code: str, fault: Fault) -> None:
    (found,) = preflight.preflight(broken(good_press(), fault), "a.pdf", PRESS)
    assert (found.code, found.place.file) == (code, "a.pdf")
    assert found.hint


@pytest.mark.parametrize(
    ("code", "fault"), [case[1:] for case in READING_FAULTS], ids=[case[0] for case in READING_FAULTS]
)
def test_a_reading_file_with_one_fault_has_that_one_finding(code: str, fault: Fault) -> None:
    assert codes(broken(good_reading(), fault), READING) == [code]


def test_an_office_file_is_asked_for_both_sides_and_its_preset() -> None:
    def preset(pdf: Pdf) -> None:
        pdf.Root.ViewerPreferences.PrintScaling = Name("/None")
        pdf.Root.ViewerPreferences.Duplex = Name.DuplexFlipLongEdge

    def longer(pdf: Pdf) -> None:
        pdf.add_blank_page().mediabox = pdf.pages[0].mediabox

    two = broken(good_reading(), longer)
    assert codes(broken(two, preset), OutputName.OFFICE) == []
    assert codes(two, OutputName.OFFICE) == ["print-preset-missing"]
    assert codes(broken(broken(two, longer), preset), OutputName.OFFICE) == ["pages-odd"]


def test_each_sheet_of_a_booklet_has_two_sides() -> None:
    assert codes(good_press(2), OutputName.BOOKLET) == []
    assert codes(good_press(3), OutputName.BOOKLET) == ["sides-odd"]


def test_large_print_is_asked_for_large_type() -> None:
    assert codes(good_reading(), OutputName.LARGE_PRINT) == ["type-small"]


def test_limits_can_be_given() -> None:
    data = broken(good_press(), _painted("/Out gs 0.9 0.8 0.8 0 k 300 300 50 50 re f"))
    assert codes(data, PRESS) == []
    newsprint = dataclasses.replace(LIMITS[PRESS], ink=240.0)
    assert [found.code for found in preflight.preflight(data, "a.pdf", PRESS, newsprint)] == ["ink-over"]


# ---------------------------------------------------------------- how it is told


def test_a_fault_on_many_pages_is_told_once_with_their_numbers() -> None:
    def fault(pdf: Pdf) -> None:
        for index in (0, 2, 3):
            paint(pdf, "1 0 0 rg 300 300 50 50 re f 300 400 50 50 re f", index)

    (found,) = preflight.preflight(broken(good_press(), fault), "a.pdf", PRESS)
    assert found.message == "page 1: RGB is used (area) (6 times); also on pages 3, 4"


def test_the_report_says_what_was_looked_at_and_why() -> None:
    facts = preflight.read_facts(broken(good_press(), PRESS_FAULTS[0][2]), "a.pdf", PRESS)
    text = preflight.format_report(facts, preflight.judge(facts, PRESS), PRESS)
    assert "Page 4: " in text
    assert "FOGRA39" in text
    assert "ISO 15930-7" in text
    assert "[trim-missing]" in text


def test_the_same_file_gives_the_same_report() -> None:
    def report() -> str:
        facts = preflight.read_facts(good_press(), "a.pdf", PRESS)
        return preflight.format_report(facts, preflight.judge(facts, PRESS), PRESS)

    assert report() == report()


def test_every_rule_is_documented_and_tested() -> None:
    rules = {(rule.code, rule.severity) for use in RULES.values() for rule in use}
    assert len(rules) > 60
    assert {code for code, severity in rules if severity not in DOCUMENTED.get(code, ())} == set()
    assert {code for code, _ in rules} <= TOLD_ELSEWHERE
    tested = {code for _, code, _ in (*PRESS_FAULTS, *READING_FAULTS)}
    tested |= set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', Path(__file__).read_text(encoding="utf-8")))
    assert {code for code, _ in rules} - tested == set()
    assert all(rule.clause and rule.hint for use in RULES.values() for rule in use)


# ---------------------------------------------------------------- facts


def test_colours_in_forms_patterns_and_gradients_are_found_with_their_use() -> None:
    def fault(pdf: Pdf) -> None:
        _form(Dictionary(), b"1 0 0 RG 0 0 m 50 50 l S")(pdf)
        shading = Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=Array([0, 0, 1, 1]),
                             Function=Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1))  # fmt: skip
        pdf.pages[0].obj.Resources.Shading = Dictionary(S=shading)
        paint(pdf, "/S sh BI /W 1 /H 1 /CS /RGB /BPC 8 ID abc EI")

    page = inspect(broken(good_press(), fault), "a.pdf").pages[0]
    uses = {paint.use for paint in page.paints if paint.colour.space.model is Model.RGB}
    assert uses == {PaintUse.STROKE, PaintUse.SHADING}
    assert [one.space.model for one in page.images] == [Model.CMYK, Model.RGB]


def test_marks_outside_the_bleed_are_told_from_what_is_printed() -> None:
    page = inspect(good_press(), "a.pdf").pages[0]
    marks = [paint for paint in page.paints if paint.colour.space.model is Model.REGISTRATION]
    assert [mark.zone for mark in marks] == [Zone.SLUG, Zone.SLUG]
    assert {paint.zone for paint in page.paints if paint not in marks} == {Zone.PAGE}


def test_sizes_are_those_on_paper() -> None:
    def fault(pdf: Pdf) -> None:
        paint(pdf, "2 0 0 2 0 0 cm 0.5 w 50 100 m 90 100 l S BT 2 0 0 2 50 120 Tm /F 5 Tf (Hamburg) Tj ET")
        pdf.pages[0].obj.UserUnit = 1.5

    page = inspect(broken(good_press(1), fault), "a.pdf").pages[0]
    assert 30.0 in {paint.size for paint in page.text}
    assert 1.5 in {line.width for line in page.lines}


def test_operators_are_read_as_another_reader_reads_them() -> None:
    told = rb"""q 1 0 0 1 -.5 +3. cm % a remark (
      /F#201 12 Tf [(a\)b) -120 <00aF> (n(es)t)] TJ (x\\) ' << /A << /B (>>) >> >> BDC [1 2] 0 d
      BI /W 1 /H 1 ID \x01EI( EI Q"""
    names = [name for name, *_ in operators(told)]
    assert names == ["q", "cm", "Tf", "TJ", "'", "BDC", "d", "BI", "Q"]
    (dash,) = (operands for name, operands, *_ in operators(told) if name == "d")
    assert dash == [(1.0, 2.0), 0.0]
    with Pdf.open(io.BytesIO(good_press())) as pdf:
        page = pdf.pages[0]
        theirs = [str(one.operator) for one in pikepdf.parse_content_stream(page)]
        assert [name for name, *_ in operators(page.Contents.read_bytes())] == theirs


# ---------------------------------------------------------------- ink


def _ghostscript(data: bytes, folder: Path) -> tuple[float, tuple[float, ...]]:
    """The most ink and the mean of each plate on the first page's trim, as Ghostscript sees them."""
    program = shutil.which("gs")
    if program is None:
        pytest.fail("Ghostscript is not installed: apt-get install ghostscript", pytrace=False)
    with Pdf.open(io.BytesIO(data)) as pdf:
        page = pdf.pages[0].obj
        page.MediaBox = page.CropBox = page.BleedBox
        (folder / "a.pdf").write_bytes(saved(pdf))
    subprocess.run(
        [program, "-q", "-dBATCH", "-dNOPAUSE", "-dSAFER", "-sDEVICE=tiff32nc", "-r102", "-dLastPage=1",
         "-dUseFastColor", f"-sOutputFile={folder / 'a.tif'}", str(folder / "a.pdf")], check=True, timeout=120,
    )  # fmt: skip
    with Image.open(folder / "a.tif") as picture:
        plates = [plate.reduce(4).tobytes() for plate in picture.split()]
    means = tuple(100 * sum(plate) / len(plate) / 255 for plate in plates)
    return max(map(sum, zip(*plates, strict=True))) * 100 / 255, means


def _tints(pdf: Pdf) -> None:
    """Photographs stored in two ways, tints, a gradient, grey, a form, and half-covering colour."""
    pdf.pages[0].obj.Resources.XObject.Photo = image(pdf, photograph(), jpeg=True)
    course = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1, 0, 0, 0]), C1=Array([0, 0.5, 1, 0]), N=1)
    shading = Dictionary(ShadingType=2, ColorSpace=Name.DeviceCMYK, Coords=Array([100, 0, 400, 0]), Function=course)
    pdf.pages[0].obj.Resources.Shading = Dictionary(S=pdf.make_indirect(shading))
    pdf.pages[0].obj.Resources.ExtGState.Half = Dictionary(ca=0.5)
    _form(Dictionary(), b"0.7 0.7 0 0 k 0 0 60 60 re f 0.4 g 60 0 60 60 re f")(pdf)
    paint(pdf, "q 150 0 0 150 350 600 cm /Photo Do Q q 100 80 300 15 re W n /S sh Q")
    paint(pdf, "0.9 0.8 0.7 0.3 k 350 300 80 80 re f /Half gs 0 0 1 0 k 380 330 100 100 re f")


def test_ink_is_what_ghostscript_finds(tmp_path: Path) -> None:
    data = broken(good_press(1), _tints)
    ink = with_ink(inspect(data, "a.pdf"), data).pages[0].ink
    assert ink
    assert ink.most
    assert ink.plates
    most, means = _ghostscript(data, tmp_path)
    assert 250 < ink.most < 290
    assert ink.most == pytest.approx(most, abs=3)
    assert ink.plates == pytest.approx(means, abs=0.2)
    assert min(means) > 0.5


def test_black_that_overprints_adds_to_what_is_below_and_other_black_does_not() -> None:
    def fault(state: str) -> Fault:
        return _painted(f"/Out gs 1 1 0.5 0 k 300 300 50 50 re f /{state} gs 0 0 0 1 k 300 300 50 50 re f")

    def most(data: bytes) -> float | None:
        ink = with_ink(inspect(data, "a.pdf"), data).pages[0].ink
        return ink.most if ink else None

    assert most(broken(good_press(1), fault("Over"))) == pytest.approx(350, abs=2)
    assert most(broken(good_press(1), fault("Out"))) == pytest.approx(160, abs=15)  # the photograph


def test_ink_that_cannot_be_measured_is_told_as_a_check_that_did_not_run() -> None:
    def fault(pdf: Pdf) -> None:
        sampled = Stream(pdf, bytes(8), FunctionType=0, Domain=Array([0, 1]), Range=Array([0, 1] * 4), Size=Array([2]),
                         BitsPerSample=8)  # fmt: skip
        shading = Dictionary(ShadingType=2, ColorSpace=Name.DeviceCMYK, Coords=Array([0, 0, 1, 1]), Function=sampled)
        pdf.pages[0].obj.Resources.Shading = Dictionary(S=pdf.make_indirect(shading))
        paint(pdf, "/S sh")

    (found,) = preflight.preflight(broken(good_press(), fault), "a.pdf", PRESS)
    assert (found.code, found.severity) == ("ink-unmeasured", Severity.NOT_RUN)


# ---------------------------------------------------------------- files of all kinds


@pytest.mark.parametrize("use", list(OutputName))
@pytest.mark.parametrize("name", ["chromium.pdf", "writer.pdf"])
def test_files_of_other_programs_are_judged(name: str, use: OutputName) -> None:
    data = (OTHER_PROGRAMS / name).read_bytes()
    facts = preflight.read_facts(data, name, use)
    assert facts.trouble == ""
    assert facts.pages[0].fonts
    assert preflight.format_report(facts, preflight.judge(facts, use), use)
    if use is PRESS:
        assert {"trim-missing", "colour-rgb", "exchange-unsaid", "intent-missing"} <= set(codes(data, use))


def _bomb() -> bytes:
    """Three hundred megabytes of content in a few hundred kilobytes."""
    with Pdf.open(io.BytesIO(good_press(1))) as pdf:
        swelling = zlib.compressobj(9)
        packed = b"".join(swelling.compress(b"q Q " * 2_500_000) for _ in range(30)) + swelling.flush()
        pdf.pages[0].obj.Contents = Stream(pdf, packed, Filter=Name.FlateDecode)
        return saved(pdf)


def _doubling() -> bytes:
    """Forms that each call the next one ten times."""

    def fault(pdf: Pdf) -> None:
        inner = Stream(pdf, b"0 0 m", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
        for _ in range(20):
            inner = Stream(pdf, b"/F Do " * 10, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]),
                           Resources=Dictionary(XObject=Dictionary(F=pdf.make_indirect(inner))))  # fmt: skip
        pdf.pages[0].obj.Resources.XObject.Form = pdf.make_indirect(inner)
        paint(pdf, "/Form Do")

    return broken(good_press(1), fault)


@pytest.mark.parametrize("make", [_bomb, _doubling])
def test_what_swells_is_stopped_and_told(make: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("briefing.pdf.interpreter.MAX_STEPS", 50_000)
    assert "pdf-unexamined" in codes(make(), PRESS)


def _looped(pdf: Pdf) -> None:
    pdf.Root.Pages.Kids.append(pdf.Root.Pages)


def _nested_arrays(pdf: Pdf) -> None:
    deep: list[Any] = []
    for _ in range(300):
        deep = [deep]
    pdf.pages[0].obj.Annots = Array(deep)
    pdf.pages[0].obj.Resources.ColorSpace = Dictionary(All=Array(deep))


ODD: dict[str, Fault] = {
    "pages within pages": _looped,
    "deep arrays": _nested_arrays,
    "deep brackets": _painted("[" * 5000 + "]" * 5000 + "(" * 5000 + "<<" * 5000),
    "huge numbers": _painted("N 0 0 N 0 0 cm N w 0 0 m N 9 l S BT /F N Tf (a) Tj ET".replace("N", "9" * 39)),
    "many saved states": _painted("q " * 20_000),
    "operators without operands": _painted("cm w gs re m l c v y S f k K g rg sc scn cs Tf Tm Td Do sh BDC Tr EMC Q"),
    "operands of the wrong kind": _painted("/A /B /C /D k (a) Tf /F (a) Tf <<>> gs [1] Do /X (a) re /Y l 1 m /Z w"),
    "no resources": _bare("/Resources"),
    "no size": _bare("/MediaBox"),
    "boxes of words": lambda pdf: pdf.pages[0].obj.__setitem__("/TrimBox", Array([Name.A, String("b"), 1, None])),
    "contents are a number": lambda pdf: pdf.pages[0].obj.__setitem__("/Contents", 7),
    "fonts are a list": lambda pdf: pdf.pages[0].obj.Resources.__setitem__("/Font", Array([])),
    "the catalogue has wrong kinds": _wrong,
    "metadata that swell": lambda pdf: pdf.Root.__setitem__("/Metadata", Stream(
        pdf, b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>')),
    "huge page": _boxes(MediaBox=(-1e7, -1e7, 1e7, 1e7), BleedBox=(-1e6, -1e6, 1e6, 1e6)),
    "no pages": lambda pdf: pdf.pages.__delitem__(slice(None)),
}  # fmt: skip


@pytest.mark.parametrize("fault", ODD.values(), ids=ODD)
def test_an_odd_file_is_judged(fault: Fault) -> None:
    data = broken(good_press(), fault)
    for use in (PRESS, READING):
        facts = preflight.read_facts(data, "a.pdf", use)
        assert preflight.format_report(facts, preflight.judge(facts, use), use)


@pytest.mark.parametrize(
    "data", [b"", b"not a PDF", b"%PDF-1.7", good_press()[:2000], b"%PDF-1.4\n" + bytes(5000)], ids=range(5)
)
def test_what_is_no_pdf_is_damaged(data: bytes) -> None:
    assert codes(data, PRESS) == ["pdf-damaged"]


def test_a_file_without_pages_is_damaged() -> None:
    assert codes(broken(good_press(), ODD["no pages"]), PRESS) == ["pdf-damaged"]


def test_a_file_that_was_cut_off_is_told_to_have_been_mended() -> None:
    assert "pdf-repaired" in codes(good_press()[:-30], PRESS)


def test_a_locked_file_is_told_and_one_that_is_only_encrypted_too() -> None:
    for password in ("", "secret"):
        with Pdf.open(io.BytesIO(good_press())) as pdf:
            out = io.BytesIO()
            pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user=password))
        assert codes(out.getvalue(), PRESS) == ["pdf-encrypted"]


def test_an_identifier_is_asked_for() -> None:
    data = good_reading().replace(b"/ID [", b"/Id [")
    assert codes(data, READING) == ["identifier-missing"]


def test_a_colour_space_that_nobody_knows_is_told() -> None:
    assert codes(broken(good_press(), _space([Name("/Odd9"), 1], "1")), PRESS) == ["colour-unknown"]


@examples(60, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=30),
    st.floats(0, 1),
    st.sampled_from([PRESS, READING]),
)
def test_a_file_damaged_anywhere_never_makes_it_fail(
    flips: list[tuple[float, int]], cut: float, use: OutputName
) -> None:
    data = bytearray(_plain(use))
    for place, value in flips:
        data[int(place * len(data))] = value
    if cut < 0.3:
        del data[int(cut / 0.3 * len(data)) :]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for found in preflight.preflight(bytes(data), "a.pdf", use):
            json.dumps(dataclasses.asdict(found))


def _plain(use: OutputName) -> bytes:
    """A good file with its streams unpacked and its font and profile left out, so that damage meets what is read."""
    with Pdf.open(io.BytesIO(good_press(1) if use is PRESS else good_reading())) as pdf:
        pdf.pages[0].obj.Resources.Font.F.FontDescriptor.FontFile2 = Stream(pdf, b"none")
        pdf.Root.OutputIntents[0].DestOutputProfile = Stream(pdf, b"none", N=4)
        out = io.BytesIO()
        pdf.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable,
                 stream_decode_level=pikepdf.StreamDecodeLevel.generalized)  # fmt: skip
        return out.getvalue()


def test_the_good_press_file_can_be_drawn() -> None:
    pdf = pypdfium2.PdfDocument(good_press(1))
    drawn = pdf[0].render(scale=0.5, grayscale=True).to_pil().convert("L")
    pdf.close()
    assert drawn.getextrema() == (0, 255)


def test_facts_are_told_even_where_nothing_can_be_opened() -> None:
    facts = inspect(b"", "a.pdf")
    assert facts == Facts("a.pdf", 0, trouble="it is empty")
    assert "Nothing: it is empty" in preflight.format_report(facts, preflight.judge(facts, PRESS), PRESS)


def test_a_file_to_read_needs_tags_whatever_its_pages_are_called() -> None:
    """Chapters are numbered as the pages of copies are: 1.1, 1.2."""
    with pikepdf.Pdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.PageLabels = pikepdf.Dictionary(Nums=[0, pikepdf.Dictionary(P=pikepdf.String("1."), S=pikepdf.Name.D)])
        out = io.BytesIO()
        pdf.save(out)
    assert "tags-missing" in {
        one.code for one in preflight.preflight(out.getvalue(), "chapters.pdf", OutputName.READING)
    }
