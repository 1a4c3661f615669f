"""Notes at the foot of a page: each is read at the end of the text that has its mark (ISO 14289-1, 7.9)."""

from __future__ import annotations

from collections.abc import Mapping

from briefing.finishing.tagging.tree import Element
from briefing.finishing.tagging.wrappers import HEADINGS, is_block, unwrap

_WITHIN = ("P", "LBody", "TD", "TH", "BlockQuote")  # in which a note may stand itself


def take(top: Element) -> Mapping[str, Element]:
    """Take the notes out of a tree, so that paragraphs go on over pages without them, by their letters."""
    found: dict[str, Element] = {}
    for element in list(top.walk()):
        for kid in element.elements:
            if kid.kind == "Note" and kid.name:
                if kid.name in found:
                    found[kid.name].kids += kid.kids  # which goes on at the foot of the next page
                else:
                    found[kid.name] = kid
                element.kids.remove(kid)
    return found


def put(top: Element, notes: Mapping[str, Element]) -> None:
    """Put each note behind the text that has its mark first; the marks refer to it."""
    waiting = dict(notes)
    _put(top, waiting)
    for name, note in notes.items():
        note.name = f"foot-{name}"
        unwrap(note)


def _put(element: Element, waiting: dict[str, Element]) -> list[Element]:
    """The notes that are still to be put behind an element, those of its marks first."""
    found: list[Element] = []
    for kid in list(element.elements):
        if found and element.kind in _WITHIN and is_block(kid):  # such as a list within an item
            at = element.kids.index(kid)
            element.kids[at:at], found = found, []
        if kid.kind == "Reference" and kid.name:
            if note := waiting.pop(kid.name, None):
                found.append(note)
            kid.name = ""
        elif inner := _put(kid, waiting):
            if kid.kind in HEADINGS:
                element.kids.insert(element.kids.index(kid) + 1, Element("P", [*inner]))
            else:
                found += inner
    if found and element.kind in _WITHIN:
        element.kids += found
        return []
    return found
