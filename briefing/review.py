"""The review copy: the real pages with numbered lines, a note beside each figure, findings, and a fact-check sheet.

Finished documents come in; HTML goes out for what is laid over their pages and for the sheets behind them. The pages
themselves are not set anew: every line of the copy is a line of the printed one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from briefing import compose
from briefing.answers import Met
from briefing.charts.words import apart, wrapped
from briefing.claims import claims
from briefing.complete import Stood
from briefing.findings import Finding, Severity
from briefing.ledger import Entry, Ledger, Where
from briefing.lines import Line, line_at
from briefing.model import Briefing
from briefing.paper import Paper
from briefing.pdfinfo import Box
from briefing.records import Source
from briefing.wording import NBSP, Wording

MM = 25.4 / 72
FAR_MM = 24.0  # how far a note may stand from its line
GAP_MM = 0.9  # between notes
EDGE_MM = 8.0  # what no office printer can print on
ASIDE_PT = 250.0  # a picture that begins so far from the text's left edge stands in the margin column
HEAD_MM = 13.0  # of the panel with the notes
SIZES = (6.6, 6.2, 5.8, 5.4, 5.0)  # points, of notes: the largest at which all find room


@dataclass(frozen=True)
class Copy:
    """What a review copy is made from: one finished document."""

    document: str
    pages: int
    stood: tuple[Stood, ...]
    lines: tuple[Line, ...]
    paper: Paper


@dataclass(frozen=True)
class Note:
    """A note in the panel beside a page; millimetres from the sheet's upper left corner."""

    label: str
    head: str
    body: str
    kind: str  # figure, chart or finding
    at: float  # where it wants to be
    margin: bool  # whether it belongs to the margin column
    left: float = 0.0
    top: float = 0.0


@dataclass(frozen=True)
class Number:
    """The number of a line."""

    label: str
    x: float
    y: float
    right: bool  # beside the margin column
    strong: bool  # a figure stands on the line


@dataclass(frozen=True)
class Leafed:
    """One page of the copy."""

    page: int  # from 1
    numbers: tuple[Number, ...]
    notes: tuple[Note, ...]
    size: float  # points, of the notes


@dataclass(frozen=True)
class Item:
    """A row of the fact-check sheet."""

    where: str
    what: str
    said: str
    sources: tuple[str, ...]
    check: str


def scale(paper: Paper) -> float:
    """How much smaller a page is on a sheet of the same paper laid across."""
    return paper.width_mm / paper.height_mm


def compose_html(
    copy: Copy,
    briefing: Briefing,
    ledger: Ledger,
    wording: Wording,
    findings: Sequence[Finding],
    answered: Sequence[Met],
    where: Where,
    templates: Path,
) -> str:
    """A sheet with the mark that lies under the pages, one for each page, and the fact-check sheets."""
    desk = _Desk(copy, briefing, ledger, wording, where)
    placed = {finding: spot for finding in findings if (spot := desk.spot(finding))}
    met = {finding: spot for finding, _ in answered if (spot := desk.spot(finding))}
    front = briefing.briefing
    shown = {
        "paper": copy.paper,
        "wide": copy.paper.height_mm,
        "tall": copy.paper.width_mm,
        "panel": copy.paper.width_mm * scale(copy.paper),
        "front": front,
        "title": wording.word("document", copy.document),
        "status": wording.word("status", front.status),
        "date": wording.date(front.date),
        "pages": copy.pages,
        "leaves": [desk.leaf(page, placed) for page in range(copy.pages)],
        "figures": list(desk.figures()),
        "claims": list(desk.claims()),
        "open": [finding for finding in findings if finding.severity is not Severity.NOT_RUN],
        "answered": answered,
        "w": wording.words["review"],
        "edge": EDGE_MM,
        "place": lambda finding: desk.said_where({**met, **placed}.get(finding)),
    }
    return compose.sheet(templates, "review.html.j2", shown)


@dataclass(frozen=True)
class _Spot:
    """A place on a page: points from the lower left corner of the printed page."""

    page: int
    box: Box
    line: Line | None


@dataclass(frozen=True)
class _Desk:
    """One document and all that is known of it."""

    copy: Copy
    briefing: Briefing
    ledger: Ledger
    wording: Wording
    where: Where

    # -------------------------------------------------------------- places

    def at(self, page: int, box: Box) -> _Spot:
        return _Spot(page, box, line_at(self.copy.lines, page, box))

    def said_where(self, spot: _Spot | None) -> str:
        """“2, 14”: the page and the line."""
        if spot is None:
            return "–"
        return f"{spot.page + 1}, {spot.line.label}" if spot.line else str(spot.page + 1)

    def down(self, spot: _Spot) -> float:
        """How far down the sheet a place is, in millimetres."""
        return (self.copy.paper.height_mm - spot.box[3] * MM) * scale(self.copy.paper)

    def spot(self, finding: Finding) -> _Spot | None:
        """Where a finding arises: at the string of its place, or at the figure or block that it is about."""
        for stood in self.copy.stood:
            if stood.parts and self.where(stood.asked.path) == finding.place:
                return self.at(*stood.parts[0])
        for stood in self.copy.stood:
            for name, page, box in stood.figures:
                if finding.about == name:
                    return self.at(page, box)
        named = (stood for stood in self.copy.stood if finding.about and stood.asked.block == finding.about)
        return next((self.at(*stood.parts[0]) for stood in named if stood.parts), None)

    # -------------------------------------------------------------- pages

    def leaf(self, page: int, findings: Mapping[Finding, _Spot]) -> Leafed:
        wanted = [*self._figure_notes(page), *self._chart_notes(page)]
        wanted += [
            Note(
                spot.line.label if spot.line else "",
                f"{finding.severity.value}: {finding.code}",
                finding.message,
                "finding",
                self.down(spot),
                bool(spot.line and spot.line.in_margin),
            )
            for finding, spot in findings.items()
            if spot.page == page
        ]
        notes, size = self._placed(sorted(wanted, key=lambda note: note.at))
        strong = {note.label for note in notes}
        return Leafed(page + 1, tuple(self._numbers(page, strong)), notes, size)

    def _numbers(self, page: int, strong: set[str]) -> Iterator[Number]:
        grid = scale(self.copy.paper) * MM
        lines = [line for line in self.copy.lines if line.page == page]
        left = min((line.box[0] for line in lines), default=0.0)
        right = max((line.box[2] for line in lines), default=0.0)
        for line in lines:
            x = right * grid + 1.2 if line.in_margin else left * grid - 1.6
            middle = (line.box[1] + line.box[3]) / 2 * MM
            y = (self.copy.paper.height_mm - middle) * scale(self.copy.paper)
            yield Number(line.label, x, y, line.in_margin, line.label in strong)

    def _figure_notes(self, page: int) -> Iterator[Note]:
        told: set[tuple[str, str]] = set()
        for stood in self.copy.stood:
            for name, on, box in stood.figures:
                if on == page:
                    spot = self.at(on, box)
                    label = spot.line.label if spot.line else ""
                    if (label, name) not in told:
                        told.add((label, name))
                        entry = self.ledger.entries[name]
                        in_margin = bool(spot.line and spot.line.in_margin)
                        yield Note(label, name, self._account(entry), "figure", self.down(spot), in_margin)

    def _chart_notes(self, page: int) -> Iterator[Note]:
        for stood in self.copy.stood:
            asked = stood.asked
            if asked.picture and asked.path[0] == "charts" and stood.parts[0][0] == page:
                chart = self.briefing.charts[str(asked.path[1])]
                entries = [self.ledger.entries[datum.figure] for datum in chart.data if datum.figure]
                said = "; ".join(f"{_whole(entry.id)} {self._exact(entry)}" for entry in entries)
                names = dict.fromkeys(source for entry in entries for source in entry.sources)
                names |= dict.fromkeys(chart.sources)
                unsigned = sum(1 for entry in entries if not entry.figure.checked)
                check = f"{unsigned} {self.wording.words['review']['unchecked']}" if unsigned else ""
                body = f"{NBSP}· ".join(part for part in (said, ", ".join(map(_whole, names)), check) if part)
                box = stood.parts[0][1]
                in_margin = box[0] > min(line.box[0] for line in self.copy.lines) + ASIDE_PT
                yield Note("", asked.block, body, "chart", self.down(_Spot(page, box, None)), in_margin)

    def _exact(self, entry: Entry) -> str:
        return self.wording.long(entry.value, entry.unit, entry.qualifier).text.replace(NBSP, " ")

    def _account(self, entry: Entry) -> str:
        disputed = "; ".join(
            self.wording.long(other.value, entry.unit, other.qualifier).text.replace(NBSP, " ")
            for other in entry.figure.disputed
        )
        said = f"{self._exact(entry)}, {self.wording.words['review']['as_of']} {entry.figure.as_of}"
        if disputed:
            said += f" ({self.wording.words['review']['disputed']}: {disputed})"
        return f"{NBSP}· ".join((said, ", ".join(map(_whole, entry.sources)), self._check(entry)))

    def _check(self, entry: Entry) -> str:
        checked = entry.figure.checked
        return f"{checked.by}, {checked.on}" if checked else self.wording.words["review"]["unchecked"]

    def _placed(self, notes: list[Note]) -> tuple[tuple[Note, ...], float]:
        """All notes in the two columns of the panel, each as near to its line as the others allow.

        Those of the margin column stand apart from those of the text where this takes none of them far from its line.
        """
        for size in SIZES:
            apart_by_kind = ([n for n in notes if not n.margin], [n for n in notes if n.margin])
            for columns, far in ((apart_by_kind, FAR_MM), (self._mixed(notes, size), math.inf)):
                if (columns[0] and columns[1]) or far == math.inf:
                    placed = [
                        note for number, column in enumerate(columns) for note in self._column(number, column, size)
                    ]
                    if all(note.top >= HEAD_MM - 0.01 and abs(note.top - note.at) <= far for note in placed):
                        return tuple(placed), size
        return tuple(placed), size

    def _mixed(self, notes: list[Note], size: float) -> tuple[list[Note], list[Note]]:
        """Each note in the column where it comes nearer to its line."""
        columns: tuple[list[Note], list[Note]] = ([], [])
        bottoms = [HEAD_MM, HEAD_MM]
        for note in notes:
            nearest = min((0, 1), key=lambda column: (max(note.at, bottoms[column]), column))
            columns[nearest].append(note)
            bottoms[nearest] = max(note.at, bottoms[nearest]) + self._height(note, size)
        return columns

    def _column(self, number: int, notes: Sequence[Note], size: float) -> Iterator[Note]:
        heights = [self._height(note, size) for note in notes]
        end = self.copy.paper.width_mm - EDGE_MM - (heights[-1] if heights else 0.0)
        tops = apart([max(note.at - 1.2, HEAD_MM) for note in notes], [0.0, *heights][: len(notes)], HEAD_MM, end)
        for note, top in zip(notes, tops, strict=True):
            yield replace(note, left=self._panel + number * (self._wide + 3.0), top=top)

    @property
    def _panel(self) -> float:
        """Where the panel begins, in millimetres."""
        return self.copy.paper.width_mm * scale(self.copy.paper) + 4.0

    @property
    def _wide(self) -> float:
        """How wide each of its two columns is."""
        return (self.copy.paper.height_mm - self._panel - EDGE_MM - 3.0) / 2

    def _height(self, note: Note, size: float) -> float:
        """About how high a note is, with the gap behind it."""
        lines = 2 + wrapped(note.body, (self._wide - 7.0) / MM, size).count("\n")
        return lines * size * 1.2 * MM + 0.8 + GAP_MM

    # -------------------------------------------------------------- the fact-check sheet

    def figures(self) -> Iterator[Item]:
        """Every figure that the document prints."""
        places: dict[str, list[str]] = {}
        for stood in self.copy.stood:
            for name, page, box in stood.figures:
                places.setdefault(name, []).append(self.said_where(self.at(page, box)))
            if stood.asked.picture and stood.asked.path[0] == "charts":
                page, box = stood.parts[0]
                for datum in self.briefing.charts[str(stood.asked.path[1])].data:
                    if datum.figure:
                        places.setdefault(datum.figure, []).append(f"{page + 1}, {stood.asked.block}")
        for name, entry in self.ledger.entries.items():
            if name in places:
                said = f"{self._exact(entry)}, {self.wording.words['review']['as_of']} {entry.figure.as_of}"
                sources = tuple(_named(self.briefing.sources[source]) for source in entry.sources)
                checked = entry.figure.checked
                check = f"{checked.by}, {checked.on}" if checked else ""
                yield Item("; ".join(dict.fromkeys(places[name])), name, said, sources, check)

    def claims(self) -> Iterator[Item]:
        """Every statement that names sources."""
        spoken = {name: self._exact(entry) for name, entry in self.ledger.entries.items()}
        for claim in claims(self.briefing, self.copy.document, self.copy.stood, spoken):
            last = claim.stood.parts[0] if len(claim.stood.parts) == 1 else self._part(claim.stood, claim.text)
            sources = tuple(_named(self.briefing.sources[source]) for source in claim.sources)
            yield Item(self.said_where(self.at(*last)), "", claim.text, sources, "")

    def _part(self, stood: Stood, text: str) -> tuple[int, Box]:
        """About where in a longer string some words end: as far along its parts as along its letters."""
        whole, wanted = _letters(stood.asked.text), _letters(text)
        end = (max(0, whole.find(wanted)) + len(wanted) - 1) / max(1, len(whole))
        widths = [box[2] - box[0] for _, box in stood.parts]
        reached = 0.0
        for part, width in zip(stood.parts, widths, strict=True):
            reached += width
            if reached >= end * sum(widths):
                return part
        return stood.parts[-1]


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalpha())


def _whole(name: str) -> str:
    """A name that no line ends in."""
    return name.replace("-", "\u2011")


def _named(source: Source) -> str:
    date = f", {source.date}" if source.date else ""
    return f"{source.publisher}, {source.title}{date}"
