"""How high a chart is drawn: as its author asks, but few values are not stretched to slabs."""

from __future__ import annotations

from decimal import Decimal

from briefing.content.records import Chart, ChartKind
from briefing.design.paper import PX_PER_MM
from briefing.graphics.charts.labels import measured_with, text_width, wrap_text

BAR_ROW_PX = 32.0  # from one bar or dot to the next, unless a folded name needs more
NAMES = 0.38  # part of the width that is sure to hold names: rows give them two fifths of it
PARTS_MM, LISTED_MM = Decimal(21), Decimal("4.5")  # a bar of parts with their names above, and a line of a list below
NAMED_ABOVE = 4  # parts whose names stand above the bar, as a rule


def chart_mm(chart: Chart, asked: Decimal | None, width_px: float, size_px: float) -> Decimal:
    """The height of a drawing in millimetres, for words of a size; `asked` is that which its block names."""
    named = asked or (chart.height_mm if "height_mm" in chart.model_fields_set else None)
    high = named or chart.height_mm
    if chart.kind is ChartKind.BARS or (chart.kind is ChartKind.DOTS and not any(one.series for one in chart.data)):
        return min(high, Decimal(round(_rows_px(chart, width_px, size_px) / PX_PER_MM, 2)))
    if chart.kind is ChartKind.PARTS and named is None:
        listed = max(0, sum(not row.total for row in chart.data) - NAMED_ABOVE) + any(row.total for row in chart.data)
        return min(high, PARTS_MM + listed * LISTED_MM)
    return high


def _rows_px(chart: Chart, width_px: float, size_px: float) -> float:
    """The height at which bars or dots stand as far apart as they may; measured alike, whichever font is set later."""
    names = [", ".join(part for part in (one.label, one.series) if part) for one in chart.data]
    room = NAMES * width_px
    with measured_with(None):
        folded = [wrap_text(name, room, size_px, bold=True) for name in names]
        lines = max(one.count("\n") + 1 + (text_width(one, size_px, True) > room) for one in folded)
    return len(names) * max(BAR_ROW_PX, lines * size_px * 1.25 + 4)
