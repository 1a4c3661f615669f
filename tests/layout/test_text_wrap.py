"""Where lines end: headings in lines of one length, and no word alone on the last line of a text."""

from pathlib import Path

import pytest

from briefing.layout.typesetter import Typesetter

FONTS = Path(__file__).parents[2] / "templates" / "fonts"
LONG = "The committee asks that every office count its visitors in the same way and publish the monthly numbers soon."
PAGE = """<style>@page { size: 120mm 90mm; margin: 10mm }
html { font: 11pt/1.3 "Source Sans 3"; %s } p, h2 { margin: 0 }
.numbered { position: relative; padding-left: 8mm } .numbered::before { content: "•"; position: absolute; left: 0 }
</style><body>%s"""


def lines_of(body: str, style: str = "", tag: str = "p") -> list[str]:
    layout = Typesetter(FONTS).lay(PAGE % (style, body), {})
    (page,) = layout.document.pages
    return [
        "".join(one.text for one in line.descendants() if getattr(one, "text", "") not in ("", "•"))
        for line in page._page_box.descendants()
        if type(line).__name__ == "LineBox" and line.element_tag == tag
    ]


def widths_of(body: str, style: str) -> list[float]:
    layout = Typesetter(FONTS).lay(PAGE % (style, body), {})
    return [line.width for line in layout.document.pages[0]._page_box.descendants() if type(line).__name__ == "LineBox"]


@pytest.mark.parametrize("words", range(6, 18, 3))
def test_a_heading_is_set_in_lines_of_about_one_length(words: int) -> None:
    heading = f"<h2>{' '.join(LONG.split()[:words])}</h2>"
    usual, balanced = widths_of(heading, ""), widths_of(heading, "text-wrap: balance")
    assert len(balanced) == len(usual)
    assert max(balanced) <= max(usual)
    if len(usual) > 1:
        assert min(balanced) > max(balanced) * 0.7


@pytest.mark.parametrize("mark", ["", ' class="numbered"'], ids=["plain", "with a mark that stands elsewhere"])
@pytest.mark.parametrize("words", range(10, 19))
def test_no_word_stands_alone_on_the_last_line(words: int, mark: str) -> None:
    body = f"<p{mark}>{' '.join(LONG.split()[:words])}</p>"
    usual, pretty = lines_of(body), lines_of(body, "text-wrap: pretty")
    assert " ".join(pretty).split() == " ".join(usual).split()
    assert len(pretty) == len(usual)
    assert len(pretty) == 1 or len(pretty[-1].split()) > 1
    assert pretty == usual or len(usual[-1].split()) == 1 or len(usual[-1]) < len(usual[0]) / 5


def test_a_mark_that_stands_elsewhere_is_printed_once() -> None:
    layout = Typesetter(FONTS).lay(PAGE % ("text-wrap: pretty", f'<p class="numbered">{LONG} Or so.</p>'), {})
    said = [getattr(one, "text", "") for one in layout.document.pages[0]._page_box.descendants(placeholders=True)]
    assert said.count("•") == 1
