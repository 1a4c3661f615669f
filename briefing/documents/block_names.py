"""What findings call a block: by its heading or title, or by what stands before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from briefing.content.blocks import BlockBase, ChartBlock, ImageBlock, MapBlock, kind_of
from briefing.content.briefing import Briefing
from briefing.documents.partners import STRIP
from briefing.documents.text_renderer import TextRenderer
from briefing.language.wording import Wording
from briefing.ledger.ledger import Ledger

LONGEST = 60  # letters of a title
_KINDS = {"prose": "text", "chart": "chart", "contested": "contested table"}


def block_names(briefing: Briefing, ledger: Ledger, wording: Wording, document: str) -> Mapping[int, str]:
    """A name for each block of a document, by its place in the content; no number that nobody has given."""
    hand = TextRenderer(briefing, ledger, wording, linked=False)
    blocks = briefing.document(document).blocks
    titles = [_title(hand, block) for block in blocks]
    count = Counter(map(kind_of, blocks))
    names = {STRIP: "the strip of partners"}
    last = ""
    for index, (block, title) in enumerate(zip(blocks, titles, strict=True)):
        kind = kind_of(block)
        said = _KINDS.get(kind, kind.replace("_", " "))
        if title:
            names[index] = f"the {said} “{title}”"
        elif block.id and block.id.replace("-", " ") != said:
            names[index] = f"the {said} {block.id}"
        elif count[kind] == 1:
            names[index] = f"the {said}"
        else:
            names[index] = f"the {said} after {last}" if last else f"the {said} at the beginning"
        last = f"“{title}”" if title else last
    return names


def _title(hand: TextRenderer, block: BlockBase) -> str:
    text = block.heading
    if isinstance(block, ChartBlock) and not text:
        chart = hand.briefing.charts.get(block.chart)
        text = chart.title if chart else None
    elif isinstance(block, MapBlock):
        text = text or block.title
    elif isinstance(block, ImageBlock):
        text = text or block.caption or block.alt
    said = hand.spoken(text) if text else ""
    return said if len(said) <= LONGEST else said[: LONGEST - 1].rstrip() + "…"
