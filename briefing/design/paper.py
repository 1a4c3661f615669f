"""The sheets that documents are made for, and the room that the grid leaves on them."""

from __future__ import annotations

from dataclasses import dataclass

from briefing.content.blocks import Width
from briefing.content.records import PaperName
from briefing.design.tokens import Tokens

PX_PER_MM = 96 / 25.4


@dataclass(frozen=True)
class Paper:
    """A sheet, upright, in millimetres."""

    name: PaperName
    width_mm: float
    height_mm: float


PAPERS = {
    PaperName.LETTER: Paper(PaperName.LETTER, 215.9, 279.4),
    PaperName.A4: Paper(PaperName.A4, 210.0, 297.0),
}


def width_mm(paper: Paper, place: Width, tokens: Tokens, bleed_mm: float = 0.0) -> float:
    """The width of the text column, the margin column or both on a sheet; where there is one column, its own.

    A band goes from edge to edge and into the bleed, where the use has pages that can be printed so far.
    """
    grid = tokens.grid
    if place.is_band:
        place = Width.WIDE
        if grid["band"]:
            return paper.width_mm + 2 * bleed_mm
    wide = paper.width_mm - grid["margin_left"] - grid["margin_right"]
    if tokens.one_column:
        return wide
    if place.is_half:
        return (wide - grid["gutter"]) / 2
    return {Width.WIDE: wide, Width.SIDE: grid["side"], Width.MAIN: wide - grid["side"] - grid["gutter"]}[place]
