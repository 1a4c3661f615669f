"""Work done side by side, each piece in a process of its own with limits on memory, time and files.

A `Task` is a function and what it is given; a child sends what is to be seen on the way, and then what it has made.
Whatever a page does in there, a bomb included, ends in a finding.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing.connection
import platform
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from briefing.findings import ContentPath, Finding, Missing, Place, error, note
from briefing.runtime import fork_server, timings
from briefing.runtime.ready_children import Kept, Spares
from briefing.runtime.task_child import CPU_SECONDS, KEPT_SECONDS, ChildAnswer, Sent, live

WALL_SECONDS = 120.0
WATCH_SECONDS = 1.0  # from one look at whether children stand still to the next

Made = TypeVar("Made")


@dataclass(frozen=True)
class Task(Generic[Made]):
    """What a child is to do, and how its faults are told."""

    do: Callable[..., Made]  # a function of a module; it takes what is `given`, and then a `ParentLine`
    given: tuple[Any, ...]
    name: str
    at: ContentPath | Place
    cpu_seconds: int = CPU_SECONDS
    wall_seconds: float = field(default_factory=lambda: WALL_SECONDS)
    life_seconds: int = CPU_SECONDS  # of work in all, for a child that renews its time


class Crashed(RuntimeError):
    """A child has failed by a bug: its traceback, and `where`, which holds nothing of the content."""

    def __init__(self, said: str, where: str = "") -> None:
        super().__init__(said)
        self.where = where


@dataclass
class _Child(Generic[Made]):
    process: fork_server.Child
    task: Task[Made]
    deadline: float  # by when it must have answered
    worn: bool  # it has done other work before
    stays: bool = False
    senders: list[threading.Thread] = field(default_factory=list)

    def send(self, later: object) -> None:
        """Send without waiting for the child to listen, which it does when it has laid its pages."""

        def send() -> None:
            with contextlib.suppress(OSError):  # it has ended, and its answer says why
                self.process.pipe.send(later)

        self.senders.append(threading.Thread(target=send, daemon=True))
        self.senders[-1].start()

    def end(self) -> None:
        """End it if it has not; the pipe is closed when nobody sends any more."""
        if self.process.ended() is None:
            self.process.kill()
        self.process.ended(5)
        for sender in self.senders:
            sender.join(5)
        self.process.pipe.close()


class TaskRun(Generic[Made]):
    """Children at work, a few at a time: begun, told later what was not known at first, and heard.

    `share` lets each have a helper for its pages. Children that are `ready`, or `kept` from other work, are taken
    first; to the latter they go back. What fails in a child that has done other work before is done again in a new
    one: no work is judged by what another has left behind.
    """

    def __init__(
        self,
        tasks: list[Task[Made]],
        at_once: int = 1,
        ahead: int = 1,  # so many at once until they are told
        share: bool = False,
        ready: Spares | None = None,
        kept: Kept | None = None,
    ) -> None:
        self._waiting = list(enumerate(tasks))
        self._children: dict[int, _Child[Made]] = {}
        self._at_once, self._share, self._ready, self._kept = at_once, share, ready, kept
        self._later: list[Any] | None = None
        self._noticed: list[Finding] = []
        self._dropped = threading.Event()
        self._start(ahead)

    def _start(self, at_once: int) -> None:
        """Start children until so many are at work."""
        while self._waiting and len(self._children) < at_once:
            number, task = self._waiting.pop(0)
            self._children[number] = child = self._started(task)
            if self._later is not None:
                child.send(self._later[number])

    def _started(self, task: Task[Made], afresh: bool = False) -> _Child[Made]:
        work, stay, waiting = (task.do, task.given, task.cpu_seconds), self._kept is not None, self._ready or self._kept
        if process := None if afresh or not waiting else waiting.take():
            with contextlib.suppress(OSError):  # it has died, which is told when it is heard
                process.pipe.send(work)
        else:
            stay, life = stay and fork_server.is_forking(), KEPT_SECONDS if stay else task.life_seconds
            share = self._share and not stay and fork_server.is_forking()  # a helper is forked before fonts are set up
            return _Child(fork_server.start(live, work, None, share, life, stay), task, _by(task), worn=False)
        return _Child(process, task, _by(task), worn=stay)

    def tell(self, later: list[Any]) -> None:
        """Tell each task what it waits for."""
        self._later = later
        for number, child in self._children.items():
            child.send(later[number])
        self._start(self._at_once)

    def renew(self) -> None:
        """Give each child all its time once more: for one that is told one thing after the other."""
        for child in self._children.values():
            child.deadline = _by(child.task)
            child.senders = [sender for sender in child.senders if sender.is_alive()]

    def ended(self) -> tuple[list[Made], tuple[Finding, ...]]:
        """What the children have made, in the order of their tasks, and a finding for each that has made nothing.

        Raises `Missing` where a library is not on this machine.
        """
        with closing(self.messages()) as messages:
            answers = {number: said for number, said in messages if not isinstance(said, Sent)}
        told = [answers[number] for number in sorted(answers)]
        for one in told:
            if isinstance(one, Missing):
                raise one
        faults = tuple(one for one in told if isinstance(one, Finding))
        return [one for one in told if not isinstance(one, Finding | Missing)], (*self._noticed, *faults)

    def messages(self) -> Generator[tuple[int, Sent | Made | Finding | Missing]]:
        """What each task's child says: what is `Sent` on the way, and in the end what it has made or why it has not.

        Raises `Crashed` with the traceback of a child that fails by a bug.
        """
        try:
            while self._children and not self._dropped.is_set():
                number = self._next()
                if number is None and fork_server.is_forking():
                    self._start_afresh()
                elif number is None:
                    yield from [(number, _still(child)) for number, child in self._children.items()]
                    self._end_children()
                else:
                    said = self._heard(number)
                    if self._dropped.is_set():
                        return
                    if said is not None:
                        yield number, said
                self._start(self._at_once)
        finally:
            self.stop()

    def _heard(self, number: int) -> Sent | Made | Finding | Missing | None:
        """What a child says next; nothing where its work is begun again in a new one."""
        child = self._children[number]
        try:
            said: Sent | Made | Finding | Missing | None = _heard(child)
        except Crashed:
            if not child.worn:
                raise
            said = None
        if isinstance(said, Sent):
            return said
        if child.worn and (said is None or isinstance(said, Finding | Missing)):
            child.end()
            self._children[number] = child = self._started(child.task, afresh=True)
            if self._later is not None:
                child.send(self._later[number])
            return None
        del self._children[number]
        if self._kept and child.stays:
            self._kept.put(child.process)
        else:
            child.end()
        return said

    def _next(self) -> int | None:
        """A child that has something to say, or whose time is over; none where all of them stand still."""
        watch = fork_server.StillnessWatch()
        pipes = {child.process.pipe: number for number, child in self._children.items()}
        while self._dropped.is_set() or not watch.stand_still(child.process for child in self._children.values()):
            if ready := multiprocessing.connection.wait(list(pipes), WATCH_SECONDS):
                return next(number for pipe, number in pipes.items() if pipe in ready)
            for number, child in self._children.items():
                if child.deadline <= time.monotonic():
                    return number
        return None

    def _start_afresh(self) -> None:
        """Put fresh interpreters in the place of forked children that stand still."""
        fork_server.stop_forking()
        for child in self._children.values():
            task = child.task
            hint = f"tell whoever keeps this program: {_versions()}"
            self._noticed.append(
                note("typesetting-still", f"{task.name}: {_still_since()}; made afresh", task.at, hint)
            )
        self._waiting = [*((number, child.task) for number, child in self._children.items()), *self._waiting]
        self._end_children()

    def _end_children(self) -> None:
        while self._children:
            self._children.popitem()[1].end()

    def drop(self) -> None:
        """End all children at once, from any thread; whoever hears them finds their end."""
        self._dropped.set()
        for child in list(self._children.values()):
            child.process.kill()

    def stop(self) -> None:
        """End all that is at work; nothing more is wanted of it."""
        self._waiting.clear()
        self._end_children()


# ------------------------------------------------------------------ what is heard of a child


_HINT = "look for a very long table, a huge picture or a formula without end; leave blocks out to find it"


def _heard(child: _Child[Made]) -> Sent | Made | Finding | Missing:
    """What a child says next, or what its silence means."""
    task = child.task

    def fault(code: str, message: str) -> Finding:
        return error(code, f"{task.name}: {message}", task.at, _HINT)

    try:
        if not child.process.pipe.poll(max(0.0, child.deadline - time.monotonic())):
            return fault("typesetting-time", f"typesetting took longer than {task.wall_seconds:.0f} s")
        said: Sent | ChildAnswer[Made] = child.process.pipe.recv()
    except (EOFError, ConnectionResetError):
        code = child.process.ended(5) or 0
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return fault("typesetting-time", f"typesetting took more than {task.cpu_seconds} s of work")
        why = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return fault("typesetting-died", f"the typesetter stopped ({why})")
    if isinstance(said, Sent):
        return said
    timings.add(said.spans)
    child.stays = said.stays
    if said.made is not None:
        return said.made
    if said.missing:
        return Missing(said.missing)
    if said.fault == "memory":
        return fault("typesetting-memory", "typesetting needs too much memory")
    if said.fault == "depth":
        return fault("typesetting-depth", "the page is nested too deeply")
    raise Crashed(f"{task.name}: the typesetter failed\n{said.fault}", said.where)  # a bug stays a traceback


def _by(task: Task[Any]) -> float:
    return time.monotonic() + task.wall_seconds


def _still_since() -> str:
    return f"the typesetter stood still for {fork_server.STILL_SECONDS:.0f} s without using the processor"


def _still(child: _Child[Made]) -> Finding:
    hint = f"the fault is not in the content; tell whoever keeps this program: {_versions()}"
    return error("typesetting-still", f"{child.task.name}: {_still_since()}, twice", child.task.at, hint)


def _versions() -> str:
    """The versions of what may wait for itself, as a report needs them."""
    try:
        pango = ctypes.CDLL("libpango-1.0.so.0" if sys.platform != "darwin" else "libpango-1.0.dylib")
        pango.pango_version_string.restype = ctypes.c_char_p
        version = pango.pango_version_string().decode()
    except OSError:
        version = "unknown"
    return f"Python {platform.python_version()}, Pango {version}"
