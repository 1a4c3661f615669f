"""The order of work of `generate.py changes`: two versions in, what has changed out, and a correction slip if asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from briefing.checks import answers, image_rules
from briefing.content.records import PaperName
from briefing.design.paper import PAPERS
from briefing.documents.dressing import BrandChoice, dressed
from briefing.documents.manuscript import Manuscript
from briefing.findings import ContentPath, Finding, Place, Refused, error, has_errors, in_order, note
from briefing.layout.single_page import TypesetPage, typeset_longest
from briefing.pipeline import publish
from briefing.products.changes import compare, versions
from briefing.products.changes import slip as correction_slip
from briefing.products.changes.change_records import Changes
from briefing.products.changes.corrections import find_unnamed


@dataclass(frozen=True)
class CompareJob:
    """What is to be compared."""

    old: str  # a content file, or a git revision of the new one
    new: Path
    shown: str  # how findings call the new one
    templates: Path
    environment: Mapping[str, str]  # for git
    slip: Path | None = None
    paper: PaperName | None = None  # the content's own where none is named
    brand: Path | None = None  # of this machine, where the content has none


@dataclass(frozen=True)
class CompareOutcome:
    """What has changed, and what was noticed."""

    old: Manuscript
    new: Manuscript
    changes: Changes
    findings: tuple[Finding, ...]
    refused: bool  # a slip was asked for, and there is none


def run(asked: CompareJob) -> CompareOutcome:
    """Read both versions, compare them and write the slip; raises `Refused` where one of them cannot be read."""
    old, new = versions.versions(asked.old, asked.new, asked.templates, asked.shown, asked.environment)
    found = compare.compare(old, new)
    findings = [*compare.edition_kept(old, new, found)]
    if asked.slip:
        findings += _slip(asked, asked.slip, old, new, found)
    still_open, _ = answers.apply_answers(new.locate(findings), new.briefing)
    return CompareOutcome(old, new, found, in_order(still_open), has_errors(still_open))


def _slip(asked: CompareJob, file: Path, old: Manuscript, new: Manuscript, found: Changes) -> Iterator[Finding]:
    from briefing.finishing.imposition.two_up import two_up

    unnamed = tuple(find_unnamed(found))
    yield from unnamed
    if unnamed:
        return
    choice, noticed = BrandChoice(asked.new.resolve().parent, house=asked.brand), len(new.findings)
    try:
        new = dressed(new, choice, asked.templates, image_rules.picture_faults)
    except Refused as refused:
        yield from refused.findings
        return
    yield from new.findings[noticed:]
    paper = PAPERS[asked.paper or new.paper]
    leaves = correction_slip.leaves(old, new, found, paper, asked.templates)
    if not leaves:
        hint = "nothing was written; old copies need no slip"
        yield note("slip-empty", "nothing that is printed has changed", Place(str(file)), hint)
        return
    printed, faults = typeset_longest(leaves, 1)
    yield from faults
    if not printed:
        return
    told = [*printed.findings, *_judged(printed)]
    yield from told
    if has_errors(told):
        return
    try:
        half = leaves[printed.used].half
        publish.write_one(file, two_up(printed.pdf) if half else printed.pdf)
    except Refused as refused:
        yield from refused.findings


def _judged(printed: TypesetPage) -> Iterator[Finding]:
    at = ContentPath(("briefing",), key=True)
    for character in printed.lacking:
        message = f"no font of the page has “{character}” (U+{ord(character):04X})"
        yield error("glyph-missing", message, at, "write it with other letters, or leave it out")
    if printed.pages > 1:
        message = f"even the shortest correction slip takes {printed.pages} pages"
        yield error("slip-too-long", message, at, "shorten the title, the licence or the contact under briefing:")
