"""A typeset PDF and the steps of its edition in, the finished PDF out."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence

from pikepdf import Pdf

from briefing.editions import Step
from briefing.finish.archive import keep
from briefing.finish.artifacts import set_apart
from briefing.finish.finishing import Finishing
from briefing.finish.saving import saved
from briefing.finish.tags import mend
from briefing.finish.viewer import make_even, preset_for_office

_Act = Callable[[Pdf, Finishing], None]
_STEPS: Mapping[Step, _Act] = {
    Step.TAGS: mend,
    Step.ARTIFACTS: set_apart,
    Step.ARCHIVE: keep,
    Step.EVEN: make_even,
    Step.VIEWER: preset_for_office,
}


def finish(data: bytes, steps: Sequence[Step], about: Finishing) -> bytes:
    """Take a file through its steps, in their order."""
    acts, version = _STEPS, ""
    if not _STEPS.keys() >= set(steps):
        acts, version = _pressed()
    with Pdf.open(io.BytesIO(data)) as pdf:
        for step in steps:
            acts[step](pdf, about)
        return saved(pdf, version if Step.EXCHANGE in steps else "", mend=False)


def _pressed() -> tuple[Mapping[Step, _Act], str]:
    """All steps, with those of a file for the press, which are loaded where one is made; and its version of PDF."""
    from briefing.finish.exchange import VERSION, for_exchange
    from briefing.finish.inert import without_actions
    from briefing.finish.inks import in_inks
    from briefing.finish.marks import marked

    pressed = {Step.INERT: without_actions, Step.INKS: in_inks, Step.MARKS: marked, Step.EXCHANGE: for_exchange}
    return {**_STEPS, **pressed}, VERSION
