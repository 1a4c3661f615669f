"""The only writer of documents to disk.

The finished files of one build come in and replace those of the last build as a set: a run that dies in between leaves
either all of the old or all of the new, once the next run has called `recover`. Works on Linux and macOS, on a file
system where a rename is atomic.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import stat
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from briefing import files
from briefing.findings import Finding, Place, Refused, Severity, error, note, warning

MANIFEST = "manifest.json"

_PREFIX = ".publish-"  # every file that a run may leave behind begins so
_JOURNAL = _PREFIX + "journal"
ASIDE = ".put-aside-"  # what has the journal's name and is no file
_PATIENCE_S = 30  # publishing takes milliseconds: who holds the folder longer is stuck or stopped
_POLL_S = 0.02
MAX_BYTES = 500_000_000  # of a document or pack
NOT_WRITTEN = ("/proc", "/sys", "/dev")  # where root seems to be allowed what nobody is
MAX_JOURNAL = 1_000_000
_FULL = (errno.ENOSPC, errno.EDQUOT)
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EBADF, errno.EINVAL)


@dataclass(frozen=True, slots=True)
class Published:
    """What a build has put into its folder; names, in order."""

    folder: Path
    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Move:
    """One file on its way: `kept` is a second name of the file that it replaces, or nothing where there is none."""

    temporary: str
    final: str
    kept: str
    sha256: str


def publish(files: Mapping[str, bytes], out: Path, manifest: Mapping[str, object]) -> Published:
    """Put all files of one build and `manifest.json` into a folder, all or none of them.

    The manifest gains each file's size and SHA-256 under `files`, where the caller may have put further facts by file
    name. A file that already has these bytes is left alone, a link is replaced and never written through. Raises
    `Refused` (`disk-full`, `out-unwritable`, `out-busy`) with the last build's files as they were.
    """
    whole = {**files, MANIFEST: format_manifest(files, manifest)}
    for name in files:
        if name in ("", MANIFEST) or name.startswith(".") or Path(name).name != name:
            raise ValueError(f"not a file name to publish: {name!r}")
    with _told(out):
        out.mkdir(parents=True, exist_ok=True)
        with _held(out) as (folder, lock):
            before = _recover(folder, out)
            changed = {name: data for name, data in whole.items() if _read(folder, name) != data}
            _replace(folder, changed)
    return Published(out, tuple(changed), tuple(name for name in whole if name not in changed), (*lock, *before))


def sums(files: Mapping[str, bytes], manifest: Mapping[str, object]) -> dict[str, str]:
    """The SHA-256 of each file that `publish` puts into a folder, that of the manifest among them."""
    return {name: _sha256(data) for name, data in {**files, MANIFEST: format_manifest(files, manifest)}.items()}


def write_one(file: Path, data: bytes) -> None:
    """Put a single file in its place, whole or not at all; raises `Refused` where it cannot be written."""
    if file.name in ("", MANIFEST) or file.name.startswith("."):
        raise ValueError(f"not a file name to publish: {file.name!r}")
    with _told(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        with _held(file.parent) as (folder, _):
            _recover(folder, file.parent)
            _replace(folder, {file.name: data})


def recover(out: Path) -> tuple[Finding, ...]:
    """Finish or undo what a run that died left half done, and clear its temporary files away.

    Waits for a run that is alive. A folder that is not there, or has nothing to recover, is left untouched.
    """
    with _told(out):
        if not out.is_dir() or not any(name.startswith(_PREFIX) for name in os.listdir(out)):
            return ()
        with _held(out) as (folder, lock):
            return (*lock, *_recover(folder, out))


def refuse_folder(folder: Path, shown: str = "") -> None:
    """Refuse a folder that cannot be made or written, before anything is made for it; it is left as it is."""
    try:
        _assert_writable(folder)
    except ValueError:
        raise Refused([_unwritable("no folder can have such a name", shown or str(folder))]) from None
    except OSError as fault:
        raise Refused([_unwritable(fault.strerror, shown or str(folder))]) from None


def format_manifest(files: Mapping[str, bytes], manifest: Mapping[str, object]) -> bytes:
    """The manifest as it is written."""
    given = manifest.get("files", {})
    if not isinstance(given, Mapping):
        raise TypeError("the manifest's files are a mapping from name to facts")
    facts = {
        name: {**given.get(name, {}), "bytes": len(data), "sha256": _sha256(data)}
        for name, data in sorted(files.items())
    }
    return (json.dumps({**manifest, "files": facts}, indent=2, ensure_ascii=False) + "\n").encode(
        errors="backslashreplace"  # half a letter in a name, as JSON writes it
    )


@contextlib.contextmanager
def _told(out: Path) -> Iterator[None]:
    """Turn the system's refusals into findings."""
    try:
        yield
    except OSError as fault:
        place = Place(str(out))
        if fault.errno in _FULL:
            hint = "Make room, or choose another folder. The documents of the last build are as they were."
            raise Refused([error("disk-full", "the disk is full", place, hint)]) from fault
        raise Refused([_unwritable(fault.strerror, str(out))]) from fault


def _unwritable(why: str | None, shown: str) -> Finding:
    hint = "Make the folder writable, or choose another one. The documents of the last build are as they were."
    return error("out-unwritable", f"cannot write here: {why or 'unknown reason'}", Place(shown), hint)


def _assert_writable(folder: Path) -> None:
    """Raise what the system would say if the folder were made and written, as far as that can be told beforehand."""
    at = folder
    while True:
        try:
            told = os.stat(at)
            break
        except FileNotFoundError:
            if os.path.islink(at):
                raise
            at = at.parent
    if not stat.S_ISDIR(told.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if not os.access(at, os.W_OK | os.X_OK) or any(at.is_relative_to(one) for one in NOT_WRITTEN):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    if any(len(os.fsencode(part)) > os.pathconf(at, "PC_NAME_MAX") for part in folder.relative_to(at).parts):
        raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))


@contextlib.contextmanager
def _held(out: Path) -> Iterator[tuple[int, tuple[Finding, ...]]]:
    """The folder, open and locked against other runs on this machine, and a finding where it cannot be locked.

    The folder itself carries the lock, so no lock file is left, and the system lets go of it when the run dies. All
    work is done relative to the open folder: it stays the same one even if its path is changed meanwhile.
    """
    folder = os.open(out, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield folder, _lock(folder, out)
    finally:
        os.close(folder)


def _lock(folder: int, out: Path) -> tuple[Finding, ...]:
    place = Place(str(out))
    for _ in range(round(_PATIENCE_S / _POLL_S)):
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_POLL_S)
        except OSError as fault:
            if fault.errno not in _NO_LOCKS:
                raise
            message = "this file system has no locks: two builds into the folder at once are not kept apart"
            return (Finding(Severity.NOT_RUN, "out-unlocked", message, place, "Build into it one at a time."),)
        else:
            return ()
    message = f"another run has held this folder for {_PATIENCE_S} seconds"
    raise Refused([error("out-busy", message, place, "Let it end or stop it, then build again.")])


def _replace(folder: int, files: Mapping[str, bytes]) -> None:
    """Put the files in place of those of the same names, or leave all of those as they were."""
    if not files:
        return
    try:
        moves = tuple(_prepare(folder, index, name, data) for index, (name, data) in enumerate(files.items()))
        _write(folder, _JOURNAL + "-new", json.dumps([asdict(move) for move in moves]).encode())
        os.replace(_JOURNAL + "-new", _JOURNAL, src_dir_fd=folder, dst_dir_fd=folder)
        _flush(folder)  # from here on a dead run is rolled forward
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(_JOURNAL, dir_fd=folder)
        _clear(folder)
        raise
    try:
        _forward(folder, moves)
    except BaseException:
        if _exists(folder, _JOURNAL):
            _back(folder, moves)
        raise
    finally:
        _clear(folder)


def _prepare(folder: int, index: int, name: str, data: bytes) -> _Move:
    temporary = f"{_PREFIX}{index}-new"
    kept = f"{_PREFIX}{index}-old" if _exists(folder, name) else ""
    _write(folder, temporary, data)
    if kept:
        _keep(folder, name, kept)
    return _Move(temporary, name, kept, _sha256(data))


def _keep(folder: int, name: str, kept: str) -> None:
    """Give a file a second name, or make a copy of it where the file system has one name for each file."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(kept, dir_fd=folder)
    try:
        os.link(name, kept, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    except OSError:
        data = _read(folder, name)
        if data is None:
            raise
        _write(folder, kept, data)


def _forward(folder: int, moves: Sequence[_Move]) -> None:
    for move in moves:
        if not _has(folder, move.final, move.sha256):
            os.replace(move.temporary, move.final, src_dir_fd=folder, dst_dir_fd=folder)
    _flush(folder)
    # Not flushed: a journal that comes back after a power cut finds its moves made.
    os.unlink(_JOURNAL, dir_fd=folder)


def _back(folder: int, moves: Sequence[_Move]) -> None:
    """Undo the moves that were made: only what a move has put there is taken away."""
    for move in moves:
        if not _has(folder, move.final, move.sha256):
            continue
        if not move.kept:
            os.unlink(move.final, dir_fd=folder)
        elif _exists(folder, move.kept):
            os.replace(move.kept, move.final, src_dir_fd=folder, dst_dir_fd=folder)
    _flush(folder)
    os.unlink(_JOURNAL, dir_fd=folder)


def _recover(folder: int, out: Path) -> tuple[Finding, ...]:
    found = (_settle(folder, Place(str(out))),) if _exists(folder, _JOURNAL) else ()
    _clear(folder)
    return found


def _settle(folder: int, place: Place) -> Finding:
    """Finish what the journal of a dead run tells, or undo it where a file of it has been lost since."""
    moves = _journal(folder)
    if not moves:
        _put_aside(folder)
        message = "the record of a build that was stopped cannot be read"
        return warning("publish-unknown", message, place, "Build again: all documents are then of one build.")
    if all(_has(folder, move.temporary, move.sha256) or _has(folder, move.final, move.sha256) for move in moves):
        try:
            _forward(folder, moves)
        except OSError:
            _back(folder, moves)
            raise
        return note("publish-finished", "a build that was stopped while it was put in place is now complete", place)
    _back(folder, moves)
    return note("publish-undone", "a build that was stopped while it was put in place has been taken back", place)


def _put_aside(folder: int) -> None:
    """Let the journal stand in no run's way; a folder of its name keeps what is in it."""
    try:
        os.unlink(_JOURNAL, dir_fd=folder)
    except (IsADirectoryError, PermissionError):
        os.rename(_JOURNAL, f"{ASIDE}{os.urandom(4).hex()}", src_dir_fd=folder, dst_dir_fd=folder)


def _journal(folder: int) -> tuple[_Move, ...]:
    """The moves of the run that died; none where the journal is not one of ours."""
    try:
        moves = tuple(_Move(**entry) for entry in json.loads(_read(folder, _JOURNAL, MAX_JOURNAL) or b""))
        names = [name for move in moves for name in (move.temporary, move.final, move.kept)]
        ours = all(move.temporary.startswith(_PREFIX) for move in moves) and not any("/" in n for n in names)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return ()
    return moves if ours else ()


def _clear(folder: int) -> None:
    """Take away what a finished or hopeless run leaves; a journal that stands still needs its files."""
    if _exists(folder, _JOURNAL):
        return
    for name in os.listdir(folder):
        if name.startswith(_PREFIX):
            with contextlib.suppress(OSError):  # the documents are in order, and the next run tries again
                os.unlink(name, dir_fd=folder)


def _write(folder: int, name: str, data: bytes) -> None:
    """Write a new file and wait until it lies on the disk."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC  # exclusive: never through a link
    file = os.open(name, flags, 0o666, dir_fd=folder)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
        _flush(file)
    finally:
        os.close(file)


def _flush(file: int) -> None:
    """Wait until a file, or the names in a folder, lie on the disk."""
    os.fsync(file)
    full = getattr(fcntl, "F_FULLFSYNC", None)  # macOS: fsync alone leaves the data in the drive's memory
    if full is not None:
        with contextlib.suppress(OSError):  # a network drive has none
            fcntl.fcntl(file, full)


def _read(folder: int, name: str, most: int = MAX_BYTES) -> bytes | None:
    """The bytes of a regular file; nothing where there is none, or a link, or one that may not be read."""
    try:
        return files.read(name, most, folder=folder, follow=False)
    except files.Unreadable:
        return None


def _has(folder: int, name: str, sha256: str) -> bool:
    data = _read(folder, name)
    return data is not None and _sha256(data) == sha256


def _exists(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
