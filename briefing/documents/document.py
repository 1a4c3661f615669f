"""One document made for one use: a briefing and its ledger in, a `DocumentView` out, every word ready to print.

Here figures become words, sources get their numbers in the order of first use, and disputed figures their row in the
contested table. What comes out is all that a template sees.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup

from briefing.content.blocks import BlockBase, Contested, SourcesBlock, Width
from briefing.content.briefing import Briefing, Document
from briefing.content.records import Front, Status
from briefing.content.scalars import Kind
from briefing.design.paper import Paper
from briefing.documents.block_views import Picture, View, render_fields, view_of
from briefing.documents.panel_views import LONG_HALVES, MOST_EM
from briefing.documents.partners import STRIP
from briefing.documents.references.notes import NoteBook
from briefing.documents.references.numbering import numbering
from briefing.documents.text_renderer import TextRenderer, breakable
from briefing.language import numbers
from briefing.language.wording import NBSP, Wording
from briefing.ledger.ledger import Ledger


@dataclass(frozen=True)
class DocumentView:
    """One document, ready for its template."""

    document: str
    template: str
    paper: Paper
    language: str
    pages: int
    plain_title: str
    title: Markup
    lede: Markup | None
    front: Mapping[str, Any]
    blocks: tuple[View, ...]
    words: Mapping[str, Mapping[str, str]]
    layer: str  # of looks, where its use has one
    one_column: bool
    listed: frozenset[int]  # tables that stand as lists
    bleed_mm: float  # around the page, for the press
    marked: bool  # whether page one keeps a place for the mark of a copy
    assets: Mapping[str, bytes] = field(repr=False)
    sources: tuple[str, ...] = ()  # those that it names, by number
    stripped: bool = False  # whether partners stand at its foot

    @property
    def band(self) -> View | None:
        """The picture that crosses the sheet above the title."""
        return next((view for view in self.blocks if view.is_band), None)

    @property
    def widest_aside(self) -> float:
        """How wide the widest pull figure of the margin that takes one line is, in parts of its size."""
        asides = (view.data["em"] for view in self.blocks if view.kind == "pull_figure" and view.data["aside"])
        return max((em for em in asides if em <= MOST_EM), default=1.0)

    @property
    def long_numbers(self) -> list[int]:
        """How wide the longest parts of the numbers are that are set large, in half ems, where that is much."""
        kinds = "key_figures", "takeaways", "pull_figure"
        datas = (view.data for view in self.blocks if view.kind in kinds)
        items = (item for data in datas for item in data.get("items", (data,)) if not isinstance(item, str))
        return sorted({halves for item in items if (halves := item.get("halves", 0)) > LONG_HALVES})

    def rows(self) -> list[dict[str, Any]]:
        """Blocks gathered for a page of two columns: wide ones alone, neighbours in the columns side by side."""
        rows: list[dict[str, Any]] = []
        for view in (view for view in self.blocks if not view.is_band):
            if view.place == "wide":
                rows.append({"wide": view})
            elif view.place == "right" and rows and len(rows[-1].get("pair", ())) == 1:
                rows[-1]["pair"].append(view)
            elif view.is_half:
                rows.append({"pair": [view]})
            else:
                if not rows or "main" not in rows[-1]:
                    rows.append({"main": [], "side": []})
                rows[-1][view.place].append(view)
        return rows


TEMPLATES = {"brief": "brief.html.j2", "fact_sheet": "fact-sheet.html.j2"}


def build(
    briefing: Briefing,
    ledger: Ledger,
    wording: Wording,
    document: str,
    paper: Paper,
    pictures: Mapping[int, Picture],
    dropped: frozenset[int] = frozenset(),
    layer: str = "",
    one_column: bool = False,
    bleed_mm: float = 0.0,
    listed: frozenset[int] = frozenset(),
    paper_only: bool = False,
    order: Sequence[str] = (),
) -> DocumentView:
    """Make a document; `pictures` holds charts, maps and images by block, `dropped` the blocks left out.

    In one column, blocks that stand in the margin elsewhere stand among the others. Tables that are `listed` are set as
    lists, row by row. On `paper_only`, addresses follow links in texts. Sources are numbered in an `order`, if given.
    """
    source = briefing.document(document)
    linked = any(isinstance(block, SourcesBlock) for block in source.blocks)
    kept = [(index, block) for index, block in enumerate(source.blocks) if index not in dropped]

    # Which figures are disputed is known only when all blocks have spoken, and the contested table stands among them:
    # a first hand writes to find out, a second one to print.
    counted = numbering(source, wording, dropped)
    first = TextRenderer(briefing, ledger, wording, linked, paper_only)
    first.numbering, first.notes, first.listed = counted, NoteBook(document), listed
    _write(first, source, [(index, block) for index, block in kept if not isinstance(block, Contested)], pictures)
    named: tuple[str, ...] = ()
    while True:  # once more where the page has sources in another order
        hand = TextRenderer(briefing, ledger, wording, linked, paper_only)
        hand.numbering, hand.notes, hand.listed = counted, NoteBook(document), listed
        hand.disputed, hand.numbers = dict(first.disputed), {name: number for number, name in enumerate(named, 1)}
        title, lede, views = _write(hand, source, kept, pictures)
        if not order or (named := in_order(hand.numbers, order)) == tuple(hand.numbers):
            break
    shown = [views[index] for index, _ in kept]
    return DocumentView(
        document=document,
        template=TEMPLATES[document],
        paper=paper,
        language=briefing.briefing.language,
        pages=source.pages,
        plain_title=_marked(_plain(title), briefing.briefing, wording),
        title=title,
        lede=lede,
        front=front_matter(hand, document, dropped),
        blocks=tuple(_in_turn(shown, beside=document == "brief") if one_column else shown),
        words=wording.words,
        layer=layer,
        one_column=one_column,
        listed=listed,
        bleed_mm=bleed_mm,
        marked=briefing.mark is not None,
        assets={picture.name: picture.data for picture in pictures.values()} | hand.assets,
        sources=tuple(hand.numbers),
        stripped=briefing.briefing.has_strip and STRIP not in dropped,
    )


def in_order(named: Iterable[str], order: Iterable[str]) -> tuple[str, ...]:
    """Sources that are named, first those of an order."""
    known = dict.fromkeys(named)
    return tuple(dict.fromkeys([*(name for name in order if name in known), *known]))


def _in_turn(views: Iterable[View], beside: bool) -> Iterator[View]:
    """Blocks for a single column: what stands `beside` one block elsewhere comes after it.

    Where a whole column stands beside another, it comes after that, before the next block of full width.
    """
    waiting: list[View] = []
    for view in views:
        if view.is_band:
            yield view
            continue
        if view.place == Width.SIDE.value:
            waiting.append(view)
            continue
        if not beside and view.place == Width.WIDE.value:
            yield from (replace(side, place=Width.WIDE.value) for side in waiting)
            waiting = []
        yield replace(view, place=Width.WIDE.value)
        if beside:
            yield from (replace(side, place=Width.WIDE.value) for side in waiting)
            waiting = []
    yield from (replace(side, place=Width.WIDE.value) for side in waiting)


def _plain(title: str) -> str:
    """A title without marks and tags, for the file's own title."""
    unmarked = re.sub(r'<span class="marks">.*?</span>', "", re.sub(r'<span class="dagger">.*?</span>', "", title))
    return numbers.spoken(html.unescape(re.sub(r"<[^>]+>", "", unmarked)))


def _write(
    hand: TextRenderer, source: Document, kept: Sequence[tuple[int, BlockBase]], pictures: Mapping[int, Picture]
) -> tuple[Markup, Markup | None, dict[int, View]]:
    """Title, lede and blocks in the order of the page; the list of sources last, when all have been named."""
    title = Markup(_SHORT_WORD.sub(NBSP, hand.headline(source.title or hand.briefing.briefing.title)))
    below = source.lede or (hand.briefing.briefing.subtitle if source is hand.briefing.brief else None)
    lede = hand.headline(below) if below else None
    in_turn = sorted(kept, key=lambda item: isinstance(item[1], SourcesBlock))
    return title, lede, {index: view_of(hand, index, block, pictures.get(index)) for index, block in in_turn}


_SHORT_WORD = re.compile(
    r"(?<=[ ;:,]\w\w\w) (?=\w)|(?<=[ ;:,]\w\w) (?=\w)|(?<=[ ;:,]\w) (?=\w)"
)  # no line of a title ends in “the”


def _marked(title: str, front: Front, wording: Wording) -> str:
    """The title of a file, which says first that it is not final."""
    return title if front.status is Status.FINAL else f"{wording.word('status', front.status).upper()}: {title}"


def status_line(front: Front, wording: Wording) -> str:
    """What is printed on every page of a briefing that is not final."""
    if front.status is Status.FINAL:
        return ""
    said = wording.word("status_line", front.status)
    until = wording.moment(front.embargo) if front.embargo else ""
    return said.format(until=until, by=front.superseded_by or "")


def front_matter(hand: TextRenderer, document: str, dropped: frozenset[int] = frozenset()) -> dict[str, Any]:
    """What masthead and imprint print."""
    front, entries = hand.briefing.briefing, hand.ledger.entries
    used = hand.ledger.relied_on(document, dropped)
    edition = f"{hand.wording.word('label', 'edition').lower()} {front.edition}"
    signed = sum(1 for name in used if entries[name].figure.checked)
    return {
        **render_fields(hand, front),
        "co_publishers": [hand.text(Kind.PLAIN, one.name) for one in front.partners],
        "date": hand.wording.date(front.date),
        "edition_line": ", ".join([edition, *([hand.wording.date(front.issued)] if front.issued else [])]),
        "kind": hand.wording.word("document", document),
        "status": front.status.value,
        "status_word": hand.wording.word("status", front.status),
        "status_line": status_line(front, hand.wording),
        "figures": len(used),
        "signed_off": signed,
        "leads": {
            "link": front.link,
            "doi": f"https://doi.org/{front.doi}",
        },  # as they are: printed ones may end a line
        "host": breakable((front.link or "").split("//")[-1].rstrip("/")),
    }
