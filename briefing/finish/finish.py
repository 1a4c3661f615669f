"""A typeset PDF and the steps of its edition in, the finished PDF out."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence

from pikepdf import Pdf

from briefing.editions import Step
from briefing.finish.archive import keep
from briefing.finish.artifacts import set_apart
from briefing.finish.exchange import VERSION, for_exchange
from briefing.finish.finishing import Finishing
from briefing.finish.inert import without_actions
from briefing.finish.inks import in_inks
from briefing.finish.marks import marked
from briefing.finish.saving import saved
from briefing.finish.tags import mend
from briefing.finish.viewer import make_even, preset_for_office

_STEPS: Mapping[Step, Callable[[Pdf, Finishing], None]] = {
    Step.TAGS: mend,
    Step.ARTIFACTS: set_apart,
    Step.ARCHIVE: keep,
    Step.EVEN: make_even,
    Step.VIEWER: preset_for_office,
    Step.INERT: without_actions,
    Step.INKS: in_inks,
    Step.MARKS: marked,
    Step.EXCHANGE: for_exchange,
}


def finish(data: bytes, steps: Sequence[Step], about: Finishing) -> bytes:
    """Take a file through its steps, in their order."""
    with Pdf.open(io.BytesIO(data)) as pdf:
        for step in steps:
            _STEPS[step](pdf, about)
        return saved(pdf, VERSION if Step.EXCHANGE in steps else "", mend=False)
