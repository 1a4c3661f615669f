"""Waffles: a hundred squares, of which each part has as many as its share, to a part of a square."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from briefing.documents.chart_values import ChartValue
from briefing.findings import Refused, error
from briefing.graphics.charts.canvas import Canvas, SeriesStyle, refuse_crowded
from briefing.graphics.charts.layers import Layer, layer, pixels
from briefing.graphics.charts.listing import listed
from briefing.graphics.charts.value_marks import Value, shapes, value

SQUARES = 100
LEAST_PX, MOST_PX = 5.5, 18.0  # of a square with the seam behind it
SEAM_PX = 1.6
AIR_PX = 16.0  # between the squares and the list of parts
BESIDE_PX = 120.0  # the least room for that list


def waffle(rows: Sequence[ChartValue], sheet: Canvas) -> list[Layer]:
    """The squares are filled down, column by column; parts and what they come to are listed beside them or below."""
    parts = [(number, row) for number, row in enumerate(rows) if not row.total]
    total = next((row for row in rows if row.total), None)
    whole = total.value if total else float(SQUARES)
    if not parts or any(row.value < 0 for _, row in parts):
        said = "a waffle needs parts, and none may be negative"
        raise Refused([error("chart-negative", said, hint="Choose kind: bars.")])
    if not whole or sum(row.value for _, row in parts) > whole * (1 + 1e-9):
        said = "the parts of a waffle come to more than the hundred, or the total, that it shows"
        raise Refused([error("chart-total", said, hint="Give the whole as a row with total: true.")])
    looks = _looks(parts, sheet)
    values = [value(0, row, looks[row.label], sheet, number=number, colour=_words(row, sheet)) for number, row in parts]
    lines, beside, side = _grid(values, total, sheet)
    columns = SQUARES // lines
    cells = list(_cells([one.value / whole for _, one in parts]))
    drawn = [_square(values[part] | {"part": part}, cell, low, high, lines, side) for part, cell, low, high in cells]
    taken = sum(row.value for _, row in parts) / whole * SQUARES
    rest = [
        _square({}, cell, max(0.0, taken - cell), 1.0, lines, side)
        for cell in range(math.floor(taken + 1e-9), SQUARES)
        if cell + 1 - taken > 1e-6
    ]
    ends = {"x": pixels("x"), "y": pixels("y"), "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    look = {"type": "rect", "fill": {"expr": "datum.fill"}, "stroke": None}
    empty = {"type": "rect", "fill": sheet.colour("paper"), "stroke": sheet.colour("grey"), "strokeWidth": 0.6}
    edged = [one for one in drawn if one["edge"] != one["fill"]]
    outline = {"type": "rect", "fill": None, "stroke": {"expr": "datum.edge"}, "strokeWidth": 0.6}
    names, _ = listed(values, total, sheet, columns * side + AIR_PX if beside else 0.0)
    return [
        *([{"name": "rest", **layer([_inset(one) for one in rest], empty, **ends)}] if rest else []),
        shapes(drawn, look, **ends),
        *([{"name": "edges", **layer([_inset(one) for one in edged], outline, **ends)}] if edged else []),
        *names(-6.0 if beside else lines * side),
    ]


def _looks(parts: Sequence[tuple[int, ChartValue]], sheet: Canvas) -> dict[str | None, SeriesStyle]:
    """As parts of a bar look; where one is highlighted the others are pale, so that it stands out in grey too."""
    names = [row.label for _, row in parts]
    chosen = {row.label for _, row in parts if sheet.chosen(row)}
    if not chosen:
        return sheet.fills(names)
    hot = replace(sheet.plain(True), fill=sheet.hot, edge=sheet.hot)
    _, *pale = sheet.fills(["a", "b", "c"]).values()
    others = itertools.cycle(pale)
    return {name: hot if name in chosen else next(others) for name in names}


def _words(row: ChartValue, sheet: Canvas) -> str:
    return sheet.hot if sheet.chosen(row) else sheet.colour("ink")


def _grid(values: Sequence[Value], total: ChartValue | None, sheet: Canvas) -> tuple[int, bool, float]:
    """Rows of squares, whether the list stands beside them, and the side of a square: as large as can be."""
    found: list[tuple[float, int, bool]] = []
    for lines in (10, 5, 4):
        columns = SQUARES // lines
        for beside in (True, False):
            side = min((sheet.width - (AIR_PX + BESIDE_PX) * beside) / columns, sheet.height / lines, MOST_PX)
            try:
                _, tall = listed(values, total, sheet, columns * side + AIR_PX if beside else 0.0)
            except Refused:
                continue
            if beside and tall - 6 > sheet.height:
                continue
            side = side if beside else min(side, (sheet.height - tall) / lines)
            if side >= LEAST_PX:
                found.append((round(side, 2), lines, beside))
    if not found:
        raise refuse_crowded("its squares and the names of its parts", "Raise height_mm, or shorten the names.")
    side, lines, beside = max(found)
    return lines, beside, side


def _cells(shares: Sequence[float]) -> Iterator[tuple[int, int, float, float]]:
    """For each part, the squares that it takes, each from where to where."""
    start = 0.0
    for part, share in enumerate(shares):
        end = start + share * SQUARES
        for cell in range(math.floor(start + 1e-9), math.ceil(end - 1e-9)):
            yield part, cell, max(start - cell, 0.0), min(end - cell, 1.0)
        start = end


def _square(look: Value, cell: int, low: float, high: float, lines: int, side: float) -> Value:
    """A square, or a part of one, by pixel; the seam lies behind and below it."""
    column, line = divmod(cell, lines)
    size = side - SEAM_PX
    x, y = column * side, line * side
    place = {"x": x, "x2": x + size, "y": y + size * low, "y2": y + size * high}
    return {**look, **{key: round(px, 3) for key, px in place.items()}}


def _inset(one: Value) -> Value:
    """A square with its outline within it."""
    return {**one, "x": one["x"] + 0.3, "y": one["y"] + 0.3, "x2": one["x2"] - 0.3, "y2": one["y2"] - 0.3}
