"""Partners whose marks content names stand in one strip at the foot of the last page, and are heard by their names."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from briefing.design.outputs import OutputName
from briefing.findings import Severity
from briefing.pipeline import build
from briefing.proofing import screen_reader
from tests.support.builds import GOOD, LATER, TEMPLATES

DRAWN = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} 10"><path d="M0 0H{wide}V10H0z" fill="#1f3a8a"/></svg>'
)
NAMED = "co_publishers: [{name: Ashby & Sons, logo: wide.svg}, {name: Lane Trust, logo: square.png}, The Quay Fund], "
IMPRINT = "    - imprint: {}\n"

pytestmark = pytest.mark.whole


def partnered(folder: Path, partners: str = NAMED) -> Path:
    (folder / "wide.svg").write_text(DRAWN.format(wide=60))
    (folder / "active.svg").write_text(DRAWN.format(wide=10).replace("<path", "<script/><path"))
    Image.new("RGB", (300, 300), "#14532d").save(folder / "square.png")
    Image.new("RGB", (30, 30), "#14532d").save(folder / "coarse.png")
    content = folder / "content.yaml"
    content.write_text(GOOD.replace("{title:", "{" + partners + "title:", 1))
    return content


def job(content: Path, **more: object) -> build.Job:
    order = build.Job(content, content.name, content.parent / "out", TEMPLATES, LATER)
    return replace(order, **more)  # type: ignore[arg-type]


def test_partners_stand_at_the_foot_of_the_last_page_and_are_heard_by_their_names(tmp_path: Path) -> None:
    content = partnered(tmp_path)
    made = build.run(job(content, outputs=(OutputName.READING, OutputName.PRESS)))
    assert not made.refused, made.findings
    assert not {one.code for one in made.findings} & {"text-lost", "text-surplus", "picture-lost", "brand-mark-coarse"}
    for name in ("policy-brief", "fact-sheet"):
        data = (tmp_path / "out" / f"{name}.pdf").read_bytes()
        heard = re.sub(r"\s+", " ", screen_reader.format_lines(screen_reader.read_aloud(data)))
        order = [heard.rfind(said) for said in ("Published with", "Ashby & Sons", "Lane Trust", "The Quay Fund")]
        assert -1 < order[0] < order[1] < order[2] < order[3], heard
        assert heard.count("Lane Trust") == 1, "the imprint does not say it again"
        with pypdfium2.PdfDocument(data) as pdf:
            boxes = [one.get_bounds() for one in pdf[len(pdf) - 1].get_objects(max_depth=5) if one.type in (1, 2, 3, 5)]
        sizes = {(round(right - left), round(top - bottom)) for left, bottom, right, top in boxes}
        assert {(102, 17), (34, 34)} <= sizes, "6 mm high of a long one, 12 mm of a square one"
    assert {"wide.svg", "square.png"} <= json.loads((tmp_path / "out" / "manifest.json").read_text())["inputs"][
        "content"
    ].keys()


@pytest.mark.parametrize(
    ("logo", "code"),
    [
        ("../wide.svg", "image-outside"),
        ("none.svg", "image-missing"),
        ("active.svg", "brand-mark-active"),
        ("coarse.png", "brand-mark-coarse"),
        ("content.yaml", "image-kind"),
    ],
)
def test_a_mark_that_cannot_be_printed_is_told_where_it_is_named(tmp_path: Path, logo: str, code: str) -> None:
    content = partnered(tmp_path, f"co_publishers: [Quay Fund, {{name: Lane Trust, logo: {logo}}}], ")
    told = [one for one in build.run(job(content, dry=True)).findings if one.severity is Severity.ERROR]
    assert [(one.code, one.place.column > 1, bool(one.hint)) for one in told] == [(code, True, True)]


def test_names_alone_stay_in_the_imprint(tmp_path: Path) -> None:
    content = partnered(tmp_path, "co_publishers: [Quay Fund, {name: Lane Trust}], ")
    content.write_text(content.read_text() + IMPRINT)
    assert not build.run(job(content, documents=("fact_sheet",))).refused
    heard = screen_reader.format_lines(screen_reader.read_aloud((tmp_path / "out" / "fact-sheet.pdf").read_bytes()))
    assert "Published with: Quay Fund, Lane Trust." in re.sub(r"\s+", " ", heard)
