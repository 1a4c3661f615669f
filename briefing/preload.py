"""What the press's server imports before it forks: the typesetter, as far as this machine has it."""

from contextlib import suppress

from briefing.findings import Missing
from briefing.proof import typesetter

with suppress(Missing):  # each child says it again, where it can be told
    typesetter()
