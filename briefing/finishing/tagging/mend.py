"""The structure tree as a person with a screen reader needs it: WeasyPrint's is legal and poor (ISO 14289-1, 7)."""

from __future__ import annotations

from pikepdf import Array, Name, Pdf

from briefing.finishing.context import Finishing
from briefing.finishing.tagging import footnotes, links, lists, marked_words, page_breaks, tables, tree, wrappers
from briefing.finishing.tagging.tree import Element, Mark

_POINTS_PER_PIXEL = 0.75


def mend(pdf: Pdf, about: Finishing) -> None:
    """Mend the structure tree of a document, and say of its links where they lead."""
    top = tree.read(pdf)
    spoken = marked_words.read(pdf)

    def said(element: Element) -> str:
        return _line([spoken.get(leaf, "") for leaf in element.leaves() if isinstance(leaf, Mark)])

    notes = footnotes.take(top)
    page_breaks.join(top, said)
    lists.mend(top, said)
    wrappers.flatten(top)
    footnotes.put(top, notes)
    links.mend(top)
    lists.notes(top)
    tables.mend(top)
    wrappers.headings(top)
    _figures(pdf, top)
    links.tell(pdf, top, said, about)
    tree.write(pdf, top)


def _line(runs: list[str]) -> str:
    """Runs of type in one line: each line of a page is a run, and has no space at its end."""
    text = ""
    for run in runs:
        text += run if not text or text[-1].isspace() or text[-1] in "-\u2010" or run[:1] in ".,;:)" else f" {run}"
    return text.replace("\u2010", "")


def _figures(pdf: Pdf, top: Element) -> None:
    """The place of each figure in points from the foot of its page; it comes in pixels from its head."""
    for element in (one for one in top.walk() if one.kind == "Figure" and one.box):
        page = next((leaf.page for leaf in element.leaves()), 0)
        height = float(pdf.pages[page].obj.MediaBox[3])
        left, upper, right, lower = (edge * _POINTS_PER_PIXEL for edge in element.box or ())
        box = [round(edge, 3) for edge in (left, height - lower, right, height - upper)]
        element.attributes = {"/O": Name.Layout, "/BBox": Array(box), "/Placement": Name.Block}
