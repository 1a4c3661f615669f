"""What a rule is: a question to the facts, with the clause that asks it and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from briefing.findings import Severity
from briefing.preflight.facts import Facts


@dataclass(frozen=True)
class Limits:
    """The numbers of a use; lengths as their names say."""

    type_pt: float = 7.5
    mark_pt: float = 6.0  # of one to three signs, such as the mark of a note
    line_pt: float = 0.25
    image_ppi: float = 150.0
    image_least_ppi: float = 0.0
    line_art_ppi: float = 0.0
    bleed_mm: float = 3.0
    ink: float = 300.0  # of all four inks together, in per cent
    small_text_pt: float = 10.5  # smaller type is printed in one ink
    small_text_inks: int = 1
    condition: str = "FOGRA39"  # the printing condition, as the registry of the ICC names it
    judged: frozenset[str] = frozenset()  # of ua, a and x: the standards whose own rules are in the use's row


@dataclass(frozen=True)
class Violation:
    """Something that a rule objects to, on one page or in the file as a whole (0)."""

    said: str
    page: int = 0
    count: int = 1


class Rule(NamedTuple):
    """One rule."""

    code: str
    severity: Severity
    clause: str
    hint: str
    look: Callable[[Facts, Limits], Iterable[Violation]]
