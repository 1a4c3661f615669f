"""What the mark of a numbered copy will look like: a sample over the place that page one keeps for it.

The pages have nothing of it, and it has no code that a telephone could read.
"""

from __future__ import annotations

from briefing.content.records import MarkLine
from briefing.design.outputs import OutputName
from briefing.design.paper import PAPERS
from briefing.documents.manuscript import Manuscript
from briefing.preview.state import PreviewPage, SampleMark, Variant
from briefing.proofing.proof import MarkPlace

_MM = 72 / 25.4
_SIZE, _LARGE = 7.6, 14.0  # points, as marks are set


def sample_mark(place: MarkPlace, sheet: PreviewPage, manuscript: Manuscript, variant: Variant) -> SampleMark | None:
    """The sample, where the content asks for a mark; `sheet` is the page that keeps its place."""
    mark, wording = manuscript.briefing.mark, manuscript.wording
    if mark is None:
        return None
    paper, large = PAPERS[variant.paper or manuscript.paper], variant.use is OutputName.LARGE_PRINT
    beside = (sheet.width - paper.width_mm * _MM) / 2  # what a sheet for a press has around the page
    above = (sheet.height - paper.height_mm * _MM) / 2
    said = {
        MarkLine.COPY: wording.word("mark", "copy").format(number=1, total=50),
        MarkLine.RECIPIENT: wording.word("mark", "recipient").format(name=wording.word("mark", "sample_name")),
        MarkLine.CODE: "XXXX-XXXX-XXX",  # which is nobody's
    }
    return SampleMark(
        page=place.page - 1,
        box=(
            (place.left * _MM + beside) / sheet.width,
            (place.top * _MM + above) / sheet.height,
            place.width * _MM / sheet.width,
            place.height * _MM / sheet.height,
        ),
        lines=tuple(said[line] for line in mark.says),
        size=(_LARGE if large else _SIZE) / sheet.width,
        code=mark.address is not None,
        at_right=not large,
        called=wording.word("mark", "sample"),
    )
