"""Documents and single leaves made side by side, each in a process of its own with limits on memory, time and files.

The typesetter is imported once, in a server that forks a child for each document. Whatever a page does in there, a bomb
included, ends in a finding.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import multiprocessing.connection
import os
import platform
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from briefing.findings import Finding, Missing, Place, error, note
from briefing.runtime import fork_server, page_sharing, speed, timings

if TYPE_CHECKING:  # what is loaded where it is used
    from briefing.layout.single_page import Leaf, Printed
    from briefing.pipeline.document_job import Order
    from briefing.proofing.proof import Proof

MEMORY_BYTES = 2_000_000_000  # of address space: ten times what four pages need; a bomb wants more
CPU_SECONDS = 90
WALL_SECONDS = 120.0
WATCH_SECONDS = 1.0  # from one look at whether children stand still to the next
PRELOAD = "briefing.pipeline.preload"  # what the server of children imports


def warm() -> None:
    """Start the server now, so that it imports the typesetter while the content is read."""
    fork_server.begin(PRELOAD)


Later = Callable[[], Any]  # waits for what was not known when a task began
Made = TypeVar("Made")
Ordered = TypeVar("Ordered")


@dataclass(frozen=True)
class _Task(Generic[Ordered, Made]):
    """What a child is to do, and how its faults are told."""

    do: str  # module and function, which is loaded where it is done
    order: Ordered
    name: str
    place: Place


@dataclass
class _Child(Generic[Made]):
    process: fork_server.Child
    task: _Task[Any, Made]
    deadline: float  # by when it must have answered

    @property
    def name(self) -> str:
        """How its faults are told."""
        return self.task.name

    @property
    def place(self) -> Place:
        """Where its faults are told."""
        return self.task.place


@dataclass(frozen=True)
class _Answer(Generic[Made]):
    """What a child sends: what it has made, or why there is nothing."""

    made: Made | None = None
    missing: Finding | None = None
    fault: str = ""  # memory, depth, or a traceback
    spans: tuple[timings.Span, ...] = ()


class Run(Generic[Ordered, Made]):
    """Children at work, a few at a time: begun, told later what was not known at first, and waited for."""

    def __init__(self, tasks: list[_Task[Ordered, Made]], at_once: int, ahead: int) -> None:
        self._waiting = list(enumerate(tasks))
        self._children: dict[int, _Child[Made]] = {}
        self._at_once = at_once
        self._later: list[Any] | None = None
        self._noticed: list[Finding] = []
        self._start(ahead)

    def _start(self, at_once: int) -> None:
        """Start children until so many are at work."""
        while self._waiting and len(self._children) < at_once:
            number, task = self._waiting.pop(0)
            self._children[number] = child = _start(task, self._at_once > 1)
            if self._later is not None:
                _send(child, self._later[number])

    def tell(self, later: list[Any]) -> None:
        """Tell each task what it asks its `Later` for."""
        self._later = later
        for number, child in self._children.items():
            _send(child, later[number])
        self._start(self._at_once)

    def ended(self) -> tuple[list[Made], tuple[Finding, ...]]:
        """What the children have made, in the order of their tasks, and a finding for each that has made nothing.

        Raises `Missing` where the typesetter is not on this machine.
        """
        answers: dict[int, Any] = {}
        while self._children:
            number = self._next()
            if number is not None:
                answers[number] = _answer(self._children.pop(number))
            elif fork_server.is_forking():
                self._start_afresh()
            else:
                answers |= {number: _still(child) for number, child in self._children.items()}
                self._end_children()
            self._start(self._at_once)
        told = [answers[number] for number in sorted(answers)]
        for one in told:
            if isinstance(one, Missing):
                raise one
        faults = tuple(one for one in told if isinstance(one, Finding))
        return [one for one in told if not isinstance(one, Finding | Missing)], (*self._noticed, *faults)

    def _next(self) -> int | None:
        """A child that has something to say, or whose time is over; none where all of them stand still."""
        watch = fork_server.Watch()
        pipes = {child.process.pipe: number for number, child in self._children.items()}
        while not watch.stand_still(child.process for child in self._children.values()):
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
            hint = f"tell whoever keeps this program: {versions()}"
            self._noticed.append(note("typesetting-still", f"{child.name}: {STILL}; made afresh", child.place, hint))
        self._waiting = [*((number, child.task) for number, child in self._children.items()), *self._waiting]
        self._end_children()

    def _end_children(self) -> None:
        while self._children:
            _end(self._children.popitem()[1])

    def stop(self) -> None:
        """End all that is at work; nothing more is wanted of it."""
        self._waiting.clear()
        self._end_children()


def begin(orders: tuple[Order, ...], at_once: int | None = None) -> Run[Order, Proof]:
    """Begin to make all documents side by side, with blank pictures; the drawn ones are told later, for each order.

    Until then the caller is at work too, so a core is left to it.
    """
    tasks: list[_Task[Order, Proof]] = [
        _Task("briefing.proofing.proof:make", order, order.title, order.place) for order in orders
    ]
    at_once = at_once or _cores()
    return Run(tasks, at_once, ahead=max(1, at_once - 1))


def run(orders: tuple[Order, ...], at_once: int | None = None) -> tuple[list[Proof], tuple[Finding, ...]]:
    """Make all documents side by side; a child that dies or takes too long is a finding.

    Raises `Missing` where the typesetter is not on this machine.
    """
    running = begin(orders, at_once)
    running.tell([order.pictures for order in orders])
    return running.ended()


def leaf(one: Leaf) -> tuple[Printed | None, tuple[Finding, ...]]:
    """Typeset a ready page in a child of the same kind; without a product, the findings say why."""
    return fitted((one,), None)


def fitted(leaves: tuple[Leaf, ...], pages: int | None) -> tuple[Printed | None, tuple[Finding, ...]]:
    """Typeset the first of several leaves, longest first, that takes no more pages; the last where none does."""
    from briefing.layout.single_page import Leaves

    task: _Task[Leaves, Printed] = _Task(
        "briefing.layout.single_page:make", Leaves(leaves, pages), leaves[0].name, leaves[0].place
    )
    printed, faults = Run([task], 1, 1).ended()
    return (printed[0] if printed else None), faults


def _cores() -> int:
    return max(2, os.cpu_count() or 1)


def _start(task: _Task[Ordered, Made], share: bool) -> _Child[Made]:
    process = fork_server.start(PRELOAD, _child, task.do, task.order, share and fork_server.is_forking())
    return _Child(process, task, time.monotonic() + WALL_SECONDS)


def _send(child: _Child[Made], later: Any) -> None:
    """Send without waiting for the child to listen, which it does when it has laid its pages."""

    def send() -> None:
        with contextlib.suppress(OSError):  # it has ended, and its answer says why
            child.process.pipe.send(later)

    threading.Thread(target=send, daemon=True).start()


def _end(child: _Child[Made]) -> None:
    child.process.pipe.close()
    if child.process.ended() is None:
        child.process.kill()
    child.process.ended(5)


STILL = f"the typesetter stood still for {fork_server.STILL_SECONDS:.0f} s without using the processor"


def _still(child: _Child[Made]) -> Finding:
    hint = f"the fault is not in the content; tell whoever keeps this program: {versions()}"
    return error("typesetting-still", f"{child.name}: {STILL}, twice", child.place, hint)


def versions() -> str:
    """The versions of what may wait for itself, as a report needs them."""
    try:
        pango = ctypes.CDLL("libpango-1.0.so.0" if sys.platform != "darwin" else "libpango-1.0.dylib")
        pango.pango_version_string.restype = ctypes.c_char_p
        version = pango.pango_version_string().decode()
    except OSError:
        version = "unknown"
    return f"Python {platform.python_version()}, Pango {version}"


def _answer(child: _Child[Made]) -> Made | Finding | Missing:
    name, place, deadline = child.name, child.place, child.deadline
    hint = "look for a very long table, a huge picture or a formula without end; leave blocks out to find it"
    try:
        if not child.process.pipe.poll(max(0.0, deadline - time.monotonic())):
            message = f"{name}: typesetting took longer than {WALL_SECONDS:.0f} s"
            return error("typesetting-time", message, place, hint)
        answer: _Answer[Made] = child.process.pipe.recv()
        timings.add(answer.spans)
        if answer.made is not None:
            return answer.made
        if answer.missing:
            return Missing(answer.missing)
        if answer.fault == "memory":
            return error("typesetting-memory", f"{name}: typesetting needs too much memory", place, hint)
        if answer.fault == "depth":
            return error("typesetting-depth", f"{name}: the page is nested too deeply", place, hint)
        raise RuntimeError(f"{name}: the typesetter failed\n{answer.fault}")  # a bug stays a traceback
    except (EOFError, ConnectionResetError):
        code = child.process.ended(5) or 0
        if code == -signal.SIGXCPU or code == -signal.SIGKILL:
            message = f"{name}: typesetting took more than {CPU_SECONDS} s of work"
            return error("typesetting-time", message, place, hint)
        why = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return error("typesetting-died", f"{name}: the typesetter stopped ({why})", place, hint)
    finally:
        _end(child)


def _child(pipe: multiprocessing.connection.Connection, do: str, order: Ordered, share: bool) -> None:
    """The life of a child: limits, one document, an answer; it may `share` its work with a child of its own."""
    import traceback

    _limit()
    module, _, name = do.partition(":")
    speed.leave_garbage()
    answer: _Answer[Any]
    try:
        with page_sharing.helped(pipe) if share else contextlib.nullcontext():
            act: Callable[[Ordered, Later], Any] = getattr(importlib.import_module(module), name)
            answer = _Answer(act(order, pipe.recv))
    except Missing as missing:
        answer = _Answer(missing=missing.findings[0])
    except MemoryError:
        answer = _Answer(fault="memory")
    except RecursionError:
        answer = _Answer(fault="depth")
    except Exception:
        answer = _Answer(fault=traceback.format_exc())
    with contextlib.suppress(BrokenPipeError):
        pipe.send(replace(answer, spans=timings.noted()))
    pipe.close()


def _limit() -> None:
    os.environ.clear()
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "darwin":  # macOS has no limit on address space that holds
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
