"""What begins before the command line is read: the typesetter takes longest to load, so it loads beside the rest."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from briefing import again

MOST_BYTES = 1_000_000  # of a content file that is looked into
TYPESETTING = ("build", "check", "press", "verify")  # the commands that always need pages


def begin(arguments: Sequence[str], call: again.Call | None = None) -> None:
    """Start the press where these arguments will need it, once all is loaded that both it and this process need.

    The engine of charts and maps takes as long to start, so it is started before that where some will be drawn. `call`
    tells where drawings are kept.
    """
    gc.set_threshold(50_000, 20, 20)  # a document is many things that stay a while: look for garbage less often
    told = any(one in ("-h", "--help", "--version") for one in arguments)
    if not told and (not arguments or arguments[0] in TYPESETTING or arguments[0].startswith("-")):
        from briefing import timing

        with timing.span("main", "load what all need"), loading():
            if _draws(arguments) and not (call and os.path.isdir(call.drawings)):
                from pathlib import Path

                from briefing import easel

                easel.begin(Path(again.TEMPLATES, "fonts"))
            from briefing import press, proof  # noqa: F401

        press.warm()


def _draws(arguments: Sequence[str]) -> bool:
    """Whether the content file that these arguments name seems to ask for a chart or a map."""
    named = [one.removeprefix("--content=") for one in arguments if one.endswith((".yaml", ".yml"))]
    if len(named) > 1:
        return False
    try:
        with open(named[0] if named else "content.yaml", "rb") as file:
            return bool(re.search(rb"\b(?:chart|map)\s*:", file.read(MOST_BYTES)))
    except OSError:
        return False


@contextmanager
def loading() -> Iterator[None]:
    """Load modules without looking for garbage: they make many things, and all of them stay."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
