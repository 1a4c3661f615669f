"""What the press's server imports before it forks: the typesetter, if this machine has it, and what reads back.

Fonts are set up by each child: what Pango makes of them does not survive a fork.
"""

from contextlib import suppress

from briefing.design.template_folders import own_templates
from briefing.findings import Missing
from briefing.runtime import timings

with timings.span("press", "load the typesetter"), suppress(Missing):  # each child says it again, where it can be told
    from briefing.layout.typesetter import covered

    covered(own_templates() / "fonts")
with timings.span("press", "load what proves"):
    from briefing.finishing import finish  # noqa: F401
    from briefing.preflight import preflight  # noqa: F401
    from briefing.proofing import readback  # noqa: F401
    from briefing.proofing.photocopy import judge  # noqa: F401
