"""The commands that look at finished files: preflight, read and verify."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import click

from briefing import files
from briefing.cli import console, jobs
from briefing.cli.build import OUT, start
from briefing.cli.options import A_PATH, AsJson, Brand, Content, Quiet, Templates, takes
from briefing.design.outputs import FILES, OUTPUTS


@dataclass(frozen=True)
class VerifyOptions:
    """What is to be verified."""

    content: Content = None
    out: Annotated[
        Path | None, click.option("--out", type=A_PATH, metavar="DIR", help="The folder of the build. [build]")
    ] = None
    brand: Brand = None
    as_json: AsJson = False
    templates: Templates = None


@click.command()
@takes(VerifyOptions)
def verify(options: VerifyOptions) -> None:
    """Tell whether the PDFs in a folder are what the content gives.

    Every use that the folder holds is made anew and compared, byte for byte; nothing is written.
    """
    start()
    from briefing import api
    from briefing.cli import report
    from briefing.pipeline import verify as verifying

    with console.refusals(options.as_json), console.progress(options.as_json) as tell:
        tell("making everything anew")
        job = replace(
            jobs.plain_job(options.content, options.out),
            brand=jobs.brand_of(options.brand),
            house_templates=jobs.folder_of(options.templates),
        )
        found = verifying.verify(job, os.fspath(options.out or api.OUT))
    console.say(found.findings, options.as_json)
    if not options.as_json:
        for name in found.same:
            console.out(f"{console.in_line(name)}: as the content gives it\n")
    sys.exit(report.REFUSED if report.is_failure(found.findings) else report.BUILT)


@dataclass(frozen=True)
class PreflightOptions:
    """What is to be looked at, and as what."""

    file: Annotated[Path, click.argument("file", type=A_PATH)]
    use: Annotated[
        str,
        click.option(
            "--use",
            "--edition",
            "use",
            type=click.Choice([name.value for name in OUTPUTS]),
            help="What the file is to be used as. [reading]",
        ),
    ] = "reading"
    as_json: AsJson = False
    quiet: Quiet = False


@click.command()
@takes(PreflightOptions)
def preflight(options: PreflightOptions) -> None:
    """Tell whether FILE, ours or not, is fit to be used as a use, and why not.

    Exit code 1 where something forbids it, or could not be looked at.
    """
    from briefing import api
    from briefing.cli import report

    with console.refusals():
        found = api.preflight(options.file, use=options.use)
    if options.quiet or options.as_json:
        console.say(found.findings, options.as_json)
    else:
        console.out(found.report)
    sys.exit(report.BUILT if found.passed else report.REFUSED)


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
def read(file: Path | None) -> None:
    """Print what a person with a screen reader hears of FILE.

    It is told from the tags of the finished PDF, ours or not: headings, lists, tables with the heads of each cell,
    pictures and where links lead. FILE is build/policy-brief.pdf where it is left out.
    """
    from briefing.proofing import foreign_file

    name = file or OUT / FILES["brief"]
    with console.refusals():
        said = foreign_file.read_file_aloud(Path(files.absolute(name)), str(name))
    console.out(said)
