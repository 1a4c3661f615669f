"""Wrappers without a meaning go, and what is left are sections, paragraphs, lists, tables and figures."""

from __future__ import annotations

from collections.abc import Sequence

from pikepdf import Name

from briefing.finishing.tagging.tree import Element, Kid, is_a

_INLINE = ("Span", "Link", "Reference", "Quote", "Code", "Note")
_HOLDERS = ("Document", "Part", "Art", "Sect", "BlockQuote")  # of blocks only
HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")
_LINES = (*HEADINGS, "P", "Caption")


def flatten(top: Element) -> None:
    """Take out of a document every wrapper that says nothing."""
    top.kids = _paragraphs(_flat(top))


def unwrap(element: Element) -> None:
    """Take out of what stands in a line every wrapper that says nothing."""
    element.kids = _flat(element)


def _flat(element: Element) -> list[Kid]:
    """The kids of an element as they are after flattening."""
    found: list[Kid] = []
    for kid in element.kids:
        for one in _one(kid, element) if isinstance(kid, Element) else [kid]:
            last = found[-1] if found else None
            if is_a(one, "Span") and last and is_a(last, "Span") and last.language == one.language:
                last.kids += one.kids  # the same words on the next line
            else:
                found.append(one)
    return found


def _one(element: Element, parent: Element) -> Sequence[Kid]:
    """What stands for an element: itself, or what was in it."""
    is_figure = any(isinstance(kid, Element) and kid.kind == "Figure" for kid in element.kids)
    is_aside = element.kind == "NonStruct" and not is_figure
    is_band = element.kind == "Div" and _is_band(element)
    element.kids = _flat(element)
    if is_band:
        return [element]
    if element.kind == "Span":
        return [element] if element.language else element.kids
    if element.kind in ("NonStruct", "Div"):
        if not any(map(is_block, element.kids)):
            return _paragraphs(element.kids) if element.kind == "Div" else element.kids
        if is_figure and parent.kind != "Document" and len(element.kids) > 1:
            element.kind, element.kids = "Div", _paragraphs(element.kids)  # the figure with its title and caption
            return [element]
        if is_aside and any(isinstance(kid, Element) and kid.kind in HEADINGS for kid in element.kids):
            element.kind, element.kids = "Sect", _paragraphs(element.kids)
            return [element]
        return _paragraphs(element.kids)
    if element.kind in _HOLDERS:
        element.kids = _paragraphs(element.kids)
    if element.kind in _LINES:  # what it has set apart within itself is tagged as one of its kind
        lifted = ([*kid.kids] if is_a(kid, element.kind) else [kid] for kid in element.kids)
        element.kids = [kid for kids in lifted for kid in kids]
    return [element] if element.kids or element.kind in ("TH", "TD") else []


def _is_band(element: Element) -> bool:
    """Make a list of a row of key figures, each of which is a number with its label."""
    kids = element.elements
    if len(kids) < 2 or not all(is_a(kid, "Div") and _is_pair(kid) for kid in kids):
        return False
    for kid in kids:
        kid.kind, kid.kids = "LI", [Element("LBody", _words(kid))]
    element.kind, element.attributes = "L", {"/O": Name.List, "/ListNumbering": Name("/None")}
    return True


def _words(element: Element) -> list[Kid]:
    """The words and links of an element, and what is in another language, without what wraps them."""
    found: list[Kid] = []
    for kid in element.kids:
        found += _words(kid) if isinstance(kid, Element) and kid.kind != "Link" and not kid.language else [kid]
    return found


def _is_pair(element: Element) -> bool:
    plain = all(one.kind in ("Div", "Span", "Link", "NonStruct") for one in element.walk())
    return plain and len(element.kids) == 2 and all(is_a(kid, "Div") for kid in element.kids)


def is_block(kid: Kid) -> bool:
    """Whether something does not stand in a line."""
    return isinstance(kid, Element) and kid.kind not in _INLINE


def _paragraphs(kids: Sequence[Kid]) -> list[Kid]:
    """Blocks as they are, and each run of words between them as a paragraph."""
    found: list[Kid] = []
    open_one: Element | None = None
    for kid in kids:
        if is_block(kid):
            open_one = None
            found.append(kid)
        elif open_one:
            open_one.kids.append(kid)
        else:
            open_one = Element("P", [kid])
            found.append(open_one)
    return found


def headings(top: Element) -> None:
    """Let no level of headings be left out (ISO 14289-1, 7.4.2)."""
    last = 0
    for element in top.walk():
        if element.kind in HEADINGS:
            last = min(int(element.kind[1]), last + 1)
            element.kind = f"H{last}"
