"""The finished pages are held against what the records ask for: nothing is lost, hidden, moved or added unseen."""

from __future__ import annotations

import functools
import html
import json
import re
import tempfile
import textwrap
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from briefing.design.outputs import USES, OutputName
from briefing.documents import html as page_html
from briefing.documents.document import DocumentView
from briefing.documents.setting import Setting
from briefing.findings import Severity
from briefing.finishing.context import Finishing
from briefing.finishing.finish import finish
from briefing.layout.typesetter import Typesetter
from briefing.pipeline import build
from briefing.proofing import comparison, expected, proof, readback
from briefing.proofing.asked_strings import ExpectedString
from briefing.proofing.comparison import Discrepancy
from briefing.proofing.expected import ExpectedDocument
from briefing.proofing.page_facts import PdfInfo, ReadPage, TextRun, VisibleInk
from tests.support import mutants
from tests.support.builds import (
    FLAGSHIP,
    GOOD,
    OTHER,
    PAPER_NAMES,
    TEMPLATES,
    TODAY,
    Built,
    briefing_of,
    orders,
    proofs,
    view_of,
)
from tests.support.examples import examples, usually
from tests.support.mutants import Mutable

FOLLOWS = {"text-surplus", "label-lost", "head-lost", "mark-lost"}  # of what is hidden: its rest, labels, bullet


@dataclass(frozen=True)
class Laid:
    """A document as it is published, with what was asked of it."""

    made: DocumentView
    proof: proof.Proof
    script: ExpectedDocument
    page: Mutable


@functools.cache
def laid(content: Path, paper: str, cache: Path) -> Mapping[str, Laid]:
    briefing = briefing_of(content.read_text(encoding="utf-8"))
    found, printed = {}, proofs(content, paper, cache)
    for order in orders(briefing, content.parent, paper, cache):
        made = printed[order.document]
        script = expected.expected_document(
            briefing, order.ledger, order.wording, order.document, order.pictures, frozenset(), range(200)
        )
        script = replace(script, strings=tuple(stood.asked for stood in made.stood))
        found[order.document] = Laid(view_of(order), made, script, mutants.mutable(made.html, script))
    return found


@functools.cache
def press() -> Typesetter:
    return Typesetter(TEMPLATES / "fonts")


def finished(data: bytes) -> bytes:
    return finish(data, USES[OutputName.READING].steps, Finishing())


SMALL = """\
charts:
  rides:
    {kind: bars, title: Rides by line, alt: Rides, height_mm: 40, data: [{label: Red, figure: rides}]}
brief:
  pages: 1
  blocks:
    - takeaways: {heading: What to know, items: [A first sentence stands here., A second one follows it.]}
    - prose:
        heading: A few words
        text: |
          One plain sentence takes its room on this page of the brief, and it goes on for more than a line of it.

          We counted more than {{rides}} rides in the Darién; what the Clan del Golfo thinks of them is not yet known.
    - chart: {chart: rides}
"""


def small(folder: Path, pages: int = 1) -> Laid:
    """A brief with a list, paragraphs and a chart, and further paragraphs where it has more pages than one."""
    head, sheet = GOOD.split("brief:\n")[0], GOOD[GOOD.index("fact_sheet:") :]
    more = "".join(f"    - prose: {{text: '{'word ' * 400}'}}\n" for _ in range(1, pages))
    content = folder / f"small-{pages}.yaml"
    content.write_text(head + SMALL.replace("pages: 1", f"pages: {pages}") + more + sheet, encoding="utf-8")
    return laid(content, "letter", folder)["brief"]


def held(page: str, one: Laid) -> tuple[Discrepancy, ...]:
    """What is amiss on a page."""
    written = press().write(press().lay(page, one.made.assets))
    return comparison.compare(one.script, readback.read(finished(written.data)))[0]


def told(amiss: tuple[Discrepancy, ...]) -> set[tuple[str, object]]:
    return {(one.text, one.path) for one in amiss if one.code not in FOLLOWS}


def wanted(hidden: frozenset[ExpectedString]) -> set[tuple[str, object]]:
    return {(one.text, one.path) for one in hidden}


def batch(one: Laid, ways: tuple[str, ...], half: int) -> dict[int, str]:
    """Every other part, and the ways in turn; what has no colour of type is not hidden by one."""
    chosen = mutants.parts(one.page)[half::2]
    told = {index: ways[number % len(ways)] for number, index in enumerate(chosen)}
    pale = ("white", "transparent")
    return {index: way for index, way in told.items() if not (way in pale and one.page.elements[index].tag == "img")}


# The content with every kind of block. All ways that leave the pages as they are hide parts of the one half of it, and
# all others parts of the other half; at night each way alone hides either half, on both papers and of the flagship too.
STEADY = tuple(way for way in mutants.WAYS if way not in mutants.SHRINKING)
SHRINKING = tuple(way for way in mutants.WAYS if way in mutants.SHRINKING)
HIDDEN = [(STEADY, "letter", OTHER, 0), (SHRINKING, "letter", OTHER, 1)]
AT_NIGHT = [
    ((way,), PAPER_NAMES[(number + turn) % 2], content, (number + turn) % 2)
    for number, way in enumerate(mutants.WAYS)
    for content in (OTHER, FLAGSHIP)
    for turn in (0, 1)
]
CONTENTS = usually([OTHER], [FLAGSHIP])


@pytest.mark.slow
@pytest.mark.parametrize(("ways", "paper", "content", "half"), usually(HIDDEN, AT_NIGHT))
def test_what_is_hidden_is_told_and_nothing_else(
    ways: tuple[str, ...], paper: str, content: Path, half: int, drawings: Path
) -> None:
    count = 0
    for one in laid(content, paper, drawings).values():
        hidden = batch(one, ways, half)
        count += len(hidden)
        page = one.page.without(hidden, ways[0] in mutants.SHRINKING)
        assert told(held(page, one)) == wanted(mutants.missed(one.page, list(hidden)))
    assert count > 75


@pytest.mark.parametrize("content", CONTENTS, ids=lambda content: content.parent.name)
def test_the_parts_cover_all_that_is_asked(content: Path, drawings: Path) -> None:
    for one in laid(content, "letter", drawings).values():
        covered = mutants.missed(one.page, mutants.parts(one.page))
        assert [asked for asked in one.script.strings if asked not in covered] == []


@pytest.mark.parametrize("way", usually(["display"], ["white"]))
@pytest.mark.parametrize("content", CONTENTS, ids=lambda content: content.parent.name)
def test_a_whole_block_that_is_gone_is_told_string_by_string(content: Path, way: str, drawings: Path) -> None:
    for one in laid(content, "letter", drawings).values():
        blocks = [index for index in mutants.blocks(one.page) if one.page.holds[index]]
        sides = [index for index in blocks if "side" in one.page.elements[index].classes]
        for hidden in (mutants.apart(one.page, blocks[::2]), sides):
            page = one.page.without(dict.fromkeys(hidden, way), way in mutants.SHRINKING)
            missed = mutants.missed(one.page, hidden)
            seen = {asked for asked in missed if asked.picture and way == "white"}  # a picture has no colour of type
            assert told(held(page, one)) == wanted(missed - seen)


def test_two_paragraphs_that_change_places_are_told(drawings: Path) -> None:
    one = laid(OTHER, "letter", drawings)["brief"]
    page = one.proof.html
    first = page.index("<li>", page.index('class="body takeaways'))
    second, end = page.index("<li>", first + 1), page.index("</ol>", first)
    third = page.index("<li>", second + 1)
    assert third < end
    swapped = page[:first] + page[second:third] + page[first:second] + page[third:]
    assert {found.code for found in held(swapped, one)} == {"text-moved", "text-surplus", "mark-lost"}


def test_a_paragraph_that_stands_twice_is_told(drawings: Path) -> None:
    one = laid(OTHER, "letter", drawings)["fact_sheet"]
    page = one.proof.html
    start = page.index("<li>")
    end = page.index("</li>", start) + 5
    (found,) = held(page[:end] + page[start:end] + page[end:], one)
    assert (found.code, found.page) == ("text-surplus", 0)
    assert found.text.startswith("• The level falls.")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("300", "301"),
        ("more than", "more then"),
        ("not yet known", "not yet  known"),
        ("not yet known", "notyet known"),
        ("Darién", "Darien"),
        ("Clan del Golfo", "clan del Golfo"),
    ],
)
def test_a_letter_or_a_space_that_differs_is_told(old: str, new: str, drawings: Path) -> None:
    one = small(drawings)
    page = one.proof.html.replace("\u00a0", " ")
    body = page.index("<body")
    assert old in page[body:]
    amiss = held(page[:body] + page[body:].replace(old, new), one)
    assert bool(told(amiss)) == (" ".join(new.split()) != old)


@pytest.mark.parametrize(
    "style", ["html { height: 100% }", "html { height: 99% }", "html, body { height: 100% } body { margin: 1px }"]
)
def test_pages_that_the_typesetter_drops_in_silence_are_told(style: str, drawings: Path) -> None:
    one = laid(OTHER, "letter", drawings)["brief"]
    setter = press()
    layout = setter.lay(one.proof.html.replace("</style>", style + "</style>", 1), one.made.assets)
    info = readback.read(finished(setter.write(layout).data))
    lost = {found.path for found in comparison.compare(one.script, info)[0] if found.code == "text-lost"}
    if len(info.sheets) == 4:  # whether the first of these drops pages depends on a rounding
        assert lost == set()
    else:
        assert len(info.sheets) == 1
        assert len(lost) > 100
        contested = next(path[2] for path in lost if path[3:4] == ("contested",))
        assert ("brief", "blocks", contested, "contested", "rows", 0, "issue") in lost


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (lambda svg: svg.replace(b">Coast<", b"><", 1), "label-lost"),
        (lambda svg: svg.replace(b">Coast<", b' opacity="0">Coast<', 1), "label-lost"),
        (lambda svg: svg[: svg.index(b">") + 1] + b"</svg>", "picture-lost"),
    ],
)
def test_a_chart_that_lacks_a_label_or_is_blank_is_told(broken, code: str, drawings: Path) -> None:
    one = laid(OTHER, "letter", drawings)["fact_sheet"]
    name = next(name for name in one.made.assets if name.startswith("fact_sheet"))
    assets = {**one.made.assets, name: broken(one.made.assets[name])}
    changed = replace(one, made=replace(one.made, assets=assets))
    found = held(one.proof.html, changed)
    assert {amiss.code for amiss in found} == {code} or {amiss.code for amiss in found} == {"picture-hidden"}
    assert {amiss.path[:2] for amiss in found} == {("charts", "recharge-estimates")}


@pytest.mark.parametrize("content", CONTENTS, ids=lambda content: content.parent.name)
def test_every_label_of_every_drawing_is_told_when_it_is_gone(content: Path, drawings: Path) -> None:
    """At night both halves of the words of each document."""
    count = 0
    for number, one in enumerate(laid(content, "letter", drawings).values()):
        wanted = {stood.picture.name: stood for stood in one.script.strings if stood.picture}
        for half in usually([number], [1 - number]):
            assets, hidden = dict(one.made.assets), Counter[tuple[str, str]]()
            for name, drawing in wanted.items():
                if drawing.picture and drawing.picture.words:
                    assets[name], gone = _unlettered(assets[name], half)
                    still = Counter(map(_bare, drawing.picture.words))
                    hidden += Counter((drawing.block, word) for word in (still & gone).elements())
            found = held(one.proof.html, replace(one, made=replace(one.made, assets=assets)))
            told = Counter((amiss.block, _bare(amiss.text)) for amiss in found if amiss.code == "label-lost")
            assert told == hidden
            count += hidden.total()
    assert count > 20


def _bare(text: str) -> str:
    return "".join(text.split())


def _unlettered(svg: bytes, half: int) -> tuple[bytes, Counter[str]]:
    """A drawing without every other of its words, and these words."""
    gone: Counter[str] = Counter()
    number = 0

    def hide(found: re.Match[str]) -> str:
        nonlocal number
        number += 1
        if number % 2 != half:
            return found[0]
        gone.update(_bare(html.unescape(line)) for line in re.findall(r">([^<]+)<", found[0]))
        return ""

    return re.sub(r"(?s)<text\b.*?</text>", hide, svg.decode()).encode(), gone


def test_a_picture_of_another_size_is_told(drawings: Path) -> None:
    one = laid(OTHER, "letter", drawings)["brief"]
    page, blocks = one.proof.html, {"columns", "picture"}
    for block in blocks:
        picture = next(view.data["picture"] for view in one.made.blocks if view.id == block)
        size = f"height: {picture.height_mm}mm"
        assert size in page
        page = page.replace(size, f"height: {picture.height_mm * 0.9}mm")
    assert blocks <= {found.block for found in held(page, one) if found.code == "picture-size"}


def test_a_status_mark_that_is_not_on_every_page_is_told(drawings: Path) -> None:
    one = small(drawings, pages=3)
    page = one.proof.html.replace("</style>", "@page :nth(3) { @top-right { content: none } }</style>", 1)
    (found,) = held(page, one)
    assert (found.code, found.page) == ("head-lost", 2)
    assert "not signed off" in found.text


# ------------------------------------------------------------------ as an editor sees it


def test_running_heads_and_the_status_mark_are_artifacts(flagship_letter: Built) -> None:
    with pikepdf.open(flagship_letter.brief) as pdf:
        for number, page in enumerate(pdf.pages):
            drawn = page.Contents.read_bytes()
            least = 4 if number else 2  # the masthead of page one says what the heads of the others say
            assert len(re.findall(rb"/Artifact <</Type /Pagination /Subtype /(?:Header|Footer)>> BDC", drawn)) >= least


def test_a_style_that_hides_a_block_refuses_the_build_at_the_line_of_its_text(tmp_path: Path) -> None:
    import shutil

    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    style = templates / "styles" / "blocks.css.j2"
    style.write_text(style.read_text() + "\n.takeaways li { color: #fefefe }\n")
    (tmp_path / "content.yaml").write_text(GOOD)
    job = build.Job(tmp_path / "content.yaml", "content.yaml", tmp_path / "build", templates, TODAY)
    outcome = build.run(job)
    (found,) = [one for one in outcome.findings if one.severity is Severity.ERROR]
    assert (found.code, found.place.line) == ("text-hidden", 15)
    assert "A plain sentence." in found.message
    assert outcome.refused
    assert not (tmp_path / "build" / "fact-sheet.pdf").exists()


# ------------------------------------------------------------------ content that is fine


def amiss_of(blocks: str, folder: Path, cache: Path) -> tuple[Discrepancy, ...]:
    """What is told of a brief with these blocks, laid as they come."""
    before, after = GOOD.split("fact_sheet:")
    content = before + textwrap.indent(textwrap.dedent(blocks), "    ") + "fact_sheet:" + after
    (order,) = orders(briefing_of(content), folder, "letter", cache, ("brief",))
    made = view_of(order)
    written = press().write(press().lay(page_html.compose(made, Setting(), order.templates), made.assets))
    script = expected.expected_document(
        order.briefing, order.ledger, order.wording, "brief", order.pictures, frozenset(), page_html.reading_order(made)
    )
    return comparison.compare(script, readback.read(finished(written.data)))[0]


NESTED = """\
- prose:
    text: |
      1. First
         - within
           - deeper

         And after it.
      2. Second

      - One

      > Quoted.
"""
LONG_TABLE = "- table:\n    columns: [{head: –}, {head: B}]\n    rows:\n" + "      - [–, C]\n" * 60
CHARACTERS = "".join(
    chr(code)
    for code in (*range(0xC0, 0x180), *range(0x391, 0x3CA), *range(0x410, 0x450), 0xB5, 0x2126, 0x2206, 0x2215, 0x2BC)
    if code != 0x3A2 and chr(code) not in "×÷ĬĭĲĳŦŧ"  # the serif lacks the last six, and a build refuses them
)


@pytest.mark.parametrize(
    "blocks",
    [
        NESTED,
        LONG_TABLE * 2,
        "- prose: {text: '" + "word " * 540 + "'}\n" + LONG_TABLE,  # its head opens a page
        "- prose: {text: 'One\u2003two\u3000three.'}\n- box: {heading: 'A\u2003\u2003b', text: 'C\u2009d.'}\n",
        "- prose: {text: 'ﬁ ﬂ oﬃce.'}\n",
        "- prose: {text: 'x\u0300y q\u0302 cafe\u0301 next.'}\n",
        "- prose: {text: '\u2126 \u03a9 \u00b5 \u03bc \u2206 \u0394 \u2018 \u02bb \u2019 \u02bc \u2044 \u2215'}\n",
        "- table: {columns: [{head: –}, {head: ·}], rows: [[–, –], [., –]], note: –}\n",
        "- takeaways: {items: [Same., Same., Same.]}\n- questions: {items: [{question: Same., answer: Same.}]}\n",
    ],
)
def test_content_that_is_fine_raises_no_alarm(blocks: str, tmp_path: Path, drawings: Path) -> None:
    assert amiss_of(blocks, tmp_path, drawings) == ()


def test_every_letter_is_found_again(tmp_path: Path, drawings: Path) -> None:
    items = "".join(f"      - x{letter}y\n" for letter in CHARACTERS)
    blocks = "- prose:\n    text: |\n" + items
    lost = [one.text for one in amiss_of(blocks, tmp_path, drawings)]
    assert lost == []


@examples(12, derandomize=True)
@given(st.lists(st.text(st.sampled_from("aéfil IW 12.,;’“”–…½×°‰\u00a0\u2009fi"), min_size=1, max_size=40), max_size=8))
def test_any_words_are_found_again(words: list[str]) -> None:
    bare = [re.sub(r"[\d½]", "x", "x" + word).strip() for word in words]
    blocks = "".join(f"- prose: {{text: {json.dumps(word)}}}\n" for word in bare)
    with tempfile.TemporaryDirectory() as folder:
        assert amiss_of(blocks, Path(folder), Path(folder)) == ()


def test_pictures_of_all_sorts_raise_no_alarm(tmp_path: Path, drawings: Path) -> None:
    Image.new("RGB", (60, 30), "white").save(tmp_path / "white.png")
    Image.new("RGBA", (60, 30), (200, 0, 0, 90)).save(tmp_path / "tint.png")
    bordered = Image.new("RGB", (60, 30), "white")
    bordered.paste((0, 0, 90), (20, 10, 40, 20))
    bordered.save(tmp_path / "border.jpg")
    begin = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100">'
    (tmp_path / "small.svg").write_text(f'{begin}<path d="M90 45h10v5z"/></svg>')
    cut = '<clipPath id="c"><circle cx="90" cy="50" r="20"/></clipPath><rect clip-path="url(#c)" width="9" height="9"/>'
    (tmp_path / "large.svg").write_text(f'{begin}{cut}<rect x="-50" y="60" width="400" height="300"/></svg>')
    names = sorted(path.name for path in tmp_path.iterdir() if path.is_file())
    blocks = "".join(f"- image: {{file: {name}, alt: A, credit: Me, licence: Free, height_mm: 20}}\n" for name in names)
    assert amiss_of(blocks, tmp_path, drawings) == ()


# ------------------------------------------------------------------ pages that are not


def told_of(style: str, one: Laid) -> set[str]:
    return {found.code for found in held(one.proof.html.replace("</style>", style + "</style>", 1), one)}


@pytest.mark.parametrize(
    ("style", "code"),
    [
        (".takeaways li { color: #c4c4c4 }", "text-hidden"),
        (".takeaways li { font-size: 1pt }", "text-small"),
        ("body { transform: scale(0.2) }", "text-small"),
        (".takeaways { transform: rotate(3deg) }", "text-turned"),
        (".takeaways { transform: scaleX(-1) }", "text-turned"),
        ("h1 { height: 0.75em; overflow: hidden }", "text-hidden"),
        (".takeaways h2 { width: 25mm; white-space: nowrap; overflow: hidden }", "text-hidden"),
        (".prose p + p { margin-top: -16px }", "text-overlap"),
        (".takeaways { position: relative; left: -25mm }", "text-hidden"),  # beyond the edge
        (".takeaways li::before { color: #fff }", "mark-lost"),
        (".takeaways li::before { content: none }", "mark-lost"),
        ("@page { @bottom-right { color: #fff } }", "head-lost"),
        ("@page { @bottom-right { content: none } }", "head-lost"),
        ("figcaption { background: #fff; position: relative; margin-top: -36px !important }", "picture-hidden"),
    ],
)
def test_a_style_that_harms_words_is_told_by_name(style: str, code: str, drawings: Path) -> None:
    one = small(drawings)
    assert told_of("", one) == set()
    assert code in told_of(style, one)


@pytest.mark.parametrize(
    "spot", ["left:0;bottom:0;width:20mm;height:6px", "left:12mm;top:-14px;width:1.6mm;height:20px"]
)
def test_a_word_or_a_letter_that_is_covered_is_told(spot: str, drawings: Path) -> None:
    one = small(drawings)
    page = one.proof.html
    at = page.index("<p>", page.index('<div class="prose">', page.index("<body"))) + 3
    cover = f'<span style="position:relative"><span style="position:absolute;{spot};background:#fff"></span></span>'
    assert {found.code for found in held(page[:at] + cover + page[at:], one)} == {"text-hidden"}


def test_a_number_that_nobody_asked_for_is_told(drawings: Path) -> None:
    one = small(drawings)
    at = one.proof.html.index("</li>")
    page = one.proof.html[:at] + '<span class="marks"> 7</span>' + one.proof.html[at:]
    assert "text-surplus" in {found.code for found in held(page, one)}


def test_of_thousands_of_strings_the_one_that_is_lost_is_told() -> None:
    ink = VisibleInk(200, 9, 0, 0)
    tables = [[f"Paragraph {chr(97 + n % 26) * (5 + n)} stands once", *["–"] * 40] for n in range(100)]
    texts = [text for table in tables for text in table]
    runs = [TextRun(text, 0, (9.0, 9.0, 20.0, 20.0), 9.0, True, ink) for text in texts]
    words = [ExpectedString(text, ("brief",), "") for text in texts]
    words.insert(2000, ExpectedString("Nowhere", ("brief",), ""))
    script = ExpectedDocument("brief", tuple(words), (), (), "")
    amiss, _ = comparison.compare(script, PdfInfo((ReadPage(600.0, 800.0, tuple(runs), ()),)))
    assert [one.text for one in amiss if one.code == "text-lost"] == ["Nowhere"]


def test_a_block_that_fitting_left_out_is_listed_and_not_missed(tmp_path: Path) -> None:
    sentence = "One plain sentence takes its room on this page of the brief."
    blocks = f"    - prose:\n        text: {' '.join([sentence] * 36)}\n"
    blocks += f"    - box:\n        id: spare\n        optional: true\n        text: {' '.join(['It may go.'] * 260)}\n"
    text = GOOD.replace(
        "        text: We counted {{rides}} rides.\n", "        text: We counted {{rides}} rides.\n" + blocks
    )
    (tmp_path / "content.yaml").write_text(text)
    job = build.Job(tmp_path / "content.yaml", "content.yaml", tmp_path, TEMPLATES, TODAY, ("brief",), dry=True)
    outcome = build.run(job)
    codes = {finding.code for finding in outcome.findings}
    assert "block-dropped" in codes
    assert not codes & {"text-lost", "text-surplus", "text-moved"}
    assert outcome.work
    brief = outcome.work.proofs["brief"]
    assert brief.dropped == ("the box spare",)
    assert {stood.asked.block for stood in brief.stood} == {"", "prose-1", "prose-2"}
