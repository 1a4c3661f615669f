"""A briefing from content with faults: what has a fault is stood in for, so that all the rest can be judged.

Nothing of it is printed. Where a stand-in lies is known, so that nobody is told of what it says.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from briefing.content.briefing import Briefing
from briefing.content.scalars import Path
from briefing.content.tree import ContentTree, Scalar

_TRIES: tuple[Any, ...] = ("–", "x", "2024-06-12", "1", "2024-06-12T06:00+02:00", "https://example.org", "PA", "true")
_MOST = 40  # rounds: a chain of records that lack all their keys takes one for each


def briefing_with_stand_ins(source: ContentTree) -> tuple[Briefing | None, frozenset[Path]]:
    """The records of a tree, and the paths that hold nothing of the content; none where nothing helps."""
    tree = copy.deepcopy(source.tree)
    tries: dict[Path, Iterator[Any]] = {}
    for _ in range(_MOST if isinstance(tree, dict) else 0):
        try:
            return Briefing.model_validate(tree), frozenset(tries)
        except ValidationError as problem:
            found = problem.errors(include_url=False, include_input=False)
            places = {detail["loc"] for detail in found}
            for detail in found:  # a list whose items have faults is counted without them
                loc = detail["loc"]
                if not any(len(other) > len(loc) and other[: len(loc)] == loc for other in places):
                    _mend(tree, loc, detail["type"], detail.get("ctx") or {}, tries)
    return None, frozenset(tries)


def _mend(tree: Any, loc: tuple[int | str, ...], kind: str, context: dict[str, Any], tries: dict[Path, Any]) -> None:
    """Put the next thing that may do at a place; one that is not known there is taken away."""
    path = tuple(part for part in loc if part != "[key]")
    holder, path = _holder(tree, path, kind)
    if holder is None or not path:
        return
    last = path[-1]
    if isinstance(holder, dict) and (
        kind == "extra_forbidden" or "[key]" in loc or (last in holder and path not in tries)
    ):
        given = holder.pop(last, None)
        tries.setdefault(path, iter(()) if kind == "extra_forbidden" else _candidates(kind, context, given))
        return
    following = next(tries.setdefault(path, _candidates(kind, context, None)), None)
    if isinstance(holder, dict) or (isinstance(last, int) and last < len(holder)):
        holder[last] = following


def _holder(tree: Any, path: Path, kind: str) -> tuple[Any, Path]:
    """What holds the value at a path; a path may end in the name of a type that pydantic has tried."""
    holder = tree
    for index, part in enumerate(path[:-1]):
        try:
            inner = holder[part]
        except (KeyError, IndexError, TypeError):
            return None, path
        if not isinstance(inner, (dict, list)):
            return holder, path[: index + 1]
        holder = inner
    missing = isinstance(holder, dict) and path and path[-1] not in holder and kind != "missing"
    if missing and len(path) > 1 and kind not in ("extra_forbidden",):
        return _holder(tree, path[:-1], kind)
    return holder, path


def _candidates(kind: str, context: dict[str, Any], given: Any) -> Iterator[Any]:
    expected = str(context.get("expected", "")).replace(" or ", ",").partition(",")[0].strip("' ")
    if expected:
        yield Scalar(expected)
    if kind.startswith("union_tag"):
        yield {"prose": {"text": Scalar("–")}}
    if kind in ("too_long", "too_short") and isinstance(given, list) and given:
        yield (given * int(context.get("min_length", 1)))[: int(context.get("max_length") or len(given) + 9)]
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        yield {}
    if kind in ("tuple_type", "list_type", "too_short"):
        yield []
    yield from map(Scalar, _TRIES)
    yield {}
    yield []
    yield [{"prose": {"text": Scalar("–")}}]
    for one in _TRIES:
        yield [Scalar(one)]
        yield [Scalar(one), Scalar(one)]
    yield [{}]
    yield [{}, {}]
