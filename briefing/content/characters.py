"""The letters of a content file: bytes become text that a printed page can hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.findings import At, Finding, Place, Refused, error


def decode(data: bytes, name: str) -> tuple[str, list[Finding]]:
    """Decode a file: its text, and what may not stand in it; raises `Refused` where it is not UTF-8.

    What is forbidden is left out of the text, and spaces stand for tabs that indent, so that the rest can be read.
    """
    text = _decode(data, name)
    return text, list(_characters(text, name))


def _decode(data: bytes, name: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        column = problem.start - (data.rfind(b"\n", 0, problem.start) + 1) + 1
        raise Refused(
            [
                error(
                    "encoding-wrong",
                    "the file is not UTF-8",
                    Place(name, line, column),
                    "save it as UTF-8 and try again",
                )
            ]
        ) from None
    text = text.replace("\r\n", "\n")
    return text if "\n" in text else text.replace("\r", "\n")  # as an old Mac ends its lines


# Characters that a printed page cannot hold, that nobody sees, or that would make its text unsearchable: controls, lone
# surrogates, line ends that no editor counts, all that Unicode calls format characters (directions, joiners, soft
# hyphens, tags), fillers without ink, variants of a letter, and the hyphen that only a typesetter may put in.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u2028\u2029\u2010"
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0]"
)


_TAB = re.compile(r"^ *\t", re.MULTILINE)


def _characters(text: str, name: str) -> Iterator[Finding]:
    if not (FORBIDDEN.search(text) or _TAB.search(text)):  # as in most files: looked for line by line it takes longer
        return
    for number, line in enumerate(text.split("\n"), 1):
        if found := FORBIDDEN.search(line):
            yield forbidden(found[0], Place(name, number, found.start() + 1))
        if (found := re.match(r" *\t", line)) and line.strip():
            yield error(
                "yaml-tab",
                "a tab indents this line",
                Place(name, number, found.end()),
                "YAML is indented with spaces: use two for each step",
            )


def forbidden(character: str, at: At) -> Finding:
    """A character that may not stand in content."""
    hyphen = character in "\u00ad\u2010"
    return error(
        "character-forbidden",
        f"the character {code_point(character)} may not stand in content",
        at,
        "write a plain hyphen; the program hyphenates" if hyphen else "delete it; it may be invisible in your editor",
    )


def code_point(character: str) -> str:
    """A character by its number, with its name where it has one: U+00AD (soft hyphen)."""
    import unicodedata

    name = unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X}" + (f" ({name})" if name else "")


def unlike_ascii(word: str) -> str:
    """The letters of a name that look like others, by their numbers: “U+0456 (cyrillic small letter …)”."""
    return ", ".join(code_point(letter) for letter in dict.fromkeys(word) if not letter.isascii())
