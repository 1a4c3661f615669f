"""Content becomes a manuscript that was checked: the first step of every run.

What pages need comes at once; what only the editor needs can be checked while pages are at work.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from briefing.checks import answers, content_rules, freshness, image_rules
from briefing.content import yaml_reader
from briefing.content.blocks import ImageBlock
from briefing.content.briefing import Briefing
from briefing.design.editions import EditionName
from briefing.documents.manuscript import Manuscript, manuscript_of
from briefing.findings import Finding, Refused, has_errors
from briefing.pipeline import publish
from briefing.pipeline.job import Job
from briefing.runtime import inputs, timings
from briefing.runtime.fingerprint import take_fingerprint


def load(job: Job) -> Manuscript:
    """Read, type, account and check all but the wording; raises `Refused` where there is no briefing to speak of."""
    with timings.span("main", "read and account"):
        taken = _taken(job)
        manuscript = manuscript_of(yaml_reader.read(job.content, job.name), job.templates)
        pictures = images(job, manuscript.briefing, Briefing.DOCUMENTS).values()
        manuscript = replace(manuscript, taken=taken.more(pictures))
        return check_dates(check_content(manuscript, job.content_folder), job.today)


def check_content(manuscript: Manuscript, folder: Path) -> Manuscript:
    """Hold the content against the rules that pages stand on; its pictures lie in the folder."""
    one = manuscript
    return one.with_findings(content_rules.check(one.briefing, one.ledger, one.wording, folder))


def check_dates(manuscript: Manuscript, today: datetime.date) -> Manuscript:
    """Say which figures and sources are out of date on a day."""
    return manuscript.with_findings(freshness.audit(manuscript.briefing, manuscript.ledger, today))


def check_wording(manuscript: Manuscript) -> Manuscript:
    """Say what a careful editor would query."""
    from briefing.checks import editorial

    one = manuscript
    with timings.span("main", "check the wording"):
        return one.with_findings(editorial.check(one.briefing, one.ledger, one.wording))


def refuse_errors(manuscript: Manuscript, more: Iterable[Finding] = ()) -> None:
    """Raise `Refused` with all that is to be told, where any of it is an error."""
    findings = manuscript.locate([*manuscript.findings, *more])
    if has_errors(findings):
        raise Refused(answers.apply_answers(findings, manuscript.briefing.answers)[0])


def images(job: Job, briefing: Briefing, names: Iterable[str]) -> dict[str, Path]:
    """The pictures that documents name in the content's folder."""
    blocks = (block for name in names for block in briefing.document(name).blocks)
    found = {block.file: job.content_folder / block.file for block in blocks if isinstance(block, ImageBlock)}
    return {
        os.path.normpath(name): file for name, file in found.items() if image_rules.image_path(job.content_folder, name)
    }


def _taken(job: Job) -> inputs.BuildInputs:
    """What is to be read, before it is; pictures are known later."""
    stands = job.shelf.stands if job.shelf else take_fingerprint(str(job.templates), job.environment)
    last = job.out / publish.MANIFEST  # of reading copies: other editions read it and do not write it
    return inputs.read_inputs([job.content, *([] if EditionName.READING in job.editions else [last])], stands)
