"""A proportional bar: one bar cut into its parts, each named above its own, with what they come to below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from briefing.documents.chart_values import ChartValue
from briefing.findings import Refused, error
from briefing.graphics.charts.axes import NO_AXIS, band
from briefing.graphics.charts.canvas import Canvas, SeriesStyle, refuse_crowded
from briefing.graphics.charts.labels import Label, spread_apart, text_layers, text_width, wrap_text
from briefing.graphics.charts.layers import Layer, rule
from briefing.graphics.charts.listing import APART_PX, listed
from briefing.graphics.charts.scales import Scale, across
from briefing.graphics.charts.value_marks import Value, bars_between, value

THICKEST_PX, THINNEST_PX = 36.0, 12.0
AIR_PX = 8.0  # between labels
SEAM_PX = 1.5
MOST_LINES = 4  # of a label above its part
LEANING_PX = 12.0  # how far the foot of a hairline may lean towards its part


@dataclass(frozen=True)
class _Head:
    """What stands above a part: its value, and its name below that."""

    text: str
    name: str
    at: float  # where its part begins
    wide: float

    @property
    def lines(self) -> int:
        return self.text.count("\n") + self.name.count("\n") + 2 if self.name else self.text.count("\n") + 1


def parts(rows: Sequence[ChartValue], sheet: Canvas) -> list[Layer]:
    """One bar of all values that are no total, named above; where not all have room at their parts, in a list below."""
    shares = [(number, row) for number, row in enumerate(rows) if not row.total]
    if not shares or any(row.value < 0 for _, row in shares):
        said = "a bar of parts needs parts, and none may be negative"
        raise Refused([error("chart-negative", said, hint="Choose kind: bars.")])
    scale = across(0, sum(row.value for _, row in shares) or 1, 0, sheet.width, "parts")
    values = list(_values(shares, sheet))
    total = next((row for row in rows if row.total), None)
    heads = _heads(values, scale, sheet)
    head = max((one.lines for one in heads), default=0) * sheet.line + 5
    foot = (sheet.line + 8) * bool(total)
    if heads and head <= MOST_LINES * sheet.line + 5 and sheet.height - head - foot >= THINNEST_PX:
        thick = min(sheet.height - head - foot, THICKEST_PX)
        named = _named(heads, values, head, scale, sheet)
        below = _total(total, head + thick, scale, sheet) if total else []
        return [*_bar(values, scale, head, thick, sheet), *named, *below]
    named_below, tall = listed(values, total, sheet)
    thick = min(sheet.height - tall, THICKEST_PX)
    if thick < THINNEST_PX:
        raise refuse_crowded("its bar and the names of its parts", "Raise height_mm, or shorten the names.")
    return [*_bar(values, scale, 0, thick, sheet), *named_below(thick)]


def _bar(values: Sequence[Value], scale: Scale, top: float, thick: float, sheet: Canvas) -> list[Layer]:
    """The parts, with seams of paper between them."""
    y = band(1, top, top + thick, NO_AXIS)
    shown = [one for one in values if one["end"] > one["start"]]
    seams = []
    for one, other in pairwise(shown):
        least = min(scale.at(part["end"]) - scale.at(part["start"]) for part in (one, other))
        x = scale.at(other["start"])  # the seam leaves of a narrow part what is seen
        seams.append(rule(x, top, x, top + thick, sheet.colour("paper"), min(SEAM_PX, least / 3)))
    return [*bars_between(values, scale, "x", y, thick), *seams]


def _values(shares: Sequence[tuple[int, ChartValue]], sheet: Canvas) -> Iterator[Value]:
    """Each part with its start and end; a highlight is in the hot colour."""
    looks = sheet.fills([row.label for _, row in shares])
    end = 0.0
    for number, row in shares:
        start, end = end, end + row.value
        look = _hot(looks[row.label], sheet) if sheet.chosen(row) else looks[row.label]
        title = sheet.hot if sheet.chosen(row) else sheet.colour("ink")
        yield value(0, row, look, sheet, number=number, start=start, end=end, colour=title)


def _hot(look: SeriesStyle, sheet: Canvas) -> SeriesStyle:
    return replace(look, fill=sheet.hot, edge=sheet.hot, words=sheet.colour("paper"))


def _heads(values: Sequence[Value], scale: Scale, sheet: Canvas) -> list[_Head]:
    """The words above each part, folded to its width, or as narrow as they must be for all to have room."""
    for share in (1.0, 0.8, 0.6, 0.0):
        heads = []
        for one in values:
            room = max(scale.at(one["value"]) - AIR_PX, 0) * share
            text = wrap_text(one["text"], room, sheet.small, True)
            name = wrap_text(one["label"] or "", room, sheet.small)
            wide = max(text_width(text, sheet.small, True), text_width(name, sheet.small)) + 4
            heads.append(_Head(text, name, scale.at(one["start"]), wide))
        if sum(one.wide for one in heads) + AIR_PX * (len(heads) - 1) <= sheet.width:
            return heads if _at_their_parts(heads, values, scale, sheet) else []
    return []


def _at_their_parts(heads: Sequence[_Head], values: Sequence[Value], scale: Scale, sheet: Canvas) -> bool:
    """Whether there is a part below each head, or next to it: a hairline that goes far would be read as another's."""
    lean = zip(_places(heads, sheet), heads, values, strict=True)
    return all(one["value"] > 0 and -LEANING_PX <= x - head.at <= scale.at(one["value"]) for x, head, one in lean)


def _places(heads: Sequence[_Head], sheet: Canvas) -> list[float]:
    gaps = [0.0, *(one.wide + AIR_PX for one in heads[:-1])]
    return spread_apart([one.at for one in heads], gaps, 0, sheet.width - heads[-1].wide)


def _named(heads: Sequence[_Head], values: Sequence[Value], foot: float, scale: Scale, sheet: Canvas) -> list[Layer]:
    """Value and name, with a hairline from them to the beginning of their part."""
    places = _places(heads, sheet)
    hairs: list[Layer] = []
    words: list[Label] = []
    muted = sheet.colour("muted")
    for x, head, one in zip(places, heads, values, strict=True):
        top = 0.0
        part = min(max(x, head.at), scale.at(one["end"]) - 0.5) if x > head.at else head.at
        hairs.append(rule(x + 0.3, top, x + 0.3, foot - 5, muted, 0.6))
        hairs.append(rule(x + 0.3, foot - 5, part + 0.3, foot, muted, 0.6))
        for text, bold in ((head.text, True), (head.name, False)):
            if text:
                tall = (text.count("\n") + 1) * sheet.line
                colour = one["colour"] if bold else sheet.colour("ink")
                words.append(Label(text, x + 4, top + tall / 2, sheet.small, colour, bold=bold))
                top += tall
    return [*hairs, *text_layers(words)]


def _total(row: ChartValue, foot: float, scale: Scale, sheet: Canvas) -> list[Layer]:
    """A bracket below the bar, with what its parts come to."""
    y, right, ink = foot + 7, scale.end, sheet.colour("muted")
    hairs = [rule(x, foot + 3, x, y, ink) for x in (0.4, right - 0.4)]
    hairs.append(rule(0.4, y, right - 0.4, y, ink))
    name, middle = row.label or "", y + 2 + sheet.line / 2
    wide = text_width(row.text, sheet.small, True)
    words = [Label(row.text, 0, middle, sheet.small, sheet.colour("ink"), bold=True)]
    if name:
        if wide + APART_PX + text_width(name, sheet.small) > sheet.width:
            raise refuse_crowded("the name of its total", "Shorten it, or give the chart a wider place.")
        words.append(Label(name, wide + APART_PX, middle, sheet.small, sheet.colour("ink")))
    return [*hairs, *text_layers(words)]
