"""What the system tells of processes: their threads, their memory and the work that they have done."""

from __future__ import annotations

import contextlib
import os
import threading


def threads() -> list[str]:
    """The names of this process's threads, its first one first; those of Python alone where the system tells none."""
    try:
        tasks = sorted(os.listdir("/proc/self/task"), key=int)
    except OSError:
        return [thread.name for thread in threading.enumerate()]
    names = []
    for task in tasks:
        with contextlib.suppress(OSError), open(f"/proc/self/task/{task}/comm", encoding="utf-8") as file:
            names.append(file.read().strip())
    return names


def cpu_seconds(pid: int) -> float | None:
    """The processor time of a process and those that it has started; nothing where the system does not tell."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            children = [int(child) for child in file.read().split()]
    except (OSError, ValueError):
        return None
    own = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")  # its own and that of children that have ended
    return own + sum(cpu_seconds(child) or 0.0 for child in children)


def memory_bytes() -> int:
    """The memory that this process has asked for; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0
