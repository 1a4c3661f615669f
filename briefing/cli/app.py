"""The command line: arguments, terminal and current folder in, an exit code out.

Exit codes: 0 built, 1 content or documents refused, 2 wrong usage, 3 something missing on this machine.
"""

from __future__ import annotations

import datetime
import math
import os
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefing import __version__
from briefing.design.editions import EDITIONS, FILES, EditionName
from briefing.design.template_folders import own_templates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefing.findings import Finding
    from briefing.pipeline.build import Job, Outcome, Tell
    from briefing.pipeline.proof_cache import Shelf
    from briefing.products.registry import Options
    from briefing.runtime.run_record import Call

TEMPLATES = own_templates()
OUT = Path("build")
NAMES = {"brief": "brief", "fact-sheet": "fact_sheet"}


class _Measure(click.FloatRange):
    """A number within a range; not a number is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        found: float = super().convert(value, param, ctx)
        return found if math.isfinite(found) else self.fail("this is no measure", param, ctx)


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
    generate.py --edition office    makes them for a desktop printer; also booklet, large-print, review, all
    generate.py build folder/       builds every content file in a folder, on all cores
    generate.py press               makes all that a print shop needs, in build/press
    generate.py preflight FILE.pdf  tells whether a PDF is fit for its use
    generate.py read                tells what a screen reader says of a PDF
    generate.py verify              tells whether the PDFs are what the content gives
    generate.py preview             shows both documents in a browser, and keeps up with what you save
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
_NO_CACHE = click.option(  # heeded by `again`, before the command line is understood
    "--no-cache",
    is_flag=True,
    expose_value=False,
    help="Make everything anew: use nothing that is kept from earlier runs, and keep nothing.",
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
            "--booklet-sheet",
            type=click.Choice(["full", "half"]),
            default="full",
            help="A booklet's sheets: full, twice the paper (Tabloid, A3); half, the paper laid across. [full]",
        ),
        click.option(
            "--booklet-pages",
            type=click.Choice(["office", "press"]),
            default="office",
            help="Whose pages a booklet is made of. [office]",
        ),
        click.option(
            "--booklet-paper",
            type=_Measure(0, 1),
            default=0.0,
            metavar="MM",
            help="How thick a booklet's paper is: pages of inner sheets move towards the fold by so much. [0]",
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
        _NO_CACHE,
        click.option("--timings", is_flag=True, help="Say on standard error where the time went."),
    ]

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        for option in reversed([*options, *_SEVERAL]):
            function = option(function)
        return function

    return decorate


_SEVERAL = (
    click.argument("named", nargs=-1, metavar="[FILE|FOLDER]..."),
    click.option(
        "--jobs",
        "at_once",
        type=click.IntRange(1, 256),
        metavar="N",
        help="How many of several content files at the same time. [as many as there are cores]",
    ),
)


@cli.command()
@_options(dry=False)
def build(content: Path | None, out: Path | None, named: tuple[str, ...], at_once: int | None, **options: Any) -> None:
    """Build both documents of a content file, or of many.

    A FOLDER stands for the content files in it and below it: each content.yaml, and each other .yaml or .yml file in
    which "briefing:" begins a line. Hidden files, links and the output folder are passed over. 10,000 is the most.

    Of several files, or of a folder, the documents of a/b.yaml go to build/a/b, and those of a/b/content.yaml too. One
    that is refused does not keep the others from being built. Stop it with Ctrl-C (exit code 130), and run it again:
    what is done and still right is not made anew.
    """
    if _is_one(content, named):
        _run(content or next(map(Path, named), None), out, dry=False, **options)
    else:
        _run_many(named, out, dry=False, at_once=at_once, **options)


@cli.command()
@_options(dry=True)
def check(content: Path | None, named: tuple[str, ...], at_once: int | None, **options: Any) -> None:
    """Do everything but publish: read, check, draw and typeset.

    Several content files or a FOLDER are taken as by build.
    """
    if _is_one(content, named):
        _run(content or next(map(Path, named), None), None, dry=True, **options)
    else:
        _run_many(named, None, dry=True, at_once=at_once, **options)


@cli.command()
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Write it there instead of to standard output."
)
def schema(out: Path | None) -> None:
    """Print the JSON Schema by which editors complete and check a content file."""
    from briefing.content import scaffold

    if not out:
        click.echo(scaffold.schema_text(), nl=False)
        return
    with _refusals():
        scaffold.write_schema(out)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    """Write a small, commented briefing into FOLDER; it builds at once."""
    from briefing.content import scaffold

    with _refusals():
        written = scaffold.write(folder, str(folder), TEMPLATES)
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
    from briefing.cli import report

    outcome = _outcome(content, None, True, quiet=False, paper=paper, today=today)
    if outcome.work is None or outcome.refused:
        _say(outcome.findings, as_json=False)
    if outcome.work is None:
        sys.exit(report.REFUSED)
    from briefing.pipeline import publish
    from briefing.products import ledger_table

    text = ledger_table.told(outcome.work, _day(today), form, TEMPLATES)
    with _refusals():
        if out:
            publish.write_one(Path(os.path.abspath(out)), text.encode("utf-8-sig" if form == "csv" else "utf-8"))
        else:
            click.echo(text, nl=False)
    sys.exit(report.REFUSED if outcome.refused else report.BUILT)


@cli.command()
@_CONTENT
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="[one that is free]")
@click.option("--open/--no-open", "opens", default=True, help="Whether your browser opens it. [--open]")
@click.option(
    "--editor",
    metavar="CMD",
    help='What opens the content at a line, such as "code -g {file}:{line}". [$VISUAL or $EDITOR, if it has a window]',
)
@_TODAY
def preview(content: Path | None, port: int, opens: bool, editor: str | None, today: datetime.datetime | None) -> None:
    """Show both documents in a browser, as they are while you write.

    Saving renews them; findings stand beside them, and a click on a text shows its line. Nothing is written to build,
    and nobody but you can see the page. Ctrl-C ends it.
    """
    import tempfile

    from briefing.preview import editor as editors
    from briefing.preview import run as previewing
    from briefing.preview.orders import Desk

    try:
        words = editors.command(editor, os.environ)
    except ValueError as why:
        raise click.BadParameter(str(why), param_hint="--editor") from None
    job = _job(content, None)
    shelf = _shelf()

    def ready(address: str) -> None:
        click.echo(f"Preview of {job.name}: {address}  (Ctrl-C ends it)")
        if opens:
            import webbrowser

            webbrowser.open(address)

    try:
        with tempfile.TemporaryDirectory(prefix="briefing-") as own:
            drawings = shelf.drawings if shelf else Path(own)
            desk = Desk(job.content, job.name, job.templates, drawings, _day(today))
            previewing.run(previewing.Preview(desk, port, words), ready)
    except previewing.PortTaken as why:
        raise click.BadParameter(f"port {port} cannot be had: {why}", param_hint="--port") from None


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
    from briefing.cli import report
    from briefing.content.records import PaperName
    from briefing.findings import Missing, Refused
    from briefing.pipeline import compare_command
    from briefing.products.changes import listing
    from briefing.runtime import sandbox

    if slip:
        sandbox.warm()
    new = new or content or Path("content.yaml")
    asked = compare_command.Asked(
        old=old,
        new=Path(os.path.abspath(new)),
        shown=str(new),
        templates=TEMPLATES,
        environment=os.environ,
        slip=Path(os.path.abspath(slip)) if slip else None,
        paper=PaperName(paper) if paper else None,
    )
    try:
        found = compare_command.run(asked)
    except (Missing, Refused) as why:
        _say(why.findings, form == "json")
        sys.exit(report.LACKING if isinstance(why, Missing) else report.REFUSED)
    if form == "json":
        click.echo(listing.as_json(found.old, found.new, found.changes, found.findings))
    else:
        click.echo(listing.as_text(found.old, found.new, found.changes))
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
    from briefing.cli import report
    from briefing.findings import Missing
    from briefing.pipeline import verify as verifying
    from briefing.runtime import sandbox

    sandbox.warm()
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
@_CONTENT
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="The pack goes to press below it. [build]")
@click.option("--paper", type=click.Choice(["letter", "a4"]), help="Paper, instead of the content's own.")
@click.option(
    "--copies",
    multiple=True,
    metavar="N",
    help="How many: 500 of each, or brief=500 and fact-sheet=5000. Left blank on the ticket where not given.",
)
@click.option(
    "--bleed",
    type=_Measure(0, 20),
    default=3.0,
    metavar="MM",
    help="Bleed around the page. [3]",
)
@click.option(
    "--ink",
    type=_Measure(100, 400),
    default=300.0,
    metavar="PERCENT",
    help="Most ink. [300]",
)
@click.option(
    "--profile",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE.icc",
    help="Another printing condition's CMYK profile; goes with --condition. [FOGRA39]",
)
@click.option("--condition", metavar="NAME", help="The registered name of the profile's condition, such as FOGRA51.")
@click.option("--strict", is_flag=True, help="Warnings refuse too.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but findings.")
@_NO_CACHE
def press(
    content: Path | None,
    out: Path | None,
    paper: str | None,
    copies: tuple[str, ...],
    bleed: float,
    ink: float,
    profile: Path | None,
    condition: str | None,
    strict: bool,
    quiet: bool,
) -> None:
    """Make all that a print shop needs: one folder, and one zip of it.

    PDF/X-4 files with bleed and marks, proofs to look at, a job ticket, the preflight report and SHA-256 sums.
    """
    if (profile is None) != (condition is None):
        raise click.UsageError("--profile and --condition go together")
    from briefing.cli import report
    from briefing.findings import Refused
    from briefing.products.printshop import condition as printing_condition
    from briefing.products.registry import Options

    data = profile.read_bytes() if profile else None
    try:
        shop = printing_condition.press_of(TEMPLATES, data, condition or printing_condition.CONDITION, bleed, ink)
    except Refused as refused:
        _say(refused.findings, as_json=False)
        sys.exit(report.REFUSED)
    options = Options(shop=shop, copies=_copies(copies))
    asked: dict[str, Any] = {"paper": paper, "edition": "press", "strict": strict, "more": options}
    _run(content, out, dry=False, as_json=False, quiet=quiet, recorded=profile is None, **asked)


def _copies(given: tuple[str, ...]) -> dict[str, int]:
    """How many copies of each document are asked for."""
    found: dict[str, int] = {}
    for one in given:
        name, _, number = one.rpartition("=")
        if not (number.isdecimal() and 0 < int(number) <= 10_000_000) or (name and name not in NAMES):
            raise click.BadParameter("say a number, or brief=500 or fact-sheet=500", param_hint="--copies")
        found |= {NAMES[key]: int(number) for key in ([name] if name else NAMES)}
    return found


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--edition",
    type=click.Choice([name.value for name in EDITIONS]),
    default="reading",
    help="What the file is to be used as. [reading]",
)
@click.option("--json", "as_json", is_flag=True, help="Findings as JSON lines on standard output.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but findings.")
def preflight(file: Path, edition: str, as_json: bool, quiet: bool) -> None:
    """Tell whether FILE, ours or not, is fit to be used as an edition, and why not.

    Exit code 1 where something forbids it, or could not be looked at.
    """
    from briefing.cli import report
    from briefing.pdf import read_file

    with _refusals():
        data = read_file.read(Path(os.path.abspath(file)), str(file))
    from briefing.preflight import preflight as preflighting

    kind = EditionName(edition)
    facts = preflighting.looked_at(data, str(file), kind)
    found = preflighting.judged(facts, kind)
    if quiet or as_json:
        _say(found, as_json)
    else:
        click.echo(preflighting.told(facts, found, kind), nl=False)
    sys.exit(report.REFUSED if report.grave(found) else report.BUILT)


@cli.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
def read(file: Path | None) -> None:
    """Print what a person with a screen reader hears of FILE.

    It is told from the tags of the finished PDF, ours or not: headings, lists, tables with the heads of each cell,
    pictures and where links lead. FILE is build/policy-brief.pdf where it is left out.
    """
    from briefing.pdf import read_file

    name = file or OUT / FILES["brief"]
    with _refusals():
        data = read_file.read(Path(os.path.abspath(name)), str(name))
        with read_file.a_pdf(str(name)):
            from briefing.proofing import screen_reader

            said = screen_reader.heard(data)
    click.echo(screen_reader.told(said), nl=False)


# ------------------------------------------------------------------ running


def _run(
    content: Path | None,
    out: Path | None,
    dry: bool,
    as_json: bool,
    quiet: bool,
    recorded: bool = True,
    timings: bool = False,
    **options: Any,
) -> None:
    """Run the pipeline, say what became of it, and end; `recorded` where all that it reads is known to the pipeline."""
    from briefing.cli import early
    from briefing.runtime import run_record
    from briefing.runtime import timings as timing

    with timing.span("main", "load the program"), early.loading():
        from briefing.cli import report

    outcome = _outcome(content, out, dry, quiet or as_json, as_json=as_json, **options)
    said = report.said(outcome, out or OUT, dry, as_json, quiet)
    click.echo(said.err, nl=False, err=True)
    click.echo(said.out, nl=False)
    call = _call()
    if timings:
        click.echo(timing.told(time.monotonic()), err=True)
    elif recorded and call and outcome.files and not outcome.refused:
        run_record.keep(call, outcome.files, report.said(outcome, out or OUT, dry, as_json, quiet, again=True))
    sys.exit(report.REFUSED if outcome.refused else report.BUILT)


def _call() -> Call | None:
    """The run that this process was started for, where something may be kept of it."""
    found: Call | None = click.get_current_context().find_root().obj
    return found


def _shelf() -> Shelf | None:
    """Where proofs and drawings are kept."""
    from briefing.pipeline.proof_cache import Shelf

    call = _call()
    return Shelf(call.home, call.stands, TEMPLATES, dict(os.environ)) if call else None


def _is_one(content: Path | None, named: tuple[str, ...]) -> bool:
    """Whether a run is about one content file, by whatever way it is named."""
    if content and named:
        raise click.UsageError("name content files once, with --content or without")
    return not named or (len(named) == 1 and not Path(named[0]).is_dir())


def _run_many(
    named: tuple[str, ...],
    out: Path | None,
    dry: bool,
    as_json: bool,
    quiet: bool,
    at_once: int | None,
    timings: bool = False,
    **options: Any,
) -> None:
    """Run the pipeline over many content files, and tell what became of each."""
    if timings:
        raise click.UsageError("--timings is told of one content file")
    began = time.monotonic()
    from briefing.cli import batch_report, report
    from briefing.pipeline import batch

    model = replace(_wanted(None, out, dry, **options), environment=dict(os.environ), at_once=1)
    with _progress(quiet or as_json) as tell:
        done = batch.run(named, Path.cwd(), model, at_once, lambda found: _say(found, as_json), tell)
    if as_json:
        for told in done.tolds:
            click.echo(batch_report.as_json(told))
    elif not quiet:
        click.echo(batch_report.table(done.tolds))
        click.echo(batch_report.ending(done.tolds, time.monotonic() - began, done.stopped))
    if done.stopped:
        sys.exit(report.STOPPED)
    sys.exit(report.LACKING if done.lacking else report.REFUSED if done.refused else report.BUILT)


def _outcome(
    content: Path | None, out: Path | None, dry: bool, quiet: bool, as_json: bool = False, **options: Any
) -> Outcome:
    """Run the pipeline as the options say; ends the program where this machine lacks something."""
    from briefing.runtime import sandbox

    sandbox.warm()  # the typesetter loads while the content is read
    from briefing.cli import report
    from briefing.findings import Missing
    from briefing.pipeline import build as building

    job = _wanted(content, out, dry, **options)
    try:
        with _progress(quiet) as tell:
            return building.run(job, tell)
    except Missing as missing:
        _say(missing.findings, as_json)
        sys.exit(report.LACKING)


def _wanted(
    content: Path | None,
    out: Path | None,
    dry: bool,
    only: str | None = None,
    paper: str | None = None,
    strict: bool = False,
    today: datetime.datetime | None = None,
    edition: str = "reading",
    bars: str | None = None,
    booklet_sheet: str = "full",
    booklet_pages: str = "office",
    booklet_paper: float = 0.0,
    more: Options | None = None,
) -> Job:
    """What the options ask for."""
    from briefing.content.briefing import Briefing
    from briefing.content.records import PaperName

    if edition == EditionName.BOOKLET and only == "fact-sheet":
        raise click.UsageError("a booklet is made of the brief")
    return replace(
        _job(content, out),
        today=_day(today),
        documents=(NAMES[only],) if only else Briefing.DOCUMENTS,
        paper=PaperName(paper) if paper else None,
        editions=tuple(_all(only)) if edition == "all" else (EditionName(edition),),
        bars=bars,
        options=more or _booklet(booklet_pages, booklet_sheet, booklet_paper),
        dry=dry,
        strict=strict,
        shelf=_shelf(),
    )


def _job(content: Path | None, out: Path | None) -> Job:
    """A plain build of a content file."""
    from briefing.pipeline.build import Job

    content = content or Path("content.yaml")
    return Job(
        content=Path(os.path.abspath(content)),
        name=str(content),
        out=Path(os.path.abspath(out or OUT)),
        templates=TEMPLATES,
        today=_day(None),
        environment=os.environ,
    )


def _booklet(pages: str, sheet: str, paper_mm: float) -> Options:
    from briefing.products.registry import Options

    return Options(booklet_of=EditionName(pages), half=sheet == "half", paper_mm=paper_mm)


def _all(only: str | None) -> Iterator[EditionName]:
    """The editions that there are of what is to be built."""
    return (name for name, kind in EDITIONS.items() if not only or NAMES[only] in kind.documents)


def _day(given: datetime.datetime | None) -> datetime.date:
    return (given or datetime.datetime.now(datetime.UTC).astimezone()).date()


@contextmanager
def _refusals() -> Iterator[None]:
    """Say why something was refused, and end."""
    from briefing.cli import report
    from briefing.findings import Refused

    try:
        yield
    except Refused as refused:
        _say(refused.findings, as_json=False)
        sys.exit(report.REFUSED)


def _say(findings: tuple[Finding, ...], as_json: bool) -> None:
    from briefing.cli import report

    for finding in findings:
        if as_json:
            click.echo(report.as_json(finding))
        else:
            click.echo(report.as_text(finding), err=True)


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


def main(call: Call | None = None) -> None:
    """Run the command line; `call` tells where something may be kept."""
    cli(prog_name=_me(), obj=call)
