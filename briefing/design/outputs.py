"""What a run can be asked for: pages for a use, and products that are made of such pages.

A use names the layer of style, the PDF standard, the finishing steps and the preflight rules of its pages; to add one
is to add a row here, and a folder in `templates/uses` where its pages look different. A product names the use whose
finished pages it is made of; `products.registry` has the function that makes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

BOTH = ("brief", "fact_sheet")
STEMS = {"brief": "policy-brief", "fact_sheet": "fact-sheet"}


class OutputName(StrEnum):
    """The names of all uses and products, as the command line and folders have them."""

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
    UNGROUPED = "ungrouped"  # what nothing is seen through is drawn straight on its page
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
class Output:
    """What uses and products have in common."""

    name: OutputName
    told: str  # in the help of the command line
    rules: tuple[Rules, ...]
    documents: tuple[str, ...] = BOTH
    type_pt: float = 7.5  # the smallest type that preflight passes, but for marks of notes
    line_pt: float = 0.25  # the thinnest line that it passes

    @property
    def pages(self) -> Use:
        """The use whose pages are typeset for it."""
        raise NotImplementedError

    def file(self, document: str) -> str:
        """The name of a file; reading copies have the plain one."""
        stem = STEMS[document]
        return f"{stem}.pdf" if self.name is OutputName.READING else f"{stem}-{self.name}.pdf"

    @property
    def folder(self) -> str:
        """The folder below the output's: reading copies lie in the output folder itself."""
        return "" if self.name is OutputName.READING else self.name.value


@dataclass(frozen=True, kw_only=True)
class Use(Output):
    """What pages are typeset and finished for."""

    standard: Standard
    steps: tuple[Step, ...]
    layer: str = ""  # folder in templates/uses with its tokens and styles, where its pages look different
    open_ended: bool = False  # whether its documents may run longer than the content says
    on_paper: bool = False  # nobody reads it on a screen: links in texts are followed by their addresses

    @property
    def pages(self) -> Use:
        """Its own."""
        return self


@dataclass(frozen=True, kw_only=True)
class Product(Output):
    """What is made of the finished pages of a use."""

    base: OutputName  # the use whose pages it is made of

    @property
    def pages(self) -> Use:
        """Those that it is made of."""
        return USES[self.base]


_ARCHIVED = (Step.TAGS, Step.ARTIFACTS, Step.UNGROUPED, Step.ARCHIVE)
_PRINTABLE = (Step.ARTIFACTS, Step.INERT, Step.INKS, Step.MARKS, Step.EXCHANGE)
_KEPT = (Rules.SOUND, Rules.READABLE, Rules.ARCHIVE)
USES: Mapping[OutputName, Use] = {
    use.name: use
    for use in (
        Use(
            name=OutputName.READING,
            told="to be handed out as a file",
            standard=Standard.ARCHIVE,
            steps=_ARCHIVED,
            rules=(*_KEPT, Rules.FILLED),
        ),
        Use(
            name=OutputName.LARGE_PRINT,
            told="18 pt in one column",
            standard=Standard.ARCHIVE,
            steps=_ARCHIVED,
            rules=(*_KEPT, Rules.FILLED),
            layer="large-print",
            open_ended=True,
            type_pt=13.0,
        ),
        Use(
            name=OutputName.OFFICE,
            told="for a desktop printer and a photocopier",
            standard=Standard.ARCHIVE,
            steps=(*_ARCHIVED, Step.EVEN, Step.VIEWER),
            rules=(*_KEPT, Rules.OFFICE),
            layer="office",
            on_paper=True,
        ),
        Use(
            name=OutputName.PRESS,
            told="for a print shop",
            standard=Standard.EXCHANGE,
            steps=_PRINTABLE,
            rules=(Rules.SOUND, Rules.FILLED, Rules.BARE, Rules.PRESS),
            on_paper=True,
        ),
    )
}
PRODUCTS: Mapping[OutputName, Product] = {
    product.name: product
    for product in (
        Product(
            name=OutputName.BOOKLET,
            told="sheets to fold and staple, of the brief",
            base=OutputName.OFFICE,
            rules=(Rules.SOUND, Rules.BARE, Rules.FOLDED),
            documents=("brief",),
            type_pt=5.0,  # pages may be made smaller
        ),
        Product(
            name=OutputName.REVIEW,
            told="line numbers, notes and a fact-check sheet",
            base=OutputName.READING,
            rules=(Rules.SOUND, Rules.FILLED),
            type_pt=4.0,  # pages are made smaller, and notes stand beside them
            line_pt=0.0,
        ),
    )
}
# In the order in which they are told and made.
_ORDER = (
    OutputName.READING,
    OutputName.LARGE_PRINT,
    OutputName.OFFICE,
    OutputName.BOOKLET,
    OutputName.PRESS,
    OutputName.REVIEW,
)
OUTPUTS: Mapping[OutputName, Output] = {name: USES.get(name) or PRODUCTS[name] for name in _ORDER}
FILES = {document: OUTPUTS[OutputName.READING].file(document) for document in BOTH}
