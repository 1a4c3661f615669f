"""The file of a part of a run, which must have the bytes that were recorded, and the copies of it that are printed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from briefing import files
from briefing.distribution.register.jobs import PrintRun
from briefing.distribution.register.plans import MadePart
from briefing.distribution.register.whereabouts import Whereabouts, run_folder
from briefing.findings import Place, Refused, error
from briefing.pdf.excerpt import excerpt, numbered_pages

_MOST = 200_000_000  # bytes


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """A part, read and found to be what was recorded."""

    part: MadePart
    data: bytes
    pages: dict[int, range]  # of each copy
    count: int  # of all pages

    def pages_of(self, first: int, last: int) -> int:
        """How many sides are printed for those copies."""
        if (first, last) == (self.part.first, self.part.last):
            return self.count
        return sum(len(self.pages[number]) for number in range(first, last + 1))

    def document(self, first: int, last: int) -> bytes:
        """The file that prints those copies; the part itself where it has no others."""
        if (first, last) == (self.part.first, self.part.last):
            return self.data
        return excerpt(self.data, [page for number in range(first, last + 1) for page in self.pages[number]])

    @property
    def is_two_sided(self) -> bool:
        """Whether copies have more than one side."""
        return any(len(pages) > 1 for pages in self.pages.values())


def read_part(where: Whereabouts, run: PrintRun, part: MadePart) -> PrintedPart:
    """The file of a part; raises `Refused` where it is gone, or is not what was recorded."""
    path = _path(where, run, part)
    hint = "distribute make makes it again, with the same bytes."
    try:
        data = files.read(path, _MOST, follow=False)
    except files.Unreadable as fault:
        code_hint = hint if fault.code == files.MISSING else ""
        message = f"part {part.number} of run {run.letters}: {fault.why}"
        raise Refused([error("part-missing", message, Place(str(path)), code_hint)]) from None
    if hashlib.sha256(data).hexdigest() != part.sha256:
        message = f"part {part.number} of run {run.letters} is not the file that was made"
        raise Refused([error("part-changed", message, Place(str(path)), hint)])
    found = numbered_pages(data)
    numbers = range(part.first, part.last + 1)
    if found is None or not all(number in found.pages for number in numbers):
        message = f"part {part.number} of run {run.letters} has not the pages of its copies"
        raise Refused([error("part-changed", message, Place(str(path)), hint)])
    return PrintedPart(part, data, {number: found.pages[number] for number in numbers}, found.count)


def _path(where: Whereabouts, run: PrintRun, part: MadePart) -> Path:
    """Where it lies: within the folder of the register, whatever the register says."""
    name = PurePosixPath(part.file)
    if name.is_absolute() or ".." in name.parts:
        message = f"part {part.number} of run {run.letters} is said to lie elsewhere"
        raise Refused([error("part-missing", message, where.place)])
    return where.folder / name if len(name.parts) > 1 else run_folder(where, run.letters) / name
