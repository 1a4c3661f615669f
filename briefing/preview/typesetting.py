"""One document of the preview, typeset in a child process: what is seen of it comes as it is ready.

A child has the limits of the sandbox, so that nothing in content can harm the preview. First come the pages, then what
proves them; whoever has newer content drops the child at any moment.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from briefing.design.outputs import Step
from briefing.findings import Finding, Missing, Place
from briefing.pipeline.document_job import DocumentJob
from briefing.preview import preload, warm
from briefing.preview.page_images import PageImages
from briefing.preview.state import PreviewPage
from briefing.proofing.proof import Glimpse, Proof
from briefing.runtime import fork_server, lasting
from briefing.runtime.sandbox import ParentLine, Sent, Spares, Task, TaskRun


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
        self._dropped = False
        self._warm = None if Step.MARKS in job.use.steps else _WARM.of(job)
        self._shown: tuple[str, ...] | None = None  # the pixels of each page that a warm child has shown
        if self._warm is None:
            self._begin(Task(_make, (job, wish), job.title, job.at))

    def _begin(self, task: Task[Proof]) -> TaskRun[Proof] | None:
        with self._lock:
            if not self._dropped:
                self._run = TaskRun([task], share=True, spares=_SPARES)
            return self._run

    def __iter__(self) -> Iterator[News]:
        job, wish = self._job, self._wish
        if self._warm:
            yield from self._shown_early(self._warm)
            given = (job, wish) if self._shown is None else (job, wish, self._shown)
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
        looks: tuple[str, ...] = ()
        appeared = dict(self._wish.appearances)
        with suppress(lasting.Ended):
            for said in child.ask((self._job, self._wish), self._job.title):
                assert isinstance(said, Glimpse | PageImages | Drawn | Appeared)
                if isinstance(said, Glimpse):
                    looks = said.looks
                elif isinstance(said, Appeared):
                    appeared.update(said.pages)
                yield said
            self._shown = tuple(appeared[look] for look in looks)

    def _heal(self, differed: _Differed) -> None:
        """What is laid afresh is right."""
        if self._warm:
            warm.note_difference(self._log, self._job, differed.pages, self._warm.edits)
            self._warm.end()

    def drop(self) -> None:
        with self._lock:
            self._dropped = True
            if self._run:
                self._run.drop()


# ------------------------------------------------------------------ in the child


def _make(job: DocumentJob, wish: Wish, parent: ParentLine) -> Proof:
    """Make a document: its pages as soon as they are typeset, then all that proves them."""
    from briefing.pipeline import document

    preload.renew(job.templates)
    shown: list[str] = []
    made = document.make(job, show=lambda glimpse: shown.extend(_show(glimpse, wish, parent)), known=wish.looks)
    _compare(made, wish, shown, parent)
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

    document.draft(job, press, show, wish.looks)


def _prove(job: DocumentJob, wish: Wish, shown: tuple[str, ...], parent: ParentLine) -> Proof:
    """Make a document that has been shown already, and hold it against that; what is to be shown next comes first."""
    from briefing.pipeline import document

    os.nice(5)
    preload.renew(job.templates)
    made = document.make(job)
    _compare(made, wish, list(shown), parent)
    return made


def _show(glimpse: Glimpse, wish: Wish, parent: ParentLine) -> list[str]:
    """Show what there is of a document; a digest of the pixels of each page, where they are final."""
    from briefing.preview.page_images import appearances

    parent.send(glimpse)
    if glimpse.stood:
        return []
    for page in _pages(glimpse, wish):
        parent.send(page)
    parent.send(Drawn(time.time()))
    if not glimpse.looks:
        return []
    drawn = appearances(glimpse.pdf) if glimpse.within else []
    new = {glimpse.looks[number]: one for number, one in zip(glimpse.within, drawn, strict=True)}
    parent.send(Appeared(new))
    return [{**wish.appearances, **new}[look] for look in glimpse.looks]


def _compare(made: Proof, wish: Wish, shown: list[str], parent: ParentLine) -> None:
    """What is published is what is to be seen in the end, should it look otherwise than what was shown."""
    from briefing.preview.page_images import appearances, pages

    if not made.pdf or not shown:
        return
    final = appearances(made.pdf)
    if final != shown:
        count = max(len(final), len(shown))
        differ = (number for number in range(count) if final[number : number + 1] != shown[number : number + 1])
        parent.send(_Differed(tuple(differ)))
        for page in pages(made.pdf, wish.widths, wish.known):
            parent.send(page)


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
