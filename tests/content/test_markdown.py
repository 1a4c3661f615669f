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
        ("{{dates}} rose.", "&lt;dates&gt;(†) rose.(d)"),
        ("{{dates}} rose, after {{dogs}}.", "&lt;dates&gt;(†) rose, after &lt;dogs&gt;.(†d)"),
    ],
)
def test_marks_stand_behind_the_punctuation_and_once_in_a_sentence(text: str, printed: str) -> None:
    assert bare(line(text)) == printed


FAR = "that the board has closed for good in the last year of all"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Only {{apples}} was closed, they say.", "Only &lt;apples&gt; was closed,(a) they say."),
        ("{{apples}}-year wells", "&lt;apples&gt;-year wells(a)"),
        ("{{apples}} a year by {{bananas}} wells", "&lt;apples&gt;(a) a year by &lt;bananas&gt; wells(b)"),
        ("{{apples}} of {{apricots|plain}} fell.", "&lt;apples&gt; of &lt;apricots&gt; fell.(a)"),
        ("{{apples}} of {{bananas|plain}} fell.", "&lt;apples&gt;(a) of &lt;bananas&gt; fell."),
        ("{{apples}} fell [@apple; @one], so.", "&lt;apples&gt; fell,(a,apple,one) so."),
        ("{{apples}} fell. [@one] So.", "&lt;apples&gt; fell.(a,one) So."),
        ("{{apples}} (of *all*, or most) fell; so.", "&lt;apples&gt; (of<em> all</em>, or most) fell;(a) so."),
        ("They fell ({{apples}} in all) soon.", "They fell (&lt;apples&gt; in all)(a) soon."),
        ("**So {{apples}} wells** fell\nsoon, so.", "<strong>So &lt;apples&gt; wells</strong> fell\nsoon,(a) so."),
        ("{{apples}} on June 30, 2025, so.", "&lt;apples&gt; on June 30, 2025,(a) so."),
        ("{{apples}} fell – so many.", "&lt;apples&gt; fell(a) – so many."),
        # in doubt they stay
        (f"{{{{apples}}}} wells {FAR}, so.", f"&lt;apples&gt;(a) wells {FAR}, so."),
        ("{{apples}} in St. Louis fell.", "&lt;apples&gt;(a) in St. Louis fell."),
        ("{{apples}} fell by 2024", "&lt;apples&gt;(a) fell by 2024"),
        ("{{apples}} of (all. The) wells fell.", "&lt;apples&gt;(a) of (all. The) wells fell."),
        ("{{apples}}口井。然后", "&lt;apples&gt;(a)口井。然后"),
        ("{{apples}} Brunnen in »Haus« und", "&lt;apples&gt;(a) Brunnen in »Haus« und"),
    ],
)
def test_the_marks_of_a_figure_stand_behind_the_words_that_it_counts(text: str, printed: str) -> None:
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
