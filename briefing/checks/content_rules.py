"""What is wrong, or doubtful, in a briefing whose shape is right: texts, blocks, charts and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path as FilePath

from briefing.checks import image_rules, texts, unprinted
from briefing.content.blocks import ChartBlock, Contested, ImageBlock, Table, Width, kind_of
from briefing.content.briefing import Briefing
from briefing.content.records import Chart, Status
from briefing.content.scalars import Path
from briefing.findings import At, Finding, did_you_mean, error, warning
from briefing.language.wording import Wording
from briefing.ledger.ledger import Ledger, LedgerUse


def check(briefing: Briefing, ledger: Ledger, wording: Wording, folder: FilePath) -> tuple[Finding, ...]:
    """Every finding on the texts, charts and pictures of a briefing; `folder` holds its images."""
    return (
        *texts.check(briefing, wording),
        *unprinted.check(briefing),
        *_blocks(briefing),
        *(finding for name, chart in briefing.charts.items() for finding in chart_faults(name, chart, ledger)),
        *image_rules.check(briefing, folder),
        *_disputes(briefing, ledger),
        *_links(briefing),
        *_status(briefing),
    )


# ------------------------------------------------------------------ blocks

HEIGHT_MM = (10, 250)  # of a picture: less shows nothing, more is higher than a page


def _blocks(briefing: Briefing) -> Iterator[Finding]:
    for name in Briefing.DOCUMENTS:
        blocks = briefing.document(name).blocks
        ids: dict[str, int] = {}
        for index, block in enumerate(blocks):
            path: Path = (name, "blocks", index, kind_of(block))
            name_on_page = block.id or f"{kind_of(block)}-{index + 1}"
            if name_on_page in ids:
                message = f'the id "{name_on_page}" stands here and at block {ids[name_on_page] + 1}'
                yield error("id-duplicate", message, (*path, "id"), "give one of the two another id")
            ids.setdefault(name_on_page, index)
            if isinstance(block, Table):
                yield from _table(block, path)
            if isinstance(block, (ChartBlock, ImageBlock)):
                yield from height_faults(block.height_mm, (*path, "height_mm"))
        if all(block.place is Width.SIDE for block in blocks):
            hint = "give one of them place: main; a margin block stands beside one in the text"
            yield error("margin-alone", "all blocks stand in the margin", (name, "blocks"), hint)


def _table(block: Table, path: Path) -> Iterator[Finding]:
    wanted = len(block.columns)
    rows = [*((cells, (*path, "rows", number)) for number, cells in enumerate(block.rows))]
    for cells, at in [*rows, *([(block.total, (*path, "total"))] if block.total else [])]:
        if len(cells) != wanted:
            message = f"the row has {len(cells)} cells where the table has {wanted} columns"
            yield error("row-width", message, at, 'write one cell for each column, "–" for an empty one')


def height_faults(height_mm: Decimal | None, at: At) -> Iterator[Finding]:
    """A height that no page has."""
    low, high = HEIGHT_MM
    if height_mm is not None and not low <= height_mm <= high:
        yield error("range-wrong", f"a height of {height_mm} mm is out of range", at, f"write {low} to {high}")


# ------------------------------------------------------------------ charts


def chart_faults(name: str, chart: Chart, ledger: Ledger) -> Iterator[Finding]:
    """What is wrong with a chart before it is drawn."""
    path: Path = ("charts", name)
    yield from height_faults(chart.height_mm, (*path, "height_mm"))
    if (chart.kind is None) == (chart.vega_lite is None):
        yield error(
            "chart-kind",
            f'the chart "{name}" needs either a kind or vega_lite',
            path,
            "kind: is one of bars, columns, lines, dots, stacked, time",
        )
    raw = [index for index, datum in enumerate(chart.data) if datum.value is not None]
    if raw and not (chart.sources and chart.as_of and chart.unit):
        yield error(
            "chart-unsourced",
            f'the chart "{name}" has values that are not figures, and not all of unit, as_of and sources',
            (*path, "data", raw[0]),
            "give the chart unit:, as_of: and sources:, or take the values from figures",
        )
    for index, datum in enumerate(chart.data):
        if (datum.figure is None) == (datum.value is None):
            yield error(
                "chart-datum",
                "a row of a chart needs either a figure or a value",
                (*path, "data", index),
                "write figure: name, or value: number",
            )
        entry = ledger.entries.get(datum.figure or "")
        if entry and not isinstance(entry.value, Decimal):
            hint = "take a figure that is a number; dates stand in a timeline"
            yield error("chart-datum", f'"{entry.id}" is a date and has no length', (*path, "data", index), hint)
        if chart.kind == "time" and datum.on is None:
            yield error(
                "chart-datum",
                "a row of a time chart needs a date",
                (*path, "data", index),
                "write on: 2024-06-11",
            )
        if chart.kind not in (None, "time") and datum.label is None:
            yield error(
                "chart-datum",
                "a row of a chart needs a label",
                (*path, "data", index),
                "write label: what the value is of",
            )
    known = {*(d.label for d in chart.data), *(d.series for d in chart.data)}
    for index, wanted in enumerate(chart.highlight):
        if wanted not in known:
            names = sorted(k for k in known if k)
            hint = did_you_mean(wanted, names) or f"names in this chart: {', '.join(names)}"
            yield error(
                "highlight-unknown",
                f'"{wanted}" is neither a label nor a series of the chart',
                (*path, "highlight", index),
                hint,
            )


# ------------------------------------------------------------------ disputes and links


def _disputes(briefing: Briefing, ledger: Ledger) -> Iterator[Finding]:
    """A disputed figure is told of in each document that prints it."""
    for name in Briefing.DOCUMENTS:
        document = briefing.document(name)
        told = any(isinstance(block, Contested) for block in document.blocks)
        seen: set[str] = set()
        for use in _of_figures(ledger.uses, name):
            figure = briefing.figures.get(use.id)
            if figure and figure.disputed and use.id not in seen:
                seen.add(use.id)
                if not told:
                    yield warning(
                        "dispute-untold",
                        f'"{use.id}" is disputed, and this document has no block that says so',
                        use.path,
                        "add a contested block, or print a figure that nobody disputes",
                    )
                elif not figure.label:
                    yield error(
                        "label-missing",
                        f'the disputed figure "{use.id}" has no label for the contested table',
                        ("figures", use.id),
                        "add label: what it counts",
                    )


def _of_figures(uses: tuple[LedgerUse, ...], document: str) -> Iterator[LedgerUse]:
    return (use for use in uses if use.group == "figures" and use.document == document)


def _links(briefing: Briefing) -> Iterator[Finding]:
    if briefing.briefing.link and not re.match(r"https?://[^\s<>\"]+$", briefing.briefing.link):
        yield error(
            "link-malformed",
            "the link is not a web address",
            ("briefing", "link"),
            "write it in full, beginning with https://",
        )


def _status(briefing: Briefing) -> Iterator[Finding]:
    front = briefing.briefing
    at = ("briefing", "status")
    if front.status is Status.EMBARGOED and not front.embargo:
        hint = "add embargo: date, time and zone, as in 2024-06-11T06:00+02:00"
        yield error("embargo-missing", "nothing says until when the embargo holds", at, hint)
    if front.status is Status.SUPERSEDED and not front.superseded_by:
        hint = "add superseded_by: what a reader should use instead"
        yield error("successor-missing", "nothing says what has superseded this briefing", at, hint)
