"""Every text of a briefing: slips that would be printed as they stand, and numbers that nobody has sourced."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from briefing.checks.claims import NumberFinder
from briefing.checks.number_words import FIGURE, NumberWordFinder
from briefing.checks.reading import block_name, sentences
from briefing.content import characters
from briefing.content.blocks import BLOCKS, kind_of
from briefing.content.briefing import Briefing, walk_printed_strings
from briefing.content.markdown import VARIANTS, Citation, FigureRef, LanguageTag, NoteMark, StrayMarkup, Words, parts
from briefing.content.names import is_open
from briefing.content.panels import PullQuote
from briefing.content.scalars import LANGUAGE, Kind, Path
from briefing.content.validation import alt_missing
from briefing.findings import Finding, did_you_mean, error, warning
from briefing.language.numbers import spoken
from briefing.language.wording import Wording

_SLIPS = {
    "figure-malformed": ("is not a figure", "write {{name}} or {{name|short}}: small letters, digits and hyphens"),
    "citation-malformed": ("is not a citation", "write [@source], or [@one; @two]"),
    "reference-malformed": (
        "is not a reference",
        "write [#name], the id of a block or the name of a chart: small letters, digits and hyphens",
    ),
    "text-html": ("is HTML and would be printed as it stands", "use **bold**, *italic* or a list"),
    "text-link": ("is not a link that may be printed", "links begin with https:// or mailto:"),
    "text-image": ("is a picture in a text", "use an image block, with its credit and licence"),
    "text-list": (
        "at the beginning of a line is read as a list",
        "put a backslash before the point, or begin the line with another word",
    ),
    "text-code": ("is indented and is read as program code", "take away the four spaces at the beginning of the line"),
}
_NOTED = frozenset(kind for kind, block in BLOCKS.items() if "notes" in block.model_fields)  # that may have notes
_UNKNOWN_MARKUP = {
    "footnote": ("is a note, which this text cannot have", "say it in the text, or cite a source: [@source]"),
    "table": ("is a table in a text", "use a table block, with columns: and rows:"),
    "strike": ("is struck out, which no page shows", "delete the words, or say in the text what has changed"),
    "reference": ("is the end of a link that stands elsewhere", "write the link in one: [words](https://…)"),
    "task": ("is a box to tick, which texts do not have", "write the item without [ ]"),
    "language": (
        "says no language of words before it",
        "write the words in brackets, and the tag of their language behind them: [les mots]{lang=fr}",
    ),
    "definition": (
        "is a list of definitions, which texts do not have",
        "use the glossary, or a list: - **word**: meaning",
    ),
    "highlight": ("is highlighting, which no page shows", "use **bold** or *italic*"),
    "underline": (
        "makes a heading or a rule of the line above",
        "write ### before a heading; leave a blank line before ---",
    ),
    "attribute": ("is an instruction to another program", "delete it"),
    "raised": (
        "is raised or lowered type, which texts do not have",
        "write it out, or use a sign of its own: km², CO₂",
    ),
    "line": (
        "begins a paragraph, a list or a heading in a text of one line",
        "take the sign away, or move it into a text block",
    ),
    "plain": ("stands in a text that is printed letter for letter", "write the words alone"),
}


def check(briefing: Briefing, wording: Wording) -> Iterator[Finding]:
    """What is wrong with the texts, in the order of the content."""
    for index, name in enumerate(briefing.names):
        if is_open(name):
            hint = "let it begin with a word, as in COVID-#; # stands for the number"
            yield error("name-open", f"the name “{name}” would let any number pass", ("names", index), hint)
    numbers, in_words = NumberFinder(briefing, wording), NumberWordFinder(briefing, wording.locale.language)
    for path, kind, text in walk_printed_strings(briefing):
        if not text.strip():
            hint = "write something, or delete the key"
            yield (alt_missing(path) if path[-1] == "alt" else error("text-blank", "the text is blank", path, hint))
        if kind is Kind.PLAIN:
            yield from _plain(text, path)
            continue
        words = []
        for part in parts(kind, text):
            if isinstance(part, StrayMarkup):
                yield _slip(part, path)
            elif isinstance(part, FigureRef):
                words.append(FIGURE)
                if part.variant not in VARIANTS:
                    hint = did_you_mean(part.variant, VARIANTS) or f"forms: {', '.join(VARIANTS)}"
                    yield error("variant-unknown", f'a figure has no form "{part.variant}"', path, hint)
            elif isinstance(part, Citation):
                words.append(FIGURE)
            elif isinstance(part, NoteMark) and _is_note_astray(path):
                yield _slip(StrayMarkup("text-markup:footnote", f"[^{part.mark}]"), path)
            elif isinstance(part, LanguageTag):
                yield from _language(part.tag, path, wording)
            elif isinstance(part, Words):
                words.append(part.text)
                if found := characters.FORBIDDEN.search(part.text):  # written as an entity, such as &shy;
                    yield characters.forbidden(found[0], path)
        text = "".join(words)
        for literal in numbers.literals(text, path):
            hint = _dates_in_words(text, literal, wording) or _UNDECLARED
            yield error("number-literal", f"the number {literal} is not in the ledger", path, hint)
        yield from _in_words(text, path, in_words, briefing)
    yield from _in_specifications(briefing, numbers, in_words)
    for path, tag in _languages(briefing):
        yield from _language(tag, path, wording)


_UNDECLARED = "declare it under figures: and write {{name}}; a name that holds digits goes under names:"


def _dates_in_words(text: str, literal: str, wording: Wording) -> str:
    """What to do with a number that is the day of a date as machines write it: readers get it in words."""
    for found in re.finditer(rf"\b(\d{{4}})-(\d\d)-({re.escape(literal)})\b", text):
        with suppress(ValueError):
            day = datetime.date(*map(int, found.groups()))
            return f"write the date in words: {spoken(wording.date(day))}"
    return ""


def _is_note_astray(path: Path) -> bool:
    """Whether no note belongs to a mark: in a note itself, in a heading, or in a block that has none."""
    kind = path[3] if len(path) > 3 and path[1] == "blocks" else ""
    return "notes" in path or kind not in _NOTED or (path[-1] == "heading" and kind != "table")


def _languages(briefing: Briefing) -> Iterator[tuple[Path, str]]:
    """The languages that records say their words are in."""
    for name, source in briefing.sources.items():
        for key in ("publisher_lang", "lang"):
            if tag := getattr(source, key):
                yield ("sources", name, key), tag
    for name, term in briefing.glossary.items():
        if term.lang:
            yield ("glossary", name, "lang"), term.lang
    for document in Briefing.DOCUMENTS:
        for index, block in enumerate(briefing.document(document).blocks):
            if isinstance(block, PullQuote) and block.lang:
                yield (document, "blocks", index, kind_of(block), "lang"), block.lang


def _language(tag: str, path: Path, wording: Wording) -> Iterator[Finding]:
    """A tag that names no language: of two letters it is in the list of all; few lists have all of three."""
    first, *more = tag.replace("_", "-").lower().split("-")
    names, lands = wording.locale.languages, wording.locale.territories
    is_known = re.fullmatch(LANGUAGE, tag, re.ASCII | re.IGNORECASE) and (len(first) == 3 or first in names)
    if is_known and all(len(one) != 2 or one.upper() in lands for one in more):
        return
    called = next((code for code, name in names.items() if str(name).lower() == first), _SLIPPED.get(first, ""))
    hint = f"write {called}" if called else "a tag of two or three letters, such as fr, or es-419"
    yield error("language-unknown", f'"{tag}" is not the tag of a language', path, hint)


_SLIPPED = {"sp": "es", "jp": "ja", "cn": "zh", "gr": "el", "cz": "cs", "dk": "da", "ua": "uk"}  # those of countries


def _in_specifications(briefing: Briefing, numbers: NumberFinder, in_words: NumberWordFinder) -> Iterator[Finding]:
    """Numbers in the words of charts of an author's own form, and the values that these set by themselves."""
    hint = "write it under data:, where it answers for its source, or leave it out"
    for name, chart in briefing.charts.items():
        for path, text in _spec_words(chart.vega_lite, ("charts", name, "vega_lite"), False):
            literals = [text] if path[-1] == "datum" else numbers.literals(text, path)
            literals = [*literals, *(said for _, said, is_clear in in_words.found(text) if is_clear)]
            for literal in literals:
                yield error("number-literal", f"the number {literal} is not in the ledger", path, hint)


_CONSTANT = re.compile(r"(?!(?:19|20|21)\d\d$)-?[\d.]*[1-9][\d.]*")  # neither nought nor a year


def _spec_words(node: Any, path: Path, printed: bool) -> Iterator[tuple[Path, str]]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            is_words = key in ("title", "text", "subtitle") or (printed and key == "value")
            yield from _spec_words(value, (*path, key), is_words)
    elif isinstance(node, list | tuple):
        for index, value in enumerate(node):
            yield from _spec_words(value, (*path, index), printed)
    elif isinstance(node, str) and (printed or (path[-1] == "datum" and _CONSTANT.fullmatch(node))):
        yield path, node


def _slip(part: StrayMarkup, path: Path) -> Finding:
    code, _, kind = part.code.partition(":")
    what, hint = _UNKNOWN_MARKUP[kind] if kind else _SLIPS[code]
    if kind == "footnote" and not _is_note_astray(path):
        what, hint = "is no mark of a note", "a mark is one small letter or *, as in [^a]; its words stand under notes:"
    if unlike := characters.unlike_ascii(part.text) if code.endswith("-malformed") else "":
        what += f": it holds {unlike}"
    return error(code, f"“{part.text}” {what}", path, hint)


_NOT_PLAIN = re.compile(r"\]\{lang=[^{}]*\}|\{\{[^{}]*\}\}|\[@[\w-][^\]]*\]|\*\*\S[^*]*\*\*|\]\(https?://[^)]*\)")


def _plain(text: str, path: Path) -> Iterator[Finding]:
    """What would be a figure, a source mark or bold type in another text."""
    if found := _NOT_PLAIN.search(text):
        yield _slip(StrayMarkup("text-markup:plain", found[0]), path)


def _in_words(text: str, path: Path, finder: NumberWordFinder, briefing: Briefing) -> Iterator[Finding]:
    """Numbers in words; where one may be a manner of speaking, only if nothing in its sentence is sourced."""
    spans = None
    for start, said, is_clear in finder.found(text):
        message = f"“{said}” is a number in words, and not in the ledger"
        hint = "declare it under figures: and write {{name}}; words that are a name go under names:"
        if is_clear:
            yield error("number-in-words", message, path, hint)
        elif path[0] != "charts" and path[-1] not in ("alt", "caption"):  # these say what a picture shows
            spans = spans or sentences(text, briefing.names, finder.language)
            if not any(first <= start < last and FIGURE in text[first:last] for first, last in spans):
                hint += "; or cite a source, or answer this with the reason why it claims nothing"
                yield warning("number-in-words", message, path, hint, _about(briefing, path))


def _about(briefing: Briefing, path: Path) -> str:
    """By which name an answer calls what a text belongs to; a title, lede or line of the imprint is its key."""
    if path[0] in Briefing.DOCUMENTS and "blocks" in path:
        index = int(path[2])
        return block_name(briefing.document(str(path[0])).blocks[index], index)
    return str(path[1])
