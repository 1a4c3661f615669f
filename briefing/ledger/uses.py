"""What a document prints: every place that uses a figure, source, chart or term, in the order of the content.

There is one walk, and whoever asks where something stands goes by it: the ledger, what has changed, the table inside a
file, and a document's share of the briefing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from briefing.content.blocks import (
    BlockBase,
    ChartBlock,
    Contested,
    GlossaryBlock,
    Imprint,
    MapBlock,
    Report,
    SourcesBlock,
    kind_of,
    large_figures,
)
from briefing.content.briefing import Briefing, walk_printed_strings
from briefing.content.markdown import Citation, FigureRef, parts
from briefing.content.panels import GaugeBlock, PullQuote
from briefing.content.records import Figure
from briefing.content.scalars import Kind, Path
from briefing.ledger.chart_figures import FieldNumber, field_numbers


@dataclass(frozen=True)
class LedgerUse:
    """One place in a document that uses a figure, source, chart or term."""

    group: str  # figures, sources, charts, glossary
    id: str
    document: str  # brief or fact_sheet; empty where a record of the content uses it
    path: Path
    later: bool = False
    block: int | None = None  # in which block of the document it is printed; none for title and lede


def find_uses(briefing: Briefing, rows: Mapping[str, tuple[str, ...]]) -> Iterator[LedgerUse]:
    """Every use in both documents, then those of the records; `rows` has the figure behind each row of a chart."""
    for name in Briefing.DOCUMENTS:
        yield from _DocumentWalk(briefing, name, rows).uses()
    yield from _in_records(briefing)


class _DocumentWalk:
    """The uses of one document."""

    def __init__(self, briefing: Briefing, name: str, rows: Mapping[str, tuple[str, ...]]) -> None:
        self.briefing, self.name, self.rows = briefing, name, rows
        self.document = briefing.document(name)

    def uses(self) -> Iterator[LedgerUse]:
        """All of them, each in its block; what the program adds to a block follows from all the others."""
        opening = list(self._openings())
        said = [
            [
                LedgerUse(use.group, use.id, use.document, use.path, block.later, index)
                for use in self._in_block(block, (self.name, "blocks", index, kind_of(block)))
            ]
            for index, block in enumerate(self.document.blocks)
        ]
        found = [*opening, *(use for uses in said for use in uses)]
        tables = [index for index, block in enumerate(self.document.blocks) if isinstance(block, Contested)]
        for index in tables:
            said[index] += self._following(index, self._in_contested(found))
        found += [use for index in tables for use in said[index]]
        for index, block in enumerate(self.document.blocks):
            if isinstance(block, SourcesBlock):
                said[index] += self._following(index, self._in_list(found))
        yield from opening
        yield from (use for uses in said for use in uses)

    def _following(self, block: int, uses: Iterator[LedgerUse]) -> Iterator[LedgerUse]:
        """Uses that the program adds: what tells of later things does so where the content names it."""
        return (LedgerUse(use.group, use.id, use.document, use.path, True, block) for use in uses)

    def _openings(self) -> Iterator[LedgerUse]:
        """What stands above the blocks."""
        document, front = self.document, self.briefing.briefing
        if document.title:
            yield from self._in_text((self.name, "title"), Kind.TEXT, document.title)
        else:
            yield from self._in_text(("briefing", "title"), Kind.TEXT, front.title)
        if document.lede:
            yield from self._in_text((self.name, "lede"), Kind.TEXT, document.lede)
        elif front.subtitle and self.name == "brief":
            yield from self._in_text(("briefing", "subtitle"), Kind.TEXT, front.subtitle)

    def _in_text(self, path: Path, kind: Kind, text: str) -> Iterator[LedgerUse]:
        return _in_text(self.name, path, kind, text)

    def _in_block(self, block: BlockBase, path: Path) -> Iterator[LedgerUse]:
        """What the content itself says in a block, and what it takes from elsewhere by name."""
        for inner, kind, text in walk_printed_strings(block, path):
            yield from self._in_text(inner, kind, text)
        for inner, figure, _ in large_figures(block):
            yield LedgerUse("figures", figure, self.name, (*path, *inner[:-1], "figure"))
            if isinstance(block, GaugeBlock) and figure in self.briefing.figures:
                for operand in self.briefing.figures[figure].share_of or ():
                    yield LedgerUse("figures", operand, self.name, (*path, *inner[:-1], "figure"))
        if isinstance(block, ChartBlock):
            yield LedgerUse("charts", block.chart, self.name, (*path, "chart"))
            if block.chart in self.briefing.charts:
                yield from self._in_chart(block.chart)
        elif isinstance(block, MapBlock):
            yield from _named(self.name, block.sources, (*path, "sources"))
        elif isinstance(block, PullQuote):
            yield LedgerUse("sources", block.source, self.name, (*path, "source"))
        elif isinstance(block, Report):
            for index, channel in enumerate(block.channels):
                yield from _named(self.name, channel.sources, (*path, "channels", index, "sources"))
            if block.qr:
                yield from _named(self.name, block.qr.sources, (*path, "qr", "sources"))
        elif isinstance(block, GlossaryBlock):
            yield from self._in_glossary(block, path)
        elif isinstance(block, Imprint):
            for key in ("contact", "licence", *(["cite"] if self.name == "brief" else []), "formats"):
                if text := getattr(self.briefing.briefing, key):
                    yield from self._in_text(("briefing", key), Kind.TEXT, text)

    def _in_chart(self, name: str) -> Iterator[LedgerUse]:
        chart = self.briefing.charts[name]
        for inner, kind, text in walk_printed_strings(chart, ("charts", name)):
            yield from self._in_text(inner, kind, text)
        fields = defaultdict[int, list[FieldNumber]](list)
        for one in field_numbers(name, chart):
            fields[one.row].append(one)
        for index, (datum, figure) in enumerate(zip(chart.data, self.rows[name], strict=True)):
            if figure:
                key = "figure" if datum.figure else "value"
                yield LedgerUse("figures", figure, self.name, ("charts", name, "data", index, key))
            for one in fields[index]:
                yield LedgerUse("figures", one.id, self.name, ("charts", name, "data", index, "fields", one.field))
            if datum.figure in self.briefing.figures:  # it shows the range of a dispute
                yield from self._disputing(datum.figure or "")
        yield from _named(self.name, chart.sources, ("charts", name, "sources"))

    def _in_glossary(self, block: GlossaryBlock, path: Path) -> Iterator[LedgerUse]:
        for index, term in enumerate(block.terms or tuple(self.briefing.glossary)):
            yield LedgerUse("glossary", term, self.name, (*path, "terms", index) if block.terms else path)
            if term in self.briefing.glossary:
                for inner, kind, text in walk_printed_strings(self.briefing.glossary[term], ("glossary", term)):
                    yield from self._in_text(inner, kind, text)

    # -------------------------------------------------------------- what the program adds

    def _in_contested(self, found: list[LedgerUse]) -> Iterator[LedgerUse]:
        """A row for each disputed figure of the document, and for those that such a row names in turn."""
        figures = self.briefing.figures
        todo = list(dict.fromkeys(one for use in found for one in _disputed_by(use, figures)))
        for name in todo:  # which grows
            path: Path = ("figures", name)
            yield LedgerUse("figures", name, self.name, path)
            row = list(self._in_text((*path, "label"), Kind.TEXT, figures[name].label or ""))
            for index, dispute in enumerate(figures[name].disputed):
                if dispute.note:
                    row += self._in_text((*path, "disputed", index, "note"), Kind.TEXT, dispute.note)
            yield from row
            yield from self._disputing(name)
            todo += [one for use in row for one in _disputed_by(use, figures) if one not in todo]

    def _disputing(self, figure: str) -> Iterator[LedgerUse]:
        for index, dispute in enumerate(self.briefing.figures[figure].disputed):
            yield from _named(self.name, dispute.sources, ("figures", figure, "disputed", index, "sources"))

    def _in_list(self, found: list[LedgerUse]) -> Iterator[LedgerUse]:
        """The remarks on the sources that the document names, itself or through its figures."""
        sources = self.briefing.sources
        for name in self._sources_of(found):
            if name in sources and (note := sources[name].note):
                yield from self._in_text(("sources", name, "note"), Kind.TEXT, note)

    def _sources_of(self, found: list[LedgerUse]) -> Iterator[str]:
        todo = list(dict.fromkeys((use.group, use.id) for use in found))
        for group, name in todo:  # which grows
            if group == "sources":
                yield name
            figure = self.briefing.figures.get(name) if group == "figures" else None
            if figure:
                behind = [("sources", source) for source in figure.sources]
                behind += [("figures", operand) for operand in (figure.operands or ("", ()))[1] if not behind]
                todo += [one for one in behind if one not in todo]


def disputed_behind(figures: Mapping[str, Figure], name: str) -> tuple[str, ...]:
    """The disputed figures on which one rests: it itself, and those that it is computed from."""
    todo = [name]
    for one in todo:  # which grows
        if one in figures:
            todo += [operand for operand in (figures[one].operands or ("", ()))[1] if operand not in todo]
    return tuple(one for one in todo if one in figures and figures[one].disputed)


def _disputed_by(use: LedgerUse, figures: Mapping[str, Figure]) -> tuple[str, ...]:
    return disputed_behind(figures, use.id) if use.group == "figures" else ()


def _in_text(document: str, path: Path, kind: Kind, text: str) -> Iterator[LedgerUse]:
    for part in parts(kind, text):
        if isinstance(part, FigureRef):
            yield LedgerUse("figures", part.id, document, path)
        elif isinstance(part, Citation):
            for source in part.ids:
                yield LedgerUse("sources", source, document, path)


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
    for name, source in briefing.sources.items():
        if source.note:
            yield from _in_text("", ("sources", name, "note"), Kind.TEXT, source.note)
    for key in ("contact", "licence", "cite", "formats"):
        if text := getattr(briefing.briefing, key):
            yield from _in_text("", ("briefing", key), Kind.TEXT, text)
    for index, quotation in enumerate(briefing.quotations):
        yield LedgerUse("sources", quotation.source, "", ("quotations", index, "source"))


def _named(document: str, ids: tuple[str, ...], path: Path) -> Iterator[LedgerUse]:
    for index, source in enumerate(ids):
        yield LedgerUse("sources", source, document, (*path, index))
