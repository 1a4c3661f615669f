"""What is to be made of a manuscript: the setup of pages, a job for each document, and the pictures to be drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.checks import image_rules
from briefing.design.outputs import USES, OutputName, Step, Use
from briefing.design.paper import PAPERS
from briefing.design.tokens import read_tokens
from briefing.documents.manuscript import Manuscript
from briefing.documents.page_setup import PageSetup
from briefing.documents.partners import partner_strip
from briefing.findings import Finding, Refused
from briefing.graphics import photographs, pictures
from briefing.pipeline.document_job import DocumentJob, document_jobs
from briefing.pipeline.job import Job
from briefing.pipeline.load import check_wording, refuse_errors
from briefing.runtime import timings

if TYPE_CHECKING:
    from briefing.finishing.context import PrintingCondition as Shop

Wanted = Mapping[OutputName, tuple[pictures.WantedDrawing, ...]]  # drawings, by use


@dataclass(frozen=True)
class Plan:
    """The documents of a run, as they are laid while their pictures are still blank."""

    setups: Mapping[OutputName, PageSetup]
    blanks: Mapping[OutputName, pictures.Pictures]
    jobs: tuple[DocumentJob, ...]


def page_setups(manuscript: Manuscript, job: Job) -> dict[OutputName, PageSetup]:
    """The setup of every use whose pages are asked for, be it for a product."""
    names = dict.fromkeys(row.pages.name for row in job.output_rows)
    return {name: _page_setup(manuscript, job, USES[name]) for name in names}


def _page_setup(manuscript: Manuscript, job: Job, use: Use) -> PageSetup:
    tokens = read_tokens(job.templates, use.layer, manuscript.dress, manuscript.house_templates)
    strip = partner_strip(manuscript.briefing.briefing, job.content_folder, image_rules.picture_faults)
    tokens = replace(tokens, strip=strip) if strip else tokens
    paper = PAPERS[job.paper or manuscript.paper]
    shop = _shop(manuscript, job) if Step.MARKS in use.steps else None
    return PageSetup(manuscript.wording, tokens, paper, job.templates, shop.bleed_mm if shop else 0.0)


def plan(manuscript: Manuscript, job: Job, setups: Mapping[OutputName, PageSetup]) -> Plan:
    """A job for every document; the manuscript must have no errors."""
    blanks = {
        name: pictures.make_blank_pictures(manuscript.briefing, job.documents, setup, job.content_folder, _ppi(name))
        for name, setup in setups.items()
    }
    shop = _shop(manuscript, job)
    jobs = [
        one
        for name, setup in setups.items()
        for one in document_jobs(
            manuscript,
            tuple(document for document in job.documents if document in USES[name].documents),
            setup,
            blanks[name],
            USES[name],
            shop,
        )
    ]
    return Plan(setups, blanks, tuple(jobs))


def _ppi(name: OutputName) -> float:
    """How fine pictures are at most."""
    return photographs.PRESS_PPI if Step.MARKS in USES[name].steps else photographs.ENOUGH_PPI


def _shop(manuscript: Manuscript, job: Job) -> Shop | None:
    """Who prints, where something is for the press."""
    if not any(Step.MARKS in row.pages.steps for row in job.output_rows):
        return None
    from briefing.products.printshop.condition import printing_condition_of, recipes_of

    shop = job.options.shop or printing_condition_of(job.templates)
    dress, house = manuscript.dress, manuscript.house_templates
    if dress is None and house is None:
        return shop
    return replace(shop, recipes=recipes_of(read_tokens(job.templates, dress=dress, house_templates=house)))


def plan_pictures(manuscript: Manuscript, job: Job, setups: Mapping[OutputName, PageSetup]) -> Wanted:
    """What is to be drawn for each use; raises `Refused` with every fault, of the wording too."""
    wanted, one = {}, manuscript
    try:
        with timings.span("main", "plan drawings"):
            for name, setup in setups.items():
                wanted[name] = pictures.plan_drawings(one.briefing, one.ledger, job.documents, setup)
    except Refused as refused:
        refuse_errors(check_wording(manuscript), refused.findings)
        raise
    return wanted


def plan_with_pictures(
    manuscript: Manuscript, job: Job, drawings: Path | None
) -> tuple[tuple[DocumentJob, ...], tuple[Finding, ...]]:
    """A job for every document with its pictures drawn, and what was noticed; raises `Refused` with every fault."""
    refuse_errors(manuscript)
    setups = page_setups(manuscript, job)
    wanted = plan_pictures(manuscript, job, setups)
    planned = plan(manuscript, job, setups)
    drawn, noticed = draw(manuscript, planned, wanted, planned.jobs, drawings)
    jobs = tuple(replace(one, pictures=drawn[one.use.name][one.document]) for one in planned.jobs)
    return jobs, tuple(noticed)


def draw(
    manuscript: Manuscript, planned: Plan, wanted: Wanted, jobs: Iterable[DocumentJob], drawings: Path | None
) -> tuple[dict[OutputName, pictures.Pictures], list[Finding]]:
    """Draw the pictures of those jobs; raises `Refused` where one cannot be drawn."""
    drawn: dict[OutputName, pictures.Pictures] = {}
    findings: list[Finding] = []
    asked = {(one.use.name, one.document) for one in jobs}
    with timings.span("main", "draw charts and maps"):
        for name, setup in planned.setups.items():
            those = tuple(one for one in wanted[name] if (name, one.document) in asked)
            drawn[name], noticed = pictures.draw_pictures(those, planned.blanks[name], setup, drawings)
            findings += noticed
    refuse_errors(manuscript, findings)
    return drawn, findings
