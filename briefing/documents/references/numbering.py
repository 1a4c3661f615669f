"""What a document calls its blocks: a document comes in, “Figure 3” or “Table 1” for each that is counted goes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from briefing.content.blocks import (
    BlockBase,
    BottomLine,
    Box,
    ChartBlock,
    Contested,
    GlossaryBlock,
    ImageBlock,
    Imprint,
    KeyFigures,
    MapBlock,
    Method,
    Recommendations,
    SourcesBlock,
    Table,
    Takeaways,
    Timeline,
    Width,
    kind_of,
)
from briefing.content.briefing import Briefing, Document
from briefing.content.panels import Contents, GaugeBlock, PullFigure, PullQuote, Watch
from briefing.language.letters import letter_of
from briefing.language.wording import NBSP, Wording

_COUNTED: Mapping[type[BlockBase], str] = {
    ChartBlock: "figure",
    MapBlock: "figure",
    ImageBlock: "figure",
    Table: "table",
    Box: "box",
}
ANNEX = "annex"
PICTURES = (ChartBlock, MapBlock, ImageBlock)  # whose number stands at their own title


@dataclass(frozen=True)
class Numbering:
    """The labels of blocks by their places in the content, and the names by which a text refers to blocks."""

    labels: Mapping[int, str] = field(default_factory=dict)
    targets: Mapping[str, int] = field(default_factory=dict)
    anchors: Mapping[str, str] = field(default_factory=dict)  # where a link to each name leads
    blocks: Mapping[int, BlockBase] = field(default_factory=dict)  # those that are printed

    def called(self, name: str) -> str:
        """How a text calls the block of that name; nothing for one that has no number."""
        return self.labels.get(self.targets.get(name, -1), "")

    @property
    def first_annex(self) -> int:
        """The block with which the annexes begin, on a page of its own."""
        return next((index for index, block in self.blocks.items() if block.annex), -1)

    def label(self, index: int, at_title: bool = False) -> str:
        """What stands before the heading of a block, or before the title of what it shows."""
        block = self.blocks.get(index)
        own = isinstance(block, PICTURES) and not block.annex
        return self.labels.get(index, "") if own is at_title else ""


def numbering(document: Document, wording: Wording, dropped: frozenset[int] = frozenset()) -> Numbering:
    """The numbers of a document's blocks, in the order of the content, without those that are left out."""
    counts: Counter[str] = Counter()
    labels: dict[int, str] = {}
    for index, block in enumerate(document.blocks):
        kind = kind_counted(block) if document.is_numbered or block.annex else ""
        if kind and index not in dropped:
            number = counts[kind] = counts[kind] + 1
            said = letter_of(number - 1) if kind == ANNEX else number
            labels[index] = f"{wording.word('label', kind)}{NBSP}{said}"
    names = targets(document)
    anchors = {name: anchor(document.blocks[index], index) for name, index in names.items()}
    kept = {index: block for index, block in enumerate(document.blocks) if index not in dropped}
    return Numbering(labels, names, anchors, kept)


OWN_HEADINGS: Mapping[type[BlockBase], str] = {  # of the program's words, where the content gives none
    BottomLine: "bottom_line",
    Takeaways: "takeaways",
    Recommendations: "recommendations",
    Contested: "contested",
    SourcesBlock: "sources",
    Method: "method",
    GlossaryBlock: "glossary",
    Timeline: "timeline",
    Watch: "watch",
}
_UNLISTED = (Box, Table, *PICTURES, KeyFigures, PullQuote, PullFigure, GaugeBlock, Contents, Imprint)


def listed(numbers: Numbering, contents: int) -> Iterator[tuple[int, BlockBase]]:
    """The blocks that a table of contents lists: those behind it that head a part of the text, and all annexes."""
    for index, block in numbers.blocks.items():
        heads = block.place in (Width.MAIN, Width.WIDE) and not isinstance(block, _UNLISTED)
        if index > contents and (block.annex or heads) and (block.heading or type(block) in OWN_HEADINGS):
            yield index, block


def kind_counted(block: BlockBase) -> str:
    """As what a block is counted, if at all: a band above the title and one's own mark illustrate nothing."""
    if block.annex:
        return ANNEX
    if block.place.is_band or (isinstance(block, ImageBlock) and block.own_mark):
        return ""
    return _COUNTED.get(type(block), "")


def anchor(block: BlockBase, index: int) -> str:
    """The name of a block on its page."""
    return block.id or f"{kind_of(block)}-{index + 1}"


def targets(document: Document) -> dict[str, int]:
    """The names by which a text may refer to a block: its id, or that of the chart that it shows."""
    charts = {block.chart: index for index, block in enumerate(document.blocks) if isinstance(block, ChartBlock)}
    return charts | {block.id: index for index, block in enumerate(document.blocks) if block.id}


def numbering_of_all(briefing: Briefing, wording: Wording) -> Numbering:
    """The same for whoever reads a text without its document: each name as the brief has it, else the fact sheet."""
    labels: dict[int, str] = {}
    names: dict[str, int] = {}
    for name in reversed(Briefing.DOCUMENTS):
        one, first = numbering(briefing.document(name), wording), len(labels)
        for number, (called, index) in enumerate(one.targets.items(), first):
            labels[number], names[called] = one.labels.get(index, ""), number
    return Numbering(labels, names)
