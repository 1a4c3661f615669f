"""The gallery shows every example, and each piece of its YAML is of the example that it names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from briefing.content import yaml_reader
from tests.support.builds import ROOT

GALLERY = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
NAMED = re.compile(r"(?s)\[[\w.-]+\]\(\.\./examples/([\w-]+/[\w-]+\.yaml)\)[^\n]*\n\n```yaml\n(.*?)```")
PIECES = NAMED.findall(GALLERY)
LONGEST = 10  # lines


def tree(text: str) -> Any:
    return yaml_reader.parse(text.encode(), "gallery.md").tree


def holds(whole: Any, part: Any) -> bool:
    """Whether a part is in a tree: its keys with their values, and each of its blocks among the blocks."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(key in whole and holds(whole[key], value) for key, value in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return all(any(holds(one, item) for one in whole) for item in part)
    return bool(whole == part)


@pytest.mark.parametrize(("file", "text"), PIECES, ids=lambda at: at[:40].split("\n")[0])
def test_each_piece_of_the_gallery_is_short_and_stands_in_its_example(file: str, text: str) -> None:
    assert len(text.splitlines()) <= LONGEST
    part, whole = tree(text), tree((ROOT / "examples" / file).read_text(encoding="utf-8"))
    blocks = [*whole["brief"]["blocks"], *whole["fact_sheet"]["blocks"]] if "brief" in whole else []
    assert holds(blocks if isinstance(part, list) else whole, part)


def test_the_gallery_leaves_no_piece_and_no_example_out() -> None:
    assert len(PIECES) == GALLERY.count("```yaml") > 15
    names = {file.parent.name for file in Path(ROOT / "examples").glob("*/content.yaml")}
    assert len(names) >= 10
    assert [name for name in sorted(names) if f"| [{name}](" not in GALLERY] == []
