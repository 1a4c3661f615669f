"""One ready page outside the two documents, such as an errata slip: HTML in, a PDF's bytes and its pages out.

A `Leaf` comes in, a `Printed` goes out. What is to be shortened until it fits comes as several leaves, each shorter
than the one before. Nothing is written to disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.design.editions import Step
from briefing.findings import Finding, Place, error

if TYPE_CHECKING:
    from briefing.layout.typesetter import Layout, Press


@dataclass(frozen=True)
class Leaf:
    """A page ready to be typeset, with all that it asks for."""

    name: str  # how findings call it
    html: str
    assets: Mapping[str, bytes] = field(repr=False)  # by the name behind `asset:`
    templates: Path  # with the fonts
    place: Place  # at which its findings are told
    words: Mapping[str, str] = field(default_factory=dict)  # [pdf] of the words: what a screen reader says besides


@dataclass(frozen=True)
class Printed:
    """A leaf as it was typeset."""

    pdf: bytes = field(repr=False)
    pages: int
    fill: float  # of the last page
    used: int  # which of the leaves it is, from 0
    findings: tuple[Finding, ...]
    lacking: tuple[str, ...]  # characters that no font has


@dataclass(frozen=True)
class Leaves:
    """The same page at several lengths, longest first, and how many pages it may take."""

    tries: tuple[Leaf, ...]
    most: int | None = None  # pages; any number where none is given


def make(leaves: Leaves, _: object = None) -> Printed:
    """Typeset and write the longest leaf that keeps the pages; the shortest where none does.

    The lengths are searched by halves, so that a hundred cost seven layouts.
    """
    from briefing.layout.typesetter import typesetter

    press = typesetter(leaves.tries[0].templates / "fonts")
    laid: dict[int, Layout] = {}

    def fits(index: int) -> bool:
        laid[index] = _lay(press, leaves.tries[index])
        return leaves.most is None or len(laid[index].sheets) <= leaves.most

    low, high = 0, len(leaves.tries) - 1
    if not fits(0):
        low = 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if fits(middle) else (middle + 1, high)
    used = min(low, len(leaves.tries) - 1)
    layout = laid.get(used) or _lay(press, leaves.tries[used])
    return _written(press, leaves.tries[used], layout, used)


def _lay(press: Press, leaf: Leaf) -> Layout:
    return press.lay(leaf.html, leaf.assets)


def _written(press: Press, leaf: Leaf, layout: Layout, used: int) -> Printed:
    from briefing.finishing.context import Finishing
    from briefing.finishing.finish import finish

    written = press.write(layout)
    findings = [*layout.findings, *written.findings]
    hint = "put what it needs into the page itself; nothing is fetched"
    findings += [
        error("outside-refused", f"{leaf.name} asked for {name[:80]}", hint=hint) for name in press.refused(layout)
    ]
    return Printed(
        pdf=finish(written.data, (Step.TAGS, Step.ARTIFACTS), Finishing(words=leaf.words)),
        pages=len(layout.sheets),
        fill=layout.sheets[-1].fill,
        used=used,
        findings=tuple(f if f.place.file else replace(f, place=leaf.place) for f in findings),
        lacking=tuple(dict.fromkeys((*layout.lacking, *written.lacking))),
    )
