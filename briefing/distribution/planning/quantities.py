"""How much of everything: spares, overs, sheets, grams and cost."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

from briefing.content.records import PaperName
from briefing.design.paper import PAPERS
from briefing.distribution.records import CostLine
from briefing.distribution.settings import OversRule, Printing, Sides, SpareRule


def spares_for(copies: int, rule: SpareRule) -> int:
    """How many spares go with so many copies for an office."""
    wanted = max(rule.least, math.ceil(copies * rule.share))
    return wanted if rule.most is None else min(wanted, rule.most)


def overs_for(copies: int, rule: OversRule) -> int:
    """How many prints are made beyond so many copies; none where nothing is printed."""
    return max(rule.least, math.ceil(copies * rule.share)) if copies else 0


def sheets_of(pages: int, printing: Printing) -> int:
    """The sheets of one copy, which begins on a front."""
    return pages if printing.sides is Sides.ONE else math.ceil(pages / 2)


def grams_of(sheets: int, paper: str, printing: Printing) -> int:
    """What so many sheets weigh, rounded to the next gram: an A4 sheet of 80 g/m² has 4.99 g."""
    return -(-sheets * _square_mm(paper) * printing.paper_gsm // 100_000_000)


@cache
def _square_mm(paper: str) -> int:
    """The hundredths of square millimetres of a sheet."""
    sheet = PAPERS[PaperName(paper)]
    return round(sheet.width_mm * 10) * round(sheet.height_mm * 10)


def cost_of(copies: int, pages: int, printing: Printing) -> Iterator[CostLine]:
    """What the sheets and printed sides of so many copies cost; empty backs are not printed."""
    prices = printing.prices
    yield CostLine("sheets", copies * sheets_of(pages, printing), prices.sheet, prices.currency)
    yield CostLine("sides", copies * pages, prices.side, prices.currency)
