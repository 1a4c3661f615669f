"""What is wrong with a list: findings that name row and column, and never what stands there unless that is asked for.

A list with the same slip in every row would bury its other faults, so that each code is told so many times, and the
rest of it is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from briefing.findings import Finding, Place, Severity, error, note, warning

MOST_OF_A_KIND = 20
MOST_SHOWN = 60  # letters of a cell


@dataclass
class ListFaults:
    """Gathers what is found in one list; `show` lets findings say what stands in a cell."""

    file: str
    show: bool = False
    found: list[Finding] = field(default_factory=list)
    count: int = 0  # of errors
    times: Counter[tuple[Severity, str]] = field(default_factory=Counter)
    _told_cells: set[tuple[int, str]] = field(default_factory=set)  # of the row at hand
    columns: Sequence[str] = ()  # as the list has them, for the column of a place

    def error(self, code: str, message: str, row: int = 0, column: str = "", value: str = "", hint: str = "") -> None:
        """A fault: nothing is planned while it stands."""
        self.count += 1
        if self._is_wanted(Severity.ERROR, code, row, column):
            self.found.append(error(code, self._said(message, row, column, value), self._at(row, column), hint))

    def warning(self, code: str, message: str, row: int = 0, column: str = "", value: str = "", hint: str = "") -> None:
        """A doubt."""
        if self._is_wanted(Severity.WARNING, code, row, column):
            self.found.append(warning(code, self._said(message, row, column, value), self._at(row, column), hint))

    def note(self, code: str, message: str, row: int = 0, column: str = "", hint: str = "") -> None:
        """A remark."""
        if self._is_wanted(Severity.NOTE, code, row, column):
            self.found.append(note(code, self._said(message, row, column, ""), self._at(row, column), hint))

    @property
    def has_errors(self) -> bool:
        """Whether the list is refused."""
        return self.count > 0

    def told(self) -> tuple[Finding, ...]:
        """All that was found, and how much more there is of what was found too often to be told each time."""
        more = [
            Finding(
                severity,
                code,
                f"{count - MOST_OF_A_KIND:,} more of the same",
                Place(self.file),
                "mend those that are told, then look again",
            )
            for (severity, code), count in self.times.items()
            if count > MOST_OF_A_KIND
        ]
        return (*self.found, *more)

    def _is_wanted(self, severity: Severity, code: str, row: int, column: str) -> bool:
        """Whether this is to be told: the first fault of a cell, and not too often of one kind."""
        if row and column:
            if (row, column) in self._told_cells:
                return False
            if self._told_cells and next(iter(self._told_cells))[0] != row:
                self._told_cells.clear()
            self._told_cells.add((row, column))
        self.times[severity, code] += 1
        return self.times[severity, code] <= MOST_OF_A_KIND

    def _said(self, message: str, row: int, column: str, value: str) -> str:
        where = [f"row {row:,}"] * bool(row) + [f"column “{column}”"] * bool(column)
        shown = f" (“{value[:MOST_SHOWN]}”)" if self.show and value else ""
        return f"{', '.join(where)}: {message}{shown}" if where else f"{message}{shown}"

    def _at(self, row: int, column: str) -> Place:
        at = list(self.columns).index(column) + 1 if row and column in self.columns else 0
        return Place(self.file, row, at)
