"""The commands about copies that are on their way: `distribute record`, `verify`, `status`, `report` and so on."""

from __future__ import annotations

import getpass
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

import click

from briefing.cli import console
from briefing.cli.distribution import register_report
from briefing.cli.distribution.planning import CONTENT, distribute
from briefing.cli.options import AsJson, Content, takes

if TYPE_CHECKING:
    from briefing.distribution.register.copies import TypedCode
    from briefing.distribution.register.register import Register
    from briefing.distribution.register.whereabouts import Whereabouts
    from briefing.distribution.settings import DistributionSettings

COPY_STATES = ("printed", "spoiled", "issued", "delivered", "returned", "destroyed", "lost")
EDITION_STATES = ("superseded", "withdrawn", "released")
_MOST_BYTES = 10_000_000  # of codes on standard input
_KEEP_DAYS = 365  # where there is no distribution.yaml
_LONGEST = 200  # characters of what somebody says
NamedRegister = Annotated[
    str | None,
    click.option(
        "--register",
        "--ledger",
        "register",
        metavar="FILE|URL",
        help="The copy register: a file, or postgresql://user@host/database. [distribution/register.sqlite]",
    ),
]
By = Annotated[str, click.option("--by", metavar="NAME", help="Who records it. [the user of this machine]")]


@dataclass(frozen=True)
class RegisterOptions:
    """Which register is meant, and how it is told."""

    content: Content = None
    register: NamedRegister = None
    as_json: AsJson = False


@dataclass(frozen=True)
class CodeOptions(RegisterOptions):
    """Which codes are meant."""

    codes: Annotated[tuple[str, ...], click.argument("codes", nargs=-1, metavar="[CODE]...")] = ()


@dataclass(frozen=True)
class StatusOptions(RegisterOptions):
    """Whose copies are told."""

    run: Annotated[str, click.option("--run", metavar="RUN", help="Of one run, by the first four letters.")] = ""


@dataclass(frozen=True)
class RecordOptions(StatusOptions):
    """What became of which copies."""

    copies: Annotated[str, click.option("--copies", metavar="NUMBERS", help="Of the run, as 1-50,53.")] = ""
    parcel: Annotated[
        int | None, click.option("--parcel", type=click.IntRange(1), metavar="N", help="Of the run, what lies in it.")
    ] = None
    holder: Annotated[str, click.option("--holder", metavar="REF", help="Of the run, what is for that recipient.")] = ""
    to: Annotated[
        str, click.option("--to", metavar="REF", help="To whom spares are issued: an id of the list, or @17.")
    ] = ""
    carrier: Annotated[str, click.option("--carrier", metavar="NAME", help="Who carries the parcel.")] = ""
    tracking: Annotated[str, click.option("--tracking", metavar="TEXT", help="The carrier's number for it.")] = ""
    edition: Annotated[
        str, click.option("--edition", metavar="NAME", help="Which edition is superseded, withdrawn or released.")
    ] = ""
    by_edition: Annotated[str, click.option("--by-edition", metavar="NAME", help="What has superseded it.")] = ""
    reason: Annotated[str, click.option("--reason", metavar="TEXT", help="Why an edition is; names no recipient.")] = ""
    by: By = ""
    what: Annotated[str, click.argument("what", type=click.Choice([*COPY_STATES, *EDITION_STATES]))] = ""
    codes: Annotated[tuple[str, ...], click.argument("codes", nargs=-1, metavar="[CODE]...")] = ()


@dataclass(frozen=True)
class AuditOptions(RegisterOptions):
    """What is to be proved."""

    digest: Annotated[
        str, click.option("--digest", metavar="DIGEST", help="Of an earlier report, which must still be in the chain.")
    ] = ""


@dataclass(frozen=True)
class ForgetOptions(RegisterOptions):
    """Who is to be forgotten."""

    by: By = ""
    ref: Annotated[str, click.argument("ref")] = ""


@dataclass(frozen=True)
class PurgeOptions(RegisterOptions):
    """What is old."""

    keep_days: Annotated[
        int | None,
        click.option(
            "--keep-days",
            type=click.IntRange(0, 36_500),
            metavar="N",
            help="For how long, instead of what distribution.yaml says.",
        ),
    ] = None
    by: By = ""


@distribute.command()
@takes(RecordOptions)
def record(options: RecordOptions) -> None:
    """Record what became of copies: printed, spoiled, issued, delivered, returned, destroyed or lost.

    Which is said by their codes, typed behind it or scanned into standard input, a line each; or by --run with
    --copies, --parcel or --holder. All are recorded, or none. An edition is superseded, withdrawn, or released before
    its embargo ends, with --edition and --reason.
    """
    from briefing.distribution.register import copies
    from briefing.distribution.register.keys import register_key
    from briefing.distribution.register.schema import CopyState

    if options.what in EDITION_STATES:
        _record_edition(options)
        return
    named = bool(options.run or options.copies or options.parcel or options.holder)
    asked = copies.Selection(
        codes=_codes(options.codes, needed=not named),
        run=options.run,
        numbers=options.copies,
        parcel=options.parcel,
        holder=options.holder,
    )
    sending = copies.Sending(one_line(options.carrier, "--carrier"), one_line(options.tracking, "--tracking"))
    with opened(options, options.by) as register:
        state, key = CopyState(options.what), register_key(register)
        sent = sending if options.carrier or options.tracking else None
        advance, after = advance_groups(options), _after(options)
        done = copies.record_copies(
            register, state, asked, key, sending=sent, to=options.to, advance=advance, after=after
        )
    text = register_report.format_recorded(options.what, done)
    register_report.tell(options.as_json, {"state": options.what, **asdict(done)}, text)


def _record_edition(options: RecordOptions) -> None:
    from briefing.distribution.register import editions

    if not options.edition or not options.reason:
        raise click.UsageError("say which edition with --edition, and why with --reason")
    reason, by = one_line(options.reason, "--reason"), one_line(options.by_edition, "--by-edition")
    with opened(options, options.by) as register:
        if options.what == "released":
            name = editions.release_edition(register, options.edition, reason)
        else:
            name = editions.mark_edition(register, options.edition, options.what, reason, by)
    text = f"Recorded: {name} is {options.what}.\n"
    register_report.tell(options.as_json, {"edition": name, "state": options.what}, text)


@distribute.command()
@takes(CodeOptions)
def verify(options: CodeOptions) -> None:
    """Tell whose copy a code is, of which edition, and what became of it.

    Codes are typed behind it, or scanned into standard input, a line each.
    """
    from briefing.cli import report
    from briefing.distribution.register.holdings import verify_code
    from briefing.distribution.register.keys import register_key
    from briefing.findings import Finding

    typed = _codes(options.codes, needed=True)
    with opened(options) as register:
        key = register_key(register)
        with register.reading() as connection:
            found = [verify_code(connection, one, key) for one in typed]
    for one in found:
        if not isinstance(one, Finding):
            register_report.tell(options.as_json, asdict(one), register_report.format_verdict(one))
    faults = tuple(one for one in found if isinstance(one, Finding))
    console.say(faults, options.as_json)
    sys.exit(report.REFUSED if faults else report.BUILT)


@distribute.command()
@takes(StatusOptions)
def status(options: StatusOptions) -> None:
    """Tell who holds which copies, and since when."""
    from briefing.distribution.register.copies import find_run
    from briefing.distribution.register.holdings import holdings

    with opened(options) as register, register.reading() as connection:
        run = find_run(connection, options.run, register.where.place) if options.run else None
        found = holdings(connection, run=run.id if run else None)
    if options.as_json:
        console.out("".join(map(register_report.as_line, map(asdict, found))))
    else:
        console.out(register_report.format_holdings(found, run.state if run else ""))


@distribute.command(name="report")
@takes(RegisterOptions)
def tell_report(options: RegisterOptions) -> None:
    """Count the copies of every run, and print the digest that seals what was recorded; nobody is named."""
    from briefing.distribution.register.holdings import report

    with opened(options) as register, register.reading() as connection:
        found = report(connection)
    register_report.tell(options.as_json, asdict(found), register_report.format_report(found))


@distribute.command()
@takes(AuditOptions)
def audit(options: AuditOptions) -> None:
    """Tell whether the register is whole: every event follows from the one before, and the tables from the events."""
    from briefing.cli import report
    from briefing.distribution.register import audit as auditing
    from briefing.distribution.register.holdings import report as counts

    with opened(options) as register:
        found = auditing.audit(register, options.digest)
        with register.reading() as connection:
            told = counts(connection)
    console.say(found, options.as_json)
    if found:
        sys.exit(report.REFUSED)
    text = f"The register is whole: {told.events:,} events, the last at {told.last or 'no time'}.\n{told.digest}\n"
    register_report.tell(options.as_json, {"events": told.events, "last": told.last, "digest": told.digest}, text)


@distribute.command()
@takes(ForgetOptions)
def forget(options: ForgetOptions) -> None:
    """Erase the recipient REF from the register; counts and the chain of events stay whole.

    REF is the id of the list, or @17 for recipient 17 of the register. The list itself is yours: take the row out.
    """
    from briefing.distribution.register import privacy

    with opened(options, options.by) as register:
        done = privacy.forget(register, options.ref)
    console.say(done.findings, options.as_json)
    text = "Forgotten. Take the row out of the list too; files that hold the name go with: distribute purge\n"
    register_report.tell(options.as_json, {"forgotten": done.recipients}, text)


@distribute.command()
@takes(PurgeOptions)
def purge(options: PurgeOptions) -> None:
    """Take away what was made of old runs, and of runs with somebody who was forgotten; forget who has no open copy."""
    from briefing.distribution.register import privacy

    with opened(options, options.by) as register:
        done = privacy.purge(register, _keep_days(options))
    console.say(done.findings, options.as_json)
    runs = ", ".join(done.runs) or "none"
    text = f"Purged: {done.recipients:,} recipients forgotten; files of runs taken away: {runs}.\n"
    register_report.tell(options.as_json, {"forgotten": done.recipients, "runs": list(done.runs)}, text)


# ------------------------------------------------------------------ what is asked


@contextmanager
def opened(options: RegisterOptions, by: str = "") -> Iterator[Register]:
    """The register that is meant; what it refuses ends the program."""
    from briefing.distribution.register.register import open_register

    with console.refusals(options.as_json):
        register = open_register(_where(options), one_line(by, "--by") or user())
        try:
            yield register
        finally:
            register.close()


def _where(options: RegisterOptions) -> Whereabouts:
    from briefing.distribution.register import whereabouts

    return whereabouts.find(options.register, (options.content or CONTENT).parent)


def settings_of(options: RegisterOptions) -> DistributionSettings | None:
    """What distribution.yaml says, where there is one beside the content."""
    from briefing.distribution.settings_file import SETTINGS, read_settings

    file = (options.content or CONTENT).with_name(SETTINGS)
    return read_settings(file, str(file)).settings if file.exists() else None


def advance_groups(options: RegisterOptions) -> frozenset[str]:
    """The groups that may have their copies before an embargo ends."""
    settings = settings_of(options)
    return frozenset(name for name, group in settings.groups.items() if group.advance) if settings else frozenset()


def _after(options: RegisterOptions) -> dict[str, str]:
    """The groups that wait for another one, and which."""
    settings = settings_of(options)
    return {name: group.after for name, group in settings.groups.items() if group.after} if settings else {}


def _keep_days(options: PurgeOptions) -> int:
    if options.keep_days is not None:
        return options.keep_days
    settings = settings_of(options)
    return settings.keep_days if settings else _KEEP_DAYS


def user() -> str:
    """Who uses this machine, as far as it knows."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"


def one_line(text: str, option: str) -> str:
    """A text of the command line as it can be kept: one line that everybody can read."""
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > _LONGEST or any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in text):
        raise click.BadParameter(f"this is one line of at most {_LONGEST} letters", param_hint=option)
    return text


def _codes(named: tuple[str, ...], needed: bool) -> tuple[TypedCode, ...]:
    """The codes of the command line, and behind them those of standard input where they are looked for there."""
    from briefing.distribution.register.copies import TypedCode
    from briefing.findings import Place

    typed = [TypedCode(text, Place("code", at)) for at, text in enumerate(named, 1) if text != "-"]
    if "-" in named or (needed and not named and not sys.stdin.isatty()):
        text = sys.stdin.buffer.read(_MOST_BYTES + 1)
        if len(text) > _MOST_BYTES:
            raise click.UsageError("that is too much for a list of codes")
        lines = text.decode(errors="replace").splitlines()
        typed += [TypedCode(line, Place("standard input", at)) for at, line in enumerate(lines, 1) if line.strip()]
    if needed and not typed:
        raise click.UsageError("say which copies are meant, by their codes: 7K3M-000H-ZST")
    return tuple(typed)
