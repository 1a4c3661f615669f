"""Where the lines of an address may end."""

from __future__ import annotations

import pytest

from briefing.content.tree import ContentTree
from briefing.documents.manuscript import account
from briefing.documents.text_renderer import BREAK, TextRenderer, breakable
from briefing.language.wording import NBSP
from tests.support.builds import GOOD, TEMPLATES, briefing_of


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("desk@office.example.org", "desk|@|office.|example.org"),
        ("enquiries@ministry-of-health.gov.uk", "enquiries|@|ministry-|of-|health.|gov.uk"),
        ("www.example.org/a/b?q=1", "www.|example.org/|a/|b?|q=|1"),
        ("example.org/report.pdf", "example.org/|report.pdf"),
    ],
)
def test_lines_end_behind_signs_and_never_before_the_last_part_of_a_host(address: str, shown: str) -> None:
    assert breakable(address).replace(BREAK, "|") == shown


@pytest.mark.parametrize("number", ["+1 866 347 2423", "+44 20 7946 0018", "555 0142"])
def test_no_line_ends_within_a_telephone_number(number: str) -> None:
    one = account(briefing_of(GOOD), ContentTree("content.yaml", {}, {}, {}), TEMPLATES)
    hand = TextRenderer(one.briefing, one.ledger, one.wording, True)
    assert hand.words(f"Call {number} today.") == f"Call {number.replace(' ', NBSP)} today."
