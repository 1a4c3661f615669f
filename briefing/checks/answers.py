"""Warnings that the content itself answers: findings and answers in, the findings that still stand out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from briefing.content.records import Answer
from briefing.findings import Finding, Severity, note

Met = tuple[Finding, Answer]


def apply_answers(
    findings: Iterable[Finding], answers: tuple[Answer, ...]
) -> tuple[tuple[Finding, ...], tuple[Met, ...]]:
    """The findings to tell, some of them as notes, and those that an answer meets; an error cannot be answered."""
    still_open: list[Finding] = []
    met: list[Met] = []
    for finding in dict.fromkeys(findings):
        answer = next((answer for answer in answers if _meets(answer, finding)), None)
        if answer:
            met.append((finding, answer))
        if not answer or answer.severity == "note":
            still_open.append(replace(finding, severity=Severity.NOTE) if answer else finding)
    return tuple(still_open), tuple(met)


def find_unused_answers(answers: tuple[Answer, ...], met: tuple[Met, ...]) -> Iterator[Finding]:
    """Answers that nothing has asked for in a whole run."""
    used = [answer for _, answer in met]
    for index, answer in enumerate(answers):
        if answer not in used:
            message = f'nothing asks for the answer to "{answer.finding}"'
            hint = "delete it, or correct its code; an error cannot be answered"
            yield note("answer-unused", message, ("answers", index, "finding"), hint)


def _meets(answer: Answer, finding: Finding) -> bool:
    mendable = finding.severity in (Severity.WARNING, Severity.NOTE)
    return mendable and answer.finding == finding.code and answer.at in (None, finding.about)
