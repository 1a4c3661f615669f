"""The reader's own editor, opened at a line of the content.

A command is a list of words and is never given to a shell; the file is the content, and the line is a number.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

# Editors with a window of their own, and how they are told of a line. Those of a terminal have none to open in.
_AT_LINE = {
    **dict.fromkeys(("code", "code-insiders", "codium", "cursor", "windsurf"), ("--goto", "{file}:{line}")),
    **dict.fromkeys(("subl", "zed", "zeditor"), ("{file}:{line}",)),
    **dict.fromkeys(("gedit", "gnome-text-editor", "gvim", "mvim", "emacsclient"), ("+{line}", "{file}")),
    **dict.fromkeys(("kate", "mate", "pycharm", "idea"), ("--line", "{line}", "{file}")),
}
PAUSE_S = 0.5  # between two openings: a key that is held down opens no hundred windows


def command(asked: str | None, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The words of the editor's command, with {file} and {line} where they belong; none where no editor is set.

    An editor of the environment is taken only if it has a window. Raises `ValueError` where a command is no command.
    """
    if asked:
        words = shlex.split(asked)
        if not words or not shutil.which(words[0]):
            raise ValueError(f"there is no program {words[0]}" if words else "it is empty")
        return _placed(words)
    for name in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(environment.get(name, ""))
        except ValueError:
            continue
        if words and PurePath(words[0]).name in _AT_LINE and shutil.which(words[0]):
            return _placed(words)
    return ()


def _placed(words: Sequence[str]) -> tuple[str, ...]:
    if any("{file}" in word for word in words):
        return tuple(words)
    return (*words, *_AT_LINE.get(PurePath(words[0]).name, ("{file}",)))


def fill_command(words: Sequence[str], file: str, line: int) -> list[str]:
    """The command for a line of a file."""
    return [word.replace("{line}", str(line)).replace("{file}", file) for word in words]


@dataclass
class Editor:
    """Opens the content in an editor, if one is set."""

    words: tuple[str, ...]
    file: str
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _last: float = 0.0

    def open(self, line: int) -> bool:
        """Open the editor at a line; false where none is set, where it cannot start, or too soon after the last."""
        now = time.monotonic()
        self._running = [one for one in self._running if one.poll() is None]
        if not self.words or now - self._last < PAUSE_S:
            return False
        self._last = now
        try:
            self._running.append(
                subprocess.Popen(
                    fill_command(self.words, self.file, line),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,  # it stays when the preview ends
                )
            )
        except OSError:
            return False
        return True
