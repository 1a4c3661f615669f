"""The commands that bring copies to people: `distribute init`, `check` and `plan`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import click

from briefing import files, program
from briefing.cli import console
from briefing.cli.build import OUT
from briefing.cli.jobs import house_brand
from briefing.cli.options import A_PATH, AsJson, Content, Quiet, takes
from briefing.design.template_folders import own_templates

if TYPE_CHECKING:
    from briefing.distribution.order import Inputs
    from briefing.distribution.records import DistributionPlan, RunPlan
    from briefing.findings import Finding

CONTENT = Path("content.yaml")


@click.group()
def distribute() -> None:
    """Plan numbered copies for a list of recipients.

    distribution.yaml beside the content says which list, and who gets what.
    """


@dataclass(frozen=True)
class InitOptions:
    """For which content, and how it is told."""

    content: Content = None
    as_json: AsJson = False


@dataclass(frozen=True)
class ListOptions:
    """Which distribution is meant, and how it is told."""

    content: Content = None
    show: Annotated[
        bool, click.option("--show", is_flag=True, help="Say what stands in a cell that has a fault, not only where.")
    ] = False
    as_json: AsJson = False
    quiet: Quiet = False
    lists: Annotated[tuple[Path, ...], click.argument("lists", nargs=-1, type=A_PATH, metavar="[LIST]...")] = ()


@dataclass(frozen=True)
class PlanOptions(ListOptions):
    """What else a plan needs."""

    out: Annotated[
        Path | None,
        click.option("--out", type=A_PATH, metavar="DIR", help="Where the PDFs are, whose pages are counted. [build]"),
    ] = None


@distribute.command()
@takes(InitOptions)
def init(options: InitOptions) -> None:
    """Write a distribution.yaml with remarks beside the content, and a list of invented recipients."""
    from briefing.distribution import order, scaffold

    file = options.content or CONTENT
    with console.refusals(options.as_json):
        briefing = order.read_briefing(Path(files.absolute(file)), str(file))
        folder, shown = Path(files.absolute(file)).parent, str(file)[: -len(file.name)]
        written = scaffold.write(folder, shown, briefing.briefing.language, own_templates())
    if options.as_json:
        console.out(f"{json.dumps({'files': list(written)}, ensure_ascii=False)}\n")
        return
    console.out(f"Wrote {', '.join(map(console.in_line, written))}.\n")
    arguments = f"distribute check{f' --content {file}' if options.content else ''}"
    console.out(f"Write your recipients over the invented ones, then: {program.name()} {console.in_line(arguments)}\n")


@distribute.command()
@takes(ListOptions)
def check(options: ListOptions) -> None:
    """Say what is wrong with distribution.yaml and its lists; write nothing.

    A LIST that is named takes the place of those that distribution.yaml names. Faults are told with row and column.
    """
    inputs = _read(options)
    console.say(inputs.findings, options.as_json)
    if not (options.as_json or options.quiet):
        people = inputs.people
        for told in people.told:
            console.out(f"{console.in_line(told)}\n")
        copies = sum(one.copies for one in people.recipients)
        left = f", {people.left_out:,} left out" if people.left_out else ""
        console.out(f"Checked: {len(people.recipients):,} recipients, {copies:,} copies{left}; nothing was written.\n")


@distribute.command()
@takes(PlanOptions)
def plan(options: PlanOptions) -> None:
    """Number the copies; say how many, in which parcels, and what they weigh and cost.

    Writes nothing but the plan, distribution/plan.json, which holds no name and no address.
    """
    from briefing.distribution import order, private_folder
    from briefing.distribution.planning import plan_file

    inputs = _read(options)
    with console.refusals(options.as_json):
        made, findings = order.plan_of(inputs, Path(files.absolute(options.out or OUT)))
        order.keep_plan(made, inputs)
    console.say(findings, options.as_json)
    kept = f"{inputs.shown}{private_folder.FOLDER}/{plan_file.PLAN}"
    if options.as_json:
        console.out(_lines_of_json(made, kept))
    elif not options.quiet:
        console.out(_table(made.runs))
        console.out(f"Planned, {_counts(findings)}: {console.in_line(kept)}, digest {made.sha256[:12]}\n")


def _read(options: ListOptions) -> Inputs:
    from briefing.distribution import order
    from briefing.distribution.recipients.reading import ListFile

    file = options.content or CONTENT
    lists = tuple(ListFile(Path(files.absolute(one)), str(one)) for one in options.lists)
    with console.refusals(options.as_json), console.progress(options.as_json or options.quiet) as tell:
        tell("reading the list")
        return order.read_inputs(Path(files.absolute(file)), str(file), lists, options.show, house_brand())


def _counts(findings: Iterable[Finding]) -> str:
    from briefing.cli import report

    return report.format_counts(findings)


# ------------------------------------------------------------------ how a plan is told


def _table(runs: Iterable[RunPlan]) -> str:
    """A line for each run: what is printed, and what that takes."""
    head = ("run", "pages", "copies", "spares", "overs", "parcels", "sheets", "weight", "cost")
    rows = [head, *map(_row, runs)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "".join(
        "  ".join(
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        + "\n"
        for row in rows
    )


def _row(run: RunPlan) -> tuple[str, ...]:
    name = ", ".join((run.document.replace("_", " "), run.use, run.paper))
    grams = f"{run.grams:,} g" if run.grams < 10_000 else f"{run.grams / 1000:,.1f} kg"
    counts = (run.pages, run.total - run.spares, run.spares, run.overs, len(run.parcels), run.sheets)
    return name, *(f"{count:,}" for count in counts), grams, _cost(run)


def _cost(run: RunPlan) -> str:
    """What a run costs, as far as prices are given."""
    amounts = {line.what: line.amount for line in run.cost}
    known = [amount for amount in amounts.values() if amount is not None]
    if not known:
        return "not given"
    missing = ", ".join(what for what, amount in amounts.items() if amount is None)
    return f"{sum(known):,.2f} {run.cost[0].currency}" + (f" ({missing}: not given)" if missing else "")


def _lines_of_json(made: DistributionPlan, kept: str) -> str:
    """A line for each run, and one for the plan."""
    lines = [json.dumps({"run": _facts(run)}, ensure_ascii=False) for run in made.runs]
    lines.append(json.dumps({"plan": {"file": kept, "sha256": made.sha256}}, ensure_ascii=False))
    return "".join(f"{console.visible_json(line)}\n" for line in lines)


def _facts(run: RunPlan) -> dict[str, Any]:
    names = ("document", "use", "paper", "language", "pages", "total", "spares", "overs", "sheets", "grams", "sha256")
    cost = [
        {"what": line.what, "count": line.count, "amount": None if line.amount is None else str(line.amount),
         "currency": line.currency}
        for line in run.cost
    ]  # fmt: skip
    recipients = sum(len(parcel.recipients) for parcel in run.parcels)
    more = {"recipients": recipients, "parcels": len(run.parcels), "cost": cost}
    return {**{name: getattr(run, name) for name in names}, **more}
