"""An author's own Vega-Lite specification: given the chart's rows, the page's look and the frame, and no other data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from briefing.design.tokens import Tokens
from briefing.documents.chart_values import ChartValue
from briefing.findings import Finding, Refused, error
from briefing.graphics.charts.custom_labels import is_parted, judge_custom, shades, with_cells, with_names
from briefing.graphics.charts.layers import titles
from briefing.graphics.charts.theme import SCHEMA, theme
from briefing.graphics.drawing import Drawing, Frame

# Keys under which Vega-Lite would load something, or carries data past the briefing's figures.
_LOADS = {"url": "chart-url", "href": "chart-url"} | dict.fromkeys(("data", "datasets", "usermeta"), "chart-data")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


def build_custom_spec(given: Mapping[str, Any], rows: Sequence[ChartValue], tokens: Tokens, frame: Frame) -> Drawing:
    """The author's specification with the rows in it; raises Refused where it would load or carry data."""
    faults = list(_loading(given))
    if faults:
        raise Refused(faults)
    typed = _typed(given)
    records = [_record(row) for row in rows]
    if is_parted(typed):
        body = with_cells(typed, records, frame)
    else:
        fit = {"autosize": {"type": "fit", "contains": "padding"}, "padding": 0}
        body = {"width": frame.width_px, "height": frame.height_px, **fit, **typed}
    body = with_names(body, records, frame, tokens.px("note"))
    config = body.get("config")
    body |= {
        "$schema": SCHEMA,
        "background": None,
        "padding": 0,
        "config": _merged(theme(tokens), config if isinstance(config, dict) else {}),
        "data": {"values": records},
    }
    judge = partial(judge_custom, typed, records, frame)
    return Drawing(body, marks=1, words=tuple(titles(typed)), judge=judge, frame=frame, shaded=shades(typed))


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
    if isinstance(value, str) and getattr(value, "plain", False):
        return _WORDS[value] if value in _WORDS else _number(value)
    return str(value) if isinstance(value, str) else value


def _number(text: str) -> float | str:
    """A number as JSON writes one; 010 and 1_000 stay text."""
    if not re.fullmatch(r"-?(0|[1-9]\d{0,17})(\.\d{1,17})?([eE][-+]?\d{1,2})?", text, re.ASCII):
        return str(text)
    number: float = json.loads(text)
    return number


def _merged(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    both = {**ours, **theirs}
    for key in ours.keys() & theirs.keys():
        if isinstance(ours[key], Mapping) and isinstance(theirs[key], Mapping):
            both[key] = _merged(ours[key], theirs[key])
    return both


def _record(row: ChartValue) -> dict[str, Any]:
    known = asdict(row)
    fields = known.pop("fields")
    known.pop("last")
    known.pop("written")
    return {**{key: _number(value) for key, value in fields.items()}, **known, "on": row.on and row.on.isoformat()}
