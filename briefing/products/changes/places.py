"""Where a document prints a figure, source, chart or term: by the ledger's own list of uses, told by block."""

from __future__ import annotations

from briefing.content.blocks import BlockBase, ChartBlock, kind_of
from briefing.content.scalars import Kind
from briefing.documents.manuscript import Manuscript
from briefing.documents.references.numbering import numbering
from briefing.language.wording import NBSP
from briefing.ledger.uses import LedgerUse
from briefing.products.changes.change_records import UsePlace
from briefing.products.changes.plain_words import format_text


def places_of(version: Manuscript, group: str, name: str) -> tuple[UsePlace, ...]:
    """The blocks, titles and ledes that show a record, each once, in the order of the content."""
    found: dict[tuple[str, str], UsePlace] = {}
    for use in version.ledger.uses:
        by_figure = group == "sources" and use.group == "figures" and name in _sources_of(version, use.id)
        if use.document and ((use.group, use.id) == (group, name) or by_figure):
            spot = _place_of_use(version, use)
            found.setdefault((spot.document, spot.block), spot)
    return tuple(found.values())


def _sources_of(version: Manuscript, figure: str) -> tuple[str, ...]:
    entry = version.ledger.entries.get(figure)
    return entry.sources if entry else ()


def _place_of_use(version: Manuscript, use: LedgerUse) -> UsePlace:
    if use.block is not None:
        return place_of_block(version, use.document, use.block)
    key = str(use.path[1])  # title, lede or subtitle
    return UsePlace(use.document, key, key, "", version.place(use.path))


def place_of_block(version: Manuscript, document: str, index: int) -> UsePlace:
    """A block as a place of use."""
    block = version.briefing.document(document).blocks[index]
    kind = kind_of(block)
    at = version.place((document, "blocks", index, kind))
    label = numbering(version.briefing.document(document), version.wording).labels.get(index, "").replace(NBSP, " ")
    title = ". ".join(filter(None, (label, block_title(version, block))))
    return UsePlace(document, block_name(block, index), kind, title, at)


def block_name(block: BlockBase, index: int) -> str:
    """The id of a block, or the name that findings give it."""
    return block.id or f"{kind_of(block)}-{index + 1}"


def block_title(version: Manuscript, block: BlockBase) -> str:
    """Its heading, or the title of what it shows."""
    if isinstance(block, ChartBlock) and not block.heading and block.chart in version.briefing.charts:
        return format_text(version, Kind.TEXT, version.briefing.charts[block.chart].title)
    text = block.heading or getattr(block, "title", None)
    return format_text(version, Kind.TEXT, text) if text else ""
