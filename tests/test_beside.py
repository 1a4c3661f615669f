"""Work shared by two processes: the same result, and faults that are told as what they are."""

import os
from collections.abc import Callable
from functools import partial

import pytest

from briefing import beside


class Odd(Exception):
    """One that cannot be sent from one process to another."""

    def __init__(self, words: str, more: int) -> None:
        super().__init__(words)


@pytest.fixture(params=[True, False], ids=["beside", "in turn"])
def way(request, monkeypatch):
    monkeypatch.setattr(beside, "_allowed", request.param)


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_every_number_is_seen_once_and_in_order(way, count):
    assert beside.Shared([partial(pow, n, 2) for n in range(count)]).results() == [n * n for n in range(count)]


def failing(fault: Exception) -> list[Callable[[], int]]:
    """Acts of which the one that the other process does has a fault; this one waits until then."""
    here = os.getpid()
    begun, begin = os.pipe()

    def act() -> int:
        if os.getpid() == here and beside._allowed:
            os.read(begun, 1)
            return 1
        os.write(begin, b"1")
        raise fault

    return [act, act]


@pytest.mark.parametrize("fault", [MemoryError(), RecursionError()], ids=repr)
def test_what_is_too_much_there_is_too_much_here(way, fault):
    with pytest.raises(type(fault)):
        beside.Shared(failing(fault)).results()


def test_a_bug_there_keeps_its_traceback(monkeypatch):
    monkeypatch.setattr(beside, "_allowed", True)
    with pytest.raises(RuntimeError, match=r"in act\n(.|\n)*Odd: a bug"):
        beside.Shared(failing(Odd("a bug", 1))).results()


def test_one_that_is_held_up_leaves_the_rest_to_the_other(monkeypatch):
    monkeypatch.setattr(beside, "_allowed", True)
    done, tell = os.pipe()

    def slow() -> int:
        for _ in range(9):
            os.read(done, 1)
        return os.getpid()

    def quick() -> int:
        os.write(tell, b"1")
        return os.getpid()

    first, *others = beside.Shared([slow, *[quick] * 9]).results()
    assert len(set(others)) == 1
    assert first not in others
