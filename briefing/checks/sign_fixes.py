"""Signs that a keyboard gives become those of a page: quotation marks, apostrophes, dashes, ellipses and spaces.

Only texts that are printed are touched, and only these signs in them. What YAML needs, addresses, figures, citations
and names stay as they are; what comes out is held against what went in, and left alone where anything else differs.
"""

from __future__ import annotations

import re

import yaml

from briefing.checks.typography import UNIT, YEARS, is_range
from briefing.content import validation, yaml_reader
from briefing.content.briefing import Briefing, walk_printed_strings
from briefing.content.names import name_pattern
from briefing.content.scalars import Kind
from briefing.content.tree import ContentTree
from briefing.findings import Refused

_KEPT = re.compile(r"\{\{.*?\}\}|\[@[^\]]*\]|\]\([^)]*\)|<[^>]*>|`[^`]*`|[a-z][a-z0-9+.-]*://\S+|www\.\S+|[\w.+-]+@\S+")
_SIGNS = (
    (re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])"), "’"),
    (re.compile(r"(?<=\w)\.{3}"), "…"),
    (re.compile(r"(?<=[^\s-]) --? (?=[^\s-])"), " – "),
    (re.compile(r"(?<=\w)--(?=\w)"), "—"),
    (re.compile(r"(?<=\S) {2,}(?=\S)"), " "),
)
_ENGLISH = (
    (re.compile(r"(?:(?<=^)|(?<=[\s(\[—–]))\"(?=[\w‘{\[])"), "“"),
    (re.compile(r"(?<=[\w.,;!?…’}\])%])\"(?=[\s.,;:!?)\]—–]|$)"), "”"),
)


def fixed(data: bytes, name: str) -> tuple[bytes, int]:
    """The bytes of a content file with its signs mended, and how many places have changed.

    Raises `Refused` where the file cannot be read.
    """
    source = yaml_reader.parse(data, name)
    briefing = validation.build(source)
    text = data.decode("utf-8")
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    spots = {
        (event.start_mark.line + 1, event.start_mark.column + 1): (event, event.start_mark, event.end_mark)
        for event in yaml.parse(text.removeprefix("\ufeff"), Loader=yaml.SafeLoader)
        if isinstance(event, yaml.ScalarEvent) and not event.anchor and event.start_mark and event.end_mark
    }
    edits: dict[int, tuple[int, str]] = {}
    for path, kind, said in walk_printed_strings(briefing):
        place = source.place(path)
        event, begins, ends = spots.get((place.line, place.column), (None, None, None))
        if event and begins and ends and event.value == said:
            start, end = starts[begins.line] + begins.column, starts[ends.line] + ends.column
            new = _text(text[start:end], event.style or "", kind, briefing)
            if new != text[start:end]:
                edits[start] = (end, new)
    out = text
    for start in sorted(edits, reverse=True):
        end, new = edits[start]
        out = out[:start] + new + out[end:]
    if not edits or text.startswith("\ufeff") or not _says_the_same(source, out, name):
        return data, 0
    return out.encode("utf-8"), len(edits)


def _text(raw: str, style: str, kind: Kind, briefing: Briefing) -> str:
    """A text as it stands in the file, its signs mended; its own quotation marks and its first line's header stay."""
    head = raw[: raw.find("\n") + 1] if style in ("|", ">") else raw[:1] if style in ("'", '"') else ""
    tail = raw[-1:] if style in ("'", '"') else ""
    body = raw[len(head) : len(raw) - len(tail)]
    kept = re.compile("|".join((_KEPT.pattern, *map(name_pattern, briefing.names), r"\\.", "''")), re.IGNORECASE)
    english = briefing.briefing.language.startswith("en") and style != '"'
    if style == '"':
        english = False
    out, position = [], 0
    for found in (*kept.finditer(body), None):
        end = found.start() if found else len(body)
        out.append(_run(body, position, end, kind, english))
        out.append(found[0] if found else "")
        position = found.end() if found else end
    return head + "".join(out) + tail


def _run(body: str, start: int, end: int, kind: Kind, english: bool) -> str:
    """A run of words with its signs mended, looked at in its place."""
    changes: dict[int, tuple[int, str]] = {}
    for pattern, sign in (*_SIGNS, *(_ENGLISH if english else ())):
        for found in pattern.finditer(body, start, end):
            changes.setdefault(found.start(), (found.end(), sign))
    for found in YEARS.finditer(body, start, end):
        if is_range(found):
            changes.setdefault(found.end(1), (found.start(2), "–"))
    if kind is Kind.PLAIN:
        for found in UNIT.finditer(body, start, end):
            changes.setdefault(found.start() + 1, (found.start() + 2, "\u00a0"))
    out, position = "", start
    for at in sorted(changes):
        if at >= position:
            behind, sign = changes[at]
            out += body[position:at] + sign
            position = behind
    return out + body[position:end]


def _says_the_same(source: ContentTree, text: str, name: str) -> bool:
    """Whether a file still says what it said, but for these signs."""
    try:
        return _bare(yaml_reader.parse(text.encode("utf-8"), name).tree) == _bare(source.tree)
    except Refused:
        return False


_ALIKE = str.maketrans({"’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": ".", "\u00a0": " "})


def _bare(tree: object) -> object:
    if isinstance(tree, dict):
        return {key: _bare(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_bare(value) for value in tree]
    if not isinstance(tree, str):
        return tree
    return re.sub(r"([-. ])\1+", r"\1", str(tree).translate(_ALIKE))
