"""The order of work where something is laid over finished pages: review copies, and bars beside what has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from briefing import bars, changes, compose, overlay, press, review
from briefing.answers import Met
from briefing.editions import EDITIONS, FILES, EditionName, Standard
from briefing.findings import Finding
from briefing.leaf import Leaf
from briefing.pictures import Room
from briefing.proof import Proof
from briefing.saying import Version
from briefing.work import Work

TEMPLATE = "review.html.j2"
POINTS_PER_MM = 72 / 25.4


def review_copies(
    work: Work, findings: tuple[Finding, ...], answered: tuple[Met, ...], templates: Path
) -> tuple[dict[str, bytes], tuple[Finding, ...]]:
    """The files of a review copy of each document, and what went wrong in making them."""
    files: dict[str, bytes] = {}
    faults: list[Finding] = []
    read, paper = work.read, work.room.paper
    for name, done in work.proofs.items():
        state = hashlib.sha256(done.pdf).hexdigest()[:8]
        copy = review.Copy(
            done, paper, read.briefing, read.book, read.wording, read.source.place, findings, answered, state
        )
        shown = review.shown(copy)
        blank = Leaf(f"review copy of {FILES[name]}", "", {}, templates, read.source.place((name,), key=True))
        laid, told = press.leaf(replace(blank, html=compose.sheet(templates, TEMPLATE, {**shown, "sheets": None})))
        if laid:  # how many sheets there are is known now
            count = laid.pages - 1 - done.pages
            laid, told = press.leaf(replace(blank, html=compose.sheet(templates, TEMPLATE, {**shown, "sheets": count})))
        faults += [*told, *(laid.findings if laid else ())]
        if laid:
            wide, tall = paper.height_mm * POINTS_PER_MM, paper.width_mm * POINTS_PER_MM
            files[EDITIONS[EditionName.REVIEW].file(name)] = overlay.reviewed(done.pdf, laid.pdf, wide, tall)
    return files, tuple(faults)


def barred(proofs: Mapping[str, Proof], old: Version, new: Version, room: Room) -> dict[str, Proof]:
    """The same pages with bars beside what differs from an earlier version."""
    found, tokens = changes.compare(old, new), room.tokens
    marked: dict[str, Proof] = {}
    for name, made in proofs.items():
        drawn = bars.bars(old, new, found, name, made.stood, made.lines, room.paper, tokens) if made.pdf else ()
        pressed = EDITIONS[made.edition].standard is Standard.EXCHANGE
        ink = overlay.of_ink(tokens.cmyk["signal"]) if pressed else overlay.of_light(tokens.colour["signal"])
        data = overlay.barred(made.pdf, drawn, ink) if drawn else made.pdf
        marked[name] = replace(made, pdf=data)
    return marked
