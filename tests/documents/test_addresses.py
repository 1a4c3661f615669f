"""Where the lines of an address may end."""

from __future__ import annotations

import pytest

from briefing.documents.text_renderer import BREAK, breakable


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
