"""Findings and outcomes as text, as JSON lines, and as an exit code."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.checks import judgement
from briefing.cli.console import in_line, visible_json
from briefing.findings import Finding, Severity
from briefing.pipeline.build import Outcome
from briefing.runtime.run_record import RunOutput

if TYPE_CHECKING:
    from briefing.cli.options import BuildOptions

BUILT, REFUSED, USAGE, LACKING = 0, 1, 2, 3
STOPPED = 130  # as shells say of what Ctrl-C has ended


def as_text(finding: Finding) -> str:
    """`file:line:column: severity: message [code]`, with the hint on a line of its own."""
    where = f"{finding.place}: " if str(finding.place) else ""
    head = in_line(f"{where}{finding.severity}: {finding.message} [{finding.code}]")
    return f"{head}\n  hint: {in_line(finding.hint)}" if finding.hint else head


def as_json(finding: Finding) -> str:
    """One finding as a line of JSON."""
    facts = json.dumps(
        {
            "severity": finding.severity.value,
            "code": finding.code,
            "message": finding.message,
            "file": finding.place.file,
            "line": finding.place.line,
            "column": finding.place.column,
            "hint": finding.hint,
            "about": finding.about,
        },
        ensure_ascii=False,
    )
    return visible_json(facts)


def format_run(outcome: Outcome, out: Path, options: BuildOptions, dry: bool, again: bool = False) -> RunOutput:
    """All that a run says on its two streams; `again` of the same run once more, which changes nothing.

    Of a draft, the terminal is told what cannot wait, and how much else there is; JSON is told all.
    """
    if options.as_json:
        return RunOutput(_lines(as_json(finding) for finding in outcome.findings), "")
    told = outcome
    if outcome.draft and not options.strict:
        told = replace(outcome, findings=judgement.told_in_a_draft(outcome.findings))
    closing = [format_table(told)] * bool(told.made) + [format_last_line(told, out, dry, again)]
    if waiting := len(outcome.findings) - len(told.findings):
        what = "1 remark" if waiting == 1 else f"{waiting} remarks"
        closing.append(f"{what} on wording, lengths and what is unfinished can wait in a draft; --strict tells all.")
    return RunOutput(_lines([] if options.quiet else closing), _lines(map(as_text, told.findings)))


def _lines(texts: Iterable[str]) -> str:
    return "".join(f"{text}\n" for text in texts)


def format_counts(findings: Iterable[Finding]) -> str:
    """“2 errors, 1 note”, or “no findings”."""
    counts = dict.fromkeys(Severity, 0)
    for finding in findings:
        counts[finding.severity] += 1
    said = [f"{n} {severity.value}{'s' if n != 1 else ''}" for severity, n in counts.items() if n]
    return ", ".join(said) or "no findings"


def is_failure(findings: Iterable[Finding]) -> bool:
    """Whether a judgement failed: an error, or a check that could not be made."""
    return any(finding.severity in (Severity.ERROR, Severity.NOT_RUN) for finding in findings)


def format_table(outcome: Outcome) -> str:
    """A short table of what was made: document, pages, how full, words, size, time, findings."""
    head = ("document", "pages", "last page", "words", "size", "time", "findings")
    rows = [
        (
            made.file,
            f"{made.pages} of {made.budget}",
            f"{made.fill:.0%} full",
            f"{made.words:,}",
            f"{made.bytes / 1024:.0f} KB" if made.bytes else "–",
            f"{made.seconds:.1f} s",
            str(made.findings) if made.findings else "none",
        )
        for made in outcome.made
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in (0,) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in (head, *rows)
    )


def format_last_line(outcome: Outcome, out: Path, dry: bool, again: bool = False) -> str:
    """The last line: what became of the run."""
    said = format_counts(outcome.findings)
    if outcome.answered:
        said += f" ({len(outcome.answered)} answered in the content)"
    if outcome.refused:
        kept = "" if dry else "; the last good PDFs are as they were"
        return f"Refused: {said}{kept}."
    if dry:
        return f"{'Unchanged since the last check' if again else 'Checked'}: {said}; nothing was written."
    what = "Unchanged since the last build" if again else "Built"
    if len(outcome.made) > 2:
        return f"{what}, {said}: {len(outcome.made)} documents in {in_line(str(out))}"
    return f"{what}, {said}: {' and '.join(str(out / made.file) for made in outcome.made)}"
