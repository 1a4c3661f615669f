"""Running heads, feet, page numbers and the status mark become artifacts: they are seen, and not read out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf

from briefing.finish.finishing import Finishing

MARKED = re.compile(rb"/\w+\s*<<\s*/MCID\s+(\d+)\s*>>\s*BDC")


def set_apart(pdf: Pdf, _: Finishing) -> None:
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
            todo += [(kid.K, kid.Pg.objgen if Name.Pg in kid else sheet)] if Name.K in kid else []
        elif sheet is not None:
            yield sheet, int(kid)


def _set_apart(pdf: Pdf, page: pikepdf.Page, heard: set[int]) -> None:
    """Make an artifact of what the tree does not hold."""
    unheard: set[int] = set()

    def artifact(found: re.Match[bytes]) -> bytes:
        if int(found[1]) in heard:
            return found[0]
        unheard.add(int(found[1]))
        return b"/Artifact <</Type /Pagination>> BDC"

    page.contents_coalesce()
    page.Contents.write(MARKED.sub(artifact, page.Contents.read_bytes()))
    if unheard:
        parents = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
        row = parents[int(page.StructParents)]
        for mark in unheard:
            row[mark] = None
