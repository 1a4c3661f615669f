"""The fields of a record that say something else in the new version, each in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from briefing.content.briefing import walk_printed_strings
from briefing.content.scalars import Kind, Path
from briefing.documents.manuscript import Manuscript
from briefing.findings import Place
from briefing.products.changes.change_records import ChangeKind, FieldChange
from briefing.products.changes.plain_words import format_value, strip_marks

UNPRINTED = frozenset({"expires", "avoid", "unless"})  # of records: for those who edit the file


def field_changes(
    old: Manuscript, new: Manuscript, before: BaseModel, now: BaseModel, path: Path, unless: frozenset[str] = UNPRINTED
) -> Iterator[FieldChange]:
    """The fields of a record that say something else."""
    kinds = {found[0]: kind for record in (before, now) for found, kind, _ in walk_printed_strings(record)}
    for name in type(now).model_fields:
        a, b, kind = getattr(before, name), getattr(now, name), kinds.get(name)
        if name not in unless and not says_the_same(a, b, kind):
            yield FieldChange(
                name, format_value(old, a, kind), format_value(new, b, kind), place_in(old, new, (*path, name), b)
            )


def place_in(old: Manuscript, new: Manuscript, path: Path, now: object) -> Place:
    """A place in the new file, or in the old one for what is no longer there."""
    return (old if now is None or now == () else new).place(path)


def says_the_same(a: Any, b: Any, kind: Kind | None) -> bool:
    """Whether two values print the same, source marks left aside."""
    if kind and isinstance(a, str) and isinstance(b, str):
        return strip_marks(kind, a) == strip_marks(kind, b)
    if kind and isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
        return all(says_the_same(one, other, kind) for one, other in zip(a, b, strict=True))
    return bool(a == b)


def names_of_both(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, ChangeKind]]:
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
