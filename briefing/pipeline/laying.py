"""The pages of a document laid: its text fitted to the budget, and the blocks of its margin put in their places."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Protocol

from briefing.content.blocks import Width
from briefing.design.paper import PX_PER_MM
from briefing.documents import document as document_writer
from briefing.documents import html as page_html
from briefing.documents.icons import drawn_icons
from briefing.documents.partners import STRIP
from briefing.documents.setting import FOOT, Placed, Setting
from briefing.layout import copyfit, margin_column
from briefing.pipeline.document_job import DocumentJob
from briefing.runtime import speed, timings

if TYPE_CHECKING:
    from briefing.layout.laid_boxes import LaidPage
    from briefing.layout.typesetter import Layout, Typesetter

MARGIN_GAP_PX = 20.0  # between blocks in the margin column
HOLE_PX = 25.5 * PX_PER_MM  # over 25 mm, as it is told in whole ones
CONTENT, TRIED, SETTLED = range(3)  # how sources are numbered: as the content has them, or earlier pages, or these
MARGIN_OVER = 0.05  # pages that a margin block without room counts as too long


@dataclass(frozen=True)
class LaidDocument:
    """A layout as fitting sees it."""

    made: document_writer.DocumentView
    html: str
    layout: Layout
    length: float
    area_lines: float
    words_a_line: float
    margin: margin_column.PlacedMargin
    text_length: float  # pages that the text column takes alone
    area_px: float  # height of the type area of a full page
    sources: tuple[str, ...]  # in the order in which these pages name them
    numbering: int  # CONTENT, TRIED or SETTLED

    @property
    def placed(self) -> tuple[Placed, ...]:
        """Where the blocks of the margin stand."""
        return self.margin.placed

    @property
    def misnumbered(self) -> int:
        """How many sources have another number than their place on the pages would give them."""
        return sum(one != other for one, other in zip(self.sources, self.made.sources, strict=True))

    @property
    def text_holes(self) -> tuple[tuple[int, float], ...]:
        """The pages whose text ends far above their foot, and neither the last nor before a new page: page, height."""
        begun = pages_of_blocks(self.layout.sheets)
        breaks = {begun.get(view.id) for view in self.made.blocks if view.breaks}
        short = margin_column.short_pages(self.margin, HOLE_PX)
        return tuple((page, high) for page, high in short if page + 2 not in breaks)

    @property
    def unfilled(self) -> float:
        """How high these holes are, together."""
        return sum(high for _, high in self.text_holes)

    @property
    def homeless(self) -> tuple[str, ...]:
        """Margin blocks without room."""
        return self.margin.homeless


def pages_of_blocks(sheets: Sequence[LaidPage]) -> dict[str, int]:
    """The page on which each block begins, from 1."""
    return {name: number for number, sheet in reversed(list(enumerate(sheets, 1))) for name in sheet.blocks}


Settled = tuple[copyfit.Fitted[LaidDocument], copyfit.PageBudget]


class Render(Protocol):
    """What lays a document as fitting asks."""

    def __call__(
        self, setting: Setting, dropped: frozenset[int], order: tuple[str, ...] = (), numbering: int = CONTENT
    ) -> LaidDocument:
        """The document without the blocks that are dropped; its sources are numbered in an order, if one is given."""


def fit(job: DocumentJob, press: Typesetter, render: Render | None = None) -> Settled:
    """The document laid within its budget, or the nearest to it, and the budget.

    Sources are numbered as the pages name them. What is laid first tells how; later trials have it so already.
    """
    render, optional = render or renderer(job, press), _optional(job)
    order: tuple[str, ...] = ()

    def trial(setting: Setting, dropped: frozenset[int]) -> LaidDocument:
        nonlocal order
        laid = render(setting, dropped, order, TRIED if order else CONTENT)
        order = laid.sources if laid.misnumbered else order
        return laid

    if job.use.open_ended:
        fitted, target = copyfit.fit_open(trial, job.pages, optional)
    else:
        target = copyfit.page_budget(job.pages)
        fitted = copyfit.fit(trial, target, optional)
    return _numbered(render, fitted), target


def _numbered(render: Render, fitted: copyfit.Fitted[LaidDocument]) -> copyfit.Fitted[LaidDocument]:
    """The same with its sources numbered as its pages name them: laid once more, where they are not.

    Other numbers may move a line, and what it names, to another page: then the better of both is taken.
    """
    laid = fitted.laid
    if not fitted.fits or not laid.misnumbered:
        return fitted
    anew = render(fitted.setting, frozenset(fitted.dropped), laid.sources, SETTLED)
    as_long = math.ceil(anew.length) == math.ceil(laid.length) and not anew.homeless
    better = as_long and anew.misnumbered < laid.misnumbered
    return replace(fitted, laid=anew, renders=fitted.renders + 1) if better else fitted


@dataclass(frozen=True)
class Choice:
    """How a document was made to fit, without its pages."""

    setting: Setting
    dropped: tuple[int, ...]
    target: copyfit.PageBudget
    order: tuple[str, ...]  # of its sources; empty where it is that of the content
    numbering: int

    @classmethod
    def of(cls, settled: Settled) -> Choice:
        """The one that was made."""
        fitted, target = settled
        laid = fitted.laid
        order = laid.made.sources if laid.numbering else ()
        return cls(fitted.setting, fitted.dropped, target, order, laid.numbering)


def fit_as_before(job: DocumentJob, render: Render, before: Choice) -> Settled | None:
    """The document laid as its last version was made to fit, before it is known whether that is still the way.

    Nothing where it would not fit, or other blocks may be left out by now.
    """
    target = before.target if job.use.open_ended else copyfit.page_budget(job.pages)
    if before.setting.tall or before.dropped != _optional(job)[: len(before.dropped)]:
        return None
    laid = render(before.setting, frozenset(before.dropped), before.order, before.numbering)
    if math.ceil(laid.length) != target.pages:
        return None
    return _numbered(render, copyfit.Fitted(laid, before.setting, before.dropped, True, 1)), target


def _optional(job: DocumentJob) -> tuple[int, ...]:
    """The blocks that may be left out, the first to go first; one of the text stays, since no page is without text."""
    blocks = job.briefing.document(job.document).blocks
    text = [index for index, block in enumerate(blocks) if block.place is not Width.SIDE and not block.place.is_band]
    stays = text[:1] if all(blocks[index].optional for index in text) else ()
    optional = (index for index, block in reversed(list(enumerate(blocks))) if block.optional and index not in stays)
    strip = (STRIP,) if job.tokens.strip and job.document == "fact_sheet" else ()
    return (*strip, *optional)


def renderer(job: DocumentJob, press: Typesetter, area_px: float | None = None) -> Render:
    """What lays a document as fitting asks; a full page is as high as the first sheet that is laid, if not given."""
    area = [area_px] if area_px else []
    listed: set[int] = set()  # tables too wide for the only column there is

    @cache
    def edited(dropped: frozenset[int], listed: frozenset[int], order: tuple[str, ...]) -> document_writer.DocumentView:
        return _edited(job, dropped, listed, order)

    def render(
        setting: Setting, dropped: frozenset[int], order: tuple[str, ...] = (), numbering: int = CONTENT
    ) -> LaidDocument:
        if not _is_read_down(job.document, job.tokens.one_column):
            order, numbering = (), CONTENT
        speed.clear_much_garbage()
        made = edited(dropped, frozenset(listed), order)
        html, layout = lay(press, job, made, setting, numbering)
        if made.one_column and (wide := _wide_tables(press, made, layout)):
            listed.update(wide)
            made = edited(dropped, frozenset(listed), order)
            html, layout = lay(press, job, made, setting, numbering)
        count = max((number for number, sheet in enumerate(layout.sheets, 1) if sheet.fill), default=1)
        last = layout.sheets[count - 1]  # pages after it hold the end of a margin block that is taller than a page
        if not area:
            area.append(last.area_px)
        length = last.fill * last.area_px / area[0] if setting.tall else count - 1 + last.fill
        margin, text_length = _margin_places(made, layout, area[0] if setting.tall else math.inf), length
        if margin.homeless and length <= job.pages:
            length = job.pages + MARGIN_OVER * len(margin.homeless)  # a full margin is mended by the same means
        lines = area[0] / layout.line_px
        met = _sources_met(made, layout, margin)
        return LaidDocument(
            made, html, layout, length, lines, layout.words_a_line, margin, text_length, area[0], met, numbering
        )

    return render


def _sources_met(
    made: document_writer.DocumentView, layout: Layout, margin: margin_column.PlacedMargin
) -> tuple[str, ...]:
    """The sources in the order in which a reader meets them: page by page, and text before the margin beside it.

    Elsewhere than in pages that are read down the content's order is that of reading.
    """
    if not _is_read_down(made.document, made.one_column):
        return made.sources
    sides = {place.id for place in margin.placed}
    band = made.band.id if made.band else ""
    met: list[int] = []
    for page, sheet in enumerate(layout.sheets):
        parts = [(top, 0, sheet.sources.get(name, ())) for name, (top, _) in sheet.blocks.items() if name not in sides]
        for place in margin.placed:
            if place.page == page:
                told = [one.sources.get(place.id, ()) for one in layout.sheets]
                parts.append((place.top, 1, tuple(number for part in told for number in part)))
        above = (*sheet.sources.get(band, ()), *sheet.sources.get("", ()))
        met += [*above, *(number for *_, numbers in sorted(parts, key=lambda part: part[:2]) for number in numbers)]
        met += sheet.sources.get(FOOT, ())
    return document_writer.in_order(made.sources, (made.sources[number - 1] for number in met))


def _is_read_down(document: str, one_column: bool) -> bool:
    """Whether pages are read from above to below; the columns of a fact sheet stand side by side."""
    return document != "fact_sheet" or one_column


def _edited(
    job: DocumentJob, dropped: frozenset[int], listed: frozenset[int], order: tuple[str, ...]
) -> document_writer.DocumentView:
    with timings.span(job.document, "edit"):
        return document_writer.build(
            job.briefing,
            job.ledger,
            job.wording,
            job.document,
            job.paper,
            job.pictures,
            dropped,
            job.use.layer,
            job.tokens.one_column,
            job.shop.bleed_mm if job.shop else 0.0,
            listed,
            job.use.on_paper,
            order,
        )


def _wide_tables(press: Typesetter, made: document_writer.DocumentView, layout: Layout) -> set[int]:
    """Tables that reach beyond their column and are not set as lists yet."""
    tables = {view.id: view.index for view in made.blocks if view.kind == "table" and view.index not in made.listed}
    return {tables[name] for name in press.sticking_out(layout) if name in tables} if tables else set()


def lay(
    press: Typesetter,
    job: DocumentJob,
    made: document_writer.DocumentView,
    setting: Setting,
    apart: int = 0,
) -> tuple[str, Layout]:
    """Compose the page and lay it; what is laid `apart` is kept beside what is not."""
    with timings.span(job.document, "compose"):
        html = page_html.compose(made, setting, job.templates, (), job.tokens)
    with timings.span(job.document, "lay"):
        icons = drawn_icons(made.blocks, job.templates, job.tokens.colour["accent"])
        return html, press.lay(html, {**made.assets, **job.tokens.marks, **icons}, apart)


def place_margin(press: Typesetter, job: DocumentJob, laid: LaidDocument, setting: Setting) -> tuple[str, Layout]:
    """The same pages with the margin blocks in their places."""
    if not laid.placed:
        return laid.html, laid.layout
    with timings.span(job.document, "place the margin"):
        html = page_html.compose(laid.made, setting, job.templates, laid.placed, job.tokens)
        return html, press.placed(laid.layout, laid.placed, html)


def _margin_places(made: document_writer.DocumentView, layout: Layout, most_px: float) -> margin_column.PlacedMargin:
    """Places for the margin blocks of a document whose text is laid, at most so far down; a fact sheet needs none."""
    if made.document == "fact_sheet" or made.one_column:
        return margin_column.PlacedMargin()
    views, opening = {view.id: view for view in made.blocks}, page_html.ids_that_open(made)
    pages: list[margin_column.ColumnPage] = []
    begun: set[str] = set()
    heights: dict[str, float] = {}
    for sheet in layout.sheets:
        page = {}
        for name, (top, bottom) in sheet.blocks.items():
            if views[name].place == "side":
                heights[name] = heights.get(name, 0.0) + bottom - top
            else:
                begins = name not in begun and name in opening
                page[name] = margin_column.BlockSpan(top, bottom, views[name].place not in ("main", "side"), begins)
                begun.add(name)
        pages.append(margin_column.ColumnPage(page, min(sheet.area_px, most_px) - sheet.foot_px))
    flow = [view for view in made.blocks if view.place == "side" or view.id in opening]
    sides, beside = [], next(view.id for view in reversed(flow) if view.place != "side")
    for view in reversed(flow):
        if view.place == "side":
            sides.append(margin_column.MarginBlock(view.id, heights[view.id], "" if view.filler else beside))
        else:
            beside = view.id
    return margin_column.place(sides[::-1], pages, MARGIN_GAP_PX)


def lay_over_budget(
    job: DocumentJob, press: Typesetter, fitted: copyfit.Fitted[LaidDocument]
) -> tuple[LaidDocument, Setting]:
    """Pages that are too many as they are seen: on ordinary sheets, with the blocks of the margin in their places."""
    laid, setting = fitted.laid, replace(fitted.setting, tall=False)
    if fitted.setting.tall:
        html, layout = lay(press, job, laid.made, setting)
        laid = replace(laid, html=html, layout=layout, margin=_margin_places(laid.made, layout, math.inf))
    return laid, setting
