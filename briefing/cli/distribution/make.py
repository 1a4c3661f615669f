"""`distribute make`: numbered copies of a plan, as files for the printer and for e-mail."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import click

from briefing.cli import console
from briefing.cli.build import OUT
from briefing.cli.distribution.planning import CONTENT, PlanOptions, distribute
from briefing.cli.distribution.register import By, NamedRegister, user
from briefing.cli.options import Cluster, takes

if TYPE_CHECKING:
    from briefing.distribution.production import MadeRun


@dataclass(frozen=True)
class MakeOptions(PlanOptions):
    """Where the copies are recorded."""

    register: NamedRegister = None
    again: Annotated[
        bool, click.option("--again", is_flag=True, help="With new numbers, where the same copies were made before.")
    ] = False
    draft: Annotated[
        bool,
        click.option("--draft", is_flag=True, help="For a print shop too, marked as a draft."),
    ] = False
    cluster: Cluster = None
    by: By = ""


@distribute.command()
@takes(MakeOptions)
def make(options: MakeOptions) -> None:
    """Make the numbered copies of the plan, and record them.

    Needs mark: in the content. Files lie in distribution/runs, in a folder for each run: parts for the printer, a file
    for each copy that goes by e-mail, and for a press what a print shop is sent. A second run goes on where the first
    was stopped.
    """
    from briefing.cli.jobs import plain_job, shelf
    from briefing.distribution import making

    job = replace(plain_job(options.content or CONTENT, options.out or OUT), shelf=shelf())
    job = replace(job, options=replace(job.options, draft=options.draft))
    with console.refusals(options.as_json), console.progress(options.as_json or options.quiet) as tell:
        made, findings = making.make(job, options.register, options.by or user(), tell, options.again, options.cluster)
    console.say(findings, options.as_json)
    if options.as_json:
        console.out("".join(f"{json.dumps(_facts(run))}\n" for run in made))
    elif not options.quiet:
        console.out("".join(f"{console.in_line(_line(run))}\n" for run in made))


def _facts(run: MadeRun) -> dict[str, object]:
    return {
        "run": run.letters,
        "document": run.plan.document,
        "use": run.plan.use,
        "paper": run.plan.paper,
        "total": run.plan.total,
        "folder": run.folder,
        "parts": list(run.parts),
        "shared": run.shared,
        "copies": list(run.copies),
        "shop": list(run.shop),
        "kept": run.kept,
    }


def _line(run: MadeRun) -> str:
    said = [_count(len(run.parts), "for the printer")] if run.parts else []
    said += [f"the pages that all share in {run.shared}"] if run.shared else []
    said += [_count(len(run.copies), "for e-mail")] if run.copies else []
    said += [f"{len(run.shop)} for the print shop"] if run.shop else []
    kept = f"; {run.kept:,} were there already" if run.kept else ""
    return (
        f"Run {run.letters}: {run.plan.total:,} copies of {run.plan.document}, {', '.join(said)}{kept}, in {run.folder}"
    )


def _count(files: int, purpose: str) -> str:
    return f"{files:,} {'file' if files == 1 else 'files'} {purpose}"
