"""A typeset PDF and the steps of its edition in, the finished PDF out."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence

from pikepdf import Pdf

from briefing.design.editions import Step
from briefing.finishing.context import Finishing
from briefing.finishing.pdfa import keep
from briefing.finishing.tagging.artifacts import set_apart
from briefing.finishing.tagging.mend import mend
from briefing.finishing.viewer import make_even, preset_for_office
from briefing.pdf.save import saved

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
    from briefing.finishing.press.cmyk import in_inks
    from briefing.finishing.press.pdfx import VERSION, for_exchange
    from briefing.finishing.press.printers_marks import marked
    from briefing.finishing.press.strip_actions import without_actions

    pressed = {Step.INERT: without_actions, Step.INKS: in_inks, Step.MARKS: marked, Step.EXCHANGE: for_exchange}
    return {**_STEPS, **pressed}, VERSION
