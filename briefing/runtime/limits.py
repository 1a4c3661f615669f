"""What this machine and the shell allow: limits are taken from them where they are lower, and told where they are met.

Only what starts in a moment is imported.
"""

from __future__ import annotations

import errno
import os
import resource
import sys

from briefing.program import TEMPLATES

TYPE_CHECKING = False  # `typing` costs more than all that is needed here
if TYPE_CHECKING:
    from briefing.findings import Finding

# What a build of four pages needs at least, for each limit of a shell: bytes, files, bytes of one file.
LEAST = (
    ("RLIMIT_AS", 900_000_000, "ulimit -v", "bytes of memory"),
    ("RLIMIT_NOFILE", 48, "ulimit -n", "open files"),
    ("RLIMIT_FSIZE", 1_000_000, "ulimit -f", "bytes in a file"),
    ("RLIMIT_CPU", 3, "ulimit -t", "seconds of work"),
)
_FEW = {
    errno.EMFILE: "too few files may be open at the same time (ulimit -n)",
    errno.ENFILE: "this machine has too many files open",
    errno.EFBIG: "files may not be large enough (ulimit -f)",
    errno.ENOMEM: "there is too little memory",
    errno.EAGAIN: "too few processes may be started (ulimit -u)",
}
_FULL = (errno.ENOSPC, errno.EDQUOT)


def lower(kind: int, soft: int, hard: int | None = None) -> int:
    """Set a limit of this process, or keep a lower one that it has already; the limit that holds then."""
    now, most = resource.getrlimit(kind)
    hard = _lesser(soft if hard is None else hard, most)
    holds = _lesser(_lesser(soft, now), hard)
    resource.setrlimit(kind, (holds, hard))
    return holds


def _lesser(one: int, other: int) -> int:
    if resource.RLIM_INFINITY in (one, other):
        return other if one == resource.RLIM_INFINITY else one
    return min(one, other)


def allow_work(seconds: int) -> float:
    """Let this process work so many seconds from now on, if that is not more than it may; how many it has worked."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    worked = used.ru_utime + used.ru_stime
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (_lesser(int(worked) + 1 + seconds, most), most))
    return worked


def too_narrow(memory: int = 0) -> Finding | None:
    """What the shell allows too little of for anything to be made, or for a library that reserves so much memory."""
    for name, least, option, what in LEAST:
        least = max(least, memory) if name == "RLIMIT_AS" else least
        kind = getattr(resource, name, None)
        allowed = resource.getrlimit(kind)[0] if kind is not None else resource.RLIM_INFINITY
        if allowed != resource.RLIM_INFINITY and allowed < least:
            return _finding(
                "machine-limit", f"only {allowed:,} {what} are allowed here, and {least:,} are needed", option
            )
    return None


def met(fault: BaseException) -> Finding | None:
    """What a fault tells of this machine: too little memory, too few files, a full disk; nothing where it is a bug."""
    if isinstance(fault, MemoryError):
        return _finding("machine-limit", _FEW[errno.ENOMEM], "ulimit -v")
    if not isinstance(fault, OSError):
        return None
    if isinstance(fault.filename, str) and fault.filename.startswith(TEMPLATES) and fault.errno not in _FEW:
        name, hint = os.path.relpath(fault.filename, TEMPLATES), "install the program again"
        return _error("program-incomplete", f"the program's own file {name} cannot be read: {fault.strerror}", hint)
    if fault.errno in _FULL:
        import tempfile

        where = os.path.dirname(os.fsdecode(fault.filename)) if fault.filename else tempfile.tempdir
        return _finding("disk-full", f"the disk is full: {where or 'the folder for temporary files (TMPDIR)'}", "")
    return _finding("machine-limit", _FEW[fault.errno], "") if fault.errno in _FEW else None


def _finding(code: str, message: str, option: str) -> Finding:
    raised = f"raise the limit ({option})" if option else "raise the limit"
    hint = "make room there, or set TMPDIR to another folder" if code == "disk-full" else raised
    return _error(code, message, f"{hint}; the documents of the last build are as they were")


def _error(code: str, message: str, hint: str) -> Finding:
    from briefing.findings import error

    return error(code, message, hint=hint)


if sys.platform == "darwin":  # which has no limit on address space that holds
    LEAST = LEAST[1:]
