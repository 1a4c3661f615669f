"""Braces and brackets that a YAML parser refuses, read as their writer meant them.

A text within them that needs quotation marks gets them: one with a comma, a colon, a figure or a citation. In braces, a
comma ends a text only where a key follows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_KEY = re.compile(r"\s*(?:[A-Za-z][\w-]*|\"[^\"\n]*\"|'[^'\n]*')\s*:(?=[\s\"'{\[]|$)")
_NEXT = re.compile(r",(?=\s*[A-Za-z][\w-]*\s*:(?:\s|$))")
_TOKEN = re.compile(r"\{\{[^{}\n]*\}\}|\[@?[^\[\]\n]*\]|\([^()\n]*\)")
_NEEDS = (  # what a text without quotation marks may not hold here, and the code of the finding
    (re.compile(r"\{\{"), "yaml-figure-unquoted"),
    (re.compile(r"\[@"), "yaml-citation-unquoted"),
    (re.compile(r","), "yaml-comma"),
    (re.compile(r":(?=\s)|:$"), "yaml-colon"),
    (re.compile(r"^[\"']|[\"']$"), "yaml-quote"),
    (re.compile(r"\s#"), "yaml-comment"),
    (re.compile(r"[{}\[\]]|^[&*!|>%@`#?]"), "yaml-start"),
)


@dataclass
class LooseFlow:
    """What was found from an opening bracket on: texts to be quoted, and where a bracket is missing."""

    text: str  # from the opening bracket to the end of the file
    indent: int  # of its line; what stands no further in below it is no part of it
    texts: list[tuple[str, int, int]] = field(default_factory=list)  # the code, the first letter and the one behind it
    end: int = 0
    missing: str = ""  # the closing brackets that the end lacks

    def __post_init__(self) -> None:
        found = re.compile(rf"\n(?= {{0,{self.indent}}}[^\s}}\]])").search(self.text)
        self.limit = found.start() if found else len(self.text)
        closing: list[str] = []
        self.end = self._collection(0, closing)
        self.missing = "".join(reversed(closing))

    def _collection(self, at: int, closing: list[str]) -> int:
        """Read a collection; the brackets that nothing closes are left in `closing`."""
        keyed = self.text[at] == "{"
        closing.append("}" if keyed else "]")
        at += 1
        while at < self.limit:
            letter = self.text[at]
            if letter == closing[-1]:
                closing.pop()
                return at + 1
            if letter in " \n,":
                at += 1
                continue
            if keyed and (key := _KEY.match(self.text, at, self.limit)):
                at = key.end()
                while at < self.limit and self.text[at] in " \n":
                    at += 1
                if at >= self.limit or self.text[at] in ",}":
                    continue
            depth = len(closing)
            at = self._value(at, keyed, closing)
            if len(closing) > depth:
                return at
        return at

    def _value(self, at: int, keyed: bool, closing: list[str]) -> int:
        letter = self.text[at]
        if letter in "\"'" and (end := self._quoted_end(at)):
            return end
        if letter in "{[" and not self.text.startswith(("{{", "[@"), at):
            return self._collection(at, closing)
        end = self._plain_end(at, keyed, closing)
        while end > at and self.text[end - 1] in " \n":
            end -= 1
        said = self.text[at:end]
        code = next((code for pattern, code in _NEEDS if pattern.search(said)), "")
        if code:
            self.texts.append((code, at, end))
        return max(end, at + 1)

    def _quoted_end(self, at: int) -> int:
        """Behind the mark that closes a quoted text, if what follows is what may follow one."""
        mark = self.text[at]
        pattern = r'"(?:[^"\\]|\\.)*"' if mark == '"' else r"'(?:[^']|'')*'"
        found = re.compile(pattern, re.DOTALL).match(self.text, at, self.limit)
        return found.end() if found and re.match(r"\s*(?:[,:\]}]|$)", self.text[found.end() : self.limit]) else 0

    def _plain_end(self, at: int, keyed: bool, closing: list[str]) -> int:
        while at < self.limit:
            if token := _TOKEN.match(self.text, at, self.limit):
                at = token.end()
                continue
            letter = self.text[at]
            if letter in closing or (letter == "," and (not keyed or _NEXT.match(self.text, at, self.limit))):
                return at
            at += 1
        return at
