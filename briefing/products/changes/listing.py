"""What has changed, as a list in plain words or as one JSON document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from briefing.documents.manuscript import Manuscript
from briefing.findings import Finding
from briefing.products.changes.change_records import (
    BlockChange,
    ChangeKind,
    Changes,
    DiffRun,
    DocumentChanges,
    FieldChange,
    FigureChange,
    RecordChange,
    TextChange,
    UsePlace,
)

DOCUMENTS = {"brief": "policy brief", "fact_sheet": "fact sheet"}
AROUND = 6  # words that are shown on either side of a change
_NAMES = {"value": "value", "as_of": "as of", "sources": "sources", "disputed": "disputed", "checked": "signed off"}


def as_text(old: Manuscript, new: Manuscript, changes: Changes) -> str:
    """The list, in groups; a group without a change says so."""
    head = f"{_named(old)}  →  {_named(new)}"
    if not changes.count:
        return f"{head}\n\nNo change."
    groups: list[tuple[str, list[str]]] = [
        ("Figures", [line for one in changes.figures for line in _figure(one)]),
        ("Sources", [line for one in changes.sources for line in _record(one)]),
    ]
    others = (
        ("Front matter", [_field(field) for field in changes.front]),
        ("Mark of numbered copies", [_field(field) for field in changes.mark]),
        ("Charts", [line for one in changes.charts for line in _record(one)]),
        ("Glossary", [line for one in changes.terms for line in _record(one)]),
        ("Units", [line for one in changes.units for line in _record(one)]),
    )
    groups += [group for group in others if group[1]]
    groups += [(DOCUMENTS[one.document].capitalize(), list(_document(one))) for one in changes.documents]
    told = (f"{name}\n" + "\n".join(f"  {line}" for line in lines or ["no change"]) for name, lines in groups)
    number = "1 change" if changes.count == 1 else f"{changes.count} changes"
    return "\n\n".join([head, *told, f"{number}."])


def as_json(old: Manuscript, new: Manuscript, changes: Changes, findings: Iterable[Finding]) -> str:
    """One JSON document; each change has the keys of its record in `briefing/products/changes/change_records.py`."""
    editions = (
        {
            "file": version.source.file,
            "edition": version.briefing.briefing.edition,
            "date": version.briefing.briefing.date.isoformat(),
            "status": version.briefing.briefing.status.value,
        }
        for version in (old, new)
    )
    told = {
        "old": next(editions),
        "new": next(editions),
        "count": changes.count,
        "changes": asdict(changes),
        "findings": [asdict(finding) for finding in findings],
    }
    return json.dumps(told, indent=2, ensure_ascii=False)


# ------------------------------------------------------------------ in words


def _named(version: Manuscript) -> str:
    front = version.briefing.briefing
    date = version.wording.date(front.date).replace("\u00a0", " ")
    return f"{version.source.file} (edition {front.edition}, {date})"


def _figure(one: FigureChange) -> Iterator[str]:
    at = f"  [{one.place}]"
    if one.sort is ChangeKind.ADDED:
        yield f"{one.id}: new, {one.new}{at}"
    elif one.sort is ChangeKind.REMOVED:
        yield f"{one.id}: removed, was {one.old}{at}"
    elif one.value_changed:
        yield f"{one.id}: {one.old} → {one.new}{at}"
    else:
        yield f"{one.id}: {one.new}, unchanged{at}"
    for field in one.fields:
        if field.name != "value":
            yield f"    {_NAMES.get(field.name, field.name)}: {_from_to(field.old, field.new)}"
    if one.why:
        yield f"    why: {one.why}"
    if one.sort is not ChangeKind.REMOVED and one.sources and not any(field.name == "sources" for field in one.fields):
        yield f"    source: {'; '.join(one.sources)}"
    if one.uses:
        yield f"    printed in: {_places(one.uses)}"


def _record(one: RecordChange) -> Iterator[str]:
    at = f"  [{one.place}]"
    words = {ChangeKind.ADDED: "new", ChangeKind.REMOVED: "removed"}.get(one.sort, "")
    about = f", {one.said}" if one.said != one.id else ""
    yield f"{one.id}: {words}{about}{at}" if words else f"{one.id}{about}{at}"
    for field in one.fields:
        yield f"    {_field(field, placed=False)}"
    if one.sort is ChangeKind.ADDED and one.uses:
        yield f"    used in: {_places(one.uses)}"


def _document(one: DocumentChanges) -> Iterator[str]:
    for field in one.fields:
        yield _field(field)
    for block in one.blocks:
        yield from _block(block)


def _block(one: BlockChange) -> Iterator[str]:
    title = f" “{one.title}”" if one.title else ""
    at = f"  [{one.place}]"
    if one.sort is ChangeKind.MOVED:
        yield f"moved: {one.block}{title}, {_behind(one.new_behind)} (was {_behind(one.old_behind)}){at}"
    else:
        word = "new" if one.sort is ChangeKind.ADDED else one.sort.value
        yield f"{word}: {one.block}{title}{at}"
    for text in one.texts:
        yield f"    {_text(text)}"
    for field in one.fields:
        yield f"    {_field(field, placed=False)}"


def _behind(block: str) -> str:
    return f"after {block}" if block else "first"


def _field(field: FieldChange, placed: bool = True) -> str:
    at = f"  [{field.place}]" if placed else ""
    return f"{field.name.replace('_', ' ')}: {_from_to(field.old, field.new)}{at}"


def _from_to(old: str, new: str) -> str:
    if old == new:
        return "changed"
    if not old or not new:
        return f"new, {new}" if new else f"removed, was {old}"
    return f"{old} → {new}"


def _text(text: TextChange) -> str:
    if not text.old or not text.new:
        return f"new words: {text.new}" if text.new else f"words removed: {text.old}"
    if all(run.same for run in text.runs):
        return f"emphasis or a link: {text.new}"
    return " ".join(_marked(run) for run in trim_runs(text.runs))


def _marked(run: DiffRun) -> str:
    if run.same:
        return run.new
    return " ".join(part for part in (run.old and f"[-{run.old}-]", run.new and f"{{+{run.new}+}}") if part)


def trim_runs(runs: tuple[DiffRun, ...], around: int = AROUND) -> tuple[DiffRun, ...]:
    """The runs of a text with … in place of what stands far from a change."""
    last = len(runs) - 1
    return tuple(
        DiffRun(True, _trim(run.old, index, last, around), _trim(run.new, index, last, around)) if run.same else run
        for index, run in enumerate(runs)
    )


def _trim(text: str, index: int, last: int, around: int) -> str:
    words = text.split()
    head = words[:around] if index > 0 else []
    tail = words[-around:] if index < last else []
    if len(words) <= len(head) + len(tail) + 1:
        return text
    return " ".join([*head, "…", *tail])


def _places(uses: tuple[UsePlace, ...]) -> str:
    told: dict[str, list[str]] = {}
    for use in uses:
        told.setdefault(use.document, []).append(use.block)
    return "; ".join(f"{DOCUMENTS[document]}: {', '.join(blocks)}" for document, blocks in told.items())
