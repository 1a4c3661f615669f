"""One document from briefing to PDF: composed, typeset, fitted, its margin placed, and written.

An `Order` comes in, a `Proof` goes out: the PDF's bytes and what was noticed on the way. Nothing is written to disk.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from briefing.content.blocks import Width, kind_of
from briefing.design.editions import EditionName, Standard, Step
from briefing.documents import document as document_writer
from briefing.documents import html as page_html
from briefing.documents.setting import Placed, Setting
from briefing.findings import Finding, error, has_errors
from briefing.layout import copyfit, margin_column
from briefing.pipeline import finish_document
from briefing.pipeline.document_job import Order
from briefing.proofing import comparison, expected, line_numbers
from briefing.proofing.comparison import Faint
from briefing.runtime import page_sharing, timings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from briefing.documents.block_views import Picture
    from briefing.layout.typesetter import Layout, Press

VARIANT = "pdf/ua-1"  # what the typesetter writes where an edition asks for nothing else
VARIANTS = {Standard.ARCHIVE: "pdf/a-3a"}
MARGIN_GAP_PX = 20.0  # between blocks in the margin column
MARGIN_OVER = 0.05  # pages that a margin block without room counts as too long


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
    amiss: tuple[comparison.Amiss, ...]  # what the pages do not show as it was asked
    stood: tuple[comparison.Stood, ...]  # where everything stands
    lines: tuple[line_numbers.Line, ...]
    faint: tuple[Faint, ...]  # what a photocopy would lose
    html: str
    seconds: float


@dataclass(frozen=True)
class Glimpse:
    """The pages of a document as soon as they are typeset, before they are proved; also where they are too many.

    Only those are in the PDF whose looks were not known before.
    """

    pdf: bytes
    looks: tuple[str, ...]  # a digest of what each page shows; none where finishing may change it
    within: tuple[int, ...]  # the pages that are in the PDF, from 0
    length: float  # pages taken, the last one by its filled part
    budget: int
    over_lines: int  # how much is over, in lines and in words of running text
    over_words: int
    setting: Setting
    dropped: tuple[str, ...]
    laid: float  # when they were laid, in seconds of the clock
    stood: tuple[comparison.Stood, ...] = ()  # where everything stands, on pages that no proof will have


Show = Callable[[Glimpse], None]


@dataclass(frozen=True)
class _Laid:
    """A layout as fitting sees it."""

    made: document_writer.Edition
    html: str
    layout: Layout
    length: float
    area_lines: float
    words_a_line: float
    placed: tuple[Placed, ...]
    homeless: tuple[str, ...]  # margin blocks without room


def make(
    order: Order,
    drawn: Callable[[], Mapping[int, Picture]] | None = None,
    show: Show | None = None,
    known: Collection[str] = (),
) -> Proof:
    """Compose, typeset, fit and write one document.

    Pages are laid with pictures that may be blank; `drawn`, where it is given, waits for those to be printed. Whoever
    wants to see the pages at once is shown them, but for those whose looks are `known`.
    """
    began = time.monotonic()
    from briefing.layout.typesetter import typesetter

    press = typesetter(order.templates / "fonts")
    document = order.briefing.document(order.document)
    fitted, target = _fitted(order, press)
    laid = fitted.laid
    names = {index: _name(order, index) for index in range(len(document.blocks))}
    words = {view.index: view.words for view in laid.made.blocks}
    findings = [*laid.layout.findings, *(_no_room(order, laid.made, name) for name in laid.homeless)]
    if not laid.homeless:
        findings += copyfit.judge(fitted, target, order.title, order.place, names, words, order.places)
    showing = _Showing(press, target, fitted, names, show, known)
    if has_errors(findings):
        printed = _Printed(laid.html, laid.layout, lacking=laid.layout.lacking)
        showing.refused(order)
    else:
        printed = _printed(order, press, fitted, drawn, showing)
        findings += printed.findings
    findings += [_outside(order, address) for address in press.refused(printed.layout)]
    sheets, held = printed.layout.sheets, printed.held
    return Proof(
        document=order.document,
        edition=order.kind.name,
        title=order.title,
        headline=laid.made.plain_title,
        pdf=printed.pdf,
        pages=len(sheets),
        budget=target.pages,
        fill=sheets[-1].fill,
        words=sum(words.values()),
        dropped=tuple(names[index] for index in fitted.dropped),
        renders=fitted.renders,
        setting=fitted.setting,
        findings=tuple(_placed(order, finding) for finding in findings),
        lacking=printed.lacking,
        amiss=held.amiss,
        stood=held.stood,
        lines=held.lines,
        faint=held.faint,
        html=printed.html,
        seconds=time.monotonic() - began,
    )


def _fitted(order: Order, press: Press) -> tuple[copyfit.Fitted[_Laid], copyfit.Budget]:
    """The document laid within its budget, or the nearest to it, and the budget."""
    pages = order.pages
    area: list[float] = []

    def render(setting: Setting, dropped: frozenset[int]) -> _Laid:
        with timings.span(order.document, "edit"):
            made = document_writer.build(
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

    blocks = order.briefing.document(order.document).blocks
    optional = tuple(index for index, block in reversed(list(enumerate(blocks))) if block.optional)
    if order.kind.open_ended:
        return copyfit.fit_open(render, pages, optional)
    target = copyfit.budget(pages)
    return copyfit.fit(render, target, optional), target


@dataclass(frozen=True)
class _Printed:
    """A document as far as it could be printed."""

    html: str
    layout: Layout
    pdf: bytes = b""
    findings: tuple[Finding, ...] = ()
    lacking: tuple[str, ...] = ()
    held: _Held = field(default_factory=lambda: _Held())


def _printed(
    order: Order,
    press: Press,
    fitted: copyfit.Fitted[_Laid],
    drawn: Callable[[], Mapping[int, Picture]] | None,
    showing: _Showing,
) -> _Printed:
    """Put everything into its place, write the file, finish it and prove it."""
    laid, left_out = fitted.laid, frozenset(fitted.dropped)
    html, layout = _with_margin(press, order, laid, fitted.setting)
    laid_at = time.time()
    if drawn:
        with timings.span(order.document, "wait for drawings"):
            blank, order = order.pictures, replace(order, pictures=drawn())
        new = {one.name: one.data for index, one in order.pictures.items() if one.data != blank[index].data}
        layout = press.filled(layout, new)
    showing.drafted(order, layout, laid_at)
    with timings.span(order.document, "write"):
        written = press.write(layout, VARIANTS.get(order.kind.standard, VARIANT))
    with timings.span(order.document, "finish"):
        pdf = finish_document.finished(order, laid.made, left_out, press, len(layout.sheets), written.data)
    showing.finished(order, layout, pdf, laid_at)
    held = _held(order, laid, left_out, pdf)
    findings = (
        *layout.findings[len(laid.layout.findings) :],
        *written.findings,
        *finish_document.untold(held.judged, held.faint),
    )
    return _Printed(html, layout, pdf, findings, tuple(dict.fromkeys((*layout.lacking, *written.lacking))), held)


def _lay(
    press: Press,
    order: Order,
    made: document_writer.Edition,
    setting: Setting,
    placed: tuple[Placed, ...] = (),
) -> tuple[str, Layout]:
    with timings.span(order.document, "compose"):
        html = page_html.compose(made, setting, order.templates, placed)
    with timings.span(order.document, "lay"):
        return html, press.lay(html, made.assets)


@dataclass(frozen=True)
class _Showing:
    """Shows pages to whoever wants to see them before they are proved."""

    press: Press
    target: copyfit.Budget
    fitted: copyfit.Fitted[_Laid]
    names: Mapping[int, str]
    show: Show | None
    known: Collection[str]

    def drafted(self, order: Order, layout: Layout, laid_at: float) -> None:
        """Show pages that are within their budget, where finishing changes nothing that is seen."""
        if self.show and not _inked(order):
            self.show(self._draft(order, layout, laid_at))

    def finished(self, order: Order, layout: Layout, pdf: bytes, laid_at: float) -> None:
        """Show pages that finishing has changed."""
        if self.show and _inked(order):
            self.show(self._glimpse(pdf, (), tuple(range(len(layout.sheets))), layout, laid_at))

    def refused(self, order: Order) -> None:
        """Show pages that are refused, for most that they are too many: as they are laid, and what stands where."""
        if not self.show:
            return
        fitted, press, laid = self.fitted, self.press, self.fitted.laid
        setting = replace(fitted.setting, tall=False)
        if fitted.setting.tall:
            html, layout = _lay(press, order, laid.made, setting)
            laid = replace(laid, html=html, layout=layout, placed=_margin(laid.made, layout, math.inf)[0])
        layout = _with_margin(press, order, laid, setting)[1]
        lines, words = (0, 0) if fitted.fits else copyfit.over_budget(laid, self.target)
        draft = self._draft(order, layout, time.time())
        seen = replace(draft, length=laid.length, over_lines=lines, over_words=words, setting=setting)
        self.show(seen)
        if not _inked(order):
            left_out = frozenset(fitted.dropped)
            data = press.write(layout, VARIANTS.get(order.kind.standard, VARIANT)).data
            data = finish_document.finished(order, laid.made, left_out, press, len(layout.sheets), data)
            self.show(replace(seen, stood=_held(order, laid, left_out, data).stood))

    def _draft(self, order: Order, layout: Layout, laid_at: float) -> Glimpse:
        looks = self.press.looks(layout, {one.name: one.data for one in order.pictures.values()})
        within = tuple(number for number, look in enumerate(looks) if look not in self.known)
        pdf = self.press.drafted(layout, within) if within else b""
        return self._glimpse(pdf, looks, within, layout, laid_at)

    def _glimpse(
        self, pdf: bytes, looks: tuple[str, ...], within: tuple[int, ...], layout: Layout, laid_at: float
    ) -> Glimpse:
        last = max((number for number, sheet in enumerate(layout.sheets, 1) if sheet.fill), default=1)
        return Glimpse(
            pdf=pdf,
            looks=looks,
            within=within,
            length=last - 1 + layout.sheets[last - 1].fill,
            budget=self.target.pages,
            over_lines=0,
            over_words=0,
            setting=self.fitted.setting,
            dropped=tuple(self.names[index] for index in self.fitted.dropped),
            laid=laid_at,
        )


def _inked(order: Order) -> bool:
    """Whether finishing gives the pages other colours and marks; else it changes nothing that is seen."""
    return Step.MARKS in order.kind.steps


def _with_margin(press: Press, order: Order, laid: _Laid, setting: Setting) -> tuple[str, Layout]:
    """The same pages with the margin blocks in their places."""
    if not laid.placed:
        return laid.html, laid.layout
    with timings.span(order.document, "place the margin"):
        html = page_html.compose(laid.made, setting, order.templates, laid.placed)
        return html, press.placed(laid.layout, laid.placed, html)


@dataclass(frozen=True)
class _Held:
    """What was found when the finished file was judged and read back."""

    judged: tuple[Finding, ...] = ()
    amiss: tuple[comparison.Amiss, ...] = ()
    stood: tuple[comparison.Stood, ...] = ()
    lines: tuple[line_numbers.Line, ...] = ()
    faint: tuple[Faint, ...] = ()


def _held(order: Order, laid: _Laid, dropped: frozenset[int], pdf: bytes) -> _Held:
    """Judge the finished file, read it back and hold it against what the records ask for."""
    from briefing.proofing.page_facts import PdfInfo
    from briefing.proofing.photocopy.judge import copied
    from briefing.proofing.readback import sheets

    acts: list[Callable[[], Any]] = [finish_document.preflight_of(order, pdf), *sheets(pdf)]
    shared = page_sharing.Shared(acts)
    reading = page_html.reading_order(laid.made, laid.placed)
    script = expected.script(
        order.briefing,
        order.ledger,
        order.wording,
        order.document,
        order.pictures,
        dropped,
        reading,
        order.tokens.one_column,
    )
    with timings.span(order.document, "read back"):
        judged, *read = shared.results()
        info = PdfInfo(tuple(read))
    with timings.span(order.document, "hold"):
        amiss, stood = comparison.hold(script, info)
    views = laid.made.blocks
    margin = {view.id for view in views if view.place == Width.SIDE}
    listed = {view.id for view in views if view.kind == "sources"}  # its entries have numbers of their own
    with timings.span(order.document, "photocopy"):
        faint = copied(pdf, info, stood)
    return _Held(judged, amiss, stood, line_numbers.lines_of(stood, margin, listed), faint)


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


def _margin(
    made: document_writer.Edition, layout: Layout, most_px: float
) -> tuple[tuple[Placed, ...], tuple[str, ...]]:
    """Places for the margin blocks of a document whose text is laid, at most so far down; a fact sheet needs none."""
    if made.document == "fact_sheet" or made.one_column:
        return (), ()
    views = {view.id: view for view in made.blocks}
    pages: list[margin_column.Page] = []
    begun: set[str] = set()
    heights: dict[str, float] = {}
    for sheet in layout.sheets:
        page = {}
        for name, (top, bottom) in sheet.blocks.items():
            if views[name].place == "side":
                heights[name] = heights.get(name, 0.0) + bottom - top
            else:
                page[name] = margin_column.Spot(top, bottom, views[name].place == "wide", name not in begun)
                begun.add(name)
        pages.append(margin_column.Page(page, min(sheet.area_px, most_px)))
    sides, beside = [], next(view.id for view in reversed(made.blocks) if view.place != "side")
    for view in reversed(made.blocks):
        if view.place == "side":
            sides.append(margin_column.Side(view.id, heights[view.id], beside))
        else:
            beside = view.id
    return margin_column.place(sides[::-1], pages, MARGIN_GAP_PX)


def _no_room(order: Order, made: document_writer.Edition, name: str) -> Finding:
    index = next(view.index for view in made.blocks if view.id == name)
    hint = "shorten it or another block with place: side, or give it place: main"
    return error("margin-full", f'the margin column has no room for "{name}"', order.places[index], hint)


def _name(order: Order, index: int) -> str:
    block = order.briefing.document(order.document).blocks[index]
    return block.id or f"{kind_of(block)} {index + 1}"
