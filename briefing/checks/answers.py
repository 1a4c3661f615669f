"""Warnings that the content itself answers: findings and answers in, the findings that still stand out.

An answer holds for a status and an edition where it names them. Where it answers for figures that nobody has checked,
it holds for a draft unless it says otherwise: what excuses a draft does not excuse a final paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from briefing.content.briefing import Briefing
from briefing.content.records import Answer, Front, Status
from briefing.findings import Finding, Severity, note, warning

Met = tuple[Finding, Answer]
OF_A_PAPER = ("margin-hole", "text-hole", "margin-far")  # another paper or use may not have what they answer
OF_A_STATUS = ("figures-unchecked", "sources-unchecked")  # answered for a draft, unless the answer names a status


def apply_answers(findings: Iterable[Finding], briefing: Briefing) -> tuple[tuple[Finding, ...], tuple[Met, ...]]:
    """The findings to tell, some of them as notes, and those that an answer meets.

    An error cannot be answered, but for figures that nobody has checked, by an answer that names the status.
    """
    holding = [answer for answer in briefing.answers if not _fallen(answer, briefing.briefing)]
    still_open: list[Finding] = []
    met: list[Met] = []
    for finding in dict.fromkeys(findings):
        answer = next((answer for answer in holding if _meets(answer, finding)), None)
        if answer:
            met.append((finding, answer))
        if not answer or answer.severity == "note":
            still_open.append(replace(finding, severity=Severity.NOTE) if answer else finding)
    return tuple(still_open), tuple(met)


def find_unused_answers(briefing: Briefing, met: tuple[Met, ...]) -> Iterator[Finding]:
    """Answers that nothing has asked for in a whole run."""
    used = [answer for _, answer in met]
    for index, answer in enumerate(briefing.answers):
        if answer not in used and answer.finding not in OF_A_PAPER and not _fallen(answer, briefing.briefing):
            message = f'nothing asks for the answer to "{answer.finding}"'
            hint = "delete it, or correct its code; an error cannot be answered"
            yield note("answer-unused", message, ("answers", index, "finding"), hint)


def find_fallen_answers(briefing: Briefing) -> Iterator[Finding]:
    """Answers that were given for another status or edition than the briefing has now."""
    for index, answer in enumerate(briefing.answers):
        if key := _fallen(answer, briefing.briefing):
            now = getattr(briefing.briefing, key)
            then = getattr(answer, key) or Status.DRAFT
            message = f'the answer to "{answer.finding}" was given for {key} {then}, and this is {key} {now}'
            hint = f"see whether it holds now; if so, write {key}: {now} in it, else delete it"
            yield warning("answer-fallen", message, ("answers", index, "finding"), hint)


def _fallen(answer: Answer, front: Front) -> str:
    """What of the briefing is another one than when the answer was given; nothing where it holds."""
    if answer.edition is not None and answer.edition != front.edition:
        return "edition"
    status = answer.status or (Status.DRAFT if answer.finding in OF_A_STATUS else front.status)
    return "" if status == front.status else "status"


def _meets(answer: Answer, finding: Finding) -> bool:
    named = finding.code in OF_A_STATUS and answer.status is not None
    mendable = finding.severity in (Severity.WARNING, Severity.NOTE) or (named and finding.severity is Severity.ERROR)
    about = finding.about == answer.at or (finding.about or "").startswith(f"{answer.at}/")  # a value of that chart
    return mendable and answer.finding == finding.code and (answer.at is None or about)
