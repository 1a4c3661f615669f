"""The fact sheet keeps to one page and fills it while its text grows and shrinks; beyond that it is refused.

Blocks that the content marks `optional` are counted as they are: they may be left out where the text is long.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from briefing.content.blocks import Questions
from briefing.content.briefing import Briefing
from briefing.pipeline.document import make
from briefing.pipeline.document_job import DocumentJob
from tests.support.builds import (
    FLAGSHIP,
    GOOD,
    OTHER,
    PAPER_NAMES,
    ROOT,
    Built,
    briefing_of,
    built,
    fits,
    orders,
    swapped,
)
from tests.support.examples import usually

GROWS = "facts"  # the running text of the fact sheet, a list
BEYOND = 250
SENTENCE = (
    "The counts are kept by the offices that are named here, and each may still be corrected by its office later on."
)


def prose(sentences: int, more: str = "") -> str:
    """A small content whose fact sheet has text alone."""
    text = f"prose:\n{more}        text: {' '.join([SENTENCE] * sentences)}"
    return swapped(GOOD, ("takeaways:\n        items: [A plain sentence.]", text))


PLAIN = prose(20, f"        id: {GROWS}\n")


def charted() -> str:
    """The sample with a chart in its fact sheet where a map and questions stand: a sheet with room for more."""
    head, sheet = FLAGSHIP.read_text(encoding="utf-8").split("\nfact_sheet:\n")
    opening, *blocks = re.split(r"(?m)^(?=    - \w+:)", sheet)
    chart = "    - chart: {id: chart-months, chart: months, height_mm: 33}\n"
    kept = [chart if "id: questions" in block else block for block in blocks if "id: map" not in block]
    assert len(kept) == len(blocks) - 1
    assert chart in kept
    return "".join([head, "\nfact_sheet:\n", opening, *kept])


CHARTED = charted()
# The sample's own sheet is full and can only shrink. The ends of the ranges, and at night every step on both papers.
STEPS = [("letter", -60), *(((paper, CHARTED), words) for paper, words in (("a4", -20), ("letter", 40)))]
EVERY = [
    *((paper, words) for paper in PAPER_NAMES for words in range(-60, 1, 20)),
    *(((paper, CHARTED), words) for paper in PAPER_NAMES for words in range(-20, 41, 20)),
]
OTHERS = [step for step in EVERY if step not in STEPS]


@pytest.fixture(scope="module")
def order(request: pytest.FixtureRequest, drawings: Path) -> DocumentJob:
    paper, content = request.param if isinstance(request.param, tuple) else (request.param, FLAGSHIP)
    text, folder = (
        (content.read_text(encoding="utf-8"), content.parent) if isinstance(content, Path) else (content, ROOT)
    )
    return orders(briefing_of(text), folder, paper, drawings, ("fact_sheet",))[0]


@pytest.mark.parametrize(("order", "words"), usually(STEPS, OTHERS), indirect=["order"])
def test_the_fact_sheet_fills_its_page_over_the_range(order: DocumentJob, words: int) -> None:
    proof = make(with_words(order, words))
    assert not proof.findings or {finding.code for finding in proof.findings} <= {"block-dropped"}
    assert proof.pages == 1
    assert 0.92 < proof.fill <= 1.0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("order", "how"),
    usually(
        [(("a4", PLAIN), "paragraphs")],
        [
            *((paper, how) for paper in PAPER_NAMES for how in ("items", "paragraphs")),
            (("a4", OTHER), "paragraphs"),
        ],
    ),
    indirect=["order"],
)
def test_what_cannot_fit_is_refused_with_a_word_count_right_to_a_fifth(order: DocumentJob, how: str) -> None:
    def fitting(words: float) -> bool:
        return fits(with_words(order, round(words), how))

    proof = make(with_words(order, BEYOND, how))
    said = next(finding for finding in proof.findings if finding.code == "overflow")
    assert not proof.pdf
    # Where it does matter which text is cut, the number is that of the text which has grown.
    words = re.search(r"about ([\d,]+) words", f"{said.message} {said.hint}")
    assert words
    counted = int(words[1].replace(",", ""))
    # Of the words that must really go, the count is no more than a fifth too many or too few.
    assert fitting(BEYOND - counted / 0.8), f"{counted} are too few"
    assert not fitting(BEYOND - counted / 1.2), f"{counted} are too many"


def test_a_refused_fact_sheet_leaves_the_old_files_as_they_were(flagship_letter: Built, tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_text(prose(36), encoding="utf-8")
    out = tmp_path / "build"
    out.mkdir()
    for file in flagship_letter.folder.iterdir():
        if file.is_file():
            (out / file.name).write_bytes(file.read_bytes())
    before = _bytes_and_times(out)
    run = built(tmp_path / "content.yaml", flagship_letter.paper, out)
    assert run.code == 1
    assert [finding["code"] for finding in run.findings if finding["severity"] == "error"] == ["overflow"]
    assert _bytes_and_times(out) == before
    assert len(before) >= 3


def _bytes_and_times(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.iterdir() if file.is_file()}


# ------------------------------------------------------------------ longer and shorter


def with_words(order: DocumentJob, words: int, how: str = "items") -> DocumentJob:
    """The order with so many words more in the fact sheet's running text, or fewer: there first, then elsewhere."""
    document = order.briefing.fact_sheet
    blocks = dict(enumerate(document.blocks))
    texts = {at: block for at, block in blocks.items() if getattr(block, "text", None)}
    to_go = -words
    for at, block in sorted(texts.items(), key=lambda item: item[1].id != GROWS):
        text = str(block.model_dump()["text"])
        if words > 0 and block.id == GROWS:
            blocks[at] = block.model_copy(update={"text": longer(text, words, how)})
        elif to_go > 0:
            shorter, cut = without(text, to_go)
            blocks[at] = block.model_copy(update={"text": shorter})
            to_go -= cut
    for at, block in blocks.items():
        items = list(block.items) if isinstance(block, Questions) else []
        for nth in reversed(range(len(items))):
            if to_go > 0:
                shorter, cut = without(str(items[nth].model_dump()["answer"]), to_go)
                items[nth] = items[nth].model_copy(update={"answer": shorter})
                to_go -= cut
        if items:
            blocks[at] = block.model_copy(update={"items": tuple(items)})
    assert to_go <= 0, f"{to_go} words more must go than the fact sheet has"
    changed = tuple(blocks.values())
    assert words == 0 or changed != document.blocks
    briefing: Briefing = order.briefing.model_copy(
        update={"fact_sheet": document.model_copy(update={"blocks": changed})}
    )
    return replace(order, briefing=briefing)


def longer(text: str, words: int, how: str) -> str:
    """A list with further items of a sentence each, or with paragraphs of three sentences below it."""
    sentence = SENTENCE.split()
    more = (sentence * (words // len(sentence) + 1))[:words]
    each, opening = (len(sentence), "\n- ") if how == "items" else (3 * len(sentence), "\n\n")
    return text.rstrip() + "".join(opening + " ".join(more[at : at + each]) for at in range(0, words, each)) + "\n"


def without(text: str, words: int) -> tuple[str, int]:
    """A text without so many of its last plain words, and how many went; figures, sources and emphasis stay."""
    pieces = re.split(r"(\s+)", text)
    plain = [
        at for at, piece in enumerate(pieces) if re.fullmatch(r"[A-Za-zÀ-ÿ’,;:.-]*[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ’,;:.-]*", piece)
    ]
    gone = plain[max(1, len(plain) - words) :]  # one stays, so that there is a text
    for at in gone:
        pieces[at] = ""
    left = re.sub(r"(?m)(?<=\S)[ ]{2,}(?=\S)", " ", "".join(pieces))
    return re.sub(r"(?m)^- *\n", "", left), len(gone)
