"""Numbers in digits and words as a locale writes them: signs, groups, decimals, millions, currencies and measures.

A number comes in, its words go out. The decimals that were written are kept, the minus is a true one, and no line may
end within what is given back. Locale data are Babel's (CLDR); what CLDR says and Babel lacks stands here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.numbers import (
    NumberPattern,
    UnknownCurrencyError,
    get_currency_precision,
    get_currency_symbol,
    parse_pattern,
    validate_currency,
)
from babel.units import format_unit

from briefing.language.amount import EXACTLY

NBSP = "\u00a0"
MINUS = "\u2212"
DASH = "–"
JOINER = "\u2060"  # no line ends here, and nothing is seen of it
Length = Literal["short", "long"]
_DURATIONS = ("year", "month", "week", "day", "hour", "minute", "second")


@dataclass(frozen=True)
class Compact:
    """How a number is told in words: which power of ten has its word, and what its digits must show."""

    zeros: int = 0
    digits: int = 0  # that count, at least, where it has a word
    decimals: int = 0  # at least, where it has none


def is_currency(unit: str, locale: Locale) -> bool:
    """Whether a unit is the code of a currency."""
    if len(unit) != 3:
        return False
    try:
        validate_currency(unit.upper(), locale)
    except (UnknownCurrencyError, ValueError):
        return False
    return True


def measure_name(unit: str, locale: Locale) -> str:
    """The locale's full name of a measure (“length-kilometer”); Babel itself takes “us” for a therm of the US."""
    single = unit.removesuffix("s")
    unit = single if single in _DURATIONS else unit
    names = map(str, locale.unit_display_names)
    return next((name for name in names if name.partition("-")[2] == unit), "")


# ------------------------------------------------------------------ digits


def decimals_of(value: Decimal) -> int:
    """How many decimals a number is written with."""
    exponent = value.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def digits(value: Decimal, decimals: int, locale: Locale) -> str:
    """The digits of a number without its sign, in groups, with just so many decimals."""
    text: str = _digits_pattern(str(locale), decimals).apply(abs(value), locale)
    return text.replace(" ", NBSP)


@lru_cache(maxsize=256)
def _digits_pattern(locale: str, decimals: int) -> NumberPattern:
    whole = Locale.parse(locale).decimal_formats[None].pattern.partition(";")[0].partition(".")[0]
    return parse_pattern(f"{whole}.{'0' * decimals}" if decimals else whole)


def scaled(value: Decimal, zeros: int) -> Decimal:
    """A number divided by a power of ten, without the zeros at its end."""
    with localcontext() as exactly:
        exactly.prec = EXACTLY
        value = value.scaleb(-zeros).normalize()
        return value.quantize(Decimal(1)) if value == value.to_integral() else value


def zeros_by_itself(values: Sequence[Decimal]) -> int:
    """The power of ten by which all values are told with at most two decimals and lose nothing, or none."""
    least = min(map(abs, values))
    if least < 1_000_000 or any(decimals_of(value) for value in values):
        return 0
    zeros = min(3 * ((len(str(int(least))) - 1) // 3), 12)
    return zeros if all(decimals_of(scaled(value, zeros)) <= 2 for value in values) else 0


def told(value: Decimal, compact: Compact, length: Length, locale: Locale) -> str:
    """The digits of a number, divided where it is told in millions; without sign and word."""
    if not compact.zeros:
        return digits(value, max(decimals_of(value), compact.decimals), locale)
    divided = scaled(value, _divisor(_word_pattern(value, compact, length, locale), compact))
    lacking = compact.digits - (divided.adjusted() + 1) if compact.digits and divided else 0
    return digits(divided, max(decimals_of(divided), lacking), locale)


def with_word(number: str, value: Decimal, compact: Compact, length: Length, locale: Locale) -> str:
    """A told number with its “million” or “M” around it."""
    if not compact.zeros:
        return number
    pattern = _word_pattern(value, compact, length, locale)
    return re.sub("0+", lambda _: number, pattern, count=1).replace(" ", NBSP)


def _word_pattern(value: Decimal, compact: Compact, length: Length, locale: Locale) -> str:
    """What CLDR writes for a power of ten: “0 million”, or “00L” where ten lakh are a million."""
    forms, power = locale.compact_decimal_formats[length], str(10**compact.zeros)
    plural = locale.plural_form(scaled(abs(value), compact.zeros))
    pattern = forms.get(plural, forms["other"]).get(power) or forms["other"][power]
    return str(pattern.pattern).replace("'", "")


def _divisor(pattern: str, compact: Compact) -> int:
    return compact.zeros - pattern.count("0") + 1


# ------------------------------------------------------------------ signs and units around them


def true_minus(text: str) -> str:
    """A text with the minus that a keyboard does not have."""
    return text.replace("-", MINUS)


def signed(number: str, negative: bool) -> str:
    """A number with its minus."""
    return MINUS + number if negative else number


def percent(number: str, negative: bool, locale: Locale) -> str:
    """A number with its sign and that of per cent."""
    pattern = locale.percent_formats[None]
    return _around(pattern, number, negative)


def money(number: str, negative: bool, currency: str, locale: Locale) -> str:
    """An amount with its currency and sign where the locale has them: −US$2.5 million, CHF 1,250."""
    symbol: str = get_currency_symbol(currency, locale=locale)
    pattern = locale.currency_formats["standard"]
    before, after = str(pattern.prefix[negative]), str(pattern.suffix[negative])
    # CLDR, currencySpacing: a no-break space between a letter of the currency and a digit.
    if before.endswith("¤") and not _is_sign(symbol[-1]):
        before += NBSP
    if after.startswith("¤") and not _is_sign(symbol[0]):
        after = NBSP + after
    text = before + number + after
    return text.replace("¤", symbol).replace("-", MINUS).replace(" ", NBSP)


def unbroken(words: str) -> str:
    """The words of a figure with no place at which a line could end behind its minus or within its range."""
    return re.sub(f"(?<={MINUS})(?=[^\\w\\s])|(?<={DASH})(?=\\S)|(?<=\\S)(?={MINUS})", JOINER, words)


def spoken(words: str) -> str:
    """Words without what only keeps them together on a page."""
    return words.replace(NBSP, " ").replace(JOINER, "")


def _is_sign(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "SZ"


def _around(pattern: NumberPattern, number: str, negative: bool) -> str:
    text = f"{pattern.prefix[negative]}{number}{pattern.suffix[negative]}"
    return text.replace("-", MINUS).replace(" ", NBSP)


def measure(number: str, value: Decimal, name: str, length: Length, locale: Locale) -> str:
    """A number with its measure in the plural that the value asks for."""
    pattern = "'\ue000'" + "0." + "0" * decimals_of(value) + "'\ue001'"
    text = format_unit(abs(value), name, length=length, format=pattern.replace(".'", "'"), locale=locale)
    return re.sub("\ue000[^\ue001]*\ue001", lambda _: number, str(text)).replace(" ", NBSP)


def money_decimals(value: Decimal, currency: str) -> int:
    """An amount has no decimals, or at least those of its currency: US$2.50."""
    written = decimals_of(value)
    return max(written, int(get_currency_precision(currency))) if written else 0
