"""Figures that are new, gone or other ones: those of the list, and those that charts give themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from briefing.content.blocks import large_figures
from briefing.content.briefing import Briefing
from briefing.content.records import Dispute, Figure
from briefing.content.scalars import Kind, Path
from briefing.documents.manuscript import Manuscript
from briefing.language.amount import amount_of_dispute
from briefing.language.wording import Wording
from briefing.ledger.chart_figures import row_names
from briefing.ledger.ledger import LedgerEntry
from briefing.products.changes.change_records import ChangeKind, FieldChange, FigureChange
from briefing.products.changes.field_changes import field_changes, names_of_both, place_in, says_the_same
from briefing.products.changes.places import places_of
from briefing.products.changes.plain_words import figure_in_words, format_text, source_in_words, strip_marks


def figure_changes(old: Manuscript, new: Manuscript) -> Iterator[FigureChange]:
    """Every figure that says something else, in the order of the ledger."""
    known = {**_rows(old), **_rows(new)}
    for name, _ in names_of_both(old.ledger.entries, new.ledger.entries):
        a, b = (_entry(version, name, known) for version in (old, new))
        fields = tuple(_fields(old, new, a, b)) if a and b else ()
        if (a and b and not fields) or (a is None and b is None):
            continue
        sort = ChangeKind.REMOVED if b is None else ChangeKind.ADDED if a is None else ChangeKind.CHANGED
        here, entry = (new, b) if b else (old, a)
        assert entry
        note = b.figure.note if b else None
        told = note and not (a and a.figure.note and says_the_same(a.figure.note, note, Kind.TEXT))
        yield FigureChange(
            sort=sort,
            id=name,
            label=_label(here, entry),
            old=figure_in_words(old, a.id) if a else "",
            new=figure_in_words(new, b.id) if b else "",
            fields=fields,
            why=format_text(new, Kind.TEXT, note) if note and told else "",
            sources=tuple(source_in_words(here, source) for source in entry.sources),
            uses=places_of(here, "figures", entry.id),
            place=here.place(entry.path),
            old_uses=places_of(old, "figures", a.id) if a else (),
            chart=entry.chart,
        )


def _label(version: Manuscript, entry: LedgerEntry) -> str:
    """What readers know a figure by: its label, else what a key figure or a chart calls it; never its name."""
    if entry.label:
        return format_text(version, entry.label_kind, entry.label)
    for document in Briefing.DOCUMENTS:
        for block in version.briefing.document(document).blocks:
            for at, figure, label in large_figures(block):
                if figure == entry.id and at[-1] == "label":
                    return format_text(version, Kind.TEXT, label)
    for chart in version.briefing.charts.values():
        for datum in chart.data:
            if datum.figure == entry.id and datum.label:
                title = format_text(version, Kind.TEXT, chart.title)
                return f"{title}: {', '.join(word for word in (datum.series, datum.label) if word)}"
    return ""


def _rows(version: Manuscript) -> dict[str, tuple[str, int]]:
    """The chart and the row that each name of a row stands for."""
    charts = version.briefing.charts
    return {row: (name, index) for name in charts for index, row in enumerate(row_names(name, charts[name]))}


def _entry(version: Manuscript, name: str, known: dict[str, tuple[str, int]]) -> LedgerEntry | None:
    """A figure of one version; a row of a chart may take from the list in one what it says itself in the other."""
    entries = version.ledger.entries
    if name in entries or name not in known:
        return entries.get(name)
    chart, _ = known[name]
    names = row_names(chart, version.briefing.charts[chart]) if chart in version.briefing.charts else ()
    return entries.get(version.ledger.rows[chart][names.index(name)]) if name in names else None


def _fields(old: Manuscript, new: Manuscript, a: LedgerEntry, b: LedgerEntry) -> Iterator[FieldChange]:
    """What a figure prints, or is signed off by; how it is computed and what its note says is not printed.

    Date, sources and sign-off of what a chart says itself are told with the chart.
    """
    path: Path = b.path
    before, now = replace(old.wording, locale=new.wording.locale, words=new.wording.words), new.wording
    were, are = figure_in_words(old, a.id), figure_in_words(new, b.id)  # which another language alone does not change
    if before.long(a.amount) != now.long(b.amount) or (a.value, a.unit, a.qualifier) != (b.value, b.unit, b.qualifier):
        yield FieldChange("value", were, are, new.place((*path, "value")))
    if a.chart or b.chart:
        return
    if a.sources != b.sources:
        were, are = ("; ".join(source_in_words(v, s) for s in e.sources) for v, e in ((old, a), (new, b)))
        yield FieldChange("sources", were, are, new.place((*path, "sources")))
    if _disputes(a.figure.disputed) != _disputes(b.figure.disputed):
        were, are = (_said_disputes(v, e.figure) for v, e in ((old, a), (new, b)))
        yield FieldChange("disputed", were, are, place_in(old, new, (*path, "disputed"), b.figure.disputed))
    if _time(before, a.figure) != _time(now, b.figure):
        were, are = _time(old.wording, a.figure), _time(now, b.figure)
        key = "period" if b.figure.period else "as_of"
        yield FieldChange("as_of", were, are, place_in(old, new, (*path, key), b.figure.as_of))
    kept = frozenset({"standing", "label", "checked"})
    yield from field_changes(old, new, a.figure, b.figure, path, frozenset(type(a.figure).model_fields) - kept)


def _time(wording: Wording, figure: Figure) -> str:
    """Of which time a figure is, and its interval."""
    told = (wording.when(figure), wording.interval(figure))
    return "; ".join(part for part in told if part).replace("\u00a0", " ")


def _disputes(disputes: tuple[Dispute, ...]) -> list[object]:
    return [(one.value, one.qualifier, one.sources, strip_marks(Kind.TEXT, one.note or "")) for one in disputes]


def _said_disputes(version: Manuscript, figure: Figure) -> str:
    told = []
    for one in figure.disputed:
        number = version.wording.long(amount_of_dispute(figure, one)).text
        named = ", ".join(source_in_words(version, source) for source in one.sources)
        note = f": {format_text(version, Kind.TEXT, one.note)}" if one.note else ""
        told.append(f"{number} ({named}){note}".replace("\u00a0", " "))
    return "; ".join(told)
