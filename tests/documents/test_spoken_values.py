"""What a listener hears of a chart: gaps of lines, and the fields of an author's own specification."""

from __future__ import annotations

from typing import Any

from briefing.content.records import Chart
from briefing.documents.chart_values import ChartValue, spoken_values
from briefing.language.wording import read_wording
from tests.support.builds import TEMPLATES


def heard(chart: dict[str, Any], data: list[dict[str, Any]]) -> list[tuple[str | None, str, str]]:
    record = Chart.model_validate({**chart, "title": "A", "alt": "B", "data": data})
    rows = [ChartValue(one.label, None, one.series, 1, f"{one.value}", fields=one.fields or {}) for one in record.data]
    return [
        (one.series, one.label, one.text) for one in spoken_values(record, rows, read_wording(TEMPLATES, "en-GB", {}))
    ]


def test_a_gap_of_a_line_is_heard() -> None:
    data = [
        {"series": series, "label": year, "value": str(value)}
        for series, points in (("Towns", {"2020": 4, "2022": 7}), ("Villages", {"2020": 3, "2021": 5, "2022": 6}))
        for year, value in points.items()
    ]
    assert heard({"kind": "lines"}, data)[:3] == [
        ("Towns", "2020", "4"),
        ("Towns", "2021", "no value"),
        ("Towns", "2022", "7"),
    ]
    assert "no value" not in [text for *_, text in heard({"kind": "steps"}, data)]  # a step keeps its value


def test_fields_are_heard_with_the_titles_that_the_specification_gives_them() -> None:
    encoding = {
        "x": {"field": "distance", "type": "quantitative", "title": "Kilometres"},
        "y": {"field": "value", "type": "quantitative"},
        "color": {"field": "who", "type": "nominal"},
        "size": {"field": "wells-dug", "type": "quantitative"},
    }
    fields = {"distance": "2", "who": "Owners", "wells-dug": "9", "unused": "x"}
    said = heard(
        {"vega_lite": {"mark": "point", "encoding": encoding}}, [{"label": "A", "value": "3", "fields": fields}]
    )
    assert said == [(None, "A, Kilometres 2, Owners, wells dug 9", "3")]
