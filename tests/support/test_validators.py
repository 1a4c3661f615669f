from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
import weasyprint
from _pytest.outcomes import Failed

from tests.support.validators import Font, fonts, page_validation, qpdf_check, verapdf

PAGE = """<html lang="en"><title>A brief</title><style>body {font-family: serif}</style>
<h1>A brief</h1><p>It says <a href="https://example.org" title="where">something</a>.</p></html>"""


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("pdf") / "good.pdf"
    weasyprint.HTML(string=PAGE).write_pdf(file, pdf_variant="pdf/ua-1")
    return file


@pytest.fixture(scope="module")
def untagged(good: Path) -> Path:
    """The same file without its structure tree."""
    file = good.with_name("untagged.pdf")
    with pikepdf.open(good) as pdf:
        del pdf.Root.StructTreeRoot
        pdf.save(file)
    return file


@pytest.mark.slow
def test_both_judges_pass_an_accessible_file_and_refuse_it_without_its_tags(good: Path, untagged: Path) -> None:
    by_verapdf = verapdf([good, untagged], "ua1")
    by_page = page_validation([good, untagged], "ua1")
    assert by_verapdf[good] == by_page[good] == []
    assert "7.1-11" in [rule.rule for rule in by_verapdf[untagged]]
    assert "PDFUA1-STRUCT-TREE-ROOT-001" in [rule.rule for rule in by_page[untagged]]


def test_both_judges_know_the_archive_standard_from_the_accessible_one(good: Path) -> None:
    assert verapdf([good], "3a")[good]
    assert page_validation([good], "3a")[good]


def test_a_file_that_cannot_be_judged_fails_the_test(tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    file.write_text("Dear Sir or Madam")
    with pytest.raises(Failed, match=r"cannot judge letter\.pdf"):
        verapdf([file], "ua1")


def test_a_judge_without_its_jars_fails_the_test(good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.support import validators

    monkeypatch.setattr(validators, "_JARS", tmp_path)
    monkeypatch.setattr(validators, "_engine", validators._engine.__wrapped__)  # another one than is at work
    with pytest.raises(Failed, match="libjaxb-java"):
        verapdf([good], "ua1")


def test_qpdf_sees_a_file_that_is_cut_short(good: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(good.read_bytes()[:-200])
    assert qpdf_check(good) == []
    assert qpdf_check(cut)


def test_fonts_tells_which_are_embedded_as_a_subset(good: Path, tmp_path: Path) -> None:
    found = fonts(good)
    assert found
    assert all(font.embedded and font.subset and font.to_unicode for font in found)
    bare = tmp_path / "bare.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        helvetica = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        pdf.pages[0].obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(helvetica)))
        pdf.save(bare)
    assert fonts(bare) == [Font("Helvetica", embedded=False, subset=False, to_unicode=False)]
