"""The press copy: inks and nothing else, black type that overprints, marks beside the page, and PDF/X-4 said of it."""

from __future__ import annotations

import datetime
import functools
import io
import random
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from briefing.design.outputs import USES, OutputName
from briefing.design.tokens import PROFILE, read_tokens
from briefing.documents.setting import Setting
from briefing.finishing.context import Finishing, PrintingCondition
from briefing.finishing.finish import finish
from briefing.finishing.press.ink_recipes import READABLE, Inks, luminance
from briefing.layout.typesetter import Typesetter
from briefing.pipeline import document as pipeline_document
from briefing.pipeline import laying
from briefing.pipeline.document_job import DocumentJob
from briefing.products.printshop import condition
from briefing.proofing import proof, readback
from briefing.proofing.page_facts import TextRun
from tests.support.builds import FLAGSHIP, OTHER, TEMPLATES, briefing_of, kept, orders, short, short_proofs
from tests.support.examples import usually

MM = 72 / 25.4
PRESS = USES[OutputName.PRESS]
SHEETS = {"letter": (215.9, 279.4), "a4": (210.0, 297.0)}
SPACES = {"/DeviceRGB", "/CalRGB", "/Lab", "/Indexed", "/DeviceGray", "/DeviceCMYK", "/ICCBased", "/CalGray"}


def copies(paper: str, cache: Path) -> Mapping[str, proof.Proof]:
    """Documents of one page; the flagship's at night."""
    if paper == "short":
        return short_proofs(cache, PRESS.name)

    def all_made() -> dict[str, proof.Proof]:
        jobs = orders(briefing_of(FLAGSHIP.read_text(encoding="utf-8")), FLAGSHIP.parent, paper, cache, use=PRESS)
        return {job.document: pipeline_document.make(job) for job in jobs}

    return kept(cache / f"press-{paper}.proofs", all_made)


WHITE_SPACE = {"margin-hole", "text-hole", "page-thin"}  # of the content, which answers for it


@dataclass(frozen=True)
class Pressed:
    """Documents for the press."""

    content: str
    paper: str
    day: str  # of the briefing
    slug: tuple[str, ...]  # what the line of the first sheet says
    proofs: Mapping[str, proof.Proof]

    def opened(self) -> Iterator[tuple[str, pikepdf.Pdf]]:
        for document, made in self.proofs.items():
            with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
                yield document, pdf


@pytest.fixture(scope="module", params=usually(["short"], ["letter", "a4"]))
def pressed(request: pytest.FixtureRequest, drawings: Path) -> Pressed:
    made = copies(request.param, drawings)
    if request.param == "short":
        return Pressed(short(), "a4", "2025-03-31", ("Groundwater in the", "edition 2", "March 31, 2025"), made)
    slug = ("US extends counter-smuggling", "edition 2", "June 12, 2024")
    return Pressed(FLAGSHIP.read_text(encoding="utf-8"), request.param, "2024-06-12", slug, made)


# ------------------------------------------------------------------ what is painted, at the level of operators


@dataclass(frozen=True)
class Shown:
    """One piece of text as its operators say."""

    size: float
    ink: tuple[float, ...] | None
    over: bool


@dataclass
class Level:
    ctm: tuple[float, ...] = (1, 0, 0, 1, 0, 0)
    ink: tuple[float, ...] | None = None
    over: bool = False
    size: float = 0


def operators(pdf: pikepdf.Pdf) -> Iterator[tuple[str, list[Any]]]:
    """Every operator of every page, drawing, pattern and glyph."""
    drawn: list[Any] = list(pdf.pages)
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream) and (thing.get("/Subtype") == "/Form" or "/PatternType" in thing):
            drawn.append(thing)
    for one in drawn:
        for instruction in pikepdf.parse_content_stream(one):
            yield str(instruction.operator), list(instruction.operands)


def shown(pdf: pikepdf.Pdf, page: pikepdf.Page) -> list[Shown]:
    """All text of a page with the ink in which it is filled."""
    found: list[Shown] = []
    _read(page, page.resources, Level(), found)
    return found


def _times(m: Any, n: Any) -> tuple[float, ...]:
    a, b, c, d, e, f = m
    return (
        a * n[0] + b * n[2],
        a * n[1] + b * n[3],
        c * n[0] + d * n[2],
        c * n[1] + d * n[3],
        e * n[0] + f * n[2] + n[4],
        e * n[1] + f * n[3] + n[5],
    )


def _read(owner: Any, own: Any, level: Level, found: list[Shown]) -> None:
    stack: list[Level] = []
    text: tuple[float, ...] = (1, 0, 0, 1, 0, 0)
    for instruction in pikepdf.parse_content_stream(owner):
        operator, operands = str(instruction.operator), list(instruction.operands)
        if operator == "q":
            stack.append(replace(level))
        elif operator == "Q":
            level = stack.pop()
        elif operator == "cm":
            level.ctm = _times([float(n) for n in operands], level.ctm)
        elif operator == "k":
            level.ink = tuple(round(float(n) * 100, 1) for n in operands)
        elif operator == "gs":
            level.over = bool(own.ExtGState[str(operands[0])].get("/op", level.over))
        elif operator == "Tf":
            level.size = float(operands[1])
        elif operator == "Tm":
            text = tuple(float(n) for n in operands)
        elif operator in ("Tj", "TJ"):
            whole = _times(text, level.ctm)
            found.append(Shown(level.size * (whole[2] ** 2 + whole[3] ** 2) ** 0.5, level.ink, level.over))
        elif operator == "Do" and (form := own.XObject[str(operands[0])]).get("/Subtype") == "/Form":
            inner = replace(level, ctm=_times([float(n) for n in form.get("/Matrix", (1, 0, 0, 1, 0, 0))], level.ctm))
            _read(form, form.Resources, inner, found)


def spaces_of(pdf: pikepdf.Pdf) -> set[str]:
    """The names of all colour spaces that a file speaks of, wherever they stand."""
    found: set[str] = set()

    def look(thing: Any, depth: int = 0) -> None:
        if isinstance(thing, pikepdf.Name) and str(thing) in SPACES:
            found.add(str(thing))
        elif isinstance(thing, pikepdf.Array) and depth < 4:
            for one in thing:
                look(one, depth + 1)
        elif isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)) and depth < 4:
            for _, one in thing.items():
                look(one, depth + 1)

    for thing in pdf.objects:
        look(thing)
    return found


def test_nothing_of_the_copy_has_a_colour_that_is_no_ink(pressed: Pressed) -> None:
    for _, pdf in pressed.opened():
        used = {operator for operator, _ in operators(pdf)}
        assert {"k", "K", "TJ"} <= used
        assert not used & {"rg", "RG", "g", "G", "sc", "SC", "ri", "sh"}
        assert {str(operands[0]) for operator, operands in operators(pdf) if operator in ("cs", "CS")} == {"/All"}
        assert spaces_of(pdf) == {"/DeviceCMYK"}


def test_small_type_is_black_alone_and_headings_have_their_recipe(pressed: Pressed) -> None:
    accent = read_tokens(TEMPLATES).cmyk["accent"]
    for document, pdf in pressed.opened():
        found = [one for page in pdf.pages for one in shown(pdf, page)]
        assert len(found) > 100
        assert all(one.ink for one in found)
        small = [one for one in found if one.size < 10.5]
        assert all(one.ink and one.ink[:3] == (0, 0, 0) for one in small)
        assert (0, 0, 0, 100) in {one.ink for one in small}
        assert document != "brief" or accent in {one.ink for one in found if one.size >= 10.5}


def test_dark_black_type_overprints_and_coloured_type_does_not(pressed: Pressed) -> None:
    for _, pdf in pressed.opened():
        found = [one for page in pdf.pages for one in shown(pdf, page)]
        dark = [one for one in found if one.ink and one.ink[:3] == (0, 0, 0) and one.ink[3] >= 80]
        others = [one for one in found if one not in dark]
        assert dark
        assert others
        assert all(one.over for one in dark)
        assert not any(one.over for one in others)
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/op"):
                assert thing.OPM == 1


def test_nothing_is_transparent_that_need_not_be(pressed: Pressed) -> None:
    for _, pdf in pressed.opened():
        assert not [thing for thing in pdf.objects if isinstance(thing, pikepdf.Stream) and "/Group" in thing]


# ------------------------------------------------------------------ the sheet


def test_the_boxes_are_right_to_a_tenth_of_a_millimetre(pressed: Pressed) -> None:
    for _, pdf in pressed.opened():
        for page in pdf.pages:
            media, trim, bleed = (
                [float(part) / MM for part in page.obj[name]] for name in ("/MediaBox", "/TrimBox", "/BleedBox")
            )
            assert (trim[2] - trim[0], trim[3] - trim[1]) == pytest.approx(SHEETS[pressed.paper], abs=0.01)
            assert [b - t for b, t in zip(bleed, trim, strict=True)] == pytest.approx([-3, -3, 3, 3], abs=0.01)
            assert media[:2] == [0, 0]
            assert 14 <= trim[0] < 15
            assert trim[0] == pytest.approx(trim[1])
            assert media[2] - trim[2] == pytest.approx(trim[0], abs=0.01)
            assert media[3] - trim[3] == pytest.approx(trim[1], abs=0.01)
            assert "/ArtBox" not in page.obj
            assert "/CropBox" not in page.obj


def test_all_marks_lie_outside_the_bleed_and_the_crop_marks_point_at_the_trim(pressed: Pressed) -> None:
    for _, pdf in pressed.opened():
        for number, page in enumerate(pdf.pages):
            left, bottom, right, top = (float(part) for part in page.obj.BleedBox)
            trim = [float(part) for part in page.obj.TrimBox]
            ends = [
                (float(one.operands[-2]), float(one.operands[-1]))
                for one in pikepdf.parse_content_stream(page.resources.XObject[f"/Marks{number}"])
                if str(one.operator) in ("m", "l", "c")
            ]
            assert len(ends) > 30
            assert not [(x, y) for x, y in ends if left <= x <= right and bottom <= y <= top]
            for x in (trim[0], trim[2]):
                assert len([end for end in ends if abs(end[0] - x) < 0.01]) == 4
            for y in (trim[1], trim[3]):
                assert len([end for end in ends if abs(end[1] - y) < 0.01]) == 4


def test_no_mark_stands_in_the_line_of_the_slug(pressed: Pressed) -> None:
    made = pressed.proofs["brief"]
    sheets = readback.read(made.pdf).sheets
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        for number, (page, sheet) in enumerate(zip(pdf.pages, sheets, strict=True)):
            middle = (float(page.obj.TrimBox[0]) + float(page.obj.TrimBox[2])) / 2
            marks = pikepdf.parse_content_stream(page.resources.XObject[f"/Marks{number}"])
            ends = [one.operands[-2:] for one in marks if str(one.operator) in ("m", "l", "c")]
            lowest = min(float(y) for x, y in ends if abs(float(x) - middle) < 1)
            slug = [run for run in sheet.unread if run.box[3] < 25]
            assert max(run.box[3] for run in slug) < lowest


def test_each_sheet_has_its_line_outside_the_bleed(pressed: Pressed) -> None:
    made = pressed.proofs["brief"]
    sheets = readback.read(made.pdf).sheets
    assert len(sheets) == made.pages
    for number, sheet in enumerate(sheets, 1):
        slug = [run for run in sheet.unread if run.box[3] < 25]
        said = " ".join(run.text for run in slug)
        for words in (
            *pressed.slug,
            "Policy brief",
            f"Page {number} of {made.pages}",
            "FOGRA39",
        ):
            assert words in re.sub(r"\s+", " ", said)
        assert all(run.ink.drawn and not run.ink.lost for run in slug)


def test_a_page_that_bleeds_is_cut_off_at_the_bleed_and_no_earlier() -> None:
    html = (
        "<title>T</title><style>@page{size:100mm 80mm;margin:0;bleed:3mm}"
        "div,p{position:absolute;left:-20mm;width:200mm}</style>"
        "<div style='top:-20mm;height:200mm;background:#0b3f5c'></div>"
        "<p style='top:9mm;height:5mm;background:#000'></p>"
    )
    with pikepdf.open(io.BytesIO(finished(html))) as pdf:
        page = pdf.pages[0]
        bleed, media = ([float(part) for part in page.obj[name]] for name in ("/BleedBox", "/MediaBox"))
        assert (bleed[2] - bleed[0]) / MM == pytest.approx(106, abs=0.01)
    raster = render(finished(html), 0, 144)
    inside = (bleed[0] * 2 + 3, (media[3] - bleed[3]) * 2 + 3, bleed[2] * 2 - 3, (media[3] - bleed[1]) * 2 - 3)
    whole = raster.convert("L").crop(tuple(map(int, inside)))  # type: ignore[arg-type]
    assert whole.getextrema()[1] < 128  # type: ignore[operator]
    edge = raster.convert("L").crop((0, int(media[3]), int(bleed[0] * 2 - 16 * MM), int(media[3]) + 20))
    assert edge.getextrema() == (255, 255)


# ------------------------------------------------------------------ what the file says of itself


def test_the_file_names_its_printing_condition_with_registry_and_profile(pressed: Pressed) -> None:
    for _, pdf in pressed.opened():
        (intent,) = list(pdf.Root.OutputIntents)
        assert (str(intent.S), str(intent.OutputConditionIdentifier)) == ("/GTS_PDFX", "FOGRA39")
        assert str(intent.RegistryName) == "http://www.color.org"
        assert intent.DestOutputProfile.N == 4
        assert "ISO 12647-2" in str(intent.Info)
        assert intent.DestOutputProfile.read_bytes() == (TEMPLATES / PROFILE).read_bytes()


def test_the_metadata_says_pdf_x_4_and_the_day_of_the_briefing(pressed: Pressed) -> None:
    for _, pdf in pressed.opened():
        xmp = pdf.Root.Metadata.read_raw_bytes().decode()
        assert "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>" in xmp
        assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", xmp)) == {f"{pressed.day}T00:00:00Z"}
        assert re.search(r"<xmpMM:DocumentID>uuid:[0-9a-f-]{36}</xmpMM:DocumentID>", xmp)
        for said in (
            "<xmpMM:VersionID>1<",
            "<xmpMM:RenditionClass>default<",
            "<pdf:Trapped>False<",
            "pdfuaid",
            "pdfaid",
        ):
            assert (said in xmp) == said.startswith("<")
        info = pdf.docinfo
        assert str(info.Title) in xmp
        assert str(info.Producer) in xmp
        assert info.Trapped == "/False"
        assert str(info.CreationDate) == str(info.ModDate) == f"D:{pressed.day.replace('-', '')}000000Z"
        assert pdf.pdf_version == "1.6"
        assert "/Encrypt" not in pdf.trailer
        assert len(pdf.trailer.ID) == 2


def test_there_is_no_link_bookmark_or_action_and_the_tree_is_sound(pressed: Pressed) -> None:
    for document, pdf in pressed.opened():
        assert not {"/Names", "/Outlines", "/OpenAction", "/AA", "/AcroForm"} & set(pdf.Root.keys())
        assert not any("/Annots" in page.obj for page in pdf.pages)
        things = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary)]
        assert not [
            thing for thing in things if thing.get("/S") == "/Link" or thing.get("/Type") in ("/OBJR", "/Annot")
        ]
        assert pressed.proofs[document].amiss == ()
        assert [one for one in pressed.proofs[document].findings if one.code not in WHITE_SPACE] == []
        assert not pdf.check_pdf_syntax()


# ------------------------------------------------------------------ beside the copy for reading


def render(data: bytes, number: int, ppi: float = 72) -> Image.Image:
    with pypdfium2.PdfDocument(data) as pdf:
        image: Image.Image = pdf[number].render(scale=ppi / 72).to_pil()
        return image.convert("RGB")


def unlike(one: Image.Image, other: Image.Image) -> float:
    """By how much of 255 the channels of two pages differ; that their pixels fall a little otherwise does not count."""
    soft = [image.resize(one.size).filter(ImageFilter.GaussianBlur(2)) for image in (one, other)]
    return max(ImageStat.Stat(ImageChops.difference(*soft)).mean)


def set_alike(job: DocumentJob, setting: Setting) -> bytes:
    """The pages of a document with the spacing and type of another, as they are before they are finished."""
    render = laying.renderer(job, typesetter())
    laid = render(setting, frozenset(), render(setting, frozenset()).sources)
    _, layout = laying.place_margin(typesetter(), job, laid, setting)
    return typesetter().write(layout).data


def test_the_pages_look_like_those_for_reading_and_have_their_words_in_the_same_places(
    pressed: Pressed, drawings: Path
) -> None:
    screen = replace(USES[OutputName.READING], on_paper=True)  # links are spelled out, as for the press
    folder = OTHER.parent if pressed.content == short() else FLAGSHIP.parent
    for job in orders(briefing_of(pressed.content), folder, pressed.paper, drawings):
        made = pressed.proofs[job.document]
        reading = set_alike(replace(job, use=screen), made.setting)
        with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
            left, bottom, right, top = (float(part) for part in pdf.pages[0].obj.TrimBox)
            height = float(pdf.pages[0].obj.MediaBox[3])
        pairs = zip(readback.read(made.pdf).sheets, readback.read(reading).sheets, strict=True)
        for number, (ours, theirs) in enumerate(pairs):
            one = render(made.pdf, number).crop((int(left), round(height - top), round(right), round(height - bottom)))
            assert unlike(one, render(reading, number)) < 2.5
            there = [(run.text, run.box) for run in theirs.read if isinstance(run, TextRun)]
            here = [(run.text, run.box) for run in ours.read if isinstance(run, TextRun)]
            assert [text for text, _ in here] == [text for text, _ in there]
            for (_, box), (_, other_box) in zip(here, there, strict=True):
                moved = (box[0] - left, box[1] - bottom)
                assert moved == pytest.approx(other_box[:2], abs=0.1)


# ------------------------------------------------------------------ pages made for it


@functools.cache
def house() -> PrintingCondition:
    return condition.printing_condition_of(TEMPLATES)


@functools.cache
def typesetter() -> Typesetter:
    return Typesetter(TEMPLATES / "fonts")


def about(press: PrintingCondition | None = None) -> Finishing:
    return Finishing("A title", "en", "Desk", datetime.date(2024, 6, 12), press=press or house())


def finished(html: str, assets: dict[str, bytes] | None = None) -> bytes:
    setter = typesetter()
    written = setter.write(setter.lay(f'<html lang="en">{html}', assets or {}))
    return finish(written.data, PRESS.steps, about())


def page(body: str, style: str = "") -> str:
    return (
        f"<title>T</title><style>@page{{size:100mm 100mm;margin:0}}body{{margin:0;font-size:9pt}}{style}</style>{body}"
    )


@functools.cache
def photograph(kind: str, mode: str = "RGB") -> bytes:
    """A picture that wants as much ink as can be, and colours that no press has."""
    draw, size = random.Random(4), (160, 120)
    image = Image.frombytes("RGB", size, draw.randbytes(size[0] * size[1] * 3))
    image.paste((0, 10, 40), (0, 0, 80, 60))
    if mode == "CMYK":
        image = Image.merge(
            "CMYK", [channel.point(lambda v: 255 - v // 8) for channel in (*image.split(), image.split()[0])]
        )
    elif mode == "P":
        image = image.quantize(64)
    elif mode == "RGBA":
        image.putalpha(Image.linear_gradient("L").resize(size))
    else:
        image = image.convert(mode)
    out = io.BytesIO()
    image.save(out, kind, **({"quality": 95} if kind == "JPEG" else {}))
    return out.getvalue()


def separations(data: bytes, folder: Path) -> Image.Image:
    """A page as plates: Ghostscript's, as a second opinion."""
    file, raster = folder / "page.pdf", folder / "page.tif"
    file.write_bytes(data)
    subprocess.run(
        [
            "gs",
            "-q",
            "-dSAFER",
            "-dNOPAUSE",
            "-dBATCH",
            "-sDEVICE=tiff32nc",
            "-r100",
            f"-sOutputFile={raster}",
            str(file),
        ],
        check=True,
        timeout=60,
    )
    image = Image.open(raster)
    image.load()
    return image


def most_ink(image: Image.Image) -> float:
    """Per cent of all four inks, where there is most."""
    assert image.mode == "CMYK"
    pixels: set[Any] = set(image.get_flattened_data())
    return max(float(sum(inks)) for inks in pixels) * 100 / 255


def pictures(pdf: pikepdf.Pdf) -> list[Any]:
    return [thing for thing in pdf.objects if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "mode", "space"),
    [
        ("PNG", "RGB", "/DeviceCMYK"),
        ("JPEG", "RGB", "/DeviceCMYK"),
        ("PNG", "P", "/DeviceCMYK"),
        ("PNG", "RGBA", "/DeviceCMYK"),
        ("JPEG", "CMYK", "/DeviceCMYK"),
        ("PNG", "L", "/DeviceGray"),
        ("JPEG", "L", "/DeviceGray"),
    ],
)
def test_a_photograph_keeps_the_limit_of_ink(kind: str, mode: str, space: str, tmp_path: Path) -> None:
    name = f"photo.{kind.lower()}"
    html = page(f"<img src=asset:{name} alt=Noise style='width:80mm;margin:10mm'>")
    data = finished(html, {name: photograph(kind, mode)})
    with pikepdf.open(io.BytesIO(data)) as pdf:
        images = [one for one in pictures(pdf) if "/SMask" in one or mode != "RGBA"]
        assert [str(one.ColorSpace) for one in images] == [space]
        assert not any(one.get("/Interpolate") for one in pictures(pdf))
        trim = [float(part) / 72 * 100 for part in pdf.pages[0].obj.TrimBox]
    plates = separations(data, tmp_path)
    inside = plates.crop(tuple(map(round, trim)))  # type: ignore[arg-type]
    assert (30 if mode == "L" else 150) < most_ink(inside) <= 300.5
    assert most_ink(plates) > 300.5  # a registration mark has all of every ink


def test_a_picture_without_colour_is_printed_in_black_alone() -> None:
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, "PNG")
    with pikepdf.open(io.BytesIO(finished(page("<img src=asset:a.png alt=A>"), {"a.png": out.getvalue()}))) as pdf:
        assert [str(one.ColorSpace) for one in pictures(pdf)] == ["/DeviceGray"]


def test_gradients_and_transparent_drawings_become_inks() -> None:
    svg = (
        "<svg width=200 height=100><defs><linearGradient id=a><stop offset=0 stop-color='#f00'/>"
        "<stop offset=1 stop-color='#00f' stop-opacity='.2'/></linearGradient>"
        "<pattern id=p width=10 height=10 patternUnits=userSpaceOnUse><rect width=5 height=5 fill='#0c0'/></pattern>"
        "<mask id=m><rect width=200 height=100 fill='#ff8'/></mask></defs>"
        "<rect width=100 height=50 fill='url(#a)' opacity='.5'/><rect y=50 width=100 height=50 fill='url(#p)'/>"
        "<g opacity='.4' mask='url(#m)'><rect x=120 width=50 height=50 fill='#c0c'/><text x=120 y=80>Word</text></g>"
        "</svg>"
    )
    html = page(
        f"<p style='height:20mm;background:linear-gradient(#0b3f5c 50%, #e6eef2 50%)'></p>"
        f"<p style='height:20mm;background:radial-gradient(rgba(255,0,0,.5), lime)'></p>"
        f"<p style='color:lab(50 60 -40)'>Lab</p>{svg}"
    )
    data = finished(html)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert not {operator for operator, _ in operators(pdf)} & {"rg", "RG"}
        assert spaces_of(pdf) == {"/DeviceCMYK", "/DeviceGray"}  # grey in masks
        shades = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/ShadingType" in thing]
        assert len(shades) >= 4
        assert not pdf.check_pdf_syntax()
        trim = [float(part) for part in pdf.pages[0].obj.TrimBox]
    setter = typesetter()
    before = setter.write(setter.lay(f'<html lang="en">{html}', {})).data
    one = render(data, 0).crop(tuple(round(part) for part in trim))  # type: ignore[arg-type]
    assert unlike(one, render(before, 0)) < 20  # its colours are beyond any press


def test_a_drawing_that_is_used_in_two_sizes_has_small_letters_in_black_and_large_ones_in_colour() -> None:
    form = b"BT /F1 10 Tf 0.043137 0.247059 0.360784 rg 1 0 0 1 0 0 Tm (Word) Tj ET"
    with pikepdf.new() as pdf:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        own = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        drawing = pikepdf.Stream(pdf, form, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, Resources=own)
        drawing.BBox = pikepdf.Array([0, 0, 100, 100])
        blank = pdf.add_blank_page(page_size=(200, 200))
        blank.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=pdf.make_indirect(drawing)))
        blank.obj.TrimBox = pikepdf.Array([0, 0, 200, 200])
        blank.contents_add(b"/X Do q 2 0 0 2 20 20 cm /X Do Q /X Do")
        steps = [step for step in PRESS.steps if step in ("inks", "marks")]
        out = io.BytesIO()
        pdf.save(out)
    with pikepdf.open(io.BytesIO(finish(out.getvalue(), steps, about()))) as pdf:
        found = shown(pdf, pdf.pages[0])
        assert [round(one.size) for one in found] == [10, 20, 10]
        assert [one.ink for one in found] == [(0, 0, 0, 100), (95, 60, 25, 40), (0, 0, 0, 100)]


def test_rules_overprint_as_type_does_and_areas_never_do() -> None:
    html = page(
        "<p style='background:#000;height:20mm;margin:0'></p><p style='border-top:0.5pt solid #1a1d21'>Word</p>"
    )
    with pikepdf.open(io.BytesIO(finished(html))) as pdf:
        own, over, seen = pdf.pages[0].resources, False, []
        for instruction in pikepdf.parse_content_stream(pdf.pages[0]):
            if str(instruction.operator) == "gs":
                over = bool(own.ExtGState[str(instruction.operands[0])].get("/op", over))
            elif str(instruction.operator) in ("f", "f*"):
                seen.append(over)
    assert seen == [False, True]


def test_the_same_page_gives_the_same_bytes() -> None:
    html, assets = (
        page("<img src=asset:a.png alt=A><a href='https://example.org'>Word</a>"),
        {"a.png": photograph("PNG")},
    )
    assert finished(html, assets) == finished(html, assets)


# ------------------------------------------------------------------ recipes


def test_the_theme_is_printed_by_its_recipes_and_greys_in_black_alone() -> None:
    inks, tokens = Inks(house()), read_tokens(TEMPLATES)
    for name, colour in tokens.colour.items():
        red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        assert inks.recipe((red, green, blue)) == tokens.cmyk[name]
        assert inks.recipe((round(red, 6), round(green, 6), round(blue, 6))) == tokens.cmyk[name]
    greys = [inks.recipe((level / 255,) * 3) for level in range(256)]
    assert all(recipe[:3] == (0, 0, 0) for recipe in greys)
    assert [recipe[3] for recipe in greys] == sorted((recipe[3] for recipe in greys), reverse=True)
    assert (greys[0][3], greys[255][3]) == (100, 0)


def test_no_recipe_has_more_ink_than_the_limit() -> None:
    inks = Inks(replace(house(), ink_limit=200))
    recipes = [inks.recipe((r / 4, g / 4, b / 4)) for r in range(5) for g in range(5) for b in range(5)]
    assert max(map(sum, recipes)) <= 200.05
    assert inks.limited((80, 80, 80, 90)) == pytest.approx((110 / 3, 110 / 3, 110 / 3, 90))


def test_small_letters_stay_as_dark_as_they_were_and_can_be_read() -> None:
    inks = Inks(house())
    assert inks.black_alone((11 / 255, 63 / 255, 92 / 255))[3] > 80  # the accent
    pale = inks.black_alone((95 / 255, 142 / 255, 166 / 255))  # its tint, which on paper nobody could read
    assert pale[3] == pytest.approx(inks.recipe((grey := 0.4645, grey, grey))[3], abs=0.2)
    assert luminance((grey,) * 3) == pytest.approx(READABLE, abs=0.001)
    assert inks.black_alone((1, 1, 1)) == (0, 0, 0, 0)
    assert inks.black_alone((230 / 255, 238 / 255, 242 / 255))[3] < 15  # for a dark ground
