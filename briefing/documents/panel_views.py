"""What blocks that are seen before they are read print beyond their own words: large figures and pull quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from briefing.content.block_base import BlockBase
from briefing.content.panels import GaugeBlock, PullFigure, PullQuote, Watch
from briefing.language.amount import ends
from briefing.language.wording import NBSP, Wording
from briefing.ledger.ledger import Ledger

if TYPE_CHECKING:
    from briefing.content.records import Figure
    from briefing.documents.text_renderer import TextRenderer

_OPENINGS = ("“", "‘", "„", "«", "‹", "「", "»")


def large_figure(hand: TextRenderer, figure: str, label: str) -> dict[str, Any]:
    """The parts of a figure that is set large above what it counts."""
    entry = hand.ledger.entries[figure]
    phrase = hand.wording.short(entry.amount)
    return {
        "qualifier": phrase.qualifier,
        "number": hand.unbroken(phrase.number),
        "holds": holds_unless_in_label(hand.wording, entry.figure, label),
        "marks": hand.entry_marks(entry),
    }


def holds_unless_in_label(wording: Wording, figure: Figure, label: str) -> str:
    """Its interval and of which time it is, which is not said where its label ends with it (“January–May 2024”)."""
    named = wording.when(figure).replace(NBSP, " ") in label.replace(NBSP, " ")
    told = "" if named and not figure.standing else wording.holds(figure)
    return "; ".join(part for part in (wording.interval(figure), told) if part)


def quotation_marks(wording: Wording, text: str) -> tuple[str, str]:
    """The marks around the words of a quotation; none where it brings its own."""
    if text.startswith(_OPENINGS):
        return "", ""
    return wording.word("quotation", "open"), wording.word("quotation", "close")


def _pull_figure(hand: TextRenderer, block: PullFigure, data: dict[str, Any], _: object) -> None:
    data |= large_figure(hand, block.figure, data["label"])


def _pull_quote(hand: TextRenderer, block: PullQuote, data: dict[str, Any], _: object) -> None:
    data["open"], data["close"] = quotation_marks(hand.wording, block.text)
    data["marks"] = Markup(hand.marks((block.source,)))


def _watch(hand: TextRenderer, block: Watch, data: dict[str, Any], _: object) -> None:
    for item, shown in zip(block.items, data["items"], strict=True):
        shown["date"] = hand.unbroken(hand.wording.date(item.date))


def _gauge(hand: TextRenderer, block: GaugeBlock, data: dict[str, Any], _: object) -> None:
    data |= large_figure(hand, block.figure, data["label"])
    data["parts"] = hand.unbroken(gauge_parts(hand.wording, hand.ledger, block.figure))
    told = ends(hand.ledger.entries[block.figure].value)
    data["filled"] = round(max(0.0, min(100.0, float(told[-1]) if told else 0.0)), 2)


def gauge_parts(wording: Wording, ledger: Ledger, figure: str) -> str:
    """The part and the whole of a share, in words."""
    part, whole = (ledger.entries[name].amount for name in ledger.entries[figure].figure.share_of or ())
    return wording.word("gauge", "parts").format(part=wording.short(part).text, whole=wording.long(whole).text)


MORE: dict[type[BlockBase], Any] = {PullFigure: _pull_figure, PullQuote: _pull_quote, Watch: _watch, GaugeBlock: _gauge}
