"""What a content file holds before anything in it has a type: texts by key and number, and where each stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from briefing.content.scalars import Path
from briefing.findings import ContentPath, Finding, Place, Refused

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
    has_holes: bool = False  # a line could not be read at all, and was left out

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
