"""What finishing steps know of a document besides its pages."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

Recipe = tuple[float, float, float, float]  # cyan, magenta, yellow and black, in per cent


@dataclass(frozen=True)
class AttachedFile:
    """A file that goes along inside the PDF."""

    name: str
    kind: str  # media type, such as text/csv
    told: str  # what it is, in a sentence
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class PrintingCondition:
    """What a print shop asks of a file."""

    profile: bytes = field(repr=False)  # of the printing condition (ICC)
    condition: str  # its name in the registry of the ICC, such as FOGRA39
    recipes: Mapping[str, Recipe]  # by colour, such as #0b3f5c
    bleed_mm: float
    ink_limit: float  # of all four inks together, in per cent
    slug: bytes = field(repr=False)  # a PDF with a sheet for each page: the line outside the bleed


@dataclass(frozen=True)
class Finishing:
    """A document as its finishing steps need it."""

    title: str = ""
    language: str = "en"
    publisher: str = ""
    date: datetime.date | None = None  # of the briefing: the only date that is ever stamped
    words: Mapping[str, str] = field(default_factory=dict)  # [pdf] of the words, in the document's language
    attached: tuple[AttachedFile, ...] = ()
    sources: Mapping[int, str] = field(default_factory=dict)  # publisher, by number
    press: PrintingCondition | None = None
    publishers: tuple[str, ...] = ()  # those beside the publisher
    authors: tuple[str, ...] = ()  # the publisher where there are none
    identifiers: tuple[str, ...] = ()  # such as urn:isbn:9780306406157

    @property
    def creators(self) -> tuple[str, ...]:
        """Who has made it: its authors, or who publishes it."""
        return self.authors or ((self.publisher,) if self.publisher else ())
