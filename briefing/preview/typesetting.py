"""One document of the preview, typeset in a child process: what is seen of it comes as it is ready.

A child has the limits of the press, so that nothing in content can harm the preview. First come the pages, then what
proves them; whoever has newer content drops the child at any moment.
"""

from __future__ import annotations

import contextlib
import multiprocessing.connection
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from briefing.findings import Finding, Missing, error
from briefing.pipeline.document_job import Order
from briefing.preview.page_images import Page
from briefing.preview.state import Sheet
from briefing.proofing.proof import Glimpse, Proof
from briefing.runtime import fork_server, page_sharing, sandbox, speed


@dataclass(frozen=True)
class Drawn:
    """All pages have been sent."""

    at: float


@dataclass(frozen=True)
class Proved:
    """The document is made: what a build would say of it."""

    proof: Proof


@dataclass(frozen=True)
class Failed:
    """There will be no pages, or no more than there were."""

    finding: Finding


Seen = Glimpse | Page | Drawn | Proved | Failed


@dataclass(frozen=True)
class Wish:
    """How a window wants its pages: how wide, and which looks it has already."""

    widths: tuple[int, ...] = ()
    known: frozenset[str] = frozenset()
    looks: Mapping[str, Sheet] = field(default_factory=dict)  # what was laid before, and how it looked


class Sheets(Protocol):
    """A document on its way."""

    def __iter__(self) -> Iterator[Seen]:
        """What is seen of it, until all is said or it was dropped."""

    def drop(self) -> None:
        """End it; nothing more comes."""


Typeset = Callable[[Order, Wish], Sheets]  # the seam: any other way to typeset a document can stand here


def typeset(order: Order, wish: Wish) -> Sheets:
    """Typeset in a child of the server that `warm` has started, one that has made a page already if there is any."""
    return _Child(_make, (order, wish), order, _SPARE.taken())


def picture(pdf: bytes, number: int, width: int) -> bytes | None:
    """One page as a PNG, drawn in a child; nothing where it fails."""
    answers = [one for one in _Child(_draw, (pdf, number, width), None) if isinstance(one, bytes)]
    return answers[0] if answers else None


# ------------------------------------------------------------------ children


PRELOAD = "briefing.preview.preload"


def warm() -> None:
    """Start the server of children now; it imports the typesetter while the content is read."""
    fork_server.begin(PRELOAD)


class _Child:
    """A child at work on one order."""

    def __init__(
        self,
        do: Callable[..., None],
        given: tuple[Any, ...],
        order: Order | None,
        spare: fork_server.Child | None = None,
    ) -> None:
        self._order = order
        self._dropped = False
        self._work = do, given
        self._process = self._begun(spare)
        self._deadline = time.monotonic() + sandbox.WALL_SECONDS

    def _begun(self, spare: fork_server.Child | None = None) -> fork_server.Child:
        process = spare or fork_server.start(PRELOAD, _life, False, fork_server.is_forking())
        with contextlib.suppress(OSError):  # it has died, which is told when it is asked
            process.pipe.send(self._work)
        return process

    def __iter__(self) -> Iterator[Any]:
        try:
            while True:
                if problem := self._awaited():
                    yield from self._fault(*problem)
                    return
                said = self._process.pipe.recv()
                if said is None:
                    _SPARE.fill()  # while somebody looks at the pages
                    return
                if isinstance(said, _Fault):
                    yield from self._told(said)
                    return
                yield said
        except (EOFError, OSError):
            if not self._dropped:
                yield from self._died(self._process.ended(5) or 0)
        finally:
            self._end()

    def _awaited(self) -> tuple[str, str] | None:
        """Wait until it has something to say, or tell why it has nothing; started once more where it stands still."""
        watch = fork_server.Watch()
        while not self._process.pipe.poll(sandbox.WATCH_SECONDS):
            if time.monotonic() >= self._deadline:
                return "typesetting-time", f"typesetting took longer than {sandbox.WALL_SECONDS:.0f} s"
            if watch.stand_still([self._process]) and not self._dropped:
                if not fork_server.is_forking():
                    return "typesetting-still", f"{sandbox.STILL}, twice ({sandbox.versions()})"
                fork_server.stop_forking()
                self._end()
                self._process, watch = self._begun(), fork_server.Watch()
        return None

    def drop(self) -> None:
        """End it; whoever reads it finds its end."""
        self._dropped = True
        self._process.kill()

    def _end(self) -> None:
        self._process.pipe.close()
        if self._process.ended() is None:
            self._process.kill()
        self._process.ended(5)

    def _told(self, fault: _Fault) -> Iterator[Failed]:
        if fault.missing:
            yield Failed(fault.missing)
        elif fault.kind == "memory":
            yield from self._fault("typesetting-memory", "typesetting needs too much memory")
        elif fault.kind == "depth":
            yield from self._fault("typesetting-depth", "the page is nested too deeply")
        elif not self._dropped:
            raise RuntimeError(f"the typesetter failed\n{fault.kind}")  # a bug stays a traceback

    def _died(self, code: int) -> Iterator[Failed]:
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            yield from self._fault("typesetting-time", f"typesetting took more than {sandbox.CPU_SECONDS} s of work")
        else:
            why = signal.Signals(-code).name if code < 0 else f"exit code {code}"
            yield from self._fault("typesetting-died", f"the typesetter stopped ({why})")

    def _fault(self, code: str, message: str) -> Iterator[Failed]:
        if self._order:
            hint = "look for a very long table, a huge picture or a formula without end; leave blocks out to find it"
            yield Failed(error(code, f"{self._order.title}: {message}", self._order.place, hint))


class _Spare:
    """Children that have set up their fonts and made a page before they are given something to do."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: list[fork_server.Child] = []
        self._lock = threading.Lock()

    def fill(self) -> None:
        """Start as many as there may be."""
        with self._lock:
            while len(self._waiting) < self._most and fork_server.is_forking():
                self._waiting.append(fork_server.start(PRELOAD, _life, True, True))

    def taken(self) -> fork_server.Child | None:
        """One that is ready, if any is."""
        with self._lock:
            for process in self._waiting:
                if process.pipe.poll():
                    self._waiting.remove(process)
                    with contextlib.suppress(EOFError, OSError):
                        process.pipe.recv()
                        return process
                    return None  # it has died
        return None


_SPARE = _Spare(2)  # one for each document


@dataclass(frozen=True)
class _Fault:
    """Why a child has nothing more to say."""

    missing: Finding | None = None
    kind: str = ""  # memory, depth, or a traceback


def _life(pipe: multiprocessing.connection.Connection, early: bool, share: bool) -> None:
    """The life of a child: limits, one piece of work, what is seen of it; it may `share` its work with a helper.

    One that is started `early` makes a page before it says that it is ready, and waits for its work.
    """
    # A key on the terminal is for the preview, which then ends its children.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sandbox._limit()
    speed.leave_garbage()
    with contextlib.suppress(BrokenPipeError), page_sharing.helped(pipe) if share else contextlib.nullcontext():
        if early:
            _prepare()
            pipe.send(True)
        do, given = pipe.recv()
        _work(pipe.send, do, given)
    pipe.close()


def _prepare() -> None:
    """Make a page, for what is found and loaded with the first one; its faults are told with the next one."""
    if used := sys.modules.get(PRELOAD):
        with contextlib.suppress(Exception):
            used.make_page()


def _work(send: Callable[[Any], None], do: Callable[..., None], given: tuple[Any, ...]) -> None:
    import traceback

    try:
        do(send, *given)
        send(None)
    except BrokenPipeError:
        raise
    except Missing as missing:
        send(_Fault(missing=missing.findings[0]))
    except MemoryError:
        send(_Fault(kind="memory"))
    except RecursionError:
        send(_Fault(kind="depth"))
    except Exception:
        send(_Fault(kind=traceback.format_exc()))


def _make(send: Callable[[Seen], None], order: Order, wish: Wish) -> None:
    """Make a document: its pages as soon as they are typeset, then all that proves them."""
    from briefing.preview.page_images import pages
    from briefing.proofing import proof

    if used := sys.modules.get(PRELOAD):
        used.renew(order.templates)
    looks: list[Sheet] = []

    def show(glimpse: Glimpse) -> None:
        send(glimpse)
        if not glimpse.stood:
            for page in _pages(glimpse, wish):
                looks.append(page.sheet)
                send(page)
            send(Drawn(time.time()))

    made = proof.make(order, show=show, known=wish.looks)
    if made.pdf:  # what is published is what is to be seen in the end, should finishing have changed a look
        known = wish.known.union(sheet.digest for sheet in looks)
        finished = list(pages(made.pdf, wish.widths, known))
        if [page.sheet for page in finished] != looks:
            for page in finished:
                send(page)
    send(Proved(made))


def _pages(glimpse: Glimpse, wish: Wish) -> Iterator[Page]:
    """All pages that are seen; those that were laid as before look as before."""
    from briefing.preview.page_images import pages

    count = len(glimpse.looks) or len(glimpse.within)
    drawn = pages(glimpse.pdf, wish.widths, wish.known) if glimpse.within else iter(())
    for number in range(count):
        look = glimpse.looks[number] if glimpse.looks else ""
        if number in glimpse.within:
            yield replace(next(drawn), number=number, count=count, look=look)
        else:
            yield Page(number, count, wish.looks[look], {}, look, None)


def _draw(send: Callable[[bytes], None], pdf: bytes, number: int, width: int) -> None:
    from briefing.preview.page_images import picture as drawn

    send(drawn(pdf, number, width))
