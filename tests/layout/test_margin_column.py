"""Places for margin blocks: never over each other, never off the page, near what they accompany."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from briefing.documents.setting import Placed
from briefing.layout.margin_column import (
    STEP_PX,
    BlockSpan,
    ColumnPage,
    MarginBlock,
    PlacedMargin,
    drifts,
    holes,
    place,
    rooms,
)

GAP = 20.0
AREA = 900.0


@st.composite
def documents(draw: st.DrawFn) -> tuple[list[MarginBlock], list[ColumnPage]]:
    """Blocks laid one below the other over some pages, and sides that accompany them."""
    pages: list[ColumnPage] = []
    names: list[str] = []
    running = ""
    for number in range(draw(st.integers(1, 4))):
        spots: dict[str, BlockSpan] = {}
        top = 0.0
        if running:  # the last block of the page before runs on
            spots[running] = BlockSpan(0.0, draw(st.floats(20, AREA)), starts=False)
            top = spots[running].bottom + 10
        for index in range(draw(st.integers(0, 5))):
            height = draw(st.floats(20, 400))
            if top + height > AREA:
                break
            name = f"b{number}-{index}"
            spots[name] = BlockSpan(top, top + height, wide=draw(st.booleans()))
            names.append(name)
            top += height + 10
        runs_on = draw(st.booleans())
        running = next(reversed(spots), "") if runs_on else ""
        pages.append(ColumnPage(spots, AREA))
    beside = st.sampled_from([*(names or ["nowhere"]), ""])  # which is of what fills the margin
    heights = draw(st.lists(st.floats(10, 1000), max_size=6))
    return [MarginBlock(f"s{n}", height, draw(beside)) for n, height in enumerate(heights)], pages


@given(documents())
def test_placed_blocks_lie_on_the_page_and_apart_from_each_other_and_from_wide_blocks(
    document: tuple[list[MarginBlock], list[ColumnPage]],
) -> None:
    sides, pages = document
    margin = place(sides, pages, GAP)
    placed, homeless = margin.placed, margin.homeless
    assert sorted([p.id for p in placed] + list(homeless)) == sorted(side.id for side in sides)
    height = {side.id: side.height for side in sides}
    for number, page in enumerate(pages):
        mine = [(p.top, p.top + height[p.id]) for p in placed if p.page == number]
        assert all(top >= 0 and bottom <= page.area + 1e-6 for top, bottom in mine)
        for (_, bottom), (top, _) in pairwise(sorted(mine)):
            assert top - bottom >= GAP - 1e-6
        for spot in page.spots.values():
            if spot.wide:
                text = [other.top for other in page.spots.values() if not other.wide and other.top >= spot.bottom]
                below = min([spot.bottom + GAP, *text])  # or level with text that stands nearer
                assert all(bottom <= spot.top - GAP + 1e-6 or top >= below - 1e-6 for top, bottom in mine)


@given(documents())
def test_a_placed_block_hangs_on_a_block_that_begins_on_its_page(
    document: tuple[list[MarginBlock], list[ColumnPage]],
) -> None:
    sides, pages = document
    for spot in place(sides, pages, GAP).placed:
        assert pages[spot.page].spots[spot.before].starts


def test_a_block_stands_beside_what_it_accompanies() -> None:
    pages = [ColumnPage({"a": BlockSpan(0, 300), "b": BlockSpan(310, 600)}, AREA)]
    assert place([MarginBlock("s", 100, "b")], pages, GAP).placed == (Placed("s", 0, "b", 310.0),)


def test_blocks_beside_the_same_text_keep_their_order() -> None:
    pages = [ColumnPage({"a": BlockSpan(0, 800)}, AREA)]
    placed = place([MarginBlock(name, 100, "a") for name in "xyz"], pages, GAP).placed
    assert [(p.id, p.top) for p in placed] == [("x", 0.0), ("y", 145.0), ("z", 290.0)]


def test_a_block_moves_to_the_nearest_room_above_a_wide_one() -> None:
    pages = [ColumnPage({"a": BlockSpan(0, 300), "b": BlockSpan(310, 400), "w": BlockSpan(410, 900, wide=True)}, AREA)]
    (spot,) = place([MarginBlock("s", 200, "b")], pages, GAP).placed
    assert spot.top == 410 - GAP - 200


def test_no_block_stands_above_the_first_one_where_the_title_is() -> None:
    spots = {"w": BlockSpan(200, 400, wide=True), "a": BlockSpan(410, 890)}
    sides = [MarginBlock("m", 400, "a"), MarginBlock("n", 150, "a")]
    found = place(sides, [ColumnPage(spots, AREA)], GAP)
    assert ([one.id for one in found.placed], found.homeless) == (["m"], ("n",))
    titled = {"w": BlockSpan(0, 200, wide=True), "a": BlockSpan(350, 890)}  # a title stands between them
    assert place([MarginBlock("m", 100, "")], [ColumnPage(titled, AREA)], GAP).placed[0].top == 350


def test_a_block_without_room_goes_to_the_next_page_and_then_to_one_before() -> None:
    full, free = ColumnPage({"w": BlockSpan(0, 890, wide=True)}, AREA), ColumnPage({"n": BlockSpan(0, 300)}, AREA)
    assert place([MarginBlock("s", 100, "w")], [full, free], GAP).placed[0].page == 1
    assert place([MarginBlock("s", 100, "w")], [free, full], GAP).placed[0].page == 0
    alone = place([MarginBlock("s", 100, "w")], [full], GAP)
    assert (alone.placed, alone.homeless) == ((), ("s",))


def test_a_block_that_runs_over_pages_is_accompanied_where_it_begins() -> None:
    pages = [
        ColumnPage({"a": BlockSpan(100, 900)}, AREA),
        ColumnPage({"a": BlockSpan(0, 200, starts=False), "b": BlockSpan(210, 300)}, AREA),
    ]
    (spot,) = place([MarginBlock("s", 50, "a")], pages, GAP).placed
    assert (spot.page, spot.top) == (0, 100.0)


def test_a_block_without_room_drives_none_away_from_its_own_text() -> None:
    pages = [
        ColumnPage({"w": BlockSpan(0, 800, wide=True), "a": BlockSpan(810, 890)}, AREA),
        ColumnPage({"b": BlockSpan(0, 600)}, AREA),
        ColumnPage({"c": BlockSpan(0, 600)}, AREA),
    ]
    margin = place([MarginBlock("s", 600, "a"), MarginBlock("t", 600, "b")], pages, GAP)
    assert {one.id: one.page for one in margin.placed} == {"s": 2, "t": 1}
    assert list(drifts(margin)) == [("s", 2, 2)]


def test_a_block_beside_text_that_goes_on_over_the_page_has_not_drifted() -> None:
    pages = [
        ColumnPage({"w": BlockSpan(0, 800, wide=True), "a": BlockSpan(810, 890)}, AREA),
        ColumnPage({"a": BlockSpan(0, 300, starts=False), "b": BlockSpan(310, 600)}, AREA),
    ]
    margin = place([MarginBlock("s", 200, "a")], pages, GAP)
    assert margin.placed[0].page == 1
    assert list(drifts(margin)) == []


def test_a_hole_lies_beside_text_above_below_and_between_the_blocks_of_a_margin() -> None:
    spots = {"a": BlockSpan(0, 300), "b": BlockSpan(310, 600)}
    sides = [MarginBlock("s", 50, "a"), MarginBlock("t", 50, "b")]
    apart = PlacedMargin(
        (Placed("s", 0, "a", 0.0), Placed("t", 0, "b", 310.0)), (), tuple(sides), (ColumnPage(spots, AREA),)
    )
    assert list(holes(apart, 100)) == [(0, 250.0), (0, 240.0)]
    parted = spots | {"w": BlockSpan(200, 250, wide=True)}
    assert list(holes(place(sides, [ColumnPage(parted, AREA)], GAP), 100)) == [(0, 150.0), (0, 240.0)]
    assert list(holes(place(sides[:1], [ColumnPage(spots, AREA)], GAP), 100)) == [(0, 550.0)]


def test_what_fills_the_margin_looks_for_the_most_room_once_all_others_are_placed() -> None:
    pages = [
        ColumnPage({"a": BlockSpan(0, 400), "b": BlockSpan(410, 600)}, AREA),
        ColumnPage({"c": BlockSpan(0, 900)}, AREA),
    ]
    sides = [MarginBlock("f", 100, ""), MarginBlock("g", 100, ""), MarginBlock("s", 300, "a")]
    found = {one.id: (one.page, one.top) for one in place(sides, pages, GAP).placed}
    assert found == {"s": (0, 0.0), "f": (1, 0.0), "g": (1, 100.0 + STEP_PX)}


def test_several_blocks_stand_in_even_steps_and_end_with_the_text_where_it_is_near() -> None:
    page = ColumnPage({"a": BlockSpan(0, 300), "b": BlockSpan(310, 600)}, AREA)
    sides = [MarginBlock("s", 200, "a"), MarginBlock("t", 180, "a"), MarginBlock("u", 150, "b")]
    assert [one.top for one in place(sides, [page], GAP).placed] == [0.0, 235.0, 450.0]
    assert [one.top for one in place(sides[:2], [page], GAP).placed] == [0.0, 200.0 + STEP_PX]
    shorter = ColumnPage({"a": BlockSpan(0, 300), "b": BlockSpan(310, 460)}, AREA)
    assert [one.top for one in place(sides[:2], [shorter], GAP).placed] == [0.0, 280.0]


def test_others_make_room_for_a_block_at_its_own_text() -> None:
    page = ColumnPage({"a": BlockSpan(0, 300), "b": BlockSpan(310, 900)}, AREA)
    sides = [MarginBlock("s", 300, "b"), MarginBlock("t", 500, "b")]
    margin = place(sides, [page], GAP)
    assert (margin.homeless, [one.top for one in margin.placed]) == ((), [0.0, 345.0])
    assert [round(room) for _, room in rooms(margin, GAP)] == [60]


def test_a_page_on_which_no_block_begins_has_no_room_and_none_is_told_of_it() -> None:
    pages = [ColumnPage({"a": BlockSpan(0, 900)}, AREA), ColumnPage({"a": BlockSpan(0, 900, starts=False)}, AREA)]
    margin = place([MarginBlock("s", 600, "a"), MarginBlock("t", 600, "a")], pages, GAP)
    assert ([one.page for one in margin.placed], margin.homeless) == ([0], ("t",))
    assert list(rooms(margin, GAP)) == [(0, AREA - 600 - GAP)]


def test_nothing_stands_below_the_end_of_a_document_while_there_is_room_beside_text() -> None:
    pages = [
        ColumnPage({"a": BlockSpan(0, 600)}, AREA),
        ColumnPage({"b": BlockSpan(0, 100), "end": BlockSpan(110, 300, wide=True)}, AREA),
    ]
    (placed,) = place([MarginBlock("s", 300, "b")], pages, GAP).placed
    assert (placed.page, placed.top) == (0, 0.0)
    (placed,) = place([MarginBlock("s", 300, "b")], pages[1:], GAP).placed
    assert placed.top > 300


def test_what_fills_the_margin_is_read_where_it_stands() -> None:
    page = ColumnPage({"a": BlockSpan(0, 290), "b": BlockSpan(300, 600), "c": BlockSpan(610, 900)}, AREA)
    placed = place([MarginBlock("s", 500, "a"), MarginBlock("f", 300, "")], [page], GAP).placed
    assert [(one.id, one.before) for one in placed] == [("s", "a"), ("f", "c")]


def test_a_block_below_a_wide_one_begins_level_with_its_text() -> None:
    page = ColumnPage({"w": BlockSpan(0, 200, wide=True), "a": BlockSpan(208, 600)}, AREA)
    assert place([MarginBlock("s", 100, "a")], [page], GAP).placed[0].top == 208
