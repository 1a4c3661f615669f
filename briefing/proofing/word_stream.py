"""Where strings stand among the words of a finished PDF: in order, without overlap, and letter for letter."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, islice, pairwise
from typing import NamedTuple

from briefing.proofing.asked_strings import ExpectedString
from briefing.proofing.page_facts import TextRun

ACCENT = "\u0300"  # the first letter that combines with the one before it


SPACE = re.compile(r"\s+")


# Signs that share a glyph in our faces, so that a PDF has now the one and now the other, and ligatures, which pdfium
# takes apart.
_SAME = str.maketrans("\u00b5\u2126\u2206\u02bb\u02bc\u2215\u2011", "\u03bc\u03a9\u0394\u2018\u2019\u2044-") | {
    n: unicodedata.normalize("NFKD", chr(n)) for n in range(0xFB00, 0xFB07)
}


def squeezed(text: str) -> tuple[str, frozenset[int]]:
    """A text without its spaces and invisible signs, each sign in one form, and before which letters spaces stood."""
    if not text.isascii():
        text = text.strip().translate(_SAME)
        text = "".join([letter for letter in text if letter.isascii() or unicodedata.category(letter) != "Cf"])
    words = text.split()
    ends = list(accumulate(map(len, words)))
    return "".join(words), frozenset(ends[:-1])


class SoughtString(NamedTuple):
    """A string as it is looked for."""

    text: str
    spaces: frozenset[int]
    mark: str = ""
    head: str = ""  # of its table, which may stand before it at the top of a page


def sought(asked: ExpectedString, heads: Mapping[str, str]) -> SoughtString:
    """A string as it is looked for; `heads` are those of the tables."""
    head = "" if asked.head else heads.get(asked.block, "")  # it does not stand before itself
    return SoughtString(*squeezed(asked.text), asked.mark, head)


def table_heads(words: Sequence[ExpectedString]) -> Mapping[str, str]:
    """The head of the table of each block that has one."""
    heads: dict[str, str] = {}
    for asked in words:
        if asked.head:
            heads[asked.block] = heads.get(asked.block, "") + squeezed(asked.text)[0]
    return heads


def notes_apart(runs: Sequence[TextRun], notes: Sequence[ExpectedString]) -> tuple[list[TextRun], list[TextRun]]:
    """The runs of a document without those of the notes at the feet of pages, and these, in their order.

    A note stands on the page of its mark, which may be in the middle of a paragraph that goes on over the page.
    """
    rest, noted, start = list(runs), list[TextRun](), 0
    for text in (squeezed(note.text)[0] for note in notes):
        for first in range(start, len(rest)):
            said, end = "", first
            while end < len(rest) and len(said) < len(text) and text.startswith(said):
                said += squeezed(rest[end].text)[0]
                end += 1
            if said == text:
                noted += rest[first:end]
                del rest[first:end]
                start = first
                break
    return rest, noted


class WordStream:
    """All words of a document in the order of reading, without spaces, and from which run each letter is."""

    def __init__(self, runs: Sequence[TextRun]) -> None:
        self.runs = runs
        self.starts: list[int] = []  # the letter at which each run begins
        letters: list[str] = []
        spaces: set[int] = set()
        count = 0
        for run in runs:
            self.starts.append(count)
            text, inner = squeezed(run.text)
            spaces |= {count + at for at in inner}
            letters.append(text)
            count += len(text)
        self.text = "".join(letters)
        self.spaces = frozenset(spaces)
        # Spaces of the page are not to be relied on here: pdfium finds one behind every accent that stands by itself.
        accents = {at + 1 for at, letter in enumerate(self.text) if letter >= ACCENT and unicodedata.combining(letter)}
        self.edges = frozenset(self.starts) | accents | {count}

    def run_at(self, letter: int) -> int:
        """The run that a letter belongs to, by number."""
        return bisect_right(self.starts, letter) - 1

    def runs_of(self, place: tuple[int, int]) -> Sequence[TextRun]:
        """The runs of a stretch of letters."""
        return self.runs[self.run_at(place[0]) : self.run_at(place[1] - 1) + 1]

    def goes_on(self, at: int, head: str) -> int:
        """Where a table goes on behind the head that it has again at the top of a page; here, if it has not."""
        if head and at and self.text.startswith(head, at):
            again = self.runs[self.run_at(at - 1)].page < self.runs[self.run_at(at)].page
            return at + len(head) * again
        return at

    def places(self, wanted: Sequence[SoughtString]) -> list[tuple[int, int] | None]:
        """Where each string stands, in order and without overlap; as many letters as possible find a place."""
        quick = self._one_after_the_other(wanted)
        return quick if quick else self._best_chain(wanted)

    def _one_after_the_other(self, wanted: Sequence[SoughtString]) -> list[tuple[int, int] | None] | None:
        """Each string at its first place behind the one before: right wherever nothing is missing."""
        places: list[tuple[int, int] | None] = []
        end = 0
        for one in wanted:
            start = self.goes_on(end, one.head)
            start += len(one.mark) * self.text.startswith(one.mark, start)
            place = next(self._occurrences(one, start, start + STRAY), None)
            if place is None:
                return None
            places.append(place)
            end = place[1]
        return places

    def _best_chain(self, wanted: Sequence[SoughtString]) -> list[tuple[int, int] | None]:
        """Strings that stand once hold the others in their places, which are then looked for between them."""
        count = Counter(one.text for one in wanted)
        once = {
            number: found
            for number, one in enumerate(wanted)
            if len(one.text) > STRAY and count[one.text] == 1
            if len(found := list(islice(self._occurrences(one, 0, len(self.text)), 2))) == 1
        }
        places: list[tuple[int, int] | None] = [None] * len(wanted)
        for number, place in _chain(wanted, once.items()):
            places[number] = place
        held = [number for number, place in enumerate(places) if place]
        for before, after in pairwise([-1, *held, len(wanted)]):
            first = (places[before] or (0, 0))[1] if before >= 0 else 0
            last = (places[after] or (0, 0))[0] if after < len(wanted) else len(self.text)
            between = ((n, self._within(wanted[n], first, last)) for n in range(before + 1, after))
            for number, place in _chain(wanted, between):
                places[number] = place
        return places

    def _within(self, wanted: SoughtString, first: int, last: int) -> list[tuple[int, int]]:
        return list(self._occurrences(wanted, first, last - len(wanted.text)))

    def _occurrences(self, wanted: SoughtString, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Where the string begins between two letters, its spaces where they should be, and no word cut in two."""
        for spelling in dict.fromkeys((wanted.text, wanted.text.upper())):  # labels are set in capitals by the style
            at = self.text.find(spelling, first, last + len(spelling))
            while at >= 0 and spelling:
                end = at + len(spelling)
                if self._bounded(at) and self._bounded(end) and self._spaced(at, end, wanted.spaces):
                    yield at, end
                at = self.text.find(spelling, at + 1, last + len(spelling))

    def _bounded(self, at: int) -> bool:
        if at in self.edges or at in self.spaces:
            return True
        return not (self.text[at - 1].isalnum() and self.text[at].isalnum())

    def _spaced(self, start: int, end: int, spaces: frozenset[int]) -> bool:
        for at in range(start + 1, end):
            if at not in self.edges and (at in self.spaces) != (at - start in spaces):
                return False
        return True

    def outside(self, places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """The stretches of letters that lie between the places."""
        edges = [0, *(edge for place in sorted(places) for edge in place), len(self.text)]
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            if start < end:
                yield start, end


STRAY = 12  # letters that may stand between two strings before something is thought to be missing


class _Link(NamedTuple):
    number: int
    place: tuple[int, int]
    before: _Link | None
    weight: int


def _chain(
    wanted: Sequence[SoughtString], found: Iterable[tuple[int, list[tuple[int, int]]]]
) -> Iterator[tuple[int, tuple[int, int]]]:
    """The places, in order and without overlap, that give one to as many letters as possible."""
    best: list[_Link] = []  # by the letter at which the chain ends, both it and the weight rising
    ends: list[int] = []
    for number, places in found:
        new = []
        for start, end in places:
            at = bisect_right(ends, start) - 1
            before = best[at] if at >= 0 else None
            # A whole string weighs more than its letters: two short ones are worth more than a chance find.
            weight = (before.weight if before else 0) + len(wanted[number].text) + 2
            new.append(_Link(number, (start, end), before, weight))
        for one in new:
            _enter(best, ends, one)
    link: _Link | None = best[-1] if best else None
    while link:
        yield link.number, link.place
        link = link.before


def _enter(best: list[_Link], ends: list[int], link: _Link) -> None:
    """Keep the heaviest chain for each end; one that ends later and weighs no more is of no use."""
    at = bisect_right(ends, link.place[1])
    if at and best[at - 1].weight >= link.weight:
        return
    while at < len(best) and best[at].weight <= link.weight:
        del best[at], ends[at]
    best.insert(at, link)
    ends.insert(at, link.place[1])
