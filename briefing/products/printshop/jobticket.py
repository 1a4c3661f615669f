"""The job ticket: what a print shop has to know of a job, said in plain language on one page and as text.

Finished press files come in with the briefing that they are of. Out goes a page, ready for its template, which sees it
as an edition; page and text are made from the same rows.
"""

from __future__ import annotations

import hashlib
import math
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from briefing.design.paper import Paper
from briefing.documents import document as document_writer
from briefing.documents import html as page_html
from briefing.documents.manuscript import Manuscript
from briefing.documents.setting import Setting
from briefing.findings import ContentPath
from briefing.finishing.context import PrintingCondition
from briefing.language.amount import Amount
from briefing.language.wording import NBSP
from briefing.layout.single_page import SinglePage
from briefing.pdf.file_summary import FileSummary, summarise
from briefing.pdf.geometry import MM_PER_PT

INCH = 25.4
_UNCOATED = ("FOGRA47", "FOGRA52")
WIDE = 78  # letters of a line of text
LABEL = 26


@dataclass(frozen=True)
class TicketLine:
    """One line of the ticket; empty values are left to be filled in by hand."""

    label: str
    values: tuple[str, ...]  # one for each document, or one for all


@dataclass(frozen=True)
class TicketFile:
    """One file of the job."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Ticket:
    """A job ticket, ready for its template."""

    paper: Paper
    language: str
    plain_title: str
    title: str
    lede: str
    front: Mapping[str, Any]
    words: Mapping[str, Mapping[str, str]]
    documents: tuple[str, ...]
    rows: tuple[TicketLine, ...]  # of each document
    heading: str  # of what follows
    common: tuple[TicketLine, ...]  # of all
    files: tuple[TicketFile, ...]  # whose sums are told; none where they stand elsewhere
    contact: tuple[TicketLine, ...]
    document: str = "ticket"
    template: str = "press/ticket.html.j2"
    layer: str = ""

    def single_page(self, templates: Path) -> SinglePage:
        """The page, ready to be typeset."""
        at = ContentPath(("briefing",))
        return SinglePage(
            self.title, page_html.page(self, Setting(), templates), {}, templates, at, words=self.words["pdf"]
        )

    def text(self) -> str:
        """The same as plain text."""
        words = self.words["ticket"]
        front, label = self.front, self.words["label"]
        about = (
            front["publisher"],
            front["date"],
            f"{label['edition'].lower()} {front['edition']}",
            front["status_line"],
        )
        parts = [self.title.upper(), "=" * WIDE, *_wrapped(self.plain_title)]
        parts += [*_wrapped(" · ".join(plain(one) for one in about if one)), ""]
        for number, name in enumerate(self.documents):
            parts += [name.upper(), "-" * WIDE]
            parts += [line for row in self.rows for line in _line(row.label, row.values[number])]
            parts.append("")
        for head, rows in ((self.heading, self.common), (words["people"], self.contact)):
            parts += [head.upper(), "-" * WIDE, *(line for row in rows for line in _line(row.label, row.values[0])), ""]
        if self.files:
            parts += [f"{words['files']} ({words['sums']})".upper(), "-" * WIDE]
        parts += [line for file in self.files for line in (file.name, f"  {file.sha256}")]
        return "\n".join(parts) + "\n"


def ticket(
    files: Mapping[str, tuple[str, bytes]],
    manuscript: Manuscript,
    paper: Paper,
    press: PrintingCondition,
    quantity: Mapping[str, int],
) -> Ticket:
    """The ticket of finished press files, by document with their names; a quantity that is not given stays blank."""
    wording = manuscript.wording
    words = wording.words["ticket"]
    front = document_writer.front_matter(manuscript.text_renderer(), "ticket")
    known = {document: summarise(data) for document, (_, data) in files.items()}
    amounts = {name: wording.bare(Amount(Decimal(count))) for name, count in quantity.items()}
    columns = [_column(words, known[name], files[name][0], amounts.get(name, ""), press) for name in files]
    title = plain(front["title"])
    return Ticket(
        paper=paper,
        language=manuscript.briefing.briefing.language,
        plain_title=title,
        title=wording.word("document", "ticket"),
        lede=title,
        front=front,
        words=wording.words,
        documents=tuple(wording.word("document", document) for document in files),
        rows=tuple(TicketLine(label, tuple(column[label] for column in columns)) for label in columns[0]),
        heading=words["all"],
        common=tuple(common_lines(words, list(known.values()), press)),
        files=tuple(TicketFile(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in files.values()),
        contact=tuple(people_lines(words, front)),
    )


def _column(
    words: Mapping[str, str], known: FileSummary, file: str, quantity: str, press: PrintingCondition
) -> dict[str, str]:
    """What is told of one document, by its label."""
    binding = "single" if known.pages <= 2 else "folded" if known.pages <= 4 else "stitched"
    whole = known.pages if known.pages <= 2 else math.ceil(known.pages / 4) * 4
    blank = whole - known.pages
    wide_mm, tall_mm = trim_mm(known)
    trim, spread = size(wide_mm, tall_mm), size(2 * wide_mm, tall_mm)
    pages = words["pages_one"] if known.pages == 1 else words["pages_more"].format(pages=known.pages)
    blanks = " " + words["blanks"].format(blanks=blank) if blank else ""
    return {
        words["file"]: file,
        words["quantity"]: words["copies"].format(n=quantity) if quantity else "",
        words["pages"]: pages + blanks,
        words["trim"]: trim,
        words["binding"]: words[f"binding_{binding}"].format(leaves=whole // 4, open=spread),
        words["colours"]: words["colours_one"] if known.pages == 1 else words["colours_both"],
        words["stock"]: words[f"stock_{stock_of(press)}_{binding}"],
    }


def trim_mm(known: FileSummary) -> tuple[float, float]:
    """How wide and how tall a page is when it is cut."""
    left, bottom, right, top = known.trim
    return (right - left) * MM_PER_PT, (top - bottom) * MM_PER_PT


def stock_of(press: PrintingCondition) -> str:
    """The kind of paper that a printing condition is for, as words call it."""
    return "uncoated" if press.condition in _UNCOATED else "coated"


def common_lines(words: Mapping[str, str], known: list[FileSummary], press: PrintingCondition) -> list[TicketLine]:
    """What holds for all files of a job."""
    fonts, embedded = sum(one.fonts for one in known), sum(one.embedded for one in known)
    whole = fonts == embedded
    bleed = round((known[0].trim[0] - known[0].bleed[0]) * MM_PER_PT, 2)
    told = {
        "standard": words["standard_said"],
        "condition": words["condition_said"].format(condition=press.condition),
        "spot": words["spot_said"],
        "bleed": words["bleed_said"].format(mm=f"{bleed:g}", inches=f"{bleed / INCH:.3f}"),
        "ink": words["ink_said"].format(limit=f"{press.ink_limit:g}"),
        "black": words["black_said"],
        "fonts": words["fonts_whole"] if whole else words["fonts_lacking"].format(n=fonts - embedded),
        "marks": words["marks_said"],
    }
    return [TicketLine(words[name], (said,)) for name, said in told.items()]


def people_lines(words: Mapping[str, str], front: Mapping[str, Any]) -> list[TicketLine]:
    """Who sends, and what is filled in by hand."""
    contact = plain(front["contact"]) if front.get("contact") else ""
    from_ = ", ".join(part for part in (plain(front["publisher"]), contact) if part)
    blank = ("needed", "delivery", "approved")
    return [TicketLine(words["contact"], (from_,)), *(TicketLine(words[name], ("",)) for name in blank)]


def size(wide_mm: float, tall_mm: float) -> str:
    """A size in both measures: print shops on either side of the ocean read it."""
    said = f"{round(wide_mm, 1):g} × {round(tall_mm, 1):g} mm"
    said += f" ({round(wide_mm / INCH, 2):g} × {round(tall_mm / INCH, 2):g} in)"
    return said.replace(" mm", f"{NBSP}mm").replace(" in)", f"{NBSP}in)")


def plain(html: Any) -> str:
    """A text without its markup."""
    from markupsafe import Markup

    return Markup(html).striptags().replace(NBSP, " ")


def _line(label: str, value: str) -> list[str]:
    """A label with its value beside it, over as many lines as it takes."""
    if not value:
        return [f"{label + ':':{LABEL}}{'_' * (WIDE - LABEL)}"]
    return textwrap.wrap(
        value.replace(NBSP, " "), WIDE, initial_indent=f"{label + ':':{LABEL}}", subsequent_indent=" " * LABEL
    )


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDE)
