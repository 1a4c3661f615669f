"""A run of which nothing has changed since the last one ends here, before the program itself is imported.

After a build that was published whole, a record of it is kept under its command line, folder, day and surroundings:
what it was made from, what it put into its folders, and what it said. When all of that is as it was, the same is said
again and nothing is done. Anything odd counts as no record: then the run is made in full. Only what starts in a moment
is imported.
"""

from __future__ import annotations

import json
import os
import time

from briefing import files, program
from briefing.runtime import cache_store, fingerprint

TYPE_CHECKING = False  # `typing` costs as much as all else here
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

FORMAT = 1  # of a record
NOT_KEPT = "--no-cache"
PUBLISHING = ".publish-"  # files of a run that is putting its documents in place, or has died while it did
DOCUMENTS = (".pdf", ".zip")  # whose mere presence in a folder may be told
MAX_BYTES = 200_000_000  # of one file that is read here


class RunKey:
    """A run as it was asked for, where things may be kept, and what it stands on."""

    __slots__ = ("day", "home", "name", "stands")

    def __init__(self, home: str, name: str, day: str, stands: fingerprint.Fingerprint) -> None:
        self.home = home  # the folder of what is kept
        self.name = name  # of its record
        self.day = day
        self.stands = stands  # as it was before the program was imported

    @property
    def drawings(self) -> str:
        """The folder of the drawings that are kept."""
        return cache_store.drawings(self.home, self.stands.program)


class RunOutput:
    """What a run says on its two streams."""

    __slots__ = ("err", "out")

    def __init__(self, out: str, err: str) -> None:
        self.out, self.err = out, err


class Files:
    """What a run has read and written.

    `read` has files by their path, each with the path that it really has and its digest, or an empty one where
    there is none; of a folder, the digest of its names. `folders` has the folders that were published into, each
    with the digests of what was put there, and the names of all documents that lay there then.
    """

    __slots__ = ("folders", "read")

    def __init__(
        self, read: Mapping[str, tuple[str, str]], folders: Mapping[str, tuple[Mapping[str, str], Iterable[str]]]
    ) -> None:
        self.read, self.folders = read, folders


def today() -> str:
    """The day here, as findings reckon it."""
    return time.strftime("%Y-%m-%d")


def run_key(arguments: list[str], folder: str, environment: Mapping[str, str]) -> RunKey | None:
    """The run that is asked for; nothing where nothing may be kept of it."""
    where = cache_store.folder(environment)
    if where is None or NOT_KEPT in arguments or not cache_store.make_folder(where):
        return None
    try:
        stands = fingerprint.take_fingerprint(program.TEMPLATES, environment)
    except OSError:
        return None
    day = today()
    asked = json.dumps([FORMAT, arguments, folder, day, program.name(), program.ROOT, stands.digest])
    return RunKey(where, fingerprint.hash_text(asked) + ".run", day, stands)


def recall(call: RunKey) -> RunOutput | None:
    """What the run would say, where it would change nothing."""
    data = cache_store.read(call.home, call.name)
    if data is None:
        return None
    try:
        told = json.loads(data)
        if not fingerprint.are_unchanged(told["libraries"]):
            return None
        if not all(_folder_as_then(path, then) for path, then in told["folders"].items()):
            return None
        if any(_looked(path) != tuple(then) for path, then in told["read"].items()):
            return None
        return RunOutput(told["out"], told["err"])
    except (OSError, ValueError, LookupError, TypeError):
        return None


def keep(call: RunKey, files: Files, said: RunOutput) -> None:
    """Keep a record of a run that was published whole, and that would do the same once more."""
    if today() != call.day or "\x1b" in said.out + said.err:
        return
    told = {
        "libraries": fingerprint.loaded_libraries(),
        "read": {path: list(then) for path, then in files.read.items()},
        "folders": {
            path: {"real": _real(path), "sums": dict(sums), "documents": documents_of(names)}
            for path, (sums, names) in files.folders.items()
        },
        "out": said.out,
        "err": said.err,
    }
    cache_store.write(call.home, call.name, json.dumps(told).encode("utf-8", "surrogateescape"))


def hash_files(paths: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Each file with the path that it really has and its digest, as a record holds them."""
    return {path: _looked(path) for path in paths}


def _looked(path: str) -> tuple[str, str]:
    if not os.path.exists(path):
        return os.path.realpath(path), ""
    if os.path.isdir(path):  # what lies in it counts, so that a file which is new is seen
        return os.path.realpath(path), fingerprint.hash_text(json.dumps(sorted(os.listdir(path))))
    return os.path.realpath(path), _sum(path)


def _sum(path: str) -> str:
    """The digest of a file; raises `Unreadable` for what is none, or too large to be ours."""
    return fingerprint.hash_bytes(files.read(path, MAX_BYTES))


def _folder_as_then(folder: str, then: Mapping[str, Any]) -> bool:
    """Whether a folder holds what was put there, and no other document than it did."""
    there = os.listdir(folder)
    if _real(folder) != then["real"] or documents_of(there) != then["documents"]:
        return False
    if any(name.startswith(PUBLISHING) for name in there):
        return False
    paths = {os.path.join(folder, name): sum_ for name, sum_ in then["sums"].items()}
    return not any(os.path.islink(path) or _sum(path) != sum_ for path, sum_ in paths.items())


def _real(folder: str) -> list[str | int]:
    """Where a folder really is: its path, and the file system that it lies on."""
    return [os.path.realpath(folder), os.stat(folder).st_dev]


def documents_of(names: Iterable[str]) -> list[str]:
    """Those of the names that are called as documents are."""
    return sorted(name for name in names if name.endswith(DOCUMENTS))
