"""What is to be said of a number: its value or range, unit and qualifier, and how exactly it is told.

A record of the content comes in, an `Amount` goes out; rounding and its consequence for the qualifier are decided here,
so that every place of a page says the same.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext

from briefing.content.records import Dispute, Figure, NumberScale, Qualifier
from briefing.content.scalars import NumberRange, Ratio

Value = Decimal | datetime.date | NumberRange

EXACTLY = 80  # digits: a value has up to 18, and 9 decimals
_WAYS = {  # a rounded bound still is one
    Qualifier.MORE_THAN: ROUND_FLOOR,
    Qualifier.AT_LEAST: ROUND_FLOOR,
    Qualifier.FEWER_THAN: ROUND_CEILING,
    Qualifier.AT_MOST: ROUND_CEILING,
    Qualifier.UP_TO: ROUND_CEILING,
    Qualifier.NEARLY: ROUND_UP,
}
_MIRRORED = {
    Qualifier.MORE_THAN: Qualifier.FEWER_THAN,
    Qualifier.AT_LEAST: Qualifier.AT_MOST,
    Qualifier.FEWER_THAN: Qualifier.MORE_THAN,
    Qualifier.AT_MOST: Qualifier.AT_LEAST,
    Qualifier.UP_TO: Qualifier.AT_LEAST,
}


@dataclass(frozen=True)
class Amount:
    """One value or range with all that decides its words."""

    value: Value
    unit: str = "number"
    qualifier: Qualifier | None = None
    scale: NumberScale | None = None
    digits: int | None = None  # that count, where it is rounded
    form: Ratio | None = None

    @property
    def magnitude(self) -> Amount:
        """The same without its minus, for a text that says “down”: a bound from below becomes one from above."""
        value, qualifier = self.value, self.qualifier
        if isinstance(value, NumberRange) and value.high <= 0:
            return replace(self, value=NumberRange(abs(value.high), abs(value.low)))
        if isinstance(value, Decimal) and value < 0:
            return replace(self, value=abs(value), qualifier=_MIRRORED.get(qualifier, qualifier) if qualifier else None)
        return self

    @property
    def plain(self) -> Amount:
        """The same as a number and not as “1 in 5”, for columns and charts."""
        return replace(self, form=None)

    @property
    def printed(self) -> Amount:
        """The same rounded; what is no longer exact says “about”, unless it is a bound, which is kept true."""
        if self.digits is None or isinstance(self.value, datetime.date):
            return self
        way = _WAYS.get(self.qualifier, ROUND_HALF_UP) if self.qualifier else ROUND_HALF_UP
        value: Value
        if isinstance(self.value, NumberRange):
            value = NumberRange(rounded(self.value.low, self.digits, way), rounded(self.value.high, self.digits, way))
        else:
            value = rounded(self.value, self.digits, way)
        return replace(
            self, value=value, qualifier=self.qualifier or (Qualifier.ABOUT if value != self.value else None)
        )


def amount_of(figure: Figure, value: Value) -> Amount:
    """What is said of a figure; its value may be a computed one."""
    return Amount(value, figure.unit, figure.qualifier, figure.scale, figure.round, figure.form)


def amount_of_dispute(figure: Figure, other: Dispute) -> Amount:
    """What is said of another value for it, in the same way."""
    return Amount(other.value, figure.unit, other.qualifier, figure.scale, figure.round)


def ends(value: Value) -> tuple[Decimal, ...]:
    """The numbers of a value: one, two for a range, none for a date."""
    if isinstance(value, NumberRange):
        return value.low, value.high
    return (value,) if isinstance(value, Decimal) else ()


def rounded(value: Decimal, digits: int, way: str = ROUND_HALF_UP) -> Decimal:
    """A number with so many digits that count; one with fewer stays as it is."""
    with localcontext() as exactly:
        exactly.prec = EXACTLY
        exponent = value.as_tuple().exponent
        assert isinstance(exponent, int)
        for _ in range(2):  # 9.96 becomes 10.0, which has a digit more
            step = value.adjusted() - digits + 1
            if step <= exponent or not value:
                break
            value, exponent = value.quantize(Decimal(1).scaleb(step), way), step
        return value.quantize(Decimal(1)) if exponent > 0 else value
