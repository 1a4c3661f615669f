"""Processes forked from a server that has loaded what they need, each with a pipe of its own.

The server of the standard library (`multiprocessing`'s "forkserver") is a fresh interpreter, which loads everything
again. This one is forked from the process that asks for it, and has at once what was loaded there. Where that process
has more than one thread, which a fork does not survive in good order, it is a fresh interpreter too. It ends with the
process that has started it, however that ends, and its children end with it.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import itertools
import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.util import Finalize
from typing import Any, Protocol

FORKING = sys.platform != "darwin"  # whose libraries do not survive it: each process is a fresh interpreter there
_SERVERS: dict[tuple[int, str], _Server] = {}  # by whose they are and by what they have loaded
_LOCK = threading.Lock()

Do = Callable[..., None]  # takes the process's end of the pipe first, and knows when nobody is at the other


class Child(Protocol):
    """A process at work, seen from the one that has asked for it."""

    pipe: Connection  # to the process

    def kill(self) -> None:
        """End it and, where it leads a group of processes, all of that, at once."""

    def ended(self, patience: float = 0.0) -> int | None:
        """How it has ended, as an exit code: negative by a signal; waits so many seconds for it to end."""


def begin(loaded: str) -> None:
    """Start a server that loads a module, so that its children need not."""
    if FORKING:
        _server(loaded)


def start(loaded: str, do: Do, *given: Any) -> Child:
    """Have something done in a process that has a module loaded; waits until it is."""
    return _server(loaded).start(do, given) if FORKING else _Fresh(do, given)


@contextlib.contextmanager
def deaf() -> Iterator[None]:
    """Hear no Ctrl-C, and let nothing that is started meanwhile hear one: this process ends the others itself."""
    if threading.current_thread() is not threading.main_thread():  # which alone may say what is heard
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _server(loaded: str) -> _Server:
    with _LOCK:
        key = os.getpid(), loaded
        if key not in _SERVERS or not _SERVERS[key].process.is_alive():
            _SERVERS[key] = _Server(loaded)
        return _SERVERS[key]


class _Server:
    """A server, seen from the process that has started it."""

    process: BaseProcess

    def __init__(self, loaded: str) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._numbers = itertools.count()
        fork = _forkable()
        kind = multiprocessing.get_context("fork" if fork else "spawn")
        given = theirs, loaded, self._ours if fork else None
        with deaf(), _safe_path(), theirs:
            self.process = kind.Process(target=_serve, args=given)  # type: ignore[attr-defined]
            self.process.start()
        Finalize(self, self._ours.close, exitpriority=0)  # it ends when nobody is there any more

    def start(self, do: Do, given: tuple[Any, ...]) -> Child:
        ours, theirs = multiprocessing.Pipe()
        told, telling = multiprocessing.Pipe(duplex=False)
        number = next(self._numbers)
        with theirs, telling, contextlib.suppress(OSError):  # the server has ended: the child tells so
            socket.send_fds(self._ours, [b"start %d" % number], [theirs.fileno(), telling.fileno()])
        with contextlib.suppress(OSError):
            ours.send((do, given))
        return _Forked(ours, told, lambda: self._kill(number))

    def _kill(self, number: int) -> None:
        with contextlib.suppress(OSError):  # the server has ended, and its children with it
            self._ours.send(b"kill %d" % number)


class _Forked:
    """A child of a server."""

    def __init__(self, pipe: Connection, told: Connection, kill: Callable[[], None]) -> None:
        self.pipe = pipe
        self.kill = kill
        self._told = told
        self._code: int | None = None

    def ended(self, patience: float = 0.0) -> int | None:
        if self._code is None and self._told.poll(patience):
            try:
                self._code = self._told.recv()
            except EOFError:  # with the server
                self._code = 1
        return self._code


class _Fresh:
    """A child that is a fresh interpreter."""

    def __init__(self, do: Do, given: tuple[Any, ...]) -> None:
        self.pipe, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("spawn").Process(target=do, args=(theirs, *given), daemon=True)
        with deaf(), _safe_path(), theirs:
            self._process.start()

    def kill(self) -> None:
        _kill(self._process)

    def ended(self, patience: float = 0.0) -> int | None:
        self._process.join(patience)
        return self._process.exitcode


def _forkable() -> bool:
    """Whether a fork of this process is safe, and holds no other server's pipes open."""
    try:
        return not _SERVERS and len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False


@contextlib.contextmanager
def _safe_path() -> Iterator[None]:
    """Let a fresh interpreter load nothing that lies in the current folder, which may be anybody's."""
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = before


def _kill(process: BaseProcess) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if process.pid and os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


# ------------------------------------------------------------------ in the server


@dataclass(frozen=True)
class _AtWork:
    """A child, seen from the server."""

    process: BaseProcess
    telling: Connection
    ending: int  # a file that is readable once it has ended, though children of its own live on


def _serve(control: socket.socket, loaded: str, other: socket.socket | None) -> None:
    """The life of a server: it starts a child each time it is asked, until nobody is there any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _SERVERS.clear()
    if other:  # it was forked, and while the lock was held
        other.close()
        _LOCK.release()
    gc.disable()
    importlib.import_module(loaded)
    gc.freeze()  # nothing of it goes, so none of it is looked at again, here or in a child
    gc.enable()
    children: dict[int, _AtWork] = {}
    try:
        while True:
            ready = wait([control, *(child.ending for child in children.values())])
            for number in [number for number, child in children.items() if child.ending in ready]:
                _end(children.pop(number))
            if control in ready and not _asked(control, children):
                return
    finally:
        for child in children.values():
            _kill(child.process)
            _end(child)


def _asked(control: socket.socket, children: dict[int, _AtWork]) -> bool:
    """Do what is asked; false where nobody is there any more."""
    message, files, *_ = socket.recv_fds(control, 64, 2)
    what, _, which = message.partition(b" ")
    number = int(which or 0)
    if what == b"start":
        pipe, telling = (Connection(file) for file in files)
        held = [control, telling, *(child.telling for child in children.values())]
        process = multiprocessing.get_context("fork").Process(target=_live, args=(pipe, held))
        process.start()
        pipe.close()
        children[number] = _AtWork(process, telling, _ending(process))
    elif what == b"kill" and number in children:
        _kill(children[number].process)
    return bool(message)


def _ending(process: BaseProcess) -> int:
    try:
        return os.pidfd_open(process.pid or 0)
    except (OSError, AttributeError):  # Linux before 5.3; those that it has started may hold this open longer
        return os.dup(process.sentinel)


def _end(child: _AtWork) -> None:
    """Tell how a child has ended, and forget it."""
    child.process.join()
    os.close(child.ending)
    with child.telling, contextlib.suppress(OSError):
        child.telling.send(child.process.exitcode)
    child.process.close()


def _live(pipe: Connection, held: list[socket.socket | Connection]) -> None:
    """The life of a child."""
    for one in held:  # its server's
        one.close()
    with contextlib.suppress(EOFError):  # nobody wants it any more
        do, given = pipe.recv()
        do(pipe, *given)
