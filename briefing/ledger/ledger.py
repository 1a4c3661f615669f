"""The ledger: all figures and sources of a briefing, and every place that uses them.

A number is written once. Here its arithmetic is recomputed, and its sources are found or inherited from the figures it
is computed from. A number that a chart gives itself is entered like all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from briefing.content.briefing import Briefing
from briefing.content.records import Figure, Qualifier
from briefing.content.scalars import Kind, Path
from briefing.content.validation import unit_meant
from briefing.findings import Finding, did_you_mean, error, note
from briefing.language.amount import Amount, Value, amount_of, amount_of_dispute
from briefing.language.wording import Wording
from briefing.ledger.arithmetic import Operand, recompute
from briefing.ledger.chart_figures import ChartFigure, own_figures, row_figures
from briefing.ledger.suitability import unsuited
from briefing.ledger.uses import LedgerUse, disputed_behind, find_uses


@dataclass(frozen=True)
class LedgerEntry:
    """One figure of the ledger, ready to be printed."""

    id: str
    figure: Figure
    value: Value
    sources: tuple[str, ...]
    path: Path  # where it is written: under figures, or in a row of a chart
    label: str = ""
    label_kind: Kind = Kind.TEXT
    disputed_by: tuple[str, ...] = ()  # the disputed figures on which it rests, itself among them

    @property
    def chart(self) -> str:
        """The chart that gives it itself; empty for one that stands under figures."""
        return str(self.path[1]) if self.path[0] == "charts" else ""

    @property
    def amount(self) -> Amount:
        """What is said of it."""
        return amount_of(self.figure, self.value)

    @property
    def other_amounts(self) -> tuple[Amount, ...]:
        """What others say, in the order of its dispute."""
        return tuple(amount_of_dispute(self.figure, other) for other in self.figure.disputed)

    @property
    def summand(self) -> Decimal | None:
        """What it adds to a sum; nothing where it is no one number, or “about” one."""
        return self.value if isinstance(self.value, Decimal) and not self.figure.qualifier else None

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
        """Whether another source gives another value, for it or for a figure that it is computed from."""
        return bool(self.disputed_by)


@dataclass(frozen=True)
class Ledger:
    """All figures, and every place that uses figures, sources, charts and terms."""

    entries: Mapping[str, LedgerEntry]
    uses: tuple[LedgerUse, ...]
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of each chart, the figure behind each row

    def charted(self, chart: str) -> tuple[LedgerEntry, ...]:
        """The figures of a chart, each once."""
        own = [name for name, entry in self.entries.items() if entry.chart == chart]
        names = dict.fromkeys([*self.rows.get(chart, ()), *own])
        return tuple(self.entries[name] for name in names if name in self.entries)

    def relied_on(self, document: str | None = None, dropped: frozenset[int] = frozenset()) -> tuple[str, ...]:
        """The figures that a document prints, or any document, and those from which these are computed.

        Counted wherever figures are: in imprint, ledger and review sheets. `dropped` are blocks that were left out.
        """
        found = dict.fromkeys(
            use.id
            for use in self.uses
            if use.group == "figures" and use.id in self.entries and use.block not in dropped
            if (use.document if document is None else use.document == document)
        )
        todo = list(found)
        for name in todo:  # which grows
            operands = self.entries[name].figure.operands or ("", ())
            todo += [one for one in operands[1] if one in self.entries and one not in todo]
        return tuple(todo)

    def used(self, group: str, document: str | None = None) -> frozenset[str]:
        """The names of a group that a document uses, or any document."""
        return frozenset(use.id for use in self.uses if use.group == group and document in (None, use.document))


def build(briefing: Briefing, wording: Wording) -> tuple[Ledger, tuple[Finding, ...]]:
    """Find every use, recompute every sum, and say what does not hold."""
    rows = row_figures(briefing)
    uses = tuple(find_uses(briefing, rows))
    entries, faults = _entries(briefing, wording)
    faults += _enter_charted(own_figures(briefing, rows, wording.date), entries, wording)
    findings = [
        *faults,
        *_unknown(briefing, uses),
        *_unused(briefing, uses),
        *_later(briefing, uses, entries),
    ]
    return Ledger(entries, uses, rows), tuple(dict.fromkeys(findings))


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
    entry = _entry(name, figure, parts, wording, faults)
    entries[name] = replace(entry, disputed_by=disputed_behind(briefing.figures, name)) if entry else None
    return entries[name]


def _entry(
    name: str, figure: Figure, parts: list[LedgerEntry | None], wording: Wording, faults: list[Finding]
) -> LedgerEntry | None:
    """One figure, computed from its parts if it has some."""
    path: Path = ("figures", name)
    if not wording.knows_unit(figure.unit):
        faults.append(_unit_unknown(figure.unit, (*path, "unit"), wording))
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
    return LedgerEntry(name, figure, value, sources, path, figure.label or "")


def _enter_charted(
    found: Iterable[ChartFigure], entries: dict[str, LedgerEntry], wording: Wording
) -> Iterator[Finding]:
    """Put the numbers that charts give themselves into the ledger, where their unit is one."""
    for one in found:
        figure, chart = one.figure, one.path[:2]
        if figure.unit == "date" or not wording.knows_unit(figure.unit):
            at = ("field_units", one.path[-1]) if "fields" in one.path else ("unit",)
            yield _unit_unknown(figure.unit, (*chart, *at), wording)
        elif isinstance(figure.value, Decimal):
            entries[one.id] = LedgerEntry(one.id, figure, figure.value, figure.sources, one.path, one.label, Kind.PLAIN)


def _unit_unknown(unit: str, at: Path, wording: Wording) -> Finding:
    if unit == "date":
        return error("value-unit", "the values of a chart are numbers, and its unit is date", at, "name their unit")
    known, meant = wording.unit_names(), unit_meant(unit)
    offered = f"{', '.join(known[:5])}, a currency such as usd, or a measure such as kilometer, hectare or days"
    near = f'Did you mean "{meant}"?' if meant and wording.knows_unit(meant) else did_you_mean(unit, known)
    hint = near or f"add it under units: where you count something, or use {offered}"
    return error("unit-unknown", f'the unit "{unit}" is not known', at, hint)


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
        if use.id not in known and not (use.group == "figures" and "/" in use.id):  # a chart's own
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
        records = getattr(briefing, group)
        unused = [n for n, one in records.items() if (group, n) not in shown and not getattr(one, "avoid", ())]
        if unused:
            said = f'the {thing} "{unused[0]}" is not used'
            if len(unused) > 1:
                said = f"{len(unused)} {thing}s are not used: {', '.join(unused)}"
            code = code.replace("unknown", "unused")
            them = "it" if len(unused) == 1 else "them"
            yield note(code, said, (group, unused[0]), f"delete {them}, or use {them}")


def dated_at(entry: LedgerEntry, briefing: Briefing) -> tuple[str, Path]:
    """By which name a finding calls what is dated, and where the date is written: in a figure, a chart or its row."""
    if entry.chart:
        own = briefing.charts[entry.chart].as_of is None
        return (entry.id, (*entry.path, "on")) if own else (entry.chart, (*entry.path[:2], "as_of"))
    return entry.id, (*entry.path, "period" if entry.figure.period else "as_of")


def _later(briefing: Briefing, uses: tuple[LedgerUse, ...], entries: Mapping[str, LedgerEntry]) -> Iterator[Finding]:
    for use in uses:
        entry = entries.get(use.id) if use.group == "figures" and use.document else None
        if entry and not (use.later or entry.figure.standing) and entry.figure.as_of.first > briefing.briefing.date:
            name, at = dated_at(entry, briefing) if entry.chart else (use.id, use.path)
            yield error(
                "figure-later",
                f'"{name}" is as of {entry.figure.as_of}, after the briefing\'s date {briefing.briefing.date}',
                at,
                "move it into a block with later: true, use an earlier figure, or say standing: target (or projection)",
            )
