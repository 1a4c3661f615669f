"""What is wrong, or doubtful, in a briefing whose shape is right: texts, blocks, charts and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path as FilePath

from briefing.checks import image_rules, texts, unprinted
from briefing.checks.charts.chart_rules import chart_faults, height_faults
from briefing.content.blocks import (
    SUMS,
    BlockBase,
    ChartBlock,
    Contested,
    Event,
    ImageBlock,
    Imprint,
    MapBlock,
    Table,
    Timeline,
    Width,
    kind_of,
    notes_of,
    table_rows,
)
from briefing.content.briefing import Briefing, Document, walk_printed_strings
from briefing.content.markdown import FigureRef, NoteMark, Reference, Words, first_figure, parts
from briefing.content.panels import Awaited, Contents, GaugeBlock, Watch
from briefing.content.records import Front, Status
from briefing.content.scalars import Kind, Path
from briefing.documents.partners import partner_faults
from briefing.documents.references.numbering import Numbering, kind_counted, listed, numbering
from briefing.findings import Finding, did_you_mean, error, warning
from briefing.language.amount import ends
from briefing.language.wording import Wording
from briefing.ledger.ledger import Ledger
from briefing.ledger.uses import LedgerUse, disputed_behind


def check(briefing: Briefing, ledger: Ledger, wording: Wording, folder: FilePath) -> tuple[Finding, ...]:
    """Every finding on the texts, charts and pictures of a briefing; `folder` holds its images."""
    return (
        *texts.check(briefing, wording),
        *unprinted.check(briefing),
        *_blocks(briefing, ledger, wording),
        *(finding for name, chart in briefing.charts.items() for finding in chart_faults(name, chart, ledger, wording)),
        *image_rules.check(briefing, folder),
        *partner_faults(briefing.briefing, folder, image_rules.picture_faults),
        *_references(briefing, wording),
        *_disputes(briefing, ledger),
        *_links(briefing),
        *_status(briefing),
        *_issued(briefing.briefing),
        *_numbers(briefing.briefing),
    )


# ------------------------------------------------------------------ blocks


def _blocks(briefing: Briefing, ledger: Ledger, wording: Wording) -> Iterator[Finding]:
    for name in Briefing.DOCUMENTS:
        blocks = briefing.document(name).blocks
        ids: dict[str, int] = {}
        for index, block in enumerate(blocks):
            path: Path = (name, "blocks", index, kind_of(block))
            name_on_page = block.id or f"{kind_of(block)}-{index + 1}"
            if name_on_page in ids:
                message = f'the id "{name_on_page}" stands here and at block {ids[name_on_page] + 1}'
                yield error("id-duplicate", message, (*path, "id"), "give one of the two another id")
            ids.setdefault(name_on_page, index)
            if isinstance(block, Table):
                yield from _table(block, path)
                yield from _sums(block, path, ledger)
                yield from _bars(block, path, ledger)
            yield from _notes(block, path)
            if isinstance(block, GaugeBlock):
                yield from _gauge(block, briefing, path)
            if isinstance(block, Timeline | Watch):
                yield from _dates(block, (*path, "items"), briefing)
            if isinstance(block, (ChartBlock, ImageBlock)):
                yield from height_faults(block.height_mm, (*path, "height_mm"))
        yield from _bands(name, blocks)
        yield from _pairs(name, blocks)
        yield from _annexes(name, briefing.document(name), wording)
        if all(block.place is Width.SIDE or block.place.is_band for block in blocks):
            hint = "give one of them place: main; a margin block stands beside one in the text"
            yield error("margin-alone", "all blocks stand in the margin", (name, "blocks"), hint)


def _bands(document: str, blocks: Sequence[BlockBase]) -> Iterator[Finding]:
    """What may stand in a band above the title: one picture, without a heading."""
    bands = [(index, block) for index, block in enumerate(blocks) if block.place.is_band]
    for number, (index, block) in enumerate(bands):
        path: Path = (document, "blocks", index, kind_of(block))
        if not isinstance(block, ImageBlock | MapBlock):
            message, hint = f"a {kind_of(block)} cannot stand above the title", "give the place to an image or a map"
            yield error("place-unfit", message, (*path, "place"), hint)
        elif number:
            message, hint = "another picture stands above the title already", "give one of the two another place"
            yield error("place-unfit", message, (*path, "place"), hint)
        elif block.heading:
            message, hint = "what stands above the title has no heading of its own", "say it under caption: or title:"
            yield error("place-unfit", message, (*path, "heading"), hint)


def _pairs(document: str, blocks: Sequence[BlockBase]) -> Iterator[Finding]:
    """Blocks beside each other: one with place: left, and the next one with place: right."""
    for index, block in enumerate(blocks):
        other = index + 1 if block.place is Width.LEFT else index - 1
        wanted = Width.RIGHT if block.place is Width.LEFT else Width.LEFT
        if block.place.is_half and not (0 <= other < len(blocks) and blocks[other].place is wanted):
            message = f"no block with place: {wanted} stands {'behind' if wanted is Width.RIGHT else 'before'} it"
            hint = "give left and right to two blocks that follow each other"
            yield error("place-unfit", message, (document, "blocks", index, kind_of(block), "place"), hint)


def _annexes(name: str, document: Document, wording: Wording) -> Iterator[Finding]:
    """An annex has a heading in the text column of the brief, and a table of contents something to list."""
    for index, block in enumerate(document.blocks):
        path: Path = (name, "blocks", index, kind_of(block))
        if block.annex and name != "brief":
            message, hint = "the one page of a fact sheet has no annex", "leave it out, or move the block to the brief"
            yield error("annex-unfit", message, (*path, "annex"), hint)
        elif isinstance(block, Imprint) and block.annex:
            yield error("annex-unfit", "an imprint is no annex", (*path, "annex"), "leave it out")
        elif block.annex and not block.heading:
            yield error("annex-unfit", "an annex has no heading", (*path, "annex"), "add heading: what is in it")
        elif block.annex and block.place not in (Width.MAIN, Width.WIDE):
            message = "an annex cannot stand in the margin, nor beside another block"
            yield error("annex-unfit", message, (*path, "place"), "give it place: main, or wide")
        if isinstance(block, Contents) and not [*listed(numbering(document, wording), index)]:
            hint = "move it before blocks with a heading: in the text column, or leave it out"
            yield error("contents-empty", "the table of contents has nothing to list", path, hint)


def _gauge(block: GaugeBlock, briefing: Briefing, path: Path) -> Iterator[Finding]:
    figure = briefing.figures.get(block.figure)
    if figure and not figure.share_of:
        message = f'"{block.figure}" does not say of what it is a share'
        hint = "give it share_of: [part, whole], and it is held against them"
        yield error("gauge-parts", message, (*path, "figure"), hint)


def _dates(block: Timeline | Watch, at: Path, briefing: Briefing) -> Iterator[Finding]:
    """Dates stand in their order, and what is to be watched is still to come."""
    today, dates = briefing.briefing.date, [item.date for item in block.items if isinstance(item, Event | Awaited)]
    for number, (one, other) in enumerate(pairwise(dates), 1):
        if other.last < one.first:
            message, hint = (
                f"{other} stands behind {one}, which is later",
                "put the dates in their order, first ones first",
            )
            yield error("dates-order", message, (*at, number, "date"), hint)
    for number, date in enumerate(dates if isinstance(block, Watch) else ()):
        if date.last <= today:
            message = f"{date} is to be watched, and the briefing is of {today}"
            hint = "leave it out, or tell what came of it"
            yield warning("watch-past", message, (*at, number, "date"), hint)


def _table(block: Table, path: Path) -> Iterator[Finding]:
    wanted = len(block.columns)
    if not block.rows and not block.groups:
        hint = "write rows:, or groups: with a head and rows each"
        yield error("key-missing", '"rows" is missing', path, hint)
    for at, cells in table_rows(block):
        if len(cells) != wanted:
            message = f"the row has {len(cells)} cells where the table has {wanted} columns"
            yield error("row-width", message, (*path, *at), 'write one cell for each column, "–" for an empty one')
    before = 0
    for number, top in enumerate(block.heads):
        first, last = top.over
        if not before < first < last <= wanted:
            message = f"“{top.head}” is to stand over the columns {first} to {last} of {wanted}"
            hint = "give the first and the last of its columns, counted from 1; heads stand from left to right"
            yield error("head-over", message, (*path, "heads", number, "over"), hint)
        before = last


def _notes(block: BlockBase, path: Path) -> Iterator[Finding]:
    """Each note of a block has its mark in it, and each mark its note."""
    if not hasattr(block, "notes"):
        return
    used: set[str] = set()
    for at, kind, text in walk_printed_strings(block, path):
        for part in parts(kind, text) if "[^" in text else ():
            if isinstance(part, NoteMark):
                used.add(part.mark)
                if part.mark not in notes_of(block):
                    hint = f'add it under notes: of the block, as in "{part.mark}": …'
                    yield error("note-unknown", f"“[^{part.mark}]” has no note", at, hint)
    for mark in notes_of(block):
        if mark not in used:
            hint = f"write [^{mark}] where it belongs, or delete it"
            yield warning("note-unused", f"the note “{mark}” has no mark in its block", (*path, "notes", mark), hint)


def _sums(block: Table, path: Path, ledger: Ledger) -> Iterator[Finding]:
    """Where a column is all figures of one unit that can be added, its total and subtotals are what they come to."""
    for column in range(1, len(block.columns)):
        whole: list[_Summand | None] = [_summand(row, column, ledger) for row in block.rows]
        for number, group in enumerate(block.groups):
            inside = [_summand(row, column, ledger) for row in group.rows]
            whole += inside
            if group.subtotal:
                yield from _sum(inside, group.subtotal, column, (*path, "groups", number, "subtotal"), ledger)
        if block.total:
            yield from _sum(whole, block.total, column, (*path, "total"), ledger)


def _sum(
    values: Sequence[_Summand | None], told: tuple[str, ...], column: int, at: Path, ledger: Ledger
) -> Iterator[Finding]:
    total = _summand(told, column, ledger)
    known = [one for one in values if one is not None]
    if total is None or not len(known) == len(values) > 1 or {one.unit for one in known} != {total.unit}:
        return
    if (come := sum(one.value for one in known)) != total.value:
        message = f"the cells above come to {come:,}, and the total says {total.value:,}"
        hint = "correct a figure, or say in an answer why they do not add up, such as rounding"
        yield warning("total-differs", message, (*at, column), hint)


@dataclass(frozen=True)
class _Summand:
    """What a cell adds to its column."""

    value: Decimal
    unit: str


def _summand(row: tuple[str, ...], column: int, ledger: Ledger) -> _Summand | None:
    """What is in a cell that is one figure, of a kind that adds up."""
    inside = list(parts(Kind.TEXT, row[column])) if column < len(row) else []
    found = [part for part in inside if isinstance(part, FigureRef)]
    entry = ledger.entries.get(found[0].id) if len(found) == 1 else None
    if entry is None or any(isinstance(part, Words) and part.text.strip() for part in inside):
        return None
    if entry.summand is None or entry.unit in ("percent", "points", "year", "date"):
        return None
    return _Summand(entry.summand, entry.unit)


def _bars(block: Table, path: Path, ledger: Ledger) -> Iterator[Finding]:
    """Bars of one column have one scale, which begins at zero."""
    for number, column in enumerate(block.columns):
        if column.show != "bar":
            continue
        cells = [row[number] for at, row in table_rows(block) if at[-1] not in SUMS and number < len(row)]
        found = [entry for cell in cells if (entry := ledger.entries.get(first_figure(cell) or ""))]
        shown = [(entry, values[-1]) for entry in found if (values := ends(entry.value))]
        units = list(dict.fromkeys(entry.unit for entry, _ in shown))
        if len(units) > 1:
            message = f"bars of {units[0]} and of {units[1]} would stand on one scale"
        elif below := next((entry for entry, value in shown if value < 0), None):
            message = f'"{below.id}" is less than zero, and its bar would look like one above it'
        else:
            continue
        hint = "leave show: out, or write show: arrow; a chart can show what is below zero"
        yield error("bar-unfit", message, (*path, "columns", number, "show"), hint)


def _references(briefing: Briefing, wording: Wording) -> Iterator[Finding]:
    """A reference leads to a block of its own document that has a number, whatever is left out."""
    numbers = {name: numbering(briefing.document(name), wording) for name in Briefing.DOCUMENTS}
    for path, kind, text in walk_printed_strings(briefing):
        for part in parts(kind, text) if "[#" in text else ():
            if isinstance(part, Reference):
                inside = numbers.get(str(path[0])) if "blocks" in path else None
                yield from _reference(part.id, inside, briefing, path)


def _reference(name: str, inside: Numbering | None, briefing: Briefing, path: Path) -> Iterator[Finding]:
    if inside is None:
        message, hint = f"“[#{name}]” stands outside of the blocks of a document", "say it in a block, or in words"
        yield error("reference-unknown", message, path, hint)
        return
    document = briefing.document(str(path[0]))
    blocks = document.blocks
    if name not in inside.targets:
        hint = did_you_mean(name, inside.targets) or "name the id: of a block, or a chart that this document shows"
        yield error("reference-unknown", f"“[#{name}]” leads to no block of this document", path, hint)
    elif not (label := inside.called(name)) and not document.is_numbered and kind_counted(blocks[inside.targets[name]]):
        message, hint = "has no number: those of this document are not numbered", f"add numbered: true to {path[0]}:"
        yield error("reference-unnumbered", f"the block of “[#{name}]” {message}", path, hint)
    elif not label:
        message = f"“[#{name}]” leads to a {kind_of(blocks[inside.targets[name]])}, which has no number"
        yield error("reference-unnumbered", message, path, "refer to a chart, map, image, table or box")
    elif blocks[inside.targets[name]].optional:
        message, hint = f"{label} may be left out, and “[#{name}]” would lead nowhere", "take optional: from the block"
        yield error("reference-optional", message, path, hint)


# ------------------------------------------------------------------ disputes and links


def _disputes(briefing: Briefing, ledger: Ledger) -> Iterator[Finding]:
    """A disputed figure is told of in each document that prints it, or one that is computed from it."""
    for name in Briefing.DOCUMENTS:
        tables = [at for at, block in enumerate(briefing.document(name).blocks) if isinstance(block, Contested)]
        seen: dict[str, LedgerUse] = {}
        for use in _of_figures(ledger.uses, name):
            for disputed in disputed_behind(briefing.figures, use.id):
                seen.setdefault(disputed, use)
        for disputed, use in seen.items():
            if not tables:
                through = "" if use.id == disputed else f', from which "{use.id}" is computed,'
                message = f'"{disputed}"{through} is disputed, and this document has no block that says so'
                hint = "add a contested block, or print a figure that nobody disputes"
                yield warning("dispute-untold", message, use.path, hint)
            elif not briefing.figures[disputed].label:
                message = f'the disputed figure "{disputed}" has no label for the contested table'
                yield error("label-missing", message, ("figures", disputed), "add label: what it counts")
        for at in tables:
            block = briefing.document(name).blocks[at]
            if not seen and isinstance(block, Contested) and not block.rows:
                message = "the contested table has no row: this document prints no disputed figure"
                yield error("contested-empty", message, (name, "blocks", at), "leave it out, or give it rows:")


def _of_figures(uses: tuple[LedgerUse, ...], document: str) -> Iterator[LedgerUse]:
    return (use for use in uses if use.group == "figures" and use.document == document)


def _links(briefing: Briefing) -> Iterator[Finding]:
    if briefing.briefing.link and not re.match(r"https?://[^\s<>\"]+$", briefing.briefing.link):
        yield error(
            "link-malformed",
            "the link is not a web address",
            ("briefing", "link"),
            "write it in full, beginning with https://",
        )


def _issued(front: Front) -> Iterator[Finding]:
    """An edition comes out when all that it knows has happened."""
    if front.issued and front.issued.last < front.date:
        message = f"this edition came out {front.issued}, and it knows what happened until {front.date}"
        hint = "issued: is when this edition came out, and date: the last day that it knows of; correct one of them"
        yield error("issued-early", message, ("briefing", "issued"), hint)


def _numbers(front: Front) -> Iterator[Finding]:
    """ISBN and DOI, by which a library would look for it."""
    digits = re.sub(r"[\s-]", "", front.isbn or "")
    if front.isbn and not re.fullmatch(r"(?:97[89]\d{10}|\d{9}[\dX])", digits):
        message, hint = (
            f"“{front.isbn}” has not the digits of an ISBN",
            "write all of them, as in 978-0-306-40615-7",
        )
        yield error("isbn-wrong", message, ("briefing", "isbn"), hint)
    elif front.isbn and (last := _check_digit(digits[:-1])) != digits[-1]:
        message = f"“{front.isbn}” is no ISBN: after its other digits the last one would be {last}"
        yield error("isbn-wrong", message, ("briefing", "isbn"), "compare it with the one that you were given")
    if front.doi and not re.fullmatch(r"10\.\d{4,9}/[^\s\"<>]+", front.doi):
        hint = "write it as it begins, with 10. and without an address: 10.5555/12345678"
        yield error("doi-malformed", f"“{front.doi}” is not a DOI", ("briefing", "doi"), hint)


def _check_digit(digits: str) -> str:
    """The last digit of an ISBN (ISO 2108, annex A), of twelve others or of nine."""
    if len(digits) == 12:
        return str(-sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits)) % 10)
    rest = -sum(int(digit) * (10 - at) for at, digit in enumerate(digits)) % 11
    return "X" if rest == 10 else str(rest)


def _status(briefing: Briefing) -> Iterator[Finding]:
    front = briefing.briefing
    at = ("briefing", "status")
    if front.status is Status.EMBARGOED and not front.embargo:
        hint = "add embargo: date, time and zone, as in 2024-06-11T06:00+02:00"
        yield error("embargo-missing", "nothing says until when the embargo holds", at, hint)
    if front.status is Status.SUPERSEDED and not front.superseded_by:
        hint = "add superseded_by: what a reader should use instead"
        yield error("successor-missing", "nothing says what has superseded this briefing", at, hint)
