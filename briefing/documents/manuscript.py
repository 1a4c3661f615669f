"""What a run has read and made, as it passes from step to step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefing.content.briefing import Briefing
from briefing.content.yaml_reader import Source
from briefing.findings import Finding
from briefing.graphics.pictures import Room
from briefing.language.wording import Wording
from briefing.ledger.ledger import Ledger
from briefing.runtime.inputs import Taken

if TYPE_CHECKING:
    from briefing.proofing.proof import Proof


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
