"""A PDF's structure tree as records that can be mended, and back (ISO 32000-1, 14.7).

What is read is what WeasyPrint writes: elements, marked content by number, and links. Writing makes the tree anew, with
its parent tree and its tree of identifiers; what is in no element any more is no longer reached by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias, TypeGuard

from pikepdf import Array, Dictionary, Name, NumberTree, Object, Pdf, String

from briefing.pdf.geometry import Box

_ELEMENT, _REFERENCE, _MARK = Name.StructElem, Name.OBJR, Name.MCR


class Mark(NamedTuple):
    """Marked content: its page, from 0, and its number there."""

    page: int
    number: int


class LinkAnnotation(NamedTuple):
    """A link on a page."""

    page: int
    dictionary: Object


Kid: TypeAlias = "Element | Mark | LinkAnnotation"


@dataclass(slots=True)
class Element:
    """A structure element."""

    kind: str  # such as P
    kids: list[Kid] = field(default_factory=list)
    alt: str | None = None
    box: Box | None = None  # of a figure, in the units of the typesetter
    name: str = ""  # its identifier
    language: str = ""  # where it is another than the document's
    rows: int = 1  # over which a cell spans
    columns: int = 1
    attributes: dict[str, Any] = field(default_factory=dict)  # what is written as /A, its owner included

    def walk(self) -> Iterator[Element]:
        """The element and all below it, in order of reading."""
        todo = [self]
        while todo:
            one = todo.pop()
            yield one
            todo += [kid for kid in reversed(one.kids) if isinstance(kid, Element)]

    @property
    def elements(self) -> list[Element]:
        """Those of its kids that are elements."""
        return [kid for kid in self.kids if isinstance(kid, Element)]

    def leaves(self) -> Iterator[Mark | LinkAnnotation]:
        """What of it stands on pages, in order of reading."""
        todo = self.kids[::-1]
        while todo:
            kid = todo.pop()
            if isinstance(kid, Element):
                todo += reversed(kid.kids)
            else:
                yield kid


def is_a(kid: Kid, kind: str) -> TypeGuard[Element]:
    """Whether something is an element of a kind."""
    return isinstance(kid, Element) and kid.kind == kind


# ------------------------------------------------------------------ reading


def read(pdf: Pdf) -> Element:
    """The tree of a PDF; its root is the one element at the top, `Document`."""
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    (top,) = pdf.Root.StructTreeRoot.K
    return _element(top, pages)


def _element(raw: Any, pages: dict[tuple[int, int], int]) -> Element:
    # There are thousands: what is asked for by a text and not as an attribute costs half.
    kind, _, more = str(raw["/S"])[1:].partition(".")  # Span.fr or Note.a, from the typesetter
    element, sheet, own = Element(kind), raw.get("/Pg"), raw["/K"]
    element.language, element.name = (more, "") if kind == "Span" else ("", more)
    page = pages[sheet.objgen] if sheet is not None else 0
    if (alt := raw.get("/Alt")) is not None:
        element.alt = str(alt)
    if (attributes := raw.get("/A")) is not None:
        _attributes(element, attributes)
    for kid in own if isinstance(own, Array) else [own]:
        if not isinstance(kid, Dictionary):
            element.kids.append(Mark(page, int(kid)))
        elif kid.get("/Type") == _REFERENCE:
            element.kids.append(LinkAnnotation(pages[kid["/Pg"].objgen], kid["/Obj"]))
        else:
            element.kids.append(_element(kid, pages))
    return element


def _attributes(element: Element, raw: Any) -> None:
    element.rows, element.columns = int(raw.get("/RowSpan", 1)), int(raw.get("/ColSpan", 1))
    if Name.BBox in raw:
        left, top, right, bottom = (float(edge) for edge in raw.BBox)
        element.box = (left, top, right, bottom)


# ------------------------------------------------------------------ writing


def write(pdf: Pdf, top: Element) -> None:
    """Make this the tree of a PDF."""
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    book = _Book(pdf, [page.obj for page in pdf.pages], {}, [], {})
    root.K = Array([_written(top, root, book)])
    parents = NumberTree.new(pdf)
    for number, page in enumerate(pdf.pages):
        marks = book.marks.get(number, {})
        row = [marks.get(mark) for mark in range(max(marks, default=-1) + 1)]
        parents[number] = pdf.make_indirect(Array(row))
        page.obj.StructParents = number
    for number, (annotation, element) in enumerate(book.annotations, len(book.pages)):
        parents[number] = element
        annotation.StructParent = number
    root.ParentTree = parents.obj
    root.ParentTreeNextKey = len(book.pages) + len(book.annotations)
    if book.names:
        names = [item for name in sorted(book.names) for item in (String(name), book.names[name])]
        root.IDTree = pdf.make_indirect(Dictionary(Names=Array(names)))
    pdf.Root.StructTreeRoot = root


@dataclass
class _Book:
    """What was written where."""

    pdf: Pdf
    pages: list[Any]
    marks: dict[int, dict[int, Any]]  # the element of each mark, by page
    annotations: list[tuple[Any, Any]]
    names: dict[str, Any]


def _written(element: Element, parent: Any, book: _Book) -> Any:
    page = next((leaf.page for leaf in element.leaves()), 0)
    head = {"/Type": _ELEMENT, "/S": Name("/" + element.kind), "/P": parent, "/Pg": book.pages[page]}
    raw = book.pdf.make_indirect(Dictionary(head))
    kids: list[Any] = []
    for kid in element.kids:
        if isinstance(kid, Element):
            kids.append(_written(kid, raw, book))
        elif isinstance(kid, LinkAnnotation):
            kids.append(Dictionary({"/Type": _REFERENCE, "/Obj": kid.dictionary, "/Pg": book.pages[kid.page]}))
            book.annotations.append((kid.dictionary, raw))
        else:
            other = {"/Type": _MARK, "/MCID": kid.number, "/Pg": book.pages[kid.page]}
            kids.append(kid.number if kid.page == page else Dictionary(other))
            book.marks.setdefault(kid.page, {})[kid.number] = raw
    raw.K = Array(kids)
    if element.alt is not None:
        raw.Alt = String(element.alt)
    if element.language:
        raw.Lang = String(element.language)
    if element.attributes:
        raw.A = Dictionary(element.attributes)
    if element.name:
        raw.ID = String(element.name)
        book.names[element.name] = raw
    return raw
