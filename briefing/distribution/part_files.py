"""Files of a run: parts for the printer and a file for each copy that goes by e-mail, written piece by piece.

A piece is what is written by one process, on this machine or another one: the same piece of the same run gives the same
bytes, and what lies there already is kept.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from briefing import files
from briefing.distribution.private_folder import write_private
from briefing.distribution.records import Allotment, Delivery
from briefing.distribution.register.plans import MadePart
from briefing.distribution.run_marks import RunMarks
from briefing.distribution.settings import Printing, Sides, Way
from briefing.finishing.stamping.copy_mark import StampedCopy
from briefing.finishing.stamping.run_file import RunFile, RunNames, count_pages
from briefing.finishing.stamping.tagged_file import TaggedFile
from briefing.finishing.viewer import Duplex

MAILED_A_PIECE = 100  # copies by e-mail that are written together
_SHARED = "shared.pdf"
_DUPLEX = {Sides.ONE: Duplex.SIMPLEX, Sides.LONG_EDGE: Duplex.LONG_EDGE, Sides.SHORT_EDGE: Duplex.SHORT_EDGE}


@dataclass(frozen=True, slots=True)
class RunPlace:
    """Where the files of a run lie, and what the register gives to its codes."""

    folder: Path
    shown: str
    tag: int
    key: bytes


@dataclass(frozen=True, slots=True)
class RunPiece:
    """Copies that are written together."""

    number: int  # of the first of their files, among all of the run
    allotments: tuple[Allotment, ...]
    mailed: bool

    @property
    def first(self) -> int:
        """The number of the first copy."""
        return self.allotments[0].first

    @property
    def last(self) -> int:
        """The number of the last copy."""
        return self.allotments[-1].last


@dataclass(frozen=True, slots=True)
class WrittenPart:
    """A file of copies, as it was written."""

    part: MadePart
    kept: bool  # since it was there already
    mailed: bool


@dataclass(frozen=True, slots=True)
class SharedFile:
    """The pages that all copies share."""

    file: str
    data: bytes
    kept: bool  # since it was there already


class PartWriter:
    """Writes the files of one run; its marks have shaped all copies."""

    def __init__(self, marks: RunMarks, printing: Printing, place: RunPlace) -> None:
        self.marks, self.printing, self.place = marks, printing, place
        self._pages, self._page = marks.pages, marks.pages.place.page - 1
        self._file_pages = count_pages(marks.pages.pdf)
        self._duplex = _DUPLEX[self.printing.sides]

    @property
    def printed(self) -> Sequence[Allotment]:
        """The copies that do not go by e-mail."""
        return [part for part in self.marks.run.allotments if part.parcel not in self._by_mail]

    @property
    def _mailed(self) -> Sequence[Allotment]:
        return [part for part in self.marks.run.allotments if part.parcel in self._by_mail]

    @cached_property
    def _by_mail(self) -> set[int]:
        """The parcels that are none."""
        return {one.number for one in self.marks.run.parcels if one.delivery is Delivery.EMAIL}

    @cached_property
    def pieces(self) -> tuple[RunPiece, ...]:
        """All that is to be written: parts, each with as many copies as one job has, and copies by e-mail."""
        printed = _cut(self.printed, self.printing.part)
        parts = [RunPiece(number, one, mailed=False) for number, one in enumerate(printed, 1)]
        by_mail = _cut(self._mailed, MAILED_A_PIECE)
        return (
            *parts,
            *(RunPiece(len(parts) + 1 + at * MAILED_A_PIECE, one, mailed=True) for at, one in enumerate(by_mail)),
        )

    def write(self, piece: RunPiece) -> list[WrittenPart]:
        """Write the files of a piece; raises `Refused` where that cannot be."""
        copies = list(self.copies(piece.allotments))
        if piece.mailed:
            return [
                self._put(piece.number + at, [copy], f"copy-{copy.number:06d}.pdf", self._tagged.write(copy), True)
                for at, copy in enumerate(copies)
            ]
        out = io.BytesIO()
        self.run_file.write(copies, self.names, out)
        return [self._put(piece.number, copies, f"part-{piece.number:04d}.pdf", out.getvalue(), False)]

    def write_shared(self) -> SharedFile | None:
        """Write the pages that all copies share, where they are printed apart."""
        if self.printing.way is Way.WHOLE or not self.printed:
            return None
        own = self._marked_sheet() if self.printing.way is Way.SPLIT else ()
        rest = [number for number in range(self._file_pages) if number not in own]
        if not rest:
            return None
        out = io.BytesIO()
        RunFile(self._pages.pdf, None, pages=rest, duplex=self._duplex).write_once(out)
        return SharedFile(_SHARED, out.getvalue(), self._write(_SHARED, out.getvalue()))

    def copies(self, allotments: Iterable[Allotment]) -> Iterator[StampedCopy]:
        """Copies as they are stamped."""
        return self.marks.copies(allotments, self.place.tag, self.place.key)

    @property
    def names(self) -> RunNames:
        """What bookmarks say."""
        word = self._pages.wording.word
        return RunNames(word("mark", "bookmark"), word("mark", "bookmarks"))

    @cached_property
    def run_file(self) -> RunFile:
        """What of each copy is printed by itself."""
        way = self.printing.way
        pages = {Way.SPLIT: self._marked_sheet(), Way.OVERPRINT: (self._page,)}.get(way)
        bare = way is Way.OVERPRINT
        return RunFile(self._pages.pdf, self.marks.painter, self._page, pages, bare, self._duplex)

    @cached_property
    def _tagged(self) -> TaggedFile:
        alt = self._pages.wording.word("mark", "alt")
        return TaggedFile(self._pages.pdf, self.marks.painter, self._page, self.marks.paragraphs, alt)

    def _marked_sheet(self) -> tuple[int, ...]:
        """The pages of the sheet with the mark: front and back, where both are printed."""
        if self.printing.sides is Sides.ONE:
            return (self._page,)
        first = self._page // 2 * 2
        return tuple(range(first, min(first + 2, self._file_pages)))

    def _put(self, number: int, copies: Sequence[StampedCopy], name: str, data: bytes, mailed: bool) -> WrittenPart:
        kept = self._write(name, data)
        sha256 = hashlib.sha256(data).hexdigest()
        return WrittenPart(MadePart(number, copies[0].number, copies[-1].number, name, sha256), kept, mailed)

    def _write(self, name: str, data: bytes) -> bool:
        """Put a file in its place, unless it is there; whether it is."""
        file = self.place.folder / name
        try:
            if files.read(file, len(data), follow=False) == data:
                return True
        except files.Unreadable:
            pass
        write_private(file, data, f"{self.place.shown}/{name}")
        return False


def _cut(allotments: Iterable[Allotment], size: int) -> Iterator[tuple[Allotment, ...]]:
    """The same copies in pieces of so many."""
    piece, room = list[Allotment](), size
    for part in allotments:
        first = part.first
        while first <= part.last:
            last = min(part.last, first + room - 1)
            piece.append(replace(part, first=first, last=last))
            room -= last + 1 - first
            first = last + 1
            if not room:
                yield tuple(piece)
                piece, room = [], size
    if piece:
        yield tuple(piece)
