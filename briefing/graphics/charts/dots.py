"""Dots: one or more values of each category on a row of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from briefing.documents.chart_values import ChartValue
from briefing.graphics.charts.axes import heads, named_rows
from briefing.graphics.charts.canvas import Canvas, SeriesStyle
from briefing.graphics.charts.extent import from_zero, reach
from briefing.graphics.charts.labels import text_layers
from briefing.graphics.charts.layers import Layer, layer
from briefing.graphics.charts.scales import across
from briefing.graphics.charts.value_marks import POINT, Value, shapes, value, value_words, whiskers


def dots(rows: Sequence[ChartValue], sheet: Canvas) -> list[Layer]:
    """A dot for each value; the outermost of a row carry their values, the first row the names of the series."""
    series = list(dict.fromkeys(row.series for row in rows))
    inks = sheet.inks(series) if len(series) > 1 else {}
    names = list(dict.fromkeys(row.category for row in rows))
    chosen = [not inks and any(sheet.chosen(row) for row in rows if row.category == name) for name in names]
    y, room = named_rows(names, chosen, sheet.line + 4 if inks else 0, sheet.height, sheet)
    ends = sheet.widest([row.text for row in rows]) + 9
    low, high = reach(rows, zero=from_zero(rows))
    start = room + 12 + (ends if inks or low < 0 else 0)
    scale = across(low, high, start, sheet.width - ends, "dots")
    values = list(_values(rows, names, inks, low, sheet))
    guide = {"type": "rule", "color": sheet.colour("rule"), "strokeWidth": 0.75}
    first = [row for row in rows if row.category == names[0] and inks]
    tops = sorted((scale.at(row.value), str(row.series), inks[row.series].words) for row in first)
    return [
        layer(values, guide, y=y, x=scale.of("from"), x2={"field": "value"}),
        *whiskers(values, scale, "x", y, sheet),
        shapes(values, POINT, x=scale.of("value"), y=y),
        value_words([one for one in values if one["outer"]], scale, y, gap=7),
        *text_layers(heads(tops, room, "center", sheet) if tops else []),
    ]


def _values(
    rows: Sequence[ChartValue], names: Sequence[str], inks: dict[str | None, SeriesStyle], low: float, sheet: Canvas
) -> Iterator[Value]:
    for place, name in enumerate(names):
        here = sorted((row for row in rows if row.category == name), key=lambda row: row.value)
        for row in here:
            strong = sheet.stands_out(row)
            ink = inks.get(row.series) or sheet.plain(strong)
            before = row is here[0] and len(here) > 1
            words = {"tip": row.span[not before], "before": before, "bold": strong, "colour": ink.words}
            guide = {"from": here[0].value if inks else low, "outer": row is here[0] or row is here[-1]}
            yield value(place, row, ink, sheet, **words, **guide)
