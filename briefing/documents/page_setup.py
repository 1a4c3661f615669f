"""What the pages of a use are set up with: the sheet, its look and the words of its language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from briefing.design.paper import Paper
from briefing.design.tokens import Tokens
from briefing.language.wording import Wording


@dataclass(frozen=True)
class PageSetup:
    """The setup of all documents of one use."""

    wording: Wording
    tokens: Tokens
    paper: Paper
    templates: Path
    bleed_mm: float = 0.0  # around the page, for the press
