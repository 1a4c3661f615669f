"""What a page adds to the texts of its blocks: what leads a takeaway, sources, and the stops that terms lack."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from markupsafe import Markup

from briefing.content.block_base import BlockBase
from briefing.content.blocks import KeyFigures, Recommendations, Table, Takeaway, Takeaways
from briefing.content.markdown import Citation, parts
from briefing.content.panels import GaugeBlock, PullFigure
from briefing.content.scalars import Kind, Record
from briefing.documents.panel_views import LargeFigure, label_with_marks, large_number
from briefing.documents.tables.marks import with_shared_marks

if TYPE_CHECKING:
    from briefing.documents.text_renderer import TextRenderer
    from briefing.ledger.ledger import Ledger

AnyBlock = TypeVar("AnyBlock", bound=BlockBase)
AnyRecord = TypeVar("AnyRecord", bound=Record)


def finished(hand: TextRenderer, block: AnyBlock, as_list: bool = False) -> AnyBlock:
    """A block with what its page adds to its texts: the sources of what leads them, and the stops that they lack.

    A table has its source marks where they stand on the page, which may set it `as_list`.
    """
    if isinstance(block, Table):
        return with_shared_marks(block, hand.ledger, as_list)
    if isinstance(block, Takeaways):
        return _with_items(block, (_sourced(item, hand.ledger) for item in block.items))
    if isinstance(block, KeyFigures):
        return _with_items(block, (_labelled(hand, item) for item in block.items))
    if isinstance(block, PullFigure | GaugeBlock):
        return _labelled(hand, block)
    if isinstance(block, Recommendations):
        terms = ("by", "means", "measure")
        stopped = ({key: getattr(item, key) + stop_after(getattr(item, key)) for key in terms} for item in block.items)
        return _with_items(block, (item.model_copy(update=new) for item, new in zip(block.items, stopped, strict=True)))
    return block


def stop_after(text: str | None) -> str:
    """The full stop that a text lacks before what follows it on its line."""
    return "" if not text or text.rstrip('*_"”’)').endswith((".", "!", "?", "…", ":", ";")) else "."


def source_line(hand: TextRenderer, data: dict[str, Any], ids: tuple[str, ...]) -> None:
    """What stands below a picture or a table of the sources of all that it shows."""
    data["source_word"] = hand.wording.word("label", "sources" if len(ids) > 1 else "source")
    data["numbers"] = Markup(hand.marks(ids, level=True)) if ids else None


def led_items(hand: TextRenderer, block: Takeaways, data: dict[str, Any], _: object) -> None:
    """What leads an item stands apart from its sentence."""
    for item, shown in zip(block.items, data["items"], strict=True):
        if isinstance(item, Takeaway):
            shown |= {"qualifier": "", "number": "", "em": 0.0, "halves": 0, "disputed": False}
        if isinstance(item, Takeaway) and item.figure:
            entry = hand.ledger.entries[item.figure]
            shown |= {**large_number(hand, item.figure), "disputed": entry.disputed}
            hand.dispute(entry)
    data["led"] = block.led


def _labelled(hand: TextRenderer, record: AnyRecord) -> AnyRecord:
    """A large figure with the marks of its sources in its label, where they would meet others."""
    new = {}
    if isinstance(record, LargeFigure):
        new["label"] = label_with_marks(hand.wording, hand.ledger, record)
    return record.model_copy(update=new)


def _with_items(block: AnyBlock, items: Iterable[object]) -> AnyBlock:
    return block.model_copy(update={"items": tuple(items)})


def _sourced(item: str | Takeaway, ledger: Ledger) -> str | Takeaway:
    sources = ledger.entries[item.figure].sources if isinstance(item, Takeaway) and item.figure else ()
    if isinstance(item, str):
        return item
    marks = (part for part in parts(Kind.TEXT, item.text) if isinstance(part, Citation))
    if {source for mark in marks for source in mark.ids}.issuperset(sources):
        return item  # whose author has said where they belong
    ending = _ENDING.search(item.text)
    cited = [*sources, *(re.findall("[a-z0-9-]+", ending[1]) if ending and ending[1] else ())]
    said, stop = (item.text[: ending.start()], ending[2]) if ending else (item.text, "")
    text = f"{said} [{'; '.join(f'@{source}' for source in dict.fromkeys(cited))}]{stop}"
    return item.model_copy(update={"text": text})


_ENDING = re.compile(r"\s*(?:\[(@[^\]]*)\])?([.!?]?)$")  # the citation and the stop that a sentence ends with
