"""What blocks that are seen before they are read print beyond their own words: large figures and pull quotes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from markupsafe import Markup

from briefing.content.block_base import BlockBase, Width
from briefing.content.blocks import KeyFigure
from briefing.content.markdown import Citation, parts
from briefing.content.panels import Contents, GaugeBlock, PullFigure, PullQuote, Watch
from briefing.content.scalars import Kind
from briefing.documents.references.numbering import OWN_HEADINGS, Numbering, anchor, listed
from briefing.documents.text_renderer import DAGGER
from briefing.language.amount import ends
from briefing.language.numbers import spoken
from briefing.language.wording import NBSP, Wording

if TYPE_CHECKING:
    from briefing.content.records import Figure
    from briefing.documents.text_renderer import TextRenderer
    from briefing.ledger.ledger import Ledger, LedgerEntry

_CLOSINGS = {"“": "”", "‘": "’", "„": "“”", "«": "»", "‹": "›", "「": "」", "»": "«»"}  # by what opens

LargeFigure = KeyFigure | PullFigure | GaugeBlock

MOST_EM = 8.0  # a number that is wider goes over two lines where it stands in the margin
ICON_EM = 1.5  # the room of an icon beside one
LONG_HALVES = 12  # half ems: a part of a number that is wider may be set smaller than others in its place
SPARE = 1.03  # a width is an estimate
TRACKING = 0.015  # by which its letters are set closer
_WIDE, _TALL, _NARROW = "mwMW%‰@", "ABCDEGHKNOPQRTUVXYZ≈", "iljftrI.,:;’'()|! \u00a0"
_EM = {
    "\u2060": TRACKING,  # which nothing is seen of
    **dict.fromkeys(_NARROW, 0.31),
    **dict.fromkeys(_TALL, 0.65),
    **dict.fromkeys(_WIDE, 0.85),
    **dict.fromkeys("0123456789€$£−+–", 0.52),
}


def large_number(hand: TextRenderer, figure: str) -> dict[str, Any]:
    """A figure that is set large, its qualifier apart from its number, and how much room that takes.

    `em` is its width in parts of its size, and `halves` that of the longest part at which no line may end, in half ems.
    """
    phrase = hand.wording.short(hand.ledger.entries[figure].amount)
    number = hand.unbroken(phrase.number)
    longest = max(map(em_width, number.split(NBSP)))
    return {
        "qualifier": phrase.qualifier,
        "number": number,
        "em": round(em_width(number), 2),
        "halves": math.ceil(2 * SPARE * longest),
    }


def large_figure(hand: TextRenderer, record: LargeFigure, label: str) -> dict[str, Any]:
    """The parts of a figure that is set large above what it counts, whose words are given as they are printed."""
    entry = hand.ledger.entries[record.figure]
    hand.dispute(entry)
    return {
        **large_number(hand, record.figure),
        "holds": holds_unless_in_label(hand.wording, entry.figure, label),
        "marks": "" if marks_in_label(hand.wording, entry, record.label) else hand.entry_marks(entry),
    }


def label_with_marks(wording: Wording, ledger: Ledger, record: LargeFigure) -> str:
    """What a large figure counts; its sources are cited there where their marks would meet those of the label."""
    entry = ledger.entries[record.figure]
    cited = "; ".join(f"@{name}" for name in entry.sources)
    return f"{record.label} [{cited}]" if marks_in_label(wording, entry, record.label) else record.label


def marks_in_label(wording: Wording, entry: LedgerEntry, label: str) -> bool:
    """Whether the marks of a large figure follow those that its label ends with, and are set as one with them."""
    last = [*parts(Kind.TEXT, label)][-1:]
    meets = bool(last) and isinstance(last[0], Citation)
    return meets and not entry.disputed and not holds_unless_in_label(wording, entry.figure, label)


def holds_unless_in_label(wording: Wording, figure: Figure, label: str) -> str:
    """Its interval and of which time it is, which is not said where its label ends with it (“January–May 2024”)."""
    named = spoken(wording.when(figure)) in spoken(label)
    told = "" if named and not figure.standing else wording.holds(figure)
    return "; ".join(part for part in (wording.interval(figure), told) if part)


def quotation_marks(wording: Wording, text: str) -> tuple[str, str]:
    """The marks around the words of a quotation; none where it brings its own around all of them."""
    if _is_quoted_whole(text):
        return "", ""
    return wording.word("quotation", "open"), wording.word("quotation", "close")


def _is_quoted_whole(text: str) -> bool:
    """Whether the mark that a text begins with is closed at its very end and not before."""
    opening, inside = text[:1], text[1:].rstrip(" \u00a0.,;:!?…")
    closings, depth = _CLOSINGS.get(opening, ""), 0
    if not closings or inside[-1:] not in tuple(closings):
        return False
    for at, sign in enumerate(inside[:-1]):
        apostrophe = sign == "’" and (inside[at + 1].isalpha() or "‘" not in inside[at:])
        if sign in closings and not apostrophe:
            depth -= 1
        elif sign == opening:
            depth += 1
        if depth < 0:
            return False
    return True


def _pull_figure(hand: TextRenderer, block: PullFigure, data: dict[str, Any], _: object) -> None:
    data |= {**large_figure(hand, block, data["label"]), "aside": block.place is Width.SIDE}
    data["em"] = round(data["em"] + (ICON_EM if block.icon else 0.0), 2)


def em_width(number: str) -> float:
    """About how wide a number is in bold type, in parts of its size; that of its font is fitted to the house's."""
    return sum(_EM.get(sign, 1.0 if east_asian_width(sign) in "WF" else 0.56) - TRACKING for sign in number)


def _pull_quote(hand: TextRenderer, block: PullQuote, data: dict[str, Any], _: object) -> None:
    data["open"], data["close"] = quotation_marks(hand.wording, block.text)
    data["marks"] = Markup(hand.marks((block.source,)))


def _watch(hand: TextRenderer, block: Watch, data: dict[str, Any], _: object) -> None:
    for item, shown in zip(block.items, data["items"], strict=True):
        shown["date"] = hand.unbroken(hand.wording.date(item.date))


def _gauge(hand: TextRenderer, block: GaugeBlock, data: dict[str, Any], _: object) -> None:
    data |= {**large_figure(hand, block, data["label"]), "aside": block.place is Width.SIDE}
    data["parts"] = _gauge_parts(hand, block.figure)
    told = ends(hand.ledger.entries[block.figure].value)
    data["filled"] = round(max(0.0, min(100.0, float(told[-1]) if told else 0.0)), 2)


def _gauge_parts(hand: TextRenderer, figure: str) -> Markup:
    """The part and the whole of a share, in words, each with a dagger where it is disputed."""
    entries = [hand.ledger.entries[name] for name in hand.ledger.entries[figure].figure.share_of or ()]
    told = []
    for entry, say in zip(entries, (hand.wording.short, hand.wording.long), strict=True):
        hand.dispute(entry)
        dagger = DAGGER if entry.disputed else ""
        told.append(Markup("{}{}").format(hand.unbroken(say(entry.amount).text), dagger))
    return Markup(hand.wording.word("gauge", "parts")).format(part=told[0], whole=told[1])


def _contents(hand: TextRenderer, block: Contents, data: dict[str, Any], _: object) -> None:
    numbers, word = hand.numbering or Numbering(), hand.wording.word
    here = next((index for index, one in numbers.blocks.items() if one is block), -1)
    data["entries"] = [
        {
            "to": anchor(one, index),
            "label": numbers.label(index),
            "heading": hand.spoken(one.heading) if one.heading else word("label", OWN_HEADINGS[type(one)]),
        }
        for index, one in listed(numbers, here)
    ]


MORE: dict[type[BlockBase], Any] = {
    PullFigure: _pull_figure,
    PullQuote: _pull_quote,
    Watch: _watch,
    GaugeBlock: _gauge,
    Contents: _contents,
}
