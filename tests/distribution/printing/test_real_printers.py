"""Runs on real printers of software: what comes out is read from their logs, and not from what they say."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from multiprocessing import forkserver
from pathlib import Path

import pytest

from briefing.distribution.printing.print_run import PrintTask, ask, only, print_run
from briefing.distribution.register.audit import audit
from briefing.distribution.register.jobs import read_print_run, settle, spoil
from briefing.distribution.register.register import Register
from briefing.findings import Refused
from tests.support.print_runs import client, made, print_until_killed
from tests.support.printers import Room, TestPrinter, queue, room  # noqa: F401 (a fixture)
from tests.support.registers import Office


@pytest.fixture
def printer(room: Room, tmp_path: Path) -> Iterator[TestPrinter]:  # noqa: F811
    found = TestPrinter(room, tmp_path / "printer")
    with room.inside():
        try:
            yield found
        finally:
            found.kill()


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.code for finding in refused.value.findings]


def test_a_run_comes_out_once_is_recorded_as_printed_and_some_of_it_again(
    register: Register, printer: TestPrinter
) -> None:
    printer.start()
    run = made(register)
    task = PrintTask(run.letters, client(printer.address))
    assert ask(register, task).left == 26
    assert task.client.jobs() == []
    done = print_run(register, task)
    assert (done.copies, done.left, done.jobs) == (26, 0, 3)
    assert printer.printed() == dict.fromkeys(range(1, 27), 1)
    assert read_print_run(register, run.letters).unprinted == ()
    assert print_run(register, task).jobs == 0
    again = spoil(register, run.letters, "3,9-12", "coffee")
    assert print_run(register, only(task, again)).copies == 5
    assert printer.printed() == dict.fromkeys(range(1, 27), 1) | dict.fromkeys([3, 9, 10, 11, 12], 2)
    assert audit(register) == ()


@pytest.mark.parametrize(
    ("options", "paper", "output_bin", "why"),
    [
        ((), "letter", "", "it prints on one side only"),
        (("-2",), "a4", "", "A4 (iso_a4_210x297mm) is not in a tray; loaded: Letter (na_letter_8.5x11in)"),
        (("-2",), "letter", "stacker-1", "it has no output bin stacker-1; it has face-down"),
    ],
)
def test_what_a_printer_cannot_do_is_refused_before_a_job_exists(
    register: Register, printer: TestPrinter, options: tuple[str, ...], paper: str, output_bin: str, why: str
) -> None:
    printer.options = options
    printer.start()
    run = made(register, paper=paper)
    task = PrintTask(run.letters, client(printer.address), output_bin=output_bin)
    for attempt in (ask, print_run):
        with pytest.raises(Refused) as refused:
            attempt(register, task)
        assert codes(refused) == ["printer-unfit"]
        assert why in refused.value.findings[0].message
    assert task.client.jobs() == []
    assert read_print_run(register, run.letters).open_job is None


@pytest.mark.slow
def test_a_printer_that_dies_in_a_job_prints_every_copy_once_after_somebody_has_looked_at_the_tray(
    register: Register, printer: TestPrinter
) -> None:
    printer.seconds = 0.004
    printer.start()
    run = made(register, people=100, size=50)  # 302 copies
    task = PrintTask(run.letters, client(printer.address))

    def tell(_: str) -> None:
        if printer.running and len(printer.printed()) >= 120:
            printer.kill()

    with pytest.raises(Refused) as refused:
        print_run(register, task, tell)
    assert codes(refused) == ["job-unknown"]
    with pytest.raises(Refused) as refused:
        print_run(register, task)
    assert codes(refused) == ["job-unknown"]
    last = max(printer.printed())
    assert 120 <= last <= 150
    job, good = settle(register, run.letters, last)
    assert (job.first, good) == (101, last)
    printer.start()
    assert print_run(register, task).copies == 302 - last
    assert printer.printed() == dict.fromkeys(range(1, 303), 1)
    assert audit(register) == ()


def test_a_run_that_is_stopped_while_it_prints_goes_on_where_it_was(register: Register, printer: TestPrinter) -> None:
    printer.seconds = 0.02
    printer.start()
    run = made(register)
    task = PrintTask(run.letters, client(printer.address))

    def tell(_: str) -> None:
        if len(printer.printed()) >= 14:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        print_run(register, task, tell)
    assert print_run(register, task).left == 0
    assert printer.printed() == dict.fromkeys(range(1, 27), 1)


def test_a_queue_that_calls_a_job_completed_of_which_a_part_came_out_is_not_believed(
    register: Register, printer: TestPrinter
) -> None:
    """It counts all sides before the first sheet comes out; so the printer behind it is asked."""
    printer.seconds = 0.02
    printer.start()
    letters = made(register, people=10, size=40).letters  # 32 copies, in one part
    with queue(printer.room, printer, "abort-job") as address:
        task = PrintTask(letters, client(address))

        def tell(_: str) -> None:
            if printer.starts == 1 and len(printer.printed()) >= 10:
                printer.kill()
                printer.start()

        with pytest.raises(Refused) as refused:
            print_run(register, task, tell)
        assert codes(refused) == ["job-unknown"], str(refused.value)
        last = max(printer.printed())
        assert last < 32
        assert read_print_run(register, letters).unprinted == ((1, 32),)
        settle(register, letters, last)
        assert print_run(register, task).left == 0
    assert printer.printed() == dict.fromkeys(range(1, 33), 1)


def print_and_look(register: Register, task: PrintTask, printer: TestPrinter) -> None:
    """Print a run; where it is not known what came out, look at what did."""
    while True:
        try:
            print_run(register, task)
            return
        except Refused as refused:
            if [finding.code for finding in refused.findings] != ["job-unknown"]:
                raise
        job = read_print_run(register, task.letters).open_job
        assert job is not None
        came = [number for number in printer.printed() if job.first <= number <= job.last]
        settle(register, task.letters, max(came, default=0))


@pytest.mark.slow
def test_a_run_that_is_killed_again_and_again_prints_nothing_twice(
    office: Office, register: Register, printer: TestPrinter
) -> None:
    printer.start()
    run = made(register, people=16, size=2)  # 50 copies in 25 parts
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([print_until_killed.__module__])
    for attempt in range(20):
        child = processes.Process(target=print_until_killed, args=(office, run.letters, printer.address))
        child.start()
        before = read_print_run(register, run.letters)
        until = time.monotonic() + 20
        while child.is_alive() and time.monotonic() < until:  # until something new is meant
            now = read_print_run(register, run.letters)
            if now.open_job and now.open_job != before.open_job:
                break
            time.sleep(0.001)
        time.sleep(attempt % 5 * 0.002)
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        child.close()
    forkserver._forkserver._stop()  # type: ignore[attr-defined]  # it would stay in the network of the printers
    print_and_look(register, PrintTask(run.letters, client(printer.address)), printer)
    assert printer.printed() == dict.fromkeys(range(1, 51), 1)
    assert audit(register) == ()
