"""Texts: what they are made of, and how figures and citations stand in them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.content.markdown import Citation, FigureRef, Part, StrayMarkup, Words, parts, render, safe_link
from briefing.content.scalars import Kind


class Hand:
    """Writes figures as their names, and marks as the names of their sources in brackets."""

    def figure(self, ref: FigureRef) -> tuple[str, tuple[str, ...], bool]:
        return f"<{ref.id}>", () if ref.plain else (ref.id[0],), ref.id.startswith("d")

    def marks(self, ids: tuple[str, ...], disputed: bool) -> str:
        return f"({'†' if disputed else ''}{','.join(ids)})"

    def address(self, link: str) -> str:
        return ""

    def note(self, mark: str) -> str:
        return f"({mark})"

    def reference(self, name: str) -> str:
        return f"({name})"

    def words(self, text: str) -> str:
        return text


def line(text: str) -> str:
    return render(Kind.TEXT, text, Hand())


def bare(html: str) -> str:
    return re.sub(r"</?span[^>]*>", "", html)


def read(text: str, kind: Kind = Kind.TEXT) -> list[Part]:
    return list(parts(kind, text))


def test_figures_and_citations_are_read_in_their_order() -> None:
    assert read("A {{rides|open}} b [@one; @two-2] c {{ walks | short | plain }}") == [
        Words("A "),
        FigureRef("rides", "open", opened=True),
        Words(" b "),
        Citation(("one", "two-2")),
        Words(" c "),
        FigureRef("walks", "short", plain=True),
    ]


@pytest.mark.parametrize(
    "text", ["{{Rides}}", "{{rides", "rides}}", "{{ }}", "{{a b}}", "{{a.b}}", "{{a()}}", "{{ 7*7 }}"]
)
def test_what_only_looks_like_a_figure_is_a_slip(text: str) -> None:
    assert "figure-malformed" in [part.code for part in read(text) if isinstance(part, StrayMarkup)]


def test_plain_texts_are_letters_and_nothing_else() -> None:
    text = "{{rides}} [@one] *a* <b> 1. ![x]"
    assert read(text, Kind.PLAIN) == [Words(text)]
    assert render(Kind.PLAIN, text, Hand()) == "{{rides}} [@one] *a* &lt;b&gt; 1. ![x]"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("It rose to {{apples}}.", "It rose to &lt;apples&gt;.(a)"),
        ("So [@one], it rose.", "So,(one) it rose."),
        ("It rose [@one].", "It rose.(one)"),
        ("“It rose [@one].”", "“It rose.”(one)"),
        ("It rose [@one] [@two].", "It rose.(one,two)"),
        ("From {{apples}} to {{apricots}}.", "From &lt;apples&gt; to &lt;apricots&gt;.(a)"),
        ("{{apples}}. Then {{apricots}}.", "&lt;apples&gt;.(a) Then &lt;apricots&gt;.(a)"),
        ("{{apples}} and {{bananas}}.", "&lt;apples&gt;(a) and &lt;bananas&gt;.(b)"),
        ("{{apples|plain}} rose.", "&lt;apples&gt; rose."),
        ("{{dates}} rose.", "&lt;dates&gt;(†d) rose."),
    ],
)
def test_marks_stand_behind_the_punctuation_and_once_in_a_sentence(text: str, printed: str) -> None:
    assert bare(line(text)) == printed


def test_a_disputed_figure_is_marked_even_where_its_sources_follow() -> None:
    assert "†" in line("{{dates}} and {{dogs}}.").split("and")[0]


@pytest.mark.parametrize("url", ["https://a.org", "HTTP://a.org", "mailto:a@b.org"])
def test_web_and_mail_addresses_are_links(url: str) -> None:
    assert safe_link(url)
    assert f'href="{url}"' in line(f"[a]({url})")


@pytest.mark.parametrize(
    "url", ["javascript:a", "file:///a", "data:text/html,a", "//a.org", "a.html", " https://a.org", "ftp://a"]
)
def test_other_addresses_are_not(url: str) -> None:
    assert not safe_link(url)
    assert "href" not in line(f"[a]({url.strip()})") or url.startswith(" ")


@given(st.text(st.sampled_from("<>&\"'/=abc script{}[]()!@*_`#-\n\\"), max_size=60))
def test_no_text_makes_an_element_of_its_own(text: str) -> None:
    known = {"span", "em", "strong", "code", "p", "ul", "ol", "li", "blockquote", "h3", "hr", "br", "pre", "a"}
    html = render(Kind.PROSE, text, Hand())
    assert set(re.findall(r"<\s*/?\s*([^\s/>]+)", html)) <= known
    assert not re.search(r"<[^>]*\son\w+=", html)


def test_a_heading_within_prose_is_below_the_headings_of_blocks() -> None:
    assert render(Kind.PROSE, "# Words", Hand()) == "<h3>Words</h3>"


@pytest.mark.parametrize("text", ["1984. was a year", "3) is it", "+ and so on"])
def test_a_line_that_becomes_a_list_by_accident_is_a_slip(text: str) -> None:
    assert [part.code for part in read(text, Kind.PROSE) if isinstance(part, StrayMarkup)] == ["text-list"]


def test_a_list_that_is_meant_is_none() -> None:
    assert not [part for part in read("- one\n- two\n\n1. a\n2. b", Kind.PROSE) if isinstance(part, StrayMarkup)]
