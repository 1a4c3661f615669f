"""A list of values and their names below each other, each behind a mark of its look."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from briefing.documents.chart_values import ChartValue
from briefing.graphics.charts.canvas import Canvas, refuse_crowded
from briefing.graphics.charts.labels import Label, text_layers, text_width, wrap_text
from briefing.graphics.charts.layers import Layer, each, layer, pixels
from briefing.graphics.charts.value_marks import Value

APART_PX = 9.0  # between a value and its name, which are read as one word where they are nearer


def listed(
    values: Sequence[Value], total: ChartValue | None, sheet: Canvas, start: float = 0.0
) -> tuple[Callable[[float], list[Layer]], float]:
    """Values and names below each other behind a mark of their look, and the height of all."""
    said = [(str(one["text"]), str(one["label"] or ""), one) for one in values]
    said += [(total.text, total.label or "", {})] if total else []
    left = start + 14.0
    room = sheet.width - left
    rows = []
    for text, name, one in said:
        beside = sheet.widest([text]) + APART_PX
        folded = wrap_text(name, room - beside, sheet.small)
        if text_width(folded, sheet.small) > room - beside or folded.count("\n") > 1:
            beside, folded = 0.0, wrap_text(name, room, sheet.small)
        if max(text_width(folded, sheet.small), sheet.widest([text])) > room:
            raise refuse_crowded("the names of its parts", "Shorten them, or give the chart a wider place.")
        rows.append((text, folded, beside, (folded.count("\n") + 1 + (not beside)) * sheet.line + 2, one))

    def layers(top: float) -> list[Layer]:
        marks, words = [], []
        y = top + 7
        for text, name, beside, tall, one in rows:
            middle = y + sheet.line / 2
            if one:
                marks.append({"x": start + 5, "y": round(middle, 2), "fill": one["fill"], "edge": one["edge"]})
            else:
                words.append(Label("=", start + 5, middle, sheet.small, sheet.colour("muted"), "center", True))
            words.append(Label(text, left, middle, sheet.small, one.get("colour", sheet.colour("ink")), bold=True))
            lines = name.count("\n") + 1
            top_of_name = y if beside else y + sheet.line
            words.append(
                Label(name, left + beside, top_of_name + lines * sheet.line / 2, sheet.small, sheet.colour("ink"))
            )
            y += tall
        look = {"fill": each("fill"), "stroke": each("edge"), "strokeWidth": 0.8, "opacity": 1}
        mark = {"type": "point", "shape": "square", "size": 60, **look}
        return [layer(marks, mark, x=pixels("x"), y=pixels("y")), *text_layers(words)]

    return layers, 7 + sum(tall for *_, tall, _ in rows)
