"""What has changed between two editions, as records: figures, sources and other records, front matter, and blocks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from briefing.findings import Place


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
    old_uses: tuple[UsePlace, ...] = ()
    chart: str = ""  # that gives it itself

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
    mark: tuple[FieldChange, ...] = ()  # of numbered copies; `mark` where there is or was none

    @property
    def count(self) -> int:
        """How many changes there are."""
        records = (self.front, self.figures, self.sources, self.charts, self.terms, self.units, self.mark)
        return sum(map(len, records)) + sum(len(one.fields) + len(one.blocks) for one in self.documents)
