"""The commands about content: new, schema, ledger and changes."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import click

from briefing import files, program
from briefing.cli import console, jobs
from briefing.cli.build import outcome_of, start
from briefing.cli.options import A_PAPER, A_PATH, BuildOptions, Content, Paper, Today, takes
from briefing.design.template_folders import own_templates


@dataclass(frozen=True)
class LedgerOptions:
    """How the list of figures is wanted."""

    content: Content = None
    form: Annotated[
        str,
        click.option(
            "--format", "form", type=click.Choice(["text", "csv", "json", "html"]), help="How the list is told. [text]"
        ),
    ] = "text"
    out: Annotated[
        Path | None, click.option("--out", type=A_PATH, metavar="FILE", help="Write it there, not to standard output.")
    ] = None
    paper: Paper = None
    today: Today = None


@dataclass(frozen=True)
class ChangesOptions:
    """What is to be compared, and what is made of it."""

    old: Annotated[str, click.argument("old")]
    new: Annotated[Path | None, click.argument("new", required=False, type=A_PATH)] = None
    content: Annotated[
        Path | None,
        click.option(
            "--content",
            type=A_PATH,
            metavar="FILE",
            help="The new content file, where NEW is left out. [content.yaml]",
        ),
    ] = None
    form: Annotated[
        str, click.option("--format", "form", type=click.Choice(["text", "json"]), help="How the list is told.")
    ] = "text"
    slip: Annotated[
        Path | None,
        click.option(
            "--slip",
            type=A_PATH,
            metavar="FILE.pdf",
            help="Write a correction slip of one page there, to go with old copies.",
        ),
    ] = None
    paper: Annotated[
        str | None, click.option("--paper", type=A_PAPER, help="Paper of the slip, instead of the content's own.")
    ] = None


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Write it there instead of to standard output."
)
def schema(out: Path | None) -> None:
    """Print the JSON Schema by which editors complete and check a content file."""
    from briefing.content import scaffold

    if not out:
        console.out(scaffold.schema_text())
        return
    from briefing.cli import out_guard
    from briefing.pipeline import publish

    with console.refusals():
        out_guard.refuse_file(Path(files.absolute(out)), str(out), [], begins=b"{")
        publish.write_one(Path(files.absolute(out)), scaffold.schema_text().encode())


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "--from",
    "example",
    is_flag=False,
    flag_value="",
    metavar="NAME",
    help="Begin with that example instead; without a name, list them.",
)
def new(folder: Path | None, example: str | None) -> None:
    """Write a small, commented briefing into FOLDER; it builds at once."""
    from briefing.content import scaffold

    if example == "":
        console.out("".join(f"{name:20}{says}\n" for name, says in scaffold.examples().items()))
        return
    if folder is None and (example is None or example in scaffold.examples()):
        raise click.UsageError("name the FOLDER that it is to be written into")
    with console.refusals():
        folder = folder or Path()
        written = scaffold.write(folder, str(folder), own_templates(), example or "")
    console.out(f"Wrote {' and '.join(console.in_line(str(path)) for path in written)}.\n")
    arguments = f"--content {written[0]} --out {folder / 'build'}"
    console.out(f"Build it: {program.name()} {console.in_line(arguments)}\n")


@click.command()
@takes(LedgerOptions)
def ledger(options: LedgerOptions) -> None:
    """List every figure, its sources and every line that prints it.

    With its value, age, disputes, and who has checked it and when.

    The lines are those of the review copy: 1, 2, 3 in the text column, M1, M2, M3 in the margin.
    """
    start()
    from briefing.cli import out_guard, report
    from briefing.pipeline import publish
    from briefing.products import ledger_table

    asked = BuildOptions(options.content, paper=options.paper, today=options.today)
    job = jobs.job_of(asked, dry=True)
    if options.out:
        with console.refusals():
            out_guard.refuse_file(Path(files.absolute(options.out)), str(options.out), [job.content])
    outcome = outcome_of(job)
    if outcome.work is None or outcome.refused:
        console.say(outcome.findings)
    if outcome.work is None:
        sys.exit(report.REFUSED)
    text = ledger_table.format_ledger(outcome.work, job.today, options.form, job.templates)
    with console.refusals():
        if options.out:
            encoding = "utf-8-sig" if options.form == "csv" else "utf-8"
            publish.write_one(Path(files.absolute(options.out)), text.encode(encoding))
        else:
            console.out(console.visible_json(text) if options.form == "json" else text)
    sys.exit(report.REFUSED if outcome.refused else report.BUILT)


@click.command()
@takes(ChangesOptions)
def changes(options: ChangesOptions) -> None:
    """Say what has changed from OLD to NEW, by meaning and not by line.

    Both are content files. OLD may be a git revision of NEW instead, such as HEAD~1; NEW is content.yaml where it is
    left out.
    """
    if options.new and options.content:
        raise click.UsageError("name the new content once, as NEW or with --content")
    if options.slip and options.slip.suffix.lower() != ".pdf":
        raise click.BadParameter("the name of the slip must end in .pdf", param_hint="--slip")
    if options.slip:
        start()
    from briefing.cli import out_guard, report
    from briefing.content.records import PaperName
    from briefing.pipeline import compare_command
    from briefing.products.changes import listing

    new_content = options.new or options.content or Path("content.yaml")
    asked = compare_command.CompareJob(
        old=options.old,
        new=Path(files.absolute(new_content)),
        shown=str(new_content),
        templates=own_templates(),
        environment=os.environ,
        slip=Path(files.absolute(options.slip)) if options.slip else None,
        brand=jobs.house_brand(),
        paper=PaperName(options.paper) if options.paper else None,
    )
    with console.refusals(options.form == "json"):
        if asked.slip:
            out_guard.refuse_file(asked.slip, str(options.slip), [Path(asked.old), asked.new], begins=b"%PDF-")
        found = compare_command.run(asked)
    if options.form == "json":
        told = listing.as_json(found.old, found.new, found.changes, found.findings)
        console.out(console.visible_json(told) + "\n")
    else:
        console.out(listing.as_text(found.old, found.new, found.changes) + "\n")
        console.say(found.findings)
    sys.exit(report.REFUSED if found.refused else report.BUILT)
