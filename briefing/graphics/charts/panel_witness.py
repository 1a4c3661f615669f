"""Whether small multiples say what their data say: one scale for all panels, one axis, each name above its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from briefing.documents.chart_order import category_order, period_numbers
from briefing.documents.chart_values import ChartValue
from briefing.graphics.charts.drawn import DrawnShape, DrawnWords, reach_of

OFF_PX = 0.6  # how far a mark may be off: half a point
UNSEEN_PX = 0.6  # what is shorter need not be drawn


def panel_lengths(rows: Sequence[ChartValue], found: Mapping[int, Sequence[DrawnShape]]) -> Iterator[str]:
    """Marks stand at their values on a scale that is the same in every panel; columns begin at zero."""
    if not any(row.value for row in rows) and not any(found.values()):
        return  # columns of nothing
    if any(len(one.corners) > 1 for those in found.values() for one in those):
        yield from _columns(rows, found)
        return
    at = {number: those[0].corners[0][1] for number, those in found.items() if those}
    yield from (f"“{_named(rows[number])}” is not drawn" for number in range(len(rows)) if number not in at)
    units = []
    for own in _panels(rows, at).values():
        low, high = (pick(own, key=lambda number: rows[number].value) for pick in (min, max))
        if (wide := rows[high].value - rows[low].value) > 0:
            units.append((wide, (at[low] - at[high]) / wide))
    unit = max(units, default=(0.0, 0.0))[1]  # of the panel in which values differ most
    if units and unit <= 0:
        yield "the scale of a panel runs down"
    for own in _panels(rows, at).values():
        first = own[0]
        for number in own:
            if abs(at[first] - (rows[number].value - rows[first].value) * unit - at[number]) > OFF_PX:
                yield f"“{_named(rows[number])}” does not stand at its value"
    noughts = sorted(at[own[0]] + rows[own[0]].value * unit for own in _panels(rows, at).values())
    yield from _level(noughts)


def _columns(rows: Sequence[ChartValue], found: Mapping[int, Sequence[DrawnShape]]) -> Iterator[str]:
    longest = max(range(len(rows)), key=lambda number: abs(rows[number].value))
    reaches = {number: reach_of(those, 1) for number, those in found.items() if those}
    if longest not in reaches:
        yield f"“{_named(rows[longest])}” is not drawn"
        return
    unit = (reaches[longest][1] - reaches[longest][0]) / abs(rows[longest].value)
    noughts = []
    for number, row in enumerate(rows):
        if number not in reaches:
            if abs(row.value) * unit > UNSEEN_PX:
                yield f"“{_named(row)}” is not drawn"
            continue
        top, foot = reaches[number]
        if abs(foot - top - abs(row.value) * unit) > OFF_PX:
            yield f"“{_named(row)}” is not as long as its value"
        noughts.append(foot if row.value >= 0 else top)
    yield from _level(sorted(noughts))


def _level(noughts: Sequence[float]) -> Iterator[str]:
    """Zero stands at one height in all panels of a row."""
    if any(OFF_PX < there - here < 20 for here, there in pairwise(noughts)):
        yield "the panels of a row do not stand on one scale"


def _panels(rows: Sequence[ChartValue], seen: Mapping[int, float]) -> dict[str | None, list[int]]:
    own: dict[str | None, list[int]] = {}
    for number in sorted(seen):
        own.setdefault(rows[number].series, []).append(number)
    return own


def panel_order(
    rows: Sequence[ChartValue],
    months: Mapping[str, int],
    found: Mapping[int, Sequence[DrawnShape]],
    said: Sequence[DrawnWords],
) -> Iterator[str]:
    """In each panel the categories follow each other, as far from its edge as in every other; its name is above it."""
    pairs = [(row.series, row.category) for row in rows]
    order = category_order(pairs, period_numbers([name for _, name in pairs], months))
    middle = {number: sum(reach_of(those, 0)) / 2 for number, those in found.items() if those}
    offsets: dict[tuple[str, str], float] = {}
    for series, own in _panels(rows, middle).items():
        ranked = sorted(own, key=lambda number: order.index(rows[number].category))
        for one, other in pairwise(ranked):
            if middle[other] <= middle[one] + OFF_PX:
                yield "its marks do not stand in the order of the data"
                return
            key = rows[one].category, rows[other].category
            if abs(offsets.setdefault(key, middle[other] - middle[one]) - (middle[other] - middle[one])) > 2 * OFF_PX:
                yield "its panels do not have one axis"
        names = [one.at for one in said if one.text == series]
        top = min((one.reach(1)[0] for number in own for one in found[number]), default=0.0)
        if names and not any(x <= middle[ranked[0]] + OFF_PX and y <= top + 4 for x, y in names):
            yield f"“{series}” does not stand above its marks"


def unseen_times(rows: Sequence[ChartValue], months: Mapping[str, int]) -> set[str]:
    """Times between the first and the last of an axis, which a small line does not name."""
    pairs = [(row.series, row.category) for row in rows]
    numbers = period_numbers([name for _, name in pairs], months)
    return {*category_order(pairs, numbers)[1:-1]} if numbers else set()


def _named(row: ChartValue) -> str:
    return " ".join(part for part in (row.series, f"{row.category}:", row.text) if part)
