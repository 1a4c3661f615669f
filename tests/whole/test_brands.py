"""Whole runs in a brand's dress: what is on the pages is the brand's, and all that pages promise still holds."""

from __future__ import annotations

import ctypes
import hashlib
import io
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

import briefing
from briefing.content.records import PaperName
from briefing.design.brand.colour import contrast
from briefing.design.outputs import OutputName
from briefing.findings import Missing
from briefing.pipeline import build
from briefing.pipeline.build import Outcome
from briefing.proofing import screen_reader
from tests.support.builds import FLAGSHIP, GOOD, LATER, OTHER, ROOT, TEMPLATES
from tests.support.examples import usually

CYAN = ROOT / "tests" / "brands" / "cyan" / "brand.yaml"
USES = (OutputName.READING, OutputName.OFFICE, OutputName.PRESS)
PARTNER = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect width="20" height="10" fill="#1f3a8a"/></svg>'
)


def job(content: Path, out: Path, brand: Path | None = None) -> build.Job:
    return build.Job(content, content.name, out, TEMPLATES, LATER, brand=brand)


def run(content: Path, out: Path, brand: Path | None = None, **more: object) -> Outcome:
    """A run that publishes; it must not be refused."""
    made = build.run(replace(job(content, out, brand), **more))  # type: ignore[arg-type]
    assert not made.refused, made.findings
    return made


@pytest.fixture(scope="module")
def worn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second sample's fact sheet in the dress of a brand with a bright colour, for three uses."""
    out = tmp_path_factory.mktemp("worn")
    run(OTHER, out, CYAN, documents=("fact_sheet",), outputs=USES)
    return out


def fonts(data: bytes) -> set[str]:
    """The fonts of a file, without the mark of a subset."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found = (item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/FontName" in item)
        return {str(item["/FontName"]).lstrip("/").partition("+")[2] for item in found}


def test_the_pages_have_the_fonts_words_and_marks_of_the_brand(worn: Path) -> None:
    data = (worn / "fact-sheet.pdf").read_bytes()
    assert fonts(data)
    assert all(name.startswith(("Public", "Source-Serif")) for name in fonts(data)), fonts(data)
    heard = screen_reader.format_lines(screen_reader.read_aloud(data))
    assert "Tidewater Institute" in heard
    facts = json.loads((worn / "manifest.json").read_text(encoding="utf-8"))
    assert facts["brand"]["name"] == "Tidewater Institute"
    assert "SIL Open Font License" in facts["brand"]["fonts"]["Public Sans"]
    assert {"brand/brand.yaml", "brand/logo.svg"} <= facts["inputs"]["content"].keys()


def test_all_type_on_paper_has_a_contrast_that_can_be_read(worn: Path) -> None:
    seen: dict[str, set[str]] = {}
    for file in ("fact-sheet.pdf", "office/fact-sheet-office.pdf"):
        seen[file] = set()
        with pypdfium2.PdfDocument((worn / file).read_bytes()) as pdf:
            for page in pdf:
                for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=5):
                    parts = [ctypes.c_uint() for _ in range(4)]
                    pdfium.FPDFPageObj_GetFillColor(item.raw, *parts)
                    colour = "#" + "".join(f"{part.value:02x}" for part in parts[:3])
                    assert colour == "#ffffff" or contrast(colour, "#ffffff") >= 4.5, colour
                    seen[file].add(colour)
    accent = json.loads((worn / "manifest.json").read_text(encoding="utf-8"))["brand"]["colour"]["accent"]
    assert accent in seen["fact-sheet.pdf"]
    assert all(len(colours) > 1 for colours in seen.values()), seen


def test_black_type_for_the_press_is_black_alone(worn: Path) -> None:
    with pikepdf.open(worn / "press" / "fact-sheet-press.pdf") as pdf:
        inked = {tuple(map(float, ops.operands)) for ops in pikepdf.parse_content_stream(pdf.pages[0], "k")}
    dark = {ink for ink in inked if ink[3] >= 90}
    assert (0.0, 0.0, 0.0, 1.0) in inked
    assert all(not any(ink[:3]) for ink in dark)


def test_the_same_brand_in_two_folders_gives_the_same_bytes(tmp_path: Path) -> None:
    sums = []
    for name in ("one", "two"):
        folder = tmp_path / name
        shutil.copytree(CYAN.parent, folder / "house")
        (folder / "content.yaml").write_text(GOOD.replace("{title:", "{brand: house/brand.yaml, title:", 1))
        run(folder / "content.yaml", folder / "out", documents=("fact_sheet",))
        data = (folder / "out" / "fact-sheet.pdf").read_bytes()
        assert any("Public" in one for one in fonts(data)), "it wears the brand"
        sums.append(hashlib.sha256(data).hexdigest())
    assert sums[0] == sums[1]


def test_texts_of_a_brand_are_printed_letter_for_letter(tmp_path: Path) -> None:
    hostile = "{{ 7 * 7 }}</style><script> url(https://example.org) {% raw %}"
    (tmp_path / "content.yaml").write_text(GOOD)
    (tmp_path / "partner.svg").write_text(PARTNER)
    (tmp_path / "brand.yaml").write_text(
        "brand: 1\n"
        f"name: '{hostile}'\n"
        "masthead: logo\n"
        f"logo: {{file: partner.svg, alt: '{hostile}'}}\n"
        f"words: {{document.fact_sheet: '{hostile}'}}\n"
        "strip:\n"
        f"  - {{file: partner.svg, alt: Fund, text: '{hostile}'}}\n"
    )
    made = run(tmp_path / "content.yaml", tmp_path / "out", documents=("fact_sheet",))
    assert not {one.code for one in made.findings} & {"outside-refused", "text-lost"}
    data = (tmp_path / "out" / "fact-sheet.pdf").read_bytes()
    heard = screen_reader.format_lines(screen_reader.read_aloud(data))
    assert re.sub(r"\s", "", heard).count(re.sub(r"\s", "", hostile)) == 3, heard


def test_the_letter_of_a_note_is_raised_in_a_font_that_has_raised_figures_alone(tmp_path: Path) -> None:
    noted = GOOD.replace("{{rides}} rides.", "{{rides}} rides.[^a]\n        notes: {a: On weekdays.}", 1)
    (tmp_path / "content.yaml").write_text(noted)
    (tmp_path / "brand.yaml").write_text("brand: 1\nlook: civic\n")
    made = run(tmp_path / "content.yaml", tmp_path / "out", documents=("brief",))
    assert "copy-type-small" not in {one.code for one in made.findings}
    with pypdfium2.PdfDocument((tmp_path / "out" / "policy-brief.pdf").read_bytes()) as pdf:
        text = pdf[0].get_textpage()
        at = text.get_text_range().index("rides.1a") + len("rides.1")
        stop, letter = text.get_charbox(at - 2), text.get_charbox(at)
    assert letter[1] > stop[1] + 2, "its foot stands above the line"


def test_a_brand_that_is_changed_changes_what_is_built_and_verify_says_so(tmp_path: Path) -> None:
    from briefing.pipeline.verify import verify

    (tmp_path / "content.yaml").write_text(GOOD)
    (tmp_path / "brand.yaml").write_text('brand: 1\ncolour: {brand: "#14532d"}\n')
    asked = job(tmp_path / "content.yaml", tmp_path / "out")
    run(tmp_path / "content.yaml", tmp_path / "out", documents=("fact_sheet",))
    assert verify(asked, "out").same == ("out/fact-sheet.pdf",)
    (tmp_path / "brand.yaml").write_text('brand: 1\ncolour: {brand: "#5b2a86"}\n')
    assert not verify(asked, "out").same
    (tmp_path / "brand.yaml").write_text("brand: 1\nwords: {label.nothing: None}\n")
    found = build.run(asked).findings
    assert [(one.code, one.place.line) for one in found] == [("brand-word-unknown", 2)]


def test_a_brand_is_named_from_the_folder_of_the_content_only(tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_text(GOOD.replace("{title:", "{brand: /etc/passwd, title:", 1))
    assert [one.code for one in build.run(job(tmp_path / "content.yaml", tmp_path)).findings] == ["brand-outside"]
    (tmp_path / "content.yaml").write_text(GOOD.replace("{title:", "{brand: none.yaml, title:", 1))
    assert [one.code for one in build.run(job(tmp_path / "content.yaml", tmp_path)).findings] == ["file-missing"]


LOOKS = ("civic", "plain", "field", "legible")
CASES = [(look, content, paper) for look in LOOKS for content in (OTHER, FLAGSHIP) for paper in PaperName]


@pytest.mark.parametrize(
    ("look", "content", "paper"),
    usually([("civic", OTHER, PaperName.A4)], [one for one in CASES if one != ("civic", OTHER, PaperName.A4)]),
    ids=lambda one: str(getattr(one, "name", one)),
)
def test_every_look_builds_both_samples_in_every_use(
    look: str, content: Path, paper: PaperName, tmp_path: Path
) -> None:
    (tmp_path / "brand.yaml").write_text(f"brand: 1\nlook: {look}\n")
    outputs = tuple(usually((OutputName.READING,), (OutputName.PRESS, OutputName.OFFICE, OutputName.LARGE_PRINT)))
    made = build.run(replace(job(content, tmp_path / "out", tmp_path / "brand.yaml"), outputs=outputs, paper=paper))
    grave = (one for one in made.findings if one.severity in ("error", "warning"))
    told = [one for one in grave if one.severity == "error" or str(one.place).partition(":")[0].endswith(".pdf")]
    assert told == []
    assert len(made.sets) >= len(outputs) - (content == FLAGSHIP)


# ------------------------------------------------------------------ templates of a house's own


def test_templates_of_ones_own_go_before_the_programs_and_nothing_gets_lost(tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_text(GOOD)
    own = tmp_path / "own"
    own.mkdir()
    (own / "tokens.toml").write_text('[colour]\naccent = "#5b2a86"\n')
    asked = replace(job(tmp_path / "content.yaml", tmp_path / "out"), documents=("fact_sheet",), house_templates=own)
    assert not build.run(asked).refused
    plain = (tmp_path / "out" / "fact-sheet.pdf").read_bytes()
    (own / "blocks").mkdir()
    (own / "blocks" / "takeaways.html.j2").write_text("<p>{{ b['items'][0] }}</p>\n")
    found = build.run(asked).findings
    assert "text-lost" in {one.code for one in found}, "the heading of the block is gone"
    (own / "blocks" / "takeaways.html.j2").write_text("{% include 'blocks/_heading.html.j2' %}<p>{{ b.nothing }}</p>\n")
    with pytest.raises(Missing) as missing:
        build.run(asked)
    assert "nothing" in missing.value.findings[0].message
    (own / "blocks" / "takeaways.html.j2").write_text("{% for x in %}\n")
    (told,) = build.run(asked).findings
    assert (told.code, told.place.line) == ("templates-unfit", 1)
    assert (tmp_path / "out" / "fact-sheet.pdf").read_bytes() == plain, "the last good one stays"


def test_python_verifies_what_was_built_with_a_brand_and_templates(tmp_path: Path) -> None:
    content, out, house = tmp_path / "content.yaml", tmp_path / "out", tmp_path / "house"
    content.write_text(GOOD)
    house.mkdir()
    (house / "tokens.toml").write_text('[colour]\naccent = "#5b2a86"\n')
    (house / "mine.yaml").write_text("brand: 1\nwords: {document.fact_sheet: Key facts}\n")
    run(content, out, house / "mine.yaml", documents=("fact_sheet",), house_templates=house)
    found = briefing.verify(content, out=out, brand=house / "mine.yaml", templates=house)
    assert (found.same, found.findings) == ((f"{out}/fact-sheet.pdf",), ())
    without = briefing.verify(content, out=out, brand=house / "mine.yaml")
    assert [one.code for one in without.findings] == ["verify-differs"]
