"""Links: one element for each, and words that say where it leads."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pikepdf import Array, Name, Pdf, String

from briefing.finishing.context import Finishing
from briefing.finishing.tagging.lists import Said
from briefing.finishing.tagging.tree import Element, Kid, LinkAnnotation, is_a
from briefing.pdf.geometry import ordered

_PRINT = 4  # ISO 19005-3, 6.3.2: an annotation is printed
_SOURCE = re.compile(r"source-(\d+)")
_MARK = re.compile(r"mark-(\d+)")
_ADDRESS = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)


def mend(top: Element) -> None:
    """Join the lines of each link, make references of source marks, and drop links without words."""
    for element in list(top.walk()):
        if any(is_a(kid, "Link") for kid in element.kids):
            _join(element)
            element.kids = [_reference(kid, element.kind == "TOCI") for kid in element.kids]


def _join(parent: Element) -> None:
    """Make one of the lines of a link: each is a link of its own."""
    kids: list[Kid] = []
    for kid in parent.kids:
        last = kids[-1] if kids else kid
        if kids and is_a(kid, "Link") and is_a(last, "Link") and _target(kid) == _target(last):
            last.kids += kid.kids
        else:
            kids.append(kid)
    for kid in kids:
        if is_a(kid, "Link") and any(map(_has_room, kid.kids)):
            kid.kids = [inner for inner in kid.kids if _has_room(inner)]
    parent.kids = [kid for kid in kids if not (is_a(kid, "Link") and _is_empty(kid))]


def _has_room(kid: Kid) -> bool:
    """Whether a link can be met on the page: one whose words begin on the next line has a part without a width."""
    if not isinstance(kid, LinkAnnotation):
        return True
    left, _, right, _ = kid.dictionary.Rect
    return bool(left != right)


def _is_empty(link: Element) -> bool:
    return all(isinstance(kid, LinkAnnotation) for kid in link.kids)


def _annotations(link: Element) -> list[LinkAnnotation]:
    return [kid for kid in link.kids if isinstance(kid, LinkAnnotation)]


def _target(link: Element) -> str:
    """Where a link leads: the name of a place in the document, or an address."""
    for annotation in _annotations(link):
        raw = annotation.dictionary
        return str(raw.Dest) if Name.Dest in raw else str(raw.A.get("/URI", "")) if Name.A in raw else ""
    return ""


def _reference(kid: Kid, listed: bool) -> Kid:
    """A superior number is a reference to its note, and a line of the contents to its page (ISO 32000-1, table 338)."""
    refers = is_a(kid, "Link") and (listed or _SOURCE.fullmatch(_target(kid)))
    return Element("Reference", [kid]) if refers else kid


# ------------------------------------------------------------------ where they lead


def tell(pdf: Pdf, top: Element, said: Said, about: Finishing) -> None:
    """Say of every link where it leads (ISO 14289-1, 7.18.5), and take those that are in no element off the pages."""
    kept: set[tuple[int, int]] = set()
    again = _named_before(top)
    for link in (element for element in top.walk() if element.kind == "Link"):
        where = _where(_target(link), " ".join(said(link).split()), about, id(link) in again)
        for annotation in _annotations(link):
            raw = annotation.dictionary
            kept.add(raw.objgen)
            raw.Contents, raw.F = String(where), _PRINT
            raw.Rect = Array(ordered([float(edge) for edge in raw.Rect]))  # ISO 32000-1, 7.9.5
    for page in pdf.pages:
        page.obj.Tabs = Name.S  # ISO 14289-1, 7.18.3
        if Name.Annots in page.obj:
            notes = [raw for raw in page.obj.Annots if raw.get(Name.Subtype) != Name.Link or raw.objgen in kept]
            page.obj.Annots = Array(notes)


def _named_before(top: Element) -> set[int]:
    """The marks whose source was named to a listener at an earlier mark."""
    again: set[int] = set()
    named: set[str] = set()
    for link in (element for element in top.walk() if element.kind == "Link"):
        if _SOURCE.fullmatch(target := _target(link)):
            again |= {id(link)} if target in named else set()
            named.add(target)
    return again


def _where(target: str, words: str, about: Finishing, again: bool) -> str:
    """Where a link leads, in words; without a language it is the address that is told. A source is named once."""
    told = about.words
    if not told:
        return target
    if found := _SOURCE.fullmatch(target):
        source = about.sources.get(int(found[1]), "")
        return told["source" if source and not again else "source_again"].format(number=found[1], source=source)
    if found := _MARK.fullmatch(target):
        return told["back"].format(number=found[1])
    parts = urlsplit(target)
    if parts.scheme == "mailto":
        return told["mail"].format(address=parts.path)
    if parts.scheme in ("http", "https"):
        host = (parts.hostname or "").removeprefix("www.")
        words = words.replace("\u200b", "")  # where a line of an address may end
        if not words or _ADDRESS.fullmatch(words):
            return told["page"].format(host=host)
        return told["page_titled"].format(host=host, title=words)
    return words or target
