"""Columns that are reckoned stand as WeasyPrint would have laid them."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from briefing.layout.typesetter import Typesetter, typesetter
from tests.support.builds import Plain
from tests.support.examples import examples

FONTS = Path(__file__).parents[2] / "templates" / "fonts"
PAGE = """<style>@page {{ size: 120mm {high}mm; margin: 8mm }} html {{ font: 9pt/1.3 "Source Sans 3" }}
p {{ margin: 0 }} ol {{ list-style: none; padding: 0; margin: 0;
     columns: {count}; column-gap: 4mm }}
li {{ position: relative; padding-left: 5mm; margin: 0 0 {gap}pt; break-inside: {inside} }}
a {{ position: absolute; left: 0 }}</style><p>{before}</p><ol>{items}</ol><p>after</p>"""
ITEMS = st.lists(st.integers(1, 60), min_size=1, max_size=30)


def places(press: Typesetter, html: str) -> list[list[tuple[str, float, float]]]:
    """Every word box of every page, with where it stands."""
    return [
        [
            (box.text, round(box.position_x, 6), round(box.position_y, 6))
            for box in page._page_box.descendants()
            if hasattr(box, "text")
        ]
        for page in press.lay(html, {}).document.pages
    ]


@pytest.mark.slow
@examples(6, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=ITEMS,
    high=st.integers(40, 160),
    count=st.integers(2, 3),
    gap=st.sampled_from([0, 1.4, 6]),
    inside=st.sampled_from(["avoid", "avoid", "auto"]),
    before=st.integers(0, 120),
)
def test_reckoned_columns_stand_where_laid_ones_do(
    plain: Plain, words: list[int], high: int, count: int, gap: float, inside: str, before: int
) -> None:
    items = "".join(f"<li><a>{n}</a> {'word ' * length}</li>" for n, length in enumerate(words))
    html = PAGE.format(high=high, count=count, gap=gap, inside=inside, before="word " * before, items=items)
    press = typesetter(FONTS)
    reckoned = places(press, html)
    with plain():
        assert places(press, html) == reckoned


def test_items_are_laid_once_where_columns_are_reckoned(plain: Plain, monkeypatch) -> None:
    from weasyprint.layout import inline

    lines = 0
    counting = inline.get_next_linebox

    def counted(*given):
        nonlocal lines
        lines += 1
        return counting(*given)

    monkeypatch.setattr(inline, "get_next_linebox", counted)
    items = "".join(f"<li><a>{n}</a> {'word ' * (5 + n % 7)}</li>" for n in range(30))
    html = PAGE.format(high=160, count=2, gap=1.4, inside="avoid", before="", items=items)
    press = Typesetter(FONTS)
    press.lay(html, {})
    reckoned, lines = lines, 0
    with plain():
        press.lay(html, {})
    assert reckoned * 3 < lines
