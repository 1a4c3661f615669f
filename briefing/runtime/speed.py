"""The switch that turns all tricks for speed off, and the tricks with Python's search for garbage.

With `BRIEFING_PLAIN=1` every process is a fresh interpreter that does one thing after the other, and WeasyPrint goes
its own ways (`briefing.layout.speedups`): the same bytes, later. What was kept of earlier runs has a switch of its own
(`briefing.runtime.cache_store`). Children have no environment: the switch is a value of each process, which forks
inherit and fresh interpreters are given.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from briefing.runtime import process_facts

PLAIN = "BRIEFING_PLAIN"  # an environment variable, read where the command line begins
MUCH_BYTES = 500_000_000  # of address space: a usual document needs half of that in all
_plain = False
_cleared_at = 0  # bytes that there were when garbage was last looked for


def is_plain() -> bool:
    """Whether all tricks are off."""
    return _plain


def set_plain(plain: bool) -> None:
    """Turn all tricks of this process, and of those that it starts from now on, off or on."""
    global _plain
    _plain = plain


@contextmanager
def loading() -> Iterator[None]:
    """Load modules without looking for garbage: they make many things, and all of them stay."""
    if _plain:
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # none of it is looked at again, here or in a forked child
        gc.enable()


def look_for_garbage_seldom() -> None:
    """A document is many things that stay a while."""
    if not _plain:
        gc.set_threshold(50_000, 20, 20)


def leave_garbage() -> None:
    """Look for none any more: in a process of one document, that costs a sixth of a layout."""
    if not _plain:
        gc.freeze()
        gc.disable()


def clear_much_garbage() -> None:
    """Look for it once where memory has grown by much since then: a long document may be laid many times."""
    global _cleared_at
    if not gc.isenabled() and process_facts.memory_bytes() > _cleared_at + MUCH_BYTES:
        gc.collect()
        _cleared_at = process_facts.memory_bytes()
