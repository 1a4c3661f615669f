"""The ledger: all figures and sources of a briefing, and every place that uses them.

A number is written once. Here its arithmetic is recomputed, its sources are found or inherited from the figures it is
computed from, and every use in both documents is listed, in the order of the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from briefing.content.blocks import BlockBase, ChartBlock, GlossaryBlock, KeyFigures, MapBlock, Report, kind_of
from briefing.content.briefing import Briefing, walk_printed_strings
from briefing.content.markdown import Citation, FigureRef, parts
from briefing.content.records import Figure, Qualifier
from briefing.content.scalars import Kind, Path
from briefing.findings import Finding, did_you_mean, error, note
from briefing.language.amount import Amount, Value, amount_of, amount_of_dispute
from briefing.language.wording import Wording
from briefing.ledger.arithmetic import Operand, recompute
from briefing.ledger.suitability import unsuited


@dataclass(frozen=True)
class LedgerEntry:
    """One figure of the ledger, ready to be printed."""

    id: str
    figure: Figure
    value: Value
    sources: tuple[str, ...]

    @property
    def amount(self) -> Amount:
        """What is said of it."""
        return amount_of(self.figure, self.value)

    @property
    def other_amounts(self) -> tuple[Amount, ...]:
        """What others say, in the order of its dispute."""
        return tuple(amount_of_dispute(self.figure, other) for other in self.figure.disputed)

    @property
    def unit(self) -> str:
        """Its unit's name."""
        return self.figure.unit

    @property
    def qualifier(self) -> Qualifier | None:
        """What its number must never be printed without."""
        return self.figure.qualifier

    @property
    def disputed(self) -> bool:
        """Whether another source gives another value."""
        return bool(self.figure.disputed)


@dataclass(frozen=True)
class LedgerUse:
    """One place in a document that uses a figure, source, chart or term."""

    group: str  # figures, sources, charts, glossary
    id: str
    document: str  # brief or fact_sheet; empty where a record of the content uses it
    path: Path
    later: bool = False


@dataclass(frozen=True)
class Ledger:
    """All figures, and every place that uses figures, sources, charts and terms."""

    entries: Mapping[str, LedgerEntry]
    uses: tuple[LedgerUse, ...]

    @property
    def relied_on(self) -> frozenset[str]:
        """The figures that some document prints, and those from which these are computed."""
        found = {use.id for use in self.uses if use.group == "figures" and use.document and use.id in self.entries}
        todo = list(found)
        while todo:
            operands = self.entries[todo.pop()].figure.operands or ("", ())
            new = [name for name in operands[1] if name in self.entries and name not in found]
            found.update(new)
            todo += new
        return frozenset(found)

    def used(self, group: str, document: str | None = None) -> frozenset[str]:
        """The names of a group that a document uses, or any document."""
        return frozenset(use.id for use in self.uses if use.group == group and document in (None, use.document))


def build(briefing: Briefing, wording: Wording) -> tuple[Ledger, tuple[Finding, ...]]:
    """Find every use, recompute every sum, and say what does not hold."""
    uses = tuple(_uses(briefing))
    entries, faults = _entries(briefing, wording)
    findings = [
        *faults,
        *_unknown(briefing, uses),
        *_unused(briefing, uses),
        *_later(briefing, uses),
    ]
    return Ledger(entries, uses), tuple(findings)


# ------------------------------------------------------------------ uses


def _uses(briefing: Briefing) -> Iterator[LedgerUse]:
    for name in Briefing.DOCUMENTS:
        document = briefing.document(name)
        for path, text in _openings(briefing, name):
            yield from _in_text(name, path, Kind.TEXT, text)
        for index, block in enumerate(document.blocks):
            path = (name, "blocks", index, kind_of(block))
            for use in _in_block(briefing, name, block, path):
                yield LedgerUse(use.group, use.id, use.document, use.path, block.later)
    yield from _in_records(briefing)


def _openings(briefing: Briefing, name: str) -> Iterator[tuple[Path, str]]:
    """What stands above the blocks of a document, and the texts of its imprint."""
    document, front = briefing.document(name), briefing.briefing
    yield ((name, "title"), document.title) if document.title else (("briefing", "title"), front.title)
    if document.lede:
        yield (name, "lede"), document.lede
    elif front.subtitle and name == "brief":
        yield ("briefing", "subtitle"), front.subtitle
    for key in ("contact", "licence", "cite", "formats"):
        if text := getattr(front, key):
            yield ("briefing", key), text


def _in_text(document: str, path: Path, kind: Kind, text: str) -> Iterator[LedgerUse]:
    for part in parts(kind, text):
        if isinstance(part, FigureRef):
            yield LedgerUse("figures", part.id, document, path)
        elif isinstance(part, Citation):
            for source in part.ids:
                yield LedgerUse("sources", source, document, path)


def _in_block(briefing: Briefing, document: str, block: BlockBase, path: Path) -> Iterator[LedgerUse]:
    for inner, kind, text in walk_printed_strings(block, path):
        yield from _in_text(document, inner, kind, text)
    if isinstance(block, KeyFigures):
        for index, item in enumerate(block.items):
            yield LedgerUse("figures", item.figure, document, (*path, "items", index, "figure"))
    elif isinstance(block, ChartBlock):
        yield LedgerUse("charts", block.chart, document, (*path, "chart"))
        if block.chart in briefing.charts:
            yield from _in_chart(briefing, document, block.chart)
    elif isinstance(block, MapBlock):
        yield from _named(document, block.sources, (*path, "sources"))
    elif isinstance(block, Report):
        for index, channel in enumerate(block.channels):
            yield from _named(document, channel.sources, (*path, "channels", index, "sources"))
        if block.qr:
            yield from _named(document, block.qr.sources, (*path, "qr", "sources"))
    elif isinstance(block, GlossaryBlock):
        for index, term in enumerate(block.terms or tuple(briefing.glossary)):
            yield LedgerUse("glossary", term, document, (*path, "terms", index) if block.terms else path)
            if term in briefing.glossary:
                for inner, kind, text in walk_printed_strings(briefing.glossary[term], ("glossary", term)):
                    yield from _in_text(document, inner, kind, text)


def _in_chart(briefing: Briefing, document: str, name: str) -> Iterator[LedgerUse]:
    chart = briefing.charts[name]
    for inner, kind, text in walk_printed_strings(chart, ("charts", name)):
        yield from _in_text(document, inner, kind, text)
    for index, datum in enumerate(chart.data):
        if datum.figure:
            yield LedgerUse("figures", datum.figure, document, ("charts", name, "data", index, "figure"))
    yield from _named(document, chart.sources, ("charts", name, "sources"))


def _in_records(briefing: Briefing) -> Iterator[LedgerUse]:
    """What figures say of each other and of sources; no document prints it by this alone."""
    for name, figure in briefing.figures.items():
        path = ("figures", name)
        yield from _named("", figure.sources, (*path, "sources"))
        if operands := figure.operands:
            for index, operand in enumerate(operands[1]):
                yield LedgerUse("figures", operand, "", (*path, operands[0], index))
        for index, dispute in enumerate(figure.disputed):
            yield from _named("", dispute.sources, (*path, "disputed", index, "sources"))
        for inner, kind, text in walk_printed_strings(figure, path):
            yield from _in_text("", inner, kind, text)

    for index, quotation in enumerate(briefing.quotations):
        yield LedgerUse("sources", quotation.source, "", ("quotations", index, "source"))


def _named(document: str, ids: tuple[str, ...], path: Path) -> Iterator[LedgerUse]:
    for index, source in enumerate(ids):
        yield LedgerUse("sources", source, document, (*path, index))


# ------------------------------------------------------------------ figures


def _entries(briefing: Briefing, wording: Wording) -> tuple[dict[str, LedgerEntry], list[Finding]]:
    entries: dict[str, LedgerEntry | None] = {}
    faults: list[Finding] = []
    for name in briefing.figures:
        _enter(name, briefing, wording, entries, faults, ())
    return {name: entry for name, entry in entries.items() if entry}, faults


def _enter(
    name: str,
    briefing: Briefing,
    wording: Wording,
    entries: dict[str, LedgerEntry | None],
    faults: list[Finding],
    above: tuple[str, ...],
) -> LedgerEntry | None:
    """Put a figure into the ledger, after those that it is computed from; nothing stands for one with a fault."""
    if name in entries or name not in briefing.figures:
        return entries.get(name)
    path, figure = ("figures", name), briefing.figures[name]
    if name in above:
        message, hint = f'"{name}" is computed from itself', "give one of the figures a value of its own"
        faults.append(error("arithmetic-loop", message, path, hint))
        return None
    parts = [
        _enter(operand, briefing, wording, entries, faults, (*above, name))
        for operand in (figure.operands or ("", ()))[1]
    ]
    entries[name] = _entry(name, figure, parts, wording, faults)
    return entries[name]


def _entry(
    name: str, figure: Figure, parts: list[LedgerEntry | None], wording: Wording, faults: list[Finding]
) -> LedgerEntry | None:
    """One figure, computed from its parts if it has some."""
    path: Path = ("figures", name)
    if not wording.knows_unit(figure.unit):
        known = wording.unit_names()
        hint = did_you_mean(figure.unit, known) or f"add it under units:, or use one of {', '.join(known[:5])}"
        faults.append(error("unit-unknown", f'the unit "{figure.unit}" is not known', (*path, "unit"), hint))
        return None
    value, sources = figure.value, figure.sources
    if value is None and figure.form:
        value = (Decimal(figure.form.part * 100) / figure.form.whole).quantize(Decimal(1), ROUND_HALF_UP)
    if operands := figure.operands:
        known_parts = [part for part in parts if part]
        if len(known_parts) < len(parts):
            return None
        sources = sources or tuple(dict.fromkeys(s for part in known_parts for s in part.sources))
        operands_said = [Operand(part.id, part.unit, part.value) for part in known_parts]
        value = recompute(name, figure, operands[0], operands_said, faults)
        if value is None:
            return None
    if value is None:
        hint = "add value:, or one of sum_of, difference_of, share_of, change_of"
        faults.append(error("value-missing", f'"{name}" has neither a value nor arithmetic', path, hint))
        return None
    wrong = list(unsuited(name, figure, value))
    faults += wrong
    if any(fault.code == "value-unit" for fault in wrong):
        return None
    if not sources:
        hint = "name at least one under sources: [ ]; a figure without a source is not printed"
        faults.append(error("figure-unsourced", f'the figure "{name}" has no source', path, hint))
    return LedgerEntry(name, figure, value, sources)


# ------------------------------------------------------------------ findings

_UNKNOWN = {
    "figures": ("figure-unknown", "figure", "used"),
    "sources": ("citation-unknown", "source", "cited"),
    "charts": ("chart-unknown", "chart", "shown"),
    "glossary": ("term-unknown", "term", "used"),
}


def _unknown(briefing: Briefing, uses: tuple[LedgerUse, ...]) -> Iterator[Finding]:
    for use in uses:
        known = getattr(briefing, use.group)
        if use.id not in known:
            code, thing, verb = _UNKNOWN[use.group]
            hint = f"add it under {use.group}, or correct the name. {did_you_mean(use.id, known)}".strip()
            yield error(code, f'{thing} "{use.id}" is {verb} but not listed', use.path, hint)


def _unused(briefing: Briefing, uses: tuple[LedgerUse, ...]) -> Iterator[Finding]:
    """Records that no document shows, whether directly or through a figure that is shown."""
    shown = {(use.group, use.id) for use in uses if use.document}
    shown_figures = {name for group, name in shown if group == "figures"}
    todo = list(shown_figures)
    while todo:
        figure = briefing.figures.get(todo.pop())
        for operand in (figure.operands or ("", ()))[1] if figure else ():
            if operand not in shown_figures:
                shown_figures.add(operand)
                todo.append(operand)
    for use in uses:
        if not use.document and use.path[0] == "figures" and use.path[1] in shown_figures:
            shown.add((use.group, use.id))
    shown |= {("figures", name) for name in shown_figures}
    for group, (code, thing, _) in _UNKNOWN.items():
        for name in getattr(briefing, group):
            if (group, name) not in shown and not getattr(getattr(briefing, group)[name], "avoid", ()):
                yield note(
                    code.replace("unknown", "unused"),
                    f'the {thing} "{name}" is not used',
                    (group, name),
                    "delete it, or use it",
                )


def _later(briefing: Briefing, uses: tuple[LedgerUse, ...]) -> Iterator[Finding]:
    for use in uses:
        figure = briefing.figures.get(use.id) if use.group == "figures" and use.document else None
        if figure and not (use.later or figure.standing) and figure.as_of.first > briefing.briefing.date:
            yield error(
                "figure-later",
                f'"{use.id}" is as of {figure.as_of}, after the briefing\'s date {briefing.briefing.date}',
                use.path,
                "move it into a block with later: true, use an earlier figure, or say standing: target (or projection)",
            )
