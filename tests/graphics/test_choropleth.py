"""A map of places is tinted by their values, in classes that a legend tells, and says of which nothing is known."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from briefing.content.records import Chart
from briefing.design.brand.colour import contrast, lightness
from briefing.documents.chart_places import class_names, place_name
from briefing.documents.chart_values import ChartValue
from briefing.findings import Finding
from briefing.graphics import renderer
from briefing.graphics.charts.canvas import ENGLISH, Canvas
from briefing.graphics.charts.drawn import ROW, shapes, words
from briefing.graphics.choropleth import choropleth, ramp
from briefing.graphics.drawing import Drawing, Frame
from briefing.graphics.map_plane import inside, plane_of
from tests.support.charts import TEMPLATES, TOKENS, beyond, seen

STATES = {"of": "us-states", "breaks": ["10", "12", "14"], "hot": "highest"}
COUNTRIES = {
    "bounds": {"west": "-92", "south": "-5", "east": "-58", "north": "20"},
    "breaks": ["10", "20"],
    "no_value": ["PE"],
}


def drawing_of(
    shown: dict[str, Any], values: dict[str, float], width: float = 434, share: float = 0.66, **more: Any
) -> Drawing:
    data = [{"label": name, "value": str(value)} for name, value in values.items()]
    chart = Chart.model_validate({"kind": "map", "title": "A", "alt": "B", "data": data, "map": shown, **more})
    assert chart.map
    rows = [
        ChartValue(place_name(name, chart.map.of, ENGLISH), None, None, value, f"{value:g}%")
        for name, value in values.items()
    ]
    forms = {"lowest": "under {high}", "middle": "{low} to under {high}", "highest": "{low} or more"}
    names = class_names([f"{one:f}%" for one in chart.map.breaks], forms)
    sheet = Canvas(TOKENS, width, width * share, frozenset())
    return choropleth(chart, rows, (names, "no value", "2023"), sheet, TEMPLATES)


def drawn(*given: Any, **more: Any) -> tuple[ElementTree.Element, tuple[Finding, ...]]:
    return seen(drawing_of(*given, **more))


def fills(svg: ElementTree.Element) -> list[str | None]:
    found = {int(one.attrib[ROW]): one.get("fill") for one in svg.iter() if ROW in one.attrib}
    return [found[number] for number in sorted(found)]


@pytest.mark.parametrize("width", [434, 330])
def test_each_state_is_in_the_tint_of_its_class_and_what_is_chosen_is_named_with_its_value(width: float) -> None:
    values = {"Texas": 14.0, "CA": 13.9, "Delaware": 9.9, "NY": 12.0, "AK": 10.0, "HI": 15.0}
    svg, findings = drawn(STATES, values, width, highlight=["Delaware"], print_values=["Texas"])
    assert findings == ()
    light, tint, mid = (TOKENS.colour[one] for one in ("accent-light", "map-tint", "accent-mid"))
    hot = TOKENS.colour["signal"]
    assert fills(svg) == [hot, mid, light, mid, tint, hot]
    said = " ".join(one.text for one in words(svg))
    for text in ("Delaware 9.9%", "Texas 14%", "under 10%", "12% to under 14%", "14% or more", "no value", "2023"):
        assert text in said
    assert [one.layer for one in shapes(svg)].count("hatch") > 100  # the other states


def test_countries_are_tinted_within_their_bounds_and_one_without_a_value_is_hatched() -> None:
    svg, findings = drawn(COUNTRIES, {"VE": 25, "Ecuador": 5, "CO": 10})
    assert findings == ()
    assert fills(svg) == [TOKENS.colour[one] for one in ("accent", "map-tint", "accent-mid")]
    peru = [one.corners[0] for one in shapes(svg) if one.layer == "hatch"]
    assert peru
    assert all(0 <= x <= 434 and y > 150 for x, y in peru)  # below Ecuador


def test_words_in_a_place_that_the_edge_cuts_lie_within_the_frame() -> None:
    shown = {"bounds": {"west": "100", "south": "42", "east": "-60", "north": "76"}, "breaks": ["10"]}
    svg, findings = drawn(shown, {"US": 15}, share=0.5, highlight=["US"])
    assert findings == ()
    assert beyond(svg, Frame(434, 434 * 0.5)) == []


def test_words_beside_a_place_cover_no_land_of_others() -> None:
    shown = {"bounds": {"west": "-25", "south": "51", "east": "25", "north": "66"}, "breaks": ["10"]}
    drawing = drawing_of(shown, {"Sweden": 3, "Norway": 38}, print_values=["Sweden"])
    svg, findings = seen(drawing)
    assert findings == ()
    (label,) = [one for one in words(svg) if "Sweden" in one.text]
    chart = {"kind": "map", "title": "A", "alt": "B", "data": [{"label": "SE", "value": "1"}], "map": shown}
    record = Chart.model_validate(chart).map
    assert record
    plane = plane_of(record, ["SE", "NO"], (0.0, 20.0, 434.0, 286.0), Frame(434, 286), TEMPLATES)
    sides = [label.at[0] + aside for aside in (-30, -15, 15, 30)]
    assert [x for x in sides if inside(x, label.at[1] - 3, plane.others)] == []


@pytest.mark.parametrize("hot", [None, "highest", "lowest"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_classes_are_told_apart_in_grey_and_darken_in_one_direction(hot: str | None, count: int) -> None:
    record = {"kind": "map", "title": "A", "alt": "B", "data": [{"label": "TX", "value": "1"}]}
    shown = Chart.model_validate({**record, "map": {"breaks": ["1", "2", "3"][:count], "hot": hot}}).map
    assert shown
    pale_first = [TOKENS.colour[one] for one in (ramp(shown)[::-1] if hot == "lowest" else ramp(shown))]
    for pale, dark in pairwise(pale_first):
        assert lightness(pale) > lightness(dark)
        assert contrast(pale, dark) >= 1.3


def test_a_map_that_tints_otherwise_than_its_data_is_refused() -> None:
    drawing = drawing_of(STATES, {"Texas": 14.0, "CA": 9.0})
    (values,) = [one for one in drawing.spec["layer"] if one.get("name") == "values"]
    one, other = (feature["properties"] for feature in values["data"]["values"])
    one["fill"], other["fill"] = other["fill"], one["fill"]
    lied, _ = renderer.draw({"a": drawing}, None, TEMPLATES / "fonts")
    assert [one.code for one in renderer.judge(drawing, lied["a"])] == ["chart-untrue", "chart-untrue"]
