"""Every string and picture that the records of a document ask for, in plain words and in the order of the page.

A briefing and its ledger come in; what must stand in the finished PDF goes out, each with its place in the content. It
is told from the records and not from the page source, so that whatever gets lost on the way to the page is missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from types import MappingProxyType

from briefing.content.blocks import BlockBase, Contested, SourcesBlock, Table, kind_of
from briefing.content.briefing import Briefing
from briefing.content.markdown import lines
from briefing.content.scalars import Kind, Path
from briefing.design.brand.dress import Dress, DressPicture
from briefing.documents.block_views import Picture
from briefing.documents.document import status_line
from briefing.documents.partners import STRIP
from briefing.documents.references.notes import NoteBook
from briefing.documents.references.numbering import Numbering, numbering
from briefing.language.wording import Wording
from briefing.ledger.ledger import Ledger
from briefing.proofing.asked_strings import (
    AskedBlock,
    ExpectedString,
    PlainReader,
    asked_string,
    issue_of,
    without_signs,
)
from briefing.proofing.expected_blocks import SAY, heading

BRAND = ("briefing", "brand")
PARTNERS = ("briefing", "co_publishers")
MASTHEAD = 4  # its lines, below which a band stands


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
    listed: frozenset[int] = frozenset(),
    paper_only: bool = False,
    dress: Dress | None = None,
    begins: Mapping[str, int] = MappingProxyType({}),
    sources: Sequence[str] = (),
    strip: Sequence[DressPicture] = (),
) -> ExpectedDocument:
    """All that a document must show; `order` is that of its blocks on the page, `dropped` are those left out.

    Where options and contested rows are `stacked`, and where a table is `listed`, each row stands by itself with the
    heads of its columns as labels. A table of contents says on which page each block `begins`. The `sources` are in the
    order of their numbers, where that is not the order of the content.
    """
    kept = [(index, block) for index, block in enumerate(briefing.document(document).blocks) if index not in dropped]
    rowwise = listed | {index for index, block in kept if stacked and not isinstance(block, Table)}
    linked = any(isinstance(block, SourcesBlock) for _, block in kept)
    reader = PlainReader(briefing, ledger, wording, linked, paper_only)
    reader.begins, reader.notes, reader.footed = begins, NoteBook(document), {}
    reader.numbers = {name: number for number, name in enumerate(sources, 1)}
    reader.dropped, reader.numbering = dropped, numbering(briefing.document(document), wording, dropped)
    plain = [item for item in kept if not isinstance(item[1], Contested)]
    if len(plain) < len(kept):  # what is disputed below their table stands in it, too
        first = PlainReader(briefing, ledger, wording, linked, paper_only)
        first.numbering, first.notes, first.footed = reader.numbering, NoteBook(document), {}
        _told(first, document, plain, pictures, rowwise)
        reader.disputed = first.disputed
    front, blocks = _told(reader, document, kept, pictures, rowwise)
    bands = [index for index, block in kept if block.place.is_band]
    on_page = [*order, *(index for index in blocks if index not in order)]
    said = [asked for index in on_page if index not in bands for asked in blocks.get(index, ())]
    strings = [*front[:MASTHEAD], *(one for index in bands for one in blocks[index]), *front[MASTHEAD:], *said]
    if strip and STRIP not in dropped:
        strings += [asked_string(reader.word("with"), PARTNERS, ""), *_strip(strip, PARTNERS)]
    if dress:
        strings = [*_logo(dress), *strings, *_strip(dress.strip, BRAND)]
    foot = " · ".join(issue_of(reader, document))
    mark = status_line(briefing.briefing, wording)
    return ExpectedDocument(
        document,
        tuple(asked for asked in strings if asked.text.strip() or asked.picture),
        (without_signs(briefing.briefing.short_title), *([mark] if mark else [])),
        (foot,),
        f"{reader.word('page')} {{page}} {reader.word('of')} {{pages}}",
    )


def _told(
    reader: PlainReader,
    document: str,
    kept: Iterable[tuple[int, BlockBase]],
    pictures: Mapping[int, Picture],
    rowwise: Set[int],
) -> tuple[list[ExpectedString], dict[int, list[ExpectedString]]]:
    """What stands before the blocks, and each block; the list of sources last, when all have been named."""
    front = list(_front(reader, document))
    blocks: dict[int, list[ExpectedString]] = {}
    for index, block in sorted(kept, key=lambda item: isinstance(item[1], SourcesBlock)):
        kind = kind_of(block)
        name = block.id or f"{kind}-{index + 1}"
        picture = pictures.get(index)
        numbers, path = reader.numbering or Numbering(), (document, "blocks", index, kind)
        labels = numbers.label(index), numbers.label(index, at_title=True)
        page = AskedBlock(reader, path, name, picture, document, index in rowwise, *labels)
        reader.notes.turn_to(index, block)
        blocks[index] = [*heading(page, block), *SAY[type(block)](page, block)]
    return front, blocks


def _logo(dress: Dress) -> Iterator[ExpectedString]:
    """A brand's mark, where its masthead has one."""
    if dress.logo:
        yield _mark(dress.logo, BRAND)


def _strip(strip: Sequence[DressPicture], path: Path) -> Iterator[ExpectedString]:
    """Co-publishers and funders: the mark of each, and what stands beside it or instead of it."""
    for partner in strip:
        if partner.name:
            yield _mark(partner, path)
        if partner.text:
            yield asked_string(partner.text, path, "")


def _mark(mark: DressPicture, path: Path) -> ExpectedString:
    picture = Picture(mark.name, mark.data, mark.width_mm, mark.height_mm)
    return ExpectedString(mark.alt, path, "", picture=picture)


def _front(reader: PlainReader, document: str) -> Iterator[ExpectedString]:
    record, front = reader.briefing.document(document), reader.briefing.briefing
    series = f"{front.series} {front.number}" if front.series and front.number else front.series
    kind, *issue = issue_of(reader, document)
    mark = status_line(front, reader.wording)
    for line in ([front.publisher], [kind, *([series] if series else [])], issue, [mark] if mark else []):
        yield asked_string(" · ".join(line), ("briefing",), "")
    title, path = (record.title, (document, "title")) if record.title else (front.title, ("briefing", "title"))
    yield from (asked_string(line, path, "") for line in lines(Kind.TEXT, title, reader))
    if record.lede:
        yield from (asked_string(line, (document, "lede"), "") for line in lines(Kind.TEXT, record.lede, reader))
    elif front.subtitle and document == "brief":
        yield from (
            asked_string(line, ("briefing", "subtitle"), "") for line in lines(Kind.TEXT, front.subtitle, reader)
        )
    if front.authors and document == "brief":
        told = (", ".join(filter(None, (one.name, one.role, one.affiliation))) for one in front.authors)
        yield asked_string("; ".join(told), ("briefing", "authors"), "")
