"""What begins before the command line is read: the typesetter takes longest to load, so it loads beside the rest."""

from __future__ import annotations

import gc
from collections.abc import Sequence

TYPESETTING = ("build", "check", "press", "verify")  # the commands that always need pages


def begin(arguments: Sequence[str]) -> None:
    """Start the press where these arguments will need it, once all is loaded that both it and this process need."""
    gc.set_threshold(50_000, 20, 20)  # loading makes many things that stay: looking at them again takes a tenth of it
    told = any(one in ("-h", "--help", "--version") for one in arguments)
    if not told and (not arguments or arguments[0] in TYPESETTING or arguments[0].startswith("-")):
        from briefing import timing

        with timing.span("main", "load what all need"):
            from briefing import press, proof  # noqa: F401

        press.warm()
