"""What a PDF says of itself as a whole: metadata, intents, attachments, actions, presets of the print dialog."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Pdf, Stream

from briefing.pdf.safe_open import BROKEN, TooMuch, elements, entry, identity, items, read_stream, whole, words
from briefing.preflight.facts import Attachment, Intent, Metadata

MAX_XMP = 2_000_000
MAX_NODES = 50_000  # of a name tree, outline or form
HARMLESS = frozenset({"GoTo", "URI", "Named"})  # actions that lead somewhere

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
_XMP = "{http://ns.adobe.com/xap/1.0/}"
_MM = "{http://ns.adobe.com/xap/1.0/mm/}"
_PDF = "{http://ns.adobe.com/pdf/1.3/}"


def metadata_of(root: Any) -> Metadata:
    """What the XMP packet says; a second `rdf:RDF` is ignored, as validators do."""
    try:
        data = read_stream(entry(root, "/Metadata"))
    except TooMuch:
        return Metadata()
    if not data or len(data) > MAX_XMP or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return Metadata()
    try:
        tree = ET.fromstring(data.strip(b"\0 \t\r\n"))
    except (ET.ParseError, ValueError, LookupError):  # LookupError: an encoding that nobody knows
        return Metadata()
    rdf = tree if tree.tag == _RDF + "RDF" else tree.find(f".//{_RDF}RDF")
    said: dict[str, str] = {}
    for about in rdf if rdf is not None else ():
        said |= {name: value.strip() for name, value in about.attrib.items()}
        said |= {child.tag: "".join(child.itertext()).strip() for child in about if isinstance(child.tag, str)}
    return Metadata(
        readable=rdf is not None,
        pdfa=(said.get(_PDFA + "part", ""), said.get(_PDFA + "conformance", "")),
        pdfua=said.get("{http://www.aiim.org/pdfua/ns/id/}part", ""),
        pdfx=said.get("{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion", ""),
        title=said.get("{http://purl.org/dc/elements/1.1/}title", ""),
        producer=said.get(_PDF + "Producer", ""),
        created=said.get(_XMP + "CreateDate", ""),
        modified=said.get(_XMP + "ModifyDate", ""),
        stamped=said.get(_XMP + "MetadataDate", ""),
        document=said.get(_MM + "DocumentID", ""),
        version=said.get(_MM + "VersionID", ""),
        rendition=said.get(_MM + "RenditionClass", ""),
        trapped=said.get(_PDF + "Trapped", ""),
    )


def info_of(pdf: Pdf) -> dict[str, str]:
    """The document information dictionary."""
    try:
        info = pdf.trailer.get("/Info")
    except BROKEN:
        return {}
    return {key[1:]: words(value)[:500] for key, value in items(info)[:50]}


def intents_of(root: Any) -> tuple[Intent, ...]:
    """Output intents (ISO 32000-1, 14.11.5)."""
    found = []
    for intent in elements(entry(root, "/OutputIntents"), 20):
        profile = entry(intent, "/DestOutputProfile")
        kind = ""
        if isinstance(profile, Stream):
            try:
                kind = read_stream(profile)[16:20].decode("latin-1").strip()  # the header of an ICC profile
            except TooMuch:
                kind = ""
        found.append(
            Intent(
                subtype=words(entry(intent, "/S")),
                identifier=words(entry(intent, "/OutputConditionIdentifier")),
                registry=words(entry(intent, "/RegistryName")),
                condition=words(entry(intent, "/OutputCondition")),
                info=words(entry(intent, "/Info")),
                parts=whole(entry(profile, "/N")) if isinstance(profile, Stream) else None,
                kind=kind,
            )
        )
    return tuple(found)


def attachments_of(root: Any) -> tuple[Attachment, ...]:
    """Files inside the file (ISO 32000-1, 7.11.4)."""
    own = {identity(one) for one in elements(entry(root, "/AF"), 1_000)}
    found = []
    for name, spec in _named(entry(entry(root, "/Names"), "/EmbeddedFiles")):
        told = words(entry(spec, "/UF")) or words(entry(spec, "/F")) or name
        holder = entry(spec, "/EF")
        stream = entry(holder, "/UF") or entry(holder, "/F")
        relationship = words(entry(spec, "/AFRelationship"))
        found.append(Attachment(told[:200], words(entry(stream, "/Subtype")), relationship, identity(spec) in own))
    return tuple(found)


def actions_of(root: Any) -> tuple[int, list[str], list[str]]:
    """Scripts, actions that do more than lead somewhere, and actions that run unasked, of the catalogue."""
    scripts = len(list(_named(entry(entry(root, "/Names"), "/JavaScript"))))
    automatic = []
    opening = entry(root, "/OpenAction")
    if isinstance(opening, Dictionary):
        automatic += kinds_of(opening)
    automatic += [kind for _, action in items(entry(root, "/AA")) for kind in kinds_of(action)]
    scripts += automatic.count("JavaScript")
    return scripts, [kind for kind in automatic if kind not in HARMLESS], automatic


def kinds_of(action: Any) -> list[str]:
    """The kinds of an action and of those that follow it (ISO 32000-1, 12.6)."""
    found: list[str] = []
    todo = [action]
    for _ in range(300):  # an array may hold itself
        if not todo or len(found) >= 100:
            break
        one = todo.pop()
        if isinstance(one, Array):
            todo += elements(one, 100)
        elif isinstance(one, Dictionary):
            found.append(words(entry(one, "/S")) or "unknown")
            todo.append(entry(one, "/Next"))
    return found


def bookmarks_of(root: Any) -> int:
    """How many bookmarks there are, at all levels."""
    todo, seen = [entry(entry(root, "/Outlines"), "/First")], 0
    met: set[tuple[int, int]] = set()
    while todo and seen < MAX_NODES:
        item = todo.pop()
        if not isinstance(item, Dictionary) or identity(item) in met:
            continue
        met.add(identity(item))
        seen += 1
        todo += [entry(item, "/Next"), entry(item, "/First")]
    return seen


def numbers_copies(root: Any) -> bool:
    """Whether pages are called as those of numbered copies are: 17.1, 17.2, 18.1."""
    tree = entry(root, "/PageLabels")
    for _ in range(3):
        if kids := elements(entry(tree, "/Kids"), 1):
            tree = kids[0]
    first = next((one for one in elements(entry(tree, "/Nums"), 2) if isinstance(one, Dictionary)), None)
    return bool(re.fullmatch(r"\d{1,9}\.", words(entry(first, "/P")))) and words(entry(first, "/S")).strip("/") == "D"


def fields_of(root: Any) -> int:
    """How many fields a form has at its top; an XFA form counts as one."""
    form = entry(root, "/AcroForm")
    return len(elements(entry(form, "/Fields"))) or int(entry(form, "/XFA") is not None)


def _named(tree: Any) -> Iterator[tuple[str, Any]]:
    """The leaves of a name tree (ISO 32000-1, 7.9.6)."""
    todo, left = [tree], MAX_NODES
    met: set[tuple[int, int]] = set()
    while todo and left:
        left -= 1
        node = todo.pop()
        key = identity(node)
        if key != (0, 0):
            if key in met:
                continue
            met.add(key)
        pairs = elements(entry(node, "/Names"))
        yield from ((words(name), value) for name, value in zip(pairs[::2], pairs[1::2], strict=False))
        todo += elements(entry(node, "/Kids"))
