"""A ready page is typeset in a child, shortened until it fits, and its faults are findings."""

from __future__ import annotations

import pytest

from briefing import press
from briefing.findings import Place
from briefing.leaf import Leaf, Leaves, Printed
from tests.builds import TEMPLATES, forked_from_here

HEAD = "<!DOCTYPE html><html lang=en><title>T</title><style>html{font-family:'Source Serif 4'}</style><body>"
PLACE = Place("content.yaml", 3, 1)


def leaf(paragraphs: int, more: str = "") -> Leaf:
    return Leaf("slip", HEAD + "<p>A line of text.</p>" * paragraphs + more, {}, TEMPLATES, PLACE)


def test_a_leaf_becomes_a_pdf() -> None:
    printed, faults = press.leaf(leaf(2))
    assert faults == ()
    assert printed
    assert (printed.pages, printed.findings, printed.lacking) == (1, (), ())
    assert printed.pdf.startswith(b"%PDF")


def test_the_longest_leaf_that_fits_is_taken() -> None:
    lengths = (200, 150, 100, 60, 20, 10, 5, 1)
    printed, _ = press.fitted(tuple(leaf(length) for length in lengths), 1)
    assert printed
    assert (printed.pages, lengths[printed.used]) == (1, 20)


def test_the_shortest_is_taken_where_none_fits() -> None:
    printed, _ = press.fitted((leaf(300), leaf(200)), 1)
    assert printed
    assert (printed.used, printed.pages > 1) == (1, True)


def test_what_a_leaf_asks_for_in_vain_and_cannot_print_is_told() -> None:
    printed, _ = press.leaf(leaf(1, "<p>漢</p><img alt=x src='https://example.org/a.png'>"))
    assert printed
    assert {f.code for f in printed.findings} == {"outside-refused", "typesetter-log"}
    assert {f.place for f in printed.findings} == {PLACE}
    assert printed.lacking == ("漢",)


def toil(asked: Leaves, drawn: object) -> Printed:
    while True:
        pass


def test_a_leaf_without_end_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("briefing.leaf.make", toil)
    monkeypatch.setattr(press, "CPU_SECONDS", 1)
    forked_from_here(monkeypatch)
    printed, faults = press.leaf(leaf(1))
    assert printed is None
    assert [(f.code, f.place) for f in faults] == [("typesetting-time", PLACE)]
