"""What is known of the pages of each variant, and how it changes step by step: without a thread, a clock or a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from briefing.checks import answers
from briefing.content.briefing import Briefing
from briefing.content.tree import ContentTree
from briefing.documents.manuscript import Manuscript
from briefing.findings import Finding, in_order
from briefing.pipeline.document_job import DocumentJob
from briefing.preview import reuse, typesetting
from briefing.preview.page_images import PageImages
from briefing.preview.reuse import Stamp
from briefing.preview.sample_mark import sample_mark
from briefing.preview.state import Gauge, Phase, PreviewDocument, PreviewPage, Variant
from briefing.preview.variants import Documents
from briefing.proofing import findings as proof_findings
from briefing.proofing.comparison import Placement
from briefing.proofing.proof import Glimpse, Proof


@dataclass
class PageJob:
    """A document on its way."""

    variant: Variant
    document: str
    order: DocumentJob  # as it was given to the typesetter
    newest: Documents  # that give the same pages
    stamp: Stamp
    revision: int
    trail: dict[str, float]
    pages: Mapping[int, PageImages] = field(default_factory=dict)
    glimpse: Glimpse | None = None
    drawn: bool = False  # all of its pages are shown
    dropped: bool = False
    typesetting: typesetting.Typesetting | None = None

    @property
    def manuscript(self) -> Manuscript:
        """The newest content that gives these pages."""
        return self.newest.manuscript


@dataclass
class DocumentPages:
    """What is known of one document of a variant."""

    shown: PreviewDocument
    order: DocumentJob | None = None  # whose pages are shown
    stamp: Stamp = ()
    drawn_in: Mapping[str, tuple[bytes, int]] = field(default_factory=dict)  # by digest: a PDF, and the page in it
    sheets: tuple[PreviewPage, ...] = ()
    looks: Mapping[str, PreviewPage] = field(default_factory=dict)  # by what was laid
    appearances: Mapping[str, str] = field(default_factory=dict)  # the pixels of these, by what was laid
    proof: Proof | None = None
    findings: tuple[Finding, ...] = ()
    stood: tuple[Placement, ...] = ()
    source: ContentTree | None = None  # that says where in the content everything stands
    job: PageJob | None = None
    next: PageJob | None = None  # the newest of those that wait for a job that is let through

    def serves(self, job: PageJob) -> bool:
        """Whether the pages that are shown, or soon will be, are those of a job."""
        is_whole = self.proof is not None or (self.job is not None and self.job.drawn)
        same = self.order is not None and self.stamp == job.stamp and reuse.same_pages(self.order, job.order)
        return same and is_whole

    def reuse(self, job: PageJob) -> None:
        """The same pages serve: only the lines of the content have moved."""
        self.order, self.source = job.order, job.manuscript.source
        if self.job:
            self.job.newest, self.job.revision = job.newest, job.revision
        elif self.proof:
            self.findings = _told(self.proof, job.manuscript)
        self.shown = replace(self.shown, revision=job.revision, kept=False, working=False, trail=job.trail)

    def wish(self, widths: tuple[int, ...]) -> typesetting.Wish:
        """What is already here when a job begins."""
        looks = {look: sheet for look, sheet in self.looks.items() if look in self.appearances}
        return typesetting.Wish(widths, frozenset(sheet.digest for sheet in self.sheets), looks, self.appearances)

    def note_appearance(self, pages: Mapping[str, str]) -> None:
        """The pixels of pages that were drawn are known, so these need not be drawn again."""
        self.appearances = {look: one for look, one in {**self.appearances, **pages}.items() if look in self.looks}

    def launch(self, job: PageJob) -> None:
        """A job has begun."""
        self.job, self.next = job, None
        self.shown = replace(self.shown, working=True)

    def refuse(self) -> PageJob | None:
        """The newest content gives no pages: the last good ones stay. Gives the job that is to be dropped."""
        dropped = self.job if self.job and not self.job.pages else None  # pages that are there are proved to the end
        self.next, self.job = None, None if dropped else self.job
        self.shown = replace(self.shown, working=False, kept=bool(self.shown.sheets))
        return dropped

    def take_glimpse(self, job: PageJob, glimpse: Glimpse, tables: Iterator[int], now: float) -> None:
        """The document is laid and written, and not drawn yet."""
        if glimpse.stood:  # its pages have come before
            self._stand(job, glimpse.stood, tables)
        else:
            job.pages, job.drawn = {}, False
        job.glimpse = glimpse
        job.trail |= {"laid": glimpse.laid, "written": now}

    def take_page(self, job: PageJob, page: PageImages) -> None:
        """Show a page as soon as it is there; those behind it stay as they were until they come."""
        job.pages = {**job.pages, page.number: page}
        new = [job.pages[number].sheet for number in sorted(job.pages)]
        self.sheets = (*new, *self.sheets[len(new) : page.count])
        assert job.glimpse
        if page.within is not None:
            self.drawn_in = {**self.drawn_in, page.sheet.digest: (job.glimpse.pdf, page.within)}
        self.order = None  # these pages are of two orders until all are there
        self.shown = replace(
            self.shown, sheets=self.sheets, count=page.count, gauge=_gauge(job.glimpse), spots=0, kept=False
        )

    def accept(self, job: PageJob, drawn: float, kept: bool, now: float) -> None:
        """All pages are those of this job; `kept` where newer content gives none."""
        job.trail["drawn"], job.drawn = drawn, True
        order = job.newest.jobs[job.document]
        self.order, self.stamp = order, job.stamp
        self.looks = {page.look: page.sheet for page in job.pages.values() if page.look}
        self.note_appearance({})
        shown = {sheet.digest for sheet in self.sheets}
        self.drawn_in = {digest: place for digest, place in self.drawn_in.items() if digest in shown}
        self.proof, self.stood, self.source = None, (), job.manuscript.source
        self.shown = replace(
            self.shown,
            mark=self.shown.mark if job.manuscript.briefing.mark else None,
            title=order.wording.word("document", job.document),
            revision=job.revision,
            working=False,
            kept=kept,
            since=now,
            trail=dict(job.trail),
        )

    def prove(self, job: PageJob, proof: Proof, tables: Iterator[int], now: float) -> None:
        """The pages that are shown have been proved."""
        self.job, self.proof = None, proof
        if proof.pdf:
            self.drawn_in = {sheet.digest: (proof.pdf, number) for number, sheet in enumerate(self.sheets)}
        if proof.stood:
            self._stand(job, proof.stood, tables)
        self.findings = _told(proof, job.manuscript)
        job.trail["proved"] = now
        place = proof.mark
        mark = (
            sample_mark(place, self.sheets[place.page - 1], job.manuscript, job.variant)
            if place and place.page <= len(self.sheets)
            else None
        )
        self.shown = replace(self.shown, trail=dict(job.trail), mark=mark)

    def fail(self, job: PageJob, finding: Finding) -> None:
        """The job gives no pages."""
        self.findings, self.job = job.manuscript.locate([finding]), None
        kept = bool(self.shown.sheets)
        self.shown = replace(self.shown, working=False, kept=kept, revision=job.revision)

    def _stand(self, job: PageJob, stood: tuple[Placement, ...], tables: Iterator[int]) -> None:
        self.stood, self.source = stood, job.manuscript.source
        self.shown = replace(self.shown, spots=next(tables))


@dataclass
class VariantPages:
    """What is known of one variant."""

    documents: dict[str, DocumentPages]
    revision: int = 0
    phase: Phase = Phase.WORKING
    manuscript: Manuscript | None = None
    refused: tuple[Finding, ...] = ()  # why there are no pages of the newest content
    noticed: tuple[Finding, ...] = ()  # while its pictures were drawn
    paper: str = ""
    language: str = ""

    def settle_phase(self) -> None:
        """How far it is, where the newest content gives pages."""
        if self.refused:
            return
        documents = self.documents.values()
        if any(one.shown.working or one.next for one in documents):
            self.phase = Phase.WORKING
        else:
            self.phase = Phase.PROVING if any(one.job for one in documents) else Phase.READY

    def findings(self) -> tuple[Finding, ...]:
        """All that there is to tell, in the order of the content."""
        if self.refused:
            return in_order(self.refused)
        if not self.manuscript:
            return ()
        briefing, locate = self.manuscript.briefing, self.manuscript.locate
        told = [finding for one in self.documents.values() for finding in one.findings]
        still_open, met = answers.apply_answers(locate([*self.manuscript.findings, *self.noticed, *told]), briefing)
        if self.phase is Phase.READY and set(self.documents) == set(Briefing.DOCUMENTS):
            still_open += locate(answers.find_unused_answers(briefing, met))
        return in_order(still_open)


def drop(job: PageJob | None) -> None:
    """Let a job, if there is one, come to nothing."""
    if job:
        job.dropped = True
        if job.typesetting:
            job.typesetting.drop()


def _told(proof: Proof, manuscript: Manuscript) -> tuple[Finding, ...]:
    return manuscript.locate(proof_findings.format_findings([proof], manuscript.briefing))


def _gauge(glimpse: Glimpse) -> Gauge:
    return Gauge(
        length=round(glimpse.length, 3),
        budget=glimpse.budget,
        over_lines=glimpse.over_lines,
        over_words=glimpse.over_words,
        space=glimpse.setting.space,
        type=glimpse.setting.type,
        dropped=glimpse.dropped,
    )
