"""Small parts of stacked and proportional bars: said at their own bar, by their names, without lines that cross."""

from __future__ import annotations

from dataclasses import replace

import pytest

from briefing.documents.chart_values import ChartValue
from briefing.graphics import renderer
from briefing.graphics.charts.drawn import shapes, words
from tests.support.charts import FRAMES, TEMPLATES, TOKENS, beyond, drawing_of, row, seen

pytestmark = pytest.mark.slow

SIZE = TOKENS.px("note")
BUYERS = {
    "2022/23": {"Nigeria": 410, "Ivory Coast": 128, "Chad": 36, "São Tomé": 1.2, "Other": 9.6},
    "2023/24": {"Nigeria": 240, "Ivory Coast": 74, "Chad": 22, "São Tomé": 0.9, "Other": 0},
}
EXPORTS = [
    row(year, part, buyer, text=f"{part * 1000:,.0f}") for year, bar in BUYERS.items() for buyer, part in bar.items()
]
AGED = [row(age, part, name) for age, part, name in (("Women", 70, "Age 65+"), ("Women", 1, "Ages 2"))]


@pytest.mark.parametrize("frame", ["main", "side", "low"])
def test_parts_without_room_are_said_in_one_run_at_their_own_bar_with_no_line_to_them(frame: str) -> None:
    svg, findings = seen(drawing_of("stacked", EXPORTS, FRAMES[frame]))
    assert findings == ()
    assert beyond(svg, FRAMES[frame]) == []
    bars = [(one.row // 5, one.reach(1)) for one in shapes(svg) if one.row is not None]
    (top, foot), (following, _) = (next(reach for n, reach in bars if n == bar) for bar in (0, 1))
    said = {one.text: one.at for one in words(svg)}
    names = ("1,200", "900", "0") if frame == "side" else ("São Tomé 1,200", "São Tomé 900", "Other 0")
    first, second, none = (said[name][1] for name in names)  # in a narrow place by their marks alone
    assert top < first < following < second <= none
    if frame == "main":
        assert said["Chad 36,000"][1] == first
        assert first - SIZE - foot < (following - first) / 2  # nearer to their own bar
    assert not [one for one in svg.iter() if one.tag.endswith("line")]


@pytest.mark.parametrize("chosen", [("Nigeria",), ("Chad",), ("Nigeria", "Chad")])
def test_one_highlighted_part_is_filled_as_it_is_named_and_parted_from_its_neighbours(chosen: tuple[str, ...]) -> None:
    svg, findings = seen(drawing_of("stacked", EXPORTS, highlight=chosen))
    assert findings == ()
    hot, paper = (TOKENS.colour[name] for name in ("signal", "paper"))
    filled = {one.get("data-row") for one in svg.iter() if one.get("data-row") and one.get("fill") == hot}
    named = {"".join(one.itertext()) for one in svg.iter() if one.tag.endswith("text") and one.get("fill") == hot}
    seams = [one for one in svg.iter() if one.tag.endswith("line") and one.get("stroke") == paper]
    accent = {one.get("data-row") for one in svg.iter() if one.get("fill") == TOKENS.colour["accent"]}
    assert bool(accent - {None}) == (len(chosen) > 1)  # the others are calm beside a highlight
    if len(chosen) > 1:
        assert not filled | named
        assert not seams
    else:
        first = {"Nigeria": "0", "Chad": "2"}[chosen[0]]
        assert filled == {first, str(int(first) + 5)}
        assert all(chosen[0] in name for name in named)
        assert len(seams) == {"Nigeria": 2, "Chad": 4}[chosen[0]]


@pytest.mark.parametrize("rows", [EXPORTS, AGED])
def test_a_value_behind_a_name_that_ends_in_a_number_is_not_told_as_left_out(rows: list[ChartValue]) -> None:
    svg, findings = seen(drawing_of("stacked", rows))
    assert findings == ()
    assert rows is EXPORTS or "Ages 2 1" in [one.text for one in words(svg)]


def test_words_at_another_bar_than_their_own_are_refused() -> None:
    drawing = drawing_of("stacked", EXPORTS)
    runs = [one for part in drawing.spec["layer"] for one in part["data"]["values"] if "São" in str(one.get("text"))]
    runs[0]["y"], runs[1]["y"] = runs[1]["y"], runs[0]["y"]
    drawn, _ = renderer.draw({"a": replace(drawing, marks=0)}, None, TEMPLATES / "fonts")
    assert "chart-untrue" in {one.code for one in renderer.judge(drawing, drawn["a"])}


@pytest.mark.parametrize("values", [(70, 30, 0), (90, 4, 3, 3)])
def test_a_bar_of_parts_lists_them_where_one_has_no_place_for_its_name(values: tuple[int, ...]) -> None:
    rows = [row(f"a part of {name}", part) for name, part in zip("ABCD", values, strict=False)]
    svg, findings = seen(drawing_of("parts", rows))
    assert findings == ()
    named = [one.at for one in words(svg) if one.text.startswith("a part")]
    assert len(named) == len(values)
    assert max(x for x, _ in named) < 50
    foot = max(one.reach(1)[1] for one in shapes(svg) if one.row is not None)
    assert all(y > foot for _, y in named)
