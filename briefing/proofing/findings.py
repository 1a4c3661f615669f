"""What the finished pages lack, told at the content that asked for it: proofs in, findings out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from briefing.content.briefing import Briefing, walk_printed_strings
from briefing.findings import ContentPath, Finding, error, warning

if TYPE_CHECKING:
    from briefing.proofing.comparison import Discrepancy
    from briefing.proofing.proof import Proof

_LOOK = "something covers it, cuts it off or gives it the colour of what lies behind: look at the page and its styles"


def format_findings(proofs: Iterable[Proof], briefing: Briefing) -> Iterator[Finding]:
    """What was noticed on the pages."""
    for made in proofs:
        yield from made.findings
        for character in made.lacking:
            yield from _lacking(character, made.document, briefing)
        yield from (_amiss(one, made.title) for one in made.amiss)
        if made.faint:
            from briefing.proofing.photocopy import judge  # and with it what draws pages

            yield from judge.format_findings(made.faint, made.title)


def _lacking(character: str, document: str, briefing: Briefing) -> Iterator[Finding]:
    """A character that no font has, told at each text that holds it."""
    paths = [path for path, _, text in walk_printed_strings(briefing) if character in text]
    mine = [path for path in paths if path[0] not in Briefing.DOCUMENTS or path[0] == document]
    places = [ContentPath(path, character=character) for path in mine] or [ContentPath((document,), key=True)]
    for at in places:
        yield error(
            "glyph-missing",
            f"no font of the page has “{character}” (U+{ord(character):04X})",
            at,
            "write it with other letters, or leave it out",
        )


_AMISS = {
    "text-lost": ("“{text}” does not stand in the {title}", "the typesetter or a template has dropped it"),
    "text-moved": ("“{text}” stands in the {title} out of its order", "a template has moved it"),
    "text-hidden": ("“{text}” stands on {page} of the {title}, and cannot be seen whole there", _LOOK),
    "text-overlap": ("“{text}” and other words stand on each other on {page} of the {title}", _LOOK),
    "text-small": ("“{text}” is set too small to be read on {page} of the {title}", _LOOK),
    "text-turned": ("“{text}” does not stand upright on {page} of the {title}", _LOOK),
    "mark-lost": ("the bullet or number of “{text}” is not to be seen on {page} of the {title}", _LOOK),
    "text-surplus": ("{page} of the {title} says “{text}”, which the content does not", "a template has added it"),
    "picture-lost": ("the picture “{text}” is not in the {title}", "the typesetter or a template has dropped it"),
    "picture-hidden": ("the picture “{text}” on {page} of the {title} cannot be seen whole", _LOOK),
    "picture-size": ("the picture “{text}” on {page} of the {title} has not the size that it was asked for", _LOOK),
    "label-lost": ("the picture on {page} of the {title} does not show “{text}”", "give the picture more room"),
    "head-lost": ("“{text}” is not to be seen at the edge of {page} of the {title}", "look at the page style"),
}


def _amiss(one: Discrepancy, title: str) -> Finding:
    """What a page does not show, told at the content that asked for it."""
    message, hint = _AMISS[one.code]
    text = one.text if len(one.text) <= 90 else one.text[:88] + "…"
    page = "no page" if one.page is None else f"page {one.page + 1}"
    make = warning if one.code == "text-surplus" else error
    said = message.format(text=text, page=page, title=title.lower())
    return make(one.code, said[:1].upper() + said[1:], one.path, hint, one.block)
