"""Running heads, feet, page numbers and the status mark become artifacts: they are seen, and not read out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Object, Pdf

from briefing.finishing.context import Finishing

EDGE = 0.07  # of the height of a page: text begins below it, and running heads stand above
POINTS_PER_PIXEL = 0.75
MARKED = re.compile(rb"/\w+\s*<<\s*/MCID\s+(\d+)\s*>>\s*BDC")
PLACED = re.compile(rb"(\S+)\s+Tm\b")


def mark_artifacts(pdf: Pdf, _: Finishing) -> None:
    """Make an artifact of all that the structure tree does not hold (ISO 14289-1, 7.8).

    WeasyPrint marks what stands in a page's margin boxes as content and leaves it out of the tree.
    """
    heard: dict[tuple[int, int], set[int]] = {}
    for sheet, mark in _marks(pdf.Root.StructTreeRoot.K):
        heard.setdefault(sheet, set()).add(mark)
    for page in pdf.pages:
        _set_apart(pdf, page, heard.get(page.obj.objgen, set()))


def _marks(tree: Object) -> Iterator[tuple[tuple[int, int], int]]:
    """The page and number of every marked content in the structure tree."""
    todo: list[tuple[Any, tuple[int, int] | None]] = [(tree, None)]
    while todo:
        kid, sheet = todo.pop()
        if isinstance(kid, Array):
            todo += [(inner, sheet) for inner in kid]
        elif isinstance(kid, Dictionary):
            page, mark = kid.get("/Pg"), kid.get("/MCID")
            if mark is not None:
                yield kid["/Pg"].objgen, int(mark)
            elif (kids := kid.get("/K")) is not None:
                todo.append((kids, page.objgen if page is not None else sheet))
        elif sheet is not None:
            yield sheet, int(kid)


def _set_apart(pdf: Pdf, page: pikepdf.Page, heard: set[int]) -> None:
    """Make an artifact of what the tree does not hold."""
    unheard: set[int] = set()

    def artifact(found: re.Match[bytes]) -> bytes:
        if int(found[1]) in heard:
            return found[0]
        unheard.add(int(found[1]))
        stands = PLACED.search(content, found.end())
        return b"/Artifact <</Type /Pagination%b>> BDC" % _side(float(stands[1]) / tall if stands else 0.5)

    tall = float(page.mediabox[3]) / POINTS_PER_PIXEL
    page.contents_coalesce()
    content = page.Contents.read_bytes()
    page.Contents.write(MARKED.sub(artifact, content))
    if unheard:
        parents = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
        row = parents[int(page.StructParents)]
        for mark in unheard:
            if mark < len(row):
                row[mark] = None


def unmark(page: pikepdf.Page) -> None:
    """Take the marks of its own structure tree from a page, which has no place in another."""
    page.contents_coalesce()
    page.Contents.write(MARKED.sub(b"/Span BMC", page.Contents.read_bytes()))
    for key in ("/StructParents", "/Tabs", "/Annots"):
        if key in page.obj:
            del page.obj[key]


def _side(down: float) -> bytes:
    """Whether something stands at the head or the foot of its page (ISO 32000-1, 14.8.2.2.2)."""
    return b" /Subtype /Header" if down < EDGE else b" /Subtype /Footer" if down > 1 - EDGE else b""
