"""Charts for tests: rows of every kind, drawn and read back."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
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
from briefing.graphics.charts.spec import spec
from briefing.graphics.drawing import Drawing, Frame
from briefing.graphics.vega_child import FEW

TEMPLATES = Path(__file__).parents[2] / "templates"
TOKENS = read_tokens(TEMPLATES)
LARGE = read_tokens(TEMPLATES, "large-print")
_drawn = 0
FRAMES = {"main": Frame(434, 174), "side": Frame(196, 150), "wide": Frame(650, 130), "low": Frame(434, 90)}
KINDS = (
    *("bars", "columns", "dots", "stacked", "lines", "time", "parts", "steps", "difference"),
    *("grouped", "slope", "gauge", "pyramid"),
)
SINGLE = ("columns", "bars", "parts")  # kinds whose rows have no series
PAIRED = ("difference", "pyramid")  # kinds of two series


def row(label: str | None, value: float, series: str | None = None, on: str | None = None, **more: Any) -> ChartValue:
    day = datetime.date.fromisoformat(on) if on else None
    text = more.pop("text", f"{value:,g}")
    return ChartValue(label, day, series, value, text, last=more.pop("last", day), **more)


def drawing_of(
    kind: str, rows: Sequence[ChartValue], frame: Frame = FRAMES["main"], tokens: Any = TOKENS, **more: Any
) -> Drawing:
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


def shown(kind: str, rows: Sequence[ChartValue], frame: str = "main") -> tuple[list[str], list[Finding]]:
    svg, findings = seen(drawing_of(kind, rows, FRAMES[frame]))
    return [one.text for one in words(svg)], list(findings)


_LABELS = ["2019", "2020", "2021", "2022", "2024", "2025", "2026"]
NAMES = ["North", "South-east", "The islands", "Old towns", "Hills", "Coast", "Elsewhere"]
_SERIES: list[str | None] = ["Rent", "Heat and light", "Other"]


@st.composite
def rows_of(draw: st.DrawFn, kind: str) -> tuple[ChartValue, ...]:
    labels = draw(st.sampled_from([_LABELS, NAMES]))[: 2 if kind in ("slope", "gauge") else draw(st.integers(1, 7))]
    low = 0 if kind in ("stacked", "parts", "gauge", "pyramid") else draw(st.sampled_from([0, -1000]))
    large = draw(st.sampled_from([1000, 10_000_000]))
    tenths = st.integers(10 * low, 500).map(lambda value: value / 10)
    values = st.one_of(st.just(0), st.integers(low, 1000), st.integers(low, large), tenths)
    series: list[str | None] = [None]
    if kind not in SINGLE:
        some: list[list[str | None]] = [[None], ["Rent"], _SERIES[:2], _SERIES]
        series = draw(st.sampled_from(some[2:3] if kind in PAIRED else some))
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
            more |= {"total": n == 1} if kind == "gauge" else {}
            found.append(row(None if kind == "time" else labels[n], value, name, on, **more))
    if kind == "parts" and found and draw(st.booleans()):
        found.append(row("All of them", sum(one.value for one in found), total=True))
    return tuple(found) or (row(labels[0], 1.0, None, "2020-01-01"),)
