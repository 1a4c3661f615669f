"""Whether a figure can be said as it asks to be: unit, scale, share, range and interval held against its value."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal

from briefing.content.records import Figure, Qualifier
from briefing.content.scalars import NumberRange, Path
from briefing.findings import Finding, error
from briefing.language.amount import Value, ends

_NEAR = Decimal("0.05")  # of a share: “about 1 in 5” may be 19 to 21 per cent
_UP = (Qualifier.MORE_THAN, Qualifier.AT_LEAST)
_ROUGH = (Qualifier.ABOUT, Qualifier.NEARLY)


def unsuited(name: str, figure: Figure, value: Value) -> Iterator[Finding]:
    """Every way in which a figure's value does not go with what is asked of its words."""
    path: Path = ("figures", name)
    values = [((*path, "value"), value, figure.qualifier)]
    others = enumerate(figure.disputed)
    values += [((*path, "disputed", index, "value"), other.value, other.qualifier) for index, other in others]
    for at, one, qualifier in values:
        yield from _unit(name, figure.unit, one, at)
        if isinstance(one, NumberRange) and qualifier not in (None, Qualifier.ABOUT):
            hint = "a range has no qualifier but about; write one number, or leave the qualifier out"
            yield error("range-qualifier", f'"{name}" is a range and says “{qualifier}”', at, hint)
    yield from _scale(name, figure, value, path)
    yield from _form(name, figure, value, path)
    yield from _interval(name, figure, value, path)


def _unit(name: str, unit: str, value: Value, at: Path) -> Iterator[Finding]:
    if (unit == "date") != isinstance(value, datetime.date):
        hint = "a date goes with unit: date, a number with every other unit"
        yield error("value-unit", f'"{name}": {value} does not suit the unit {unit}', at, hint)
    elif unit == "year" and not all(1000 <= end <= 9999 and end == end.to_integral() for end in ends(value)):
        hint = "a year is one of the calendar, such as 2024; for a duration write unit: years"
        yield error("value-unit", f'"{name}": {value} is no year', at, hint)


def _scale(name: str, figure: Figure, value: Value, path: Path) -> Iterator[Finding]:
    if not figure.scale:
        return
    if figure.unit in ("percent", "points", "year", "date"):
        hint = "leave it out"
        yield error("scale-unfit", f"{figure.unit} is not told in {figure.scale}s", (*path, "scale"), hint)
        return
    for end in ends(value):
        if end and abs(end) * 100 < 10**figure.scale.zeros:
            whole = f"{end.scaleb(figure.scale.zeros).normalize():f}"
            hint = f"value: takes the number in full: {whole}; or leave scale: out"
            yield error("scale-unfit", f'"{name}" is {end}, far less than a {figure.scale}', (*path, "value"), hint)
            return


def _form(name: str, figure: Figure, value: Value, path: Path) -> Iterator[Finding]:
    if not figure.form:
        return
    at = (*path, "form")
    if figure.unit != "percent" or not isinstance(value, Decimal):
        hint = "give the figure unit: percent, and the share as its value"
        yield error("form-wrong", f'"{name}" is no percentage, and {figure.form} is one', at, hint)
        return
    share = Decimal(figure.form.part) / Decimal(figure.form.whole) * 100
    exponent = value.as_tuple().exponent
    exact = abs(value - share) <= Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0) / 2
    qualifier = figure.qualifier
    true = qualifier in _ROUGH or (qualifier and (share <= value if qualifier in _UP else share >= value))
    if not exact and not (true and abs(value - share) <= _NEAR * abs(value)):
        shown = f"{share:.1f}".removesuffix(".0")
        hint = "write the share that is meant, or qualifier: about where it is near"
        yield error("form-wrong", f'"{name}" is {value}%, and {figure.form} is {shown}%', at, hint)


def _interval(name: str, figure: Figure, value: Value, path: Path) -> Iterator[Finding]:
    given = figure.interval
    if given and not all(given.low <= end <= given.high for end in ends(value)):
        hint = "the lower end is low, the upper one is high, and the value lies between them"
        message = f'"{name}" is {value}, which is not between {given.low} and {given.high}'
        yield error("interval-wrong", message, (*path, "interval"), hint)
