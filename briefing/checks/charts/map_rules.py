"""What is wrong with a chart of `kind: map` before it is drawn: its places, its bounds and its classes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from briefing.content.pictures.chart_maps import ChartMap
from briefing.content.records import Chart, ChartKind
from briefing.content.scalars import Path
from briefing.documents.chart_places import class_of, place_code, place_names
from briefing.findings import Finding, did_you_mean, error
from briefing.language.amount import ends
from briefing.language.wording import Wording
from briefing.ledger.ledger import Ledger, LedgerEntry


def map_faults(name: str, chart: Chart, ledger: Ledger, wording: Wording) -> Iterator[Finding]:
    """What is wrong with a chart of `kind: map`, or with one that says what only such a chart does."""
    path: Path = ("charts", name)
    if (chart.kind is ChartKind.MAP) != (chart.map is not None):
        said = f'the chart "{name}" needs both kind: map and map: with its breaks'
        yield error("chart-kind", said, path, "write both, or neither")
        return
    if not (shown := chart.map):
        return
    if any(low >= high for low, high in pairwise(shown.breaks)):
        yield error(
            "chart-class", "the breaks of the map do not rise", (*path, "map", "breaks"), "write the lowest first"
        )
    if (shown.of == "countries") != (shown.bounds is not None):
        hint = "countries need bounds: {west: …, south: …, east: …, north: …}; the states stand in a frame of their own"
        yield error("map-bounds", f"a map of {shown.of} cannot be drawn so", (*path, "map"), hint)
    elif shown.bounds and shown.bounds.south >= shown.bounds.north:
        said = "the map's south does not lie south of its north"
        yield error("map-bounds", said, (*path, "map", "bounds"), "give the smaller latitude as south")
    yield from _places(chart, shown, wording, path)
    for index, figure in enumerate(ledger.rows.get(name, ())):
        if (entry := ledger.entries.get(figure)) and _is_split(entry, shown):
            hint = "choose other breaks, or leave the place under no_value and tell its range in words"
            fault = f'"{chart.data[index].label}" reaches from one class of the map into another'
            yield error("chart-class", fault, (*path, "data", index), hint)


def _is_split(entry: LedgerEntry, shown: ChartMap) -> bool:
    """Whether a range, or what sources say of a figure, lies in more than one class."""
    said = (entry.value, *(other.value for other in entry.figure.disputed))
    return len({class_of(float(end), shown) for one in said for end in ends(one)}) > 1


def _places(chart: Chart, shown: ChartMap, wording: Wording, path: Path) -> Iterator[Finding]:
    """Places that nobody knows, and such as stand there twice, under one name or two."""
    named: list[tuple[str, Path]] = [(one.label, (*path, "data", n)) for n, one in enumerate(chart.data) if one.label]
    named += [(one, (*path, "map", "no_value", n)) for n, one in enumerate(shown.no_value)]
    seen: dict[str, str] = {}
    for label, at in named:
        code = place_code(label, shown.of, wording.locale)
        if code is None:
            names = place_names(shown.of, wording.locale)
            hint = did_you_mean(label, names) or "write its name, or its two letters"
            yield error("chart-place", f'the map has no place "{label}"', at, hint)
        elif code in seen:
            both = f"“{seen[code]}” and “{label}” are one place"
            said = both if seen[code] != label else f"“{label}” stands twice on the map"
            yield error("chart-twice", said, at, "take one out")
        else:
            seen[code] = label
