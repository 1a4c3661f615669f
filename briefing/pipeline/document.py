"""One document from its job to its proof: typeset, fitted, its margin placed, written, finished and read back.

A `DocumentJob` comes in, a `Proof` goes out: the PDF's bytes and what was noticed on the way. Nothing is written.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from briefing.content.blocks import Width
from briefing.design.outputs import Standard, Step
from briefing.design.paper import PX_PER_MM
from briefing.documents import html as page_html
from briefing.documents.block_names import block_names
from briefing.findings import Finding, error, has_errors, note, warning
from briefing.layout import copyfit, margin_column
from briefing.pipeline import finish_document
from briefing.pipeline.document_job import DocumentJob
from briefing.pipeline.laying import (
    HOLE_PX,
    Choice,
    LaidDocument,
    Settled,
    fit,
    fit_as_before,
    lay_over_budget,
    pages_of_blocks,
    place_margin,
    renderer,
)
from briefing.pipeline.overfull import telling as overfull
from briefing.proofing import comparison, expected, line_numbers
from briefing.proofing.comparison import Faint
from briefing.proofing.proof import Glimpse, MarkPlace, Proof
from briefing.runtime import page_sharing, timings

if TYPE_CHECKING:
    from briefing.documents.block_views import Picture
    from briefing.layout.laid_boxes import LaidPage
    from briefing.layout.typesetter import Layout, Typesetter

VARIANT = "pdf/ua-1"  # what the typesetter writes where a use asks for nothing else
VARIANTS = {Standard.ARCHIVE: "pdf/a-3a"}
Show = Callable[[Glimpse], None]


def make(
    job: DocumentJob,
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

    press = typesetter(job.templates / "fonts", job.tokens.faces)
    fitted, target = fit(job, press)
    laid = fitted.laid
    names = block_names(job.briefing, job.ledger, job.wording, job.document)
    words = {view.index: view.words for view in laid.made.blocks}
    findings = [*laid.layout.findings, *_too_wide(job, press, laid, names)]
    findings += _of_margin(job, laid, names) if fitted.fits else []
    if fitted.fits:
        findings += copyfit.judge(fitted, target, job.title, job.document, names)
    showing = _Showing(press, target, fitted, names, show, known)
    if has_errors(findings) or not fitted.fits:
        printed = _Printed(laid.html, laid.layout, lacking=laid.layout.lacking)
        showing.refused(job)
        findings += [] if fitted.fits else overfull.tell(job, press, fitted, names)
    else:
        printed = _printed(job, press, fitted, drawn, showing)
        findings += printed.findings
    findings += [_outside(job, address) for address in press.refused(printed.layout)]
    sheets, held = printed.layout.sheets, printed.held
    return Proof(
        document=job.document,
        use=job.use.name,
        title=job.title,
        headline=laid.made.plain_title,
        pdf=printed.pdf,
        pages=len(sheets),
        budget=target.pages,
        fill=sheets[-1].fill,
        words=sum(words.values()),
        dropped=tuple(names[index] for index in fitted.dropped),
        renders=fitted.renders,
        setting=fitted.setting,
        findings=tuple(finding.or_at(job.at) for finding in findings),
        lacking=printed.lacking,
        amiss=held.amiss,
        stood=held.stood,
        lines=held.lines,
        faint=held.faint,
        html=printed.html,
        seconds=time.monotonic() - began,
        mark=_mark_place(sheets),
    )


def draft(
    job: DocumentJob, press: Typesetter, show: Show, known: Collection[str], before: Choice | None = None
) -> Choice | None:
    """Show a document as soon as it is laid by a typesetter; what proves it is made elsewhere.

    What was chosen `before` to make it fit is seen first, and then what is chosen now, if that differs. That comes back
    where it fits.
    """
    names = block_names(job.briefing, job.ledger, job.wording, job.document)
    render = cache(renderer(job, press))
    early = fit_as_before(job, render, before) if before else None
    if early and _is_whole(job, press, early[0].laid, names):
        _show_draft(job, press, early, names, show, known)
    else:
        early = None
    settled = fit(job, press, render)
    fitted, target = settled
    if not fitted.fits or not _is_whole(job, press, fitted.laid, names):
        _Showing(press, target, fitted, names, show, known).refused(job)
        return None
    press.prefer(fitted.laid.html, fitted.laid.numbering)
    chosen = Choice.of(settled)
    if early is None or Choice.of(early) != chosen:
        _show_draft(job, press, settled, names, show, known)
    return chosen


def _is_whole(job: DocumentJob, press: Typesetter, laid: LaidDocument, names: Mapping[int, str]) -> bool:
    return not has_errors([*laid.layout.findings, *_too_wide(job, press, laid, names)])


def _show_draft(
    job: DocumentJob,
    press: Typesetter,
    settled: Settled,
    names: Mapping[int, str],
    show: Show,
    known: Collection[str],
) -> None:
    fitted, target = settled
    showing = _Showing(press, target, fitted, names, show, known)
    showing.drafted(job, place_margin(press, job, fitted.laid, fitted.setting)[1], time.time())


def _mark_place(sheets: Sequence[LaidPage]) -> MarkPlace | None:
    """Where the pages keep room for the mark of a copy."""
    for number, sheet in enumerate(sheets, 1):
        if sheet.mark:
            return MarkPlace(number, *(round(px / PX_PER_MM, 3) for px in sheet.mark))
    return None


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
    job: DocumentJob,
    press: Typesetter,
    fitted: copyfit.Fitted[LaidDocument],
    drawn: Callable[[], Mapping[int, Picture]] | None,
    showing: _Showing,
) -> _Printed:
    """Put everything into its place, write the file, finish it and prove it."""
    laid, left_out = fitted.laid, frozenset(fitted.dropped)
    html, layout = place_margin(press, job, laid, fitted.setting)
    laid_at = time.time()
    if drawn:
        with timings.span(job.document, "wait for drawings"):
            blank, job = job.pictures, replace(job, pictures=drawn())
        new = {one.name: one.data for index, one in job.pictures.items() if one.data != blank[index].data}
        layout = press.filled(layout, new)
    showing.drafted(job, layout, laid_at)
    with timings.span(job.document, "write"):
        written = press.write(layout, VARIANTS.get(job.use.standard, VARIANT))
    with timings.span(job.document, "finish"):
        pdf = finish_document.finish_document(job, laid.made, left_out, press, len(layout.sheets), written.data)
    showing.finished(job, layout, pdf, laid_at)
    held = _held(job, laid, left_out, pdf)
    findings = (
        *layout.findings[len(laid.layout.findings) :],
        *written.findings,
        *finish_document.drop_copy_findings(held.judged, held.faint),
    )
    return _Printed(html, layout, pdf, findings, tuple(dict.fromkeys((*layout.lacking, *written.lacking))), held)


@dataclass(frozen=True)
class _Showing:
    """Shows pages to whoever wants to see them before they are proved."""

    press: Typesetter
    target: copyfit.PageBudget
    fitted: copyfit.Fitted[LaidDocument]
    names: Mapping[int, str]
    show: Show | None
    known: Collection[str]

    def drafted(self, job: DocumentJob, layout: Layout, laid_at: float) -> None:
        """Show pages that are within their budget, where finishing changes nothing that is seen."""
        if self.show and not is_inked(job):
            self.show(self._draft(job, layout, laid_at))

    def finished(self, job: DocumentJob, layout: Layout, pdf: bytes, laid_at: float) -> None:
        """Show pages that finishing has changed."""
        if self.show and is_inked(job):
            self.show(self._glimpse(pdf, (), tuple(range(len(layout.sheets))), layout, laid_at))

    def refused(self, job: DocumentJob) -> None:
        """Show pages that are refused, for most that they are too many: as they are laid, and what stands where."""
        if not self.show:
            return
        fitted, press = self.fitted, self.press
        laid, setting = lay_over_budget(job, press, fitted)
        layout = place_margin(press, job, laid, setting)[1]
        lines, words = (0, 0) if fitted.fits else copyfit.over_budget(laid, self.target)
        draft = self._draft(job, layout, time.time())
        seen = replace(draft, length=laid.length, over_lines=lines, over_words=words, setting=setting)
        self.show(seen)
        if not is_inked(job):
            left_out = frozenset(fitted.dropped)
            data = press.write(layout, VARIANTS.get(job.use.standard, VARIANT)).data
            data = finish_document.finish_document(job, laid.made, left_out, press, len(layout.sheets), data)
            self.show(replace(seen, stood=_held(job, laid, left_out, data).stood))

    def _draft(self, job: DocumentJob, layout: Layout, laid_at: float) -> Glimpse:
        from briefing.finishing.groups import without_needless_groups

        looks = self.press.looks(layout, {one.name: one.data for one in job.pictures.values()})
        within = tuple(number for number, look in enumerate(looks) if look not in self.known)
        pdf = without_needless_groups(self.press.drafted(layout, within)) if within else b""
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


def is_inked(job: DocumentJob) -> bool:
    """Whether finishing gives the pages other colours and marks; else it changes nothing that is seen."""
    return Step.MARKS in job.use.steps


@dataclass(frozen=True)
class _Held:
    """What was found when the finished file was judged and read back."""

    judged: tuple[Finding, ...] = ()
    amiss: tuple[comparison.Discrepancy, ...] = ()
    stood: tuple[comparison.Placement, ...] = ()
    lines: tuple[line_numbers.NumberedLine, ...] = ()
    faint: tuple[Faint, ...] = ()


def _held(job: DocumentJob, laid: LaidDocument, dropped: frozenset[int], pdf: bytes) -> _Held:
    """Judge the finished file, read it back and hold it against what the records ask for."""
    from briefing.proofing.page_facts import PdfInfo
    from briefing.proofing.photocopy.judge import simulate_and_judge
    from briefing.proofing.readback import sheets

    acts: list[Callable[[], Any]] = [finish_document.preflight_of(job, pdf), *sheets(pdf)]
    shared = page_sharing.Shared(acts)
    reading = page_html.reading_order(laid.made, laid.placed)
    script = expected.expected_document(
        job.briefing,
        job.ledger,
        job.wording,
        job.document,
        job.pictures,
        dropped,
        reading,
        job.tokens.one_column,
        laid.made.listed,
        job.use.on_paper,
        job.tokens.dress,
        pages_of_blocks(laid.layout.sheets),
        laid.made.sources,
        job.tokens.strip,
    )
    with timings.span(job.document, "read back"):
        judged, *read = shared.results()
        info = PdfInfo(tuple(read))
    with timings.span(job.document, "hold"):
        amiss, stood = comparison.compare(script, info)
    views = laid.made.blocks
    margin = {view.id for view in views if view.place == Width.SIDE}
    listed = {view.id for view in views if view.kind == "sources"}  # its entries have numbers of their own
    with timings.span(job.document, "photocopy"):
        faint = simulate_and_judge(pdf, info, stood)
    return _Held(judged, amiss, stood, line_numbers.lines_of(stood, margin, listed), faint)


def _too_wide(job: DocumentJob, press: Typesetter, laid: LaidDocument, names: Mapping[int, str]) -> Iterator[Finding]:
    """Blocks that reach beyond their column, each told once."""
    found = press.sticking_out(laid.layout)
    for view in laid.made.blocks:
        if out := found.get(view.id):
            column = "the page" if laid.made.one_column else COLUMNS.get(view.place, "the page")
            verb = "are" if view.kind.endswith("s") else "is"
            message = f"{job.title}: {names[view.index]} {verb} {out.by_px / PX_PER_MM:.0f} mm too wide for {column}"
            text = out.said if len(out.said) <= 40 else out.said[:39] + "…"
            yield error("block-wide", f"{message}, at “{text}”", job.at_block(view.index), _HINTS[view.kind == "table"])


def _of_margin(job: DocumentJob, laid: LaidDocument, names: Mapping[int, str]) -> Iterator[Finding]:
    """Blocks of the margin that stand far from their text, and holes between them."""
    views = {view.id: view.index for view in laid.made.blocks}
    for name, after, page in margin_column.drifts(laid.margin):
        index, count = views[name], abs(after)
        far = f"{count} page{'s' * (count > 1)} {'after' if after > 0 else 'before'}"
        message = f"{job.title}: {names[index]} is printed {far} the text that it belongs to, on page {page + 1}"
        hint = "move it to a text that has room beside it, lower what stands in the margin, or give it place: main"
        make = warning if count > 1 else note
        yield make("margin-far", message, job.at_block(index), hint)
    found = [
        f"{high / PX_PER_MM:.0f} mm on page {page + 1}" for page, high in margin_column.holes(laid.margin, HOLE_PX)
    ]
    if found:
        said = f"{'holes' if len(found) > 1 else 'a hole'} of {' and '.join(found)}"
        hint = "move a block of the margin to the text beside it, or give one filler: true, which seeks the most room"
        yield note("margin-hole", f"{job.title}: the margin has {said}", job.at, hint)
    for page, high in laid.text_holes:
        said = f"the text of page {page + 1} ends {high / PX_PER_MM:.0f} mm above its foot"
        hint = "what comes next is kept whole: move a text before it, or make it lower"
        yield note("text-hole", f"{job.title}: {said}", job.at, hint)


COLUMNS = {"main": "the text column", "side": "the margin", "left": "its half", "right": "its half"}
_HINTS = {
    True: "give it place: wide, fewer columns, shorter words, or width: to the columns that need it",
    False: "part or shorten its longest word, or give it place: wide",
}


def _outside(job: DocumentJob, address: str) -> Finding:
    """Something that a page asked for in vain, told at the picture that names it."""
    named = (index for index, picture in job.pictures.items() if address.encode() in picture.data)
    at = next((job.at_block(index) for index in named), job.at)
    shown = address if len(address) <= 80 else address[:77] + "…"
    hint = "put what it needs into the picture itself; nothing is fetched"
    return error("outside-refused", f"the page asked for {shown}", at, hint)
