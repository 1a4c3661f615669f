"""The scalars of a content file: every one is text until a type here reads it, strictly.

`no`, `1.10` and `010` are what was written; a number is digits with a point, a date is year-month-day. Printed strings
have one of three types, so that one walker can find them all: `Text` (a line of Markdown with figures and citations),
`Prose` (the same in paragraphs and lists) and `Plain` (letter for letter: names, titles of works, telephone numbers).
"""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

Path = tuple[str | int, ...]  # where in a content file: keys and indices


class Kind(StrEnum):
    """How a printed string is read."""

    TEXT = "text"
    PROSE = "prose"
    PLAIN = "plain"


@dataclass(frozen=True)
class Printed:
    """Marks a field as words that stand on the page."""

    kind: Kind


@dataclass(frozen=True, order=True)
class Day:
    """A date that may lack its day or its month: 2024-06-11, 2024-06 or 2024."""

    year: int
    month: int = 0
    day: int = 0

    @property
    def first(self) -> datetime.date:
        """The earliest day that it can mean."""
        return datetime.date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> datetime.date:
        """The latest day that it can mean."""
        month = self.month or 12
        return datetime.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def __str__(self) -> str:
        return "-".join([f"{self.year:04}", *(f"{n:02}" for n in (self.month, self.day) if n)])


@dataclass(frozen=True)
class NumberRange:
    """A range of numbers, both ends included."""

    low: Decimal
    high: Decimal

    def __str__(self) -> str:
        return f"[{self.low}, {self.high}]"


@dataclass(frozen=True)
class Ratio:
    """A share in whole numbers: 1 in 5."""

    part: int
    whole: int

    def __str__(self) -> str:
        return f"{self.part} in {self.whole}"


@dataclass(frozen=True)
class Period:
    """The time that a number covers, first and last day included, or a fiscal year by its name."""

    start: Day
    end: Day
    fiscal: str = ""  # “2023” or “2023–24”

    def __str__(self) -> str:
        return f"FY{self.fiscal}" if self.fiscal else f"{self.start}..{self.end}"


def _number(value: object) -> object:
    if isinstance(value, str):
        if re.fullmatch(r"-?\d{1,18}(\.\d{1,9})?", value):
            return Decimal(value)
        fix, said = _plain_number(value), "is not a number"
        if fix and re.fullmatch(r"-?\d{1,18}\.\d{10,}", value):
            fix, said = _rounded(value), "has more than nine decimals"
        elif re.match(r"-?\d{19}", fix):
            fix, said = "", "has more than eighteen digits before the point"
        raise PydanticCustomError("number_malformed", "{given} " + said, {"given": repr(str(value)), "fix": fix})
    return value


def _plain_number(value: str) -> str:
    """How a number that a person has typed is to be written; empty where it is none.

    In many languages a comma stands before decimals: 17,4 is 17.4 and never 174, and 1,250 may be either.
    """
    digits = re.sub(r"[_\s]", "", value).replace("\u2212", "-")
    if re.fullmatch(r"-?[1-9]\d{0,2},\d{3}", digits):
        return f"{digits.replace(',', '')}, or {digits.replace(',', '.')} if the comma stands before decimals"
    if re.fullmatch(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", digits):
        return digits.replace(",", "")
    if re.fullmatch(r"-?(\d+|\d{1,3}(\.\d{3})+),\d+", digits):
        return digits.replace(".", "").replace(",", ".")
    return digits if re.fullmatch(r"-?\d+(\.\d+)?", digits) else ""


def _rounded(value: str) -> str:
    """What a spreadsheet means by 10.600000000000001."""
    text = f"{Decimal(value).quantize(Decimal(10) ** -9):f}"
    return text.rstrip("0").rstrip(".")


def _whole(value: object) -> object:
    if isinstance(value, str):
        if re.fullmatch(r"[1-9]\d{0,8}|0", value):
            return int(value)
        raise PydanticCustomError(
            "number_malformed", "{given} is not a whole number", {"given": repr(str(value)), "fix": ""}
        )
    return value


def _truth(value: object) -> object:
    if isinstance(value, str):
        try:
            return {"true": True, "yes": True, "false": False, "no": False}[value.lower()]
        except KeyError:
            raise PydanticCustomError(
                "truth_malformed", "{given} is neither true nor false", {"given": repr(str(value))}
            ) from None
    return value


def _day(value: object) -> object:
    if isinstance(value, str):
        found = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", value)
        try:
            if not found:
                raise ValueError
            day = Day(*(int(part or 0) for part in found.groups()))
            _ = day.first
        except ValueError:
            raise PydanticCustomError("date_malformed", "{given} is not a date", {"given": repr(str(value))}) from None
        return day
    return value


def _full_day(value: object) -> object:
    day = _day(value)
    if isinstance(day, Day):
        if not day.day:
            raise PydanticCustomError("date_malformed", "{given} lacks its day", {"given": repr(str(day))})
        return day.first
    return day


def _moment(value: object) -> object:
    if isinstance(value, str):
        try:
            if not re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d ?(?:Z|[+-]\d\d:\d\d)", value):
                raise ValueError
            return datetime.datetime.fromisoformat(value.replace(" ", "T", 1).replace(" ", ""))
        except ValueError:
            raise PydanticCustomError(
                "moment_malformed", "{given} is not a date and time with zone", {"given": repr(str(value))}
            ) from None
    return value


def _quantity(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return _full_day(value)
    if isinstance(value, list) and len(value) == 2 and all(isinstance(end, str) for end in value):
        low, high = (_number(end) for end in value)
        if isinstance(low, Decimal) and isinstance(high, Decimal) and low < high:
            return NumberRange(low, high)
        fix = f"[{value[1]}, {value[0]}], the lower end first" if low != high else f"{value[0]}, for it is one number"
        given = {"given": f"[{', '.join(value)}]", "fix": fix}
        raise PydanticCustomError("number_malformed", "{given} is not a range", given)
    return _number(value)


def _ratio(value: object) -> object:
    if isinstance(value, str):
        found = re.fullmatch(r"([1-9]\d{0,5}) in ([1-9]\d{0,8})", value)
        if not found or int(found[1]) > int(found[2]):
            raise PydanticCustomError(
                "number_malformed", "{given} is not a share", {"given": repr(str(value)), "fix": "it as 1 in 5"}
            )
        return Ratio(int(found[1]), int(found[2]))
    return value


_FISCAL = re.compile(r"FY ?(\d{4})(?:[-/–](\d{2}|\d{4}))?")


def read_period(value: str) -> Period | None:
    """A period as it is written, `2024-01..2024-05` or `FY2023`; nothing where it is none."""
    try:
        if found := _FISCAL.fullmatch(value):
            first, more = found.groups()
            last = int(first[: 4 - len(more)] + more) if more else int(first)
            if last - int(first) not in (0, 1):
                return None
            return Period(Day(int(first)), Day(last), f"{first}–{more}" if more else first)
        start, dots, end = value.partition("..")
        days = [_day(part.strip()) for part in (start, end if dots else start)]
    except PydanticCustomError:
        return None
    first_day, last_day = days
    if isinstance(first_day, Day) and isinstance(last_day, Day) and first_day.first <= last_day.last:
        return Period(first_day, last_day)
    return None


def _period(value: object) -> object:
    if isinstance(value, str):
        if period := read_period(value):
            return period
        raise PydanticCustomError("period_malformed", "{given} is not a period", {"given": repr(str(value))})
    return value


_SCALAR = {"type": ["string", "number"]}
Words = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]  # said of the content, never printed

Number = Annotated[Decimal, BeforeValidator(_number), WithJsonSchema({"type": "number"})]
Whole = Annotated[int, BeforeValidator(_whole), WithJsonSchema({"type": "integer", "minimum": 0})]
Truth = Annotated[bool, BeforeValidator(_truth), WithJsonSchema({"type": "boolean"})]
Date = Annotated[Day, BeforeValidator(_day), WithJsonSchema({**_SCALAR, "description": "2024-06-11, 2024-06 or 2024"})]
FullDate = Annotated[datetime.date, BeforeValidator(_full_day), WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[
    datetime.datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "description": "2024-06-11T06:00+02:00"}),
]
Quantity = Annotated[
    Decimal | datetime.date | NumberRange,
    BeforeValidator(_quantity),
    WithJsonSchema(
        {
            "type": ["string", "number", "array"],
            "items": {"type": "number"},
            "description": "a number, a range such as [27, 29], or a date",
        }
    ),
]
Share = Annotated[
    Ratio,
    BeforeValidator(_ratio),
    WithJsonSchema({"type": "string", "pattern": r"^[1-9]\d* in [1-9]\d*$", "description": "1 in 5"}),
]
TimeSpan = Annotated[
    Period,
    BeforeValidator(_period),
    WithJsonSchema({**_SCALAR, "description": "2024-01..2024-05, or a fiscal year such as FY2023"}),
]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}$")]
# Its length is no part of the pattern: counted there to hundreds of any letter, it takes 9 ms to be read.
Link = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]{3,}$")]
# Of letters that every keyboard and every QR code has; other names of hosts are written as xn--…
PlainLink = Annotated[str, StringConstraints(pattern=r"^https?://[!#-;=?-~]{3,}$")]

LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"  # as a tag is written
Language = Annotated[str, StringConstraints(pattern=LANGUAGE)]

Text = Annotated[Words, Printed(Kind.TEXT)]
Prose = Annotated[Words, Printed(Kind.PROSE)]
Plain = Annotated[Words, Printed(Kind.PLAIN)]


class Record(BaseModel):
    """A frozen record that knows all its keys.

    Modules of records do without `from __future__ import annotations`: pydantic would have to read each of their types
    from its text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
