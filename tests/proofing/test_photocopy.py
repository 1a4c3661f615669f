"""Pages are copied in grey and in black and white, and what a copy would lose is told; what copies well is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from briefing.findings import ContentPath, Severity
from briefing.proofing import comparison, expected, readback
from briefing.proofing.comparison import Faint, Placement
from briefing.proofing.page_facts import TaggedFigure
from briefing.proofing.photocopy import judge
from briefing.proofing.photocopy.greys import find_similar_areas, ratio
from tests.proofing.test_comparison import Laid, finished, laid, press, small
from tests.support import mutants
from tests.support.builds import OTHER, Built, briefing_of, orders

INK = "#1a1d21"


def copies(page: str, one: Laid) -> tuple[Faint, ...]:
    """What copies of a page would lose."""
    data = finished(press().write(press().lay(page, one.made.assets)).data)
    info = readback.read(data)
    return judge.simulate_and_judge(data, info, comparison.compare(one.script, info)[1])


def styled(one: Laid, style: str) -> str:
    return one.proof.html.replace("</style>", style + "</style>", 1)


def sheet(cache: Path) -> Laid:
    return laid(OTHER, "letter", cache)["fact_sheet"]


def alone(one: Laid, block: str) -> Laid:
    """A document of which no more than one block is laid."""
    others = [index for index in mutants.blocks(one.page) if one.page.elements[index].attributes["data-block"] != block]
    page = one.page.without(dict.fromkeys(mutants.apart(one.page, others), "display"), loose=True)
    return replace(one, proof=replace(one.proof, html=page))


def drawn(one: Laid, chart: str, change: Callable[[str], str]) -> Laid:
    """The same document with a chart that is drawn otherwise."""
    name = next(a.picture.name for a in one.script.strings if a.picture and a.path[1:2] == (chart,))
    before = one.made.assets[name].decode()
    after = change(before)
    assert after != before
    return replace(one, made=replace(one.made, assets={**one.made.assets, name: after.encode()}))


def facts(cache: Path) -> Laid:
    """The fact sheet with the list alone that the styles below are for."""
    return alone(sheet(cache), "facts")


def codes(found: tuple[Faint, ...]) -> set[str]:
    return {one.code for one in found}


# ------------------------------------------------------------------ pages that copy well


def alarms(built: Built, cache: Path) -> list[Faint]:
    """What copies of the published files would lose."""
    briefing = briefing_of(built.content.read_text(encoding="utf-8"))
    found: list[Faint] = []
    for order in orders(briefing, built.content.parent, built.paper, cache):
        data = built.files[order.document].read_bytes()
        info = readback.read(data)
        script = expected.expected_document(
            briefing, order.ledger, order.wording, order.document, order.pictures, frozenset(), range(200)
        )
        # On the page, pictures of the margin column come in another order than in the records.
        drawn = {
            " ".join(item.alt.split()): item for s in info.sheets for item in s.read if isinstance(item, TaggedFigure)
        }
        drawn.pop(briefing.briefing.publisher, None)  # its mark in the masthead is drawn by the look
        stood = [
            Placement(wanted, ((picture.page, picture.box),), ())
            for wanted in script.strings
            if wanted.picture and (picture := drawn.get(" ".join(wanted.text.split())))
        ]
        assert len(stood) == len(drawn) >= 2
        found += judge.simulate_and_judge(data, info, stood)
    return found


# The judge looks at every build; here he looks at what is published.
def test_the_flagship_copies_well(flagship: Built, drawings: Path) -> None:
    assert alarms(flagship, drawings) == []


def test_the_other_content_copies_well(other: Built, drawings: Path) -> None:
    assert alarms(other, drawings) == []


@pytest.mark.parametrize(
    "style",
    [
        "#facts li { color: #6b6b6b }",
        "#facts li, #facts li * { color: white; background: #555 }",
        "#facts li { color: black; background: #999 }",
        "#facts { border: 0.5pt solid #777 }",
        "#facts li { font-size: 7.6pt }",
    ],
)
def test_what_is_pale_fine_or_small_within_bounds_is_not_told(style: str, drawings: Path) -> None:
    one = facts(drawings)
    assert copies(styled(one, style), one) == ()


# ------------------------------------------------------------------ one thing broken


@pytest.mark.parametrize(
    ("style", "code"),
    [
        ("#facts li { color: #8a8a8a }", "copy-text-faint"),
        ("#facts li { color: #d08000 }", "copy-text-faint"),
        ("#facts li { color: #666; background: #b4b4b4 }", "copy-text-faint"),
        ("#facts li { color: white; background: #909090 }", "copy-text-faint"),
        ("#facts li { color: #000; background: #7c7c7c }", "copy-text-lost"),
        ("#facts { border-bottom: 0.1pt solid black }", "copy-hairline"),
        ("#facts { border: 0.2pt solid black }", "copy-hairline"),
        ("#facts::after { content: ''; display: block; background: black; height: 0.2pt }", "copy-hairline"),
        ("#facts li, #facts li * { font-size: 6.8pt }", "copy-type-small"),
    ],
)  # fmt: skip
def test_one_thing_that_does_not_copy_is_told_alone_and_in_its_place(style: str, code: str, drawings: Path) -> None:
    one = facts(drawings)
    found = copies(styled(one, style), one)
    assert codes(found) == {code}
    assert {faint.block for faint in found} == {"facts"}
    assert {faint.page for faint in found} == {0}
    assert all(faint.path[:2] == ("fact_sheet", "blocks") for faint in found)


@pytest.mark.parametrize(
    ("type_", "told"), [("400 20pt serif", set()), ("700 15pt serif", set()), ("400 15pt serif", {"copy-text-faint"})]
)
def test_large_type_may_be_paler(type_: str, told: set[str], drawings: Path) -> None:
    """The greys lie on both sides of the middle, with 3:1 between them."""
    one = facts(drawings)
    style = f"#facts h2 {{ color: #ddd; background: #7c7c7c; font: {type_} }}"
    assert codes(copies(styled(one, style), one)) == told


def test_pale_type_that_turns_white_is_told_once(drawings: Path) -> None:
    one = facts(drawings)
    (found,) = copies(styled(one, "#facts h2 { color: #8d8d8d; font-size: 20pt }"), one)
    assert (found.code, found.text, found.block) == ("copy-text-lost", "“What is known”", "facts")
    assert found.measure > 0.9


def test_a_pale_running_head_is_told_at_the_briefing(drawings: Path) -> None:
    one = small(drawings, pages=3)
    style = "@page { @bottom-left { color: #999 !important } @bottom-right { color: #999 !important } }"
    found = copies(styled(one, style), one)
    assert codes(found) == {"copy-text-faint"}
    assert {(faint.path, faint.block) for faint in found} == {(("briefing",), "")}
    assert [faint.text.partition(", also ")[2] for faint in found] == ["on pages 2, 3"]


# ------------------------------------------------------------------ charts


STACKED = "use-by-sector"


def test_areas_of_a_chart_that_touch_in_one_grey_are_told_at_the_chart(drawings: Path) -> None:
    """Blue and orange are far apart on the page, and the same on a copy, where no seam of paper lies between them."""
    one = alone(laid(OTHER, "letter", drawings)["brief"], "stacked")

    def touching(svg: str) -> str:
        svg = re.sub(r'(<path[^>]*fill=")#a63a17', r"\1#cc7a24", svg)
        return svg.replace('stroke="#ffffff"', 'stroke="none"').replace('"#ffffff"', f'"{INK}"')

    orange = drawn(one, STACKED, touching)
    (found,) = copies(one.proof.html, orange)
    assert (found.code, found.text, found.block) == ("copy-areas-alike", "#cc7a24 and #5f8ea6", "stacked")
    assert found.path == ("charts", STACKED, "alt")
    assert found.measure < 1.3


def test_an_area_that_is_lost_on_its_paper_is_told(drawings: Path) -> None:
    one = alone(laid(OTHER, "letter", drawings)["brief"], "columns")
    pale = drawn(one, "fall-by-year", lambda svg: svg.replace('fill="#5f8ea6"', 'fill="#ffe9c0"'))
    (found,) = copies(one.proof.html, pale)
    assert (found.code, found.path) == ("copy-areas-alike", ("charts", "fall-by-year", "alt"))


def test_fine_lines_of_a_chart_are_told_at_it(drawings: Path) -> None:
    one = sheet(drawings)
    fine = drawn(one, "recharge-estimates", lambda svg: re.sub(r'stroke-width="[^"]*"', 'stroke-width="0.2"', svg))
    (found,) = copies(one.proof.html, fine)
    assert (found.code, found.path) == ("copy-hairline", ("charts", "recharge-estimates", "alt"))
    assert found.measure < 0.25


def test_pale_labels_of_a_chart_are_told_together(drawings: Path) -> None:
    one = alone(laid(OTHER, "letter", drawings)["brief"], "stacked")
    dark = drawn(one, STACKED, lambda svg: svg.replace("#5f8ea6", "#4a6470"))
    (found,) = copies(one.proof.html, dark)
    assert (found.code, found.path, found.text) == ("copy-text-faint", ("charts", STACKED, "alt"), "“25%”, “20%”")


# ------------------------------------------------------------------ shades


def picture(draw: Callable[[ImageDraw.ImageDraw], None]) -> Image.Image:
    """Two halves in blue and brown, of one grey, and what is drawn over them."""
    image = Image.new("RGB", (120, 80), "#0b3f5c")
    pen = ImageDraw.Draw(image)
    pen.rectangle((60, 0, 119, 79), fill="#5c2a10")
    draw(pen)
    return image


@pytest.mark.parametrize(
    ("draw", "pairs"),
    [
        (lambda pen: None, 1),
        (lambda pen: pen.line((60, 0, 60, 79), fill="#33353a"), 1),  # a blend, as edges have
        (lambda pen: pen.line((60, 0, 60, 79), fill="#a0a0a0"), 0),
        (lambda pen: pen.line((60, 0, 60, 79), fill="#ffffff", width=3), 0),
        (lambda pen: pen.rectangle((0, 0, 53, 79), fill="#ffffff"), 1),  # a narrower area
        (lambda pen: pen.rectangle((0, 0, 57, 79), fill="#ffffff"), 0),  # no more than a line
        (lambda pen: pen.rectangle((60, 6, 119, 79), fill="#ffffff"), 0),  # they touch by a corner
        (lambda pen: pen.rectangle((60, 0, 119, 79), fill="#0b3f60"), 0),  # nobody sees that it is another colour
        (lambda pen: pen.rectangle((60, 0, 119, 79), fill="#5f8ea6"), 0),
    ],
)
def test_areas_are_alike_where_they_touch_in_one_grey_and_no_line_parts_them(
    draw: Callable[[ImageDraw.ImageDraw], None], pairs: int
) -> None:
    assert len(list(find_similar_areas(picture(draw), 1.3, paper=True))) == pairs


def test_paper_is_an_area_where_it_is_asked_for() -> None:
    image = picture(lambda pen: pen.rectangle((60, 0, 119, 79), fill="#ffffff"))
    ImageDraw.Draw(image).rectangle((0, 0, 59, 79), fill="#ffe9c0")
    assert len(list(find_similar_areas(image, 1.3, paper=True))) == 1
    assert list(find_similar_areas(image, 1.3, paper=False)) == []


@given(st.floats(0, 255), st.floats(0, 255))
def test_a_contrast_is_the_same_both_ways_and_has_bounds(one: float, other: float) -> None:
    assert ratio(one, other) == ratio(other, one)
    assert 1 <= ratio(one, other) <= 21.0001
    assert ratio(0, 255) == pytest.approx(21)


# ------------------------------------------------------------------ in words


def test_what_is_told_names_the_line_the_page_and_a_remedy() -> None:
    path = ("brief", "blocks", 3, "prose", "text")
    for code in judge.CODES:
        (said,) = judge.format_findings([Faint(code, "“Words”", path, "facts", 1, 0.6)], "Policy brief")
        assert (said.code, said.severity, said.about, said.at) == (
            code,
            Severity.WARNING,
            "facts",
            ContentPath(path),
        )
        assert "age 2 of the policy brief" in said.message
        assert said.hint


def test_one_pale_ink_is_told_once_for_all_pages(drawings: Path) -> None:
    one = small(drawings, pages=3)
    data = finished(
        press().write(press().lay(styled(one, ".prose p, .marks { color: #aaa !important }"), one.made.assets)).data
    )
    info = readback.read(data)
    _, stood = comparison.compare(one.script, info)
    found = [faint for faint in judge.simulate_and_judge(data, info, stood) if faint.code == "copy-text-faint"]
    assert len(found) <= 2
    assert "also on pages 2, 3" in found[0].text


def test_a_head_that_is_only_pale_is_not_lost(drawings: Path) -> None:
    one = small(drawings, pages=3)
    page = styled(one, "@page { @bottom-right { color: #b4b4b4 } }")
    data = finished(press().write(press().lay(page, one.made.assets)).data)
    info = readback.read(data)
    amiss, stood = comparison.compare(one.script, info)
    assert "head-lost" not in {found.code for found in amiss}
    assert "copy-text-faint" in {found.code for found in judge.simulate_and_judge(data, info, stood)}


def test_a_head_that_is_lost_on_all_pages_is_told_once(drawings: Path) -> None:
    one = small(drawings, pages=3)
    page = styled(one, "@page { @bottom-left { color: #fff } }")
    data = finished(press().write(press().lay(page, one.made.assets)).data)
    amiss, _ = comparison.compare(one.script, readback.read(data))
    assert [found.code for found in amiss] == ["head-lost"]
