"""What the benchmark measures with is there, and it tells what it has measured."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import time
from pathlib import Path

import pypdfium2
import pytest

from bench import contents, copies, life, preview, report
from bench.goals import Met, met
from bench.measuring import Record, Usage
from bench.results import Results
from briefing.content import validation, yaml_reader
from briefing.content.briefing import Briefing
from briefing.content.tree import ContentTree
from briefing.documents.manuscript import Manuscript, account
from briefing.language.wording import NBSP
from tests.support.builds import ROOT, TEMPLATES, briefing_of
from tests.support.examples import usually


def measured(**seconds: float) -> list[Record]:
    """Records of one round each, by the constant of their name."""
    return [Record(life.CHAPTER, getattr(life, name), runs=[Usage(wall)]) for name, wall in seconds.items()]


def goal(records: list[Record], words: str) -> Met:
    return next(one for one in met(records) if words in one.goal.asked)


def test_every_change_that_is_measured_can_be_made() -> None:
    styles = (contents.ROOT / contents.STYLES).read_text(encoding="utf-8")
    flagship = contents.FLAGSHIP.read_text(encoding="utf-8")
    places = [
        (edit, flagship) for edit in (*contents.WORD.values(), contents.FIGURE, contents.LAST_WORD, contents.CHARTED)
    ]
    longer = [contents.long(pages) for pages in (10, 25)]
    added = [(contents.ADDED, flagship), *((edit, text) for edit in contents.LONG.values() for text in longer)]
    assert all(edit.of(text, 1) != edit.of(text, 2) != text for edit, text in added)
    typst = [(edit, contents.BENCH / f"{name}.typ") for name, edit in contents.TYPST_WORD.items()]
    places += [(contents.STYLE, styles), *((edit, file.read_text(encoding="utf-8")) for edit, file in typst)]
    for edit, text in places:
        assert len({edit.of(text, variant) for variant in range(20)} | {text}) == 21


@pytest.fixture(scope="module")
def flagship() -> Manuscript:
    """What the documents of the flagship say."""
    briefing = briefing_of(contents.FLAGSHIP.read_text(encoding="utf-8"))
    return account(briefing, ContentTree("content.yaml", {}, {}, {}), TEMPLATES)


def set_in_typst(document: str) -> str:
    """The words of the document that Typst sets."""
    text = (contents.BENCH / f"{document.replace('_', '-')}.typ").read_text(encoding="utf-8")
    return " ".join(text.replace("\\$", "$").split())


@pytest.mark.parametrize("document", Briefing.DOCUMENTS)
def test_typst_sets_the_figures_of_the_flagship(flagship: Manuscript, document: str) -> None:
    figures = [flagship.ledger.entries[name] for name in flagship.ledger.used("figures", document)]
    amounts = [amount for figure in figures for amount in (figure.amount, *figure.other_amounts)]
    numbers = {flagship.wording.short(amount).number.replace(NBSP, " ") for amount in amounts}
    text = set_in_typst(document)
    assert {one for one in numbers if not re.search(rf"(?<![\d.,]){re.escape(one)}(?![\d,.]*\d)", text)} == set()


@pytest.mark.parametrize(("document", "entry"), [("brief", "#src("), ("fact_sheet", "#run(")])
def test_typst_names_the_works_of_the_flagship(flagship: Manuscript, document: str, entry: str) -> None:
    figures = [flagship.ledger.entries[name] for name in flagship.ledger.used("figures", document)]
    cited = flagship.ledger.used("sources", document).union(*(figure.sources for figure in figures))
    works, text = [flagship.briefing.sources[name] for name in cited], set_in_typst(document)
    assert [one for work in works for one in (work.title, work.link or "") if one not in text] == []
    assert text.count(entry) == len(cited)


def test_a_longer_brief_is_content_that_the_program_takes() -> None:
    briefing = validation.build(yaml_reader.parse(contents.long(100).encode(), "long.yaml"))
    assert briefing.brief.pages == 100
    assert len(briefing.brief.blocks) > 180


def test_briefings_of_a_run_over_many_differ() -> None:
    texts = {contents.small(number) for number in range(100)}
    assert len(texts) == 100
    assert (
        contents.renumbered("<b>412,000</b> of 412,000, 12,000 in 2024", 2)
        == "<b>412,194</b> of 412,194, 12,000 in 2024"
    )


@pytest.mark.parametrize(("ours", "holds"), [(0.8, True), (1.2, False)])
def test_a_goal_is_held_against_its_bound(ours: float, holds: bool) -> None:
    one = goal(measured(COLD=ours, CHROMIUM=1.0), "Chromium printing")
    assert one.ratio == pytest.approx(ours)
    assert one.holds is holds


def test_what_was_not_measured_is_said_and_does_not_hold_or_fail() -> None:
    records = [*measured(COLD=1.0), Record(life.CHAPTER, life.CHROMIUM, fault="Chromium is not installed")]
    assert goal(records, "Chromium printing").holds is None
    told = report.markdown(Results("today", {}, records), {})
    assert "Not measured: Chromium is not installed." in told
    assert "not run: Chromium is not installed" in told


@pytest.mark.parametrize("whole", [False, True])
def test_what_was_saved_is_timed_to_its_first_page_or_to_all_with_its_own_trail(
    monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    states = iter([(1, ["old", "b"], 1.0), (1, ["new", "b"], 1.0), (2, ["new", "c"], 2.0)])
    shown, clock = preview.Preview(Path()), [0.0]

    def receive(self: preview.Preview) -> None:
        revision, digests, saved = next(states)
        sheets, clock[0] = [{"digest": one} for one in digests], clock[0] + 1
        document = {"name": "brief", "sheets": sheets, "revision": revision, "trail": {"saved": saved}}
        self._state = {"revision": 1, "documents": [document]}

    monkeypatch.setattr(preview.Preview, "_next", receive)
    monkeypatch.setattr(preview.Preview, "_get", lambda *_: io.BytesIO())
    monkeypatch.setattr(time, "perf_counter", lambda: clock[0])
    shown._next()
    shown._fetch(shown._shown("brief"))
    assert shown.saved("brief", whole) == Usage(wall=2.0 if whole else 1.0, trail={"saved": 2.0})


@pytest.mark.slow
@pytest.mark.parametrize("sample", usually([TEMPLATES / "starter" / "content.yaml"], [contents.FLAGSHIP]))
def test_copies_are_stamped_on_the_pages_of_a_sample(sample: Path, tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_text(copies.marked(sample), encoding="utf-8")
    asked = [sys.executable, "-m", "bench.stamp_copies", "run", str(tmp_path / "content.yaml"), str(tmp_path)]
    done = subprocess.run(asked, cwd=ROOT, input="7\n", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with pypdfium2.PdfDocument(tmp_path / "part-0001.pdf") as pdf:
        assert len(pdf) % 7 == 0
        assert "Copy 7 of 7" in pdf[len(pdf) // 7 * 6].get_textpage().get_text_range()
