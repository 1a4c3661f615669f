"""The commands about copies that are on their way: `distribute record`, `verify`, `status`, `report` and so on."""

from __future__ import annotations

import datetime
import getpass
import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any

import click

from briefing.cli import console
from briefing.cli.distribute import CONTENT, distribute
from briefing.cli.options import AsJson, Content, takes

if TYPE_CHECKING:
    from briefing.distribution.register.copies import Recorded, TypedCode
    from briefing.distribution.register.holdings import Holding, RegisterReport, Verdict
    from briefing.distribution.register.register import Register
    from briefing.distribution.register.whereabouts import Whereabouts

_COPIES = ("printed", "spoiled", "issued", "delivered", "returned", "destroyed", "lost")
_EDITIONS = ("superseded", "withdrawn")
_MOST_BYTES = 10_000_000  # of codes on standard input
_LONGEST = 200  # characters of what somebody says
_By = Annotated[str, click.option("--by", metavar="NAME", help="Who records it. [the user of this machine]")]


@dataclass(frozen=True)
class RegisterOptions:
    """Which register is meant, and how it is told."""

    content: Content = None
    register: Annotated[
        str | None,
        click.option(
            "--register",
            "--ledger",
            "register",
            metavar="FILE|URL",
            help="The copy register: a file, or postgresql://user@host/database. [distribution/register.sqlite]",
        ),
    ] = None
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
    to: Annotated[str, click.option("--to", metavar="REF", help="To whom spares are issued.")] = ""
    carrier: Annotated[str, click.option("--carrier", metavar="NAME", help="Who carries the parcel.")] = ""
    tracking: Annotated[str, click.option("--tracking", metavar="TEXT", help="The carrier's number for it.")] = ""
    edition: Annotated[
        str, click.option("--edition", metavar="NAME", help="Which edition is superseded or withdrawn.")
    ] = ""
    by_edition: Annotated[str, click.option("--by-edition", metavar="NAME", help="What has superseded it.")] = ""
    reason: Annotated[str, click.option("--reason", metavar="TEXT", help="Why an edition is; names no recipient.")] = ""
    by: _By = ""
    what: Annotated[str, click.argument("what", type=click.Choice([*_COPIES, *_EDITIONS]))] = ""
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

    by: _By = ""
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
    by: _By = ""


@distribute.command()
@takes(RecordOptions)
def record(options: RecordOptions) -> None:
    """Record what became of copies: printed, spoiled, issued, delivered, returned, destroyed or lost.

    Which is said by their codes, typed behind it or scanned into standard input, a line each; or by --run with
    --copies, --parcel or --holder. All are recorded, or none. An edition is superseded or withdrawn with --edition and
    --reason.
    """
    from briefing.distribution.register import copies, editions
    from briefing.distribution.register.schema import CopyState
    from briefing.distribution.register.whereabouts import read_key

    if options.what in _EDITIONS:
        if not options.edition or not options.reason:
            raise click.UsageError("say which edition with --edition, and why with --reason")
        with _opened(options, options.by) as register:
            reason, by = _said(options.reason, "--reason"), _said(options.by_edition, "--by-edition")
            name = editions.mark_edition(register, options.edition, options.what, reason, by)
        _tell(options.as_json, {"edition": name, "state": options.what}, f"Recorded: {name} is {options.what}.\n")
        return
    named = bool(options.run or options.copies or options.parcel or options.holder)
    asked = copies.Selection(
        codes=_codes(options.codes, needed=not named),
        run=options.run,
        numbers=options.copies,
        parcel=options.parcel,
        holder=options.holder,
    )
    sending = copies.Sending(_said(options.carrier, "--carrier"), _said(options.tracking, "--tracking"))
    with _opened(options, options.by) as register:
        state, key = CopyState(options.what), read_key(register.where.folder)
        sent = sending if options.carrier or options.tracking else None
        done = copies.record_copies(register, state, asked, key, sending=sent, to=options.to)
    _tell(options.as_json, {"state": options.what, **asdict(done)}, _recorded(options.what, done))


@distribute.command()
@takes(CodeOptions)
def verify(options: CodeOptions) -> None:
    """Tell whose copy a code is, of which edition, and what became of it.

    Codes are typed behind it, or scanned into standard input, a line each.
    """
    from briefing.cli import report
    from briefing.distribution.register.holdings import verify_code
    from briefing.distribution.register.whereabouts import read_key
    from briefing.findings import Finding

    typed = _codes(options.codes, needed=True)
    with _opened(options) as register:
        key = read_key(register.where.folder)
        with register.reading() as connection:
            found = [verify_code(connection, one, key) for one in typed]
    for one in found:
        if not isinstance(one, Finding):
            _tell(options.as_json, asdict(one), _verdict(one))
    faults = tuple(one for one in found if isinstance(one, Finding))
    console.say(faults, options.as_json)
    sys.exit(report.REFUSED if faults else report.BUILT)


@distribute.command()
@takes(StatusOptions)
def status(options: StatusOptions) -> None:
    """Tell who holds which copies, and since when."""
    from briefing.distribution.register.copies import find_run
    from briefing.distribution.register.holdings import holdings

    with _opened(options) as register, register.reading() as connection:
        run = find_run(connection, options.run, register.where.place).id if options.run else None
        found = holdings(connection, run=run)
    if options.as_json:
        console.out("".join(map(_json, map(asdict, found))))
        return
    if found:
        console.out(_table(("run", "edition", "copies", "out", "since", "ref", "holder"), map(_held, found)))
    out = sum(one.count for one in found)
    console.out(f"{out:,} copies are out, with {len({one.recipient for one in found}):,} recipients.\n")


@distribute.command(name="report")
@takes(RegisterOptions)
def tell_report(options: RegisterOptions) -> None:
    """Count the copies of every run, and print the digest that seals what was recorded; nobody is named."""
    from briefing.distribution.register.holdings import report

    with _opened(options) as register, register.reading() as connection:
        found = report(connection)
    _tell(options.as_json, asdict(found), _counted(found))


@distribute.command()
@takes(AuditOptions)
def audit(options: AuditOptions) -> None:
    """Tell whether the register is whole: every event follows from the one before, and the tables from the events."""
    from briefing.cli import report
    from briefing.distribution.register import audit as auditing
    from briefing.distribution.register.holdings import report as counts

    with _opened(options) as register:
        found = auditing.audit(register, options.digest)
        with register.reading() as connection:
            told = counts(connection)
    console.say(found, options.as_json)
    if found:
        sys.exit(report.REFUSED)
    text = f"The register is whole: {told.events:,} events, the last at {told.last or 'no time'}.\n{told.digest}\n"
    _tell(options.as_json, {"events": told.events, "last": told.last, "digest": told.digest}, text)


@distribute.command()
@takes(ForgetOptions)
def forget(options: ForgetOptions) -> None:
    """Erase the recipient REF from the register; counts and the chain of events stay whole.

    REF is the id of the list, or @17 for recipient 17 of the register. The list itself is yours: take the row out.
    """
    from briefing.distribution.register import privacy

    with _opened(options, options.by) as register:
        done = privacy.forget(register, options.ref)
    console.say(done.findings, options.as_json)
    text = "Forgotten. Take the row out of the list too; files that hold the name go with: distribute purge\n"
    _tell(options.as_json, {"forgotten": done.recipients}, text)


@distribute.command()
@takes(PurgeOptions)
def purge(options: PurgeOptions) -> None:
    """Take away what was made of old runs, and of runs with somebody who was forgotten; forget who has no open copy."""
    from briefing.distribution.register import privacy

    with _opened(options, options.by) as register:
        done = privacy.purge(register, _keep_days(options))
    console.say(done.findings, options.as_json)
    runs = ", ".join(done.runs) or "none"
    text = f"Purged: {done.recipients:,} recipients forgotten; files of runs taken away: {runs}.\n"
    _tell(options.as_json, {"forgotten": done.recipients, "runs": list(done.runs)}, text)


# ------------------------------------------------------------------ what is asked


@contextmanager
def _opened(options: RegisterOptions, by: str = "") -> Iterator[Register]:
    """The register that is meant; what it refuses ends the program."""
    from briefing.distribution.register.register import open_register

    with console.refusals(options.as_json):
        register = open_register(_where(options), _said(by, "--by") or _user(), _now)
        try:
            yield register
        finally:
            register.close()


def _where(options: RegisterOptions) -> Whereabouts:
    from briefing.distribution.register import whereabouts

    return whereabouts.find(options.register, (options.content or CONTENT).parent)


def _keep_days(options: PurgeOptions) -> int:
    from briefing.distribution.settings import DistributionSettings
    from briefing.distribution.settings_file import SETTINGS, read_settings

    if options.keep_days is not None:
        return options.keep_days
    file = (options.content or CONTENT).with_name(SETTINGS)
    if file.exists():
        return read_settings(file, str(file)).settings.keep_days
    return int(DistributionSettings.model_fields["keep_days"].default)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"


def _said(text: str, option: str) -> str:
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


# ------------------------------------------------------------------ how it is told


def _tell(as_json: bool, facts: Mapping[str, Any], text: str) -> None:
    console.out(_json(facts) if as_json else text)


def _json(facts: Mapping[str, Any]) -> str:
    return console.visible_json(json.dumps(facts, ensure_ascii=False)) + "\n"


def _recorded(state: str, done: Recorded) -> str:
    numbers = "; ".join(f"run {run}, copies {numbers}" for run, numbers in done.numbers.items())
    same = f" {done.same:,} were so already." if done.same else ""
    return f"Recorded as {state}: {numbers or 'nothing'}.{same}\n"


def _verdict(found: Verdict) -> str:
    whose = found.holder or ("a recipient who was forgotten" if found.recipient else "nobody: it is a spare")
    lines = [
        f"{found.code}: copy {found.number:,} of {found.total:,}, {found.document.replace('_', ' ')} {found.edition}",
        f"  “{console.in_line(found.title)}”",
        f"  {found.state} since {_moment(found.since)}, for {console.in_line(whose)}",
    ]
    if found.edition_state != "current":
        by = f" by {console.in_line(found.superseded_by)}" if found.superseded_by else ""
        lines.append(f"  This edition is {found.edition_state}{by}.")
    if found.recall:
        lines.append(f"  It is called back: {found.recall}.")
    if not found.proven:
        lines.append("  The key of codes is not here: whether the code is one of ours, only the register says.")
    return "".join(f"{line}\n" for line in lines)


def _held(one: Holding) -> tuple[str, ...]:
    whose = one.name or ("forgotten" if one.recipient else "spares")
    lost = f" ({one.lost} lost)" if one.lost else ""
    return one.run, one.edition, one.numbers, f"{one.count}{lost}", _moment(one.since)[:10], one.ref, whose


def _counted(found: RegisterReport) -> str:
    rows = [
        (one.run, f"{one.edition} ({one.edition_state})", one.document.replace("_", " "), one.state, f"{one.total:,}",
         ", ".join(f"{count:,} {state}" for state, count in one.copies.items()))
        for one in found.runs
    ]  # fmt: skip
    table = _table(("run", "edition", "document", "state", "copies", "of which"), rows)
    sealed = f"Events: {found.events:,}, the last at {found.last}, sealed by\n{found.digest}\n"
    return f"{table}Recalls open: {found.recalls}. {sealed}"


def _moment(text: str) -> str:
    return text.replace("T", " ").replace("Z", " UTC")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, *(tuple(map(console.in_line, row)) for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
    return "".join(f"{line.rstrip()}\n" for line in padded)
