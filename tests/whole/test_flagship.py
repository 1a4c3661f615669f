"""The repository's own documents, made by whole runs on both papers, held against what is promised of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pypdfium2
import pytest

from briefing.design.tokens import read_tokens
from briefing.documents.block_views import View
from briefing.documents.document import DocumentView
from briefing.documents.html import compose
from briefing.documents.setting import Setting
from tests.support.builds import (
    FLAGSHIP,
    ROOT,
    TEMPLATES,
    Built,
    briefing_of,
    document_views,
    orders,
    proofs,
    view_of,
)
from tests.support.reading import (
    Type,
    block_words,
    common_size,
    destinations,
    fill,
    links,
    reading_order,
    squeezed,
    text,
    type_sizes,
)
from tests.support.validators import fonts, page_validation, qpdf_check, verapdf

TOKENS = read_tokens(TEMPLATES)
RUNNING = ("prose", "bottom_line")  # blocks that are read, not looked up


# ------------------------------------------------------------------ pages


def test_both_documents_are_built_without_a_finding(flagship: Built) -> None:
    assert (flagship.code, flagship.findings, flagship.noise) == (0, (), "")


def test_the_brief_has_four_pages_and_the_last_is_two_thirds_full(flagship: Built) -> None:
    with pypdfium2.PdfDocument(flagship.brief) as pdf:
        assert len(pdf) == 4
    assert fill(flagship.brief, 3, TOKENS) >= 2 / 3


def test_the_fact_sheet_is_one_page_and_fills_it(flagship: Built) -> None:
    with pypdfium2.PdfDocument(flagship.fact_sheet) as pdf:
        assert len(pdf) == 1
    assert fill(flagship.fact_sheet, 0, TOKENS) > 0.92


def test_both_documents_are_archivable_and_accessible_by_two_judges(flagship: Built) -> None:
    files = list(flagship.files.values())
    for standard in ("3a", "ua1"):
        assert page_validation(files, standard) == {file: [] for file in files}
        assert verapdf(files, standard) == {file: [] for file in files}


def test_both_files_are_sound_small_and_bring_their_fonts(flagship: Built) -> None:
    for file in flagship.files.values():
        assert qpdf_check(file) == []
        assert file.stat().st_size < 400_000
        found = fonts(file)
        assert len(found) >= 3
        assert all(font.embedded and font.subset and font.to_unicode for font in found)


# ------------------------------------------------------------------ text


def test_text_is_read_in_the_order_of_the_content(flagship: Built, drawings: Path) -> None:
    for name, made in document_views(FLAGSHIP, flagship.paper, drawings).items():
        read = squeezed("".join(said.text for said in reading_order(flagship.files[name])))
        openings = [squeezed(made.plain_title.removeprefix("DRAFT: "))]
        stacked = [view for row in made.rows() for view in row.get("main", [row.get("wide")])]
        in_text = (
            stacked
            if name == "fact_sheet"
            else [view for view in made.blocks if view.place != "side" and not view.is_band]
        )
        openings += [squeezed(next(iter(block_words(view)))) for view in in_text if block_words(view)]
        assert len(openings) >= 5
        position = 0
        for opening in openings:
            found = read.find(opening, position)
            assert found >= 0, f"{name}: {opening!r} does not follow what comes before it in the content"
            position = found + len(opening)


def test_every_word_of_every_block_is_read_once_the_page_is_made(flagship: Built, drawings: Path) -> None:
    printed = proofs(FLAGSHIP, flagship.paper, drawings)
    for job in orders(briefing_of(FLAGSHIP.read_text(encoding="utf-8")), ROOT, flagship.paper, drawings):
        name = job.document
        read = squeezed("".join(said.text for said in reading_order(flagship.files[name])))
        sources = [str(one.asked.path[1]) for one in printed[name].stood if one.asked.path[0] == "sources"]
        for view in view_of(job, sources).blocks:
            if view.kind not in ("map", "chart"):  # words in a drawing come in the order of the drawing
                missing = [run for run in block_words(view) if squeezed(run) not in read]
                assert not missing, f"{name}, {view.id}"


def test_sources_are_numbered_in_the_order_in_which_the_content_uses_them(
    flagship_views: Mapping[str, DocumentView],
) -> None:
    for name, made in flagship_views.items():
        first: dict[int, None] = {}
        for view in made.blocks:
            for markup in _markups(view.data):
                first |= dict.fromkeys(int(number) for number in re.findall(r'href="#source-(\d+)"', markup))
        listed = [item["number"] for view in made.blocks if view.kind == "sources" for item in view.data["items"]]
        lede = re.findall(r'href="#source-(\d+)"', f"{made.title} {made.lede or ''}")
        order = [*dict.fromkeys([*map(int, lede), *first])]
        assert sorted(order) == listed == list(range(1, len(listed) + 1)), name
        assert _one_by_one(made) == listed, name


def _one_by_one(made: DocumentView) -> list[int]:
    """The sources by the place of their first mark on the page, margin blocks where the content has them."""
    html = compose(made, Setting(), TEMPLATES)
    if made.document == "brief":
        return [int(number) for number in re.findall(r'id="mark-(\d+)"', html)]
    # The fact sheet's columns stand side by side: the content's order is that of its blocks.
    found = [re.findall(r'id="mark-(\d+)"', markup) for markup in (made.title, made.lede or "")]
    found += [re.findall(r'id="mark-(\d+)"', markup) for view in made.blocks for markup in _markups(view.data)]
    return [int(number) for numbers in found for number in numbers]


def _markups(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [found for item in value.values() for found in _markups(item)]
    return [found for item in value for found in _markups(item)] if isinstance(value, list | tuple) else []


def test_every_source_mark_leads_to_the_list_and_every_number_of_the_list_back(
    flagship: Built, flagship_views: Mapping[str, DocumentView]
) -> None:
    for name, made in flagship_views.items():
        count = next(len(view.data["items"]) for view in made.blocks if view.kind == "sources")
        led = set(links(flagship.files[name]))
        wanted = {f"{end}-{number}" for end in ("source", "mark") for number in range(1, count + 1)}
        assert count > 5
        assert wanted <= led
        assert led <= destinations(flagship.files[name])


# ------------------------------------------------------------------ type


def test_type_is_never_smaller_than_its_floor(flagship: Built) -> None:
    for file in flagship.files.values():
        runs = type_sizes(file)
        assert len(runs) > 50
        assert min(run.points for run in runs) >= 6.0
        small = {run for run in runs if run.points < 7.5 and not re.fullmatch(r"[\d\s,†]+", run.text)}
        assert not small


def test_running_text_is_ten_points_at_least(flagship: Built, drawings: Path) -> None:
    for name, made in document_views(FLAGSHIP, flagship.paper, drawings).items():
        running = _words(view for view in made.blocks if view.kind in RUNNING)
        others = _words(view for view in made.blocks if view.kind not in RUNNING)
        runs = [run for run in type_sizes(flagship.files[name]) if _is_only_of(run, running, others)]
        assert len(runs) >= 4
        assert common_size(runs) >= 10.0, name
        assert min(run.points for run in runs) >= 10.0, name


def _words(views: Iterable[View]) -> str:
    return squeezed(" ".join(run for view in views for run in block_words(view)))


def _is_only_of(run: Type, words: str, others: str) -> bool:
    """Whether a run of type stands in these words; a few words might stand in any."""
    said = squeezed(run.text)
    return len(said) >= 25 and said in words and said not in others


# ------------------------------------------------------------------ a number is written once


@pytest.mark.parametrize(
    ("changes", "old", "new", "places"),
    [
        (
            {"reward-arrest": ("2000000", "3000000"), "reward-total": ("8000000", "9000000")},
            ("$2 million", "$8 million"),
            ("$3 million", "$9 million"),
            ("brief", "fact_sheet", "drawing"),
        ),
        ({"crossings-2023": ("520085", "520185")}, ("520,085",), ("520,185",), ("brief", "fact_sheet", "drawing")),
        (
            {
                "crossings-early-june": ("4499", "4599"),
                "crossings-2024-05": ("30747", "30647"),
                "crossings-jan-may-2024": ("170014", "169914"),
            },
            ("30,747", "170,014"),
            ("30,647", "169,914"),
            ("brief", "drawing"),
        ),
    ],
)
def test_a_figure_that_changes_changes_wherever_it_is_printed(
    changes: dict[str, tuple[str, str]],
    old: tuple[str, ...],
    new: tuple[str, ...],
    places: tuple[str, ...],
    drawings: Path,
) -> None:
    content = FLAGSHIP.read_text(encoding="utf-8")
    before = _pages(content, drawings)
    after = _pages(_with_values(content, changes), drawings)
    for gone, come in zip(old, new, strict=True):
        told = {name: page.count(gone) for name, page in before.items()}
        assert {name: page.count(come) for name, page in after.items()} == told
        assert not [name for name, page in after.items() if gone in page]
    assert {name for name, page in before.items() if any(value in page for value in old)} == set(places)


def _pages(content: str, drawings: Path) -> dict[str, str]:
    """What each document says, and what stands in the drawings, hard spaces made soft."""
    found = {"drawing": ""}
    for order in orders(briefing_of(content), ROOT, "letter", drawings):
        made = view_of(order)
        found[order.document] = compose(made, Setting(), TEMPLATES).replace("\u00a0", " ")
        found["drawing"] += " ".join(data.decode() for name, data in made.assets.items() if name != "qr.svg")
    return {name: page.replace("\u00a0", " ") for name, page in found.items()}


def _with_values(content: str, changes: Mapping[str, tuple[str, str]]) -> str:
    for name, (old, new) in changes.items():
        pattern = rf"(?m)(^  {re.escape(name)}:(?: \{{|\s+)value: ){old}\b"
        content, count = re.subn(pattern, rf"\g<1>{new}", content)
        assert count == 1, name
    return content


# ------------------------------------------------------------------ the same inputs


def test_the_documents_say_nothing_of_the_machine(flagship: Built) -> None:
    for file in flagship.files.values():
        data = file.read_bytes()
        assert str(ROOT).encode() not in data
        assert b"file:" not in data
        assert "file:" not in text(file)
