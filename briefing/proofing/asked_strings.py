"""Strings that are asked of a page: plain words with their place in the content, and the hand that writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from briefing.content.markdown import FigureRef, items
from briefing.content.scalars import Kind, Path
from briefing.documents.block_views import Picture
from briefing.documents.text_renderer import TextRenderer
from briefing.language.wording import NBSP


@dataclass(frozen=True)
class ExpectedString:
    """A string that must stand on the page, or a picture with what a listener hears of it."""

    text: str
    path: Path  # in the content; the block's own for the program's words
    block: str  # its name, as findings and answers use it; empty for what stands outside of the blocks
    figures: tuple[tuple[str, int], ...] = ()  # figures in it, each with the letter at which it begins
    picture: Picture | None = None
    mark: str = ""  # the bullet or the number that stands before it in a list
    foot: bool = False  # whether it is a note at the foot of its page
    head: bool = False  # whether it heads a column, and stands again where its table goes on over the page


_FOOTED = re.compile("\ue002([^\ue003]*)\ue003")
_FIGURE = re.compile("\ue000([^\ue001]*)\ue001")  # private signs, which no content may hold


class PlainReader(TextRenderer):
    """A hand that writes plain words, and marks where figures begin."""

    dropped: frozenset[int] = frozenset()  # blocks that the document leaves out
    footed: dict[str, tuple[str, str]]  # notes at the foot of pages, by their letters: mark and words
    begins: Mapping[str, int] = MappingProxyType({})  # the page on which each block begins

    def figure(self, ref: FigureRef) -> tuple[str, tuple[str, ...], bool]:
        """The words of a figure, and where they begin."""
        words, ids, disputed = super().figure(ref)
        return f"\ue000{ref.id}\ue001{words}", ids, disputed

    def unbroken(self, words: str) -> str:
        """The words as they are: what keeps them on one line is not seen."""
        return words

    def reference(self, name: str) -> str:
        """The number of a block as it is printed."""
        return self.called(name)

    def note(self, mark: str) -> str:
        """The mark of a note as it is printed, and where a note at the foot of the page is read."""
        letter, text = self.notes.call(mark)
        if not text:
            return letter
        said = " ".join(words for _, words in items(Kind.TEXT, text, self))
        self.footed[letter] = (mark, f"{letter} {said}")
        return f"{letter}\ue002{letter}\ue003"

    def marks(self, ids: tuple[str, ...], disputed: bool = False, level: bool = False) -> str:
        """The numbers of sources as they are printed."""
        numbers = sorted({self.numbers.setdefault(source, len(self.numbers) + 1) for source in ids})
        said = (", " if level else ",").join(map(str, numbers))
        said = re.sub(r"\d+(?:(, |,)\d+)+", _as_ranges, said)
        return f"{NBSP if level else ''}{'†' if disputed else ''}{said}"

    def word(self, key: str) -> str:
        """One of the program's labels."""
        return self.wording.word("label", key)


def _as_ranges(found: re.Match[str]) -> str:
    """1,2,3,5 as 1–3,5: two that follow each other stay two."""
    numbers = [int(number) for number in found[0].split(",")]
    said: list[str] = []
    for number in numbers:
        before, after = number - 1 in numbers, number + 1 in numbers
        if before and after:
            if said[-1] != "–":
                said.append("–")
            continue
        if said and said[-1] != "–":
            said.append(found[1])
        said.append(str(number))
    return "".join(said)


def without_signs(text: str) -> str:
    """A text of the reader without the signs at its figures."""
    return _FIGURE.sub("", text)


@dataclass(frozen=True)
class AskedBlock:
    """A block on its page, from which strings are asked."""

    reader: PlainReader
    path: Path
    block: str
    picture: Picture | None
    document: str
    stacked: bool = False
    label: str = ""  # the number of the block before its heading
    title_label: str = ""  # or before the title of what it shows

    def numbered(self, label: str, said: Iterator[ExpectedString], *more: str | int) -> Iterator[ExpectedString]:
        """A title behind its number; the number alone, where there is no title."""
        first = next(said, None)
        if first is None and label:
            yield self.own(label, *more)
        elif first:
            lead = f"{label}. " if label else ""
            figures = tuple((name, at + len(lead)) for name, at in first.figures)
            yield replace(first, text=lead + first.text, figures=figures)
        yield from said

    def own(self, text: str, *more: str | int, mark: str = "") -> ExpectedString:
        """Words put together by the program, or told from a figure."""
        return asked_string(text, (*self.path, *more), self.block, mark=mark)

    def said(
        self, text: str | None, *more: str | int, kind: Kind = Kind.TEXT, before: str = "", after: str = ""
    ) -> Iterator[ExpectedString]:
        """A text of the content, paragraph by paragraph; `before` marks its first words, `after` ends its last."""
        found = items(kind, text, self.reader) if text else ()
        for number, (mark, line) in enumerate(found, 1):
            said = _FOOTED.sub("", line) + after * (number == len(found))
            yield self.own(said, *more, mark=before * (number == 1) + mark)
            for letter in _FOOTED.findall(line):
                name, note = self.reader.footed[letter]
                yield replace(self.own(note, "notes", name), foot=True)

    def below(self, notes: Mapping[str, str]) -> Iterator[ExpectedString]:
        """The notes that stand below their block."""
        for mark, letter in self.reader.notes.below():
            for line in self.said(notes[mark]):
                yield self.own(f"{letter} {line.text}", "notes", mark)

    def source_line(self, ids: tuple[str, ...], *more: str | int) -> Iterator[ExpectedString]:
        """What stands below a picture or a table of the sources of all that it shows."""
        if ids:
            word = self.reader.word("sources" if len(ids) > 1 else "source")
            yield self.own(f"{word}:{self.reader.marks(ids, level=True)}.", *more)

    def word(self, key: str) -> ExpectedString:
        """One of the program's labels, as a string of its own."""
        return self.own(self.reader.word(key))


def asked_string(text: str, path: Path, block: str, picture: Picture | None = None, mark: str = "") -> ExpectedString:
    """A text of the reader as it is asked for."""
    figures, plain, end = [], "", 0
    for found in _FIGURE.finditer(text):
        plain += text[end : found.start()]
        figures.append((found[1], len(plain)))
        end = found.end()
    return ExpectedString(plain + text[end:], path, block, tuple(figures), picture, mark)


def as_head(asked: ExpectedString) -> ExpectedString:
    """The same string as the head of a column."""
    return replace(asked, head=True)


def issue_of(reader: PlainReader, document: str) -> list[str]:
    """What tells one printing of a document from another: its kind, date and edition."""
    front = reader.briefing.briefing
    edition = f"{reader.word('edition').lower()} {front.edition}"
    if front.issued:
        edition += f", {reader.wording.date(front.issued)}"
    return [reader.wording.word("document", document), reader.wording.date(front.date), edition]
