"""How far in on the sheet a box lies."""

from __future__ import annotations

from briefing.pdf.geometry import Box
from briefing.preflight.facts import Zone

_TOUCH = 0.05  # points: what only touches an edge does not stand inside it


def zone(box: Box, trim: Box, bleed: Box) -> Zone:
    """How far in on the sheet a box lies."""
    return Zone.PAGE if _over(box, trim) else Zone.BLEED if _over(box, bleed) else Zone.SLUG


def _over(box: Box, edges: Box) -> bool:
    return (
        box[0] < edges[2] - _TOUCH
        and box[2] > edges[0] + _TOUCH
        and box[1] < edges[3] - _TOUCH
        and box[3] > edges[1] + _TOUCH
    )
