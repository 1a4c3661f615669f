"""Editorial checks: what a careful editor would query in a briefing that has no fault.

A briefing and its ledger go in, warnings and notes come out. Texts are judged as the reader sees them,
figures in words, one document at a time. docs/checks.md says why each check is made.
"""

from __future__ import annotations

from collections.abc import Iterator

from briefing.checks import consistency, figures_said, language, lengths, reading, typography
from briefing.checks.evidence import chart_claims
from briefing.content.briefing import Briefing
from briefing.findings import Finding
from briefing.language.wording import Wording
from briefing.ledger.ledger import Ledger


def check(briefing: Briefing, ledger: Ledger, wording: Wording) -> tuple[Finding, ...]:
    """Every warning and note on lengths, language, typography and meaning, each once."""
    return tuple(dict.fromkeys(_check(briefing, ledger, wording)))


def _check(briefing: Briefing, ledger: Ledger, wording: Wording) -> Iterator[Finding]:
    readings = tuple(reading.read(briefing, ledger, wording, name) for name in Briefing.DOCUMENTS)
    for read in readings:
        yield from lengths.check(read, briefing, ledger, wording)
        yield from language.check(read, briefing, wording)
        yield from typography.check(read, briefing, wording)
        yield from consistency.check(read, briefing, ledger, wording)
        yield from figures_said.check(read, briefing, ledger, wording)
    yield from language.quotations(readings, briefing)
    yield from consistency.between(ledger)
    yield from chart_claims.check(briefing, ledger, wording.locale.language)
