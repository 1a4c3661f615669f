"""Transparency groups that nothing needs: a viewer draws each into whole pixels, which shaves the letters in it."""

from __future__ import annotations

from collections.abc import Iterator

from pikepdf import Dictionary, Name, Pdf, Stream

from briefing.finishing.context import Finishing

_NONE = Name("/None")


def remove_needless_groups(pdf: Pdf, _about: Finishing) -> None:
    """Draw every form straight on its page where nothing in the file is seen through (ISO 32000-1, 11.6.6).

    A typesetter puts each label of a drawing that does not begin at its anchor into a group of its own.
    """
    if not any(map(_blends, _states(pdf))):
        for thing in pdf.objects:
            if isinstance(thing, Stream) and thing.get("/Subtype") == Name.Form and "/Group" in thing:
                del thing["/Group"]


def _states(pdf: Pdf) -> Iterator[Dictionary]:
    """The graphics states of all resources."""
    for thing in pdf.objects:
        if isinstance(thing, Dictionary | Stream):
            resources = thing.get("/Resources", thing)
            states = resources.get("/ExtGState") if isinstance(resources, Dictionary | Stream) else None
            if isinstance(states, Dictionary):
                yield from (state for _, state in states.items() if isinstance(state, Dictionary))


def _blends(state: Dictionary) -> bool:
    """Whether what is painted in a state lets something below it be seen."""
    alphas = [float(state.get(key, 1)) for key in ("/ca", "/CA")]
    return min(alphas) < 1 or state.get("/SMask", _NONE) != _NONE or state.get("/BM", Name.Normal) != Name.Normal
