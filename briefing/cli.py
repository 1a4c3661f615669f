"""The command line: arguments, terminal and current folder in, an exit code out.

Exit codes: 0 built, 1 content or documents refused, 2 wrong usage, 3 something missing on this machine.
"""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefing import __version__
from briefing.editions import EDITIONS, FILES, EditionName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefing.findings import Finding
    from briefing.pipeline import Job, Outcome, Tell

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
OUT = Path("build")
NAMES = {"brief": "brief", "fact-sheet": "fact_sheet"}


class _Default(click.Group):
    """A group whose `build` may be left unsaid."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        known = {*self.commands, "--help", "-h", "--version"}
        if not args or (args[0] not in known and args[0].startswith("-")):
            args = ["build", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Default, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="generate.py")
def cli() -> None:
    """Make a policy brief and a one-page fact sheet, as PDF, from one content.yaml.

    \b
    generate.py                     builds build/policy-brief.pdf and build/fact-sheet.pdf
    generate.py check               says what is wrong, writes nothing
    generate.py --edition review    makes copies for a fact checker, in build/review
    generate.py read                tells what a screen reader says of a PDF
    generate.py verify              tells whether the PDFs are what the content gives
    generate.py ledger              lists every figure and the lines that print it
    generate.py changes old.yaml    says what has changed, and writes a correction slip
    generate.py new my-briefing     writes a small briefing to begin with
    generate.py --content my-briefing/content.yaml

    Without a command, build is meant; its options may stand there. Every fault is shown at once, with its line and
    what to do; until all are mended, the last good PDFs stay as they are.

    Exit codes: 0 built, 1 refused, 2 wrong usage, 3 something is missing on this machine.
    """


_TODAY = click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day on which figures are held to be stale or fresh. [today]",
)
_CONTENT = click.option(
    "--content",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FILE",
    help="The content file. [content.yaml]",
)


def _options(dry: bool) -> Callable[[Callable[..., None]], Callable[..., None]]:
    published = [
        click.option(
            "--out", type=click.Path(path_type=Path), default=None, metavar="DIR", help="Where the PDFs go. [build]"
        ),
        click.option(
            "--edition",
            type=click.Choice([*(name.value for name in EDITIONS), "all"]),
            default="reading",
            help="; ".join(f"{kind.name}: {kind.told}" for kind in EDITIONS.values()) + ". [reading]",
        ),
        click.option(
            "--bars", metavar="OLD", help="Bars beside what differs from OLD, a content file or a git revision."
        ),
    ]
    options = [
        _CONTENT,
        *([] if dry else published),
        click.option("--only", type=click.Choice(list(NAMES)), help="One document instead of both."),
        click.option("--paper", type=click.Choice(["letter", "a4"]), help="Paper, instead of the content's own."),
        click.option("--strict", is_flag=True, help="Warnings refuse too, as in continuous integration."),
        _TODAY,
        click.option("--json", "as_json", is_flag=True, help="Findings as JSON lines on standard output."),
        click.option("--quiet", "-q", is_flag=True, help="Say nothing but findings."),
    ]

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


@cli.command()
@_options(dry=False)
def build(content: Path | None, out: Path | None, **options: Any) -> None:
    """Build both documents."""
    _run(content, out, dry=False, **options)


@cli.command()
@_options(dry=True)
def check(content: Path | None, **options: Any) -> None:
    """Do everything but publish: read, check, draw and typeset."""
    _run(content, None, dry=True, **options)


@cli.command()
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Write it there instead of to standard output."
)
def schema(out: Path | None) -> None:
    """Print the JSON Schema by which editors complete and check a content file."""
    from briefing import starter

    if not out:
        click.echo(starter.schema_text(), nl=False)
        return
    with _refusals():
        starter.write_schema(out)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    """Write a small, commented briefing into FOLDER; it builds at once."""
    from briefing import starter

    with _refusals():
        written = starter.write(folder, str(folder), TEMPLATES)
    click.echo(f"Wrote {' and '.join(str(path) for path in written)}.")
    click.echo(f"Build it: {_me()} --content {written[0]} --out {folder / 'build'}")


@cli.command()
@_CONTENT
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "csv", "json", "html"]),
    default="text",
    help="How the list is told. [text]",
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write it there, not to standard output.")
@click.option("--paper", type=click.Choice(["letter", "a4"]), help="Paper, instead of the content's own.")
@_TODAY
def ledger(
    content: Path | None, form: str, out: Path | None, paper: str | None, today: datetime.datetime | None
) -> None:
    """List every figure, its sources and every line that prints it.

    With its value, age, disputes, and who has checked it and when.

    The lines are those of the review copy: 1, 2, 3 in the text column, M1, M2, M3 in the margin.
    """
    from briefing import report

    outcome = _outcome(content, None, True, quiet=False, paper=paper, today=today)
    if outcome.work is None or outcome.refused:
        _say(outcome.findings, as_json=False)
    if outcome.work is None:
        sys.exit(report.REFUSED)
    from briefing import account, publish

    text = account.told(outcome.work, _day(today), form, TEMPLATES)
    with _refusals():
        if out:
            publish.write_one(Path(os.path.abspath(out)), text.encode("utf-8-sig" if form == "csv" else "utf-8"))
        else:
            click.echo(text, nl=False)
    sys.exit(report.REFUSED if outcome.refused else report.BUILT)


@cli.command()
@click.argument("old")
@click.argument("new", required=False, type=click.Path(path_type=Path))
@click.option(
    "--content",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FILE",
    help="The new content file, where NEW is left out. [content.yaml]",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How the list is told.")
@click.option(
    "--slip",
    type=click.Path(path_type=Path),
    metavar="FILE.pdf",
    help="Write a correction slip of one page there, to go with old copies.",
)
@click.option("--paper", type=click.Choice(["letter", "a4"]), help="Paper of the slip, instead of the content's own.")
def changes(old: str, new: Path | None, content: Path | None, form: str, slip: Path | None, paper: str | None) -> None:
    """Say what has changed from OLD to NEW, by meaning and not by line.

    Both are content files. OLD may be a git revision of NEW instead, such as HEAD~1; NEW is content.yaml where it is
    left out.
    """
    if new and content:
        raise click.UsageError("name the new content once, as NEW or with --content")
    if slip and slip.suffix.lower() != ".pdf":
        raise click.BadParameter("the name of the slip must end in .pdf", param_hint="--slip")
    from briefing import changelist, comparison, press, report
    from briefing.findings import Missing, Refused
    from briefing.records import PaperName

    if slip:
        press.warm()
    new = new or content or Path("content.yaml")
    asked = comparison.Asked(
        old=old,
        new=Path(os.path.abspath(new)),
        shown=str(new),
        templates=TEMPLATES,
        environment=os.environ,
        slip=Path(os.path.abspath(slip)) if slip else None,
        paper=PaperName(paper) if paper else None,
    )
    try:
        found = comparison.run(asked)
    except (Missing, Refused) as why:
        _say(why.findings, form == "json")
        sys.exit(report.LACKING if isinstance(why, Missing) else report.REFUSED)
    if form == "json":
        click.echo(changelist.as_json(found.old, found.new, found.changes, found.findings))
    else:
        click.echo(changelist.as_text(found.old, found.new, found.changes))
        _say(found.findings, as_json=False)
    sys.exit(report.REFUSED if found.refused else report.BUILT)


@cli.command()
@_CONTENT
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="The folder of the build. [build]")
@click.option("--json", "as_json", is_flag=True, help="Findings as JSON lines on standard output.")
def verify(content: Path | None, out: Path | None, as_json: bool) -> None:
    """Tell whether the PDFs in a folder are what the content gives.

    Every edition that the folder holds is made anew and compared, byte for byte; nothing is written.
    """
    from briefing import press, report
    from briefing import verify as verifying
    from briefing.findings import Missing

    press.warm()
    try:
        with _progress(as_json) as tell:
            tell("making everything anew")
            found = verifying.verify(_job(content, out), str(out or OUT))
    except Missing as missing:
        _say(missing.findings, as_json)
        sys.exit(report.LACKING)
    _say(found.findings, as_json)
    if not as_json:
        for name in found.same:
            click.echo(f"{name}: as the content gives it")
    sys.exit(report.REFUSED if report.grave(found.findings) else report.BUILT)


@cli.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
def read(file: Path | None) -> None:
    """Print what a person with a screen reader hears of FILE.

    It is told from the tags of the finished PDF, ours or not: headings, lists, tables with the heads of each cell,
    pictures and where links lead. FILE is build/policy-brief.pdf where it is left out.
    """
    from briefing import given

    name = file or OUT / FILES["brief"]
    with _refusals():
        data = given.read(Path(os.path.abspath(name)), str(name))
        with given.a_pdf(str(name)):
            from briefing import speech

            said = speech.heard(data)
    click.echo(speech.told(said), nl=False)


# ------------------------------------------------------------------ running


def _run(content: Path | None, out: Path | None, dry: bool, as_json: bool, quiet: bool, **options: Any) -> None:
    from briefing import report

    outcome = _outcome(content, out, dry, quiet or as_json, as_json=as_json, **options)
    _say(outcome.findings, as_json)
    if not quiet and not as_json:
        _close(outcome, out or OUT, dry)
    sys.exit(report.REFUSED if outcome.refused else report.BUILT)


def _outcome(
    content: Path | None,
    out: Path | None,
    dry: bool,
    quiet: bool,
    only: str | None = None,
    paper: str | None = None,
    strict: bool = False,
    today: datetime.datetime | None = None,
    edition: str = "reading",
    bars: str | None = None,
    as_json: bool = False,
) -> Outcome:
    """Run the pipeline as the options say; ends the program where this machine lacks something."""
    from briefing import press

    press.warm()  # the typesetter loads while the content is read
    from briefing import pipeline, report
    from briefing.findings import Missing
    from briefing.model import Briefing
    from briefing.records import PaperName

    job = replace(
        _job(content, out),
        today=_day(today),
        documents=(NAMES[only],) if only else Briefing.DOCUMENTS,
        paper=PaperName(paper) if paper else None,
        editions=tuple(EDITIONS) if edition == "all" else (EditionName(edition),),
        bars=bars,
        dry=dry,
        strict=strict,
    )
    try:
        with _progress(quiet) as tell:
            return pipeline.run(job, tell)
    except Missing as missing:
        _say(missing.findings, as_json)
        sys.exit(report.LACKING)


def _job(content: Path | None, out: Path | None) -> Job:
    """A plain build of a content file."""
    from briefing.pipeline import Job

    content = content or Path("content.yaml")
    return Job(
        content=Path(os.path.abspath(content)),
        name=str(content),
        out=Path(os.path.abspath(out or OUT)),
        templates=TEMPLATES,
        today=_day(None),
        environment=os.environ,
    )


def _day(given: datetime.datetime | None) -> datetime.date:
    return (given or datetime.datetime.now(datetime.UTC).astimezone()).date()


@contextmanager
def _refusals() -> Iterator[None]:
    """Say why something was refused, and end."""
    from briefing import report
    from briefing.findings import Refused

    try:
        yield
    except Refused as refused:
        _say(refused.findings, as_json=False)
        sys.exit(report.REFUSED)


def _say(findings: tuple[Finding, ...], as_json: bool) -> None:
    from briefing import report

    for finding in findings:
        if as_json:
            click.echo(report.as_json(finding))
        else:
            click.echo(report.as_text(finding), err=True)


def _close(outcome: Outcome, out: Path, dry: bool) -> None:
    from briefing import report

    if outcome.made:
        click.echo(report.table(outcome))
    click.echo(report.ending(outcome, out, dry))


@contextmanager
def _progress(quiet: bool) -> Iterator[Tell]:
    """A spinner with the step at hand on a terminal, nothing in a pipe."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        yield lambda step: status.update(step)


def _me() -> str:
    return Path(sys.argv[0]).name


def main() -> None:
    """Run the command line."""
    cli(prog_name=_me())
