"""The blocks of a document in two versions: new, gone, elsewhere, reworded, or showing something else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from pydantic import BaseModel

from briefing.content.blocks import BlockBase, ChartBlock, kind_of, large_figures
from briefing.content.briefing import walk_printed_strings
from briefing.content.panels import PullQuote
from briefing.content.scalars import Kind, Path
from briefing.documents.manuscript import Manuscript
from briefing.products.changes.change_records import (
    BlockChange,
    ChangeKind,
    DiffRun,
    DocumentChanges,
    FieldChange,
    TextChange,
    UsePlace,
)
from briefing.products.changes.field_changes import field_changes, place_in
from briefing.products.changes.pairing import PairedPart, find_moved, pair_parts
from briefing.products.changes.places import block_name, block_title, place_of_block
from briefing.products.changes.plain_words import (
    Word,
    format_value,
    paragraphs,
    source_in_words,
    strip_marks,
    words,
)

ANEW = 0.4  # a paragraph that has less than this in common with the old one is told as a whole
_UNSAID = {"icon", "width", "align"}  # of what stands in a list
LONE = 2  # so few words between two changes are told with them


def document_changes(old: Manuscript, new: Manuscript, name: str) -> DocumentChanges:
    """What has changed in a document besides its figures and sources."""
    before, now = old.briefing.document(name), new.briefing.document(name)
    fields = tuple(field_changes(old, new, before, now, (name,), frozenset({"blocks"})))
    return DocumentChanges(name, fields, tuple(_blocks(old, new, name)))


def _blocks(old: Manuscript, new: Manuscript, document: str) -> Iterator[BlockChange]:
    """Blocks in the order of the new document, those that are gone at the end."""
    before, now = old.briefing.document(document).blocks, new.briefing.document(document).blocks
    ours, theirs = [_part(block) for block in before], [_part(block) for block in now]
    pairs = pair_parts(ours, theirs)
    elsewhere = find_moved(pairs, {index: len(ours[index].words) for index in pairs})
    origins = {there: here for here, there in pairs.items()}
    for index, block in enumerate(now):
        at = place_of_block(new, document, index)
        origin = origins.get(index)
        if origin is None:
            yield _change(ChangeKind.ADDED, at)
            continue
        title = block_title(old, before[origin])
        if origin in elsewhere:
            yield _change(
                ChangeKind.MOVED,
                at,
                old_title=title,
                old_behind=block_name(before[origin - 1], origin - 1) if origin else "",
                new_behind=block_name(now[index - 1], index - 1) if index else "",
            )
        was = _lines(before[origin], (document, "blocks", origin, kind_of(block)))
        becomes = _lines(block, (document, "blocks", index, kind_of(block)))
        if texts := tuple(_texts(old, new, was, becomes)):
            yield _change(ChangeKind.REWORDED, at, old_title=title, texts=texts)
        if fields := tuple(_facts(old, new, document, before[origin], block, origin, index)):
            yield _change(ChangeKind.CHANGED, at, old_title=title, fields=fields)
    for index, _ in enumerate(before):
        if index not in pairs:
            yield _change(ChangeKind.REMOVED, place_of_block(old, document, index))


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
    large = {(*path, *within): figure for within, figure, _ in large_figures(block)}
    for inner, kind, text in walk_printed_strings(block, path):
        told = text
        if figure := large.get(inner):
            told = f"{{{{{figure}|short}}}} {text}"
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
        if name in ("id", "sources") or (name == "source" and isinstance(now, PullQuote)):
            continue  # sources are told below
        if name in texts:
            a, b = _wordless(a), _wordless(b)
            if isinstance(a, list) and isinstance(b, list) and len(a) != len(b):
                continue  # told with the words of what has come or gone
            if a != b:
                shown = name if _without_setting(a) != _without_setting(b) else "setting"
                yield FieldChange(shown, "", "", new.place((*path, name)))
        elif a != b:
            yield FieldChange(name, format_value(old, a), format_value(new, b), place_in(old, new, (*path, name), b))
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
    if isinstance(value, tuple | dict):
        return [_wordless(item) for item in (value.values() if isinstance(value, dict) else value)]
    return "" if value is None or isinstance(value, str) else value


def _without_setting(value: Any) -> Any:
    """The same without what only says how it is set."""
    if isinstance(value, dict):
        return {name: _without_setting(field) for name, field in value.items() if name not in _UNSAID}
    return [_without_setting(item) for item in value] if isinstance(value, list) else value


def _cited(version: Manuscript, document: str, index: int, among: Iterable[str]) -> tuple[str, ...]:
    """The sources that a block names itself; those that are new or gone are told among the sources."""
    path = (document, "blocks", index)
    uses = (use.id for use in version.ledger.uses if use.group == "sources" and use.path[:3] == path)
    return tuple(dict.fromkeys(name for name in uses if name in set(among)))
