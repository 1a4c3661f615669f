"""One document from briefing to PDF, in a process of its own with limits on memory, time and files.

The press imports the typesetter once, in a server process that forks a child for each document (on systems where
forking is unsafe, each child imports it anew). Whatever a page does in there, a bomb included, ends in a finding.
"""

from __future__ import annotations

import contextlib
import gc
import io
import multiprocessing
import multiprocessing.connection
import os
import resource
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import TYPE_CHECKING

from briefing import compose, edition, fit, margin
from briefing.compose import Setting
from briefing.findings import Finding, Missing, Place, error, has_errors
from briefing.ledger import Ledger
from briefing.model import Briefing, kind_of
from briefing.paper import Paper
from briefing.wording import Wording

if TYPE_CHECKING:
    from briefing.typeset import Layout, Press

PACKAGES = (
    "Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 · "
    "Fedora: dnf install pango harfbuzz · macOS: brew install pango"
)
MEMORY_BYTES = 2_000_000_000  # of address space: ten times what four pages need; a bomb wants more
CPU_SECONDS = 90
WALL_SECONDS = 120.0
MARGIN_GAP_PX = 20.0  # between blocks in the margin column
MARGIN_OVER = 0.05  # pages that a margin block without room counts as too long


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
    lacking: tuple[str, ...]  # characters that no font has
    html: str
    seconds: float


@dataclass(frozen=True)
class _Laid:
    """A layout as fitting sees it."""

    made: edition.Edition
    html: str
    layout: Layout
    length: float
    area_lines: float
    words_a_line: float
    placed: tuple[margin.Placed, ...]
    homeless: tuple[str, ...]  # margin blocks without room


def make(order: Order) -> Proof:
    """Compose, typeset, fit and write one document."""
    began = time.monotonic()
    press = typesetter()(order.templates / "fonts")
    document = order.briefing.document(order.document)
    area: list[float] = []

    def lay(made: edition.Edition, setting: Setting, placed: tuple[margin.Placed, ...] = ()) -> tuple[str, Layout]:
        html = compose.compose(made, setting, order.templates, placed)
        return html, press.lay(html, made.assets)

    def render(setting: Setting, dropped: frozenset[int]) -> _Laid:
        made = edition.build(
            order.briefing, order.ledger, order.wording, order.document, order.paper, order.pictures, dropped
        )
        html, layout = lay(made, setting)
        last = layout.sheets[-1]
        if not area:
            area.append(last.area_px)
        length = last.fill * last.area_px / area[0] if setting.tall else len(layout.sheets) - 1 + last.fill
        placed, homeless = _margin(made, layout)
        if homeless and length <= document.pages:
            length = document.pages + MARGIN_OVER * len(homeless)  # a full margin is mended by the same means
        return _Laid(made, html, layout, length, area[0] / layout.line_px, layout.words_a_line, placed, homeless)

    target = fit.budget(document.pages)
    optional = tuple(index for index, block in reversed(list(enumerate(document.blocks))) if block.optional)
    fitted = fit.fit(render, target, optional)
    laid = fitted.laid
    names = {index: _name(order, index) for index in range(len(document.blocks))}
    words = {view.index: view.words for view in laid.made.blocks}
    findings = [*laid.layout.findings, *(_no_room(order, laid.made, name) for name in laid.homeless)]
    if not laid.homeless:
        title = order.wording.word("document", order.document)
        findings += fit.judge(fitted, target, title, order.place, names, words, order.places)
    html, layout, pdf, lacking = laid.html, laid.layout, b"", laid.layout.lacking
    if not has_errors(findings):
        if laid.placed:
            html, layout = lay(laid.made, fitted.setting, laid.placed)
        written = press.write(layout)
        pdf, lacking = written.data, tuple(dict.fromkeys((*lacking, *written.lacking)))
        findings += written.findings
    findings += [_outside(order, address) for address in press.refused(layout)]
    sheets = layout.sheets
    return Proof(
        document=order.document,
        pdf=pdf,
        pages=len(sheets),
        fill=sheets[-1].fill,
        words=sum(words.values()),
        dropped=tuple(names[index] for index in fitted.dropped),
        renders=fitted.renders,
        setting=fitted.setting,
        findings=tuple(_placed(order, finding) for finding in findings),
        lacking=lacking,
        html=html,
        seconds=time.monotonic() - began,
    )


def _outside(order: Order, address: str) -> Finding:
    """Something that a page asked for in vain, told at the picture that names it."""
    named = (index for index, picture in order.pictures.items() if address.encode() in picture.data)
    place = order.places.get(next(named, -1), order.place)
    shown = address if len(address) <= 80 else address[:77] + "…"
    hint = "put what it needs into the picture itself; nothing is fetched"
    return error("outside-refused", f"the page asked for {shown}", place, hint)


def _placed(order: Order, finding: Finding) -> Finding:
    """What the typesetter says has no place in the content; it is told at the document."""
    return finding if finding.place.file else replace(finding, place=order.place)


def _margin(made: edition.Edition, layout: Layout) -> tuple[tuple[margin.Placed, ...], tuple[str, ...]]:
    """Places for the margin blocks of a document whose text is laid; the fact sheet's columns need none."""
    if made.document == "fact_sheet":
        return (), ()
    views = {view.id: view for view in made.blocks}
    pages: list[margin.Page] = []
    begun: set[str] = set()
    heights: dict[str, float] = {}
    for sheet in layout.sheets:
        page = {}
        for name, (top, bottom) in sheet.blocks.items():
            if views[name].place == "side":
                heights[name] = max(heights.get(name, 0.0), bottom - top)
            else:
                page[name] = margin.Spot(top, bottom, views[name].place == "wide", name not in begun)
                begun.add(name)
        pages.append(margin.Page(page, sheet.area_px))
    sides, beside = [], next(view.id for view in reversed(made.blocks) if view.place != "side")
    for view in reversed(made.blocks):
        if view.place == "side":
            sides.append(margin.Side(view.id, heights[view.id], beside))
        else:
            beside = view.id
    return margin.place(sides[::-1], pages, MARGIN_GAP_PX)


def _no_room(order: Order, made: edition.Edition, name: str) -> Finding:
    index = next(view.index for view in made.blocks if view.id == name)
    hint = "shorten it or another block with place: side, or give it place: main"
    return error("margin-full", f'the margin column has no room for "{name}"', order.places[index], hint)


def _name(order: Order, index: int) -> str:
    block = order.briefing.document(order.document).blocks[index]
    return block.id or f"{kind_of(block)} {index + 1}"


# ------------------------------------------------------------------ processes


def context() -> BaseContext:
    """How children are made: forked from a server that has the typesetter, or anew where forking is unsafe."""
    if sys.platform == "darwin":
        return multiprocessing.get_context("spawn")
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(["briefing.preload"])
    return server


def typesetter() -> type[Press]:
    """The typesetter; raises `Missing` where a library that it opens is not on this machine."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # WeasyPrint prints advice of its own
            from briefing.typeset import Press
    except (ImportError, OSError) as problem:
        said = str(problem).partition("\n")[0][:200]
        raise Missing(error("library-missing", f"the typesetter cannot start: {said}", hint=PACKAGES)) from None
    return Press


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
