"""The ledger made visible: every figure with value, age, sources, disputes and check, and every place that prints it.

A briefing, its ledger and what stands on its pages come in; rows go out, and from them a text, a table for a
spreadsheet, JSON or a page for a browser.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from briefing.checks.freshness import WEAK
from briefing.content.briefing import Briefing
from briefing.content.records import Figure
from briefing.design.outputs import FILES
from briefing.documents.manuscript import Manuscript
from briefing.documents.references.numbering import anchor, numbering
from briefing.language.amount import Amount
from briefing.language.numbers import NBSP
from briefing.language.wording import Wording
from briefing.ledger.ledger import LedgerEntry
from briefing.ledger.spreadsheet import harmless
from briefing.proofing.line_numbers import line_at
from briefing.proofing.proof import Proof
from briefing.proofing.proof_set import ProofSet

FORMATS = ("text", "csv", "json", "html")


@dataclass(frozen=True)
class LedgerSource:
    """A source as the ledger names it."""

    id: str
    publisher: str
    title: str
    kind: str
    date: str
    link: str


@dataclass(frozen=True)
class Claim:
    """Another value for a figure."""

    value: str
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class PrintedPlace:
    """One place that prints a figure."""

    document: str
    file: str
    page: int | None  # from 1
    line: str  # on that page; empty in a chart
    block: str
    content_line: int


@dataclass(frozen=True)
class LedgerRow:
    """One figure."""

    id: str
    label: str
    printed: str
    value: str
    unit: str
    qualifier: str
    as_of: str
    holds: str  # its period, standing or interval in words, where it has one: “target for 2030”
    age_days: int
    computed: str
    sources: tuple[LedgerSource, ...]
    second_hand: bool
    disputes: tuple[Claim, ...]
    checked_by: str
    checked_on: str
    expires: str
    uses: tuple[PrintedPlace, ...]


def format_ledger(work: ProofSet, today: datetime.date, form: str, templates: Path) -> str:
    """The ledger of a run with every place that prints a figure, in one of `FORMATS`."""
    table = rows(work, today)
    if form == "html":
        return as_html(table, work.manuscript.briefing, today, templates)
    return {"csv": as_csv, "json": as_json, "text": as_text}[form](table)


def rows(work: ProofSet, today: datetime.date) -> tuple[LedgerRow, ...]:
    """All figures in the order of the content."""
    return tuple(_row(entry, work, today) for entry in work.manuscript.ledger.entries.values())


def _row(entry: LedgerEntry, work: ProofSet, today: datetime.date) -> LedgerRow:
    briefing, wording = work.manuscript.briefing, work.manuscript.wording
    figure = entry.figure
    sources = tuple(_cited(name, briefing) for name in entry.sources)
    how, operands = figure.operands or ("", ())
    return LedgerRow(
        id=entry.id,
        label=entry.label,
        printed=_words(wording, entry.amount),
        value=str(entry.value),
        unit=entry.unit,
        qualifier=figure.qualifier.value if figure.qualifier else "",
        as_of=str(figure.as_of),
        holds=_holds(figure, wording),
        age_days=(today - figure.as_of.last).days,
        computed=f"{how.replace('_', ' ')} {', '.join(operands)}" if how else "",
        sources=sources,
        second_hand=bool(sources) and all(source.kind in [kind.value for kind in WEAK] for source in sources),
        disputes=tuple(
            Claim(_words(wording, amount), other.sources, other.note or "")
            for other, amount in zip(figure.disputed, entry.other_amounts, strict=True)
        ),
        checked_by=figure.checked.by if figure.checked else "",
        checked_on=str(figure.checked.on) if figure.checked else "",
        expires=str(figure.expires or ""),
        uses=tuple(_uses(entry, work)),
    )


def _words(wording: Wording, amount: Amount) -> str:
    return wording.long(amount).text.replace(NBSP, " ")


def _holds(figure: Figure, wording: Wording) -> str:
    told = wording.holds(figure) if figure.period or figure.standing else ""
    return "; ".join(part for part in (told, wording.interval(figure)) if part).replace(NBSP, " ")


def _cited(name: str, briefing: Briefing) -> LedgerSource:
    source = briefing.sources[name]
    return LedgerSource(
        name, source.publisher, source.title, source.kind.value, str(source.date or ""), source.link or ""
    )


def _uses(entry: LedgerEntry, work: ProofSet) -> Iterator[PrintedPlace]:
    """Where the pages print a figure; where they are not known, where the content asks for it."""
    for document in Briefing.DOCUMENTS:
        proof = work.proofs.get(document)
        if proof and proof.stood:
            yield from _on_pages(entry, document, proof, work.manuscript)
        else:
            asked = dict.fromkeys(
                use.path
                for use in work.manuscript.ledger.uses
                if (use.group, use.id, use.document) == ("figures", entry.id, document)
            )
            for path in asked:
                yield PrintedPlace(document, FILES[document], None, "", "", work.manuscript.place(path).line)


def _on_pages(entry: LedgerEntry, document: str, proof: Proof, manuscript: Manuscript) -> Iterator[PrintedPlace]:
    source = manuscript.briefing.document(document)
    numbers = numbering(source, manuscript.wording).labels
    labels = {anchor(source.blocks[index], index): label for index, label in numbers.items()}
    for stood in proof.stood:
        asked = stood.asked
        block = f"{label} ({asked.block})".replace(NBSP, " ") if (label := labels.get(asked.block)) else asked.block
        if asked.picture and asked.path[0] == "charts":
            (page, _), *_ = stood.parts
            for index, name in enumerate(manuscript.ledger.rows[str(asked.path[1])]):
                if name == entry.id:
                    line = manuscript.place(("charts", asked.path[1], "data", index)).line
                    yield PrintedPlace(document, FILES[document], page + 1, "", block, line)
            if entry.chart == asked.path[1] and "fields" in entry.path:
                line = manuscript.place(entry.path).line
                yield PrintedPlace(document, FILES[document], page + 1, "", block, line)
        for name, page, box in stood.figures:
            if name == entry.id:
                here = line_at(proof.lines, page, box)
                here_at, line = here.label if here else "", manuscript.place(asked.path).line
                yield PrintedPlace(document, FILES[document], page + 1, here_at, block, line)


# ------------------------------------------------------------------ formats


def as_text(table: Sequence[LedgerRow]) -> str:
    """A list to read: a paragraph for each figure."""
    return "".join("".join(f"{line}\n" for line in _paragraph(row)) + "\n" for row in table)


def _paragraph(row: LedgerRow) -> Iterator[str]:
    yield f"{row.id}: {row.printed}" + (f" ({row.label})" if row.label else "")
    yield f"  {row.holds or f'as of {row.as_of}'}, {_age(row.age_days)}" + (
        f"; good until {row.expires}" if row.expires else ""
    )
    if row.computed:
        yield f"  {row.computed}"
    for source in row.sources:
        date = f", {source.date}" if source.date else ""
        yield f"  source: {source.id}: {source.publisher}, {source.title}{date}; {source.kind}"
    if row.second_hand:
        yield "  second hand only"
    for claim in row.disputes:
        note = f": {claim.note}" if claim.note else ""
        yield f"  disputed: {claim.value} says {', '.join(claim.sources)}{note}"
    yield f"  checked by {row.checked_by} on {row.checked_on}" if row.checked_by else "  not checked"
    for use in row.uses:
        yield f"  printed: {_place(use)}"
    if not row.uses:
        yield "  printed: nowhere by itself"


def _age(days: int) -> str:
    if days < 0:
        return f"in {-days} days"
    return "today" if not days else f"{days} day{'s' * (days != 1)} old"


def _place(use: PrintedPlace) -> str:
    where = f"{use.file}, page {use.page}" if use.page else use.file
    line = f", line {use.line}" if use.line else f", in {use.block}" if use.block else ""
    return f"{where}{line} (content line {use.content_line})"


def as_json(table: Sequence[LedgerRow]) -> str:
    """A list of records."""
    return json.dumps([asdict(row) for row in table], indent=2, ensure_ascii=False) + "\n"


COLUMNS = (
    "id", "label", "printed", "value", "unit", "qualifier", "as_of", "holds", "age_days", "computed", "sources",
    "second_hand", "disputes", "checked_by", "checked_on", "expires", "uses",
)  # fmt: skip


def as_csv(table: Sequence[LedgerRow]) -> str:
    """A table for a spreadsheet (RFC 4180): a row for each figure, several values of a cell with semicolons."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in table:
        writer.writerow(harmless(cell) for cell in _cells(row))
    return out.getvalue()


def _cells(row: LedgerRow) -> Iterator[str]:
    for name in COLUMNS:
        value = getattr(row, name)
        if name == "sources":
            yield "; ".join(f"{source.id}: {source.publisher}, {source.title}" for source in value)
        elif name == "disputes":
            yield "; ".join(f"{claim.value} ({', '.join(claim.sources)})" for claim in value)
        elif name == "uses":
            yield "; ".join(_place(use) for use in value)
        else:
            yield {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def as_html(table: Sequence[LedgerRow], briefing: Briefing, today: datetime.date, templates: Path) -> str:
    """A page for a browser, which needs nothing from anywhere."""
    from briefing.documents.html import sheet

    shown = {"rows": table, "front": briefing.briefing, "today": today.isoformat(), "place": _place, "age": _age}
    return sheet(templates, "ledger.html.j2", shown)
