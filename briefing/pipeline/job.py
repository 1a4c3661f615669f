"""What a run is asked to do, and what has become of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.checks import answers
from briefing.content.briefing import Briefing
from briefing.content.records import PaperName, Status
from briefing.design.outputs import OUTPUTS, PRODUCTS, Output, OutputName
from briefing.findings import Finding
from briefing.pipeline import edition_history, proof_cache
from briefing.products.registry import ProductOptions
from briefing.runtime.run_record import Files

if TYPE_CHECKING:
    from briefing.proofing.proof_set import ProofSet

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Job:
    """What a run is asked to do; paths are absolute but for the name that findings call the content by."""

    content: Path
    name: str
    out: Path
    templates: Path
    today: datetime.date  # on which figures and sources are stale, or lie in the future; never printed
    documents: tuple[str, ...] = Briefing.DOCUMENTS
    paper: PaperName | None = None  # the content's own where none is named
    outputs: tuple[OutputName, ...] = (OutputName.READING,)
    bars: str | None = None  # a content file or a git revision: bars stand beside what differs from it
    environment: Mapping[str, str] = field(default_factory=dict)  # for git
    dry: bool = False  # everything but publishing
    strict: bool = False  # a warning forbids publishing too
    options: ProductOptions = field(default_factory=ProductOptions)
    brand: Path | None = None  # named on the command line
    house_templates: Path | None = None  # a folder of them, trusted as the program is
    house_brand: Path | None = None  # of this machine, where nothing else names one
    shelf: proof_cache.ProofCache | None = None  # where drawings and proofs are kept; without one, all is made anew
    at_once: int | None = None  # how many documents are typeset at the same time; as many as there are cores

    @property
    def output_rows(self) -> tuple[Output, ...]:
        """The rows of its uses."""
        booklet = replace(PRODUCTS[OutputName.BOOKLET], base=self.options.booklet_of)
        return tuple(booklet if name is OutputName.BOOKLET else OUTPUTS[name] for name in self.outputs)

    def withheld(self, status: Status) -> tuple[OutputName, ...]:
        """The uses not made of a briefing with this status: no draft is for the press unless that is said."""
        if self.options.draft or status in (Status.FINAL, Status.EMBARGOED):
            return ()
        return tuple(row.name for row in self.output_rows if row.pages.name is OutputName.PRESS)

    @property
    def content_folder(self) -> Path:
        """Where the content's pictures are."""
        return self.content.resolve().parent

    @property
    def drawings(self) -> Path | None:
        """Where drawings are kept; nothing where all is drawn anew."""
        return self.shelf.drawings if self.shelf else None

    def folder(self, kind: Output) -> Path:
        """Where the files of a use go."""
        return self.out / kind.folder


@dataclass(frozen=True)
class FinishedDocument:
    """One document of an outcome."""

    document: str
    file: str  # within the output folder
    pages: int
    budget: int
    fill: float
    words: int
    bytes: int
    seconds: float
    renders: int
    findings: int
    html: str


@dataclass(frozen=True)
class PublishedSet:
    """What a use publishes together."""

    files: Mapping[str, bytes] = field(repr=False)
    facts: Mapping[str, object]  # for the manifest


@dataclass(frozen=True)
class Outcome:
    """What a run has made and noticed; nothing is published where it is refused."""

    made: tuple[FinishedDocument, ...]
    findings: tuple[Finding, ...]
    answered: tuple[answers.Met, ...]  # what the content has answered
    refused: bool
    work: ProofSet | None = None  # of the first use; nothing where the content could not be read
    sets: Mapping[OutputName, PublishedSet] = field(default_factory=dict)
    held: tuple[edition_history.PrintedEdition, tuple[Finding, ...]] | None = None  # against what was printed before
    draft: bool = False  # whether the content is known to be one
    files: Files | None = None  # of a run that has left all so that the same run would change nothing
