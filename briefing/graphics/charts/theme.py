"""The page's look as a Vega-Lite configuration."""

from __future__ import annotations

from typing import Any

from briefing.design.tokens import Tokens
from briefing.graphics.drawing import Frame

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


def blank(tokens: Tokens, frame: Frame) -> dict[str, Any]:
    """A specification without layers: the frame, pixel for pixel, and the theme."""
    size = {"width": frame.width_px, "height": frame.height_px, "padding": 0, "autosize": "none"}
    return {"$schema": SCHEMA, **size, "background": None, "config": theme(tokens)}


def theme(tokens: Tokens) -> dict[str, Any]:
    """Type and colours for marks, axes and legends."""
    size, colour = tokens.px("note"), tokens.colour
    whole = {"labelLimit": 0, "titleLimit": 0}  # nothing is cut; long names are folded
    words = {
        **whole,
        "labelFontSize": size,
        "titleFontSize": size,
        "labelColor": colour["ink"],
        "titleColor": colour["muted"],
    }
    plain = {"titleFontWeight": "normal"}
    lines = {"domainColor": colour["muted"], "tickColor": colour["rule"], "gridColor": colour["rule"], "gridWidth": 0.5}
    return {
        "font": tokens.font["sans"],
        "lineBreak": "\n",
        "view": {"stroke": None},
        "text": {"fontSize": size, "color": colour["ink"]},
        "axis": {**words, **plain, **lines, "labelAngle": 0},
        "axisX": {"grid": False},
        "legend": {**words, **plain, "symbolStrokeColor": colour["muted"], "symbolStrokeWidth": 0.6},
        "header": words,
        "mark": {"color": colour["accent"]},
        "line": {"strokeWidth": 2},
        "range": {
            "category": [colour[name] for name in ("accent", "accent-mid", "map-tint", "grey")],
            **{scale: [colour["accent-light"], colour["accent"]] for scale in ("ramp", "heatmap", "ordinal")},
        },
    }
