"""Work on the pages of a document done by two processes at the same time, where that is safe and of use.

Only a child of the press has a helper: it is forked before fonts are set up, while the child has one thread, and waits
for work. Elsewhere, and on a machine with one core, the same work is done in turn, with the same result.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

from briefing.runtime import fork_server, timings

Made = TypeVar("Made")
BYTES = 2  # of the number of an act
_helper: _Helper | None = None


@contextlib.contextmanager
def start_helper(*held: Connection) -> Iterator[None]:
    """Have a helper inside, which holds none of these connections open; the process must have one thread."""
    global _helper
    if not sys.platform.startswith("linux") or len(os.sched_getaffinity(0)) < 2:
        yield
        return
    _helper = _Helper(held)
    try:
        yield
    finally:
        _helper.end()
        _helper = None


class Shared(Generic[Made]):
    """Acts that this process and its helper do, each the next that is left; the helper begins at once.

    Acts are picklable. Each process does them by itself: what one has opened or changed is nothing to the other.
    """

    def __init__(self, acts: Sequence[Callable[[], Made]]) -> None:
        self._acts = acts
        self._helper = _helper if len(acts) > 1 else None
        if self._helper:
            self._helper.begin(acts)

    def results(self) -> list[Made]:
        """Do what is left, and give what each act has made, in their order; what was raised there is raised here."""
        if not self._helper:
            return [act() for act in self._acts]
        try:
            made = _taken(self._helper.left, self._acts)
        finally:
            others = self._helper.answer()
        made |= others
        return [made[number] for number in range(len(self._acts))]


class _Helper:
    """The process that helps, seen from the one that it helps."""

    def __init__(self, held: Sequence[Connection]) -> None:
        self.left, self._put = os.pipe()
        os.set_blocking(self.left, False)  # whoever finds nothing in it has done its part
        self._pipe, theirs = Pipe()
        fork_server.assert_forkable()
        self._pid = os.fork()
        if self._pid:
            theirs.close()
            return
        try:
            for one in (*held, self._pipe):
                one.close()
            os.close(self._put)
            _help(theirs, self.left)
        finally:
            os._exit(0)

    def begin(self, acts: Sequence[Callable[[], Any]]) -> None:
        """Have it do some of these acts."""
        os.write(self._put, b"".join(number.to_bytes(BYTES) for number in range(len(acts))))
        with contextlib.suppress(BrokenPipeError):  # it was killed: its answer says so
            self._pipe.send_bytes(pickle.dumps(acts, protocol=5))

    def answer(self) -> dict[int, Any]:
        """What it has made; raises what was raised there."""
        try:
            made, fault, spans = pickle.loads(self._pipe.recv_bytes())
        except (EOFError, ConnectionResetError):  # killed, by a limit on memory most likely
            raise MemoryError from None
        timings.add(spans)
        if fault is not None:
            raise fault
        found: dict[int, Any] = made
        return found

    def end(self) -> None:
        """Let it go, and wait until it has gone."""
        self._pipe.close()
        os.close(self._put)
        os.close(self.left)
        os.waitpid(self._pid, 0)


def _taken(left: int, acts: Sequence[Callable[[], Made]]) -> dict[int, Made]:
    """Do acts until none is left."""
    made = {}
    with contextlib.suppress(BlockingIOError):
        while number := os.read(left, BYTES):
            which = int.from_bytes(number)
            made[which] = acts[which]()
    return made


def _help(pipe: Connection, left: int) -> None:
    """The life of the helper: some acts after others, until nobody is there any more."""
    with contextlib.suppress(EOFError, OSError):
        while True:
            acts = pickle.loads(pipe.recv_bytes())
            try:
                answer = pickle.dumps((_taken(left, acts), None, timings.collected()))
            except (MemoryError, RecursionError) as fault:
                answer = pickle.dumps((None, type(fault)(), ()))
            except Exception:  # a bug, whose traceback would stay here
                answer = pickle.dumps((None, RuntimeError(traceback.format_exc()), ()))
            del acts
            pipe.send_bytes(answer)
