"""A folder for what a child writes on its way, which goes with the child, however that ends.

Whoever starts a child names the folder and clears it afterwards; the child makes it, if it is one that writes.
"""

from __future__ import annotations

import contextlib
import os
import sys

_own = ""  # of this process


def name() -> str:
    """A folder that nobody can guess, where the system wants temporary files."""
    return os.path.join(os.environ.get("TMPDIR") or "/tmp", f"briefing-{os.urandom(8).hex()}")


def give(folder: str) -> None:
    """Let this process have a folder, should it want one."""
    global _own
    _own = folder


def use() -> None:
    """Make the folder, and have all temporary files of this process lie there."""
    if not _own:
        return
    with contextlib.suppress(OSError):  # the system's own is taken then
        os.mkdir(_own, 0o700)
        os.environ["TMPDIR"] = _own
        if tempfile := sys.modules.get("tempfile"):
            tempfile.tempdir = _own  # type: ignore[attr-defined]


def clear(folder: str) -> None:
    """Take a folder away with all that is in it."""
    if os.path.isdir(folder):
        import shutil

        shutil.rmtree(folder, ignore_errors=True)
