"""The strip of partners that content names: who publishes a briefing beside its publisher, as marks or as names."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.content.people import CoPublisher
from briefing.content.records import Front
from briefing.design.brand.dress import DressPicture
from briefing.findings import ContentPath, Finding

if TYPE_CHECKING:
    from briefing.design.brand.marks import Judge, JudgedMark

STRIP = 1_000  # among the blocks that a document leaves out, of which it has no more than 200
AREA_MM2 = 180.0  # of each mark: a square one and a long line of letters weigh the same to the eye
LOWEST_MM, TALLEST_MM = 6.0, 12.0


def partner_strip(front: Front, folder: Path, judge: Judge) -> tuple[DressPicture, ...]:
    """The marks of the partners at their sizes, their files in the `folder`; a name alone for who has none.

    Nothing where nobody has a mark: then the names stand in the imprint.
    """
    if not front.has_strip:
        return ()
    marks = (_mark(one, index, folder, judge) if one.logo else None for index, one in enumerate(front.partners))
    return tuple(
        made.picture if made and made.picture else DressPicture("", "", b"", 0.0, 0.0, text=one.name)
        for one, made in zip(front.partners, marks, strict=True)
    )


def partner_faults(front: Front, folder: Path, judge: Judge) -> Iterator[Finding]:
    """What keeps the marks of partners from being printed, or makes them worse than they could be."""
    for index, one in enumerate(front.partners):
        if one.logo:
            yield from _mark(one, index, folder, judge).findings


def _mark(partner: CoPublisher, index: int, folder: Path, judge: Judge) -> JudgedMark:
    from briefing.design.brand import marks, records  # what no other run needs

    home = marks.Home(folder, "the content", "content.yaml", "image-outside")
    path = ("briefing", "co_publishers", index, "logo")

    def judged(height: float) -> JudgedMark:
        asked = records.Partner.model_construct(
            file=partner.logo or "", alt=partner.name, text=None, height_mm=Decimal(height), one_colour=None
        )
        return marks.mark_of(home, asked, ("partner", index), lambda _: ContentPath(path), judge)

    made = judged(TALLEST_MM)
    if not made.picture:
        return made
    ratio = made.picture.width_mm / made.picture.height_mm
    made = judged(round(min(TALLEST_MM, max(LOWEST_MM, math.sqrt(AREA_MM2 / ratio))), 2))
    return replace(made, picture=made.picture and replace(made.picture, height_mm=round(made.picture.height_mm, 2)))
