"""The blocks of a document as its templates see them, every word ready to print.

A block's fields are rendered by their types; what a kind needs beyond them (the parts of a key figure, a chart's
sources, the rows of disputed figures, the list of sources) is added by one function for each kind.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup
from pydantic import BaseModel

from briefing.content.blocks import (
    BlockBase,
    ChartBlock,
    Contested,
    GlossaryBlock,
    ImageBlock,
    KeyFigures,
    MapBlock,
    Report,
    SourcesBlock,
    Takeaways,
    Timeline,
    Width,
    kind_of,
)
from briefing.content.briefing import walk_printed_strings
from briefing.content.records import Chart, Source
from briefing.content.scalars import Day, Kind
from briefing.documents import panel_views
from briefing.documents.chart_places import US_STATES
from briefing.documents.chart_values import chart_rows, spoken_values
from briefing.documents.ended_texts import finished, led_items, source_line, stop_after
from briefing.documents.panel_views import large_figure
from briefing.documents.references.numbering import Numbering, anchor
from briefing.documents.tables import views as table_views
from briefing.documents.text_renderer import TextRenderer, breakable
from briefing.language.amount import Amount
from briefing.language.numbers import DASH
from briefing.language.wording import NBSP
from briefing.ledger.ledger import Ledger, LedgerEntry
from briefing.ledger.reading_days import days_said_once, span_of

QR_MM = 18.0, 25.0  # the smallest and the largest code of a document
QR_MODULE_MM = 0.6  # of its squares, as far as the largest code allows
MAX_SPOKEN = 60  # values of a chart that a listener is read


@dataclass(frozen=True)
class Picture:
    """A drawn or given picture under the name by which the page asks for it."""

    name: str
    data: bytes
    width_mm: float
    height_mm: float
    unit_mm: float = 0.0  # on the page, of a unit of a drawing's own coordinates, where it is one of ours
    words: tuple[str, ...] = ()  # the lines of words that the drawing must show
    shaded: bool = False  # whether its colours stand on a scale, so that neighbours are alike


@dataclass(frozen=True)
class View:
    """One block, its words rendered."""

    index: int  # in the content's list of blocks
    kind: str
    id: str
    place: str
    optional: bool
    later: bool
    filler: bool
    data: Mapping[str, Any]
    label: str = ""  # its number before its heading, as in “Table 3”
    title_label: str = ""  # or before the title of what it shows, as in “Figure 3”
    breaks: bool = False  # whether it begins a page

    @property
    def is_band(self) -> bool:
        """Whether it crosses the sheet above the title."""
        return Width(self.place).is_band

    @property
    def is_noted(self) -> bool:
        """Whether it has notes with letters of the document."""
        return "below" in self.data

    @property
    def is_half(self) -> bool:
        """Whether another block stands beside it in a row of two."""
        return Width(self.place).is_half

    @property
    def words(self) -> int:
        """How many words it prints."""
        return sum(_count(value) for value in self.data.values())


HEADLINES = {"heading", "title", "subtitle", "question"}
UNPRINTED = {
    "id",
    "alt",
    "checked",
    "data",
    "height_mm",
    "optional",
    "filler",
    "later",
    "place",
    "chart",
    "figure",
    "figures",
    "terms",
    "source",
    "sources",
}


def view_of(hand: TextRenderer, index: int, block: BlockBase, picture: Picture | None) -> View:
    """Render one block; its place in the content tells it apart where it has no name."""
    hand.notes.turn_to(index, block)
    shown = finished(hand, block, index in hand.listed)
    notes = hand.notes.notes  # of which each is written where it is called
    data = render_fields(hand, shown.model_copy(update={"notes": {}}) if notes else shown)
    if notes:
        data["below"] = [(letter, hand.text(Kind.TEXT, notes[mark])) for mark, letter in hand.notes.below()]
    kind = kind_of(block)
    if more := _MORE.get(type(block)):
        more(hand, block, data, picture)
    numbers = hand.numbering or Numbering()
    labels = numbers.label(index), numbers.label(index, at_title=True)
    name, place = anchor(block, index), block.place.value
    setting = block.optional, block.later, block.filler
    return View(index, kind, name, place, *setting, data, *labels, index == numbers.first_annex)


def render_fields(hand: TextRenderer, record: BaseModel) -> dict[str, Any]:
    """The fields of a record, printed strings as HTML, in the order of the fields."""
    kinds = {path: kind for path, kind, _ in walk_printed_strings(record)}

    def value_at(value: Any, path: tuple[str | int, ...]) -> Any:
        if isinstance(value, BaseModel):
            return {name: value_at(getattr(value, name), (*path, name)) for name in type(value).model_fields}
        if isinstance(value, tuple):
            return [value_at(item, (*path, number)) for number, item in enumerate(value)]
        if isinstance(value, dict):
            return {name: value_at(item, (*path, name)) for name, item in value.items()}
        if isinstance(value, Day) or hasattr(value, "isoformat"):
            return hand.wording.date(value)
        if isinstance(value, str) and path in kinds:
            if path[-1] in HEADLINES and kinds[path] is Kind.TEXT:
                return hand.headline(value)
            return hand.text(kinds[path], value)
        return value.value if isinstance(value, Enum) else value

    return {
        name: value_at(getattr(record, name), (name,)) for name in type(record).model_fields if name not in UNPRINTED
    }


def _key_figures(hand: TextRenderer, block: KeyFigures, data: dict[str, Any], _: Picture | None) -> None:
    for item, shown in zip(block.items, data["items"], strict=True):
        shown |= large_figure(hand, item, shown["label"])


def _chart(hand: TextRenderer, block: ChartBlock, data: dict[str, Any], picture: Picture | None) -> None:
    chart = hand.briefing.charts[block.chart]
    data |= {**render_fields(hand, chart), "picture": picture, "alt": chart_alt_text(hand, chart)}
    _note_disputes(hand, chart)
    source_line(hand, data, chart_sources(hand.ledger, chart))
    data["stop"] = stop_after(chart.note) if data["numbers"] or chart.map else ""
    data["credit"] = chart.map.credit if chart.map else None


def chart_alt_text(hand: TextRenderer, chart: Chart) -> str:
    """The alternative text of a chart: the editor's words, then the values, so that these can never be stale."""
    rows = list(chart_rows(chart, hand.ledger, hand.wording))
    alt = hand.spoken(chart.alt)
    if chart.downward:
        alt = f"{alt}{stop_after(alt)} {hand.wording.word('label', 'downward')}"
    if len(rows) > MAX_SPOKEN:
        return alt
    series: dict[str | None, list[str]] = {}
    for place in spoken_values(chart, rows, hand.wording):
        between = " " if place.series else ": "
        series.setdefault(place.series, []).append(between.join(part for part in (place.label, place.text) if part))
    said = [f"{name}: {', '.join(values)}" if name else "; ".join(values) for name, values in series.items()]
    said += [f"{one.at}{DASH + one.to if one.to else ''}: {one.text}" for one in chart.annotations]
    return f"{alt}{stop_after(alt)} {'. '.join(said)}.".replace(NBSP, " ")


def chart_sources(ledger: Ledger, chart: Chart) -> tuple[str, ...]:
    """The sources of a chart: its own, those of its figures, and those of disputes, since it shows their range."""
    named = [*chart.sources]
    for datum in chart.data:
        if datum.figure:
            entry = ledger.entries[datum.figure]
            named += [*entry.sources, *(source for other in entry.figure.disputed for source in other.sources)]
    return tuple(dict.fromkeys(named))


def _note_disputes(hand: TextRenderer, chart: Chart) -> None:
    for datum in chart.data:
        if datum.figure:
            hand.dispute(hand.ledger.entries[datum.figure])


def _map(hand: TextRenderer, block: MapBlock, data: dict[str, Any], picture: Picture | None) -> None:
    data |= {"picture": picture, "alt": map_alt_text(hand, block), "stop": stop_after(block.note)}
    source_line(hand, data, block.sources)


def map_alt_text(hand: TextRenderer, block: MapBlock) -> str:
    """The alternative text of a map: the editor's words, then what its legend says, with the places by name."""
    alt = hand.spoken(block.alt)
    names = hand.wording.locale.territories
    places = (
        [*(str(names.get(code, code)) for code in one.countries), *(US_STATES.get(code, code) for code in one.states)]
        for one in block.tints
    )
    said = [f"{one.label}: {', '.join(those)}" for one, those in zip(block.tints, places, strict=True)]
    return f"{alt}{stop_after(alt)} {'. '.join(said)}." if said else alt


def _image(hand: TextRenderer, block: ImageBlock, data: dict[str, Any], picture: Picture | None) -> None:
    said = credited(block)
    data |= {"picture": picture, "alt": hand.spoken(block.alt), "credited": said}
    data["stop"] = stop_after(block.caption) if said else ""


def credited(block: ImageBlock) -> str:
    """Who made a picture and by which right it is printed; nothing for the publisher's own mark."""
    return ", ".join(said for said in (block.credit, block.licence) if said)


def _contested(hand: TextRenderer, _block: Contested, data: dict[str, Any], _: Picture | None) -> None:
    """Rows for the disputed figures of this document come first, in the order in which it prints them."""
    rows = []
    told: list[str] = []
    while new := [name for name in hand.disputed if name not in told]:  # a remark may name another one
        told += new
        rows += [_dispute(hand, hand.ledger.entries[name]) for name in new]
    data["rows"] = [*rows, *({**row, "disputed": False} for row in data["rows"])]


def _dispute(hand: TextRenderer, entry: LedgerEntry) -> dict[str, Any]:
    versions = [Markup(_said(hand, entry.amount, entry.sources))]
    notes = []
    for dispute, amount in zip(entry.figure.disputed, entry.other_amounts, strict=True):
        versions.append(Markup(_said(hand, amount, dispute.sources)))
        if dispute.note:
            notes.append(hand.text(Kind.TEXT, dispute.note))
    label = hand.text(Kind.TEXT, entry.figure.label or entry.id)
    return {"issue": label, "versions": versions, "printed": Markup(" ").join(notes), "disputed": True}


def _said(hand: TextRenderer, amount: Amount, sources: tuple[str, ...]) -> str:
    words = hand.unbroken(hand.wording.long(amount).text)
    return html.escape(words[:1].upper() + words[1:], quote=False) + hand.marks(sources)


def _glossary(hand: TextRenderer, block: GlossaryBlock, data: dict[str, Any], _: Picture | None) -> None:
    terms = [hand.briefing.glossary[name] for name in block.terms or hand.briefing.glossary]
    data["items"] = [render_fields(hand, term) for term in terms]


def _timeline(hand: TextRenderer, block: Timeline, data: dict[str, Any], _: Picture | None) -> None:
    for event, shown in zip(block.items, data["items"], strict=True):
        shown["date"] = hand.wording.date(event.date)


def _report(hand: TextRenderer, block: Report, data: dict[str, Any], _: Picture | None) -> None:
    for channel, shown in zip(block.channels, data["channels"], strict=True):
        shown["marks"] = Markup(hand.marks(channel.sources))
    if block.qr:
        picture = qr_picture(block.qr.link)
        hand.assets[picture.name] = picture.data
        data["qr"] |= {
            "picture": picture,
            "link": block.qr.link,  # as it is: the printed one may end a line
            "shown": host_of(block.qr.link),
            "folded": breakable(host_of(block.qr.link)),
            "marks": Markup(hand.marks(block.qr.sources)) if block.qr.sources else "",
        }


def host_of(link: str, whole: bool = True) -> str:
    """An address as paper prints it, without what every address has; whole, or only its host."""
    address = urlsplit(link)
    if not whole:
        return address.netloc.removeprefix("www.")
    more = f"?{address.query}" * bool(address.query) + f"#{address.fragment}" * bool(address.fragment)
    return address.netloc + address.path.rstrip("/") + more


@lru_cache(maxsize=4)
def qr_picture(link: str, side_mm: float | None = None) -> Picture:
    """A code, and around it its quiet zone of four modules (ISO/IEC 18004, 5.3.8).

    Where no size is asked for, it leaves words room beside it in the margin column, as far as its modules can be seen.
    """
    import segno

    code = segno.make(link, error="m", micro=False)
    out = io.BytesIO()
    code.save(out, kind="svg", border=4, dark="#000", light=None, xmldecl=False, svgns=True, nl=False)
    modules = int(code.symbol_size(border=0)[0])
    side_mm = side_mm or min(max(QR_MM[0], modules * QR_MODULE_MM), QR_MM[1])
    module = side_mm / modules
    size = side_mm + 8 * module
    return Picture("qr.svg", out.getvalue(), size, size, module)


TYPED = 60  # signs: a longer address is typed by nobody, and its site, title and date find the page


def _sources(hand: TextRenderer, _block: SourcesBlock, data: dict[str, Any], _: Picture | None) -> None:
    """The sources that the document has named, by number.

    The days on which they were read are said once where all lie in a fortnight; else one that a third of them share is.
    """
    named = [(number, hand.briefing.sources[name]) for name, number in hand.numbers.items()]
    dates = [source.read for _, source in named]
    once = days_said_once(dates)
    data["read"] = (
        {"on": hand.whole_date(hand.wording.period(span_of(once))), "all": once.issuperset(dates)} if once else None
    )
    data["items"] = [_source(hand, number, source, once) for number, source in named]


def _source(hand: TextRenderer, number: int, source: Source, read_said: Collection[date]) -> dict[str, Any]:
    host = host_of(source.link, whole=False) if source.link else ""
    address = hand.address(source.link) if source.link else ""  # in copies for paper
    address = breakable(address) if len(address) <= TYPED else ""
    through, shown = (address, "") if address and source.via == host else (source.via, address or host)
    return {
        "number": number,
        "publisher": source.publisher,
        "publisher_lang": source.publisher_lang,
        "title": source.title,
        "lang": source.lang,
        "described": source.described,
        "date": hand.wording.date(source.date).replace(" ", NBSP) if source.date else None,
        "kind": hand.wording.word("kind", source.kind),
        "link": source.link,
        "host": "" if source.via and not address else shown,
        "via": through,
        "read": hand.wording.date(source.read).replace(" ", NBSP)
        if source.read and source.read not in read_said
        else None,
        "note": hand.text(Kind.TEXT, source.note.removesuffix(".")) if source.note else None,
    }


_MORE: dict[type[BlockBase], Any] = {
    Takeaways: led_items,
    KeyFigures: _key_figures,
    ChartBlock: _chart,
    MapBlock: _map,
    ImageBlock: _image,
    Contested: _contested,
    GlossaryBlock: _glossary,
    Timeline: _timeline,
    Report: _report,
    SourcesBlock: _sources,
    **table_views.MORE,
    **panel_views.MORE,
}


def _count(value: Any) -> int:
    if isinstance(value, str):
        return len(re.sub(r"<[^>]+>", " ", value).split()) if isinstance(value, Markup) else 0
    if isinstance(value, dict):
        return sum(_count(item) for item in value.values())
    if isinstance(value, list):
        return sum(_count(item) for item in value)
    return 0
