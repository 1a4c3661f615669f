"""What a page's end has torn apart becomes one again: sections, paragraphs, lists and tables.

WeasyPrint writes the tree page by page. What goes on has the same elements above it on both pages, so the last of one
page and the first of the next are compared from the top down.
"""

from __future__ import annotations

import re

from briefing.finishing.tagging.lists import Said, first_label
from briefing.finishing.tagging.tree import Element

_HOLDS = ("Sect", "Div", "NonStruct", "BlockQuote", "Part", "Art")
_ENDS = re.compile(r"[.!?:;…][”’»\")\]]*[\d\s,†]*$")  # the last sign of a sentence, and source marks behind it


def join(top: Element, said: Said) -> None:
    """Join what goes on from one page to the next."""
    kids: list[Element] = []
    for kid in top.elements:
        if not (kids and _page(kids[-1], last=True) < _page(kid) and _joined(kids[-1], kid, said)):
            kids.append(kid)
    top.kids = list(kids)


def _page(element: Element, last: bool = False) -> int:
    pages = [leaf.page for leaf in element.leaves()]
    return (max(pages) if last else min(pages)) if pages else 0


def _joined(one: Element, other: Element, said: Said) -> bool:
    """Put the second behind the first if it goes on from it."""
    if one.kind != other.kind:
        return False
    if one.kind in _HOLDS:
        before, after = one.elements, other.elements
        if not before or not after or not _joined(before[-1], after[0], said):
            return False
        one.kids += other.kids[1:]
        return True
    goes_on = {"P": _paragraph, "L": _list, "Table": _table}.get(one.kind)
    return bool(goes_on and goes_on(one, other, said))


def _paragraph(one: Element, other: Element, said: Said) -> bool:
    """A paragraph goes on if it has not come to the end of a sentence; at one, two paragraphs are as good."""
    if _ENDS.search(said(one).strip()):
        return False
    one.kids += other.kids
    return True


def _list(one: Element, other: Element, said: Said) -> bool:
    """A list goes on unless its numbers begin anew; an item without a label goes on where others have one."""
    before, after = one.elements, other.elements
    if not before or not after:
        return False
    labels = first_label(before[0], said), first_label(after[0], said)
    if labels[1] and (not labels[0] or labels[0].isdigit() != labels[1].isdigit() or labels[1] == "1"):
        return False
    if labels[0] and not labels[1]:
        before[-1].kids += after[0].kids
        after = after[1:]
    one.kids += after
    return True


def _table(one: Element, other: Element, said: Said) -> bool:
    """A table goes on under the same head, which is read once."""
    heads = [next((kid for kid in table.elements if kid.kind == "THead"), None) for table in (one, other)]
    if not heads[0] or not heads[1] or said(heads[0]) != said(heads[1]):
        return False
    one.kids += [kid for kid in other.kids if kid is not heads[1]]
    return True
