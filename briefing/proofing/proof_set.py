"""The proofs of all documents of one use, with the manuscript that they were typeset from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from briefing.documents.manuscript import Manuscript
from briefing.documents.page_setup import PageSetup
from briefing.proofing.proof import Proof


@dataclass(frozen=True)
class ProofSet:
    """What products are made of."""

    manuscript: Manuscript
    setup: PageSetup
    proofs: Mapping[str, Proof]  # by document
