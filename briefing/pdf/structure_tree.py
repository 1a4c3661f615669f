"""What a tagged PDF holds for the ear: its structure tree with the words of each element.

Any tagged PDF can be read, also one that is not ours. The tree, links and table heads are read with pikepdf, and the
words of marked content with pdfium, which knows every kind of font. `briefing.proofing.screen_reader` says them as a
screen reader does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree

from briefing.pdf.marked_text import Marked, marked_words
from briefing.pdf.safe_open import open_pdf, words
from briefing.pdf.structure_roles import standard_role

MAX_DEPTH = 200  # of elements within elements
MAX_SPAN = 500


@dataclass(frozen=True)
class TreePart:
    """An element of the structure tree, with words and elements in order of reading."""

    kind: str  # one of the standard kinds, such as P
    kids: tuple[TreePart | str, ...] = ()
    alt: str = ""
    name: str = ""
    scope: str = ""  # of a head in a table: Row, Column or Both
    heads: tuple[str, ...] = ()  # the names of a cell's heads
    columns: int = 1  # over which a cell spans
    rows: int = 1
    numbering: str = ""  # of a list
    leads: str = ""  # where a link leads, in words
    language: str = ""  # where it says one of its own

    def walk(self) -> Iterator[TreePart]:
        """The part and all below it."""
        yield self
        for kid in self.kids:
            if isinstance(kid, TreePart):
                yield from kid.walk()


@dataclass(frozen=True)
class Tagged:
    """A PDF for the ear."""

    title: str
    language: str
    parts: tuple[TreePart, ...]  # empty where the file has no tags


def read(data: bytes) -> Tagged:
    """Read the structure tree of a PDF with its words."""
    with open_pdf(data) as pdf:
        title, language = _title(pdf), str(pdf.Root.get(Name.Lang, ""))
        if Name.StructTreeRoot not in pdf.Root:
            return Tagged(title, language, ())
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        root = pdf.Root.StructTreeRoot
        roles = {name[1:]: words(kind) for name, kind in root.get(Name.RoleMap, Dictionary()).items()}
        book = _Book(pages, marked_words(data), roles, _places(pdf))
        return Tagged(title, language, tuple(kid for kid in _kids(root, None, book, 0) if isinstance(kid, TreePart)))


def _span(given: Any) -> int:
    """Over how many columns or rows a cell goes; a table of a page has no more than these."""
    return min(max(int(given), 1), MAX_SPAN)


def _title(pdf: pikepdf.Pdf) -> str:
    return str(pdf.open_metadata().get("dc:title", "") or pdf.docinfo.get(Name.Title, ""))


# ------------------------------------------------------------------ the tree


@dataclass
class _Book:
    """What is looked up while the tree is read, and the words that were read last."""

    pages: Mapping[tuple[int, int], int]
    words: Mapping[tuple[int, int], Marked]  # by page and number of the mark
    roles: Mapping[str, str]
    places: Mapping[str, int]  # the pages of named places, from 0
    last: Marked | None = None
    met: set[tuple[int, int]] = field(default_factory=set)  # elements, each of which is read once

    def said(self, page: int | None, mark: int) -> str:
        """The words of a mark, with a space before them unless they go on where the last ones have ended."""
        words = self.words.get((-1 if page is None else page, mark))
        if not words:
            return ""
        last, self.last = self.last, words
        torn = last is not None and last.text.endswith("-")  # at the end of a line
        return words.text if last and (torn or words.goes_on(last)) else f" {words.text}"


def _kids(raw: Any, page: int | None, book: _Book, depth: int) -> Iterator[TreePart | str]:
    if depth > MAX_DEPTH or Name.K not in raw:
        return
    kids = raw.K
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, int):
            yield book.said(page, kid)
        elif not isinstance(kid, Dictionary) or (kid.is_indirect and kid.objgen in book.met):
            continue  # a tree of another program may be broken, or go round in a circle
        elif kid.get(Name.Type) == Name.MCR:
            here = book.pages.get(kid.Pg.objgen, -1) if Name.Pg in kid else page
            yield book.said(here, int(kid.MCID))
        elif kid.get(Name.Type) != Name.OBJR:
            if kid.is_indirect:
                book.met.add(kid.objgen)
            yield _part(kid, page, book, depth)


def _part(raw: Any, page: int | None, book: _Book, depth: int) -> TreePart:
    here = book.pages.get(raw.Pg.objgen, page) if Name.Pg in raw else page
    kind = standard_role(str(raw.get(Name.S, "/NonStruct"))[1:], book.roles)
    kids = tuple(kid for kid in _kids(raw, here, book, depth + 1) if kid)
    if Name.ActualText in raw:
        kids = (str(raw.ActualText),)
    said = _attributes(raw)
    return TreePart(
        kind,
        kids,
        str(raw.get(Name.Alt, "")),
        _text(raw.get(Name.ID, "")),
        str(said.get("/Scope", ""))[1:],
        tuple(_text(name) for name in said.get("/Headers", ())),
        _span(said.get("/ColSpan", 1)),
        _span(said.get("/RowSpan", 1)),
        str(said.get("/ListNumbering", ""))[1:],
        _leads(raw, book) if kind == "Link" else "",
        _text(raw.get(Name.Lang, "")),
    )


def _attributes(raw: Any) -> dict[str, Any]:
    """The attributes of an element, whoever owns them; revision numbers between them say nothing here."""
    given = raw.get(Name.A, Array())
    found: dict[str, Any] = {}
    for one in given if isinstance(given, Array) else [given]:
        if isinstance(one, Dictionary):
            found |= dict(one.items())
    return found


def _text(value: Any) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, pikepdf.String) else str(value)


# ------------------------------------------------------------------ links


def _leads(raw: Any, book: _Book) -> str:
    """Where a link leads: in the words of the file, or else as it can be told."""
    kids = raw.get(Name.K, Array())
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, Dictionary) and kid.get(Name.Type) == Name.OBJR and isinstance(kid.get("/Obj"), Dictionary):
            link = kid.Obj
            if Name.Contents in link:
                return str(link.Contents)
            action = link.get(Name.A, Dictionary())
            if "/URI" in action:
                return str(action.URI)
            return _place(link.get(Name.Dest, action.get("/D")), book)
    return ""


def _place(target: Any, book: _Book) -> str:
    page = None
    if isinstance(target, Array) and len(target) and isinstance(target[0], Dictionary):
        page = book.pages.get(target[0].objgen)
    elif target is not None:
        page = book.places.get(_text(target).removeprefix("/"))
    return f"page {page + 1}" if page is not None else ""


def _places(pdf: pikepdf.Pdf) -> Mapping[str, int]:
    """The pages to which named places lead, in both forms that PDF has for them (ISO 32000-1, 12.3.2.3)."""
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    named: dict[str, Any] = {str(name).removeprefix("/"): raw for name, raw in pdf.Root.get("/Dests", {}).items()}
    if Name.Dests in pdf.Root.get(Name.Names, Dictionary()):
        named |= {str(name): raw for name, raw in NameTree(pdf.Root.Names.Dests).items()}
    found = {}
    for name, raw in named.items():
        place = raw.get("/D") if isinstance(raw, Dictionary) else raw
        if isinstance(place, Array) and len(place) and isinstance(place[0], Dictionary):
            found[name] = pages.get(place[0].objgen, 0)
    return found
