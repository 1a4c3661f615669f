"""A ready page is typeset in a child, shortened until it fits, and its faults are findings."""

from __future__ import annotations

import multiprocessing
import platform
import time

import pytest

from briefing.findings import Place, Severity
from briefing.layout.single_page import SinglePage, TypesetPage, typeset, typeset_longest
from briefing.runtime import fork_server, sandbox, task_child
from tests.support.builds import TEMPLATES, forked_from_here

HEAD = "<!DOCTYPE html><html lang=en><title>T</title><style>html{font-family:'Source Serif 4'}</style><body>"
PLACE = Place("content.yaml", 3, 1)


def leaf(paragraphs: int, more: str = "") -> SinglePage:
    return SinglePage("slip", HEAD + "<p>A line of text.</p>" * paragraphs + more, {}, TEMPLATES, PLACE)


def test_a_leaf_becomes_a_pdf() -> None:
    printed, faults = typeset(leaf(2))
    assert faults == ()
    assert printed
    assert (printed.pages, printed.findings, printed.lacking) == (1, (), ())
    assert printed.pdf.startswith(b"%PDF")


def test_the_longest_leaf_that_fits_is_taken() -> None:
    lengths = (200, 150, 100, 60, 20, 10, 5, 1)
    printed, _ = typeset_longest(tuple(leaf(length) for length in lengths), 1)
    assert printed
    assert (printed.pages, lengths[printed.used]) == (1, 20)


def test_the_shortest_is_taken_where_none_fits() -> None:
    printed, _ = typeset_longest((leaf(300), leaf(200)), 1)
    assert printed
    assert (printed.used, printed.pages > 1) == (1, True)


def test_what_a_leaf_asks_for_in_vain_and_cannot_print_is_told() -> None:
    printed, _ = typeset(leaf(1, "<p>漢</p><img alt=x src='https://example.org/a.png'>"))
    assert printed
    assert {f.code for f in printed.findings} == {"outside-refused", "typesetter-log"}
    assert {f.place for f in printed.findings} == {PLACE}
    assert printed.lacking == ("漢",)


def toil(pages: tuple[SinglePage, ...], most: int | None) -> TypesetPage:
    while True:
        pass


def test_a_leaf_without_end_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("briefing.layout.single_page.make", toil)
    monkeypatch.setattr(task_child, "CPU_SECONDS", 1)
    forked_from_here(monkeypatch)
    printed, faults = typeset(leaf(1))
    assert printed is None
    assert [(f.code, f.place) for f in faults] == [("typesetting-time", PLACE)]


def stand_still(pages: tuple[SinglePage, ...], most: int | None) -> TypesetPage:
    time.sleep(600)
    raise AssertionError


@pytest.mark.slow
@pytest.mark.parametrize("forked_only", [True, False], ids=["once", "twice"])
def test_a_child_that_stands_still_is_started_once_more_without_a_fork(
    forked_only: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fork_server, "_forking", True)
    monkeypatch.setattr(fork_server, "STILL_SECONDS", 1.0)
    monkeypatch.setattr(sandbox, "WATCH_SECONDS", 0.1)
    monkeypatch.setattr("briefing.layout.single_page.make", stand_still)
    forked_from_here(monkeypatch)
    if forked_only:  # a fresh interpreter knows nothing of what was put in the place of `make`
        monkeypatch.setattr(fork_server, "STILL_SECONDS", 5.0)
    else:
        monkeypatch.setattr(fork_server, "_Fresh", Still)
    printed, faults = typeset(leaf(1))
    assert bool(printed) is forked_only
    assert [f.code for f in faults] == ["typesetting-still"] * (1 if forked_only else 2)
    assert [f.severity for f in faults] == [Severity.NOTE, Severity.ERROR][: len(faults)]
    assert f"Python {platform.python_version()}, Pango 1." in faults[-1].hint


class Still:
    """A process that lives and does nothing."""

    forked = False

    def __init__(self, *_: object) -> None:
        self.pipe, self._other = multiprocessing.Pipe()

    def kill(self) -> None:
        pass

    def ended(self, patience: float = 0.0) -> int | None:
        return 0

    def cpu_seconds(self) -> float:
        return 1.0
