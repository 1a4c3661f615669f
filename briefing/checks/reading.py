"""A document as its reader meets it: every text in the order of the content, its figures put in words, no source marks.

Figures keep their place in the words, so that a check can leave them out or ask for their values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from briefing.checks.number_words import FIGURE
from briefing.content.blocks import BlockBase, ChartBlock, Contested, GlossaryBlock, Imprint, SourcesBlock, kind_of
from briefing.content.briefing import Briefing, Document, walk_printed_strings
from briefing.content.markdown import Citation, FigureRef, LanguageTag, Part, Reference, Words, paragraphs
from briefing.content.names import name_pattern
from briefing.content.scalars import Kind, Path
from briefing.documents.references.numbering import numbering
from briefing.documents.text_renderer import TextRenderer
from briefing.language.numbers import spoken
from briefing.language.wording import NBSP, Wording
from briefing.ledger.ledger import Ledger
from briefing.ledger.uses import disputed_behind


@dataclass(frozen=True)
class FigureSpot:
    """Where the words of a figure stand in a passage."""

    start: int
    end: int
    figure: str
    variant: str = "long"
    magnitude: bool = False


@dataclass(frozen=True)
class Passage:
    """One paragraph, list item or line."""

    path: Path
    kind: Kind
    about: str  # the block, figure or source that it belongs to
    tag: str  # p, li or a heading within prose; empty for a line
    text: str
    figures: tuple[FigureSpot, ...] = ()
    later: bool = False

    @property
    def key(self) -> str:
        """The key under which its text stands."""
        return next(str(part) for part in reversed(self.path) if isinstance(part, str))

    @property
    def has_sentences(self) -> bool:
        """Whether it ends as a sentence does; headings, cells and labels do not."""
        return self.text.rstrip('’”»") ').endswith((".", "!", "?", "…"))


@dataclass(frozen=True)
class Reading:
    """One document: what is read, and what is looked up or only heard."""

    name: str
    document: Document
    texts: tuple[Passage, ...]
    beside: tuple[Passage, ...]  # words of others, alternative texts, labels letter for letter, imprint and sources

    @property
    def about(self) -> str:
        """By which name an answer calls the document."""
        return self.name.replace("_", "-")

    @property
    def is_sketch(self) -> bool:
        """Whether it has too few blocks to be asked what a whole document must have."""
        return len(self.document.blocks) < 4

    def blocks(self) -> Iterator[tuple[str, Path, BlockBase]]:
        """Its blocks, each with the name by which findings call it."""
        for index, block in enumerate(self.document.blocks):
            yield block_name(block, index), (self.name, "blocks", index, kind_of(block)), block


def block_name(block: BlockBase, index: int) -> str:
    """The id of a block, or the name that the page gives it."""
    return block.id or f"{kind_of(block)}-{index + 1}"


def read(briefing: Briefing, ledger: Ledger, wording: Wording, name: str) -> Reading:
    """What a reader of a document reads."""
    hand = TextRenderer(briefing, ledger, wording, linked=False)
    hand.numbering = numbering(briefing.document(name), wording)
    texts: list[Passage] = []
    beside: list[Passage] = []
    for path, kind, text, about, later in _strings(briefing, ledger, name):
        aside = kind is Kind.PLAIN or path[-1] == "alt" or path[0] in ("briefing", "sources")
        aside = (aside and path[1] not in ("title", "subtitle")) or path[3:] == ("pull_quote", "text")
        for tag, inside in paragraphs(kind, text):
            words, figures = _spoken(inside, hand)
            (beside if aside else texts).append(Passage(path, kind, about, tag, words, figures, later))
    return Reading(name, briefing.document(name), tuple(texts), tuple(beside))


_Text = tuple[Path, Kind, str, str, bool]  # path, kind, text, what it belongs to, whether it tells of later things


def _strings(briefing: Briefing, ledger: Ledger, name: str) -> Iterator[_Text]:
    document, front = briefing.document(name), briefing.briefing
    title = document.title or front.title
    yield ((name, "title") if document.title else ("briefing", "title")), Kind.TEXT, title, "title", False
    if document.lede:
        yield (name, "lede"), Kind.TEXT, document.lede, "lede", False
    elif front.subtitle and name == "brief":
        yield ("briefing", "subtitle"), Kind.TEXT, front.subtitle, "subtitle", False
    for index, block in enumerate(document.blocks):
        path, about = (name, "blocks", index, kind_of(block)), block_name(block, index)
        yield from ((*text, about, block.later) for text in walk_printed_strings(block, path) if text[0][-1] != "value")
        yield from ((*text, block.later) for text in _more(briefing, ledger, name, block, about))


def _more(
    briefing: Briefing, ledger: Ledger, name: str, block: BlockBase, about: str
) -> Iterator[tuple[Path, Kind, str, str]]:
    """What a block prints from elsewhere in the content."""
    if isinstance(block, ChartBlock) and block.chart in briefing.charts:
        yield from (
            (*text, about) for text in walk_printed_strings(briefing.charts[block.chart], ("charts", block.chart))
        )
    elif isinstance(block, GlossaryBlock):
        for term in block.terms or tuple(briefing.glossary):
            if term in briefing.glossary:
                entry = briefing.glossary[term]
                yield ("glossary", term, "term"), Kind.PLAIN, entry.term, about
                yield ("glossary", term, "meaning"), Kind.TEXT, entry.meaning, about
    elif isinstance(block, Contested):
        for id_ in disputed_in(briefing, ledger, name):
            figure = briefing.figures[id_]
            texts = walk_printed_strings(figure, ("figures", id_))
            yield from ((path, kind, text, id_) for path, kind, text in texts if path[2] in ("label", "disputed"))
    elif isinstance(block, SourcesBlock):
        for id_ in sources_of(ledger, name):
            if id_ in briefing.sources:
                texts = walk_printed_strings(briefing.sources[id_], ("sources", id_))
                yield from ((path, kind, text, id_) for path, kind, text in texts if path[2] != "checked")
    elif isinstance(block, Imprint):
        for path, kind, text in walk_printed_strings(briefing.briefing, ("briefing",)):
            if path[1] not in ("title", "subtitle", "link", "number"):
                yield path, kind, text, str(path[1]).replace("_", "-")


def disputed_in(briefing: Briefing, ledger: Ledger, name: str) -> tuple[str, ...]:
    """The disputed figures that a document prints, in the order of their first use."""
    used = (use.id for use in ledger.uses if use.group == "figures" and use.document == name)
    return tuple(dict.fromkeys(one for id_ in used for one in disputed_behind(briefing.figures, id_)))


def sources_of(ledger: Ledger, name: str) -> tuple[str, ...]:
    """The sources that a document names, whether itself or through its figures."""
    named = [use.id for use in ledger.uses if use.group == "sources" and use.document == name]
    used = [use.id for use in ledger.uses if use.group == "figures" and use.document == name]
    named += [source for id_ in used if id_ in ledger.entries for source in ledger.entries[id_].sources]
    return tuple(dict.fromkeys(named))


def _spoken(inside: Iterable[Part], hand: TextRenderer) -> tuple[str, tuple[FigureSpot, ...]]:
    said, spots = "", []
    for part in inside:
        if isinstance(part, Reference):
            said += (hand.called(part.id) or part.text).replace(NBSP, " ")
        elif isinstance(part, Words):
            said += part.text
        elif isinstance(part, FigureRef):
            known = part.id in hand.ledger.entries
            words = spoken(hand.figure(part)[0]) if known else "0"
            if part.variant != "date":
                spots.append(FigureSpot(len(said), len(said) + len(words), part.id, part.variant, part.magnitude))
            said += words
        elif not isinstance(part, LanguageTag):
            said = said.rstrip()  # marks follow without a space
    return said, tuple(spots)


# ------------------------------------------------------------------ words and sentences


def words(text: str) -> list[str]:
    """What a person would count as words: a dash that stands alone is none."""
    return [word for word in text.split() if word.isalnum() or any(map(str.isalnum, word))]


def mask_phrases(text: str, phrases: Sequence[str]) -> str:
    """A text of the same length in which some phrases are one word without a meaning."""
    whole, each = _patterns(tuple(phrases))
    if not whole.search(text):
        return text
    for pattern in each:
        text = pattern.sub(lambda found: "X" + "x" * (len(found[0]) - 1), text)
    return text


@lru_cache(maxsize=256)
def _patterns(phrases: tuple[str, ...]) -> tuple[re.Pattern[str], tuple[re.Pattern[str], ...]]:
    """What finds any of the phrases, and what finds each, longest first."""
    longest_first = sorted(phrases, key=len, reverse=True)
    spaced = (name_pattern(phrase) for phrase in longest_first)
    each = [rf"(?<!\w){one}(?!\w)" for one in spaced if one]
    return re.compile("|".join(each) or r"(?!)", re.IGNORECASE), tuple(re.compile(one, re.IGNORECASE) for one in each)


_END = re.compile(r"[.!?…]+[’”»\")\]]*(?=\s+[^\s])")
_SHORT = re.compile(
    "mr|mrs|ms|dr|prof|st|art|arts|sec|fig|figs|vol|ed|eds|cf|vs|v|approx|ca|al|jr|sr|gen|gov|rep|sen|inc|ltd|co|corp|p|pp"
    "|para|paras|ch|nr|bzw|abs|mio|mrd|núm|pág|av|sra|mme|dott|sig|dhr|mw|blz|bspw|vgl",
    re.IGNORECASE,
)
LONGEST = 40  # letters of a word that is looked at
_ORDINAL = ("de", "da", "nb", "nn", "fi", "cs", "sk", "pl", "hu", "et", "lv", "hr", "sl")  # “11. Juni”


def with_figures(text: Iterable[Part]) -> str:
    """The words of a text, with `FIGURE` for each figure and each mark of sources: what has a source of its own."""
    return "".join(
        FIGURE if isinstance(one, FigureRef | Citation) else one.text if isinstance(one, Words) else "" for one in text
    )


def sentences(text: str, names: Sequence[str] = (), language: str = "en") -> list[tuple[int, int]]:
    """Where each sentence of a paragraph begins and ends; what stands behind the last full stop counts as one."""
    covered = mask_phrases(text, names)
    ends = [found.end() for found in _END.finditer(covered) if _ends(covered, found, language)]
    starts = [0, *ends]
    spans = zip(starts, [*ends, len(text)], strict=True)
    return [(start, end) for start, end in spans if words(text[start:end])]


def is_opening(before: str, first: bool) -> bool:
    """Whether what follows these words opens a sentence; where there are none, whether the `first` words do."""
    if not before.strip(_OPENING):
        return first
    found = re.search(r"[.!?…]+[’”»\")\]]*[\s\u00a0“‘„«\"(*]*$", before)
    if not found or found[0][-1:].strip(_OPENING):
        return False
    word = before[: found.start()].split()[-1:]
    last = (word[0] if word else "").lstrip('(“‘„«"[')
    return found[0][0] != "." or not (_SHORT.fullmatch(last) or re.fullmatch(r"(?:\w\.)*\w", last))


_OPENING = ' \n\u00a0\u202f“‘„«"(*'


def _ends(text: str, found: re.Match[str], language: str) -> bool:
    """Whether a full stop ends a sentence rather than an abbreviation."""
    following = text[found.end() :].lstrip(' \u00a0\u202f“‘„«"(')[:1]
    if following.islower() or not following:
        return False
    if found[0] != ".":
        return True
    before = text[max(found.start() - LONGEST, 0) : found.start()].split()
    word = (before[-1] if before else "").lstrip('(“‘„«"[')
    if _SHORT.fullmatch(word) or (re.fullmatch(r"(?:\w\.)*\w", word) and not word.isdigit()):
        return False
    if word in ("No", "Nos", "n°") and following.isdigit():
        return False
    return not (language in _ORDINAL and re.fullmatch(r"\d{1,2}", word))
