"""What begins before the command line is read: the typesetter takes longest to load, so it loads beside the rest."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

TYPESETTING = ("build", "check", "press", "verify")  # the commands that always need pages


def begin(arguments: Sequence[str]) -> None:
    """Start the press where these arguments will need it, once all is loaded that both it and this process need."""
    gc.set_threshold(50_000, 20, 20)  # a document is many things that stay a while: look for garbage less often
    told = any(one in ("-h", "--help", "--version") for one in arguments)
    if not told and (not arguments or arguments[0] in TYPESETTING or arguments[0].startswith("-")):
        from briefing.runtime import timings

        with timings.span("main", "load what all need"), loading():
            from briefing.proofing import proof  # noqa: F401
            from briefing.runtime import sandbox

        sandbox.warm()


@contextmanager
def loading() -> Iterator[None]:
    """Load modules without looking for garbage: they make many things, and all of them stay."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
