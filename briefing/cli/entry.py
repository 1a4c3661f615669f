"""The way in: a run of which nothing has changed ends here, and any other one begins.

Until that is known, only what starts in a moment is imported.
"""

from __future__ import annotations

import os
import sys

from briefing.runtime import run_record


def replay_unchanged_run() -> run_record.RunKey | None:
    """The run that this process was started for; ends the process where it would change nothing."""
    try:
        here = os.getcwd()
    except FileNotFoundError:  # it is gone
        return None
    asked = run_record.run_key(sys.argv[1:], here, os.environ)
    said = run_record.recall(asked) if asked else None
    if said is None or not _sayable(said.out, sys.stdout.encoding) or not _sayable(said.err, sys.stderr.encoding):
        return asked
    sys.stderr.write(said.err)
    sys.stdout.write(said.out)
    sys.exit(0)


def _sayable(text: str, encoding: str | None) -> bool:
    try:
        text.encode(encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def main() -> None:
    """Run the command line, where something is to be done."""
    asked = replay_unchanged_run()
    from briefing.runtime import speed, timings

    speed.set_plain(os.environ.get(speed.PLAIN) == "1")
    speed.look_for_garbage_seldom()
    with timings.span("main", "load the command line"):
        from briefing.cli import app

    app.main(asked)
