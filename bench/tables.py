"""Records become Markdown tables that also read well on a terminal."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from bench import copies, growth, life, loop, many
from bench.goals import Met
from bench.measuring import Record
from bench.results import Results
from bench.steps import Steps

Row = tuple[str, ...]
NONE = "–"


def asked(goals: Sequence[Met]) -> str:
    """What is asked, what was measured, and whether it holds."""
    rows: list[Row] = [("asked", "bound", "measured", "range", "")]
    for one in goals:
        if one.ratio is None:
            rows.append((one.goal.asked, one.goal.bound, NONE, NONE, "not measured"))
            continue
        spread = f"{one.lowest:.2f}–{one.highest:.2f}"
        rows.append((one.goal.asked, one.goal.bound, f"{one.ratio:.2f}", spread, _held(one)))
    why = dict.fromkeys(f"Not measured: {one.why_not}." for one in goals if one.ratio is None)
    return "\n\n".join([aligned(rows), *why])


def _held(one: Met) -> str:
    return "holds" if one.holds else "**does not hold**"


def lived(results: Results) -> str:
    """Each step of a briefing's life."""
    head = ("", "wall, median", "range", "to cold", "to plain", "work", "memory, all", "largest process", "pages")
    cold, plain = results.of(life.CHAPTER, life.COLD), results.of(life.CHAPTER, life.PLAIN)
    rows: list[Row] = [head]
    for record in results.chapter(life.CHAPTER):
        rows.append(
            (
                record.name,
                f"{median(record):.2f} s",
                _range(record),
                ratio(record, cold),
                ratio(record, plain),
                f"{statistics.median(run.work for run in record.runs):.2f} s",
                _peak(record),
                f"{statistics.median(run.largest_kib for run in record.runs) / 1024:.0f} MB",
                " + ".join(map(str, record.pages)) or NONE,
            )
        )
    return aligned([*rows, *_absent(results, life.CHAPTER, len(head))])


def looped(results: Results) -> str:
    """The loop of edit and look."""
    rows: list[Row] = [("", "median", "range", "to plain WeasyPrint, warm")]
    for record in results.chapter(loop.CHAPTER):
        document = next(one for one in life.BOTH if record.name.endswith(f": {loop.TITLES[one]}"))
        pages = next((size for size in loop.LENGTHS if f", {size} pages:" in record.name), 0)
        plain = results.of(loop.CHAPTER, loop.name(loop.PLAIN, document, pages))
        rows.append((record.name, f"{1000 * median(record):.0f} ms", _range(record), ratio(record, plain)))
    return aligned([*rows, *_absent(results, loop.CHAPTER, 4)])


def followed(results: Results) -> str:
    """What happens in the preview between saving and the new page: medians from the moment of saving."""
    rows: list[Row] = []
    for record in results.chapter(loop.CHAPTER):
        trails = [run.trail for run in record.runs if "saved" in run.trail]
        if record.name.startswith(loop.WHOLE) and trails:
            steps = {step: statistics.median(one[step] - one["saved"] for one in trails) for step in trails[0]}
            order = sorted(steps, key=lambda step: steps[step])[1:]
            rows = rows or [("from saving until it is", *order)]
            rows.append((record.name.rpartition(": ")[2], *(f"{1000 * steps.get(s, 0):.0f} ms" for s in rows[0][1:])))
    return aligned(rows) if rows else ""


def grown(results: Results) -> str:
    """Seconds and memory by pages, a column for each tool."""
    tools = growth.tools_of(tuple(results.chapter(growth.CHAPTER)))
    sizes = sorted({record.size for record in results.chapter(growth.CHAPTER)})
    rows: list[Row] = [("pages", *tools)]
    for size in sizes:
        found = [results.of(growth.CHAPTER, tool, size) for tool in tools]
        rows.append((str(size), *(_grown(record) if record else NONE for record in found)))
    return aligned([*rows, *_absent(results, growth.CHAPTER, len(tools) + 1)])


def _grown(record: Record) -> str:
    pages = sum(record.pages)
    other = f" ({pages} pages)" if pages != record.size else ""
    return f"{median(record):.2f} s, {_peak(record)}{other}"


def multiplied(results: Results) -> str:
    """Documents a second and memory, by how many are made in one run."""
    rows: list[Row] = [("documents in one run", "", "seconds", "documents a second", "memory, all")]
    for record in sorted(results.chapter(many.CHAPTER), key=lambda one: (one.size, one.name)):
        seconds = median(record)
        rate = f"{record.size / seconds:.2f}"
        rows.append((str(record.size), record.name, f"{seconds:.1f} s", rate, _peak(record)))
    return aligned([*rows, *_absent(results, many.CHAPTER, 5)])


def copied(results: Results) -> str:
    """Numbered copies a second, and memory."""
    rows: list[Row] = [("", "copies", "seconds", "copies a second", "memory, all")]
    for record in results.chapter(copies.CHAPTER):
        rate = f"{record.size / median(record):,.0f}"
        rows.append((record.name, f"{record.size:,}", f"{median(record):.2f} s", rate, _peak(record)))
    return aligned([*rows, *_absent(results, copies.CHAPTER, 5)])


def stepped(steps: Steps) -> str:
    """The steps of a cold build in the order in which they begin."""
    if steps.fault or not steps.spans:
        return f"not measured: {steps.fault or 'left out'}"
    rows: list[Row] = [("process: step", "begins", "takes", "share of the whole")]
    for span in steps.spans:
        share = f"{span.took / steps.whole:.0%}"
        rows.append((f"{span.process}: {span.step}", f"{span.began:.0f} ms", f"{span.took:.0f} ms", share))
    return aligned([*rows, ("all", "0 ms", f"{steps.whole:.0f} ms", "100%")])


# ------------------------------------------------------------------ cells


def median(record: Record) -> float:
    """Seconds of waiting."""
    return statistics.median(record.walls)


def peak_mb(record: Record) -> float | None:
    """The median of the peaks of memory of all processes together; nothing where nobody looked."""
    return statistics.median(record.peaks_kib) / 1024 if record.peaks_kib else None


def ratio(record: Record, other: Record | None) -> str:
    """The median over the rounds, each run against the other's of its own round."""
    if other is None:
        return NONE
    return f"{statistics.median(a / b for a, b in zip(record.walls, other.walls, strict=True)):.2f}"


def _peak(record: Record) -> str:
    peak = peak_mb(record)
    return NONE if peak is None else f"{peak:.0f} MB"


def _range(record: Record) -> str:
    if max(record.walls) < 1:
        return f"{1000 * min(record.walls):.0f}–{1000 * max(record.walls):.0f} ms"
    return f"{min(record.walls):.2f}–{max(record.walls):.2f} s"


def _absent(results: Results, chapter: str, columns: int) -> list[Row]:
    found = {record.name: record for record in results.chapter(chapter, faulty=True)}
    return [(name, f"not run: {record.fault}", *[NONE] * (columns - 2)) for name, record in found.items()]


def aligned(rows: Sequence[Row]) -> str:
    """A Markdown table; the first column is words, the others are numbers."""
    if len(rows) == 1:
        return "not measured"
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(_pad(cell, w, i) for i, (cell, w) in enumerate(zip(row, widths, strict=True))) + " |"
        for row in rows
    ]
    rule = (
        "|" + "|".join("-" * (width + 2) if not i else "-" * (width + 1) + ":" for i, width in enumerate(widths)) + "|"
    )
    return "\n".join([lines[0], rule, *lines[1:]])


def _pad(cell: str, width: int, column: int) -> str:
    return cell.rjust(width) if column else cell.ljust(width)
