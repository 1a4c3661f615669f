"""What has changed between two editions of a briefing, by meaning and not by line.

Two versions come in, a `Changes` goes out: figures, sources and other records, front matter, and the blocks of each
document. A text whose figures alone have changed is not reworded; it is a place where the figure is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from briefing.content.blocks import BlockBase, ChartBlock, KeyFigures, kind_of
from briefing.content.briefing import Briefing, walk_printed_strings
from briefing.content.records import Chart, Datum, Dispute, Figure
from briefing.content.scalars import Kind, Path
from briefing.documents.manuscript import Manuscript
from briefing.findings import Finding, Place, warning
from briefing.language.amount import amount_of_dispute
from briefing.products.changes.pairing import PairedPart, find_moved, pair_parts
from briefing.products.changes.plain_words import (
    Word,
    figure_in_words,
    format_text,
    format_value,
    paragraphs,
    source_in_words,
    strip_marks,
    words,
)


class ChangeKind(StrEnum):
    """What has become of a thing."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    REWORDED = "reworded"


@dataclass(frozen=True)
class FieldChange:
    """A value that is another one now; empty where there was or is none."""

    name: str
    old: str
    new: str
    place: Place


@dataclass(frozen=True)
class UsePlace:
    """A block, title or lede of a document in which a figure or source stands."""

    document: str
    block: str
    kind: str
    title: str  # the block's heading; may be empty
    place: Place


@dataclass(frozen=True)
class FigureChange:
    """A figure that is new, gone or another one."""

    sort: ChangeKind
    id: str
    label: str
    old: str  # as printed
    new: str
    fields: tuple[FieldChange, ...]  # `value` among them where the printed number is another one
    why: str  # its note, where that is new
    sources: tuple[str, ...]
    uses: tuple[UsePlace, ...]
    place: Place

    @property
    def value_changed(self) -> bool:
        """Whether number, unit or qualifier is another one."""
        return any(field.name == "value" for field in self.fields)


@dataclass(frozen=True)
class RecordChange:
    """A source, chart, term or unit that is new, gone or another one."""

    sort: ChangeKind
    group: str
    id: str
    said: str
    fields: tuple[FieldChange, ...]
    uses: tuple[UsePlace, ...]
    place: Place


@dataclass(frozen=True)
class DiffRun:
    """Words that both versions have, or what stands in their place in each; either may be empty."""

    same: bool
    old: str
    new: str


@dataclass(frozen=True)
class TextChange:
    """A paragraph in its old and new words; empty where there was or is none."""

    part: str  # the key under which it stands
    old: str
    new: str
    runs: tuple[DiffRun, ...]
    place: Place


@dataclass(frozen=True)
class BlockChange:
    """A block that is new, gone, elsewhere or reworded; one that is two of these is told twice."""

    sort: ChangeKind
    document: str
    block: str
    kind: str
    title: str
    place: Place
    old_title: str = ""  # of a block that is in both
    old_behind: str = ""  # of a block that has moved: what it stood behind; empty at the beginning
    new_behind: str = ""
    texts: tuple[TextChange, ...] = ()
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class DocumentChanges:
    """What has changed in one document besides figures and sources."""

    document: str
    fields: tuple[FieldChange, ...]
    blocks: tuple[BlockChange, ...]


@dataclass(frozen=True)
class Changes:
    """All that has changed."""

    front: tuple[FieldChange, ...]
    figures: tuple[FigureChange, ...]
    sources: tuple[RecordChange, ...]
    charts: tuple[RecordChange, ...]
    terms: tuple[RecordChange, ...]
    units: tuple[RecordChange, ...]
    documents: tuple[DocumentChanges, ...]

    @property
    def count(self) -> int:
        """How many changes there are."""
        records = (self.front, self.figures, self.sources, self.charts, self.terms, self.units)
        return sum(map(len, records)) + sum(len(one.fields) + len(one.blocks) for one in self.documents)


ANEW = 0.4  # a paragraph that has less than this in common with the old one is told as a whole
LONE = 2  # so few words between two changes are told with them
UNPRINTED = frozenset({"expires", "avoid", "unless"})  # of records: for those who edit the file


def compare(old: Manuscript, new: Manuscript) -> Changes:
    """Everything printed that the new version says otherwise."""
    return Changes(
        front=tuple(_fields(old, new, old.briefing.briefing, new.briefing.briefing, ("briefing",))),
        figures=tuple(_figures(old, new)),
        sources=tuple(_records(old, new, "sources")),
        charts=tuple(_records(old, new, "charts")),
        terms=tuple(_records(old, new, "glossary")),
        units=tuple(_records(old, new, "units")),
        documents=tuple(_document(old, new, name) for name in Briefing.DOCUMENTS),
    )


def edition_kept(old: Manuscript, new: Manuscript, changes: Changes) -> tuple[Finding, ...]:
    """A warning where printed figures differ and the edition's number has not risen."""
    before, now = old.briefing.briefing.edition, new.briefing.briefing.edition
    used = {use.id for use in old.ledger.uses if use.group == "figures" and use.document}
    names = [
        one.id for one in changes.figures if one.sort is ChangeKind.CHANGED and one.value_changed and one.id in used
    ]
    if not names or now > before:
        return ()
    return (edition_same(names, before),)


def edition_same(names: Iterable[str], edition: int) -> Finding:
    """Two different printings that call themselves the same edition."""
    listed = sorted(names)
    shown_names = ", ".join(listed[:3]) + (f" and {len(listed) - 3} more" if len(listed) > 3 else "")
    message = f"printed figures have changed, and this is not a later edition than {edition}: {shown_names}"
    hint = f"write edition: {edition + 1} under briefing:, so that readers can tell the two printings apart"
    return warning("edition-same", message, ("briefing", "edition"), hint)


# ------------------------------------------------------------------ records


def _fields(
    old: Manuscript, new: Manuscript, before: BaseModel, now: BaseModel, path: Path, unless: frozenset[str] = UNPRINTED
) -> Iterator[FieldChange]:
    """The fields of a record that say something else."""
    kinds = {found[0]: kind for record in (before, now) for found, kind, _ in walk_printed_strings(record)}
    for name in type(now).model_fields:
        a, b, kind = getattr(before, name), getattr(now, name), kinds.get(name)
        if name not in unless and not _same(a, b, kind):
            yield FieldChange(
                name, format_value(old, a, kind), format_value(new, b, kind), _place(old, new, (*path, name), b)
            )


def _place(old: Manuscript, new: Manuscript, path: Path, now: object) -> Place:
    """In the new file, or in the old one for what is no longer there."""
    return (old if now is None or now == () else new).place(path)


def _same(a: Any, b: Any, kind: Kind | None) -> bool:
    if kind and isinstance(a, str) and isinstance(b, str):
        return strip_marks(kind, a) == strip_marks(kind, b)
    if kind and isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
        return all(_same(one, other, kind) for one, other in zip(a, b, strict=True))
    return bool(a == b)


def _names(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, ChangeKind]]:
    """The names of both, those that are gone where they stood."""
    for name in _merged(list(before), list(now)):
        yield (
            name,
            ChangeKind.REMOVED if name not in now else ChangeKind.ADDED if name not in before else ChangeKind.CHANGED,
        )


def _merged(before: list[str], now: list[str]) -> list[str]:
    merged = list(now)
    for index, name in enumerate(before):
        if name not in merged:
            merged.insert(merged.index(before[index - 1]) + 1 if index else 0, name)
    return merged


def _records(old: Manuscript, new: Manuscript, group: str) -> Iterator[RecordChange]:
    before, now = getattr(old.briefing, group), getattr(new.briefing, group)
    for name, sort in _names(before, now):
        path: Path = (group, name)
        fields: tuple[FieldChange, ...] = ()
        if sort is ChangeKind.CHANGED:
            chart = isinstance(now[name], Chart)
            fields = tuple(
                _fields(old, new, before[name], now[name], path, UNPRINTED | {"data"} if chart else UNPRINTED)
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
    """The values of a chart, each known by what it is of; another value of the same figure is none of its changes."""
    was, becomes = _by_name(old, before), _by_name(new, now)
    for name, sort in _names(was, becomes):
        if sort is ChangeKind.REMOVED:
            yield FieldChange("data", was[name][1], "", old.place((*path, was[name][0])))
        elif sort is ChangeKind.ADDED or was[name][1] != becomes[name][1]:
            index, words_now = becomes[name]
            yield FieldChange("data", was[name][1] if name in was else "", words_now, new.place((*path, index)))
    kept_before, kept_now = [n for n in was if n in becomes], [n for n in becomes if n in was]
    if kept_before != kept_now:
        yield FieldChange("order", ", ".join(kept_before), ", ".join(kept_now), new.place(path))


def _by_name(version: Manuscript, data: tuple[Datum, ...]) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    for index, datum in enumerate(data):
        named = [datum.series, datum.label, format_value(version, datum.on) if datum.on else None]
        name = " ".join(part for part in named if part)
        while name in found:
            name += " "
        value = f"{datum.value:f}" if datum.value is not None else datum.figure or ""
        more = "".join(f", {key} {text}" for key, text in (datum.fields or {}).items())
        found[name] = (index, f"{name.strip()}: {value}{more}".removeprefix(": "))
    return found


# ------------------------------------------------------------------ figures


def _figures(old: Manuscript, new: Manuscript) -> Iterator[FigureChange]:
    before, now = old.briefing.figures, new.briefing.figures
    for name, sort in _names(before, now):
        fields = tuple(_figure_fields(old, new, name)) if sort is ChangeKind.CHANGED else ()
        if sort is ChangeKind.CHANGED and not fields:
            continue
        here = old if sort is ChangeKind.REMOVED else new
        figure = here.briefing.figures[name]
        note = figure.note if sort is not ChangeKind.REMOVED and figure.note else None
        told = note and not (name in before and before[name].note and _same(before[name].note, note, Kind.TEXT))
        yield FigureChange(
            sort=sort,
            id=name,
            label=format_text(here, Kind.TEXT, figure.label) if figure.label else "",
            old="" if sort is ChangeKind.ADDED else figure_in_words(old, name),
            new="" if sort is ChangeKind.REMOVED else figure_in_words(new, name),
            fields=fields,
            why=format_text(new, Kind.TEXT, note) if note and told else "",
            sources=tuple(source_in_words(here, source) for source in here.ledger.entries[name].sources),
            uses=places_of(here, "figures", name),
            place=here.place(("figures", name)),
        )


def _figure_fields(old: Manuscript, new: Manuscript, name: str) -> Iterator[FieldChange]:
    """What a figure prints, or is signed off by; how it is computed and what its note says is not printed."""
    path: Path = ("figures", name)
    a, b = old.ledger.entries[name], new.ledger.entries[name]
    were, are = figure_in_words(old, name), figure_in_words(new, name)
    if were != are or (a.value, a.unit, a.qualifier) != (b.value, b.unit, b.qualifier):
        yield FieldChange("value", were, are, new.place((*path, "value")))
    if a.sources != b.sources:
        were, are = ("; ".join(source_in_words(v, s) for s in e.sources) for v, e in ((old, a), (new, b)))
        yield FieldChange("sources", were, are, new.place((*path, "sources")))
    if _disputes(a.figure.disputed) != _disputes(b.figure.disputed):
        were, are = (_said_disputes(v, e.figure) for v, e in ((old, a), (new, b)))
        yield FieldChange("disputed", were, are, _place(old, new, (*path, "disputed"), b.figure.disputed))
    kept = frozenset({"as_of", "label", "checked"})
    yield from _fields(old, new, a.figure, b.figure, path, frozenset(type(a.figure).model_fields) - kept)


def _disputes(disputes: tuple[Dispute, ...]) -> list[object]:
    return [(one.value, one.qualifier, one.sources, strip_marks(Kind.TEXT, one.note or "")) for one in disputes]


def _said_disputes(version: Manuscript, figure: Figure) -> str:
    told = []
    for one in figure.disputed:
        number = version.wording.long(amount_of_dispute(figure, one)).text
        named = ", ".join(source_in_words(version, source) for source in one.sources)
        note = f": {format_text(version, Kind.TEXT, one.note)}" if one.note else ""
        told.append(f"{number} ({named}){note}".replace("\u00a0", " "))
    return "; ".join(told)


# ------------------------------------------------------------------ places of use


def places_of(version: Manuscript, group: str, name: str) -> tuple[UsePlace, ...]:
    """The blocks, titles and ledes that show a record, each once, in the order of the page."""
    ids = {name}
    groups = {group}
    found: dict[tuple[str, str], UsePlace] = {}
    for use in version.ledger.uses:
        by_figure = group == "sources" and use.group == "figures" and name in _sources_of(version, use.id)
        if use.document and ((use.group in groups and use.id in ids) or by_figure):
            for spot in _spots(version, use.document, use.path):
                found.setdefault((spot.document, spot.block), spot)
    return tuple(found.values())


def _sources_of(version: Manuscript, figure: str) -> tuple[str, ...]:
    entry = version.ledger.entries.get(figure)
    return entry.sources if entry else ()


def _spots(version: Manuscript, document: str, path: Path) -> Iterator[UsePlace]:
    blocks = version.briefing.document(document).blocks
    if path[0] == "charts":
        for index, block in enumerate(blocks):
            if isinstance(block, ChartBlock) and block.chart == path[1]:
                yield _spot(version, document, index)
    elif len(path) > 2 and path[1] == "blocks" and isinstance(path[2], int):
        yield _spot(version, document, path[2])
    elif path[0] == document:
        yield UsePlace(document, str(path[1]), str(path[1]), "", version.place(path))
    else:
        for index, block in enumerate(blocks):
            if kind_of(block) == "glossary":
                yield _spot(version, document, index)


def _spot(version: Manuscript, document: str, index: int) -> UsePlace:
    block = version.briefing.document(document).blocks[index]
    kind = kind_of(block)
    return UsePlace(
        document,
        _name(block, index),
        kind,
        _title(version, block),
        version.place((document, "blocks", index, kind)),
    )


def _name(block: BlockBase, index: int) -> str:
    return block.id or f"{kind_of(block)}-{index + 1}"


def _title(version: Manuscript, block: BlockBase) -> str:
    """Its heading, or the title of what it shows."""
    if isinstance(block, ChartBlock) and not block.heading and block.chart in version.briefing.charts:
        return format_text(version, Kind.TEXT, version.briefing.charts[block.chart].title)
    text = block.heading or getattr(block, "title", None)
    return format_text(version, Kind.TEXT, text) if text else ""


# ------------------------------------------------------------------ documents


def _document(old: Manuscript, new: Manuscript, name: str) -> DocumentChanges:
    before, now = old.briefing.document(name), new.briefing.document(name)
    fields = tuple(_fields(old, new, before, now, (name,), frozenset({"blocks"})))
    return DocumentChanges(name, fields, tuple(_blocks(old, new, name)))


def _blocks(old: Manuscript, new: Manuscript, document: str) -> Iterator[BlockChange]:
    """Blocks in the order of the new document, those that are gone at the end."""
    before, now = old.briefing.document(document).blocks, new.briefing.document(document).blocks
    ours, theirs = [_part(block) for block in before], [_part(block) for block in now]
    pairs = pair_parts(ours, theirs)
    elsewhere = find_moved(pairs, {index: len(ours[index].words) for index in pairs})
    origins = {there: here for here, there in pairs.items()}
    for index, block in enumerate(now):
        at = _spot(new, document, index)
        origin = origins.get(index)
        if origin is None:
            yield _change(ChangeKind.ADDED, at)
            continue
        title = _title(old, before[origin])
        if origin in elsewhere:
            yield _change(
                ChangeKind.MOVED,
                at,
                old_title=title,
                old_behind=_name(before[origin - 1], origin - 1) if origin else "",
                new_behind=_name(now[index - 1], index - 1) if index else "",
            )
        was = _lines(before[origin], (document, "blocks", origin, kind_of(block)))
        becomes = _lines(block, (document, "blocks", index, kind_of(block)))
        if texts := tuple(_texts(old, new, was, becomes)):
            yield _change(ChangeKind.REWORDED, at, old_title=title, texts=texts)
        if fields := tuple(_facts(old, new, document, before[origin], block, origin, index)):
            yield _change(ChangeKind.CHANGED, at, old_title=title, fields=fields)
    for index, _ in enumerate(before):
        if index not in pairs:
            yield _change(ChangeKind.REMOVED, _spot(old, document, index))


def _change(sort: ChangeKind, at: UsePlace, **more: Any) -> BlockChange:
    return BlockChange(sort, at.document, at.block, at.kind, at.title, at.place, **more)


def _part(block: BlockBase) -> PairedPart:
    kind = kind_of(block)
    told = [word for line in _lines(block, ()) for word in line.bare.split()]
    if isinstance(block, ChartBlock):
        told.append(block.chart)
    return PairedPart(block.id or "", kind, tuple(told))


@dataclass(frozen=True)
class _Line:
    """A paragraph of a block."""

    part: str
    kind: Kind
    text: str
    bare: str
    path: Path


def _lines(block: BlockBase, path: Path) -> list[_Line]:
    found = []
    for inner, kind, text in walk_printed_strings(block, path):
        told = text
        if isinstance(block, KeyFigures) and inner[-1] == "label" and isinstance(inner[-2], int):
            told = f"{{{{{block.items[inner[-2]].figure}|short}}}} {text}"
        key = ".".join(str(step) for step in inner[len(path) :] if isinstance(step, str))
        found += [_Line(key, kind, part, strip_marks(kind, part), inner) for part in paragraphs(kind, told)]
    return found


def _texts(old: Manuscript, new: Manuscript, before: list[_Line], now: list[_Line]) -> Iterator[TextChange]:
    """The paragraphs that are not the same."""
    were, are = ([(line.part, line.bare) for line in lines] for lines in (before, now))
    for step, a, b, c, d in SequenceMatcher(None, were, are, autojunk=False).get_opcodes():
        if step != "equal":
            yield from _replaced(old, new, before[a:b], now[c:d])


def _replaced(old: Manuscript, new: Manuscript, before: list[_Line], now: list[_Line]) -> Iterator[TextChange]:
    """Some paragraphs in place of others, those alike side by side."""
    pairs = pair_parts([_as_part(line) for line in before], [_as_part(line) for line in now], 0.3)
    alone = [index for index, _ in enumerate(now) if index not in pairs.values()]
    for index, line in enumerate(before):
        if index not in pairs and (same := next((at for at in alone if now[at].part == line.part), None)) is not None:
            pairs[index] = same
            alone.remove(same)
    origins = {there: here for here, there in pairs.items()}
    for index, line in enumerate(now):
        yield _text(old, new, before[origins[index]] if index in origins else None, line)
    for index, line in enumerate(before):
        if index not in pairs:
            yield _text(old, new, line, None)


def _as_part(line: _Line) -> PairedPart:
    return PairedPart("", line.part, tuple(line.bare.split()))


def _text(old: Manuscript, new: Manuscript, before: _Line | None, now: _Line | None) -> TextChange:
    were = words(old, before.kind, before.text) if before else ()
    are = words(new, now.kind, now.text) if now else ()
    line, version = (now, new) if now else (before, old)
    assert line
    return TextChange(line.part, _joined(were), _joined(are), _runs(were, are), version.place(line.path))


def _runs(before: tuple[Word, ...], now: tuple[Word, ...]) -> tuple[DiffRun, ...]:
    """The words of both, side by side; a text that keeps little of itself is another one as a whole."""
    were, are = [word.key for word in before], [word.key for word in now]
    matcher = SequenceMatcher(None, were, are, autojunk=False)
    if matcher.ratio() < ANEW:
        return (DiffRun(False, _joined(before), _joined(now)),)
    runs: list[DiffRun] = []
    steps = matcher.get_opcodes()
    for index, (step, a, b, c, d) in enumerate(steps):
        lone = step == "equal" and b - a <= LONE and 0 < index < len(steps) - 1
        run = DiffRun(step == "equal" and not lone, _joined(before[a:b]), _joined(now[c:d]))
        if runs and not run.same and not runs[-1].same:
            run = DiffRun(False, f"{runs[-1].old} {run.old}".strip(), f"{runs.pop().new} {run.new}".strip())
        runs.append(run)
    return tuple(runs)


def _joined(told: Iterable[Word]) -> str:
    return " ".join(word.shown for word in told)


def _facts(
    old: Manuscript, new: Manuscript, document: str, before: BlockBase, now: BlockBase, here: int, there: int
) -> Iterator[FieldChange]:
    """What a block says besides its words: what it shows, cites, and where on the grid it stands."""
    kind = kind_of(now)
    path: Path = (document, "blocks", there, kind)
    texts = {found[0] for block in (before, now) for found, *_ in walk_printed_strings(block)}
    for name in type(now).model_fields:
        a, b = getattr(before, name), getattr(now, name)
        if name in ("id", "sources"):
            continue
        if name in texts:
            a, b = _wordless(a), _wordless(b)
            if isinstance(a, list) and isinstance(b, list) and len(a) != len(b):
                continue  # told with the words of what has come or gone
            if a != b:
                yield FieldChange(name, "", "", new.place((*path, name)))
        elif a != b:
            yield FieldChange(name, format_value(old, a), format_value(new, b), _place(old, new, (*path, name), b))
    common = old.briefing.sources.keys() & new.briefing.sources.keys()
    cited_before, cited = _cited(old, document, here, common), _cited(new, document, there, common)
    if set(cited_before) != set(cited):
        were = "; ".join(source_in_words(old, one) for one in cited_before)
        are = "; ".join(source_in_words(new, one) for one in cited)
        yield FieldChange("sources", were, are, new.place(path))


def _wordless(value: Any) -> Any:
    """A value without its printed strings, which are compared as texts, and without its sources."""
    if isinstance(value, BaseModel):
        texts = {found[0] for found, *_ in walk_printed_strings(value)} | {"figure", "sources"}
        fields = ((name, getattr(value, name)) for name in type(value).model_fields)
        return {
            name: _wordless(field) if name in texts or isinstance(field, tuple) else field for name, field in fields
        }
    if isinstance(value, tuple):
        return [_wordless(item) for item in value]
    return "" if value is None or isinstance(value, str) else value


def _cited(version: Manuscript, document: str, index: int, among: Iterable[str]) -> tuple[str, ...]:
    """The sources that a block names itself; those that are new or gone are told among the sources."""
    path = (document, "blocks", index)
    uses = (use.id for use in version.ledger.uses if use.group == "sources" and use.path[:3] == path)
    return tuple(dict.fromkeys(name for name in uses if name in set(among)))
