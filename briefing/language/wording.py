"""Numbers, dates and the program's own words in the language of the briefing.

Figures come in four forms: long (“more than 300 arrests”), short (“up to US$8 million”, “more than 300”), bare for
narrow cells (“>300”), and their as-of date. A form never loses the qualifier. Locale data are Babel's (CLDR).
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, get_month_names
from babel.numbers import (
    UnknownCurrencyError,
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
    validate_currency,
)
from babel.units import format_unit

from briefing.content.records import Qualifier, UnitForms
from briefing.content.scalars import Day
from briefing.findings import Refused, error

NBSP = "\u00a0"
Length = Literal["short", "long"]
_BUILT_IN = ("number", "percent", "points", "year", "date")


@dataclass(frozen=True)
class Phrase:
    """A figure in its parts, each ready to print; any of them but the number may be empty."""

    qualifier: str
    number: str
    unit: str

    @property
    def text(self) -> str:
        """The whole; a line may end behind the qualifier, never within it or within the number."""
        number = f"{self.qualifier.replace(' ', NBSP)} {self.number}" if self.qualifier else self.number
        return f"{number} {self.unit}" if self.unit else number


@dataclass(frozen=True)
class Wording:
    """How one language says things."""

    locale: Locale
    words: Mapping[str, Mapping[str, str]]
    units: Mapping[str, UnitForms] = field(default_factory=dict)

    def word(self, group: str, key: str) -> str:
        """One of the program's own words."""
        return self.words[group][key]

    # -------------------------------------------------------------- figures

    def knows_unit(self, unit: str) -> bool:
        """Whether figures of this unit can be put in words."""
        return unit in self.units or unit in _BUILT_IN or self._is_currency(unit) or bool(self._measure(unit))

    def _measure(self, unit: str) -> str:
        """The locale's full name of a measure (“length-kilometer”); Babel itself takes “us” for a therm of the US."""
        names = map(str, self.locale.unit_display_names)
        return next((name for name in names if name.partition("-")[2] == unit), "")

    def unit_names(self) -> tuple[str, ...]:
        """Unit names to offer when one is not known."""
        return (*_BUILT_IN, *self.units, "usd", "eur", "gbp", "day", "month", "kilometer")

    def long(self, value: Decimal | datetime.date, unit: str, qualifier: Qualifier | None) -> Phrase:
        """“more than 300 arrests”, “up to US$8 million”, “about 40%”."""
        number, noun = self._number(value, unit, "long")
        return Phrase(self.word("qualifier", qualifier) if qualifier else "", number, noun)

    def short(self, value: Decimal | datetime.date, unit: str, qualifier: Qualifier | None) -> Phrase:
        """The same without the counted noun."""
        number, _ = self._number(value, unit, "long")
        return Phrase(self.word("qualifier", qualifier) if qualifier else "", number, "")

    def bare(self, value: Decimal | datetime.date, unit: str, qualifier: Qualifier | None) -> str:
        """For narrow cells and chart labels: “>300”, “≤US$8M”."""
        number, _ = self._number(value, unit, "short")
        return (self.word("symbol", qualifier) if qualifier else "") + number

    def span(self, ends: Sequence[Decimal], unit: str, qualifier: Qualifier | None) -> str:
        """One bare value or two with a dash between: “≈455,000–498,000”."""
        return "–".join([self.bare(ends[0], unit, qualifier), *(self.bare(end, unit, None) for end in ends[1:])])

    def _is_currency(self, unit: str) -> bool:
        if len(unit) != 3:
            return False
        try:
            validate_currency(unit.upper(), self.locale)
        except (UnknownCurrencyError, ValueError):
            return False
        return True

    def _number(self, value: Decimal | datetime.date, unit: str, length: Length) -> tuple[str, str]:
        """The number as printed, and its counted noun where it has one."""
        if isinstance(value, datetime.date):
            return self.date(Day(value.year, value.month, value.day)), ""
        if unit == "year":
            return str(value), ""
        if unit == "percent":
            share = format_percent(value / 100, locale=self.locale, decimal_quantization=False)
            return _minus(share.replace(" ", NBSP)), ""
        if unit == "points":
            return self._plain(value), self.word("unit", "points")
        if unit in self.units:
            forms = self.units[unit]
            category = self.locale.plural_form(value)
            return self._plain(value), getattr(forms, category, None) or forms.other
        if self._is_currency(unit):
            return self._money(value, unit.upper(), length), ""
        if unit == "number":
            return self._plain(value), ""
        return format_unit(value, self._measure(unit), length=length, locale=self.locale).replace(" ", NBSP), ""

    def _plain(self, value: Decimal) -> str:
        return _minus(format_decimal(value, locale=self.locale, decimal_quantization=False))

    def _compact(self, value: Decimal, length: Length) -> str:
        """“8 million” where nothing is lost by it, all digits otherwise."""
        if abs(value) >= 1_000_000:
            for digits in (0, 1, 2):
                scale = Decimal(10) ** (3 * ((len(str(int(abs(value)))) - 1) // 3) - digits)
                if value % scale == 0:
                    text = format_compact_decimal(value, format_type=length, locale=self.locale, fraction_digits=digits)
                    return _minus(text.replace(" ", NBSP))
        return self._plain(value)

    def _money(self, value: Decimal, currency: str, length: Length) -> str:
        # The locale says where the symbol stands; the amount between is ours, since compact currency has no long form.
        pattern = format_currency(Decimal(1), currency, locale=self.locale, currency_digits=False, format=None)
        one = format_currency(Decimal(1), currency, locale=self.locale, format="0", currency_digits=False).strip()
        return pattern.replace(_digits(pattern) or one, self._compact(value, length), 1).replace(" ", NBSP)

    # -------------------------------------------------------------- dates

    def date(self, day: Day | datetime.date) -> str:
        """“11 June 2024”, “June 2024” or “2024”, the day glued to its month."""
        if isinstance(day, datetime.date):
            day = Day(day.year, day.month, day.day)
        if day.day:
            return format_date(day.first, "long", locale=self.locale).replace(" ", NBSP, 1)
        return str(format_skeleton("yMMMM" if day.month else "y", day.first, locale=self.locale))

    def moment(self, moment: datetime.datetime) -> str:
        """“11 June 2024, 06:00 (UTC+2)”: a time of day with its distance from universal time."""
        hours, minutes = divmod(round((moment.utcoffset() or datetime.timedelta()).total_seconds() / 60), 60)
        zone = f"{hours:+d}:{minutes:02}" if minutes else f"{hours:+d}" if hours else ""
        return f"{self.date(moment.date())}, {moment:%H:%M} (UTC{_minus(zone)})".replace(" ", NBSP)

    @cached_property
    def month_names(self) -> tuple[str, ...]:
        """The twelve months as they are written within a date."""
        return tuple(get_month_names("wide", locale=self.locale).values())

    @cached_property
    def short_month_names(self) -> tuple[str, ...]:
        """The same, shortened, without their points."""
        return tuple(name.rstrip(".") for name in get_month_names("abbreviated", locale=self.locale).values())


_TAG = ("briefing", "language")


def read_wording(templates: Path, language: str, units: Mapping[str, UnitForms]) -> Wording:
    """The wording of a language tag; raises `Refused` where there is no file of words for it."""
    folder = templates / "words"
    known = sorted(path.stem for path in folder.glob("*.toml"))
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        raise Refused(
            [error("language-unknown", f'"{language}" is not a language', _TAG, "write a tag such as en-GB")]
        ) from None
    if locale.language not in known:
        raise Refused(
            [
                error(
                    "language-unknown",
                    f'there are no words for "{language}"',
                    _TAG,
                    f"languages with words: {', '.join(known)}",
                )
            ]
        )
    words = tomllib.loads((folder / f"{locale.language}.toml").read_text(encoding="utf-8"))
    return Wording(locale, words, units)


def _minus(text: str) -> str:
    return text.replace("-", "\u2212")


def _digits(pattern: str) -> str:
    """The run of digits, points and commas in a formatted amount."""
    run = "".join(c if c.isdigit() or c in ".," else " " for c in pattern).split()
    return max(run, key=len, default="")
