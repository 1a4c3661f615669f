"""Renders the texts of a document: figures become words, sources get their numbers in the order of first use.

A `TextRenderer` is what a text needs to be printed (`markdown.Resolver`). It remembers which sources were named and
which disputed figures were printed, so one renderer serves one document.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from markupsafe import Markup

from briefing.content.briefing import Briefing
from briefing.content.markdown import FigureRef, Reference, Words, parts, render
from briefing.content.names import name_pattern
from briefing.content.scalars import Kind
from briefing.documents.references.notes import STAR, NoteBook
from briefing.documents.references.numbering import Numbering, numbering_of_all
from briefing.language import numbers
from briefing.language.wording import NBSP, Wording
from briefing.ledger.ledger import Ledger, LedgerEntry

DAGGER = Markup('<span class="dagger">†</span>')
BREAK = "\u200b"  # where a line may end
_ADDRESS = re.compile(r"(?=\S{24})(?=\S*[@/])(?=\S*[a-z]\.[a-z])[^\s\ue000\ue001]+")
_JOINT = re.compile(r"(?<=[@/?&=_-])(?=\w)|(?<=\.)(?=[\w-]+\.)|(?=@)")


def breakable(address: str) -> str:
    """An address that a line may end in, behind its signs, but for its last dot: no “org” stands alone."""
    return _JOINT.sub(BREAK, address)


def in_rows(numbers: Iterable[int]) -> list[tuple[int, ...]]:
    """Numbers in order, three and more that follow each other together, all others alone."""
    rows: list[list[int]] = []
    for number in sorted(numbers):
        if rows and rows[-1][-1] == number - 1:
            rows[-1].append(number)
        else:
            rows.append([number])
    return [part for row in rows for part in ([tuple(row)] if len(row) > 2 else [(number,) for number in row])]


class TextRenderer:
    """Renders texts and remembers which sources were named, in which order (a `markdown.Resolver`)."""

    def __init__(self, briefing: Briefing, ledger: Ledger, wording: Wording, linked: bool, paper: bool = False) -> None:
        self.briefing, self.ledger, self.wording, self.linked = briefing, ledger, wording, linked
        self.paper = paper  # whether what is made is for paper alone
        self.numbers: dict[str, int] = {}  # of sources; who knows in which order the page has them gives them before
        self.named: set[str] = set()  # sources
        self.disputed: dict[str, None] = {}
        self.assets: dict[str, bytes] = {}
        self.numbering: Numbering | None = None  # of its document, where it writes one
        self.listed: frozenset[int] = frozenset()  # tables that stand as lists
        self.notes = NoteBook()
        names = sorted(briefing.names, key=len, reverse=True)
        months = "|".join(re.escape(month) for month in wording.month_names)
        spans = [
            *(name_pattern(name) for name in names if " " in name),
            rf"\d{{1,2}} (?:{months})\b",
            rf"\b(?:{months}) \d{{1,2}}\b",
            r"\bCC(?: BY[A-Z-]*|0) \d\.\d\b",
            r"\+\d{1,3}(?: \d{2,4}){2,4}\b",  # telephone numbers
            r"\b\d{3} \d{4}\b",
        ]
        self._glued = re.compile("|".join(spans))
        space = f"[ {NBSP}]"
        self._within_range = re.compile(rf"(?<=\w)–(?=\d|(?:{months})\b)")
        self._whole_dates = re.compile(rf"(?:\d{{1,2}}{space})?\b(?:{months})(?:{space}\d{{1,2}},)? \d{{4}}\b")

    def text(self, kind: Kind, text: str) -> Markup:
        """A printed string as HTML."""
        return Markup(render(kind, text, self))

    def headline(self, text: str) -> Markup:
        """A title or heading as HTML; a date in it stays whole, with its year."""
        return Markup(self._whole_dates.sub(lambda found: found[0].replace(" ", NBSP), self.text(Kind.TEXT, text)))

    def whole_date(self, date: str) -> str:
        """A date or a period, whose days stay on the line of their month and year."""
        return self._whole_dates.sub(lambda found: found[0].replace(" ", NBSP), self.words(date))

    def words(self, text: str) -> str:
        """Names, dates and telephone numbers whose parts may not be torn apart, and long addresses that may be."""
        glued = self._glued.sub(lambda found: found[0].replace(" ", NBSP), text)
        glued = self._within_range.sub(f"–{numbers.JOINER}", glued)
        return _ADDRESS.sub(lambda found: breakable(found[0]), glued)

    def note(self, mark: str) -> str:
        """The mark of a note, and behind its first the note itself where it goes to the foot of the page."""
        letter, text = self.notes.call(mark)
        kind = "marks" if letter == STAR else "marks letter"
        if mark not in self.notes.notes:
            return f'<span class="{kind}">{mark}</span>'
        name = "star" if letter == STAR else letter
        shown = f'<span class="{kind}"><x-noteref-{name}>{letter}</x-noteref-{name}></span>'
        if not text:
            return shown
        said = render(Kind.TEXT, text, self)
        return f'{shown}<x-note-{name} class="foot"><span class="{kind}">{letter}</span> {said}</x-note-{name}>'

    def reference(self, name: str) -> str:
        """The number of a block; on a screen a link leads there."""
        called = html.escape(self.called(name), quote=False)
        if self.paper or not self.numbering or not called:
            return called
        block = self.numbering.anchors[name]
        return f'<a class="ref" href="#{block}">{called}</a>'

    def called(self, name: str) -> str:
        """How a text calls a block: by its number in the document that is written, or in any."""
        return (self.numbering or numbering_of_all(self.briefing, self.wording)).called(name)

    def address(self, link: str) -> str:
        """Where a link leads, in a copy for paper."""
        return re.sub(r"^(https?://|mailto:)", "", link, flags=re.IGNORECASE).rstrip("/") if self.paper else ""

    def figure(self, ref: FigureRef) -> tuple[str, tuple[str, ...], bool]:
        """The words of a figure in a text, its sources, and whether it is disputed."""
        entry = self.ledger.entries[ref.id]
        if ref.variant == "date":
            return self.wording.when(entry.figure), (), False
        amount = entry.amount.magnitude if ref.magnitude else entry.amount
        if ref.variant == "bare":
            words = self.wording.bare(amount)
        else:
            say = self.wording.short if ref.variant == "short" else self.wording.long
            words = say(amount).text
        if ref.opened or ref.variant == "open":
            words = words[:1].upper() + words[1:]
        self.dispute(entry)
        return self.unbroken(words), () if ref.plain else entry.sources, entry.disputed

    def unbroken(self, words: str) -> str:
        """The words of a figure as a page needs them, so that they stay on one line."""
        return numbers.unbroken(words)

    def dispute(self, entry: LedgerEntry) -> None:
        """Remember a figure that sources dispute, or those that it is computed from."""
        self.disputed |= dict.fromkeys(name for name in entry.disputed_by if name not in self.disputed)

    def marks(self, ids: tuple[str, ...], disputed: bool = False, level: bool = False) -> str:
        """Superior numbers that lead to the list of sources, or numbers on the line; a dagger for what is disputed."""
        first: dict[int, bool] = {}
        for source in ids:
            new = source not in self.named
            self.named.add(source)
            number = self.numbers.setdefault(source, len(self.numbers) + 1)
            first[number] = new or first.get(number, False)
        dagger = DAGGER if disputed else ""
        runs = [self._run(run, first) for run in in_rows(first)]
        inner = (", " if level else ",").join(runs)
        return f'<span class="{"numbers" if level else "marks"}">{NBSP if level else ""}{dagger}{inner}</span>'

    def _run(self, run: tuple[int, ...], first: dict[int, bool]) -> str:
        """One number, or several in a row as the first and the last; a source still finds where it is named first."""
        if not self.linked:
            return f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0])

        def link(number: int) -> str:
            anchor = f' id="mark-{number}"' if first[number] else ""
            return f'<a{anchor} href="#source-{number}">{number}</a>'

        if len(run) == 1:
            return link(run[0])
        dash = "–"
        for number in run[1:-1]:
            dash = f'<span id="mark-{number}">{dash}</span>' if first[number] else dash
        return f"{link(run[0])}{dash}{link(run[-1])}"

    def entry_marks(self, entry: LedgerEntry) -> Markup:
        """The marks of a figure that stands outside a text."""
        self.dispute(entry)
        return Markup(self.marks(entry.sources, entry.disputed))

    def spoken(self, text: str) -> str:
        """A text for the ear: figures in words, no marks."""
        said = (self._said(part) for part in parts(Kind.TEXT, text) if isinstance(part, (FigureRef, Words)))
        return numbers.spoken(re.sub(r"\s+([.,;:])", r"\1", "".join(said))).strip()

    def _said(self, part: FigureRef | Words) -> str:
        if isinstance(part, FigureRef):
            return self.figure(part)[0]
        return self.called(part.id) if isinstance(part, Reference) else part.text
