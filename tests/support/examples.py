"""How much a test tries. `pytest --hypothesis-profile=nightly` tries thirty times as many random examples, and more.

Where a paper or a sample makes no difference to what is tested, every run has one and the night has the others:
`usually` holds both. Each sample is built in full on Letter and an example on A4 in every run, by the tests of
`tests/whole`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from hypothesis import settings

_HUNDRED = 100  # what a test is written for that asks for no other number
T = TypeVar("T")
for _name, _most in (("ci", 60), ("nightly", 2000)):
    # The same examples in every usual run: what the night finds is mended, and no run fails by chance.
    settings.register_profile(_name, max_examples=_most, deadline=None, derandomize=_name == "ci")
settings.load_profile("ci")  # until the command line names another


def examples(count: int, **more: Any) -> settings:
    """Settings for a test that tries so many examples where others try a hundred."""
    return settings(max_examples=max(1, count * settings().max_examples // _HUNDRED), **more)


def usually(cases: Sequence[T], at_night: Sequence[T]) -> list[T]:
    """The cases of every run, and those that only the night adds."""
    return [*cases, *(at_night if _is_night() else ())]


def times(count: int, at_night: int) -> int:
    """How many times a test does something, in every run and at night."""
    return at_night if _is_night() else count


def _is_night() -> bool:
    return settings().max_examples > _HUNDRED
