"""Dots: one or more values of each category on a row of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from briefing.documents.chart_order import category_order
from briefing.documents.chart_values import ChartValue
from briefing.graphics.charts.axes import heads, named_rows
from briefing.graphics.charts.canvas import Canvas, SeriesStyle
from briefing.graphics.charts.extent import from_zero, reach
from briefing.graphics.charts.labels import Label, place_labels, text_layers
from briefing.graphics.charts.layers import Layer, layer, pixels
from briefing.graphics.charts.scales import Scale, across
from briefing.graphics.charts.value_marks import POINT, Value, key, shapes, value, value_words, whiskers


def dots(rows: Sequence[ChartValue], sheet: Canvas) -> list[Layer]:
    """A dot for each value; the outermost of a row carry their values, the first row the names of the series."""
    series = list(dict.fromkeys(row.series for row in rows))
    inks = sheet.inks(series) if len(series) > 1 else {}
    names = category_order([(row.series, row.category) for row in rows], {})
    chosen = [not inks and any(sheet.chosen(row) for row in rows if row.category == name) for name in names]
    first = [row for row in rows if row.category == names[0] and inks]
    above = len(first) == len(inks) and sheet.widest_row([str(row.series) for row in first]) <= sheet.width * 0.58
    named, head = ([], sheet.line + 4) if above else key([(name or "", ink) for name, ink in inks.items()], 0, sheet)
    y, room = named_rows(names, chosen, head if inks else 0, sheet.height, sheet)
    ends = sheet.widest([row.text for row in rows]) + 9
    low, high = reach(rows, zero=from_zero(rows))
    start = room + 12 + (ends if inks or low < 0 else 0)
    scale = across(low, high, start, sheet.width - ends, "dots")
    values = list(_values(rows, names, inks, low, sheet))
    guide = {"type": "rule", "color": sheet.colour("rule"), "strokeWidth": 0.75}
    tops = sorted((scale.at(row.value), str(row.series), inks[row.series].words) for row in first)
    if above and inks:
        named = text_layers(heads(tops, room, "center", sheet))
    return [
        *([scale.line_at(0, "x", sheet.colour("muted"))] if low <= 0 else []),
        *(_guides(values, scale, room, head, sheet) if inks else []),
        layer(values, guide, y=y, x=scale.of("from"), x2={"field": "value"}),
        *whiskers(values, scale, "x", y, sheet),
        shapes(values, POINT, x=scale.of("value"), y=y),
        value_words([one for one in values if one["outer"]], scale, y, gap=7),
        *_between(values, scale, head if inks else 0, sheet),
        *(named if inks else []),
    ]


def _guides(values: Sequence[Value], scale: Scale, room: float, head: float, sheet: Canvas) -> list[Layer]:
    """A dotted line from each name to the first of its dots, which may stand far off."""
    step = (sheet.height - head) / (1 + max(one["place"] for one in values))
    hairs = []
    for place in sorted({one["place"] for one in values}):
        first = min((one for one in values if one["place"] == place), key=lambda one: float(one["low"]))
        words = sheet.widest([first["text"]]) + 6 if first["before"] else 0
        y, end = round(head + step * (place + 0.5), 2), scale.at(first["low"]) - words - 6
        if end > room + 14:
            hairs.append({"x": round(room + 6, 2), "x2": round(end, 2), "y": y})
    mark = {"type": "rule", "color": sheet.colour("rule"), "strokeWidth": 0.75, "strokeDash": [1, 2.5]}
    return [layer(hairs, mark, x=pixels("x"), x2={"field": "x2"}, y=pixels("y"))] if hairs else []


def _between(values: Sequence[Value], scale: Scale, head: float, sheet: Canvas) -> list[Layer]:
    """Values of the dots between the outermost, above or below them where they touch nothing."""
    step = (sheet.height - head) / (1 + max(one["place"] for one in values))
    middle = {id(one): (scale.at(one["value"]), head + step * (one["place"] + 0.5)) for one in values}
    taken = [(x - 4, y - 4, x + 4, y + 4) for x, y in middle.values()]
    for one in values:
        if one["outer"]:
            wide, y = sheet.widest([one["text"]]) + 9, middle[id(one)][1]
            x = scale.at(one["tip"]) - (wide if one["before"] else 0)
            taken.append((x, y - sheet.small / 2, x + wide, y + sheet.small / 2))

    def around(one: Value) -> Iterator[Label]:
        x, y = middle[id(one)]
        for off in (-0.95, 0.95):
            yield Label(one["text"], x, y + off * sheet.small, sheet.small, one["colour"], "center")

    wanted = [around(one) for one in values if not one["outer"]]
    return text_layers(place_labels(wanted, taken, (0, head, sheet.width, sheet.height)))


def _values(
    rows: Sequence[ChartValue], names: Sequence[str], inks: dict[str | None, SeriesStyle], low: float, sheet: Canvas
) -> Iterator[Value]:
    for place, name in enumerate(names):
        numbered = [pair for pair in enumerate(rows) if pair[1].category == name]
        here = [row for _, row in sorted(numbered, key=lambda pair: pair[1].value)]
        for number, row in sorted(numbered, key=lambda pair: pair[1].value):
            strong = sheet.stands_out(row)
            ink = inks.get(row.series) or sheet.of(row)
            before = row is here[0] and len(here) > 1 if inks else row.value < 0
            words = {"tip": row.span[not before], "before": before, "bold": strong, "colour": ink.words}
            guide = {"from": here[0].value if inks else max(low, 0.0), "outer": row is here[0] or row is here[-1]}
            yield value(place, row, ink, sheet, number=number, **words, **guide)
