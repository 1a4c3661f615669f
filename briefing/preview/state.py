"""What a window of the preview shows, as one frozen record that becomes JSON.

The engine makes a new state whenever something is new, and a window shows the newest that it has got: whoever comes
late, reloads or is slow misses nothing but what is out of date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from briefing.content.records import PaperName
from briefing.design.outputs import OutputName
from briefing.findings import Finding


@dataclass(frozen=True)
class Variant:
    """Which of the documents that a content file gives are shown; the content's own choice where none is made."""

    use: OutputName = OutputName.READING
    paper: PaperName | None = None
    language: str | None = None


class Phase(StrEnum):
    """How far the newest content has come."""

    WORKING = "working"  # its pages are being typeset
    PROVING = "proving"  # its pages are there, and are read back and judged
    READY = "ready"  # all is done
    BROKEN = "broken"  # it gives no pages: those of the last good content stay


@dataclass(frozen=True)
class PreviewPage:
    """A page as it is shown: the digest of its look, and its size in points."""

    digest: str
    width: float
    height: float


@dataclass(frozen=True)
class Gauge:
    """How full a document is."""

    length: float = 0.0  # pages, the last one by its filled part
    budget: int = 1
    over_lines: int = 0
    over_words: int = 0
    space: float = 1.0  # factors on spacing and type by which it was made to fit
    type: float = 1.0
    dropped: tuple[str, ...] = ()  # optional blocks that were left out to fit


@dataclass(frozen=True)
class SampleMark:
    """A sample of the mark of a numbered copy, shown over its place."""

    page: int  # from 0
    box: tuple[float, float, float, float]  # left, top, width and height, as parts of the page
    lines: tuple[str, ...]
    size: float  # of type, as a part of the page's width
    code: bool  # whether there will be a QR code
    at_right: bool  # where it will stand
    called: str  # what it is


@dataclass(frozen=True)
class PreviewDocument:
    """One document in a window."""

    name: str
    title: str
    sheets: tuple[PreviewPage, ...] = ()
    count: int = 0  # pages that there will be; fewer are there while they are drawn
    gauge: Gauge = Gauge()
    revision: int = 0  # of the content that its pages show
    working: bool = False
    kept: bool = False  # these are the last good pages, and the content says something else by now
    since: float = 0.0  # when its pages were made, in seconds of the clock
    mark: SampleMark | None = None
    spots: int = 0  # the number of the table of what stands where, or 0 while there is none for these pages
    trail: Mapping[str, float] = field(default_factory=dict)  # when each step was done


@dataclass(frozen=True)
class PreviewState:
    """Everything that a window shows."""

    version: int
    revision: int  # of the content: each change that was noticed is another
    phase: Phase
    use: OutputName
    paper: str
    language: str
    documents: tuple[PreviewDocument, ...]
    findings: tuple[Finding, ...]
    languages: tuple[str, ...]

    def facts(self) -> dict[str, Any]:
        """The state as it is sent."""
        return {
            "version": self.version,
            "revision": self.revision,
            "phase": self.phase.value,
            "use": self.use.value,
            "paper": self.paper,
            "language": self.language,
            "languages": list(self.languages),
            "documents": [asdict(one) for one in self.documents],
            "findings": [
                {
                    "severity": one.severity.value,
                    "code": one.code,
                    "message": one.message,
                    "hint": one.hint,
                    "file": one.place.file,
                    "line": one.place.line,
                    "column": one.place.column,
                    "about": one.about,
                }
                for one in self.findings
            ],
        }
