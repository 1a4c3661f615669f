"""A child that stays, and is asked one thing after the other: for work that leans on what was done before.

Each question has the time of the sandbox anew, and memory has its limit; the child renews its limit on work itself.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from briefing.findings import Missing
from briefing.runtime import limits
from briefing.runtime.sandbox import ParentLine, Sent, Task, TaskRun

WORK_SECONDS = 60  # that a question may take
LIFE_SECONDS = 30.0  # of work after which a child makes way for another one


class Ended(Exception):
    """The child has ended, and all that it knew with it."""


@dataclass(frozen=True)
class Rest:
    """All is said to what was asked."""

    worked: float  # seconds, in all its life


def answer(parent: ParentLine, say: Callable[[Any], None]) -> None:
    """The life of the child: what it is asked is said, until nobody is there any more."""
    while True:
        asked = parent.receive()
        limits.allow_work(WORK_SECONDS)
        say(asked)
        parent.send(Rest(limits.allow_work(WORK_SECONDS)))


class LastingChild:
    """A child as it is seen from whoever asks it: one question at a time."""

    def __init__(self, task: Task[None]) -> None:
        self._run = TaskRun([task])
        self._messages = self._run.messages()
        self.is_old = False  # another one should take its place

    def ask(self, asked: object) -> Iterator[Any]:
        """What it says; raises `Ended`."""
        self._run.renew()
        self._run.tell([asked])
        with contextlib.suppress(Missing, RuntimeError):  # whoever does its work instead meets that again
            for _, said in self._messages:
                if not isinstance(said, Sent):
                    break
                if isinstance(said.value, Rest):
                    self.is_old = said.value.worked > LIFE_SECONDS
                    return
                yield said.value
        self.end()
        raise Ended

    @contextlib.contextmanager
    def at_most(self, seconds: float) -> Iterator[None]:
        """Give it so long for what is done in here, or end it."""
        timer = threading.Timer(seconds, self._run.drop)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def end(self) -> None:
        """End it."""
        self._run.drop()
        self._run.stop()
