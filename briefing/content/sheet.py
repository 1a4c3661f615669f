"""The lines of a content file as they are read: some of them mended, each letter with its column in the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Letters = list[tuple[str, int]]  # each letter, and its column in the file


@dataclass(frozen=True)
class Sheet:
    """Lines to be read, and for those that were mended where their letters stand in the file."""

    lines: Sequence[str]
    origins: Mapping[int, Sequence[int]] = field(default_factory=dict)

    def origin(self, line: int, column: int) -> int:
        """The column in the file of a letter of the sheet."""
        known = self.origins.get(line)
        if not known:
            return column
        return known[column] if column < len(known) else known[-1] + 1 + column - len(known)

    def letter_at(self, line: int, column: int) -> str:
        """The letter that stands there, or nothing: a parser also names places behind the last line."""
        return self.lines[line][column : column + 1] if line < len(self.lines) else ""

    def letters(self, line: int) -> Letters:
        """The letters of a line with their columns."""
        return [(letter, self.origin(line, column)) for column, letter in enumerate(self.lines[line])]

    def with_lines(self, changed: Mapping[int, Letters]) -> Sheet:
        """The same sheet with other letters in some lines."""
        lines, origins = list(self.lines), dict(self.origins)
        for number, letters in changed.items():
            lines[number] = "".join(letter for letter, _ in letters)
            origins[number] = [column for _, column in letters]
        return Sheet(lines, origins)

    def changed_since(self, other: Sheet) -> list[int]:
        """The lines that are others than in a sheet of as many."""
        pairs = zip(self.lines, other.lines, strict=True)
        return [number for number, (now, then) in enumerate(pairs) if now != then]

    def indent(self, line: int) -> int:
        """How many spaces a line begins with."""
        return len(self.lines[line]) - len(self.lines[line].lstrip(" "))

    def is_blank(self, line: int) -> bool:
        """Whether nothing stands in a line, or only a remark."""
        return not self.lines[line].strip() or self.lines[line].lstrip().startswith("#")


def quoted(letters: Iterable[tuple[str, int]]) -> Letters:
    """Letters as they stand between quotation marks."""
    out: Letters = []
    for letter, column in letters:
        if letter in '"\\':
            out.append(("\\", column))
        out.append((letter, column))
    return out
