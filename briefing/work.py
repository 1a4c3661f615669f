"""What a run has read and made, as it passes from step to step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefing.findings import Finding
from briefing.inputs import Taken
from briefing.ledger import Ledger
from briefing.model import Briefing
from briefing.pictures import Room
from briefing.source import Source
from briefing.wording import Wording

if TYPE_CHECKING:
    from briefing.proof import Proof


@dataclass(frozen=True)
class Read:
    """Content that may be printed."""

    source: Source
    briefing: Briefing
    wording: Wording
    book: Ledger
    findings: tuple[Finding, ...]
    taken: Taken  # what it was read from


@dataclass(frozen=True)
class Work:
    """What was read, and the pages that were typeset from it for one edition."""

    read: Read
    room: Room
    proofs: Mapping[str, Proof]  # by document
