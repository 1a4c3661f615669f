"""The commands about a brand, as a person runs them."""

from __future__ import annotations

import itertools
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner

from briefing.cli.app import cli
from tests.support.builds import ROOT

CYAN = ROOT / "tests" / "brands" / "cyan"
POSIT = """\
meta: {name: {short: TI, full: Tidewater Institute}}
color:
  palette: {tide: "#09e", night: "#0a2a43"}
  foreground: night
  primary: tide
logo: {images: {mark: {path: logo.svg, alt: The tide}}, medium: mark}
typography:
  fonts:
    - {family: Public Sans, source: file, files: [fonts/a.ttf]}
    - {family: Lato, source: google}
  base: Lato
  headings: {family: Public Sans}
defaults: {}
"""


def test_a_new_brand_holds_every_rule_and_is_written_once(tmp_path: Path) -> None:
    run = CliRunner()
    assert run.invoke(cli, ["brand", "new", str(tmp_path / "mine")]).exit_code == 0
    checked = run.invoke(cli, ["brand", "check", str(tmp_path / "mine")])
    assert checked.exit_code == 0, checked.output
    assert "accent #0b3f5c on paper" in checked.output
    assert "FAIL" not in checked.output
    again = run.invoke(cli, ["brand", "new", str(tmp_path / "mine")])
    assert again.exit_code == 1
    assert "new-exists" in again.output


def test_check_tells_what_was_measured_of_colours_and_fails_where_a_rule_does(tmp_path: Path) -> None:
    run = CliRunner()
    told = run.invoke(cli, ["brand", "check", "#00b3ff", "#ff6a00"])
    assert told.exit_code == 0
    assert "accent #00608d on paper #ffffff" in told.output
    (tmp_path / "brand.yaml").write_text('brand: 1\ncolour: {brand: "#00b3ff", accent: "#00b3ff"}\n')
    refused = run.invoke(cli, ["brand", "check", str(tmp_path)])
    assert refused.exit_code == 1
    assert "FAIL  accent #00b3ff on paper #ffffff" in refused.output
    assert "brand.yaml:2:" in refused.output


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_show_writes_one_sheet_on_which_nothing_collides(tmp_path: Path, paper: str) -> None:
    out = tmp_path / "sheet.pdf"
    run = CliRunner().invoke(cli, ["brand", "show", str(CYAN), "--paper", paper, "--out", str(out)])
    assert run.exit_code == 0, run.output
    assert "error:" not in run.output
    with pypdfium2.PdfDocument(out) as pdf:
        assert len(pdf) == 1
        page = pdf[0]
        read = page.get_textpage()
        words, boxes = read.get_text_range(), [read.get_rect(at) for at in range(read.count_rects())]
        wide = page.get_width() - 18 * 72 / 25.4
    assert "Tidewater Institute" in words
    assert "accent #00608d on paper #ffffff" in words
    assert max(box[2] for box in boxes) <= wide + 1
    for one, other in itertools.combinations(boxes, 2):
        across, down = (min(one[at + 2], other[at + 2]) - max(one[at], other[at]) for at in (0, 1))
        assert across < 1 or down < 2, (one, other)


def test_show_takes_a_colour_and_writes_nothing_of_a_brand_with_errors(tmp_path: Path) -> None:
    run, out = CliRunner(), tmp_path / "sheet.pdf"
    shown = run.invoke(cli, ["brand", "show", "#009edb", "--out", str(out)])
    assert shown.exit_code == 0, shown.output
    assert out.exists()
    (tmp_path / "brand.yaml").write_text("brand: 1\nfont: {sans: none}\n")
    refused = run.invoke(cli, ["brand", "show", str(tmp_path), "--out", str(tmp_path / "other.pdf")])
    assert refused.exit_code == 1
    assert "brand-font-missing" in refused.output
    assert not (tmp_path / "other.pdf").exists()


@pytest.mark.parametrize("name", ["- house", "yes", "12", "a & b"])
def test_a_new_brand_is_whole_whatever_its_folder_is_called(tmp_path: Path, name: str) -> None:
    run = CliRunner()
    assert run.invoke(cli, ["brand", "new", str(tmp_path / name)]).exit_code == 0
    checked = run.invoke(cli, ["brand", "check", str(tmp_path / name)])
    assert checked.exit_code == 0, checked.output
    assert checked.output.startswith(name)


@pytest.mark.parametrize(
    ("text", "written", "said"),
    [
        ("typography: {fonts: [Inter]}", "", "Inter is not given as files"),
        ("typography: {fonts: [{family: A, source: file, files: 3}]}", "", "A is not given as files"),
        ("typography: Inter", "", "typography: cannot be read"),
        ("logo: logo.png", 'file: "logo.png"', ""),
        ("logo: {path: logo.png, alt: A}", 'file: "logo.png", alt: "A"', ""),
        ("logo: {medium: {path: }}", "", "logo: no file is named"),
        ("logo: {medium: {path: }, small: a.svg}", 'file: "a.svg"', ""),
    ],
)
def test_what_another_programs_file_says_is_taken_over_or_told(
    tmp_path: Path, text: str, written: str, said: str
) -> None:
    (tmp_path / "_brand.yml").write_text(text)
    run = CliRunner().invoke(cli, ["brand", "import", str(tmp_path / "_brand.yml")])
    assert run.exit_code == 0, run.output
    made = (tmp_path / "brand.yaml").read_text(encoding="utf-8")
    assert written in made
    assert "None" not in made
    assert said in run.output


def test_a_brand_of_posit_is_taken_over_and_what_has_no_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "_brand.yml").write_text(POSIT)
    run = CliRunner().invoke(cli, ["brand", "import", str(tmp_path / "_brand.yml")])
    assert run.exit_code == 0, run.output
    said = (tmp_path / "brand.yaml").read_text(encoding="utf-8")
    for line in ('name: "Tidewater Institute"', 'colour: {brand: "#0099ee"}', 'font: {sans: "fonts"}'):
        assert line in said
    assert 'logo: {file: "logo.svg", alt: "The tide"}' in said
    assert "Lato is not given as files" in run.output
    assert "defaults: has no place here" in run.output


@pytest.mark.parametrize(
    "text", ["- a list\n", "color: [1, 2]\nlogo: 3\ntypography: {fonts: {a: b}}\n", "color: {primary: {a: b}}\n"]
)
def test_another_programs_file_of_any_shape_ends_in_a_finding_or_a_brand(tmp_path: Path, text: str) -> None:
    (tmp_path / "_brand.yml").write_text(text)
    run = CliRunner().invoke(cli, ["brand", "import", str(tmp_path / "_brand.yml")])
    assert run.exit_code in (0, 1)
    assert run.exception is None or isinstance(run.exception, SystemExit)
