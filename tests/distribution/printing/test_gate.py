"""What may not be printed: under embargo, withdrawn, or with a clock that was set back; and the command line of it."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import pytest

from briefing.distribution.printing.ipp import IppClient, Patience, read_address
from briefing.distribution.printing.print_run import PrintTask, print_run
from briefing.distribution.register import chain
from briefing.distribution.register.editions import mark_edition
from briefing.distribution.register.jobs import read_print_run, release
from briefing.distribution.register.register import Register
from briefing.findings import Refused
from tests.support.print_runs import made
from tests.support.registers import BEGIN, Office

ZONE = datetime.timezone(datetime.timedelta(hours=2))
EMBARGO = (BEGIN + datetime.timedelta(days=3, hours=5, minutes=20)).astimezone(ZONE)


def refused(register: Register, letters: str) -> tuple[str, str]:
    """Why a run is not printed; the printer is one that nobody can reach."""
    address = read_address("ipp://localhost:9/ipp/print")
    assert address is not None
    with pytest.raises(Refused) as why:
        print_run(register, PrintTask(letters, IppClient(address, Patience(1, 1, 0.1, 0.01))))
    (finding,) = why.value.findings
    return finding.code, finding.message


def test_nothing_is_printed_before_the_embargo_ends_unless_its_release_is_recorded_first(
    office: Office, register: Register
) -> None:
    run = made(register, embargo=EMBARGO)
    code, message = refused(register, run.letters)
    assert code == "embargoed"
    assert "under embargo until 2026-11-29 23:20 UTC+02:00 (2026-11-29 21:20 UTC)" in message
    office.clock.add(days=4)
    assert refused(register, run.letters)[0] == "printer-silent"
    office.clock.add(days=-4)
    assert refused(register, run.letters)[0] == "embargoed"
    release(register, read_print_run(register, run.letters), "the minister speaks earlier")
    assert refused(register, run.letters)[0] == "printer-silent"
    with register.reading() as connection:
        last = chain.last_event(connection)
    assert last is not None
    assert (last.act, "the minister speaks earlier" in last.body) == ("embargo-released", True)


def test_a_clock_that_is_set_back_is_told(office: Office, register: Register) -> None:
    run = made(register)
    office.clock.add(days=-4)
    assert refused(register, run.letters)[0] == "clock-behind"


def test_a_withdrawn_edition_is_not_printed(register: Register) -> None:
    run = made(register)
    mark_edition(register, "1", "withdrawn", "wrong")
    assert refused(register, run.letters)[0] == "edition-withdrawn"
    release(register, read_print_run(register, run.letters), "why")
    assert refused(register, run.letters)[0] == "edition-withdrawn"


# ------------------------------------------------------------------ the command line


def run_command(monkeypatch: pytest.MonkeyPatch, *words: str) -> int | str | None:
    from briefing.cli import app

    monkeypatch.setattr(sys, "argv", ["generate.py", "distribute", *words])
    with pytest.raises(SystemExit) as ended:
        app.main()
    return ended.value.code


def test_the_command_line_prints_settles_and_reprints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    office = Office(None, tmp_path)
    now = datetime.datetime.now(datetime.UTC)
    office.clock.at = now
    opened = office.open()
    run = made(opened, embargo=now + datetime.timedelta(days=2))
    opened.close()
    monkeypatch.chdir(tmp_path)
    nobody = ("--content", str(tmp_path / "content.yaml"), "ipp://localhost:9/ipp/print", "--wait", "1")
    for words, code in (
        (("print", "ipp://user:word@host/"), "printer-address"),
        (("print", *nobody), "embargoed"),
        (("print", *nobody, "--dry-run"), "embargoed"),
        (("print", *nobody, "--release", "--reason", "needed", "--by", "Ada"), "printer-silent"),
        (("print", *nobody, "--run", "0000"), "run-unknown"),
        (("reprint", *nobody, "--run", run.letters, "--copies", "3"), "copy-state"),
        (("reprint", *nobody, "--run", run.letters, "--copies", "99"), "copies-unclear"),
        (("settle", run.letters, "--all"), "settle-nothing"),
    ):
        assert run_command(monkeypatch, *words, "--json") == 1
        assert f'"code": "{code}"' in capsys.readouterr().out
    assert run_command(monkeypatch, "settle", run.letters) == 2
    for address, fingerprint, why in (
        ("ipp://printer.example.org/", "0" * 64, "needs ipps://"),
        ("ipps://printer.example.org/", "0" * 40, "64 digits"),
    ):
        assert run_command(monkeypatch, "print", address, "--certificate", fingerprint) == 2
        assert why in capsys.readouterr().err
    assert run_command(monkeypatch, "print", *nobody, "--release") == 2
