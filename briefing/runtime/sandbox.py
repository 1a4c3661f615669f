"""Work done side by side, each piece in a process of its own with limits on memory, time and files.

A `Task` is a function and what it is given; a child sends what is to be seen on the way, and then what it has made.
Whatever a page does in there, a bomb included, ends in a finding.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing.connection
import os
import platform
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

from briefing.findings import ContentPath, Finding, Missing, Place, error, note
from briefing.runtime import fork_server, limits, page_sharing, scratch, speed, timings

MEMORY_BYTES = 2_000_000_000  # of address space: ten times what four pages need; a bomb wants more
CPU_SECONDS = 90
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


@dataclass(frozen=True)
class Sent:
    """Something that a child has sent before it was done."""

    value: Any


@dataclass(frozen=True)
class ParentLine:
    """A child's way to speak with whoever has started it."""

    pipe: Connection

    def send(self, value: object) -> None:
        """Have something seen at once."""
        self.pipe.send(Sent(value))

    def receive(self) -> Any:
        """Wait for what was not known when the task began."""
        try:
            return self.pipe.recv()
        except EOFError:  # nobody wants it any more
            raise BrokenPipeError from None


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


@dataclass(frozen=True)
class _Answer(Generic[Made]):
    """What a child sends at its end: what it has made, or why there is nothing."""

    made: Made | None = None
    missing: Finding | None = None
    fault: str = ""  # memory, depth, or a traceback
    where: str = ""  # of a traceback
    spans: tuple[timings.Span, ...] = ()


class TaskRun(Generic[Made]):
    """Children at work, a few at a time: begun, told later what was not known at first, and heard.

    `share` lets each have a helper for its pages; of `spares`, those that are ready are taken first.
    """

    def __init__(
        self,
        tasks: list[Task[Made]],
        at_once: int = 1,
        ahead: int = 1,  # so many at once until they are told
        share: bool = False,
        spares: Spares | None = None,
    ) -> None:
        self._waiting = list(enumerate(tasks))
        self._children: dict[int, _Child[Made]] = {}
        self._at_once, self._share, self._spares = at_once, share, spares
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

    def _started(self, task: Task[Made]) -> _Child[Made]:
        work = task.do, task.given, task.cpu_seconds
        if process := self._spares and self._spares.taken():
            with contextlib.suppress(OSError):  # it has died, which is told when it is heard
                process.pipe.send(work)
        else:
            process = fork_server.start(_live, work, None, self._share and fork_server.is_forking(), task.life_seconds)
        return _Child(process, task, time.monotonic() + task.wall_seconds)

    def tell(self, later: list[Any]) -> None:
        """Tell each task what it waits for."""
        self._later = later
        for number, child in self._children.items():
            child.send(later[number])
        self._start(self._at_once)

    def renew(self) -> None:
        """Give each child all its time once more: for one that is told one thing after the other."""
        for child in self._children.values():
            child.deadline = time.monotonic() + child.task.wall_seconds
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
                    said = _heard(self._children[number])
                    if self._dropped.is_set():
                        return
                    if not isinstance(said, Sent):
                        self._children.pop(number).end()
                    yield number, said
                self._start(self._at_once)
        finally:
            self.stop()

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


class Spares:
    """Children that have prepared themselves before they are given something to do; they may share their work."""

    def __init__(self, prepare: Callable[[], None], most: int) -> None:
        self._prepare, self._most = prepare, most
        self._waiting: list[fork_server.Child] = []
        self._lock = threading.Lock()

    def fill(self) -> None:
        """Start as many as there may be."""
        with self._lock:
            while len(self._waiting) < self._most and fork_server.is_forking():
                self._waiting.append(fork_server.start(_live, None, self._prepare, True))

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
        said: Sent | _Answer[Made] = child.process.pipe.recv()
    except (EOFError, ConnectionResetError):
        code = child.process.ended(5) or 0
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return fault("typesetting-time", f"typesetting took more than {task.cpu_seconds} s of work")
        why = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return fault("typesetting-died", f"the typesetter stopped ({why})")
    if isinstance(said, Sent):
        return said
    timings.add(said.spans)
    if said.made is not None:
        return said.made
    if said.missing:
        return Missing(said.missing)
    if said.fault == "memory":
        return fault("typesetting-memory", "typesetting needs too much memory")
    if said.fault == "depth":
        return fault("typesetting-depth", "the page is nested too deeply")
    raise Crashed(f"{task.name}: the typesetter failed\n{said.fault}", said.where)  # a bug stays a traceback


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


# ------------------------------------------------------------------ in the child

_Work = tuple[Callable[..., Any], tuple[Any, ...], int]


def _live(
    pipe: Connection,
    work: _Work | None,
    prepare: Callable[[], None] | None,
    share: bool,
    life_seconds: int = CPU_SECONDS,
) -> None:
    """The life of a child: limits, one piece of work, an answer; it may `share` its work with a child of its own.

    One that is to `prepare` says when it is ready, and waits for its work.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a key on the terminal is for whoever has started it
    _limit(life_seconds)
    speed.leave_garbage()
    with contextlib.suppress(BrokenPipeError):
        pipe.send(replace(_answer(pipe, work, prepare, share), spans=timings.collected()))
    pipe.close()


def _answer(pipe: Connection, work: _Work | None, prepare: Callable[[], None] | None, share: bool) -> _Answer[Any]:
    import traceback

    try:
        with page_sharing.start_helper(pipe) if share else contextlib.nullcontext():
            if prepare:
                with contextlib.suppress(Exception):  # its faults are told with its work
                    prepare()
                pipe.send(True)
            parent = ParentLine(pipe)
            do, given, seconds = work or parent.receive()
            limits.lower(resource.RLIMIT_CPU, seconds, resource.getrlimit(resource.RLIMIT_CPU)[1])
            return _Answer(do(*given, parent))
    except BrokenPipeError:
        raise
    except Missing as missing:
        return _Answer(missing=missing.findings[0])
    except MemoryError:
        return _Answer(fault="memory")
    except RecursionError:
        return _Answer(fault="depth")
    except Exception as fault:
        calls = traceback.extract_tb(fault.__traceback__)[-4:]
        where = " < ".join(f"{os.path.basename(call.filename)}:{call.lineno}" for call in reversed(calls))
        told = f"{type(fault).__name__} at {where}"
        return _Answer(missing=limits.met(fault), fault=traceback.format_exc(), where=told)


def _limit(life_seconds: int) -> None:
    os.environ.clear()
    scratch.use()
    limits.lower(resource.RLIMIT_CPU, CPU_SECONDS, life_seconds + 5)
    limits.lower(resource.RLIMIT_CORE, 0)
    if sys.platform != "darwin":  # macOS has no limit on address space that holds
        limits.lower(resource.RLIMIT_AS, MEMORY_BYTES)
