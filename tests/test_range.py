"""The fact sheet keeps to one page and fills it while its text grows and shrinks; beyond that it is refused.

Blocks that the content marks `optional` are counted as they are: they may be left out where the text is long.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from briefing import press
from briefing.findings import has_errors
from briefing.model import Briefing, ProseBlock
from tests.builds import FLAGSHIP, PAPER_NAMES, ROOT, Built, briefing_of, built, orders

GROWS = "facts"  # the running text of the fact sheet, a list
STEPS = range(-60, 61, 20)
BEYOND = 250
SENTENCE = (
    "The counts are kept by the offices that are named here, and each of them may still be corrected by its office later."
)


@pytest.fixture(scope="module", params=PAPER_NAMES)
def order(request: pytest.FixtureRequest, drawings: Path) -> press.Order:
    briefing = briefing_of(FLAGSHIP.read_text(encoding="utf-8"))
    return orders(briefing, ROOT, request.param, drawings, ("fact_sheet",))[0]


@pytest.mark.parametrize("words", STEPS)
def test_the_fact_sheet_fills_its_page_over_the_range(order: press.Order, words: int) -> None:
    proof = press.make(with_words(order, words))
    assert not proof.findings or {finding.code for finding in proof.findings} <= {"block-dropped"}
    assert proof.pages == 1
    assert 0.92 < proof.fill <= 1.0


def test_what_cannot_fit_is_refused_with_a_word_count_right_to_a_fifth(order: press.Order) -> None:
    proof = press.make(with_words(order, BEYOND))
    said = next(finding for finding in proof.findings if finding.code == "overflow")
    assert not proof.pdf
    counted = int(re.search(r"about ([\d,]+) words", said.message)[1].replace(",", ""))  # type: ignore[index]
    low, high = 0, BEYOND  # so many words fewer do not fit, and do
    while high - low > 4:
        middle = (low + high) // 2
        if has_errors(press.make(with_words(order, BEYOND - middle)).findings):
            low = middle
        else:
            high = middle
    assert counted == pytest.approx((low + high) / 2, rel=0.2)


def test_a_refused_fact_sheet_leaves_the_old_files_as_they_were(flagship: Built, tmp_path: Path) -> None:
    content = FLAGSHIP.read_text(encoding="utf-8")
    document = content.index("\nfact_sheet:")
    place = re.compile(rf"id: {GROWS}\n.*?\n        text: \|\n").search(content, document) or re.compile(
        rf"(?s)id: {GROWS}\n.*?text: \|\n"
    ).search(content, document)
    assert place
    extra = "".join(f"          - {SENTENCE}\n" for _ in range(BEYOND // 20))
    (tmp_path / "content.yaml").write_text(content[: place.end()] + extra + content[place.end() :], encoding="utf-8")
    out = tmp_path / "build"
    out.mkdir()
    for file in flagship.folder.glob("*.*"):
        (out / file.name).write_bytes(file.read_bytes())
    before = {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in out.iterdir()}
    run = built(tmp_path / "content.yaml", flagship.paper, out)
    assert run.code == 1
    assert [finding["code"] for finding in run.findings if finding["severity"] == "error"] == ["overflow"]
    assert {
        file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in out.iterdir() if file.is_file()
    } == before
    assert len(before) >= 3


# ------------------------------------------------------------------ longer and shorter


def with_words(order: press.Order, words: int) -> press.Order:
    """The order with so many words more, or fewer, in the running text of the fact sheet."""
    document = order.briefing.fact_sheet
    blocks = tuple(
        block.model_copy(update={"text": changed(block.text, words)})
        if isinstance(block, ProseBlock) and block.id == GROWS
        else block
        for block in document.blocks
    )
    assert words == 0 or blocks != document.blocks
    grown = document.model_copy(update={"blocks": blocks})
    briefing: Briefing = order.briefing.model_copy(update={"fact_sheet": grown})
    return replace(order, briefing=briefing)


def changed(text: str, words: int) -> str:
    """A list with further items of 21 words, the last of them cut; or without its last plain words."""
    if words > 0:
        more = (SENTENCE.split() * (words // len(SENTENCE.split()) + 1))[:words]
        each = len(SENTENCE.split())
        return text.rstrip() + "".join(f"\n- {' '.join(more[at : at + each])}" for at in range(0, words, each)) + "\n"
    return _cut(text, -words)


def _cut(text: str, words: int) -> str:
    """Take plain words from the end: figures, citations and emphasis stay, so the sources stay too."""
    pieces = re.split(r"(\s+)", text)
    plain = [at for at, piece in enumerate(pieces) if re.fullmatch(r"[A-Za-zÀ-ÿ’,;:.-]*[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ’,;:.-]*", piece)]
    assert len(plain) >= words, f"{GROWS} has only {len(plain)} plain words"
    for at in plain[len(plain) - words :]:
        pieces[at] = ""
    return re.sub(r"(?m)^- \s*$\n?|[ ]{2,}(?=\S)", lambda found: "" if found[0].startswith("-") else " ", "".join(pieces))
