"""What a print shop asks of a document: the printing condition with its profile, the bleed, and the slug line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from briefing.design.outputs import Output
from briefing.design.tokens import INK_LIMIT, PROFILE, Tokens, read_tokens
from briefing.documents import html
from briefing.documents.document import DocumentView
from briefing.findings import Refused, error
from briefing.finishing.context import PrintingCondition, Recipe
from briefing.language.wording import Wording
from briefing.pdf.geometry import PT_PER_MM
from briefing.preflight.rule import Limits
from briefing.preflight.rule_sets import LIMITS

CONDITION = "FOGRA39"  # offset on coated paper: what European and many other print shops take unasked
MAX_BYTES = 10_000_000  # of a profile: the largest take four
BLEED_MM = 3.0  # what sheet-fed printers ask for
SLUG_PT = 7.5


def printing_condition_of(
    templates: Path,
    profile: bytes | None = None,
    condition: str = CONDITION,
    bleed_mm: float = BLEED_MM,
    ink_limit: float = INK_LIMIT,
) -> PrintingCondition:
    """A print shop by its printing condition, as yet without a slug; the house's own profile where none is given.

    Raises `Refused` where a profile is not one of a press.
    """
    if profile is not None and not (profile[12:20] == b"prtrCMYK" and _opens(profile)):
        hint = "ask the print shop for the ICC profile of its printing condition"
        raise Refused([error("profile-unfit", "this is no CMYK profile of a printing condition", hint=hint)])
    found = (templates / PROFILE).read_bytes() if profile is None else profile
    recipes = recipes_of(read_tokens(templates))
    return PrintingCondition(found, condition, recipes, bleed_mm, ink_limit, b"")


def recipes_of(tokens: Tokens) -> Mapping[str, Recipe]:
    """The recipe of each colour of pages; of two for one colour, that of the role that is named first."""
    return {tokens.colour[name]: tokens.cmyk[name] for name in reversed(list(tokens.cmyk))}


def _opens(profile: bytes) -> bool:
    import io

    from PIL import ImageCms

    try:
        ImageCms.getOpenProfile(io.BytesIO(profile))
    except (ImageCms.PyCMSError, OSError):
        return False
    return True


def limits(kind: Output, shop: PrintingCondition | None) -> Limits:
    """The numbers that preflight holds a use to; those of the print shop where there is one."""
    numbers = LIMITS[kind.name]
    if shop is None:
        return numbers
    return replace(numbers, bleed_mm=shop.bleed_mm, ink=shop.ink_limit, condition=shop.condition)


def slug(
    made: DocumentView,
    wording: Wording,
    press: PrintingCondition,
    pages: int,
    templates: Path,
    tokens: Tokens | None = None,
) -> str:
    """The HTML of the line that stands below each page on its press sheet."""
    from briefing.finishing.press.printers_marks import outer_pt  # not loaded where only limits are asked for

    words, paper = wording.words["ticket"], made.paper
    outer_mm = outer_pt(press.bleed_mm) / PT_PER_MM
    shown = {
        "language": made.language,
        "sheet": (paper.width_mm + 2 * outer_mm, paper.height_mm + 2 * outer_mm),
        "outer_mm": outer_mm,
        "size_pt": SLUG_PT,
        "name": made.plain_title,
        "front": made.front,
        "edition": made.words["label"]["edition"].lower(),
        "page": words["slug_page"],
        "pages": pages,
        "trim": f"{words['trim_short']} {paper.width_mm:g} × {paper.height_mm:g} mm · {press.condition}",
    }
    return html.sheet(templates, "press/slug.html.j2", shown, tokens)
