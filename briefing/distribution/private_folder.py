"""The folder `distribution/` beside the content, where personal data lies: nobody else may look into it."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from briefing.findings import Place, Refused, error

FOLDER = "distribution"
PART, WORK = ".part-", ".work-"  # how names begin: of a file while it is written, and of what a cluster writes from
_IGNORE = "# Names, addresses and the record of copies: never part of a repository.\n*\n"


def make_private(folder: Path, shown: str, top: bool = True) -> None:
    """Make the folder (0700) where it is missing; raises `Refused` where it is a link or not ours.

    The `top` one is told to git as one to leave out, with all that lies in it.
    """
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
            hint = "move it away, so that the program can make its own"
            raise Refused([error("folder-foreign", "the folder is a link, or another user's", Place(shown), hint)])
        os.chmod(folder, 0o700)
        ignore = folder / ".gitignore"
        if top and not ignore.exists():
            write_private(ignore, [_IGNORE], f"{shown}/.gitignore")
    except OSError as fault:
        raise _unwritable(fault, shown) from None


def write_private(file: Path, texts: Iterable[str] | bytes, shown: str) -> None:
    """Put a file (0600) in its place, whole or not at all; raises `Refused` where it cannot be written."""
    with open_private(file, shown) as out:
        out.writelines([texts] if isinstance(texts, bytes) else (text.encode() for text in texts))


@contextlib.contextmanager
def open_private(file: Path, shown: str) -> Iterator[BinaryIO]:
    """A file (0600) to write to, which comes into its place when all is written; raises `Refused` where it cannot."""
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=PART, dir=file.parent)  # 0600
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, file)
        temporary = ""
    except OSError as fault:
        raise _unwritable(fault, shown) from None
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def remove_unfinished(folder: Path) -> None:
    """Take away what was left in a folder and those below it when a process was killed; raises `OSError`.

    Whoever is at writing it just now fails, and says so.
    """
    for here, _, names in os.walk(folder):
        for name in names:
            if name.startswith((PART, WORK)):
                Path(here, name).unlink(missing_ok=True)


def _unwritable(fault: OSError, shown: str) -> Refused:
    hint = "make room, or choose a place that you may write to"
    return Refused([error("out-unwritable", f"cannot write here: {fault.strerror}", Place(shown), hint)])
