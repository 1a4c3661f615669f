"""Whether the values that stand outside their bars are said with their series, in the row of their own bar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from briefing.documents.chart_values import ChartValue
from briefing.graphics.charts.drawn import DrawnShape, DrawnWords, reach_of


def values_alone(rows: Sequence[ChartValue], said: Sequence[DrawnWords]) -> Iterator[str]:
    """What is said, of a value behind the name of its series the value."""
    behind = {_called(row): row.text for row in rows if row.series}
    yield from (behind.get(_squeezed(one.text), one.text) for one in said)


def strayed(
    rows: Sequence[ChartValue], found: Mapping[int, Sequence[DrawnShape]], said: Sequence[DrawnWords]
) -> Iterator[str]:
    """Values behind names that do not stand beside or below their own bar, before the next one begins."""
    tops: dict[str, float] = {}
    for number, row in enumerate(rows):
        if found[number]:
            tops[row.category] = min(tops.get(row.category, 1e9), reach_of(found[number], 1)[0])
    names = Counter(_called(row) for row in rows)
    own = {_called(row): row for row in rows if row.series and names[_called(row)] == 1}
    for one in said:
        whose = own.get(_squeezed(one.text))
        if whose and whose.category in tops:
            above = max((top for top in tops.values() if top < one.at[1]), default=None)
            if above != tops[whose.category]:
                yield f"“{one.text}” does not stand at the bar of “{whose.category}”"


def _called(row: ChartValue) -> str:
    return _squeezed(f"{row.series} {row.text}")


def _squeezed(text: str) -> str:
    return "".join(text.split())
