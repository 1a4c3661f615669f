"""The commands that make documents: build, check and press."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import click

from briefing import files
from briefing.cli import console, jobs
from briefing.cli.options import (
    A_PATH,
    DOCUMENTS,
    PUBLISHING,
    Brand,
    BuildOptions,
    Content,
    Draft,
    Measure,
    NoCache,
    Paper,
    Quiet,
    Templates,
    takes,
)
from briefing.design.template_folders import own_templates

if TYPE_CHECKING:
    from briefing.pipeline.build import Job, Outcome

OUT = Path("build")


@dataclass(frozen=True)
class PressOptions:
    """What a print shop is to be sent."""

    content: Content = None
    out: Annotated[
        Path | None,
        click.option("--out", type=A_PATH, metavar="DIR", help="The pack goes to press below it. [build]"),
    ] = None
    paper: Paper = None
    brand: Brand = None
    templates: Templates = None
    copies: Annotated[
        tuple[str, ...],
        click.option(
            "--copies",
            multiple=True,
            metavar="N",
            help="How many: 500 of each, or brief=500 and fact-sheet=5000. Left blank on the ticket where not given.",
        ),
    ] = ()
    bleed: Annotated[
        float, click.option("--bleed", type=Measure(0, 20), metavar="MM", help="Bleed around the page. [3]")
    ] = 3.0
    ink: Annotated[float, click.option("--ink", type=Measure(100, 400), metavar="PERCENT", help="Most ink. [300]")] = (
        300.0
    )
    profile: Annotated[
        Path | None,
        click.option(
            "--profile",
            type=A_PATH,
            metavar="FILE.icc",
            help="Another printing condition's CMYK profile; goes with --condition. [FOGRA39]",
        ),
    ] = None
    condition: Annotated[
        str | None,
        click.option(
            "--condition", metavar="NAME", help="The registered name of the profile's condition, such as FOGRA51."
        ),
    ] = None
    draft: Draft = False
    strict: Annotated[bool, click.option("--strict", is_flag=True, help="Warnings refuse too.")] = False
    quiet: Quiet = False
    no_cache: NoCache = False


@click.command()
@takes(BuildOptions)
def build(options: BuildOptions) -> None:
    """Build both documents of a content file, or of many.

    A FOLDER stands for the content files in it and below it: each content.yaml, and each other .yaml or .yml file in
    which "briefing:" begins a line. Hidden files, links and the output folder are passed over. 10,000 is the most.

    Of several files, or of a folder, the documents of a/b.yaml go to build/a/b, and those of a/b/content.yaml too. One
    that is refused does not keep the others from being built. Stop it with Ctrl-C (exit code 130), and run it again:
    what is done and still right is not made anew.
    """
    _run(options, dry=False)


@dataclass(frozen=True)
class CheckOptions(BuildOptions):
    """What is to be checked, and whether its signs are mended first."""

    fix: Annotated[
        bool,
        click.option(
            "--fix",
            is_flag=True,
            help="Mend quotation marks, apostrophes, dashes, ellipses and spaces in the file first.",
        ),
    ] = False


@click.command()
@takes(CheckOptions, without=PUBLISHING)
def check(options: CheckOptions) -> None:
    """Do everything but publish: read, check, draw and typeset.

    Several content files or a FOLDER are taken as by build.
    """
    if options.fix:
        _fix(options)
    _run(options, dry=True)


def _fix(options: CheckOptions) -> None:
    """Mend the signs of one content file; one that cannot be read is left as it is, and told by the check."""
    from briefing.checks import sign_fixes
    from briefing.content import yaml_reader
    from briefing.findings import Refused
    from briefing.pipeline import publish

    if len(options.named) > 1 or (options.named and os.path.isdir(options.named[0])):
        raise click.UsageError("--fix mends one content file at a time")
    file = Path(options.named[0]) if options.named else options.content or Path("content.yaml")
    try:
        data, count = sign_fixes.fixed(files.read_named(file, yaml_reader.MAX_BYTES, str(file), ""), str(file))
    except Refused:
        return
    if count:
        file, rights = file.resolve(), file.stat().st_mode
        with console.refusals():
            publish.write_one(file, data)
        os.chmod(file, rights & 0o777)
        click.echo(f"Mended the signs of {count} {'text' if count == 1 else 'texts'} in {file}.", err=True)


@click.command()
@takes(PressOptions)
def press(options: PressOptions) -> None:
    """Make all that a print shop needs: one folder, and one zip of it.

    PDF/X-4 files with bleed and marks, proofs to look at, a job ticket, the preflight report and SHA-256 sums.
    """
    if (options.profile is None) != (options.condition is None):
        raise click.UsageError("--profile and --condition go together")
    start()
    from briefing.products.printshop import condition
    from briefing.products.registry import ProductOptions

    name, missing = options.condition or condition.CONDITION, "name the profile that the print shop has sent you"
    with console.refusals():
        named = options.profile
        data = files.read_named(named, condition.MAX_BYTES, str(named), missing) if named else None
        shop = condition.printing_condition_of(own_templates(), data, name, options.bleed, options.ink)
    asked = BuildOptions(
        options.content,
        options.out,
        "press",
        paper=options.paper,
        brand=options.brand,
        templates=options.templates,
        strict=options.strict,
        quiet=options.quiet,
    )
    products = ProductOptions(shop=shop, copies=_copies(options.copies), draft=options.draft)
    job = replace(jobs.job_of(asked, dry=False), options=products)
    _run_one(job, asked, recorded=options.profile is None)


def _copies(given: tuple[str, ...]) -> dict[str, int]:
    """How many copies of each document are asked for."""
    found: dict[str, int] = {}
    for one in given:
        name, _, number = one.rpartition("=")
        if not (number.isdecimal() and 0 < int(number) <= 10_000_000) or (name and name not in DOCUMENTS):
            raise click.BadParameter("say a number, or brief=500 or fact-sheet=500", param_hint="--copies")
        found |= {DOCUMENTS[key]: int(number) for key in ([name] if name else DOCUMENTS)}
    return found


# ------------------------------------------------------------------ running


def _run(options: BuildOptions, dry: bool) -> None:
    """Run the pipeline for one content file, by whatever way it is named, or for many."""
    if options.content and options.named:
        raise click.UsageError("name content files once, with --content or without")
    if len(options.named) > 1 or (options.named and os.path.isdir(options.named[0])):
        _run_many(options, dry)
    if options.cluster:
        raise click.UsageError("--cluster is for many content files: name several, or a folder")
    if options.named:
        options = replace(options, content=Path(options.named[0]))
    start()
    _run_one(jobs.job_of(options, dry), options)


def _run_one(job: Job, options: BuildOptions, recorded: bool = True) -> None:
    """Run the pipeline, say what became of it, and end; `recorded` where all that it reads is known to the pipeline."""
    from briefing.cli import report
    from briefing.runtime import run_record, timings

    outcome, out = outcome_of(job, options.quiet, options.as_json), options.out or OUT
    said = report.format_run(outcome, out, options, job.dry)
    console.err(said.err)
    console.out(said.out)
    call = jobs.call()
    if options.timings:
        console.err(timings.format_table(time.monotonic()) + "\n")
    elif recorded and call and outcome.files and not outcome.refused:
        again = report.format_run(outcome, out, options, job.dry, again=True)
        run_record.keep(call, outcome.files, again)
    sys.exit(report.REFUSED if outcome.refused else report.BUILT)


def _run_many(options: BuildOptions, dry: bool) -> NoReturn:
    """Run the pipeline over many content files, tell what became of each, and end."""
    if options.timings:
        raise click.UsageError("--timings is told of one content file")
    began = time.monotonic()
    if not options.cluster:
        start()
    from briefing.cli import batch_report, report
    from briefing.pipeline import batch

    model = replace(jobs.job_of(options, dry), environment=dict(os.environ), at_once=1)
    with console.refusals(options.as_json), console.progress(options.quiet or options.as_json) as tell:
        done = batch.run(
            options.named,
            Path(files.absolute(".")),
            model,
            options.at_once,
            lambda found: console.say(found, options.as_json),
            tell,
            options.cluster,
        )
    if options.as_json:
        for told in done.tolds:
            console.out(batch_report.as_json(told) + "\n")
    elif not options.quiet:
        console.out(batch_report.format_table(done.tolds) + "\n")
        console.out(batch_report.format_last_line(done.tolds, time.monotonic() - began, done.stopped) + "\n")
    if done.stopped:
        sys.exit(report.STOPPED)
    sys.exit(report.LACKING if done.lacking else report.REFUSED if done.refused else report.BUILT)


def outcome_of(job: Job, quiet: bool = False, as_json: bool = False) -> Outcome:
    """Run the pipeline; ends the program where this machine lacks something."""
    from briefing.pipeline import build as pipeline

    with console.refusals(as_json), console.progress(quiet or as_json) as tell:
        return pipeline.run(job, tell)


def start() -> None:
    """Have the typesetter loaded in a process of its own, and load here what a run needs besides."""
    from briefing.findings import Missing
    from briefing.runtime import limits, speed, timings

    if lacking := limits.too_narrow():
        with console.refusals():
            raise Missing(lacking)

    with timings.span("main", "load what all need"), speed.loading():
        from briefing.pipeline import document, typesetters  # noqa: F401 (there it need not be loaded again)

    typesetters.warm()
    with timings.span("main", "load the program"), speed.loading():
        from briefing.cli import report  # noqa: F401
