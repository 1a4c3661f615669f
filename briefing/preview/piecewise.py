"""Content is read again and again while somebody writes: pieces of the file that have not changed are not parsed anew.

A file is cut where a key of its top stands, before each block of a document, and before each source and figure. A
piece is kept by its letters alone, and only what a whole reading would read the same way may be put together: each
piece is whole YAML by itself, ends outside of quotes, brackets and aliases, and begins further left than anything that
the one before it could go on with. Where any of that is in doubt, or anything is wrong, the file is read whole.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from briefing import files
from briefing.content import characters, yaml_reader
from briefing.content.scalars import Path
from briefing.content.sheet import Sheet
from briefing.content.tree import ContentTree, Tree
from briefing.content.tree_builder import MAX_DEPTH, MAX_NODES, TreeBuilder

_TOP = re.compile(r"[A-Za-z]\w*:(?: |$)")
_MARKS = re.compile(r"^(?:---|\.\.\.|%)", re.MULTILINE)
_BLOCKS = re.compile(r" +blocks:\s*$")
_STAND_IN, _ENTRY = "- block", "entry: entry"
_HOLDER = re.compile(r"(?:sources|units|figures|charts|glossary):\s*$")
_KEY = re.compile(r" +[A-Za-z][\w-]*:(?: |$)")
Places = dict[Path, tuple[int, int]]


class _Doubt(Exception):
    """The file is to be read whole."""


@dataclass(frozen=True)
class _Piece:
    """A part of a file that was read by itself: its one value, and where things stand in it."""

    key: str  # of the top; none for a block
    tree: Tree
    values: Places  # by paths that begin behind the key, or the number of the block
    keys: Places
    nodes: int


class PieceReader:
    """Reads one content file after the other, the same as `yaml_reader.read`."""

    def __init__(self) -> None:
        self._kept: dict[tuple[bool, str], _Piece] = {}
        self._used: dict[tuple[bool, str], _Piece] = {}

    def read(self, path: FilePath, name: str) -> ContentTree:
        """Read a content file; raises `Refused` with every fault."""
        missing, large = "name another with --content FILE", "divide it into several briefings"
        return self.parse(files.read_named(path, yaml_reader.MAX_BYTES, name, missing, large), name)

    def parse(self, data: bytes, name: str) -> ContentTree:
        """Parse the bytes of a content file; raises `Misread` with every fault."""
        text, faults = characters.decode(data, name)
        self._used = {}
        try:
            if faults or _MARKS.search(text):
                raise _Doubt
            source = self._assembled(tuple(text.split("\n")), name)
        except _Doubt:
            return yaml_reader.parse(data, name)
        self._kept = self._used
        return source

    def _assembled(self, lines: tuple[str, ...], name: str) -> ContentTree:
        tops = [number for number, line in enumerate(lines) if _TOP.match(line)]
        if not tops:
            raise _Doubt
        tree: dict[str, Tree] = {}
        values: Places = {}
        keys: Places = {}
        nodes = 1
        for begin, end in zip([0, *tops[1:]], [*tops[1:], len(lines)], strict=True):
            blocks, entries = _blocks(lines, begin, end), _entries(lines, begin, end)
            if entries:
                nodes += self._add_entries(lines, begin, [*entries, end], (tree, values, keys), name)
                continue
            if blocks:
                stand_in = " " * _indent(lines[blocks[0]]) + _STAND_IN
                piece = self._piece((*lines[begin : blocks[0]], stand_in, ""), False, name)
                if piece.values.get(("blocks", 0)) != (blocks[0] - begin + 1, len(stand_in) - 4):
                    raise _Doubt  # it does not stand where blocks would
            else:
                piece = self._piece(_part(lines, begin, end), False, name)
            if piece.key in tree:
                raise _Doubt
            tree[piece.key] = piece.tree
            values.update(_moved(piece.values, (piece.key,), begin))
            keys.update(_moved(piece.keys, (piece.key,), begin))
            nodes += piece.nodes
            if blocks:
                nodes += self._add_blocks(lines, [*blocks, end], piece, (tree, values, keys), name)
        if nodes > MAX_NODES:
            raise _Doubt
        start = next(iter(keys.values()))
        return ContentTree(name, tree, {(): start, **values}, keys, lines)

    def _add_blocks(
        self,
        lines: tuple[str, ...],
        cuts: list[int],
        head: _Piece,
        to: tuple[dict[str, Tree], Places, Places],
        name: str,
    ) -> int:
        """Put blocks where a stand-in was read; how many values they hold."""
        tree, values, keys = to
        if not isinstance(head.tree, dict) or head.tree.get("blocks") != ["block"]:
            raise _Doubt
        blocks, nodes = [], -1
        for number, (begin, end) in enumerate(itertools.pairwise(cuts)):
            piece = self._piece(_part(lines, begin, end), True, name)
            blocks.append(piece.tree)
            path = (head.key, "blocks", number)
            values.update(_moved(piece.values, path, begin))
            keys.update(_moved(piece.keys, path, begin))
            nodes += piece.nodes
        tree[head.key] = {**head.tree, "blocks": blocks}
        return nodes

    def _add_entries(
        self, lines: tuple[str, ...], begin: int, cuts: list[int], to: tuple[dict[str, Tree], Places, Places], name: str
    ) -> int:
        """Put entries, each a key with what it holds, below a key of the top; how many values there are."""
        tree, values, keys = to
        column = _indent(lines[cuts[0]]) + 1
        head = self._piece((*lines[begin : cuts[0]], " " * (column - 1) + _ENTRY, ""), False, name)
        if head.tree != {"entry": "entry"} or head.values[("entry",)][0] != cuts[0] - begin + 1 or head.key in tree:
            raise _Doubt
        tree[head.key] = entries = {}
        values[head.key,] = head.values[()][0] + begin, head.values[()][1]
        keys[head.key,] = head.keys[()][0] + begin, head.keys[()][1]
        nodes = head.nodes - 2
        for start, end in itertools.pairwise(cuts):
            piece = self._piece(_part(lines, start, end), False, name, column)
            if piece.key in entries:
                raise _Doubt
            entries[piece.key] = piece.tree
            values.update(_moved(piece.values, (head.key, piece.key), start))
            keys.update(_moved(piece.keys, (head.key, piece.key), start))
            nodes += piece.nodes
        return nodes

    def _piece(self, lines: tuple[str, ...], is_block: bool, name: str, column: int = 1) -> _Piece:
        key = is_block, "\n".join(lines)
        piece = self._kept.get(key) or self._used.get(key)
        if piece is None:
            piece = _read(lines, is_block, name, column)
        self._used[key] = piece
        return piece


def _read(lines: tuple[str, ...], is_block: bool, name: str, column: int) -> _Piece:
    builder = _Builder(Sheet(lines), name)
    builder.run()
    tree = builder.tree
    whole = not (builder.stop or builder.faults or builder.anchors or builder.aliases or builder.has_empty)
    if not whole or not isinstance(tree, list if is_block else dict) or len(tree) != 1:
        raise _Doubt
    key: Any = 0 if is_block else next(iter(tree))
    if is_block and builder.values[()] != (1, _indent(lines[0]) + 1):
        raise _Doubt
    if not is_block and builder.keys[key,][1] != column:
        raise _Doubt
    values = {path[1:]: place for path, place in builder.values.items() if path}
    keys = {path[1:]: place for path, place in builder.keys.items()}
    return _Piece("" if is_block else key, tree[key], values, keys, builder.nodes - 1)


class _Builder(TreeBuilder):
    """Notes what a piece may not hold."""

    has_empty = False  # an empty value takes its place from what comes after it

    def _put(self, value: Tree, line: int, column: int, anchor: str | None) -> Path:
        self.has_empty |= value is None
        if len(self.stack) > MAX_DEPTH - 4:
            raise _Doubt
        return super()._put(value, line, column, anchor)


def _part(lines: tuple[str, ...], begin: int, end: int) -> tuple[str, ...]:
    """Some lines, with the line end behind the last one if there is one in the file."""
    return (*lines[begin:end], "") if end < len(lines) else lines[begin:end]


def _moved(places: Places, path: Path, lines: int) -> Iterator[tuple[Path, tuple[int, int]]]:
    return (((*path, *inner), (line + lines, column)) for inner, (line, column) in places.items())


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _blocks(lines: tuple[str, ...], begin: int, end: int) -> list[int]:
    """The lines at which the blocks of a document begin; none where it does not end with them."""
    if not lines[begin].startswith(("brief:", "fact_sheet:")):
        return []
    found = next((number for number in range(begin, end) if _BLOCKS.match(lines[number])), end)
    cuts: list[int] = []
    for number in range(found + 1, end):
        bare = lines[number].lstrip(" ")
        if not bare or bare.startswith("#"):
            continue
        indent = _indent(lines[number])
        if not cuts or (indent == _indent(lines[cuts[0]]) and bare.startswith("- ")):
            if not bare.startswith("- ") or indent < _indent(lines[found]):
                return []
            cuts.append(number)
        elif indent <= _indent(lines[cuts[0]]):
            return []
    return cuts


def _entries(lines: tuple[str, ...], begin: int, end: int) -> list[int]:
    """The lines at which the entries of a key begin that holds nothing but keys on lines of their own."""
    if not _HOLDER.match(lines[begin]):
        return []
    cuts: list[int] = []
    for number in range(begin + 1, end):
        bare = lines[number].lstrip(" ")
        if not bare or bare.startswith("#"):
            continue
        indent = _indent(lines[number])
        if not cuts or indent == _indent(lines[cuts[0]]):
            if not _KEY.match(lines[number]):
                return []
            cuts.append(number)
        elif indent < _indent(lines[cuts[0]]):
            return []
    return cuts
