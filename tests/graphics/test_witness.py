"""Charts held against their data: gaps, order and times, what has no room, and an author's own specifications."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from briefing.content.records import Chart
from briefing.design.brand.colour import contrast
from briefing.documents.chart_values import ChartValue
from briefing.graphics.charts.drawn import DrawnShape, shapes, words
from briefing.graphics.charts.spec import spec
from briefing.graphics.drawing import Drawing
from tests.support.charts import FRAMES, KINDS, NAMES, TOKENS, beyond, drawing_of, row, seen, shown

pytestmark = pytest.mark.slow

# ------------------------------------------------------------------ gaps, order and times

TOWNS = (row("2020", 4, "Towns"), row("2022", 7, "Towns"))
VILLAGES = (row("2020", 3, "Villages"), row("2021", 5, "Villages"), row("2022", 6, "Villages"))


def layers(svg: ElementTree.Element, name: str) -> list[DrawnShape]:
    return [one for one in shapes(svg) if one.layer == name]


def at(svg: ElementTree.Element) -> dict[str, float]:
    return {one.text: one.at[0] for one in words(svg)}


@pytest.mark.parametrize("rows", [TOWNS + VILLAGES, VILLAGES + TOWNS])
def test_series_share_one_order_of_time_and_a_gap_is_dashed(rows: tuple[ChartValue, ...]) -> None:
    svg, findings = seen(drawing_of("lines", rows))
    assert findings == ()
    assert at(svg)["2020"] < at(svg)["2021"] < at(svg)["2022"]
    (gap,) = layers(svg, "gap")
    assert [round(x) for x, _ in gap.corners] == [round(at(svg)["2020"]), round(at(svg)["2022"])]
    (line,) = layers(svg, "line")
    assert len(line.corners) == 3


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("slope", "gauge", "pyramid")])
def test_what_nobody_has_counted_is_an_outline_that_says_so(kind: str) -> None:
    """A bar of 18 that is projected must not look like one that was counted."""
    looks = {}
    for standing in ("", "projection"):
        text = "18 (projected)" if standing else "18"
        years = (("2022", "12", ""), ("2023", "14", ""), ("2024", text, standing))
        name = None if kind in ("bars", "columns", "dots", "parts", "scatter") else "Homes"
        rows = [row(y, float(t.split()[0]), name, f"{y}-01-01", text=t, standing=s) for y, t, s in years]
        rows += [row(y, 9, "Flats", f"{y}-01-01") for y, _, _ in years] if kind in ("difference", "multiples") else []
        if kind == "scatter":
            rows = [replace(one, fields={"across": str(at)}) for at, one in enumerate(rows, 1)]
        svg, findings = seen(drawing_of(kind, rows))
        assert findings == ()
        assert text in [one.text for one in words(svg)] or kind == "scatter"  # whose points bear their names
        looks[standing] = [one.get("fill") for one in svg.iter() if one.get("data-row") == "2"]
        if kind in ("lines", "time"):
            assert len(layers(svg, "ahead")) == bool(standing)
    assert looks[""] != looks["projection"]


def test_years_that_nobody_counted_take_their_room() -> None:
    svg, _ = seen(drawing_of("lines", (row("2010", 1), row("2011", 2), row("2012", 4), row("2020", 3))))
    x = at(svg)
    assert x["2020"] - x["2012"] == pytest.approx(8 * (x["2011"] - x["2010"]), abs=0.1)
    assert len(layers(svg, "gap")) == 1


OCTOBERS = ("2019-10", "2020-10", "2022-10", "2023-10", "2024-10")
QUARTERS = ("2023-09-30", "2023-12-31", "2024-03-31", "2024-09-30")


@pytest.mark.parametrize(
    ("days", "wide", "narrow", "missing"),
    [
        (("2020", "2022"), ["2020", "2022"], ["2020", "2022"], 0),
        (("2020-12-31", "2022-12-31", "2023-12-31", "2024-12-31"), ["2020", "2022", "2023", "2024"], None, 1),
        (OCTOBERS, ["2019", "2020", "2022", "2023", "2024"], None, 1),
        (QUARTERS, ["Sep 2023", "Dec", "Mar 2024", "Sep"], ["Sep 2023", "Dec", "Mar 2024", "Sep"], 1),
        (("2023-11", "2024-01"), ["Nov 2023", "Jan 2024"], None, 0),
        (("2024-06-01", "2024-06-20"), ["Jun 1, 2024", "Jun 20"], None, 0),
        (("1998-04-02", "2004-03-30", "2015-01-07", "2024-02-01"), ["1998", "2004", "2015", "2024"], None, 0),
        ([f"2022-{n:02}" for n in range(1, 13)], ["Jan 2022", "Feb", "Mar"], ["Jan 2022", "Dec"], 0),
    ],
)
def test_each_time_of_few_has_its_name_and_its_tick_below_its_value(
    days: Sequence[str], wide: list[str], narrow: list[str] | None, missing: int
) -> None:
    rows = [_dated(day, 5.0 + n) for n, day in enumerate(days)]
    for frame, names in (("main", wide), ("side", narrow or wide)):
        svg, findings = seen(drawing_of("time", rows, FRAMES[frame]))
        assert findings == ()
        assert beyond(svg, FRAMES[frame]) == []
        marks = [one.corners[0][0] for one in layers(svg, "values")]
        x = {one.text: one.at[0] for one in words(svg) if one.name}
        assert set(names) <= x.keys()
        assert all(min(abs(here - mark) for mark in marks) < 0.6 for here in x.values())
        assert [min(x.values()), max(x.values())] == pytest.approx([marks[0], marks[-1]], abs=0.6)
        ticks = [one.corners[0][0] for one in shapes(svg) if one.layer.startswith("layer_") and _is_tick(one)]
        assert len(ticks) == len(days) + missing
        assert all(min(abs(tick - mark) for tick in ticks) < 0.6 for mark in marks)


def _dated(day: str, value: float) -> ChartValue:
    first = datetime.date.fromisoformat(day + "-01-01"[len(day) - 4 :] if len(day) < 10 else day)
    lengths = {4: 365, 7: 27, 10: 0}
    last = first + datetime.timedelta(lengths[len(day)])
    return row(None, value, on=str(first), last=last)


def _is_tick(one: DrawnShape) -> bool:
    return (
        len(one.corners) == 2 and one.reach(0)[1] - one.reach(0)[0] < 1 and 3 <= one.reach(1)[1] - one.reach(1)[0] < 5
    )


# ------------------------------------------------------------------ nothing is lost


def test_parts_that_the_first_bar_lacks_are_named_and_narrow_ones_keep_their_values() -> None:
    parts = [("Rent", "North", 40), ("Heat", "North", 60), ("Rent", "South", 70), ("Heat", "South", 28)]
    rows = [row(place, part, name, text=f"{part}%") for name, place, part in (*parts, ("Other", "South", 2))]
    for frame in ("main", "side"):
        said, findings = shown("stacked", rows, frame)
        assert findings == []
        assert {"Rent", "Heat", "Other", "28%", "North", "South"} <= set(said)
        assert {"2%", "Other 2%"} & set(said)


@pytest.mark.parametrize(
    ("shares", "keyed"), [((55, 32, 9, 3, 1), True), ((30, 30, 25, 8, 7), True), ((40, 30, 15, 15), False)]
)
def test_names_of_parts_begin_above_their_parts_or_stand_in_a_key(shares: tuple[int, ...], keyed: bool) -> None:
    names = ("Always", "Mostly", "Rarely", "Never", "Don’t know")
    rows = [row("Owners", part, name, text=f"{part}%") for name, part in zip(names, shares, strict=False)]
    svg, findings = seen(drawing_of("stacked", rows))
    assert not findings
    x = {one.text: one.at[0] for one in words(svg)}
    assert (x["Always"] < 30) == keyed
    if not keyed:
        parts = {one.row: one.reach(0) for one in shapes(svg)}
        assert all(parts[n][0] <= x[name] < parts[n][1] for n, name in enumerate(names[: len(shares)]))


def test_a_part_too_narrow_for_its_outline_is_seen_and_in_no_other_series_colour() -> None:
    names = ("Always", "Mostly", "Rarely", "Never", "Not known")
    parts = [row("North", value, name) for name, value in zip(names, (290, 12, 2, 30, 2), strict=True)]
    svg, _ = seen(drawing_of("stacked", [*parts, row("South", 600, "Always")]))
    drawn = {one.get("data-row"): one for one in svg.iter() if one.get("data-row")}
    thin = [drawn[number].get("fill", "") for number in ("2", "4")]
    assert thin == [TOKENS.colour[name] for name in ("map-tint", "rule")]
    assert not set(thin) & {drawn[number].get("fill") for number in ("0", "1", "3")}
    assert all(contrast(one, TOKENS.colour["paper"]) >= 1.9 for one in thin)


def test_a_single_bar_keeps_its_name() -> None:
    said, findings = shown("stacked", [row("Unity State", 71, "Funded"), row("Unity State", 29, "Missing")], "low")
    assert findings == []
    assert "Unity State" in said


def test_what_has_no_room_is_named() -> None:
    said, (finding,) = shown("columns", [row(str(year), year * 1000.0) for year in range(2000, 2024)], "side")
    assert finding.code == "chart-unlabelled"
    assert "“2022”" in finding.message or " more" in finding.message
    assert "2023" in said


@pytest.mark.parametrize("kind", ["bars", "columns"])
def test_no_ink_of_a_disputed_bar_passes_its_value(kind: str) -> None:
    more: dict[str, Any] = {"open": True, "low": 6465, "high": 8594}
    rows = [row("2018", 9222), row("2020", 6465, **more), row("2022", 400000, **more), row("2023", 520085)]
    svg, findings = seen(drawing_of(kind, rows, FRAMES["side"]))
    assert [one for one in findings if one.code != "chart-unlabelled"] == []
    axis = 0 if kind == "bars" else 1
    long = {n: [one.reach(axis) for one in shapes(svg) if one.row == n] for n in range(4)}
    ((low, high),) = long[3]
    for number, value in enumerate((9222, 6465, 400000)):
        for start, end in long[number]:
            assert end - start <= (high - low) * value / 520085 + 0.02
    assert len(long[1]) == 3  # stripes


@pytest.mark.parametrize("kind", ["bars", "columns"])
def test_names_stand_within_a_chart_whose_values_are_all_nought(kind: str) -> None:
    svg, findings = seen(drawing_of(kind, tuple(row(name, 0) for name in NAMES[:4])))
    assert findings == ()
    middles = [one.at[kind == "bars"] for one in words(svg) if one.text in NAMES]
    apart = {round(second - first) for first, second in pairwise(middles)}
    assert len(middles) == 4
    assert apart == {round((434, 174)[kind == "bars"] / 4)}


@pytest.mark.parametrize("kind", ["bars", "columns", "stacked"])
def test_nothing_is_drawn_of_zero_nor_of_what_cannot_be_seen(kind: str) -> None:
    svg, findings = seen(drawing_of(kind, [row("A", 99999), row("B", 0), row("C", 3)]))
    assert findings == ()
    assert {one.row for one in shapes(svg)} - {None} == {0}
    svg, findings = seen(drawing_of(kind, [row("A", 0), row("B", 0)]))
    assert findings == ()


# ------------------------------------------------------------------ an author's own specification

LONG = "Households in private rented accommodation without central heating or insulation"
OWN = (
    ChartValue(None, None, None, 4, "4%", fields={"who": LONG}),
    ChartValue(None, None, None, 7, "7%", fields={"who": "Owners"}),
)
ACROSS: dict[str, Any] = {"field": "value", "type": "quantitative"}
WHO: dict[str, Any] = {"field": "who", "type": "nominal"}


def own(vega_lite: dict[str, Any], rows: Sequence[ChartValue] = OWN) -> Drawing:
    record = {"vega_lite": vega_lite, "title": "A", "alt": "B", "data": [{"label": "x", "value": "1"}]}
    return spec(Chart.model_validate(record), rows, TOKENS, FRAMES["main"])


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [("bar", {"y": WHO, "x": ACROSS}), ("bar", {"x": WHO, "y": ACROSS}), ("arc", {"theta": ACROSS, "color": WHO})],
)
def test_long_names_of_an_authors_chart_are_folded_and_whole(mark: str, encoding: dict[str, Any]) -> None:
    svg, findings = seen(own({"mark": mark, "encoding": encoding}))
    assert findings == ()
    assert LONG in [one.text for one in words(svg)]


def test_a_name_that_the_author_has_cut_is_refused() -> None:
    _, findings = seen(own({"mark": "bar", "encoding": {"y": WHO | {"axis": {"labelLimit": 60}}, "x": ACROSS}}))
    assert "chart-cut" in {one.code for one in findings}


def test_facets_share_the_frame_or_are_told_to() -> None:
    facets = {"mark": "bar", "encoding": {"column": WHO, "x": ACROSS}}
    rows = tuple(ChartValue(None, None, None, n, str(n), fields={"who": f"Part {n}"}) for n in (1, 2, 3))
    svg, findings = seen(own(facets, rows))
    assert findings == ()
    assert (float(svg.get("width", 0)), float(svg.get("height", 0))) == (434, 174)
    _, findings = seen(own(facets | {"width": 200}, rows))
    assert [one.code for one in findings] == ["chart-wide"]


def test_colours_on_a_scale_have_a_key_of_squares_and_no_name_of_ours() -> None:
    tiles = {"mark": "rect", "encoding": {"x": WHO, "color": ACROSS}}
    drawing = own(tiles)
    svg, findings = seen(drawing)
    assert findings == ()
    assert drawing.shaded
    said = [one.text for one in words(svg)]
    assert "value" not in said
    assert {"4", "7"} <= {text.split(".")[0] for text in said}


def test_a_low_dashed_column_is_one_mark_though_it_is_drawn_in_pieces() -> None:
    names, series = ("North", "South-east") * 2, ("Rent", "Rent", "Heat", "Heat")
    rows = [row(*one) for one in zip(names, (3, 30, 375, 7.2), series, strict=True)]
    rows[0] = replace(rows[0], text="3 (projected)", open=True, standing="projection")
    _, findings = seen(drawing_of("multiples", rows, FRAMES["low"], print_values=[]))
    assert [one for one in findings if one.code != "chart-unlabelled"] == []


def test_of_two_values_alike_the_one_without_room_is_named() -> None:
    texts = {"Income": (10.5, 11, 9), "Cost": (9, 11.5, 12)}
    rows = [
        row(year, value, series, text=f"${value:.1f}00,000.00")
        for series, values in texts.items()
        for year, value in zip(("2023", "2024", "2025"), values, strict=True)
    ]
    svg, (finding,) = seen(drawing_of("difference", rows))
    ((x, _),) = (one.at for one in words(svg) if one.text.startswith("$9.0"))
    left, right = at(svg)["2023"], at(svg)["2025"]
    assert ("Income 2025" if abs(x - left) < abs(x - right) else "Cost 2023") in finding.message
