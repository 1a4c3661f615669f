"""A PDF's structure tree as records that can be mended, and back (ISO 32000-1, 14.7).

What is read is what WeasyPrint writes: elements, marked content by number, and links. Writing makes the tree anew, with
its parent tree and its tree of identifiers; what is in no element any more is no longer reached by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias, TypeGuard

from pikepdf import Array, Dictionary, Name, NumberTree, Object, Pdf, String

Box = tuple[float, float, float, float]


class Mark(NamedTuple):
    """Marked content: its page, from 0, and its number there."""

    page: int
    number: int


class Annotation(NamedTuple):
    """A link on a page."""

    page: int
    dictionary: Object


Kid: TypeAlias = "Element | Mark | Annotation"


@dataclass(slots=True)
class Element:
    """A structure element."""

    kind: str  # such as P
    kids: list[Kid] = field(default_factory=list)
    alt: str | None = None
    box: Box | None = None  # of a figure, in the units of the typesetter
    name: str = ""  # its identifier
    rows: int = 1  # over which a cell spans
    columns: int = 1
    attributes: dict[str, Any] = field(default_factory=dict)  # what is written as /A, its owner included

    def walk(self) -> Iterator[Element]:
        """The element and all below it, in order of reading."""
        yield self
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.walk()

    @property
    def elements(self) -> list[Element]:
        """Those of its kids that are elements."""
        return [kid for kid in self.kids if isinstance(kid, Element)]

    def leaves(self) -> Iterator[Mark | Annotation]:
        """What of it stands on pages, in order of reading."""
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.leaves()
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
    element = Element(str(raw.S)[1:])
    page = pages[raw.Pg.objgen] if Name.Pg in raw else 0
    if Name.Alt in raw:
        element.alt = str(raw.Alt)
    if Name.A in raw:
        _attributes(element, raw.A)
    for kid in raw.K if isinstance(raw.K, Array) else [raw.K]:
        if not isinstance(kid, Dictionary):
            element.kids.append(Mark(page, int(kid)))
        elif kid.get(Name.Type) == Name.OBJR:
            element.kids.append(Annotation(pages[kid.Pg.objgen], kid.Obj))
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
    raw = book.pdf.make_indirect(
        Dictionary(Type=Name.StructElem, S=Name("/" + element.kind), P=parent, Pg=book.pages[page])
    )
    kids: list[Any] = []
    for kid in element.kids:
        if isinstance(kid, Element):
            kids.append(_written(kid, raw, book))
        elif isinstance(kid, Annotation):
            kids.append(Dictionary(Type=Name.OBJR, Obj=kid.dictionary, Pg=book.pages[kid.page]))
            book.annotations.append((kid.dictionary, raw))
        else:
            other = Dictionary(Type=Name.MCR, MCID=kid.number, Pg=book.pages[kid.page])
            kids.append(kid.number if kid.page == page else other)
            book.marks.setdefault(kid.page, {})[kid.number] = raw
    raw.K = Array(kids)
    if element.alt is not None:
        raw.Alt = String(element.alt)
    if element.attributes:
        raw.A = Dictionary(element.attributes)
    if element.name:
        raw.ID = String(element.name)
        book.names[element.name] = raw
    return raw
