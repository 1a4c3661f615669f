"""Which part of an old order is which part of a new one, and which of them have moved.

Two sequences of parts come in; pairs of their indices go out. A part is known by its name where it has one, otherwise
by its kind and the likeness of its words. All of it is the same with old and new exchanged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

LIKE = 0.5  # from here on two texts are the same one, reworded


@dataclass(frozen=True)
class PairedPart:
    """One part of an order, as far as its identity goes."""

    name: str  # may be empty
    kind: str
    words: tuple[str, ...]


def pair_parts(old: Sequence[PairedPart], new: Sequence[PairedPart], like: float = LIKE) -> dict[int, int]:
    """The new index of each old part that is still there."""
    named = {part.name: index for index, part in enumerate(new) if part.name}
    pairs = {
        index: named[part.name]
        for index, part in enumerate(old)
        if part.name in named and new[named[part.name]].kind == part.kind
    }
    taken = set(pairs.values())
    candidates = sorted(
        (-likeness, abs(here - there), here + there, here, there)
        for here, part in enumerate(old)
        for there, other in enumerate(new)
        if here not in pairs and there not in taken and part.kind == other.kind and not (part.name and other.name)
        if (likeness := _likeness(part.words, other.words, like)) >= like
    )
    for *_, here, there in candidates:
        if here not in pairs and there not in taken:
            pairs[here] = there
            taken.add(there)
    return dict(sorted(pairs.items()))


def _likeness(one: tuple[str, ...], other: tuple[str, ...], least: float) -> float:
    """From 0 to 1; 0 where it is surely below the least."""
    if one == other:
        return 1.0
    total = len(one) + len(other)
    if 2 * sum((Counter(one) & Counter(other)).values()) < least * total:
        return 0.0
    first, second = sorted((one, other))  # the matcher's answer depends on the order
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def find_moved(pairs: Mapping[int, int], weights: Mapping[int, int]) -> frozenset[int]:
    """The old indices of parts outside the longest common order; of equally long ones, the weightiest stays."""
    here = sorted(pairs)
    best: list[tuple[int, int, int]] = []  # length, weight, and the position before, of the order that ends here
    for end, index in enumerate(here):
        length, weight, before = max(
            ((best[at][0], best[at][1], at) for at in range(end) if pairs[here[at]] < pairs[index]),
            default=(0, 0, -1),
        )
        best.append((length + 1, weight + weights.get(index, 0), before))
    at = max(range(len(best)), key=lambda end: best[end][:2], default=-1)
    kept: set[int] = set()
    while at >= 0:
        kept.add(here[at])
        at = best[at][2]
    return frozenset(pairs) - kept
