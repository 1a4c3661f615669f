"""What does not fit is told with what binds it and what would help, and that is so when it is done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from briefing.content.blocks import ProseBlock, Width
from briefing.findings import Finding
from briefing.pipeline.document import make
from briefing.pipeline.document_job import DocumentJob
from briefing.pipeline.overfull.changes import TrialChange, changed, shortened, spare_words
from tests.support.builds import GOOD, briefing_of, fits, orders

pytestmark = pytest.mark.slow

SENTENCE = "The counts are kept by the offices that are named here, and each of them may still be corrected later on. "
CHART = """
charts:
  rides:
    {kind: bars, title: Rides by line, alt: Rides, height_mm: 40, data: [{label: Red, figure: rides}]}
"""


def content(blocks: str, pages: int = 1) -> str:
    """A briefing whose brief has those blocks."""
    head, sheet = GOOD.split("brief:\n")[0], GOOD[GOOD.index("fact_sheet:") :]
    return f"{head}{CHART.strip()}\nbrief:\n  pages: {pages}\n  blocks:\n{blocks}\n{sheet}"


def prose(heading: str, sentences: int) -> str:
    text = f"We counted {{{{rides}}}} rides. {SENTENCE * sentences}"
    return f'    - prose: {{heading: {heading}, text: "{text}"}}\n'


def job(text: str, tmp_path: Path) -> DocumentJob:
    return orders(briefing_of(text), tmp_path, "letter", tmp_path, ("brief",))[0]


def told(made: DocumentJob) -> Finding:
    *_, finding = (one for one in make(made).findings if one.code in ("overflow", "margin-full"))
    return finding


MIXES = {
    "text alone": prose("First", 20) + prose("Second", 24),
    "a chart between": prose("First", 20) + "    - chart: {chart: rides}\n" + prose("Second", 14),
    "a wide table": prose("First", 24)
    + "    - table: {place: wide, columns: [{head: A}, {head: B}], rows: [[a, b], [c, d], [e, f], [g, h]]}\n"
    + prose("Second", 14),
}


@pytest.mark.parametrize("mix", MIXES)
def test_so_many_words_fewer_are_enough_and_a_fifth_fewer_are_not(mix: str, tmp_path: Path) -> None:
    made = job(content(MIXES[mix]), tmp_path)
    found = told(made)
    said = re.search(r"about (\d+) words? less in the text “(\w+)”", found.hint)
    assert said, found
    blocks = made.briefing.brief.blocks
    index = next(n for n, block in enumerate(blocks) if str(block.heading) == said[2])
    assert spare_words(blocks[index]) > int(said[1])
    assert fits(changed(made, TrialChange(words={index: round(int(said[1]) * 1.2)})))
    assert not fits(changed(made, TrialChange(words={index: round(int(said[1]) * 0.8)})))


def test_what_binds_is_told_by_page_column_and_block(tmp_path: Path) -> None:
    found = told(job(content(prose("First", 24) + prose("Second", 30)), tmp_path))
    assert re.search(r"the main column binds; the text “Second” runs over the end of page 1", found.message)
    assert re.search(r"\d+ mm", found.message)


def test_a_chart_that_would_fit_beside_the_text_is_named_and_then_it_fits(tmp_path: Path) -> None:
    made = job(content(prose("First", 20) + "    - chart: {chart: rides}\n" + prose("Second", 7)), tmp_path)
    found = told(made)
    assert "place: side for the chart “Rides by line”" in found.hint
    assert fits(changed(made, TrialChange(places={1: Width.SIDE})))


def test_a_margin_without_room_says_how_much_is_wanted_and_what_helps(tmp_path: Path) -> None:
    sides = "".join(
        f'    - box: {{place: side, heading: {name}, text: "{SENTENCE * 8}"}}\n' for name in ("One", "Two", "Three")
    )
    found = told(job(content(sides + prose("First", 3)), tmp_path))
    assert found.code == "margin-full"
    assert re.search(r"no room for the box “Three”, of \d+ mm: ", found.message)
    assert "place: main for the box" in found.hint


def test_a_block_is_never_named_by_a_number_that_nobody_gave(tmp_path: Path) -> None:
    quiet = f'    - box: {{text: "{SENTENCE * 9}"}}\n' * 6
    found = told(job(content(prose("First", 4) + quiet), tmp_path))
    assert not re.search(r"box[- ]\d", found.message + found.hint)
    assert "the box after “First”" in found.hint


def test_words_are_taken_from_a_text_and_its_figures_and_marks_stay() -> None:
    block = briefing_of(content(prose("First", 6))).brief.blocks[0]
    thin = shortened(block, 40)
    assert isinstance(block, ProseBlock)
    assert isinstance(thin, ProseBlock)
    assert "{{rides}}" in thin.text
    assert len(block.text.split()) - len(thin.text.split()) == pytest.approx(40, abs=1)
