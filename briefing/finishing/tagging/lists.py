"""Lists: each item with its label and its body, how they are numbered, and sources as notes."""

from __future__ import annotations

import re
from collections.abc import Callable

from pikepdf import Name

from briefing.finishing.tagging.tree import Element, Kid, LinkAnnotation, is_a

Said = Callable[[Element], str]  # the words of an element

_BULLETS = {"•": "Disc", "◦": "Circle", "▪": "Square", "–": "Disc"}  # ISO 32000-1, table 347
_NUMBER = re.compile(r"\(?(\d{1,3})[.)]?")
_BACK = "mark-"  # where the number of a source leads: to its first mark in the text


def mend(top: Element, said: Said) -> None:
    """Mend every list of a document."""
    for element in list(top.walk()):
        if element.kind == "L":
            _columns(element)
            _labels(element, said)


def _columns(one: Element) -> None:
    """Take the columns out of a list that is set in some: each is tagged as a list in the list."""
    items: list[Element] = []
    for kid in one.elements:
        items += kid.elements if kid.kind == "L" else [kid]
    one.kids = list(items)


def first_label(item: Element, said: Said) -> str:
    """The bullet or the number that an item begins with, if it does."""
    body = next(iter(item.elements), None)
    first = body.kids[0] if body and body.kids else None
    if body is None or not isinstance(first, Element):
        return ""
    words = said(body if body.kind == "Lbl" else first).strip()
    number = _NUMBER.fullmatch(words)
    return number[1] if number else words if words in _BULLETS else ""


def _labels(one: Element, said: Said) -> None:
    """Set labels apart where all items have one; numbers must follow each other (ISO 32000-1, 14.8.4.3.3)."""
    items = [kid for kid in one.elements if kid.kind == "LI"]
    labels = [first_label(item, said) for item in items]
    numbered = all(label.isdigit() for label in labels)
    if numbered and labels:
        numbered = [int(label) for label in labels] == list(range(int(labels[0]), int(labels[0]) + len(labels)))
    bulleted = len(set(labels)) == 1 and labels[0] in _BULLETS
    style = "Decimal" if numbered and labels else _BULLETS[labels[0]] if bulleted else "None"
    one.attributes = {"/O": Name.List, "/ListNumbering": Name("/" + style)}
    for item in items if style != "None" else ():
        body = item.elements[0]
        if body.kind == "LBody":
            item.kids.insert(0, Element("Lbl", [body.kids.pop(0)]))


# ------------------------------------------------------------------ sources


def notes(top: Element) -> None:
    """Make a note of each entry in the list of sources (ISO 14289-1, 7.9), and a list of a line of them."""
    for element in list(top.walk()):
        if element.kind == "LI":
            _note(element)
        elif element.kind == "P" and any(_number(kid) for kid in element.kids):
            _line(element)


def _note(item: Element) -> None:
    parts = item.elements
    if len(parts) == 2 and parts[0].kids and (number := _number(parts[0].kids[0])):
        parts[1].kids = [Element("Note", parts[1].kids, name=f"note-{number}")]


def _line(paragraph: Element) -> None:
    """A running line of sources is a list for the ear."""
    entries: list[tuple[str, Element, Element]] = []
    before: list[Element] = []
    for kid in paragraph.kids:
        if number := _number(kid):
            entries.append((number, Element("Lbl", [kid]), Element("Note", name=f"note-{number}")))
        elif entries:
            entries[-1][2].kids.append(kid)
        else:
            before.append(Element("P", [kid]))
    items = [Element("LI", [label, Element("LBody", [note])]) for _, label, note in entries]
    paragraph.kind, paragraph.kids = "L", [*before, *items]
    paragraph.attributes = {"/O": Name.List, "/ListNumbering": Name.Decimal}


def _number(kid: Kid) -> str:
    """The number of the source whose entry a link begins, if it does."""
    if is_a(kid, "Link"):
        for inner in kid.kids:
            if isinstance(inner, LinkAnnotation) and (to := str(inner.dictionary.get("/Dest", ""))).startswith(_BACK):
                return to.removeprefix(_BACK)
    return ""
