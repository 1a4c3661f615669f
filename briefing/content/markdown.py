"""The text of the content: CommonMark without raw HTML, with `{{figure|variant}}`, `[@source]` and `[mots]{lang=fr}`.

Figures and citations are read by the Markdown reader as inline tokens; nothing in a text is ever run as a template.
What a figure or a citation looks like is decided by a `Resolver`, so the same reading serves checking and printing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Protocol

from markdown_it import MarkdownIt
from markdown_it.token import Token

from briefing.content.inline import mark_places, rules, slips
from briefing.content.inline.rules import VARIANTS, FigureRef
from briefing.content.scalars import Kind

__all__ = ["VARIANTS", "FigureRef"]  # of the rules, for whoever reads texts


@dataclass(frozen=True)
class Citation:
    """`[@a; @b]`: sources named by the text itself."""

    ids: tuple[str, ...]


@dataclass(frozen=True)
class NoteMark:
    """`[^a]`: the mark of a note below the table in which it stands."""

    mark: str


@dataclass(frozen=True)
class LanguageTag:
    """The tag of `[mots]{lang=fr}`, before the words that are in another language."""

    tag: str


@dataclass(frozen=True)
class Words:
    """A run of the text's own words."""

    text: str


@dataclass(frozen=True)
class Reference(Words):
    """`[#id]`: the number of a block of the same document; its words are those for who does not know the number."""

    id: str


@dataclass(frozen=True)
class StrayMarkup:
    """Something that looks like an instruction and would be printed as it stands."""

    code: str
    text: str


Part = FigureRef | Citation | NoteMark | LanguageTag | Words | StrayMarkup


REFERENCE = "Figure"


class Resolver(Protocol):
    """What a text needs from its document."""

    def figure(self, ref: FigureRef) -> tuple[str, tuple[str, ...], bool]:
        """The words of a figure, the sources that its marks name, and whether it is disputed."""

    def marks(self, ids: tuple[str, ...], disputed: bool) -> str:
        """The source marks as HTML."""

    def note(self, mark: str) -> str:
        """The mark of a note, as HTML."""

    def reference(self, name: str) -> str:
        """The number of a block, as HTML."""

    def words(self, text: str) -> str:
        """A run of words with its spaces made non-breaking where they must be."""

    def address(self, link: str) -> str:
        """What is printed behind a link for those who cannot follow it, if anything."""


# ------------------------------------------------------------------ reading


def safe_link(url: str) -> bool:
    """Whether a link may stand in a text: only web and mail addresses."""
    return bool(re.match(r"(https?://|mailto:)", url, re.IGNORECASE))


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False})
    reader.disable(["image", "html_block", "html_inline", "reference"])
    rules.add_to(reader)
    reader.validateLink = safe_link  # type: ignore[method-assign]
    return reader


@lru_cache(maxsize=4096)
def _tokens(kind: Kind, text: str) -> tuple[Token, ...]:
    if kind is Kind.PLAIN:
        return (Token("inline", "", 0, children=[Token("text", "", 0, content=text)]),)
    reader = _reader()
    return tuple(reader.parseInline(text) if kind is Kind.TEXT else reader.parse(text))


def parts(kind: Kind, text: str) -> Iterator[Part]:
    """What a text is made of, in order; slips stand before the words that hold them."""
    for _, inside in paragraphs(kind, text):
        yield from inside


def first_figure(text: str) -> str | None:
    """The name of the first figure in a line of text."""
    return next((part.id for part in parts(Kind.TEXT, text) if isinstance(part, FigureRef)), None)


@lru_cache(maxsize=4096)
def paragraphs(kind: Kind, text: str) -> tuple[tuple[str, tuple[Part, ...]], ...]:
    """The same by paragraph, each with the tag that holds it: p, li, h1 to h6, pre, or none in a line of text."""
    return tuple(_paragraphs(kind, text))


def _paragraphs(kind: Kind, text: str) -> Iterator[tuple[str, tuple[Part, ...]]]:
    within = [""]
    pending: list[Part] = []  # slips that stand before a paragraph
    for token in _tokens(kind, text):
        if token.nesting > 0 and token.tag not in ("ul", "ol", "blockquote"):
            within.append("li" if "li" in within else token.tag)
        elif token.nesting < 0 and token.tag not in ("ul", "ol", "blockquote"):
            within.pop()
        if token.type == "ordered_list_open" and token.attrGet("start") not in (None, 1):
            pending.append(StrayMarkup("text-list", f"{token.attrGet('start')}{token.markup}"))
        if token.type == "bullet_list_open" and token.markup == "+":
            pending.append(StrayMarkup("text-list", "+"))
        if token.type == "heading_open" and token.markup in ("=", "-"):
            pending.append(StrayMarkup("text-markup:underline", token.markup * 3))
        if token.type in ("fence", "code_block"):
            pending.append(StrayMarkup("text-code", token.content.strip()[:40]))
        if token.children:
            if kind is not Kind.PLAIN:
                pending += (StrayMarkup(*slip) for slip in slips.of_lines(token.content, kind is Kind.TEXT))
            yield within[-1], (*pending, *_inside(kind, token.children))
            pending = []
    if pending:
        yield "pre", tuple(pending)


def _inside(kind: Kind, children: list[Token]) -> Iterator[Part]:
    for child, before in zip(children, (None, *children), strict=False):
        if child.type == "link_open" and before and before.content.endswith("!"):
            yield StrayMarkup("text-image", "![")
        if child.type == "figure":
            yield child.meta["ref"]
        elif child.type == "citation":
            yield Citation(child.meta["ids"])
        elif child.type == "note":
            yield NoteMark(child.meta["mark"])
        elif child.type == "reference":
            yield Reference(REFERENCE, child.meta["id"])
        elif child.type == "language_open":
            yield LanguageTag(str(child.attrGet("lang")))
        elif child.type in ("text", "code_inline"):
            if kind is not Kind.PLAIN:
                yield from (StrayMarkup(*slip) for slip in slips.in_words(child.content))
            yield Words(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            yield Words(" ")


# ------------------------------------------------------------------ printing


def render(kind: Kind, text: str, resolver: Resolver) -> str:
    """The HTML of a text: blocks for prose, a line for the others."""
    if kind is Kind.PLAIN:
        return html.escape(resolver.words(text), quote=False)
    reader = _reader()
    tokens = [
        replace(token, children=_printed(token.children, resolver) if token.children else token.children)
        for token in _tokens(kind, text)
    ]
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h3"  # a block's own heading is h2; deeper levels would be a fourth
    return str(reader.renderer.render(tokens, reader.options, {})).strip()


def lines(kind: Kind, text: str, resolver: Resolver) -> tuple[str, ...]:
    """The words of a text as they are printed, one string for each paragraph, item and heading."""
    return tuple(words for _, words in items(kind, text, resolver))


def items(kind: Kind, text: str, resolver: Resolver) -> tuple[tuple[str, str], ...]:
    """The same, each with the bullet or the number that stands before it in a list."""
    if kind is Kind.PLAIN:
        return (("", resolver.words(text)),)
    found = []
    mark, counts = "", list[int]()
    for token in _tokens(kind, text):
        if token.type in ("ordered_list_open", "bullet_list_open"):
            counts.append(0)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            counts.pop()
        elif token.type == "list_item_open":
            counts[-1] += 1
            mark += f"{counts[-1]}." if token.info else "•"
        if token.children and (said := "".join(map(_bare, _printed(token.children, resolver))).strip()):
            found.append((mark, said))
            mark = ""
    return tuple(found)


def _bare(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return html.unescape(re.sub(r"<[^>]+>", "", token.content)) if token.type == "html_inline" else token.content


def _printed(children: list[Token], resolver: Resolver) -> list[Token]:
    """Replace figures and citations by words and marks, the marks behind the punctuation that follows them."""

    def sources_of(ref: FigureRef) -> tuple[str, ...]:
        return resolver.figure(ref)[1]

    children = mark_places.with_moved_marks(children, sources_of)
    out: list[Token] = []
    opened = ""  # where the link leads that is being said
    pending: list[tuple[tuple[str, ...], bool]] = []  # marks that wait for punctuation or for a repetition
    for index, token in enumerate(children):
        if token.type == "figure":
            words, ids, disputed = resolver.figure(token.meta["ref"])
            _flush(out, pending, resolver)
            _say(out, words)
            if token.meta.get("moved"):
                pending += [((), True)] * disputed  # a dagger stays
            elif disputed or ids:
                repeated = mark_places.repeated(children, index, ids, sources_of)
                pending += [(() if repeated else ids, disputed)] * (disputed or not repeated)
        elif token.type == mark_places.MARKS:
            pending.append((token.meta["ids"], False))
        elif token.type == "citation":
            if out and out[-1].type == "text":
                out[-1].content = out[-1].content.rstrip()
            elif out and out[-1].type == "softbreak":
                out.pop()
            pending.append((token.meta["ids"], False))
        elif token.type == "note":
            _flush(out, pending, resolver)
            out.append(Token("html_inline", "", 0, content=resolver.note(token.meta["mark"])))
        elif token.type == "reference":
            _flush(out, pending, resolver)
            out.append(Token("html_inline", "", 0, content=resolver.reference(token.meta["id"])))
        elif token.type == "text":
            content = resolver.words(token.content)
            if pending and not content.strip() and index + 1 < len(children) and children[index + 1].type == "citation":
                continue
            head = _PUNCTUATION.match(content)[0] if pending else ""  # type: ignore[index]
            _say(out, head)
            _flush(out, pending, resolver)
            _say(out, content[len(head) :])
        else:
            if token.type in ("softbreak", "hardbreak"):
                _flush(out, pending, resolver)
            out.append(token)
            if token.type == "link_close" and (address := resolver.address(opened)) and address not in _said_last(out):
                _say(out, f" ({resolver.words(address)})")
            if token.type == "link_open":
                opened = str(token.attrGet("href") or "")
    _flush(out, pending, resolver)
    return _spaced(out)


def _said_last(out: list[Token]) -> str:
    """The words of the link that ends last."""
    start = max(number for number, token in enumerate(out) if token.type == "link_open")
    return "".join(_bare(token) for token in out[start:]).replace("\u200b", "")


def _spaced(tokens: list[Token]) -> list[Token]:
    """Move a space before emphasis or a link inside it: Pango 1.50 breaks a line too early at text that ends in one."""
    out: list[Token] = []
    for token in tokens:
        led = token.nesting == 1 and bool(out) and out[-1].type == "text" and out[-1].content.endswith(" ")
        if led:
            out[-1].content = out[-1].content[:-1]
        out.append(token)
        if led:
            out.append(Token("text", "", 0, content=" "))
    return out


_PUNCTUATION = re.compile(r"[.,;:!?…”’)]*")


def _say(out: list[Token], content: str) -> None:
    """Add words to the run of words that stands last."""
    if content and out and out[-1].type == "text":
        out[-1].content += content
    elif content:
        out.append(Token("text", "", 0, content=content))


def _flush(out: list[Token], pending: list[tuple[tuple[str, ...], bool]], resolver: Resolver) -> None:
    """Set the waiting marks, tied to the punctuation before them so that none begins a line."""
    if not pending:
        return
    ids = tuple(dict.fromkeys(name for names, _ in pending for name in names))
    marks = resolver.marks(ids, any(disputed for _, disputed in pending))
    pending.clear()
    if out and out[-1].type == "text" and (ending := _ENDING.search(out[-1].content)):
        # Only the punctuation: WeasyPrint breaks the line before a tied word too early.
        out[-1].content = out[-1].content[: ending.start()]
        marks = f'<span class="tie">{html.escape(ending[0], quote=False)}{marks}</span>'
    out.append(Token("html_inline", "", 0, content=marks))


_ENDING = re.compile(r"[.,;:!?…”’)]+$")
