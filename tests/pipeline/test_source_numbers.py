"""Sources are numbered as the pages name them, wherever the margin has its blocks."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.design.outputs import USES, OutputName
from briefing.pipeline.document import make
from briefing.proofing.proof import Proof
from briefing.proofing.screen_reader import read_aloud
from tests.support.builds import GOOD, briefing_of, orders, swapped

pytestmark = pytest.mark.slow

NAMES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm")
LONG = "One plain sentence takes its room on this page of the brief, and it goes on for more than a line of it. " * 28
BOX = "    - box: {place: side, TEXT}\n"


def brief(blocks: str, tmp_path: Path, use: OutputName = OutputName.READING) -> Proof:
    """A brief of two pages with these blocks, and the list of its sources."""
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
    made = make(orders(briefing_of(text), tmp_path, "letter", tmp_path, ("brief",), USES[use])[0])
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
