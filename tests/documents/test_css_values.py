"""Styles have the values of the design tokens where they are used, so that WeasyPrint need not find them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from briefing.documents import html
from briefing.documents.document import DocumentView
from briefing.documents.setting import Length, Setting
from tests.support.builds import TEMPLATES


@pytest.mark.parametrize(
    ("length", "printed"),
    [
        (Length(3.4, "pt"), "3.4pt"),
        (Length(3.4, "pt") * 1.6, "5.44pt"),
        (Length(1.1, "mm") * 3, "3.3mm"),
        (Length(1.36) * 0.985, "1.3396"),
    ],
)
def test_a_length_is_multiplied_and_printed_with_its_unit(length: Length, printed: str) -> None:
    assert str(length) == printed


def test_a_page_has_values_and_nothing_to_work_out(flagship_views: Mapping[str, DocumentView]) -> None:
    for made in flagship_views.values():
        styles = html.compose(made, Setting(1.13, 0.97), TEMPLATES).partition("</style>")[0]
        assert "var(" not in styles
        assert " * " not in styles
        assert "&" not in styles.partition("<style>")[2]
        assert 'font-family: "Source Serif 4"; font-size: ' in styles
