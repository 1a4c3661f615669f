"""The figures of one document as a table: what goes along inside its file, for those who want to count on.

A briefing, its ledger and the name of a document come in, a table comes out (RFC 4180): a row for each value and each
source of it, for every figure that the document prints. Remarks of the editors are no part of it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

from briefing.content.briefing import Briefing
from briefing.content.records import Qualifier
from briefing.language.amount import Value, ends
from briefing.ledger.ledger import Ledger, LedgerEntry
from briefing.ledger.spreadsheet import harmless

COLUMNS = (
    "figure", "label", "value", "unit", "qualifier", "as_of", "said", "publisher", "title", "date", "link",
    "value_to", "low", "high", "level", "period", "standing",
)  # fmt: skip
PRINTED, DISPUTED = "printed", "disputed"  # what a row says: the document's value, or another's


def as_csv(briefing: Briefing, ledger: Ledger, document: str, dropped: frozenset[int] = frozenset()) -> str:
    """The figures of a document in the order of the content; `dropped` holds the blocks that it leaves out."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    shown = printed_figures(ledger, document, dropped)
    for entry in ledger.entries.values():
        if entry.id in shown:
            writer.writerows([harmless(cell) for cell in row] for row in _rows(entry, briefing))
    return out.getvalue()


def printed_figures(ledger: Ledger, document: str, dropped: frozenset[int]) -> frozenset[str]:
    """The figures that a document prints."""
    uses = (use for use in ledger.uses if use.document == document and use.block not in dropped)
    return frozenset(use.id for use in uses if use.group == "figures")


def _rows(entry: LedgerEntry, briefing: Briefing) -> Iterator[tuple[str, ...]]:
    """The document's value with each of its sources, and each other value with its own."""
    given = entry.figure.interval
    claims = [(entry.value, entry.qualifier, entry.sources, PRINTED)]
    claims += [(other.value, other.qualifier, other.sources, DISPUTED) for other in entry.figure.disputed]
    for value, qualifier, names, said in claims:
        for source in (briefing.sources[name] for name in names):
            yield (
                entry.id,
                entry.label,
                _plain(ends(value)[0] if ends(value) else value),
                entry.unit,
                _word(qualifier),
                str(entry.figure.as_of),
                said,
                source.publisher,
                source.title,
                str(source.date or ""),
                source.link or "",
                _plain(ends(value)[-1]) if len(ends(value)) > 1 else "",
                *(map(_plain, (given.low, given.high, given.level)) if given and said == PRINTED else ("", "", "")),
                str(entry.figure.period or ""),
                entry.figure.standing or "",
            )


def _plain(value: Value) -> str:
    """All digits of a value, as the content writes them."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _word(qualifier: Qualifier | None) -> str:
    return qualifier.value if qualifier else ""
