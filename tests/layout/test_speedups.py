"""Pages laid by the shorter ways are those that WeasyPrint lays by its own, byte for byte."""

from __future__ import annotations

import logging
from typing import Any

import pydyf  # type: ignore[import-untyped]
import pytest
import weasyprint
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st
from weasyprint.css import ComputedStyle
from weasyprint.formatting_structure import boxes
from weasyprint.layout import block
from weasyprint.svg import TAGS
from weasyprint.text import line_break

from briefing.layout.speedups import install
from briefing.layout.typesetter import Typesetter, typesetter
from tests.support.builds import TEMPLATES, Plain
from tests.support.examples import examples

DECLARATIONS = st.sampled_from(
    [
        *("width: 40%", "width: 30mm", "width: calc(50% - 2mm)", "min-width: 20mm", "max-width: 80%", "height: 12mm"),
        *("min-height: 9%", "height: 50%", "margin: 1mm 2%", "margin: auto", "padding: 2% 1mm 0", "padding-top: 1em"),
        *(
            "margin-block-start: 3mm",
            "padding-inline: 4mm 2mm",
            "inline-size: 33mm",
            "border-inline-end: 1pt solid red",
        ),
        *("border: 0.5pt solid #123456", "border-radius: 2mm", "box-sizing: border-box", "box-sizing: padding-box"),
        *("float: left", "float: right", "position: absolute; top: 3mm", "position: relative; left: 5%", "clear: both"),
        *("display: inline-block", "display: flex", "display: grid; grid-template-columns: 1fr 2fr", "display: table"),
        *("display: table-cell", "display: none", "display: contents", "break-inside: avoid", "columns: 2"),
        *("font-size: 150%", "font-size: smaller", "font: italic 600 9pt/1.2 'Source Sans 3'", "font-weight: bolder"),
        *("font-variant-caps: small-caps", "font-variant-numeric: tabular-nums", "font-variant-position: super"),
        *("font-feature-settings: 'smcp' 1", "font-kerning: none", "font-variant-ligatures: none", "hyphens: auto"),
        *("letter-spacing: 0.1em", "word-spacing: 2pt", "text-indent: 5%", "text-align: justify", "line-height: 2"),
        *("text-decoration: underline", "text-transform: uppercase", "white-space: pre-wrap", "white-space: nowrap"),
        *("direction: rtl", "overflow-wrap: anywhere", "vertical-align: 20%", "opacity: 0.9", "color: currentcolor"),
        *("--space: 2mm; margin: var(--space)", "all: initial", "all: unset", "color: inherit; width: inherit"),
        *("margin: initial; display: inherit", "border-collapse: collapse", "border-spacing: 2mm 1mm", "page: other"),
        *("transform: rotate(4deg)", "outline: 1pt solid", "quotes: '«' '»'", "list-style: square inside"),
    ]
)
WORDS = st.sampled_from(
    ["Ein Wort", "figures of 8,000,000", "fi ff ffl", "Привет", "unbreakable" * 3, "a\u00a0b c", "שלום", ""]
)
ELEMENTS = st.sampled_from(
    ["p", "div", "span", "b", "ul", "li", "h2", "table", "td", "q", "small", "section", "a", "del"]
)


def same(plain: Plain, press: Typesetter, html: str, assets: Any = {}) -> bool:  # noqa: B006 (is not changed)
    """Whether a page is the same on both ways."""
    found = press.write(press.lay(html, assets)).data
    with plain():
        return press.write(press.lay(html, assets)).data == found


def test_each_is_in_use_and_can_be_turned_off(plain: Plain) -> None:
    def ways() -> tuple[Any, ...]:
        ways = (block.columns_layout, ComputedStyle.__missing__, line_break.Layout.setup, TAGS["path"])
        more = block.resolve_percentages, boxes.Box.is_in_normal_flow, pydyf._to_bytes
        return *ways, *more, weasyprint.CSS.__init__

    used = ways()
    assert {one.__module__.rpartition(".")[0] for one in used} == {"briefing.layout.speedups"}
    with plain():
        assert {one.__module__.partition(".")[0] for one in ways()} == {"weasyprint", "pydyf"}
    assert ways() == used


RULES = st.sampled_from(
    [
        *("p { color: red }", "p, h1 > b:not(.x) { margin: 1mm 2mm; margin-top: 3mm !important }", "\n", "/* } { */"),
        *(
            "q::before { content: '}' }",
            '@page { size: 90mm; @top-left { content: "a } \\" b" } }',
            "p { colour: red }",
        ),
        *("@page :first { margin: 1mm }", "p { width: ( }", "}", "p { content: 'x }", "a { b { color: red } }", "["),
        *("@media print { i { color: blue } }", "p::nothing { color: red }", "p\\{ { color: red }", "<!--", "/*"),
        *("@font-face { font-family: x }", "@layer one { p { margin: 0 } }", "p { width: 1mm; heigth: 2mm }", ";"),
    ]
)


def rules_of(found: Any) -> Any:
    """What a matcher holds, but for the functions that try a selector."""
    if isinstance(found, dict):
        return {name: rules_of(entries) for name, entries in found.items()}
    return [entry[1:] for entry in found] if isinstance(found, list) else found


@given(st.lists(RULES, max_size=5).map(" ".join))
def test_any_style_says_the_same_the_first_time_and_again(plain: Plain, style: str) -> None:
    def said() -> str:
        told, pages, logger = list[str](), list[Any](), logging.getLogger("weasyprint")
        within: dict[str, Any] = {"url_fetcher": None, "font_config": None, "counter_style": {}, "color_profiles": {}}
        ear = logging.Handler()
        ear.emit = lambda record: told.append(record.getMessage())  # type: ignore[method-assign]
        logger.addHandler(ear)
        try:
            sheet = weasyprint.CSS(
                string=style, base_url="about:", media_type="print", page_rules=pages, layers=[], **within
            )
        finally:
            logger.removeHandler(ear)
        return str((rules_of(vars(sheet.matcher)), [one[1:] for one in pages], sheet.layers, told))

    with plain():
        own = said()
    assert [said(), said()] == [own] * 2


def test_another_version_is_left_alone(plain: Plain, monkeypatch: pytest.MonkeyPatch) -> None:
    with plain():
        before = TAGS["path"]
        monkeypatch.setattr(install, "MADE_FOR", "69.9")
        install.install(plain=False)
        assert TAGS["path"] is before
        monkeypatch.undo()


def element(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """An element with a style, around others."""
    return st.builds(
        lambda tag, styles, lang, parts: f'<{tag} style="{";".join(styles)}"{lang}>{"".join(parts)}</{tag}>',
        ELEMENTS,
        st.lists(DECLARATIONS, max_size=4),
        st.sampled_from(["", "", ' lang="de"', ' lang="ru"']),
        st.lists(inside, max_size=4),
    )


INDENTED = (
    '<div style="text-indent: calc(50% - 9mm)"><p style="width: 60mm">Wide</p><p style="width: 30mm">Less</p></div>'
)
BOXED = (
    '<p style="box-sizing: border-box; width: 40mm; padding: 4mm; border: 1pt solid">Words that take several lines</p>'
)
COLLAPSED = (
    '<table style="border-collapse: collapse"><td style="border: 3pt solid; padding: 2mm">a</td><td>b</td></table>'
)
TURNED = '<p>One שלום, two.</p><p style="direction: rtl">One שלום, two.</p>'


@pytest.mark.slow
@examples(30, suppress_health_check=list(HealthCheck))
@example([INDENTED, BOXED])
@example([COLLAPSED, TURNED])
@given(st.lists(st.recursive(WORDS, element, max_leaves=12), min_size=1, max_size=4))
def test_any_page_is_the_same(plain: Plain, parts: list[str]) -> None:
    page = f'<style>@page {{ size: 90mm 60mm }} html {{ font: 9pt "Source Serif 4" }}</style>{"".join(parts)}'
    press = typesetter(TEMPLATES / "fonts")
    try:
        with plain():
            press.write(press.lay(page, {}))
    except Exception:  # WeasyPrint has its faults
        return
    assert same(plain, press, page)


NUMBERS = st.one_of(st.integers(-30, 30), st.floats(-30, 30).map(lambda x: round(x, 3)), st.sampled_from([".5", "+1"]))
STEPS = st.one_of(
    st.builds("{}{},{}".format, st.sampled_from("MLLLLmlT"), NUMBERS, NUMBERS),
    st.builds("{}{} {}".format, st.sampled_from("MLl"), NUMBERS, NUMBERS),
    st.sampled_from(["Z", "Z", "z", "H3", "v-2.5", "C1,2,3,4,5,6", "M1,1L2,2,3,3", "A1 1 0 0 0 2 3", ""]),
)
PATHS = st.lists(STEPS, max_size=9).map(lambda steps: "M1.5,2" + "".join(steps))
LOOKS = st.sampled_from(["", ' fill="none" stroke="red"', ' marker-mid="url(#dot)"', ' style="marker-end: url(#dot)"'])


@pytest.mark.slow
@examples(25, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(PATHS, LOOKS), min_size=1, max_size=4))
def test_any_path_is_the_same(plain: Plain, paths: list[tuple[str, str]]) -> None:
    drawn = "".join(f'<path d="{path}"{look}/>' for path, look in paths)
    dot = '<marker id="dot"><circle r="2"/></marker>'
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-30 -30 60 60">{dot}{drawn}</svg>'
    page = '<style>@page { size: 60mm 60mm }</style><img src="asset:a.svg" style="width: 30mm; height: 30mm">'
    assert same(plain, typesetter(TEMPLATES / "fonts"), page, {"a.svg": picture.encode()})
