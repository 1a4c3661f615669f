"""Small things that an eye is caught by: a code beside its words, figures of one size, an imprint in columns."""

from __future__ import annotations

import pypdfium2
import pytest

from briefing.pipeline import build
from tests.support.builds import GOOD, LATER, TEMPLATES, swapped

pytestmark = pytest.mark.whole

BLOCKS = """    - key_figures:
        items:
          - {figure: rides, label: trips}
          - {figure: budget, label: in all}
          - {figure: riders, label: "people in May 2024 [@count]"}
    - report:
        heading: Where to ask
        place: side
        channels: [{label: By telephone, value: 555 0168}]
        qr: {label: Ask online, link: "https://example.org/questions"}
    - imprint: {}
"""
FIGURES = """  budget: {value: 4400000, unit: usd, as_of: 2024-05, sources: [census], qualifier: up to}
  riders: {value: 37, as_of: 2024-05, sources: [census]}
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> pypdfium2.PdfPage:
    folder = tmp_path_factory.mktemp("details")
    content = folder / "content.yaml"
    whole = swapped(
        GOOD,
        ("figures:", "  count: {publisher: Club, title: Count, kind: data}\nfigures:"),
        ("brief:\n  pages", FIGURES + "brief:\n  pages"),
        ("publisher: Desk,", 'publisher: Desk, contact: desk@example.org, link: "https://example.org/1",'),
        ("        items: [A plain sentence.]\n", "        items: [A plain sentence.]\n" + BLOCKS),
    )
    content.write_text(whole, encoding="utf-8")
    made = build.run(build.Job(content, content.name, folder / "out", TEMPLATES, LATER))
    assert not made.refused, made.findings
    return pypdfium2.PdfDocument(folder / "out" / "fact-sheet.pdf")[0]


def box(page: pypdfium2.PdfPage, words: str) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of words, in points."""
    textpage = page.get_textpage()
    found = textpage.search(words).get_next()
    assert found, textpage.get_text_bounded()
    first, last = (textpage.get_charbox(at) for at in (found[0], sum(found) - 1))
    return first[0], first[1], last[2], last[3]


def test_the_words_of_a_code_stand_beside_it(page: pypdfium2.PdfPage) -> None:
    telephone, words = box(page, "555 0168"), box(page, "Ask online")
    assert words[0] > telephone[0] + 18 / 25.4 * 72  # to the right of a code of at least 18 mm
    assert words[2] < telephone[0] + 52 / 25.4 * 72


def test_the_figures_of_a_row_are_of_one_size_and_stand_on_one_line(page: pypdfium2.PdfPage) -> None:
    figures = [box(page, said) for said in ("300", "4.4", "37")]
    assert [bottom for _, bottom, _, _ in figures] == pytest.approx([figures[0][1]] * 3, abs=0.5)
    assert [top for _, _, _, top in figures] == pytest.approx([figures[0][3]] * 3, abs=1)


def test_the_marks_of_a_label_and_of_its_figure_are_one_group(page: pypdfium2.PdfPage) -> None:
    words = " ".join(page.get_textpage().get_text_bounded().split())
    assert "people in May 20241,2 " in words


def test_an_imprint_stands_in_columns(page: pypdfium2.PdfPage) -> None:
    entries = [box(page, said) for said in ("Desk. Fact sheet", "Contact:", "Licence:", "Online:")]
    assert len({round(left / 10) for left, *_ in entries}) == 2, "each entry begins where a column begins"
