"""Stacks: parts of a whole, end to end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from briefing.documents.chart_order import category_order
from briefing.documents.chart_values import ChartValue
from briefing.findings import Refused, error
from briefing.graphics.charts.axes import named_rows
from briefing.graphics.charts.canvas import Canvas
from briefing.graphics.charts.kinds.end_words import run_layers
from briefing.graphics.charts.kinds.stack_layout import Looks, StackLayout, Stacks, names_above
from briefing.graphics.charts.labels import text_layers
from briefing.graphics.charts.layers import Layer, each, layer, rule
from briefing.graphics.charts.value_marks import Value, bars_between, key, value

SEAM_PX = 1.5  # of paper beside a highlighted part: in grey it is as dark as others


def stacked(rows: Sequence[ChartValue], sheet: Canvas) -> list[Layer]:
    """A bar of parts for each category; the parts are named above the first, or in a key where that cannot be."""
    if any(row.value < 0 for row in rows):
        raise Refused([error("chart-negative", "parts of a stack cannot be negative", hint="Choose kind: bars.")])
    looks = _looks(list(dict.fromkeys(row.series for row in rows)), sheet)
    names = category_order([(row.series, row.category) for row in rows], {})
    plain = [False] * len(names)
    _, room = named_rows(names, plain, 0, sheet.height, sheet)
    stacks = Stacks(tuple(_values(rows, names, looks, sheet)), looks, room + 8)
    laid = stacks.layout(sheet)
    top = laid.head - laid.lift
    y, _ = named_rows(names, plain, top, top + laid.step * len(names), sheet)
    words = {"type": "text", "fontWeight": 600, "color": each("words")}
    within = layer(laid.inside, words, y=y, x=laid.scale.of("middle"), text={"field": "text"})
    return [
        *bars_between(stacks.values, laid.scale, "x", y, laid.thick),
        *_seams(stacks, laid, sheet),
        *([within] if laid.inside else []),
        *run_layers(laid.runs, sheet),
        *_names(stacks, laid, sheet),
    ]


def _looks(series: Sequence[str | None], sheet: Canvas) -> Looks:
    """As parts look: one highlighted in the hot colour, all others paler; of several none, for they would be alike."""
    chosen = [name for name in series if name in sheet.highlight]
    if len(chosen) != 1:
        return sheet.fills(series)
    hot = replace(sheet.plain(True, True), shape="square", width=1, words=sheet.colour("paper"))
    others = sheet.fills([name for name in series if name not in chosen], pale=True)
    return {name: others.get(name, hot) for name in series}


def _seams(stacks: Stacks, laid: StackLayout, sheet: Canvas) -> Iterator[Layer]:
    """A line of paper between a part in the hot colour and each of its neighbours."""
    shown = [one for one in stacks.values if one["end"] > one["start"]]
    for one, other in pairwise(shown):
        if one["place"] == other["place"] and sheet.hot in (one["edge"], other["edge"]):
            least = min(laid.scale.at(part["value"]) - laid.scale.start for part in (one, other))
            x, middle = laid.scale.at(other["start"]), laid.middle(one["place"])
            ends = (x, middle - laid.thick / 2, x, middle + laid.thick / 2)
            yield rule(*ends, sheet.colour("paper"), min(SEAM_PX, least / 3))


def _names(stacks: Stacks, laid: StackLayout, sheet: Canvas) -> list[Layer]:
    """The names of the parts above the first bar, with a hairline from each down to its part, or a key."""
    if not laid.above:
        return key([(name or "", look) for name, look in stacks.looks.items()], 0, sheet)[0]
    first = [one for one in stacks.values if one["place"] == 0]
    foot, muted = laid.middle(0) - laid.thick / 2, sheet.colour("muted")
    at = [laid.scale.at(one["start"]) for one in first if one["series"]]
    hairs = [rule(x, sheet.line - 1, x, foot, muted, 0.5) for x in at]
    return [*hairs, *text_layers(names_above(first, laid.scale, sheet))]


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
            title = sheet.hot if looks[row.series].edge == sheet.hot else sheet.colour("ink")
            yield value(place, row, looks[row.series], sheet, number=number, name=title, **more)
