"""Styles with values in place of custom properties lay pages as those with them do."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from briefing.documents import html
from briefing.documents.document import Edition
from briefing.layout.speedups.css_values import settled
from briefing.proofing import proof
from tests.support.builds import TEMPLATES

PAGE = '<style>:root {{ --u: 3.4pt; --ink: #1a1d21; --sans: "Source Sans 3" }} {}</style><p>calc(1 * 2) var(--u)</p>'


def styles(rules: str) -> str:
    """What becomes of some rules."""
    found = settled(PAGE.format(rules))
    assert found.endswith("</style><p>calc(1 * 2) var(--u)</p>")
    return found[found.index("} ") + 2 : found.index("</style>")]


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ("p { color: var(--ink); font-family: var(--sans) }", 'p { color: #1a1d21; font-family: "Source Sans 3" }'),
        ("p { margin: calc(var(--u) * 1.6) 0 }", "p { margin: 5.44pt 0 }"),
        ("p { margin: calc(1.1mm * 3) }", "p { margin: 3.3mm }"),
        ("p { line-height: calc(1.36 * 0.985) }", "p { line-height: 1.3396 }"),
        ("p { width: calc(100% - 2mm) }", "p { width: calc(100% - 2mm) }"),
        ("p { color: var(--other) }", "p { color: var(--other) }"),
        ("p { color: var(--other, var(--ink)) }", "p { color: var(--other, #1a1d21) }"),
        (".a { --u: 2pt; } p { margin: var(--u) }", ".a { --u: 2pt; } p { margin: var(--u) }"),
    ],
)
def test_a_style_has_values_where_they_are_the_same_for_all_elements(rules: str, found: str) -> None:
    assert styles(rules) == found


def test_a_page_without_styles_stays_as_it_is() -> None:
    assert settled("<p>var(--u)</p>") == "<p>var(--u)</p>"


@pytest.mark.slow
def test_documents_are_the_same_byte_for_byte(
    flagship_editions: Mapping[str, Edition], monkeypatch: pytest.MonkeyPatch
) -> None:
    def written() -> list[bytes]:
        setter = proof.pressed(TEMPLATES / "fonts")
        made = flagship_editions.values()
        pages = [(html.compose(one, html.Setting(1.13, 0.97), TEMPLATES), one.assets) for one in made]
        assert len(pages) == 2
        return [setter.write(setter.lay(page, assets)).data for page, assets in pages]

    with_values = written()
    monkeypatch.setattr(html, "settled", lambda source: source)
    assert written() == with_values
