"""Names around the marks: of categories on the axes, of series above the first row."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from itertools import pairwise, product
from typing import Any, Literal

from briefing.graphics.charts.canvas import Canvas, refuse_crowded
from briefing.graphics.charts.labels import Label, place_labels, spread_apart, text_width, wrap_text
from briefing.graphics.charts.scales import Encoding

NO_AXIS = {"labels": False, "ticks": False, "domain": False, "title": None, "labelExpr": "{}"}


def band(count: int, start: float, end: float, axis: Encoding) -> Encoding:
    """The encoding of `place`, a number from nought, on equal bands.

    Vega drops a name that lies before the whole pixel of the start, and a first band may lie a rounding before it; and
    it makes points of bands where no bar is drawn, as of values that are all nought.
    """
    scale = {"type": "band", "domain": list(range(count)), "range": [start - 1e-6, end], "padding": 0}
    return {"field": "place", "type": "ordinal", "scale": scale, "axis": axis}


def named_rows(
    names: Sequence[str], bold: Sequence[bool], top: float, bottom: float, sheet: Canvas
) -> tuple[Encoding, float]:
    """Bands below each other with their names flush left, folded to two fifths of the width, and the names' width."""
    limit = sheet.width * 0.42
    folded = [wrap_text(name, limit, sheet.small, b) for name, b in zip(names, bold, strict=True)]
    room = max(text_width(name, sheet.small, b) for name, b in zip(folded, bold, strict=True))
    if room > limit * 1.2:
        raise refuse_crowded("its category names", "Shorten them, or give the chart a wider place.")
    tallest = max(name.count("\n") + 1 for name in folded)
    if (bottom - top) / len(names) < sheet.line * max(1.0, 0.9 * tallest):
        raise refuse_crowded("its rows", "Raise height_mm, shorten the names, or show fewer rows.")
    lifts = {place: -(sheet.small + 2) / 2 * name.count("\n") for place, name in enumerate(folded)}
    lift = f"{json.dumps(lifts)}[datum.value]"
    look = {
        "labelAlign": "left",
        "labelPadding": 0,
        "labelOffset": {"condition": {"test": "true", "expr": lift}, "value": 0},
    }
    return band(len(names), top, bottom, _axis(dict(enumerate(folded)), bold, sheet) | look), room


def feet(
    names: Mapping[int, str], bold: Sequence[bool], at: Mapping[int, float], room: float, sheet: Canvas
) -> tuple[Encoding, float, float]:
    """An axis of names below their places, its height and the width of a name; each has `room` at most.

    Names are folded, or thinned where all carry a number, as years do.
    """
    places = sorted(names)
    step = min((at[b] - at[a] for a, b in pairwise(places)), default=room)
    folded = {place: wrap_text(name, min(step, room) - 3, sheet.small, True) for place, name in names.items()}
    shown: Sequence[int] = places
    if sheet.widest(list(folded.values())) > step - 1:
        if not all(any(c.isdigit() for c in name) for name in names.values()):
            hint = "Choose kind: bars, shorten the names, or give the chart a wider place."
            raise refuse_crowded("its category names", hint)
        folded = {place: wrap_text(name, room - 3, sheet.small, True) for place, name in names.items()}
        shown = _apart([(at[place], sheet.widest([folded[place]]), place) for place in places])
    depth = sheet.line * max(name.count("\n") + 1 for name in folded.values()) + 4
    look = {"values": sorted(shown)[::-1], "offset": -depth, "labelBaseline": "top", "labelPadding": 5}
    return _axis(folded, bold, sheet) | look, depth, sheet.widest(list(folded.values()))


def _apart(names: Sequence[tuple[float, float, int]]) -> list[int]:
    """Of names (middle, width, place) those that leave room for each other, from the last on."""
    kept, left = [], math.inf
    for middle, wide, place in reversed(names):
        if middle + wide / 2 + 3 <= left:
            kept.append(place)
            left = middle - wide / 2
    return kept


def _axis(names: Mapping[int, str], bold: Sequence[bool], sheet: Canvas) -> Encoding:
    strong = [place for place, b in zip(names, bold, strict=True) if b]

    def look(one: Any, other: Any) -> Encoding:
        return {"condition": {"test": f"indexof({strong}, datum.value) >= 0", "value": one}, "value": other}

    return {
        "title": None,
        "ticks": False,
        "domain": False,
        "translate": 0,
        "labelLimit": 0,
        "labelFlush": False,
        "labelOverlap": False,
        "labelExpr": f"{json.dumps(names)}[datum.value]",
        "labelFontWeight": look(600, 400),
        "labelColor": look(sheet.hot, sheet.colour("ink")),
    }


def heads(
    wanted: Sequence[tuple[float, str, str]], low: float, align: Literal["left", "center"], sheet: Canvas
) -> list[Label]:
    """Names of series (place, name, colour) above the first row, each as near to its place as the others allow."""
    widths = [sheet.widest([text]) for _, text, _ in wanted]
    if sheet.widest_row([text for _, text, _ in wanted]) > sheet.width:
        raise refuse_crowded("the names of its series", "Shorten them, or give the chart a wider place.")
    before = [wide / 2 if align == "center" else 0 for wide in widths]
    after = [wide - half for wide, half in zip(widths, before, strict=True)]
    gaps = [0.0, *(a + b + 10 for a, b in zip(after, before[1:], strict=False))]
    xs = spread_apart([x for x, _, _ in wanted], gaps, low + before[0], sheet.width - after[-1])
    return [
        Label(text, x, sheet.line / 2, sheet.small, colour, align, True)
        for x, (_, text, colour) in zip(xs, wanted, strict=True)
    ]


def fitting(what: str, heads: Sequence[Sequence[Label]], sheet: Canvas) -> list[Label]:
    """Of each head a choice, the first ones rather, so that all lie in the frame and touch no other, or a refusal."""
    for chosen in product(*heads):
        if len(place_labels([[one] for one in chosen], [], (-2, 0, sheet.width + 2, sheet.height))) == len(heads):
            return list(chosen)
    raise refuse_crowded(what, "Shorten them, or give the chart a wider place.")
