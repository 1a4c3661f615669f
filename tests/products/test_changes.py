"""What changed between two editions is listed exactly, and goes on one page with old copies."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.content import yaml_reader
from briefing.content.records import Front, PaperName
from briefing.design.paper import PAPERS
from briefing.documents.manuscript import Manuscript, manuscript_of
from briefing.findings import ContentPath, Finding, Missing, Place, Refused, Severity, has_errors
from briefing.layout.single_page import typeset_longest
from briefing.pipeline import build, compare_command, edition_history
from briefing.pipeline.compare_command import CompareJob, CompareOutcome
from briefing.products.changes import compare, corrections, listing, versions
from briefing.products.changes import slip as correction_slip
from briefing.products.changes.change_records import ChangeKind, Changes
from briefing.products.changes.pairing import PairedPart, find_moved, pair_parts
from tests.support.builds import FIRST, GOOD, OTHER, ROOT, TEMPLATES, TODAY, command, swapped
from tests.support.examples import examples, usually
from tests.support.typed import typed
from tests.support.validators import page_validation, qpdf_check


def version(text: str, name: str = "content.yaml") -> Manuscript:
    found = manuscript_of(yaml_reader.parse(text.encode(), name), TEMPLATES)
    assert not has_errors(found.findings), found.findings
    return found


def between(old: str, new: str) -> Changes:
    return compare.compare(version(old, "old.yaml"), version(new, "new.yaml"))


def listed(found: Changes) -> set[tuple[str, str, str]]:
    """Every change by group, sort and name."""
    told = {("front", "changed", one.name) for one in found.front}
    told |= {("figures", one.sort.value, one.id) for one in found.figures}
    for records in (found.sources, found.charts, found.terms, found.units):
        told |= {(one.group, one.sort.value, one.id) for one in records}
    for document in found.documents:
        told |= {(document.document, "changed", one.name) for one in document.fields}
        told |= {(document.document, one.sort.value, one.block) for one in document.blocks}
    return told


FLAG = FIRST.read_text(encoding="utf-8")
PANAMA, OPTIONS, METHOD = (
    FLAG.index(f"    - {kind}:\n        id: {name}")
    for kind, name in (("prose", "panama"), ("options", "options"), ("method", "method"))
)
SIX = swapped(
    FLAG[:PANAMA] + FLAG[OPTIONS:METHOD] + FLAG[PANAMA:OPTIONS] + FLAG[METHOD:],
    ("    value: 300\n", "    value: 310\n    note: The department corrected its readout on 20 June.\n"),
    ("    value: 342\n", "    value: 351\n"),
    ("    value: 676\n", "    value: 679\n    qualifier: about\n"),
    ("title: Counts to 6 June 2024", "title: Counts to early June 2024"),
    ("crossed by people on the way to North America", "which people cross on foot on the way north"),
)
SECOND = swapped(
    SIX,
    ("  date: 2024-06-12\n  edition: 1\n", "  date: 2024-07-01\n  edition: 2\n  link: https://example.org/darien\n"),
)


# ------------------------------------------------------------------ what is listed


def test_six_changes_of_the_flagship_are_listed_and_no_other() -> None:
    found = between(FLAG, SIX)
    assert found.count == 6
    assert listed(found) == {
        ("figures", "changed", "arrests"),
        ("figures", "changed", "dead-or-missing"),
        ("figures", "changed", "sexual-violence"),
        ("sources", "changed", "extra"),
        ("brief", "reworded", "context"),
        ("brief", "moved", "panama"),
    }
    arrests, _, treated = found.figures
    assert (arrests.old, arrests.new) == ("more than 300 arrests", "more than 310 arrests")
    assert arrests.why == "The department corrected its readout on 20 June."
    assert arrests.sources[0].startswith("US Department of Justice, Readout")
    assert {(use.document, use.block) for use in arrests.uses} == {
        ("brief", "takeaways"),
        ("brief", "announced"),
        ("fact_sheet", "key-figures"),
    }
    assert (treated.old, treated.new, treated.why) == ("676 people", "about 679 people", "")
    places = [one.place for records in (found.figures, found.sources, found.documents[0].blocks) for one in records]
    assert all(place.file == "new.yaml" and place.line > 1 for place in places)
    reworded, went = found.documents[0].blocks
    assert [(run.old, run.new) for run in reworded.texts[0].runs if not run.same] == [
        ("crossed by people", "which people cross on foot"),
        ("to North America.", "north."),
    ]
    assert (went.old_behind, went.new_behind) == ("risks", "options")


@pytest.mark.parametrize("text", [FLAG, OTHER.read_text(encoding="utf-8"), GOOD], ids=["flagship", "other", "good"])
def test_a_briefing_is_no_different_from_itself(text: str) -> None:
    folded = text.replace("Darién jungle [@doj-readout]", "Darién\n          jungle [@doj-readout]")
    assert between(text, text).count == 0
    assert between(text, folded).count == 0


def test_two_different_briefings_are_told_apart_alike_from_both_sides() -> None:
    other = OTHER.read_text(encoding="utf-8")
    there, back = between(FLAG, other), between(other, FLAG)
    assert there.count == back.count > 100
    assert exchanged(listed(there)) == {one for one in listed(back) if one[1] in ("added", "removed")}


def exchanged(told: set[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    other = {"added": "removed", "removed": "added"}
    return {(group, other[sort], name) for group, sort, name in told if sort in other}


WORDS = ("apple", "bread", "cloud", "delta", "eagle", "frost", "grape", "honey", "ivory", "joker", "knife", "lemon")
FIGURES, BLOCKS = 6, 8


def tree() -> dict[str, Any]:
    """A briefing of many blocks, some with a name, no two alike."""
    blocks: list[Any] = []
    for index in range(BLOCKS):
        own = " ".join(f"{word}{'abcdefgh'[index]}" for word in WORDS)
        text = f"{own} {{{{figure-{index % FIGURES}}}}}.\n\nAnother {own} [@source-{index % 3}]."
        blocks.append({"prose": {"text": text, **({"id": f"block-{index}"} if index % 2 else {})}})
    return {
        "briefing": {
            "title": "T", "short_title": "S", "date": "2024-06-12", "publisher": "P", "licence": "L", "cite": "C",
        },
        "sources": {f"source-{n}": {"publisher": f"Office {n}", "title": "Count", "kind": "data"} for n in range(3)},
        "figures": {
            f"figure-{n}": {"value": str(100 + n), "as_of": "2024", "sources": [f"source-{n % 3}"]}
            for n in range(FIGURES)
        },
        "brief": {"pages": "1", "blocks": blocks},
        "fact_sheet": {"pages": "1", "blocks": [{"box": {"text": "Words."}}]},
    }  # fmt: skip


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, str, set[int], set[int], set[int], set[int], tuple[int, int] | None]:
    """Two briefings and what differs: figures, sources, blocks reworded, blocks gone, and one block elsewhere."""
    new = tree()
    some = st.sets(st.integers(0, BLOCKS - 1), max_size=3)
    values = draw(st.sets(st.integers(0, FIGURES - 1)))
    sources = draw(st.sets(st.integers(0, 2)))
    gone = draw(some)
    reworded = draw(some) - gone
    for number in values:
        new["figures"][f"figure-{number}"]["value"] = str(200 + number)
    for number in sources:
        new["sources"][f"source-{number}"]["title"] = "Recount"
    blocks = new["brief"]["blocks"]
    for number in reworded:
        text = blocks[number]["prose"]["text"]
        blocks[number]["prose"]["text"] = text.replace(f"lemon{'abcdefgh'[number]}", "entirely other", 1)
    left = [number for number in range(BLOCKS) if number not in gone]
    step = draw(st.one_of(st.none(), st.tuples(*[st.integers(0, len(left) - 1)] * 2)))
    if step and abs(step[0] - step[1]) > 1:
        left.insert(step[1], left.pop(step[0]))
    else:
        step = None
    new["brief"]["blocks"] = [blocks[number] for number in left]
    return json.dumps(tree()), json.dumps(new), values, sources, reworded, gone, step


@pytest.mark.slow
@given(edits())
@examples(40)
def test_independent_edits_are_listed_exactly(
    made: tuple[str, str, set[int], set[int], set[int], set[int], tuple[int, int] | None],
) -> None:
    old, new, values, sources, reworded, gone, step = made
    found = between(old, new)
    (brief, sheet) = found.documents
    assert {one.id for one in found.figures} == {f"figure-{n}" for n in values}
    assert {one.id for one in found.sources} == {f"source-{n}" for n in sources}
    sorts = [one.sort for one in brief.blocks]
    assert sorts.count(ChangeKind.REWORDED) == len(reworded)
    assert sorts.count(ChangeKind.REMOVED) == len(gone)
    assert sorts.count(ChangeKind.MOVED) == (step is not None)
    assert len(sorts) == len(reworded) + len(gone) + (step is not None)
    assert (sheet.blocks, found.front) == ((), ())
    letters = {one.texts[0].new.split()[0][-1] for one in brief.blocks if one.sort is ChangeKind.REWORDED}
    assert letters == {"abcdefgh"[n] for n in reworded}
    back = between(new, old)
    assert exchanged(listed(found)) == {one for one in listed(back) if one[1] in ("added", "removed")}
    assert found.count == back.count


@given(st.permutations(range(7)))
def test_as_few_blocks_as_possible_have_moved(order: list[int]) -> None:
    names = [PairedPart(f"n{number}", "prose", ()) for number in range(7)]
    pairs = pair_parts(names, [names[number] for number in order])
    still = [pairs[number] for number in sorted(set(pairs) - find_moved(pairs, {}))]
    assert still == sorted(still)
    assert len(still) == longest(order)


def longest(order: list[int]) -> int:
    best: list[int] = []
    for index, number in enumerate(order):
        best.append(1 + max((best[at] for at in range(index) if order[at] < number), default=0))
    return max(best)


def test_a_block_without_a_name_is_known_by_its_words_and_kind() -> None:
    def part(words: str, kind: str = "prose", name: str = "") -> PairedPart:
        return PairedPart(name, kind, tuple(words.split()))

    old = [part("one two three four"), part("five six seven eight"), part("named", name="a")]
    new = [part("five six seven nine"), part("one two three four", "box"), part("quite another", name="a")]
    assert pair_parts(old, new) == {1: 0, 2: 2}


GOOD_BRIEF = "text: We counted {{rides}} rides."


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ([("value: 300", "value: 301")], {("figures", "changed", "rides")}),
        ([("value: 300", "value: 300, qualifier: about")], {("figures", "changed", "rides")}),
        ([("as_of: 2024-05,", "as_of: 2024-06,")], {("figures", "changed", "rides")}),
        ([("value: 300", "value: 300, checked: {by: A, on: 2024-06-01}")], {("figures", "changed", "rides")}),
        ([("value: 300", "value: 300, note: For the editors")], set()),
        ([("value: 300", "value: 300, expires: 2025-01-01")], set()),
        ([("kind: data}", "kind: data, note: Read in haste}")], {("sources", "changed", "census")}),
        ([(GOOD_BRIEF, "text: We counted {{ rides|plain }}  rides.")], set()),
        ([(GOOD_BRIEF, "text: We counted {{rides|bare}} rides.")], {("brief", "reworded", "prose-1")}),
        ([(GOOD_BRIEF, "text: We counted **{{rides}}** rides.")], {("brief", "reworded", "prose-1")}),
        ([(GOOD_BRIEF, "text: 'We counted {{rides}} rides [@census].'")], {("brief", "changed", "prose-1")}),
        ([(GOOD_BRIEF, "id: named\n        " + GOOD_BRIEF)], set()),
        ([(GOOD_BRIEF, "place: side\n        " + GOOD_BRIEF)], {("brief", "changed", "prose-1")}),
        ([(GOOD_BRIEF, "heading: Count\n        " + GOOD_BRIEF)], {("brief", "reworded", "prose-1")}),
        (
            [("kind: data}", "kind: data}\n  new: {publisher: New, title: T, kind: law}"), ("rides.", "rides [@new].")],
            {("sources", "added", "new")},
        ),
        ([("title: A title", "title: Another title")], {("front", "changed", "title")}),
        ([("brief:\n  pages: 1", "brief:\n  title: Own\n  pages: 1")], {("brief", "changed", "title")}),
        ([("A plain sentence.", "A plain sentence, Another one")], {("fact_sheet", "reworded", "takeaways-1")}),
    ],
)  # fmt: skip
def test_a_change_is_listed_once_where_it_belongs(edit: list[tuple[str, str]], told: set[tuple[str, str, str]]) -> None:
    text = GOOD
    for old, new in edit:
        text = text.replace(old, new, 1)
    assert text != GOOD
    found = between(GOOD, text)
    assert listed(found) == told
    assert found.count == len(told)


def test_a_new_source_and_a_changed_figure_name_where_they_stand() -> None:
    new = swapped(
        GOOD,
        ("value: 300", "value: 301"),
        ("kind: data}", "kind: data}\n  new: {publisher: New, title: T, kind: law}"),
        ("rides.", "rides [@new]."),
    )
    found = between(GOOD, new)
    for one in (found.figures[0], found.sources[0]):
        assert [(use.document, use.block, use.place.line) for use in one.uses] == [("brief", "prose-1", 11)]


CHART = """\
charts:
  rides:
    kind: bars
    title: Rides
    alt: A chart of rides.
    unit: number
    as_of: 2024
    sources: [census]
    data:
      - {label: May, figure: rides}
      - {label: June, value: 12}
"""


@pytest.mark.parametrize(
    ("edit", "fields"),
    [
        (("value: 300", "value: 301"), []),
        (("value: 12", "value: 13"), []),
        (("label: June", "label: July"), [("data", "June: 12", ""), ("data", "", "July: 12")]),
        (("title: Rides", "title: More rides"), [("title", "Rides", "More rides")]),
        (("kind: bars", "kind: columns"), [("kind", "bars", "columns")]),
        (
            ("- {label: May, figure: rides}\n      - {label: June, value: 12}",
             "- {label: June, value: 12}\n      - {label: May, figure: rides}"),
            [("order", "May, June", "June, May")],
        ),
    ],
)  # fmt: skip
def test_a_chart_tells_of_its_values_but_not_of_its_figures(
    edit: tuple[str, str], fields: list[tuple[str, str, str]]
) -> None:
    old = GOOD.replace("brief:\n  pages", CHART + "brief:\n  pages", 1).replace(
        "    - takeaways", "    - chart: {chart: rides}\n    - takeaways"
    )
    found = between(old, swapped(old, edit))
    assert sorted((f.name, f.old, f.new) for one in found.charts for f in one.fields) == sorted(fields)
    if not fields:
        assert [use.block for use in found.figures[0].uses][-1] == "chart-1"


def test_a_dispute_and_another_source_of_a_figure_are_told() -> None:
    more = "kind: data}\n  audit: {publisher: Audit, title: Count, kind: report}"
    new = swapped(
        GOOD,
        ("kind: data}", more),
        (
            "sources: [census]",
            "sources: [audit], disputed: [{value: 250, qualifier: about, sources: [census], note: Ours}]",
        ),
    )
    (figure,) = between(GOOD, new).figures
    assert {f.name: (f.old, f.new) for f in figure.fields} == {
        "sources": ("Office, Census", "Audit, Count"),
        "disputed": ("", "about 250 (Office, Census): Ours"),
    }
    assert not figure.value_changed


def test_a_key_figure_that_is_another_one_is_reworded() -> None:
    band = "    - key_figures:\n        items: [{figure: rides, label: counted}]\n    - takeaways"
    old = swapped(
        GOOD, ("    - takeaways", band), ("\nbrief:", "\n  walks: {value: 5, as_of: 2024, sources: [census]}\nbrief:")
    )
    found = between(old, swapped(old, ("figure: rides", "figure: walks")))
    (block,) = found.documents[1].blocks
    assert (block.sort, block.texts[0].old, block.texts[0].new) == (ChangeKind.REWORDED, "300 counted", "5 counted")
    assert found.count == 1


# ------------------------------------------------------------------ how it is told


def test_the_list_is_in_plain_words() -> None:
    old, new = version(FLAG, "old.yaml"), version(SIX, "new.yaml")
    told = listing.as_text(old, new, compare.compare(old, new))
    assert "arrests: more than 300 arrests → more than 310 arrests" in told
    assert "why: The department corrected its readout on 20 June." in told
    assert "printed in: policy brief: takeaways, announced; fact sheet: key-figures" in told
    assert "[-crossed by people-] {+which people cross on foot+}" in told
    assert "moved: panama “What Panama’s next leader intends”, after options (was after risks)" in told
    assert told.index("\nFigures\n") < told.index("\nSources\n") < told.index("\nPolicy brief\n")
    assert "Fact sheet\n  no change\n" in told
    assert told.endswith("6 changes.")
    assert listing.as_text(old, old, compare.compare(old, old)).endswith("\n\nNo change.")


def test_a_mark_of_copies_that_is_new_gone_or_another_one_is_told() -> None:
    marked = GOOD.replace("\nbrief:", "\nmark: {address: 'https://briefs.example.org'}\nbrief:", 1)
    other = marked.replace("{address", "{says: [copy, code], address")
    for before, now, said in (
        (GOOD, marked, "mark: new, copy, recipient, code; https://briefs.example.org"),
        (marked, GOOD, "mark: removed, was copy, recipient, code; https://briefs.example.org"),
        (marked, other, "says: copy, recipient, code → copy, code"),
    ):
        old, new = version(before, "old.yaml"), version(now, "new.yaml")
        told = listing.as_text(old, new, compare.compare(old, new))
        assert f"\nMark of numbered copies\n  {said}  [" in told, told
        assert told.endswith("\n1 change.")
    assert not between(marked, marked).count


def test_the_list_tells_what_is_new_and_what_is_gone_the_same_way() -> None:
    other = OTHER.read_text(encoding="utf-8")
    old, new = version(FLAG), version(other)
    told = listing.as_text(old, new, compare.compare(old, new))
    for words in ("wells-dry: new, ", "arrests: removed, was ", "  new: ", "  removed: ", "Front matter"):
        assert words in told
    json.loads(listing.as_json(old, new, compare.compare(old, new), [Finding(Severity.NOTE, "x", "y", Place("f"))]))


def test_the_guide_shows_the_list_as_it_is() -> None:
    guide = (ROOT / "docs" / "changes.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"(?s)```text\n(.*?)```", guide)
    old, new = version(FLAG, "old.yaml"), version(SECOND, "content.yaml")
    told = listing.as_text(old, new, compare.compare(old, new))
    lines, known = ([re.sub(r"  \[.*?\]$", "", line) for line in text.splitlines()] for text in (shown, told))
    assert len(lines) > 20
    assert [line for line in lines if line not in known] == []


# ------------------------------------------------------------------ the edition


def test_an_edition_that_does_not_rise_is_told() -> None:
    old = version(FLAG)
    new = version(SIX, "new.yaml")
    (told,) = new.locate(compare.edition_kept(old, new, between(FLAG, SIX)))
    assert (told.code, told.severity, told.place.file, told.place.line) == (
        "edition-same",
        Severity.WARNING,
        "new.yaml",
        15,
    )
    assert "arrests, dead-or-missing, sexual-violence" in told.message
    assert compare.edition_kept(old, version(SECOND), between(FLAG, SECOND)) == ()
    reworded = swapped(FLAG, ("A jungle without roads", "No roads"))
    assert compare.edition_kept(old, version(reworded), between(FLAG, reworded)) == ()
    unused = swapped(GOOD, ("\nbrief:", "\n  walks: {value: 5, as_of: 2024, sources: [census]}\nbrief:"))
    other = swapped(unused, ("value: 5", "value: 6"))
    assert compare.edition_kept(version(unused), version(other), between(unused, other)) == ()


HELD = edition_history.PrintedEdition("Short", 1, "final", {"rides": "300"})
AT = ContentPath(("briefing", "edition"))


def test_what_a_final_edition_has_printed_is_held_against_every_later_printing() -> None:
    now = replace(HELD, figures={"rides": "301", "walks": "5"})
    kept, told = edition_history.check_edition(HELD, now)
    assert [(f.code, f.severity, f.at) for f in told] == [("edition-same", Severity.WARNING, AT)]
    assert kept == replace(HELD, figures={"rides": "300", "walks": "5"})
    assert edition_history.check_edition(kept, now)[1] == told
    assert edition_history.check_edition(HELD, replace(now, status="draft"))[0].status == "final"
    assert edition_history.check_edition(HELD, replace(now, edition=2)) == (replace(now, edition=2), ())
    assert edition_history.check_edition(HELD, replace(now, briefing="Other"))[1] == ()
    assert edition_history.check_edition(None, now) == (now, ())
    assert edition_history.check_edition(HELD, HELD) == (HELD, ())


def test_a_draft_may_change_and_is_only_noted() -> None:
    now = replace(HELD, figures={"rides": "301"})
    kept, told = edition_history.check_edition(replace(HELD, status="draft"), now)
    assert [f.severity for f in told] == [Severity.NOTE]
    assert kept == now


@pytest.mark.parametrize(
    "manifest",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"edition": 1}',
        b'{"briefing": 1, "edition": 1, "status": "final", "figures": {}}',
        b'{"briefing": "S", "edition": "1", "status": "final", "figures": {}}',
        b'{"briefing": "S", "edition": 1, "status": "sold", "figures": {}}',
        b'{"briefing": "S", "edition": 1, "status": [], "figures": {}}',
        b'{"briefing": "S", "edition": 1, "status": "final", "figures": {"a": 1}}',
        b'{"briefing": "S", "edition": 1, "status": "final", "figures": ["a"]}',
    ],
)  # fmt: skip
def test_a_manifest_that_is_not_ours_says_nothing(manifest: bytes, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(manifest)
    assert edition_history.read_last_edition(tmp_path) is None


def test_a_manifest_that_is_no_file_says_nothing(tmp_path: Path) -> None:
    assert edition_history.read_last_edition(tmp_path / "nowhere") is None
    (tmp_path / "manifest.json").mkdir()
    assert edition_history.read_last_edition(tmp_path) is None


@pytest.mark.slow
def test_a_build_tells_that_figures_have_changed_and_the_edition_has_not(tmp_path: Path) -> None:
    content, out = tmp_path / "content.yaml", tmp_path / "build"

    def built(value: int, status: str, edition: int = 1) -> list[tuple[Severity, int]]:
        front = f"{{edition: {edition}, status: {status}, title"
        signed = f"value: {value}, checked: {{by: A, on: 2024-06-10}}"
        content.write_text(GOOD.replace("{title", front).replace("value: 300", signed))
        outcome = build.run(build.Job(content, content.name, out, TEMPLATES, TODAY, ("brief",)))
        assert not outcome.refused
        return [(f.severity, f.place.column) for f in outcome.findings if f.code == "edition-same"]

    assert built(300, "draft") == []
    assert json.loads((out / "manifest.json").read_text())["figures"] == {"rides": "300"}
    assert built(301, "final") == [(Severity.NOTE, 21)]
    assert built(302, "final") == [(Severity.WARNING, 21)]
    assert built(302, "final") == [(Severity.WARNING, 21)]
    assert built(302, "final", 2) == []
    assert edition_history.read_last_edition(out) == edition_history.PrintedEdition(
        "Short", 2, "final", {"rides": "302"}, "2024-06-12", "2024-06-12"
    )


# ------------------------------------------------------------------ git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with two revisions of a content file, in a folder of it."""
    folder = tmp_path / "house" / "briefings"
    folder.mkdir(parents=True)
    git("init", "-q", folder=tmp_path / "house")
    (tmp_path / "house" / "other.txt").write_text("x")
    git("add", ".", folder=tmp_path / "house")
    git("commit", "-qm", "none", folder=tmp_path / "house")
    (folder / "content.yaml").write_text(GOOD)
    git("add", ".", folder=folder)
    git("commit", "-qm", "one", folder=folder)
    (folder / "content.yaml").write_text(GOOD.replace("value: 300", "value: 301"))
    return folder


def git(*arguments: str, folder: Path) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, env=own, check=True, capture_output=True)


def asked(folder: Path, old: str, **more: Any) -> CompareJob:
    environment = more.pop("environment", os.environ)
    return CompareJob(old, folder / "content.yaml", "content.yaml", TEMPLATES, environment, **more)


def refusal(run: Callable[[], CompareOutcome]) -> list[str]:
    try:
        run()
    except (Refused, Missing) as why:
        return [f.code for f in why.findings if f.hint]
    raise AssertionError("nothing was refused")


def test_the_working_file_is_compared_with_a_revision(repository: Path) -> None:
    found = compare_command.run(asked(repository, "HEAD"))
    assert listed(found.changes) == {("figures", "changed", "rides")}
    assert found.old.source.file == "HEAD:content.yaml"
    assert [f.code for f in found.findings] == ["edition-same"]
    git("commit", "-qam", "two", folder=repository)
    assert compare_command.run(asked(repository, "HEAD")).changes.count == 0
    assert compare_command.run(asked(repository, "HEAD~1")).changes.count == 1
    elsewhere = {**os.environ, "GIT_DIR": "/nowhere", "GIT_WORK_TREE": "/nowhere"}
    assert compare_command.run(asked(repository, "HEAD~1", environment=elsewhere)).changes.count == 1


@pytest.mark.parametrize(
    ("revision", "code"),
    [
        ("HEAD~1", "revision-lacks-file"),
        ("no-such-branch", "revision-unknown"),
        ("HEAD:./content.yaml", "revision-malformed"),
        ("--output=stolen", "revision-malformed"),
        ("-p", "revision-malformed"),
        (":/one", "revision-malformed"),
        ("a b", "revision-malformed"),
        ("HEAD\n", "revision-malformed"),
        ("", "revision-malformed"),
    ],
)
def test_a_revision_that_has_no_such_file_is_told(revision: str, code: str, repository: Path) -> None:
    assert refusal(lambda: compare_command.run(asked(repository, revision))) == [code]
    assert not (repository / "stolen").exists()


def test_faults_of_both_versions_are_told_together(repository: Path) -> None:
    (repository / "old.yaml").write_text(GOOD.replace("{{rides}}", "{{rids}}"))
    (repository / "content.yaml").write_text(GOOD.replace("kind: data", "kind: dat"))
    codes = refusal(lambda: compare_command.run(asked(repository, str(repository / "old.yaml"))))
    assert sorted(codes) == ["choice-unknown", "figure-unknown"]
    git("commit", "-qam", "bad", folder=repository)
    (repository / "content.yaml").write_text(GOOD)
    assert refusal(lambda: compare_command.run(asked(repository, "HEAD"))) == ["choice-unknown"]


def test_a_folder_without_repository_is_told(tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_text(GOOD)
    closed = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    assert refusal(lambda: compare_command.run(asked(tmp_path, "HEAD", environment=closed))) == ["repository-missing"]


def test_a_file_in_git_that_is_too_large_is_refused(repository: Path) -> None:
    (repository / "content.yaml").write_text(GOOD + "#" * yaml_reader.MAX_BYTES)
    git("commit", "-qam", "large", folder=repository)
    (repository / "content.yaml").write_text(GOOD)
    assert refusal(lambda: compare_command.run(asked(repository, "HEAD"))) == ["file-too-large"]


def test_a_machine_without_git_and_a_git_that_hangs_are_told(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refusal(lambda: compare_command.run(asked(repository, "HEAD", environment={"PATH": str(tmp_path)}))) == [
        "git-missing"
    ]
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 20\n")
    slow.chmod(0o755)
    monkeypatch.setattr(versions, "GIT", str(slow))
    monkeypatch.setattr(versions, "SECONDS", 0.2)
    assert refusal(lambda: compare_command.run(asked(repository, "HEAD"))) == ["git-time"]
    slow.chmod(0o644)
    assert refusal(lambda: compare_command.run(asked(repository, "HEAD"))) == ["git-missing"]


# ------------------------------------------------------------------ the correction slip


def words_of(pdf: Path | bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(text.replace("\u00a0", " ").split())


@pytest.mark.slow
@pytest.mark.parametrize("paper", usually(["letter"], ["a4"]))
def test_a_slip_of_one_page_goes_with_old_copies(paper: str, tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(FLAG, encoding="utf-8")
    (tmp_path / "new.yaml").write_text(SECOND, encoding="utf-8")
    slip = tmp_path / "out" / "slip.pdf"
    line = command("changes", tmp_path / "old.yaml", tmp_path / "new.yaml", "--slip", slip, "--paper", paper)
    run = subprocess.run([*line, "--format", "json"], capture_output=True, text=True, timeout=120, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    told = json.loads(run.stdout)
    assert (told["count"], told["findings"]) == (9, [])
    assert (told["old"]["edition"], told["new"]["edition"]) == (1, 2)
    with pikepdf.open(slip) as pdf:
        assert len(pdf.pages) == 1
        width = float(pdf.pages[0].mediabox[2]) * 25.4 / 72
    assert width == pytest.approx(PAPERS[PaperName(paper)].width_mm, abs=0.1)
    text = words_of(slip)
    for words in (
        "Corrections to edition 1", "US targets Darién smuggling leaders", "Edition 2 1 July 2024",
        "more than 300 arrests more than 310 arrests", "at least 342 people at least 351 people",
        "676 people about 679 people", "The department corrected its readout on 20 June.",
        "Source: US Department of Justice, Readout", "crossed by people", "which people cross on foot",
        "Now in another place: “What Panama’s next leader intends”", "Details of a source: Extra",
        "example.org/darien", "CC BY 4.0", "Draft: not signed off",
    ):  # fmt: skip
        assert words in text, words
    assert page_validation([slip], "ua1")[slip] == []
    assert qpdf_check(slip) == []
    assert sorted(path.name for path in slip.parent.iterdir()) == ["slip.pdf"]


def fitted(old: Manuscript, new: Manuscript, paper: str) -> tuple[int, str, int]:
    leaves = correction_slip.leaves(old, new, compare.compare(old, new), PAPERS[PaperName(paper)], TEMPLATES)
    printed, faults = typeset_longest(leaves, 1)
    assert printed
    assert (faults, printed.findings, printed.lacking) == ((), (), ())
    return printed.pages, words_of(printed.pdf), printed.used


@pytest.mark.slow
@pytest.mark.parametrize("paper", usually(["a4"], ["letter"]))
def test_what_does_not_fit_on_a_slip_is_summed_up(paper: str) -> None:
    pages, text, _ = fitted(version(FLAG), version(OTHER.read_text(encoding="utf-8")), paper)
    assert pages == 1
    assert "further changes of wording" in text
    assert "further changes" in text.partition("Also new in edition 2")[2]


@pytest.mark.slow
def test_a_slip_is_set_tighter_before_anything_is_left_out() -> None:
    many = FLAG
    for number, word in enumerate(
        ("Darién lies", "No deployment was", "Ecuador,", "A wall is", "Wild animals,", "To 6 June")
    ):
        if many.count(word) == 1:
            many = many.replace(word, f"Changed {number} {word}")
    loose, tight = version(SIX), version(many.replace("edition: 1", "edition: 2"))
    _, _, first = fitted(version(FLAG), loose, "letter")
    pages, text, _ = fitted(version(FLAG), tight, "letter")
    assert (first, pages) == (len(correction_slip.HALF), 1)
    assert "further" not in text


def test_figures_stand_on_a_slip_in_order_of_importance() -> None:
    old, new = version(FLAG), version(swapped(SIX, ("value: 30000\n", "value: 31000\n")))
    leaves = correction_slip.leaves(old, new, compare.compare(old, new), PAPERS[PaperName.A4], TEMPLATES)
    html = leaves[0].html
    spots = [html.index(words) for words in ("more than 310", "more than 31,000", "at least 351", "about 679")]
    assert max(spots[:2]) < min(spots[2:])


def test_without_a_change_there_is_no_slip(tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_text(GOOD)
    found = compare_command.run(asked(tmp_path, str(tmp_path / "content.yaml"), slip=tmp_path / "slip.pdf"))
    assert [(f.code, f.severity) for f in found.findings] == [("slip-empty", Severity.NOTE)]
    assert not found.refused
    assert not (tmp_path / "slip.pdf").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (("title: A title", "title: " + "Long and longer " * 600), "slip-too-long"),
        (("title: A title", "title: 漢字"), "glyph-missing"),
    ],
)
def test_a_slip_that_cannot_be_printed_is_refused(edit: tuple[str, str], code: str, tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(GOOD)
    (tmp_path / "content.yaml").write_text(swapped(GOOD, edit))
    found = compare_command.run(asked(tmp_path, str(tmp_path / "old.yaml"), slip=tmp_path / "slip.pdf"))
    assert found.refused
    assert code in {f.code for f in found.findings}
    assert not (tmp_path / "slip.pdf").exists()


def test_a_slip_replaces_a_link_and_never_writes_through_it(tmp_path: Path) -> None:
    labelled = GOOD.replace("value: 300", "value: 300, label: Rides")
    (tmp_path / "old.yaml").write_text(labelled)
    (tmp_path / "content.yaml").write_text(labelled.replace("value: 300", "value: 301"))
    (tmp_path / "slip.pdf").symlink_to(tmp_path / "old.yaml")
    found = compare_command.run(asked(tmp_path, str(tmp_path / "old.yaml"), slip=tmp_path / "slip.pdf"))
    assert not found.refused
    assert (tmp_path / "old.yaml").read_text() == labelled
    assert (tmp_path / "slip.pdf").read_bytes().startswith(b"%PDF")
    (tmp_path / "folder.pdf").mkdir()
    found = compare_command.run(asked(tmp_path, str(tmp_path / "old.yaml"), slip=tmp_path / "folder.pdf"))
    assert [f.code for f in found.findings if f.severity is Severity.ERROR] == ["out-unwritable"]


@pytest.mark.parametrize(
    ("brand", "code", "refused"),
    [('colour: {brand: "#00b3ff"}', "brand-mended", False), ('colour: {accent: "#00b3ff"}', "brand-contrast", True)],
)
def test_a_brand_is_for_the_slip_alone_and_what_is_to_be_told_of_it_is_told(
    brand: str, code: str, refused: bool, tmp_path: Path
) -> None:
    labelled = GOOD.replace("value: 300", "value: 300, label: Rides")
    (tmp_path / "old.yaml").write_text(labelled)
    (tmp_path / "content.yaml").write_text(labelled.replace("value: 300", "value: 301"))
    (tmp_path / "brand.yaml").write_text(f"brand: 1\n{brand}\n")
    plain = compare_command.run(asked(tmp_path, str(tmp_path / "old.yaml")))
    assert (plain.refused, {one.code for one in plain.findings if one.code.startswith("brand")}) == (False, set())
    found = compare_command.run(asked(tmp_path, str(tmp_path / "old.yaml"), slip=tmp_path / "slip.pdf"))
    assert found.changes.count == plain.changes.count
    assert found.refused is refused
    assert (tmp_path / "slip.pdf").exists() is not refused
    assert (code, "brand.yaml", 2) in {(one.code, one.place.file, one.place.line) for one in found.findings}


# ------------------------------------------------------------------ the command line


def said(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return typed(cwd, "changes", *arguments)


def begun(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own."""
    return subprocess.run(
        command("changes", *arguments), cwd=cwd, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.slow
def test_the_command_lists_and_ends_as_the_others_do(repository: Path) -> None:
    run = begun("HEAD", cwd=repository)
    assert run.returncode == 0
    assert "rides: 300 → 301" in run.stdout
    assert "[edition-same]" in run.stderr
    assert said("HEAD", "content.yaml", "--content", "content.yaml", cwd=repository).returncode == 2
    assert said("HEAD", "--slip", "content.yaml", cwd=repository).returncode == 2
    unknown = said("nothing", cwd=repository)
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "revision-unknown" in unknown.stderr
    in_json = said("nothing", "--format", "json", cwd=repository)
    assert json.loads(in_json.stdout)["code"] == "revision-unknown"


@pytest.mark.parametrize("text", [FLAG, OTHER.read_text(encoding="utf-8")], ids=["flagship", "other"])
def test_all_words_of_a_slip_are_in_the_file_of_words(text: str) -> None:
    """Every line that a slip can have is made without a missing word, with old and new exchanged too."""
    one, other = version(text), version(GOOD)
    for old, new in ((one, other), (other, one)):
        assert correction_slip.leaves(old, new, compare.compare(old, new), PAPERS[PaperName.A4], TEMPLATES)


def test_every_part_of_the_front_matter_can_be_told_on_a_slip() -> None:
    words = version(GOOD, "new.yaml").wording.words["front"]
    assert set(Front.model_fields) - set(words) <= {*corrections.TOLD, *corrections.UNREAD}


def test_an_edition_that_says_when_it_came_out_is_not_undated() -> None:
    second = swapped(GOOD, ("date: 2024-06-12,", "date: 2024-06-12, edition: 2, issued: 2024-08,"))
    old, new = version(GOOD, "old.yaml"), version(second, "new.yaml")
    assert compare.edition_kept(old, new, compare.compare(old, new)) == ()


def test_an_edition_that_keeps_when_the_one_before_came_out_is_undated() -> None:
    second = swapped(GOOD, ("date: 2024-06-12,", "date: 2024-06-12, edition: 2, issued: 2024-08,"))
    old, new = version(second, "old.yaml"), version(second.replace("edition: 2", "edition: 3"), "new.yaml")
    told = compare.edition_kept(old, new, compare.compare(old, new))
    assert [one.code for one in told] == ["edition-undated"]
    before, now = (
        edition_history.printed_edition(one.briefing.briefing, one.ledger, one.wording) for one in (old, new)
    )
    kept = edition_history.parse_edition(json.dumps({**before.facts(), "date": "2024-06-12"}).encode())
    assert [one.code for one in edition_history.check_edition(kept, now)[1]] == ["edition-undated"]


MONEY = swapped(
    GOOD,
    ("{value: 300, as_of: 2024-05,", "{value: 8000000, unit: usd, label: Cost, as_of: 2024-06-11,"),
    ("publisher: Desk", "language: en-GB, publisher: Desk"),
)


def test_another_language_of_the_same_figures_corrects_none_of_them() -> None:
    other = swapped(MONEY, ("language: en-GB", "language: en-US"))
    assert version(MONEY).wording.long(version(MONEY).ledger.entries["rides"].amount).text.startswith("US$")
    assert between(MONEY, other).figures == ()
    (one,) = between(MONEY, swapped(other, ("value: 8000000", "value: 9000000"))).figures
    assert (one.old, one.new) == ("US$8 million", "$9 million")
    (one,) = between(MONEY, swapped(other, ("as_of: 2024-06-11", "as_of: 2024-06-10"))).figures
    assert [(found.name, found.old, found.new) for found in one.fields] == [("as_of", "11 June 2024", "June 10, 2024")]


@pytest.mark.parametrize(
    ("block", "old", "new", "said"),
    [
        ("box: {text: A word., place: side}", "side}", "side, filler: true}", []),
        ("prose: {text: A word.}", "word.}", "word., columns: 2}", []),
        ("pull_figure: {figure: rides, label: rides}", "label: rides", "label: rides, icon: car", []),
        ("key_figures: {items: [{figure: rides, label: rides}]}", "label: rides", "label: rides, icon: car", []),
        ("pull_quote: {text: Un mot, by: A, source: census}", "by: A", "by: A, lang: fr", []),
        ("pull_quote: {text: A word, by: A, source: census}", "source: census", "source: ask", ["Other sources"]),
        ("table: {columns: [{head: A}, {head: B}], rows: [[a, b]]}", "head: B}", "head: B, align: right}", []),
        ("table: {columns: [{head: A}, {head: B}], rows: [[a, b]]}", "head: B}", "head: B, show: arrow}", ["Changed"]),
    ],
)
def test_a_slip_tells_of_no_block_whose_setting_alone_is_another(
    block: str, old: str, new: str, said: list[str]
) -> None:
    more = swapped(
        GOOD,
        ("rides.\n", f'rides.\n    - {block}\n    - prose: {{text: "Said before [@census; @ask]."}}\n'),
        ("kind: data}", "kind: data}\n  ask: {publisher: Office, title: Letter, kind: data}"),
    )
    before, now = version(more), version(swapped(more, (block, swapped(block, (old, new)))))
    also = corrections.corrections_of(before, now, compare.compare(before, now)).also
    assert [line.split(":")[0] for line in also] == said
