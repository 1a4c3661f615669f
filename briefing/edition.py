"""One document made for one use: a briefing and its ledger in, an `Edition` out, in which every word is ready to print.

Here figures become words, sources get their numbers in the order of first use, and disputed figures their row in the
contested table. What comes out is all that a template sees.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup
from pydantic import BaseModel

from briefing.ledger import Entry, Ledger
from briefing.model import (
    BlockBase,
    Briefing,
    Chart,
    ChartBlock,
    Contested,
    Day,
    Document,
    GlossaryBlock,
    ImageBlock,
    KeyFigures,
    Kind,
    MapBlock,
    Report,
    Source,
    SourcesBlock,
    Status,
    Timeline,
    kind_of,
    printed,
)
from briefing.paper import PX_PER_MM, Paper
from briefing.text import FigureRef, render
from briefing.wording import NBSP, Wording


@dataclass(frozen=True)
class Picture:
    """A drawn or given picture under the name by which the page asks for it."""

    name: str
    data: bytes
    width_mm: float
    height_mm: float


@dataclass(frozen=True)
class View:
    """One block, its words rendered."""

    index: int  # in the content's list of blocks
    kind: str
    id: str
    place: str
    optional: bool
    later: bool
    data: Mapping[str, Any]

    @property
    def words(self) -> int:
        """How many words it prints."""
        return sum(_count(value) for value in self.data.values())


@dataclass(frozen=True)
class Edition:
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
    assets: Mapping[str, bytes] = field(repr=False)

    def rows(self) -> list[dict[str, Any]]:
        """Blocks gathered for a page of two columns: wide ones alone, neighbours in the columns side by side."""
        rows: list[dict[str, Any]] = []
        for view in self.blocks:
            if view.place == "wide":
                rows.append({"wide": view})
            else:
                if not rows or "wide" in rows[-1]:
                    rows.append({"main": [], "side": []})
                rows[-1][view.place].append(view)
        return rows


TEMPLATES = {"brief": "brief.html.j2", "fact_sheet": "fact-sheet.html.j2"}
FILES = {"brief": "policy-brief.pdf", "fact_sheet": "fact-sheet.pdf"}


def build(
    briefing: Briefing,
    ledger: Ledger,
    wording: Wording,
    document: str,
    paper: Paper,
    pictures: Mapping[int, Picture],
    dropped: frozenset[int] = frozenset(),
) -> Edition:
    """Make a document; `pictures` holds charts, maps and images by block, `dropped` the blocks left out."""
    source = briefing.document(document)
    linked = any(isinstance(block, SourcesBlock) for block in source.blocks)
    kept = [(index, block) for index, block in enumerate(source.blocks) if index not in dropped]

    # Which figures are disputed is known only when all blocks have spoken, and the contested table stands among them:
    # a first hand writes to find out, a second one to print.
    first = _Hand(briefing, ledger, wording, linked)
    _write(first, source, [(index, block) for index, block in kept if not isinstance(block, Contested)], pictures)
    hand = _Hand(briefing, ledger, wording, linked)
    hand.disputed = first.disputed
    title, lede, views = _write(hand, source, kept, pictures)
    assets = {picture.name: picture.data for picture in pictures.values()} | hand.assets
    return Edition(
        document=document,
        template=TEMPLATES[document],
        paper=paper,
        language=briefing.briefing.language,
        pages=source.pages,
        plain_title=_plain(title),
        title=title,
        lede=lede,
        front=_front(hand, document),
        blocks=tuple(views[index] for index, _ in kept),
        words=wording.words,
        assets=assets,
    )


def _plain(title: str) -> str:
    """A title without marks and tags, for the file's own title."""
    unmarked = re.sub(r'<span class="marks">.*?</span>', "", re.sub(r'<span class="dagger">.*?</span>', "", title))
    return html.unescape(re.sub(r"<[^>]+>", "", unmarked)).replace(NBSP, " ")


def _write(
    hand: _Hand, source: Document, kept: Sequence[tuple[int, BlockBase]], pictures: Mapping[int, Picture]
) -> tuple[Markup, Markup | None, dict[int, View]]:
    """Title, lede and blocks in the order of the page; the list of sources last, when all have been named."""
    title = Markup(_SHORT_WORD.sub(NBSP, hand.text(Kind.TEXT, source.title or hand.briefing.briefing.title)))
    lede = hand.text(Kind.TEXT, source.lede) if source.lede else None
    in_turn = sorted(kept, key=lambda item: isinstance(item[1], SourcesBlock))
    return title, lede, {index: _view(hand, index, block, pictures.get(index)) for index, block in in_turn}


_SHORT_WORD = re.compile(r"(?<=[ ;:,]\w\w\w) (?=\w)|(?<=[ ;:,]\w\w) (?=\w)|(?<=[ ;:,]\w) (?=\w)")  # no line of a title ends in “the”


# ------------------------------------------------------------------ the hand that writes


class _Hand:
    """Renders texts and remembers which sources were named, in which order (a `text.Resolver`)."""

    def __init__(self, briefing: Briefing, ledger: Ledger, wording: Wording, linked: bool) -> None:
        self.briefing, self.ledger, self.wording, self.linked = briefing, ledger, wording, linked
        self.numbers: dict[str, int] = {}
        self.disputed: dict[str, None] = {}
        self.assets: dict[str, bytes] = {}
        names = sorted(briefing.names, key=len, reverse=True)
        months = "|".join(re.escape(month) for month in wording.month_names)
        spans = [
            *(re.escape(name) for name in names if " " in name),
            rf"\d{{1,2}} (?:{months})\b",
            rf"\b(?:{months}) \d{{1,2}}\b",
        ]
        self._glued = re.compile("|".join(spans))

    def text(self, kind: Kind, text: str) -> Markup:
        """A printed string as HTML."""
        return Markup(render(kind, text, self))

    def words(self, text: str) -> str:
        """Names and dates whose parts may not be torn apart."""
        return self._glued.sub(lambda found: found[0].replace(" ", NBSP), text)

    def figure(self, ref: FigureRef) -> tuple[str, tuple[str, ...], bool]:
        """The words of a figure in a text, its sources, and whether it is disputed."""
        entry = self.ledger.entries[ref.id]
        if ref.variant == "date":
            return self.wording.date(entry.figure.as_of), (), False
        if ref.variant == "bare":
            words = self.wording.bare(entry.value, entry.unit, entry.qualifier)
        else:
            say = self.wording.short if ref.variant == "short" else self.wording.long
            words = say(entry.value, entry.unit, entry.qualifier).text
        if ref.variant == "open":
            words = words[:1].upper() + words[1:]
        self.dispute(entry)
        return words, () if ref.plain else entry.sources, entry.disputed

    def dispute(self, entry: Entry) -> None:
        if entry.disputed:
            self.disputed.setdefault(entry.id)

    def marks(self, ids: tuple[str, ...], disputed: bool = False, level: bool = False) -> str:
        """Superior numbers that lead to the list of sources, or numbers on the line; a dagger for what is disputed."""
        links = []
        for source in ids:
            first = source not in self.numbers
            number = self.numbers.setdefault(source, len(self.numbers) + 1)
            anchor = f' id="mark-{number}"' if first and self.linked else ""
            links.append((number, f'<a{anchor} href="#source-{number}">{number}</a>' if self.linked else str(number)))
        dagger = '<span class="dagger">†</span>' if disputed else ""
        inner = (", " if level else ",").join(link for _, link in sorted(links))
        return f'<span class="{"numbers" if level else "marks"}">{dagger}{inner}</span>'

    def entry_marks(self, entry: Entry) -> Markup:
        """The marks of a figure that stands outside a text."""
        self.dispute(entry)
        return Markup(self.marks(entry.sources, entry.disputed))


# ------------------------------------------------------------------ blocks

_PLAIN_FIELDS = {"id", "height_mm", "optional", "later", "place", "chart", "figure", "figures", "terms", "sources"}


def _view(hand: _Hand, index: int, block: BlockBase, picture: Picture | None) -> View:
    data = _rendered(hand, block)
    kind = kind_of(block)
    more: Callable[[_Hand, Any, dict[str, Any], Picture | None], None] | None = _MORE.get(type(block))
    if more:
        more(hand, block, data, picture)
    return View(index, kind, block.id or f"{kind}-{index + 1}", block.place.value, block.optional, block.later, data)


def _rendered(hand: _Hand, record: BaseModel) -> dict[str, Any]:
    """The fields of a record, printed strings as HTML, in the order of the fields."""
    kinds = {path: kind for path, kind, _ in printed(record)}

    def value_at(value: Any, path: tuple[str | int, ...]) -> Any:
        if isinstance(value, BaseModel):
            return {name: value_at(getattr(value, name), (*path, name)) for name in type(value).model_fields}
        if isinstance(value, tuple):
            return [value_at(item, (*path, number)) for number, item in enumerate(value)]
        if isinstance(value, Day) or hasattr(value, "isoformat"):
            return hand.wording.date(value)
        if isinstance(value, str) and path in kinds:
            return hand.text(kinds[path], value)
        return value.value if isinstance(value, Enum) else value

    return {
        name: value_at(getattr(record, name), (name,))
        for name in type(record).model_fields
        if name not in _PLAIN_FIELDS
    }


def _key_figures(hand: _Hand, block: KeyFigures, data: dict[str, Any], _: Picture | None) -> None:
    for item, shown in zip(block.items, data["items"], strict=True):
        entry = hand.ledger.entries[item.figure]
        phrase = hand.wording.short(entry.value, entry.unit, entry.qualifier)
        shown |= {
            "qualifier": phrase.qualifier,
            "number": phrase.number,
            "as_of": _unless_said(hand.wording.date(entry.figure.as_of), shown["label"]),
            "marks": hand.entry_marks(entry),
        }


def _unless_said(date: str, label: str) -> str:
    """The as-of date, or nothing where the label ends its period with it (“January–May 2024”)."""
    return "" if date.replace(NBSP, " ") in label.replace(NBSP, " ") else date


def _chart(hand: _Hand, block: ChartBlock, data: dict[str, Any], picture: Picture | None) -> None:
    chart = hand.briefing.charts[block.chart]
    data |= {**_rendered(hand, chart), "picture": picture, "data": None}
    _note_disputes(hand, chart)
    _source_line(hand, data, chart_sources(hand.ledger, chart))


def _source_line(hand: _Hand, data: dict[str, Any], ids: tuple[str, ...]) -> None:
    data["source_word"] = hand.wording.word("label", "sources" if len(ids) > 1 else "source")
    data["numbers"] = Markup(hand.marks(ids, level=True)) if ids else None


def chart_sources(ledger: Ledger, chart: Chart) -> tuple[str, ...]:
    """The sources of a chart: its own and those of its figures."""
    named = [*chart.sources]
    for datum in chart.data:
        if datum.figure:
            named += ledger.entries[datum.figure].sources
    return tuple(dict.fromkeys(named))


def _note_disputes(hand: _Hand, chart: Chart) -> None:
    for datum in chart.data:
        if datum.figure:
            hand.dispute(hand.ledger.entries[datum.figure])


def _map(hand: _Hand, block: MapBlock, data: dict[str, Any], picture: Picture | None) -> None:
    data["picture"] = picture
    _source_line(hand, data, block.sources)


def _image(hand: _Hand, block: ImageBlock, data: dict[str, Any], picture: Picture | None) -> None:
    data["picture"] = picture


def _contested(hand: _Hand, block: Contested, data: dict[str, Any], _: Picture | None) -> None:
    """Rows for the disputed figures of this document come first, in the order in which it prints them."""
    rows = []
    for name in hand.disputed:
        entry = hand.ledger.entries[name]
        versions = [Markup(_said(hand, entry.value, entry, entry.qualifier, entry.sources))]
        notes = []
        for dispute in entry.figure.disputed:
            versions.append(Markup(_said(hand, dispute.value, entry, dispute.qualifier, dispute.sources)))
            if dispute.note:
                notes.append(hand.text(Kind.TEXT, dispute.note))
        label = hand.text(Kind.TEXT, entry.figure.label or entry.id)
        rows.append({"issue": label, "versions": versions, "printed": Markup(" ").join(notes), "disputed": True})
    data["rows"] = [*rows, *({**row, "disputed": False} for row in data["rows"])]


def _said(hand: _Hand, value: Any, entry: Entry, qualifier: Any, sources: tuple[str, ...]) -> str:
    words = hand.wording.long(value, entry.unit, qualifier).text
    return html.escape(words[:1].upper() + words[1:], quote=False) + hand.marks(sources)


def _glossary(hand: _Hand, block: GlossaryBlock, data: dict[str, Any], _: Picture | None) -> None:
    terms = [hand.briefing.glossary[name] for name in block.terms or hand.briefing.glossary]
    data["items"] = [_rendered(hand, term) for term in terms]


def _timeline(hand: _Hand, block: Timeline, data: dict[str, Any], _: Picture | None) -> None:
    for event, shown in zip(block.items, data["items"], strict=True):
        shown["date"] = hand.wording.date(event.date)


def _report(hand: _Hand, block: Report, data: dict[str, Any], _: Picture | None) -> None:
    for channel, shown in zip(block.channels, data["channels"], strict=True):
        shown["marks"] = Markup(hand.marks(channel.sources))
    if block.qr:
        svg, modules = qr_code(block.qr.link)
        name = "qr.svg"
        hand.assets[name] = svg
        # 25 mm without the quiet zone of four modules on each side (ISO/IEC 18004, 5.3.8)
        size = 25.0 * (modules + 8) / modules
        address = urlsplit(block.qr.link)
        data["qr"] |= {
            "picture": Picture(name, svg, size, size),
            "shown": address.netloc + address.path.rstrip("/"),
            "marks": Markup(hand.marks(block.qr.sources)) if block.qr.sources else "",
        }


def qr_code(link: str) -> tuple[bytes, int]:
    """An SVG with its quiet zone, and the number of modules along a side of the code."""
    import io

    import segno

    code = segno.make(link, error="m", micro=False)
    out = io.BytesIO()
    code.save(out, kind="svg", border=4, dark="#000", light=None, xmldecl=False, svgns=True, nl=False)
    return out.getvalue(), int(code.symbol_size(border=0)[0])


def _sources(hand: _Hand, block: SourcesBlock, data: dict[str, Any], _: Picture | None) -> None:
    """The sources that the document has named, by number; a reading date that all share is said once."""
    named = [(number, hand.briefing.sources[name]) for name, number in hand.numbers.items()]
    dates = {source.read for _, source in named}
    common = dates.pop() if len(dates) == 1 else None
    data["read"] = hand.wording.date(common) if common else None
    data["items"] = [_source(hand, number, source, common is not None) for number, source in named]


def _source(hand: _Hand, number: int, source: Source, read_said: bool) -> dict[str, Any]:
    host = urlsplit(source.link).netloc.removeprefix("www.") if source.link else ""
    return {
        "number": number,
        "publisher": source.publisher,
        "title": source.title,
        "described": source.described,
        "date": hand.wording.date(source.date) if source.date else None,
        "kind": hand.wording.word("kind", source.kind),
        "link": source.link,
        "host": host,
        "via": source.via,
        "read": hand.wording.date(source.read) if source.read and not read_said else None,
        "note": hand.text(Kind.TEXT, source.note) if source.note else None,
    }


_MORE: dict[type[BlockBase], Any] = {
    KeyFigures: _key_figures,
    ChartBlock: _chart,
    MapBlock: _map,
    ImageBlock: _image,
    Contested: _contested,
    GlossaryBlock: _glossary,
    Timeline: _timeline,
    Report: _report,
    SourcesBlock: _sources,
}


# ------------------------------------------------------------------ front matter


def _front(hand: _Hand, document: str) -> dict[str, Any]:
    front, briefing = hand.briefing.briefing, hand.briefing
    used = {name for name in hand.ledger.used("figures", document)}
    signed = sum(1 for name in used if briefing.figures[name].checked)
    return {
        **_rendered(hand, front),
        "date": hand.wording.date(front.date),
        "kind": hand.wording.word("document", document),
        "status": front.status.value,
        "status_word": hand.wording.word("status", front.status),
        "status_line": "" if front.status is Status.FINAL else hand.wording.word("status_line", front.status),
        "figures": len(used),
        "signed_off": signed,
        "host": (front.link or "").split("//")[-1].rstrip("/"),
    }


def _count(value: Any) -> int:
    if isinstance(value, str):
        return len(re.sub(r"<[^>]+>", " ", value).split()) if isinstance(value, Markup) else 0
    if isinstance(value, dict):
        return sum(_count(item) for item in value.values())
    if isinstance(value, list):
        return sum(_count(item) for item in value)
    return 0


def mm_to_px(mm: float) -> float:
    """Millimetres in CSS pixels."""
    return mm * PX_PER_MM
