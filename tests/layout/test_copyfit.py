"""Pages within their budget, on hand-made pages whose length is known."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from weakref import WeakSet

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from briefing.documents.setting import Setting
from briefing.findings import ContentPath, Severity
from briefing.layout import copyfit

(TIGHT, WIDE), LEAST = copyfit.SPACE, copyfit.LEAST
DOCUMENT = ContentPath(("fact_sheet",), key=True)
NAMES = {n: f"block {n}" for n in range(9)}


@dataclass(frozen=True)
class Laid:
    length: float
    unfilled: float = 0.0
    area_lines: float = 50.0
    words_a_line: float = 12.0


@dataclass
class Document:
    """Text of a fixed length, spacing that grows piecewise and never slower, and blocks that may go."""

    text: float
    slopes: tuple[float, ...]  # pages for each step of spacing, between equal parts of its range
    blocks: dict[int, float] = field(default_factory=dict)
    asked: list[tuple[Setting, frozenset[int]]] = field(default_factory=list)

    def __call__(self, setting: Setting, dropped: frozenset[int]) -> Laid:
        self.asked.append((setting, dropped))
        step = (WIDE - LEAST) / len(self.slopes)
        space = sum(
            slope * min(max(setting.space - LEAST - step * n, 0.0), step) for n, slope in enumerate(sorted(self.slopes))
        )
        left = sum(size for block, size in self.blocks.items() if block not in dropped)
        return Laid(self.text * setting.type**2 + space + left)


slopes = st.lists(st.floats(0.01, 0.8), min_size=1, max_size=4).map(tuple)


def test_pages_that_were_tried_are_not_all_kept() -> None:
    """A long document takes much memory each time that it is laid."""
    alive: WeakSet[Laid] = WeakSet()
    document, most = Document(5.2, (0.02, 0.6), dict.fromkeys(range(9), 0.1)), 0

    def render(setting: Setting, dropped: frozenset[int]) -> Laid:
        nonlocal most
        made = document(setting, dropped)
        alive.add(made)
        most = max(most, len(alive))
        return made

    assert copyfit.fit(render, copyfit.page_budget(5), tuple(range(9))).fits
    assert len(document.asked) > 6 > most


@given(st.floats(0.2, 4.5), slopes, st.lists(st.floats(0.02, 0.6), max_size=3), st.integers(1, 4))
def test_what_is_called_fitting_fits_and_is_the_page_that_was_laid(
    text: float, grows: tuple[float, ...], sizes: list[float], pages: int
) -> None:
    document = Document(text, grows, dict(enumerate(sizes)))
    optional = tuple(reversed(document.blocks))
    fitted = copyfit.fit(document, copyfit.page_budget(pages), optional)
    assert fitted.laid == document(fitted.setting, frozenset(fitted.dropped))
    assert fitted.fits == (fitted.laid.length <= pages)
    assert fitted.dropped == optional[: len(fitted.dropped)]
    assert fitted.renders == len(document.asked) - 1
    assert len(set(document.asked[:-1])) == fitted.renders  # nothing is laid twice
    if not fitted.fits:  # not even the floors would have been enough
        assert document(Setting(LEAST, copyfit.TYPE_FLOOR), frozenset(optional)).length > pages


@given(st.floats(0.2, 4.5), slopes, st.integers(1, 4))
def test_type_is_touched_only_where_spacing_is_not_enough(text: float, grows: tuple[float, ...], pages: int) -> None:
    document = Document(text, grows)
    fitted = copyfit.fit(document, copyfit.page_budget(pages), ())
    if document(Setting(TIGHT), frozenset()).length <= pages:
        assert fitted.setting.type == 1.0
    if document(Setting(TIGHT, copyfit.TYPE_FLOOR), frozenset()).length <= pages:
        assert fitted.setting.space >= TIGHT  # below it, only where small type is not enough
    assert LEAST <= fitted.setting.space <= WIDE
    assert copyfit.TYPE_FLOOR <= fitted.setting.type <= 1.0


@given(st.floats(0.5, 1.6), slopes)
def test_a_page_that_spacing_can_fill_is_filled(text: float, grows: tuple[float, ...]) -> None:
    document, target = Document(text, grows), copyfit.page_budget(1)
    assume(document(Setting(WIDE), frozenset()).length > target.pages)
    assume(document(Setting(TIGHT), frozenset()).length < target.low)
    assert copyfit.fit(document, target, ()).laid.length >= target.thin


@pytest.mark.parametrize(
    ("text", "renders"),
    [
        (0.838, 1),  # with tight spacing the page is as full as it should be
        (0.62, 3),  # wider spacing
        (0.92, 2),  # type at its floor fills the page
        (0.87, 3),  # smaller type
        (0.98, 4),  # and the last of the spacing, though small type might have been enough
        (1.03, 4),  # at once, where it could not have been
    ],
)
def test_one_render_where_tight_spacing_fits_three_for_wider_four_at_most(text: float, renders: int) -> None:
    fitted = copyfit.fit(Document(text, (0.6,)), copyfit.page_budget(1), ())
    assert fitted.fits
    assert fitted.renders == renders


@given(st.floats(0.3, 1.05))
def test_no_page_takes_more_than_five_renders_where_spacing_grows_evenly(text: float) -> None:
    assert copyfit.fit(Document(text, (0.6,)), copyfit.page_budget(1), ()).renders <= 5


def test_spacing_changes_a_little_where_that_fills_a_hole_in_the_text() -> None:
    def laid(setting: Setting, _: frozenset[int]) -> Laid:
        return Laid(0.97 + 0.02 * (setting.space - TIGHT), 120.0 if setting.space < 0.67 else 0.0)

    fitted = copyfit.fit(laid, copyfit.page_budget(1), ())
    assert fitted.setting.space == pytest.approx(TIGHT * 1.06, abs=1e-4)
    assert not fitted.laid.unfilled
    holed = copyfit.fit(lambda setting, dropped: Laid(laid(setting, dropped).length, 120.0), copyfit.page_budget(1), ())
    assert holed.setting.space == TIGHT  # where it fills none, spacing stays


@pytest.mark.parametrize(("text", "columns", "roomy"), [(3.3, 0.05, True), (3.3, 0.9, False), (3.99, 0.001, False)])
def test_the_imprint_of_tight_pages_is_in_columns_where_the_last_one_has_room(
    text: float, columns: float, roomy: bool
) -> None:
    def laid(setting: Setting, _: frozenset[int]) -> Laid:
        tight = setting.space < TIGHT and setting.type < 1
        return Laid(text + columns * setting.roomy_end if tight else 4.6)

    fitted = copyfit.fit(laid, copyfit.page_budget(4), ())
    assert fitted.setting.is_cramped
    assert fitted.setting.runs_imprint is not roomy
    assert fitted.laid.length <= 4


def test_optional_blocks_go_in_their_order_and_one_at_a_time() -> None:
    document = Document(0.9, (0.1,), {1: 0.3, 2: 0.3, 3: 0.3})
    fitted = copyfit.fit(document, copyfit.page_budget(1), (3, 2, 1))
    assert (fitted.fits, fitted.dropped) == (True, (3, 2, 1))
    assert next(dropped for _, dropped in document.asked if dropped) == {3}

    document = Document(0.6, (0.1,), {1: 0.3, 2: 0.3, 3: 0.3})
    fitted = copyfit.fit(document, copyfit.page_budget(1), (3, 2, 1))
    assert (fitted.fits, fitted.dropped) == (True, (3, 2))


def test_after_a_block_has_gone_the_spacing_starts_from_its_default_again() -> None:
    document = Document(0.57, (0.6,), {7: 0.5})
    fitted = copyfit.fit(document, copyfit.page_budget(1), (7,))
    assert fitted.dropped == (7,)
    assert (Setting(TIGHT), frozenset({7})) in document.asked
    assert fitted.setting.space > 0.9
    assert fitted.setting.type == 1.0


def test_a_block_that_need_not_go_stays() -> None:
    document = Document(0.3, (0.6,), {7: 0.3})
    assert copyfit.fit(document, copyfit.page_budget(1), (7,)).dropped == ()


def test_what_cannot_fit_is_measured_without_an_end() -> None:
    document, target = Document(1.2 / copyfit.TYPE_FLOOR**2, (0.1,), {2: 0.4}), copyfit.page_budget(1)
    fitted = copyfit.fit(document, target, (2,))
    assert not fitted.fits
    assert fitted.setting.tall  # measured on a sheet without end
    assert copyfit.over_budget(fitted.laid, target) == (10, 120)


def test_a_dropped_block_is_a_note_at_the_block() -> None:
    document, target = Document(0.9, (0.1,), {2: 0.4}), copyfit.page_budget(1)
    said = copyfit.judge(copyfit.fit(document, target, (2,)), target, "Brief", "brief", NAMES)
    assert [(f.severity, f.code) for f in said] == [(Severity.NOTE, "block-dropped")]
    assert said[0].at == ContentPath(("brief", "blocks", 2))


def test_a_thin_page_is_a_warning_that_says_how_many_words_could_come() -> None:
    target = copyfit.page_budget(1)
    fitted = copyfit.fit(Document(0.482, (1e-9,)), target, ())
    said = copyfit.judge(fitted, target, "Fact sheet", "fact_sheet", NAMES)
    assert [(f.severity, f.code, f.at) for f in said] == [(Severity.WARNING, "page-thin", DOCUMENT)]
    assert "about 300 words could come" in said[0].message


# ------------------------------------------------------------------ as many pages as it takes


@given(st.floats(0.1, 12), st.integers(1, 10), st.floats(0.0, 0.3))
def test_an_open_end_never_exceeds_its_most_pages_and_saves_a_page_that_would_be_nearly_empty(
    natural: float, most: int, elastic: float
) -> None:
    def at(space: float) -> float:
        return natural * (1 - elastic * (1 - space))

    fitted, target = copyfit.fit_open(lambda setting, _: Laid(at(setting.space)), most, ())
    assert fitted.fits == (fitted.laid.length <= most)
    if not fitted.fits:
        assert at(TIGHT) > most
        return
    needed = math.ceil(natural)
    if fitted.setting.space >= copyfit.EASY:
        assert target.pages == math.ceil(fitted.laid.length)
        saves = (
            needed > 1 and at(copyfit.EASY) <= needed - 1 and (natural - needed + 1 < copyfit.SAVED or needed > most)
        )
        assert target.pages == (needed - 1 if saves else needed)
    else:
        assert needed > most
