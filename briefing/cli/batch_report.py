"""What became of many content files, as a table and a last line, or as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Sequence

from briefing.cli import report
from briefing.cli.console import in_line, visible_json
from briefing.pipeline.dispatch import FileResult, FileState


def format_table(tolds: Sequence[FileResult]) -> str:
    """A line for each content file: what became of it, pages, time, findings."""
    head = ("content", "result", "pages", "time", "findings")
    rows = [
        (
            in_line(told.name),
            told.state.value,
            str(told.pages) if told.pages else "–",
            f"{told.seconds:.1f} s" if told.seconds else "–",
            report.format_counts(told.findings) if told.findings else "none",
        )
        for told in tolds
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column in (2, 3) else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (head, *rows)
    )


def as_json(told: FileResult) -> str:
    """One content file as a line of JSON."""
    facts = {
        "content": told.name,
        "result": told.state.value,
        "seconds": round(told.seconds, 3),
        "documents": told.documents,
        "pages": told.pages,
        "findings": len(told.findings),
    }
    return visible_json(json.dumps(facts, ensure_ascii=False))


def format_last_line(tolds: Sequence[FileResult], seconds: float, stopped: bool) -> str:
    """The last line: how many of each, and how long it took."""
    counts = {state: sum(told.state is state for told in tolds) for state in FileState}
    said = ", ".join(f"{count} {state.value}" for state, count in counts.items() if count)
    noticed = report.format_counts(finding for told in tolds for finding in told.findings)
    whole = f"{len(tolds)} content files in {seconds:.1f} s: {said}; {noticed}."
    return f"Stopped. {whole} Run it again to go on." if stopped else whole
