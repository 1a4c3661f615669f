"""A Dask cluster as a standard executor: calls in, answers out, made by processes of other machines.

Whoever asks is held against each worker first: another version of the program or of a library, or a folder that is not
shared, would give other bytes or none, and is refused in words. Only paths, numbers and digests should travel; content
and copies lie in the shared folder. What is called runs in processes of its own beside the worker, which has threads
and is never forked. Dask is imported only here, and only where a cluster is named.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import multiprocessing
import os
import pickle
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError, Executor, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from briefing import program
from briefing.findings import Missing, Refused, error
from briefing.runtime import fingerprint, fork_server, inputs, worker_pool

PATIENCE_S = 15.0  # for the scheduler to answer, and for a first worker to be there
MAX_BYTES = 1_000_000_000  # of a file that is read to see that a folder is shared
_ADDRESS = re.compile(r"(?:(?:tcp|tls)://)?[^\s/]+:\d{1,5}")

P = ParamSpec("P")
T = TypeVar("T")


class WorkerDiffersError(RuntimeError):
    """A worker that would not give the same bytes; the message says why."""


@dataclass(frozen=True)
class Expected:
    """What every worker must have, so that it gives what this machine would give."""

    versions: Mapping[str, str]
    file: str  # in the folder that all share
    sha256: str

    def __hash__(self) -> int:
        return hash(self.sha256)


@contextlib.contextmanager
def connected(address: str, load: fork_server.Load, shared: Path) -> Iterator[tuple[Executor, int]]:
    """The cluster at an address, and how many calls it makes at the same time; `load` is what the calls need loaded.

    `shared` is a file in the shared folder, by which every worker shows that it sees the same. Raises `Missing` where
    Dask is not installed, and `Refused` where the cluster cannot be used. What is still queued at the end is cancelled.
    """
    if not _ADDRESS.fullmatch(address):
        raise _unusable(address, "this is no address", "write it as the scheduler tells it: tcp://10.0.0.5:8786")
    try:
        import distributed
    except ImportError:
        message = "--cluster needs the Python package distributed, which is not installed"
        raise Missing(error("cluster-driver", message, hint="Install it with: pip install distributed")) from None
    _quiet()
    expected = Expected(versions(), str(shared), fingerprint.digest_of(str(shared), MAX_BYTES))
    try:
        client = distributed.Client(address, timeout=PATIENCE_S, set_as_default=False)
    except (OSError, ValueError, TypeError):  # also a timeout; TLS without its keys in Dask's configuration
        raise _unusable(address, "no scheduler answers", "start one with: dask scheduler") from None
    with client:
        _assert_usable(client, address, expected)
        threads = sum(client.nthreads().values())
        yield _Cluster(client.get_executor(pure=False), distributed.KilledWorker, expected, load), threads


def _quiet() -> None:
    """Let Dask's own logs say nothing, each of which has a level of its own: what matters is told here."""
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.split(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


class _Cluster(Executor):
    """Dask's executor, whose calls are made in processes beside the workers."""

    def __init__(self, dask: Executor, killed: type[Exception], expected: Expected, load: fork_server.Load) -> None:
        self._dask, self._killed, self._expected = dask, killed, expected
        self._load = LoadByName(load.__module__, load.__qualname__)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a call made by whichever worker is free; one that dies costs this call, which another one makes anew."""
        try:
            asked = self._dask.submit(call, self._expected, self._load, pickle.dumps((fn, args, kwargs)))
        except Exception as fault:  # Dask has closed its client, since the scheduler is gone
            raise BrokenProcessPool("the cluster is gone") from fault
        future: Future[T] = Future()
        future.add_done_callback(lambda done: done.cancelled() and asked.cancel())
        asked.add_done_callback(lambda done: self._answer(done, future))
        return future

    def _answer(self, done: Future[Any], future: Future[Any]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(pickle.loads(done.result()))
        except CancelledError:
            future.set_exception(BrokenProcessPool("the cluster has lost it"))
        except self._killed:
            future.set_exception(BrokenProcessPool("one worker after another died of it"))
        except BaseException as fault:
            future.set_exception(fault)


def _assert_usable(client: Any, address: str, expected: Expected) -> None:
    """Hold every worker that is there against this machine; those that come later are held when they are first called.

    Raises `Refused`.
    """
    try:
        client.wait_for_workers(1, timeout=PATIENCE_S)
        answers = client.run(check, expected, on_error="return")
    except (OSError, ImportError):
        hint = f"start one on each machine with: dask worker {address} --nthreads 1"
        raise _unusable(address, "the cluster has no worker", hint) from None
    faults = {worker: fault for worker, fault in answers.items() if isinstance(fault, Exception)}
    if faults:
        raise Refused(_differs(worker, fault) for worker, fault in sorted(faults.items()))


def _differs(worker: str, fault: Exception) -> Any:
    if isinstance(fault, WorkerDiffersError):
        hint = "install the same versions everywhere, start the workers anew, and share one folder among all machines"
        return error("cluster-differs", f"the worker {worker} {fault}", hint=hint)
    said = (str(fault).splitlines() or [""])[0][:200]
    hint = "install the program there, or start the worker with its folder in PYTHONPATH"
    return error("cluster-differs", f"the worker {worker} cannot run this program: {said}", hint=hint)


def _unusable(address: str, message: str, hint: str) -> Refused:
    return Refused([error("cluster-unreachable", f"{address}: {message}", hint=hint)])


# ------------------------------------------------------------------ at the worker

_pools: dict[LoadByName, worker_pool.Workers] = {}
_lock = threading.Lock()


def check(expected: Expected) -> None:
    """Raise `WorkerDiffersError` where this process would not give the same bytes as the one that asks."""
    here = versions()
    for name, wanted in expected.versions.items():
        if here.get(name) != wanted:
            there = here.get(name, "none")
            if name in inputs.TREES:
                raise WorkerDiffersError(f"has another {name} than this machine ({there[:12]}, not {wanted[:12]})")
            raise WorkerDiffersError(f"has {name} {there}, and this machine has {wanted}")
    if fingerprint.digest_of(expected.file, MAX_BYTES) != expected.sha256:
        raise WorkerDiffersError(f"does not see what lies in {os.path.dirname(expected.file)}")


@dataclass(frozen=True)
class LoadByName:
    """Loads what calls need; only the process that does so imports it."""

    module: str
    function: str

    def __call__(self) -> None:
        """Load it."""
        getattr(importlib.import_module(self.module), self.function)()


def call(expected: Expected, load: LoadByName, asked: bytes) -> bytes:
    """Make a call in a process of this worker's own, which alone reads what is asked and what comes of it."""
    _check_once(expected)
    return _pool(load).submit(_made, asked).result()


def _made(asked: bytes) -> bytes:
    fn, args, kwargs = pickle.loads(asked)
    return pickle.dumps(fn(*args, **kwargs))


@cache
def _check_once(expected: Expected) -> None:
    check(expected)


def _pool(load: LoadByName) -> worker_pool.Workers:
    """The processes of this worker, one for each of its threads."""
    from distributed import get_worker

    with _lock:
        if load not in _pools:
            # Whoever looks after a Dask worker starts it as one that may have no children. Ours end with it anyhow.
            multiprocessing.current_process().daemon = False
            _pools[load] = worker_pool.Workers(get_worker().state.nthreads, load)
        return _pools[load]


@cache
def versions() -> dict[str, str]:
    """The program and all that decides about bytes, by name, as they were when they were loaded."""
    stands = fingerprint.take_fingerprint(program.TEMPLATES, os.environ)
    return {"program": stands.program, "templates": stands.templates, **inputs.versions()}
