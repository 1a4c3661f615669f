"""What builds stand on, looked at once in a test process: the program, its templates, and the machine.

They stay as they are while tests run, and a run looks at them twice, which takes longer than most of what tests do.
Tests of the look itself have it as it is: `look_anew`.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Iterator, Mapping

import pytest

from briefing.program import ROOT, TEMPLATES
from briefing.runtime import fingerprint
from briefing.runtime.fingerprint import _around, _aside, _Walked, hash_file

OWN = (TEMPLATES, os.path.join(ROOT, "briefing"))
ASKED = ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "LD_LIBRARY_PATH")  # of all variables, those that name folders


class _Once(_Walked):
    """Files on the way; the way through the repository's own is gone once."""

    def tree(self, top: str) -> Iterator[tuple[str, str]]:
        if top not in OWN:
            return super().tree(top)
        return self.again(*_own_tree(top))

    def again(self, found: list[tuple[str, str]], walked: _Walked) -> Iterator[tuple[str, str]]:
        self.seen += walked.seen
        self.latest_ns = max(self.latest_ns, walked.latest_ns)
        return iter(found)


@functools.cache
def _own_tree(top: str) -> tuple[list[tuple[str, str]], _Walked]:
    walked = _Walked()
    return list(walked.tree(top)), walked


@functools.cache
def _own_hash(path: str) -> str:
    return hash_file(path)


def _hash_once(path: str) -> str:
    return _own_hash(path) if path.startswith(OWN) else hash_file(path)


@functools.cache
def _around_of(asked: tuple[tuple[str, str], ...], paths: tuple[str, ...]) -> tuple[list[str], _Walked]:
    walked = _Walked()
    return list(_around(walked, dict(asked), paths)), walked


def _around_once(walked: _Once, environment: Mapping[str, str], paths: Iterable[str]) -> Iterator[str]:
    asked = tuple((name, environment[name]) for name in ASKED if name in environment)
    lines, seen = _around_of(asked, tuple(paths))
    walked.again([], seen)
    return iter(lines)


def look_once(patch: pytest.MonkeyPatch) -> None:
    """From now on, in this process."""
    aside_once = functools.cache(_aside)
    for name, once in (
        ("_Walked", _Once),
        ("_around", _around_once),
        ("_aside", aside_once),
        ("hash_file", _hash_once),
    ):
        patch.setattr(fingerprint, name, once)


def look_anew(patch: pytest.MonkeyPatch) -> None:
    """As the program does."""
    for name, own in (("_Walked", _Walked), ("_around", _around), ("hash_file", hash_file)):
        patch.setattr(fingerprint, name, own)
