"""The letters of a content file: bytes become text that a printed page can hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.findings import Finding, Place, Refused, error


def decode(data: bytes, name: str) -> str:
    """Decode a file; raises `Refused` where it is not UTF-8 or holds characters that may not be printed."""
    text = _decode(data, name)
    faults = list(_characters(text, name))
    if faults:
        raise Refused(faults)
    return text


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
    return text.replace("\r\n", "\n")


# Characters that a printed page cannot hold or that would make its text unsearchable: controls, lone surrogates,
# direction overrides, line ends that no editor counts, and the two hyphens that only a typesetter may put in.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\ufeff\u2028-\u202e\u2066-\u2069\u00ad\u2010]"
)


def _characters(text: str, name: str) -> Iterator[Finding]:
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


def forbidden(character: str, place: Place) -> Finding:
    """A character that may not stand in content."""
    hyphen = character in "\u00ad\u2010"
    return error(
        "character-forbidden",
        f"the character U+{ord(character):04X} may not stand in content",
        place,
        "write a plain hyphen; the program hyphenates" if hyphen else "delete it; it may be invisible in your editor",
    )
