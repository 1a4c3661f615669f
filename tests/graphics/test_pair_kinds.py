"""Charts of pairs: grouped columns, slopes and gauges."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from xml.etree.ElementTree import Element

import pytest

from briefing.content.records import Chart
from briefing.design.paper import PX_PER_MM
from briefing.documents.chart_values import ChartValue
from briefing.findings import Refused
from briefing.graphics.chart_heights import BAR_ROW_PX, chart_mm
from briefing.graphics.charts.drawn import shapes, words
from briefing.graphics.drawing import Frame
from tests.support.charts import FRAMES, TOKENS, beyond, drawing_of, row, seen

SIZE = TOKENS.px("note")
GROUPS = tuple(
    row(label, value, year)
    for year, values in (("2023", (24, 38, 40)), ("2024", (36, 37, 29)))
    for label, value in zip(("Jan", "Feb", "Mar"), values, strict=True)
)
SHARES = (("Venezuela", 61, 63), ("Ecuador", 12, 11), ("Haiti", 9, 9.5))
SLOPES = tuple(
    row(year, value, name) for name, first, second in SHARES for year, value in (("2022", first), ("2023", second))
)
MONEY = (
    row("received", 12, "Food"),
    row("asked for", 28, "Food", total=True),
    row("received", 2, "Shelter"),
    row("asked for", 19, "Shelter", total=True),
)


def test_the_columns_of_a_group_stand_side_by_side_and_groups_apart() -> None:
    svg, findings = seen(drawing_of("grouped", GROUPS, highlight=["2024"]))
    assert findings == ()
    at = {one.row: one.reach(0) for one in shapes(svg) if one.row is not None}
    within, between = at[3][0] - at[0][1], at[1][0] - at[3][1]
    assert 0 < within < 5 < between
    hot = [one.get("fill") for one in svg.iter() if one.get("data-row") in ("3", "4", "5")]
    assert set(hot) == {TOKENS.colour["signal"]}


@pytest.mark.parametrize("count", [2, 3, 4, 5])
@pytest.mark.parametrize("hot", [(), ("C2",)])
def test_each_series_of_a_group_has_a_look_of_its_own(count: int, hot: tuple[str, ...]) -> None:
    rows = [row(label, 10 + n, f"C{n + 1}") for n in range(count) for label in ("Jan", "Feb")]
    svg, _ = seen(drawing_of("grouped", rows, highlight=hot))
    looks = {one.get("data-row"): (one.get("fill"), one.get("stroke")) for one in svg.iter() if one.get("data-row")}
    assert len(set(looks.values())) == count
    fills = [looks[str(2 * n)][0] for n in range(count)]
    assert len(set(fills)) == count
    assert (TOKENS.colour["signal"] in fills) == bool(hot)


def test_columns_of_more_series_than_there_are_looks_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        drawing_of("grouped", [row("Jan", 1, f"C{n}") for n in range(6)])
    assert [one.code for one in refused.value.findings] == ["chart-series"]


@pytest.mark.parametrize("kind", ["columns", "grouped"])
def test_a_scale_of_nothing_but_noughts_begins_at_nought(kind: str) -> None:
    rows = [row(name, 0, "All") for name in "AB"]
    svg, _ = seen(drawing_of(kind, rows, print_values=["A"]))
    assert not [one.text for one in words(svg) if one.text.startswith(("-", "−"))]


def test_few_groups_stand_in_the_middle() -> None:
    svg, _ = seen(drawing_of("grouped", [one for one in GROUPS if one.label != "Mar"]))
    reach = [end for one in shapes(svg) if one.row is not None for end in one.reach(0)]
    assert min(reach) == pytest.approx(FRAMES["main"].width_px - max(reach), abs=1)


def test_a_slope_has_its_values_at_both_posts_and_its_name_at_the_second() -> None:
    svg, findings = seen(drawing_of("slope", SLOPES, FRAMES["side"], highlight=["Ecuador"]))
    assert findings == ()
    said = words(svg)
    posts = sorted({round(one.corners[0][0]) for one in shapes(svg) if one.row is not None})
    assert len(posts) == 2
    for name, first, second in SHARES:
        (x,), (y,) = ([one.at[0] for one in said if one.text == f"{value:,g}"] for value in (first, second))
        (named,) = (one.at[0] for one in said if one.text == name)
        assert x < posts[0] < posts[1] < y < named
    rows = sorted(one.at[1] for one in said if one.at[0] > posts[1] and one.text in [name for name, *_ in SHARES])
    assert all(below - above >= 10 for above, below in pairwise(rows))


def test_gauges_of_one_chart_have_one_scale() -> None:
    svg, findings = seen(drawing_of("gauge", MONEY))
    assert findings == ()
    wide = {one.row: one.reach(0)[1] - one.reach(0)[0] for one in shapes(svg) if one.row is not None}
    assert wide[0] / wide[1] == pytest.approx(12 / 28, abs=0.01)
    assert wide[3] / wide[1] == pytest.approx(19 / 28, abs=0.01)
    assert {"12", "28", "received", "asked for", "Food", "Shelter"} <= {one.text for one in words(svg)}


def test_the_total_of_a_gauge_is_seen_where_more_is_reached() -> None:
    rows = (row("received", 30, "Food"), row("asked for", 20, "Food", total=True))
    drawing = drawing_of("gauge", rows)
    (mark,) = [part for part in drawing.spec["layer"] if part["mark"].get("color") == TOKENS.colour["paper"]]
    svg, findings = seen(drawing)
    assert findings == ()
    wide = {one.row: one.reach(0)[1] for one in shapes(svg) if one.row is not None}
    assert mark["data"]["values"][0]["x"] == pytest.approx(wide[1], abs=0.6)


def test_a_bar_of_a_pixel_in_a_pyramid_is_no_measure_of_the_long_ones() -> None:
    names = ("North", "North", "The islands", "Hills", "Coast")
    values = zip(names, (0, 0, 0, 199, 1.2), ("Rent", *["Heat and light"] * 4), strict=True)
    rows = [replace(row(*one), text=f"{one[1]}{' (projected)' * (one[1] < 9)}") for one in values]
    _, findings = seen(drawing_of("pyramid", rows, FRAMES["low"]))
    assert findings == ()


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("pyramid", (row("0–4", 1, "A"), row("5–9", 2, "A"))),
        ("slope", (row("2022", 1, "A"), row("2023", 2, "A"), row("2024", 3, "A"))),
        ("gauge", (row("received", 1, "A"), row("asked for", 2, "A"))),
        ("gauge", (row("asked for", 2, "A", total=True),)),
    ],
)
def test_what_is_no_pair_is_refused(kind: str, rows: tuple[ChartValue, ...]) -> None:
    with pytest.raises(Refused) as refused:
        drawing_of(kind, rows)
    assert [one.code for one in refused.value.findings] == ["chart-series"]


def test_the_sides_of_a_pyramid_stand_back_to_back_with_the_names_between_them() -> None:
    ages = ("0–9", "10–19", "20–29")
    rows = [
        row(age, value, name)
        for name, values in (("Women", (30, 20, 10)), ("Men", (33, 21, 5)))
        for age, value in zip(ages, values, strict=True)
    ]
    svg, findings = seen(drawing_of("pyramid", rows))
    assert findings == ()
    at = {one.row: one.reach(0) for one in shapes(svg) if one.row is not None}
    left, right = max(at[n][1] for n in range(3)), min(at[n][0] for n in range(3, 6))
    for one in words(svg):
        if one.text in ages:
            assert left < one.at[0] < right
    assert at[0][1] - at[0][0] == pytest.approx((at[3][1] - at[3][0]) * 30 / 33, abs=0.1)


def test_a_name_far_from_its_dots_is_led_to_them() -> None:
    rows = [row(name, value, series) for series in "AB" for name, value in (("Low", 90), ("High", 10))]
    rows = [*rows[:2], *(row(one.label, one.value + 5, "B") for one in rows[2:])]
    svg, findings = seen(drawing_of("dots", rows))
    assert findings == ()
    dotted = [one for one in svg.iter() if one.get("stroke-dasharray") == "1,2.5"]
    assert dotted


LONG = "Households with a well of their own"


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("frame", ["main", "side"])
def test_the_heads_of_a_slope_lie_in_the_frame_or_are_refused(place: int, frame: str) -> None:
    heads = [LONG if n == place else "2023" for n in (0, 1)]
    rows = [row(head, value, name) for name, *values in SHARES for head, value in zip(heads, values, strict=True)]
    svg, _ = seen(drawing_of("slope", rows, FRAMES[frame]))
    assert beyond(svg, FRAMES[frame]) == []
    assert set(heads) <= {one.text for one in words(svg)}
    rows = [replace(one, label=f"{LONG} and a gate, {one.label}") for one in rows]
    with pytest.raises(Refused) as refused:
        drawing_of("slope", rows, FRAMES[frame])
    assert [one.code for one in refused.value.findings] == ["chart-crowded"]


@pytest.mark.parametrize("place", [0, 1])
def test_the_heads_of_a_pyramid_lie_in_the_frame_or_are_refused(place: int) -> None:
    heads = [f"{LONG} and a gate" if n == place else "Men" for n in (0, 1)]
    rows = [row(age, value, name) for name in heads for age, value in (("0–9", 30), ("10–19", 20))]
    svg, _ = seen(drawing_of("pyramid", rows))
    assert beyond(svg, FRAMES["main"]) == []
    assert set(heads) <= {one.text for one in words(svg)}
    with pytest.raises(Refused) as refused:
        drawing_of("pyramid", [replace(one, series=f"{LONG} and a gate, {one.series}") for one in rows])
    assert [one.code for one in refused.value.findings] == ["chart-crowded"]


def test_the_names_of_the_axes_of_a_scatter_lie_in_the_frame_or_are_refused() -> None:
    rows = [row(name, at, fields={"across": str(2 * at)}) for name, at in (("Coast", 3), ("Uplands", 5))]
    svg, _ = seen(drawing_of("scatter", rows, FRAMES["side"], axes=[LONG, f"{LONG} and a gate"]))
    assert beyond(svg, FRAMES["side"]) == []
    for axes in ((LONG, "Mercator" * 8), ("Mercator" * 8, LONG)):  # which cannot be folded
        with pytest.raises(Refused) as refused:
            drawing_of("scatter", rows, FRAMES["side"], axes=axes)
        assert [one.code for one in refused.value.findings] == ["chart-crowded"]


def test_a_scatter_of_gains_and_losses_has_a_line_at_nought_on_both_scales() -> None:
    places = (("Coast", -12, -8), ("Uplands", 14, 9), ("Valley", 4, -3))
    muted = TOKENS.colour["muted"]
    for shift, wanted in ((0, True), (40, False)):  # where nought lies outside there is none
        rows = [row(name, up + shift, fields={"across": str(over + shift)}) for name, over, up in places]
        svg, findings = seen(drawing_of("scatter", rows))
        assert findings == ()
        spots = {one.row: one.corners[0] for one in shapes(svg) if one.row is not None}
        at = [(one.get("transform", "")[10:-1].split(","), one.get("x2"), one.get("y2")) for one in _lines(svg, muted)]
        across = {round(float(y), 1) for (_, y), x2, _ in at if abs(float(x2 or 0)) > 100}
        upward = [round(float(x), 1) for (x, _), _, y2 in at if abs(float(y2 or 0)) > 100]
        (left, low), (right, high), _ = (spots[number] for number in range(3))
        level, aside = low + (high - low) * 8 / 17, left + (right - left) * 12 / 26
        assert len(across) == 1 + wanted  # with that at the foot
        assert min(across) == pytest.approx(level, abs=0.2) or not wanted
        assert upward == ([pytest.approx(aside, abs=0.2)] if wanted else [])


def _lines(svg: Element, colour: str) -> list[Element]:
    return [one for one in svg.iter() if one.tag.endswith("line") and one.get("stroke") == colour]


def test_seams_leave_most_of_a_narrow_part() -> None:
    drawing = drawing_of("parts", [row("Most", 200), row("Hardly any", 1), row("Rest", 200)])
    paper = TOKENS.colour["paper"]
    seams = [one["mark"]["strokeWidth"] for one in drawing.spec["layer"] if one["mark"].get("color") == paper]
    assert len(seams) == 2
    assert sum(seams) / 2 < 0.4 * FRAMES["main"].width_px / 401


@pytest.mark.parametrize("count", [2, 4])
def test_a_bar_of_parts_whose_height_nobody_names_leaves_no_empty_band_below_it(count: int) -> None:
    data = [{"label": f"Part {number}", "value": "10"} for number in range(count)]
    chart = Chart.model_validate({"kind": "parts", "title": "A", "alt": "B", "data": data})
    high = float(chart_mm(chart, None, 434, SIZE)) * PX_PER_MM
    drawn, findings = seen(drawing_of("parts", [row(one["label"], 10) for one in data], Frame(434, high)))
    assert findings == ()
    lowest = max(*(one.reach(1)[1] for one in shapes(drawn)), *(one.at[1] for one in words(drawn)))
    assert high - 12 < lowest <= high
    named = {"kind": "parts", "title": "A", "alt": "B", "data": data, "height_mm": "40"}
    assert chart_mm(Chart.model_validate(named), None, 434, SIZE) == 40


@pytest.mark.parametrize(
    "name", ["Coast", "The districts of the upper river and its valley, with all of the northern islands"]
)
def test_few_bars_are_no_slabs_whatever_height_is_asked_for(name: str) -> None:
    data = [{"label": f"{name} {number}", "value": "10"} for number in range(3)]
    chart = Chart.model_validate({"kind": "bars", "title": "A", "alt": "B", "data": data, "height_mm": "90"})
    high = float(chart_mm(chart, Decimal(80), 434, SIZE)) * PX_PER_MM
    assert high < 3 * BAR_ROW_PX + 1 if name == "Coast" else high > 3 * BAR_ROW_PX
    svg, findings = seen(drawing_of("bars", [row(one["label"], 10) for one in data], Frame(434, high)))
    assert findings == ()
    bars = [one.reach(1) for one in shapes(svg) if one.row is not None]
    assert {round(foot - top) for top, foot in bars} == {18}
    few = chart.model_copy(update={"height_mm": Decimal(20)})
    assert chart_mm(few, None, 434, SIZE) == 20
