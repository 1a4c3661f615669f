"""What a briefing is worth is marked on every page, and warnings count where they are told to."""

from __future__ import annotations

import datetime
import io
import re
from pathlib import Path

import pikepdf
import pytest

from briefing.cli import report
from briefing.design.outputs import OutputName
from briefing.findings import Severity, has_errors
from briefing.pipeline import build
from briefing.proofing import readback
from briefing.proofing.page_facts import TextRun
from tests.support.builds import FLAGSHIP, GOOD, LATER, OTHER, TEMPLATES, TODAY
from tests.support.examples import usually
from tests.support.typed import typed

STARTER = TEMPLATES / "starter" / "content.yaml"
MARKS = {
    "draft": ("status: draft", "Draft: not signed off, not for quotation"),
    "embargoed": (
        "status: embargoed\n  embargo: 2026-12-24T06:00-05:00",
        "Embargoed until 24 December 2026, 06:00 (UTC−5)",
    ),
    "superseded": (
        "status: superseded\n  superseded_by: the second edition of this sample briefing, with all of its figures anew",
        "Superseded by the second edition of this sample briefing, with all of its figures anew",
    ),
    "withdrawn": ("status: withdrawn", "Withdrawn: do not use"),
    "final": ("status: final", ""),
}


def run(content: Path, out: Path, **more: object) -> build.Outcome:
    return build.run(build.Job(content, content.name, out, TEMPLATES, LATER, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("status", MARKS)
def test_the_mark_of_a_status_is_seen_on_every_page_and_heard_once(status: str, tmp_path: Path) -> None:
    said, mark = MARKS[status]
    head, body = GOOD.split("\n", 1)
    front = head.removeprefix("briefing: {").removesuffix("}").replace(", ", "\n  ")
    text = f"briefing:\n  {front}\n  {said}\n{body}".replace("300,", "300, checked: {by: A, on: 2024-06-10},")
    long = " ".join(["One plain sentence takes its room on this page of the brief."] * 70)
    text = text.replace("  pages: 1\n", "  pages: 2\n", 1).replace("rides.\n", f"rides. {long}\n", 1)
    (tmp_path / "content.yaml").write_text(text, encoding="utf-8")
    outcome = run(tmp_path / "content.yaml", tmp_path, dry=True, documents=("brief",))
    assert not has_errors(outcome.findings)
    assert outcome.work
    assert [proof.pages for proof in outcome.work.proofs.values()] == [2]
    for proof in outcome.work.proofs.values():
        with pikepdf.open(io.BytesIO(proof.pdf)) as pdf:
            title = pdf.open_metadata()["dc:title"]
        assert title.partition(": ")[0].isupper() == bool(mark)
        for number, sheet in enumerate(readback.read(proof.pdf).sheets):
            edges = " ".join(run.text.strip() for run in sheet.unread)
            read = " ".join(item.text for item in sheet.read if isinstance(item, TextRun))
            # On page one it stands in the masthead, which is read out; on the others in the running head, which is not.
            first = number == 0
            assert not mark or (read.count(mark), edges.count(mark)) == (first, not first)
            runs = [item for item in sheet.read if isinstance(item, TextRun)] if first else sheet.unread
            marked = [run for run in runs if run.text.strip() and run.text.strip() in mark]
            assert bool(marked) == bool(mark)
            assert all(run.ink.contrast > 100 for run in marked)
            assert status == "draft" or "Draft" not in edges


def test_the_mark_stands_on_the_review_copy_too(tmp_path: Path) -> None:
    said = "status: withdrawn"
    (tmp_path / "content.yaml").write_text(GOOD.replace("cite: Cite me", f"cite: Cite me, {said}"))
    outcome = run(tmp_path / "content.yaml", tmp_path / "build", outputs=(OutputName.REVIEW,))
    assert not outcome.refused
    data = (tmp_path / "build" / "review" / "fact-sheet-review.pdf").read_bytes()
    sheets = readback.read(data).sheets
    first = " ".join(item.text.strip() for item in sheets[0].read if isinstance(item, TextRun))
    words = " ".join(run.text for sheet in sheets for run in sheet.unread)
    assert "Withdrawn: do not use" in first
    assert "WITHDRAWN" in words


# ------------------------------------------------------------------ strict


# That no build of the two has a finding is seen in test_flagship.py and test_other.py.
@pytest.mark.parametrize("content", usually([STARTER], [FLAGSHIP, OTHER]), ids=lambda content: content.parent.name)
def test_content_of_the_repository_passes_a_strict_check(content: Path, tmp_path: Path) -> None:
    done = typed(tmp_path, "check", "--strict", "--content", str(content), "--today", str(LATER), "--json")
    assert (done.returncode, done.stdout, done.stderr) == (report.BUILT, "", "")


def test_a_warning_refuses_only_a_strict_build(tmp_path: Path) -> None:
    content = tmp_path / "content.yaml"
    content.write_text(GOOD)
    job = build.Job(content, "content.yaml", tmp_path / "build", TEMPLATES, TODAY, strict=True)
    strict = build.run(job)
    assert Severity.WARNING in {finding.severity for finding in strict.findings}
    assert Severity.ERROR not in {finding.severity for finding in strict.findings}
    assert strict.refused
    assert not list((tmp_path / "build").glob("*.pdf"))
    assert not run(content, tmp_path / "build").refused
    assert len(list((tmp_path / "build").glob("*.pdf"))) == 2


def test_an_answer_lets_a_strict_build_pass_and_is_counted(tmp_path: Path) -> None:
    answers = "answers:\n  - {finding: page-thin, reason: A test.}\n"
    (tmp_path / "content.yaml").write_text(GOOD + answers)
    done = typed(tmp_path, "--strict", "--today", str(TODAY))
    assert done.returncode == report.BUILT, done.stderr
    assert re.search(r"1 note \(2 answered in the content\)", done.stdout)


def test_an_answer_with_a_place_leaves_the_others_open(tmp_path: Path) -> None:
    weak = GOOD.replace("kind: data", "kind: paraphrase").replace(
        "figures:\n", "figures:\n  walks: {value: 3, as_of: 2024-05, sources: [census]}\n"
    )
    weak = weak.replace("{{rides}} rides", "{{rides}} rides and {{walks}} walks")
    (tmp_path / "content.yaml").write_text(weak + "answers:\n  - {finding: figure-weak, at: walks, reason: A test.}\n")
    outcome = run(tmp_path / "content.yaml", tmp_path, dry=True)
    assert [one.about for one in outcome.findings if one.code == "figure-weak"] == ["rides"]
    assert [(one.code, one.about) for one, _ in outcome.answered] == [("figure-weak", "walks")]


def test_an_answer_may_lower_a_warning_to_a_note(tmp_path: Path) -> None:
    answers = "answers:\n  - {finding: page-thin, severity: note, reason: A test.}\n"
    content = tmp_path / "content.yaml"
    content.write_text(GOOD + answers)
    outcome = build.run(build.Job(content, "content.yaml", tmp_path / "build", TEMPLATES, TODAY, strict=True))
    assert not outcome.refused
    assert {(one.code, one.severity) for one in outcome.findings} == {
        ("page-thin", Severity.NOTE),
        ("figures-unchecked", Severity.NOTE),
    }


def test_the_day_of_a_build_changes_findings_and_never_the_pages(tmp_path: Path) -> None:
    content = tmp_path / "content.yaml"
    content.write_text(GOOD.replace("cite: Cite me", "cite: Cite me, stale_after_days: 100"))
    days = [datetime.date(2024, 7, 1), datetime.date(2030, 1, 1)]
    runs = [build.run(build.Job(content, "c", tmp_path, TEMPLATES, day, dry=True)) for day in days]
    pages = [[proof.pdf for proof in run.work.proofs.values()] for run in runs if run.work]
    assert pages[0] == pages[1]
    assert ["figure-stale" in {one.code for one in run.findings} for run in runs] == [False, True]


def test_an_error_cannot_be_answered(tmp_path: Path) -> None:
    answers = "answers:\n  - {finding: figure-unknown, reason: A test.}\n"
    (tmp_path / "content.yaml").write_text(GOOD.replace("{{rides}}", "{{ridez}}") + answers)
    assert "figure-unknown" in {one.code for one in run(tmp_path / "content.yaml", tmp_path, dry=True).findings}
