"""Where a copy register lies: a file of SQLite beside the content, or a server of PostgreSQL; and the key of its codes.

Folder and files are for their owner alone. Nothing here follows what a link leads to.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from briefing import files
from briefing.distribution.codes import KEY_BYTES
from briefing.distribution.private_folder import FOLDER, make_private
from briefing.findings import NOWHERE, Finding, Place, Refused, error

FILE, KEY, RUNS = "register.sqlite", "codes.key", "runs"
_MOST_MOUNTS = 1_000_000  # bytes
_SHARED = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "fuse.glusterfs", "fuse.sshfs", "9p")
_HEAD = b"SQLite format 3\0"
_SERVER = re.compile(r"postgres(ql)?(\+psycopg)?://")
_ADDRESS = re.compile(r"[a-z0-9+]+://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where the register is looked for."""

    folder: Path  # for the key, and for what is made for recipients
    file: Path | None  # of SQLite
    url: sa.URL | None = None  # of PostgreSQL

    @property
    def shown(self) -> str:
        """Its name as it may be told: an address without user and password."""
        if self.url is not None:
            return f"postgresql://{self.url.host or ''}/{self.url.database or ''}"
        return str(self.file)

    @property
    def place(self) -> Place:
        """The place of a finding about it."""
        return Place(self.shown)


def find(named: str | None, content_folder: Path) -> Whereabouts:
    """The register that is named, or the one beside the content. Raises `Refused` for an address that cannot be one."""
    folder = content_folder / FOLDER
    if not named:
        return Whereabouts(folder, folder / FILE)
    if not named.isprintable():  # half a letter, or what moves the cursor
        raise Refused([_no_address()])
    if _SERVER.match(named):
        try:
            url = sa.make_url(named).set(drivername="postgresql+psycopg")
        except (sa.exc.ArgumentError, ValueError):
            raise Refused([_no_address()]) from None
        return Whereabouts(folder, None, url)
    named = named.removeprefix("sqlite:///")
    if _ADDRESS.match(named):
        raise Refused([_no_address()])
    file = Path(named)
    return Whereabouts(file.parent, file)


RECALLS = "recalls"  # among the folders of runs: letters to those who hold what is called back
UNRECORDED = "unrecorded"  # among the folders of runs: what was packed before its run was recorded


def run_folder(where: Whereabouts, letters: str) -> Path:
    """Where everything lies that is made of a run and holds names; `purge` takes it away."""
    return where.folder / RUNS / letters


def make_private_folder(folder: Path) -> None:
    """Make a folder for its owner alone; one of another name that is there already is somebody else's affair."""
    if folder.name == FOLDER:
        make_private(folder, str(folder))
        return
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise Refused([_unwritable(folder, fault)]) from None


def prepare_file(where: Whereabouts) -> None:
    """Make the file of a register, empty and for its owner alone, where there is none."""
    assert where.file is not None
    make_private_folder(where.file.parent)
    try:
        number = os.open(where.file, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        _take_from_others(where.file)
    except (OSError, ValueError) as fault:
        raise Refused([_unwritable(where.file, fault)]) from None
    else:
        os.close(number)


def assert_file(where: Whereabouts) -> None:
    """Refuse what is no file of SQLite; an empty one is a register to be."""
    assert where.file is not None
    try:
        head = files.read(where.file, len(_HEAD), follow=False, cut=True)
    except files.Unreadable as fault:
        if fault.code == files.MISSING:
            hint = "It is made when a plan is recorded, as distribute make does; --register names another one."
            raise Refused([error("register-missing", "there is no copy register", where.place, hint)]) from None
        raise Refused([error(fault.code, fault.why, where.place)]) from None
    if head not in (b"", _HEAD):
        raise Refused([foreign(where)])


def is_shared(file: Path, mounts: str | None = None) -> bool:
    """Whether a file lies on another machine's disk, where programs share no memory; `mounts` as Linux tells them."""
    if mounts is None:
        try:
            mounts = files.read("/proc/self/mountinfo", _MOST_MOUNTS, cut=True).decode(errors="replace")
        except files.Unreadable:
            return False
    kind, longest = "", -1
    for line in mounts.splitlines():
        before, _, behind = line.partition(" - ")
        point = Path(before.split(" ")[4].replace("\\040", " ")) if before.count(" ") > 4 else None
        if point and file.resolve().is_relative_to(point) and len(point.parts) >= longest:
            kind, longest = behind.partition(" ")[0], len(point.parts)
    return kind in _SHARED


def read_key(folder: Path) -> bytes | None:
    """The key that proves codes to be ours, or nothing where it is gone. Raises `Refused` where it is no key."""
    try:
        text = files.read(folder / KEY, 1000, follow=False)
    except files.Unreadable as fault:
        if fault.code == files.MISSING:
            return None
        raise Refused([error(fault.code, fault.why, Place(str(folder / KEY)))]) from None
    found = re.fullmatch(rb"([0-9a-f]{%d})\s*" % (2 * KEY_BYTES), text)
    if not found:
        hint = "Put the file back from a copy: codes that were printed stand on it."
        raise Refused([error("register-key", "this is no key of codes", Place(str(folder / KEY)), hint)])
    return bytes.fromhex(found[1].decode())


def make_key(folder: Path) -> bytes:
    """A new key, written for its owner alone; the one that is there, where somebody was faster."""
    make_private_folder(folder)
    file, key = folder / KEY, secrets.token_bytes(KEY_BYTES)
    unfinished = folder / f".{KEY}-{secrets.token_hex(8)}"
    try:
        number = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        try:
            os.write(number, key.hex().encode() + b"\n")
            os.fsync(number)
            os.link(unfinished, file)  # whole or not at all, and never over another one
        except FileExistsError:
            pass
        finally:
            os.close(number)
            os.unlink(unfinished)
    except OSError as fault:
        raise Refused([_unwritable(file, fault)]) from None
    return read_key(folder) or key


def foreign(where: Whereabouts) -> Finding:
    """The finding that something else lies where the register should."""
    return error("register-foreign", "this is something else than a copy register", where.place, "Name another one.")


def _take_from_others(path: Path) -> None:
    told = os.lstat(path)
    if stat.S_ISREG(told.st_mode) and told.st_uid == os.geteuid() and told.st_mode & 0o077:
        with contextlib.suppress(OSError):
            os.chmod(path, stat.S_IMODE(told.st_mode) & 0o700)


def _no_address() -> Finding:
    hint = "Name a file, or a server as postgresql://user@host/database."
    return error("register-address", "this is no address of a copy register", NOWHERE, hint)


def _unwritable(path: Path, fault: Exception) -> Finding:
    why = getattr(fault, "strerror", None) or "no file can have such a name"
    return error("register-unwritable", f"it cannot be written: {why}", Place(str(path)))
