"""Rules for every file: it opens, does nothing by itself, brings its fonts, and can be read on paper."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.findings import Severity
from briefing.pdf.colours import Model
from briefing.preflight.facts import Facts, Zone
from briefing.preflight.rule import Limits, Rule, Violation

PAPERS_MM = {
    "A3": (297.0, 420.0), "A4": (210.0, 297.0), "A5": (148.0, 210.0), "A6": (105.0, 148.0),
    "Letter": (215.9, 279.4), "Legal": (215.9, 355.6), "Tabloid": (279.4, 431.8), "Statement": (139.7, 215.9),
}  # fmt: skip
SAME_MM = 0.1
_SLACK_PT = 0.005  # what rounding in a PDF makes of a number
_TYPE_SLACK_PT = 0.05


def _encrypted(facts: Facts, _: Limits) -> Iterator[Violation]:
    if facts.encrypted:
        yield Violation("the file is encrypted" if not facts.trouble else facts.trouble)


def _damaged(facts: Facts, _: Limits) -> Iterator[Violation]:
    if facts.trouble and not facts.encrypted:
        yield Violation(f"the file cannot be opened: {facts.trouble}")


def _repaired(facts: Facts, _: Limits) -> Iterator[Violation]:
    if facts.repaired:
        yield Violation(f"the file had to be mended to be read ({facts.repaired[0]})", count=len(facts.repaired))
    elif facts.drawn is False and facts.count:
        yield Violation("another reader of PDF finds other pages in the file, or none")


def _unexamined(facts: Facts, _: Limits) -> Iterator[Violation]:
    for reason in facts.unread:
        yield Violation(f"not all of the file was examined: {reason}")


def _scripts(facts: Facts, _: Limits) -> Iterator[Violation]:
    if facts.scripts:
        yield Violation("the file runs JavaScript", count=facts.scripts)


def _actions(facts: Facts, _: Limits) -> Iterator[Violation]:
    kinds = sorted({*facts.actions, *(set(facts.automatic) - {"Named"})} - {"JavaScript"})
    if kinds:
        yield Violation(f"the file starts something by itself or on a click: {', '.join(kinds)}")


def _fonts(facts: Facts, _: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        for font in page.fonts:
            if not font.embedded:
                yield Violation(f"the font {font.name or 'without a name'} is not in the file", page.number)


def _resources(facts: Facts, _: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        for what in page.missing:
            yield Violation(f"the content asks for {what}, which is not in the file", page.number)


def _empty(facts: Facts, _: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        if page.empty:
            yield Violation("nothing is printed on the page", page.number)


def _title(facts: Facts, _: Limits) -> Iterator[Violation]:
    if facts.pages and not facts.xmp.title and not facts.info.get("Title", "").strip():
        yield Violation("the file has no title")


def _type(facts: Facts, limits: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        small = [
            paint
            for paint in page.text
            if paint.zone is Zone.PAGE
            and paint.size < (limits.mark_pt if paint.few else limits.type_pt) - _TYPE_SLACK_PT
        ]
        if small:
            least, count = min(paint.size for paint in small), sum(paint.count for paint in small)
            yield Violation(f"type of {least:g} pt, and no type should be under {limits.type_pt:g}", page.number, count)


def _lines(facts: Facts, limits: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        thin = [line for line in page.lines if line.zone is Zone.PAGE and line.width < limits.line_pt - _SLACK_PT]
        if thin:
            least = min(line.width for line in thin)
            told = f"a line of {least:g} pt, and none should be under {limits.line_pt:g}"
            yield Violation(told, page.number, sum(line.count for line in thin))


def _images(facts: Facts, limits: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        coarse = [
            image.ppi
            for image in page.images
            if not image.stencil and image.bits > 1 and image.zone is Zone.PAGE and image.width_px * image.height_px > 1
            and limits.image_least_ppi <= image.ppi < limits.image_ppi - 0.5
        ]  # fmt: skip
        if coarse:
            told = f"an image has {min(coarse):.0f} pixels per inch as printed, and {limits.image_ppi:.0f} are wanted"
            yield Violation(told, page.number, len(coarse))


def _sizes(facts: Facts, _: Limits) -> Iterator[Violation]:
    sizes = [page.size_mm() for page in facts.pages]
    for page, (width, height) in zip(facts.pages, sizes, strict=True):
        first, second = sizes[0]
        if abs(width - first) > SAME_MM or abs(height - second) > SAME_MM:
            told = f"the page is {width:.1f} × {height:.1f} mm, and the first is {first:.1f} × {second:.1f} mm"
            yield Violation(told, page.number)


def _paper(facts: Facts, _: Limits) -> Iterator[Violation]:
    if facts.pages and ("trim" in facts.pages[0].boxes or "bleed" not in facts.pages[0].boxes):
        width, height = sorted(facts.pages[0].size_mm())
        if not any(abs(width - w) <= SAME_MM and abs(height - h) <= SAME_MM for w, h in PAPERS_MM.values()):
            yield Violation(
                f"the pages are {width:.1f} × {height:.1f} mm, which is no size of paper that is known here"
            )


def _claims(facts: Facts, limits: Limits) -> Iterator[Violation]:
    """Standards that the file says it follows and visibly does not, where the use has no rules for them."""
    said, fonts = facts.xmp, all(font.embedded for page in facts.pages for font in page.fonts)
    tagged = facts.marked and facts.structure is not None and bool(facts.structure.roles)
    if "ua" not in limits.judged and said.pdfua and not (tagged and facts.title_shown and facts.language):
        yield Violation(f"the file says that it is PDF/UA-{said.pdfua}, and lacks tags, a language or a shown title")
    part, level = said.pdfa
    if "a" not in limits.judged and part:
        device = any(
            paint.colour.space.family.startswith("Device") and paint.colour.space.model in (Model.RGB, Model.CMYK)
            for page in facts.pages for paint in page.paints
        )  # fmt: skip
        intended = any(intent.subtype == "GTS_PDFA1" and intent.parts for intent in facts.intents)
        if (device and not intended) or not fonts or facts.encrypted or (level.upper() == "A" and not tagged):
            yield Violation(f"the file says that it is PDF/A-{part}{level.lower()}, and lacks what that asks for")
    if "x" not in limits.judged and said.pdfx:
        boxed = all("trim" in page.boxes or "art" in page.boxes for page in facts.pages)
        intended = any(intent.subtype == "GTS_PDFX" for intent in facts.intents)
        if not (boxed and intended and fonts) or facts.encrypted:
            yield Violation(f"the file says that it is {said.pdfx}, and lacks boxes, fonts or an output intent")


def _attached(facts: Facts, _: Limits) -> Iterator[Violation]:
    for file in facts.attachments:
        yield Violation(f"the file {file.name} is attached")


E, W, N, R = Severity.ERROR, Severity.WARNING, Severity.NOTE, Severity.NOT_RUN
DAMAGED = Rule(
    "pdf-damaged", E, "ISO 32000-1, 7.5", "export the file anew; it may have been cut off on its way", _damaged
)
ENCRYPTED = Rule("pdf-encrypted", E, "ISO 19005-3, 6.1.3; ISO 15930-7",
                 "save it without a password; no archive or press opens locked files", _encrypted)  # fmt: skip
EMPTY = Rule("page-empty", W, "ours", "take the page out, or say on it that it is left empty", _empty)
ATTACHED = Rule("attachment-unwanted", E, "ISO 15930-7; ours",
                "leave attachments to reading copies, whose standard has a place for them", _attached)  # fmt: skip
SOUND = (
    DAMAGED,
    ENCRYPTED,
    Rule("pdf-repaired", W, "ISO 32000-1, 7.5", "export the file anew; other readers may mend it otherwise", _repaired),
    Rule("pdf-unexamined", R, "ours", "make the file smaller or simpler, and look at it again", _unexamined),
    Rule("pdf-script", E, "ISO 19005-3, 6.5.1; ISO 15930-7", "save the file without scripts", _scripts),
    Rule("pdf-action", E, "ISO 19005-3, 6.5.1; ISO 15930-7", "save the file without actions but links", _actions),
    Rule("font-missing", E, "ISO 32000-1, 9.9; ISO 14289-1, 7.21.4.1; ISO 15930-7",
         "embed all fonts; another machine would print other letters", _fonts),
    Rule("resource-missing", E, "ISO 32000-1, 7.8.3", "export the file anew; it prints with gaps", _resources),
    Rule("title-missing", E, "ISO 14289-1, 7.1; ISO 15930-7", "give the document a title", _title),
    Rule("type-small", W, "ours", "set it larger", _type),
    Rule("line-thin", W, "ours", "draw it thicker; thin lines break up on paper", _lines),
    Rule("image-coarse", W, "ours", "use a larger image, or print it smaller", _images),
    Rule("page-sizes-differ", E, "ISO 32000-1, 14.11.2; ours", "give all pages one size", _sizes),
    Rule("paper-unknown", W, "ISO 216; ANSI Y14.1; ours", "check the size of the page", _paper),
    Rule("claim-false", E, "ISO 14289-1, 5; ISO 19005-3, 6.6.4; ISO 15930-7",
         "make the file what it says, or take the mark out of its metadata", _claims),
)  # fmt: skip
