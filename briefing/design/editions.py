"""What each edition is: one row for each use that a document is made for.

A row names the layer of style, the PDF standard, the finishing steps, the preflight rules and the documents that are
made. To add an edition is to add a row here, and a folder in `templates/editions` where its pages look different.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

BOTH = ("brief", "fact_sheet")
STEMS = {"brief": "policy-brief", "fact_sheet": "fact-sheet"}


class EditionName(StrEnum):
    """What documents are made for."""

    READING = "reading"
    PRESS = "press"
    OFFICE = "office"
    BOOKLET = "booklet"
    LARGE_PRINT = "large-print"
    REVIEW = "review"


class Standard(StrEnum):
    """What a finished file conforms to."""

    ARCHIVE = "PDF/A-3a and PDF/UA-1"
    EXCHANGE = "PDF/X-4"
    NONE = "PDF 1.7"


class Step(StrEnum):
    """What is done to a file after typesetting, in the order of a row; `finishing.finish` has a function for each."""

    TAGS = "tags"  # the structure tree is mended
    ARTIFACTS = "artifacts"  # running heads are not read out; after TAGS, which leaves more out of the tree
    ARCHIVE = "archive"  # data attached, and one metadata stream for both standards
    EVEN = "even"  # a document of several pages ends on the back of a sheet
    VIEWER = "viewer"  # print dialogs are preset
    INERT = "inert"  # links and bookmarks are taken out
    INKS = "inks"  # colours become cyan, magenta, yellow and black
    MARKS = "marks"  # the page lies on a larger sheet, with bleed, crop marks and slug line
    EXCHANGE = "exchange"  # the file says for which printing it is made


class Rules(StrEnum):
    """Groups of preflight rules; `preflight.rule_sets` has the rules of each."""

    SOUND = "sound"  # for every file
    FILLED = "filled"  # no page is empty
    READABLE = "readable"  # tags, language, links: what PDF/UA-1 asks for
    ARCHIVE = "archive"  # what PDF/A-3a asks for
    BARE = "bare"  # nothing is attached
    OFFICE = "office"  # both sides, print dialog
    FOLDED = "folded"  # sheets of a booklet
    PRESS = "press"  # inks, boxes, marks: what PDF/X-4 and print shops ask for


@dataclass(frozen=True)
class EditionKind:
    """One row."""

    name: EditionName
    told: str  # in the help of the command line
    standard: Standard
    steps: tuple[Step, ...]
    rules: tuple[Rules, ...]
    documents: tuple[str, ...] = BOTH
    layer: str = ""  # folder in templates/editions with its tokens and styles, where its pages look different
    open_ended: bool = False  # whether its documents may run longer than the content says
    on_paper: bool = (
        False  # whether nobody reads it on a screen, so that links in texts are followed by their addresses
    )
    base: EditionName | None = None  # the edition whose pages it uses
    type_pt: float = 7.5  # the smallest type that preflight passes, but for marks of notes
    line_pt: float = 0.25  # the thinnest line that it passes

    @property
    def pages_of(self) -> EditionName:
        """The edition whose pages are typeset for it."""
        return self.base or self.name

    def file(self, document: str) -> str:
        """The name of a file; reading copies have the plain one."""
        stem = STEMS[document]
        return f"{stem}.pdf" if self.name is EditionName.READING else f"{stem}-{self.name}.pdf"

    @property
    def folder(self) -> str:
        """The folder below the output's: reading copies lie in the output folder itself."""
        return "" if self.name is EditionName.READING else self.name.value


_ARCHIVED = (Step.TAGS, Step.ARTIFACTS, Step.ARCHIVE)
_PRINTABLE = (Step.ARTIFACTS, Step.INERT, Step.INKS, Step.MARKS, Step.EXCHANGE)
_KEPT = (Rules.SOUND, Rules.READABLE, Rules.ARCHIVE)
EDITIONS: Mapping[EditionName, EditionKind] = {
    kind.name: kind  # in the order in which they are told and made
    for kind in (
        EditionKind(
            name=EditionName.READING,
            told="to be handed out as a file",
            standard=Standard.ARCHIVE,
            steps=_ARCHIVED,
            rules=(*_KEPT, Rules.FILLED),
        ),
        EditionKind(
            name=EditionName.LARGE_PRINT,
            told="18 pt in one column",
            standard=Standard.ARCHIVE,
            steps=_ARCHIVED,
            rules=(*_KEPT, Rules.FILLED),
            layer="large-print",
            open_ended=True,
            type_pt=13.0,
        ),
        EditionKind(
            name=EditionName.OFFICE,
            told="for a desktop printer and a photocopier",
            standard=Standard.ARCHIVE,
            steps=(*_ARCHIVED, Step.EVEN, Step.VIEWER),
            rules=(*_KEPT, Rules.OFFICE),
            layer="office",
            on_paper=True,
        ),
        EditionKind(
            name=EditionName.BOOKLET,
            told="sheets to fold and staple, of the brief",
            standard=Standard.NONE,
            steps=(),
            rules=(Rules.SOUND, Rules.BARE, Rules.FOLDED),
            documents=("brief",),
            base=EditionName.OFFICE,
            type_pt=5.0,  # pages may be made smaller
        ),
        EditionKind(
            name=EditionName.PRESS,
            told="for a print shop",
            standard=Standard.EXCHANGE,
            steps=_PRINTABLE,
            rules=(Rules.SOUND, Rules.FILLED, Rules.BARE, Rules.PRESS),
            on_paper=True,
        ),
        EditionKind(
            name=EditionName.REVIEW,
            told="line numbers, notes and a fact-check sheet",
            standard=Standard.NONE,
            steps=(),
            rules=(Rules.SOUND, Rules.FILLED),
            base=EditionName.READING,
            type_pt=4.0,  # pages are made smaller, and notes stand beside them
            line_pt=0.0,
        ),
    )
}
FILES = {document: EDITIONS[EditionName.READING].file(document) for document in BOTH}
