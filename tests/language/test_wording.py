"""Numbers and dates in words: nothing of a value is lost."""

from __future__ import annotations

import datetime
import pickle
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.content.records import Qualifier, UnitForms
from briefing.content.scalars import Day
from briefing.findings import ContentPath, Refused
from briefing.language.amount import Amount
from briefing.language.wording import NBSP, Wording, read_wording, spoken_languages
from tests.support.builds import TEMPLATES

UNITS = {"arrest": UnitForms(one="arrest", other="arrests")}


def wording(language: str = "en-GB") -> Wording:
    return read_wording(TEMPLATES, language, UNITS)


ENGLISH = wording()


def said(words: str) -> str:
    return words.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("value", "unit", "qualifier", "long", "short", "bare"),
    [
        ("300", "arrest", "more than", "more than 300 arrests", "more than 300", ">300"),
        ("1", "arrest", None, "1 arrest", "1", "1"),
        ("8000000", "usd", "up to", "up to US$8 million", "up to US$8 million", "≤US$8M"),
        ("1250000", "eur", None, "€1.25 million", "€1.25 million", "€1.25M"),
        ("1234567", "eur", None, "€1,234,567", "€1,234,567", "€1,234,567"),
        ("40", "percent", "about", "about 40%", "about 40%", "≈40%"),
        ("12.5", "percent", None, "12.5%", "12.5%", "12.5%"),
        ("300", "arrest", "fewer than", "fewer than 300 arrests", "fewer than 300", "<300"),
        ("300", "number", "fewer than", "fewer than 300", "fewer than 300", "<300"),
        ("0.4", "percent", "fewer than", "less than 0.4%", "less than 0.4%", "<0.4%"),
        ("5000000", "eur", "fewer than", "less than €5 million", "less than €5 million", "<€5M"),
        ("100", "kilometer", "fewer than", "less than 100 kilometres", "less than 100 kilometres", "<100km"),
        ("-4", "points", None, "−4 percentage points", "−4", "−4"),
        ("520085", "number", None, "520,085", "520,085", "520,085"),
        ("2024", "year", None, "2024", "2024", "2024"),
        ("3", "day", "nearly", "nearly 3 days", "nearly 3 days", "<3 days"),
        ("100", "kilometer", None, "100 kilometres", "100 kilometres", "100km"),
    ],
)
def test_a_figure_in_words(value: str, unit: str, qualifier: str | None, long: str, short: str, bare: str) -> None:
    number, how = Decimal(value), Qualifier(qualifier) if qualifier else None
    assert said(ENGLISH.long(Amount(number, unit, how)).text) == long
    assert said(ENGLISH.short(Amount(number, unit, how)).text) == short
    assert said(ENGLISH.bare(Amount(number, unit, how))).replace(" km", "km") == bare


@given(
    st.decimals(-(10**15), 10**15, places=2), st.sampled_from(["number", "usd", "eur", "percent", "arrest", "points"])
)
def test_no_digit_of_a_value_is_lost(value: Decimal, unit: str) -> None:
    words = said(ENGLISH.short(Amount(value, unit)).text).replace("−", "-").replace(",", "")
    found = re.search(r"\d+(\.\d+)?", words)
    assert found
    scale = next((10**n for n, word in ((12, "trillion"), (9, "billion"), (6, "million")) if word in words), 1)
    assert Decimal(found[0]) * scale == abs(value)
    assert ("-" in words) == (value < 0)


@given(
    st.integers(0, 10**12), st.sampled_from(list(Qualifier)), st.sampled_from(["number", "usd", "percent", "arrest"])
)
def test_a_qualifier_is_never_lost(value: int, qualifier: Qualifier, unit: str) -> None:
    number, is_counted = Decimal(value), unit in ("number", "arrest")
    word = "less than" if qualifier is Qualifier.FEWER_THAN and not is_counted else qualifier.value
    assert said(ENGLISH.long(Amount(number, unit, qualifier)).text).startswith(f"{word} ")
    assert said(ENGLISH.short(Amount(number, unit, qualifier)).text).startswith(f"{word} ")
    assert ENGLISH.bare(Amount(number, unit, qualifier))[0] in "><≈≤≥"


def test_a_line_never_ends_within_a_qualifier_or_a_number() -> None:
    assert ENGLISH.long(Amount(Decimal(8000000), "usd", Qualifier.UP_TO)).text == f"up{NBSP}to US$8{NBSP}million"


@pytest.mark.parametrize(
    ("day", "language", "words"),
    [
        (Day(2024, 6, 11), "en-GB", "11 June 2024"),
        (Day(2024, 6, 11), "en-US", "June 11, 2024"),
        (Day(2024, 6), "en-GB", "June 2024"),
        (Day(2024), "en-GB", "2024"),
        (datetime.date(2024, 6, 1), "en-GB", "1 June 2024"),
    ],
)
def test_a_date_in_words_says_no_more_than_is_known(day: Day | datetime.date, language: str, words: str) -> None:
    assert said(wording(language).date(day)) == words


@pytest.mark.parametrize("unit", ["number", "percent", "points", "year", "date", "usd", "day", "kilometer", "arrest"])
def test_units_of_the_language_and_of_the_content_are_known(unit: str) -> None:
    assert ENGLISH.knows_unit(unit)


@pytest.mark.parametrize("unit", ["percnt", "xyz", "arrests", "a-b", "us", "er", "kilomete"])
def test_other_units_are_not(unit: str) -> None:
    assert not ENGLISH.knows_unit(unit)


@pytest.mark.parametrize("language", ["xx-YY", "fi", "english please", "en_GB", ""])
def test_a_language_without_words_is_refused_at_its_place(language: str) -> None:
    with pytest.raises(Refused) as refused:
        wording(language)
    assert [(f.code, f.at) for f in refused.value.findings] == [
        ("language-unknown", ContentPath(("briefing", "language")))
    ]


def test_a_country_spells_some_words_otherwise_and_says_all_others_as_its_language_does() -> None:
    american, british = wording("en-US").words, wording("en-GB").words
    assert (american["label"]["licence"], british["label"]["licence"]) == ("License", "Licence")
    assert {group: set(words) for group, words in american.items()} == {
        group: set(words) for group, words in british.items()
    }
    assert wording("en-CA").words == british
    assert not [
        word for group in american.values() for word in group.values() if re.search("colour|licence", word, re.I)
    ]
    assert spoken_languages(TEMPLATES) == ("en",)


class Asks:
    """Finds out more of the wording that it is in, while that is sent to another process."""

    said: Wording | None = None

    def __reduce__(self) -> tuple[type, tuple[()]]:
        assert self.said
        assert self.said.point == "."
        assert self.said.month_names[0] == "January"
        return dict, ()


def test_a_wording_can_be_sent_while_another_thread_finds_out_more_of_it() -> None:
    asks = Asks()
    asks.said = Wording(wording().locale, asks, UNITS)  # type: ignore[arg-type]
    assert pickle.loads(pickle.dumps(asks.said)).locale == asks.said.locale
