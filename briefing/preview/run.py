"""A preview from its start to its end: engine, watch and server are put together here, and nothing else is."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from briefing import files
from briefing.content import yaml_reader
from briefing.content.tree import ContentTree
from briefing.design.outputs import USES
from briefing.design.paper import PAPERS
from briefing.documents import html
from briefing.pipeline.job import Job
from briefing.preview import source_map, typesetting
from briefing.preview.editor import Editor
from briefing.preview.engine import Change, Engine
from briefing.preview.server import Answer, Server, Site
from briefing.preview.state import Variant
from briefing.preview.watch import FileWatcher
from briefing.runtime import fork_server

FONTS = ("SourceSans3_400Regular.ttf", "SourceSans3_600SemiBold.ttf", "SourceSans3_700Bold.ttf")
FAR = 1_000_000  # lines: no content has more


@dataclass(frozen=True)
class Preview:
    """What is asked of a preview."""

    job: Job  # whose content is shown
    drawings: Path  # where drawings are kept
    port: int  # 0 takes one that is free
    editor: tuple[str, ...]  # the words of its command; none where no editor is set


WAKE_SECONDS = 0.5  # from one look at whether a signal has come to the next


class PortTaken(Exception):
    """The port that is asked for cannot be had."""


def run(asked: Preview, ready: Callable[[str], None]) -> None:
    """Serve until the keyboard or the system ends it; `ready` is told the address. Raises `PortTaken`."""
    typesetting.begin()
    job = asked.job
    editor = Editor(asked.editor, str(job.content))
    engine = Engine(
        job,
        asked.drawings,
        lambda variant, state: server.windows.publish(variant, state),
        time.time,
        lambda order, wish: typesetting.typeset(order, wish, asked.drawings),
    )
    watch = FileWatcher(job.content, job.templates, lambda: engine.changed(Change(_saved(job.content), time.time())))
    engine.watch = watch.pictures
    answers = {
        "spots": lambda variant, told: _spots(engine, variant, told),
        "place": lambda variant, told: _place(engine, variant, told),
        "excerpt": lambda _, told: _excerpt(job, told),
        "open": lambda _, told: _open(editor, told),
    }
    site = Site(_files(job, bool(asked.editor)), engine.picture, engine.state, engine.want, answers, time.time)
    try:
        server = Server(site, asked.port)
    except OSError as why:
        raise PortTaken(why.strerror) from None
    engine.want((Variant(),))
    engine.start()
    watch.start()
    threading.Thread(target=server.serve_forever, args=(0.2,), name="server", daemon=True).start()
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)  # also where whoever has started it ignores that signal
    try:
        ready(server.address)
        while True:  # a signal that another thread hears, or that comes just before, does not end a wait
            time.sleep(WAKE_SECONDS)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # once is enough
    finally:
        server.windows.close()
        server.shutdown()
        server.server_close()
        watch.close()
        engine.close()
        fork_server.end_starting()


def _end(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt


def _saved(content: Path) -> float:
    """When the content was last saved, in seconds of the clock; now, where that is not known."""
    try:
        return content.stat().st_mtime
    except OSError:
        return time.time()


def _files(job: Job, editor: bool) -> dict[str, tuple[str, bytes]]:
    """Everything that is served as it is."""
    folder = job.templates / "preview"
    shown = {
        "name": job.name,
        "uses": [(use.name.value, use.told) for use in USES.values()],
        "papers": [name.value for name in PAPERS],
        "editor": editor,
    }
    page = html.sheet(job.templates, "preview/index.html.j2", shown)
    return {
        "": ("text/html; charset=utf-8", page.encode()),
        "preview.css": ("text/css; charset=utf-8", (folder / "preview.css").read_bytes()),
        "preview.js": ("text/javascript; charset=utf-8", (folder / "preview.js").read_bytes()),
        "icon.svg": ("image/svg+xml", (folder / "icon.svg").read_bytes()),
        **{f"fonts/{name}": ("font/ttf", (job.templates / "fonts" / name).read_bytes()) for name in FONTS},
    }


# ------------------------------------------------------------------ questions of the page


def _spots(engine: Engine, variant: Variant, told: Mapping[str, Any]) -> Answer:
    """What stands where on the pages of a document."""
    found = engine.stood(variant, str(told.get("document")), _number(told.get("table")))
    return {"spots": source_map.list_spots(found.stood, found.sheets)} if found else None


def _place(engine: Engine, variant: Variant, told: Mapping[str, Any]) -> Answer:
    """The lines that say what stands in a spot."""
    found = engine.stood(variant, str(told.get("document")), _number(told.get("table")))
    number = _number(told.get("spot"), -1)
    if not found or not 0 <= number < len(found.stood):
        return None
    return source_map.find_source_lines(found.stood[number], found.source)


def _excerpt(job: Job, told: Mapping[str, Any]) -> Answer:
    """The lines around one that a finding names."""
    try:
        data = files.read(job.content, yaml_reader.MAX_BYTES, cut=True)
    except files.Unreadable:
        return None
    lines = tuple(data.decode("utf-8", "replace").splitlines())
    return source_map.excerpt(ContentTree(job.name, None, {}, {}, lines), _number(told.get("line"), 1))


def _open(editor: Editor, told: Mapping[str, Any]) -> Answer:
    """Open the editor at a line of the content; of no other file."""
    return {"opened": editor.open(max(1, _number(told.get("line"), 1)))}


def _number(told: Any, otherwise: int = 0) -> int:
    return told if isinstance(told, int) and not isinstance(told, bool) and abs(told) < FAR else otherwise
