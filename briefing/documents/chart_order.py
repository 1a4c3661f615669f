"""In which order the categories of a chart stand, and where its series have gaps: told from the data alone.

Pairs of series and category come in, as they stand in the content. Every series says an order of its own; merged they
say that of the chart.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from statistics import median_low
from typing import NamedTuple

from babel import Locale
from babel.dates import get_month_names

Pair = tuple[str | None, str]  # series and category


class LabelPeriod(NamedTuple):
    """A label that names a time: how long it lasts, and its number among the times of that length."""

    length: str
    number: int


class OrderFault(NamedTuple):
    """A row at which the order of the categories cannot be told, or is told otherwise than before."""

    row: int
    message: str


# ------------------------------------------------------------------ labels that name a time

_YEAR = re.compile(r"(\d{4})(?:[-–/](?:\d\d|\d{4}))?")  # 2023, and 2023-24 for a fiscal year
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_PART = re.compile(r"(?:([QTHS])([1-4])[ /-]?(\d{4})|(\d{4})[ /-]?([QTHS])([1-4]))")


@lru_cache
def month_numbers(locale: Locale) -> Mapping[str, int]:
    """The months by every way in which the language writes them, short or whole."""
    names: dict[str, int] = {}
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            found = get_month_names(width, context, locale).items()
            names |= {str(name).casefold().rstrip("."): number for number, name in found}
    return names


def period(label: str, months: Mapping[str, int]) -> LabelPeriod | None:
    """The time that a label names, or nothing."""
    if found := _MONTH.fullmatch(label):
        return LabelPeriod("month", int(found[1]) * 12 + int(found[2]) - 1)
    if found := _YEAR.fullmatch(label):
        return LabelPeriod("year", int(found[1]))
    if found := _PART.fullmatch(label):
        letter, part, year = (found[1], found[2], found[3]) if found[1] else (found[5], found[6], found[4])
        parts = 4 if letter in "QT" else 2
        return LabelPeriod(f"{parts} a year", int(year) * parts + int(part) - 1) if int(part) <= parts else None
    name, _, year = label.casefold().rpartition(" ")
    if re.fullmatch(r"\d{4}", year) and name.rstrip(".") in months:
        return LabelPeriod("month", int(year) * 12 + months[name.rstrip(".")] - 1)
    number = months.get(label.casefold().rstrip("."))
    return LabelPeriod("month of a year", number - 1) if number else None


def period_numbers(labels: Sequence[str], months: Mapping[str, int]) -> dict[str, int]:
    """The number of each label where all name times of one length; months without a year are counted from the first."""
    found = {label: period(label, months) for label in labels}
    known = {label: one for label, one in found.items() if one}
    if len(known) < len(found) or len({one.length for one in known.values()}) != 1:
        return {}
    if known[labels[0]].length == "month of a year":
        first = known[labels[0]].number
        return {label: (one.number - first) % 12 for label, one in known.items()}
    return {label: one.number for label, one in known.items()}


# ------------------------------------------------------------------ order


def category_order(pairs: Sequence[Pair], numbers: Mapping[str, int]) -> tuple[str, ...]:
    """The categories in the order that all series agree on; what they leave open goes by time, or as it stands."""
    followers, count = _followers(pairs)
    first = {name: at for at, name in reversed([*enumerate(name for _, name in pairs)])}
    rank = {name: (numbers.get(name, 0), at) for name, at in first.items()}
    ready = [(rank[name], name) for name in first if not count[name]]
    heapq.heapify(ready)
    order: list[str] = []
    while ready:
        _, name = heapq.heappop(ready)
        order.append(name)
        for other in followers[name]:
            count[other] -= 1
            if not count[other]:
                heapq.heappush(ready, (rank[other], other))
    return tuple(order if len(order) == len(first) else first)  # series that contradict each other are refused


def _followers(pairs: Sequence[Pair]) -> tuple[dict[str, list[str]], Counter[str]]:
    """What follows each category at once in some series, and how often it is followed."""
    followers: dict[str, list[str]] = {name: [] for _, name in pairs}
    count: Counter[str] = Counter()
    for one, other in _steps(pairs):
        if pairs[other][1] not in followers[pairs[one][1]]:
            followers[pairs[one][1]].append(pairs[other][1])
            count[pairs[other][1]] += 1
    return followers, count


def _steps(pairs: Sequence[Pair]) -> Iterator[tuple[int, int]]:
    """Rows that follow each other in their series."""
    last: dict[str | None, int] = {}
    for row, (series, _) in enumerate(pairs):
        if series in last:
            yield last[series], row
        last[series] = row


def repeated(pairs: Sequence[Pair]) -> Iterator[int]:
    """Rows that say a second time what a series has at a place."""
    seen: set[Pair] = set()
    for row, pair in enumerate(pairs):
        if pair in seen:
            yield row
        seen.add(pair)


def order_faults(pairs: Sequence[Pair], numbers: Mapping[str, int], strict: bool) -> Iterator[OrderFault]:
    """Where series contradict each other; with `strict`, as on an axis, also where time runs back or order is open."""
    before: dict[str, set[str]] = {name: set() for _, name in pairs}  # all that stands before a category
    for one, other in _steps(pairs):
        a, b = pairs[one][1], pairs[other][1]
        if b in before[a]:
            yield OrderFault(other, f"“{b}” follows “{a}” here, and comes before it in another series")
            return
        if strict and numbers and numbers[b] < numbers[a]:
            yield OrderFault(other, f"“{b}” stands after “{a}”")
            return
        if a in before[b]:
            continue
        earlier = {a, *before[a]}
        for name, those in before.items():
            if name == b or b in those:
                those |= earlier
    if strict and not numbers:
        order = category_order(pairs, numbers)
        for a, b in pairwise(order):
            if a not in before[b]:
                row = max(at for at, (_, name) in enumerate(pairs) if name in (a, b))
                yield OrderFault(row, f"nothing says whether “{a}” or “{b}” comes first: no series has both")
                return


# ------------------------------------------------------------------ gaps


def axis_places(order: Sequence[str], numbers: Mapping[str, int]) -> dict[str, int]:
    """Where categories stand on an axis: times at their distances, all else one after the other."""
    if numbers and all(numbers[a] < numbers[b] for a, b in pairwise(order)):
        return {name: numbers[name] - numbers[order[0]] for name in order}
    return {name: place for place, name in enumerate(order)}


def usual_step(places: Sequence[float]) -> float | None:
    """The distance at which most places follow each other; nothing where they stand at uneven distances."""
    steps = [b - a for a, b in pairwise(sorted(set(places)))]
    middle = median_low(steps) if steps else 0.0
    alike = sum(abs(step - middle) <= middle / 10 for step in steps)  # months and years are not all of one length
    return middle if steps and 2 * alike >= len(steps) else None


def has_gap(start: float, end: float, places: Sequence[float], step: float | None) -> bool:
    """Whether something is missing between two places that follow each other in a series.

    Other series have a value there, or it is farther than the usual step of the chart.
    """
    return any(start < place < end for place in places) or bool(step and end - start > 1.5 * step)


def missing(order: Sequence[str], numbers: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Times that follow each other at more than the usual distance."""
    if numbers and all(numbers[a] < numbers[b] for a, b in pairwise(order)):
        step = usual_step(list(numbers.values()))
        yield from ((a, b) for a, b in pairwise(order) if has_gap(numbers[a], numbers[b], (), step))
