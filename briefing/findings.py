"""What there is to tell the editor.

A finding is one fault, doubt or remark with a stable code and a hint. It carries its path in the content, whose line is
looked up once, before findings are put in order and told (`content.yaml_reader.Source.locate`); or a place in another
file. Stages that have no product raise `Refused` with every finding at once; stages that have one return findings
beside it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs, gravest first."""

    ERROR = "error"  # nothing is published
    WARNING = "warning"
    NOTE = "note"
    NOT_RUN = "not run"  # a check that could not be made on this machine


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file; line and column count from 1, and 0 means the file as a whole."""

    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])


@dataclass(frozen=True, slots=True)
class ContentPath:
    """Where in the content: the keys and numbers that lead to a value."""

    path: tuple[str | int, ...]
    key: bool = False  # its key is meant
    character: str = ""  # the first of these within it is meant


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell the editor."""

    severity: Severity
    code: str
    message: str
    at: ContentPath | Place = NOWHERE
    hint: str = ""
    about: str = ""  # the block, figure or source that it is about, by the name that the content gives it

    @property
    def place(self) -> Place:
        """Its place in a file; a path of the content must have been located before."""
        assert isinstance(self.at, Place), self
        return self.at

    def or_at(self, at: ContentPath | Place) -> Finding:
        """The same, told there where it is told nowhere yet."""
        return replace(self, at=at) if self.at == NOWHERE else self


At = tuple[str | int, ...] | ContentPath | Place  # what findings are made with; a tuple is the path of a value


class Refused(Exception):
    """There is no product; `findings` says why, all at once. `draft` where the briefing is known to be one."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = in_order(findings)
        self.draft = False
        super().__init__("; ".join(finding.message for finding in self.findings))

    def __reduce__(self) -> tuple[type[Refused], tuple[tuple[Finding, ...]]]:
        return Refused, (self.findings,)  # it travels from process to process


class Missing(Exception):
    """Something that this machine lacks; `findings` names it and how to install it."""

    def __init__(self, finding: Finding) -> None:
        self.findings = (finding,)
        super().__init__(finding.message)


def error(code: str, message: str, at: At = NOWHERE, hint: str = "", about: str = "") -> Finding:
    """A fault: nothing is published while it stands."""
    return Finding(Severity.ERROR, code, message, _at(at), hint, about)


def warning(code: str, message: str, at: At = NOWHERE, hint: str = "", about: str = "") -> Finding:
    """A doubt: the documents are published and the editor should look."""
    return Finding(Severity.WARNING, code, message, _at(at), hint, about)


def note(code: str, message: str, at: At = NOWHERE, hint: str = "", about: str = "") -> Finding:
    """A remark."""
    return Finding(Severity.NOTE, code, message, _at(at), hint, about)


def _at(at: At) -> ContentPath | Place:
    return ContentPath(at) if isinstance(at, tuple) else at


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any of them forbids publishing."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once, by file, line, column and code; those that are not located yet come first."""
    return tuple(sorted(dict.fromkeys(findings), key=_order))


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    place = finding.at if isinstance(finding.at, Place) else NOWHERE
    return place.file, place.line, place.column, finding.code, finding.message


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence that offers the nearest known name, or nothing."""
    known = tuple(known)
    near = difflib.get_close_matches(name.lower(), {k.lower(): k for k in known}, n=1, cutoff=0.6)
    if not near:
        return ""
    original = next(k for k in known if k.lower() == near[0])
    return f'Did you mean "{original}"?'
