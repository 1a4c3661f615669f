"""What an edition has printed, kept in the manifest of its build, so that another printing gets another number.

Figures come in and go out as facts of the manifest; at the next build into the same folder they are held against what
is printed then. A manifest that is not ours, or not of this briefing, says nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from briefing import files
from briefing.content.records import Front, Status
from briefing.findings import Finding, Severity
from briefing.language.wording import NBSP, Wording
from briefing.ledger.ledger import Ledger
from briefing.pipeline.publish import MANIFEST

MAX_BYTES = 5_000_000


@dataclass(frozen=True)
class PrintedEdition:
    """One edition: which briefing, its number and status, and the figures that it has printed."""

    briefing: str
    edition: int
    status: str
    figures: Mapping[str, str]  # by name, the words as printed
    came_out: str = ""
    earlier: str = ""  # the date of the edition before

    def facts(self) -> dict[str, object]:
        """For the manifest, beside what it says of the files."""
        figures = dict(sorted(self.figures.items()))
        told = {"briefing": self.briefing, "edition": self.edition, "status": self.status, "figures": figures}
        told["came_out"] = self.came_out
        return {**told, "edition_before": self.earlier} if self.earlier else told


def printed_edition(front: Front, book: Ledger, wording: Wording) -> PrintedEdition:
    """What this build prints."""
    shown = {use.id for use in book.uses if use.group == "figures" and use.document}
    entries = [entry for name, entry in book.entries.items() if name in shown]
    said = {one.id: wording.long(one.amount).text.replace(NBSP, " ") for one in entries}
    return PrintedEdition(front.short_title, front.edition, front.status.value, said, front.came_out)


def read_last_edition(out: Path) -> PrintedEdition | None:
    """What the last build into a folder has printed; nothing where that cannot be told."""
    file = out / MANIFEST
    try:
        return parse_edition(files.read(file, MAX_BYTES))
    except files.Unreadable:
        return None


def parse_edition(manifest: bytes) -> PrintedEdition | None:
    """What a manifest tells of a build; nothing where it is not ours."""
    try:
        told = json.loads(manifest)
        kept = (told["briefing"], told["edition"], told["status"], told["figures"])
        out = told.get("came_out", told.get("date", ""))  # manifests of older programs have only the date
        record = PrintedEdition(*kept, out, told.get("edition_before", ""))
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return record if _ours(record) else None


def _ours(record: PrintedEdition) -> bool:
    texts = all(isinstance(text, str) for text in (record.briefing, record.came_out, record.earlier))
    figures = record.figures
    said = isinstance(figures, dict) and all(isinstance(words, str) for words in figures.values())
    return texts and record.status in tuple(Status) and said and isinstance(record.edition, int)


def check_edition(before: PrintedEdition | None, now: PrintedEdition) -> tuple[PrintedEdition, tuple[Finding, ...]]:
    """What to keep in the manifest, and what to tell of an edition whose figures are no longer those it had.

    What an edition has said in print stays on record until its number rises; a draft may say something else every day.
    """
    if before and before.briefing == now.briefing:
        now = replace(now, earlier=before.came_out if before.edition < now.edition else before.earlier)
    undated: tuple[Finding, ...] = ()
    if now.earlier and now.earlier == now.came_out:
        from briefing.products.changes.compare import edition_undated

        undated = (edition_undated(now.edition),)
    if before is None or (before.briefing, before.edition) != (now.briefing, now.edition):
        return now, undated
    kept, found = _check_figures(replace(before, earlier=now.earlier, came_out=now.came_out), now)
    return kept, (*found, *undated)


def _check_figures(before: PrintedEdition, now: PrintedEdition) -> tuple[PrintedEdition, tuple[Finding, ...]]:
    others = [name for name, words in now.figures.items() if before.figures.get(name, words) != words]
    if not others:
        return (
            now if before.status == Status.DRAFT else replace(before, figures={**now.figures, **before.figures})
        ), ()
    from briefing.products.changes.compare import edition_same

    found = (edition_same(others, now.edition),)
    if before.status == Status.DRAFT:
        return now, tuple(replace(one, severity=Severity.NOTE) for one in found)
    return replace(before, figures={**now.figures, **before.figures}), found
