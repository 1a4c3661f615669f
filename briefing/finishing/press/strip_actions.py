"""Links, bookmarks and all else that acts when a file is read on a screen are taken out.

A press does nothing with them, and PDF/X-4 has no annotation within the bleed and no action at all (ISO 15930-7, 6.17
and 6.18). The tree of tags stays, so that the finished file can be read back like any other.
"""

from __future__ import annotations

from typing import Any

from pikepdf import Array, Dictionary, Name, NumberTree, Pdf

from briefing.finishing.context import Finishing

_OF_SCREENS = (
    "/AA",
    "/AcroForm",
    "/Names",
    "/OpenAction",
    "/Outlines",
    "/PageLabels",
    "/PageMode",
    "/Threads",
    "/URI",
    "/ViewerPreferences",
)
_TIED = (Name.Link, Name.Figure, Name.Annot, Name.Form)  # elements that know more than their text


def strip_actions(pdf: Pdf, _: Finishing) -> None:
    """Leave nothing but what is printed, and the tags of that."""
    for key in _OF_SCREENS:
        if key in pdf.Root:
            del pdf.Root[key]
    for page in pdf.pages:
        for key in ("/Annots", "/AA", "/Tabs"):
            if key in page.obj:
                del page.obj[key]
    tree = pdf.Root.get("/StructTreeRoot")
    if tree is None:
        return
    for thing in pdf.objects:
        if isinstance(thing, Dictionary) and thing.get("/S") in _TIED:
            _untie(thing)
    parents = NumberTree(tree.ParentTree)
    pages = sorted(int(page.StructParents) for page in pdf.pages if "/StructParents" in page.obj)
    tree.ParentTree = pdf.make_indirect(Dictionary(Nums=Array([part for key in pages for part in (key, parents[key])])))


def _untie(element: Any) -> None:
    """Make a link plain text, and forget where on the sheet a picture stood: the sheet grows."""
    kids = element.get("/K")
    if isinstance(kids, Array):
        rest = [kid for kid in kids if not _is_reference(kid)]
        if len(rest) < len(kids):
            element.K = Array(rest)
    elif _is_reference(kids):
        del element["/K"]
    if element.get("/S") == Name.Link:
        element.S = Name.Span
    looks = element.get("/A")
    for look in looks if isinstance(looks, Array) else [looks]:
        if isinstance(look, Dictionary) and "/BBox" in look:
            del look["/BBox"]


def _is_reference(kid: Any) -> bool:
    return isinstance(kid, Dictionary) and kid.get("/Type") == Name.OBJR
