"""Content that is read piece by piece is what is read whole: values, places, lines and every fault."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from briefing.content import yaml_reader
from briefing.content.tree import ContentTree, Scalar
from briefing.findings import Refused
from briefing.preview.piecewise import PieceReader
from tests.support.builds import OTHER, ROOT
from tests.support.examples import times, usually

SMALL = """\
# What comes first
briefing:
  title: A title that goes
    on in a second line
  note: "quoted text
    of two lines: with a colon"
names: [one,
  two]
sources:
  census: {publisher: Office, title: Census}
  # a remark

  review:
    title: "One
  two: three"
    publisher: Desk
figures:
    rides:
      value: 3
      label: |
        Rides
        entry: none

    walks: {value: 4}
brief:
  pages: 1
  # above the blocks
  blocks:
    # above the first
    - prose:
        text: >
          Folded text
          of two lines.

    - prose: {heading: "It's", text: '# no remark'}
    # between two
    - table:
        rows:
        - [a, b]
        - [c, d]
    - prose:
        text: |+
          kept

fact_sheet:
  blocks:
  - takeaways: {items: [A plain sentence.]}
  pages: 1
"""
NASTY = (
    *("", " ", "#", "# x", "---", "...", "%YAML 1.1", "- ", "-", "- a", "    - prose: {text: b}", "    - &a prose: *a"),
    *(
        "brief:",
        "briefing: 1",
        "blocks:",
        "  blocks:",
        "    blocks: [block]",
        "    - block",
        "  lede: |",
        "  x: >-",
        "? a",
    ),
    *(
        ": b",
        "\t- tab",
        '"',
        "'",
        "{",
        "}",
        "[",
        "]",
        "key: &anchor text",
        "  alias: *anchor",
        "a: *anchor",
        "<<: {a: 1}",
    ),
    *(
        "!!int 3",
        "  t: !tag x",
        "  note: text #gone",
        "  n:",
        "  n: ~",
        "    -",
        "\u2028",
        "\u200b",
        "\u0085",
        "\r",
        "  :",
    ),
    *("\u00e9t\u00e9: 1", "- - - x", "    - - x", "      heading: more", "fact_sheet: {blocks: []}", "  |", "text"),
)
SIGNS = "\"'#:-|>&*!{}[],?% \t\nab"


def insert(lines: list[str], random: Random) -> None:
    lines.insert(random.randrange(len(lines) + 1), random.choice(NASTY))


def append(lines: list[str], random: Random) -> None:
    lines[random.randrange(len(lines))] += random.choice(("", " ")) + random.choice(NASTY)


def delete(lines: list[str], random: Random) -> None:
    at = random.randrange(len(lines))
    del lines[at : at + random.choice((1, 1, 3))]
    lines += [] if lines else [""]


def move(lines: list[str], random: Random) -> None:
    at, to = random.randrange(len(lines)), random.randrange(len(lines))
    lines[to:to] = lines[at : at + random.randrange(6)]


def indent(lines: list[str], random: Random) -> None:
    at = random.randrange(len(lines))
    lines[at] = random.choice((f"  {lines[at]}", lines[at][2:], lines[at].lstrip()))


def sign(lines: list[str], random: Random) -> None:
    at = random.randrange(len(lines))
    column = random.randrange(len(lines[at]) + 1)
    lines[at] = lines[at][:column] + random.choice(SIGNS) + lines[at][column + random.randrange(2) :]


def word(lines: list[str], random: Random) -> None:
    at = random.randrange(len(lines))
    lines[at] = lines[at].replace("e", random.choice("aiou"), 1)


EDITS: tuple[Callable[[list[str], Random], None], ...] = (insert, append, delete, move, indent, sign, word, word)


def told(parse: Callable[[bytes, str], ContentTree], data: bytes) -> object:
    """All that is read, or refused."""
    try:
        source = parse(data, "c")
    except Refused as refused:
        return [repr(finding) for finding in refused.findings]
    return letters(source.tree), source.values, source.keys, source.lines, source.has_holes


def letters(tree: Any) -> object:
    """A tree with what its texts tell of themselves, and its keys in their order."""
    if isinstance(tree, dict):
        return [(key, letters(value)) for key, value in tree.items()]
    if isinstance(tree, list):
        return [letters(value) for value in tree]
    return (str(tree), tree.plain) if isinstance(tree, Scalar) else tree


@pytest.mark.parametrize("text", usually([SMALL], [OTHER.read_text(encoding="utf-8")]), ids=len)
def test_after_any_edits_content_is_what_is_read_whole(text: str) -> None:
    random, reader = Random(3), PieceReader()
    lines = text.split("\n")
    for number in range(times(120, 20_000)):
        if number % 7 == 0:
            lines = text.split("\n")
        random.choice(EDITS)(lines, random)
        data = "\n".join(lines).encode("utf-8", "surrogatepass")
        assert told(reader.parse, data) == told(yaml_reader.parse, data), data.decode()


@pytest.mark.parametrize(
    "tail",
    [
        "",
        "\n",
        "\n\n\n",
        "brief: {blocks: [block], lede: |\n  blocks:\n    - x\n}",
        "x: |+\n  kept\n\n",
        "x: |+\n  kept",
    ],
)
def test_the_end_of_a_file_is_read_as_it_is(tail: str) -> None:
    reader = PieceReader()
    for data in ((SMALL + tail).encode(), (SMALL.replace("census", "other") + tail).encode()):
        assert told(reader.parse, data) == told(yaml_reader.parse, data)


def test_a_literal_that_looks_like_blocks_is_none() -> None:
    text = b"brief:\n  lede: |\n    blocks:\n      - prose\n  blocks: [block]\n"
    assert told(PieceReader().parse, text) == told(yaml_reader.parse, text)


def test_what_has_not_changed_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, text = PieceReader(), (ROOT / "content.yaml").read_text(encoding="utf-8")
    before = reader.parse(text.encode(), "c").tree
    monkeypatch.setattr(yaml_reader, "parse", None)
    after = reader.parse(text.replace("  blocks:", "  # a line more\n  blocks:").encode(), "c").tree
    assert after == before
    assert all(after["sources"][name] is one for name, one in before["sources"].items())
    assert all(map(lambda one, other: one is other, after["brief"]["blocks"], before["brief"]["blocks"]))
