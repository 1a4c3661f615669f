"""Documents made side by side, each in a process of its own with limits on memory, time and files.

The typesetter is imported once, in a server process that forks a child for each document (on systems where forking is
unsafe, each child imports it anew). Whatever a page does in there, a bomb included, ends in a finding.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import multiprocessing.connection
import os
import resource
import signal
import sys
import time
from dataclasses import dataclass
from multiprocessing.context import BaseContext

from briefing.findings import Finding, Missing, error
from briefing.proof import Order, Proof, make

MEMORY_BYTES = 2_000_000_000  # of address space: ten times what four pages need; a bomb wants more
CPU_SECONDS = 90
WALL_SECONDS = 120.0


def context() -> BaseContext:
    """How children are made: forked from a server that has the typesetter, or anew where forking is unsafe."""
    if sys.platform == "darwin":
        return multiprocessing.get_context("spawn")
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(["briefing.preload"])
    return server


def warm() -> None:
    """Start the server now, so that it imports the typesetter while the content is read."""
    if sys.platform != "darwin":
        context()
        from multiprocessing import forkserver

        forkserver.ensure_running()


@dataclass
class _Child:
    process: multiprocessing.process.BaseProcess
    pipe: multiprocessing.connection.Connection
    order: Order


def run(orders: tuple[Order, ...]) -> tuple[dict[str, Proof], tuple[Finding, ...]]:
    """Make all documents side by side; a child that dies or takes too long is a finding.

    Raises `Missing` where the typesetter is not on this machine.
    """
    ctx = context()
    children = [_start(ctx, order) for order in orders]
    proofs: dict[str, Proof] = {}
    faults: list[Finding] = []
    missing: Missing | None = None
    deadline = time.monotonic() + WALL_SECONDS
    for child in children:
        answer = _answer(child, deadline)
        if isinstance(answer, Proof):
            proofs[child.order.document] = answer
        elif isinstance(answer, Missing):
            missing = answer
        else:
            faults.append(answer)
    if missing:
        raise missing
    return proofs, tuple(faults)


def _start(ctx: BaseContext, order: Order) -> _Child:
    ours, theirs = ctx.Pipe(duplex=False)
    process = ctx.Process(target=_child, args=(theirs, order), daemon=True)  # type: ignore[attr-defined]
    process.start()
    theirs.close()
    return _Child(process, ours, order)


def _answer(child: _Child, deadline: float) -> Proof | Finding | Missing:
    name = child.order.wording.word("document", child.order.document)
    hint = "look for a very long table, a huge picture or a formula without end; leave blocks out to find it"
    try:
        if not child.pipe.poll(max(0.0, deadline - time.monotonic())):
            return error(
                "typesetting-time",
                f"{name}: typesetting took longer than {WALL_SECONDS:.0f} s",
                child.order.place,
                hint,
            )
        answer = child.pipe.recv()
        if isinstance(answer, Proof):
            return answer
        if isinstance(answer, Finding):
            return Missing(answer)
        if answer == "memory":
            return error("typesetting-memory", f"{name}: typesetting needs too much memory", child.order.place, hint)
        if answer == "depth":
            return error("typesetting-depth", f"{name}: the page is nested too deeply", child.order.place, hint)
        raise RuntimeError(f"{name}: the typesetter failed\n{answer}")  # a bug stays a traceback
    except EOFError:
        child.process.join(5)
        code = child.process.exitcode or 0
        if code == -signal.SIGXCPU or code == -signal.SIGKILL:
            return error(
                "typesetting-time",
                f"{name}: typesetting took more than {CPU_SECONDS} s of work",
                child.order.place,
                hint,
            )
        why = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return error("typesetting-died", f"{name}: the typesetter stopped ({why})", child.order.place, hint)
    finally:
        child.pipe.close()
        if child.process.is_alive():
            child.process.kill()
        child.process.join(5)


def _child(pipe: multiprocessing.connection.Connection, order: Order) -> None:
    """The life of a child: limits, one document, an answer."""
    import traceback

    _limit()
    gc.freeze()  # one document, then the end: collecting what it leaves behind costs a sixth of a layout
    gc.disable()
    try:
        answer: Proof | Finding | str = make(order)
    except Missing as missing:
        answer = missing.findings[0]
    except MemoryError:
        answer = "memory"
    except RecursionError:
        answer = "depth"
    except Exception:
        answer = traceback.format_exc()
    with contextlib.suppress(BrokenPipeError):
        pipe.send(answer)
    pipe.close()


def _limit() -> None:
    os.environ.clear()
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "darwin":  # macOS has no limit on address space that holds
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
