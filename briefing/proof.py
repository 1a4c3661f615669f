"""One document from briefing to PDF: composed, typeset, fitted, its margin placed, and written.

An `Order` comes in, a `Proof` goes out: the PDF's bytes and what was noticed on the way. Nothing is written to disk.
"""

from __future__ import annotations

import contextlib
import io
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from briefing import asked, complete, compose, dataset, edition, fit, lines, margin
from briefing.blocks import Width, kind_of
from briefing.compose import Setting
from briefing.editions import EDITIONS, EditionKind, EditionName, Standard, Step
from briefing.findings import Finding, Missing, Place, error, has_errors
from briefing.finish.finishing import Attached, Finishing
from briefing.finish.finishing import Press as Shop
from briefing.ledger import Ledger
from briefing.model import Briefing
from briefing.paper import Paper
from briefing.pictures import Room
from briefing.tokens import Tokens
from briefing.views import Picture
from briefing.wording import Wording

if TYPE_CHECKING:
    from briefing.photocopy import Faint
    from briefing.typeset import Layout, Press

PACKAGES = (
    "Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 · "
    "Fedora: dnf install pango harfbuzz · macOS: brew install pango"
)
VARIANT = "pdf/ua-1"  # what the typesetter writes where an edition asks for nothing else
VARIANTS = {Standard.ARCHIVE: "pdf/a-3a"}
MARGIN_GAP_PX = 20.0  # between blocks in the margin column
# Times the pages of large print, at most: 18 pt takes three times the paper of 10.4 pt, and stacked tables more.
LARGER = 5
MARGIN_OVER = 0.05  # pages that a margin block without room counts as too long


@dataclass(frozen=True)
class Order:
    """What the press needs to make one document."""

    briefing: Briefing
    ledger: Ledger
    wording: Wording
    document: str
    paper: Paper
    pictures: Mapping[int, Picture]
    templates: Path
    place: Place
    places: Mapping[int, Place]
    tokens: Tokens
    kind: EditionKind = EDITIONS[EditionName.READING]
    shop: Shop | None = None  # for whom an edition is made that goes to a press

    @property
    def title(self) -> str:
        """How findings call the document: by its edition too, where that is not the reader's."""
        name = self.wording.word("document", self.document)
        return name if self.kind.layer == "" else f"{name}, {self.wording.word('edition', self.kind.name)}"


def orders(
    briefing: Briefing,
    ledger: Ledger,
    documents: tuple[str, ...],
    room: Room,
    drawn: Mapping[str, Mapping[int, Picture]],
    kind: EditionKind = EDITIONS[EditionName.READING],
    shop: Shop | None = None,
) -> tuple[Order, ...]:
    """An order for each document of an edition."""
    where = room.where
    return tuple(
        Order(
            briefing=briefing,
            ledger=ledger,
            wording=room.wording,
            document=name,
            paper=room.paper,
            pictures=drawn[name],
            templates=room.templates,
            tokens=room.tokens,
            place=where((name,), key=True),
            places={index: where((name, "blocks", index)) for index, _ in enumerate(briefing.document(name).blocks)},
            kind=kind,
            shop=shop if Step.MARKS in kind.steps else None,
        )
        for name in documents
    )


@dataclass(frozen=True)
class Proof:
    """A typeset document before it is published: its bytes, and what was noticed on the way."""

    document: str
    edition: EditionName
    title: str  # how findings call it
    headline: str  # what it is called on its first page
    pdf: bytes
    pages: int
    budget: int
    fill: float  # of the last page
    words: int
    dropped: tuple[str, ...]
    renders: int
    setting: Setting
    findings: tuple[Finding, ...]
    lacking: tuple[str, ...]  # characters that no font has
    amiss: tuple[complete.Amiss, ...]  # what the pages do not show as it was asked
    stood: tuple[complete.Stood, ...]  # where everything stands
    lines: tuple[lines.Line, ...]
    faint: tuple[Faint, ...]  # what a photocopy would lose
    html: str
    seconds: float


@dataclass(frozen=True)
class _Laid:
    """A layout as fitting sees it."""

    made: edition.Edition
    html: str
    layout: Layout
    length: float
    area_lines: float
    words_a_line: float
    placed: tuple[margin.Placed, ...]
    homeless: tuple[str, ...]  # margin blocks without room


def make(order: Order) -> Proof:
    """Compose, typeset, fit and write one document."""
    began = time.monotonic()
    press = typesetter()(order.templates / "fonts")
    document = order.briefing.document(order.document)
    pages = most_pages(order.briefing, order.document, order.kind)
    area: list[float] = []

    def render(setting: Setting, dropped: frozenset[int]) -> _Laid:
        made = edition.build(
            order.briefing,
            order.ledger,
            order.wording,
            order.document,
            order.paper,
            order.pictures,
            dropped,
            order.kind.layer,
            order.tokens.one_column,
            order.shop.bleed_mm if order.shop else 0.0,
        )
        html, layout = _lay(press, order, made, setting)
        count = max((number for number, sheet in enumerate(layout.sheets, 1) if sheet.fill), default=1)
        last = layout.sheets[count - 1]  # pages after it hold the end of a margin block that is taller than a page
        if not area:
            area.append(last.area_px)
        length = last.fill * last.area_px / area[0] if setting.tall else count - 1 + last.fill
        placed, homeless = _margin(made, layout, area[0] if setting.tall else math.inf)
        if homeless and length <= pages:
            length = pages + MARGIN_OVER * len(homeless)  # a full margin is mended by the same means
        return _Laid(made, html, layout, length, area[0] / layout.line_px, layout.words_a_line, placed, homeless)

    optional = tuple(index for index, block in reversed(list(enumerate(document.blocks))) if block.optional)
    if order.kind.open_ended:
        fitted, target = fit.fit_open(render, pages, optional)
    else:
        target = fit.budget(pages)
        fitted = fit.fit(render, target, optional)
    laid = fitted.laid
    names = {index: _name(order, index) for index in range(len(document.blocks))}
    words = {view.index: view.words for view in laid.made.blocks}
    findings = [*laid.layout.findings, *(_no_room(order, laid.made, name) for name in laid.homeless)]
    if not laid.homeless:
        findings += fit.judge(fitted, target, order.title, order.place, names, words, order.places)
    html, layout, pdf, lacking = laid.html, laid.layout, b"", laid.layout.lacking
    held = _Held()
    if not has_errors(findings):
        html, layout = _with_margin(press, order, laid, fitted.setting)
        written = press.write(layout, VARIANTS.get(order.kind.standard, VARIANT))
        left_out = frozenset(fitted.dropped)
        about = _about(order, laid.made, left_out, press, len(layout.sheets))
        pdf, lacking = (
            _finished(order, about, written.data),
            tuple(dict.fromkeys((*lacking, *written.lacking))),
        )
        findings += written.findings
        held = _held(order, laid, left_out, pdf)
        findings += _preflight(order, pdf, held.faint)
    findings += [_outside(order, address) for address in press.refused(layout)]
    sheets = layout.sheets
    return Proof(
        document=order.document,
        edition=order.kind.name,
        title=order.title,
        headline=laid.made.plain_title,
        pdf=pdf,
        pages=len(sheets),
        budget=target.pages,
        fill=sheets[-1].fill,
        words=sum(words.values()),
        dropped=tuple(names[index] for index in fitted.dropped),
        renders=fitted.renders,
        setting=fitted.setting,
        findings=tuple(_placed(order, finding) for finding in findings),
        lacking=lacking,
        amiss=held.amiss,
        stood=held.stood,
        lines=held.lines,
        faint=held.faint,
        html=html,
        seconds=time.monotonic() - began,
    )


def most_pages(briefing: Briefing, document: str, kind: EditionKind) -> int:
    """The page budget of a document in an edition."""
    record = briefing.document(document)
    if not kind.open_ended:
        return record.pages
    return record.large_print_pages or LARGER * record.pages


def _lay(
    press: Press, order: Order, made: edition.Edition, setting: Setting, placed: tuple[margin.Placed, ...] = ()
) -> tuple[str, Layout]:
    html = compose.compose(made, setting, order.templates, placed)
    return html, press.lay(html, made.assets)


def _with_margin(press: Press, order: Order, laid: _Laid, setting: Setting) -> tuple[str, Layout]:
    """The same pages with the margin blocks in their places."""
    if not laid.placed:
        return laid.html, laid.layout
    html, layout = _lay(press, order, laid.made, setting, laid.placed)
    if len(layout.sheets) != len(laid.layout.sheets):
        raise RuntimeError("placing the margin blocks has moved the text")
    return html, layout


def _about(order: Order, made: edition.Edition, dropped: frozenset[int], press: Press, pages: int) -> Finishing:
    """What the finishing steps need to know of a document."""
    front, words = order.briefing.briefing, order.wording.words["pdf"]
    listed = [item for view in made.blocks if view.kind == "sources" for item in view.data["items"]]
    attached: tuple[Attached, ...] = ()
    if Step.ARCHIVE in order.kind.steps:
        figures = dataset.as_csv(order.briefing, order.ledger, order.document, dropped)
        attached = (Attached(words["data_name"], "text/csv", words["data"], figures.encode()),)
    return Finishing(
        title=made.plain_title,
        language=made.language,
        publisher=front.publisher,
        date=front.date,
        words=words,
        attached=attached,
        sources={item["number"]: f"{item['publisher']}, {item['title']}" for item in listed},
        press=_shop(order, made, press, pages) if Step.MARKS in order.kind.steps else None,
    )


def _finished(order: Order, about: Finishing, data: bytes) -> bytes:
    """Take the typesetter's file through the finishing steps of its edition."""
    from briefing.finish import finish

    return finish.finish(data, order.kind.steps, about)


def _shop(order: Order, made: edition.Edition, press: Press, pages: int) -> Shop:
    """The print shop that the document is for, with the slug line of each of its pages."""
    from briefing.printing import slug

    assert order.shop
    line = press.write(press.lay(slug(made, order.wording, order.shop, pages, order.templates), {}))
    return replace(order.shop, slug=line.data)


# What preflight tells of the file, and the photocopy at the content that is to be mended.
_BETTER = {"type-small": "copy-type-small", "line-thin": "copy-hairline"}


def _preflight(order: Order, pdf: bytes, faint: Sequence[Faint]) -> list[Finding]:
    """What speaks against the finished file as its edition, but for what is better told otherwise."""
    from briefing.preflight.judge import preflight
    from briefing.printing import limits

    found = preflight(pdf, order.kind.file(order.document), order.kind.name, limits(order.kind, order.shop))
    told = {one.code for one in faint}
    return [one for one in found if _BETTER.get(one.code) not in told]


@dataclass(frozen=True)
class _Held:
    """What was found when the finished file was read back."""

    amiss: tuple[complete.Amiss, ...] = ()
    stood: tuple[complete.Stood, ...] = ()
    lines: tuple[lines.Line, ...] = ()
    faint: tuple[Faint, ...] = ()


def _held(order: Order, laid: _Laid, dropped: frozenset[int], pdf: bytes) -> _Held:
    """Read the finished file back and hold it against what the records ask for."""
    from briefing.photocopy import copied
    from briefing.readback import read

    reading = compose.reading_order(laid.made, laid.placed)
    script = asked.script(
        order.briefing,
        order.ledger,
        order.wording,
        order.document,
        order.pictures,
        dropped,
        reading,
        order.tokens.one_column,
    )
    info = read(pdf)
    amiss, stood = complete.hold(script, info)
    views = laid.made.blocks
    margin = {view.id for view in views if view.place == Width.SIDE}
    listed = {view.id for view in views if view.kind == "sources"}  # its entries have numbers of their own
    return _Held(amiss, stood, lines.lines_of(stood, margin, listed), copied(pdf, info, stood))


def _outside(order: Order, address: str) -> Finding:
    """Something that a page asked for in vain, told at the picture that names it."""
    named = (index for index, picture in order.pictures.items() if address.encode() in picture.data)
    place = order.places.get(next(named, -1), order.place)
    shown = address if len(address) <= 80 else address[:77] + "…"
    hint = "put what it needs into the picture itself; nothing is fetched"
    return error("outside-refused", f"the page asked for {shown}", place, hint)


def _placed(order: Order, finding: Finding) -> Finding:
    """What the typesetter says has no place in the content; it is told at the document."""
    return finding if finding.place.file else replace(finding, place=order.place)


def _margin(made: edition.Edition, layout: Layout, most_px: float) -> tuple[tuple[margin.Placed, ...], tuple[str, ...]]:
    """Places for the margin blocks of a document whose text is laid, at most so far down; a fact sheet needs none."""
    if made.document == "fact_sheet" or made.one_column:
        return (), ()
    views = {view.id: view for view in made.blocks}
    pages: list[margin.Page] = []
    begun: set[str] = set()
    heights: dict[str, float] = {}
    for sheet in layout.sheets:
        page = {}
        for name, (top, bottom) in sheet.blocks.items():
            if views[name].place == "side":
                heights[name] = heights.get(name, 0.0) + bottom - top
            else:
                page[name] = margin.Spot(top, bottom, views[name].place == "wide", name not in begun)
                begun.add(name)
        pages.append(margin.Page(page, min(sheet.area_px, most_px)))
    sides, beside = [], next(view.id for view in reversed(made.blocks) if view.place != "side")
    for view in reversed(made.blocks):
        if view.place == "side":
            sides.append(margin.Side(view.id, heights[view.id], beside))
        else:
            beside = view.id
    return margin.place(sides[::-1], pages, MARGIN_GAP_PX)


def _no_room(order: Order, made: edition.Edition, name: str) -> Finding:
    index = next(view.index for view in made.blocks if view.id == name)
    hint = "shorten it or another block with place: side, or give it place: main"
    return error("margin-full", f'the margin column has no room for "{name}"', order.places[index], hint)


def _name(order: Order, index: int) -> str:
    block = order.briefing.document(order.document).blocks[index]
    return block.id or f"{kind_of(block)} {index + 1}"


def typesetter() -> type[Press]:
    """The typesetter; raises `Missing` where a library that it opens is not on this machine."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # WeasyPrint prints advice of its own
            from briefing.typeset import Press
    except (ImportError, OSError) as problem:
        said = str(problem).partition("\n")[0][:200]
        raise Missing(error("library-missing", f"the typesetter cannot start: {said}", hint=PACKAGES)) from None
    return Press
