"""Where the source marks of a figure stand in its text: behind the words that it counts, where no power can be read.

A mark moves from its figure to the next punctuation, citation or end of the text, if few words stand between. It stays
in its sentence, and before any figure that has other sources. Where that is in doubt it stays at its figure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from markdown_it.token import Token

from briefing.content.inline.rules import FigureRef

Sources = tuple[str, ...]
MARKS = "marks"  # the type of a token that stands for marks which have moved
FEW_WORDS = 9  # that a mark may pass
FEW_TO_END = 12  # likewise, where the text ends there
FEW_LETTERS = 90  # for scripts without spaces
_STOPS = ".,;:!?…"
_OPENING, _CLOSING = "([“„«‹", ")]”»›"
_PLAIN = "%‰&/'’@#*§·"  # punctuation within words and sums
_SIGN = re.compile(
    r"(?P<stop>[.,;:!?…]+[”’)\]»]*(?=\s|$))|(?P<dash>\s*—|\s+[–-](?=\s))|(?P<word>\w+(?:[-’'./]\w+)*)|(?P<other>\S)"
)
_SHORT = re.compile(
    r"(?:(?!(?:Ma[iy]|Jun[ei]|Jul[iy])$)[A-Z]\w{0,3}|\w|\d\d|(?:\w\.)+\w|approx|no|vs)$"
)  # that a full stop may only abbreviate


@dataclass
class _Way:
    """What lies between a figure and the place that is looked for."""

    words: int = 0
    letters: int = 0
    inside: int = 0  # emphasis, links and words of another language that have begun since
    brackets: int = 0  # likewise, and quotations
    last: str = ""  # the letter before

    def add(self, said: str, words: int = 1) -> None:
        self.words += words
        self.letters += len(said)
        self.last = said[-1:]

    def is_short(self, to_end: bool = False) -> bool:
        """Whether marks may go this way, or need not go at all."""
        return 0 < self.words <= (FEW_TO_END if to_end else FEW_WORDS) and self.letters <= FEW_LETTERS


def with_moved_marks(children: Sequence[Token], sources_of: Callable[[FigureRef], Sources]) -> list[Token]:
    """A line of text with a token where the marks of each figure stand that moves them; its figure says so."""
    moved: dict[int, list[tuple[int, Sources]]] = {}
    leave: set[int] = set()
    for index, token in enumerate(children):
        ids = sources_of(token.meta["ref"]) if token.type == "figure" else ()
        own = ids and not repeated(children, index, ids, sources_of)
        place = _place(children, index, ids, sources_of) if own else None
        if place:
            leave.add(index)
            moved.setdefault(place[0], []).append((place[1], ids))
    if not moved:
        return list(children)
    out: list[Token] = []
    for index, token in zip_longest(range(len(children) + 1), children):
        said = 0
        for at, ids in sorted(moved.get(index, ())):
            if token and token.type == "text" and at > said:
                out.append(Token("text", "", 0, content=token.content[said:at]))
                said = at
            out.append(Token(MARKS, "", 0, meta={"ids": ids}))
        if token and said:
            token = Token("text", "", 0, content=token.content[said:])
        elif token and index in leave:
            token = Token("figure", "", 0, meta={**token.meta, "moved": True})
        if token:
            out.append(token)
    return out


def repeated(children: Sequence[Token], index: int, ids: Sources, sources_of: Callable[[FigureRef], Sources]) -> bool:
    """Whether the same sources are marked again before the sentence ends."""
    for token in children[index + 1 :]:
        if token.type in ("softbreak", "hardbreak"):
            continue
        if token.type == "text" and re.search(r"[.!?;:]([\s”’)]|$)", token.content):
            return False
        if token.type == "citation":
            return set(ids) <= set(token.meta["ids"])
        if token.type == "figure" and set(ids) <= set(sources_of(token.meta["ref"])):
            return True
    return False


def _place(
    children: Sequence[Token], start: int, ids: Sources, sources_of: Callable[[FigureRef], Sources]
) -> tuple[int, int] | None:
    """The token and the letter before which the marks of a figure stand, unless they stay behind its words."""
    way = _Way()
    for index in range(start + 1, len(children)):
        token = children[index]
        if token.type == "text":
            goes_on, at = _in_words(way, token.content, index + 1 == len(children))
            if not goes_on:
                ends = index + 1 == len(children) and not token.content[at:].strip()
                return (index, at) if at and way.is_short(ends) else None
        elif token.type == "figure":
            if not _shares(token.meta["ref"], ids, sources_of):
                return None
            way.add("0", 2)
        elif token.type == "citation":
            return (index, 0) if way.is_short() and not way.inside and not way.brackets else None
        elif token.type in ("note", "hardbreak"):
            return None
        elif token.nesting:
            way.inside = max(way.inside + token.nesting, 0)
        elif token.type in ("reference", "code_inline"):
            way.add("0")
    ends_well = way.last.isalpha() or way.last in (")", "”")
    return (len(children), 0) if ends_well and way.is_short(to_end=True) else None


def _shares(ref: FigureRef, ids: Sources, sources_of: Callable[[FigureRef], Sources]) -> bool:
    """Whether what marks a figure may stand behind another one."""
    return set(sources_of(replace(ref, plain=False))) in (set(), set(ids))


def _in_words(way: _Way, content: str, last: bool) -> tuple[bool, int]:
    """Go on through words: whether they go on, and else behind which letter marks stand, or 0 where they must not."""
    for found in _SIGN.finditer(content):
        said, start, end = found[0], found.start(), found.end()
        if found["word"]:
            way.add(said)
        elif found["dash"]:
            return False, start if way.last.isalpha() and not way.inside and not way.brackets else 0
        elif found["stop"]:
            if _is_no_stop(content, start, end, said):
                way.last = said[-1]
            elif way.inside or way.brackets:
                if said[0] in ".!?…":
                    return False, 0
                way.brackets = max(way.brackets - sum(sign in _CLOSING for sign in said), 0)
            else:
                return False, 0 if _is_doubtful(content, start, end, last) else end
        elif said in _OPENING:
            way.brackets += 1
        elif said in _CLOSING:
            if not way.brackets:
                behind = re.match(rf"[{re.escape(_CLOSING + _STOPS)}’]*(?=\s|$)", content[end:])
                return False, end + behind.end() if behind and not way.inside else 0
            way.brackets -= 1
            way.last = ")"
        elif said not in _PLAIN and unicodedata.category(said) in ("Po", "Pi", "Pf", "Ps", "Pe"):
            return False, 0  # signs of other scripts, of which nobody here knows whether a sentence ends with them
        else:
            way.last = said
    return True, 0


def _is_no_stop(content: str, start: int, end: int, said: str) -> bool:
    """Whether a comma stands within a date: “June 30, 2025”."""
    return said == "," and bool(re.search(r"\b\d{1,2}$", content[:start]) and re.match(r"\s\d{4}\b", content[end:]))


def _is_doubtful(content: str, start: int, end: int, last: bool) -> bool:
    """Whether a full stop may be that of an abbreviation or of an ordinal."""
    if content[start] != "." or (last and not content[end:].strip()):
        return False
    before = re.search(r"\S*$", content[:start])
    return bool(before and _SHORT.match(before[0].lstrip("(“‘„«"))) or content[end:].lstrip()[:1].islower()
