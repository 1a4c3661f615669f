"""What the press's server imports before it forks: the typesetter, if this machine has it, and what reads back."""

from contextlib import suppress

from briefing import photocopy, readback  # noqa: F401
from briefing.findings import Missing
from briefing.finish import finish  # noqa: F401
from briefing.preflight import judge  # noqa: F401
from briefing.proof import typesetter

with suppress(Missing):  # each child says it again, where it can be told
    typesetter()
