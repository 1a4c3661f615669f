"""A number that a chart gives itself is a figure like any other, with a name and the chart's unit, date and sources.

Charts come in; the figure behind each of their rows goes out, with records for those that no `figures:` has.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from briefing.content.briefing import Briefing
from briefing.content.records import Chart, ChartKind, Datum, Figure
from briefing.content.scalars import Day, Path


@dataclass(frozen=True)
class ChartFigure:
    """A number that a chart gives itself."""

    id: str
    label: str  # plain words: its series and category
    figure: Figure
    path: Path


def row_names(name: str, chart: Chart) -> tuple[str, ...]:
    """A name for each row of a chart, made from what it is of: crossings/towns/2023."""
    names: list[str] = []
    for index, datum in enumerate(chart.data):
        words = [_slug(word) for word in _said(datum, str) if word]
        known = "/".join([name, *(word for word in words if word)])
        known = known if known != name else f"{name}/{index + 1}"
        times = sum(1 for other in names if other == known or re.fullmatch(rf"{re.escape(known)}\+\d+", other))
        names.append(f"{known}+{times + 1}" if times else known)
    return tuple(names)


def row_figures(briefing: Briefing) -> dict[str, tuple[str, ...]]:
    """The figure behind each row of each chart; empty where a row has neither a figure nor a value."""
    return {
        name: tuple(
            datum.figure or (own if datum.value is not None else "")
            for datum, own in zip(chart.data, row_names(name, chart), strict=True)
        )
        for name, chart in briefing.charts.items()
    }


class FieldNumber(NamedTuple):
    """A number that a row of an author's own form shows on a scale, besides its value."""

    row: int
    field: str
    id: str  # crossings/towns/2023/distance
    value: Decimal


_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def field_numbers(name: str, chart: Chart) -> Iterator[FieldNumber]:
    """The numbers under `fields` that a chart shows on a scale."""
    scaled = _on_scales(chart)
    rows = row_names(name, chart) if scaled else ()
    for index, row in enumerate(rows):
        for field, text in (chart.data[index].fields or {}).items():
            if field in scaled and _NUMBER.fullmatch(text):
                yield FieldNumber(index, field, f"{row}/{field}", Decimal(text))


def not_numbers(chart: Chart) -> Iterator[tuple[int, str]]:
    """Row and field of what stands on a scale and is no number."""
    scaled = _on_scales(chart)
    for index, datum in enumerate(chart.data):
        yield from (
            (index, f) for f, text in (datum.fields or {}).items() if f in scaled and not _NUMBER.fullmatch(text)
        )


ACROSS = "across"  # the field that a scatter shows from left to right


def _on_scales(chart: Chart) -> set[str]:
    """The fields that a chart of an author's own form, or a scatter, shows on a scale."""
    if chart.kind is ChartKind.SCATTER:
        return {ACROSS}
    return {field for field, one in field_encodings(chart.vega_lite) if one.get("type") == "quantitative"}


def field_encodings(node: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every field that a specification shows, with what it says of it."""
    for one in node.values() if isinstance(node, Mapping) else node if isinstance(node, list | tuple) else ():
        yield from field_encodings(one)
    if isinstance(node, Mapping) and isinstance(node.get("field"), str):
        yield node["field"], node


def field_title(field: str, encoding: Mapping[str, Any]) -> str:
    """The title that a specification gives a field; names need none."""
    guides = (encoding.get(key) for key in ("axis", "legend", "header"))
    given = [one.get("title") for one in (encoding, *guides) if isinstance(one, Mapping) and one.get("title")]
    plain = encoding.get("type", "nominal") in ("nominal", "ordinal")
    return str(given[0]) if given else "" if plain else field.replace("-", " ")


def field_titles(chart: Chart) -> dict[str, str]:
    """What the further columns of a chart are called."""
    if chart.kind is ChartKind.SCATTER:
        return {ACROSS: chart.axes[0] if chart.axes else ""}
    return {field: field_title(field, one) for field, one in field_encodings(chart.vega_lite)}


def own_figures(
    briefing: Briefing, rows: Mapping[str, tuple[str, ...]], date: Callable[[Day], str]
) -> Iterator[ChartFigure]:
    """The numbers that charts give themselves; none of a chart that lacks unit, date or sources, which is refused."""
    for name, chart in briefing.charts.items():
        for index, datum in enumerate(chart.data):
            as_of = chart.as_of or datum.on
            if datum.figure or datum.value is None or not (chart.unit and as_of and chart.sources):
                continue
            figure = Figure.model_construct(
                value=datum.value,
                unit=chart.unit,
                scale=chart.scale,
                round=chart.round,
                as_of=as_of,
                standing=datum.standing,
                sources=chart.sources,
                checked=datum.checked or chart.checked,
            )
            label = ", ".join(_said(datum, date)) or rows[name][index].removeprefix(f"{name}/")
            yield ChartFigure(rows[name][index], label, figure, ("charts", name, "data", index))
        yield from _field_figures(name, chart)


def _field_figures(name: str, chart: Chart) -> Iterator[ChartFigure]:
    titles = field_titles(chart)
    for one in field_numbers(name, chart):
        datum = chart.data[one.row]
        if not (as_of := chart.as_of or datum.on) or not chart.sources:
            continue
        figure = Figure.model_construct(
            value=one.value,
            unit=chart.field_units.get(one.field, "number"),
            as_of=as_of,
            standing=datum.standing,
            sources=chart.sources,
            checked=datum.checked or chart.checked,
        )
        named = [*([datum.label] if datum.label else []), titles[one.field]]
        yield ChartFigure(one.id, ", ".join(named), figure, ("charts", name, "data", one.row, "fields", one.field))


def _said(datum: Datum, date: Callable[[Day], str]) -> list[str]:
    """What a row is of, in the words of the content; in a form of the author's own, what its further columns say."""
    where = datum.label or (date(datum.on) if datum.on else "")
    said = [word for word in (datum.series, where) if word]
    return said or list((datum.fields or {}).values())


def _slug(text: str) -> str:
    """Letters and digits of any script, in small letters, joined by hyphens."""
    return re.sub(r"[^\w]+", "-", unicodedata.normalize("NFC", text).casefold()).strip("-_").replace("_", "-")
