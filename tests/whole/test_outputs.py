"""What every use and product promises, on the table and on real pages."""

from __future__ import annotations

import ctypes
import io
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import ImageCms

from briefing.design.outputs import BOTH, OUTPUTS, USES, OutputName
from briefing.design.tokens import LAYERS, read_tokens
from briefing.findings import Refused
from briefing.pdf import read_file
from briefing.pipeline import document as pipeline_document
from briefing.pipeline.document_job import DocumentJob
from briefing.pipeline.publish import MANIFEST
from briefing.preflight.preflight import preflight
from briefing.proofing import readback, screen_reader
from briefing.proofing.page_facts import PdfInfo, TextRun
from briefing.proofing.proof import Proof
from tests.support.builds import (
    FLAGSHIP,
    GOOD,
    LATER,
    OTHER,
    TEMPLATES,
    Built,
    briefing_of,
    elsewhere,
    orders,
    short,
    short_run,
    swapped,
)
from tests.support.examples import usually
from tests.support.typed import typed

POINTS_A_MM = 72 / 25.4


def order(content: Path, paper: str, use: OutputName, document: str, cache: Path) -> DocumentJob:
    briefing = briefing_of(content.read_text(encoding="utf-8"))
    return orders(briefing, content.parent, paper, cache, (document,), USES[use])[0]


@pytest.fixture(
    scope="module",
    params=usually([(OTHER, "a4")], [(FLAGSHIP, "letter")]),
    ids=lambda of: f"{of[0].parent.name}-{of[1]}",
)
def large(request: pytest.FixtureRequest, drawings: Path) -> Mapping[str, Proof]:
    """Both documents in large print."""
    content, paper = request.param
    return {
        name: pipeline_document.make(order(content, paper, OutputName.LARGE_PRINT, name, drawings)) for name in BOTH
    }


def words(info: PdfInfo) -> list[TextRun]:
    return [part for sheet in info.sheets for part in sheet.read if isinstance(part, TextRun)]


# ------------------------------------------------------------------ the table


def test_every_output_has_words_and_the_files_that_its_row_names() -> None:
    for name, kind in OUTPUTS.items():
        assert kind.name is name
        assert kind.told, f"{name} is not explained in the help"
    for layer in {use.layer for use in USES.values() if use.layer}:
        assert (TEMPLATES / LAYERS / layer / "tokens.toml").exists(), layer
        read_tokens(TEMPLATES, layer)


def test_no_two_outputs_publish_the_same_file() -> None:
    files = [str(Path(kind.folder, kind.file(document))) for kind in OUTPUTS.values() for document in kind.documents]
    assert len(set(files)) == len(files)


# ------------------------------------------------------------------ large print


def test_large_print_is_complete_and_has_no_finding(large: Mapping[str, Proof]) -> None:
    for made in large.values():
        assert (made.findings, made.amiss, made.lacking, made.dropped) == ((), (), (), ())


def test_large_print_is_18_points_and_never_below_14(large: Mapping[str, Proof]) -> None:
    for made in large.values():
        runs = words(readback.read(made.pdf))
        sizes = [run.size for run in runs for _ in run.text]
        assert sorted(sizes)[len(sizes) // 2] >= 15.9, "most of the text is smaller"
        # Superior figures are drawn by the font at the size of their line, smaller on the page.
        assert min(sizes) >= 12.8, min(runs, key=lambda run: run.size)
        if made.document == "brief":  # the list of sources is a good part of a fact sheet
            assert sum(17.9 <= size <= 20 for size in sizes) > len(sizes) / 3


def test_large_print_keeps_one_column(large: Mapping[str, Proof]) -> None:
    for made in large.values():
        if made.document == "brief":
            for stood in made.stood:
                if stood.asked.picture is None and stood.asked.path[-1] == "heading":
                    assert stood.parts[0][1][0] < 30 * POINTS_A_MM, stood.asked.text


def test_the_last_page_of_large_print_is_not_nearly_empty(large: Mapping[str, Proof]) -> None:
    for made in large.values():
        assert made.pages > 1
        assert made.fill > 0.4


def test_large_print_that_takes_more_pages_than_the_content_allows_is_refused(drawings: Path) -> None:
    words = f"prose: {{text: {'A plain sentence of seven plain words. ' * 60}}}"
    text = swapped(
        GOOD,
        ("fact_sheet:", "fact_sheet:\n  large_print_pages: 1"),
        ("takeaways:\n        items: [A plain sentence.]", words),
    )
    briefing = briefing_of(text)
    (one,) = orders(briefing, drawings, "letter", drawings, ("fact_sheet",), USES[OutputName.LARGE_PRINT])
    made = pipeline_document.make(one)
    assert [finding.code for finding in made.findings] == ["overflow"]
    assert "Fact sheet, large print" in made.findings[0].message
    assert "too many for one page" in made.findings[0].message
    assert made.pdf == b""


# ------------------------------------------------------------------ office


def text_colours(data: bytes) -> Counter[str]:
    """How many text objects have each colour, those of drawings included."""
    found: Counter[str] = Counter()
    with pypdfium2.PdfDocument(data) as pdf:
        for page in pdf:
            for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=5):
                parts = [ctypes.c_uint() for _ in range(4)]
                pdfium.FPDFPageObj_GetFillColor(item.raw, *parts)
                found["#" + "".join(f"{part.value:02x}" for part in parts[:3])] += 1
    return found


def test_the_office_copy_prints_its_text_in_pure_black(drawings: Path) -> None:
    made = pipeline_document.make(order(FLAGSHIP, "letter", OutputName.OFFICE, "fact_sheet", drawings))
    assert (made.findings, made.amiss) == ((), ())
    colours, look = text_colours(made.pdf), read_tokens(TEMPLATES, "office").colour
    # Key figures and what a chart highlights are large or bold enough for a printer's dots.
    assert set(colours) == {"#000000", look["accent"]}
    assert colours["#000000"] > sum(colours.values()) / 2


# ------------------------------------------------------------------ a file that is given


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "pdf-unsound"), (b"Dear Sir or Madam", "pdf-unsound"), (None, "file-missing")],
    ids=["empty", "a letter", "nothing"],
)
def test_what_is_no_pdf_is_not_read_out(data: bytes | None, code: str, tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    if data is not None:
        file.write_bytes(data)
    run = typed(tmp_path, "read", str(file))
    assert (run.returncode, run.stdout) == (1, "")
    assert f"[{code}]" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_pdf_with_a_password_is_not_read_out(tmp_path: Path) -> None:
    file = tmp_path / "locked.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(file, encryption=pikepdf.Encryption(user="a", owner="b"))
    run = typed(tmp_path, "read", str(file))
    assert run.returncode == 1
    assert "[pdf-locked]" in run.stderr


def test_the_command_reads_a_built_document_out(flagship_letter: Built, tmp_path: Path) -> None:
    run = typed(tmp_path, "read", str(flagship_letter.fact_sheet))
    assert run.returncode == 0
    assert "Heading level 1: US offers up to $8 million, with no known measure" in run.stdout.replace("\xa0", " ")
    assert "Graphic: The Example Desk\nThe Example Desk\n" in run.stdout  # the publisher's mark, then its name
    assert run.stderr == ""


# ------------------------------------------------------------------ the same bytes


@pytest.mark.parametrize(
    "whole", usually([None], [OTHER, FLAGSHIP]), ids=lambda whole: whole.parent.name if whole else "short"
)
def test_every_output_has_the_same_bytes_in_two_folders_time_zones_and_hash_seeds(
    whole: Path | None, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    asked = ("--use", "all", "--today", str(LATER), *(("--draft",) if whole == FLAGSHIP else ()))
    first = elsewhere(0, whole, tmp_path / "one", *asked) if whole else short_run(tmp_path_factory)
    other = elsewhere(1, whole or OTHER, tmp_path / "a longer name", *asked, text=None if whole else short())
    assert (first.code, other.code) == (0, 0)
    assert first.findings == other.findings
    assert not (whole == OTHER and first.findings)
    assert "error" not in {finding["severity"] for finding in first.findings}
    outs = first.folder, other.folder
    one, two = ({str(f.relative_to(out)): f.read_bytes() for f in out.rglob("*.pdf")} for out in outs)
    made = {str(Path(kind.folder, kind.file(name))) for kind in OUTPUTS.values() for name in kind.documents}
    assert set(one) == made
    assert [name for name in made if one[name] != two[name]] == []
    manifests = [[(out / kind.folder / MANIFEST).read_bytes() for kind in OUTPUTS.values()] for out in outs]
    assert manifests[0] == manifests[1]


# ------------------------------------------------------------------ the commands


def test_the_press_command_makes_all_that_a_print_shop_needs(tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_text(GOOD, encoding="utf-8")
    asked = ("press", "--draft", "--content", "content.yaml", "--copies", "brief=500", "--bleed", "5", "--quiet")
    assert typed(tmp_path, *asked).returncode == 0
    made = {file.name: file.read_bytes() for file in (tmp_path / "build" / "press").iterdir()}
    with zipfile.ZipFile(io.BytesIO(made["print-shop-pack.zip"])) as archive:
        packed = {Path(name).name: archive.read(name) for name in archive.namelist()}
    assert {name: made[name] for name in packed} == packed
    assert set(made) - set(packed) == {"print-shop-pack.zip", MANIFEST}
    ticket = made["job-ticket.txt"].decode()
    assert "500 copies" in ticket
    assert "5 mm" in ticket
    with pikepdf.open(io.BytesIO(made["policy-brief-press.pdf"])) as pdf:
        trim, bleed = ([float(part) for part in pdf.pages[0][box]] for box in ("/TrimBox", "/BleedBox"))
    assert trim[0] - bleed[0] == pytest.approx(5 * POINTS_A_MM, abs=0.01)


@pytest.mark.parametrize("copies", ["many", "poster=5", "0", "brief="])
def test_copies_that_mean_nothing_are_a_wrong_use(copies: str, tmp_path: Path) -> None:
    run = typed(tmp_path, "press", "--copies", copies)
    assert run.returncode == 2
    assert "--copies" in run.stderr


def test_preflight_says_whether_a_file_is_fit_for_its_use(flagship_letter: Built, tmp_path: Path) -> None:
    def ended(use: str) -> tuple[int, str]:
        run = typed(tmp_path, "preflight", str(flagship_letter.fact_sheet), "--use", use)
        assert run.stderr == ""
        return run.returncode, run.stdout

    code, told = ended("reading")
    assert code == 0
    assert "It says that it is PDF/A-3a and PDF/UA-1." in told
    assert "Nothing. " in told
    code, told = ended("press")
    assert code == 1
    assert "[colour-rgb]" in told


def test_a_profile_that_is_not_of_a_press_is_refused(tmp_path: Path) -> None:
    (tmp_path / "screen.icc").write_bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    (tmp_path / "empty.icc").touch()
    for name in ("screen.icc", "empty.icc"):
        run = typed(tmp_path, "press", "--content", str(FLAGSHIP), "--profile", name, "--condition", "X")
        assert run.returncode == 1
        assert "[profile-unfit]" in run.stderr
        assert "Traceback" not in run.stderr


def test_a_bleed_that_is_no_number_is_a_wrong_use(tmp_path: Path) -> None:
    run = typed(tmp_path, "press", "--bleed", "nan")
    assert run.returncode == 2


# ------------------------------------------------------------------ files of anybody


def holds_itself(pdf: pikepdf.Pdf) -> pikepdf.Object:
    loop = pdf.make_indirect(pikepdf.Array())
    loop.append(loop)
    loop.append(loop)
    return loop


def strange(key: str, value: Callable[[pikepdf.Pdf], object]) -> bytes:
    """A small tagged PDF in which one entry is not what it should be."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.StructTreeRoot = pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot)
        holder, _, name = key.rpartition(".")
        (getattr(pdf.Root, holder) if holder else pdf.Root)[f"/{name}"] = value(pdf)
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize("value", [holds_itself, lambda _: 5], ids=["holds itself", "a number"])
@pytest.mark.parametrize("key", ["StructTreeRoot.K", "StructTreeRoot.RoleMap", "OpenAction", "Names", "Dests"])
def test_a_strange_pdf_is_judged_and_read_to_an_end(key: str, value: Callable[[pikepdf.Pdf], object]) -> None:
    data = strange(key, value)
    for name in OUTPUTS:
        assert all(finding.place.file == "strange.pdf" for finding in preflight(data, "strange.pdf", name))
    assert "xmp-missing" in {finding.code for finding in preflight(data, "strange.pdf", OutputName.READING)}
    with suppress(Refused), read_file.refuse_unsound("strange.pdf"):  # anything else that is raised fails the test
        assert screen_reader.format_lines(screen_reader.read_aloud(data)).strip()
