"""When sources were read and when an edition came out, as the pages say it."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from briefing.content.tree import ContentTree
from briefing.documents.manuscript import account
from briefing.documents.text_renderer import TextRenderer
from briefing.language.numbers import JOINER
from briefing.language.wording import NBSP
from briefing.pipeline import build
from tests.support.builds import GOOD, LATER, TEMPLATES, briefing_of, swapped
from tests.support.reading import text

_SOURCES = """sources:
  census: {publisher: Office, title: Census, kind: data, read: 2024-06-01}
  audit: {publisher: Audit, title: Audit, kind: report, read: 2024-06-01}
  survey: {publisher: Survey, title: Survey, kind: report, read: %s}
"""
_BLOCKS = "  blocks:\n    - prose:\n        text: We counted {{rides}} rides [@audit; @survey].\n    - sources: {}\n"


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("2024-06-01", ["All read on 1 June 2024."]),
        ("2024-05-30", ["All read on 30 May–1 June 2024."]),
        ("2024-05-03", ["Read on 1 June 2024, unless marked.", "read 3 May 2024"]),
    ],
)
def test_days_on_which_sources_were_read_are_said_once_where_they_can_be(
    last: str, said: list[str], tmp_path: Path
) -> None:
    whole = swapped(
        GOOD,
        ("  census: {publisher: Office, title: Census, kind: data}\n", ""),
        ("sources:\n", _SOURCES % last),
        ("  blocks:\n    - prose:\n        text: We counted {{rides}} rides.\n", _BLOCKS),
        (
            "        items: [A plain sentence.]\n",
            "        items: ['{{rides}} rides [@audit; @survey].']\n    - sources: {}\n",
        ),
    )
    content = tmp_path / "content.yaml"
    content.write_text(whole, encoding="utf-8")
    build.run(build.Job(content, content.name, tmp_path / "out", TEMPLATES, LATER))
    for name in ("policy-brief", "fact-sheet"):
        words = " ".join(text(tmp_path / "out" / f"{name}.pdf").split())
        assert [words.count(part) for part in said] == [1] * len(said), words
        assert words.count("ead on") == 1


def test_an_edition_that_came_out_later_says_when(tmp_path: Path) -> None:
    content = tmp_path / "content.yaml"
    content.write_text(swapped(GOOD, ("date: 2024-06-12,", "date: 2024-06-12, edition: 2, issued: 2026-11,")), "utf-8")
    build.run(build.Job(content, content.name, tmp_path / "out", TEMPLATES, datetime.date(2026, 12, 1)))
    words = " ".join(text(tmp_path / "out" / "policy-brief.pdf").split())
    assert words.count("12 June 2024 · edition 2, November 2026") >= 2  # above the title, and at the foot of the page


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("Rules of June 12, 2024, in force", "June_12,_2024,"),
        ("Rules of 12 June 2024 in force", "12_June_2024"),
        ("Rules since June 2024 in force", "June_2024"),
        ("Rules of 3–4 June 2024 in force", "3–|4_June_2024"),
        ("Rules of May–June 2024 in force", "May–|June_2024"),
        ("Rules in CC BY-NC 4.0 and CC0 1.0", "CC_BY-NC_4.0"),
    ],
)
def test_a_date_in_a_heading_stays_whole(written: str, whole: str) -> None:
    one = account(briefing_of(GOOD), ContentTree("content.yaml", {}, {}, {}), TEMPLATES)
    hand = TextRenderer(one.briefing, one.ledger, one.wording, True)
    assert whole in str(hand.headline(written)).replace(NBSP, "_").replace(JOINER, "|").split()
