"""The order of work of `distribute make`: inputs and plan read, the register opened, runs made."""

from __future__ import annotations

from briefing.distribution import order, production
from briefing.distribution.production import MadeRun
from briefing.distribution.register import whereabouts
from briefing.distribution.register.register import open_register
from briefing.findings import Finding
from briefing.pipeline.job import Job, Tell


def make(
    job: Job, registered: str | None, who: str, tell: Tell, again: bool = False, cluster: str | None = None
) -> tuple[tuple[MadeRun, ...], tuple[Finding, ...]]:
    """Make the runs of the plan that was kept, which must be what the list and the content give now.

    `job` is a plain build of the content; `registered` names a register other than the one beside it; `again` makes new
    numbers where the same copies were made before; `cluster` has the files written there. Raises `Refused`, `Missing`.
    """
    tell("reading the list")
    inputs = order.read_inputs(job.content, job.name, house=job.house_brand)
    plan = order.kept_plan(inputs)
    register = open_register(whereabouts.find(registered, job.content_folder), who, make=True)
    try:
        made, found = production.make_runs(inputs, plan, job, register, tell, again, cluster)
        return made, (*inputs.findings, *found)
    finally:
        register.close()
