"""Stacks: parts of a whole, end to end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from briefing.documents.chart_values import ChartValue
from briefing.findings import Refused, error
from briefing.graphics.charts.axes import heads, named_rows
from briefing.graphics.charts.canvas import Canvas, SeriesStyle
from briefing.graphics.charts.labels import text_layers
from briefing.graphics.charts.layers import Layer, each, layer, rule
from briefing.graphics.charts.scales import Scale
from briefing.graphics.charts.value_marks import PART, Value, shapes, value

STACK_PX = 44.0  # the tallest row


def stacked(rows: Sequence[ChartValue], sheet: Canvas) -> list[Layer]:
    """A bar of parts for each category; the parts are named above the first."""
    if any(row.value < 0 for row in rows):
        raise Refused([error("chart-negative", "parts of a stack cannot be negative", hint="Choose kind: bars.")])
    looks = sheet.fills(list(dict.fromkeys(row.series for row in rows)))
    names = list(dict.fromkeys(row.category for row in rows))
    alone = len(names) == 1
    head = sheet.line + 6
    step = min((sheet.height - head) / len(names), STACK_PX)
    thick = 0.7 * step
    titles = [""] if alone else names
    y, room = named_rows(titles, [False] * len(names), head, head + step * len(names), sheet)
    values = list(_values(rows, names, looks, sheet))
    scale = Scale(0, max(one["end"] for one in values) or 1, 0 if alone else room + 8, sheet.width - 1)
    fits = [one for one in values if sheet.widest([one["text"]]) + 5 <= scale.at(one["value"]) - scale.start]
    fits = fits if sheet.small < thick else []
    words = {"type": "text", "fontWeight": 600, "color": each("words")}
    named = [(scale.at(one["start"]) + 1, one["series"] or "", one["name"]) for one in values if one["place"] == 0]
    foot, muted = head + (step - thick) / 2, sheet.colour("muted")
    return [
        shapes(values, PART | {"size": thick}, y=y, x=scale.of("start"), x2={"field": "end"}),
        *(rule(x - 1, sheet.line - 1, x - 1, foot, muted, 0.5) for x, text, _ in named if text),
        layer(fits, words, y=y, x=scale.of("middle"), text={"field": "text"}),
        *text_layers(heads(named, scale.start, "left", sheet)),
    ]


def _values(
    rows: Sequence[ChartValue], names: Sequence[str], looks: dict[str | None, SeriesStyle], sheet: Canvas
) -> Iterator[Value]:
    """Each part with its start, end and middle; Vega-Lite's own stack would sort the parts and part the disputed."""
    order = list(looks)
    for place, name in enumerate(names):
        end = 0.0
        for row in sorted((r for r in rows if r.category == name), key=lambda r: order.index(r.series)):
            start, end = end, end + row.value
            words = sheet.colour("ink") if row.open else looks[row.series].words
            more = {"start": start, "end": end, "middle": (start + end) / 2, "words": words}
            title = sheet.colour("accent" if row.series in sheet.highlight else "ink")
            yield value(place, row, looks[row.series], sheet, name=title, **more)
