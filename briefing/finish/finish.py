"""A typeset PDF and the steps of its edition in, the finished PDF out."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence

from pikepdf import Pdf

from briefing.editions import Step
from briefing.finish.artifacts import set_apart
from briefing.finish.finishing import Finishing
from briefing.finish.saving import saved
from briefing.finish.viewer import make_even, preset_for_office

_STEPS: Mapping[Step, Callable[[Pdf, Finishing], None]] = {
    Step.ARTIFACTS: set_apart,
    Step.EVEN: make_even,
    Step.VIEWER: preset_for_office,
}


def finish(data: bytes, steps: Sequence[Step], about: Finishing) -> bytes:
    """Take a file through its steps, in their order."""
    with Pdf.open(io.BytesIO(data)) as pdf:
        for step in steps:
            _STEPS[step](pdf, about)
        return saved(pdf)
