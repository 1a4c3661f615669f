"""The statements of a document, one for each sentence, with the sources that it names.

What stands on the pages comes in; sentences in plain words go out, each with where on the pages it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from briefing.checks.reading import sentences
from briefing.content.blocks import kind_of
from briefing.content.briefing import Briefing, walk_printed_strings
from briefing.content.markdown import Citation, FigureRef, Part, Words, paragraphs
from briefing.content.panels import PullQuote
from briefing.content.scalars import Path
from briefing.pdf.geometry import Box
from briefing.proofing.comparison import Placement

LEAST_WORDS = 4  # shorter ones are labels
_NAMES = frozenset(  # keys of texts that state nothing
    (
        *("action", "actor", "alt", "by", "cite", "contact", "formats", "head", "heading", "issue", "label", "licence"),
        *("means", "measure", "name", "publisher", "subtitle", "title", "value"),
    )
)


@dataclass(frozen=True)
class Statement:
    """A sentence, and who says so."""

    text: str
    sources: tuple[str, ...]  # that it names, or that its figures rest on
    parts: tuple[tuple[int, Box], ...]  # of the pages, from its first word to its last


@dataclass(frozen=True)
class StatedFigure:
    """A figure as statements need it: its words and its sources."""

    said: str
    sources: tuple[str, ...]


def statements(
    briefing: Briefing, stood: Sequence[Placement], figures: Mapping[str, StatedFigure]
) -> Iterator[Statement]:
    """Every sentence of a document's texts, in the order of the page."""
    texts = {path: (kind, text) for path, kind, text in walk_printed_strings(briefing)}
    quoted = dict(_quoted(briefing))
    seen: dict[Path, int] = {}
    for one in stood:
        path = one.asked.path
        number = seen[path] = seen.get(path, -1) + 1
        if path not in texts or one.asked.picture or path[-1] in _NAMES:
            continue
        found = [inside for _, inside in paragraphs(*texts[path]) if inside]
        if number < len(found):
            yield from _sentences(found[number], one, figures, briefing.names, quoted.get(path, ()))


def _quoted(briefing: Briefing) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """The texts of pull quotes, each with where it stands letter for letter."""
    for name in Briefing.DOCUMENTS:
        for index, block in enumerate(briefing.document(name).blocks):
            if isinstance(block, PullQuote):
                yield (name, "blocks", index, kind_of(block), "text"), (block.source,)


def _sentences(
    inside: Sequence[Part],
    stood: Placement,
    figures: Mapping[str, StatedFigure],
    names: tuple[str, ...],
    quoted: tuple[str, ...],
) -> Iterator[Statement]:
    said, own = "", set[int]()
    cited: list[tuple[int, tuple[str, ...]]] = []
    for part in inside:
        if isinstance(part, Words):
            own |= {len(said) + at for at, letter in enumerate(part.text) if letter.isalnum()}
            said += part.text
        elif isinstance(part, FigureRef):
            cited.append((len(said), figures[part.id].sources))
            said += figures[part.id].said
        elif isinstance(part, Citation):
            cited.append((max(0, len(said.rstrip()) - 1), part.ids))
    for start, end in sentences(said, names):
        words = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(said[start:end].split()))  # a citation stood between
        named = dict.fromkeys(quoted) | dict.fromkeys(name for at, ids in cited if start <= at < end for name in ids)
        bare = own.isdisjoint(range(start, end))  # a figure alone, which is listed as such
        if not bare and (named or len(words.split()) >= LEAST_WORDS):
            yield Statement(words, tuple(named), _between(stood, said, start, end))


def _between(stood: Placement, said: str, start: int, end: int) -> tuple[tuple[int, Box], ...]:
    """The parts of a string from one letter to another: as far along them as along its letters."""
    letters = [len("".join(said[:at].split())) for at in (start, end, len(said))]
    widths = [box[2] - box[0] for _, box in stood.parts]
    low, high = (letters[index] / max(1, letters[2]) * sum(widths) for index in (0, 1))
    found: list[tuple[int, Box]] = []
    reached = 0.0
    for part, width in zip(stood.parts, widths, strict=True):
        if reached + width > low + 2 and reached < high - 2:
            found.append(part)
        reached += width
    return tuple(found) or stood.parts[-1:]
