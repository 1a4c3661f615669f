"""Work shared by two processes: the same result, and faults that are told as what they are."""

import os
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from briefing.runtime import fork_server, page_sharing

HERE = os.getpid()


class Odd(Exception):
    """One that cannot be sent from one process to another."""

    def __init__(self, words: str, more: int) -> None:
        super().__init__(words)


@pytest.fixture
def pipe() -> tuple[int, int]:
    """Both ends of a pipe, which are the same in a helper that is forked later."""
    return os.pipe()


@pytest.fixture
def helped(pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A helper, though the tests' own process may have threads."""
    monkeypatch.setattr(fork_server, "assert_forkable", lambda: None)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    with page_sharing.start_helper():
        assert page_sharing._helper
        yield


@pytest.fixture(params=[True, False], ids=["beside", "in turn"])
def way(request: pytest.FixtureRequest) -> None:
    if request.param:
        request.getfixturevalue("helped")


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_every_number_is_seen_once_and_in_order(count: int) -> None:
    for _ in range(2):
        assert page_sharing.Shared([partial(pow, n, 2) for n in range(count)]).results() == [
            n * n for n in range(count)
        ]


def fail(fault: type[Exception], words: tuple[object, ...], begun: int, begin: int) -> int:
    """Raise where the helper does it; wait here until then."""
    if os.getpid() == HERE and page_sharing._helper:
        os.read(begun, 1)
        return 1
    os.write(begin, b"1")
    raise fault(*words)


def failing(pipe: tuple[int, int], fault: type[Exception], *words: object) -> list[Callable[[], int]]:
    return [partial(fail, fault, words, *pipe)] * 2


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("fault", [MemoryError, RecursionError])
def test_what_is_too_much_there_is_too_much_here(fault: type[Exception], pipe: tuple[int, int]) -> None:
    with pytest.raises(fault):
        page_sharing.Shared(failing(pipe, fault)).results()


@pytest.mark.usefixtures("helped")
def test_a_bug_there_keeps_its_traceback(pipe: tuple[int, int]) -> None:
    with pytest.raises(RuntimeError, match=r"in fail\n(.|\n)*Odd: a bug"):
        page_sharing.Shared(failing(pipe, Odd, "a bug", 1)).results()


def slow(done: int) -> int:
    for _ in range(9):
        os.read(done, 1)
    return os.getpid()


def quick(tell: int) -> int:
    os.write(tell, b"1")
    return os.getpid()


@pytest.mark.usefixtures("helped")
def test_one_that_is_held_up_leaves_the_rest_to_the_other(pipe: tuple[int, int]) -> None:
    done, tell = pipe
    first, *others = page_sharing.Shared([partial(slow, done), *[partial(quick, tell)] * 9]).results()
    assert len(set(others)) == 1
    assert first not in others


@pytest.mark.usefixtures("helped")
def test_a_helper_that_was_killed_is_told_as_too_much() -> None:
    assert page_sharing._helper
    os.kill(page_sharing._helper._pid, 9)
    with pytest.raises(MemoryError):
        page_sharing.Shared([partial(pow, n, 2) for n in range(2)]).results()
