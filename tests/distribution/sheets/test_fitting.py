"""Any lines: they stay in their room, or it is said what they lack; and the pages say all their letters."""

from __future__ import annotations

import io

import pypdfium2
from hypothesis import given
from hypothesis import strategies as st

from briefing.distribution.sheets.fitting import NoRoomError, Room, break_lines, fit_block, shorten
from briefing.finishing.stamping.stamp_font import NoGlyphError
from briefing.finishing.stamping.text_pages import PageFonts, TextFile, TextPage, TextStyle
from tests.support.builds import TEMPLATES
from tests.support.examples import examples

FONTS = PageFonts(TEMPLATES / "fonts")
SIGNS = st.characters(min_codepoint=33, max_codepoint=0x17F, exclude_categories=("Cc", "Zs", "Cf"))
LINES = st.lists(st.text(SIGNS, min_size=1, max_size=20), min_size=1, max_size=6).map(" ".join)


def bare(text: str) -> str:
    return "".join(text.split())


@examples(60)
@given(lines=st.lists(LINES, min_size=1, max_size=8), width=st.floats(20, 100), height=st.floats(15, 60))
def test_lines_stay_in_their_room_or_say_what_they_lack(lines: list[str], width: float, height: float) -> None:
    told: NoRoomError | None = None
    try:
        placed = fit_block(FONTS, lines, TextStyle(11), Room(10, 20, width, height), 6.5)
    except NoGlyphError:
        return
    except NoRoomError as fault:
        placed, told = (), fault
    if told:
        assert told.lacks > 0
        assert all(line not in str(told) for line in lines if len(line) > 14)
        return
    assert [line.text for line in placed] == lines
    for line in placed:
        assert 6.5 <= line.style.size <= 11
        assert FONTS.width(line.text, line.style) <= width + 0.01
        assert 20 <= line.baseline <= 20 + height
    out = io.BytesIO()
    TextFile((120, 100), "Any", "en").write([TextPage(placed)], PageFonts(TEMPLATES / "fonts"), out)
    with pypdfium2.PdfDocument(out.getvalue()) as pdf:
        assert len(pdf) == 1
        assert bare(pdf[0].get_textpage().get_text_range())


@examples(60)
@given(text=LINES, width=st.floats(5, 100))
def test_a_paragraph_keeps_all_its_letters_where_it_is_broken(text: str, width: float) -> None:
    style = TextStyle(10)
    try:
        lines = list(break_lines(FONTS, text, style, width))
    except NoGlyphError:
        return
    assert bare("".join(lines)) == bare(text)
    assert all(FONTS.width(line, style) <= width for line in lines if len(line) > 1)
    short = shorten(FONTS, text, style, width)
    assert short == text or short.endswith("…")
    assert FONTS.width(short, style) <= width or short == "…"
