"""Typography: signs that a keyboard gives and a page should not have, and spaces that stand where none should.

The first such sign of a text is told, since who mends one sees the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from babel.dates import get_day_names

from briefing.checks.reading import Passage, Reading, mask_phrases
from briefing.content.briefing import Briefing
from briefing.content.scalars import Kind
from briefing.findings import Finding, note, warning
from briefing.language.wording import Wording

ADDRESS = re.compile(r"(?<!\S)(?:\S+://\S+|\(?www\.\S+|\S+@\S+)")
_WORD = r"[^\W\d_]+(?:[’'][^\W\d_]+)?"
_REPEATED = re.compile(rf"(?<![\w’'-])({_WORD})\s+\1(?![\w’'-])", re.IGNORECASE)
_DOUBLED = re.compile(rf"(?<![\w’'-])({_WORD}\s+{_WORD}(?:\s+{_WORD})?)\s+\1(?![\w’'-])", re.IGNORECASE)
_TWICE = {  # words that may follow themselves
    "en": frozenset(("that", "had", "is", "bye", "no", "very")),
    "de": frozenset(("die", "der", "das", "den", "dem", "sie")),
    "fr": frozenset(("nous", "vous")),
    "nl": frozenset(("die", "dat", "van")),
}
_STRAIGHT = re.compile(r"(?<=[^\W\d_])[\"']|(?<!\d)[\"'](?=\w)")  # beside a letter: behind a digit it may be a foot
_DASH = re.compile(r"(?<=\s)-(?=\s)|^-$|(?<=[^\s-])\s*--+\s*(?=[^\s-])|^--+$")
YEARS = re.compile(r"(?<![\w/.-])(1[5-9]\d\d|20\d\d)-(\d{4}|\d\d)(?![\w-])")
_DOTS = re.compile(r"\.{3,}")
_BEFORE = re.compile(r"(?<=\w)[ \u00a0\u202f]+(?:[,;](?!\w)|\.(?![\w.])|[:!?](?!\w)|\))|\( +(?=\w)")
_BEFORE_FRENCH = re.compile(r"(?<=\w)[ \u00a0\u202f]+(?:,(?!\w)|\.(?![\w.])|\))|\( +(?=\w)")
UNIT = re.compile(
    r"\d (?:%|‰|°C|°F|(?:km|m|cm|mm|ha|kg|g|t|l|ml|MW|GW|kW|kWh|MWh|GWh|TWh|million|billion|trillion)(?![\w-]))"
)


def check(read: Reading, briefing: Briefing, wording: Wording) -> Iterator[Finding]:
    """Slips of typography in every text of a document, its sources and imprint included."""
    ranges = _ranges(wording)
    for passage in (*read.texts, *read.beside):
        named = mask_phrases(ADDRESS.sub(lambda found: "x" * len(found[0]), passage.text), briefing.names)
        yield from _twice(passage, named, wording.locale.language)
        yield from _signs(passage, named, ranges)
        yield from _spaces(passage, named, wording.locale.language)


def _ranges(wording: Wording) -> re.Pattern[str]:
    """Months or weekdays with a hyphen between."""
    days = get_day_names("wide", locale=wording.locale).values()
    either = ("|".join(map(re.escape, names)) for names in (wording.month_names, days))
    return re.compile("|".join(rf"\b(?:{names})-(?:{names})\b" for names in either), re.IGNORECASE)


def _twice(passage: Passage, text: str, language: str) -> Iterator[Finding]:
    for found in (*_REPEATED.finditer(text), *_DOUBLED.finditer(text)):
        first, second = found[1], found[0][len(found[0]) - len(found[1]) :]
        named = first[:1].isupper() and second[:1].isupper()  # Walla Walla
        within = {spot.start for spot in passage.figures}
        meets_figure = found.end() - len(second) in within  # “more than {{cases}}” where cases says so itself
        allowed = first.lower() in _TWICE.get(language, ()) or (" " in first and not meets_figure)
        if not named and not allowed:
            hint = "the figure says its own qualifier: take yours away" if meets_figure else "take one away"
            yield warning("word-repeated", f"“{found[0]}” repeats itself", passage.path, hint, passage.about)
            return


def _signs(passage: Passage, text: str, ranges: re.Pattern[str]) -> Iterator[Finding]:
    at, about = passage.path, passage.about
    if found := _STRAIGHT.search(text):
        hint = "write ’ for an apostrophe and the quotation marks of the language"
        message = f"“{_around(text, found)}” has a straight apostrophe or quotation mark"
        yield note("quote-straight", message, at, hint, about)
    if found := _DASH.search(text):
        message = f"“{_around(text, found)}” has a hyphen where a dash is meant"
        yield note("dash-hyphen", message, at, "write – (with spaces) or — (without)", about)
    span = next((found for found in YEARS.finditer(text) if is_range(found)), None) or ranges.search(text)
    if span:
        message = f"“{span[0]}” is a range with a hyphen"
        yield note("range-hyphen", message, at, "write – between its ends", about)
    if found := _DOTS.search(text):
        yield note("ellipsis-dots", f"“{_around(text, found)}” has dots for an ellipsis", at, "write …", about)


def is_range(found: re.Match[str]) -> bool:
    """Whether two years rise, so that 2016-03 (a month) and 2023-45 (a document) are left alone."""
    first, second = int(found[1]), found[2]
    last = int(second) if len(second) == 4 else first // 100 * 100 + int(second)
    return first < last <= first + (500 if len(second) == 4 else 15) and (len(second) == 4 or int(second) > 12)


def _spaces(passage: Passage, text: str, language: str) -> Iterator[Finding]:
    at, about = passage.path, passage.about
    if found := re.search(r"(?<=\S) {2,}(?=\S)", text):
        yield note("space-double", f"“{_around(text, found)}” has a double space", at, "take one away", about)
    if found := (_BEFORE_FRENCH if language == "fr" else _BEFORE).search(text):
        message = f"“{_around(text, found)}” has a space before its punctuation"
        yield note("space-stray", message, at, "take it away", about)
    if passage.kind is Kind.PLAIN and (found := UNIT.search(text)):
        message = f"“{found[0]}” may be torn apart at the end of a line"
        yield note("space-breaking", message, at, "put a non-breaking space (U+00A0) before the unit", about)


def _around(text: str, found: re.Match[str], width: int = 14) -> str:
    """A few words around what was found."""
    start, end = max(found.start() - width, 0), min(found.end() + width, len(text))
    before = text[start : found.start()].split(" ", 1)[-1] if start else text[: found.start()]
    after = text[found.end() : end].rsplit(" ", 1)[0] if end < len(text) else text[found.end() :]
    return f"{before}{found[0]}{after}".strip()
