"""A composed page with parts of it taken away or hidden, and what its readers then miss.

Elements of the page source are tied to what the records ask for by their words, on the unbroken page.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from briefing.proofing.asked_strings import ExpectedString
from briefing.proofing.expected import ExpectedDocument
from briefing.proofing.page_facts import TextRun, VisibleInk
from briefing.proofing.word_stream import WordStream, sought

VOID = {"area", "br", "hr", "img", "input", "link", "meta"}
WHITE = "[data-hide=white], [data-hide=white] * { color: #fff !important }"
# How an element is taken away or hidden. Cells and pictures are put into a box that is hidden in their place.
WAYS = {
    "display": "[data-hide=display] { display: none !important }",
    "white": WHITE,
    "transparent": WHITE.replace("white", "transparent").replace("#fff", "transparent"),
    "covered": "[data-hide=covered] { position: relative } [data-hide=covered]::after { content: ''; display: block; "
    "position: absolute; left: -1px; top: -1px; right: -1px; bottom: -1px; background: #fff; z-index: 9 }",
    "off": "[data-hide=off] { position: relative; left: -400mm }",
    "cut": "[data-hide=cut] { overflow: hidden; width: 2.2mm !important; white-space: nowrap; max-width: 2.2mm; "
    "padding-left: 0 !important }",
    "low": "[data-hide=low] { height: 4px !important; overflow: hidden; padding-top: 0 !important }",
}
INLINE = "span[data-hide] { display: inline-block }"


# Margin blocks stand where the whole text has room for them. With a part of it gone they would cover each other.
LOOSE = ".brief .side { position: static !important; width: auto !important; margin: 4mm 0 !important }"
SHRINKING = {"display", "cut", "low"}


@dataclass
class Element:
    """An element of the page source, with the texts and pictures in it."""

    tag: str
    classes: tuple[str, ...]
    attributes: Mapping[str, str]
    at: int  # where it begins in the source
    opened: int  # where its start tag ends
    closed: int = 0  # where its end tag begins
    texts: list[int] = field(default_factory=list)
    alts: list[str] = field(default_factory=list)
    above: tuple[int, ...] = ()


class _Reader(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.lines = [0]
        for line in source.splitlines(keepends=True):
            self.lines.append(self.lines[-1] + len(line))
        self.elements: list[Element] = []
        self.texts: list[str] = []
        self._open: list[int] = []
        self._joined = False
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        at, above = self._here(), tuple(self._open)
        opened = at + len(self.get_starttag_text() or "")
        self.elements.append(Element(tag, tuple(given.get("class", "").split()), given, at, opened, above=above))
        if tag == "img":
            for index in (*above, len(self.elements) - 1):
                self.elements[index].alts.append(given.get("alt", ""))
        if tag not in VOID:
            self._open.append(len(self.elements) - 1)
        self._joined = False

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # <img /> has no end

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            element = self.elements[self._open.pop()]
            element.closed = self._here()
            if element.tag == tag:
                break
        self._joined = False

    def _here(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def handle_data(self, data: str) -> None:
        if not self._open or self.elements[self._open[-1]].tag in ("style", "title"):
            return
        if self._joined:
            self.texts[-1] += data
            return
        self.texts.append(data)
        for index in self._open:
            self.elements[index].texts.append(len(self.texts) - 1)
        self._joined = True

    def handle_entityref(self, name: str) -> None:
        self.handle_data(html.unescape(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self.handle_data(html.unescape(f"&#{name};"))


@dataclass(frozen=True)
class Mutable:
    """A page source, its elements, and what each of them holds of what was asked."""

    source: str
    elements: tuple[Element, ...]
    holds: Mapping[int, frozenset[ExpectedString]]

    def without(self, hidden: Mapping[int, str], loose: bool) -> str:
        """The source with some elements hidden, each in its way; `loose` lets margin blocks run with the text."""
        inserts: list[tuple[int, str]] = []
        for index, way in hidden.items():
            element = self.elements[index]
            if element.tag in ("td", "th"):
                inserts += [(element.opened, f'<div data-hide="{way}">'), (element.closed, "</div>")]
            elif element.tag == "img":
                inserts += [(element.at, f'<div data-hide="{way}">'), (element.opened, "</div>")]
            else:
                inserts.append((element.at + 1 + len(element.tag), f' data-hide="{way}"'))
        out, end = [], 0
        for at, text in sorted(inserts):
            out += [self.source[end:at], text]
            end = at
        page = "".join([*out, self.source[end:]])
        styles = [*WAYS.values(), INLINE, LOOSE if loose else ""]
        return page.replace("</style>", "\n".join(styles) + "</style>", 1)


def mutable(source: str, script: ExpectedDocument) -> Mutable:
    """Tie the elements of a page to what was asked of it."""
    reader = _Reader(source)
    nothing = VisibleInk(0, 0, 0, 0)
    runs = [TextRun(text, 0, (0.0, 0.0, 0.0, 0.0), 0.0, True, nothing) for text in reader.texts if text.strip()]
    numbers = [number for number, text in enumerate(reader.texts) if text.strip()]
    stream = WordStream(runs)
    words = [asked for asked in script.strings if asked.picture is None]
    holders: dict[int, set[ExpectedString]] = {}
    for asked, place in zip(
        words, stream.places([sought(replace(asked, mark=""), {}) for asked in words]), strict=True
    ):
        assert place, asked
        for run in range(stream.run_at(place[0]), stream.run_at(place[1] - 1) + 1):
            holders.setdefault(numbers[run], set()).add(asked)
    pictures = {asked.text: asked for asked in script.strings if asked.picture}
    holds = {
        index: frozenset(
            {asked for text in element.texts for asked in holders.get(text, ())}
            | {pictures[alt] for alt in element.alts if alt in pictures}
        )
        for index, element in enumerate(reader.elements)
    }
    return Mutable(source, tuple(reader.elements), holds)


def parts(page: Mutable) -> list[int]:
    """The innermost elements that each hold whole strings: cells, notes, labels, paragraphs, entries, pictures."""
    wanted = {"p", "li", "td", "th", "h1", "h2", "h3", "figcaption", "img"}
    classes = {
        "div.number",
        "div.what",
        "div.text",
        "div.channel",
        "div.link",
        "div.title",
        "div.subtitle",
        "span.term",
    }
    classes |= {"span.entry", "div.band"}
    found = []
    for index, element in enumerate(page.elements):
        if (element.tag in wanted or classes & {f"{element.tag}.{name}" for name in element.classes}) and page.holds[
            index
        ]:
            found.append(index)
    inner = {above for index in found for above in page.elements[index].above}
    return [index for index in found if index not in inner]


def blocks(page: Mutable) -> list[int]:
    """The elements of whole blocks."""
    return [index for index, element in enumerate(page.elements) if "data-block" in element.attributes]


def apart(page: Mutable, chosen: Iterable[int]) -> list[int]:
    """Those of the elements that do not lie in each other."""
    kept: list[int] = []
    for index in chosen:
        if not set(page.elements[index].above) & set(kept):
            kept.append(index)
    return kept


def missed(page: Mutable, hidden: Sequence[int]) -> frozenset[ExpectedString]:
    """What is asked for and hidden with these elements."""
    return frozenset(asked for index in hidden for asked in page.holds[index])
