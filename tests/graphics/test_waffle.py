"""A waffle gives each part its share of a hundred squares, to a part of a square."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.findings import Refused
from briefing.graphics import renderer
from briefing.graphics.charts.drawn import shapes, words
from tests.support.charts import FRAMES, LARGE, NAMES, TEMPLATES, TOKENS, beyond, drawing_of, row, seen
from tests.support.examples import examples

PARTS = st.lists(st.integers(0, 3000).map(lambda tenth: tenth / 10), min_size=1, max_size=5)


@pytest.mark.slow
@examples(12)
@given(PARTS, st.integers(0, 900), st.sampled_from(sorted(FRAMES)), st.booleans(), st.booleans())
def test_parts_have_their_share_of_the_squares(
    values: list[float], rest: int, place: str, large: bool, hot: bool
) -> None:
    parts = [row(name, value) for name, value in zip(NAMES, values, strict=False)]
    rows = [*parts, row("All of them", (sum(values) + rest) or 1, total=True)]
    zoom = LARGE.grid["picture"]
    tokens = replace(LARGE, size={name: size / zoom for name, size in LARGE.size.items()}) if large else TOKENS
    try:
        drawing = drawing_of("waffle", rows, FRAMES[place], tokens, highlight=[NAMES[0]] if hot else [])
    except Refused as refused:
        assert [one.code for one in refused.findings] == ["chart-crowded"]  # noqa: PT017
        return
    svg, findings = seen(drawing)
    assert findings == ()
    assert beyond(svg, FRAMES[place]) == []
    said = " ".join(one.text for one in words(svg))
    assert all(one.text in said and (one.label or "") in said for one in rows)


def test_a_share_of_a_hundred_needs_no_total_and_shows_what_is_left() -> None:
    svg, findings = seen(drawing_of("waffle", [row("of homes", 12.5, text="12.5%")]))
    assert findings == ()
    drawn = [one.layer for one in shapes(svg)]
    assert drawn.count("values") == 13  # of which the last is half a square
    assert drawn.count("rest") == 88


def test_more_than_the_whole_is_refused() -> None:
    for rows in ([row("A", 60), row("B", 41)], [row("A", 60), row("All", 50, total=True)]):
        with pytest.raises(Refused) as refused:
            drawing_of("waffle", rows)
        assert [one.code for one in refused.value.findings] == ["chart-total"]


def test_a_waffle_with_a_square_too_many_is_refused() -> None:
    drawing = drawing_of("waffle", [row("A", 40), row("B", 35)])
    (squares,) = [one for one in drawing.spec["layer"] if one.get("name") == "values"]
    squares["data"]["values"][40]["row"] = 0
    lied, _ = renderer.draw({"a": drawing}, None, TEMPLATES / "fonts")
    assert {one.code for one in renderer.judge(drawing, lied["a"])} == {"chart-untrue"}
