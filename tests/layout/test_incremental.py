"""A document that follows its source is, after any edits, the one that is laid anew: pixels, text, places and facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from random import Random

import pypdfium2
import pytest
from PIL import Image

from briefing.documents.setting import Placed
from briefing.layout.incremental.warm_typesetter import WarmTypesetter
from briefing.layout.typesetter import Layout, Typesetter, typesetter
from briefing.pipeline.laying import fit
from tests.support.builds import FLAGSHIP, OTHER, PAPER_NAMES, ROOT, TEMPLATES, Plain, briefing_of, orders
from tests.support.examples import times, usually

EXAMPLES = sorted((ROOT / "examples").glob("*/content.yaml"))
NIGHT = [(content, paper) for content in (FLAGSHIP, OTHER, *EXAMPLES) for paper in PAPER_NAMES]
DAY = [(OTHER, "a4")]


def words(source: str) -> Iterator[re.Match[str]]:
    """The words that are printed, and numbers."""
    body = source.index("<body")
    for part in re.finditer(r">([^<>]+)<", source[body:]):
        for found in re.finditer(r"\b[\w,.]{2,}\b", part[1]):
            at = body + part.start(1) + found.start()
            if match := re.compile(r"\b[\w,.]{2,}\b").match(source, at):
                yield match


def on_word(change: Callable[[str, Random], str]) -> Callable[[str, Random], str]:
    def edit(source: str, random: Random) -> str:
        found = random.choice(list(words(source)))
        return source[: found.start()] + change(found[0], random) + source[found.end() :]

    return edit


def on_part(pattern: str, change: Callable[[str], str]) -> Callable[[str, Random], str]:
    def edit(source: str, random: Random) -> str:
        body = source.index("<body")
        found = list(re.finditer(pattern, source[body:], re.DOTALL))
        if not found:
            return source
        one = random.choice(found)
        return source[: body + one.start()] + change(one[0]) + source[body + one.end() :]

    return edit


def swap_blocks(source: str, random: Random) -> str:
    parts = re.split(r'(?=<section class="block)', source)
    if len(parts) < 4:
        return source
    at = random.randrange(1, len(parts) - 2)
    parts[at], parts[at + 1] = parts[at + 1], parts[at]
    return "".join(parts)


EDITS = {
    "swap": on_word(lambda word, random: "".join(random.sample(word, len(word)))),
    "longer": on_word(lambda word, _: f"{word}ations"),
    "thirty words": on_word(lambda word, _: f"{word} and quite another word" * 6),
    "deleted": on_word(lambda _, __: ""),
    "figure": on_word(lambda word, random: f"{random.randrange(10**6):,}" if word[0].isdigit() else word),
    "stressed": on_word(lambda word, _: f"<em>{word}</em>"),
    "stressed no more": on_part(r"<(?:em|strong)>[^<>]*</(?:em|strong)>", lambda part: re.sub("<.*?>", "", part)),
    "another row": on_part(r"<tr>(?:(?!<tr|id=).)*?</tr>", lambda row: row * 2),
    "row gone": on_part(r"<tr>(?:(?!<tr|id=).)*?</tr>", lambda _: ""),
    "another item": on_part(r"<li>(?:(?!<li|id=).)*?</li>", lambda item: item * 2),
    "paragraph gone": on_part(r"<p>(?:(?!<p).)*?</p>", lambda _: ""),
    "block moved": swap_blocks,
}


def seen(press: Typesetter, layout: Layout) -> list[tuple[str, bytes]]:
    """Text and pixels of all pages."""
    with pypdfium2.PdfDocument(press.write(layout).data) as document:
        return [(page.get_textpage().get_text_range(), bytes(page.render(scale=150 / 72).buffer)) for page in document]


def same(press: Typesetter, warm: Layout, fresh: Layout) -> bool:
    if press.write(warm).data == press.write(fresh).data:
        return True
    return seen(press, warm) == seen(press, fresh)  # a place may be written as 0. for 0


def told(press: Typesetter, layout: Layout) -> tuple[object, ...]:
    """What is found on the pages of a layout, but for rounding."""
    sheets = [
        (
            round(sheet.fill, 6),
            round(sheet.area_px, 6),
            {name: tuple(round(px, 6) for px in place) for name, place in sheet.blocks.items()},
            sheet.mark and tuple(round(px, 6) for px in sheet.mark),
        )
        for sheet in layout.sheets
    ]
    out = {name: (round(one.by_px, 6), one.said) for name, one in press.sticking_out(layout).items()}
    rest = round(layout.line_px, 6), round(layout.words_a_line, 6), layout.lacking, layout.findings
    return sheets, out, rest, press.looks(layout, {})


class Edited:
    """A document, and two typesetters that lay it after each edit."""

    def __init__(self, content: Path, paper: str, name: str, drawings: Path) -> None:
        briefing = briefing_of(content.read_text(encoding="utf-8"))
        order = next(one for one in orders(briefing, content.parent, paper, drawings) if one.document == name)
        self.fresh = typesetter(TEMPLATES / "fonts")
        self.warm = WarmTypesetter(TEMPLATES / "fonts")
        laid = fit(order, self.fresh)[0].laid
        self.source, self.places = laid.html, laid.placed
        self.assets: Mapping[str, bytes] = {**laid.made.assets, **order.tokens.marks}
        self.warm.lay(self.source, self.assets)

    def follow(self, source: str, said: str, held: bool) -> bool:
        """Lay what an edit has changed, and hold it against all laid anew; whether pages were kept."""
        before = list(self.warm._sessions.values())
        warm = self.warm.lay(source, self.assets)
        pages = warm.document.pages
        kept = any(
            one in before and one.document.pages == pages and one.made < max(2, len(pages))
            for one in self.warm._sessions.values()
        )
        places = self.places_on(warm)
        if held:
            fresh = self.fresh.lay(source, self.assets)
            assert told(self.warm, warm) == told(self.fresh, fresh), said
        if places:
            warm = self.warm.placed(warm, places, source)
        if held:
            fresh = self.fresh.placed(fresh, places, source) if places else fresh
            assert told(self.warm, warm) == told(self.fresh, fresh), said
            assert same(self.fresh, warm, fresh), said
        return kept

    def places_on(self, layout: Layout) -> tuple[Placed, ...]:
        """Where the margin's blocks may stand, now that the text is another."""
        found = []
        for place in self.places:
            pages = [number for number, sheet in enumerate(layout.sheets) if place.before in sheet.blocks]
            if not pages:
                return ()
            found.append(Placed(place.id, pages[0], place.before, place.top))
        return tuple(found)


@pytest.mark.slow
@pytest.mark.parametrize("name", usually(["brief"], ["fact_sheet"]))
@pytest.mark.parametrize(
    ("content", "paper"), usually(DAY, NIGHT), ids=lambda one: getattr(one, "parent", Path(str(one))).name
)
def test_after_any_edits_the_pages_are_those_of_a_fresh_layout(
    content: Path, paper: str, name: str, drawings: Path
) -> None:
    edited, random = Edited(content, paper, name, drawings), Random(7)
    source, kinds, every = edited.source, list(EDITS), times(6, 1)
    followed = dict.fromkeys(kinds, 0)
    for number in range(times(1, 10) * len(kinds)):
        kind = kinds[number % len(kinds)]
        changed = EDITS[kind](source, random)
        source = changed if len(changed) < len(edited.source) + 3000 else edited.source
        followed[kind] += edited.follow(source, f"{number} {kind}", number % every == every - 1)
    least = times(1, 8 if name == "brief" else 3)  # much of a fact sheet stands side by side
    assert min(followed["swap"], followed["figure"]) >= least, followed


@pytest.fixture(scope="module")
def small() -> tuple[WarmTypesetter, Typesetter]:
    return WarmTypesetter(TEMPLATES / "fonts"), typesetter(TEMPLATES / "fonts")


PAGE = """<html lang="en"><head><title>T</title><style>@page {{ size: 90mm 60mm; {page} }}
html {{ font: 9pt "Source Serif 4" }} {style}</style></head><body>{body}</body></html>"""


def pages_made(warm: WarmTypesetter) -> int | None:
    """How many pages the last layout has made; nothing where it is not kept."""
    return next(reversed(warm._sessions.values())).made if warm._sessions else None


def follows(small: tuple[WarmTypesetter, Typesetter], style: str, page: str, *bodies: str) -> list[int | None]:
    """Lay one source after the other; how many pages were made of each, where all are as if laid anew."""
    warm, fresh = small
    warm._sessions.clear()
    made = []
    for body in bodies:
        source = PAGE.format(style=style, page=page, body=body)
        laid = warm.lay(source, {})
        made.append(pages_made(warm))
        anew = fresh.lay(source, {})
        assert same(fresh, laid, anew), body
        assert told(warm, laid) == told(fresh, anew), body
    return made


LONG = "".join(f"<p>Paragraph {number} {'of some words ' * 5}</p>" for number in range(6))


def test_only_the_page_of_a_word_is_made(small: tuple[WarmTypesetter, Typesetter]) -> None:
    first, last = LONG.replace("Paragraph 0", "Paragraph x"), LONG.replace("Paragraph 5", "Paragraph x")
    count = follows(small, "p { break-inside: avoid }", "margin: 6mm", LONG, LONG, first, LONG, last)
    assert count[0] is not None
    assert count[0] > 1
    assert count[1:] == [0, 1, 1, 1]


@pytest.mark.parametrize(
    ("style", "page", "before", "after"),
    [
        # What is counted goes on after what has changed.
        (
            "ol { counter-reset: a } li { counter-increment: a } li::before { content: counter(a) }",
            "",
            "<li>a</li>",
            "<li>a</li><li>b</li>",
        ),
        # The running head says what stands on the page, and the foot how many pages there are.
        (
            "h2 { string-set: head content(); break-before: page }",
            "@top-left { content: string(head) }",
            "<h2>One</h2>",
            "<h2>Two</h2>",
        ),
        ("", "@bottom-right { content: counter(page) ' of ' counter(pages) }", "<p>a</p>", "<p>a</p>" * 30),
        # What stands beside a float, in a width that follows from its words, in columns, in a table, in a grid.
        (
            "b { float: right; width: 20mm; height: 9mm }",
            "",
            "<p><b>x</b>One</p><p>Two</p>",
            "<p><b>x</b>One</p><p>Two " + "more " * 40 + "</p>",
        ),
        ("b { float: left }", "", "<div><b>x</b>One</div>", "<div><b>x and y</b>One</div>"),
        ("div { display: inline-block }", "", "<div><p>x</p></div> One", "<div><p>x and y</p></div> One"),
        (
            "ol { columns: 2; list-style: none } li { break-inside: avoid }",
            "",
            "<ol>" + "<li>a b c</li>" * 9 + "</ol>",
            "<ol>" + "<li>a b c</li>" * 8 + "<li>" + "d " * 90 + "</li></ol>",
        ),
        ("", "", "<table><tr><td>a</td><td>b</td></tr></table>", "<table><tr><td>a and c</td><td>b</td></tr></table>"),
        (
            "div { display: grid; grid-template-columns: 1fr auto }",
            "",
            "<div><p>a</p><p>b</p></div>",
            "<div><p>a</p><p>b and c</p></div>",
        ),
        # Margins that meet through what holds a block, and a block that is relative to another.
        (
            "h2 { margin: 9mm 0 } p { margin: 4mm 0 }",
            "",
            "<section><div><h2>a</h2><p>b</p></div></section>",
            "<section><div><h2>a</h2><p>b c</p></div></section>",
        ),
        (
            "p { position: relative; top: 3mm } p i { position: absolute; left: -3mm }",
            "",
            "<p><i>1</i>a</p><p><i>2</i>b</p>",
            "<p><i>1</i>a" + " c" * 99 + "</p><p><i>2</i>b</p>",
        ),
        # Elements that are new have styles by what they stand beside.
        (
            "p + p { margin-top: 5mm } p:last-child { color: red } li:nth-child(2) { color: blue }",
            "",
            "<div><p>a</p></div>",
            "<div><p>a</p><p>b</p><ul><li>1</li><li>2</li></ul></div>",
        ),
        (
            "em::before { content: '<' } p { --gap: 2mm } em { padding: var(--gap) }",
            "",
            "<p>a b c</p>",
            "<p>a <em style='color: red'>b</em> c</p>",
        ),
        # What cannot follow is laid anew.
        ("div:has(em) { color: red }", "", "<div><p>a</p></div>", "<div><p><em>a</em></p></div>"),
        (
            "a::after { content: target-counter(attr(href), page) }",
            "",
            "<a href='#x'>a</a><p id=\"x\">b</p>",
            "<a href='#x'>a</a><p>" + "c " * 400 + '</p><p id="x">b</p>',
        ),
        ("i { float: footnote }", "", "<p>a<i>b</i></p>", "<p>a c<i>b d</i></p>"),
    ],
)
def test_what_depends_on_what_is_elsewhere_is_as_in_a_fresh_layout(
    small: tuple[WarmTypesetter, Typesetter], style: str, page: str, before: str, after: str
) -> None:
    follows(small, style, f"margin: 6mm; {page}", before, after, before + LONG, after + LONG, before + LONG)


def test_what_is_said_of_a_layout_is_said_each_time(small: tuple[WarmTypesetter, Typesetter]) -> None:
    warm, _ = small
    twice = PAGE.format(style="", page="", body='<p id="a">a</p><p id="a">b</p>')
    heard = [warm.lay(source, {}).findings for source in (twice, twice.replace("b</p>", "c</p>"))]
    assert heard[0]
    assert heard[1] == heard[0]
    refused = [
        warm.refused(warm.lay(PAGE.format(style="", page="", body=f"<p>{word}<img src='x.png'/></p>"), {}))
        for word in "ab"
    ]
    assert refused[0]
    assert refused[1] == refused[0]


def drawing(size: int, colour: str) -> bytes:
    shape = f'<rect width="9" height="9" fill="{colour}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="20">{shape}</svg>'.encode()


def photo(size: int, colour: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (size, 20), colour).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(("name", "picture"), [("a.svg", drawing), ("a.png", photo)])
def test_a_picture_that_is_another_now_is_shown(
    small: tuple[WarmTypesetter, Typesetter], name: str, picture: Callable[[int, str], bytes]
) -> None:
    warm, fresh = small
    warm._sessions.clear()
    with_it, without = (
        PAGE.format(style="", page="", body=f"<p>a</p><div>{body}</div><p>b</p>")
        for body in (f'<img src="asset:{name}" />', "<p>text</p>")
    )
    made = []
    for kind in ((20, "red"), (20, "blue"), (40, "blue"), (40, "red"), None, (40, "blue"), None, (20, "red")):
        source, assets = (with_it, {name: picture(*kind)}) if kind else (without, {})
        laid, anew = warm.lay(source, assets), fresh.lay(source, assets)
        assert same(fresh, laid, anew), kind
        assert warm.looks(laid, assets) == fresh.looks(anew, assets)
        made.append(pages_made(warm))
    assert (made[1] == 0) is (picture is drawing)  # a drawing of the same size is exchanged
    gone = warm.lay(with_it, {})
    assert warm.refused(gone) == (f"asset:{name}",)
    assert gone.findings


def test_a_block_that_has_lost_its_place_in_the_margin_stands_where_it_was_laid(
    small: tuple[WarmTypesetter, Typesetter],
) -> None:
    warm, fresh = small
    begins = '<section data-block="a"><div data-block="s">S</div><p>a</p></section>'
    body = f'{begins}{LONG}<section data-block="b">b</section>'
    source = PAGE.format(
        style="section { position: relative } div { position: absolute; right: 0 }", page="", body=body
    )
    laid = warm.lay(source, {})
    for places in [Placed("s", len(laid.sheets) - 1, "b", 20.0)], [], [Placed("s", 0, "a", 30.0)]:
        placed, anew = warm.placed(laid, places, source), fresh.placed(fresh.lay(source, {}), places, source)
        assert same(fresh, placed, anew), places


def test_words_of_the_front_matter_stop_nothing_from_being_kept() -> None:
    warm = WarmTypesetter(TEMPLATES / "fonts")
    source = PAGE.format(style="", page="", body=LONG)
    warm.lay(source.replace("<title>T", "<title>A footnote(s) of the :empty element(s)"), {})
    assert len(warm._sessions) == 1


def test_nothing_is_kept_where_the_shorter_ways_are_off(plain: Plain) -> None:
    with plain():
        warm = WarmTypesetter(TEMPLATES / "fonts")
        warm.lay(PAGE.format(style="", page="", body=LONG), {})
    assert not warm._sessions
