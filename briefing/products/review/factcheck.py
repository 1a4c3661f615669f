"""The fact-check sheet: every figure, statement and source of a document, with a box to tick and room to write.

What stands on the pages comes in; rows go out, in the order of the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from briefing.documents.manuscript import Manuscript
from briefing.language.amount import Amount
from briefing.language.wording import NBSP
from briefing.ledger.ledger import LedgerEntry
from briefing.pdf.geometry import Box
from briefing.products.review.statements import StatedFigure, Statement, statements
from briefing.proofing.comparison import Placement
from briefing.proofing.line_numbers import NumberedLine, line_at


@dataclass(frozen=True)
class NumberedSource:
    """A source under the number that the page gives it."""

    number: str
    name: str


@dataclass(frozen=True)
class Item:
    """A row to tick."""

    where: str
    what: str  # a figure's name
    said: tuple[str, ...]  # line by line
    sources: tuple[NumberedSource, ...]
    signed: str = ""
    other: bool = False  # another value for a figure that stands above it


@dataclass(frozen=True)
class Group:
    """Rows under a heading of their own; the first group of a table has none."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Listed:
    """A source to look at."""

    number: str
    name: str
    kind: str
    weak: bool
    read: str
    link: str
    signed: str


@dataclass(frozen=True)
class FactCheckSheet:
    """One document's rows, written from what stands on its pages."""

    stood: tuple[Placement, ...]
    lines: tuple[NumberedLine, ...]
    manuscript: Manuscript

    # -------------------------------------------------------------- words

    def word(self, key: str) -> str:
        """One of the words of review copies."""
        return self.manuscript.wording.word("review", key)

    def said(self, amount: Amount) -> str:
        """A value of a figure in words."""
        return self.manuscript.wording.long(amount).text.replace(NBSP, " ")

    def dated(self, entry: LedgerEntry) -> str:
        """The same with its date."""
        return f"{self.said(entry.amount)}, {self.manuscript.wording.holds(entry.figure)}"

    @cached_property
    def numbers(self) -> dict[str, str]:
        """The number of each source in this document's list."""
        listed = (one for one in self.stood if one.asked.path[0] == "sources" and len(one.asked.path) == 2)
        return {str(one.asked.path[1]): one.asked.text.split()[0] for one in listed}

    def cited(self, names: Sequence[str]) -> tuple[NumberedSource, ...]:
        """Sources by number and publisher, in the order of the list; its own table tells more of them."""
        found = [
            NumberedSource(self.numbers.get(name, "–"), self.manuscript.briefing.sources[name].publisher)
            for name in names
        ]
        return tuple(sorted(found, key=lambda one: int(one.number) if one.number.isdigit() else 0))

    def _named(self, name: str) -> str:
        source = self.manuscript.briefing.sources[name]
        return f"{source.publisher}, {source.title}"

    def where(self, parts: Sequence[tuple[int, Box]]) -> str:
        """“p. 2: 14–15, M3”: the pages and lines of parts that need not hang together."""
        pages: dict[int, list[str]] = {}
        for page, box in parts:
            line = line_at(self.lines, page, box)
            labels = pages.setdefault(page, [])
            if line and line.label not in labels:
                labels.append(line.label)
        return " · ".join(
            f"p.{NBSP}{page + 1}" + f":{NBSP}{_ranges(labels)}" * bool(labels) for page, labels in pages.items()
        )

    # -------------------------------------------------------------- figures

    def figures(self) -> tuple[Group, ...]:
        """The figures of the texts, then those that only a chart shows, chart by chart."""
        parts: dict[str, list[tuple[int, Box]]] = {}
        for one in self.stood:
            for name, page, box in one.figures:
                parts.setdefault(name, []).append((page, box))
        groups = [Group("", tuple(item for name in parts for item in self._items(name, self.where(parts[name]))))]
        told = list(parts)
        for one in self.stood:
            if one.asked.picture and one.asked.path[0] == "charts":
                chart = self.manuscript.briefing.charts[str(one.asked.path[1])]
                names = [entry.id for entry in self.manuscript.ledger.charted(str(one.asked.path[1]))]
                where = f"p.{NBSP}{one.parts[0][0] + 1}"
                new = [item for name in names if name not in told for item in self._items(name, where)]
                told += [name for name in names if name not in told]
                if new:
                    groups.append(Group(f"{self.word('chart')}, {where}: {chart.title}", tuple(new)))
        operands = [item for name in self.behind(told) for item in self._items(name, "–")]
        if operands:
            groups.append(Group(self.word("operands"), tuple(operands)))
        return tuple(groups)

    def behind(self, told: Sequence[str]) -> tuple[str, ...]:
        """The figures that pages do not print and from which others are computed, in the order of these."""
        entries = self.manuscript.ledger.entries
        found = list(told)
        known = len(found)
        for name in found:  # which grows
            found += [
                one for one in (entries[name].figure.operands or ("", ()))[1] if one in entries and one not in found
            ]
        return tuple(found[known:])

    def _items(self, name: str, where: str) -> Iterator[Item]:
        entry = self.manuscript.ledger.entries[name]
        figure = entry.figure
        said = [self.dated(entry), *self._arithmetic(entry)]
        if figure.note:
            said.append(figure.note)
        signed = f"{figure.checked.by}, {self.manuscript.wording.date(figure.checked.on)}" if figure.checked else ""
        yield Item(where, name, tuple(said), self.cited(entry.sources), signed)
        for other, amount in zip(figure.disputed, entry.other_amounts, strict=True):
            what = f"{name}, {self.word('disputed')}"
            yield Item(where, what, (self.said(amount),), self.cited(other.sources), other=True)

    def _arithmetic(self, entry: LedgerEntry) -> Iterator[str]:
        """How a figure that the program has computed again comes about."""
        how, names = entry.figure.operands or ("", ())
        values = [self.said(self.manuscript.ledger.entries[name].amount) for name in names]
        if how == "sum_of":
            yield f"= {' + '.join(values)}"
        elif how:
            sign = {"difference_of": "−", "share_of": "÷"}.get(how, self.word("against"))
            yield f"= {values[0]} {sign} {values[1]}"

    # -------------------------------------------------------------- statements and sources

    def statements(self) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
        """Sentences that name a source, and sentences that name none."""
        known = {
            name: StatedFigure(self.said(entry.amount), entry.sources)
            for name, entry in self.manuscript.ledger.entries.items()
        }
        found = list(statements(self.manuscript.briefing, self.stood, known))
        return (
            tuple(self._statement(one) for one in found if one.sources),
            tuple(self._statement(one) for one in found if not one.sources),
        )

    def _statement(self, one: Statement) -> Item:
        return Item(self.where(one.parts), "", (one.text,), self.cited(one.sources))

    def sources(self, weak: Sequence[str]) -> Iterator[Listed]:
        """Every source of the list, with where it was read."""
        for name, number in self.numbers.items():
            source = self.manuscript.briefing.sources[name]
            date = f", {self.manuscript.wording.date(source.date)}" if source.date else ""
            via = f", {self.manuscript.wording.word('label', 'via')} {source.via}" if source.via else ""
            yield Listed(
                number,
                f"{self._named(name)}{date}{via}",
                self.manuscript.wording.word("kind", source.kind),
                source.kind.value in weak,
                self.manuscript.wording.date(source.read) if source.read else "",
                source.link or "",
                f"{source.checked.by}, {self.manuscript.wording.date(source.checked.on)}" if source.checked else "",
            )


def _ranges(labels: Sequence[str]) -> str:
    """“14–15, M3”: neighbouring lines as a range."""
    found: list[tuple[str, int, int]] = []
    for label in labels:
        prefix = label.rstrip("0123456789")
        number = int(label[len(prefix) :])
        if found and found[-1][0] == prefix and found[-1][2] == number - 1:
            found[-1] = (prefix, found[-1][1], number)
        else:
            found.append((prefix, number, number))
    return f",{NBSP}".join(f"{p}{low}" if low == high else f"{p}{low}–{high}" for p, low, high in found)
