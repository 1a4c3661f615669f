"""One document from briefing to PDF, in a process of its own with limits on memory, time and files.

The press imports the typesetter once, in a server process that forks a child for each document (on systems where forking
is unsafe, each child imports it anew). Whatever a page does in there, a bomb included, ends in a finding.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.connection
import os
import resource
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from pathlib import Path

from briefing import compose, edition, fit
from briefing.compose import Setting
from briefing.findings import Finding, Place, error, has_errors
from briefing.ledger import Ledger
from briefing.model import Briefing, kind_of
from briefing.paper import Paper
from briefing.wording import Wording

MEMORY_BYTES = 2_000_000_000  # of address space: ten times what four pages need; a bomb wants more
CPU_SECONDS = 90
WALL_SECONDS = 120.0


@dataclass(frozen=True)
class Order:
    """What the press needs to make one document."""

    briefing: Briefing
    ledger: Ledger
    wording: Wording
    document: str
    paper: Paper
    pictures: Mapping[int, edition.Picture]
    templates: Path
    place: Place
    places: Mapping[int, Place]


@dataclass(frozen=True)
class Proof:
    """A typeset document before it is published: its bytes, and what was noticed on the way."""

    document: str
    pdf: bytes
    pages: int
    fill: float  # of the last page
    words: int
    dropped: tuple[str, ...]
    renders: int
    setting: Setting
    findings: tuple[Finding, ...]
    html: str
    seconds: float


@dataclass(frozen=True)
class _Laid:
    """A layout as fitting sees it."""

    made: edition.Edition
    html: str
    layout: object  # typeset.Layout; named so that fitting and its tests need no typesetter
    length: float
    area_lines: float
    words_a_line: float


def make(order: Order) -> Proof:
    """Compose, typeset, fit and write one document."""
    from briefing.typeset import Layout, Press

    began = time.monotonic()
    press = Press(order.templates / "fonts")
    document = order.briefing.document(order.document)
    area: list[float] = []

    def render(setting: Setting, dropped: frozenset[int]) -> _Laid:
        made = edition.build(
            order.briefing, order.ledger, order.wording, order.document, order.paper, order.pictures, dropped
        )
        html = compose.compose(made, setting, order.templates)
        layout = press.lay(html, made.assets)
        last = layout.sheets[-1]
        if not area:
            area.append(last.area_px)
        length = last.fill * last.area_px / area[0] if setting.tall else len(layout.sheets) - 1 + last.fill
        return _Laid(made, html, layout, length, area[0] / layout.line_px, layout.words_a_line)

    target = fit.budget(document.pages)
    optional = tuple(index for index, block in reversed(list(enumerate(document.blocks))) if block.optional)
    fitted = fit.fit(render, target, optional)
    laid = fitted.laid
    assert isinstance(laid.layout, Layout)
    names = {index: _name(order, index) for index in range(len(document.blocks))}
    words = {view.index: view.words for view in laid.made.blocks}
    findings = [
        *laid.layout.findings,
        *fit.judge(fitted, target, order.wording.word("document", order.document), order.place, names, words, order.places),
    ]
    pdf = b""
    if not has_errors(findings):
        pdf, heard = press.write(laid.layout)
        findings += heard
    sheets = laid.layout.sheets
    return Proof(
        document=order.document,
        pdf=pdf,
        pages=len(sheets),
        fill=sheets[-1].fill,
        words=sum(words.values()),
        dropped=tuple(names[index] for index in fitted.dropped),
        renders=fitted.renders,
        setting=fitted.setting,
        findings=tuple(findings),
        html=laid.html,
        seconds=time.monotonic() - began,
    )


def _name(order: Order, index: int) -> str:
    block = order.briefing.document(order.document).blocks[index]
    return block.id or f"{kind_of(block)} {index + 1}"


# ------------------------------------------------------------------ processes


def context() -> BaseContext:
    """How children are made: forked from a server that has the typesetter, or anew where forking is unsafe."""
    if sys.platform == "darwin":
        return multiprocessing.get_context("spawn")
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(["briefing.press", "briefing.typeset"])
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
    """Make all documents side by side; a child that dies or takes too long is a finding."""
    ctx = context()
    children = [_start(ctx, order) for order in orders]
    proofs: dict[str, Proof] = {}
    faults: list[Finding] = []
    deadline = time.monotonic() + WALL_SECONDS
    for child in children:
        answer = _answer(child, deadline)
        if isinstance(answer, Proof):
            proofs[child.order.document] = answer
        else:
            faults.append(answer)
    return proofs, tuple(faults)


def _start(ctx: BaseContext, order: Order) -> _Child:
    ours, theirs = ctx.Pipe(duplex=False)
    process = ctx.Process(target=_child, args=(theirs, order), daemon=True)  # type: ignore[attr-defined]
    process.start()
    theirs.close()
    return _Child(process, ours, order)


def _answer(child: _Child, deadline: float) -> Proof | Finding:
    name = child.order.wording.word("document", child.order.document)
    hint = "look for a very long table, a huge picture or a formula without end; leave blocks out to find it"
    try:
        if not child.pipe.poll(max(0.0, deadline - time.monotonic())):
            return error("typesetting-time", f"{name}: typesetting took longer than {WALL_SECONDS:.0f} s", child.order.place, hint)
        answer = child.pipe.recv()
        if isinstance(answer, Proof):
            return answer
        if answer == "memory":
            return error("typesetting-memory", f"{name}: typesetting needs too much memory", child.order.place, hint)
        if answer == "depth":
            return error("typesetting-depth", f"{name}: the page is nested too deeply", child.order.place, hint)
        raise RuntimeError(f"{name}: the typesetter failed\n{answer}")  # a bug stays a traceback
    except EOFError:
        child.process.join(5)
        code = child.process.exitcode or 0
        if code == -signal.SIGXCPU or code == -signal.SIGKILL:
            return error("typesetting-time", f"{name}: typesetting took more than {CPU_SECONDS} s of work", child.order.place, hint)
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
    try:
        answer: Proof | str = make(order)
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
