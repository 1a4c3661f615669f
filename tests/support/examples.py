"""How many random examples a test tries. `pytest --hypothesis-profile=nightly` tries twenty times as many."""

from __future__ import annotations

from typing import Any

from hypothesis import settings

_USUAL = 100
for _name, _times in (("ci", 1), ("nightly", 20)):
    settings.register_profile(_name, max_examples=_times * _USUAL, deadline=None)
settings.load_profile("ci")  # until the command line names another


def examples(count: int, **more: Any) -> settings:
    """Settings for a test that tries so many examples where the profile asks for the usual number."""
    return settings(max_examples=count * settings().max_examples // _USUAL, **more)
