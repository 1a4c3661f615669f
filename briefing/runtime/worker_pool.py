"""Processes that do one call after another, as a standard executor; one that dies takes only its own call along.

A pool of the standard library gives up all calls when one of its processes is killed. Here each process has a pipe of
its own: what it was at is known, and another takes its place. It is replaced after so many calls too, so that memory
stays flat over any number of them. A process ends with the one that has started it, however that ends.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import queue
import signal
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from briefing.runtime import fork_server

CALLS_EACH = 50  # a process costs as much to start as one document to make
GARBAGE = (700, 10, 10)  # Python's own measure, so that memory stays flat; a process of one document looks less often
PATIENCE_S = 5.0  # for a process to end by itself

_serving = False

P = ParamSpec("P")
T = TypeVar("T")
_Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


def cores() -> int:
    """How many processes this one may keep busy."""
    ours = getattr(os, "sched_getaffinity", None)  # not on macOS
    return len(ours(0)) if ours else os.cpu_count() or 1


def is_worker() -> bool:
    """Whether this process does one call after another."""
    return _serving


class Workers(Executor):
    """So many processes with all loaded that `load` imports; calls and answers must be picklable.

    A call whose process dies raises `BrokenProcessPool`, and the others go on. To leave it by an exception stops what
    is under way.
    """

    def __init__(self, count: int, load: fork_server.Load, calls_each: int = CALLS_EACH) -> None:
        self._load = load
        fork_server.begin(load)  # from here, so that a process of ours finds everything imported
        self._threads = ThreadPoolExecutor(count, "worker")
        self._calls_each = calls_each
        self._idle: queue.SimpleQueue[_Worker | None] = queue.SimpleQueue()
        self._hired: set[_Worker] = set()
        self._lock = threading.Lock()
        self._stopped = False
        for _ in range(count):
            self._idle.put(None)  # a place; whoever gets it first hires somebody

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a call made as soon as a process is free."""
        return self._threads.submit(self._called, (fn, args, kwargs))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls, and let the processes go once they have made those that there are."""
        self._threads.shutdown(wait=wait, cancel_futures=cancel_futures)
        if wait:
            for worker in list(self._hired):
                self._dismiss(worker)

    def stop(self) -> None:
        """End the processes in the middle of their calls, with all that those have started."""
        with self._lock:
            self._stopped = True
            hired = list(self._hired)
        for worker in hired:
            worker.kill()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        if kind is None:
            self.shutdown()
            return
        with fork_server.deaf():
            self.stop()
            self.shutdown(cancel_futures=True)

    def _called(self, call: _Call) -> Any:
        worker = self._idle.get()
        try:
            worker = worker or self._hire()
            return worker.called(call)
        except BrokenProcessPool:
            if worker:
                self._dismiss(worker)
            worker = None
            raise
        finally:
            if worker and worker.calls >= self._calls_each:
                self._dismiss(worker)
                worker = None
            self._idle.put(worker)

    def _hire(self) -> _Worker:
        with self._lock:
            if self._stopped:
                raise BrokenProcessPool("the run was stopped")
            worker = _Worker(self._load)
            self._hired.add(worker)
            return worker

    def _dismiss(self, worker: _Worker) -> None:
        worker.pipe.close()  # it ends when it finds nobody there
        worker.ended()
        self._hired.discard(worker)


class _Worker:
    """One process, seen from the one that has started it."""

    def __init__(self, load: fork_server.Load) -> None:
        self.calls = 0
        self._process = fork_server.start(_serve, load)
        self.pipe = self._process.pipe

    def called(self, call: _Call) -> Any:
        """What a call returns or raises in the process."""
        self.calls += 1
        try:
            self.pipe.send(call)
            fault, answer = self.pipe.recv()
        except (EOFError, OSError):
            code = self.ended()
            self.kill()  # what it has started
            why = signal.Signals(-code).name if code < 0 else f"exit code {code}"
            raise BrokenProcessPool(why) from None
        if fault is not None:
            raise fault
        return answer

    def ended(self) -> int:
        """How the process has ended; it is killed where it does not."""
        if self._process.ended(PATIENCE_S) is None:
            self.kill()
        return self._process.ended(PATIENCE_S) or 0

    def kill(self) -> None:
        """End the process and all that it has started, at once: what they write is put in place whole or not at all."""
        self._process.kill()


# ------------------------------------------------------------------ in the process


def _serve(pipe: Connection, load: fork_server.Load) -> None:
    """The life of a worker: one call after another, until nobody is there any more.

    It leads a group of processes, so that a Ctrl-C is not for it, and it and its children can be ended together.
    """
    global _serving
    _serving = True
    os.setpgid(0, 0)
    gc.set_threshold(*GARBAGE)
    fork_server.begin(load)  # while there is one thread, so that what is loaded here need not be loaded again
    with contextlib.suppress(EOFError, OSError):
        while True:
            pipe.send(_answer(*pipe.recv()))


def _answer(do: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Exception | None, Any]:
    try:
        return None, do(*args, **kwargs)
    except Exception as fault:
        told = traceback.format_exc()
        try:
            fault.add_note(told)
            pickle.loads(pickle.dumps(fault))
        except Exception:  # not every exception can travel
            return RuntimeError(told), None
        return fault, None
