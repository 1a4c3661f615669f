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
from functools import cached_property, lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval, format_skeleton, get_month_names

from briefing.content.records import Figure, UnitForms
from briefing.content.scalars import Day, NumberRange, Period
from briefing.findings import Refused, error
from briefing.language import numbers
from briefing.language.amount import Amount, ends
from briefing.language.numbers import DASH, Compact, Length, true_minus

NBSP = numbers.NBSP
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

    def __getstate__(self) -> dict[str, object]:
        """What is sent to another process; a copy, because another thread may find out more of it meanwhile."""
        return dict(self.__dict__)

    def word(self, group: str, key: str) -> str:
        """One of the program's own words."""
        return self.words[group][key]

    # -------------------------------------------------------------- figures

    def knows_unit(self, unit: str) -> bool:
        """Whether figures of this unit can be put in words."""
        known = unit in self.units or unit in _BUILT_IN or numbers.is_currency(unit, self.locale)
        return known or bool(numbers.measure_name(unit, self.locale))

    def unit_names(self) -> tuple[str, ...]:
        """Unit names to offer when one is not known."""
        return (
            *_BUILT_IN,
            *self.units,
            "usd",
            "eur",
            "gbp",
            "days",
            "weeks",
            "months",
            "years",
            "kilometer",
            "celsius",
        )

    def is_told_bare(self, unit: str) -> bool:
        """Whether a number of this unit stands without a word or sign of it in all but the long form."""
        return unit in self.units or unit in ("number", "points")

    def is_compact(self, amount: Amount) -> bool:
        """Whether an amount is told in thousands, millions or more, and not in all its digits."""
        return bool(self._compact(amount.printed, ends(amount.printed.value)).zeros)

    def long(self, amount: Amount) -> Phrase:
        """“more than 300 arrests”, “up to US$8 million”, “about 40%”."""
        amount = amount.printed
        return Phrase(self._qualifier(amount), self._number(amount, "long"), self._noun(amount))

    def short(self, amount: Amount) -> Phrase:
        """The same without the counted noun."""
        amount = amount.printed
        return Phrase(self._qualifier(amount), self._number(amount, "long"), "")

    def bare(self, amount: Amount) -> str:
        """For narrow cells and chart labels: “>300”, “≤US$8M”."""
        amount = amount.plain.printed
        return (self.word("symbol", amount.qualifier) if amount.qualifier else "") + self._number(amount, "short")

    def _qualifier(self, amount: Amount) -> str:
        """“fewer than 300 people”, but “less than 40%”."""
        if not amount.qualifier:
            return ""
        word = self.word("qualifier", amount.qualifier)
        is_counted = amount.unit in (*self.units, "number")
        return word if is_counted else self.words["qualifier_of_amounts"].get(amount.qualifier, word)

    def _noun(self, amount: Amount) -> str:
        """The counted noun, where a unit has one that stands apart from its number."""
        values = ends(amount.value)
        if amount.unit == "points" and values:
            return self.word("unit", "points")
        if amount.unit not in self.units or not values:
            return ""
        forms = self.units[amount.unit]
        category = self.locale.plural_form(values[-1])
        return getattr(forms, category, None) or forms.other

    def _number(self, amount: Amount, length: Length) -> str:
        """The number as printed, with all of its unit but a counted noun."""
        if isinstance(amount.value, datetime.date):
            return self.date(Day(amount.value.year, amount.value.month, amount.value.day))
        if amount.form:
            part, whole = (numbers.digits(Decimal(n), 0, self.locale) for n in (amount.form.part, amount.form.whole))
            return self.word("range", "share").format(part=part, whole=whole).replace(" ", NBSP)
        values = ends(amount.value)
        if amount.unit == "year":
            return DASH.join(f"{value:f}" for value in values)
        compact = self._compact(amount, values)
        shown = [numbers.told(value, compact, length, self.locale) for value in values]
        if len(values) > 1:
            return self._range(amount.unit, values, shown, compact, length)
        return self._with_unit(amount.unit, shown[0], values[0], compact, length, values[0] < 0)

    def _range(
        self, unit: str, values: Sequence[Decimal], shown: Sequence[str], compact: Compact, length: Length
    ) -> str:
        """“27 to 29 days”, “27–29%”, “US$20–30 million”; no dash stands before a minus."""
        negative, signed_unit = min(values) < 0, self._has_sign(unit)
        if negative and signed_unit:
            pairs = zip(shown, values, strict=True)
            each = [self._with_unit(unit, text, value, compact, length, value < 0) for text, value in pairs]
            return self._joined(each, words=True)
        each = [numbers.signed(text, value < 0) for text, value in zip(shown, values, strict=True)]
        joined = self._joined(each, words=negative or (length == "long" and not signed_unit))
        return self._with_unit(unit, joined, values[-1], compact, length)

    def _joined(self, both: Sequence[str], words: bool) -> str:
        pattern = self.word("range", "words" if words else "signs")
        return pattern.format(low=both[0], high=both[1]).replace(" ", NBSP)

    def _has_sign(self, unit: str) -> bool:
        """Whether a unit is a sign beside its number."""
        return unit == "percent" or (unit not in (*self.units, *_BUILT_IN) and numbers.is_currency(unit, self.locale))

    def _with_unit(
        self, unit: str, number: str, value: Decimal, compact: Compact, length: Length, negative: bool = False
    ) -> str:
        """Digits with their minus, the word of their scale and, if it is no counted noun, their unit."""
        number = numbers.with_word(number, value, compact, length, self.locale)
        if unit == "percent":
            return numbers.percent(number, negative, self.locale)
        if self._has_sign(unit):
            return numbers.money(number, negative, unit.upper(), self.locale)
        number = numbers.signed(number, negative)
        if unit in self.units or unit in _BUILT_IN:
            return number
        return numbers.measure(number, value, numbers.measure_name(unit, self.locale), length, self.locale)

    def _compact(self, amount: Amount, values: Sequence[Decimal]) -> Compact:
        """Whether a number is told in millions: where the content says so, and by itself an amount of money."""
        if not any(values):
            return Compact()
        currency = self._has_sign(amount.unit) and amount.unit != "percent"
        zeros = amount.scale.zeros if amount.scale else numbers.zeros_by_itself(values) if currency else 0
        if not zeros:
            least = [numbers.money_decimals(value, amount.unit.upper()) for value in values] if currency else [0]
            return Compact(decimals=max(least))
        return Compact(zeros, amount.digits or 0)

    # -------------------------------------------------------------- dates

    def date(self, day: Day | datetime.date) -> str:
        """“11 June 2024”, “June 2024” or “2024”, the day glued to its month."""
        if isinstance(day, datetime.date):
            day = Day(day.year, day.month, day.day)
        if day.day:
            return format_date(day.first, "long", locale=self.locale).replace(" ", NBSP, 1)
        return str(format_skeleton("yMMMM" if day.month else "y", day.first, locale=self.locale))

    def period(self, period: Period) -> str:
        """“January–May 2024”, “1–15 May 2024”, “2019–2023” or “FY2023”."""
        if period.fiscal:
            return self.word("range", "fiscal").format(year=period.fiscal)
        start, end = period.start, period.end
        if start == end:
            return self.date(start)
        if bool(start.day) != bool(end.day) or bool(start.month) != bool(end.month):
            return self._joined([self.date(start), self.date(end)], words=True)
        skeleton = "yMMMMd" if start.day else "yMMMM" if start.month else "y"
        text = str(format_interval(start.first, end.first, skeleton, locale=self.locale))
        for month in (start, end) if start.day else ():  # the nearest pattern that a language has may shorten months
            short, long = (format_date(month.first, form, locale=self.locale) for form in ("MMM", "MMMM"))
            text = text if long in text else text.replace(short, long)
        return text.replace(f"\u2009{DASH}\u2009", DASH).replace(" ", NBSP) if start.day else text.replace("\u2009", "")

    def holds(self, figure: Figure) -> str:
        """Of which time a figure is: “as of May 2024”, “January–May 2024”, “target for 2030”."""
        when = self.when(figure)
        if figure.standing:
            return self.word("standing", figure.standing).format(when=when)
        return when if figure.period else f"{self.word('label', 'as_of')} {when}"

    def when(self, figure: Figure) -> str:
        """The date or the period of a figure."""
        return self.period(figure.period) if figure.period else self.date(figure.as_of)

    def interval(self, figure: Figure) -> str:
        """“95% interval: 36–44%”, or nothing where a figure has none."""
        if not figure.interval:
            return ""
        level = numbers.percent(numbers.told(figure.interval.level, Compact(), "long", self.locale), False, self.locale)
        span = Amount(NumberRange(figure.interval.low, figure.interval.high), figure.unit, None, figure.scale)
        return self.word("range", "interval").format(level=level, span=self.short(span).text)

    def moment(self, moment: datetime.datetime) -> str:
        """“11 June 2024, 06:00 (UTC+2)”: a time of day with its distance from universal time."""
        hours, minutes = divmod(round((moment.utcoffset() or datetime.timedelta()).total_seconds() / 60), 60)
        zone = f"{hours:+d}:{minutes:02}" if minutes else f"{hours:+d}" if hours else ""
        return f"{self.date(moment.date())}, {moment:%H:%M} (UTC{true_minus(zone)})".replace(" ", NBSP)

    @cached_property
    def point(self) -> str:
        """What stands before decimals."""
        return numbers.digits(Decimal("1.1"), 1, self.locale)[1]

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
    folder, known = templates / "words", spoken_languages(templates)
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
    own = folder / f"{locale.language}-{locale.territory}.toml"  # what a country says or spells otherwise
    files = [folder / f"{locale.language}.toml", *([own] if own.is_file() else [])]
    return Wording(locale, _words(tuple(file.read_text(encoding="utf-8") for file in files)), units)


def spoken_languages(templates: Path) -> tuple[str, ...]:
    """The languages that there are words for."""
    return tuple(sorted(path.stem for path in (templates / "words").glob("*.toml") if "-" not in path.stem))


@lru_cache(maxsize=8)
def _words(texts: tuple[str, ...]) -> Mapping[str, Mapping[str, str]]:
    """What files of words say, later ones before earlier ones; several contents in one process speak one language."""
    said: dict[str, dict[str, str]] = {}
    for text in texts:
        for group, words in tomllib.loads(text).items():
            said[group] = {**said.get(group, {}), **words}
    return said
