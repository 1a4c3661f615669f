"""Sources are numbered as the pages name them, wherever the margin has its blocks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from briefing.design.outputs import USES, OutputName
from briefing.layout.incremental.warm_typesetter import WarmTypesetter
from briefing.layout.typesetter import Layout, typesetter
from briefing.pipeline.document import draft, make
from briefing.pipeline.document_job import DocumentJob
from briefing.pipeline.laying import Choice
from briefing.proofing.proof import Glimpse, Proof
from briefing.proofing.screen_reader import read_aloud
from tests.support.builds import GOOD, TEMPLATES, briefing_of, orders, swapped

pytestmark = pytest.mark.slow

NAMES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm")
LONG = "One plain sentence takes its room on this page of the brief, and it goes on for more than a line of it. " * 28
BOX = "    - box: {place: side, TEXT}\n"


def job_of(blocks: str, tmp_path: Path, use: OutputName = OutputName.READING, name: str = "brief") -> DocumentJob:
    """A brief of two pages with these blocks, and the list of its sources; or the fact sheet with them."""
    sources = "".join(f"  {name.lower()}: {{publisher: {name}, title: Trees, kind: data}}\n" for name in NAMES)
    text = swapped(
        GOOD,
        ("sources:\n", f"sources:\n{sources}"),
        (
            "  pages: 1\n  blocks:\n    - prose:\n        text: We",
            "  pages: 2\n  blocks:\n    - prose:\n        text: We",
        ),
        ("rides.\n", f"rides.\n{blocks}    - sources: {{}}\n"),
    )
    if name == "fact_sheet":
        text = f"{text}{blocks}"
    return orders(briefing_of(text), tmp_path, "letter", tmp_path, (name,), USES[use])[0]


def brief(blocks: str, tmp_path: Path, use: OutputName = OutputName.READING) -> Proof:
    made = make(job_of(blocks, tmp_path, use))
    assert [one for one in made.findings if one.severity == "error"] == []
    assert made.amiss == ()
    return made


def said(made: Proof, word: str) -> tuple[str, int]:
    """What is printed of a text that begins with a word, and on which page it begins."""
    one = next(one for one in made.stood if one.asked.text.startswith(word))
    return one.asked.text.partition(".")[2][:8].partition(" ")[0], one.parts[0][0] + 1


def listed(made: Proof) -> list[str]:
    return [one.asked.text.split(",")[0] for one in made.stood if one.asked.path[0] == "sources"]


FIRST = f'    - prose: {{text: "First.[@alder] {LONG}"}}\n'
SECOND = f'    - prose: {{text: "Second.[@birch] {LONG}"}}\n'
FILLER = BOX.replace("TEXT", "filler: true, text: 'Third.[@cedar; @dogwood; @elm]'")


def test_a_block_that_the_margin_has_on_an_earlier_page_than_the_content_is_numbered_there(tmp_path: Path) -> None:
    made = brief(FIRST + SECOND + FILLER, tmp_path)
    assert (said(made, "Third"), said(made, "First")) == (("2–4", 1), ("5", 1))  # it begins a line above
    assert said(made, "Second")[0] == "6"
    assert listed(made) == ["1 Office", "2 Cedar", "3 Dogwood", "4 Elm", "5 Alder", "6 Birch"]
    heard = " ".join(line.text for line in read_aloud(made.pdf))
    assert "Source 6: Birch" in heard
    in_order = brief(FILLER + FIRST + SECOND, tmp_path)
    assert listed(in_order) == listed(made)
    assert made.renders <= in_order.renders + 1


@pytest.mark.parametrize("use", [OutputName.READING, OutputName.LARGE_PRINT])
def test_a_text_is_numbered_before_what_stands_in_the_margin_beside_it(use: OutputName, tmp_path: Path) -> None:
    made = brief(BOX.replace("TEXT", "text: 'Beside.[@birch]'") + FIRST, tmp_path, use)
    assert (said(made, "First")[0], said(made, "Beside")[0]) == ("2", "3")
    assert listed(made) == ["1 Office", "2 Alder", "3 Birch"]


def test_the_next_version_of_a_text_is_seen_as_soon_as_it_is_laid_with_the_numbers_of_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    press, choice = WarmTypesetter(TEMPLATES / "fonts"), None
    laid: list[int] = []  # pages that each layout has made
    seen: list[int] = []  # after how many layouts
    made: list[list[int]] = []  # the same of each version
    plain = WarmTypesetter.lay

    def lay(press: WarmTypesetter, html: str, *more: Any) -> Layout:
        layout = plain(press, html, *more)
        laid.append(next(reversed(press._sessions.values())).made)
        return layout

    monkeypatch.setattr(WarmTypesetter, "lay", lay)
    moved = FIRST.replace("alder", "elm") + SECOND.replace("birch", "alder") + FILLER.replace("; @elm", "; @birch")
    for blocks in (FIRST + SECOND + FILLER, FIRST.replace("First", "Once") + SECOND + FILLER, moved):
        laid.clear()
        choice = as_fresh(job_of(blocks, tmp_path), press, choice, lambda: seen.append(len(laid)))
        made.append([*laid])
    assert seen[1:] == [1, 2]
    assert made[1][0] == made[1][-1] == 1  # the page of that text, with the numbers of the last and with those tried


def test_numbers_of_a_fact_sheet_follow_its_content_from_version_to_version(tmp_path: Path) -> None:
    press, choice = WarmTypesetter(TEMPLATES / "fonts"), None
    for names in (("alder", "birch"), ("birch", "alder")):
        blocks = "".join(f'    - prose: {{text: "Counted.[@{name}]"}}\n' for name in names)
        choice = as_fresh(job_of(f"{blocks}    - sources: {{}}\n", tmp_path, name="fact_sheet"), press, choice)


def as_fresh(
    job: DocumentJob, press: WarmTypesetter, before: Choice | None, seen: Callable[[], object] = lambda: None
) -> Choice | None:
    """Lay a version as the preview does, and hold it against one that is laid without the last."""
    drafts: list[Glimpse] = []
    fresh: list[Glimpse] = []

    def show(glimpse: Glimpse) -> None:
        seen()
        drafts.append(glimpse)

    chosen = draft(job, press, show, (), before)
    draft(job, typesetter(TEMPLATES / "fonts"), fresh.append, ())
    assert drafts[-1].looks == fresh[-1].looks
    assert chosen
    return chosen
