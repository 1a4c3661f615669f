"""Numbers of a column under each other: cells as HTML in, the same with the room that their decimals lack.

Digits are of one width and stand right. A number with fewer decimals than its neighbours, or with fewer source marks,
gets what it lacks as letters that nobody sees, so that the points stand below each other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup

_MARKS = re.compile(
    r'<span class="marks(?: letter)?">(?:(?!</?span).|<span class="dagger">†</span>)*</span>$', re.DOTALL
)
_TAG = re.compile(r"<[^>]+>")


def align_at_point(cells: Sequence[Markup], point: str) -> list[Markup]:
    """The cells of a column; those that are not just one number stay as they are."""
    number = re.compile(r"[^\d]*\d(?:[\d\u00a0,.’]*\d)?(?P<rest>[^\d]*)")
    fractions: list[str | None] = []
    for cell in cells:
        words = _TAG.sub("", _MARKS.sub("", cell))
        found = number.fullmatch(words)
        whole = words[: found.start("rest")] if found else ""
        behind = re.search(rf"{re.escape(point)}(\d+)$", whole)
        fractions.append(None if not found else behind[0] if behind else "")
    longest = max((one for one in fractions if one is not None), key=len, default="")
    marks = [_TAG.sub("", found[0]) if (found := _MARKS.search(cell)) else "" for cell in cells]
    most = max((mark for mark, one in zip(marks, fractions, strict=True) if one is not None), key=len, default="")
    numbers = [(len(one), len(mark)) for one, mark in zip(fractions, marks, strict=True) if one is not None]
    if len(set(numbers)) < 2:
        return list(cells)
    return [
        cell if one is None else _padded(cell, longest[len(one) :], most[len(mark) :])
        for cell, one, mark in zip(cells, fractions, marks, strict=True)
    ]


def _padded(cell: Markup, lacking: str, marks: str) -> Markup:
    before = f'<span class="pad">{lacking}</span>' if lacking else ""
    after = f'<span class="pad"><span class="marks">{marks}</span></span>' if marks else ""
    return Markup(f"{cell}{before}{after}")
