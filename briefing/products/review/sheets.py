"""The review copy: the real pages with numbered lines, a note beside each figure, findings, and a fact-check sheet.

Finished documents come in; HTML goes out for what is laid over their pages and for the sheets behind them. The pages
themselves are not set anew: every line of the copy is a line of the printed one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from briefing.checks.answers import Met
from briefing.checks.freshness import WEAK
from briefing.content.records import Status
from briefing.design.paper import Paper
from briefing.documents.block_views import chart_sources
from briefing.documents.manuscript import Manuscript
from briefing.findings import Finding, Severity
from briefing.language.wording import NBSP
from briefing.ledger.ledger import LedgerEntry
from briefing.pdf.geometry import Box
from briefing.products.review.factcheck import FactCheckSheet
from briefing.products.review.notes import MM, Note, Panel, place_notes
from briefing.proofing.line_numbers import NumberedLine, line_at
from briefing.proofing.proof import Proof

EDGE_MM = 8.0  # what no office printer can print on
HEAD_MM = 12.0  # of the panel with the notes
ASIDE_PT = 250.0  # a picture that begins so far from the text's left edge stands in the margin column


@dataclass(frozen=True)
class ReviewCopy:
    """What a review copy is made from: one finished document, and all that is known of it."""

    proof: Proof
    paper: Paper
    manuscript: Manuscript
    findings: tuple[Finding, ...]
    answered: tuple[Met, ...]
    print: str  # tells this state of the pages from others that carry the same edition


@dataclass(frozen=True)
class Number:
    """The number of a line, in millimetres from the sheet's upper left corner."""

    label: str
    x: float
    y: float
    right: bool  # beside the margin column
    strong: bool  # a figure stands on the line


@dataclass(frozen=True)
class ReviewPage:
    """One page of the copy."""

    page: int  # from 1
    numbers: tuple[Number, ...]
    notes: tuple[Note, ...]
    size: float  # points, of the notes


def scale(paper: Paper) -> float:
    """How much smaller a page is on a sheet of the same paper laid across."""
    return paper.width_mm / paper.height_mm


def build_review_pages(copy: ReviewCopy) -> dict[str, Any]:
    """What its template shows: the mark that lies under the pages, a sheet for each page, and the fact-check sheets."""
    desk = _Desk(copy)
    front, wording, sheet = copy.manuscript.briefing.briefing, copy.manuscript.wording, desk.sheet
    spots = {finding: desk.spot(finding) for finding in (*copy.findings, *(finding for finding, _ in copy.answered))}
    told = [finding for finding in copy.findings if finding.severity is not Severity.NOT_RUN]
    sourced, others = sheet.statements()
    figures = sheet.figures()
    words = wording.words["review"]
    return {
        "wide": copy.paper.height_mm,
        "tall": copy.paper.width_mm,
        "panel": copy.paper.width_mm * scale(copy.paper),
        "notes_mm": desk.panel.wide,
        "front": front,
        "title": wording.word("document", copy.proof.document),
        "status": wording.word("status", front.status),
        "mark": words["review_copy"] if front.status is Status.FINAL else wording.word("status", front.status),
        "date": wording.date(front.date),
        "print": copy.print,
        "pages": copy.proof.pages,
        "leaves": [desk.leaf(page, spots) for page in range(copy.proof.pages)],
        "figures": figures,
        "sourced": sourced,
        "others": others,
        "sources": list(sheet.sources([kind.value for kind in WEAK])),
        "open": [finding for finding in told if desk.mine(finding, spots)],
        "answered": [(finding, answer) for finding, answer in copy.answered if desk.mine(finding, spots)],
        "signed": words["signed"].format(
            figures=sum(not item.other for group in figures for item in group.items),
            statements=len(sourced) + len(others),
        ),
        "w": words,
        "edge": EDGE_MM,
        "place": lambda finding: desk.said(spots.get(finding)),
    }


@dataclass(frozen=True)
class _Spot:
    """A place on a page: points from the lower left corner of the printed page."""

    page: int
    box: Box
    line: NumberedLine | None

    @property
    def in_margin(self) -> bool:
        return bool(self.line and self.line.in_margin)


class _Desk:
    """Where things stand on the pages of one document."""

    def __init__(self, copy: ReviewCopy) -> None:
        self.copy = copy
        proof = copy.proof
        self.sheet = FactCheckSheet(proof.stood, proof.lines, copy.manuscript)
        left = copy.paper.width_mm * scale(copy.paper) + 4.0
        wide = (copy.paper.height_mm - left - EDGE_MM - 4.0) / 2
        self.panel = Panel(left, HEAD_MM, copy.paper.width_mm - EDGE_MM, wide)

    # -------------------------------------------------------------- places

    def at(self, page: int, box: Box) -> _Spot:
        return _Spot(page, box, line_at(self.copy.proof.lines, page, box))

    def said(self, spot: _Spot | None) -> str:
        return self.sheet.where([(spot.page, spot.box)]) if spot else "–"

    def down(self, spot: _Spot) -> float:
        """How far down the sheet a place is, in millimetres."""
        return (self.copy.paper.height_mm - spot.box[3] * MM) * scale(self.copy.paper)

    def spot(self, finding: Finding) -> _Spot | None:
        """Where a finding arises: at the string of its place, or at the figure, source or block that it is about."""
        stood = [one for one in self.copy.proof.stood if one.parts]
        for one in stood:
            if self.copy.manuscript.place(one.asked.path) == finding.place:
                return self.at(*one.parts[0])
        if not finding.about:
            return None
        for one in stood:
            for name, page, box in one.figures:
                if finding.about == name:
                    return self.at(page, box)
        named = (one for one in stood if finding.about in (one.asked.block, *one.asked.path[1:2]))
        return next((self.at(*one.parts[0]) for one in named), None)

    def mine(self, finding: Finding, spots: Mapping[Finding, _Spot | None]) -> bool:
        """Whether a finding is of this document, or of no document alone."""
        return bool(spots.get(finding)) or not finding.about

    # -------------------------------------------------------------- pages

    def leaf(self, page: int, spots: Mapping[Finding, _Spot | None]) -> ReviewPage:
        wanted = [*self._figure_notes(page), *self._chart_notes(page)]
        for finding in self.copy.findings:
            spot = spots[finding]
            if spot and spot.page == page:
                label = spot.line.label if spot.line else ""
                head = f"{finding.severity.value}: {finding.code}"
                wanted.append(Note(label, head, finding.message, "finding", self.down(spot), spot.in_margin))
        notes, size = place_notes(sorted(wanted, key=lambda note: note.at), self.panel)
        strong = {note.label for note in notes}
        return ReviewPage(page + 1, tuple(self._numbers(page, strong)), notes, size)

    def _numbers(self, page: int, strong: set[str]) -> Iterator[Number]:
        grid = scale(self.copy.paper) * MM
        left = min((line.box[0] for line in self.copy.proof.lines), default=0.0) * grid - 1.6
        right = max((line.box[2] for line in self.copy.proof.lines), default=0.0) * grid + 1.6
        for line in self.copy.proof.lines:
            if line.page == page:
                middle = (line.box[1] + line.box[3]) / 2 * MM
                y = (self.copy.paper.height_mm - middle) * scale(self.copy.paper)
                yield Number(line.label, right if line.in_margin else left, y, line.in_margin, line.label in strong)

    def _figure_notes(self, page: int) -> Iterator[Note]:
        told: set[tuple[str, str]] = set()
        for stood in self.copy.proof.stood:
            for name, on, box in stood.figures:
                spot = self.at(on, box)
                label = spot.line.label if spot.line else ""
                if on == page and (label, name) not in told:
                    told.add((label, name))
                    entry = self.copy.manuscript.ledger.entries[name]
                    yield Note(
                        label,
                        name,
                        self._account(entry),
                        "figure",
                        self.down(spot),
                        spot.in_margin,
                        bool(entry.figure.checked),
                    )

    def _account(self, entry: LedgerEntry) -> str:
        """The exact value of a figure with its date, what disputes it, its sources and who has checked it."""
        said = self.sheet.dated(entry)
        disputes = [self.sheet.said(other) for other in entry.other_amounts]
        said += f" ({self.sheet.word('disputed')}: {'; '.join(disputes)})" if disputes else ""
        return f"{said}\n{self._sources(entry.sources)}{NBSP}· {self._check([entry])}"

    def _sources(self, names: Sequence[str]) -> str:
        cited = self.sheet.cited(tuple(dict.fromkeys(names)))
        word = self.sheet.word("source_many" if len(cited) > 1 else "source_one")
        return f"{word}{NBSP}{', '.join(one.number for one in cited)}"

    def _check(self, entries: Sequence[LedgerEntry]) -> str:
        """Who has signed; of several how many are not signed."""
        open_ones = sum(1 for entry in entries if not entry.figure.checked)
        if len(entries) == 1 and (checked := entries[0].figure.checked):
            return f"{checked.by}, {self.copy.manuscript.wording.date(checked.on)}"
        if len(entries) == 1:
            return self.sheet.word("unchecked").replace(" ", NBSP)
        return f"{open_ones}{NBSP}{self.sheet.word('unchecked').replace(' ', NBSP)}"

    def _chart_notes(self, page: int) -> Iterator[Note]:
        proof = self.copy.proof
        for stood in proof.stood:
            asked = stood.asked
            if not (asked.picture and asked.path[0] == "charts" and stood.parts[0][0] == page):
                continue
            chart = self.copy.manuscript.briefing.charts[str(asked.path[1])]
            entries = self.copy.manuscript.ledger.charted(str(asked.path[1]))
            box = stood.parts[0][1]
            titles = [one for one in proof.stood if one.asked.path == ("charts", asked.path[1], "title") and one.parts]
            spot = next((self.at(*one.parts[0]) for one in titles if one.asked.block == asked.block), None)
            label = spot.line.label if spot and spot.line else ""
            said = "; ".join(f"{entry.id.removeprefix(f'{entry.chart}/')} {self._bare(entry)}" for entry in entries)
            names = chart_sources(self.copy.manuscript.ledger, chart)
            checks = f"{NBSP}· {self._check(entries)}" if entries else ""
            in_margin = box[0] > min(line.box[0] for line in proof.lines) + ASIDE_PT
            body = "\n".join(part for part in (said, f"{self._sources(names)}{checks}") if part)
            yield Note(label, chart.title, body, "chart", self.down(spot or _Spot(page, box, None)), in_margin)

    def _bare(self, entry: LedgerEntry) -> str:
        """A value without its noun, and what disputes it."""
        said = self.copy.manuscript.wording.bare(entry.amount)
        others = [self.copy.manuscript.wording.bare(o) for o in entry.other_amounts]
        return f"{said} ({self.sheet.word('disputed')}: {', '.join(others)})" if others else said
