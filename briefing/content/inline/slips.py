"""What looks like an instruction in a text and would be printed as it stands: other Markdown, HTML, braces."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MARKUP = "text-markup"  # behind the colon: which other Markdown it is
_SLIPS = (
    (f"{_MARKUP}:footnote", re.compile(r"\[\^[^\]\s]{1,40}\]:?|\^\[")),
    (f"{_MARKUP}:strike", re.compile(r"~~[^~]+~~")),
    (f"{_MARKUP}:highlight", re.compile(r"(?<!=)==(?=[^\s=])[^=]*[^\s=]==(?!=)|\+\+(?=\S)[^+]*\S\+\+")),
    (f"{_MARKUP}:raised", re.compile(r"(?<=\w)\^[^\s^]{1,20}\^|(?<=\w)~[^\s~]{1,20}~(?!~)")),
    (f"{_MARKUP}:attribute", re.compile(r"(?<!\{)\{[.#:][\w-][^{}]*\}(?!\})|^:::|<%|%>|\[\[[^\]]+\]\]|\$\$")),
    (f"{_MARKUP}:language", re.compile(r"\{\s*lang\b[^{}]*\}?")),
    ("figure-malformed", re.compile(r"\{\{.*?\}\}|\{\{|\}\}")),
    ("reference-malformed", re.compile(r"\[#[^\]\s]*\]?")),
    ("citation-malformed", re.compile(r"\[@[^\]]*\]?")),
    ("text-html", re.compile(r"</?[A-Za-z][A-Za-z0-9]*(\s[^<>]*)?/?>|<!--")),
    ("text-link", re.compile(r"\]\([^)]*\)?|\]\[")),
    ("text-image", re.compile(r"!\[")),
)


def in_words(text: str) -> Iterator[tuple[str, str]]:
    """The code and the letters of each slip in a run of words."""
    for code, pattern in _SLIPS:
        if found := pattern.search(text):
            yield code, found[0]


_LINES = (
    (f"{_MARKUP}:table", re.compile(r"^ *\|?[ :]*-{2,}[ :]*(?:\|[ :]*-+[ :]*)+\|? *$|^ *\|.*\| *$", re.MULTILINE)),
    (f"{_MARKUP}:reference", re.compile(r"^\[[^\]]+\]:\s+\S+", re.MULTILINE)),
    (f"{_MARKUP}:task", re.compile(r"^\[[ xX]\] ")),
    (f"{_MARKUP}:definition", re.compile(r"(?<=\S\n): +\S")),
)
_OF_BLOCKS = re.compile(r"\s*(?:>\s(?!\s*[\d{])|#{1,6}\s|[-*+]\s+\S|```|~~~)")


def of_lines(text: str, alone: bool) -> Iterator[tuple[str, str]]:
    """The same of whole lines of a paragraph; one that stands `alone` can be no list and no quotation."""
    if alone and (found := _OF_BLOCKS.match(text)):
        yield f"{_MARKUP}:line", found[0].strip()
    for code, pattern in _LINES:
        if found := pattern.search(text):
            yield code, found[0].strip()[:40]
