"""Figures in words, read back by a reader who knows nothing of how they are written: value, unit and sign hold."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefing.content.records import NumberScale, Qualifier, UnitForms
from briefing.content.scalars import NumberRange
from briefing.language.amount import Amount, ends
from briefing.language.numbers import MINUS, spoken, unbroken
from briefing.language.wording import Wording, read_wording
from tests.support.builds import TEMPLATES
from tests.support.number_reader import MONEY, NOUNS, holds, read, unit_holds

UNITS = {"people": UnitForms(one="person", other="people")}
LANGUAGES = ("en-GB", "en-US", "en-AU", "en-IN", "en-CA", "en-CH")
SPOKEN = {language: read_wording(TEMPLATES, language, UNITS) for language in LANGUAGES}

# ------------------------------------------------------------------ figures at random

DIGITS = st.integers(-(10**17), 10**17) | st.integers(-20_000, 20_000) | st.sampled_from([0, 1, 10**6, 99_950, 999_999])
NUMBERS = st.builds(lambda whole, places: Decimal(whole).scaleb(-places), DIGITS, st.integers(0, 6))
UNITS_SAID = [*MONEY, *NOUNS, "percent", "number"]
QUALIFIERS = st.none() | st.sampled_from(list(Qualifier))


@st.composite
def amounts(draw: st.DrawFn) -> Amount:
    unit = draw(st.sampled_from(UNITS_SAID))
    one, other = draw(NUMBERS), draw(NUMBERS)
    value: Decimal | NumberRange = one
    qualifier = draw(QUALIFIERS)
    if draw(st.integers(0, 3)) == 0 and other != one:
        value = NumberRange(min(one, other), max(one, other))
        qualifier = draw(st.sampled_from([None, Qualifier.ABOUT]))
    scale = None if unit in ("percent", "points") else draw(st.none() | st.sampled_from(list(NumberScale)))
    return Amount(value, unit, qualifier, scale, draw(st.none() | st.integers(1, 6)))


@given(amounts(), st.sampled_from(LANGUAGES))
@example(Amount(Decimal("-2500000"), "usd"), "en-GB")
@example(Amount(Decimal("10.0"), "percent"), "en-US")
@example(Amount(Decimal("2.50"), "usd"), "en-GB")
@example(Amount(Decimal("9960000"), "people", None, NumberScale.MILLION, 2), "en-GB")
@example(Amount(Decimal("-9960000"), "people", Qualifier.MORE_THAN, NumberScale.MILLION, 2), "en-GB")
@example(Amount(Decimal("2500000"), "usd"), "en-IN")
def test_words_read_back_give_value_unit_and_sign(amount: Amount, language: str) -> None:
    wording: Wording = SPOKEN[language]
    for words, noun in (
        (wording.long(amount).text, True),
        (wording.short(amount).text, False),
        (wording.bare(amount), False),
        (unbroken(wording.long(amount).text), True),
    ):
        back = read(words)
        holds(back, amount)
        unit_holds(back, amount.unit, noun)


@given(amounts(), st.sampled_from(LANGUAGES))
def test_a_number_told_in_full_keeps_the_decimals_that_were_written(amount: Amount, language: str) -> None:
    written = [max(-int(end.as_tuple().exponent), 0) for end in ends(amount.value)]
    wording = SPOKEN[language]
    if amount.digits is None and not wording.is_compact(amount):
        decimals = read(wording.short(amount).text).decimals
        assert decimals == written[0] or (amount.unit in MONEY and decimals >= written[0])


@given(amounts(), st.sampled_from(LANGUAGES))
def test_the_magnitude_has_no_minus_and_the_same_digits(amount: Amount, language: str) -> None:
    if max(ends(amount.value)) <= 0:
        back = read(SPOKEN[language].long(amount.magnitude).text)
        assert min(back.numbers) >= 0
        if amount.digits is None:
            assert sorted(back.numbers) == sorted(abs(end) for end in ends(amount.value))


@given(amounts(), st.sampled_from(LANGUAGES))
def test_no_line_can_end_within_a_figure_but_before_its_noun(amount: Amount, language: str) -> None:
    phrase = SPOKEN[language].long(amount)
    assert " " not in unbroken(phrase.number)
    assert " " not in phrase.qualifier.replace(" ", "")
    assert not re.search(f"{MINUS}[€$£¥]|–[^\u2060]", unbroken(phrase.number))


@pytest.mark.parametrize(
    ("amount", "language", "words"),
    [
        (Amount(Decimal("-2500000"), "usd"), "en-GB", "−US$2.5 million"),
        (Amount(Decimal("-2500000"), "usd"), "en-US", "−$2.5 million"),
        (Amount(Decimal("-2500000"), "eur"), "en-GB", "−€2.5 million"),
        (Amount(Decimal("1250"), "chf"), "en-GB", "CHF 1,250"),
        (Amount(Decimal("4500000"), "kes"), "en-GB", "KES 4.5 million"),
        (Amount(Decimal("2500000"), "usd"), "en-AU", "USD 2.5 million"),
        (Amount(Decimal("-1.5"), "celsius"), "en-GB", "−1.5 degrees Celsius"),
        (Amount(Decimal("2.5"), "usd"), "en-GB", "US$2.50"),
        (Amount(Decimal("3776543"), "people", None, NumberScale.MILLION, 2), "en-GB", "about 3.8 million people"),
        (
            Amount(Decimal("3776543"), "people", Qualifier.MORE_THAN, NumberScale.MILLION, 2),
            "en-GB",
            "more than 3.7 million people",
        ),
        (Amount(Decimal("1239053838"), "usd", None, NumberScale.BILLION, 3), "en-US", "about $1.24 billion"),
        (Amount(NumberRange(Decimal(27), Decimal(29)), "days"), "en-GB", "27 to 29 days"),
        (Amount(NumberRange(Decimal(27), Decimal(29)), "percent"), "en-GB", "27–29%"),
        (Amount(NumberRange(Decimal(-5), Decimal(-3)), "percent"), "en-GB", "−5% to −3%"),
        (Amount(NumberRange(Decimal(20000000), Decimal(30000000)), "usd"), "en-GB", "US$20–30 million"),
        (Amount(Decimal(1), "years"), "en-GB", "1 year"),
        (Amount(Decimal("1.0"), "weeks"), "en-GB", "1.0 weeks"),
    ],
)
def test_a_figure_reads_as_its_trade_writes_it(amount: Amount, language: str, words: str) -> None:
    assert spoken(SPOKEN[language].long(amount).text) == words
