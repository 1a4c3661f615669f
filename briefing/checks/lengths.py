"""How long a document and its parts are, and what it lacks. Where each number comes from is in docs/checks.md."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.checks.reading import Passage, Reading, disputed_in, sentences, sources_of, words
from briefing.content.blocks import (
    BottomLine,
    Box,
    Contested,
    Imprint,
    KeyFigures,
    Method,
    Options,
    ProseBlock,
    Questions,
    Recommendations,
    Report,
    SourcesBlock,
    Takeaways,
)
from briefing.content.briefing import Briefing
from briefing.content.scalars import Path
from briefing.documents.block_views import qr_picture
from briefing.findings import At, ContentPath, Finding, note, warning
from briefing.language.wording import Wording
from briefing.ledger.ledger import Ledger

TITLE = 12
HEADING = 8  # three to six are the aim
BOTTOM_LINE = (60, 120)
TAKEAWAYS = (3, 5)
TAKEAWAY = 25
PARAGRAPH = (120, 5)  # words, sentences; more sentences are told only where they are longer than five of AVERAGE
SENTENCE = (30, 40)  # told from the first, warned of from the second; a figure in words makes 25 out of 20
AVERAGE = 20
OPTIONS = (2, 4)
RECOMMENDATIONS = (3, 5)
METHOD = BOX = 100
CONTESTED = 8
PAGE = 525  # words, sources and notes included
SHEET = (100, 500)  # 250 to 400 are the aim; told only of what is far from it
KEY_FIGURES = (3, 6)
CLAIMS = 3  # figures, from which even a sketch is asked where they come from
QR_MODULE_MM = 0.5  # of a code's squares; finer ones are lost when a copy is copied
QR_LETTERS = 150  # of an address, in the most that its code has at that size
ENOUGH = 5  # sentences, of which an average may be taken


def check(read: Reading, briefing: Briefing, ledger: Ledger, wording: Wording) -> Iterator[Finding]:
    """What is too long, too short, too many or missing in a document."""
    yield from _titles(read)
    yield from _blocks(read, briefing, ledger)
    yield from _missing(read, ledger)
    yield from _sentences(read, briefing, wording)
    yield from _whole(read)


def _titles(read: Reading) -> Iterator[Finding]:
    for passage in read.texts:
        count = len(words(passage.text))
        if passage.about == "title" and count > TITLE:
            hint = "say the finding alone; leave places, dates and means to the line below it"
            message = f"the title has {count} words, and a reader takes in {TITLE}"
            yield warning("title-long", message, passage.path, hint, "title")
        if (passage.path[-1] == "heading" or passage.tag.startswith("h")) and count > HEADING:
            hint = "three to six words are enough; the text says the rest"
            yield note("heading-long", f"the heading has {count} words", passage.path, hint, passage.about)


# ------------------------------------------------------------------ blocks


def _blocks(read: Reading, briefing: Briefing, ledger: Ledger) -> Iterator[Finding]:
    for about, path, block in read.blocks():
        inside = [passage for passage in read.texts if passage.path[: len(path)] == path]
        at = path
        body = sum(len(words(passage.text)) for passage in inside if passage.path[-1] == "text")
        match block:
            case BottomLine():
                low, high = BOTTOM_LINE
                if body > high or (body < low and read.name == "brief" and not read.is_sketch):
                    hint = f"the whole argument takes {low} to {high}: the problem, what happened, what is asked"
                    message = f"the bottom line has {body} words"
                    yield warning("bottom-line-length", message, (*path, "text"), hint, about)
            case Takeaways():
                yield from _takeaways(read, len(block.items), inside, path, about)
            case Options():
                yield from _options(block, at, about)
            case Recommendations():
                yield from _recommendations(read, block, inside, path, about)
            case Method() if body > METHOD:
                hint = f"{METHOD} are enough: what was searched, its limits, how certain it is"
                yield note("method-long", f"the method has {body} words", (*path, "text"), hint, about)
            case Box() if body > BOX:
                hint = f"a box is read at a glance: {BOX} words, or put the rest into the running text"
                yield note("box-long", f"the box has {body} words", (*path, "text"), hint, about)
            case Contested():
                rows = len(block.rows) + len(disputed_in(briefing, ledger, read.name))
                if rows > CONTESTED:
                    hint = f"keep the {CONTESTED} on which a decision turns"
                    message = f"the contested table has {rows} rows, those of disputed figures included"
                    yield note("contested-long", message, at, hint, about)
            case Report() if block.qr and (module := qr_picture(block.qr.link).unit_mm) < QR_MODULE_MM:
                hint = f"take an address of at most {QR_LETTERS} letters, or print one that leads there"
                fine = f"the squares of the code are {module:.2f} mm, for {len(block.qr.link)} letters"
                message = f"{fine}: a photocopy of it cannot be read"
                yield warning("qr-fine", message, (*path, "qr", "link"), hint, about)
            case ProseBlock() | Questions():
                yield from _paragraphs(inside, briefing, about)
            case _:
                pass


def _takeaways(read: Reading, count: int, inside: list[Passage], path: Path, about: str) -> Iterator[Finding]:
    low, high = TAKEAWAYS
    if count > high or (count < low and not read.is_sketch):
        hint = f"{low} to {high} are remembered"
        yield warning("takeaways-count", f"there are {count} takeaways", (*path, "items"), hint, about)
    for passage in inside:
        length = len(words(passage.text))
        if "items" in passage.path and length > TAKEAWAY:
            hint = f"say it in {TAKEAWAY}; the evidence has room for the rest"
            yield warning("takeaway-long", f"the takeaway has {length} words", passage.path, hint, about)


def _options(block: Options, at: At, about: str) -> Iterator[Finding]:
    low, high = OPTIONS
    if not low <= len(block.items) <= high:
        hint = f"{low} to {high} can be weighed side by side; join or leave out some"
        yield warning("options-count", f"there are {len(block.items)} options", at, hint, about)
    if not any(option.status_quo for option in block.items):
        hint = "add what happens if nothing is done, with status_quo: true; it has costs too"
        yield warning("status-quo-missing", "none of the options is the present course", at, hint, about)


def _paragraphs(inside: list[Passage], briefing: Briefing, about: str) -> Iterator[Finding]:
    most_words, most = PARAGRAPH
    for passage in inside:
        count = len(words(passage.text))
        parts = len(sentences(passage.text, briefing.names))
        if count > most_words or (parts > most and count > most * AVERAGE):
            message = f"the paragraph “{_opening(passage.text)}” has {count} words in {parts} sentences"
            hint = f"part it: at most {most_words} words and {most} sentences, one thought each"
            yield note("paragraph-long", message, passage.path, hint, about)


def _opening(text: str, count: int = 4) -> str:
    found = text.split()
    return " ".join(found[:count]) + (" …" if len(found) > count else "")


# ------------------------------------------------------------------ recommendations

_BLANK = re.compile(
    r"[\W_]*|tbd|tba|tbc|n/?a|none|to be (?:decided|determined|defined|confirmed|agreed)"
    r"|not (?:known|decided|applicable)|unknown|xx+|todo|\?+",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"(?:as )?soon(?:er)?(?: as (?:possible|practicable|feasible))?|asap|as (?:appropriate|needed|required|necessary)"
    r"|(?:where|when|whenever|if) (?:appropriate|possible|necessary|needed|feasible|practicable)|in due (?:course|time)"
    r"|(?:in|over) the (?:near|short|medium|long|coming)[ -]?(?:future|term|run|period)?"
    r"|(?:short|medium|long)(?:er)?[ -]term|on an ongoing basis|ongoing|continu(?:ous|al)(?:ly)?|over time"
    r"|eventually|at some point|later|in (?:the )?future|promptly|timely|in a timely (?:manner|fashion|way)|regularly",
    re.IGNORECASE,
)


def _recommendations(
    read: Reading, block: Recommendations, inside: list[Passage], path: Path, about: str
) -> Iterator[Finding]:
    low, high = RECOMMENDATIONS
    if len(block.items) > high or (len(block.items) < low and not read.is_sketch):
        hint = f"{low} to {high}: fewer leave somebody out, more are not remembered"
        message = f"there are {len(block.items)} recommendations"
        yield warning("recommendations-count", message, (*path, "items"), hint, about)
    for passage in inside:
        said = passage.text.strip(" .;,")
        if "items" in passage.path and _BLANK.fullmatch(said):
            message = f"“{passage.text}” does not say {_ASKED[passage.key]}"
            yield warning("recommendation-blank", message, passage.path, "say it, or leave it out", about)
        elif passage.key == "by" and _VAGUE.fullmatch(said):
            hint = "name a day, a month or an event after which anybody can tell whether it was done"
            message = f"“{passage.text}” is neither a date nor an event"
            yield warning("deadline-vague", message, passage.path, hint, about)


_ASKED = {
    "actor": "who should act",
    "action": "what should be done",
    "by": "by when",
    "means": "with what means",
    "measure": "how it will be seen",
}


# ------------------------------------------------------------------ documents


def _missing(read: Reading, ledger: Ledger) -> Iterator[Finding]:
    at = ContentPath((read.name, "blocks"), key=True)
    kinds = {type(block) for _, _, block in read.blocks()}
    claims = not read.is_sketch or len(ledger.used("figures", read.name)) >= CLAIMS
    if claims and sources_of(ledger, read.name) and SourcesBlock not in kinds:
        hint = "add - sources: {}; without it the source marks lead nowhere"
        yield warning("sources-missing", "the document cites sources and does not list them", at, hint, read.about)
    if read.is_sketch:
        return
    if read.name == "brief" and BottomLine not in kinds:
        hint = "add a bottom_line block: a reader of page one alone should have the whole argument"
        yield warning("bottom-line-missing", "the brief has no bottom line", at, hint, read.about)
    if read.name == "brief" and Method not in kinds:
        hint = "add a method block: what was searched, its limits, how certain it is"
        yield warning("method-missing", "the brief does not say how it was made", at, hint, read.about)
    if Imprint not in kinds:
        hint = "add - imprint: {}"
        message = "the document does not say who publishes it, when and under which licence"
        yield warning("imprint-missing", message, at, hint, read.about)
    low, high = KEY_FIGURES
    counts = [len(block.items) for _, _, block in read.blocks() if isinstance(block, KeyFigures)]
    if read.name == "fact_sheet" and not low <= sum(counts) <= high:
        hint = f"{low} to {high} can be taken in at a glance"
        yield note("key-figures-count", f"the fact sheet has {sum(counts)} key figures", at, hint, read.about)


def _sentences(read: Reading, briefing: Briefing, wording: Wording) -> Iterator[Finding]:
    counts: list[int] = []
    told_from, warned_from = SENTENCE
    for passage in read.texts:
        spans = sentences(passage.text, briefing.names, wording.locale.language)
        lengths = [(len(words(passage.text[start:end])), start) for start, end in spans]
        counts += [length for length, _ in lengths] if passage.has_sentences else []
        longest, start = max(lengths, default=(0, 0))
        if longest > told_from:
            message = f"the sentence “{_opening(passage.text[start:])}” has {longest} words"
            hint = "part it in two, or take out what the next sentence can say"
            if longest > warned_from:
                yield warning("sentence-long", message, passage.path, hint, passage.about)
            else:
                yield note("sentence-long", message, passage.path, hint, passage.about)
    average = sum(counts) / len(counts) if counts else 0
    if len(counts) >= ENOUGH and average > AVERAGE:
        message = f"the sentences of the document have {average:.0f} words on average"
        hint = f"{AVERAGE} are read without effort: part the longest"
        yield warning("sentences-average", message, ContentPath((read.name,), key=True), hint, read.about)


def _whole(read: Reading) -> Iterator[Finding]:
    at = ContentPath((read.name,), key=True)
    heard = sum(len(words(passage.text)) for passage in read.beside if passage.path[-1] != "alt")
    count = sum(len(words(passage.text)) for passage in read.texts)
    most = PAGE * read.document.pages
    if read.name == "brief" and count + heard > most:
        message = f"the brief has {count + heard:,} words, its sources included"
        hint = f"{most:,} read well on {read.document.pages} pages; cut before you shrink"
        yield warning("brief-long", message, at, hint, read.about)
    low, high = SHEET
    if read.name == "fact_sheet" and not read.is_sketch and not low <= count <= high:
        message = f"the fact sheet has {count} words, its sources and imprint left out"
        yield note("sheet-words", message, at, "250 to 400 are enough for one page, and needed for one", read.about)
