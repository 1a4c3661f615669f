"""A briefing cut down to what one document can see, so that what changes elsewhere is no change to it.

A briefing and its ledger come in; out go the same with the one document, and the figures, sources, charts and terms
that it names, or that are named by what it names. The rest is not there: what is not asked for can then not be printed,
and a document that would ask for it fails loudly instead of being made from something that no key knows.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from briefing.content.briefing import Briefing, Document, walk_printed_strings
from briefing.content.markdown import Citation, FigureRef, parts
from briefing.content.records import Figure
from briefing.content.scalars import Path
from briefing.ledger.ledger import Ledger, LedgerEntry

_GROUPS = ("figures", "sources", "charts", "glossary")
_NOTHING = Document.model_construct(title=None, lede=None, pages=1, large_print_pages=None, blocks=())


def cut_to_document(briefing: Briefing, ledger: Ledger, document: str) -> tuple[Briefing, Ledger]:
    """What one document can see of a briefing and its ledger."""
    uses = tuple(use for use in ledger.uses if use.document == document)
    named = _named(briefing, ledger, {(use.group, use.id) for use in uses})
    kept = {
        group: {name: record for name, record in getattr(briefing, group).items() if (group, name) in named}
        for group in _GROUPS
    }
    others = {name: _NOTHING for name in Briefing.DOCUMENTS if name != document}
    unseen = {"answers": (), "acronyms": (), "quotations": ()}  # what is only said to the editor
    entries = {name: entry for name, entry in ledger.entries.items() if ("figures", name) in named}
    rows = {name: figures for name, figures in ledger.rows.items() if ("charts", name) in named}
    return briefing.model_copy(update={**kept, **others, **unseen}), Ledger(entries, uses, rows)


def _named(briefing: Briefing, ledger: Ledger, asked: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """What is asked for, and what that names in turn."""
    found, todo = set(asked), [*asked, *_in_texts(briefing.briefing, ())]
    while todo:
        group, name = one = todo.pop()
        found.add(one)
        record = getattr(briefing, group).get(name)
        if record is None:
            continue  # a number that a chart gives itself, with the sources of the chart
        new = [*_in_texts(record, (group, name)), *_in_figure(record, ledger.entries.get(name))]
        todo += [other for other in new if other not in found]
    return found


def _in_texts(record: BaseModel, path: Path) -> Iterator[tuple[str, str]]:
    """The figures and sources that the texts of a record name."""
    for _, kind, text in walk_printed_strings(record, path):
        for part in parts(kind, text):
            if isinstance(part, FigureRef):
                yield "figures", part.id
            elif isinstance(part, Citation):
                yield from (("sources", name) for name in part.ids)


def _in_figure(record: BaseModel, entry: LedgerEntry | None) -> Iterator[tuple[str, str]]:
    """What a figure rests on: those that it is computed from, its sources or theirs, and those of other values."""
    if isinstance(record, Figure):
        yield from (("figures", name) for name in (record.operands or ("", ()))[1])
        values = [record.sources, entry.sources if entry else (), *(other.sources for other in record.disputed)]
        yield from (("sources", name) for names in values for name in names)
