"""Where things are kept from one run to the next: a folder of the user's own, which nobody else may write.

What is kept is believed, so it must not lie where content lies: a folder of content may come from anyone, with its
`build` and all that is in it. Here nothing is believed but what this user has put in whole, under this very name. What
is damaged, foreign or gone counts as not kept, and what cannot be kept costs time and nothing else. Parallel runs
share it. Only what starts in a moment is imported.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time

TYPE_CHECKING = False  # `typing` costs as much as all else here
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NO_CACHE = "BRIEFING_NO_CACHE"  # an environment variable: nothing is kept and nothing kept is used
LIMIT_BYTES = 400_000_000  # of all that is kept; what was not used for the longest time goes first
LARGEST_BYTES = 100_000_000  # of one entry
_PART = ".part-"  # what is being written begins so
_STUCK_S = 3600  # who has been writing for an hour has died


def folder(environment: Mapping[str, str]) -> str | None:
    """The folder that the user's surroundings name, whether it exists or not; nothing where there shall be none."""
    if environment.get(NO_CACHE):
        return None
    base = environment.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        home = environment.get("HOME", "")
        if not os.path.isabs(home):
            return None
        base = os.path.join(home, ".cache")
    return os.path.join(base, "briefing")


def drawings(home: str, program: str) -> str:
    """The folder in it of the drawings that a program, told by its digest, has made."""
    return os.path.join(home, f"drawings-{program[:16]}")


def make_folder(home: str) -> bool:
    """Make the folder where it is missing; whether it is one that only this user may write."""
    try:
        os.makedirs(os.path.dirname(home), exist_ok=True)
        os.mkdir(home, 0o700)
    except FileExistsError:
        pass
    except OSError:
        return False
    held = _opened(home)
    if held is None:
        return False
    os.close(held)
    return True


def read(home: str, name: str) -> bytes | None:
    """What is kept under a name; nothing where that is missing, damaged, or not what was put in under this name."""
    held = _opened(home)
    if held is None:
        return None
    try:
        entry = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=held)
        with open(entry, "rb") as file:
            told = os.fstat(entry)
            if not stat.S_ISREG(told.st_mode) or told.st_uid != os.geteuid() or told.st_size > LARGEST_BYTES:
                return None
            sum_, end, data = file.read().partition(b"\n")
            if not end or sum_ != _sum(name, data):
                return None
            os.utime(entry)  # used just now
            return data
    except OSError:
        return None
    finally:
        os.close(held)


def write(home: str, name: str, data: bytes) -> None:
    """Keep something under a name, whole or not at all."""
    held = _opened(home)
    if held is None or len(data) >= LARGEST_BYTES:
        return
    part = f"{_PART}{os.getpid()}-{os.urandom(6).hex()}"
    try:
        entry = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=held)
        with open(entry, "wb") as file:
            file.write(_sum(name, data) + b"\n" + data)
        os.replace(part, name, src_dir_fd=held, dst_dir_fd=held)
        tidy(home)
    except OSError:
        _drop(part, held)
    finally:
        os.close(held)


def tidy(home: str, limit: int = LIMIT_BYTES) -> None:
    """Let the oldest go where more is kept than the limit, down to three quarters of it."""
    found = sorted(_entries(home))
    total = sum(size for _, size, _ in found)
    late = time.time() - _STUCK_S
    least = limit * 3 // 4 if total > limit else limit
    for used, size, path in found:
        stuck = os.path.basename(path).startswith(_PART) and used < late
        if (total > least or stuck) and _drop(path):
            total -= size


def _drop(name: str, held: int | None = None) -> bool:
    """Take an entry away; whether there was one."""
    try:
        os.unlink(name, dir_fd=held)
    except OSError:
        return False
    return True


def _entries(home: str) -> Iterator[tuple[float, int, str]]:
    """When each file was used last, its size and its path."""
    for where, _, names in os.walk(home):
        for name in names:
            path = os.path.join(where, name)
            try:
                told = os.lstat(path)
            except OSError:
                continue  # another run was quicker
            yield told.st_mtime, told.st_size, path


def _opened(home: str) -> int | None:
    """The folder, held open; nothing where it is a link, another user's, or one that others may write."""
    try:
        held = os.open(home, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    told = os.fstat(held)
    if told.st_uid == os.geteuid() and not told.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return held
    os.close(held)
    return None


def _sum(name: str, data: bytes) -> bytes:
    """An entry is its own digest with that of its name: one that was cut, changed or swapped is none."""
    return hashlib.sha256(name.encode() + b"\0" + data).hexdigest().encode()
