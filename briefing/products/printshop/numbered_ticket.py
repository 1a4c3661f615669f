"""The job ticket of numbered copies: which file is printed how often, how the parts go together, what to approve."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from briefing.design.paper import Paper
from briefing.documents import document as document_writer
from briefing.documents.manuscript import Manuscript
from briefing.finishing.context import PrintingCondition
from briefing.language.amount import Amount
from briefing.pdf.file_summary import FileSummary
from briefing.products.printshop import jobticket
from briefing.products.printshop.jobticket import Ticket, TicketLine


class Assembly(StrEnum):
    """How the copies come about."""

    WHOLE = "whole"  # each printed from first page to last
    SPLIT = "split"  # a numbered sheet with sheets that all copies share
    OVERPRINT = "overprint"  # numbers printed onto finished pages


@dataclass(frozen=True)
class NumberedJob:
    """What a print shop is asked for."""

    assembly: Assembly
    both_sides: bool
    pages: int  # of one copy
    numbered: int  # of them, those that differ from copy to copy
    each: int  # pages of a copy in the file with these, a blank back among them
    first: int
    last: int
    spares: int  # among these numbers
    overs: int
    as_files: int  # copies of the same run that are not printed
    samples: Sequence[int]  # the numbers of the copies to approve
    variable: str  # names of files; empty where there is none
    static: str

    @property
    def copies(self) -> int:
        """How many numbers there are."""
        return self.last - self.first + 1


def numbered_ticket(
    job: NumberedJob, known: FileSummary, manuscript: Manuscript, paper: Paper, press: PrintingCondition
) -> Ticket:
    """The ticket; `known` is what a finished copy says of itself."""
    return _Said(job, known, manuscript, press).ticket(paper)


class _Said:
    """A ticket while it is written."""

    def __init__(self, job: NumberedJob, known: FileSummary, manuscript: Manuscript, press: PrintingCondition) -> None:
        self._job, self._known, self._press, self._manuscript = job, known, press, manuscript
        self._wording = manuscript.wording
        self._usual: Mapping[str, str] = self._wording.words["ticket"]

    def ticket(self, paper: Paper) -> Ticket:
        front = document_writer.front_matter(self._manuscript.text_renderer(), "ticket")
        usual = jobticket.common_lines(self._usual, [self._known], self._press)
        standard = TicketLine(self._usual["standard"], (self._say("standard_said"),))
        columns = [self._static(), self._variable()] if self._job.static else [self._variable()]
        title = jobticket.plain(front["title"])
        return Ticket(
            paper=paper,
            language=self._manuscript.briefing.briefing.language,
            plain_title=title,
            title=self._say("title"),
            lede=title,
            front=front,
            words=self._wording.words,
            documents=tuple(
                self._say(name) for name in (("static", "variable") if self._job.static else ("variable",))
            ),
            rows=tuple(TicketLine(label, tuple(column[label] for column in columns)) for label in columns[0]),
            heading=self._say("job"),
            common=(*self._together(), *(standard if line.label == standard.label else line for line in usual)),
            files=(),
            contact=tuple(jobticket.people_lines(self._usual, front)),
        )

    def _static(self) -> dict[str, str]:
        """What all copies share."""
        job = self._job
        own = 0 if job.assembly is Assembly.OVERPRINT else job.numbered
        all_of_it = self._count(job.copies + job.overs)
        said = self._say("static_quantity", all=all_of_it, copies=self._count(job.copies), overs=self._count(job.overs))
        return self._column(
            job.static, said if job.overs else all_of_it, self._pages_of(own + 1, job.pages), job.pages - own, False
        )

    def _variable(self) -> dict[str, str]:
        """What differs from copy to copy."""
        job = self._job
        quantity = self._say(
            "variable_quantity" if job.copies > 1 else "variable_quantity_one", numbers=self._numbers()
        )
        key = "variable_pages_one" if job.each == 1 else "variable_pages"
        pages = self._say(key, all=self._count(job.each * job.copies), each=job.each)
        black = job.assembly is Assembly.OVERPRINT
        return self._column(job.variable, quantity, pages, job.numbered, black)

    def _column(self, file: str, quantity: str, pages: str, count: int, black: bool) -> dict[str, str]:
        words, known = self._usual, self._known
        both = count > 1 and self._job.both_sides
        leaf = self._job.assembly is Assembly.SPLIT or not self._job.both_sides
        binding = "single" if leaf or self._job.pages <= 2 else "folded" if self._job.pages <= 4 else "stitched"
        return {
            words["file"]: file,
            words["quantity"]: quantity,
            words["pages"]: pages,
            words["trim"]: jobticket.size(*jobticket.trim_mm(known)),
            words["colours"]: self._say("black") if black else words["colours_both" if both else "colours_one"],
            words["stock"]: self._say("same") if black else words[f"stock_{jobticket.stock_of(self._press)}_{binding}"],
        }

    def _pages_of(self, first: int, last: int) -> str:
        """Which pages of a copy a file has."""
        count = self._count(last - first + 1)
        if first == 1:
            return self._say("static_pages_all", count=count)
        return self._say("static_page" if first == last else "static_pages", count=count, first=first, last=last)

    def _together(self) -> Iterator[TicketLine]:
        """How numbers, parts and files go together."""
        job, each = self._job, self._job.each
        values = {"variable": job.variable, "static": job.static, "each": each, "next": each + 1, "after": 2 * each}
        key = job.assembly.value if job.static else "whole"
        if each == 1 and job.assembly is not Assembly.OVERPRINT:
            key += "_one"
        yield self._line("numbers", self._say("numbers_said", numbers=self._numbers()))
        yield self._line("together", self._say(f"together_{key}", **values) + self._bound())
        yield self._line("counts", self._counted())
        shown = [self._count(number) for number in job.samples]
        key = {1: "samples_one", 2: "samples_two"}.get(len(shown), "samples_said")
        listed = self._say("listed", some=", ".join(shown[:-1]), last=shown[-1]) if len(shown) > 1 else shown[0]
        yield self._line("samples", self._say(key, numbers=listed))
        yield self._line("records", self._say("records_said", variable=job.variable))
        yield self._line("sums", self._say("sums_said"))
        yield self._line("private", self._say("private_said"))

    def _bound(self) -> str:
        """How a copy is folded or stapled, as a sentence to follow."""
        job = self._job
        if job.pages <= 2 and (job.both_sides or job.pages == 1):
            return ""
        if job.assembly is Assembly.SPLIT or not job.both_sides:
            return " " + self._say("stapled")
        wide_mm, tall_mm = jobticket.trim_mm(self._known)
        spread = jobticket.size(2 * wide_mm, tall_mm)
        leaves = math.ceil(job.pages / 4)
        key = "binding_folded" if leaves == 1 else "binding_stitched"
        return f" {self._usual[key].format(leaves=leaves, open=spread)}."

    def _counted(self) -> str:
        job = self._job
        values = {
            "copies": self._count(job.copies),
            "given": self._count(job.copies - job.spares),
            "spares": self._count(job.spares),
            "overs": self._count(job.overs),
            "all": self._count(job.copies + job.overs),
            "static": job.static,
        }
        said = [self._say("counts_spares" if job.spares else "counts_said", **values)]
        if job.static and job.overs:
            said.append(self._say("counts_static", **values))
        elif job.overs:
            said.append(self._say("counts_overs", **values))
        if job.as_files:
            key = "counts_file" if job.as_files == 1 else "counts_files"
            said.append(self._say(key, count=self._count(job.as_files)))
        return " ".join(said)

    def _numbers(self) -> str:
        first, last = self._count(self._job.first), self._count(self._job.last)
        return first if first == last else self._say("from_to", first=first, last=last)

    def _line(self, key: str, said: str) -> TicketLine:
        return TicketLine(self._say(key), (said,))

    def _count(self, number: int) -> str:
        return self._wording.bare(Amount(Decimal(number)))

    def _say(self, key: str, **values: object) -> str:
        return self._wording.word("shop", key).format(**values)
