"""Charts and maps as a reader sees them: real drawings, their words, their marks and their colours."""

from __future__ import annotations

import datetime
import json
import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from briefing.content.pictures.map_blocks import Bounds, MapBlock, MapMark, MapName
from briefing.content.records import Chart
from briefing.content.tree import Scalar
from briefing.design.tokens import read_tokens
from briefing.documents.chart_values import ChartValue
from briefing.findings import Refused
from briefing.graphics.charts.labels import text_width
from briefing.graphics.charts.spec import spec
from briefing.graphics.drawing import Drawing, Frame
from briefing.graphics.maps import map_height, map_spec
from briefing.graphics.renderer import draw

TEMPLATES = Path(__file__).parents[2] / "templates"
TOKENS = read_tokens(TEMPLATES)
MAIN, SIDE = Frame(434, 174), Frame(196, 150)  # 115 and 52 mm wide
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May")
IN_2023, IN_2024 = (24634, 24657, 38099, 40297, 38962), (36001, 37166, 36841, 29259, 30747)
BY_YEAR = (29289, 30055, 6780, 9222, 22102, 6465, 133726, 248284, 520085)


def row(label: str | None, value: float, series: str | None = None, on: str | None = None, **more: Any) -> ChartValue:
    day = datetime.date.fromisoformat(on) if on else None
    return ChartValue(label, day, series, value, more.pop("text", f"{value:,}"), **more)


def chart(kind: str | None, *highlight: str, vega_lite: dict[str, Any] | None = None) -> Chart:
    return Chart.model_validate(
        {
            "kind": kind,
            "vega_lite": vega_lite,
            "title": "A point",
            "alt": "What is seen",
            "data": [{"label": "x", "value": "1"}],
            "highlight": highlight,
        }
    )


LINES = (
    *(row(month, value, "2023") for month, value in zip(MONTHS, IN_2023, strict=True)),
    *(row(month, value, "2024") for month, value in zip(MONTHS, IN_2024, strict=True)),
)
DISPUTED: dict[str, Any] = {"open": True, "low": 6465, "high": 8594, "text": "6,465–8,594"}
YEARS = tuple(
    row(str(year), value, **(DISPUTED if year == 2020 else {}))
    for year, value in zip(range(2015, 2024), BY_YEAR, strict=True)
)
BARS = (row("Venezuela", 328650), row("Ecuador", 57250), row("Haiti", 46422, open=True, low=30000, high=90000))
PARTS = tuple(
    row(year, value, name, text=f"{value}%")
    for year, values in (("2023", (60, 25, 15)), ("2024", (50, 30, 20)))
    for name, value in zip(("Venezuela", "Ecuador", "Haiti"), values, strict=True)
)
PAIRS = (row("Men", 53, "2023"), row("Men", 44, "2024"), row("Women", 26, "2023"), row("Women", 31, "2024"))
LONG = "Department of Housing, Heating and Rural Settlement"
BELOW = (row("North", -31, text="−31%"), row("South", 0, text="0%"), row(LONG, 9.5, text="9.5%"))
FIVE = tuple(row(year, value) for year, value in zip("ABCDE", (0, 14, 212, 1904, 988), strict=True))
MOMENTS = (row(None, 1100, on="2021-01-15"), row(None, 48204, on="2022-10-14"), row(None, 30747, on="2024-06-01"))

BOUNDS = Bounds(west=Decimal(-118), south=Decimal(-5), east=Decimal(-66), north=Decimal(33))
MEXICO = MapName(text="Mexico", lon=Decimal(-103), lat=Decimal(24))
PACIFIC = MapName(text="Pacific Ocean", lon=Decimal(-105), lat=Decimal(8), kind="sea")
DARIEN = MapMark.model_validate(
    {"text": "Darién", "lon": "-77.5", "lat": "8.3", "label_lon": "-75.5", "label_lat": "14.6", "align": "center"}
)


def locator(*countries: str, names: tuple[MapName, ...] = (MEXICO, PACIFIC)) -> MapBlock:
    block = MapBlock.model_validate({"title": "Where", "alt": "A map", "bounds": BOUNDS, "countries": countries})
    return block.model_copy(update={"names": names, "marks": (DARIEN,)})


def mapped(block: MapBlock, width: float = 434) -> Drawing:
    return map_spec(block, TOKENS, Frame(width, map_height(block.bounds, width)), TEMPLATES)


AUTHORED: dict[str, Any] = {
    "mark": {"type": "bar", "cornerRadius": Scalar("2", plain=True)},
    "encoding": {
        "y": {"field": "label", "type": "nominal", "sort": Scalar("null", plain=True)},
        "x": {"field": "share", "type": "quantitative"},
    },
    "config": {"axis": {"labelFontSize": Scalar("9", plain=True)}},
}


@pytest.fixture(scope="module")
def svgs():
    """Every drawing of this file from one process, because a process costs half a second."""
    drawings = {
        "lines": spec(chart("lines", "2024"), LINES, TOKENS, MAIN),
        "lines-side": spec(chart("lines", "2024"), LINES, TOKENS, SIDE),
        "columns": spec(chart("columns"), YEARS, TOKENS, MAIN),
        "columns-side": spec(chart("columns"), YEARS, TOKENS, SIDE),
        "columns-highlight": spec(chart("columns", "2023"), YEARS, TOKENS, MAIN),
        "bars": spec(chart("bars", "Ecuador"), BARS, TOKENS, MAIN),
        "below": spec(chart("bars"), (row("Up", 40), row("Down", -25, text="−25")), TOKENS, MAIN),
        "dots": spec(chart("dots", "2024"), PAIRS, TOKENS, MAIN),
        "dots-below": spec(chart("dots"), BELOW, TOKENS, MAIN),
        "columns-rounded": spec(chart("columns"), FIVE, TOKENS, Frame(456.94, 136.06)),
        "stacked": spec(chart("stacked"), PARTS, TOKENS, MAIN),
        "time": spec(chart("time"), MOMENTS, TOKENS, MAIN),
        "authored": spec(chart(None, vega_lite=AUTHORED), (row("A", 1, fields={"share": "7"}),), TOKENS, MAIN),
        "map": mapped(locator("MX", "PA", "CO")),
        "map-side": mapped(locator("MX", "PA", "CO"), 196),
    }
    drawn, findings = draw(drawings, None, TEMPLATES / "fonts")
    assert not findings
    return {name: ElementTree.fromstring(svg) for name, svg in drawn.items()}


def words(svg: ElementTree.Element) -> list[str]:
    return [" ".join(text.itertext()) for text in svg.iterfind(".//{*}text")]


def marks(svg: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [
        shape
        for group in svg.iterfind(".//{*}g")
        if f"{name}_marks" in group.get("class", "").split()
        for shape in group
    ]


def bar_sizes(svg: ElementTree.Element, disputed: bool = False) -> list[tuple[float, float]]:
    """Width and height of each bar, from its path `Mx,yhWvHh-WZ`."""
    bars = [bar for bar in marks(svg, "values") if ("stroke-dasharray" in bar.attrib) is disputed]
    found = [re.fullmatch(r"M.*?h(-?[\d.]+)v(-?[\d.]+)h.*Z", bar.get("d", "")) for bar in bars]
    return [(float(size[1]), float(size[2])) for size in found if size]


def places(svg: ElementTree.Element) -> dict[str, tuple[float, float]]:
    """Where each text stands, through the groups around it."""
    found: dict[str, tuple[float, float]] = {}

    def visit(element: ElementTree.Element, x: float, y: float) -> None:
        moved = re.match(r"translate\((-?[\d.]+),(-?[\d.]+)\)", element.get("transform", ""))
        x, y = (x + float(moved[1]), y + float(moved[2])) if moved else (x, y)
        if element.tag.endswith("}text"):
            found[" ".join(element.itertext())] = (x, y)
        for child in element:
            visit(child, x, y)

    visit(svg, 0, 0)
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lines", [*MONTHS, "2023", "2024", *(f"{value:,}" for value in (*IN_2024, 24634, 24657, 40297, 38962))]),
        ("lines-side", [*MONTHS, "2023", "2024", "30,747", "38,962", "40,297"]),
        ("columns", [*map(str, range(2015, 2024)), "6,465–8,594", *(f"{v:,}" for v in BY_YEAR if v != 6465)]),
        ("columns-side", ["2015", "2017", "2019", "2021", "2023", "520,085", "248,284", "133,726", "6,465–8,594"]),
        ("bars", ["Venezuela", "Ecuador", "Haiti", "328,650", "57,250", "46,422"]),
        ("below", ["Up", "Down", "40", "−25"]),
        ("dots", ["Men", "Women", "2023", "2024", "53", "44", "26", "31"]),
        ("dots-below", ["North", "South", LONG, "−31%", "0%", "9.5%"]),
        ("columns-rounded", ["A", "B", "C", "D", "E"]),  # a fifth of whose width is no number of the computer
        ("stacked", ["2023", "2024", "Venezuela", "Ecuador", "Haiti", "60%", "25%", "15%", "50%", "30%", "20%"]),
        ("time", ["Jan 15, 2021", "Oct 14, 2022", "Jun 1, 2024", "1,100", "48,204", "30,747"]),
        ("authored", ["A"]),
        ("map", ["Mexico", "Pacific Ocean", "Darién"]),
        ("map-side", ["Mexico", "Pacific Ocean", "Darién"]),
    ],
)
def test_a_drawing_carries_its_words(svgs, name, expected):
    assert set(expected) <= set(words(svgs[name]))


def test_no_words_leave_the_frame_or_turn(svgs):
    checked = 0
    for name, svg in svgs.items():
        if name == "authored":
            continue
        width, height = float(svg.get("width", 0)), float(svg.get("height", 0))
        for text in svg.iterfind(".//{*}text"):
            assert "rotate" not in text.get("transform", "")
        for text, (x, y) in places(svg).items():
            assert -1 <= x <= width + 1, (name, text)
            assert 5 <= y <= height, (name, text)
            checked += 1
    assert checked > 80


@pytest.mark.parametrize("name", ["lines", "lines-side", "columns", "columns-side", "bars", "dots", "stacked", "map"])
def test_no_two_labels_touch(svgs, name):
    boxes = []
    for text in svgs[name].iterfind(".//{*}text"):
        content = " ".join(text.itertext())
        x, y = places(svgs[name])[content]
        wide = text_width(content, 10.67, text.get("font-weight") == "600")
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[text.get("text-anchor", "start")]
        boxes.append((content, left, y - 8, left + wide, y))
    assert len(boxes) > 2
    for index, (one, left, top, right, bottom) in enumerate(boxes):
        for other, left2, top2, right2, bottom2 in boxes[index + 1 :]:
            assert not (left < right2 and left2 < right and top < bottom2 and top2 < bottom), (one, other)


def test_bars_are_as_long_as_their_values(svgs):
    (venezuela, _), (ecuador, _) = bar_sizes(svgs["bars"])
    assert venezuela / ecuador == pytest.approx(328650 / 57250, rel=0.01)


def test_columns_stand_on_nought(svgs):
    heights = [abs(height) for _, height in bar_sizes(svgs["columns"])]
    certain = [value for value in BY_YEAR if value != 6465]
    assert len(heights) == 8
    assert [height / heights[-1] for height in heights] == pytest.approx([v / certain[-1] for v in certain], abs=0.001)


def test_categories_keep_the_order_of_the_content(svgs):
    at = places(svgs["bars"])
    assert at["Venezuela"][1] < at["Ecuador"][1] < at["Haiti"][1]
    at = places(svgs["lines"])
    assert all(at[one][0] < at[other][0] for one, other in pairwise(MONTHS))


def test_an_uneven_time_stands_unevenly(svgs):
    at = places(svgs["time"])
    first, second, last = (datetime.date.fromisoformat(d) for d in ("2021-01-15", "2022-10-14", "2024-06-01"))
    dots = [float(re.findall(r"-?[\d.]+", dot.get("transform", ""))[0]) for dot in marks(svgs["time"], "values")]
    share = (dots[1] - dots[0]) / (dots[2] - dots[0])
    assert share == pytest.approx((second - first) / (last - first), abs=0.005)
    below = [at[name][0] for name in ("Jan 15, 2021", "Oct 14, 2022", "Jun 1, 2024")]
    assert below == pytest.approx(dots, abs=0.6)


def test_a_disputed_bar_is_an_outline(svgs):
    (disputed,) = (bar for bar in marks(svgs["bars"], "values") if bar.get("stroke-dasharray"))
    others = [bar for bar in marks(svgs["bars"], "values") if bar is not disputed]
    assert disputed.get("fill") == TOKENS.colour["paper"]
    assert all(bar.get("fill") != TOKENS.colour["paper"] for bar in others)


def test_a_disputed_dot_is_open():
    drawing = spec(chart("dots"), (row("A", 3), row("B", 4, open=True, low=3, high=6)), TOKENS, MAIN)
    fills = {v["label"]: v["fill"] for layer in drawing.spec["layer"] for v in layer["data"]["values"] if "shape" in v}
    assert fills == {"A": TOKENS.colour["accent"], "B": TOKENS.colour["paper"]}


def test_the_highlight_stands_out_by_more_than_its_colour(svgs):
    bold = {
        " ".join(t.itertext())
        for t in svgs["columns-highlight"].iterfind(".//{*}text")
        if t.get("font-weight") == "600"
    }
    assert bold == {"2023", "520,085"}
    ours, others = (
        {dot["shape"] for dot in dots} for dots in _by_series(spec(chart("lines", "2024"), LINES, TOKENS, MAIN))
    )
    assert ours.isdisjoint(others)


def _by_series(drawing: Drawing) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    dots = [v for layer in drawing.spec["layer"] for v in layer["data"]["values"] if "shape" in v]
    return [dot for dot in dots if dot["series"] == "2024"], [dot for dot in dots if dot["series"] != "2024"]


def test_thinned_years_keep_the_last_and_stay_in_the_frame():
    years = tuple(row(str(year), year) for year in range(2009, 2024))
    drawn, findings = draw({"a": spec(chart("columns"), years, TOKENS, SIDE)}, None, TEMPLATES / "fonts")
    assert not findings
    at = places(ElementTree.fromstring(drawn["a"]))
    assert {"2023", "2021"} <= set(at)
    assert "2022" not in at
    assert at["2023"][0] + text_width("2023", 10.67) / 2 <= SIDE.width_px


def test_a_long_name_is_folded_and_not_cut():
    name = "People who crossed on foot through the jungle from Colombia into Panama"
    drawn, findings = draw(
        {"a": spec(chart("bars"), (row(name, 4), row("B", 3)), TOKENS, MAIN)}, None, TEMPLATES / "fonts"
    )
    assert not findings
    assert name in words(ElementTree.fromstring(drawn["a"]))


# ------------------------------------------------------------------ colours


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Of luminance alone, so that it holds on a grey copy too."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_words_can_be_read(svgs):
    paper = TOKENS.colour["paper"]
    for name in ("lines", "columns-highlight", "bars", "dots", "time", "map"):
        colours = {text.get("fill", "") for text in svgs[name].iterfind(".//{*}text")}
        assert colours
        assert all(contrast(colour, paper) >= 4.5 for colour in colours), name


def test_marks_stand_out_from_the_page(svgs):
    paper = TOKENS.colour["paper"]
    for name in ("lines", "columns-highlight", "bars", "dots", "stacked", "time"):
        shapes = marks(svgs[name], "values")
        assert shapes
        for shape in shapes:
            assert contrast(shape.get("stroke", paper), paper) >= 3, name


def test_neighbours_in_a_stack_differ_and_their_words_can_be_read():
    parts = tuple(row("All", 10, f"Part {n}") for n in range(10))
    layers = spec(chart("stacked"), parts, TOKENS, Frame(700, 80)).spec["layer"]
    (parts_layer,) = (layer for layer in layers if layer.get("name") == "values")
    fills = [value["fill"] for value in parts_layer["data"]["values"]]
    assert len(fills) == 10
    for one, other in pairwise(fills):
        assert contrast(one, other) >= 3, (one, other)
    texts = [
        v for layer in layers if layer["mark"]["type"] == "text" for v in layer["data"]["values"] if v["text"] == "10"
    ]
    assert len(texts) == 10
    for text, fill in zip(sorted(texts, key=lambda text: text["middle"]), fills, strict=True):
        assert contrast(text["words"], fill) >= 4.5


# ------------------------------------------------------------------ refusals


def refusals(made: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        made()
    return [finding.code for finding in refused.value.findings]


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ({"data": {"url": "http://example.org/a.json"}}, "chart-data"),
        ({"layer": [{"mark": "bar", "encoding": {"url": {"field": "label"}}}]}, "chart-url"),
        ({"transform": [{"lookup": "a", "from": {"data": {"values": []}, "key": "a"}}]}, "chart-data"),
        ({"encoding": {"href": {"field": "label"}}}, "chart-url"),
        ({"datasets": {"a": []}}, "chart-data"),
        ({"usermeta": {}}, "chart-data"),
        ({"mark": "image"}, "chart-url"),
        ({"mark": {"type": "image"}}, "chart-url"),
        ({"hconcat": [{"vconcat": [{"layer": [{"data": {"name": "x"}}]}]}]}, "chart-data"),
    ],
)
def test_what_would_load_or_carry_data_is_refused_at_any_depth(extra, code):
    assert refusals(lambda: spec(chart(None, vega_lite={**AUTHORED, **extra}), BARS, TOKENS, MAIN)) == [code]


def test_an_authors_scalars_have_the_type_that_was_written():
    given = {
        **AUTHORED,
        "title": Scalar("null"),
        "width": Scalar("010", plain=True),
        "height": Scalar("1e2", plain=True),
    }
    made = spec(chart(None, vega_lite=given), BARS, TOKENS, MAIN).spec
    assert made["mark"]["cornerRadius"] == 2
    assert made["encoding"]["y"]["sort"] is None
    assert (made["title"], made["width"], made["height"]) == ("null", "010", 100.0)
    assert made["config"]["axis"]["labelFontSize"] == 9
    assert made["config"]["font"] == TOKENS.font["sans"]
    assert [value["value"] for value in made["data"]["values"]] == [328650, 57250, 46422]
    json.dumps(made, allow_nan=False)


@pytest.mark.parametrize(
    ("kind", "rows", "frame", "code"),
    [
        ("bars", YEARS, Frame(434, 60), "chart-crowded"),
        ("columns", YEARS, Frame(434, 50), "chart-crowded"),
        ("lines", LINES, Frame(434, 50), "chart-crowded"),
        ("columns", tuple(row(f"A country {n} of a very long name", 5) for n in "abcdefghi"), SIDE, "chart-crowded"),
        ("lines", (row("A", 1, "A series of a very, very long name"), row("B", 2)), SIDE, "chart-crowded"),
        ("stacked", (row("A", -1, "x"),), MAIN, "chart-negative"),
        ("time", (row("A", 1),), MAIN, "chart-dateless"),
    ],
)
def test_a_chart_that_cannot_be_drawn_well_is_refused(kind, rows, frame, code):
    assert refusals(lambda: spec(chart(kind), rows, TOKENS, frame)) == [code]


# ------------------------------------------------------------------ maps


def test_stems_of_dots_begin_at_nought(svgs):
    stems = [float(rule.get("x2", 0)) for rule in svgs["dots-below"].iterfind(".//{*}line") if rule.get("y2") == "0"]
    assert len(stems) == 3
    assert stems[1] == 0
    assert stems[0] / stems[2] == pytest.approx(-31 / 9.5, rel=0.01)


def test_a_name_on_two_lines_stands_at_the_middle_of_its_row(svgs):
    at = places(svgs["dots-below"])
    assert at["North"][1] - at["−31%"][1] == pytest.approx(0, abs=1)
    assert at[LONG][1] < at["9.5%"][1] - 4


def test_a_map_tints_the_countries_that_are_named(svgs):
    (land,), (tinted,) = marks(svgs["map"], "land"), marks(svgs["map"], "tinted")
    assert contrast(land.get("fill", ""), tinted.get("fill", "")) > 1.5
    for fill in (land.get("fill", ""), tinted.get("fill", "")):
        assert contrast(fill, TOKENS.colour["ink"]) >= 4.5
        assert contrast(fill, TOKENS.colour["accent"]) >= 4.5
    one = mapped(locator("PA")).spec["layer"]
    tint = next(layer for layer in one if layer["name"] == "tinted")
    points = [point for polygon in tint["data"]["values"][0]["geometry"]["coordinates"] for point in polygon[0]]
    assert min(lon for lon, _ in points) == pytest.approx(-83.0, abs=0.2)  # Panama
    assert max(lon for lon, _ in points) == pytest.approx(-77.2, abs=0.2)


def test_a_map_tells_borders_from_coasts(svgs):
    assert marks(svgs["map"], "borders")
    assert marks(svgs["map"], "coasts")
    layers = {layer.get("name"): layer for layer in mapped(locator("MX")).spec["layer"]}

    def near(name: str, lon: float, lat: float) -> bool:
        lines = layers[name]["data"]["values"][0]["geometry"]["coordinates"]
        return any(abs(x - lon) + abs(y - lat) < 0.3 for line in lines for x, y in line)

    ciudad_juarez, havana = (-106.5, 31.75), (-82.4, 23.15)
    assert near("borders", *ciudad_juarez)
    assert not near("coasts", *ciudad_juarez)
    assert near("coasts", *havana)
    assert not near("borders", *havana)


def test_a_map_fits_its_bounds(svgs):
    assert map_height(BOUNDS, 434) == pytest.approx(333, abs=2)  # Mercator: a little taller than 38 by 52 degrees
    (dot,) = marks(svgs["map"], "mark_0")
    x, y = (float(n) for n in re.findall(r"-?[\d.]+", dot.get("transform", ""))[:2])
    assert x / 434 == pytest.approx((118 - 77.5) / 52, abs=0.002)
    assert 0.6 < y / map_height(BOUNDS, 434) < 0.7


def test_a_map_holds_only_what_its_bounds_show():
    assert len(json.dumps(mapped(locator("MX")).spec)) < 300_000


def test_a_map_may_cross_the_date_line():
    bounds = Bounds(west=Decimal(165), south=Decimal(-25), east=Decimal(-165), north=Decimal(-5))
    block = locator("FJ", names=()).model_copy(update={"bounds": bounds, "marks": ()})
    drawing = mapped(block)
    assert map_height(bounds, 300) == pytest.approx(206, abs=3)
    drawn, findings = draw({"fiji": drawing}, None, TEMPLATES / "fonts")
    assert not findings
    assert marks(ElementTree.fromstring(drawn["fiji"]), "tinted")


def test_every_unknown_country_is_named():
    assert refusals(lambda: mapped(locator("MX", "UK", "ZZ"))) == ["map-country-unknown"] * 2
    assert mapped(locator("XK")).marks


def test_names_that_touch_or_leave_the_map_are_refused():
    here = [MapName(text=text, lon=Decimal(-103), lat=Decimal(24)) for text in ("Mexico", "Chihuahua")]
    outside = MapName(text="Colombia", lon=Decimal(-66), lat=Decimal(4))
    assert refusals(lambda: mapped(locator("MX", names=tuple(here)))) == ["map-names-touch"]
    assert refusals(lambda: mapped(locator("MX", names=(outside,)))) == ["map-name-outside"]


def test_bounds_that_are_upside_down_are_refused():
    upside_down = BOUNDS.model_copy(update={"south": Decimal(40)})
    assert refusals(
        lambda: map_spec(locator().model_copy(update={"bounds": upside_down}), TOKENS, MAIN, TEMPLATES)
    ) == ["map-bounds"]
