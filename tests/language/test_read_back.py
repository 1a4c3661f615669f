"""Figures in words, read back by a reader who knows nothing of how they are written: value, unit and sign hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
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

UNITS = {"people": UnitForms(one="person", other="people")}
LANGUAGES = ("en-GB", "en-US", "en-AU", "en-IN", "en-CA", "en-CH")
SPOKEN = {language: read_wording(TEMPLATES, language, UNITS) for language in LANGUAGES}

# ------------------------------------------------------------------ an independent reader

_WORDS = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12, "K": 3, "M": 6, "B": 9, "T": 12, "L": 5, "Cr": 7}
_WORDS |= {"LCr": 12, "TCr": 10, "KCr": 10, "m": 6, "bn": 9, "tn": 12, "k": 3}
_QUALIFIERS = ("more than", "fewer than", "about", "up to", "at least", "at most", "nearly")
_SYMBOLS = {
    ">": ("more than",),
    "<": ("fewer than", "nearly"),
    "≈": ("about",),
    "≤": ("up to", "at most"),
    "≥": ("at least",),
}
_MONEY = {
    "usd": ("US$", "$", "USD"), "eur": ("€", "EUR"), "gbp": ("£", "GBP", "UK£"), "chf": ("CHF",), "kes": ("KES", "Ksh"),
    "jpy": ("¥", "JP¥", "JPY"),
}  # fmt: skip
_NOUNS = {
    "people": ("person", "people"),
    "points": ("percentage points",),
    "days": ("day", "days"),
    "years": ("year", "years", "yr", "yrs"),
    "weeks": ("week", "weeks", "wk", "wks"),
    "celsius": ("degree Celsius", "degrees Celsius", "°C"),
    "kilometer": ("kilometre", "kilometres", "kilometer", "kilometers", "km"),
}
_NUMBER = rf"({MINUS}?)\s*((?:[A-Z]{{2,4}}|Ksh|[A-Z]{{0,2}}[$€£¥])?)\s*({MINUS}?)\s*(\d[\d,’ ]*(?:\.\d+)?)\s*"


@dataclass(frozen=True)
class Read:
    """What a reader takes from words."""

    qualifiers: tuple[str, ...]
    numbers: tuple[Decimal, ...]
    decimals: int
    rest: str  # behind the numbers
    currency: str


def read(words: str) -> Read:
    """Read a number or range with its qualifier, sign, currency and scale."""
    text, said = spoken(words), tuple[str, ...]()
    for word in _QUALIFIERS:
        if text.startswith(f"{word} "):
            text, said = text.removeprefix(f"{word} "), (word,)
    if text[0] in _SYMBOLS:
        text, said = text[1:], _SYMBOLS[text[0]]
    unit = r"(%|°C)?"
    scale = rf"({'|'.join(sorted(_WORDS, key=len, reverse=True))})?(?![A-Za-z])"
    found = re.fullmatch(rf"{_NUMBER}{scale}\s*{unit}(?:\s?(?:–|to)\s?{_NUMBER}{scale}\s*{unit})?\s*(.*)", text)
    assert found, words
    sign, currency, inner, digits, word, per, sign2, currency2, inner2, digits2, word2, per2, rest = found.groups()
    assert currency2 in (None, "", currency)
    word, per = word or (word2 if digits2 else ""), per or per2
    values = [_value(sign or inner, digits, word)]
    if digits2:
        values.append(_value(sign2 or inner2, digits2, word2 or word))
    decimals = len(digits.strip().partition(".")[2])
    return Read(said, tuple(values), decimals, f"{per or ''}{rest}".strip(), currency)


def _value(sign: str, digits: str, word: str | None) -> Decimal:
    plain = Decimal(re.sub(r"[,’ ]", "", digits)).scaleb(_WORDS.get(word or "", 0))
    return -plain if sign else plain


# ------------------------------------------------------------------ figures at random

DIGITS = st.integers(-(10**17), 10**17) | st.integers(-20_000, 20_000) | st.sampled_from([0, 1, 10**6, 99_950, 999_999])
NUMBERS = st.builds(lambda whole, places: Decimal(whole).scaleb(-places), DIGITS, st.integers(0, 6))
UNITS_SAID = [*_MONEY, *_NOUNS, "percent", "number"]
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


def holds(read_back: Read, amount: Amount) -> None:
    """The numbers that were read are those of the amount, exactly or rounded as it asks."""
    given_ends = ends(amount.value)
    assert len(read_back.numbers) == len(given_ends) or len(set(read_back.numbers)) == 1
    for told, exact in zip(read_back.numbers, given_ends, strict=False):
        if amount.digits is None:
            assert told == exact
            continue
        step = Decimal(1).scaleb(exact.adjusted() - amount.digits + 1) if exact else Decimal(0)
        assert abs(told - exact) <= step
        qualifier = amount.qualifier
        if qualifier in (Qualifier.MORE_THAN, Qualifier.AT_LEAST):
            assert told <= exact
        elif qualifier in (Qualifier.FEWER_THAN, Qualifier.AT_MOST, Qualifier.UP_TO):
            assert told >= exact
        elif told != exact and qualifier is None:
            assert read_back.qualifiers == ("about",)
    if amount.qualifier:
        assert amount.qualifier.value in read_back.qualifiers
    elif amount.digits is None:
        assert not read_back.qualifiers


def unit_holds(read_back: Read, unit: str, noun: bool) -> None:
    if unit in _MONEY:
        assert read_back.currency in _MONEY[unit]
        assert not read_back.rest
    elif unit == "percent":
        assert read_back.rest == "%"
    elif unit == "number" or (unit in ("people", "points") and not noun):
        assert not read_back.rest
        assert not read_back.currency
    else:
        assert read_back.rest in _NOUNS[unit]


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
        assert decimals == written[0] or (amount.unit in _MONEY and decimals >= written[0])


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
