"""Every string and picture that the records of a document ask for, in plain words and in the order of the page.

A briefing and its ledger come in; what must stand in the finished PDF goes out, each with its place in the content. It
is told from the records and not from the page source, so that whatever gets lost on the way to the page is missed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
    Table,
    Takeaways,
    Timeline,
    kind_of,
)
from briefing.content.briefing import Briefing
from briefing.content.markdown import FigureRef, items, lines
from briefing.content.records import Source
from briefing.content.scalars import Kind, Path
from briefing.documents.block_views import (
    Picture,
    as_of_unless_in_label,
    chart_alt_text,
    chart_sources,
    host_of,
    qr_picture,
)
from briefing.documents.document import status_line
from briefing.documents.text_renderer import TextRenderer
from briefing.language.wording import NBSP, Wording
from briefing.ledger.ledger import Ledger, LedgerEntry


@dataclass(frozen=True)
class ExpectedString:
    """A string that must stand on the page, or a picture with what a listener hears of it."""

    text: str
    path: Path  # in the content; the block's own for the program's words
    block: str  # its name, as findings and answers use it; empty for what stands outside of the blocks
    figures: tuple[tuple[str, int], ...] = ()  # figures in it, each with the letter at which it begins
    picture: Picture | None = None
    mark: str = ""  # the bullet or the number that stands before it in a list
    head: bool = False  # whether it heads a column, and stands again where its table goes on over the page


@dataclass(frozen=True)
class ExpectedDocument:
    """What a document says: once and in order, and on every page."""

    document: str
    strings: tuple[ExpectedString, ...]
    heads: tuple[str, ...]  # on every page but the first
    feet: tuple[str, ...]  # on every page
    numbering: str  # on every page, with the page's number and that of all pages


def expected_document(
    briefing: Briefing,
    ledger: Ledger,
    wording: Wording,
    document: str,
    pictures: Mapping[int, Picture],
    dropped: frozenset[int],
    order: Sequence[int],
    stacked: bool = False,
) -> ExpectedDocument:
    """All that a document must show; `order` is that of its blocks on the page, `dropped` are those left out.

    Where tables are `stacked`, each row stands by itself with the heads of its columns as labels.
    """
    kept = [(index, block) for index, block in enumerate(briefing.document(document).blocks) if index not in dropped]
    linked = any(isinstance(block, SourcesBlock) for _, block in kept)
    reader = _Reader(briefing, ledger, wording, linked)
    plain = [item for item in kept if not isinstance(item[1], Contested)]
    if len(plain) < len(kept):  # what is disputed below their table stands in it, too
        first = _Reader(briefing, ledger, wording, linked)
        _told(first, document, plain, pictures, stacked)
        reader.disputed = first.disputed
    front, blocks = _told(reader, document, kept, pictures, stacked)
    on_page = [*order, *(index for index in blocks if index not in order)]
    strings = [*front, *(asked for index in on_page for asked in blocks.get(index, ()))]
    foot = " · ".join(_issue(reader, document))
    mark = status_line(briefing.briefing, wording)
    return ExpectedDocument(
        document,
        tuple(asked for asked in strings if asked.text.strip() or asked.picture),
        (_plain(briefing.briefing.short_title),),
        (foot, *([mark] if mark else [])),
        f"{reader.word('page')} {{page}} {reader.word('of')} {{pages}}",
    )


# ------------------------------------------------------------------ the reader

_FIGURE = re.compile("\ue000([^\ue001]*)\ue001")  # private signs, which no content may hold


class _Reader(TextRenderer):
    """A hand that writes plain words, and marks where figures begin."""

    def figure(self, ref: FigureRef) -> tuple[str, tuple[str, ...], bool]:
        words, ids, disputed = super().figure(ref)
        return f"\ue000{ref.id}\ue001{words}", ids, disputed

    def marks(self, ids: tuple[str, ...], disputed: bool = False, level: bool = False) -> str:
        numbers = sorted(self.numbers.setdefault(source, len(self.numbers) + 1) for source in ids)
        said = (", " if level else ",").join(map(str, numbers))
        return f"{NBSP if level else ''}{'†' if disputed else ''}{said}"

    def word(self, key: str) -> str:
        """One of the program's labels."""
        return self.wording.word("label", key)


def _plain(text: str) -> str:
    return _FIGURE.sub("", text)


@dataclass(frozen=True)
class _Page:
    """A block on its page, from which strings are asked."""

    reader: _Reader
    path: Path
    block: str
    picture: Picture | None
    document: str
    stacked: bool = False

    def own(self, text: str, *more: str | int, mark: str = "") -> ExpectedString:
        """Words put together by the program, or told from a figure."""
        return _asked(text, (*self.path, *more), self.block, mark=mark)

    def said(
        self, text: str | None, *more: str | int, kind: Kind = Kind.TEXT, before: str = "", after: str = ""
    ) -> Iterator[ExpectedString]:
        """A text of the content, paragraph by paragraph; `before` marks its first words, `after` ends its last."""
        found = items(kind, text, self.reader) if text else ()
        for number, (mark, line) in enumerate(found, 1):
            yield self.own(line + after * (number == len(found)), *more, mark=before * (number == 1) + mark)

    def word(self, key: str) -> ExpectedString:
        return self.own(self.reader.word(key))


def _asked(text: str, path: Path, block: str, picture: Picture | None = None, mark: str = "") -> ExpectedString:
    figures, plain, end = [], "", 0
    for found in _FIGURE.finditer(text):
        plain += text[end : found.start()]
        figures.append((found[1], len(plain)))
        end = found.end()
    return ExpectedString(plain + text[end:], path, block, tuple(figures), picture, mark)


def _head(asked: ExpectedString) -> ExpectedString:
    return replace(asked, head=True)


def _told(
    reader: _Reader,
    document: str,
    kept: Iterable[tuple[int, BlockBase]],
    pictures: Mapping[int, Picture],
    stacked: bool,
) -> tuple[list[ExpectedString], dict[int, list[ExpectedString]]]:
    """What stands before the blocks, and each block; the list of sources last, when all have been named."""
    front = list(_front(reader, document))
    blocks: dict[int, list[ExpectedString]] = {}
    for index, block in sorted(kept, key=lambda item: isinstance(item[1], SourcesBlock)):
        kind = kind_of(block)
        name = block.id or f"{kind}-{index + 1}"
        page = _Page(reader, (document, "blocks", index, kind), name, pictures.get(index), document, stacked)
        blocks[index] = [*_heading(page, block), *_SAY[type(block)](page, block)]
    return front, blocks


def _front(reader: _Reader, document: str) -> Iterator[ExpectedString]:
    record, front = reader.briefing.document(document), reader.briefing.briefing
    series = f"{front.series} {front.number}" if front.series and front.number else front.series
    masthead = [reader.wording.word("document", document), *([series] if series else []), front.publisher]
    yield _asked(" · ".join([*masthead, *_issue(reader, document)[1:]]), ("briefing",), "")
    title, path = (record.title, (document, "title")) if record.title else (front.title, ("briefing", "title"))
    yield from (_asked(line, path, "") for line in lines(Kind.TEXT, title, reader))
    if record.lede:
        yield from (_asked(line, (document, "lede"), "") for line in lines(Kind.TEXT, record.lede, reader))
    elif front.subtitle and document == "brief":
        yield from (_asked(line, ("briefing", "subtitle"), "") for line in lines(Kind.TEXT, front.subtitle, reader))


def _issue(reader: _Reader, document: str) -> list[str]:
    front = reader.briefing.briefing
    edition = f"{reader.word('edition').lower()} {front.edition}"
    return [reader.wording.word("document", document), reader.wording.date(front.date), edition]


# ------------------------------------------------------------------ blocks

_HEADS = {  # kinds whose heading is the program's own word where the content gives none
    BottomLine: "bottom_line",
    Takeaways: "takeaways",
    Recommendations: "recommendations",
    Contested: "contested",
    SourcesBlock: "sources",
    Method: "method",
    GlossaryBlock: "glossary",
    Timeline: "timeline",
}


def _heading(page: _Page, block: BlockBase) -> Iterator[ExpectedString]:
    if isinstance(block, Imprint):
        return
    if block.heading:
        yield from page.said(block.heading, "heading")
    elif type(block) in _HEADS:
        yield page.word(_HEADS[type(block)])


def _text(page: _Page, block: ProseBlock | BottomLine | Method | Box) -> Iterator[ExpectedString]:
    if isinstance(block, Box) and block.later:
        yield page.word("later")
    yield from page.said(block.text, "text", kind=Kind.PROSE)


def _takeaways(page: _Page, block: Takeaways) -> Iterator[ExpectedString]:
    for number, item in enumerate(block.items):
        yield from page.said(item, "items", number, before=str(number + 1))


def _key_figures(page: _Page, block: KeyFigures) -> Iterator[ExpectedString]:
    reader = page.reader
    labels = [" ".join(lines(Kind.TEXT, item.label, reader)) for item in block.items]
    for number, (item, label) in enumerate(zip(block.items, labels, strict=True)):
        entry = reader.ledger.entries[item.figure]
        phrase = reader.wording.short(entry.value, entry.unit, entry.qualifier)
        large = f"{phrase.qualifier} {phrase.number}" if phrase.qualifier else phrase.number
        yield page.own(f"\ue000{entry.id}\ue001{large}", "items", number, "figure")
        reader.dispute(entry)
        marks = reader.marks(entry.sources, entry.disputed)
        if date := as_of_unless_in_label(reader.wording.date(entry.figure.as_of), _plain(label)):
            yield page.own(label, "items", number, "label")
            yield page.own(f"{reader.word('as_of')} {date}{marks}", "items", number, "figure")
        else:
            yield page.own(label + marks, "items", number, "label")


def _chart(page: _Page, block: ChartBlock) -> Iterator[ExpectedString]:
    reader, chart = page.reader, page.reader.briefing.charts[block.chart]
    there = _Page(reader, ("charts", block.chart), page.block, page.picture, page.document)
    title, subtitle = [*there.said(chart.title, "title")], [*there.said(chart.subtitle, "subtitle")]
    note = [*there.said(chart.note, "note")]
    alt = _asked(chart_alt_text(reader, chart), (*there.path, "alt"), page.block, page.picture)
    for datum in chart.data:
        if datum.figure:
            reader.dispute(reader.ledger.entries[datum.figure])
    yield from [*title, *subtitle, alt, *note]
    yield from _source_line(there, chart_sources(reader.ledger, chart))


def _map(page: _Page, block: MapBlock) -> Iterator[ExpectedString]:
    yield from page.said(block.title, "title")
    yield _asked(page.reader.spoken(block.alt), (*page.path, "alt"), page.block, page.picture)
    yield from page.said(block.note, "note")
    yield from _source_line(page, block.sources)
    yield page.own(f"{page.reader.word('map_data')}: {block.credit}.", "credit")


def _source_line(page: _Page, ids: tuple[str, ...]) -> Iterator[ExpectedString]:
    if ids:
        word = page.reader.word("sources" if len(ids) > 1 else "source")
        yield page.own(f"{word}:{page.reader.marks(ids, level=True)}.", "sources")


def _image(page: _Page, block: ImageBlock) -> Iterator[ExpectedString]:
    yield _asked(page.reader.spoken(block.alt), (*page.path, "alt"), page.block, page.picture)
    yield from page.said(block.caption, "caption")
    yield page.own(f"{page.reader.word('image')}: {block.credit}, {block.licence}.", "credit")


def _table(page: _Page, block: Table) -> Iterator[ExpectedString]:
    for number, column in enumerate(block.columns):
        yield from map(_head, page.said(column.head, "columns", number, "head"))
    for number, row in enumerate(block.rows):
        for cell, text in enumerate(row):
            yield from page.said(text, "rows", number, cell)
    for cell, text in enumerate(block.total or ()):
        yield from page.said(text, "total", cell)
    yield from page.said(block.note, "note")


def _options(page: _Page, block: Options) -> Iterator[ExpectedString]:
    yield from page.said(block.intro, "intro")
    keys = ("who", "benefit", "cost", "certainty")
    if not page.stacked:
        yield from (_head(page.word(key)) for key in ("option", *keys))
    for number, item in enumerate(block.items):
        yield from page.said(item.name, "items", number, "name")
        if item.status_quo:
            yield page.own(page.reader.word("status_quo"), "items", number, "status_quo")
        for key in keys:
            if page.stacked:
                yield page.own(page.reader.word(key), "items", number, key)
            yield from page.said(getattr(item, key), "items", number, key)
    yield from page.said(block.note, "note")


def _recommendations(page: _Page, block: Recommendations) -> Iterator[ExpectedString]:
    yield from page.said(block.intro, "intro")
    for number, item in enumerate(block.items):
        yield from page.said(item.actor, "items", number, "actor", before=str(number + 1))
        yield from page.said(item.action, "items", number, "action")
        for key in ("by", "means", "measure"):
            yield page.own(page.reader.word(key), "items", number, key)
            yield from page.said(getattr(item, key), "items", number, key)


def _contested(page: _Page, block: Contested) -> Iterator[ExpectedString]:
    reader = page.reader
    intro = [*page.said(block.intro, "intro")]
    listed: list[ExpectedString] = []
    disputed = [reader.ledger.entries[name] for name in reader.disputed]
    own: list[ExpectedString] = []
    # The content's rows are written before the program's, and their sources are numbered first.
    for number, row in enumerate(block.rows):
        listed += page.said(row.issue, "rows", number, "issue")
        listed += _label(page, "versions", "rows", number, "versions")
        for version, text in enumerate(row.versions):
            listed += page.said(text, "rows", number, "versions", version)
        listed += _label(page, "printed", "rows", number, "printed")
        listed += page.said(row.printed, "rows", number, "printed")
    for entry in disputed:
        own += _dispute(page, entry)
    yield from intro
    if not page.stacked:
        yield from (_head(page.word(key)) for key in ("issue", "versions", "printed"))
    yield from own
    yield from listed
    if disputed:
        yield page.own(f"† {reader.word('disputed_key')}")


def _label(page: _Page, key: str, *more: str | int) -> list[ExpectedString]:
    """The head of a column before its cell, where each row stands by itself."""
    return [page.own(page.reader.word(key), *more)] if page.stacked else []


def _dispute(page: _Page, entry: LedgerEntry) -> Iterator[ExpectedString]:
    reader, figure = page.reader, entry.figure
    there = _Page(reader, ("figures", entry.id), page.block, None, page.document, page.stacked)

    def version(value: Any, qualifier: Any, sources: tuple[str, ...]) -> str:
        words = reader.wording.long(value, entry.unit, qualifier).text
        return words[:1].upper() + words[1:] + reader.marks(sources)

    first = there.own(f"\ue000{entry.id}\ue001{version(entry.value, entry.qualifier, entry.sources)}", "value")
    others: list[ExpectedString] = []
    notes: list[ExpectedString] = []
    for number, other in enumerate(figure.disputed):
        others.append(there.own(version(other.value, other.qualifier, other.sources), "disputed", number, "value"))
        notes += there.said(other.note, "disputed", number, "note")
    yield from there.said(figure.label or entry.id, "label", after="†")
    yield from _label(there, "versions", "value")
    yield from [first, *others]
    yield from _label(there, "printed", "value")
    yield from notes


def _timeline(page: _Page, block: Timeline) -> Iterator[ExpectedString]:
    for number, item in enumerate(block.items):
        yield page.own(page.reader.wording.date(item.date), "items", number, "date")
        yield from page.said(item.text, "items", number, "text")


def _questions(page: _Page, block: Questions) -> Iterator[ExpectedString]:
    for number, item in enumerate(block.items):
        yield from page.said(item.question, "items", number, "question")
        yield from page.said(item.answer, "items", number, "answer")


def _glossary(page: _Page, block: GlossaryBlock) -> Iterator[ExpectedString]:
    for name in block.terms or page.reader.briefing.glossary:
        term = page.reader.briefing.glossary[name]
        there = _Page(page.reader, ("glossary", name), page.block, None, page.document)
        yield from there.said(term.term, "term", kind=Kind.PLAIN, after=":")
        yield from there.said(term.meaning, "meaning")


def _report(page: _Page, block: Report) -> Iterator[ExpectedString]:
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
        yield _asked(f"QR: {shown}", (*page.path, "qr"), page.block, qr_picture(block.qr.link))
        yield from label
        marks = reader.marks(block.qr.sources) if block.qr.sources else ""
        yield page.own(shown + marks, "qr", "link")
    yield from note
    if block.checked_on:
        yield page.own(f"{reader.word('checked_on')} {reader.wording.date(block.checked_on)}.", "checked_on")


def _sources(page: _Page, _: SourcesBlock) -> Iterator[ExpectedString]:
    reader = page.reader
    named = [(name, reader.briefing.sources[name]) for name in reader.numbers]
    listed = page.document == "brief"
    dates = {source.read for _, source in named}
    common = dates.pop() if len(dates) == 1 else None
    if common and listed:
        yield page.own(f"{reader.word('all_read')} {reader.wording.date(common)}.")
    for number, (name, source) in enumerate(named, 1):
        entry = _entry(reader, source, listed, common is None)
        yield _asked(f"{number} {entry}", ("sources", name), page.block)


def _entry(reader: _Reader, source: Source, listed: bool, read: bool) -> str:
    """A source as it is listed: whole in the brief, in one line in the fact sheet."""
    said = f"{source.publisher}, {source.title}"
    if source.date:
        said += f", {reader.wording.date(source.date)}"
    said += f"; {reader.wording.word('kind', source.kind)}"
    if listed and source.via:
        said += f", {reader.word('via')} {source.via}"
    elif listed and source.link:
        said += f", {host_of(source.link, whole=False)}"
    if source.note:
        said += f"; {' '.join(lines(Kind.TEXT, source.note, reader))}"
    if source.read and read:
        said += f"; {reader.word('read')} {reader.wording.date(source.read)}"
    return said


def _imprint(page: _Page, _: Imprint) -> Iterator[ExpectedString]:
    reader, front = page.reader, page.reader.briefing.briefing
    there = _Page(reader, ("briefing",), page.block, None, page.document)
    brief = page.document == "brief"
    kind, date, edition = _issue(reader, page.document)
    status = reader.wording.word("status", front.status).lower()
    yield there.own(f"{front.publisher}.", "publisher")
    yield there.own(f"{kind}, {date}, {edition}, {status}.", "edition")
    if brief:
        yield there.own(f"{reader.word('as_of_date')} {date} {reader.word('unless_marked')}.", "date")
    for key, after in (("contact", ""), ("licence", "."), *([("cite", "")] if brief else [])):
        if text := getattr(front, key):
            (line,) = lines(Kind.TEXT, text, reader)
            yield there.own(f"{reader.word(key)}: {line}{after}", key)
    if front.link:
        yield there.own(f"{reader.word('link')}: {front.link.split('//')[-1].rstrip('/')}", "link")
    if front.formats:
        (line,) = lines(Kind.TEXT, front.formats, reader)
        yield there.own(f"{reader.word('formats')}: {line}", "formats")
    used = reader.ledger.used("figures", page.document)
    unsigned = sum(1 for name in used if not reader.briefing.figures[name].checked)
    if unsigned:
        yield there.own(f"{reader.word('unsigned')}: {unsigned} {reader.word('of')} {len(used)}.")


_SAY: dict[type[BlockBase], Callable[[_Page, Any], Iterator[ExpectedString]]] = {
    ProseBlock: _text,
    BottomLine: _text,
    Method: _text,
    Box: _text,
    Takeaways: _takeaways,
    KeyFigures: _key_figures,
    ChartBlock: _chart,
    MapBlock: _map,
    ImageBlock: _image,
    Table: _table,
    Options: _options,
    Recommendations: _recommendations,
    Contested: _contested,
    Timeline: _timeline,
    Questions: _questions,
    GlossaryBlock: _glossary,
    Report: _report,
    SourcesBlock: _sources,
    Imprint: _imprint,
}
