"""A typeset PDF and the steps of its use in, the finished PDF out."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence

from pikepdf import Pdf

from briefing.design.outputs import Step
from briefing.finishing.context import Finishing
from briefing.finishing.groups import remove_needless_groups
from briefing.finishing.pdfa import make_archivable
from briefing.finishing.tagging.artifacts import mark_artifacts
from briefing.finishing.tagging.mend import mend
from briefing.finishing.viewer import make_even, preset_for_office
from briefing.pdf.save import save_to_bytes

_Act = Callable[[Pdf, Finishing], None]
_STEPS: Mapping[Step, _Act] = {
    Step.TAGS: mend,
    Step.ARTIFACTS: mark_artifacts,
    Step.UNGROUPED: remove_needless_groups,
    Step.ARCHIVE: make_archivable,
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
        return save_to_bytes(pdf, version if Step.EXCHANGE in steps else "", mend=False)


def _pressed() -> tuple[Mapping[Step, _Act], str]:
    """All steps, with those of a file for the press, which are loaded where one is made; and its version of PDF."""
    from briefing.finishing.press.cmyk import convert_to_inks
    from briefing.finishing.press.pdfx import VERSION, make_pdfx
    from briefing.finishing.press.printers_marks import add_printers_marks
    from briefing.finishing.press.strip_actions import strip_actions

    pressed = {
        Step.INERT: strip_actions,
        Step.INKS: convert_to_inks,
        Step.MARKS: add_printers_marks,
        Step.EXCHANGE: make_pdfx,
    }
    return {**_STEPS, **pressed}, VERSION
