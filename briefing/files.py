"""The bytes of a file that is named or found: of a regular file, and no more than so many.

Names and files come from anyone: a pipe that nobody writes to, a device without end, a name that no file can have, a
file that swells or goes while it is read. Each ends in a reason, and none makes the program wait. Only what starts in
a moment is imported.
"""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False  # `typing` costs more than all that an unchanged run imports
if TYPE_CHECKING:
    from os import PathLike

MISSING, UNREADABLE, TOO_LARGE = "file-missing", "file-unreadable", "file-too-large"
_NO_SUCH = (FileNotFoundError, NotADirectoryError)
_CHUNK = 1 << 16  # bytes that are read at least at a time
_LOOK = "look whether it is a file that you may read"


class Unreadable(OSError):
    """Why the bytes of a file cannot be had, with the code of the finding that tells it."""

    def __init__(self, code: str, why: str, number: int = 0) -> None:
        super().__init__(number, why)
        self.code, self.why = code, why


def open_regular(path: str | PathLike[str], folder: int | None = None, follow: bool = True) -> int:
    """A regular file, open for reading; `folder` is an open one that the path is relative to. Raises `Unreadable`."""
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW)
    try:
        _assert_regular(os.stat(path, dir_fd=folder, follow_symlinks=follow))  # to open a device may do something
        file = os.open(path, flags, dir_fd=folder)
        try:
            _assert_regular(os.fstat(file))  # it may be another one by now
        except BaseException:
            os.close(file)
            raise
    except Unreadable:
        raise
    except _NO_SUCH:
        raise Unreadable(MISSING, "there is no such file") from None
    except OSError as fault:
        raise Unreadable(UNREADABLE, f"cannot be read: {fault.strerror}", fault.errno or 0) from None
    except ValueError:  # a NUL, or half a letter
        raise Unreadable(MISSING, "no file can have such a name") from None
    return file


def read(
    path: str | PathLike[str], most: int, *, folder: int | None = None, follow: bool = True, cut: bool = False
) -> bytes:
    """The bytes of a regular file, at most so many; of a larger one the first where it may be `cut`.

    Raises `Unreadable`.
    """
    file = open_regular(path, folder, follow)
    try:
        chunks, left, step = [], most + 1, max(_CHUNK, os.fstat(file).st_size + 1)
        while left > 0 and (chunk := os.read(file, min(left, step))):
            chunks.append(chunk)
            left -= len(chunk)
    except OSError as fault:
        raise Unreadable(UNREADABLE, f"cannot be read: {fault.strerror}", fault.errno or 0) from None
    finally:
        os.close(file)
    data = chunks[0] if len(chunks) == 1 else b"".join(chunks)
    if left > 0:
        return data
    if not cut:
        raise Unreadable(TOO_LARGE, f"the file is larger than {most:,} bytes")
    return data[:most]


def read_named(path: str | PathLike[str], most: int, shown: str, missing: str, large: str = "") -> bytes:
    """The bytes of a file that somebody has named, called as `shown`; raises `Refused` with a hint on what to do."""
    from briefing.findings import Place, Refused, error

    try:
        return read(path, most)
    except Unreadable as fault:
        hint = {MISSING: missing, TOO_LARGE: large}.get(fault.code, _LOOK)
        raise Refused([error(fault.code, fault.why, Place(shown), hint)]) from None


def absolute(path: str | PathLike[str]) -> str:
    """A path taken from the current folder; where that is gone, one that nothing can be at."""
    try:
        return os.path.abspath(path)
    except FileNotFoundError:
        return os.path.normpath(os.path.join(os.devnull, path))


def below(folder: str | PathLike[str], name: str) -> str | None:
    """The real path of what is named from a folder, or nothing if it lies outside it, links included."""
    try:
        root = os.path.realpath(folder)
        real = os.path.realpath(os.path.join(root, name))
    except (OSError, ValueError):
        return None
    return real if real.startswith(os.path.join(root, "")) else None


def _assert_regular(told: os.stat_result) -> None:
    if not stat.S_ISREG(told.st_mode):
        what = "a folder" if stat.S_ISDIR(told.st_mode) else "a pipe, a device or a socket"
        raise Unreadable(UNREADABLE, f"this is no file but {what}")
