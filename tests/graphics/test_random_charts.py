"""Random data for every kind of chart, drawn and read back, and drawings that lie."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.documents.chart_order import month_numbers
from briefing.documents.chart_values import DOWNWARD
from briefing.findings import Refused
from briefing.graphics import renderer
from briefing.graphics.charts.canvas import ENGLISH
from briefing.graphics.charts.drawn import words
from briefing.graphics.charts.panel_witness import unseen_times
from briefing.graphics.charts.witness import spoken
from briefing.graphics.drawing import Drawing
from tests.support.charts import FRAMES, KINDS, LARGE, TEMPLATES, TOKENS, beyond, drawing_of, row, rows_of, seen
from tests.support.examples import examples

pytestmark = pytest.mark.slow
# Kinds that may print few values, and lines of a scale.
SCALED = ("columns", "lines", "time", "steps", "difference", "multiples", "scatter", "grouped")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("look", ["plain", "large"])
def test_a_drawing_says_its_data_or_says_what_it_leaves_out(kind: str, look: str) -> None:
    drawn = 0

    @given(st.data())
    @examples(14 if look == "plain" else 8)
    def check(data: st.DataObject) -> None:
        nonlocal drawn
        rows = data.draw(rows_of(kind))
        roomy = ["main", "wide"]  # what large type needs
        frame = FRAMES[data.draw(st.sampled_from(roomy if look == "large" else sorted(FRAMES)))]
        tokens = TOKENS
        if look == "large":  # as `plan_drawings` does it
            zoom = LARGE.grid["picture"]
            size = {name: points / zoom for name, points in LARGE.size.items()}
            tokens = replace(LARGE, size=size)
        known = sorted({name for one in rows for name in (one.label, one.series) if name})
        some = st.lists(st.sampled_from(known or ["x"]), max_size=2, unique=True)
        more: dict[str, Any] = {"highlight": data.draw(some)}
        if kind in DOWNWARD:
            more["downward"] = data.draw(st.booleans())
        if kind in ("multiples", "scatter") or (kind in SCALED and data.draw(st.booleans())):
            more["print_values"] = data.draw(some)
        if look == "plain" and kind in SCALED[:-3] and data.draw(st.booleans()):
            at = st.sampled_from([one.label or str(one.on) for one in rows])
            more["annotations"] = [{"at": data.draw(at), "to": data.draw(st.none() | at), "text": "A remark here"}]
        try:
            drawing = drawing_of(kind, rows, frame, tokens, **more)
        except Refused as refused:
            assert {one.code for one in refused.findings} <= {"chart-crowded", "chart-series"}  # noqa: PT017
            return
        svg, findings = seen(drawing)
        assert [one for one in findings if one.code != "chart-unlabelled"] == []
        assert beyond(svg, frame) == []
        shown = rows
        if "print_values" in more:
            wanted = {*more["print_values"]}
            shown = tuple(one if {one.label, one.series} & wanted else replace(one, text="") for one in rows)
        printed = " ".join(one.text.replace(" ", "") for one in words(svg))
        told = " ".join(one.message for one in findings)
        between = unseen_times(shown, month_numbers(ENGLISH)) if kind == "multiples" else set()
        for text, named in (one for one in spoken(shown) if one[0] not in between):
            left_out = any(words in told for words in (f"“{named}”", f"“{text} ", f" {text}”", " more"))
            assert left_out or text.replace(" ", "") in printed
        drawn += 1

    check()
    assert drawn, "all were refused"


# ------------------------------------------------------------------ drawings that lie


def _values(drawing: Drawing) -> list[dict[str, Any]]:
    return [one for part in drawing.spec["layer"] if part.get("name") == "values" for one in part["data"]["values"]]


def _longer(drawing: Drawing) -> None:
    for key in ("to", "value"):
        _values(drawing)[1][key] = _values(drawing)[1].get(key, 0) * 1.05


def _swapped(drawing: Drawing) -> None:
    one, other = _values(drawing)[:2]
    for key in ("place",) if one["place"] != other["place"] else ("from", "to"):
        one[key], other[key] = other[key], one[key]


def _gone(drawing: Drawing) -> None:
    for part in drawing.spec["layer"]:
        if part.get("name") == "values":
            part["data"]["values"].pop(1)


@pytest.mark.parametrize("lie", [_longer, _swapped, _gone])
@pytest.mark.parametrize("kind", KINDS)
def test_a_drawing_that_says_something_else_than_its_data_is_refused(kind: str, lie: Any) -> None:
    series = "Rent" if kind == "stacked" else None
    days = {"on": "2020-01-01"}, {"on": "2021-06-01"}, {"on": "2023-01-01"}
    rows = [
        row(None if kind == "time" else name, value, series, **(day if kind == "time" else {}))
        for name, value, day in zip("ABC", (40, 70, 60), days, strict=True)
    ]
    if kind in ("difference", "grouped", "pyramid", "multiples"):
        rows = [replace(one, series=name) for name in ("Rent", "Heat") for one in rows]
    if kind in ("slope", "gauge"):
        parts = (("Rent", (40, 70)), ("Heat", (30, 60)))
        rows = [
            row(label, value, name, total=kind == "gauge" and label == "B")
            for name, values in parts
            for label, value in zip("AB", values, strict=True)
        ]
    if kind == "scatter":
        rows = [replace(one, fields={"across": str(n)}) for n, one in enumerate(rows)]
    drawing = drawing_of(kind, rows)
    lie(drawing)
    drawn, _ = renderer.draw({"a": replace(drawing, marks=0)}, None, TEMPLATES / "fonts")
    assert "chart-untrue" in {one.code for one in renderer.judge(drawing, drawn["a"])}
