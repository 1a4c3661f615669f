"""Names around the marks: of categories on the axes, of series above the first row."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping, Sequence
from itertools import pairwise, product
from typing import Any, Literal

from briefing.graphics.charts.canvas import Canvas, refuse_crowded
from briefing.graphics.charts.labels import Label, place_labels, spread_apart, text_width, wrap_text
from briefing.graphics.charts.scales import Encoding

APART_PX = 3.0  # between names beside each other
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
    names: Mapping[int, str],
    bold: Sequence[bool],
    at: Mapping[int, float],
    room: float,
    sheet: Canvas,
    times: Mapping[int, str] | None = None,
) -> tuple[Encoding, float, float]:
    """An axis of names below their places, its height and the width of a name; each has `room` at most.

    Names are folded, or thinned where all carry a number, as years do. Those of `times` stand as these are written,
    on one line, where that has room.
    """
    places = sorted(names)
    if times is not None:
        strong = {place for place, b in zip(names, bold, strict=True) if b}
        shown = _shown_times({place: names[place] for place in places}, times, strong, at, sheet)
        return _feet(shown, bold, names, sheet)
    step = min((at[b] - at[a] for a, b in pairwise(places)), default=room)
    strength = dict(zip(names, bold, strict=True))
    folded = {
        place: wrap_text(name, min(step, room) - APART_PX, sheet.small, strength[place])
        for place, name in names.items()
    }
    if any("\n" in name for name in folded.values()) and all(name.count(" ") == 1 for name in names.values()):
        folded = {place: name.replace(" ", "\n") for place, name in names.items()}  # dates alike: all or none
    if max(text_width(name, sheet.small, strength[place]) for place, name in folded.items()) > step - 1:
        if not _thinnable(names):
            hint = "Choose kind: bars, shorten the names, or give the chart a wider place."
            raise refuse_crowded("its category names", hint)
        folded = {place: wrap_text(names[place], room - 3, sheet.small, True) for place in places}
        folded = _thinned(folded, at, {place: sheet.widest([name]) for place, name in folded.items()})
    return _feet(folded, bold, names, sheet)


def _thinnable(names: Mapping[int, str]) -> bool:
    return all(any(c.isdigit() for c in name) for name in names.values())


def _feet(
    shown: Mapping[int, str], bold: Sequence[bool], names: Mapping[int, str], sheet: Canvas
) -> tuple[Encoding, float, float]:
    depth = sheet.line * max(name.count("\n") + 1 for name in shown.values()) + 4
    look = {"values": sorted(shown)[::-1], "offset": -depth, "labelBaseline": "top", "labelPadding": 5}
    return _axis(dict(names) | dict(shown), bold, sheet) | look, depth, sheet.widest(list(shown.values()))


def _shown_times(
    names: Mapping[int, str],
    times: Mapping[int, str],
    strong: Container[int],
    at: Mapping[int, float],
    sheet: Canvas,
) -> dict[int, str]:
    """Names of times on one line, or folded, or else only some of them; a year is said where it begins."""
    step = min((at[b] - at[a] for a, b in pairwise(names)), default=sheet.width)

    def wide(place: int, name: str) -> float:
        return text_width(name, sheet.small, place in strong)

    lines = {place: times.get(place, name.replace("\n", " ")) for place, name in names.items()}
    folds = {
        place: name if "\n" in name else wrap_text(name, step - APART_PX, sheet.small, place in strong)
        for place, name in names.items()
    }
    for wanted in (lines, folds):
        shown = _years_once(names, wanted)
        if len(_thinned(shown, at, {place: wide(place, name) for place, name in shown.items()})) == len(names):
            ends = [(at[place], wide(place, shown[place]) / 2) for place in (min(names), max(names))]
            if wanted is folds or all(x - half >= -1 and x + half <= sheet.width + 1 for x, half in ends):
                return shown
    if not _thinnable(names):
        hint = "Shorten the names, or give the chart a wider place."
        raise refuse_crowded("the names of its times", hint)
    whole = {place: name if "\n" in names[place] else lines[place] for place, name in folds.items()}
    kept = _thinned(whole, at, {place: wide(place, name) for place, name in whole.items()})
    return _years_once({place: names[place] for place in kept}, kept)


def _years_once(names: Mapping[int, str], shown: Mapping[int, str]) -> dict[int, str]:
    """The names without the year where it is the same as that of the name before."""
    said, before = {}, ""
    for place, name in names.items():
        day, _, year = name.partition("\n")
        said[place] = day if year and year == before else shown[place]
        before = year
    return said


def _thinned(names: Mapping[int, str], at: Mapping[int, float], wide: Mapping[int, float]) -> dict[int, str]:
    """As many names as have room beside each other: the last and every n-th before it, and the first."""
    places = sorted(names)

    def apart(one: int, other: int) -> bool:
        return at[other] - at[one] >= (wide[one] + wide[other]) / 2 + APART_PX

    for every in range(1, len(places) + 1):
        kept = places[::-1][::every][::-1]
        if all(apart(one, other) for one, other in pairwise(kept)):
            break
    if kept[0] != places[0]:
        beside = [place for place in kept if apart(places[0], place)]
        if beside and len(beside) >= len(kept) - 1:
            kept = [places[0], *beside]
    return {place: names[place] for place in kept}


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
