"""Whether a finished map says what its data say: rows, breaks and an SVG come in, findings go out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

from briefing.documents.chart_values import ChartValue
from briefing.findings import Finding, error
from briefing.graphics.charts.drawn import ROW, shapes, words
from briefing.graphics.charts.witness import left_out

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LINE_PX = 5.0  # how far words may stand above or below their swatch


def judge_map(
    rows: Sequence[ChartValue],
    breaks: Sequence[Decimal],
    names: Sequence[str],
    printed: Sequence[tuple[str, str]],
    svg: Element,
) -> Iterator[Finding]:
    """Which place is not in the tint that the legend gives its class, and what is not printed."""
    for fault in dict.fromkeys([*_fills(rows, breaks, svg), *_legend(names, svg)]):
        said = f"the drawing does not show its data: {fault}"
        yield error("chart-untrue", said, hint="this is a fault of the program")
    yield from left_out(printed, [one.text for one in words(svg)])


def _swatches(svg: Element) -> list[str]:
    groups = (one for one in svg.iterfind(".//{*}g") if "legend_marks" in one.get("class", "").split())
    return [str(one.get("fill")) for group in groups for one in group]


def _fills(rows: Sequence[ChartValue], breaks: Sequence[Decimal], svg: Element) -> Iterator[str]:
    swatches = _swatches(svg)
    if any(one == other for one, other in combinations(swatches, 2)):
        yield "two classes have one tint"
    found = {int(one.attrib[ROW]): one.get("fill") for one in svg.iter() if ROW in one.attrib}
    for number, row in enumerate(rows):
        rank = len([one for one in breaks if Decimal(str(row.value)) >= one])
        if number not in found:
            yield f"“{row.category}” is not drawn"
        elif rank >= len(swatches) or found[number] != swatches[rank]:
            yield f"“{row.category}: {row.text}” is not in the tint of its class"


def _legend(names: Sequence[str], svg: Element) -> Iterator[str]:
    """The words nearest to the right of each swatch are those of its class."""
    swatches = [(one.reach(0)[1], sum(one.reach(1)) / 2) for one in shapes(svg) if one.layer == "legend"]
    said = words(svg)
    for (x, y), name in zip(swatches, names, strict=False):
        beside = [one for one in said if one.at[0] > x - 1 and abs(one.at[1] - y) < LINE_PX]
        nearest = min(beside, key=lambda one: one.at[0], default=None)
        if nearest is None or nearest.text != name:
            yield f"“{name}” does not stand beside its tint"
