"""Stacks: parts of a whole, end to end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from briefing.documents.chart_order import category_order
from briefing.documents.chart_values import ChartValue
from briefing.findings import Refused, error
from briefing.graphics.charts.axes import heads, named_rows
from briefing.graphics.charts.canvas import Canvas, SeriesStyle
from briefing.graphics.charts.labels import Label, spread_apart, text_layers
from briefing.graphics.charts.layers import Layer, each, layer, rule
from briefing.graphics.charts.scales import Scale, across
from briefing.graphics.charts.value_marks import Value, bars_between, key, value

STACK_PX = 44.0  # the tallest row
THIN_PX = 7.0  # the thinnest bar that gives room to values below it
NAMED_PX = 4.0  # a part that is narrower is named with its value

Looks = Mapping[str | None, SeriesStyle]


def stacked(rows: Sequence[ChartValue], sheet: Canvas) -> list[Layer]:
    """A bar of parts for each category; the parts are named above the first, or in a key where that cannot be."""
    if any(row.value < 0 for row in rows):
        raise Refused([error("chart-negative", "parts of a stack cannot be negative", hint="Choose kind: bars.")])
    looks = sheet.fills(list(dict.fromkeys(row.series for row in rows)))
    names = category_order([(row.series, row.category) for row in rows], {})
    values = list(_values(rows, names, looks, sheet))
    first = [one for one in values if one["place"] == 0]
    _, room = named_rows(names, [False] * len(names), 0, sheet.height, sheet)
    scale = across(0, max(one["end"] for one in values) or 1, room + 8, sheet.width - 1, "bars")
    above = len(first) == len(looks) and _above_their_parts(first, scale, sheet)
    named, head = ([], sheet.line + 6) if above else key([(name or "", look) for name, look in looks.items()], 0, sheet)
    step = min((sheet.height - head) / len(names), STACK_PX)
    thick = 0.7 * step
    outside = [one for one in values if sheet.small >= thick or not _fits(one, scale, sheet)]
    low = step - sheet.line - 2  # how thick bars may be above a line of values
    lift = 0.0
    if outside and low >= THIN_PX:
        thick = min(thick, low)
        outside = [one for one in values if sheet.small >= thick or not _fits(one, scale, sheet)]
        lift = (step - thick - sheet.line) / 2 - (step - thick) / 2
    y, _ = named_rows(names, [False] * len(names), head + lift, head + lift + step * len(names), sheet)
    inside = [one for one in values if one not in outside]
    words = {"type": "text", "fontWeight": 600, "color": each("words")}
    middles = [head + lift + step * (place + 0.5) for place in range(len(names))]
    if above:
        tops = _tops(first, scale)
        foot, muted = middles[0] - thick / 2, sheet.colour("muted")
        named = [rule(x - 1, sheet.line - 1, x - 1, foot, muted, 0.5) for x, text, _ in tops if text]
        named += text_layers(heads(tops, scale.start, "left", sheet))
    return [
        *bars_between(values, scale, "x", y, thick),
        *([layer(inside, words, y=y, x=scale.of("middle"), text={"field": "text"})] if inside else []),
        *(_below(outside, scale, [middle + thick / 2 for middle in middles], sheet) if lift else []),
        *named,
    ]


def _tops(first: Sequence[Value], scale: Scale) -> list[tuple[float, str, str]]:
    return [(scale.at(one["start"]) + 1, one["series"] or "", one["name"]) for one in first]


def _above_their_parts(first: Sequence[Value], scale: Scale, sheet: Canvas) -> bool:
    """Whether each name begins above its own part; one that others push aside would be read as its neighbour's."""
    if sheet.widest_row([one["series"] or "" for one in first]) > sheet.width:
        return False
    labels = heads(_tops(first, scale), scale.start, "left", sheet)
    return all(
        scale.at(one["start"]) <= label.x < max(scale.at(one["end"]), scale.at(one["start"]) + NAMED_PX)
        for one, label in zip(first, labels, strict=True)
    )


def _fits(one: Value, scale: Scale, sheet: Canvas) -> bool:
    return sheet.widest([one["text"]]) + 5 <= scale.at(one["value"]) - scale.start


def _below(outside: Sequence[Value], scale: Scale, feet: Sequence[float], sheet: Canvas) -> Iterator[Layer]:
    """Values of narrow parts below their bars, each with a stroke from its part."""
    labels: list[Label] = []
    for place, foot in enumerate(feet):
        here = [one for one in outside if one["place"] == place]
        texts = [_said(one, scale) for one in here]
        widths = [sheet.widest([text]) for text in texts]
        if not here or sum(widths) + 6 * len(widths) > sheet.width - scale.start:
            continue  # told by what reads the drawing
        middles = [scale.at(one["middle"]) for one in here]
        gaps = [0.0, *((a + b) / 2 + 6 for a, b in pairwise(widths))]
        xs = spread_apart(middles, gaps, scale.start + widths[0] / 2, sheet.width - widths[-1] / 2)
        for x, middle, text in zip(xs, middles, texts, strict=True):
            yield rule(middle, foot, x, foot + 3, sheet.colour("muted"), 0.5)
            colour = sheet.colour("ink")
            labels.append(Label(text, x, foot + 3 + sheet.line / 2, sheet.small, colour, "center"))
    yield from text_layers(labels)


def _said(one: Value, scale: Scale) -> str:
    """The value, with the name of a part that is hardly seen."""
    narrow = scale.at(one["value"]) - scale.start < NAMED_PX and one["series"]
    return f"{one['series']} {one['text']}" if narrow else str(one["text"])


def _values(rows: Sequence[ChartValue], names: Sequence[str], looks: Looks, sheet: Canvas) -> Iterator[Value]:
    """Each part with its start, end and middle; Vega-Lite's own stack would sort the parts and part the disputed."""
    order = list(looks)
    for place, name in enumerate(names):
        end = 0.0
        here = [(number, row) for number, row in enumerate(rows) if row.category == name]
        for number, row in sorted(here, key=lambda pair: order.index(pair[1].series)):
            start, end = end, end + row.value
            words = sheet.colour("ink") if row.hollow else looks[row.series].words
            more = {"start": start, "end": end, "middle": (start + end) / 2, "words": words}
            title = sheet.hot if row.series in sheet.highlight else sheet.colour("ink")
            yield value(place, row, looks[row.series], sheet, number=number, name=title, **more)
