"""What blocks that are seen before they are read ask of their page: large figures and pull quotes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from briefing.content.block_base import BlockBase
from briefing.content.markdown import lines
from briefing.content.panels import Contents, GaugeBlock, PullFigure, PullQuote, Watch
from briefing.content.scalars import Kind
from briefing.documents.panel_views import (
    LargeFigure,
    holds_unless_in_label,
    label_with_marks,
    marks_in_label,
    quotation_marks,
)
from briefing.documents.references.numbering import OWN_HEADINGS, Numbering, anchor, listed
from briefing.proofing.asked_strings import AskedBlock, ExpectedString, without_signs


def large_number(page: AskedBlock, figure: str, dagger: str, *at: str | int) -> ExpectedString:
    """A number that stands large behind its qualifier, and a dagger where it is disputed."""
    reader, entry = page.reader, page.reader.ledger.entries[figure]
    phrase = reader.wording.short(entry.amount)
    reader.dispute(entry)
    words = f"{phrase.qualifier} {phrase.number}" if phrase.qualifier else phrase.number
    return page.own(f"\ue000{entry.id}\ue001{words}{dagger * entry.disputed}", *at, "figure")


def large_label(page: AskedBlock, record: LargeFigure) -> str:
    """What a large figure counts, with the marks of both where they meet."""
    written = label_with_marks(page.reader.wording, page.reader.ledger, record)
    return " ".join(lines(Kind.TEXT, written, page.reader))


def large_figure(page: AskedBlock, record: LargeFigure, label: str, *at: str | int) -> Iterator[ExpectedString]:
    """A figure above what it counts, its date and its marks."""
    reader, entry = page.reader, page.reader.ledger.entries[record.figure]
    yield large_number(page, record.figure, "", *at)
    said = marks_in_label(reader.wording, entry, record.label)
    marks = "" if said else reader.marks(entry.sources, entry.disputed)
    if holds := holds_unless_in_label(reader.wording, entry.figure, without_signs(label)):
        yield page.own(label, *at, "label")
        yield page.own(f"{holds}{marks}", *at, "figure")
    else:
        yield page.own(label + marks, *at, "label")


def _pull_figure(page: AskedBlock, block: PullFigure) -> Iterator[ExpectedString]:
    yield from large_figure(page, block, large_label(page, block))


def _pull_quote(page: AskedBlock, block: PullQuote) -> Iterator[ExpectedString]:
    reader = page.reader
    opened, closed = quotation_marks(reader.wording, block.text)
    text, who = ("".join(lines(Kind.TEXT, said, reader)) for said in (block.text, block.by))
    role = "".join(lines(Kind.TEXT, block.role, reader)) if block.role else ""
    yield page.own(f"{opened}{text}{closed}", "text")
    yield page.own(", ".join(filter(None, (who, role))) + reader.marks((block.source,)), "by")


def _watch(page: AskedBlock, block: Watch) -> Iterator[ExpectedString]:
    yield from page.said(block.text, "text")
    for number, item in enumerate(block.items):
        yield page.own(page.reader.wording.date(item.date), "items", number, "date")
        yield from page.said(item.text, "items", number, "text")


def _gauge(page: AskedBlock, block: GaugeBlock) -> Iterator[ExpectedString]:
    yield from large_figure(page, block, large_label(page, block))
    reader, entries = page.reader, page.reader.ledger.entries
    part, whole = (entries[name] for name in entries[block.figure].figure.share_of or ())
    reader.dispute(part)
    reader.dispute(whole)
    phrases = (reader.wording.short(part.amount), reader.wording.long(whole.amount))
    both = zip((part, whole), phrases, strict=True)
    said = [f"\ue000{one.id}\ue001{phrase.text}{'†' * one.disputed}" for one, phrase in both]
    yield page.own(reader.wording.word("gauge", "parts").format(part=said[0], whole=said[1]), "figure")


def _contents(page: AskedBlock, _: Contents) -> Iterator[ExpectedString]:
    reader, numbers = page.reader, page.reader.numbering or Numbering()
    for index, one in listed(numbers, int(page.path[2])):
        heading = reader.spoken(one.heading) if one.heading else reader.word(OWN_HEADINGS[type(one)])
        label = f"{numbers.label(index)}. " if numbers.label(index) else ""
        yield page.own(f"{label}{heading} {reader.begins.get(anchor(one, index), '')}".strip())


SAY: dict[type[BlockBase], Callable[[AskedBlock, Any], Iterator[ExpectedString]]] = {
    PullFigure: _pull_figure,
    PullQuote: _pull_quote,
    Watch: _watch,
    GaugeBlock: _gauge,
    Contents: _contents,
}
