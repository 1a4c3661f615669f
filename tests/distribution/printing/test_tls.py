"""Printers that encrypt: nothing is sent to one whose certificate nobody vouches for, until somebody trusts it."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from briefing.distribution.printing.ipp import IppClient, PrinterUntrusted
from briefing.distribution.printing.ipp_tls import read_fingerprint
from briefing.distribution.printing.print_run import PrintTask, ask, print_run
from briefing.distribution.register.jobs import read_print_run, settle
from briefing.distribution.register.register import Register
from briefing.findings import Refused
from tests.support.print_runs import client, made
from tests.support.printers import Room, TestPrinter, queue, room  # noqa: F401 (a fixture)


@pytest.fixture
def printer(room: Room, tmp_path: Path) -> Iterator[TestPrinter]:  # noqa: F811
    found = TestPrinter(room, tmp_path / "printer", secure=True)  # with a certificate that it has made itself
    with room.inside():
        try:
            found.start()
            yield found
        finally:
            found.kill()


def trusting(task: PrintTask, *shown: str) -> PrintTask:
    asking = IppClient(task.client.address, task.client.patience, frozenset(shown))
    return replace(task, client=asking)


def untrusted(register: Register, task: PrintTask) -> str:
    """The fingerprint that is offered to be trusted."""
    with pytest.raises(Refused) as refused:
        print_run(register, task)
    (finding,) = refused.value.findings
    assert finding.code == "printer-untrusted"
    assert finding.message.startswith("nothing was sent to the printer: ")
    named = re.search(r"--certificate ([0-9a-f]{64})\.", finding.hint)
    assert named
    assert named[1] in finding.message
    return named[1]


def test_a_printer_that_vouches_for_itself_is_trusted_by_its_fingerprint_alone(
    register: Register, printer: TestPrinter
) -> None:
    run = made(register)
    task = PrintTask(run.letters, client(printer.address))
    shown = untrusted(register, task)
    assert untrusted(register, trusting(task, "0" * 64)) == shown
    assert read_print_run(register, run.letters).open_job is None

    def stop(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        print_run(register, trusting(task, shown), stop)
    assert untrusted(register, task) == shown
    assert read_print_run(register, run.letters).open_job is not None
    assert print_run(register, trusting(task, shown)).left == 0
    assert printer.printed() == dict.fromkeys(range(1, 27), 1)


def test_a_printer_is_trusted_that_an_authority_vouches_for_and_only_by_its_name(
    printer: TestPrinter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "authority.pem").write_text(ssl.get_server_certificate(("localhost", printer.port)))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    assert client(printer.address).printer(["printer-name"])
    with pytest.raises(PrinterUntrusted, match="another name"):
        client(printer.address.replace("localhost", "127.0.0.1")).printer(["printer-name"])


def test_a_printer_behind_a_queue_is_asked_once_it_is_trusted(register: Register, printer: TestPrinter) -> None:
    run = made(register, people=2, size=4)
    with queue(printer.room, printer, "abort-job") as address:
        task = PrintTask(run.letters, client(address))
        (shown,) = {
            named[1]
            for doubt in ask(register, task).findings
            if (named := re.search(r"--certificate ([0-9a-f]{64})\.", doubt.hint))
        }
        with pytest.raises(Refused, match="the printer behind it is not asked"):
            print_run(register, task)
        settle(register, run.letters, None)
        assert print_run(register, trusting(task, shown)).left == 0
    assert printer.printed() == dict.fromkeys(range(1, 9), 1)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("sha256 Fingerprint=" + ":".join(["AB"] * 32), "ab" * 32),
        ("ab " * 32, "ab" * 32),
        ("ab" * 20, None),
        ("", None),
    ],
)
def test_fingerprints_are_read_as_programs_show_them(text: str, read: str | None) -> None:
    assert read_fingerprint(text) == read
