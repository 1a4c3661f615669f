"""Children that wait for work: some have prepared themselves for it, others have done such work before."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

from briefing.runtime import fork_server
from briefing.runtime.task_child import live


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
                self._waiting.append(fork_server.start(live, None, self._prepare, True))

    def take(self) -> fork_server.Child | None:
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


class Kept:
    """Children that have done work before, and find again what other work shares with that: fonts, styles and so on."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: list[fork_server.Child] = []
        self._lock = threading.Lock()

    def take(self) -> fork_server.Child | None:
        """One that waits, if any does."""
        with self._lock:
            while self._waiting:
                process = self._waiting.pop()
                if process.ended() is None:
                    return process
        return None

    def put(self, process: fork_server.Child) -> None:
        """Take one back; it ends where there are enough."""
        with self._lock:
            self._waiting.append(process)
            spare = self._waiting.pop(0) if len(self._waiting) > self._most else None
        if spare:
            spare.pipe.close()

    def end(self) -> None:
        """Let all go that wait."""
        with self._lock:
            while self._waiting:
                self._waiting.pop().pipe.close()
