"""No sentence of the two texts from which the sample began stands in it: no seven words in a row."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing.content.briefing import Briefing
from tests.support.builds import FLAGSHIP, briefing_of

HERE = Path(__file__).parent
RUN = 7


@pytest.fixture(scope="module")
def foreign() -> frozenset[str]:
    """The sums of all runs of seven words of the two texts, which are not ours to print."""
    return frozenset((HERE / "starting_texts.txt").read_text(encoding="ascii").split())


@pytest.fixture(scope="module")
def briefing() -> Briefing:
    return briefing_of(FLAGSHIP.read_text(encoding="utf-8"))


def sum_of(words: list[str]) -> str:
    """The sum of some words, without case and signs."""
    return hashlib.blake2b(" ".join(words).encode(), digest_size=5).hexdigest()


def _runs(text: str) -> Iterator[list[str]]:
    words = re.findall(r"[^\W_]+", text.casefold())
    return (words[at : at + RUN] for at in range(len(words) - RUN + 1))


def texts(value: object) -> Iterator[str]:
    """All texts of some records, each by itself."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)


def borrowed(briefing: Briefing, foreign: frozenset[str]) -> set[str]:
    """The runs that stand in the content and in one of the texts; what is quoted letter for letter is no loan."""
    quoted = {" ".join(run) for quotation in briefing.quotations for run in _runs(quotation.text)}
    runs = (run for text in texts(briefing.model_dump(mode="json")) for run in _runs(text))
    return {" ".join(run) for run in runs if sum_of(run) in foreign and " ".join(run) not in quoted}


def test_no_seven_words_in_a_row_are_those_of_a_starting_text(briefing: Briefing, foreign: frozenset[str]) -> None:
    assert len(foreign) > 3000
    assert borrowed(briefing, foreign) == set()


def test_a_borrowed_sentence_is_found(briefing: Briefing, foreign: frozenset[str]) -> None:
    words = "a sentence of seven words and more"
    loan = frozenset({sum_of(words.split())})
    front = briefing.briefing.model_copy(update={"subtitle": "Here is A sentence of seven words, and more."})
    assert borrowed(briefing.model_copy(update={"briefing": front}), foreign | loan) == {words}
