"""Processes forked from a server that has loaded what they need, each with a pipe of its own.

The server of the standard library (`multiprocessing`'s "forkserver") is a fresh interpreter, which loads everything
again. This one is forked from the process that asks for it, and has at once what was loaded there. It ends with the
process that has started it, however that ends, and its children end with it.

The rule for every fork: the process has one thread, those of C libraries counted, and has made nothing that leans on
another one. Since Pango 1.5x a font map has a thread of its own, which a forked process lacks and waits for without
end: fonts are set up in the process that uses them. `assert_forkable` holds the rule before each fork. Where it does
not hold, the server or the child is a fresh interpreter, which loads what it needs by itself.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.util import Finalize
from typing import Any, Protocol

from briefing.runtime import process_facts, scratch, speed

FORKING = sys.platform != "darwin"  # whose libraries do not survive it: each process is a fresh interpreter there
READY, UNFORKABLE = b"ready", b"unforkable"  # what a server says once it has loaded all
STILL_SECONDS = 10.0  # without any use of the processor, after which processes stand still
LOADING_SECONDS = 40.0  # that a server may take to load all
_SERVERS: dict[tuple[int, Load], _Server] = {}  # by whose they are and by what loads them
_LOCK = threading.Lock()
_forbidden: list[str] = []  # what was made in this process that no fork survives
_forking = FORKING

Load = Callable[[], object]  # a function of a module: imports what the children of a server need
Do = Callable[..., None]  # takes the process's end of the pipe first, and knows when nobody is at the other


class Unforkable(RuntimeError):
    """A fork of this process could wait for ever for a thread that it has not got."""


class Child(Protocol):
    """A process at work, seen from the one that has asked for it."""

    pipe: Connection  # to the process
    forked: bool  # from a server; else a fresh interpreter

    def kill(self) -> None:
        """End it and, where it leads a group of processes, all of that, at once."""

    def ended(self, patience: float = 0.0) -> int | None:
        """How it has ended, as an exit code: negative by a signal; waits so many seconds for it to end."""

    def cpu_seconds(self) -> float | None:
        """The processor time that it and its descendants have used until now; nothing where that is not known."""


def load_nothing() -> None:
    """Load nothing: what a server does where nobody has begun one."""


_load: Load = load_nothing  # what loads the servers of this process


def begin(load: Load) -> None:
    """Start a server that loads what the children of this process need, so that they need not."""
    global _load
    _load = load
    if is_forking():
        _server()


def start(do: Do, *given: Any) -> Child:
    """Have something done in a process that has all loaded with which a server was begun; waits until it has."""
    if is_forking() and (server := _server()).is_ready():
        return server.start(do, given)
    return _Fresh(do, given)


def stop_forking() -> None:
    """Have every process that is started from now on be a fresh interpreter, because forked ones stand still."""
    global _forking
    _forking = False


def end_starting(seconds: float = 1.0) -> None:
    """Wait until nothing is being started, and let nothing be from now on: for a process that is about to end.

    An interpreter that starts while its parent ends finds nothing to do, and says so with a traceback.
    """
    _LOCK.acquire(timeout=seconds)


def is_forking() -> bool:
    """Whether processes are forked from a server, where that is safe."""
    return _forking and not speed.is_plain()


class StillnessWatch:
    """Notices when processes stand still: none of them has used the processor for a while."""

    def __init__(self) -> None:
        self._used: list[float] = []
        self._since = time.monotonic()

    def stand_still(self, children: Iterable[Child]) -> bool:
        """Whether these processes have stood still for so long; false where the system does not tell."""
        used = [child.cpu_seconds() for child in children]
        known = [seconds for seconds in used if seconds is not None]
        if len(known) < len(used) or known != self._used:
            self._used, self._since = known, time.monotonic()
        return bool(known) and time.monotonic() - self._since >= STILL_SECONDS


def forbid(reason: str) -> None:
    """Note that this process has made something that no fork survives, with or without a thread to be seen."""
    _forbidden.append(reason)


def assert_forkable() -> None:
    """Hold the rule for a fork of this process; raises `Unforkable` with what stands against it."""
    against = [*_forbidden, *process_facts.threads()[1:]]
    if against:
        raise Unforkable(f"no fork is safe here: {', '.join(against)}")


@contextlib.contextmanager
def deaf() -> Iterator[None]:
    """Hear a Ctrl-C later, and let nothing that is started meanwhile hear one: this process ends the others itself."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _server() -> _Server:
    with _LOCK:
        key = os.getpid(), _load
        if key not in _SERVERS or not _SERVERS[key].process.is_alive():
            _SERVERS[key] = _Server(_load)
        return _SERVERS[key]


class _Server:
    """A server, seen from the process that has started it."""

    process: BaseProcess

    def __init__(self, load: Load) -> None:
        self._ready: bool | None = None  # not known until it has loaded
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._numbers = itertools.count()
        self._asking = threading.Lock()
        fork = _forkable()
        kind = multiprocessing.get_context("fork" if fork else "spawn")
        given = theirs, load, self._ours if fork else None
        with deaf(), _safe_path(), theirs:
            self.process = kind.Process(target=_serve, args=given)  # type: ignore[attr-defined]
            self.process.start()
        Finalize(None, self._leave, exitpriority=0)

    def _leave(self) -> None:
        """Let it end, as it does when nobody is there any more; one that is still loading would find out late."""
        if not self._ready:
            self.process.kill()
        self._ours.close()

    def is_ready(self) -> bool:
        """Whether it has loaded all and may fork; waits until that is known, or for a while."""
        with self._asking:
            if self._ready is None:
                self._ready = False
                with contextlib.suppress(OSError):
                    self._ready = bool(wait([self._ours], LOADING_SECONDS)) and self._ours.recv(64) == READY
        return self._ready

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
    """A child of a server, which tells its number first, and how it has ended in the end."""

    forked = True

    def __init__(self, pipe: Connection, told: Connection, kill: Callable[[], None]) -> None:
        self.pipe = pipe
        self.kill = kill
        self._told = told
        self._pid: int | None = None
        self._code: int | None = None

    def ended(self, patience: float = 0.0) -> int | None:
        deadline = time.monotonic() + patience
        while self._code is None and self._told.poll(max(0.0, deadline - time.monotonic())):
            self._listen()
        return self._code

    def cpu_seconds(self) -> float | None:
        while self._code is None and self._told.poll():
            self._listen()
        return None if self._pid is None or self._code is not None else process_facts.cpu_seconds(self._pid)

    def _listen(self) -> None:
        try:
            what, value = self._told.recv()
        except EOFError:  # with the server
            what, value = "ended", 1
        if what == "begun":
            self._pid = value
        else:
            self._code = value


class _Fresh:
    """A child that is a fresh interpreter."""

    forked = False

    def __init__(self, do: Do, given: tuple[Any, ...]) -> None:
        self.pipe, theirs = multiprocessing.Pipe()
        spawn = multiprocessing.get_context("spawn")
        self._scratch = scratch.name()
        given = speed.is_plain(), self._scratch, do, theirs, *given
        self._process = spawn.Process(target=_begin, args=given, daemon=True)
        with _LOCK, deaf(), _safe_path(), theirs:
            self._process.start()

    def kill(self) -> None:
        _kill(self._process)

    def ended(self, patience: float = 0.0) -> int | None:
        self._process.join(patience)
        if self._process.exitcode is not None:
            scratch.clear(self._scratch)
        return self._process.exitcode

    def cpu_seconds(self) -> float | None:
        return process_facts.cpu_seconds(self._process.pid or 0)


def _begin(plain: bool, folder: str, do: Do, *given: Any) -> None:
    """The life of a fresh interpreter."""
    scratch.give(folder)
    speed.set_plain(plain)
    do(*given)


def _forkable() -> bool:
    """Whether a fork of this process is safe, and holds no other server's pipes open."""
    if _SERVERS or not os.path.isdir("/proc/self/task"):
        return False
    try:
        assert_forkable()
    except Unforkable:
        return False
    return True


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
    folder: str  # for its temporary files


def _leave_lost_folder() -> None:
    """Stand in a folder that there is: fontconfig 2.15 complains on standard error where the current one is gone."""
    try:
        os.getcwd()
    except FileNotFoundError:
        os.chdir("/")


def _serve(control: socket.socket, load: Load, other: socket.socket | None) -> None:
    """The life of a server: it starts a child each time it is asked, until nobody is there any more."""
    global _load
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _leave_lost_folder()
    _SERVERS.clear()
    _load = load
    if other:  # it was forked, and while the lock was held
        other.close()
        _LOCK.release()
    with speed.loading():
        load()
    with contextlib.suppress(OSError):  # nobody is there any more
        control.send(READY if _forkable() else UNFORKABLE)
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
    try:
        message, files, *_ = socket.recv_fds(control, 64, 2)
    except ConnectionResetError:  # whoever was there has gone without asking whether this server is ready
        return False
    what, _, which = message.partition(b" ")
    number = int(which or 0)
    if what == b"start":
        pipe, telling = (Connection(file) for file in files)
        held = [control, telling, *(child.telling for child in children.values())]
        assert_forkable()
        folder = scratch.name()
        process = multiprocessing.get_context("fork").Process(target=_live, args=(pipe, held, folder))
        process.start()
        with contextlib.suppress(OSError):  # nobody wants to know
            telling.send(("begun", process.pid))
        pipe.close()
        children[number] = _AtWork(process, telling, _ending(process), folder)
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
    scratch.clear(child.folder)
    with child.telling, contextlib.suppress(OSError):
        child.telling.send(("ended", child.process.exitcode))
    child.process.close()


def _live(pipe: Connection, held: list[socket.socket | Connection], folder: str) -> None:
    """The life of a child."""
    scratch.give(folder)
    for one in held:  # its server's
        one.close()
    with contextlib.suppress(EOFError):  # nobody wants it any more
        do, given = pipe.recv()
        do(pipe, *given)
