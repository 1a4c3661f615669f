"""The engine of the preview: a change comes in, states come out.

One thread reads content and orders pages; each document on its way has a thread that listens to the child in which it
is typeset. What is out of date is dropped, what has not changed is not made again, and the last good pages stay.
"""

from __future__ import annotations

import itertools
import threading
import traceback
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from briefing.checks import all_faults, answers
from briefing.content.tree import ContentTree
from briefing.design.outputs import OUTPUTS
from briefing.documents.manuscript import Manuscript
from briefing.findings import Finding, Missing, Refused, error
from briefing.language.wording import spoken_languages
from briefing.pipeline.job import Job
from briefing.preview import reuse, typesetting
from briefing.preview.page_images import PageImages
from briefing.preview.picture_cache import PictureCache
from briefing.preview.piecewise import PieceReader
from briefing.preview.state import Phase, PreviewDocument, PreviewPage, PreviewState, Variant
from briefing.preview.steps import DocumentPages, PageJob, VariantPages, drop
from briefing.preview.variants import (
    check_rest,
    dress_files,
    image_files,
    load_variant,
    plan_documents,
)
from briefing.proofing.comparison import Placement
from briefing.proofing.proof import Glimpse

# So long may saving go on before pages that are out of date are let through, lest nothing is ever seen.
PATIENCE_S = 3.0
JUDGED_AFTER_S = 1.0  # so long findings wait for pages, at most
WIDTHS = 2  # of pages are drawn beforehand, the last that were asked for: one for each kind of screen
VARIANTS = 6  # whose pages are kept


@dataclass(frozen=True)
class Change:
    """Something was saved."""

    saved: float
    noticed: float


@dataclass(frozen=True)
class Standing:
    """What stands where on some pages, and the content that says it."""

    stood: tuple[Placement, ...]
    source: ContentTree
    sheets: tuple[PreviewPage, ...]


class Engine:
    """Keeps the pages of all variants that somebody looks at in step with what is saved."""

    def __init__(
        self,
        job: Job,
        drawings: Path,
        publish: Callable[[Variant, PreviewState], None],
        clock: Callable[[], float],
        typeset: typesetting.Typeset = typesetting.typeset,
    ) -> None:
        self._job, self._drawings = job, drawings
        self._publish, self._clock, self._typeset = publish, clock, typeset
        self.watch: Callable[[tuple[str, ...]], None] = lambda _: None  # is told which pictures the content names
        self._rooms: OrderedDict[Variant, VariantPages] = OrderedDict()
        self._wanted: list[Variant] = []
        self._widths: list[int] = []
        self._pictures, self._reader = PictureCache(), PieceReader()
        self._lock = threading.RLock()
        self._news = threading.Condition(self._lock)
        self._changes: list[Change] = []
        self._new_variants = False
        self._closing = False
        self._versions = itertools.count(1)
        self._spots = itertools.count(1)
        self._revision = 0
        self._unseen_since = 0.0
        self._source: ContentTree | None = None
        self._worn: tuple[str, ...] = ()  # the files of the last good dress
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def close(self) -> None:
        """Drop all work and end."""
        with self._lock:
            self._closing = True
            self._news.notify_all()
            jobs = self._jobs()
            for job in jobs:
                drop(job)
        self._thread.join(0.3)  # it may be drawing, and ends with the process all the same

    # -------------------------------------------------------------- what is asked of it

    def changed(self, change: Change) -> None:
        """Something was saved: content, a picture or a template."""
        with self._lock:
            self._changes.append(change)
            self._news.notify_all()

    def want(self, variants: tuple[Variant, ...], width: int | None = None) -> None:
        """Say which variants somebody looks at, the most urgent first, and how wide pages are."""
        with self._lock:
            self._wanted = list(variants)
            if width:
                self._wide(width)
            self._new_variants |= any(variant not in self._rooms for variant in variants)
            for variant in reversed(variants):
                if variant in self._rooms:
                    self._rooms.move_to_end(variant)
                    late = self._rooms[variant].revision != self._revision
                    self._new_variants |= late
            self._news.notify_all()

    def state(self, variant: Variant) -> PreviewState | None:
        """What a window shows of a variant, if anything is known of it."""
        with self._lock:
            room = self._rooms.get(variant)
            return self._state(variant, room) if room else None

    def picture(self, digest: str, width: int) -> bytes | None:
        """A picture of a page, from what is kept or drawn anew; nothing where no such page is shown any more."""
        with self._lock:
            self._wide(width)
            named = self._page_of(digest)
        if found := self._pictures.get(digest, width):
            return found
        if not named:
            return None
        drawn = typesetting.picture(*named, width)
        if drawn:
            self._pictures.keep(digest, width, drawn)
        return drawn

    def stood(self, variant: Variant, document: str, table: int) -> Standing | None:
        """What stands where on the pages of a document, if the table of that number is still the present one."""
        with self._lock:
            room = self._rooms.get(variant)
            one = room.documents.get(document) if room else None
            if not one or not one.source or not table or one.shown.spots != table:
                return None
            newer = self._source if self._source and self._source.tree == one.source.tree else one.source
            return Standing(one.stood, newer, one.sheets)

    # -------------------------------------------------------------- the thread that reads and orders

    def _run(self) -> None:
        """Work until the end; a bug is told on the terminal and in the window, and the next change is a new chance."""
        while True:
            with self._news:
                while not (self._changes or self._new_variants or self._closing):
                    self._news.wait()
                if self._closing:
                    return
                changes, self._changes, self._new_variants = self._changes, [], False
                variants = list(self._wanted)
            try:
                self._round(changes, variants)
            except Missing as missing:
                self._refuse_all(variants, missing.findings)
            except Exception:
                self._fail(variants)

    def _fail(self, variants: list[Variant]) -> None:
        """Tell of a bug, unless it comes of closing what is worked with."""
        if not self._closing:
            self._refuse_all(variants, (_failed(),))

    def _refuse_all(self, variants: list[Variant], findings: tuple[Finding, ...]) -> None:
        for variant in variants:
            self._refuse(variant, findings)

    def _round(self, changes: list[Change], variants: list[Variant]) -> None:
        """Read what there is now and order the pages of all variants."""
        trail = {"noticed": self._clock()}
        if changes:
            self._revision += 1
            trail = {"saved": max(one.saved for one in changes), "noticed": min(one.noticed for one in changes)}
            self._unseen_since = self._unseen_since or trail["noticed"]
        if not variants:
            return
        try:
            source = self._reader.read(self._job.content, self._job.name)
        except Refused as refused:
            broken = all_faults.refused(refused, None, self._job.content_folder, self._job.templates)
            self._refuse_all(variants, broken.findings)
            return
        self._source = source
        self.watch((*(named := tuple(map(str, image_files(self._job, source)))), *self._worn))
        manuscripts: dict[str | None, Manuscript | tuple[Finding, ...]] = {}
        for variant in variants:
            if variant.language not in manuscripts:
                manuscripts[variant.language] = self._load(source, variant.language)
            loaded = manuscripts[variant.language]
            if isinstance(loaded, Manuscript):
                self._order(variant, loaded, dict(trail))
            else:
                self._refuse(variant, loaded)
        self._worn = dress_files(manuscripts.values()) or self._worn
        self.watch((*named, *self._worn))
        with self._news:  # pages first: judging would take from the same cores
            self._news.wait_for(self._free, JUDGED_AFTER_S)
        for language, loaded in manuscripts.items():
            if isinstance(loaded, Manuscript):
                judged = check_rest(self._job, loaded)
                with self._lock:
                    for variant in variants:
                        room = self._rooms.get(variant)
                        if variant.language == language and room and room.manuscript is loaded:
                            room.manuscript = judged
                            self._tell(variant)
                        elif variant.language == language and room and room.phase is Phase.BROKEN:
                            told = judged.locate([*room.refused, *judged.findings])
                            self._refuse(variant, answers.apply_answers(told, judged.briefing)[0])

    def _free(self) -> bool:
        """Whether all pages are there that were ordered, or something else is to be done."""
        jobs = self._jobs()
        return bool(self._changes or self._new_variants or self._closing or all(job.drawn for job in jobs))

    def _jobs(self) -> list[PageJob]:
        return [job for room in self._rooms.values() for one in room.documents.values() if (job := one.job)]

    def _load(self, source: ContentTree, language: str | None) -> Manuscript | tuple[Finding, ...]:
        try:
            return load_variant(self._job, source, language)
        except Refused as refused:
            return refused.findings

    def _order(self, variant: Variant, manuscript: Manuscript, trail: dict[str, float]) -> None:
        """Start what has to be typeset anew."""
        room = self._room(variant, manuscript)
        try:
            documents = plan_documents(self._job, self._drawings, manuscript, variant)
        except Refused as refused:
            self._refuse(variant, refused.findings)
            return
        stamp = reuse.stamp(self._job.templates)
        trail["read"] = self._clock()
        with self._lock:
            room.revision, room.manuscript = self._revision, manuscript
            room.refused, room.noticed = (), documents.noticed
            room.paper, room.language = (variant.paper or manuscript.paper).value, manuscript.briefing.briefing.language
            for name, order in documents.jobs.items():
                job = PageJob(variant, name, order, documents, stamp, self._revision, dict(trail))
                self._begin(room.documents[name], job)
            self._tell(variant)

    def _room(self, variant: Variant, manuscript: Manuscript | None = None) -> VariantPages:
        with self._lock:
            if variant not in self._rooms:
                names = OUTPUTS[variant.use].documents
                titles = {
                    name: manuscript.wording.word("document", name) if manuscript else _TITLES[name] for name in names
                }
                self._rooms[variant] = VariantPages(
                    {name: DocumentPages(PreviewDocument(name, titles[name])) for name in names}
                )
                spare = [other for other in self._rooms if other not in self._wanted]
                for other in spare[: max(0, len(self._rooms) - VARIANTS)]:
                    for one in self._rooms.pop(other).documents.values():
                        drop(one.job)
            return self._rooms[variant]

    def _begin(self, one: DocumentPages, job: PageJob) -> None:
        """Reuse the pages, or typeset them; what is at work on older content makes way."""
        if one.job and not one.job.drawn:
            running = one.job.newest.jobs[job.document]
            if one.job.stamp == job.stamp and reuse.same_pages(running, job.order):
                one.job.revision, one.job.newest, one.next = job.revision, job.newest, None
                return
            if self._unseen_since and self._clock() - self._unseen_since > PATIENCE_S:
                one.next = job  # let it through, lest whoever saves all the time sees nothing
                return
        if one.serves(job):
            one.reuse(job)
            return
        drop(one.job)
        self._launch(one, job)

    def _launch(self, one: DocumentPages, job: PageJob) -> None:
        job.typesetting = self._typeset(job.newest.jobs[job.document], one.wish(tuple(self._widths)))
        one.launch(job)
        threading.Thread(target=self._listen, args=(job,), name=f"press {job.document}", daemon=True).start()

    def _refuse(self, variant: Variant, findings: tuple[Finding, ...]) -> None:
        """The newest content gives no pages: the last good ones stay, and are marked as that."""
        room = self._room(variant)
        with self._lock:
            room.revision, room.phase, room.refused = self._revision, Phase.BROKEN, tuple(findings)
            for one in room.documents.values():
                drop(one.refuse())
            self._unseen_since = 0.0
            self._tell(variant)

    # -------------------------------------------------------------- the threads that listen

    def _listen(self, job: PageJob) -> None:
        assert job.typesetting
        try:
            for seen in job.typesetting:
                with self._lock:
                    if job.dropped or self._closing:
                        return
                    self._take(job, seen)
        except Exception:
            with self._lock:
                if not job.dropped and not self._closing:
                    self._take(job, typesetting.Failed(_failed()))
        finally:
            self._pictures.squeeze()

    def _take(self, job: PageJob, seen: typesetting.News) -> None:
        """Something of a document has come."""
        room = self._rooms[job.variant]
        one = room.documents[job.document]
        if isinstance(seen, Glimpse):
            one.take_glimpse(job, seen, self._spots, self._clock())
            return
        if isinstance(seen, PageImages):
            for width, picture in seen.pictures.items():
                self._pictures.keep(seen.sheet.digest, width, picture)
            one.take_page(job, seen)
        elif isinstance(seen, typesetting.Drawn):
            one.accept(job, seen.at, bool(room.refused), self._clock())
            self._news.notify_all()
            self._unseen_since = 0.0
            if one.next:
                drop(job)
                self._follow(one)
        elif isinstance(seen, typesetting.Appeared):
            one.note_appearance(seen.pages)
            return
        elif isinstance(seen, typesetting.Proved):
            one.prove(job, seen.proof, self._spots, self._clock())
            self._follow(one)
        else:
            self._news.notify_all()
            one.fail(job, seen.finding)
            self._follow(one)
        self._tell(job.variant)

    def _follow(self, one: DocumentPages) -> None:
        if one.next:
            self._launch(one, one.next)

    # -------------------------------------------------------------- states

    def _tell(self, variant: Variant) -> None:
        room = self._rooms[variant]
        room.settle_phase()
        self._publish(variant, self._state(variant, room))

    def _state(self, variant: Variant, room: VariantPages) -> PreviewState:
        return PreviewState(
            version=next(self._versions),
            revision=room.revision,
            phase=room.phase,
            use=variant.use,
            paper=room.paper or (variant.paper or ""),
            language=room.language or (variant.language or ""),
            documents=tuple(one.shown for one in room.documents.values()),
            findings=room.findings(),
            languages=spoken_languages(self._job.templates),
        )

    def _wide(self, width: int) -> None:
        self._widths = [width, *(other for other in self._widths if other != width)][:WIDTHS]

    def _page_of(self, digest: str) -> tuple[bytes, int] | None:
        for room in self._rooms.values():
            for one in room.documents.values():
                if digest in one.drawn_in:
                    return one.drawn_in[digest]
        return None


_TITLES = {"brief": "Policy brief", "fact_sheet": "Fact sheet"}  # where content that is broken names no language


def _failed() -> Finding:
    """The exception at hand, as a finding; a bug stays a traceback on the terminal."""
    traceback.print_exc()
    return error("preview-failed", "the preview itself failed; the terminal says how", hint="tell its makers")
