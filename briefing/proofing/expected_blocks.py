"""What each kind of block asks of its page, told from its record and not from the page source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from briefing.content.blocks import (
    BlockBase,
    BottomLine,
    Box,
    ChartBlock,
    Contested,
    GlossaryBlock,
    ImageBlock,
    Imprint,
    KeyFigures,
    MapBlock,
    Method,
    Options,
    ProseBlock,
    Questions,
    Recommendations,
    Report,
    SourcesBlock,
    Takeaways,
    Timeline,
)
from briefing.content.markdown import lines
from briefing.content.panels import Contents
from briefing.content.records import Source
from briefing.content.scalars import Kind
from briefing.documents.block_views import (
    TYPED,
    chart_alt_text,
    chart_sources,
    credited,
    host_of,
    map_alt_text,
    qr_picture,
)
from briefing.documents.ended_texts import finished, stop_after
from briefing.documents.partners import STRIP
from briefing.documents.references.numbering import OWN_HEADINGS
from briefing.language.amount import Amount
from briefing.ledger.ledger import LedgerEntry
from briefing.ledger.reading_days import days_said_once, span_of
from briefing.proofing import expected_panels, expected_tables
from briefing.proofing.asked_strings import (
    AskedBlock,
    ExpectedString,
    PlainReader,
    as_head,
    asked_string,
    issue_of,
)

_HEADS: dict[type[BlockBase], str] = {
    **OWN_HEADINGS,
    Contents: "contents",
}  # which the content may leave to the program's own words


def heading(page: AskedBlock, block: BlockBase) -> Iterator[ExpectedString]:
    """The heading of a block, where it has one."""
    if isinstance(block, Imprint):
        return
    if block.heading or page.label:
        yield from page.numbered(page.label, page.said(block.heading, "heading"), "heading")
    elif type(block) in _HEADS:
        yield page.word(_HEADS[type(block)])


def _text(page: AskedBlock, block: ProseBlock | BottomLine | Method | Box) -> Iterator[ExpectedString]:
    if isinstance(block, Box) and block.later:
        yield page.word("later")
    yield from page.said(block.text, "text", kind=Kind.PROSE)
    yield from page.below(block.notes)


def _takeaways(page: AskedBlock, block: Takeaways) -> Iterator[ExpectedString]:
    for number, item in enumerate(finished(page.reader, block).items):
        before = "" if block.led else str(number + 1)
        if isinstance(item, str):
            yield from page.said(item, "items", number, before=before)
            continue
        if item.figure:
            yield expected_panels.large_number(page, item.figure, "†", "items", number)
        yield from page.said(item.lead, "items", number, "lead")
        yield from page.said(item.text, "items", number, "text", before=before)


def _key_figures(page: AskedBlock, block: KeyFigures) -> Iterator[ExpectedString]:
    labels = [expected_panels.large_label(page, item) for item in block.items]
    for number, (item, label) in enumerate(zip(block.items, labels, strict=True)):
        yield from expected_panels.large_figure(page, item, label, "items", number)


def _chart(page: AskedBlock, block: ChartBlock) -> Iterator[ExpectedString]:
    reader, chart = page.reader, page.reader.briefing.charts[block.chart]
    there = AskedBlock(reader, ("charts", block.chart), page.block, page.picture, page.document)
    title, subtitle = (
        [*page.numbered(page.title_label, there.said(chart.title, "title"))],
        [*there.said(chart.subtitle, "subtitle")],
    )
    sources = chart_sources(reader.ledger, chart)
    note = [*there.said(chart.note, "note", after=stop_after(chart.note) if sources or chart.map else "")]
    alt = asked_string(chart_alt_text(reader, chart), (*there.path, "alt"), page.block, page.picture)
    for datum in chart.data:
        if datum.figure:
            reader.dispute(reader.ledger.entries[datum.figure])
    yield from [*title, *subtitle, alt, *note]
    yield from there.source_line(sources, "sources")
    if chart.map:
        yield there.own(f"{reader.word('map_data')}: {chart.map.credit}.", "map")


def _map(page: AskedBlock, block: MapBlock) -> Iterator[ExpectedString]:
    yield from page.numbered(page.title_label, page.said(block.title, "title"))
    yield asked_string(map_alt_text(page.reader, block), (*page.path, "alt"), page.block, page.picture)
    yield from page.said(block.note, "note", after=stop_after(block.note))
    yield from page.source_line(block.sources, "sources")
    yield page.own(f"{page.reader.word('map_data')}: {block.credit}.", "credit")


def _image(page: AskedBlock, block: ImageBlock) -> Iterator[ExpectedString]:
    yield asked_string(page.reader.spoken(block.alt), (*page.path, "alt"), page.block, page.picture)
    said = credited(block)
    caption = page.said(block.caption, "caption", after=stop_after(block.caption) if said else "")
    yield from page.numbered(page.title_label, caption, "caption")
    if said:
        yield page.own(f"{page.reader.word('image')}: {said}.", "credit")


def _options(page: AskedBlock, block: Options) -> Iterator[ExpectedString]:
    yield from page.said(block.intro, "intro")
    keys = ("who", "benefit", "cost", "certainty")
    if not page.stacked:
        yield from (as_head(page.word(key)) for key in ("option", *keys))
    for number, item in enumerate(block.items):
        yield from page.said(item.name, "items", number, "name")
        if item.status_quo:
            yield page.own(page.reader.word("status_quo"), "items", number, "status_quo")
        for key in keys:
            if page.stacked:
                yield page.own(f"{page.reader.word(key)}:", "items", number, key)
            yield from page.said(getattr(item, key), "items", number, key)
    yield from page.said(block.note, "note")


def _recommendations(page: AskedBlock, block: Recommendations) -> Iterator[ExpectedString]:
    yield from page.said(block.intro, "intro")
    for number, item in enumerate(finished(page.reader, block).items):
        yield from page.said(item.actor, "items", number, "actor", before=str(number + 1))
        yield from page.said(item.action, "items", number, "action")
        for key in ("by", "means", "measure"):
            yield page.own(f"{page.reader.word(key)}:", "items", number, key)
            yield from page.said(getattr(item, key), "items", number, key)


def _contested(page: AskedBlock, block: Contested) -> Iterator[ExpectedString]:
    reader = page.reader
    intro = [*page.said(block.intro, "intro")]
    listed: list[ExpectedString] = []
    own: list[ExpectedString] = []
    # The content's rows are written before the program's, and their sources are numbered first.
    for number, row in enumerate(block.rows):
        listed += page.said(row.issue, "rows", number, "issue")
        listed += _label(page, "versions", "rows", number, "versions")
        for version, text in enumerate(row.versions):
            listed += page.said(text, "rows", number, "versions", version)
        listed += _label(page, "printed", "rows", number, "printed")
        listed += page.said(row.printed, "rows", number, "printed")
    told: set[str] = set()
    while new := [name for name in reader.disputed if name not in told]:  # a remark may name another one
        for name in new:
            own += _dispute(page, reader.ledger.entries[name])
        told.update(new)
    yield from intro
    if not page.stacked:
        yield from (as_head(page.word(key)) for key in ("issue", "versions", "printed"))
    yield from own
    yield from listed
    if told:
        yield page.own(f"† {reader.word('disputed_key')}")


def _label(page: AskedBlock, key: str, *more: str | int) -> list[ExpectedString]:
    """The head of a column before its cell, where each row stands by itself."""
    return [page.own(f"{page.reader.word(key)}:", *more)] if page.stacked else []


def _dispute(page: AskedBlock, entry: LedgerEntry) -> Iterator[ExpectedString]:
    reader, figure = page.reader, entry.figure
    there = AskedBlock(reader, ("figures", entry.id), page.block, None, page.document, page.stacked)

    def version(amount: Amount, sources: tuple[str, ...]) -> str:
        words = reader.wording.long(amount).text
        return words[:1].upper() + words[1:] + reader.marks(sources)

    first = there.own(f"\ue000{entry.id}\ue001{version(entry.amount, entry.sources)}", "value")
    others: list[ExpectedString] = []
    notes: list[ExpectedString] = []
    for number, (other, amount) in enumerate(zip(figure.disputed, entry.other_amounts, strict=True)):
        others.append(there.own(version(amount, other.sources), "disputed", number, "value"))
        notes += there.said(other.note, "disputed", number, "note")
    yield from there.said(figure.label or entry.id, "label", after="†")
    yield from _label(there, "versions", "value")
    yield from [first, *others]
    yield from _label(there, "printed", "value")
    yield from notes


def _timeline(page: AskedBlock, block: Timeline) -> Iterator[ExpectedString]:
    for number, item in enumerate(block.items):
        yield page.own(page.reader.wording.date(item.date), "items", number, "date")
        yield from page.said(item.text, "items", number, "text")


def _questions(page: AskedBlock, block: Questions) -> Iterator[ExpectedString]:
    for number, item in enumerate(block.items):
        yield from page.said(item.question, "items", number, "question")
        yield from page.said(item.answer, "items", number, "answer")


def _glossary(page: AskedBlock, block: GlossaryBlock) -> Iterator[ExpectedString]:
    for name in block.terms or page.reader.briefing.glossary:
        term = page.reader.briefing.glossary[name]
        there = AskedBlock(page.reader, ("glossary", name), page.block, None, page.document)
        yield from there.said(term.term, "term", kind=Kind.PLAIN, after=":")
        yield from there.said(term.meaning, "meaning")


def _report(page: AskedBlock, block: Report) -> Iterator[ExpectedString]:
    reader = page.reader
    text = [*page.said(block.text, "text")]
    labels = [" ".join(lines(Kind.TEXT, channel.label, reader)) for channel in block.channels]
    notes = [[*page.said(channel.note, "channels", n, "note")] for n, channel in enumerate(block.channels)]
    label = [*page.said(block.qr.label, "qr", "label")] if block.qr else []
    note = [*page.said(block.note, "note")]
    yield from text
    for number, channel in enumerate(block.channels):
        yield page.own(labels[number] + reader.marks(channel.sources), "channels", number, "label")
        yield from page.said(channel.value, "channels", number, "value", kind=Kind.PLAIN)
        yield from notes[number]
    if block.qr:
        shown = host_of(block.qr.link)
        yield asked_string(f"QR: {shown}", (*page.path, "qr"), page.block, qr_picture(block.qr.link))
        yield from label
        marks = reader.marks(block.qr.sources) if block.qr.sources else ""
        yield page.own(shown + marks, "qr", "link")
    yield from note
    if block.checked_on:
        yield page.own(f"{reader.word('checked_on')} {reader.wording.date(block.checked_on)}.", "checked_on")


def _sources(page: AskedBlock, _: SourcesBlock) -> Iterator[ExpectedString]:
    reader = page.reader
    named = [(name, reader.briefing.sources[name]) for name in reader.numbers]
    listed = page.document == "brief"
    dates = [source.read for _, source in named]
    once = days_said_once(dates)
    said: list[ExpectedString] = []
    if once:
        days = reader.wording.period(span_of(once))
        if once.issuperset(dates):
            said.append(page.own(f"{reader.word('all_read')} {days}."))
        else:
            said.append(page.own(f"{reader.word('read_on')} {days}, {reader.word('unless_marked')}."))
    yield from said if listed else ()
    for number, (name, source) in enumerate(named, 1):
        entry = _entry(reader, source, listed, source.read not in once)
        yield asked_string(f"{number} {entry}", ("sources", name), page.block)
    yield from () if listed else said


def _where(reader: PlainReader, source: Source) -> str:
    """Through whom it was read and where it stands: its host, and on paper the whole address, once."""
    host = host_of(source.link, whole=False) if source.link else ""
    address = reader.address(source.link) if source.link else ""
    address = "" if len(address) > TYPED else address  # what nobody would type is told by its site
    said = f", {reader.word('via')} " if source.via else ""
    if source.via and address and source.via != host:
        return f"{said}{source.via}, {address}"
    if source.via:
        return said + (address or source.via)
    return f", {address or host}" if source.link else ""


def _entry(reader: PlainReader, source: Source, listed: bool, read: bool) -> str:
    """A source as it is listed: whole in the brief, in one line in the fact sheet."""
    said = f"{source.publisher}, {source.title}"
    if source.date:
        said += f", {reader.wording.date(source.date)}"
    said += f"; {reader.wording.word('kind', source.kind)}"
    if listed:
        said += _where(reader, source)
    if source.note:
        said += f"; {' '.join(lines(Kind.TEXT, source.note, reader)).removesuffix('.')}"
    if source.read and read:
        said += f"; {reader.word('read')} {reader.wording.date(source.read)}"
    return said


def _imprint(page: AskedBlock, _: Imprint) -> Iterator[ExpectedString]:
    reader, front = page.reader, page.reader.briefing.briefing
    there = AskedBlock(reader, ("briefing",), page.block, None, page.document)
    brief = page.document == "brief"
    kind, date, edition = issue_of(reader, page.document)
    status = reader.wording.word("status", front.status).lower()
    yield there.own(f"{front.publisher}.", "publisher")
    yield there.own(f"{kind}, {date}, {edition}, {status}.", "edition")
    if brief:
        yield there.own(f"{reader.word('as_of_date')} {date} {reader.word('unless_marked')}.", "date")
    if front.partners and not (front.has_strip and STRIP not in reader.dropped):
        yield there.own(f"{reader.word('with')}: {', '.join(one.name for one in front.partners)}.", "co_publishers")
    if front.authors and not brief:
        yield there.own(f"{reader.word('authors')}: {', '.join(one.name for one in front.authors)}.", "authors")
    for key, after in (("contact", ""), ("licence", "."), *([("cite", "")] if brief else [])):
        if text := getattr(front, key):
            (line,) = lines(Kind.TEXT, text, reader)
            yield there.own(f"{reader.word(key)}: {line}{after}", key)
    if front.link:
        yield there.own(f"{reader.word('link')}: {front.link.split('//')[-1].rstrip('/')}", "link")
    for key in ("isbn", "doi"):
        if said := getattr(front, key):
            yield there.own(f"{key.upper()}: {said}", key)
    if front.formats:
        (line,) = lines(Kind.TEXT, front.formats, reader)
        yield there.own(f"{reader.word('formats')}: {line}", "formats")
    used = reader.ledger.relied_on(page.document, reader.dropped)
    unsigned = sum(1 for name in used if not reader.ledger.entries[name].figure.checked)
    if unsigned:
        yield there.own(f"{reader.word('unsigned')}: {unsigned} {reader.word('of')} {len(used)}.")


SAY: dict[type[BlockBase], Callable[[AskedBlock, Any], Iterator[ExpectedString]]] = {
    ProseBlock: _text,
    BottomLine: _text,
    Method: _text,
    Box: _text,
    Takeaways: _takeaways,
    KeyFigures: _key_figures,
    ChartBlock: _chart,
    MapBlock: _map,
    ImageBlock: _image,
    **expected_tables.SAY,
    Options: _options,
    Recommendations: _recommendations,
    Contested: _contested,
    Timeline: _timeline,
    Questions: _questions,
    GlossaryBlock: _glossary,
    Report: _report,
    SourcesBlock: _sources,
    Imprint: _imprint,
    **expected_panels.SAY,
}
