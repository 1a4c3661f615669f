"""Lists over the end of a page: no item stands alone, and a list of three is whole."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from briefing.design.outputs import USES, OutputName
from briefing.language.letters import letter_of
from briefing.pipeline.document import make
from tests.support.builds import GOOD, briefing_of, orders, swapped

LISTS = {letter_of(at): 3 + at % 3 for at in range(50)}  # how many items each has


def test_no_item_of_a_list_is_left_alone_by_the_end_of_a_page(tmp_path: Path) -> None:
    text = "".join(
        f"\n\n          List {name}.\n{f'          - Item {name}.{chr(10)}' * LISTS[name]}" for name in LISTS
    )
    content = swapped(
        GOOD,
        ("  pages: 1\n  blocks:\n    - prose:\n        text: We counted {{rides}} rides.\n",
         "  pages: 6\n  blocks:\n    - prose:\n        text: |\n          We counted {{rides}} rides." + text),
    )  # fmt: skip
    made = make(orders(briefing_of(content), tmp_path, "letter", tmp_path, ("brief",), USES[OutputName.READING])[0])
    assert [one.message for one in made.findings if one.severity == "error"] == []
    assert made.amiss == ()
    items: dict[str, list[int]] = defaultdict(list)  # on which page each item of a list stands
    for one in made.stood:
        word, *name = one.asked.text.rstrip(".").split()
        if word == "Item":
            items[name[0]].append(one.parts[0][0])
    assert {name: len(pages) for name, pages in items.items()} == LISTS
    parted = [(len(pages), pages.count(min(pages))) for pages in items.values() if len(set(pages)) > 1]
    assert all(count > 3 and 1 < first < count - 1 for count, first in parted), parted
    assert max(map(max, items.values())) > 3
