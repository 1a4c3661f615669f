"""The order of work where something is laid over finished pages: review copies, and bars beside what has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from briefing.checks.answers import Met
from briefing.design.outputs import FILES, OUTPUTS, USES, OutputName, Standard
from briefing.documents import html
from briefing.documents.manuscript import Manuscript
from briefing.documents.page_setup import PageSetup
from briefing.findings import ContentPath, Finding
from briefing.finishing import overlay
from briefing.layout import single_page
from briefing.layout.single_page import SinglePage
from briefing.products.changes import change_bars, compare
from briefing.products.review import sheets
from briefing.proofing.proof import Proof
from briefing.proofing.proof_set import ProofSet

TEMPLATE = "review.html.j2"
POINTS_PER_MM = 72 / 25.4


def review_copies(
    work: ProofSet, findings: tuple[Finding, ...], answered: tuple[Met, ...], templates: Path
) -> tuple[dict[str, bytes], tuple[Finding, ...]]:
    """The files of a review copy of each document, and what went wrong in making them."""
    files: dict[str, bytes] = {}
    faults: list[Finding] = []
    manuscript, paper = work.manuscript, work.setup.paper
    for name, done in work.proofs.items():
        state = hashlib.sha256(done.pdf).hexdigest()[:8]
        copy = sheets.ReviewCopy(done, paper, manuscript, findings, answered, state)
        shown = sheets.build_review_pages(copy)
        page = html.sheet(templates, TEMPLATE, shown, work.setup.tokens)
        at = ContentPath((name,), key=True)
        laid, told = single_page.typeset(
            SinglePage(f"review copy of {FILES[name]}", page, {}, templates, at, faces=work.setup.tokens.faces)
        )
        faults += [*told, *(laid.findings if laid else ())]
        if laid:
            wide, tall = paper.height_mm * POINTS_PER_MM, paper.width_mm * POINTS_PER_MM
            files[OUTPUTS[OutputName.REVIEW].file(name)] = overlay.lay_review_sheets(done.pdf, laid.pdf, wide, tall)
    return files, tuple(faults)


def add_change_bars(
    proofs: Mapping[str, Proof], old: Manuscript, new: Manuscript, setup: PageSetup
) -> dict[str, Proof]:
    """The same pages with bars beside what differs from an earlier version."""
    found, tokens = compare.compare(old, new), setup.tokens
    marked: dict[str, Proof] = {}
    for name, made in proofs.items():
        drawn = change_bars.bars(old, new, found, name, made.stood, made.lines, setup.paper, tokens) if made.pdf else ()
        pressed = USES[made.use].standard is Standard.EXCHANGE
        ink = overlay.of_ink(tokens.cmyk["signal"]) if pressed else overlay.of_light(tokens.colour["signal"])
        data = overlay.draw_change_bars(made.pdf, drawn, ink) if drawn else made.pdf
        marked[name] = replace(made, pdf=data)
    return marked
