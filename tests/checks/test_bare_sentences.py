"""Sentences of fact without a source are listed; those with one, or that state no fact, are left alone."""

from __future__ import annotations

import pytest

from briefing.checks.evidence import bare_sentences
from tests.support.builds import GOOD, briefing_of


def told(text: str) -> list[str]:
    briefing = briefing_of(GOOD.replace("We counted {{rides}} rides.", f"'{text}'"))
    found = list(bare_sentences.check(briefing, "en"))
    assert {(one.code, one.about) for one in found} <= {("sentence-unsourced", "prose-1")}
    return [one.message for one in found]


@pytest.mark.parametrize(
    "text",
    [
        "The river rose above its banks in spring [@census].",
        "The river rose above its banks in spring. Nobody had warned the towns below it [@census].",
        "The river rose above its banks and {{rides}} rides were lost.",
        "Who pays when the river rises above its banks?",
        "The towns should move the road away from the river.",
        "This brief tells what the towns have done since.",
        "It was not so.",
    ],
)
def test_what_has_a_source_or_states_no_fact_is_left(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("The river rose above its banks in spring.", "a sentence names"),
        ("It was so [@census]. The river rose above its banks in spring.", "a sentence names"),
        ("The river rose above its banks in spring. Nobody had warned the towns below it.", "2 sentences name"),
    ],
)
def test_what_names_none_is_listed(text: str, many: str) -> None:
    (message,) = told(text)
    assert message.startswith(many)
    assert "“The river rose above its …”" in message
