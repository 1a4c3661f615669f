"""What has changed between two editions of a briefing, by meaning and not by line.

Two versions come in, a `Changes` goes out: figures, sources and other records, front matter, and the blocks of each
document. A text whose figures alone have changed is not reworded; it is a place where the figure is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from briefing.content.briefing import Briefing
from briefing.content.records import Chart, Datum
from briefing.content.scalars import Kind, Path
from briefing.documents.manuscript import Manuscript
from briefing.findings import Finding, warning
from briefing.products.changes.block_changes import document_changes
from briefing.products.changes.change_records import ChangeKind, Changes, FieldChange, RecordChange
from briefing.products.changes.field_changes import UNPRINTED, field_changes, names_of_both, place_in
from briefing.products.changes.figure_changes import figure_changes
from briefing.products.changes.places import places_of
from briefing.products.changes.plain_words import format_text, format_value, source_in_words


def compare(old: Manuscript, new: Manuscript) -> Changes:
    """Everything printed that the new version says otherwise."""
    return Changes(
        front=tuple(field_changes(old, new, old.briefing.briefing, new.briefing.briefing, ("briefing",))),
        figures=tuple(figure_changes(old, new)),
        sources=tuple(_records(old, new, "sources")),
        charts=tuple(_records(old, new, "charts")),
        terms=tuple(_records(old, new, "glossary")),
        units=tuple(_records(old, new, "units")),
        mark=tuple(_mark(old, new)),
        documents=tuple(document_changes(old, new, name) for name in Briefing.DOCUMENTS),
    )


def _mark(old: Manuscript, new: Manuscript) -> Iterator[FieldChange]:
    """A mark of copies that is new, gone or another one."""
    before, now = old.briefing.mark, new.briefing.mark
    if before and now:
        yield from field_changes(old, new, before, now, ("mark",))
    elif one := before or now:
        said = "; ".join(filter(None, (format_value(new, one.says), one.address)))
        place = place_in(old, new, ("mark",), now)
        yield FieldChange("mark", said if before else "", said if now else "", place)


def edition_kept(old: Manuscript, new: Manuscript, changes: Changes) -> tuple[Finding, ...]:
    """A warning where printed figures differ and the edition's number has not risen, or where it rose alone."""
    first, second = old.briefing.briefing, new.briefing.briefing
    before, now = first.edition, second.edition
    if now > before:
        return (edition_undated(now),) if first.came_out == second.came_out else ()
    used = {use.id for use in old.ledger.uses if use.group == "figures" and use.document}
    names = [
        one.id
        for one in changes.figures
        if one.sort is ChangeKind.CHANGED and one.value_changed and (one.id in used or one.chart)
    ]
    if not names:
        return ()
    return (edition_same(names, before),)


def edition_undated(edition: int) -> Finding:
    """A later edition with the date of the one before."""
    message = f"this is edition {edition}, and it has the date of the edition before"
    hint = "write its own date:, or when it came out as issued:, so that readers can tell which is newer"
    return warning("edition-undated", message, ("briefing", "date"), hint)


def edition_same(names: Iterable[str], edition: int) -> Finding:
    """Two different printings that call themselves the same edition."""
    listed = sorted(names)
    shown_names = ", ".join(listed[:3]) + (f" and {len(listed) - 3} more" if len(listed) > 3 else "")
    message = f"printed figures have changed, and this is not a later edition than {edition}: {shown_names}"
    hint = f"write edition: {edition + 1} under briefing:, so that readers can tell the two printings apart"
    return warning("edition-same", message, ("briefing", "edition"), hint)


def _records(old: Manuscript, new: Manuscript, group: str) -> Iterator[RecordChange]:
    before, now = getattr(old.briefing, group), getattr(new.briefing, group)
    for name, sort in names_of_both(before, now):
        path: Path = (group, name)
        fields: tuple[FieldChange, ...] = ()
        if sort is ChangeKind.CHANGED:
            chart = isinstance(now[name], Chart)
            fields = tuple(
                field_changes(old, new, before[name], now[name], path, UNPRINTED | {"data"} if chart else UNPRINTED)
            )
            if chart:
                fields += tuple(_data(old, new, before[name].data, now[name].data, (*path, "data")))
            if not fields:
                continue
        here = old if sort is ChangeKind.REMOVED else new
        yield RecordChange(
            sort,
            group,
            name,
            _said_record(here, group, name),
            fields,
            places_of(here, group, name),
            here.place(path),
        )


def _said_record(version: Manuscript, group: str, name: str) -> str:
    if group == "sources":
        return source_in_words(version, name)
    if group == "charts":
        return format_text(version, Kind.TEXT, version.briefing.charts[name].title)
    return version.briefing.glossary[name].term if group == "glossary" else name


def _data(
    old: Manuscript, new: Manuscript, before: tuple[Datum, ...], now: tuple[Datum, ...], path: Path
) -> Iterator[FieldChange]:
    """The rows of a chart, each known by what it is of; another value of the same figure is none of its changes."""
    was, becomes = _by_name(old, before), _by_name(new, now)
    for name, sort in names_of_both(was, becomes):
        if sort is ChangeKind.REMOVED:
            yield FieldChange("data", was[name][1], "", old.place((*path, was[name][0])))
        elif sort is ChangeKind.ADDED or was[name][2] != becomes[name][2]:
            index, words_now, _ = becomes[name]
            yield FieldChange("data", was[name][1] if name in was else "", words_now, new.place((*path, index)))
    kept_before, kept_now = [n for n in was if n in becomes], [n for n in becomes if n in was]
    if kept_before != kept_now:
        yield FieldChange("order", ", ".join(kept_before), ", ".join(kept_now), new.place(path))


def _by_name(version: Manuscript, data: tuple[Datum, ...]) -> dict[str, tuple[int, str, str]]:
    """Each row by its name: its number, its words, and what it is compared by; its own value is told as a figure."""
    found: dict[str, tuple[int, str, str]] = {}
    for index, datum in enumerate(data):
        named = [part for part in (datum.series, datum.label) if part]
        said = " ".join([*named, *([format_value(version, datum.on)] if datum.on else [])])
        name = " ".join([*named, *([str(datum.on)] if datum.on else [])])  # the same in every language
        while name in found:
            name += " "
        value = f"{datum.value:f}" if datum.value is not None else datum.figure or ""
        more = "".join(f", {key} {text}" for key, text in (datum.fields or {}).items())
        more += f", {datum.standing}" if datum.standing else ""
        told = f"{said}: {value}{more}".removeprefix(": ")
        found[name] = (index, told, f"{datum.figure or ''}{more}")
    return found
