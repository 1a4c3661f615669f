"""Every kind of chart on real pages, heard with its values, and a map with relief across the sheet."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.design.outputs import USES, OutputName
from briefing.pipeline.document import make
from briefing.proofing.screen_reader import read_aloud
from tests.support.builds import CHARTS, FLAGSHIP, briefing_of, orders, proofs
from tests.support.examples import usually


def test_every_kind_of_chart_is_printed_and_heard(drawings: Path) -> None:
    made = proofs(CHARTS, "letter", drawings)
    faults = [one for proof in made.values() for one in proof.findings if one.severity.value == "error"]
    assert faults == []
    heard = " ".join(line.text for line in read_aloud(made["brief"].pdf))
    for said in ("in all: up to $8 million", "2013: 3,051", "2024 falls below 2023", "Venezuela: 2022 61%, 2023 63%"):
        assert said in heard
    assert "Venezuela: 328,650; Ecuador: 57,250; Colombia: 18,841; Haiti: 46,422; Peru: no value" in heard
    assert "Steps. Larger values lie lower. " in heard
    assert "Islands: 2022 18%, 2023 19%, 2024 19.5%" in heard
    assert "of homes are not connected: 12.5%" in heard
    assert "Coast, Kilometers to a clinic 13.5: 12%" in heard
    assert "Texas: 420; Florida: 311" in heard
    assert "Alabama: no value" in heard
    assert "Joined on 11 June: Colombia, Panama" in heard


@pytest.mark.parametrize("paper", usually(["letter"], ["a4"]))
def test_a_map_with_relief_below_a_legend_is_whole_in_large_print(paper: str, drawings: Path) -> None:
    content = FLAGSHIP.read_text(encoding="utf-8")
    jobs = orders(briefing_of(content), FLAGSHIP.parent, paper, drawings, ("brief",), USES[OutputName.LARGE_PRINT])
    (made,) = [make(job) for job in jobs]
    assert [one.code for one in made.amiss] == []
