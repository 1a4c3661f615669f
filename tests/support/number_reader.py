"""A reader of figures who knows nothing of how they are written: words in, numbers, qualifier, unit and sign out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from briefing.content.records import Qualifier
from briefing.language.amount import Amount, ends

MINUS = "\u2212"

_WORDS = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12, "K": 3, "M": 6, "B": 9, "T": 12, "L": 5, "Cr": 7}
_WORDS |= {"LCr": 12, "TCr": 10, "KCr": 10, "m": 6, "bn": 9, "tn": 12, "k": 3}
_QUALIFIERS = ("more than", "fewer than", "about", "up to", "at least", "at most", "nearly")
_MEANS = {"less than": "fewer than"}  # said of what is not counted
_SYMBOLS = {
    ">": ("more than",),
    "<": ("fewer than", "nearly"),
    "≈": ("about",),
    "≤": ("up to", "at most"),
    "≥": ("at least",),
}
MONEY = {
    "usd": ("US$", "$", "USD"), "eur": ("€", "EUR"), "gbp": ("£", "GBP", "UK£"), "chf": ("CHF",), "kes": ("KES", "Ksh"),
    "jpy": ("¥", "JP¥", "JPY"), "clp": ("CLP",),
}  # fmt: skip
NOUNS = {
    "people": ("person", "people"),
    "points": ("percentage points",),
    "days": ("day", "days"),
    "years": ("year", "years", "yr", "yrs"),
    "weeks": ("week", "weeks", "wk", "wks"),
    "celsius": ("degree Celsius", "degrees Celsius", "°C"),
    "hectare": ("hectare", "hectares", "ha"),
    "kilowatt-hour": ("kilowatt-hour", "kilowatt-hours", "kWh"),
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
    text, said = words.replace("\u00a0", " ").replace("\u2060", "").strip(), tuple[str, ...]()
    for word in (*_QUALIFIERS, *_MEANS):
        if text.startswith(f"{word} "):
            text, said = text.removeprefix(f"{word} "), (_MEANS.get(word, word),)
    if text[0] in _SYMBOLS:
        text, said = text[1:], _SYMBOLS[text[0]]
    if share := re.fullmatch(r"(\d+) in (\d+)", text.replace(",", "")):
        return Read(said, (Decimal(share[1]) * 100 / Decimal(share[2]),), 0, "%", "")
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
    if unit in MONEY:
        assert read_back.currency in MONEY[unit]
        assert not read_back.rest
    elif unit == "percent":
        assert read_back.rest == "%"
    elif unit in ("number", "year") or (unit in ("people", "points") and not noun):
        assert not read_back.rest
        assert not read_back.currency
    else:  # a hyphen at the end of a line is none to a reader of PDFs
        assert re.sub(r"[ -]", "", read_back.rest) in [re.sub(r"[ -]", "", noun) for noun in NOUNS[unit]]
