"""The order of work of `distribute make`: inputs and plan read, the register opened, runs made."""

from __future__ import annotations

import datetime
from pathlib import Path

from briefing import program
from briefing.distribution import order, private_folder, production
from briefing.distribution.planning import plan_file
from briefing.distribution.production import MadeRun, Tell
from briefing.distribution.records import DistributionPlan
from briefing.distribution.register import whereabouts
from briefing.distribution.register.register import open_register
from briefing.findings import Finding, Place, Refused, error
from briefing.pipeline.job import Job


def make(
    job: Job, registered: str | None, who: str, tell: Tell, again: bool = False
) -> tuple[tuple[MadeRun, ...], tuple[Finding, ...]]:
    """Make the runs of the plan that was kept, which must be what the list and the content give now.

    `job` is a plain build of the content; `registered` names a register other than the one beside it; `again` makes new
    numbers where the same copies were made before. Raises `Refused`.
    """
    tell("reading the list")
    inputs = order.read_inputs(job.content, job.name)
    plan = _plan(inputs, job.out)
    register = open_register(whereabouts.find(registered, job.content_folder), who, _now, make=True)
    try:
        return production.make_runs(inputs, plan, job, register, tell, again), inputs.findings
    finally:
        register.close()


def _plan(inputs: order.Inputs, out: Path) -> DistributionPlan:
    """The plan that was kept, held against what would be planned now."""
    shown = f"{inputs.shown}{private_folder.FOLDER}/{plan_file.PLAN}"
    kept = plan_file.read_plan(inputs.folder / private_folder.FOLDER / plan_file.PLAN, shown)
    now, _ = order.plan_of(inputs, out)
    if kept.sha256 != now.sha256:
        hint = f"see what is planned now with {program.name()} distribute plan, then make it"
        raise Refused([error("plan-old", "the list or the content has changed since the plan", Place(shown), hint)])
    return kept


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
