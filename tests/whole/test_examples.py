"""The examples build as they stand, and say nothing that an editor would have to mend.

In every run, one is built on the paper of its country, and the content and the fact sheets of the others are tried; at
night all are built, on both papers.
"""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest

from briefing.content.blocks import kind_of
from briefing.content.briefing import Briefing
from briefing.content.records import PaperName
from briefing.design.paper import PAPERS
from briefing.findings import Severity
from briefing.pipeline import build, typesetters
from briefing.pipeline.document_job import DocumentJob
from tests.content.test_faults import Idle
from tests.support.builds import LATER, PAPER_NAMES, ROOT, TEMPLATES, Built, briefing_of, built, fits, once
from tests.support.examples import usually

EXAMPLES = sorted(file.parent for file in (ROOT / "examples").glob("*/content.yaml"))
BUILT = ("harvest",)
PICTURES = ("policy-brief.png", "fact-sheet.png")
LARGEST = 120_000  # bytes of a picture
EDGE_PT = 30.0  # nothing of a page stands nearer to its left and right edges

pytestmark = [pytest.mark.slow, pytest.mark.whole]


def papers(folder: Path) -> list[str]:
    """Both papers, first the one that the example asks for."""
    (own,) = re.findall(r"(?m)^  paper: (\w+)$", (folder / "content.yaml").read_text(encoding="utf-8"))
    return sorted(PAPER_NAMES, key=lambda name: name != own)


EVERY = [(folder, paper) for folder in EXAMPLES for paper in papers(folder)]
IN_EVERY_RUN = [(folder, papers(folder)[0]) for folder in EXAMPLES if folder.name in BUILT]


@pytest.fixture(
    scope="module",
    params=usually(IN_EVERY_RUN, [one for one in EVERY if one not in IN_EVERY_RUN]),
    ids=lambda at: f"{at[0].name}-{at[1]}",
)
def example(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder, paper = request.param
    name = f"example-{folder.name}-{paper}"
    return once(tmp_path_factory, name, lambda out: built(folder / "content.yaml", paper, out))


@pytest.mark.parametrize("folder", [folder for folder in EXAMPLES if folder.name not in BUILT], ids=lambda at: at.name)
def test_its_content_has_no_fault_and_its_fact_sheet_fits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content, begun = folder / "content.yaml", list[DocumentJob]()

    def begin(jobs: tuple[DocumentJob, ...], *_: object) -> Idle:
        begun.extend(jobs)
        return Idle()

    monkeypatch.setattr(typesetters, "begin", begin)
    told = build.run(build.Job(content, content.name, folder, TEMPLATES, LATER, dry=True)).findings
    assert [found for found in told if found.severity is not Severity.NOTE] == []
    (fact_sheet,) = (job for job in begun if job.document == "fact_sheet")
    assert fact_sheet.paper.name.value == papers(folder)[0]
    assert fits(fact_sheet)  # with blank pictures, which are as large as those that are drawn


def test_it_builds_and_tells_nothing_but_notes(example: Built) -> None:
    told = [finding for finding in example.findings if finding.get("severity") != "note"]
    assert (example.code, told, example.noise) == (0, [], "")


def test_its_documents_have_the_pages_of_their_budget_and_stay_off_the_edges(example: Built) -> None:
    briefing = briefing_of(example.content.read_text(encoding="utf-8"))
    sheet = PAPERS[PaperName(example.paper)]
    for name in Briefing.DOCUMENTS:
        with pypdfium2.PdfDocument(example.files[name]) as pdf:
            assert len(pdf) == briefing.document(name).pages
            for page in pdf:
                assert page.get_width() / 72 * 25.4 == pytest.approx(sheet.width_mm, abs=0.1)
                text = page.get_textpage()
                for number in range(text.count_rects()):
                    left, bottom, right, top = text.get_rect(number)
                    words = text.get_text_bounded(left, bottom, right, top)
                    assert left >= EDGE_PT and right <= page.get_width() - EDGE_PT, words  # noqa: PT018


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_it_has_charts_tables_and_pictures_of_its_pages(folder: Path) -> None:
    briefing = briefing_of((folder / "content.yaml").read_text(encoding="utf-8"))
    kinds = [kind_of(block) for name in Briefing.DOCUMENTS for block in briefing.document(name).blocks]
    assert len(briefing.charts) >= 3
    assert kinds.count("chart") >= 3
    assert kinds.count("map") + kinds.count("table") >= 1
    for name in PICTURES:
        assert 0 < (folder / name).stat().st_size <= LARGEST
        assert f"{folder.name}/{name}" in (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
