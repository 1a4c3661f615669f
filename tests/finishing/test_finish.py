"""Reading copies: one file that an archive keeps and that a person with a screen reader can use."""

from __future__ import annotations

import csv
import functools
import io
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Dictionary, Name, Stream

from briefing.content.briefing import Briefing
from briefing.design.outputs import USES, OutputName
from briefing.finishing import finish as finishing
from briefing.finishing.context import Finishing
from briefing.finishing.finish import finish
from briefing.finishing.groups import remove_needless_groups
from briefing.finishing.tagging import tree
from briefing.finishing.tagging.tree import Element
from briefing.layout.typesetter import Typesetter
from briefing.ledger import dataset
from briefing.pdf.structure_tree import Tagged, TreePart, read
from briefing.pipeline import document as pipeline_document
from briefing.proofing import readback
from briefing.proofing.page_facts import TaggedFigure
from tests.support.builds import FLAGSHIP, GOOD, OTHER, TEMPLATES, Built, briefing_of, orders, whole_run

pytestmark = pytest.mark.slow

STEPS = USES[OutputName.READING].steps
WORDS = {
    "source": "Source {number}: {source}",
    "source_again": "Source {number}",
    "back": "Where source {number} is named",
    "page": "Page of {host}",
    "page_titled": "Page of {host}: {title}",
    "mail": "Mail to {address}",
}


@pytest.fixture(params=["flagship", "other"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Both contents, on one paper."""
    name: str = request.param
    content = {"flagship": FLAGSHIP, "other": OTHER}[name]
    return whole_run(tmp_path_factory, content, "letter")


@functools.cache
def press() -> Typesetter:
    return Typesetter(TEMPLATES / "fonts")


def copy_of(body: str, style: str = "", told: Mapping[str, str] = WORDS) -> bytes:
    """A reading copy of a small page."""
    page = f'<html lang="en"><head><title>A page</title><style>{style}</style></head><body>{body}</body></html>'
    written = press().write(press().lay(page, {}), "pdf/a-3a")
    return finish(written.data, STEPS, Finishing("A page", "en", "Desk", words=told, sources={3: "Office, Census"}))


def parts(tagged: Tagged, kind: str) -> list[TreePart]:
    """All parts of a kind, in order of reading."""
    return [part for top in tagged.parts for part in top.walk() if part.kind == kind]


def words(part: TreePart) -> str:
    return " ".join("".join(kid if isinstance(kid, str) else words(kid) for kid in part.kids).split())


def shape(part: TreePart) -> list[Any]:
    """A part as the names of what it holds."""
    return [part.kind, *(shape(kid) for kid in part.kids if isinstance(kid, TreePart))]


# ------------------------------------------------------------------ both standards in one file


def test_a_file_says_in_one_place_that_it_keeps_both_standards(flagship_letter: Built) -> None:
    for name, file in flagship_letter.files.items():
        with pikepdf.open(file) as pdf:
            assert str(pdf.docinfo.CreationDate) == str(pdf.docinfo.ModDate) == "D:20240612000000Z"
            packet = pdf.Root.Metadata.read_raw_bytes()  # readable without knowing PDF
            assert packet.count(b"<rdf:RDF") == 1
            metadata = pdf.open_metadata()
            said = (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"])
            assert said == ("3", "A", "1")
            assert metadata["dc:title"] == str(pdf.docinfo.Title)
            assert metadata["dc:language"] == {"en-US"}
            assert metadata["dc:publisher"] == {"The Example Desk"}
            assert metadata["dc:description"].startswith("Policy brief" if name == "brief" else "Fact sheet")
            assert metadata["xmp:CreateDate"] == "2024-06-12T00:00:00Z"
            assert pdf.Root.ViewerPreferences.DisplayDocTitle
            assert str(pdf.Root.Lang) == "en-US"


def test_finishing_leaves_the_pages_as_they_are_and_gives_the_same_bytes_again(
    drawings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[bytes, bytes, bytes]] = []

    def twice(data: bytes, *more: Any) -> bytes:
        seen.append((data, finish(data, *more), finish(data, *more)))
        return seen[-1][1]

    monkeypatch.setattr(finishing, "finish", twice)
    briefing = briefing_of(FLAGSHIP.read_text(encoding="utf-8"))
    (order,) = orders(briefing, FLAGSHIP.parent, "letter", drawings, ("fact_sheet",))
    pipeline_document.make(order)
    ((before, after, again),) = seen
    assert after == again != before
    assert pixels(ungrouped(before)) == pixels(after)


def ungrouped(data: bytes) -> bytes:
    """A file whose labels stand straight on their pages: in groups, viewers shave them."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        remove_needless_groups(pdf, Finishing())
        pdf.save(out)
    return out.getvalue()


def pixels(data: bytes) -> list[bytes]:
    with pypdfium2.PdfDocument(data) as pdf:
        return [page.render(scale=2).to_pil().tobytes() for page in pdf]


# ------------------------------------------------------------------ data


def test_the_figures_of_a_document_are_attached_with_their_values_as_the_content_has_them(
    flagship_letter: Built,
) -> None:
    content = briefing_of(FLAGSHIP.read_text(encoding="utf-8"))
    _, book = _account(FLAGSHIP.read_text(encoding="utf-8"))
    for name, file in flagship_letter.files.items():
        rows = attached(file)
        printed = {use.id for use in book.uses if use.group == "figures" and use.document == name}
        assert {row["figure"] for row in rows} == printed
        for row in rows:
            figure = content.figures[row["figure"]]
            claims = [(figure.value, figure.sources)] * (row["said"] == "printed")
            claims += [(other.value, other.sources) for other in figure.disputed if row["said"] == "disputed"]
            given = {str(value) for value, _ in claims if value is not None}
            assert row["value"] in given or figure.operands
            assert (row["unit"], row["as_of"]) == (figure.unit, str(figure.as_of))
            named = {content.sources[name].title for _, names in claims for name in names}
            assert row["title"] in named or figure.operands


def attached(file: Path) -> list[dict[str, str]]:
    with pikepdf.open(file) as pdf:
        (spec,) = pdf.Root.AF
        assert (spec.AFRelationship, str(spec.UF)) == (pikepdf.Name.Data, "figures.csv")
        assert spec.EF.F.Subtype == pikepdf.Name("/text/csv")
        assert str(spec.EF.F.Params.ModDate) == "D:20240612000000Z"
        assert str(spec.Desc)
        data = pdf.attachments["figures.csv"].get_file().read_bytes()
    return list(csv.DictReader(io.StringIO(data.decode())))


def test_what_a_document_does_not_print_is_not_attached(drawings: Path) -> None:
    more = "  secret: {value: 7, as_of: 2024-05, sources: [census], note: For us alone}\nbrief:"
    briefing = briefing_of(GOOD.replace("brief:\n", f"{more}\n", 1))
    assert "secret" in briefing.figures
    order = orders(briefing, FLAGSHIP.parent, "letter", drawings, ("brief",))[0]
    table = dataset.as_csv(briefing, order.ledger, "brief")
    assert table.splitlines()[1] == "rides,,300,number,,2024-05,printed,Office,Census,,,,,,,,"
    assert "secret" not in table
    assert "alone" not in table
    assert len(dataset.as_csv(briefing, order.ledger, "fact_sheet").splitlines()) == 1
    assert len(dataset.as_csv(briefing, order.ledger, "brief", frozenset({0})).splitlines()) == 1


def test_a_disputed_figure_comes_with_what_others_say() -> None:
    claim = "disputed: [{value: 200, qualifier: about, sources: [press]}], label: Rides}"
    text = GOOD.replace("sources: [census]}", f"sources: [census], {claim}")
    text = text.replace("figures:", '  press: {publisher: "=Paper", title: Report, kind: news}\nfigures:')
    table = dataset.as_csv(*_account(text), "brief").splitlines()
    assert table[1].startswith("rides,Rides,300,number,,2024-05,printed,Office,Census")
    assert table[2].startswith("rides,Rides,200,number,about,2024-05,disputed,'=Paper,Report")


def _account(text: str) -> tuple[Briefing, Any]:
    from briefing.language.wording import read_wording
    from briefing.ledger import ledger

    briefing = briefing_of(text)
    wording = read_wording(TEMPLATES, "en", briefing.units)
    return briefing, ledger.build(briefing, wording)[0]


# ------------------------------------------------------------------ tags of the documents


def test_nothing_is_left_of_wrappers_without_a_meaning(made: Built) -> None:
    for file in made.files.values():
        kinds = {part.kind for top in read(file.read_bytes()).parts for part in top.walk()}
        assert not kinds & {"NonStruct", "Span"}
        assert kinds >= {"Document", "Sect", "H1", "H2", "P", "L", "LI", "Lbl", "LBody", "Figure", "Caption", "Note"}


def test_bookmarks_are_the_headings_in_their_order(made: Built) -> None:
    for file in made.files.values():
        tagged = read(file.read_bytes())
        headings = [words(part) for top in tagged.parts for part in top.walk() if part.kind in ("H1", "H2")]
        with pikepdf.open(file) as pdf, pdf.open_outline() as outline:
            marks = list(titles(outline.root))
        assert [squeeze(mark) for mark in marks] == [squeeze(heading) for heading in headings]
        assert len(marks) > 3


def titles(items: Any) -> Iterator[str]:
    for item in items:
        yield item.title
        yield from titles(item.children)


def squeeze(text: str) -> str:
    return re.sub(r"[\s\u00a0†]", "", text)


def test_every_source_is_a_note_and_every_mark_a_reference_that_names_it(made: Built) -> None:
    for file in made.files.values():
        tagged = read(file.read_bytes())
        notes = parts(tagged, "Note")
        assert [note.name for note in notes] == [f"note-{number}" for number in range(1, len(notes) + 1)]
        assert notes
        references = parts(tagged, "Reference")
        assert len(references) >= len(notes)
        for reference in references:
            (link,) = reference.kids
            assert isinstance(link, TreePart)
            entry = words(notes[int(words(link)) - 1])
            assert link.leads.partition(": ")[0] == f"Source {words(link)}"
            assert squeeze(entry).startswith(squeeze(link.leads.partition(": ")[2]))
        heard: set[str] = set()  # who it is, is told at the first mark, and not again
        for link in (part for part in parts(tagged, "Link") if part.leads.startswith("Source ")):
            if not link.leads.endswith(", back"):
                assert (": " in link.leads) == (words(link) not in heard)
                heard.add(words(link))


def test_every_link_can_be_printed_belongs_to_the_tree_and_says_in_words_where_it_leads(made: Built) -> None:
    for file in made.files.values():
        with pikepdf.open(file) as pdf:
            parents = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
            links = [link for page in pdf.pages for link in page.obj.get("/Annots", [])]
            assert len(links) > 10
            for link in links:
                assert re.match(r"(Source \d+(: \S|$|, back)|[\w-]+(\.[\w-]+)+(: \S|$)|Mail to \S)", str(link.Contents))
                assert "%E2%80%8B" not in (str(link.A.get("/URI", "")) if "/A" in link else ""), (
                    "no sign where a line may end"
                )
                assert int(link.F) == 4
                assert str(parents[int(link.StructParent)].S) == "/Link"
                left, bottom, right, top = (float(edge) for edge in link.Rect)
                assert left < right
                assert bottom < top
            assert all(page.obj.Tabs == pikepdf.Name.S for page in pdf.pages)


def test_figures_have_their_place_in_points_from_the_foot_of_the_page(flagship_letter: Built) -> None:
    sheets = readback.read(flagship_letter.brief.read_bytes()).sheets
    found = 0
    with pikepdf.open(flagship_letter.brief) as pdf:
        figures = [raw for raw in pdf.objects if isinstance(raw, pikepdf.Dictionary) and raw.get("/S") == "/Figure"]
        for number, page in enumerate(pdf.pages):
            boxes = {str(raw.Alt): [float(edge) for edge in raw.A.BBox] for raw in figures if raw.Pg == page.obj}
            for picture in (item for item in sheets[number].read if isinstance(item, TaggedFigure)):
                left, bottom, right, top = boxes[picture.alt]
                assert 0 <= left < right <= sheets[number].width  # a band goes from edge to edge
                assert 0 < bottom < top < sheets[number].height
                middle = [(picture.box[0] + picture.box[2]) / 2, (picture.box[1] + picture.box[3]) / 2]
                least = 25 if left == 0 else 15  # a band reaches over the edge, where it is not read
                assert middle == pytest.approx([(left + right) / 2, (bottom + top) / 2], abs=least)
                found += 1
    assert found == len(figures) > 2


# ------------------------------------------------------------------ tags of small pages


def test_heads_of_a_table_have_a_scope_and_cells_know_their_heads() -> None:
    table = """<table><thead><tr><th>A</th><th colspan="2">B</th></tr></thead><tbody>
    <tr><th scope="rowgroup" colspan="3">G</th></tr>
    <tr><th scope="row" rowspan="2">r</th><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></tbody></table>"""
    tagged = read(copy_of(table))
    heads = {part.name: words(part) for part in parts(tagged, "TH")}
    scopes = [(words(part), part.scope) for part in parts(tagged, "TH")]
    assert scopes == [("A", "Column"), ("B", "Column"), ("G", "Row"), ("r", "Row")]
    cells = {words(part): [heads[name] for name in part.heads] for part in parts(tagged, "TD")}
    assert cells == {digit: ["B", "G", "r"] for digit in "1234"}


def test_lists_say_how_they_are_numbered_and_labels_stand_apart() -> None:
    style = 'ul.dots li::before { content: "•"; display: block } li { display: block }'
    lists = """<ol><li><span>1</span> one</li><li><span>2</span> two</li></ol><ul class="dots"><li>a</li></ul>
    <ul><li>plain</li><li><b>5</b> things</li></ul>"""
    found = parts(read(copy_of(lists, style)), "L")
    assert [part.numbering for part in found] == ["Decimal", "Disc", "None"]
    assert [shape(part) for part in found] == [
        ["L", ["LI", ["Lbl"], ["LBody"]], ["LI", ["Lbl"], ["LBody"]]],
        ["L", ["LI", ["Lbl"], ["LBody"]]],
        ["L", ["LI", ["LBody"]], ["LI", ["LBody"]]],
    ]


def test_no_level_of_headings_is_left_out() -> None:
    tagged = read(copy_of("<h1>a</h1><h3>b</h3><h4>c</h4><h2>d</h2>"))
    kinds = [part.kind for top in tagged.parts for part in top.walk() if re.fullmatch(r"H\d", part.kind)]
    assert kinds == ["H1", "H2", "H3", "H2"]


def test_a_link_on_two_lines_is_one_and_a_bare_address_is_named_by_its_site() -> None:
    body = """<p style="width: 60px">See <a href="https://www.example.org/a">two words of a long title</a> and
    <a href="https://example.org">example.org</a>, <a href="mailto:desk@example.org">us</a>,
    <a href="#source-3">3</a>.</p><p id="source-3">Entry</p>"""
    tagged = read(copy_of(body))
    assert [(words(part), part.leads) for part in parts(tagged, "Link")] == [
        ("two words of a long title", "Page of example.org: two words of a long title"),
        ("example.org", "Page of example.org"),
        ("us", "Mail to desk@example.org"),
        ("3", "Source 3: Office, Census"),
    ]
    assert [shape(part) for part in parts(tagged, "Reference")] == [["Reference", ["Link"]]]


TORN = "@page { size: 300px 200px; margin: 20px } p, li, td, th { font-size: 16px; line-height: 20px; margin: 0 }"


def test_a_source_is_named_once_in_a_paragraph_in_any_language() -> None:
    told = WORDS | {"source": "{source} – Quelle: {number}", "source_again": "Quelle {number}"}
    note = '<p id="source-3">Census</p>'
    tagged = read(
        copy_of(f'<p>We count <a href="#source-3">3</a> and more <a href="#source-3">3</a>.</p>{note}', "", told)
    )
    assert [part.leads for part in parts(tagged, "Link")] == ["Office, Census – Quelle: 3", "Quelle 3"]


def test_what_a_page_s_end_tears_apart_is_one_again() -> None:
    rows = "".join(f"<tr><th scope='row'>r{n}</th><td>{n}</td></tr>" for n in range(12))
    items = "".join(f"<li><span>{n}</span> item</li>" for n in range(1, 13))
    body = f"""<section><p>{"word and " * 60}end.</p></section><section><ol>{items}</ol></section>
    <section><table><thead><tr><th>H</th><th>V</th></tr></thead><tbody>{rows}</tbody></table></section>"""
    data = copy_of(body, TORN + " li { display: block } section { break-before: page }")
    with pypdfium2.PdfDocument(data) as pdf:
        assert len(pdf) >= 6
    tagged = read(data)
    assert len(parts(tagged, "Sect")) == 3
    assert [words(part).split()[-1] for part in parts(tagged, "P")] == ["end."]
    (numbered,) = parts(tagged, "L")
    assert (numbered.numbering, len(parts(tagged, "LI"))) == ("Decimal", 12)
    assert len(parts(tagged, "Table")) == len(parts(tagged, "THead")) == 1
    assert len(parts(tagged, "TR")) == 13


def test_two_paragraphs_and_two_lists_stay_two_though_a_page_ends_between_them() -> None:
    style = TORN + " li { display: block } .next { break-before: page }"
    lists = "<ol><li><span>1</span> a</li><li><span>2</span> b</li></ol>"
    body = f"<section><p>A sentence.</p></section><section class='next'><p>Another.</p>{lists}</section>"
    body += f"<section class='next'>{lists}</section>"
    tagged = read(copy_of(body, style))
    assert [words(part) for part in parts(tagged, "P")] == ["A sentence.", "Another."]
    assert [part.numbering for part in parts(tagged, "L")] == ["Decimal", "Decimal"]


def test_a_tree_that_is_written_reads_as_it_was() -> None:
    with pikepdf.Pdf.open(io.BytesIO(copy_of("<h1>a</h1><p>b <a href='#c'>c</a></p><p id='c'>d</p>"))) as pdf:
        before = tree.read(pdf)
        tree.write(pdf, before)
        assert _kinds(tree.read(pdf)) == _kinds(before) == ["Document", "H1", "P", "Link", "P"]


def _kinds(element: Element) -> list[str]:
    return [one.kind for one in element.walk()]


# ------------------------------------------------------------------ groups


def test_labels_of_drawings_are_drawn_straight_on_their_page(flagship_letter: Built) -> None:
    for file in flagship_letter.files.values():
        with pikepdf.open(file) as pdf:
            forms = [one for one in pdf.objects if isinstance(one, Stream) and one.get("/Subtype") == Name.Form]
            assert forms
            assert [one for one in forms if "/Group" in one] == []


@pytest.mark.parametrize(
    ("state", "kept"),
    [({"/ca": 1}, 0), ({"/ca": Decimal("0.4")}, 1), ({"/BM": Name.Multiply}, 1), ({"/SMask": Name("/None")}, 0)],
)
def test_a_group_stays_where_something_is_seen_through(state: dict[str, Any], kept: int) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    form = pdf.make_stream(
        b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9], Group=Dictionary(S=Name.Transparency)
    )
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(x=form), ExtGState=Dictionary(a=Dictionary(state)))
    pdf.pages[0].obj.Contents = pdf.make_stream(b"/a gs /x Do")
    remove_needless_groups(pdf, Finishing())
    assert ("/Group" in pdf.pages[0].obj.Resources.XObject.x) == bool(kept)


def test_what_is_seen_through_on_another_page_changes_nothing() -> None:
    """A page that is drawn alone looks as it does in its document: both share their resources."""
    pdf = pikepdf.new()
    form = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": [0, 0, 9, 9], "Group": Dictionary(S=Name.Transparency)}
    shared = pdf.make_indirect(
        Dictionary(
            XObject=Dictionary({f"/{name}": pdf.make_stream(b"", **form) for name in "xyz"}),
            ExtGState=Dictionary(a=Dictionary(ca=Decimal("0.4"))),
        )
    )
    for content in (b"/x Do", b"/y Do /z Do /a gs", b"/z Do"):
        pdf.add_blank_page()
        pdf.pages[-1].obj.Resources, pdf.pages[-1].obj.Contents = shared, pdf.make_stream(content)
    remove_needless_groups(pdf)
    assert ["/Group" in one for one in shared.XObject.values()] == [False, True, True]
