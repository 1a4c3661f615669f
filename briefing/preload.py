"""What the press's server imports before it forks: the typesetter, if this machine has it, and what reads back.

Fonts are set up by each child: what Pango makes of them does not survive a fork.
"""

from contextlib import suppress
from pathlib import Path

from briefing import timing
from briefing.findings import Missing

with timing.span("press", "load the typesetter"), suppress(Missing):  # each child says it again, where it can be told
    from briefing.proof import typesetter

    typesetter()
    from briefing.typeset import covered

    covered(Path(__file__).resolve().parent.parent / "templates" / "fonts")
with timing.span("press", "load what proves"):
    from briefing import photocopy, readback  # noqa: F401
    from briefing.finish import finish  # noqa: F401
    from briefing.preflight import judge  # noqa: F401
