"""A run of children: what they send on the way, what they have made, and that none outlives it."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from briefing.findings import Place
from briefing.runtime import fork_server, speed
from briefing.runtime.ready_children import Kept
from briefing.runtime.sandbox import Crashed, Task, TaskRun
from briefing.runtime.task_child import ParentLine, Sent
from tests.support.builds import forked_from_here

PLACE = Place("content.yaml", 3, 1)


@pytest.fixture(autouse=True)
def _nothing_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fork_server, "_load", fork_server.load_nothing)
    forked_from_here(monkeypatch)


def count(upto: int, parent: ParentLine) -> int:
    for number in range(upto):
        parent.send(number)
    return upto


def double(parent: ParentLine) -> int:
    told: int = parent.receive()
    return 2 * told


def wait_without_end(parent: ParentLine) -> None:
    time.sleep(60)


done_here: list[int] = []


def tie_knots(count: int, megabytes: int, parent: ParentLine) -> int:
    """Memory that nothing holds but itself, again and again, as layouts are."""
    for _ in range(count):
        speed.clear_much_garbage()
        knot: list[object] = [bytes(megabytes * 1_000_000)]
        knot.append(knot)
    return count


def run_out_in_c(megabytes: int, parent: ParentLine) -> None:
    held = bytes(megabytes * 1_000_000)
    raise SystemError(f"error return without exception set, {len(held)} bytes being held")


def fail_third(fault: str, number: int, parent: ParentLine) -> tuple[int, tuple[int, ...]]:
    done_here.append(number)
    if len(done_here) == 3:
        if fault == "killed":
            signal.raise_signal(signal.SIGKILL)
        raise {"memory": MemoryError, "depth": RecursionError, "bug": ValueError}[fault]
    return os.getpid(), tuple(done_here)


def test_what_a_child_sends_on_the_way_is_seen_before_what_it_has_made() -> None:
    messages = [said for _, said in TaskRun([Task(count, (3,), "one", PLACE)]).messages()]
    assert messages == [Sent(0), Sent(1), Sent(2), 3]


def test_what_is_told_later_reaches_its_own_child_and_answers_come_in_order() -> None:
    run = TaskRun([Task(double, (), str(number), PLACE) for number in range(5)], at_once=2)
    run.tell(list(range(5)))
    assert run.ended() == ([0, 2, 4, 6, 8], ())


def test_a_run_that_is_dropped_from_another_thread_ends_in_silence() -> None:
    run = TaskRun([Task(wait_without_end, (), "one", PLACE)])
    threading.Timer(0.2, run.drop).start()
    assert list(run.messages()) == []


def test_to_stop_while_something_is_being_sent_leaves_no_thread_and_no_traceback() -> None:
    """What a thread raises is a warning, and a warning fails the test."""
    before = threading.active_count()
    for _ in range(5):
        run = TaskRun([Task(wait_without_end, (), "one", PLACE)])
        run.tell([bytes(20_000_000)])  # takes a while to be pickled, and more than a pipe holds
        run.stop()
    assert threading.active_count() == before


@pytest.mark.parametrize("fault", ["memory", "depth", "bug", "killed"])
def test_what_fails_in_a_child_that_stays_is_done_again_in_a_new_one(fault: str) -> None:
    kept = Kept(1)
    answers = [
        TaskRun([Task(fail_third, (fault, number), "one", PLACE)], kept=kept).ended()[0][0] for number in range(4)
    ]
    first, second = answers[0][0], answers[2][0]
    assert first != second
    assert answers == [(first, (0,)), (first, (0, 1)), (second, (2,)), (second, (2, 3))]
    kept.end()


def test_what_fails_in_a_new_child_is_told() -> None:
    kept = Kept(1)
    done_here[:] = [0, 1]  # every child finds that
    run = TaskRun([Task(fail_third, ("depth", 2), "one", PLACE)], kept=kept)
    assert [finding.code for finding in run.ended()[1]] == ["typesetting-depth"]
    with pytest.raises(Crashed, match="ValueError"):
        TaskRun([Task(fail_third, ("bug", 2), "one", PLACE)], kept=kept).ended()
    done_here.clear()
    kept.end()


def test_what_a_long_document_leaves_behind_does_not_use_up_its_memory() -> None:
    assert TaskRun([Task(tie_knots, (30, 150), "one", PLACE)]).ended() == ([30], ())


def test_to_run_out_of_memory_in_c_is_told_as_that() -> None:
    """CPython says SystemError where its own C code has got no memory and told nobody."""
    run = TaskRun([Task(run_out_in_c, (1850,), "one", PLACE)])
    assert [finding.code for finding in run.ended()[1]] == ["typesetting-memory"]
    with pytest.raises(Crashed, match="SystemError"):
        TaskRun([Task(run_out_in_c, (1,), "one", PLACE)]).ended()
