"""The claims of a document: every statement that names its sources, in the order of the page.

What stands on the pages comes in; statements in plain words go out, each with its sources and the line where it ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from briefing.complete import Stood
from briefing.desk.reading import sentences
from briefing.model import Briefing, printed
from briefing.scalars import Kind, Path
from briefing.text import Citation, FigureRef, Words, parts


@dataclass(frozen=True)
class Claim:
    """A statement and who says so."""

    text: str
    sources: tuple[str, ...]
    path: Path
    stood: Stood  # the string on the page that it is part of


def claims(briefing: Briefing, document: str, stood: Sequence[Stood], spoken: dict[str, str]) -> Iterator[Claim]:
    """Every statement with a citation; `spoken` holds each figure in words."""
    texts = {path: (kind, text) for path, kind, text in printed(briefing)}
    told: set[Path] = set()
    for one in stood:
        path = one.asked.path
        if path in texts and path not in told and path[0] in (document, "charts", "glossary"):
            told.add(path)
            for text, sources in _cited(*texts[path], spoken, briefing.names):
                yield Claim(text, sources, path, _holding(text, path, stood) or one)


def _cited(
    kind: Kind, text: str, spoken: dict[str, str], names: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The words of a text up to each citation, from the end of the sentence or of the citation before."""
    said = ""
    for part in parts(kind, text):
        if isinstance(part, Words):
            said += part.text
        elif isinstance(part, FigureRef):
            said += spoken.get(part.id, part.id)
        elif isinstance(part, Citation):
            yield _last(said, names), part.ids
            said = ""


def _last(said: str, names: tuple[str, ...]) -> str:
    """The sentence that a citation stands behind, without what comes before it."""
    text = " ".join(said.lstrip(" .,;:").split())
    found = sentences(text, names)
    return text[found[-1][0] :] if found else text


def _holding(text: str, path: Path, stood: Sequence[Stood]) -> Stood | None:
    """Of the paragraphs of a text the one that says these words."""
    wanted = _letters(text)
    same = [one for one in stood if one.asked.path == path]
    return next((one for one in same if wanted in _letters(one.asked.text)), same[0] if same else None)


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalpha())
