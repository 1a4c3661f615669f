"""What a person with a screen reader hears: in the order of the content, with heads, numbers and where links lead."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from briefing.content.blocks import Options
from briefing.layout.typesetter import typesetter
from briefing.proofing.screen_reader import NO_TAGS, SpokenLine, format_lines, read_aloud
from tests.support.builds import FLAGSHIP, OTHER, TEMPLATES, Built, briefing_of, proofs
from tests.support.reading import squeezed


def said(data: bytes) -> list[str]:
    return [line.text for line in read_aloud(data)]


def without_targets(text: str) -> str:
    """What is heard without where links lead, and without the numbers of notes, which are heard in their links too."""
    marks = re.sub(r"\[Link: Source (\d+)(?:: [^\]]*| in the text)?\]", r"\1", re.sub(r"Note \d+: ", "", text))
    return re.sub(r"\[Link: (.*?)(?:, leads to [^\]]*)?\]", r"\1", marks)


# ------------------------------------------------------------------ our documents


@pytest.mark.parametrize("content", [FLAGSHIP, OTHER], ids=["flagship", "other"])
def test_every_text_of_the_content_is_heard_in_its_order(content: Path, drawings: Path) -> None:
    for name, made in proofs(content, "letter", drawings).items():
        assert not made.amiss
        heard = re.sub(
            r"\[Link: Source (\d+), back\]", r"\1", format_lines(read_aloud(made.pdf))
        )  # the number of a note
        speech = squeezed(without_targets(heard))
        at = 0
        asked = [stood.asked for stood in made.stood if not stood.asked.picture]
        assert len(asked) > 25
        for one in asked:
            found = speech.find(squeezed(one.text), at)
            assert found >= 0, f"{name}: {one.text!r} is not heard after what comes before it"
            at = found + len(squeezed(one.text))


@pytest.mark.parametrize("content", [FLAGSHIP, OTHER], ids=["flagship", "other"])
def test_every_picture_is_told_in_words(content: Path, drawings: Path) -> None:
    for made in proofs(content, "letter", drawings).values():
        lines = said(made.pdf)
        pictures = [stood.asked.text for stood in made.stood if stood.asked.picture]
        assert pictures
        assert [squeezed(line[9:]) for line in lines if line.startswith("Graphic: ")] == [*map(squeezed, pictures)]


def test_running_heads_and_page_numbers_are_not_heard_and_the_mark_of_a_draft_once(drawings: Path) -> None:
    briefing = briefing_of(FLAGSHIP.read_text(encoding="utf-8"))
    brief = proofs(FLAGSHIP, "letter", drawings)["brief"]
    speech = format_lines(read_aloud(brief.pdf))
    assert "Page 1 of 4" not in speech
    assert speech.count("not for quotation") == 1
    assert briefing.briefing.short_title not in speech.replace(briefing.briefing.cite, "")
    assert speech.count("Policy brief · ") == 1  # the masthead, and no foot


def test_the_document_opens_with_title_language_and_heading(drawings: Path) -> None:
    lines = said(proofs(FLAGSHIP, "letter", drawings)["brief"].pdf)
    title = "US effort against Darién smuggling has no known measure of success"
    assert lines[:2] == [f"Document: DRAFT: {title}", "Language: en-US"]
    assert f"Heading level 1: {title}" in lines
    assert "Heading level 2: Five things to know" in lines
    assert lines[-1] == "End of document"


def test_every_cell_is_heard_with_the_head_of_its_column_behind_that_of_its_row(drawings: Path) -> None:
    briefing = briefing_of(FLAGSHIP.read_text(encoding="utf-8"))
    options = next(block for block in briefing.brief.blocks if isinstance(block, Options))
    lines = said(proofs(FLAGSHIP, "letter", drawings)["brief"].pdf)
    assert f"Table: 5 columns, {len(options.items) + 1} rows" in lines
    for option in options.items:
        (at,) = (number for number, line in enumerate(lines) if line.startswith(f"Row header: {option.name}"))
        heads = ("Proposed by", "What it is meant to do", "Cost or risk, for whom", "What is known")
        assert all(line.startswith(f"{head}: ") for head, line in zip(heads, lines[at + 1 : at + 5], strict=True))
    assert "Column header: What is known" in lines
    assert sum(line.startswith("Table: ") for line in lines) == lines.count("End of table") == 2


def test_lists_are_heard_with_their_length_and_numbers(drawings: Path) -> None:
    lines = said(proofs(FLAGSHIP, "letter", drawings)["brief"].pdf)
    at = lines.index("Heading level 2: Five things to know")
    assert lines[at + 1] == "List of 5 items"
    openings = ["No measure", "up to $8 million", "Two countries", "520,085", "more than 30,000"]
    assert [line[: len(one)] for line, one in zip(lines[at + 2 : at + 7], openings, strict=True)] == openings
    assert lines[at + 7] == "End of list"
    at = lines.index("Heading level 2: Sources")
    assert lines[at + 2] == "List of 39 items"
    assert lines[at + 41].startswith("[Link: Source 39, back] ")


def test_links_are_heard_with_where_they_lead(flagship_letter: Built) -> None:
    speech = format_lines(read_aloud(flagship_letter.fact_sheet.read_bytes()))
    assert "[Link: Source 2: US Department of State]" in speech
    assert speech.count("[Link: Source 2: ") == 1, "who it is, is heard at its first mark"
    assert "[Link: Source 2]" in speech
    assert "[Link: Source 2, back] US Department of State, " in speech
    assert "[Link: Text of the three reward offers, leads to financecolombia.com]" in speech
    assert "[Link: dhs.gov/hsi/tipline, leads to dhs.gov]" in speech


def test_the_sample_is_heard_in_little_more_than_twice_its_words(drawings: Path) -> None:
    brief = proofs(FLAGSHIP, "letter", drawings)["brief"]
    assert len(format_lines(read_aloud(brief.pdf)).split()) <= 2.2 * brief.words


# ------------------------------------------------------------------ files of others

TEXT = b"""/P <</MCID 0>> BDC BT /F 12 Tf 20 170 Td (Chapter) Tj ET EMC
/P <</MCID 1>> BDC BT /F 12 Tf 20 150 Td (Words and) Tj 0 -14 Td (more) Tj ET EMC
/P <</MCID 2>> BDC BT /F 12 Tf 20 100 Td (here) Tj ET EMC
/P <</MCID 3>> BDC BT /F 12 Tf 20 80 Td (Head) Tj ET EMC
/P <</MCID 4>> BDC BT /F 12 Tf 90 80 Td (Name) Tj ET EMC
/P <</MCID 5>> BDC BT /F 12 Tf 20 60 Td (7) Tj ET EMC
/Artifact BMC BT /F 12 Tf 20 10 Td (Page 1) Tj ET EMC"""


def foreign() -> Pdf:
    """A tagged file as other programs write it: kinds of their own, marks with pages, scopes instead of names."""
    pdf = Pdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.add_blank_page(page_size=(200, 200))
    page = pdf.pages[0].obj
    page.Resources = Dictionary(Font=Dictionary(F=pdf.make_indirect(font)))
    page.Contents = pdf.make_stream(TEXT)

    def element(kind: str, *kids: Any, **more: Any) -> Any:
        given = [kid if not isinstance(kid, int) else Dictionary(Type=Name.MCR, Pg=page, MCID=kid) for kid in kids]
        return pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name("/" + kind), K=Array(given), **more))

    link = pdf.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[20, 95, 50, 115], Dest=Array([page, Name.Fit]))
    )
    page.Annots = Array([link])
    head = Dictionary(O=Name.Table, Scope=Name.Column)
    rows = [
        element("TR", element("TH", 3, A=Array([head, 0])), element("TH", 4, A=head)),
        element("TR", element("TD", 5), element("TD")),
    ]
    top = element(
        "Story",
        element("Title", 0),
        element("Body", 1, element("Link", 2, Dictionary(Type=Name.OBJR, Obj=link, Pg=page))),
        element("Figure"),
        element("Table", *rows),
    )
    roles = Dictionary(Story=Name.Sect, Title=Name.Chapter, Chapter=Name.H1, Body=Name.P)
    pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=top, RoleMap=roles))
    pdf.Root.Lang = String("de")
    return pdf


def data_of(pdf: Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_a_tagged_file_of_another_program_is_heard() -> None:
    assert read_aloud(data_of(foreign())) == (
        SpokenLine("Document without a title"),
        SpokenLine("Language: de"),
        SpokenLine("Heading level 1: Chapter"),
        SpokenLine("Words and more [Link: here, leads to page 1]"),
        SpokenLine("Graphic, without a description"),
        SpokenLine("Table: 2 columns, 2 rows"),
        SpokenLine("Row 1", 1),
        SpokenLine("Column header: Head", 2),
        SpokenLine("Column header: Name", 2),
        SpokenLine("Row 2", 1),
        SpokenLine("Head: 7", 2),
        SpokenLine("Name: blank", 2),
        SpokenLine("End of table"),
        SpokenLine("End of document"),
    )


def test_a_file_without_tags_is_told_to_have_none() -> None:
    pdf = foreign()
    del pdf.Root.StructTreeRoot
    assert said(data_of(pdf))[2:] == [NO_TAGS]
    pdf.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot)
    assert said(data_of(pdf))[2:] == [NO_TAGS]


def test_a_tree_that_goes_round_in_a_circle_is_heard_once() -> None:
    pdf = foreign()
    straight = read_aloud(data_of(pdf))
    top = pdf.Root.StructTreeRoot.K
    top.K.append(top)
    top.K.append(None)
    assert read_aloud(data_of(pdf)) == straight


def test_what_stands_for_words_is_heard_in_their_place() -> None:
    pdf = foreign()
    pdf.Root.StructTreeRoot.K.K[0].ActualText = String("Chapter one")
    assert "Heading level 1: Chapter one" in said(data_of(pdf))


def test_the_typesetter_s_own_tags_are_heard_too() -> None:
    press = typesetter(TEMPLATES / "fonts")
    page = '<html lang="en"><title>T</title><h2>Head</h2><blockquote><p>Said.</p></blockquote><ul><li>a</ul>'
    assert said(press.write(press.lay(page, {})).data)[2:] == [
        "Heading level 2: Head",
        "Quotation",
        "Said.",
        "End of quotation",
        "List of 1 item",
        "• a",
        "End of list",
        "End of document",
    ]
