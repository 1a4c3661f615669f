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
from typing import BinaryIO, Generic, TypeVar

from briefing import timing

Made = TypeVar("Made")
_allowed = False


def allow() -> None:
    """Let this process, which has one thread, fork."""
    global _allowed
    _allowed = sys.platform.startswith("linux") and len(os.sched_getaffinity(0)) > 1


class Beside(Generic[Made]):
    """Something that is done while this process goes on."""

    def __init__(self, act: Callable[[], Made]) -> None:
        self._act = act
        self._child: tuple[int, BinaryIO] | None = _started(act) if _allowed else None

    def result(self) -> Made:
        """Wait for what was made; what was raised there is raised here."""
        if self._child is None:
            return self._act()
        child, pipe = self._child
        with pipe:
            data = pipe.read()
        os.waitpid(child, 0)
        if not data:  # killed, by a limit on memory most likely
            raise MemoryError
        made, fault, spans = pickle.loads(data)
        timing.add(spans)
        if fault is not None:
            raise fault
        return made  # type: ignore[no-any-return]


def _started(act: Callable[[], Made]) -> tuple[int, BinaryIO]:
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


def shared(act: Callable[[Sequence[int]], Sequence[Made]], count: int) -> tuple[Made, ...]:
    """What `act` makes of each number below a count, every other one beside this process."""
    if count < 2 or not _allowed:
        return tuple(act(range(count)))
    other = Beside(lambda: act(range(1, count, 2)))
    made: list[Made | None] = [None] * count
    made[::2] = act(range(0, count, 2))
    made[1::2] = other.result()
    return tuple(made)  # type: ignore[arg-type]
