"""Content becomes a manuscript that was checked: the first step of every run.

What pages need comes at once; what only the editor needs can be checked while pages are at work.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from briefing.checks import answers, content_rules, freshness, image_rules
from briefing.content import yaml_reader
from briefing.content.blocks import ImageBlock
from briefing.content.briefing import Briefing
from briefing.design.outputs import OutputName
from briefing.documents.dressing import BrandChoice, dressed
from briefing.documents.manuscript import Manuscript, manuscript_of
from briefing.findings import Finding, Refused, error, has_errors, note
from briefing.pipeline import publish
from briefing.pipeline.job import Job
from briefing.runtime import inputs, timings
from briefing.runtime.fingerprint import take_fingerprint


def load(job: Job) -> Manuscript:
    """Read, type, account and check all but the wording; raises `Refused` where there is no briefing to speak of."""
    with timings.span("main", "read and account"):
        taken = _taken(job)
        manuscript = read_manuscript(job)
        pictures = images(job, manuscript.briefing, Briefing.DOCUMENTS).values()
        manuscript = dress(replace(manuscript, taken=taken.more(pictures)), job)
        checked = check_dates(check_content(manuscript, job.content_folder), job.today)
        return checked.with_findings(_check_purpose(manuscript.briefing, job))


def dress(manuscript: Manuscript, job: Job) -> Manuscript:
    """Put the brand of a run on its manuscript; raises `Refused` with every fault of the brand."""
    if job.house_templates:
        from briefing.documents.house_templates import read_house_templates  # brings the engine of templates along

        house = read_house_templates(job.house_templates)
        taken = manuscript.taken.more((*house.files, *house.folders)) if manuscript.taken else None
        manuscript = replace(manuscript, house_templates=house, taken=taken)
    return dressed(manuscript, brand_choice(job), job.templates, image_rules.picture_faults)


def brand_choice(job: Job) -> BrandChoice:
    """Where the brand of a run may be named."""
    return BrandChoice(job.content_folder, job.brand, job.house_brand)


def _check_purpose(briefing: Briefing, job: Job) -> Iterator[Finding]:
    """Whether a print shop is to be sent what is not for print."""
    status, at = briefing.briefing.status, ("briefing", "status")
    withheld = job.withheld(status)
    hint = "write status: final once it is signed off, or say --draft to have it printed as it is"
    if withheld and len(withheld) == len(job.outputs):
        yield error("press-draft", f"the briefing is marked as {status} on every page", at, hint)
    elif withheld:
        left = " and ".join(withheld)
        yield note("press-draft", f"{left} left out: the briefing is marked as {status} on every page", at, hint)


def read_manuscript(job: Job) -> Manuscript:
    """Read, type and account for the content; raises `Refused` with every fault of all that could be read."""
    source = None
    try:
        source = yaml_reader.read(job.content, job.name)
        return manuscript_of(source, job.templates)
    except Refused as first:
        from briefing.checks import all_faults

        raise all_faults.refused(first, source, job.content_folder, job.templates) from None


def check_content(manuscript: Manuscript, folder: Path) -> Manuscript:
    """Hold the content against the rules that pages stand on; its pictures lie in the folder."""
    one = manuscript.with_findings(answers.find_fallen_answers(manuscript.briefing))
    return one.with_findings(content_rules.check(one.briefing, one.ledger, one.wording, folder))


def check_dates(manuscript: Manuscript, today: datetime.date) -> Manuscript:
    """Say which figures and sources are out of date on a day."""
    return manuscript.with_findings(freshness.audit(manuscript.briefing, manuscript.ledger, today))


def check_wording(manuscript: Manuscript) -> Manuscript:
    """Say what a careful editor would query, and list for the checker what names no source."""
    from briefing.checks import editorial
    from briefing.checks.evidence import bare_sentences

    one = manuscript
    with timings.span("main", "check the wording"):
        one = one.with_findings(editorial.check(one.briefing, one.ledger, one.wording))
        return one.with_findings(bare_sentences.check(one.briefing, one.wording.locale.language))


def refuse_errors(manuscript: Manuscript, more: Iterable[Finding] = ()) -> None:
    """Raise `Refused` with all that is to be told, where any of it is an error."""
    findings, _ = answers.apply_answers(manuscript.locate([*manuscript.findings, *more]), manuscript.briefing)
    if has_errors(findings):
        raise Refused(findings)


def is_refused(manuscript: Manuscript) -> bool:
    """Whether it has an error that no answer meets."""
    return has_errors(answers.apply_answers(manuscript.findings, manuscript.briefing)[0])


def images(job: Job, briefing: Briefing, names: Iterable[str]) -> dict[str, Path]:
    """The pictures that documents and partners name in the content's folder."""
    blocks = (block for name in names for block in briefing.document(name).blocks)
    named = [block.file for block in blocks if isinstance(block, ImageBlock)]
    named += [one.logo for one in briefing.briefing.partners if one.logo]
    found = {name: job.content_folder / name for name in named}
    return {
        os.path.normpath(name): file for name, file in found.items() if image_rules.image_path(job.content_folder, name)
    }


def _taken(job: Job) -> inputs.BuildInputs:
    """What is to be read, before it is; pictures are known later."""
    stands = job.shelf.stands if job.shelf else take_fingerprint(str(job.templates), job.environment)
    last = job.out / publish.MANIFEST  # of reading copies: other uses read it and do not write it
    return inputs.read_inputs([job.content, *([] if OutputName.READING in job.outputs else [last])], stands)
