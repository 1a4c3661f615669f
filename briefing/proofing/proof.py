"""A typeset document: what is kept of it until it is published, and what is seen of it before it is proved."""

from __future__ import annotations

from dataclasses import dataclass

from briefing.design.outputs import OutputName
from briefing.documents.setting import Setting
from briefing.findings import Finding
from briefing.proofing import comparison, line_numbers
from briefing.proofing.comparison import Faint


@dataclass(frozen=True)
class MarkPlace:
    """Where a page keeps room for the mark of a copy; lengths in millimetres from its upper left corner, trimmed."""

    page: int  # from 1
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Proof:
    """A typeset document before it is published: its bytes, and what was noticed on the way."""

    document: str
    use: OutputName
    title: str  # how findings call it
    headline: str  # what it is called on its first page
    pdf: bytes
    pages: int
    budget: int
    fill: float  # of the last page
    words: int
    dropped: tuple[str, ...]
    renders: int
    setting: Setting
    findings: tuple[Finding, ...]
    lacking: tuple[str, ...]  # characters that no font has
    amiss: tuple[comparison.Discrepancy, ...]  # what the pages do not show as it was asked
    stood: tuple[comparison.Placement, ...]  # where everything stands
    lines: tuple[line_numbers.NumberedLine, ...]
    faint: tuple[Faint, ...]  # what a photocopy would lose
    html: str
    seconds: float
    mark: MarkPlace | None = None


@dataclass(frozen=True)
class Glimpse:
    """The pages of a document as soon as they are typeset, before they are proved; also where they are too many.

    Only those are in the PDF whose looks were not known before.
    """

    pdf: bytes
    looks: tuple[str, ...]  # a digest of what each page shows; none where finishing may change it
    within: tuple[int, ...]  # the pages that are in the PDF, from 0
    length: float  # pages taken, the last one by its filled part
    budget: int
    over_lines: int  # how much is over, in lines and in words of running text
    over_words: int
    setting: Setting
    dropped: tuple[str, ...]
    laid: float  # when they were laid, in seconds of the clock
    stood: tuple[comparison.Placement, ...] = ()  # where everything stands, on pages that no proof will have
