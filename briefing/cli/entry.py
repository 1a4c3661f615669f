"""The way in: a run of which nothing has changed ends here, and any other one begins.

Until that is known, only what starts in a moment is imported.
"""

from __future__ import annotations

import atexit
import os
import sys

from briefing.runtime import run_record


def begun() -> run_record.Call | None:
    """The run that this process was started for; ends the process where it would change nothing."""
    asked = run_record.call(sys.argv[1:], os.getcwd(), os.environ)
    said = run_record.recall(asked) if asked else None
    if said is None or not _sayable(said.out, sys.stdout.encoding) or not _sayable(said.err, sys.stderr.encoding):
        return asked
    try:
        sys.stderr.write(said.err)
        sys.stderr.flush()
        sys.stdout.write(said.out)
        sys.stdout.flush()
    except BrokenPipeError:
        os._exit(1)
    sys.exit(0)


def _sayable(text: str, encoding: str | None) -> bool:
    try:
        text.encode(encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def main() -> None:
    """Run the command line, where something is to be done."""
    asked = begun()
    from briefing.cli import early

    early.begin(sys.argv[1:])
    from briefing.runtime import timings

    with timings.span("main", "load the command line"):
        from briefing.cli import app

    try:
        app.main(asked)
    except SystemExit as end:
        if isinstance(end.code, int):
            _leave(end.code)
        raise


def _leave(code: int) -> None:
    """End the process; taking down all that was loaded, thing by thing, takes longer than an unchanged run."""
    try:
        sys.stderr.flush()
        sys.stdout.flush()
    except BrokenPipeError:
        code = 1
    atexit._run_exitfuncs()
    os._exit(code)
