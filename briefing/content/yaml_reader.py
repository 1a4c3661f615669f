"""YAML with positions: the text of a content file becomes a tree whose every scalar is text.

The tree is built from PyYAML's events, so depth, size, aliases, tags and duplicate keys are under our hand and nothing
is ever constructed. Typing belongs to the schema: here `no`, `1.10` and `010` are the letters that were written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

import yaml

from briefing import files, program
from briefing.content import characters
from briefing.content.scalars import Path
from briefing.findings import ContentPath, Finding, Place, Refused, error

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_NODES = 50_000
MAX_ALIASES = 50

Tree = Any  # dict[str, Tree] | list[Tree] | Scalar | None


class Scalar(str):
    """A scalar's text; `plain` tells that it stood without quotes."""

    plain: bool

    def __new__(cls, text: str, plain: bool = False) -> Scalar:
        """Text as it was written, with or without quotes."""
        scalar = super().__new__(cls, text)
        scalar.plain = plain
        return scalar

    def __reduce__(self) -> tuple[type[Scalar], tuple[str, bool]]:
        return Scalar, (str(self), self.plain)

    def __digest__(self) -> tuple[str, bytes]:
        """What of it counts where records are compared by their digests: its kind, and its text as bytes."""
        return f"scalar {self.plain}", str(self).encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class ContentTree:
    """A content file: its tree, and where each key and value stands."""

    file: str
    tree: Tree
    values: dict[Path, tuple[int, int]]
    keys: dict[Path, tuple[int, int]]
    lines: tuple[str, ...] = ()

    def place(self, path: Path, key: bool = False) -> Place:
        """Where the value (or its key) stands; for a path that does not exist, its nearest parent."""
        for end in range(len(path), -1, -1):
            head = path[:end]
            found = self.values.get(head)
            if end < len(path) or key:
                found = self.keys.get(head) or found
            if found:
                return Place(self.file, *found)
        return Place(self.file)

    def locate(self, finding: Finding) -> Finding:
        """The finding at its line and column, if it is of the content."""
        at = finding.at
        if not isinstance(at, ContentPath):
            return finding
        place = self._place_of(at.path, at.character) if at.character else self.place(at.path, at.key)
        return replace(finding, at=place)

    @contextmanager
    def located(self) -> Iterator[None]:
        """Locate what is refused within."""
        try:
            yield
        except Refused as refused:
            raise Refused(map(self.locate, refused.findings)) from None

    def _place_of(self, path: Path, character: str) -> Place:
        """Where in a text a character stands; where the text itself begins if it is written as an escape."""
        start = self.place(path)
        for number, line in enumerate(self.lines[start.line - 1 :], start.line):
            column = line.find(character, start.column - 1 if number == start.line else 0)
            if column >= 0:
                return Place(self.file, number, column + 1)
        return start


def read(path: FilePath, name: str) -> ContentTree:
    """Read a content file; `name` is how findings call it.

    Raises `Refused` with every fault that can be told apart before the first one that stops a YAML parser.
    """
    missing, large = "name another with --content FILE", "divide it into several briefings"
    return parse(files.read_named(path, MAX_BYTES, name, missing, large), name)


def parse(data: bytes, name: str) -> ContentTree:
    """Parse the bytes of a content file."""
    text, unfit = characters.decode(data, name)
    if unfit:
        raise Refused(unfit)
    builder = _Builder(text, name)
    builder.run()
    if builder.faults:
        raise Refused(builder.faults)
    return ContentTree(name, builder.tree, builder.values, builder.keys, tuple(builder.lines))


@dataclass
class _Open:
    """A mapping or sequence that is being filled."""

    holder: dict[str, Tree] | list[Tree]
    path: Path
    key: str | None = None
    seen: dict[str, tuple[int, int]] | None = None


class _Builder:
    """Fills a tree from parsing events; iterative, so depth is a number and not a stack."""

    def __init__(self, text: str, name: str) -> None:
        self.lines = text.split("\n")
        self.text = text
        self.name = name
        self.faults: list[Finding] = []
        self.values: dict[Path, tuple[int, int]] = {}
        self.keys: dict[Path, tuple[int, int]] = {}
        self.tree: Tree = None
        self.stack: list[_Open] = []
        self.anchors: dict[str, Tree] = {}
        self.open_anchors: set[str] = set()
        self.quoted = (0, 0, 0)  # where the last quoted text begins, and the line where it ends
        self.nodes = self.aliases = self.documents = 0

    def run(self) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            for event in yaml.parse(self.text, Loader=loader):
                if not self._take(event):
                    return
        except yaml.YAMLError as problem:
            mark = getattr(problem, "problem_mark", None) or getattr(problem, "context_mark", None)
            self._syntax(problem, mark.line if mark else 0, mark.column if mark else 0)
        if not self.documents and not self.faults:
            self._fault(
                "file-empty",
                "the file holds nothing",
                0,
                0,
                f"{program.name()} new DIR writes a small briefing to begin with",
            )

    def _fault(self, code: str, message: str, line: int, column: int, hint: str = "") -> None:
        self.faults.append(error(code, message, Place(self.name, line + 1, column + 1), hint))

    # Each event either ends the reading (False) or leads to the next.
    def _take(self, event: yaml.Event) -> bool:
        line, column = _spot(event.start_mark)
        if isinstance(event, yaml.ScalarEvent):  # most of them
            return self._scalar(event, line, column)
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._fault(
                    "yaml-documents",
                    "a second YAML document begins here",
                    line,
                    column,
                    "keep one briefing in a file: delete the line ---",
                )
                return False
        elif isinstance(event, yaml.AliasEvent):
            return self._alias(event, line, column)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            return self._begin(event, line, column)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._end()
        return True

    def _count(self, line: int, column: int) -> bool:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self._fault(
                "yaml-too-large",
                f"the file has more than {MAX_NODES:,} values",
                line,
                column,
                "divide it into several briefings; aliases count as often as they stand",
            )
            return False
        return True

    def _tag(self, tag: str | None, line: int, column: int) -> None:
        if tag not in (None, "!", "tag:yaml.org,2002:str"):
            self._fault(
                "yaml-tag", f"the tag {tag} is not known here", line, column, "delete the tag; content is plain text"
            )

    def _scalar(self, event: yaml.ScalarEvent, line: int, column: int) -> bool:
        if not self._count(line, column):
            return False
        self._tag(event.tag, line, column)
        plain = event.style in (None, "")
        if event.style in ("'", '"'):
            self.quoted = (line, column, _spot(event.end_mark)[0])
        if found := characters.FORBIDDEN.search(event.value):  # written as an escape, such as "\\a"
            self.faults.append(characters.forbidden(found[0], Place(self.name, line + 1, column + 1)))
        if self._awaits_key():
            return self._key(event.value, line, column)
        if plain and event.value:
            self._comment(event.value, *_spot(event.end_mark))
        elif plain:
            self._comment_instead(line)
        value = None if plain and event.value in ("", "~", "null") else Scalar(event.value, plain)
        self._put(value, line, column, event.anchor)
        return True

    def _comment(self, text: str, line: int, column: int) -> None:
        """Tell a # that swallows what was meant as text; behind a single word, “# ” begins a remark."""
        rest = self.lines[line][column:] if line < len(self.lines) else ""
        found = re.match(r"\s*#", rest)
        if found and (" " in text or not rest[found.end() :].startswith(" ")):
            self._swallows(line, column + found.end() - 1)

    def _comment_instead(self, line: int) -> None:
        """Tell a value that is empty because it begins with #; the parser has already read on from it."""
        key = self.keys.get((*self.stack[-1].path, self.stack[-1].key or "")) if self.stack else None
        for number in (key[0] - 1,) if key else (line, line - 1):
            if found := re.search(r"(^\s*-|:)\s+(?=#\S)", self.lines[number]):
                self._swallows(number, found.end())
                return

    def _swallows(self, line: int, column: int) -> None:
        self._fault(
            "yaml-comment",
            "everything after # on this line is read as a comment",
            line,
            column,
            "if it belongs to the text, put the whole text in quotes; if it is a comment, give it a line of its own",
        )

    def _begin(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent, line: int, column: int) -> bool:
        if not self._count(line, column):
            return False
        if len(self.stack) >= MAX_DEPTH:
            self._fault(
                "yaml-too-deep",
                f"values are nested more than {MAX_DEPTH} deep",
                line,
                column,
                "a briefing needs no more than ten: look for brackets that are not closed",
            )
            return False
        if self._awaits_key():
            if self._slip(line):
                return False
            self._fault("yaml-key", "a key must be a word", line, column, "put text that begins with { or [ in quotes")
            return False
        if event.tag not in (None, "!"):
            self._tag(event.tag, line, column)
        holder: dict[str, Tree] | list[Tree] = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._put(holder, line, column, event.anchor)
        if event.anchor:
            self.open_anchors.add(event.anchor)
        self.stack.append(_Open(holder, path, seen={} if isinstance(holder, dict) else None))
        return True

    def _end(self) -> None:
        closed = self.stack.pop()
        for anchor in list(self.open_anchors):
            if self.anchors.get(anchor) is closed.holder:
                self.open_anchors.discard(anchor)

    def _alias(self, event: yaml.AliasEvent, line: int, column: int) -> bool:
        self.aliases += 1
        if event.anchor in self.open_anchors:
            self._fault("yaml-alias-loop", f"*{event.anchor} stands inside itself", line, column, "write the text out")
            return False
        if event.anchor not in self.anchors:
            self._fault(
                "yaml-alias-unknown",
                f"*{event.anchor} names no &{event.anchor} before it",
                line,
                column,
                "put text that begins with * in quotes",
            )
            return False
        if self.aliases > MAX_ALIASES:
            self._fault("yaml-aliases", f"more than {MAX_ALIASES} aliases", line, column, "write the text out")
            return False
        self.nodes += _size(self.anchors[event.anchor], MAX_NODES)
        if not self._count(line, column):
            return False
        if self._awaits_key():
            self._fault("yaml-key", "a key must be a word", line, column, "put text that begins with * in quotes")
            return False
        self._put(self.anchors[event.anchor], line, column, None)
        return True

    def _awaits_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].holder, dict) and self.stack[-1].key is None

    def _key(self, key: str, line: int, column: int) -> bool:
        top = self.stack[-1]
        assert top.seen is not None
        if key in top.seen:
            first = top.seen[key]
            self._fault(
                "key-duplicate",
                f'the key "{key}" stands here and in line {first[0]}',
                line,
                column,
                "keep one of the two, or give one another name",
            )
        else:
            top.seen[key] = (line + 1, column + 1)
            self.keys[(*top.path, key)] = (line + 1, column + 1)
        top.key = key
        return True

    def _put(self, value: Tree, line: int, column: int, anchor: str | None) -> Path:
        if anchor:
            self.anchors[anchor] = value
        if not self.stack:
            self.tree = value
            self.values[()] = (line + 1, column + 1)
            return ()
        top = self.stack[-1]
        if isinstance(top.holder, dict):
            assert top.key is not None
            path = (*top.path, top.key)
            top.holder.setdefault(top.key, value)
            top.key = None
        else:
            path = (*top.path, len(top.holder))
            top.holder.append(value)
        self.values.setdefault(path, (line + 1, column + 1))
        return path

    def _syntax(self, problem: yaml.YAMLError, line: int, column: int) -> None:
        near = [number for number in (line, line - 1) if 0 <= number < len(self.lines)]
        if any(self._slip(number) for number in near):
            return
        context = getattr(problem, "context_mark", None)
        if context and self._at(context.line, context.column) in ("'", '"'):
            escape = self._at(line, max(0, column - 2), 3).rfind("\\")
            if escape >= 0:
                hint = "put the text in single quotation marks, or double the backslash"
                self._fault("yaml-escape", "a backslash may not stand here", line, max(0, column - 2) + escape, hint)
            else:
                self._unclosed(context.line, context.column)
            return
        if self.quoted[0] < self.quoted[2] and line in (self.quoted[2], self.quoted[2] + 1):
            self._unclosed(*self.quoted[:2])  # it was closed by a mark that opens a later text
            return
        if self._at(line, column) in ("@", "`"):
            self._fault(
                "yaml-start",
                f"text may not begin with {self._at(line, column)} unless it is quoted",
                line,
                column,
                "put the whole text in quotes",
            )
            return
        for number in near:
            if found := re.match(r"[^'\"#]*[^'\"#\s]\s+(?=#)", self.lines[number]):
                self._swallows(number, found.end())
                return
        what = getattr(problem, "problem", None) or "cannot be read"
        during = getattr(problem, "context", None)
        self._fault(
            "yaml-syntax",
            f"this is not YAML: {what}" + (f" ({during})" if during else ""),
            line,
            column,
            "look at this line and the one before: indentation, a missing colon or quotation mark, or a text with “: ” "
            "in it that needs quotes",
        )

    def _unclosed(self, line: int, column: int) -> None:
        hint = "close it, or double a quotation mark that belongs to the text"
        self._fault("yaml-quote", "a quotation mark opens here and is not closed", line, column, hint)

    def _at(self, line: int, column: int, count: int = 1) -> str:
        return self.lines[line][column : column + count] if line < len(self.lines) else ""

    def _slip(self, line: int) -> bool:
        """Tell the two slips that every editor makes: a value that begins with {{…}} or [@…] without quotes."""
        found = re.match(r"(\s*(?:- +)*(?:[\w-]+: +)?)(\{\{|\[@)", self.lines[line])
        if not found:
            return False
        figure = found[2] == "{{"
        self._fault(
            "yaml-figure-unquoted" if figure else "yaml-citation-unquoted",
            f"text that begins with {'{{' if figure else '[@'} must be quoted",
            line,
            found.end(1),
            'write "{{figure}} and so on" with the quotation marks'
            if figure
            else 'write "[@source] and so on" with the quotation marks',
        )
        return True


def _spot(mark: yaml.Mark | Any) -> tuple[int, int]:
    """Line and column of a mark, from 0; PyYAML's types let events lack one."""
    return (mark.line, mark.column) if mark else (0, 0)


def _size(tree: Tree, limit: int) -> int:
    """How many values a tree holds, counted no further than the limit."""
    count, todo = 0, [tree]
    while todo and count <= limit:
        node = todo.pop()
        count += 1
        if isinstance(node, dict):
            todo.extend(node.values())
        elif isinstance(node, list):
            todo.extend(node)
    return count
