"""What a print shop is sent for a run: pages, a table of what is printed on them, samples to approve, a job ticket.

It lies in a folder of its own within that of the run, to be handed on as it is. It holds what is printed and no more: a
name that is not on the copies is not in the table either.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, cast

from briefing.content.records import MarkLine, PaperName
from briefing.design.paper import PAPERS
from briefing.distribution.part_files import PartWriter
from briefing.distribution.private_folder import make_private, open_private
from briefing.distribution.records import Allotment
from briefing.distribution.settings import Sides
from briefing.findings import Refused
from briefing.finishing.context import PrintingCondition
from briefing.finishing.press.lowres_proof import proof_of
from briefing.finishing.stamping.copy_mark import StampedCopy
from briefing.finishing.stamping.run_file import RunFile
from briefing.layout import single_page
from briefing.ledger.spreadsheet import harmless
from briefing.pdf.file_summary import summarise
from briefing.products.printshop.jobticket import Ticket
from briefing.products.printshop.numbered_ticket import Assembly, NumberedJob, numbered_ticket
from briefing.products.printshop.pack import SUMS

FOLDER = "print-shop"
_VARIABLE, _STATIC, _RECORDS = "variable.pdf", "static.pdf", "records.csv"
_UTF8 = "\N{BYTE ORDER MARK}"  # by which spreadsheets know it
_HEADS: Mapping[MarkLine, tuple[str, ...]] = {
    MarkLine.COPY: ("copy",),
    MarkLine.RECIPIENT: ("name", "office"),
    MarkLine.CODE: ("code",),
}


@dataclass(frozen=True)
class ShopRun:
    """A run that a print shop prints."""

    writer: PartWriter
    static: bytes  # the pages that all copies share; empty where each is printed whole

    @cached_property
    def printed(self) -> Sequence[Allotment]:
        """The copies on paper, in the order of their numbers, without a gap."""
        return self.writer.printed

    def copies(self) -> Iterator[StampedCopy]:
        """The same as they are stamped."""
        return self.writer.copies(self.printed)

    @property
    def count(self) -> int:
        """How many copies are printed."""
        return self.printed[-1].last - self.printed[0].first + 1

    @property
    def spares(self) -> int:
        """How many of them are for nobody yet."""
        return sum(one.last - one.first + 1 for one in self.printed if one.recipient is None)

    def samples(self) -> dict[str, StampedCopy]:
        """The copies that are approved before the others are printed, each by one name."""
        first, last, longest = self.printed[0], self.printed[-1], self.writer.marks.tightest(self.printed)
        ends = {first.first: "first", last.last: "last"}
        wanted = {first.first: first, longest.first: longest, last.last: replace(last, first=last.last)}
        found = {number: next(self.writer.copies([replace(one, first=number)])) for number, one in wanted.items()}
        return {ends.get(number, "longest"): copy for number, copy in sorted(found.items())}


class ShopFolder:
    """Writes the folder."""

    def __init__(self, run: ShopRun, templates: Path) -> None:
        self._run, self._templates, self._writer = run, templates, run.writer
        self._marks, self._variable = run.writer.marks, run.writer.run_file
        self._folder, self._shown = run.writer.place.folder / FOLDER, f"{run.writer.place.shown}/{FOLDER}"
        self._sums = dict[str, str]()  # by file

    def write(self, press: PrintingCondition) -> tuple[str, ...]:
        """Write all files; their names within the folder of the run. Raises `Refused`."""
        make_private(self._folder, self._shown, top=False)
        run, samples = self._run, self._run.samples()
        with self._open(_VARIABLE) as out:
            self._variable.write_many(run.copies(), run.count, self._writer.names, out)
        if run.static:
            self._put(_STATIC, run.static)
        self._put(_RECORDS, self._table())
        for name, copy in samples.items():
            self._put(f"sample-{name}.pdf", self._picture(copy))
        ticket = self._ticket([copy.number for copy in samples.values()], press)
        self._put("job-ticket.pdf", self._set(ticket))
        self._put("job-ticket.txt", [ticket.text()])
        self._put(SUMS, [f"{digest}  {name}\n" for name, digest in sorted(self._sums.items())])
        return tuple(f"{FOLDER}/{name}" for name in self._sums)

    def _table(self) -> Iterator[str]:
        """A line for each copy, with what is printed on it."""
        marks = self._marks
        own = [head for said in marks.says for head in _HEADS[said]]
        yield _UTF8 + _row(["page", "number", *own, *(["qr"] if marks.code_head else [])])
        for at, copy in enumerate(self._run.copies()):
            cells = [*_cells(marks.says, copy), *([f"{marks.code_head}{copy.code}"] if marks.code_head else [])]
            yield _row([str(at * self._variable.pages_a_copy + 1), str(copy.number), *cells])

    def _picture(self, copy: StampedCopy) -> bytes:
        """A whole copy to look at, too coarse to be printed by mistake."""
        marks, out = self._marks, io.BytesIO()
        whole = RunFile(marks.pages.pdf, marks.painter, marks.pages.place.page - 1)
        whole.write([copy], self._writer.names, out)
        words = marks.pages.wording.word("shop", "sample").format(number=copy.number)
        return proof_of(out.getvalue(), words, self._templates / "fonts")

    def _ticket(self, samples: Sequence[int], press: PrintingCondition) -> Ticket:
        run, pages, plan, printing = self._run, self._marks.pages, self._marks.run, self._writer.printing
        job = NumberedJob(
            assembly=Assembly(printing.way.value),
            both_sides=printing.sides is not Sides.ONE,
            pages=pages.pages,
            numbered=self._variable.pages_each,
            each=self._variable.pages_a_copy,
            first=run.printed[0].first,
            last=run.printed[-1].last,
            spares=run.spares,
            overs=plan.overs,
            as_files=plan.total - run.count,
            samples=samples,
            variable=_VARIABLE,
            static=_STATIC if run.static else "",
        )
        return numbered_ticket(job, summarise(pages.pdf), pages.manuscript, PAPERS[PaperName(plan.paper)], press)

    def _set(self, ticket: Ticket) -> bytes:
        printed, faults = single_page.typeset(ticket.single_page(self._templates))
        if printed is None:
            raise Refused(faults)
        return printed.pdf

    def _put(self, name: str, data: bytes | Iterable[str]) -> None:
        with self._open(name) as out:
            for part in (data,) if isinstance(data, bytes) else (text.encode() for text in data):
                out.write(part)

    @contextlib.contextmanager
    def _open(self, name: str) -> Iterator[BinaryIO]:
        """A file to write to, whose sum is taken."""
        with open_private(self._folder / name, f"{self._shown}/{name}") as out:
            summed = _Summed(out)
            yield cast(BinaryIO, summed)
        self._sums[name] = summed.digest.hexdigest()


class _Summed:
    """A file with the sum of what is written to it."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self.digest = out, hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Write, and add to the sum."""
        self.digest.update(data)
        return self._out.write(data)


def _cells(says: Sequence[MarkLine], copy: StampedCopy) -> Iterator[str]:
    """What is printed on a copy, a cell for each head."""
    for said, parts in zip(says, copy.says, strict=True):
        yield from parts
        yield from [""] * (len(_HEADS[said]) - len(parts))


def _row(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(map(harmless, cells))
    return line.getvalue()
