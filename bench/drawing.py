"""Numbers become Vega-Lite: bars with their values beside them, and lines with their names at their ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bench import tables
from bench.measuring import Record
from briefing.design.tokens import Tokens

Spec = dict[str, Any]
WIDTH, BAR, APART = 640, 21, 15  # pixels: a picture's plot, a row of bars, and the least between two labels
LABEL = 400  # the longest name beside a bar


def bars(
    title: str, subtitle: str, rows: Sequence[tuple[str, Record, bool]], shown: Callable[[float], str], tokens: Tokens
) -> Spec:
    """A row for each thing, its value beside its bar."""
    values = [
        {"name": name, "value": tables.median(record), "shown": shown(tables.median(record)), "ours": ours}
        for name, record, ours in rows
    ]
    colour = {
        "condition": {"test": "datum.ours", "value": tokens.colour["accent"]},
        "value": tokens.colour["grey"],
    }
    y = {
        "field": "name",
        "type": "nominal",
        "sort": None,
        "axis": {"title": None, "labelLimit": LABEL},
        "scale": {"paddingInner": 0.35},
    }
    x = {"field": "value", "type": "quantitative", "axis": None, "scale": {"zero": True}}
    return {
        "data": {"values": values},
        "title": {"text": title, "subtitle": subtitle, "frame": "bounds"},
        "width": WIDTH - 170,
        "height": {"step": BAR},
        "layer": [
            {"mark": {"type": "bar"}, "encoding": {"y": y, "x": x, "color": colour}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "color": tokens.colour["ink"]},
                "encoding": {"y": y, "x": x, "text": {"field": "shown"}},
            },
        ],
    }


def lines(title: str, points: Sequence[tuple[str, int, float]], tokens: Tokens) -> Spec:
    """A line for each name, its name and last value at its end."""
    height, wide = 240, WIDTH // 2 - 105
    names = list(dict.fromkeys(name for name, _, _ in points))
    most = max(value for _, _, value in points)
    tones = ("accent", "accent-mid", "grey", "rule")
    ends = {name: max((at, value) for one, at, value in points if one == name) for name in names}
    places = _apart({name: height * (1 - value / most) for name, (_, value) in ends.items()})
    longest = max(at for _, at, _ in points)
    ticks = {"title": None, "values": sorted({at for _, at, _ in points}), "grid": False, "labelOverlap": "greedy"}
    x = {"field": "at", "type": "quantitative", "axis": ticks, "scale": {"domain": [0, longest]}}
    y = {
        "field": "value",
        "type": "quantitative",
        "axis": {"title": None, "tickCount": 4},
        "scale": {"domain": [0, most]},
    }
    colour = {
        "field": "name",
        "scale": {"domain": names, "range": [tokens.colour[tone] for tone in tones[: len(names)]]},
        "legend": None,
    }
    values = [{"name": name, "at": at, "value": value} for name, at, value in points]
    labels = [
        {
            "data": {"values": [{"shown": f"{name} {_number(ends[name][1])}"}]},
            "mark": {
                "type": "text",
                "align": "left",
                "fontWeight": 600 if not index else 400,
                "x": wide * ends[name][0] / longest + 8,
                "y": places[name],
                "color": tokens.colour["accent" if not index else "muted"],
            },
            "encoding": {"text": {"field": "shown"}},
        }
        for index, name in enumerate(names)
    ]
    return {
        "title": {"text": title, "fontSize": 12, "fontWeight": 600},
        "width": wide,
        "height": height,
        "layer": [
            {
                "data": {"values": values},
                "mark": {"type": "line", "strokeWidth": 2, "point": {"size": 30, "filled": True}},
                "encoding": {"x": x, "y": y, "color": colour},
            },
            *labels,
        ],
    }


def beside(title: str, parts: Iterable[Spec], tokens: Tokens) -> Spec:
    """Two pictures under one title."""
    return {"title": {"text": title, "color": tokens.colour["ink"]}, "hconcat": list(parts), "spacing": 36}


def _apart(places: Mapping[str, float]) -> dict[str, float]:
    """Heights of labels, in their order, none nearer to another than its own height; the lowest stays."""
    found: dict[str, float] = {}
    floor = float("inf")
    for name, place in sorted(places.items(), key=lambda one: -one[1]):
        floor = found[name] = min(place, floor - APART)
    return found


def look(tokens: Tokens) -> Spec:
    """Colours, type and grid of all pictures."""
    sans, colour = f"'{tokens.font['sans']}'", tokens.colour
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": colour["paper"],
        "padding": 14,
        "config": {
            "font": sans,
            "view": {"stroke": None},
            "title": {
                "anchor": "start",
                "frame": "group",
                "offset": 12,
                "font": sans,
                "fontSize": 15,
                "fontWeight": 700,
                "color": colour["ink"],
                "subtitleFont": sans,
                "subtitleFontSize": 12,
                "subtitleColor": colour["muted"],
            },
            "axis": {
                "labelFont": sans,
                "labelFontSize": 12,
                "labelColor": colour["ink"],
                "labelPadding": 6,
                "domain": False,
                "ticks": False,
                "gridColor": colour["accent-light"],
            },
            "text": {"font": sans, "fontSize": 12},
        },
    }


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"
