"""One document of the preview, typeset in a child process: what is seen of it comes as it is ready.

A child has the limits of the sandbox, so that nothing in content can harm the preview. First come the pages, then what
proves them; whoever has newer content drops the child at any moment.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from briefing.findings import Finding, Missing, Place
from briefing.pipeline.document_job import DocumentJob
from briefing.preview import preload
from briefing.preview.page_images import PageImages
from briefing.preview.state import PreviewPage
from briefing.proofing.proof import Glimpse, Proof
from briefing.runtime import fork_server
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


def warm() -> None:
    """Start the server of children now; it imports the typesetter while the content is read."""
    fork_server.begin(preload.load)


def typeset(job: DocumentJob, wish: Wish) -> Typesetting:
    """Typeset in a child of the server that `warm` has started, one that has made a page already if there is any."""
    return _Child(TaskRun([Task(_make, (job, wish), job.title, job.at)], share=True, spares=_SPARES))


def picture(pdf: bytes, number: int, width: int) -> bytes | None:
    """One page as a picture, drawn in a child; nothing where it fails."""
    drawn, _ = TaskRun([Task(_draw, (pdf, number, width), "picture", Place())]).ended()
    return drawn[0] if drawn else None


_SPARES = Spares(preload.make_page, 2)  # one for each document


class _Child:
    """A child at work on one document."""

    def __init__(self, run: TaskRun[Proof]) -> None:
        self._run = run

    def __iter__(self) -> Iterator[News]:
        for _, said in self._run.messages():
            if isinstance(said, Sent):
                yield said.value
            elif isinstance(said, Proof):
                yield Proved(said)
                _SPARES.fill()  # while somebody looks at the pages
            else:
                yield Failed(said.findings[0] if isinstance(said, Missing) else said)

    def drop(self) -> None:
        self._run.drop()


# ------------------------------------------------------------------ in the child


def _make(job: DocumentJob, wish: Wish, parent: ParentLine) -> Proof:
    """Make a document: its pages as soon as they are typeset, then all that proves them."""
    from briefing.pipeline import document
    from briefing.preview.page_images import appearances, pages

    preload.renew(job.templates)
    looks: list[str] = []
    appeared = dict(wish.appearances)

    def show(glimpse: Glimpse) -> None:
        parent.send(glimpse)
        if not glimpse.stood:
            for page in _pages(glimpse, wish):
                parent.send(page)
            parent.send(Drawn(time.time()))
        if glimpse.looks and not glimpse.stood:
            looks.extend(glimpse.looks)
            drawn = appearances(glimpse.pdf) if glimpse.within else []
            new = {glimpse.looks[number]: one for number, one in zip(glimpse.within, drawn, strict=True)}
            appeared.update(new)
            parent.send(Appeared(new))

    made = document.make(job, show=show, known=wish.looks)
    # What is published is what is to be seen in the end, should finishing have changed a look.
    if made.pdf and looks and appearances(made.pdf) != [appeared[look] for look in looks]:
        for page in pages(made.pdf, wish.widths, wish.known):
            parent.send(page)
    return made


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


def _draw(pdf: bytes, number: int, width: int, _: ParentLine) -> bytes:
    from briefing.preview.page_images import render_page as drawn

    return drawn(pdf, number, width)
