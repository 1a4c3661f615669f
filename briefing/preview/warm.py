"""Children that keep a document as it was laid, so that an edit is shown before all is laid anew.

What they show is held against pages that are laid afresh, each time. Where a page differs, the fresh one is shown and
the child ends. Of that, and of a bug, a line is told on the terminal and in a log that a report can carry; it holds
nothing of the content.
"""

from __future__ import annotations

import gc
import json
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from briefing import program
from briefing.findings import Place
from briefing.pipeline.document_job import DocumentJob
from briefing.runtime import lasting, speed
from briefing.runtime.fork_server import is_forking
from briefing.runtime.sandbox import Task
from briefing.runtime.task_child import ParentLine

MOST_EDITS = 200  # after which another child begins
MOST_CHILDREN = 4  # the documents of two windows
PATIENCE_S = 1.0  # for what nobody wants any more
LOG = "preview.log"
LOG_BYTES = 100_000

Say = Callable[[Any, ParentLine], None]


class WarmChild:
    """The child of one document; another one takes its place as soon as it is old or has failed."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._child: lasting.LastingChild | None = None
        self._edits = 0
        self._busy = threading.Lock()
        self._asking = threading.Lock()  # held while it changes for whom it is busy
        self._unwanted: threading.Event | None = None  # of whoever asks at the moment

    def ask(self, asked: object, name: str, unwanted: threading.Event) -> Iterator[object]:
        """What it says of a document, unless that is `unwanted` when its turn comes.

        Raises `lasting.Ended` where it has ended, and no other child is at hand. Whoever does not listen to the end, or
        leaves, lets it finish, or end if that takes long.
        """
        with self._busy:
            if self._child is None or self._child.is_old or self._edits >= MOST_EDITS:
                self._end()
                self._child = lasting.LastingChild(Task(_live, (self._say,), name, Place()))
            child = self._child
            with self._asking:
                if unwanted.is_set():
                    return
                self._unwanted = unwanted
            self._edits += 1
            told, heard = child.ask(asked), False
            try:
                for said in told:  # noqa: UP028 (`yield from` would close it where nobody listens any more)
                    yield said
                heard = True
            except lasting.Ended:
                self._child, heard = None, True
                raise
            finally:
                if not heard:
                    self.leave(unwanted)
                    self._finish(told)
                with self._asking:
                    self._unwanted = None
                    child.relax()

    def leave(self, unwanted: threading.Event) -> None:
        """What was asked is `unwanted` from now on: it is not begun, and what has begun ends soon."""
        with self._asking:
            unwanted.set()
            if self._child and self._unwanted is unwanted:
                self._child.hurry(PATIENCE_S)

    def _finish(self, told: Iterator[object]) -> None:
        try:
            for _ in told:
                pass
        except lasting.Ended:
            self._child = None

    def end(self) -> None:
        """End the child: what it shows is wrong, or not wanted any more."""
        with self._busy:
            self._end()

    def _end(self) -> None:
        if self._child:
            self._child.end()
        self._child, self._edits = None, 0

    @property
    def edits(self) -> int:
        """How often it was asked."""
        return self._edits


class WarmChildren:
    """The children of the documents that were last asked for."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._kept: OrderedDict[tuple[str, ...], WarmChild] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, job: DocumentJob) -> WarmChild | None:
        """The one for a document; nothing where there are none."""
        if speed.is_plain() or not is_forking():
            return None
        place = job.document, job.use.name.value, job.paper.name.value
        with self._lock:
            child = self._kept.pop(place, None) or WarmChild(self._say)
            self._kept[place] = child
            spare = [self._kept.popitem(last=False)[1] for _ in range(len(self._kept) - MOST_CHILDREN)]
        for one in spare:
            threading.Thread(target=one.end, daemon=True).start()
        return child


def note_difference(folder: Path | None, job: DocumentJob, pages: tuple[int, ...], edits: int) -> None:
    """Write down that pages which were shown differ from those that were laid afresh."""
    said = "the preview has shown a page otherwise than it is, and laid it afresh"
    _note(folder, said, _about(job) | {"pages": pages, "edits": edits})


def note_bug(folder: Path | None, job: DocumentJob, bug: str) -> None:
    """Write down where a child has failed by a bug, so that all was laid anew."""
    _note(folder, "the preview has failed to follow an edit, and laid all anew", _about(job) | {"bug": bug})


def _about(job: DocumentJob) -> dict[str, object]:
    return {
        "version": program.VERSION,
        "document": job.document,
        "use": job.use.name.value,
        "paper": job.paper.name.value,
    }


def _note(folder: Path | None, said: str, told: dict[str, object]) -> None:
    line = json.dumps(told)
    print(f"{said}: {line}", file=sys.stderr)
    if folder is None:
        return
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        log = folder / LOG
        if not log.exists() or log.stat().st_size < LOG_BYTES:
            with log.open("a", encoding="utf-8") as file:
                file.write(line + "\n")


# ------------------------------------------------------------------ in the child

_GARBAGE_AFTER = 8  # edits


def _live(say: Say, parent: ParentLine) -> None:
    count = 0

    def said(asked: object) -> None:
        nonlocal count
        count += 1
        if count % _GARBAGE_AFTER == 0:
            gc.collect()
        say(asked, parent)

    lasting.answer(parent, said)
