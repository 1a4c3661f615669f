"""Rules of a style that were read before are not read again: some 50 ms for each layout but the first.

A document is laid again and again with spacing that differs, and most of its rules do not. What WeasyPrint makes of a
rule depends on its words alone, so it is kept under them. A style with more than plain rules and `@page` in it, and one
of which WeasyPrint has something to say, goes its own way as a whole, so that what it says names the right line.

Stands on `weasyprint.CSS`, `css.preprocess_stylesheet` and `cssselect2.Matcher.add_selector`.
"""

from __future__ import annotations

import logging
import re
from typing import Any, NamedTuple

import cssselect2  # type: ignore[import-untyped]
import tinycss2  # type: ignore[import-untyped]
import weasyprint
from weasyprint.css import preprocess_stylesheet
from weasyprint.logger import LOGGER

_read_anew = weasyprint.CSS.__init__
# What ends or hides the end of a rule; a single quotation mark or the head of a comment is one without its end.
_PARTS = re.compile(r"""[{}()\[\]\\]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|/\*.*?\*/|["']|/\*""", re.DOTALL)
_MOST = 5000  # rules, more than all looks and uses have together


class _Rule(NamedTuple):
    """What a rule says."""

    selectors: tuple[tuple[Any, Any], ...]
    pages: tuple[Any, ...]


_KEPT: dict[tuple[str, str], _Rule] = {}


def install(plain: bool) -> None:
    """Have styles read WeasyPrint's own way, or the shorter one."""
    weasyprint.CSS.__init__ = _read_anew if plain else _read


def _read(sheet: Any, *guess: Any, **more: Any) -> None:
    """Read a style: its rules that are known are taken as they were."""
    within_page = not guess and more.keys() == _ASKED and more["media_type"] == "print"
    rules = _rules(more["string"], str(more["base_url"])) if within_page else None
    if rules is None:
        _read_anew(sheet, *guess, **more)
        return
    sheet.base_url, sheet.matcher = more["base_url"], cssselect2.Matcher()
    sheet.page_rules, sheet.layers = more["page_rules"], more["layers"]
    for rule in rules:
        for selector, said in rule.selectors:
            sheet.matcher.add_selector(selector, said)
        sheet.page_rules.extend(rule.pages)


# How a `<style>` within a page is read.
_ASKED = {
    *("string", "base_url", "url_fetcher", "media_type", "font_config", "counter_style"),
    *("page_rules", "color_profiles", "layers"),
}


def _rules(style: str, base_url: str) -> list[_Rule] | None:
    """The rules of a style, or nothing where it is not so plain."""
    if style.count("@page") + style.count("@top-") + style.count("@bottom-") != style.count("@"):
        return None
    rules = []
    for words in _split(style) or [""]:
        rule = _KEPT.get((words, base_url)) or _made(words, base_url)
        if rule is None:
            return None
        rules.append(rule)
    return rules


def _split(style: str) -> list[str] | None:
    """The words of each rule, or nothing where it is not sure where one ends."""
    found, begin, depth, within = [], 0, 0, 0
    for part in _PARTS.finditer(style):
        sign = part[0]
        if sign in "([":
            within += 1
        elif sign in ")]":
            within -= 1
        elif sign in "{}":
            depth += 1 if sign == "{" else -1
            if within or depth < 0:
                return None
            if depth == 0:
                found.append(style[begin : part.end()])
                begin = part.end()
        elif sign in ("\\", '"', "'", "/*"):
            return None
    return found if depth == within == 0 and not style[begin:].strip() else None


class _Selectors:
    """Takes the place of a matcher, and keeps what it is given."""

    def __init__(self) -> None:
        self.given: list[tuple[Any, Any]] = []

    def add_selector(self, selector: Any, said: Any) -> None:
        self.given.append((selector, said))


def _made(words: str, base_url: str) -> _Rule | None:
    """Read a rule and keep it; nothing where WeasyPrint has something to say of it."""
    heard, matcher, pages = list[logging.LogRecord](), _Selectors(), list[Any]()

    def hear(record: logging.LogRecord) -> bool:
        heard.append(record)
        return False

    LOGGER.addFilter(hear)
    try:
        rules = tinycss2.parse_stylesheet(words)
        preprocess_stylesheet("print", base_url, rules, None, matcher, pages, [], None, {}, {})
    finally:
        LOGGER.removeFilter(hear)
    if heard or not rules:
        return None
    if len(_KEPT) >= _MOST:
        _KEPT.clear()
    made = _KEPT[words, base_url] = _Rule(tuple(matcher.given), tuple(pages))
    return made
