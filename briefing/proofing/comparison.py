"""Whether a finished PDF says and shows all that was asked of it: once, in order, whole, and with ink on the page.

A script and the facts of the PDF come in. Out come what is amiss, each with its place in the content, and where each
string stands on the pages. Words are compared letter for letter; only where a line or a run of type ends may a space be
missing or be too many, since there the page itself has none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from briefing.content.scalars import Path
from briefing.documents.block_views import Picture as Drawn
from briefing.pdf.geometry import Box
from briefing.proofing.asked_strings import ExpectedString
from briefing.proofing.expected import ExpectedDocument
from briefing.proofing.page_facts import PdfInfo, ReadPage, TaggedFigure, TextRun
from briefing.proofing.word_stream import SPACE, STRAY, WordStream, notes_apart, sought, squeezed, table_heads

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
    runs = [item for sheet in info.sheets for item in sheet.read if isinstance(item, TextRun)]
    words = [asked for asked in script.strings if asked.picture is None]
    runs, noted = notes_apart(runs, [asked for asked in words if asked.foot])
    amiss, stood = _in_order(script, [asked for asked in words if not asked.foot], WordStream(runs), info)
    if any(asked.foot for asked in words):
        more = _in_order(script, [asked for asked in words if asked.foot], WordStream(noted), info)
        turn = {id(asked): number for number, asked in enumerate(words)}
        amiss, stood = [*amiss, *more[0]], sorted([*stood, *more[1]], key=lambda one: turn[id(one.asked)])
    found, pictures = _pictures(script, info)
    return (*amiss, *found, *_furniture(script, info)), (*stood, *pictures)


def _in_order(
    script: ExpectedDocument, words: Sequence[ExpectedString], stream: WordStream, info: PdfInfo
) -> tuple[list[Discrepancy], list[Placement]]:
    """Hold words that follow each other against what was asked."""
    heads = table_heads(words)
    places = stream.places([sought(asked, heads) for asked in words])
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
    return amiss, stood


# ------------------------------------------------------------------ words


def _words(asked: ExpectedString, place: tuple[int, int], stream: WordStream, info: PdfInfo) -> Iterator[Discrepancy]:
    for run in stream.runs_of(place):
        if fault := _fault(run, info.sheets[run.page]):
            yield Discrepancy(fault, asked.text, asked.path, asked.block, run.page)
            return


def _fault(run: TextRun, sheet: ReadPage) -> str:
    """Why a run of words cannot be read as it stands, if so."""
    off = _is_off(run, sheet)
    ink = run.ink
    letter = ink.drawn / max(1, len(SPACE.sub("", run.text)))  # the ink of one, on average
    if ink.crossed > CROSSED * letter:
        return "text-overlap"
    least = SEEN if any(letter.isalnum() for letter in run.text) else FAINT
    if off or ink.contrast < least or ink.lost > LOST * letter:
        return "text-hidden"
    if not run.upright:
        return "text-turned"
    return "text-small" if run.size < SMALL_PT else ""


def _is_off(run: TextRun, sheet: ReadPage) -> bool:
    left, bottom, right, top = run.box
    return left < -OFF_PT or bottom < -OFF_PT or right > sheet.width + OFF_PT or top > sheet.height + OFF_PT


def _is_seen(run: TextRun, sheet: ReadPage) -> bool:
    """Whether a run lies on the sheet and all of it has ink."""
    return _fault(run, sheet) in ("", "text-turned")


def _is_there(run: TextRun, sheet: ReadPage) -> bool:
    """The same, or it is only pale, of which the photocopy tells."""
    letter = run.ink.drawn / max(1, len(SPACE.sub("", run.text)))
    whole = run.ink.contrast >= FAINT and run.ink.lost <= LOST * letter
    return _is_seen(run, sheet) or (_fault(run, sheet) == "text-hidden" and whole and not _is_off(run, sheet))


def _stood(asked: ExpectedString, place: tuple[int, int], stream: WordStream) -> Placement:
    parts = tuple((run.page, run.box) for run in stream.runs_of(place))
    figures = []
    for name, letter in asked.figures:
        start = place[0] + len(SPACE.sub("", asked.text.strip()[:letter]))
        run = stream.runs[stream.run_at(min(start, place[1] - 1))]
        figures.append((name, run.page, run.box))
    return Placement(asked, parts, tuple(figures))


def _moved(amiss: Sequence[Discrepancy], stream: WordStream, places: Sequence[tuple[int, int]]) -> list[Discrepancy]:
    """What is lost where it was asked, and stands elsewhere."""
    rest = [stream.text[start:end] for start, end in stream.outside(places)]
    found = []
    for one in amiss:
        text, _ = squeezed(one.text)
        elsewhere = one.code == "text-lost" and len(text) > STRAY and any(text in part for part in rest)
        found.append(Discrepancy("text-moved", one.text, one.path, one.block) if elsewhere else one)
    return found


def _between(
    script: ExpectedDocument,
    words: Sequence[ExpectedString],
    places: Sequence[tuple[int, int] | None],
    stream: WordStream,
    info: PdfInfo,
) -> Iterator[Discrepancy]:
    """What stands between the strings: bullets and numbers of lists, and words that nobody asked for."""
    heads = table_heads(words)
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


def _surplus(script: ExpectedDocument, stream: WordStream, place: tuple[int, int]) -> Discrepancy:
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
    return SPACE.sub(" ", alt).strip()


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
    missing = Counter(SPACE.sub("", word) for word in wanted.words)
    missing -= Counter(SPACE.sub("", run.text) for run in picture.words if _is_seen(run, sheet))
    for word in wanted.words:
        if missing[bare := SPACE.sub("", word)] > 0:
            missing[bare] -= 1
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
    told: set[str] = set()  # each once: what is lost on one page is lost on all of them
    for number, sheet in enumerate(printed):
        seen = [_heard(run.text) for run in sheet.unread if _is_there(run, sheet)]
        folded = " ".join(seen)  # a long mark stands on two lines
        count = script.numbering.format(page=number + 1, pages=len(printed))
        for words in (*(script.heads if number else ()), *script.feet, count):
            about = "number" if words is count else words
            if about not in told and _heard(words) not in seen and not (len(words) > LINE and _heard(words) in folded):
                told.add(about)
                yield Discrepancy("head-lost", _heard(words), ("briefing",), "", number)
