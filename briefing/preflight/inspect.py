"""The bytes of a PDF become facts: whatever they are, something is told, and nothing is raised."""

from __future__ import annotations

import re
from typing import Any

import pikepdf
from pikepdf import Dictionary, Pdf

from briefing.pdf import interpreter
from briefing.pdf.geometry import Box, ordered
from briefing.pdf.interpreter import StepBudget
from briefing.pdf.safe_open import (
    BROKEN,
    MAX_FILE,
    TooMuch,
    elements,
    entry,
    identity,
    number,
    numbers,
    open_pdf,
    read_stream,
    whole,
    words,
)
from briefing.preflight import catalogue
from briefing.preflight.facts import Facts, Font, PageAnnotation, PageFacts, Zone
from briefing.preflight.page_content import paint, zone
from briefing.preflight.structure import structure_of

MAX_PAGES = 500  # that are examined
MAX_ANNOTATIONS = 5_000  # of a page
_PARENTS = 50  # steps up the page tree
_SUBSET = re.compile(r"^[A-Z]{6}\+")
_NAMED_ENCODINGS = frozenset({"WinAnsiEncoding", "MacRomanEncoding", "MacExpertEncoding"})
_SHEET: Box = (0.0, 0.0, 612.0, 792.0)


def inspect(data: bytes, name: str) -> Facts:
    """Facts of a file that comes from anyone."""
    if len(data) > MAX_FILE:
        return Facts(name, len(data), trouble="it is larger than what is examined")
    if b"%PDF-" not in data[:1024]:
        return Facts(name, len(data), trouble="it is empty" if not data else "it is no PDF")
    try:
        with open_pdf(data) as pdf:
            return _facts(pdf, data, name)
    except pikepdf.PasswordError:
        return Facts(name, len(data), trouble="it needs a password", encrypted=True)
    except (*BROKEN, RecursionError, MemoryError):
        return Facts(name, len(data), trouble="its structure is damaged, or it has no pages")


def _facts(pdf: Pdf, data: bytes, name: str) -> Facts:
    root = pdf.Root
    budget = StepBudget(interpreter.MAX_STEPS)
    count, pages = len(pdf.pages), []
    fonts: dict[tuple[int, int], Font] = {}
    scripts, more, automatic = catalogue.actions_of(root)
    for index in range(min(count, MAX_PAGES)):
        page = pdf.pages[index].obj
        pages.append(_page(page, index + 1, budget, fonts))
        unasked = [kind for key in ("/O", "/C") for kind in catalogue.kinds_of(entry(entry(page, "/AA"), key))]
        automatic += unasked
    if count > MAX_PAGES:
        budget.unread[f"only {MAX_PAGES} pages were examined"] = None
    asked = [kind for page in pages for note in page.annotations for kind in note.actions]
    scripts += sum(kind == "JavaScript" for kind in asked)
    more += [kind for kind in asked if kind not in catalogue.HARMLESS]
    viewer = entry(root, "/ViewerPreferences")
    structure = structure_of(root)
    return Facts(
        name=name,
        size=len(data),
        repaired=_repaired(pdf),
        version=pdf.pdf_version,
        identified=len(elements(_trailer(pdf, "/ID"))) == 2,
        encrypted=pdf.is_encrypted,
        scripts=scripts,
        actions=tuple(sorted(set(more))),
        automatic=tuple(sorted(set(automatic) - {"GoTo"})),
        attachments=catalogue.attachments_of(root),
        intents=catalogue.intents_of(root),
        xmp=catalogue.metadata_of(root),
        info=catalogue.info_of(pdf),
        language=words(entry(root, "/Lang")),
        title_shown=entry(viewer, "/DisplayDocTitle") is True,
        bookmarks=catalogue.bookmarks_of(root),
        marked=entry(entry(root, "/MarkInfo"), "/Marked") is True,
        structure=structure,
        scaling=words(entry(viewer, "/PrintScaling")),
        duplex=words(entry(viewer, "/Duplex")),
        numbered=structure is None and catalogue.numbers_copies(root),
        layers=len(elements(entry(entry(root, "/OCProperties"), "/OCGs"))),
        fields=catalogue.fields_of(root),
        pages=tuple(pages),
        count=count,
        drawn=_drawn(data, count),
        unread=tuple(budget.unread),
    )


def _trailer(pdf: Pdf, key: str) -> Any:
    try:
        return pdf.trailer.get(key)
    except BROKEN:
        return None


def _repaired(pdf: Pdf) -> tuple[str, ...]:
    """What the reader of the file had to mend, without numbers that differ from run to run."""
    try:
        said = [str(warning) for warning in pdf.get_warnings()]
    except BROKEN:
        return ()
    plain = (re.sub(r"<_io[^>]*>[:, ]*", "", one)[:160] for one in said[:200])
    return tuple(dict.fromkeys(plain))[:10]


def _drawn(data: bytes, count: int) -> bool:
    """Whether another reader opens the file with as many pages."""
    from briefing.pdf import pdfium

    try:
        return pdfium.count_pages(data) == count
    except pdfium.PdfiumError:
        return False


def _page(page: Any, index: int, budget: StepBudget, known: dict[tuple[int, int], Font]) -> PageFacts:
    boxes = {
        name: box
        for name in ("crop", "bleed", "trim", "art")
        if (box := _box(_inherited(page, "/CropBox") if name == "crop" else entry(page, f"/{name.title()}Box")))
    }
    media = _box(_inherited(page, "/MediaBox")) or _SHEET
    crop = boxes.get("crop") or media
    trim, bleed = boxes.get("trim") or crop, boxes.get("bleed") or crop
    unit = number(entry(page, "/UserUnit"), 1.0) or 1.0
    resources = _inherited(page, "/Resources")
    painted = paint(page, resources, trim, bleed, unit, budget)
    group = entry(entry(page, "/Group"), "/CS")
    if group is not None:
        painted.group(group, resources)
    return PageFacts(
        number=index,
        media=media,
        boxes=boxes,
        rotation=whole(_inherited(page, "/Rotate")) % 360,
        unit=unit,
        paints=painted.told_paints(),
        lines=painted.told_lines(),
        images=tuple(painted.images),
        fonts=tuple(dict.fromkeys(_font(font, known) for font in painted.fonts.values() if font is not None)),
        effects=painted.told_effects(),
        annotations=_annotations(page, trim, bleed),
        tabs=words(entry(page, "/Tabs")),
        untagged=painted.untagged,
        missing=tuple(painted.lacking),
    )


def _inherited(page: Any, key: str) -> Any:
    """An entry of a page or of its parents (ISO 32000-1, 7.7.3.4)."""
    for _ in range(_PARENTS):
        found = entry(page, key)
        if found is not None:
            return found
        page = entry(page, "/Parent")
        if page is None:
            break
    return None


def _box(value: Any) -> Box | None:
    """A rectangle with its corners in order; none where it is none, or has no area."""
    edges = numbers(value, 4)
    if len(edges) != 4:
        return None
    box = ordered(edges)
    return box if box[0] < box[2] and box[1] < box[3] else None


def _annotations(page: Any, trim: Box, bleed: Box) -> tuple[PageAnnotation, ...]:
    found = []
    for one in elements(entry(page, "/Annots"), MAX_ANNOTATIONS):
        if not isinstance(one, Dictionary):
            continue
        box = _box(entry(one, "/Rect"))
        actions = catalogue.kinds_of(entry(one, "/A"))
        if (more := entry(one, "/AA")) is not None:
            actions += [kind for key in "EXDUFoBl" for kind in catalogue.kinds_of(entry(more, "/" + key))]
        where = zone(box, trim, bleed) if box else Zone.SLUG
        contents = words(entry(one, "/Contents"))[:500]
        tagged = entry(one, "/StructParent") is not None
        flags = whole(entry(one, "/F"))
        found.append(PageAnnotation(words(entry(one, "/Subtype")), box, where, flags, contents, tuple(actions), tagged))
    return tuple(found)


def _font(font: Any, known: dict[tuple[int, int], Font]) -> Font:
    key = identity(font)
    if key == (0, 0) or key not in known:
        known[key] = _read_font(font)
    return known[key]


def _read_font(font: Any) -> Font:
    kind = words(entry(font, "/Subtype")) or "unknown"
    below = elements(entry(font, "/DescendantFonts"), 1)
    descriptor = entry(below[0] if below else font, "/FontDescriptor")
    name = words(entry(font, "/BaseFont")) or words(entry(font, "/Name"))
    embedded = kind == "Type3" or any(
        entry(descriptor, key) is not None for key in ("/FontFile", "/FontFile2", "/FontFile3")
    )
    plain = _SUBSET.sub("", name)
    return Font(plain[:80], kind, embedded, plain != name, _readable(font, kind))


def _readable(font: Any, kind: str) -> bool:
    """Whether its codes can be turned into letters (ISO 32000-1, 9.10.2)."""
    table = entry(font, "/ToUnicode")
    if table is not None:
        try:
            return b"begincmap" in read_stream(table)
        except TooMuch:
            return True
    encoding = entry(font, "/Encoding")
    if kind in ("Type0", "Type3"):
        return kind == "Type0" and words(encoding) not in ("", "Identity-H", "Identity-V")
    base = words(entry(encoding, "/BaseEncoding")) or words(encoding)
    return base in _NAMED_ENCODINGS or (
        encoding is None and whole(entry(entry(font, "/FontDescriptor"), "/Flags")) & 32 > 0
    )
