"""Work shared by two processes: the same result, and faults that are told as what they are."""

from collections.abc import Callable, Sequence

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
    assert beside.shared(lambda numbers: [n * n for n in numbers], count) == tuple(n * n for n in range(count))


def failing(fault: Exception) -> Callable[[Sequence[int]], list[int]]:
    def act(numbers: Sequence[int]) -> list[int]:
        if 1 in numbers:
            raise fault
        return list(numbers)

    return act


@pytest.mark.parametrize("fault", [MemoryError(), RecursionError()], ids=repr)
def test_what_is_too_much_there_is_too_much_here(way, fault):
    with pytest.raises(type(fault)):
        beside.shared(failing(fault), 4)


def test_a_bug_there_keeps_its_traceback(monkeypatch):
    monkeypatch.setattr(beside, "_allowed", True)

    with pytest.raises(RuntimeError, match=r"in act\n(.|\n)*Odd: a bug"):
        beside.shared(failing(Odd("a bug", 1)), 4)
