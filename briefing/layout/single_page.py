"""One ready page outside the two documents, such as an errata slip: HTML in, a PDF's bytes and its pages out.

A `SinglePage` comes in, a `TypesetPage` goes out. What is to be shortened until it fits comes as several pages, each
shorter than the one before. All is done in a child process with limits; nothing is written to disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.design.faces import HOUSE, FontFace
from briefing.design.outputs import Step
from briefing.findings import ContentPath, Finding, Place, error
from briefing.runtime.sandbox import Task, TaskRun
from briefing.runtime.task_child import ParentLine

if TYPE_CHECKING:
    from briefing.layout.typesetter import Layout, Typesetter


@dataclass(frozen=True)
class SinglePage:
    """A page ready to be typeset, with all that it asks for."""

    name: str  # how findings call it
    html: str
    assets: Mapping[str, bytes] = field(repr=False)  # by the name behind `asset:`
    templates: Path  # with the fonts
    at: ContentPath | Place  # where its findings are told
    half: bool = False  # it takes half a sheet
    faces: tuple[FontFace, ...] = HOUSE
    words: Mapping[str, str] = field(default_factory=dict)  # [pdf] of the words: what a screen reader says besides


@dataclass(frozen=True)
class TypesetPage:
    """A page as it was typeset."""

    pdf: bytes = field(repr=False)
    pages: int
    fill: float  # of the last page
    used: int  # which of the pages it is, from 0
    findings: tuple[Finding, ...]
    lacking: tuple[str, ...]  # characters that no font has


def typeset(page: SinglePage) -> tuple[TypesetPage | None, tuple[Finding, ...]]:
    """Typeset a ready page in a child; without a product, the findings say why."""
    return typeset_longest((page,), None)


def typeset_longest(pages: tuple[SinglePage, ...], most: int | None) -> tuple[TypesetPage | None, tuple[Finding, ...]]:
    """Typeset the first of several pages, longest first, that takes so many sheets at most; the last if none does."""
    task = Task(_make, (pages, most), pages[0].name, pages[0].at)
    printed, faults = TaskRun([task]).ended()
    return (printed[0] if printed else None), faults


def _make(pages: tuple[SinglePage, ...], most: int | None, _: ParentLine) -> TypesetPage:
    return make(pages, most)


def make(tries: tuple[SinglePage, ...], most: int | None = None) -> TypesetPage:
    """Typeset and write the longest page that keeps the sheets; the shortest where none does.

    The lengths are searched by halves, so that a hundred cost seven layouts.
    """
    from briefing.layout.typesetter import typesetter

    press = typesetter(tries[0].templates / "fonts", tries[0].faces)
    laid: dict[int, Layout] = {}

    def fits(index: int) -> bool:
        laid[index] = _lay(press, tries[index])
        return most is None or len(laid[index].sheets) <= most

    low, high = 0, len(tries) - 1
    if not fits(0):
        low = 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if fits(middle) else (middle + 1, high)
    used = min(low, len(tries) - 1)
    layout = laid.get(used) or _lay(press, tries[used])
    return _written(press, tries[used], layout, used)


def _lay(press: Typesetter, page: SinglePage) -> Layout:
    return press.lay(page.html, page.assets)


def _written(press: Typesetter, page: SinglePage, layout: Layout, used: int) -> TypesetPage:
    from briefing.finishing.context import Finishing
    from briefing.finishing.finish import finish

    written = press.write(layout)
    findings = [*layout.findings, *written.findings]
    hint = "put what it needs into the page itself; nothing is fetched"
    findings += [
        error("outside-refused", f"{page.name} asked for {name[:80]}", hint=hint) for name in press.refused(layout)
    ]
    return TypesetPage(
        pdf=finish(written.data, (Step.TAGS, Step.ARTIFACTS), Finishing(words=page.words)),
        pages=len(layout.sheets),
        fill=layout.sheets[-1].fill,
        used=used,
        findings=tuple(finding.or_at(page.at) for finding in findings),
        lacking=tuple(dict.fromkeys((*layout.lacking, *written.lacking))),
    )
