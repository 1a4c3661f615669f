"""An answer holds as long as what it was given for: a status, an edition."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from briefing.content.records import Status
from briefing.design.outputs import OutputName
from briefing.findings import Severity
from briefing.pipeline import build
from briefing.pipeline.job import Job
from briefing.products.registry import ProductOptions
from tests.support.builds import GOOD, TEMPLATES, swapped

pytestmark = pytest.mark.slow

FIGURES = "answers:\n  - {finding: figures-unchecked, STATUS reason: A test.}\n"


def noticed(
    text: str,
    tmp_path: Path,
    options: ProductOptions | None = None,
    outputs: tuple[OutputName, ...] = (OutputName.READING,),
) -> dict[str, Severity]:
    (tmp_path / "content.yaml").write_text(text)
    job = Job(
        content=tmp_path / "content.yaml",
        name="content.yaml",
        out=tmp_path / "build",
        templates=TEMPLATES,
        today=datetime.date(2024, 7, 1),
        outputs=outputs,
        dry=True,
        documents=("brief",) if OutputName.BOOKLET in outputs else ("fact_sheet",),
        options=options or ProductOptions(),
    )
    return {finding.code: finding.severity for finding in build.run(job).findings}


def text_of(status: Status, more: str = "") -> str:
    return swapped(GOOD, ("date: 2024-06-12", f"date: 2024-06-12, status: {status.value}")) + more


@pytest.mark.parametrize(
    ("status", "given", "told"),
    [
        (Status.DRAFT, "", {"figures-unchecked": None, "answer-fallen": None}),
        (Status.DRAFT, "status: final,", {"figures-unchecked": Severity.NOTE, "answer-fallen": Severity.WARNING}),
        (Status.FINAL, "", {"figures-unchecked": Severity.ERROR, "answer-fallen": Severity.WARNING}),
        (Status.FINAL, "status: draft,", {"figures-unchecked": Severity.ERROR, "answer-fallen": Severity.WARNING}),
        (Status.FINAL, "status: final,", {"figures-unchecked": None, "answer-fallen": None}),
        (Status.FINAL, "status: final, edition: 2,", {"figures-unchecked": Severity.ERROR}),
    ],
)
def test_what_excuses_a_draft_does_not_excuse_a_final_paper(
    status: Status, given: str, told: dict[str, Severity | None], tmp_path: Path
) -> None:
    found = noticed(text_of(status, FIGURES.replace("STATUS", given)), tmp_path)
    assert {code: found.get(code) for code in told} == told


def test_a_final_paper_with_checked_figures_needs_no_answer(tmp_path: Path) -> None:
    signed = swapped(
        text_of(Status.FINAL), ("sources: [census]}", "sources: [census], checked: {by: A, on: 2024-06-01}}")
    )
    assert "figures-unchecked" not in noticed(signed, tmp_path)


@pytest.mark.parametrize(
    ("status", "draft", "refused"),
    [(Status.DRAFT, False, True), (Status.DRAFT, True, False), (Status.FINAL, False, False)],
)
def test_a_draft_goes_to_a_print_shop_only_if_that_is_said(
    status: Status, draft: bool, refused: bool, tmp_path: Path
) -> None:
    text = text_of(status, FIGURES.replace("STATUS", f"status: {status.value},"))
    options = ProductOptions(copies={}, draft=draft)
    press, of_press = (OutputName.PRESS,), replace(options, booklet_of=OutputName.PRESS)
    told = {"press-draft": Severity.ERROR} if refused else {}
    for outputs, asked in ((press, options), ((OutputName.BOOKLET,), of_press)):
        found = noticed(text, tmp_path, asked, outputs)
        assert {code: found[code] for code in found if code == "press-draft"} == told
    beside = noticed(text, tmp_path, options, (OutputName.READING, OutputName.PRESS))
    assert beside.get("press-draft") == (Severity.NOTE if refused else None)


THIRDS = """\
charts:
  thirds:
    {kind: parts, title: A point, alt: A bar, subtitle: Shares, unit: percent, as_of: 2024, sources: [census], data: [
      {label: A, value: 33}, {label: B, value: 33}, {label: C, value: 33}, {label: All, value: 100, total: true}]}
"""


def test_parts_that_come_to_their_total_but_for_rounding_need_an_answer_and_may_be_built(tmp_path: Path) -> None:
    text = swapped(text_of(Status.DRAFT), ("brief:\n  pages", THIRDS + "brief:\n  pages"))
    text = swapped(text, ("    - prose", "    - chart: {chart: thirds}\n    - prose"))
    assert noticed(text, tmp_path)["total-differs"] is Severity.WARNING
    answered = noticed(f"{text}answers:\n  - {{finding: total-differs, at: thirds, reason: Rounded.}}\n", tmp_path)
    about = (
        ("value: 300,", "value: 33, unit: percent, qualifier: about,"),
        ("{label: A, value: 33}", "{label: A, figure: rides}"),
    )
    for found in (answered, noticed(swapped(text, *about), tmp_path)):
        assert "total-differs" not in found
        assert Severity.ERROR not in found.values()


def test_the_values_of_a_list_of_parts_are_read_apart_from_their_names(tmp_path: Path) -> None:
    text = swapped(text_of(Status.DRAFT), ("brief:\n  pages", THIRDS + "brief:\n  pages"))
    text = swapped(text, ("    - prose", "    - chart: {chart: thirds, place: side}\n    - prose"))
    names = ((f"label: {name},", f"label: {name} is a long name of a part that folds,") for name in "ABC")
    assert Severity.ERROR not in noticed(swapped(text, *names), tmp_path).values()
