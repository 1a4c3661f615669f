"""What is saved is noticed: the content, the pictures that it names, and the templates.

Folders are watched and not files, because many editors put a new file in the place of the old one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import watchfiles

STEP_MS = 12  # of quiet that end a burst: a save takes less
ENDING_S = 0.1  # so long is waited for a thread that ends; it ends with the process all the same
BURST_MS = 150  # no burst is longer; what comes later is another change


class FileWatcher:
    """Calls `changed` when one of the files is saved."""

    def __init__(self, content: Path, templates: Path, changed: Callable[[], None]) -> None:
        self._content, self._templates, self._changed = content, templates, changed
        self._pictures: frozenset[Path] = frozenset()
        self._stop = threading.Event()
        self._again = threading.Event()  # the folders are others
        self._threads = [
            threading.Thread(target=self._watch_templates, name="watch templates", daemon=True),
            threading.Thread(target=self._watch_content, name="watch content", daemon=True),
        ]

    def start(self) -> None:
        """Begin to watch."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End."""
        self._stop.set()
        self._again.set()
        for thread in self._threads:
            thread.join(ENDING_S)

    def pictures(self, files: Iterable[str]) -> None:
        """Watch these pictures too, and no others."""
        found = frozenset(map(Path, files))
        folders = {path.parent for path in self._pictures}
        self._pictures = found
        if folders != {path.parent for path in found}:
            self._again.set()

    def _watch_templates(self) -> None:
        ignored = self._templates / "preview"
        for changes in watchfiles.watch(
            self._templates,
            step=STEP_MS,
            debounce=BURST_MS,
            stop_event=self._stop,
            rust_timeout=500,
            raise_interrupt=False,
        ):
            if any(not Path(path).is_relative_to(ignored) for _, path in changes):
                self._changed()

    def _watch_content(self) -> None:
        while not self._stop.is_set():
            self._again.clear()
            files = {self._content, self._content.resolve(), *self._pictures}
            folders = sorted({path.parent for path in files if path.parent.is_dir()})
            for changes in watchfiles.watch(
                *folders,
                step=STEP_MS,
                debounce=BURST_MS,
                stop_event=self._again,
                rust_timeout=500,
                raise_interrupt=False,
                recursive=False,
            ):
                watched = files | self._pictures
                if any({Path(path), Path(path).parent} & watched for _, path in changes):
                    self._changed()
