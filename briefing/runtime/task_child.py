"""The life of a child of the sandbox: limits on memory and time, a piece of work or several, and answers."""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

from briefing.findings import Finding, Missing
from briefing.runtime import limits, page_sharing, process_facts, scratch, speed, timings

MEMORY_BYTES = 2_000_000_000  # of address space: ten times what four pages need; a bomb wants more
NEARLY_ALL = 0.9  # of it, with which a child has run out of it
CPU_SECONDS = 90
GARBAGE = 200_000  # new objects, after which a child that stays looks for garbage
KEPT_SECONDS, GROWTH_BYTES = 600, 200_000_000  # of work, and of memory grown by, after which no child stays

Made = TypeVar("Made")


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


@dataclass(frozen=True)
class ChildAnswer(Generic[Made]):
    """What a child sends at its end: what it has made, or why there is nothing."""

    made: Made | None = None
    missing: Finding | None = None
    fault: str = ""  # memory, depth, or a traceback
    where: str = ""  # of a traceback
    spans: tuple[timings.Span, ...] = ()
    stays: bool = False  # the child waits for other work


Work = tuple[Callable[..., Any], tuple[Any, ...], int]


def live(
    pipe: Connection,
    work: Work | None,
    prepare: Callable[[], None] | None,
    share: bool,
    life_seconds: int = CPU_SECONDS,
    stay: bool = False,
) -> None:
    """The life of a child: limits, one piece of work, an answer; it may `share` its work with a child of its own.

    One that is to `prepare` says when it is ready, and waits for its work. One that is to `stay` waits for other work,
    until it has failed, or has grown or worked too much.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a key on the terminal is for whoever has started it
    _limit(life_seconds)
    speed.leave_garbage()
    most, _ = resource.getrlimit(resource.RLIMIT_CPU)
    first = grown = 0
    with contextlib.suppress(BrokenPipeError):
        while True:
            answer = _answer(pipe, work, prepare, share, most)
            stay = stay and answer.made is not None and grown < GROWTH_BYTES
            stay = stay and time.process_time() + CPU_SECONDS < life_seconds
            pipe.send(replace(answer, spans=timings.collected(), stays=stay))
            if not stay:
                break
            del answer
            timings.forget()
            if gc.get_count()[0] > GARBAGE:
                gc.collect()
            now = process_facts.memory_bytes()
            first = first or now
            grown = now - first
            work = None
    pipe.close()


def _answer(
    pipe: Connection, work: Work | None, prepare: Callable[[], None] | None, share: bool, most: int
) -> ChildAnswer[Any]:
    import traceback

    try:
        with page_sharing.start_helper(pipe) if share else contextlib.nullcontext():
            if prepare:
                with contextlib.suppress(Exception):  # its faults are told with its work
                    prepare()
                pipe.send(True)
            parent = ParentLine(pipe)
            do, given, seconds = work or parent.receive()
            limits.allow_work(seconds if most == resource.RLIM_INFINITY else min(seconds, most))
            return ChildAnswer(do(*given, parent))
    except BrokenPipeError:
        raise
    except Missing as missing:
        return ChildAnswer(missing=missing.findings[0])
    except MemoryError:
        return ChildAnswer(fault="memory")
    except RecursionError:
        return ChildAnswer(fault="depth")
    except Exception as fault:
        if isinstance(fault, SystemError) and process_facts.memory_bytes() > NEARLY_ALL * MEMORY_BYTES:
            return ChildAnswer(fault="memory")  # CPython's words where its own C code has run out of it
        calls = traceback.extract_tb(fault.__traceback__)[-4:]
        where = " < ".join(f"{os.path.basename(call.filename)}:{call.lineno}" for call in reversed(calls))
        told = f"{type(fault).__name__} at {where}"
        return ChildAnswer(missing=limits.met(fault), fault=traceback.format_exc(), where=told)


def _limit(life_seconds: int) -> None:
    os.environ.clear()
    scratch.use()
    limits.lower(resource.RLIMIT_CPU, CPU_SECONDS, life_seconds + 5)
    limits.lower(resource.RLIMIT_CORE, 0)
    if sys.platform != "darwin":  # macOS has no limit on address space that holds
        limits.lower(resource.RLIMIT_AS, MEMORY_BYTES)
