"""The arithmetic of figures: computed again, and held against what is written; ranges by their ends.

A figure and the figures that it is computed from come in; its value goes out, or what does not hold.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext

from briefing.content.records import Figure, Qualifier
from briefing.content.scalars import NumberRange
from briefing.findings import Finding, error
from briefing.language.amount import EXACTLY, Value, ends


@dataclass(frozen=True)
class Operand:
    """A figure that another one is computed from."""

    id: str
    unit: str
    value: Value


def recompute(name: str, figure: Figure, how: str, operands: Sequence[Operand], faults: list[Finding]) -> Value | None:
    """Compute a figure from its operands and hold the written value against it."""
    at = ("figures", name, how)
    if any(isinstance(operand.value, datetime.date) for operand in operands):
        message = f'"{name}" is computed from something that is not a number'
        faults.append(error("arithmetic-kind", message, at, "dates cannot be added or divided: give it a value"))
        return None
    if how in ("sum_of", "difference_of") and not _units_agree(figure.unit, how, [one.unit for one in operands]):
        faults.append(_units_differ(name, figure.unit, how, operands))
        return None
    spans = [_span(operand.value) for operand in operands]
    if how in ("share_of", "change_of") and spans[1].low <= 0 <= spans[1].high:
        hint = f'"{operands[1].id}" is 0: give "{name}" a value of its own, or leave it out'
        faults.append(error("arithmetic-zero", f'"{name}" divides by zero', at, hint))
        return None
    with localcontext() as exactly:
        exactly.prec = EXACTLY  # a value has up to 18 digits and 9 decimals
        result = _result(how, spans)
        if figure.value is None:
            return _value(result if how in ("sum_of", "difference_of") else _whole(result, figure.qualifier))
        agrees = not isinstance(figure.value, datetime.date) and _all_agree(figure.value, result, figure.qualifier)
    if not agrees:
        faults.append(
            error(
                "arithmetic-wrong",
                f'"{name}" is given as {figure.value} but {how} gives {_said(result)}',
                ("figures", name, "value"),
                "correct the value or one of the figures that it is computed from",
            )
        )
    return figure.value


def _units_agree(result: str, how: str, units: Sequence[str]) -> bool:
    """Whether all have one unit; between two percentages lie points, which may be added to one and taken from one."""
    if {result, *units} == {"percent", "points"}:
        percentages = units.count("percent")
        if how == "sum_of":
            return result == "percent" and percentages == 1
        return units[0] == "percent" and (result == "points") == (percentages == 2)
    return len({result, *units}) == 1


def _units_differ(name: str, unit: str, how: str, operands: Sequence[Operand]) -> Finding:
    does, they = ("adds up", "all of them") if how == "sum_of" else ("is the difference of", "both of them")
    units = list(dict.fromkeys(operand.unit for operand in operands))
    if len(units) > 1:
        message = f'"{name}" {does} figures of different units: {" and ".join(units)}'
    else:
        message = f'"{name}" {does} figures in {units[0]}, and is given in {unit}'
    hint = f"give {they} the same unit, the result included"
    if how == "difference_of" and "percent" in units:
        hint += "; between two percentages it may be points"
    return error("arithmetic-units", message, ("figures", name, how), hint)


def _result(how: str, spans: Sequence[NumberRange]) -> NumberRange:
    """The least and the most that it can be."""
    if how == "sum_of":
        return NumberRange(sum((one.low for one in spans), Decimal(0)), sum((one.high for one in spans), Decimal(0)))
    first, second = spans
    if how == "difference_of":
        return NumberRange(first.low - second.high, first.high - second.low)
    shares = [one / other * 100 for one in (first.low, first.high) for other in (second.low, second.high)]
    less = 0 if how == "share_of" else 100
    return NumberRange(min(shares) - less, max(shares) - less)


def _span(value: Value) -> NumberRange:
    numbers = ends(value)
    return NumberRange(numbers[0], numbers[-1])


_TRUE: dict[Qualifier | None, str] = {
    Qualifier.AT_LEAST: ROUND_FLOOR,
    Qualifier.MORE_THAN: ROUND_FLOOR,
    Qualifier.AT_MOST: ROUND_CEILING,
    Qualifier.UP_TO: ROUND_CEILING,
    Qualifier.FEWER_THAN: ROUND_CEILING,
    Qualifier.NEARLY: ROUND_CEILING,
}


def _whole(span: NumberRange, qualifier: Qualifier | None) -> NumberRange:
    """Both ends in whole numbers, rounded so that the qualifier stays true."""
    way = _TRUE.get(qualifier, ROUND_HALF_UP)
    return NumberRange(span.low.quantize(Decimal(1), way), span.high.quantize(Decimal(1), way))


def _value(span: NumberRange) -> Value:
    return span if span.low < span.high else span.low


def _all_agree(given: Value, computed: NumberRange, qualifier: Qualifier | None) -> bool:
    """Whether each end of the value is the computed one; a single number lies within the range of its parts."""
    written = _span(given)
    if written.low == written.high and computed.low < computed.high:
        return computed.low <= written.low <= computed.high
    return _agrees(written.low, computed.low, qualifier) and _agrees(written.high, computed.high, qualifier)


def _agrees(given: Decimal, computed: Decimal, qualifier: Qualifier | None) -> bool:
    """Whether the value is the computed one, rounded as the value is written."""
    exponent = given.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) and exponent < 0 else 0)
    loose = step / 2
    if qualifier in (Qualifier.ABOUT, Qualifier.NEARLY) and step == 1:
        loose = Decimal(10) ** (len(str(int(abs(given)))) - len(str(int(abs(given))).rstrip("0") or "0")) / 2
    if qualifier is Qualifier.MORE_THAN:
        return computed > given
    if qualifier is Qualifier.FEWER_THAN:
        return computed < given
    if qualifier in (Qualifier.AT_LEAST, Qualifier.AT_MOST, Qualifier.UP_TO):  # 32.95 is not “at least 33”
        return 0 <= (computed - given if qualifier is Qualifier.AT_LEAST else given - computed) < step
    if qualifier is Qualifier.NEARLY:
        return 0 <= given - computed <= max(loose, step)
    return abs(computed - given) <= loose


def _said(span: NumberRange) -> str:
    both = dict.fromkeys(f"{end:f}" if end == end.to_integral() else f"{end:.2f}" for end in (span.low, span.high))
    return " to ".join(both)
