"""A map can be drawn of any part of the globe, and shows what lies there."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.content.blocks import MapBlock
from briefing.design.tokens import read_tokens
from briefing.graphics.drawing import Frame
from briefing.graphics.maps import map_height, map_spec
from briefing.graphics.renderer import draw

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
