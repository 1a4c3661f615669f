"""Waiting for what must come: on the event itself, however slow the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_S = 120  # what has not come by then does not come


def until(holds: Callable[[], object], every_s: float = 0.02) -> bool:
    """Wait until it holds; false where it does not come to hold at all."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(every_s)
    return True
