"""The printed texts of a version as plain words: for comparing two versions, and for telling what has changed.

A text comes in as the content writes it. Out come its words with figures as calls, which say whether it was reworded,
and the same words with figures as printed, which are told.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from briefing.content.markdown import FigureRef, Reference, Words, parts
from briefing.content.records import Check, UnitForms
from briefing.content.scalars import Day, Kind
from briefing.documents.manuscript import Manuscript
from briefing.documents.text_renderer import TextRenderer
from briefing.language.numbers import NBSP, spoken


def figure_in_words(manuscript: Manuscript, name: str) -> str:
    """A figure as it is printed, with its qualifier and unit."""
    entry = manuscript.ledger.entries[name]
    return manuscript.wording.long(entry.amount).text.replace(NBSP, " ")


def source_in_words(manuscript: Manuscript, name: str) -> str:
    """A source in one line."""
    if name not in manuscript.briefing.sources:
        return name
    source = manuscript.briefing.sources[name]
    said = [source.publisher, source.title, manuscript.wording.date(source.date) if source.date else ""]
    return ", ".join(part for part in said if part).replace(NBSP, " ")


@dataclass(frozen=True)
class Word:
    """A word of a text: what it is compared by, and what it prints."""

    key: str
    shown: str


_CITATION = re.compile(r"\s*\[@[^\]]*\]")
_LANGUAGE = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\{lang=[\w-]+\}")
_CALL = re.compile(r"\{\{([^{}]*)\}\}")
_MARK = re.compile("\ue000([a-z0-9-]+)\\|([a-z]+)(\\|magnitude)?\ue001")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s+")


def strip_marks(kind: Kind, text: str) -> str:
    """A text as the content has it, without what does not change its words: source marks, languages, line ends."""
    if kind is not Kind.PLAIN:
        text = _CALL.sub(_called, _LANGUAGE.sub(r"\1", _CITATION.sub("", text)))
    return " ".join(text.split())


def _called(found: re.Match[str]) -> str:
    options = [option.strip() for option in found[1].split("|")]
    return "{{" + "|".join(option for option in options if option not in ("plain", "long")) + "}}"


def paragraphs(kind: Kind, text: str) -> Iterator[str]:
    """The paragraphs and list items of a prose; any other text is one."""
    if kind is not Kind.PROSE:
        yield text
        return
    for part in re.split(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d{1,9}[.)])\s)", text):
        if part.strip():
            yield _ITEM.sub("", part)


def words(version: Manuscript, kind: Kind, text: str) -> tuple[Word, ...]:
    """The words of a paragraph, a figure counting as the call that it is."""
    if kind is Kind.PLAIN:
        return tuple(Word(word, word) for word in text.split())
    hand = version.text_renderer()
    run = "".join(
        _called_figure(part) if isinstance(part, FigureRef) else _words_of(hand, part)
        for part in parts(Kind.TEXT, _CITATION.sub("", text))
        if isinstance(part, (FigureRef, Words))
    )

    def printed(found: re.Match[str]) -> str:
        known = found[1] in version.ledger.entries
        return spoken(hand.figure(FigureRef(found[1], found[2], magnitude=bool(found[3])))[0]) if known else found[1]

    return tuple(Word(word, _MARK.sub(printed, word)) for word in run.split())


def _words_of(hand: TextRenderer, part: Words) -> str:
    return hand.called(part.id).replace(NBSP, " ") if isinstance(part, Reference) else part.text


def _called_figure(ref: FigureRef) -> str:
    return f"\ue000{ref.id}|{ref.variant}{'|magnitude' * ref.magnitude}\ue001"


def format_text(version: Manuscript, kind: Kind, text: str) -> str:
    """A text in plain words, figures as printed."""
    return " ".join(word.shown for part in paragraphs(kind, text) for word in words(version, kind, part))


def format_value(version: Manuscript, value: Any, kind: Kind | None = None) -> str:
    """Any value of a record in words; nothing for one that is not there."""
    if value is None:
        return ""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return format_text(version, kind, value) if kind else value
    if isinstance(value, datetime.datetime):
        return version.wording.moment(value).replace(NBSP, " ")
    if isinstance(value, (Day, datetime.date)):
        return version.wording.date(value).replace(NBSP, " ")
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Check):
        return f"{value.by}, {format_value(version, value.on)}"
    if isinstance(value, UnitForms):
        return f"{value.one}, {value.other}"
    if isinstance(value, Sequence):
        return ", ".join(format_value(version, item, kind) for item in value)
    return str(value)
