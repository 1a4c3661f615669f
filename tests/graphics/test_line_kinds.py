"""Lines that step, differ, need no zero, and carry words at their values."""

from __future__ import annotations

import datetime
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from briefing.content.records import Annotation
from briefing.documents.chart_values import ChartValue
from briefing.findings import Refused
from briefing.graphics.charts.annotations import Spot, annotated
from briefing.graphics.charts.canvas import Canvas
from briefing.graphics.charts.drawn import DrawnShape, shapes, words
from briefing.graphics.charts.labels import Box, Label
from tests.support.charts import FRAMES, TOKENS, drawing_of, row, seen

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May")
IN_2023, IN_2024 = (24634, 24657, 38099, 40297, 38962), (36001, 37166, 36841, 29259, 30747)
BOTH = tuple(
    row(month, value, year, text=f"{value:,}")
    for year, values in (("2023", IN_2023), ("2024", IN_2024))
    for month, value in zip(MONTHS, values, strict=True)
)
YEARS = tuple(row(str(year), value) for year, value in zip(range(2015, 2021), (10, 30, 40, 35, 60, 200), strict=True))


def layer(svg: ElementTree.Element, name: str) -> list[DrawnShape]:
    return [one for one in shapes(svg) if one.layer == name]


def drawn(kind: str, rows: tuple[ChartValue, ...], frame: str = "main", **more: Any) -> ElementTree.Element:
    svg, findings = seen(drawing_of(kind, rows, FRAMES[frame], **more))
    assert {one.code for one in findings} <= {"chart-unlabelled"}
    return svg


def test_lines_need_no_zero_and_their_scale_says_that_it_is_broken() -> None:
    svg = drawn("lines", BOTH)
    assert layer(svg, "break")
    assert not layer(svg, "nought")
    low, high = (pick(one.corners[0][1] for one in layer(svg, "values")) for pick in (max, min))
    assert low - high > 0.6 * 174  # the difference has the room
    from_zero = drawn("lines", (row("2020", 2), row("2021", 20)))
    assert layer(from_zero, "nought")
    assert not layer(from_zero, "break")


@pytest.mark.parametrize("depths", [(2, 5, 20), (8.1, 9.9, 12.2), (-3, 2, 7)])
def test_depths_lie_the_lower_the_larger_they_are(depths: tuple[float, ...]) -> None:
    rows = tuple(row(str(2020 + year), depth) for year, depth in enumerate(depths))
    for more in list[dict[str, Any]](({}, {"print_values": ["2022"]})):
        svg = drawn("lines", rows, downward=True, **more)
        ys = [one.corners[0][1] for one in layer(svg, "values")]
        assert ys == sorted(ys)
        (begin,) = [one for name in ("nought", "break") for one in layer(svg, name)]
        (least, tallest) = (pick(y for _, y in begin.corners) for pick in (min, max))
        assert bool(layer(svg, "break")) == (depths[0] == 8.1)
        assert least <= (ys[0] if depths[0] > 0 else ys[1])
        label = min(one.at[1] for one in words(svg) if one.text in {"8.1", "12.2"}) if depths[0] == 8.1 else 99.0
        assert more or label - TOKENS.px("note") / 2 > tallest  # and the break touches no value


@pytest.mark.parametrize("kind", ["bars", "columns"])
def test_bars_keep_their_zero(kind: str) -> None:
    assert layer(drawn(kind, (row("A", 90), row("B", 100))), "nought")


def test_a_scale_with_numbers_begins_at_one_of_them() -> None:
    svg = drawn("lines", BOTH, print_values=["May"])
    at = {one.text: one.at for one in words(svg)}
    assert {"20,000", "40,000", "30,747", "38,962"} <= at.keys()
    assert "36,001" not in at
    unit = (at["20,000"][1] - at["40,000"][1]) / 20000
    (last,) = [one.corners[0][1] for one in layer(svg, "values") if one.row == 9]
    assert at["20,000"][1] - last == pytest.approx(30747 * unit - 20000 * unit, abs=5)


def test_the_room_between_two_lines_is_tinted_where_the_later_is_above_and_hatched_where_it_is_below() -> None:
    svg = drawn("difference", BOTH, highlight=["2024"])
    (above,) = layer(svg, "above")
    hairs = layer(svg, "below")
    x = dict(zip(MONTHS, sorted({one.corners[0][0] for one in layer(svg, "values")}), strict=True))
    crossing = max(corner[0] for corner in above.corners)
    assert x["Feb"] < crossing < x["Mar"]
    assert all(crossing - 0.1 <= hair.corners[0][0] <= x["May"] for hair in hairs)
    assert len(hairs) > 20


@pytest.mark.parametrize("gone", [("2023", "Mar"), ("2024", "Mar"), ("", "Mar")])
def test_no_room_is_shaded_where_a_value_is_missing(gone: tuple[str, str]) -> None:
    levels = [row(one.label, 10 + 5 * (one.series == "2024"), one.series, text="") for one in BOTH]
    for swapped in (False, True):  # tinted, and hatched
        rows = sorted(levels, key=lambda one: one.series or "", reverse=swapped)
        some = [one for one in rows if (one.series, one.label) != gone and (gone[0] or one.label != gone[1])]
        svg = drawn("difference", tuple(some))
        x = dict(zip([m for m in MONTHS if gone[0] or m != "Mar"], sorted(_places(svg)), strict=True))
        spans = [one.reach(0) for one in (*layer(svg, "above"), *layer(svg, "below"))]
        assert spans
        assert all(right <= x["Feb"] + 1 or left >= x["Apr"] - 1 for left, right in spans)


def _places(svg: ElementTree.Element) -> set[float]:
    return {round(one.corners[0][0]) for one in layer(svg, "values")}


def test_a_difference_is_one_of_two_series() -> None:
    with pytest.raises(Refused) as refused:
        drawn("difference", YEARS)
    assert [one.code for one in refused.value.findings] == ["chart-series"]


@pytest.mark.parametrize("timed", [True, False])
def test_steps_go_across_and_up_and_only_the_times_of_steps_are_named(timed: bool) -> None:
    years = ((1998, 7.1), (2000, 8.4), (2007, 9.9), (2015, 14.2), (2023, 17.0))
    rows = tuple(
        row(None, v, on=f"{y}-01-01", last=datetime.date(y, 12, 31)) if timed else row(str(y), v) for y, v in years
    )
    svg = drawn("steps", rows)
    for line in layer(svg, "line"):
        assert all(x == x2 or y == y2 for (x, y), (x2, y2) in pairwise(line.corners))
    assert layer(svg, "line")
    assert not layer(svg, "gap")  # a step keeps its value until the next
    assert [one.text for one in words(svg) if one.name] == [str(year) for year, _ in years]


def test_words_at_a_value_stand_over_it_and_touch_nothing() -> None:
    notes = [{"at": "2017", "text": "The road opens"}]
    svg = drawn("columns", YEARS, annotations=notes, print_values=["2020"])
    at = {one.text: one.at for one in words(svg)}
    (bar,) = [one for one in layer(svg, "values") if one.row == 2]
    assert at["The road opens"][0] == pytest.approx(sum(bar.reach(0)) / 2, abs=0.6)
    assert at["The road opens"][1] < bar.reach(1)[0]


@pytest.mark.parametrize("printed", [["2019", "2021"], ["2019", "2020", "2021"]])
def test_no_line_of_a_scale_runs_through_a_value_and_none_is_drawn_where_all_are_printed(printed: list[str]) -> None:
    rows = tuple(row(str(year), value) for year, value in zip(range(2019, 2022), (9.2, 14, 21), strict=True))
    svg = drawn("columns", rows, print_values=printed)
    hairs = [one.corners for one in shapes(svg) if one.layer.startswith("layer_") and len(one.corners) == 2]
    assert bool(hairs) == (len(printed) < len(rows))
    at = {one.text: one.at for one in words(svg)}
    (x, foot), at_ten = at["9.2"], [reach for reach in hairs if abs(reach[0][1] - at["9.2"][1] + 3) < 6]
    assert all(not start - 8 < x < end + 8 for (start, _), (end, _) in at_ten), foot
    assert len(at_ten) == (2 if hairs else 0)  # before it and behind it


def test_a_span_reaches_from_its_first_column_to_its_last() -> None:
    svg = drawn("columns", YEARS, annotations=[{"at": "2016", "to": "2018", "text": "War"}])
    (span,) = layer(svg, "span")
    bars = {one.row: one.reach(0) for one in layer(svg, "values")}
    assert bars[0][1] < span.reach(0)[0] < bars[1][0]
    assert bars[3][1] < span.reach(0)[1] < bars[4][0]
    assert "War" in [one.text for one in words(svg)]


def test_a_value_at_the_foot_of_a_step_stands_beside_it() -> None:
    values = [row(year, value, text=f"{value} km") for year, value in (("2021", 17), ("2022", 8), ("2023", 0))]
    assert "0 km" in {one.text for one in words(drawn("steps", tuple(values), "side"))}


def test_words_at_a_value_leave_air_to_strokes() -> None:
    sheet = Canvas(TOKENS, 300, 150, frozenset(), annotations=(Annotation(at="2024", to=None, text="Rain"),))

    def box(strokes: list[Box]) -> Box:
        spots = {"2024": Spot(150, 150, 80)}
        ((one, *_), *_) = [part["data"]["values"] for part in annotated(spots, strokes, 0, 150, sheet)[1]]
        return Label(one["text"], one["x"], one["y"], sheet.small, "", "center").box

    left, top, right, _ = box([])
    stroke = (left, top - 2, right, top - 1)  # touches nothing, but is too near
    _, above, _, below = box([stroke])
    assert max(above - stroke[3], stroke[1] - below) >= 3


def test_words_without_room_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        drawn("lines", BOTH, "low", annotations=[{"at": "Mar", "text": "A very long remark " * 12}])
    assert [one.code for one in refused.value.findings] == ["chart-crowded"]


MONTHLY = tuple(
    row(None, value, on=f"2024-0{n}-01", last=datetime.date(2024, n, 28), written=f"2024-0{n}", text=f"{value} km")
    for n, value in ((1, 10), (2, 40), (3, 22))
)


def test_a_date_is_named_as_it_is_written() -> None:
    svg = drawn("time", MONTHLY, annotations=[{"at": "2024-02", "text": "Rain"}], print_values=["2024-03"])
    said = {one.text for one in words(svg)}
    assert {"Rain", "22 km"} <= said
    assert not {"10 km", "40 km"} & said
    dated = [row("A", 3, on="2024-01-01", written="2024"), row("B", 5, on="2025-01-01", written="2025")]
    svg = drawn("columns", tuple(dated), highlight=["2025"], annotations=[{"at": "2024", "to": "B", "text": "War"}])
    assert "War" in {one.text for one in words(svg)}
    fills = {one.get("data-row"): one.get("fill") for one in svg.iter() if one.get("data-row")}
    assert fills["1"] == TOKENS.colour["signal"] != fills["0"]


def test_a_projected_value_stands_on_two_lines_where_one_has_no_room() -> None:
    money = [(1, ""), (-2, ""), (-6, ""), (-10, ""), (-3, "projected"), (-4, "projected"), (0, "target")]
    rows = [
        row(f"202{n}/2{n + 1}", value, text=f"£{value}.5M" + f" ({said})" * bool(said), standing=said)
        for n, (value, said) in enumerate(money)
    ]
    svg, findings = seen(drawing_of("columns", rows))
    assert findings == ()
    assert {"£-3.5M (projected)", "£-4.5M (projected)", "£0.5M (target)"} <= {one.text for one in words(svg)}


def test_the_line_from_words_to_their_value_runs_through_no_other_words() -> None:
    rows = [row(None, value, on=f"2026-05-0{n}", text=f"{value}%") for n, value in enumerate((2, 29, 57, 49, 41), 3)]
    for frame in ("main", "low", "side"):
        svg = drawn("time", tuple(rows), frame, annotations=[{"at": "2026-05-04", "text": "The eruption begins"}])
        at = {one.text: one.at for one in words(svg)}
        spot = next(one.corners[0] for one in layer(svg, "values") if one.row == 1)
        if "29%" in at and abs(at["29%"][0] - spot[0]) < 10:
            between = sorted((at["The eruption begins"][1], spot[1]))
            assert not between[0] < at["29%"][1] < between[1]


def test_dates_below_columns_are_folded_all_or_none() -> None:
    weeks = tuple(row(name, n + 1) for n, name in enumerate(("Jan 2", "Jan 9", "Jan 16", "Feb 23", "Mar 30", "Apr 6")))
    for frame, folded in (("main", False), ("side", True)):
        svg = drawn("columns", weeks, frame)
        names = [
            one for one in svg.iter() if one.tag.endswith("}text") and "".join(one.itertext())[:3] in "JanFebMarApr"
        ]
        assert len(names) == len(weeks)
        assert {len(list(one)) > 1 for one in names} == {folded}
