"""Rules for a print shop: PDF/X-4 (ISO 15930-7), and what offset printing asks for beyond it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from briefing.findings import Severity
from briefing.pdf.colours import Colour, Model
from briefing.preflight.facts import Facts, PageFacts, Paint, Zone
from briefing.preflight.rule import Limits, Rule, Violation

REGISTRY = "color.org"
_NEAR_PT = 0.03  # a hundredth of a millimetre
_BLACK = 0.8  # of the black plate: what is meant as black
_MARKS = frozenset({"PrinterMark", "TrapNet"})
_PROCESS = frozenset({Model.GREY, Model.CMYK, Model.REGISTRATION, Model.NOTHING, Model.PATTERN})


def _trim(facts: Facts, _: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        if "trim" not in page.boxes:
            yield Violation("the page does not say where it is cut (TrimBox)", page.number)


def _bleed(facts: Facts, _: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        if "bleed" not in page.boxes:
            yield Violation("the page does not say how far it bleeds (BleedBox)", page.number)


def _nested(facts: Facts, _: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        order = [name for name in ("trim", "bleed", "crop", "media") if name in page.boxes or name == "media"]
        for inner, outer in itertools.pairwise(order):
            if not _within(page.box(inner), page.box(outer)):
                yield Violation(f"the {inner} box reaches beyond the {outer} box", page.number)
        if "art" in page.boxes and "trim" in page.boxes:
            yield Violation("the page has both a trim box and an art box", page.number)


def _within(inner: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    lower = all(inner[i] >= outer[i] - _NEAR_PT for i in (0, 1))
    return lower and all(inner[i] <= outer[i] + _NEAR_PT for i in (2, 3))


def _narrow(facts: Facts, limits: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        trim, bleed = page.box_mm("trim"), page.box_mm("bleed")
        least = min(trim[0] - bleed[0], trim[1] - bleed[1], bleed[2] - trim[2], bleed[3] - trim[3])
        if {"trim", "bleed"} <= page.boxes.keys() and -0.01 <= least < limits.bleed_mm - 0.05:
            yield Violation(
                f"the page bleeds by {max(0.0, least):.1f} mm, and {limits.bleed_mm:g} are wanted", page.number
            )


def _coloured(facts: Facts, model: Model) -> Iterator[Violation]:
    for page in facts.pages:
        painted = [(paint.use.value, paint.count) for paint in page.paints if paint.colour.space.model is model]
        painted += [("image", 1) for image in page.images if image.space.model is model]
        if painted:
            uses = ", ".join(dict.fromkeys(use for use, _ in painted))
            yield Violation(f"{model.value} is used ({uses})", page.number, sum(count for _, count in painted))


def _rgb(facts: Facts, _: Limits) -> Iterator[Violation]:
    yield from _coloured(facts, Model.RGB)


def _lab(facts: Facts, _: Limits) -> Iterator[Violation]:
    yield from _coloured(facts, Model.LAB)


def _spot(facts: Facts, _: Limits) -> Iterator[Violation]:
    yield from _coloured(facts, Model.SPOT)


def _strange(facts: Facts, _: Limits) -> Iterator[Violation]:
    yield from _coloured(facts, Model.UNKNOWN)


def _cmyk(paint: Paint) -> tuple[float, float, float, float] | None:
    """The inks of a paint on a sheet that is kept; marks outside it may be anything."""
    return paint.colour.inks if paint.zone is not Zone.SLUG else None


def _rich(facts: Facts, _: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        found = [(paint, inks) for paint in page.text if (inks := _cmyk(paint)) and inks[3] >= _BLACK and any(inks[:3])]
        if found:
            said = f"black text is printed in {_told(found[0][0].colour)}"
            yield Violation(said, page.number, sum(paint.count for paint, _ in found))


def _told(colour: Colour) -> str:
    inks = colour.inks or (0.0,) * 4
    return " ".join(f"{name}{100 * value:.0f}" for name, value in zip("CMYK", inks, strict=True) if value)


def _small(facts: Facts, limits: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        found = [
            paint
            for paint in page.text
            if paint.size < limits.small_text_pt
            and (inks := _cmyk(paint))
            and sum(value > 0 for value in inks) > limits.small_text_inks
            and inks[3] < _BLACK  # black in other inks is told by itself
        ]
        if found:
            least = min(found, key=lambda paint: paint.size)
            said = f"type of {least.size:g} pt is printed in {_told(least.colour)}"
            yield Violation(said, page.number, sum(paint.count for paint in found))


def _white(facts: Facts, _: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        found = [paint for paint in page.paints if paint.overprint and _cmyk(paint) == (0.0, 0.0, 0.0, 0.0)]
        if found:
            said = f"white overprints and vanishes ({found[0].use.value})"
            yield Violation(said, page.number, sum(paint.count for paint in found))


def _knockout(facts: Facts, _: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        count = sum(p.count for p in page.text if _cmyk(p) == (0.0, 0.0, 0.0, 1.0) and not _overprints(p))
        if count:
            yield Violation("black text does not overprint", page.number, count)


def _overprints(paint: Paint) -> bool:
    """Grey knocks the other plates out whatever the mode (ISO 32000-1, 11.7.4.3)."""
    return paint.overprint and (
        paint.colour.space.inks == ("Black",) or (paint.colour.space.family == "DeviceCMYK" and paint.mode == 1)
    )


def _registration(facts: Facts, _: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        count = sum(
            p.count for p in page.paints if p.colour.space.model is Model.REGISTRATION and p.zone is not Zone.SLUG
        )
        if count and {"trim", "bleed"} <= page.boxes.keys():
            yield Violation("the colour of register marks is used inside the bleed", page.number, count)


def _line_art(facts: Facts, limits: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        coarse = [
            image.ppi
            for image in page.images
            if (image.stencil or image.bits == 1) and image.zone is Zone.PAGE and image.ppi < limits.line_art_ppi - 0.5
            and image.width_px * image.height_px > 1
        ]  # fmt: skip
        if coarse:
            said = (
                f"an image of one bit has {min(coarse):.0f} pixels per inch, and {limits.line_art_ppi:.0f} are wanted"
            )
            yield Violation(said, page.number, len(coarse))


def _blurred(facts: Facts, limits: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        poor = [
            image.ppi
            for image in page.images
            if not image.stencil and image.bits > 1 and image.zone is Zone.PAGE and image.width_px * image.height_px > 1
            and image.ppi < limits.image_least_ppi
        ]  # fmt: skip
        if poor:
            yield Violation(f"an image has only {min(poor):.0f} pixels per inch as printed", page.number, len(poor))


def _ink(facts: Facts, limits: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        if page.ink is not None and page.ink.most is not None and page.ink.most > limits.ink + 0.5:
            said = f"{page.ink.most:.0f} % of ink lie on one spot, and the paper takes {limits.ink:.0f}"
            yield Violation(said, page.number)


def _unmeasured(facts: Facts, _: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        if page.ink is not None and page.ink.most is None and not facts.unread and not _off_colour(page):
            yield Violation(f"the ink was not measured: {page.ink.why_not}", page.number)


def _off_colour(page: PageFacts) -> bool:
    """Whether the page has colours about which other rules speak."""
    spaces = [paint.colour.space for paint in page.paints] + [image.space for image in page.images]
    return any(space.model not in _PROCESS for space in spaces)


def _identified(facts: Facts, _: Limits) -> Iterator[Violation]:
    version = facts.xmp.pdfx or facts.info.get("GTS_PDFXVersion", "")
    if version not in ("PDF/X-4", "PDF/X-4p"):
        yield Violation(f"the file {f'says that it is {version}' if version else 'does not say that it is PDF/X'}"
                   ", and PDF/X-4 is wanted")  # fmt: skip


def _described(facts: Facts, _: Limits) -> Iterator[Violation]:
    said = facts.xmp
    wanted = {
        "a date of creation": said.created,
        "a date of change": said.modified,
        "a date of the metadata": said.stamped,
        "a document identifier": said.document,
        "a version": said.version,
        "a class of rendition": said.rendition,
        "whether it is trapped": said.trapped or facts.info.get("Trapped", ""),
    }
    missing = [name for name, value in wanted.items() if not value]
    if said.pdfx and missing:  # without its mark that is told, and not all of this
        yield Violation(f"the metadata lack {', '.join(missing)}")


def _intent(facts: Facts, _: Limits) -> Iterator[Violation]:
    if not any(intent.subtype == "GTS_PDFX" for intent in facts.intents):
        yield Violation("nothing says for which printing condition the colours are meant")


def _condition(facts: Facts, limits: Limits) -> Iterator[Violation]:
    for intent in facts.intents:
        if intent.subtype != "GTS_PDFX":
            continue
        if intent.identifier != limits.condition or REGISTRY not in intent.registry:
            named = f"{intent.identifier or 'nothing'} of {intent.registry or 'no registry'}"
            yield Violation(f"the output intent names {named}, and {limits.condition} of {REGISTRY} is wanted")
        elif intent.parts != 4 or intent.kind not in ("CMYK", ""):
            yield Violation("the output intent has no profile of a CMYK press")


def _annotations(facts: Facts, _: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        kinds = [a.subtype for a in page.annotations if a.subtype not in _MARKS and a.zone is not Zone.SLUG]
        if kinds:
            yield Violation(f"{', '.join(dict.fromkeys(kinds))} laid over the printed page", page.number, len(kinds))


def _transparency(facts: Facts, _: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        kinds = [f"{one.kind} {one.detail}" for one in page.effects if one.kind != "alpha"]
        if kinds:
            count = sum(one.count for one in page.effects if one.kind != "alpha")
            yield Violation(f"transparency that presses render differently: {', '.join(kinds)}", page.number, count)


def _folded(facts: Facts, _: Limits) -> Iterator[Violation]:
    if facts.count > 2 and facts.count % 4:
        yield Violation(f"{facts.count} pages are no multiple of four: a folded brochure would have empty pages")


def _duplex(facts: Facts, _: Limits) -> Iterator[Violation]:
    if facts.count > 1 and facts.count % 2:
        yield Violation(f"{facts.count} pages leave the back of the last sheet empty")


def _preset(facts: Facts, _: Limits) -> Iterator[Violation]:
    if facts.pages and (facts.scaling != "None" or (facts.count > 1 and not facts.duplex.startswith("Duplex"))):
        yield Violation("the print dialog is not preset to actual size and both sides")


def _sides(facts: Facts, _: Limits) -> Iterator[Violation]:
    if facts.count % 2:
        yield Violation(f"{facts.count} sides: each sheet of a booklet has two")


E, W, N, R = Severity.ERROR, Severity.WARNING, Severity.NOTE, Severity.NOT_RUN
_CMYK = "let the press use be made from the content; it converts colours by recipe"
PRESS = (
    Rule("trim-missing", E, "ISO 15930-7; ISO 32000-1, 14.11.2", "export it with trim and bleed", _trim),
    Rule("bleed-missing", E, "ISO 15930-7; ours", "export it with trim and bleed", _bleed),
    Rule("boxes-nested", E, "ISO 15930-7; ISO 32000-1, 14.11.2", "let trim lie in bleed, bleed in the sheet", _nested),
    Rule("bleed-narrow", E, "ours", "let what reaches the edge reach beyond it", _narrow),
    Rule("colour-rgb", E, "ours; ISO 15930-7", _CMYK, _rgb),
    Rule("colour-lab", E, "ours; ISO 15930-7", _CMYK, _lab),
    Rule("colour-spot", E, "ours; ISO 15930-7", "ask the print shop, or use the four inks", _spot),
    Rule("colour-unknown", W, "ours; ISO 15930-7", _CMYK, _strange),
    Rule("text-rich-black", E, "ours", "print black text in black only, or it blurs", _rich),
    Rule("text-inks", W, "ours", "print small type in one ink, or set it larger", _small),
    Rule("white-overprint", E, "ISO 32000-1, 8.6.7", "take overprinting off white", _white),
    Rule("black-knockout", W, "ISO 32000-1, 8.6.7; ours", "let black text overprint, in CMYK and mode 1", _knockout),
    Rule("registration-inside", E, "ISO 32000-1, 8.6.6.4", "use it for marks outside the bleed only", _registration),
    Rule("line-art-coarse", W, "ours", "use a drawing, or a larger image", _line_art),
    Rule("image-blurred", E, "ours", "use a larger image, or print it smaller", _blurred),
    Rule("ink-over", E, "ours: coated paper", "make the picture lighter, or replace colour by black", _ink),
    Rule("ink-unmeasured", R, "ours", "ask the print shop to measure it", _unmeasured),
    Rule("exchange-unsaid", E, "ISO 15930-7", "export the file as PDF/X-4", _identified),
    Rule("exchange-metadata", E, "ISO 15930-7", "export the file as PDF/X-4", _described),
    Rule("intent-missing", E, "ISO 15930-7; ISO 32000-1, 14.11.5", "export the file as PDF/X-4", _intent),
    Rule("intent-wrong", E, "ISO 15930-7; ISO 32000-1, 14.11.5", "export it for the press that prints it", _condition),
    Rule("annotation-inside", E, "ISO 15930-7", "take links and remarks out of the press file", _annotations),
    Rule("transparency-mixed", W, "ISO 32000-1, 11; ours", "flatten it, or draw it without", _transparency),
    Rule("pages-unfolded", N, "ours", "add or drop pages if it will be folded; single sheets need not", _folded),
)  # fmt: skip
OFFICE = (
    Rule("pages-odd", W, "ours", "add or drop a page", _duplex),
    Rule("print-preset-missing", W, "ISO 32000-1, 12.2", "preset PrintScaling /None and Duplex", _preset),
)
BOOKLET = (Rule("sides-odd", E, "ours", "impose the pages anew", _sides),)
