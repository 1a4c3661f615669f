"""Several programs at one register, and programs that are killed while they write."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest
import sqlalchemy as sa

from briefing.distribution.register import register as registers
from briefing.distribution.register.audit import audit
from briefing.distribution.register.copies import Selection, record_copies
from briefing.distribution.register.holdings import report
from briefing.distribution.register.schema import COPIES, EVENTS, CopyState
from briefing.findings import Refused
from tests.support.builds import ROOT
from tests.support.examples import times
from tests.support.registers import Office, plan, recorded

pytestmark = pytest.mark.slow

KILLS = times(3, 60)
ACTS = times(100, 500)  # of each program


def writer(office: Office, who: str, run: str, *numbers: int) -> subprocess.Popen[bytes]:
    words = [office.folder, office.address or "-", who, run, *numbers]
    command = [sys.executable, "-m", "tests.support.register_writer", *map(str, words)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)


def test_two_programs_record_hundreds_of_acts_at_once_and_none_is_lost(office: Office) -> None:
    register = office.open()
    run = recorded(register, plan(people=10, each=2, spares=0), people=10)
    running = [writer(office, f"writer-{n}", run.letters, n, 2, 20, ACTS) for n in (1, 2)]
    for one in running:
        assert one.communicate(timeout=120) and one.returncode == 0  # noqa: PT018
    with register.reading() as connection:
        who = Counter(connection.scalars(sa.select(EVENTS.c.who)))
    assert who == {"ada": 1, "writer-1": ACTS, "writer-2": ACTS}
    assert audit(register) == ()
    register.close()


def test_a_program_that_is_killed_leaves_tables_that_are_what_the_events_give(office: Office) -> None:
    register = office.open()
    run = recorded(register)
    moments, done = random.Random(7), 0
    for kill in range(KILLS):
        running = writer(office, f"killed-{kill}", run.letters, 1, 1, 26, 10**6)
        assert running.stdout is not None
        assert running.stdout.readline() == b"ready\n"
        time.sleep(moments.uniform(0, 0.2))
        running.send_signal(signal.SIGKILL)
        running.communicate()
        assert audit(register) == ()
        with register.reading() as connection:
            events = report(connection).events
            states = Counter(connection.scalars(sa.select(COPIES.c.state)))
        assert events >= done
        assert sum(states.values()) == 26
        done = events
    record_copies(register, CopyState.DESTROYED, Selection(run=run.letters, numbers="1"), None) if done > 1 else None
    assert audit(register) == ()
    register.close()


def test_who_waits_too_long_is_told_that_somebody_else_holds_the_register(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registers, "PATIENCE_S", 1)
    first = office.open("ada")
    run = recorded(first)
    second = office.open("bob")
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        with first.writing():
            holding.set()
            done.wait(20)

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait(20)
    with second.reading() as connection:  # readers do not wait
        assert report(connection).events == 1
    with pytest.raises(Refused) as error:
        record_copies(second, CopyState.PRINTED, Selection(run=run.letters, numbers="1"), None)
    done.set()
    thread.join()
    assert [finding.code for finding in error.value.findings] == ["register-busy"]
    record_copies(second, CopyState.PRINTED, Selection(run=run.letters, numbers="1"), None)
    first.close()
    second.close()


def test_two_programs_that_find_no_register_make_one(office: Office) -> None:
    faults: list[BaseException] = []

    def make() -> None:
        try:
            office.open().close()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    register = office.open(make=False)
    assert recorded(register).total == 26
    register.close()
