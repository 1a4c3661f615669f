"""A child that stays, and is asked one thing after the other: for work that leans on what was done before.

Each question has the time of the sandbox anew, and memory has its limit; the child renews its limit on work itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from briefing.findings import Missing
from briefing.runtime import limits, process_facts
from briefing.runtime.sandbox import Crashed, Task, TaskRun
from briefing.runtime.task_child import ParentLine, Sent

WORK_SECONDS = 60  # that a question may take
LIFE_SECONDS = 600  # of work after which a child makes way for another one, and bytes that it has grown by
GROWTH_BYTES = 500_000_000


class Ended(Exception):
    """The child has ended, and all that it knew with it; a bug is told by where it is."""

    def __init__(self, bug: str = "") -> None:
        super().__init__(bug)
        self.bug = bug


@dataclass(frozen=True)
class Rest:
    """All is said to what was asked."""

    worked: float  # seconds, in all its life
    grown: int  # bytes of memory since its first answer


def answer(parent: ParentLine, say: Callable[[Any], None]) -> None:
    """The life of the child: what it is asked is said, until nobody is there any more."""
    first: int | None = None
    while True:
        asked = parent.receive()
        limits.allow_work(WORK_SECONDS)
        say(asked)
        now = process_facts.memory_bytes()
        first = now if first is None else first
        parent.send(Rest(limits.allow_work(WORK_SECONDS), now - first))


class LastingChild:
    """A child as it is seen from whoever asks it: one question at a time."""

    def __init__(self, task: Task[None]) -> None:
        self._run = TaskRun([replace(task, life_seconds=LIFE_SECONDS + WORK_SECONDS)])
        self._messages = self._run.messages()
        self._timer: threading.Timer | None = None
        self.is_old = False  # another one should take its place

    def ask(self, asked: object) -> Iterator[Any]:
        """What it says; raises `Ended`."""
        self._run.renew()
        self._run.tell([asked])
        bug = ""
        try:
            for _, said in self._messages:
                if not isinstance(said, Sent):
                    break
                if isinstance(said.value, Rest):
                    self.is_old = said.value.worked > LIFE_SECONDS or said.value.grown > GROWTH_BYTES
                    return
                yield said.value
        except Crashed as crashed:
            bug = crashed.where
        except Missing:
            pass  # whoever does its work instead meets that again
        self.end()
        raise Ended(bug)

    def hurry(self, seconds: float) -> None:
        """Give it so long, counted from the first time that this is said, or end it."""
        if not self._timer:
            self._timer = threading.Timer(seconds, self._run.drop)
            self._timer.daemon = True
            self._timer.start()

    def relax(self) -> None:
        """Give it all its time again."""
        if self._timer:
            self._timer.cancel()
        self._timer = None

    def end(self) -> None:
        """End it."""
        self._run.drop()
        self._run.stop()
