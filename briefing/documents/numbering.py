"""What a document calls its blocks: a document comes in, “Figure 3” or “Table 1” for each that is counted goes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from briefing.content.blocks import BlockBase, Box, ChartBlock, ImageBlock, MapBlock, Table, kind_of
from briefing.content.briefing import Briefing, Document
from briefing.language.wording import NBSP, Wording

_COUNTED: Mapping[type[BlockBase], str] = {
    ChartBlock: "figure",
    MapBlock: "figure",
    ImageBlock: "figure",
    Table: "table",
    Box: "box",
}
PICTURES = (ChartBlock, MapBlock, ImageBlock)  # whose number stands at their own title


@dataclass(frozen=True)
class Numbering:
    """The labels of blocks by their places in the content, and the names by which a text refers to blocks."""

    labels: Mapping[int, str] = field(default_factory=dict)
    targets: Mapping[str, int] = field(default_factory=dict)
    anchors: Mapping[str, str] = field(default_factory=dict)  # where a link to each name leads

    def called(self, name: str) -> str:
        """How a text calls the block of that name; nothing for one that has no number."""
        return self.labels.get(self.targets.get(name, -1), "")


def numbering(document: Document, wording: Wording, dropped: frozenset[int] = frozenset()) -> Numbering:
    """The numbers of a document's blocks, in the order of the content, without those that are left out."""
    counts: Counter[str] = Counter()
    labels: dict[int, str] = {}
    for index, block in enumerate(document.blocks):
        kind = kind_counted(block) if document.is_numbered else ""
        if kind and index not in dropped:
            counts[kind] += 1
            labels[index] = f"{wording.word('label', kind)}{NBSP}{counts[kind]}"
    names = targets(document)
    anchors = {name: anchor(document.blocks[index], index) for name, index in names.items()}
    return Numbering(labels, names, anchors)


def kind_counted(block: BlockBase) -> str:
    """As what a block is counted, if at all: a band above the title and one's own mark illustrate nothing."""
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
