"""The layers of a Vega-Lite specification: data, a mark and where it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Layer = dict[str, Any]


def layer(values: Sequence[Any], mark: dict[str, Any], **encoding: Any) -> Layer:
    """A mark for each value."""
    return {"data": {"values": list(values)}, "mark": mark, "encoding": encoding}


def each(name: str) -> dict[str, str]:
    """A property of a mark that every value brings along."""
    return {"expr": f"datum.{name}"}


def pixels(name: str) -> dict[str, Any]:
    """The encoding of a field that holds a place within the frame."""
    return {"field": name, "type": "quantitative", "scale": None, "axis": None}


def rule(x: float, y: float, x2: float, y2: float, colour: str, width: float = 0.75) -> Layer:
    """A straight line within the frame; 0.75 px is 0.56 points."""
    ends = {"x": round(x, 2), "y": round(y, 2), "x2": round(x2, 2), "y2": round(y2, 2)}
    mark = {"type": "rule", "color": colour, "strokeWidth": width}
    return layer([ends], mark, x=pixels("x"), y=pixels("y"), x2={"field": "x2"}, y2={"field": "y2"})


def shape_count(layers: Sequence[Layer]) -> int:
    """How many marks the layers ask for at least: one for each value, one for lines, none for words."""
    count = {"text": 0, "line": 1, "area": 1}
    return sum(count.get(layer["mark"]["type"], len(layer["data"]["values"])) for layer in layers)


def words(layers: Sequence[Layer]) -> tuple[str, ...]:
    """Every line of words that the layers ask for, but for those that an axis may leave out where they are dense."""
    texts = [*_names(layers), *(text for layer in layers for text in _texts(layer))]
    return tuple(line for text in texts for line in text.split("\n") if line.strip())


def _names(layers: Sequence[Layer]) -> Iterator[str]:
    """The names along the axes; layers that share an axis draw it once."""
    drawn = set()
    for layer in layers:
        for channel in ("x", "y"):
            axis = layer["encoding"].get(channel, {}).get("axis")
            if isinstance(axis, Mapping) and not axis.get("labelOverlap") and (channel, axis["labelExpr"]) not in drawn:
                drawn.add((channel, axis["labelExpr"]))
                names = json.loads(axis["labelExpr"].removesuffix("[datum.value]"))
                yield from (names[str(place)] for place in axis.get("values", names))


def _texts(layer: Layer) -> Iterator[str]:
    text = layer["encoding"].get("text", {})
    if layer["mark"]["type"] == "text":
        yield from (str(value[text["field"]]) for value in layer["data"]["values"])


def titles(node: Any) -> Iterator[str]:
    """Every title in a specification of any shape."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key == "title" and isinstance(value, str):
                yield value
            else:
                yield from titles(value)
    elif isinstance(node, list | tuple):
        for item in node:
            yield from titles(item)
