"""A map can be drawn of any part of the globe, and shows what lies there."""

from __future__ import annotations

import io
import math
import re
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageChops, ImageStat

from briefing.content.blocks import MapBlock
from briefing.design.tokens import read_tokens
from briefing.findings import Refused
from briefing.graphics.charts.drawn import shapes, words
from briefing.graphics.drawing import Frame
from briefing.graphics.map_legend import strip_points
from briefing.graphics.map_window import Point, is_inside
from briefing.graphics.maps import TINTS, map_height, map_spec, view_of
from briefing.graphics.renderer import draw, on_ground

TEMPLATES = Path(__file__).parents[2] / "templates"
PLACES = {  # west, south, east, north, the countries in the tint, and the shapes that are seen
    "inland, where borders and coasts go round it": ((-118, 43, -104, 50), ["US"], ["land", "tinted", "borders"]),
    "inside one country": ((-100, 36, -96, 39), ["US"], ["tinted"]),
    "inside one country, another one in the tint": ((-100, 36, -96, 39), ["CA"], ["land"]),
    "an island country": ((-25, 63, -13, 67), ["IS"], ["tinted", "coasts"]),
    "over the date line": ((176, -21, -178, -15), ["FJ"], ["tinted", "coasts"]),
    "a country that lies on both sides of the date line": ((160, 60, -160, 72), ["RU"], ["land", "tinted", "coasts"]),
    "inside the largest country": ((90, 60, 100, 64), ["RU"], ["tinted"]),
    "a lake of a country inside another": ((26, -31, 30, -28), ["LS"], ["land", "tinted", "borders"]),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_map_of_any_place_shows_what_lies_there_and_asks_for_no_more(place: str) -> None:
    edges, countries, shown = PLACES[place]
    bounds = dict(zip(("west", "south", "east", "north"), map(str, edges), strict=True))
    block = MapBlock.model_validate({"title": "Where", "alt": "A map", "bounds": bounds, "countries": countries})
    drawing = map_spec(block, read_tokens(TEMPLATES), Frame(196, map_height(block.bounds, 196)), TEMPLATES)
    assert [layer["name"] for layer in drawing.spec["layer"]] == shown
    drawn, faults = draw({"map": drawing}, None, TEMPLATES / "fonts")
    assert drawn
    assert not faults


@pytest.mark.parametrize(
    ("edges", "width", "sea"),
    [
        ((-168, -56, 168, 76), 434, (-40, -40)),
        ((-180, -56, 180, 76), 650, (-40, -40)),
        ((-30, 30, 60, 70), 196, (-27, 33)),
    ],
)
def test_the_sea_is_no_land_where_small_islands_are_simplified(
    edges: tuple[int, ...], width: float, sea: Point
) -> None:
    bounds = dict(zip(("west", "south", "east", "north"), map(str, edges), strict=True))
    (land,) = group(drawn_map(width, bounds=bounds, tints=[]), "land")
    rings = [[*map(_point, part.rstrip("Z").split("L"))] for part in land.get("d", "").split("M")[1:]]
    view = view_of(MapBlock.model_validate({**TASK_FORCE, "bounds": bounds, "tints": []}), Frame(width, 9), TOKENS)
    closed = [[*ring, ring[0]] for ring in rings]
    assert not is_inside(*view.at(*sea), closed)
    assert is_inside(*view.at(25, 50), closed)  # Ukraine


def _point(words: str) -> Point:
    x, y = words.split(",")
    return float(x), float(y)


# ------------------------------------------------------------------ tints, legend, arrows

TOKENS = read_tokens(TEMPLATES)
TASK_FORCE = {
    "title": "Two join four",
    "alt": "A map",
    "bounds": {"west": "-112", "south": "1", "east": "-62", "north": "27.5"},
    "tints": [
        {"label": "Four members", "tint": "light", "countries": ["MX", "GT", "SV", "HN"]},
        {"label": "Two new ones", "tint": "hot", "countries": ["CO", "PA"]},
    ],
}


def drawn_map(width: float = 650, **more: Any) -> ElementTree.Element:
    block = MapBlock.model_validate({**TASK_FORCE, **more})
    strip = strip_points(block, TOKENS) * 4 / 3
    frame = Frame(width, map_height(block.bounds, width) + strip)
    svgs, faults = draw({"map": map_spec(block, TOKENS, frame, TEMPLATES)}, None, TEMPLATES / "fonts")
    assert not faults
    return ElementTree.fromstring(svgs["map"])


def group(svg: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    wanted = f"{name}_marks"
    return [one for g in svg.iterfind(".//{*}g") if wanted in g.get("class", "").split() for one in g]


@pytest.mark.parametrize("width", [650, 196])
def test_each_tint_is_the_one_that_the_legend_shows_beside_its_words(width: float) -> None:
    svg = drawn_map(width)
    fills = [group(svg, f"tint_{n}")[0].get("fill") for n in (0, 1)]
    assert (
        [one.get("fill") for one in group(svg, "legend")]
        == fills
        == [TOKENS.colour["map-tint"], TOKENS.colour["signal"]]
    )
    at = {one.text: one.at for one in words(svg)}
    swatches = [one.corners[0] for one in shapes(svg) if one.layer == "legend"]
    for label, (x, y) in zip(("Four members", "Two new ones"), swatches, strict=True):
        assert 0 < at[label][0] - x < 20
        assert abs(at[label][1] - y) < 10


def test_tints_differ_from_each_other_and_from_the_land_in_grey() -> None:
    greys = sorted(luminance(TOKENS.colour[name]) + 0.05 for name in (*TINTS.values(), "accent-light"))
    assert all(more / less >= 1.3 for less, more in pairwise(greys))


def test_a_name_on_a_dark_tint_is_of_the_colour_of_paper_and_none_lies_half_on_it() -> None:
    svg = drawn_map(
        names=[{"text": "Colombia", "lon": "-73", "lat": "4.6"}, {"text": "Mexico", "lon": "-103", "lat": "22.6"}]
    )
    colours = {"".join(one.itertext()): one.get("fill") for one in svg.iterfind(".//{*}text")}
    assert colours["Colombia"] == TOKENS.colour["paper"]
    assert colours["Mexico"] == TOKENS.colour["ink"]
    with pytest.raises(Refused) as refused:
        drawn_map(names=[{"text": "Colombia", "lon": "-77", "lat": "4.6"}])
    assert [one.code for one in refused.value.findings] == ["map-name-split"]


def test_an_arrow_begins_and_points_where_it_is_told_to() -> None:
    svg = drawn_map(
        arrows=[{"lon": "-78", "lat": "10", "to_lon": "-98", "to_lat": "26", "via": [{"lon": "-90", "lat": "14"}]}]
    )
    block = MapBlock.model_validate(TASK_FORCE)
    view = view_of(block, Frame(650, map_height(block.bounds, 650)), TOKENS)
    (shaft,) = [one for one in shapes(svg) if one.layer == "arrow_0"]
    (head,) = group(svg, "arrow_head_0")
    tip = tuple(map(float, re.findall(r"-?[\d.]+", head.get("transform", ""))[:2]))
    assert shaft.corners[0] == pytest.approx(view.at(-78, 10), abs=0.1)
    assert tip == pytest.approx(view.at(-98, 26), abs=0.1)
    assert min(math.dist(one, view.at(-90, 14)) for one in shaft.corners) < 1
    assert 0 < math.dist(shaft.corners[-1], tip) < 12


def test_a_line_leads_to_a_mark_from_words_that_stand_off_and_from_none_that_are_near() -> None:
    at = {"text": "Here", "lon": "-90", "lat": "5", "label_lat": "5"}
    off, near = (drawn_map(marks=[{**at, "label_lon": lon}]) for lon in ("-86", "-89.3"))
    lines = [len([g for g in svg.iter() if "mark-rule" in g.get("class", "")]) for svg in (off, near)]
    assert lines[0] - lines[1] == 2, "the line, and the paper under it"


def test_a_legend_that_covers_a_name_in_its_corner_is_refused() -> None:
    names = [{"text": "Here", "lon": lon, "lat": lat} for lon in ("-109", "-65") for lat in ("2", "26.5")]
    with pytest.raises(Refused) as refused:
        drawn_map(names=names, legend="bottom-left")
    assert [one.code for one in refused.value.findings] == ["map-names-touch"]


def test_a_legend_stands_above_its_map_as_the_key_of_a_chart_does_but_not_in_a_map_across_the_sheet() -> None:
    places: list[tuple[dict[str, Any], bool]] = [
        ({}, True),
        ({"legend": "bottom-left"}, False),
        ({"place": "hero"}, False),
    ]
    for where, above in places:
        svg = drawn_map(**where)
        top = min(one.reach(1)[0] for one in shapes(svg) if one.layer.startswith(("tint", "land")))
        assert all((one.corners[0][1] < top) == above for one in shapes(svg) if one.layer == "legend")


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    "groups",
    [
        {"countries": ["DE"], "tints": [{"label": "New", "countries": ["FR"]}]},
        {"tints": [{"label": name, "tint": "mid", "countries": [name]} for name in ("DE", "FR")]},
    ],
)
def test_two_groups_of_one_tint_are_refused(groups: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        drawn_map(**groups)
    assert [one.code for one in refused.value.findings] == ["map-tint-twice"]


def test_states_are_tinted_within_their_country_and_stand_in_one_tint() -> None:
    states = {"west": "-126", "south": "24", "east": "-66", "north": "50"}
    tints = [
        {"label": "Law", "tint": "hot", "states": ["TX", "CA"]},
        {"label": "Bill", "tint": "mid", "states": ["NM"]},
    ]
    svg = drawn_map(bounds=states, countries=["US"], tints=tints)
    fills = [group(svg, name)[0].get("fill") for name in ("tinted", "states_0", "states_1")]
    assert fills == [TOKENS.colour[name] for name in ("map-tint", "signal", "accent-mid")]
    assert [one.get("fill") for one in group(svg, "legend")] == fills[1:]
    view = view_of(MapBlock.model_validate({**TASK_FORCE, "bounds": states}), Frame(650, 400), TOKENS)
    (new_mexico,) = [one for one in shapes(svg) if one.layer == "states_1"]
    corners = [view.at(*corner) for corner in ((-109.05, 37), (-103.0, 31.33))]
    for axis in (0, 1):  # its legend stands above or in a corner: only differences are told
        low, high = new_mexico.reach(axis)
        assert high - low == pytest.approx(abs(corners[0][axis] - corners[1][axis]), abs=1.5)
    for wrong in ({"states": ["XX"]}, {"states": ["TX"]}, {}):
        with pytest.raises(Refused):
            drawn_map(bounds=states, tints=[*tints, {"label": "None", "tint": "strong", **wrong}])


def test_a_name_on_a_light_state_of_a_dark_country_is_of_ink() -> None:
    states = {"west": "-126", "south": "24", "east": "-66", "north": "50"}
    tints = [
        {"label": "The country", "tint": "strong", "countries": ["US"]},
        {"label": "A state", "tint": "light", "states": ["TX"]},
    ]
    names = [{"text": "Texas", "lon": "-99", "lat": "31.5"}, {"text": "Kansas", "lon": "-98.5", "lat": "38.5"}]
    svg = drawn_map(bounds=states, tints=tints, names=names)
    colours = {"".join(one.itertext()): one.get("fill") for one in svg.iterfind(".//{*}text")}
    assert colours["Texas"] == TOKENS.colour["ink"]
    assert colours["Kansas"] == TOKENS.colour["paper"]


# ------------------------------------------------------------------ inset

INSET = {"place": "top-right", "bounds": {"west": "-130", "south": "-56", "east": "-30", "north": "60"}}


def test_an_inset_frames_what_the_map_shows_and_its_legend_stays_clear_of_it() -> None:
    svg = drawn_map(inset=INSET)
    (ground,), (frame,) = ([one for one in shapes(svg) if one.layer == name] for name in ("inset", "inset_frame"))
    left, right = ground.reach(0)
    top, bottom = ground.reach(1)
    assert right == pytest.approx(650, abs=1)
    assert top == pytest.approx(strip_points(MapBlock.model_validate(TASK_FORCE), TOKENS) * 4 / 3, abs=1)
    degree = (right - left) / 100
    west, east = frame.reach(0)
    assert (west - left) / degree == pytest.approx(-112 + 130, abs=1)
    assert (east - left) / degree == pytest.approx(-62 + 130, abs=1)
    swatches = [one.corners[0] for one in shapes(svg) if one.layer == "legend"]
    assert all(x < left or not top <= y <= bottom for x, y in swatches)
    assert group(svg, "inset_land")[0].get("fill") == TOKENS.colour["rule"]


@pytest.mark.parametrize(("west", "east"), [("-172", "-50"), ("-112", "-62"), ("150", "-120")])
def test_the_world_in_an_inset_frames_a_map_on_either_side_of_its_edge(west: str, east: str) -> None:
    bare: dict[str, Any] = {"tints": [], "inset": {"place": "bottom-left"}}
    svg = drawn_map(bounds={"west": west, "south": "-20", "east": east, "north": "40"}, **bare)
    (ground,) = [one for one in shapes(svg) if one.layer == "inset"]
    left, right = ground.reach(0)
    frames = [one.reach(0) for one in shapes(svg) if one.layer == "inset_frame"]
    degrees = sum(end - start for start, end in frames) * 360 / (right - left)
    assert degrees == pytest.approx((float(east) - float(west)) % 360, abs=12)  # 4 are a pixel and a half
    for start, end in frames:
        middle = ((start + end) / 2 - left) * 360 / (right - left) - 168
        assert (middle - float(west)) % 360 < (float(east) - float(west)) % 360


@pytest.mark.parametrize(("south", "north"), [("35", "60"), ("60", "35")])
def test_an_inset_that_does_not_show_where_the_map_lies_is_refused(south: str, north: str) -> None:
    with pytest.raises(Refused) as refused:
        drawn_map(inset={"bounds": {"west": "-10", "south": south, "east": "30", "north": north}})
    assert [one.code for one in refused.value.findings] == ["map-bounds"]


@pytest.mark.parametrize(
    "under",
    [
        {"names": [{"text": "Hispaniola", "lon": "-68", "lat": "22"}]},
        {"marks": [{"text": "Here", "lon": "-68", "lat": "22", "label_lon": "-90", "label_lat": "15"}]},
        {"arrows": [{"lon": "-68", "lat": "22", "to_lon": "-98", "to_lat": "20"}]},
        {"legend": "top-right"},
    ],
)
def test_an_inset_covers_no_word_and_no_mark(under: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        drawn_map(inset=INSET, **under)
    assert [one.code for one in refused.value.findings] == ["map-names-touch"]


# ------------------------------------------------------------------ relief

RELIEF = {
    **TASK_FORCE,
    "relief": True,
    "bounds": {"west": "-110", "south": "3", "east": "-62", "north": "22"},
    "legend": "bottom-left",
}


def ground_of(**more: Any) -> Image.Image:
    block = MapBlock.model_validate({**RELIEF, **more})
    drawing = map_spec(block, TOKENS, Frame(650, map_height(block.bounds, 650)), TEMPLATES, ppi=96)
    return Image.open(io.BytesIO(drawing.ground)).convert("RGB")


def test_relief_shades_the_land_in_its_tints_and_leaves_the_sea_flat() -> None:
    picture = ground_of()
    block = MapBlock.model_validate(RELIEF)
    view = view_of(block, Frame(650, map_height(block.bounds, 650)), TOKENS)

    def around(lon: float, lat: float) -> list[tuple[int, int, int]]:
        x, y = map(round, view.at(lon, lat))
        return [picture.getpixel((x + dx, y + dy)) for dx in range(-9, 10) for dy in range(-9, 10)]  # type: ignore[misc]

    sea, andes, mexico = around(-100, 8), around(-74, 5), around(-100, 18)
    assert all(max(abs(a - b) for a, b in zip(one, sea[0], strict=True)) < 4 for one in sea)
    assert max(map(sum, andes)) - min(map(sum, andes)) > 60
    assert all(red > blue for red, _, blue in andes)  # hot
    assert all(blue > red for red, _, blue in mexico)  # of the light tint


def test_a_map_with_relief_draws_its_land_once_and_keeps_its_lines() -> None:
    block = MapBlock.model_validate(RELIEF)
    drawing = map_spec(block, TOKENS, Frame(650, map_height(block.bounds, 650)), TEMPLATES)
    names = {layer.get("name") for layer in drawing.spec["layer"]}
    assert {"borders", "coasts", "legend"} <= names
    assert not {"land", "tint-0", "tint-1"} & names
    svgs, _ = draw({"map": drawing}, None, TEMPLATES / "fonts")
    laid = ElementTree.fromstring(on_ground(svgs["map"], drawing))
    assert laid[0].tag.endswith("image")
    assert on_ground(svgs["map"], drawing) == on_ground(svgs["map"], drawing)


def test_relief_begins_below_a_legend_above_the_map() -> None:
    block = MapBlock.model_validate({**RELIEF, "legend": "above"})
    head = strip_points(block, TOKENS) * 4 / 3
    high = map_height(block.bounds, 650)
    drawing = map_spec(block, TOKENS, Frame(650, high + head), TEMPLATES, ppi=96)
    svgs, _ = draw({"map": drawing}, None, TEMPLATES / "fonts")
    ground = ElementTree.fromstring(on_ground(svgs["map"], drawing))[0]
    assert float(ground.get("y", 0)) == pytest.approx(head, abs=0.01)
    assert float(ground.get("height", 0)) == pytest.approx(high, abs=0.01)
    assert ground.get("preserveAspectRatio") == "none"  # its pixels are whole, the frame's are not


@pytest.mark.parametrize("west", ["-118", "-117.99", "-118.04"])
def test_relief_reaches_to_its_bounds(west: str) -> None:
    for south, north in (("-6", "34"), ("10", "34"), ("-6", "5"), ("-6.04", "34.04")):
        picture = ground_of(bounds={"west": west, "south": south, "east": "-59", "north": north}, tints=[])
        wide, tall = picture.size
        top, below = (picture.crop((0, y, wide, y + 1)) for y in (0, 1))
        foot, above = (picture.crop((0, y, wide, y + 1)) for y in (tall - 1, tall - 2))
        for edge, beside in ((top, below), (foot, above)):  # nothing is black there, as all is beyond the shading
            assert max(ImageStat.Stat(ImageChops.difference(edge, beside)).mean) < 20


def test_a_map_beyond_the_relief_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        ground_of(bounds={"west": "0", "south": "40", "east": "20", "north": "50"})
    assert [one.code for one in refused.value.findings] == ["map-relief"]
