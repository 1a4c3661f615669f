"""One document of the preview, typeset in a child process: what is seen of it comes as it is ready.

A child has the limits of the sandbox, so that nothing in content can harm the preview. First come the pages, then what
proves them; whoever has newer content drops the child at any moment.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from briefing.design.outputs import Step
from briefing.findings import Finding, Missing, Place
from briefing.pipeline.document_job import DocumentJob
from briefing.pipeline.laying import Choice
from briefing.preview import preload, warm
from briefing.preview.page_images import PageImages
from briefing.preview.state import PreviewPage
from briefing.proofing.proof import Glimpse, Proof
from briefing.runtime import fork_server, lasting
from briefing.runtime.ready_children import Spares
from briefing.runtime.sandbox import Task, TaskRun
from briefing.runtime.task_child import ParentLine, Sent


@dataclass(frozen=True)
class Drawn:
    """All pages have been sent."""

    at: float


@dataclass(frozen=True)
class Appeared:
    """Digests of the pixels of pages that were sent, by what was laid: what the finished file is held against."""

    pages: Mapping[str, str]


@dataclass(frozen=True)
class Proved:
    """The document is made: what a build would say of it."""

    proof: Proof


@dataclass(frozen=True)
class Failed:
    """There will be no pages, or no more than there were."""

    finding: Finding


News = Glimpse | PageImages | Drawn | Appeared | Proved | Failed


@dataclass(frozen=True)
class Wish:
    """How a window wants its pages: how wide, and which pages it has already."""

    widths: tuple[int, ...] = ()
    known: frozenset[str] = frozenset()
    looks: Mapping[str, PreviewPage] = field(default_factory=dict)  # what was laid before
    appearances: Mapping[str, str] = field(default_factory=dict)  # and the pixels of each of them


class Typesetting(Protocol):
    """A document on its way."""

    def __iter__(self) -> Iterator[News]:
        """What is seen of it, until all is said or it was dropped."""

    def drop(self) -> None:
        """End it; nothing more comes."""


Typeset = Callable[[DocumentJob, Wish], Typesetting]  # the seam: any other way to typeset can stand here


@dataclass(frozen=True)
class _Differed:
    """These pages were shown otherwise than they are laid afresh."""

    pages: tuple[int, ...]


def begin() -> None:
    """Start the server of children now; it imports the typesetter while the content is read."""
    fork_server.begin(preload.load)


def typeset(job: DocumentJob, wish: Wish, log: Path | None = None) -> Typesetting:
    """Typeset in children of the server that has been begun: one that keeps the document, and one that proves it.

    Where the two differ, it is noted in a folder.
    """
    return _Children(job, wish, log)


def picture(pdf: bytes, number: int, width: int) -> bytes | None:
    """One page as a picture, drawn in a child; nothing where it fails."""
    drawn, _ = TaskRun([Task(_draw, (pdf, number, width), "picture", Place())]).ended()
    return drawn[0] if drawn else None


_SPARES = Spares(preload.make_page, 2)  # one for each document


class _Children:
    """Children at work on one document."""

    def __init__(self, job: DocumentJob, wish: Wish, log: Path | None) -> None:
        self._job, self._wish, self._log = job, wish, log
        self._lock = threading.Lock()
        self._run: TaskRun[Proof] | None = None
        self._dropped = threading.Event()
        self._warm = None if Step.MARKS in job.use.steps else _WARM.of(job)
        self._shown: tuple[str, ...] | None = None  # the pixels of each page that a warm child has shown
        if self._warm is None:
            self._begin(Task(_make, (job, wish), job.title, job.at))

    def _begin(self, task: Task[Proof]) -> TaskRun[Proof] | None:
        with self._lock:
            if not self._dropped.is_set():
                self._run = TaskRun([task], share=True, ready=_SPARES)
            return self._run

    def __iter__(self) -> Iterator[News]:
        job = self._job
        if self._warm:
            yield from self._shown_early(self._warm)
            given = (job, self._wish) if self._shown is None else (job, self._wish, self._shown)
            self._begin(Task(_make if self._shown is None else _prove, given, job.title, job.at))
        for _, said in self._run.messages() if self._run else ():
            if isinstance(said, Sent) and isinstance(said.value, _Differed):
                self._heal(said.value)
            elif isinstance(said, Sent):
                yield said.value
            elif isinstance(said, Proof):
                yield Proved(said)
                _SPARES.fill()  # while somebody looks at the pages
            else:
                yield Failed(said.findings[0] if isinstance(said, Missing) else said)

    def _shown_early(self, child: warm.WarmChild) -> Iterator[News]:
        """What a child shows that keeps the document; where it ends, all is yet to be shown."""
        job, wish = self._job, self._wish
        looks: tuple[str, ...] = ()
        sheets, appeared = dict(wish.looks), dict(wish.appearances)
        try:
            for said in child.ask((job, wish), job.title, self._dropped):
                assert isinstance(said, Glimpse | PageImages | Drawn | Appeared)
                if isinstance(said, Glimpse):
                    looks = said.looks
                elif isinstance(said, PageImages):
                    sheets[said.look] = said.sheet
                elif isinstance(said, Appeared):
                    appeared.update(said.pages)
                yield said
        except lasting.Ended as ended:
            if ended.bug:
                warm.note_bug(self._log, job, ended.bug)
            return
        known = wish.known.union(sheets[look].digest for look in looks if look in sheets)
        self._wish = replace(wish, known=known, looks=sheets, appearances=appeared)
        self._shown = tuple(appeared[look] for look in looks)

    def _heal(self, differed: _Differed) -> None:
        """What is laid afresh is right."""
        if self._warm:
            warm.note_difference(self._log, self._job, differed.pages, self._warm.edits)
            self._warm.end()

    def drop(self) -> None:
        with self._lock:
            self._dropped.set()
            if self._run:
                self._run.drop()
        if self._warm:
            self._warm.leave(self._dropped)


# ------------------------------------------------------------------ in the child


def _make(job: DocumentJob, wish: Wish, parent: ParentLine) -> Proof:
    """Make a document: its pages as soon as they are typeset, then all that proves them."""
    from briefing.pipeline import document

    preload.renew(job.templates)
    fresh: list[Glimpse] = []
    shown: list[str] = []

    def show(glimpse: Glimpse) -> None:
        fresh.append(glimpse)
        shown[:] = _show(glimpse, wish, parent) or shown

    made = document.make(job, show=show, known=wish.looks)
    if made.pdf:  # else what was shown is all that there is
        _compare(made, wish, shown, fresh, parent)
    return made


def _draft(asked: tuple[DocumentJob, Wish], parent: ParentLine) -> None:
    """Show a document that is kept as it was laid before."""
    from briefing.layout.incremental.warm_typesetter import warm_typesetter
    from briefing.pipeline import document

    job, wish = asked
    preload.renew(job.templates)
    press = warm_typesetter(job.templates / "fonts", job.tokens.faces)

    def show(glimpse: Glimpse) -> None:
        _show(glimpse, wish, parent)

    before = _chosen.get(job.document)
    _chosen.clear()
    if chosen := document.draft(job, press, show, wish.looks, before):
        _chosen[job.document] = chosen


_chosen: dict[str, Choice] = {}  # in a child that keeps a document, how it was made to fit the last time


def _prove(job: DocumentJob, wish: Wish, shown: tuple[str, ...], parent: ParentLine) -> Proof:
    """Make a document that has been shown already, and hold it against that; what is to be shown next comes first."""
    from briefing.pipeline import document

    os.nice(5)
    preload.renew(job.templates)
    fresh: list[Glimpse] = []
    made = document.make(job, show=fresh.append, known=wish.looks)
    _compare(made, wish, list(shown), fresh, parent)
    return made


def _show(glimpse: Glimpse, wish: Wish, parent: ParentLine) -> list[str]:
    """Show what there is of a document; a digest of the pixels of each page, where they are final."""
    parent.send(glimpse)
    if glimpse.stood:
        return []
    for page in _pages(glimpse, wish):
        parent.send(page)
    parent.send(Drawn(time.time()))
    if not glimpse.looks:
        return []
    new = _appeared(glimpse)
    parent.send(Appeared(new))
    return [{**wish.appearances, **new}[look] for look in glimpse.looks]


def _appeared(glimpse: Glimpse) -> dict[str, str]:
    """The pixels of the pages that are drawn, by what was laid."""
    from briefing.preview.page_images import appearances

    drawn = appearances(glimpse.pdf) if glimpse.within else []
    return {glimpse.looks[number]: one for number, one in zip(glimpse.within, drawn, strict=True)}


def _compare(made: Proof, wish: Wish, shown: list[str], fresh: list[Glimpse], parent: ParentLine) -> None:
    """What is laid `fresh` is what is to be seen in the end, should it look otherwise than what was shown."""
    from briefing.preview.page_images import appearances

    if not (fresh and shown):
        return
    if made.pdf:  # pages by their pixels: what was shown by their looks was wrong
        final = appearances(made.pdf)
        again = [replace(fresh[0], pdf=made.pdf, looks=(), within=tuple(range(len(final))))]
    else:
        seen = {**wish.appearances, **_appeared(fresh[0])}
        final, again = [seen[look] for look in fresh[0].looks], fresh
    if final != shown:
        count = max(len(final), len(shown))
        differ = (number for number in range(count) if final[number : number + 1] != shown[number : number + 1])
        parent.send(_Differed(tuple(differ)))
        for glimpse in again:
            _show(glimpse, wish, parent)


def _pages(glimpse: Glimpse, wish: Wish) -> Iterator[PageImages]:
    """All pages that are seen; those that were laid as before look as before."""
    from briefing.preview.page_images import pages

    count = len(glimpse.looks) or len(glimpse.within)
    digests = [glimpse.looks[number] for number in glimpse.within] if glimpse.looks else ()
    drawn = pages(glimpse.pdf, wish.widths, wish.known, digests) if glimpse.within else iter(())
    for number in range(count):
        look = glimpse.looks[number] if glimpse.looks else ""
        if number in glimpse.within:
            yield replace(next(drawn), number=number, count=count, look=look)
        else:
            yield PageImages(number, count, wish.looks[look], {}, look, None)


_WARM = warm.WarmChildren(_draft)


def _draw(pdf: bytes, number: int, width: int, _: ParentLine) -> bytes:
    from briefing.preview.page_images import render_page as drawn

    return drawn(pdf, number, width)
