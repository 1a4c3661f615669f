"""The commands that print numbered copies: `distribute print`, `settle` and `reprint`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

import click

from briefing.cli import console
from briefing.cli.distribution.planning import distribute
from briefing.cli.distribution.register import By, RegisterOptions, advance_groups, one_line, opened, settings_of
from briefing.cli.distribution.register_report import tell
from briefing.cli.options import Quiet, takes

if TYPE_CHECKING:
    from briefing.distribution.printing.ipp import PrinterAddress
    from briefing.distribution.printing.print_run import PrintOutcome, PrintTask
    from briefing.distribution.register.register import Register

SIDES = ("one-sided", "two-sided-long-edge", "two-sided-short-edge")
_A_RUN = "Which run, by the first four letters of its codes."


@dataclass(frozen=True)
class PrinterOptions(RegisterOptions):
    """Which printer, and how it is used."""

    output_bin: Annotated[str, click.option("--bin", "output_bin", metavar="NAME", help="Where sheets come out.")] = ""
    sides: Annotated[str, click.option("--sides", type=click.Choice(SIDES), help="[as distribution.yaml says]")] = ""
    certificates: Annotated[
        tuple[str, ...],
        click.option(
            "--certificate",
            "certificates",
            multiple=True,
            metavar="SHA256",
            help="Trust the printer that shows the certificate of this fingerprint, and no other.",
        ),
    ] = ()
    wait: Annotated[
        int,
        click.option(
            "--wait",
            type=click.IntRange(1, 86_400),
            metavar="SECONDS",
            help="How long a printer that no longer answers is waited for. [60]",
        ),
    ] = 60
    release: Annotated[
        bool, click.option("--release", is_flag=True, help="Print before the embargo ends; needs --reason and --by.")
    ] = False
    reason: Annotated[str, click.option("--reason", metavar="TEXT", help="Why; it is recorded.")] = ""
    by: By = ""
    run: Annotated[str, click.option("--run", metavar="RUN", help=f"{_A_RUN} [the one that is made]")] = ""
    quiet: Quiet = False
    printer: Annotated[str, click.argument("printer")] = ""


@dataclass(frozen=True)
class PrintOptions(PrinterOptions):
    """What is printed."""

    copies: Annotated[
        str, click.option("--copies", metavar="NUMBERS", help="Of what is wanted, these alone: 1-50,53.")
    ] = ""
    dry: Annotated[
        bool, click.option("--dry-run", "dry", is_flag=True, help="Only ask the printer whether it could.")
    ] = False


@dataclass(frozen=True)
class ReprintOptions(PrinterOptions):
    """What is printed again."""

    copies: Annotated[str, click.option("--copies", metavar="NUMBERS", required=True, help="As 118,131-133.")] = ""
    run: Annotated[str, click.option("--run", metavar="RUN", required=True, help=_A_RUN)] = ""


@dataclass(frozen=True)
class SettleOptions(RegisterOptions):
    """What came out."""

    last: Annotated[
        int | None,
        click.option("--last", type=click.IntRange(1), metavar="N", help="The number on the last sheet that is good."),
    ] = None
    none: Annotated[bool, click.option("--none", is_flag=True, help="No copy came out whole.")] = False
    all_: Annotated[bool, click.option("--all", "all_", is_flag=True, help="All copies came out whole.")] = False
    by: By = ""
    run: Annotated[str, click.argument("run")] = ""


@distribute.command(name="print")
@takes(PrintOptions)
def print_copies(options: PrintOptions) -> None:
    """Print the numbered copies of a run that are still wanted, part by part, and count what comes out.

    PRINTER is an address, as ipp://printer.example.org/ipp/print, or the name of a queue of this machine. What it
    cannot do is told before anything is printed. After Ctrl-C the same command goes on where it was.
    """
    from briefing.distribution.printing import print_run
    from briefing.distribution.register import jobs
    from briefing.distribution.register.copies import read_numbers

    with _at_printer(options) as (register, task):
        if options.copies:
            total = jobs.read_print_run(register, task.letters).total
            task = print_run.only(task, read_numbers(options.copies, total, register.where.place))
        if options.dry:
            done = print_run.ask(register, task)
        else:
            with console.progress(options.as_json or options.quiet) as show:
                done = print_run.print_run(register, task, show)
    _tell(options, done, "could be printed" if options.dry else "")


@distribute.command()
@takes(ReprintOptions)
def reprint(options: ReprintOptions) -> None:
    """Print copies that were spoiled again, with the numbers that they have; the register says so."""
    from briefing.distribution.printing import print_run
    from briefing.distribution.register import jobs

    with _at_printer(options) as (register, task):
        numbers = jobs.spoil(register, options.run, options.copies, one_line(options.reason, "--reason"))
        with console.progress(options.as_json or options.quiet) as show:
            done = print_run.print_run(register, print_run.only(task, numbers), show)
    _tell(options, done)


@distribute.command()
@takes(SettleOptions)
def settle(options: SettleOptions) -> None:
    """Say what came out of a job of which the printer does not tell: up to which number the copies are good.

    RUN is the first four letters of its codes. The copies behind that number are printed by the next distribute print.
    """
    from briefing.distribution.register import jobs

    if [options.last is not None, options.none, options.all_].count(True) != 1:
        raise click.UsageError("say one of --last N, --none and --all")
    with opened(options, options.by) as register:
        job, good = jobs.settle(register, options.run, 0 if options.none else options.last)
    printed = f"copies {job.first} to {good} are printed" if good >= job.first else "no copy of it is printed"
    left = f"; {good + 1} to {job.last} are still wanted" if good < job.last else ""
    facts = {"job": job.name, "first": job.first, "last": job.last, "last_good": good}
    tell(options.as_json, facts, f"Settled: {printed}{left}.\n")


@contextmanager
def _at_printer(options: PrinterOptions) -> Iterator[tuple[Register, PrintTask]]:
    """The register, open, and what is to be printed; a release is recorded first."""
    from briefing.distribution.printing.ipp import IppClient, Patience, read_address
    from briefing.distribution.printing.print_run import PrintTask
    from briefing.distribution.register import jobs
    from briefing.findings import Refused, error

    reason, by = one_line(options.reason, "--reason"), one_line(options.by, "--by")
    if options.release and not (reason and by):
        raise click.UsageError("--release needs --reason TEXT and --by NAME")
    with opened(options, options.by) as register:
        address = read_address(options.printer)
        if address is None:
            hint = "Write it as ipp://printer.example.org/ipp/print, or name a queue of this machine."
            raise Refused([error("printer-address", "this is no address of a printer", hint=hint)])
        trusted = _trusted(options.certificates, address)
        run = options.run or _the_run(register)
        if options.release:
            jobs.release(register, jobs.read_print_run(register, run), reason)
        client = IppClient(address, Patience(silence=options.wait), trusted)
        settings = settings_of(options)
        sides = options.sides or (str(settings.print.sides) if settings else "")
        yield register, PrintTask(run, client, sides, options.output_bin, advance=advance_groups(options))


def _trusted(named: Iterable[str], address: PrinterAddress) -> frozenset[str]:
    """The certificates that are trusted. Raises `UsageError` where one could not be, or nothing would show it."""
    from briefing.distribution.printing.ipp_tls import read_fingerprint

    found = {text: read_fingerprint(text) for text in named}
    if None in found.values():
        raise click.UsageError("--certificate needs a fingerprint by SHA-256, which has 64 digits from 0 to f")
    if found and not (address.secure or address.is_local):
        raise click.UsageError(f"--certificate needs ipps://, since nothing is encrypted with {address.uri}")
    return frozenset(one for one in found.values() if one)


def _the_run(register: Register) -> str:
    from briefing.distribution.register.jobs import runs_to_print
    from briefing.findings import Refused, error

    found = runs_to_print(register)
    if len(found) == 1:
        return found[0]
    message = f"several runs are to be printed: {', '.join(found)}" if found else "no run is left to be printed"
    raise Refused([error("run-unclear", message, register.where.place, "Say which one: --run 7K3M" if found else "")])


def _tell(options: PrinterOptions, done: PrintOutcome, could: str = "") -> None:
    console.say(done.findings, options.as_json)
    facts = {name: value for name, value in asdict(done).items() if name != "findings"}
    if could:
        text = f"Nothing was printed: {done.left:,} copies of run {done.run} {could}.\n"
    elif not done.jobs and not done.left:
        text = f"Nothing is left to print of run {done.run}.\n"
    else:
        left = f"; {done.left:,} are left, whose part is not made" if done.left else ""
        text = f"Printed: {done.copies:,} copies of run {done.run}{left}.\n"
    if options.as_json or not options.quiet:
        tell(options.as_json, facts, text)
