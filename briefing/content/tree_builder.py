"""Builds the tree of a content file from the events of a YAML parser.

Depth, size, aliases, tags and duplicate keys are under our hand, and nothing is ever constructed. Typing belongs to the
schema: here `no`, `1.10` and `010` are the letters that were written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from briefing import program
from briefing.content import characters
from briefing.content.scalars import Path
from briefing.content.sheet import Sheet
from briefing.content.tree import Scalar, Tree
from briefing.findings import Finding, Place, error

MAX_DEPTH = 40
MAX_NODES = 50_000
MAX_ALIASES = 50
UNREAD = "–"  # stands for a text that has a fault and was told


@dataclass(frozen=True)
class Stop:
    """Where the reading of a sheet ended before its end, counted from 0, and why."""

    kind: str  # yaml, key, comma, documents; limit where nothing helps
    line: int
    column: int
    flow: tuple[int, int] | None = None  # where the outermost bracket stands that is open
    problem: yaml.YAMLError | None = None
    quoted: tuple[int, int, int] = (0, 0, 0)  # where the last quoted text begins, and the line where it ends


@dataclass
class _Open:
    """A mapping or sequence that is being filled."""

    holder: dict[str, Tree] | list[Tree]
    path: Path
    flow: bool  # it stands in braces or brackets
    key: str | None = None
    key_ends: tuple[int, int] = (-1, -1)
    seen: dict[str, tuple[int, int]] | None = None


class TreeBuilder:
    """Fills a tree from parsing events; iterative, so depth is a number and not a stack."""

    def __init__(self, sheet: Sheet, name: str) -> None:
        self.sheet, self.lines = sheet, sheet.lines
        self.name = name
        self.stop: Stop | None = None  # where the reading ended before the end of the file
        self.flows: list[tuple[int, int]] = []  # the brackets that are open, where they stand
        self.faults: list[Finding] = []
        self.values: dict[Path, tuple[int, int]] = {}
        self.keys: dict[Path, tuple[int, int]] = {}
        self.tree: Tree = None
        self.stack: list[_Open] = []
        self.anchors: dict[str, Tree] = {}
        self.open_anchors: set[str] = set()
        self.quoted = (0, 0, 0)  # where the last quoted text begins, and the line where it ends
        self.nodes = self.aliases = self.documents = 0
        self.has_holes = False  # something was told that has no text to stand for it

    def run(self) -> None:
        """Read the whole sheet, or as far as a parser gets."""
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            for event in yaml.parse("\n".join(self.lines), Loader=loader):
                if not self._take(event):
                    return
        except yaml.YAMLError as problem:
            mark = getattr(problem, "problem_mark", None) or getattr(problem, "context_mark", None)
            flow = self.flows[0] if self.flows else None
            self.stop = Stop("yaml", *_spot(mark), flow, problem, self.quoted)
            return
        if not self.documents and not self.faults:
            hint = f"{program.name()} new DIR writes a small briefing to begin with"
            self._fault("file-empty", "the file holds nothing", 0, 0, hint)

    def _ends(self, kind: str, line: int, column: int) -> bool:
        self.stop = Stop(kind, line, column, self.flows[0] if self.flows else None)
        return False

    def _fault(self, code: str, message: str, line: int, column: int, hint: str = "") -> None:
        self.faults.append(error(code, message, self._place(line, column), hint))

    def _place(self, line: int, column: int) -> Place:
        return Place(self.name, line + 1, self.sheet.origin(line, column) + 1)

    def _at(self, line: int, column: int) -> tuple[int, int]:
        return line + 1, self.sheet.origin(line, column) + 1

    # Each event either ends the reading (False) or leads to the next.
    def _take(self, event: yaml.Event) -> bool:
        line, column = _spot(event.start_mark)
        if isinstance(event, yaml.ScalarEvent):  # most of them
            return self._scalar(event, line, column)
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                return self._ends("documents", line, column)
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
            self._ends("limit", line, column)
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
        if not _is_text(tag):
            self.has_holes = True
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
            self.faults.append(characters.forbidden(found[0], self._place(line, column)))
        if self._awaits_key():
            self.stack[-1].key_ends = _spot(event.end_mark)
            return self._key(event.value, line, column)
        if (
            plain
            and not event.value
            and self.stack
            and self.stack[-1].flow
            and self.stack[-1].key_ends == (line, column)
        ):
            return self._ends("comma", line, column)  # {label: Review, median}: it has no colon
        if plain and event.value:
            self._comment(event.value, *_spot(event.end_mark))
        instead = plain and not event.value and self._comment_instead(line)
        value = None if plain and event.value in ("", "~", "null") else Scalar(event.value, plain)
        if instead or not _is_text(event.tag):
            value = Scalar(UNREAD)
        self._put(value, line, column, event.anchor)
        return True

    def _comment(self, text: str, line: int, column: int) -> None:
        """Tell a # that swallows what was meant as text; behind a single word, “# ” begins a remark."""
        rest = self.lines[line][column:] if line < len(self.lines) else ""
        found = re.match(r"\s*#", rest)
        if found and (" " in text or not rest[found.end() :].startswith(" ")):
            self._swallows(line, column + found.end() - 1)

    def _comment_instead(self, line: int) -> bool:
        """Tell a value that is empty because it begins with #; the parser has already read on from it."""
        key = self.keys.get((*self.stack[-1].path, self.stack[-1].key or "")) if self.stack else None
        for number in (key[0] - 1,) if key else (line, line - 1):
            if found := re.search(r"(^\s*-|:)\s+(?=#\S)", self.lines[number]):
                self._swallows(number, found.end())
                return True
        return False

    def _swallows(self, line: int, column: int) -> None:
        self._fault(
            "yaml-comment",
            "everything after # on this line is read as a comment",
            line,
            column,
            "if it belongs to the text, put the whole text in quotes; if it is a comment, give it a line of its own",
        )

    def _begin(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent, line: int, column: int) -> bool:
        if event.flow_style:
            self.flows.append((line, column))
        if not self._count(line, column):
            return False
        if len(self.stack) >= MAX_DEPTH:
            self._ends("limit", line, column)
            self._fault(
                "yaml-too-deep",
                f"values are nested more than {MAX_DEPTH} deep",
                line,
                column,
                "a briefing needs no more than ten: look for brackets that are not closed",
            )
            return False
        if self._awaits_key():
            return self._ends("key", line, column)
        if event.tag not in (None, "!"):
            self._tag(event.tag, line, column)
        holder: dict[str, Tree] | list[Tree] = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._put(holder, line, column, event.anchor)
        if event.anchor:
            self.open_anchors.add(event.anchor)
        self.stack.append(_Open(holder, path, bool(event.flow_style), seen={} if isinstance(holder, dict) else None))
        return True

    def _end(self) -> None:
        closed = self.stack.pop()
        if closed.flow:
            self.flows.pop()
        for anchor in list(self.open_anchors):
            if self.anchors.get(anchor) is closed.holder:
                self.open_anchors.discard(anchor)

    def _alias(self, event: yaml.AliasEvent, line: int, column: int) -> bool:
        self.aliases, anchor = self.aliases + 1, event.anchor or ""
        if anchor in self.open_anchors:
            self._fault("yaml-alias-loop", f"*{anchor} stands inside itself", line, column, "write the text out")
            return self._ends("limit", line, column)
        if self.aliases > MAX_ALIASES:
            self._fault("yaml-aliases", f"more than {MAX_ALIASES} aliases", line, column, "write the text out")
            return self._ends("limit", line, column)
        if anchor not in self.anchors:
            hint = "put text that begins with * in quotes"
            self._fault("yaml-alias-unknown", f"*{anchor} names no &{anchor} before it", line, column, hint)
            self.anchors[anchor] = Scalar(f"*{anchor}", plain=True)
        self.nodes += _size(self.anchors[anchor], MAX_NODES)
        if not self._count(line, column):
            return False
        if self._awaits_key():
            return self._ends("key", line, column)
        self._put(self.anchors[anchor], line, column, None)
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
            top.seen[key] = self.keys[(*top.path, key)] = self._at(line, column)
        top.key = key
        return True

    def _put(self, value: Tree, line: int, column: int, anchor: str | None) -> Path:
        if anchor:
            self.anchors[anchor] = value
        if not self.stack:
            self.tree = value
            self.values[()] = self._at(line, column)
            return ()
        top = self.stack[-1]
        if isinstance(top.holder, dict):
            assert top.key is not None
            path = (*top.path, top.key)
            top.holder.setdefault(top.key, value)
            top.key, top.key_ends = None, (-1, -1)
        else:
            path = (*top.path, len(top.holder))
            top.holder.append(value)
        self.values.setdefault(path, self._at(line, column))
        return path


def _spot(mark: yaml.Mark | Any) -> tuple[int, int]:
    """Line and column of a mark, from 0; PyYAML's types let events lack one."""
    return (mark.line, mark.column) if mark else (0, 0)


def _is_text(tag: str | None) -> bool:
    return tag in (None, "!", "tag:yaml.org,2002:str")


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
