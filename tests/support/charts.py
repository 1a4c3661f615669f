"""Charts for tests: rows of every kind, drawn and read back."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from hypothesis import strategies as st

from briefing.content.records import Chart
from briefing.design.tokens import read_tokens
from briefing.documents.chart_values import ChartValue
from briefing.findings import Finding
from briefing.graphics import renderer, vega_process
from briefing.graphics.charts.drawn import words
from briefing.graphics.charts.labels import Box, text_width
from briefing.graphics.charts.spec import spec
from briefing.graphics.drawing import Drawing, Frame
from briefing.graphics.vega_child import FEW

TEMPLATES = Path(__file__).parents[2] / "templates"
TOKENS = read_tokens(TEMPLATES)
LARGE = read_tokens(TEMPLATES, "large-print")
_drawn = 0
FRAMES = {"main": Frame(434, 174), "side": Frame(196, 150), "wide": Frame(650, 130), "low": Frame(434, 90)}
SLACK = 3.0  # px by which words may reach over the edge of a frame: their widths are reckoned wide
KINDS = (
    *("bars", "columns", "dots", "stacked", "lines", "time", "parts", "steps", "difference"),
    *("grouped", "slope", "gauge", "pyramid", "multiples", "scatter"),
)
SINGLE = ("columns", "bars", "parts", "scatter")  # kinds whose rows have no series
PAIRED = ("difference", "pyramid")  # kinds of two series


def row(label: str | None, value: float, series: str | None = None, on: str | None = None, **more: Any) -> ChartValue:
    day = datetime.date.fromisoformat(on) if on else None
    text = more.pop("text", f"{value:,g}")
    return ChartValue(label, day, series, value, text, last=more.pop("last", day), **more)


def drawing_of(
    kind: str, rows: Sequence[ChartValue], frame: Frame = FRAMES["main"], tokens: Any = TOKENS, **more: Any
) -> Drawing:
    if kind == "scatter":
        more = {"axes": ["Kilometres", "Days"], **more}
    record = {"kind": kind, "title": "A", "alt": "B", "data": [{"label": "x", "value": "1"}], **more}
    return spec(Chart.model_validate(record), rows, tokens, frame)


def seen(drawing: Drawing) -> tuple[ElementTree.Element, tuple[Finding, ...]]:
    global _drawn
    _drawn += 1
    if _drawn % FEW == 0:
        vega_process._close_all()  # a fresh engine is quicker than one that clears up after each drawing
    drawn, faults = renderer.draw({"a": drawing}, None, TEMPLATES / "fonts")
    assert not faults
    return ElementTree.fromstring(drawn["a"]), renderer.judge(drawing, drawn["a"])


def beyond(svg: ElementTree.Element, frame: Frame) -> list[str]:
    """Words that run out of the frame."""
    return [text for text, box in _laid(svg, (0.0, 0.0)) if not _holds(frame, box)]


def _holds(frame: Frame, box: Box) -> bool:
    left, top, right, bottom = box
    return left >= -SLACK and top >= -SLACK and right <= frame.width_px + SLACK and bottom <= frame.height_px + SLACK


def _laid(element: ElementTree.Element, at: tuple[float, float]) -> Iterator[tuple[str, Box]]:
    """Every line of words with its room."""
    if moved := re.match(r"translate\((-?[\d.]+)[ ,]+(-?[\d.]+)\)", element.get("transform", "")):
        at = (at[0] + float(moved[1]), at[1] + float(moved[2]))
    if element.tag.endswith("}text"):
        size, bold = float(element.get("font-size", "0px")[:-2]), element.get("font-weight") in ("600", "bold")
        down = at[1]
        for line in element if len(element) else [element]:
            text = line.text or ""
            down += float(line.get("dy", 0))
            wide = text_width(text, size, bold)
            left = at[0] - wide * {"middle": 0.5, "end": 1.0}.get(element.get("text-anchor", ""), 0.0)
            if text:
                yield text, (left, down - 0.7 * size, left + wide, down + 0.1 * size)
    for child in element:
        yield from _laid(child, at)


def shown(kind: str, rows: Sequence[ChartValue], frame: str = "main") -> tuple[list[str], list[Finding]]:
    svg, findings = seen(drawing_of(kind, rows, FRAMES[frame]))
    return [one.text for one in words(svg)], list(findings)


_LABELS = ["2019", "2020", "2021", "2022", "2024", "2025", "2026"]
NAMES = ["North", "South-east", "The islands", "Old towns", "Hills", "Coast", "Elsewhere"]
LONG_NAMES = [f"{place} of the northern and eastern districts" for place in ("Markets", "Schools", "Ports", "Farms")]
_SERIES: list[str | None] = ["Rent", "Heat and light", "Other"]
_LONG_SERIES: list[str | None] = ["Households with a well of their own", "Those without one"]


@st.composite
def rows_of(draw: st.DrawFn, kind: str) -> tuple[ChartValue, ...]:
    labels = draw(st.sampled_from([_LABELS, NAMES, _LABELS, NAMES, LONG_NAMES]))[
        : 2 if kind in ("slope", "gauge") else draw(st.integers(1, 7))
    ]
    low = 0 if kind in ("stacked", "parts", "gauge", "pyramid") else draw(st.sampled_from([0, -1000]))
    large = draw(st.sampled_from([1000, 10_000_000]))
    tenths = st.integers(10 * low, 500).map(lambda value: value / 10)
    values = st.one_of(st.just(0), st.integers(low, 1000), st.integers(low, large), tenths)
    series: list[str | None] = [None]
    if kind not in SINGLE:
        some: list[list[str | None]] = [[None], ["Rent"], _SERIES[:2], _SERIES]
        some = 2 * (some[2:3] if kind in PAIRED else some[2:] if kind == "multiples" else some) + [_LONG_SERIES]
        series = draw(st.sampled_from(some))
    dates = st.dates(datetime.date(2018, 1, 1), datetime.date(2026, 1, 1))
    days = draw(st.lists(dates, min_size=7, max_size=7, unique=True))
    found = []
    for name in series:
        for n in range(len(labels)):
            if not (draw(st.integers(0, 4)) or (kind in PAIRED and not n) or kind == "gauge"):
                continue
            value = float(draw(values))
            more: dict[str, Any] = (
                {"open": True, "low": value * 0.9, "high": value * 1.2} if draw(st.integers(0, 5)) == 0 else {}
            )
            if draw(st.integers(0, 7)) == 0:
                more |= {"standing": "projection", "text": f"{value:,g} (projected)"}
            on = str(days[n]) if kind == "time" else None
            more |= {"fields": {"across": str(draw(tenths))}} if kind == "scatter" else {}
            more |= {"total": n == 1} if kind == "gauge" else {}
            found.append(row(None if kind == "time" else labels[n], value, name, on, **more))
    if kind == "parts" and found and draw(st.booleans()):
        found.append(row("All of them", sum(one.value for one in found), total=True))
    return tuple(found) or (row(labels[0], 1.0, None, "2020-01-01", fields={"across": "1"}),)
