"""Work on the pages of a document done by two processes at the same time, where that is safe and of use.

Only a child of the press asks for it: it has one thread, so it may fork. Elsewhere, and on a machine with one core, the
same work is done in turn, with the same result.
"""

from __future__ import annotations

import os
import pickle
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO, Generic, TypeVar

from briefing import timing

Made = TypeVar("Made")
_allowed = False
BYTES = 2  # of the number of an act


def allow() -> None:
    """Let this process, which has one thread, fork."""
    global _allowed
    _allowed = sys.platform.startswith("linux") and len(os.sched_getaffinity(0)) > 1


class Shared(Generic[Made]):
    """Acts that this process and one beside it do, each the next that is left; the other begins at once."""

    def __init__(self, acts: Sequence[Callable[[], Made]]) -> None:
        self._acts = acts
        self._left: int | None = None
        if len(acts) < 2 or not _allowed:
            return
        self._left, write = os.pipe()
        os.write(write, b"".join(number.to_bytes(BYTES) for number in range(len(acts))))
        os.close(write)  # whoever finds nothing in it has done its part
        self._other = _started(self._taken)

    def results(self) -> list[Made]:
        """Do what is left, and give what each act has made, in their order; what was raised there is raised here."""
        if self._left is None:
            return [act() for act in self._acts]
        try:
            made = self._taken()
        finally:
            os.close(self._left)
            others: dict[int, Made] = _answer(*self._other)
        made |= others
        return [made[number] for number in range(len(self._acts))]

    def _taken(self) -> dict[int, Made]:
        assert self._left is not None
        made = {}
        while number := os.read(self._left, BYTES):
            which = int.from_bytes(number)
            made[which] = self._acts[which]()
        return made


def _answer(child: int, pipe: BinaryIO) -> Any:
    """Wait for what a process has made."""
    with pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    if not data:  # killed, by a limit on memory most likely
        raise MemoryError
    made, fault, spans = pickle.loads(data)
    timing.add(spans)
    if fault is not None:
        raise fault
    return made


def _started(act: Callable[[], Any]) -> tuple[int, BinaryIO]:
    read, write = os.pipe()
    child = os.fork()
    if child:
        os.close(write)
        return child, os.fdopen(read, "rb")
    try:
        os.close(read)
        with os.fdopen(write, "wb") as pipe:
            try:
                answer = pickle.dumps((act(), None, timing.noted()))
            except (MemoryError, RecursionError) as fault:
                answer = pickle.dumps((None, type(fault)(), ()))
            except Exception:  # a bug, whose traceback would stay here
                answer = pickle.dumps((None, RuntimeError(traceback.format_exc()), ()))
            pipe.write(answer)
    finally:
        os._exit(0)
