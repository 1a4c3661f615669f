"""Charts become drawings: a chart and its resolved rows in, a Vega-Lite specification out.

Vega draws the marks; every word is placed here, where it can be seen whether two would touch. Nothing is read
or written. A chart that has not the room for its labels is refused rather than drawn badly.
"""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from briefing.draw import TRACKING, Drawing, Frame
from briefing.findings import Finding, Refused, error
from briefing.model import Chart, ChartKind
from briefing.tokens import Tokens

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"

BAR_PX, COLUMN_PX = 30.0, 64.0  # the thickest that still look like bars

Layer = dict[str, Any]
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Row:
    """One value of a chart, with the words in which it is printed."""

    label: str | None
    on: datetime.date | None
    series: str | None
    value: float
    text: str
    open: bool = False  # sources dispute it
    low: float | None = None  # the range that they give
    high: float | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


def spec(chart: Chart, rows: tuple[Row, ...], tokens: Tokens, frame: Frame) -> Drawing:
    """Say how to draw the chart within the frame; raises Refused where that cannot be done well."""
    if chart.vega_lite is not None:
        return _authored(chart.vega_lite, rows, tokens, frame)
    page = _Sheet(tokens, frame, frozenset(chart.highlight))
    match chart.kind:
        case ChartKind.BARS:
            layers = _bars(rows, page)
        case ChartKind.COLUMNS:
            layers = _columns(rows, page)
        case ChartKind.DOTS:
            layers = _dots(rows, page)
        case ChartKind.STACKED:
            layers = _stacked(rows, page)
        case ChartKind.TIME:
            layers = _time(rows, page)
        case ChartKind.LINES | None:
            layers = _lines(rows, page)
    return Drawing({**sheet(tokens, frame), "layer": layers}, marks=shape_count(layers))


def shape_count(layers: Sequence[Layer]) -> int:
    """How many marks the layers ask for: one for each value, one for each line, none for words."""
    count = {"text": 0, "line": 1}
    return sum(count.get(layer["mark"]["type"], len(layer["data"]["values"])) for layer in layers)


def sheet(tokens: Tokens, frame: Frame) -> dict[str, Any]:
    """A specification without layers: the frame, pixel for pixel, and the theme."""
    return {
        "$schema": SCHEMA,
        "width": frame.width_px,
        "height": frame.height_px,
        "padding": 0,
        "autosize": "none",
        "background": None,
        "config": theme(tokens),
    }


def theme(tokens: Tokens) -> dict[str, Any]:
    """The page's look as a Vega-Lite configuration."""
    size, colour = tokens.px("note"), tokens.colour
    words = {"labelFontSize": size, "titleFontSize": size, "labelColor": colour["ink"], "titleColor": colour["muted"]}
    return {
        "font": tokens.font["sans"],
        "lineBreak": "\n",
        "view": {"stroke": None},
        "text": {"fontSize": size, "color": colour["ink"]},
        "axis": {
            **words,
            "labelAngle": 0,
            "titleFontWeight": "normal",
            "domainColor": colour["muted"],
            "tickColor": colour["rule"],
            "gridColor": colour["rule"],
            "gridWidth": 0.5,
        },
        "axisX": {"grid": False},
        "legend": {**words, "titleFontWeight": "normal"},
        "header": words,
        "mark": {"color": colour["accent"]},
        "line": {"strokeWidth": 2},
        "range": {"category": [colour[name] for name in ("accent", "accent-mid", "accent-light", "muted")]},
    }


# ------------------------------------------------------------------ words on the sheet


@dataclass(frozen=True)
class Label:
    """Words at a point, on one or more lines; `y` is the middle of all their lines."""

    text: str
    x: float
    y: float
    size: float
    colour: str
    align: Literal["left", "center", "right"] = "left"
    bold: bool = False
    italic: bool = False  # and letter-spaced, as the names of seas are

    @property
    def box(self) -> Box:
        """The room that the words take, with a hair of air."""
        wide = text_width(self.text, self.size, self.bold) * (1 + 2 * TRACKING if self.italic else 1)
        left = self.x - {"left": 0.0, "center": wide / 2, "right": wide}[self.align]
        tall = self.size * (0.95 + 1.15 * self.text.count("\n"))
        return (left - 1.5, self.y - tall / 2, left + wide + 1.5, self.y + tall / 2)


# Advance widths of Source Sans 3 in thousandths of its size; other faces of the kind differ by a few per cent.
_WIDTHS = {
    **dict.fromkeys("0123456789$€£", 0.497),
    **dict.fromkeys(".,:;'’‘|!ijl·\u00a0 \u202f", 0.25),
    **dict.fromkeys("frt()-‐[]/", 0.335),
    **dict.fromkeys("mMW%", 0.84),
    **dict.fromkeys("wQOGNHDUA", 0.67),
}


def text_width(text: str, size: float, bold: bool = False) -> float:
    """About how wide the longest line is, rather too wide than too narrow."""
    longest = max(sum(_WIDTHS.get(c, 0.59 if c.isupper() else 0.525) for c in line) for line in text.split("\n"))
    return longest * size * (1.06 if bold else 1.0)


def text_layers(labels: Iterable[Label]) -> list[Layer]:
    """The layers that draw labels, one for each way of aligning them."""
    layers: list[Layer] = []
    ordered = sorted((one for one in labels if one.text), key=_manner)
    for (align, bold, italic), group in itertools.groupby(ordered, key=_manner):
        values = [
            {
                "text": one.text,
                "x": round(one.x, 2),
                "y": round(_first_line(one), 2),
                "size": one.size,
                "colour": one.colour,
            }
            for one in group
        ]
        look = {"fontWeight": 600 if bold else 400, **({"fontStyle": "italic"} if italic else {})}
        layers.append(
            {
                "name": f"{'tracked' if italic else 'words'}-{len(layers)}",
                "data": {"values": values},
                "mark": {"type": "text", "align": align, "baseline": "middle", **look},
                "encoding": {
                    "x": pixels("x"),
                    "y": pixels("y"),
                    "text": {"field": "text"},
                    "size": {"field": "size", "type": "quantitative", "scale": None},
                    "color": _as_given("colour"),
                },
            }
        )
    return layers


def _manner(label: Label) -> tuple[str, bool, bool]:
    return label.align, label.bold, label.italic


def _first_line(label: Label) -> float:
    # Vega sets the lines after the first below it, at its size and 2 px.
    return label.y - label.text.count("\n") * (label.size + 2) / 2


def pixels(name: str) -> dict[str, Any]:
    """The encoding of a field that holds a place within the frame."""
    return {"field": name, "type": "quantitative", "scale": None, "axis": None}


def _as_given(name: str) -> dict[str, Any]:
    return {"field": name, "type": "nominal", "scale": None, "legend": None}


def touch(one: Box, other: Box) -> bool:
    """Whether two boxes share room."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def wrapped(text: str, width: float, size: float, bold: bool = False) -> str:
    """The text on as few lines as the width allows, of about one length; a wider word stands on its own line."""
    folded = _folded(text, width, size, bold)
    while "\n" in folded:  # shorten all lines together as long as no further line is needed
        width *= 0.95
        tighter = _folded(text, width, size, bold)
        if tighter.count("\n") > folded.count("\n") or text_width(tighter, size, bold) > width:
            break
        folded = tighter
    return folded


def _folded(text: str, width: float, size: float, bold: bool) -> str:
    lines: list[str] = []
    for word in text.split(" "):
        if lines and text_width(f"{lines[-1]} {word}", size, bold) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)


def _apart(wanted: Sequence[float], gap: Sequence[float], low: float, high: float) -> list[float]:
    """Move places, kept in order, so that each is `gap` after the one before and all lie within the limits.

    `gap[i]` is the least distance from place i-1 to place i.
    """
    placed: list[float] = []
    for index, at in enumerate(wanted):
        placed.append(max(at, placed[-1] + gap[index]) if placed else max(at, low))
    limit = high
    for index in reversed(range(len(placed))):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - gap[index]
    return placed


# ------------------------------------------------------------------ the sheet


@dataclass(frozen=True)
class Ink:
    """How a series looks: never by its colour alone."""

    fill: str
    words: str
    shape: str
    width: float
    edge: str  # outline of an area


@dataclass(frozen=True)
class _Sheet:
    tokens: Tokens
    frame: Frame
    highlight: frozenset[str]

    @property
    def small(self) -> float:
        return self.tokens.px("note")

    @property
    def line(self) -> float:
        """From one line of labels to the next."""
        return self.small * 1.25

    def colour(self, name: str) -> str:
        return self.tokens.colour[name]

    def stands_out(self, row: Row) -> bool:
        return not self.highlight or bool({row.label, row.series, str(row.on)} & self.highlight)

    def plain(self, strong: bool) -> Ink:
        """A chart without series: the accent, or its tint for what is not highlighted."""
        if strong:
            return Ink(self.colour("accent"), self.colour("accent"), "circle", 2.2, self.colour("accent"))
        return Ink(self.colour("accent-mid"), self.colour("muted"), "circle", 1.6, self.colour("accent-mid"))

    def inks(self, series: Sequence[str | None]) -> dict[str | None, Ink]:
        """A look for each series; where none is highlighted the last, the newest as a rule, is."""
        strong: list[str | None] = [name for name in series if name in self.highlight] or list(series[-1:])
        shapes = itertools.cycle(["square", "triangle-up", "diamond"])
        colours = itertools.cycle(["grey", "muted"])
        inks: dict[str | None, Ink] = {name: self.plain(True) for name in strong}
        for name in series:
            if name not in inks:
                fill = self.colour(next(colours))
                inks[name] = Ink(fill, self.colour("muted"), next(shapes), 1.5, fill)
        return inks

    def fills(self, series: Sequence[str | None]) -> dict[str | None, Ink]:
        """A look for each part of a stack: neighbours differ by 3:1, and so do an outline and the page."""
        cycle = itertools.cycle(["accent", "accent-mid", "accent-light", "muted", "paper"])
        looks: dict[str | None, Ink] = {}
        for name in series:
            fill = next(cycle)
            edge = fill if fill in ("accent", "accent-mid", "muted") else "accent"
            words = {"accent": "paper", "muted": "paper"}.get(fill, "ink")
            looks[name] = Ink(self.colour(fill), self.colour(words), "square", 1, self.colour(edge))
        return looks


@dataclass(frozen=True)
class _Line:
    """A linear scale."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def axis(self, name: str) -> dict[str, Any]:
        scale = {"domain": [self.low, self.high], "range": [self.start, self.end], "zero": False, "nice": False}
        return {"field": name, "type": "quantitative", "scale": scale, "axis": None, "stack": None}


def _reach(rows: Sequence[Row], zero: bool) -> tuple[float, float]:
    values = [v for row in rows for v in (row.value, row.low, row.high) if v is not None] + ([0.0] if zero else [])
    low, high = min(values), max(values)
    return (low, high) if low < high else (low - 1, high + 1)


def _bands(count: int, start: float, end: float, air: float) -> tuple[list[float], float]:
    """The middle of each band as Vega's band scale puts it, and the width of its bar."""
    step = (end - start) / count
    return [start + step * (index + 0.5) for index in range(count)], step * (1 - air)


def _air(step: float, least: float, thickest: float) -> float:
    """The share of a band that stays white: more where few bars would grow into blocks."""
    return max(least, 1 - thickest / step)


def _band_axis(count: int, start: float, end: float, air: float) -> dict[str, Any]:
    return {
        "field": "band",
        "type": "ordinal",
        "scale": {
            "domain": list(range(count)),
            "range": [start, end],
            "paddingInner": air,
            "paddingOuter": air / 2,
        },
        "axis": None,
    }


def rule(x: float, y: float, x2: float, y2: float, colour: str, width: float = 0.75) -> Layer:
    """A straight line within the frame; 0.75 px is 0.56 points."""
    return {
        "data": {"values": [{"x": round(x, 2), "y": round(y, 2), "x2": round(x2, 2), "y2": round(y2, 2)}]},
        "mark": {"type": "rule", "color": colour, "strokeWidth": width},
        "encoding": {"x": pixels("x"), "y": pixels("y"), "x2": {"field": "x2"}, "y2": {"field": "y2"}},
    }


def _whiskers(boxes: Iterable[tuple[float, float, float, float]], colour: str, upright: bool) -> list[Layer]:
    """The range of a disputed value, with a short bar at both ends."""
    layers = []
    for x, y, x2, y2 in boxes:
        if abs(x2 - x) + abs(y2 - y) < 5:  # its ends would run into each other; the label says it
            continue
        layers.append(rule(x, y, x2, y2, colour, 1.2))
        for cx, cy in ((x, y), (x2, y2)):
            layers.append(
                rule(cx - 3, cy, cx + 3, cy, colour, 1.2) if upright else rule(cx, cy - 3, cx, cy + 3, colour, 1.2)
            )
    return layers


def _crowded(what: str, hint: str) -> Refused:
    return Refused([error("chart-crowded", f"the chart has no room for {what}", hint=hint)])


def _names(rows: Sequence[Row]) -> list[str]:
    """What stands at each row: its label, and its series where labels repeat."""
    labels = [row.label or str(row.on or "") for row in rows]
    twice = {label for label in labels if labels.count(label) > 1}
    return [
        f"{label}, {row.series}" if label in twice and row.series else label
        for label, row in zip(labels, rows, strict=True)
    ]


def _side(names: Sequence[str], strong: Sequence[bool], sheet: _Sheet) -> tuple[list[str], float]:
    """Category names folded to at most two fifths of the width, and the room that they take."""
    limit = sheet.frame.width_px * 0.42
    bold = [s and bool(sheet.highlight) for s in strong]
    folded = [wrapped(name, limit, sheet.small, b) for name, b in zip(names, bold, strict=True)]
    room = max(text_width(name, sheet.small, b) for name, b in zip(folded, bold, strict=True))
    if room > limit * 1.2:
        raise _crowded("its category names", "Shorten them, or give the chart a wider place.")
    return folded, room


# ------------------------------------------------------------------ bars and columns


def _bars(rows: tuple[Row, ...], sheet: _Sheet) -> list[Layer]:
    strong = [sheet.stands_out(row) for row in rows]
    names, room = _side(_names(rows), strong, sheet)
    low, high = _reach(rows, zero=True)
    ends = max(text_width(row.text, sheet.small, True) for row in rows)
    left, right = room + 8, sheet.frame.width_px - ends - 6
    if low < 0:
        left += ends + 6
    if right - left < 30:
        raise _crowded("its bars beside their names", "Shorten the names, or give the chart a wider place.")
    scale = _Line(low, high, left, right)
    _tall_enough(names, sheet.frame.height_px / len(rows), sheet)
    air = _air(sheet.frame.height_px / len(rows), 0.32, BAR_PX)
    centres, _ = _bands(len(rows), 0, sheet.frame.height_px, air)
    labels: list[Label] = []
    whiskers: list[Box] = []
    for row, name, centre, s in zip(rows, names, centres, strong, strict=True):
        bold = s and bool(sheet.highlight)
        colour = sheet.colour("accent") if bold else sheet.colour("ink")
        labels.append(Label(name, 0, centre, sheet.small, colour, "left", bold))
        tip = scale.at(_tip(row))
        before = row.value < 0
        labels.append(
            Label(
                row.text, tip - 4 if before else tip + 4, centre, sheet.small, colour, "right" if before else "left", s
            )
        )
        if row.open and row.low is not None and row.high is not None:
            whiskers.append((scale.at(row.low), centre, scale.at(row.high), centre))
    band = _band_axis(len(rows), 0, sheet.frame.height_px, air)
    return [
        *_blocks(rows, strong, sheet, {"y": band, "x": scale.axis("value")}),
        *_whiskers(whiskers, sheet.colour("ink"), upright=False),
        rule(scale.at(0), 0, scale.at(0), sheet.frame.height_px, sheet.colour("muted")),
        *text_layers(labels),
    ]


def _tip(row: Row) -> float:
    """Where a bar with its whisker ends."""
    return max(row.value, _highest(row)) if row.value >= 0 else min(row.value, _lowest(row))


def _tall_enough(names: Sequence[str], step: float, sheet: _Sheet) -> None:
    tallest = max(name.count("\n") + 1 for name in names)
    if step < sheet.line * max(1.0, 0.9 * tallest):
        raise _crowded("its rows", "Raise height_mm, shorten the names, or show fewer rows.")


def _columns(rows: tuple[Row, ...], sheet: _Sheet) -> list[Layer]:
    strong = [sheet.stands_out(row) for row in rows]
    width, count = sheet.frame.width_px, len(rows)
    air = _air(width / count, 0.3, COLUMN_PX)
    centres, thick = _bands(count, 0, width, air)
    feet = _feet(_names(rows), centres, width / count, [s and bool(sheet.highlight) for s in strong], sheet)
    depth = max(label.text.count("\n") + 1 for label in feet) * sheet.line + 2
    low, high = _reach(rows, zero=True)
    bottom = sheet.frame.height_px - depth - (sheet.line if low < 0 else 0)
    scale = _Line(low, high, bottom, sheet.line + 1)
    bodies: list[Box] = []
    whiskers: list[Box] = []
    tops: list[Label] = []
    for row, centre, s in zip(rows, centres, strong, strict=True):
        ends = sorted((scale.at(0), scale.at(_tip(row))))
        bodies.append((centre - thick / 2, ends[0], centre + thick / 2, ends[1]))
        shift = -sheet.small * 0.62 if row.value >= 0 else sheet.small * 0.62
        colour = sheet.colour("accent") if s and sheet.highlight else sheet.colour("ink")
        x = _inside(centre, row.text, s, sheet)
        tops.append(Label(row.text, x, scale.at(_tip(row)) + shift, sheet.small, colour, "center", s))
        if row.open and row.low is not None and row.high is not None:
            whiskers.append((centre, scale.at(row.low), centre, scale.at(row.high)))
    band = _band_axis(count, 0, width, air)
    return [
        *_blocks(rows, strong, sheet, {"x": band, "y": scale.axis("value")}),
        *_whiskers(whiskers, sheet.colour("ink"), upright=True),
        rule(0, scale.at(0), width, scale.at(0), sheet.colour("muted")),
        *text_layers([*feet, *_legible(rows, tops, bodies, width)]),
    ]


def _inside(centre: float, text: str, bold: bool, sheet: _Sheet) -> float:
    """The centre moved so far that the words stay within the frame."""
    half = text_width(text, sheet.small, bold) / 2
    return min(max(centre, half), sheet.frame.width_px - half)


def _legible(rows: Sequence[Row], tops: Sequence[Label], bodies: Sequence[Box], wide: float) -> list[Label]:
    """The value labels that touch no other column and no label that matters more."""
    peak = max(range(len(rows)), key=lambda i: abs(rows[i].value))
    rank = {i: (i != peak, not tops[i].bold, not rows[i].open, i != len(rows) - 1, i != 0) for i in range(len(rows))}
    kept: dict[int, Label] = {}
    for i in sorted(rank, key=lambda i: (rank[i], i)):
        others = [body for j, body in enumerate(bodies) if j != i] + [label.box for label in kept.values()]
        left, _, right, _ = bodies[i]
        level = (tops[i], replace(tops[i], x=right, align="right"), replace(tops[i], x=left, align="left"))
        # A disputed value may stand a little higher: it should not go unsaid.
        lifts = (0, 0.4, 0.8, 1.2) if rows[i].open else (0,)
        over = [replace(label, y=label.y - lift * label.size) for lift in lifts for label in level]
        for label in over:
            if label.box[0] > -3 and label.box[2] < wide + 3 and not any(touch(label.box, other) for other in others):
                kept[i] = label
                break
    return [kept[i] for i in sorted(kept)]


def _feet(names: Sequence[str], xs: Sequence[float], step: float, bold: Sequence[bool], sheet: _Sheet) -> list[Label]:
    """Category names under their places: folded, and thinned where all carry a number, as years do."""
    folded = [wrapped(name, step - 3, sheet.small, b) for name, b in zip(names, bold, strict=True)]
    wide = max(text_width(name, sheet.small, b) for name, b in zip(folded, bold, strict=True))
    every = 1
    if wide > step - 1:
        if not all(any(c.isdigit() for c in name) for name in names):
            raise _crowded(
                "its category names", "Choose kind: bars, shorten the names, or give the chart a wider place."
            )
        folded, every = list(names), int(max(text_width(n, sheet.small, True) for n in names) / step) + 1
    bottom = sheet.frame.height_px
    deepest = max(name.count("\n") for name in folded)
    labels = []
    for i, (name, x, b) in enumerate(zip(folded, xs, bold, strict=True)):
        if (len(names) - 1 - i) % every == 0:
            y = bottom - sheet.line * (deepest + 0.5) + name.count("\n") * (sheet.small + 2) / 2
            colour = sheet.colour("accent") if b else sheet.colour("ink")
            labels.append(Label(name, _inside(x, name, b, sheet), y, sheet.small, colour, "center", b))
    return labels


def _blocks(rows: Sequence[Row], strong: Sequence[bool], sheet: _Sheet, encoding: dict[str, Any]) -> list[Layer]:
    """Bars: solid, or white with a broken outline where the value is disputed."""
    values = [
        {
            "band": band,
            "label": row.label,
            "value": row.value,
            "fill": sheet.colour("paper") if row.open else sheet.plain(s).fill,
            "edge": sheet.plain(s).fill,
            "open": row.open,
        }
        for band, (row, s) in enumerate(zip(rows, strong, strict=True))
    ]
    layers: list[Layer] = []
    for disputed in (False, True):
        some = [value for value in values if value["open"] is disputed]
        if some:
            look = {"strokeDash": [2.5, 1.5], "strokeWidth": 1.2} if disputed else {"strokeWidth": 0}
            layers.append(
                {
                    "name": "disputed" if disputed else "certain",
                    "data": {"values": some},
                    "mark": {"type": "bar", **look},
                    "encoding": {**encoding, "fill": _as_given("fill"), "stroke": _as_given("edge")},
                }
            )
    return layers


# ------------------------------------------------------------------ dots


def _dots(rows: tuple[Row, ...], sheet: _Sheet) -> list[Layer]:
    series = list(dict.fromkeys(row.series for row in rows))
    inks = sheet.inks(series) if len(series) > 1 else {}
    names = list(dict.fromkeys(row.label or "" for row in rows))
    strong = [any(sheet.stands_out(row) for row in rows if (row.label or "") == name) for name in names]
    folded, room = _side(names, strong, sheet)
    head = sheet.line + 4 if inks else 0
    _tall_enough(folded, (sheet.frame.height_px - head) / len(names), sheet)
    ends = max(text_width(row.text, sheet.small, True) for row in rows) + 9
    low, high = _reach(rows, zero=_from_zero(rows))
    scale = _Line(low, high, room + 12 + (ends if len(series) > 1 or low < 0 else 0), sheet.frame.width_px - ends)
    if scale.end - scale.start < 30:
        raise _crowded("its dots beside their names", "Shorten the names, or give the chart a wider place.")
    centres, _ = _bands(len(names), head, sheet.frame.height_px, 0)
    labels: list[Label] = []
    points: list[dict[str, Any]] = []
    guides: list[Layer] = []
    whiskers: list[Box] = []
    for name, text, centre, s in zip(names, folded, centres, strong, strict=True):
        bold = s and bool(sheet.highlight) and not inks
        labels.append(Label(text, 0, centre, sheet.small, sheet.colour("accent" if bold else "ink"), "left", bold))
        here = sorted((row for row in rows if (row.label or "") == name), key=lambda row: row.value)
        start = scale.at(here[0].value) if inks else room + 6
        guides.append(rule(start, centre, scale.at(here[-1].value), centre, sheet.colour("rule"), 0.75))
        for index, row in enumerate(here):
            ink = inks.get(row.series) or sheet.plain(sheet.stands_out(row))
            points.append(_point(scale.at(row.value), centre, row, ink, sheet))
            first = index == 0 and len(here) > 1
            if index in (0, len(here) - 1):
                x = scale.at(_lowest(row)) - 7 if first else scale.at(_highest(row)) + 7
                labels.append(
                    Label(
                        row.text, x, centre, sheet.small, ink.words, "right" if first else "left", sheet.stands_out(row)
                    )
                )
            if row.open and row.low is not None and row.high is not None:
                whiskers.append((scale.at(row.low), centre, scale.at(row.high), centre))
    if inks:
        top = [next((row for row in rows if row.label == names[0] and row.series == one), None) for one in series]
        heads = sorted((scale.at(row.value), str(row.series), inks[row.series].words) for row in top if row)
        labels += _heads([(x, text, colour) for x, text, colour in heads], room, "center", sheet)
    return [*guides, *_whiskers(whiskers, sheet.colour("ink"), upright=False), *_points(points), *text_layers(labels)]


def _heads(
    wanted: Sequence[tuple[float, str, str]], low: float, align: Literal["left", "center"], sheet: _Sheet
) -> list[Label]:
    """Names of series side by side above the first row, each as near to its place as the others allow."""
    widths = [text_width(text, sheet.small, True) for _, text, _ in wanted]
    if sum(widths) + 10 * (len(widths) - 1) > sheet.frame.width_px:
        raise _crowded("the names of its series", "Shorten them, or give the chart a wider place.")
    half = [w / 2 if align == "center" else 0 for w in widths]
    gaps = [0.0] + [(widths[i - 1] - half[i - 1]) + half[i] + 10 for i in range(1, len(widths))]
    high = sheet.frame.width_px - (widths[-1] - half[-1])
    xs = _apart([x for x, _, _ in wanted], gaps, low + half[0], high)
    return [
        Label(text, x, sheet.line / 2, sheet.small, colour, align, True)
        for x, (_, text, colour) in zip(xs, wanted, strict=True)
    ]


def _point(x: float, y: float, row: Row, ink: Ink, sheet: _Sheet) -> dict[str, Any]:
    return {
        "x": round(x, 2),
        "y": round(y, 2),
        "label": row.label,
        "series": row.series,
        "value": row.value,
        "fill": sheet.colour("paper") if row.open else ink.fill,
        "edge": ink.fill,
        "shape": ink.shape,
        "open": row.open,
    }


def _points(points: Sequence[dict[str, Any]]) -> list[Layer]:
    """Dots: filled, or open where the value is disputed."""
    return [
        {
            "name": "disputed" if disputed else "certain",
            "data": {"values": some},
            "mark": {
                "type": "point",
                "size": 42 if disputed else 34,
                "strokeWidth": 1.4 if disputed else 0.8,
                "opacity": 1,
            },
            "encoding": {
                "x": pixels("x"),
                "y": pixels("y"),
                "fill": _as_given("fill"),
                "stroke": _as_given("edge"),
                "shape": _as_given("shape"),
            },
        }
        for disputed in (False, True)
        if (some := [point for point in points if point["open"] is disputed])
    ]


# ------------------------------------------------------------------ stacks


def _stacked(rows: tuple[Row, ...], sheet: _Sheet) -> list[Layer]:
    if any(row.value < 0 for row in rows):
        raise Refused([error("chart-negative", "parts of a stack cannot be negative", hint="Choose kind: bars.")])
    series = list(dict.fromkeys(row.series for row in rows))
    looks = sheet.fills(series)
    names = list(dict.fromkeys(row.label or "" for row in rows))
    alone = len(names) == 1
    folded, room = ([""], 0.0) if alone else _side(names, [True] * len(names), sheet)
    left = 0.0 if alone else room + 8
    totals = [sum(row.value for row in rows if (row.label or "") == name) for name in names]
    scale = _Line(0, max(totals) or 1, left, sheet.frame.width_px - 1)
    head = sheet.line + 6
    bottom = min(sheet.frame.height_px, head + 44 * len(names))
    _tall_enough(folded, (bottom - head) / len(names), sheet)
    centres, thick = _bands(len(names), head, bottom, 0.3)
    labels = [Label(text, 0, y, sheet.small, sheet.colour("ink")) for text, y in zip(folded, centres, strict=True)]
    values: list[dict[str, Any]] = []
    heads: list[tuple[float, str, str]] = []
    for band, (name, centre) in enumerate(zip(names, centres, strict=True)):
        start = 0.0
        parts = sorted((row for row in rows if (row.label or "") == name), key=lambda row: series.index(row.series))
        for row in parts:
            look = looks[row.series]
            end = start + row.value
            values.append(
                {
                    "band": band,
                    "label": row.label,
                    "series": row.series,
                    "start": start,
                    "end": end,
                    "fill": sheet.colour("paper") if row.open else look.fill,
                    "edge": look.edge,
                    "open": row.open,
                }
            )
            x, x2 = scale.at(start), scale.at(end)
            strong = row.series in sheet.highlight
            if band == 0:
                heads.append((x + 1, str(row.series or ""), sheet.colour("accent" if strong else "ink")))
            if text_width(row.text, sheet.small, True) + 5 <= x2 - x and sheet.small < thick:
                colour = sheet.colour("ink") if row.open else look.words
                labels.append(Label(row.text, (x + x2) / 2, centre, sheet.small, colour, "center", True))
            start = end
    labels += _heads(heads, left, "left", sheet)
    ticks = [
        rule(x, sheet.line - 1, x, centres[0] - thick / 2, sheet.colour("muted"), 0.5) for x, text, _ in heads if text
    ]
    return [*_parts(values, scale, head, bottom, len(names)), *ticks, *text_layers(labels)]


def _parts(values: Sequence[dict[str, Any]], scale: _Line, top: float, bottom: float, count: int) -> list[Layer]:
    return [
        {
            "name": "disputed" if disputed else "certain",
            "data": {"values": some},
            "mark": {"type": "bar", "strokeWidth": 1, **({"strokeDash": [2.5, 1.5]} if disputed else {})},
            "encoding": {
                "y": _band_axis(count, top, bottom, 0.3),
                "x": scale.axis("start"),
                "x2": {"field": "end"},
                "fill": _as_given("fill"),
                "stroke": _as_given("edge"),
            },
        }
        for disputed in (False, True)
        if (some := [value for value in values if value["open"] is disputed])
    ]


# ------------------------------------------------------------------ lines and time


def _from_zero(rows: Sequence[Row]) -> bool:
    """Whether an axis from nought leaves the values room to differ: where the lowest is under 80 % of the highest."""
    values = [row.value for row in rows]
    return min(values) <= 0 or min(values) < 0.8 * max(values)


def _lines(rows: tuple[Row, ...], sheet: _Sheet) -> list[Layer]:
    names = list(dict.fromkeys(row.label or str(row.on or "") for row in rows))
    places = {name: float(index) for index, name in enumerate(names)}
    at = [places[row.label or str(row.on or "")] for row in rows]

    def feet(scale: _Line) -> list[Label]:
        step = (scale.end - scale.start) / max(1, len(names) - 1)
        bold = [name in sheet.highlight for name in names]
        return _feet(names, [scale.at(places[name]) for name in names], step, bold, sheet)

    edge = max(text_width(names[0], sheet.small, True), text_width(names[-1], sheet.small, True)) / 2
    return _curves(rows, at, feet, (0.0, float(max(1, len(names) - 1))), sheet, min(edge, sheet.frame.width_px / 6))


def _time(rows: tuple[Row, ...], sheet: _Sheet) -> list[Layer]:
    if any(row.on is None for row in rows):
        raise Refused(
            [error("chart-dateless", "a time chart needs a date for each value", hint="Write on: 2024-06-11.")]
        )
    days = [row.on or datetime.date.min for row in rows]
    at = [_milliseconds(day) for day in days]
    labelled = {_milliseconds(day): row.label for day, row in zip(days, rows, strict=True) if row.label}
    years = [datetime.date(year, 1, 1) for year in range(min(days).year, max(days).year + 1)]
    marks = labelled or {max(_milliseconds(day), min(at)): str(day.year) for day in years}

    def feet(scale: _Line) -> list[Label]:
        kept: list[Label] = []
        for when in sorted(marks, reverse=True):
            text = marks[when]
            x = _inside(scale.at(when), text, False, sheet)
            label = Label(text, x, sheet.frame.height_px - sheet.line / 2, sheet.small, sheet.colour("ink"), "center")
            if not any(touch(label.box, other.box) for other in kept):
                kept.append(label)
        return kept

    return _curves(rows, at, feet, (min(at), max(max(at), min(at) + 1)), sheet, edge=sheet.small, temporal=True)


def _milliseconds(day: datetime.date) -> float:
    return (day - datetime.date(1970, 1, 1)).days * 86_400_000.0


def _curves(
    rows: tuple[Row, ...],
    at: Sequence[float],
    feet: Callable[[_Line], list[Label]],
    reach: tuple[float, float],
    sheet: _Sheet,
    edge: float,
    temporal: bool = False,
) -> list[Layer]:
    """Lines through points, each named at its end in its own colour.

    `at` is each row's place on the way across, `reach` the first and last place, `edge` the least margin in pixels.
    """
    series = list(dict.fromkeys(row.series for row in rows))
    inks = sheet.inks(series)
    named = [name for name in series if name]
    margin = max((text_width(name, sheet.small, True) for name in named), default=0.0)
    widest = max(text_width(row.text, sheet.small, True) for row in rows)
    first, last = max(widest * 0.8, edge), max(widest / 2, edge, margin + 9 if named else 0)
    across = _Line(*reach, first, sheet.frame.width_px - last)
    if across.end - across.start < 30:
        raise _crowded("its lines beside their names", "Shorten the names, or give the chart a wider place.")
    low_labels = feet(across)
    bottom = sheet.frame.height_px - sheet.line * max(label.text.count("\n") + 1 for label in low_labels) - 4
    zero = _from_zero(rows)
    low, high = _reach(rows, zero)
    up = _Line(low, high, bottom - (0 if zero and low == 0 else sheet.line), sheet.line + 4)
    points: list[dict[str, Any]] = []
    whiskers: list[Box] = []
    for row, x in zip(rows, at, strict=True):
        points.append({**_point(across.at(x), up.at(row.value), row, inks[row.series], sheet), "at": x})
        if row.open and row.low is not None and row.high is not None:
            whiskers.append((across.at(x), up.at(row.low), across.at(x), up.at(row.high)))
    order = sorted(series, key=lambda name: inks[name].width)
    paths = {name: sorted((p for p in points if p["series"] == name), key=lambda p: p["x"]) for name in order}
    ends = _ends(paths, inks, sheet)
    spans = [(up.at(_highest(row)), up.at(_lowest(row))) for row in rows]
    values = _beside(rows, points, paths, inks, ends, sheet, bottom, spans)
    lines = [_path(path, inks[name], across, up, temporal) for name, path in paths.items() if len(path) > 1]
    left, right = across.start - 6, across.end + 6
    baseline = [rule(left, up.at(0), right, up.at(0), sheet.colour("muted"))] if low <= 0 <= high else []
    if temporal:
        foot = up.at(low)
        baseline += [rule(label.x, foot, label.x, foot + 3, sheet.colour("muted")) for label in low_labels]
    return [
        *baseline,
        *lines,
        *_whiskers(whiskers, sheet.colour("ink"), upright=True),
        *_points([point for name in order for point in paths[name]]),
        *text_layers([*low_labels, *ends, *values]),
    ]


def _highest(row: Row) -> float:
    return row.high if row.open and row.high is not None else row.value


def _lowest(row: Row) -> float:
    return row.low if row.open and row.low is not None else row.value


def _path(path: Sequence[dict[str, Any]], ink: Ink, across: _Line, up: _Line, temporal: bool) -> Layer:
    x = across.axis("at")
    if temporal:
        x = {
            **x,
            "type": "temporal",
            "scale": {
                "type": "utc",
                "domain": [across.low, across.high],
                "range": [across.start, across.end],
                "nice": False,
            },
        }
    return {
        "data": {"values": [{key: point[key] for key in ("at", "value")} for point in path]},
        "mark": {"type": "line", "color": ink.fill, "strokeWidth": ink.width, "strokeJoin": "round"},
        "encoding": {"x": x, "y": up.axis("value")},
    }


def _ends(
    paths: Mapping[str | None, Sequence[dict[str, Any]]], inks: Mapping[str | None, Ink], sheet: _Sheet
) -> list[Label]:
    """The name of each series beside its last point."""
    last = sorted((path[-1]["y"], path[-1]["x"], name) for name, path in paths.items() if name)
    ys = _apart(
        [y for y, _, _ in last], [sheet.line] * len(last), sheet.small / 2, sheet.frame.height_px - 1.5 * sheet.line
    )
    return [
        Label(name, x + 8, y, sheet.small, inks[name].words, "left", True)
        for y, (_, x, name) in zip(ys, last, strict=True)
    ]


def _beside(
    rows: Sequence[Row],
    points: Sequence[dict[str, Any]],
    paths: Mapping[str | None, Sequence[dict[str, Any]]],
    inks: Mapping[str | None, Ink],
    ends: Sequence[Label],
    sheet: _Sheet,
    bottom: float,
    spans: Sequence[tuple[float, float]],
) -> list[Label]:
    """Value labels above or below their points, where they touch nothing; the rest are left out."""
    dots = [(p["x"] - 3, top - 3, p["x"] + 3, base + 3) for p, (top, base) in zip(points, spans, strict=True)]
    strokes = [box for path in paths.values() for a, b in itertools.pairwise(path) for box in _along(a, b)]
    kept = [label.box for label in ends]
    found: list[Label] = []
    for i in sorted(range(len(rows)), key=lambda i: (*_weight(rows[i], points[i], paths, inks), i)):
        row, point = rows[i], points[i]
        strong = inks[row.series].shape == "circle"
        ends_only = len(paths) > 2 and not strong and not row.open
        if ends_only and point is not paths[row.series][0] and point is not paths[row.series][-1]:
            continue
        wide = text_width(row.text, sheet.small, strong)
        clear = (spans[i][0] - point["y"], spans[i][1] - point["y"])
        for aside, distance in itertools.product((0, -0.3, 0.3, -0.45, 0.45), (0.85, -0.85, 1.2, -1.2)):
            y = point["y"] + clear[distance < 0] - distance * sheet.small
            label = Label(row.text, point["x"] + aside * wide, y, sheet.small, inks[row.series].words, "center", strong)
            box = label.box
            if box[0] < -2 or box[2] > sheet.frame.width_px + 2 or box[1] < 0 or box[3] > bottom:
                continue
            others = [dot for j, dot in enumerate(dots) if j != i] + strokes + kept
            if not any(touch(box, other) for other in others):
                kept.append(box)
                found.append(label)
                break
    return found


def _weight(
    row: Row,
    point: Mapping[str, Any],
    paths: Mapping[str | None, Sequence[Mapping[str, Any]]],
    inks: Mapping[str | None, Ink],
) -> tuple[bool, ...]:
    """What is labelled first: the end, the highest, the disputed; highlighted series before others."""
    path = paths[row.series]
    peak = max(path, key=lambda p: float(p["value"]))
    return (
        point is not path[-1] and point is not peak and not row.open,
        inks[row.series].shape != "circle",
        point is not path[0],
    )


def _around(x: float, y: float, radius: float) -> Box:
    return (x - radius, y - radius, x + radius, y + radius)


def _along(start: Mapping[str, Any], end: Mapping[str, Any]) -> list[Box]:
    """Small boxes along a stroke."""
    dx, dy = end["x"] - start["x"], end["y"] - start["y"]
    steps = max(1, int(max(abs(dx), abs(dy)) / 2))
    return [_around(start["x"] + dx * k / steps, start["y"] + dy * k / steps, 0.8) for k in range(steps + 1)]


# ------------------------------------------------------------------ an author's own specification

# Keys under which Vega-Lite would load something, or carries data past the briefing's figures.
_LOADS = {
    "url": "chart-url",
    "href": "chart-url",
    "data": "chart-data",
    "datasets": "chart-data",
    "usermeta": "chart-data",
}


def _authored(given: Mapping[str, Any], rows: tuple[Row, ...], tokens: Tokens, frame: Frame) -> Drawing:
    faults = list(_loading(given))
    if faults:
        raise Refused(faults)
    body = {str(key): _typed(value) for key, value in given.items()}
    config = body.pop("config", {})
    body = {
        "width": frame.width_px,
        "height": frame.height_px,
        "autosize": {"type": "fit", "contains": "padding"},
        **body,
    }
    body |= {
        "$schema": SCHEMA,
        "background": None,
        "padding": body.get("padding", 0),
        "config": _merged(theme(tokens), config if isinstance(config, dict) else {}),
        "data": {"values": [_record(row) for row in rows]},
    }
    return Drawing(body, marks=1)


def _loading(node: Any, path: str = "") -> Iterator[Finding]:
    """Every key that would load or carry data, at any depth, and every mark that shows a picture."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            here = f"{path}.{key}".lstrip(".")
            if key in _LOADS:
                yield _unwanted(_LOADS[key], here)
            elif value == "image" and key in ("mark", "type"):
                yield _unwanted("chart-url", f"{here}: image")
            else:
                yield from _loading(value, here)
    elif isinstance(node, list | tuple):
        for index, value in enumerate(node):
            yield from _loading(value, f"{path}.{index}")


def _unwanted(code: str, where: str) -> Finding:
    return error(
        code,
        f'a vega_lite specification may not hold "{where}"',
        hint="Put the values under the chart's own data, where they answer for their sources.",
    )


def _typed(value: Any) -> Any:
    """JSON values from what stands in the content: only without quotation marks is a scalar anything but a string."""
    if isinstance(value, Mapping):
        return {str(key): _typed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_typed(item) for item in value]
    if isinstance(value, str):
        return _scalar(value) if getattr(value, "plain", False) else str(value)
    return value


_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


def _scalar(text: str) -> bool | float | str | None:
    return _WORDS[text] if text in _WORDS else _number(text)


def _number(text: str) -> float | str:
    """A number as JSON writes one; 010 and 1_000 stay text."""
    if not re.fullmatch(r"-?(0|[1-9]\d{0,17})(\.\d{1,17})?([eE][-+]?\d{1,2})?", text):
        return str(text)
    return int(text) if text.lstrip("-").isdecimal() else float(text)


def _merged(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    both = {**ours, **theirs}
    for key in ours.keys() & theirs.keys():
        if isinstance(ours[key], Mapping) and isinstance(theirs[key], Mapping):
            both[key] = _merged(ours[key], theirs[key])
    return both


def _record(row: Row) -> dict[str, Any]:
    known = {
        "label": row.label,
        "on": row.on.isoformat() if row.on else None,
        "series": row.series,
        "value": row.value,
        "text": row.text,
        "open": row.open,
        "low": row.low,
        "high": row.high,
    }
    return {**{key: _number(value) for key, value in row.fields.items()}, **known}
