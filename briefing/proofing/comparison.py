"""Whether a finished PDF says and shows all that was asked of it: once, in order, whole, and with ink on the page.

A script and the facts of the PDF come in. Out come what is amiss, each with its place in the content, and where each
string stands on the pages. Words are compared letter for letter; only where a line or a run of type ends may a space be
missing or be too many, since there the page itself has none.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, islice, pairwise
from typing import NamedTuple

from briefing.content.scalars import Path
from briefing.documents.block_views import Picture as Drawn
from briefing.pdf.geometry import Box
from briefing.proofing.expected import ExpectedDocument, ExpectedString
from briefing.proofing.page_facts import PdfInfo, ReadPage, TaggedFigure, TextRun

ACCENT = "\u0300"  # the first letter that combines with the one before it
SEEN = 80  # of 255: how much letters must differ from what lies behind them
FAINT = 40  # the same for signs, of which some are smaller than a pixel
LOST = 0.2  # of a letter: how much of a run may have no ink; in good setting it is none at all
CROSSED = 0.2  # of a letter: how much of a run may stand on other words; in good setting it is none at all
SMALL_PT = 5.0  # type below this is not read on paper
POINTS_PER_MM = 72 / 25.4
WHOLE = 0.97  # the share of a picture that must be seen
LINE = 50  # letters: what stands at the edge of a page and is longer may be folded
OFF_PT = 1.0  # how far a picture's size may be off


class Discrepancy(NamedTuple):
    """Something that the page does not show as it was asked."""

    code: str
    text: str
    path: Path
    block: str
    page: int | None = None  # from 0, where it stands nevertheless


class Placement(NamedTuple):
    """Where a string or a picture stands on the pages."""

    asked: ExpectedString
    parts: tuple[tuple[int, Box], ...]  # page from 0, and the room of each run of type
    figures: tuple[tuple[str, int, Box], ...]  # each figure in it: its id, its page and the run in which it begins


class Faint(NamedTuple):
    """Something that a photocopy would not show as the page does."""

    code: str
    text: str
    path: Path
    block: str
    page: int  # from 0
    measure: float


def compare(script: ExpectedDocument, info: PdfInfo) -> tuple[tuple[Discrepancy, ...], tuple[Placement, ...]]:
    """Hold a PDF against what was asked of it."""
    stream = _Stream([item for sheet in info.sheets for item in sheet.read if isinstance(item, TextRun)])
    words = [asked for asked in script.strings if asked.picture is None]
    heads = _heads(words)
    places = stream.places([_wanted(asked, heads) for asked in words])
    amiss: list[Discrepancy] = []
    stood: list[Placement] = []
    for asked, place in zip(words, places, strict=True):
        if place is None:
            amiss.append(Discrepancy("text-lost", asked.text, asked.path, asked.block))
        else:
            amiss += _words(asked, place, stream, info)
            stood.append(_stood(asked, place, stream))
    amiss = _moved(amiss, stream, [place for place in places if place])
    amiss += _between(script, words, places, stream, info)
    found, pictures = _pictures(script, info)
    return (*amiss, *found, *_furniture(script, info)), (*stood, *pictures)


# ------------------------------------------------------------------ words

_SPACE = re.compile(r"\s+")


# Signs that share a glyph in our faces, so that a PDF has now the one and now the other, and ligatures, which pdfium
# takes apart.
_SAME = str.maketrans("\u00b5\u2126\u2206\u02bb\u02bc\u2215\u2011", "\u03bc\u03a9\u0394\u2018\u2019\u2044-") | {
    n: unicodedata.normalize("NFKD", chr(n)) for n in range(0xFB00, 0xFB07)
}


def _squeezed(text: str) -> tuple[str, frozenset[int]]:
    """A text without its spaces and invisible signs, each sign in one form, and before which letters spaces stood."""
    if not text.isascii():
        text = text.strip().translate(_SAME)
        text = "".join([letter for letter in text if letter.isascii() or unicodedata.category(letter) != "Cf"])
    words = text.split()
    ends = list(accumulate(map(len, words)))
    return "".join(words), frozenset(ends[:-1])


class _Wanted(NamedTuple):
    """A string as it is looked for."""

    text: str
    spaces: frozenset[int]
    mark: str = ""
    head: str = ""  # of its table, which may stand before it at the top of a page


def _wanted(asked: ExpectedString, heads: Mapping[str, str]) -> _Wanted:
    head = "" if asked.head else heads.get(asked.block, "")  # it does not stand before itself
    return _Wanted(*_squeezed(asked.text), asked.mark, head)


def _heads(words: Sequence[ExpectedString]) -> Mapping[str, str]:
    """The head of the table of each block that has one."""
    heads: dict[str, str] = {}
    for asked in words:
        if asked.head:
            heads[asked.block] = heads.get(asked.block, "") + _squeezed(asked.text)[0]
    return heads


class _Stream:
    """All words of a document in the order of reading, without spaces, and from which run each letter is."""

    def __init__(self, runs: Sequence[TextRun]) -> None:
        self.runs = runs
        self.starts: list[int] = []  # the letter at which each run begins
        letters: list[str] = []
        spaces: set[int] = set()
        count = 0
        for run in runs:
            self.starts.append(count)
            text, inner = _squeezed(run.text)
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

    def places(self, wanted: Sequence[_Wanted]) -> list[tuple[int, int] | None]:
        """Where each string stands, in order and without overlap; as many letters as possible find a place."""
        quick = self._one_after_the_other(wanted)
        return quick if quick else self._best_chain(wanted)

    def _one_after_the_other(self, wanted: Sequence[_Wanted]) -> list[tuple[int, int] | None] | None:
        """Each string at its first place behind the one before: right wherever nothing is missing."""
        places: list[tuple[int, int] | None] = []
        end = 0
        for one in wanted:
            start = self.goes_on(end, one.head)
            start += len(one.mark) * self.text.startswith(one.mark, start)
            place = next(self._occurrences(one, start, start + _STRAY), None)
            if place is None:
                return None
            places.append(place)
            end = place[1]
        return places

    def _best_chain(self, wanted: Sequence[_Wanted]) -> list[tuple[int, int] | None]:
        """Strings that stand once hold the others in their places, which are then looked for between them."""
        count = Counter(one.text for one in wanted)
        once = {
            number: found
            for number, one in enumerate(wanted)
            if len(one.text) > _STRAY and count[one.text] == 1
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

    def _within(self, wanted: _Wanted, first: int, last: int) -> list[tuple[int, int]]:
        return list(self._occurrences(wanted, first, last - len(wanted.text)))

    def _occurrences(self, wanted: _Wanted, first: int, last: int) -> Iterator[tuple[int, int]]:
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


_STRAY = 12  # letters that may stand between two strings before something is thought to be missing


class _Link(NamedTuple):
    number: int
    place: tuple[int, int]
    before: _Link | None
    weight: int


def _chain(
    wanted: Sequence[_Wanted], found: Iterable[tuple[int, list[tuple[int, int]]]]
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


def _words(asked: ExpectedString, place: tuple[int, int], stream: _Stream, info: PdfInfo) -> Iterator[Discrepancy]:
    for run in stream.runs_of(place):
        if fault := _fault(run, info.sheets[run.page]):
            yield Discrepancy(fault, asked.text, asked.path, asked.block, run.page)
            return


def _fault(run: TextRun, sheet: ReadPage) -> str:
    """Why a run of words cannot be read as it stands, if so."""
    left, bottom, right, top = run.box
    off = left < -OFF_PT or bottom < -OFF_PT or right > sheet.width + OFF_PT or top > sheet.height + OFF_PT
    ink = run.ink
    letter = ink.drawn / max(1, len(_SPACE.sub("", run.text)))  # the ink of one, on average
    if ink.crossed > CROSSED * letter:
        return "text-overlap"
    least = SEEN if any(letter.isalnum() for letter in run.text) else FAINT
    if off or ink.contrast < least or ink.lost > LOST * letter:
        return "text-hidden"
    if not run.upright:
        return "text-turned"
    return "text-small" if run.size < SMALL_PT else ""


def _is_seen(run: TextRun, sheet: ReadPage) -> bool:
    """Whether a run lies on the sheet and all of it has ink."""
    return _fault(run, sheet) in ("", "text-turned")


def _stood(asked: ExpectedString, place: tuple[int, int], stream: _Stream) -> Placement:
    parts = tuple((run.page, run.box) for run in stream.runs_of(place))
    figures = []
    for name, letter in asked.figures:
        start = place[0] + len(_SPACE.sub("", asked.text.strip()[:letter]))
        run = stream.runs[stream.run_at(min(start, place[1] - 1))]
        figures.append((name, run.page, run.box))
    return Placement(asked, parts, tuple(figures))


def _moved(amiss: Sequence[Discrepancy], stream: _Stream, places: Sequence[tuple[int, int]]) -> list[Discrepancy]:
    """What is lost where it was asked, and stands elsewhere."""
    rest = [stream.text[start:end] for start, end in stream.outside(places)]
    found = []
    for one in amiss:
        text, _ = _squeezed(one.text)
        elsewhere = one.code == "text-lost" and len(text) > _STRAY and any(text in part for part in rest)
        found.append(Discrepancy("text-moved", one.text, one.path, one.block) if elsewhere else one)
    return found


def _between(
    script: ExpectedDocument,
    words: Sequence[ExpectedString],
    places: Sequence[tuple[int, int] | None],
    stream: _Stream,
    info: PdfInfo,
) -> Iterator[Discrepancy]:
    """What stands between the strings: bullets and numbers of lists, and words that nobody asked for."""
    heads = _heads(words)
    end = 0
    for asked, place in zip(words, places, strict=True):
        if not place:
            continue
        start = place[0]
        if asked.mark and stream.text.endswith(asked.mark, end, start):
            start -= len(asked.mark)
            runs = stream.runs_of((start, place[0]))
            if any(_fault(run, info.sheets[run.page]) for run in runs):
                yield Discrepancy("mark-lost", f"{asked.mark} {asked.text}", asked.path, asked.block, runs[0].page)
        elif asked.mark:
            page = stream.runs[stream.run_at(start)].page
            yield Discrepancy("mark-lost", f"{asked.mark} {asked.text}", asked.path, asked.block, page)
        if start > end and stream.goes_on(end, heads.get(asked.block, "")) != start:
            yield _surplus(script, stream, (end, start))
        end = place[1]
    if end < len(stream.text):
        yield _surplus(script, stream, (end, len(stream.text)))


def _surplus(script: ExpectedDocument, stream: _Stream, place: tuple[int, int]) -> Discrepancy:
    """Words that nobody asked for: printed twice, or brought in by a template."""
    runs = stream.runs_of(place)
    said = " ".join(" ".join(run.text for run in runs).split()) if len(runs) > 1 else stream.text[place[0] : place[1]]
    return Discrepancy("text-surplus", said, (script.document,), "", runs[0].page)


# ------------------------------------------------------------------ pictures


def _pictures(script: ExpectedDocument, info: PdfInfo) -> tuple[list[Discrepancy], list[Placement]]:
    """The pictures in order, each told by what a listener hears of it."""
    wanted = [asked for asked in script.strings if asked.picture]
    drawn = [item for sheet in info.sheets for item in sheet.read if isinstance(item, TaggedFigure)]
    amiss: list[Discrepancy] = []
    stood: list[Placement] = []
    at = 0
    for asked in wanted:
        found = next((n for n in range(at, len(drawn)) if _heard(drawn[n].alt) == _heard(asked.text)), None)
        if found is None:
            amiss.append(Discrepancy("picture-lost", asked.text, asked.path, asked.block))
            continue
        at, picture = found + 1, drawn[found]
        stood.append(Placement(asked, ((picture.page, picture.box),), ()))
        amiss += _picture(asked, picture, info.sheets[picture.page])
    return amiss, stood


def _heard(alt: str) -> str:
    return _SPACE.sub(" ", alt).strip()


def _picture(asked: ExpectedString, picture: TaggedFigure, sheet: ReadPage) -> Iterator[Discrepancy]:
    wanted = asked.picture
    assert wanted is not None
    blank = picture.share is None and bool(wanted.unit_mm)  # an image may be white, a drawing of ours is not
    if blank or (not picture.share and not _on_sheet(picture.box, sheet)):
        yield Discrepancy("picture-hidden", asked.text, asked.path, asked.block, picture.page)
        return
    if not _is_of_size(asked, picture):
        yield Discrepancy("picture-size", asked.text, asked.path, asked.block, picture.page)
    elif not _is_whole(wanted, picture):
        yield Discrepancy("picture-hidden", asked.text, asked.path, asked.block, picture.page)
    missing = Counter(_SPACE.sub("", word) for word in wanted.words)
    missing -= Counter(_SPACE.sub("", run.text) for run in picture.words if _is_seen(run, sheet))
    for word in wanted.words:
        if missing[squeezed := _SPACE.sub("", word)] > 0:
            missing[squeezed] -= 1
            yield Discrepancy("label-lost", word, asked.path, asked.block, picture.page)


def _on_sheet(box: Box, sheet: ReadPage) -> bool:
    return box[0] < sheet.width and box[2] > 0 and box[1] < sheet.height and box[3] > 0


def _is_of_size(asked: ExpectedString, picture: TaggedFigure) -> bool:
    """A raster by its whole size, a drawing of ours by the size of its unit; of another, it is not known."""
    wanted = asked.picture
    assert wanted is not None
    wide, tall = wanted.width_mm * POINTS_PER_MM, wanted.height_mm * POINTS_PER_MM
    if wanted.unit_mm:
        unit = wanted.unit_mm * POINTS_PER_MM
        return abs(picture.across / unit - 1) * wide <= OFF_PT and abs(picture.along / unit - 1) * tall <= OFF_PT
    if wanted.name.endswith(".svg"):
        return True  # a drawing of others may draw less than its sheet, or beyond it
    box = picture.box
    return abs(box[2] - box[0] - wide) <= OFF_PT and abs(box[3] - box[1] - tall) <= OFF_PT


def _is_whole(wanted: Drawn, picture: TaggedFigure) -> bool:
    """Whether nothing cuts a picture off or covers it; one that draws nothing but white hides nothing."""
    left, bottom, right, top = picture.room
    box = picture.box
    ours = bool(wanted.unit_mm)
    if (ours or not wanted.name.endswith(".svg")) and (
        box[0] < left - OFF_PT or box[1] < bottom - OFF_PT or box[2] > right + OFF_PT or box[3] > top + OFF_PT
    ):
        wide, tall = wanted.width_mm * POINTS_PER_MM, wanted.height_mm * POINTS_PER_MM
        if not ours or right - left < wide - OFF_PT or top - bottom < tall - OFF_PT:
            return False  # the size of a drawing is that of its sheet, beyond which it may draw unseen
    return picture.share is None or picture.share >= WHOLE


# ------------------------------------------------------------------ what stands on every page


def _furniture(script: ExpectedDocument, info: PdfInfo) -> Iterator[Discrepancy]:
    """Running heads, feet, page numbers and the status mark."""
    # A blank back has nothing on it.
    last = max((number for number, sheet in enumerate(info.sheets, 1) if sheet.read or sheet.unread), default=0)
    printed = info.sheets[:last]
    for number, sheet in enumerate(printed):
        seen = [_heard(run.text) for run in sheet.unread if _is_seen(run, sheet)]
        folded = " ".join(seen)  # a long mark stands on two lines
        count = script.numbering.format(page=number + 1, pages=len(printed))
        for words in (*(script.heads if number else ()), *script.feet, count):
            if _heard(words) not in seen and not (len(words) > LINE and _heard(words) in folded):
                yield Discrepancy("head-lost", _heard(words), ("briefing",), "", number)
