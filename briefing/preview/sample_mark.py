"""What the mark of a numbered copy will look like: a sample over the place that page one keeps for it.

The pages have nothing of it, and it has no code that a telephone could read.
"""

from __future__ import annotations

from briefing.content.records import MarkLine
from briefing.design.outputs import OutputName
from briefing.design.paper import PAPERS
from briefing.documents.manuscript import Manuscript
from briefing.pdf.geometry import PT_PER_MM
from briefing.preview.state import PreviewPage, SampleMark, Variant
from briefing.proofing.proof import MarkPlace


def sample_mark(place: MarkPlace, sheet: PreviewPage, manuscript: Manuscript, variant: Variant) -> SampleMark | None:
    """The sample, where the content asks for a mark; `sheet` is the page that keeps its place."""
    mark, wording = manuscript.briefing.mark, manuscript.wording
    if mark is None:
        return None
    from briefing.finishing.stamping.copy_mark import MarkBox  # with pikepdf, which no preview without a mark needs

    width, height = place.width * PT_PER_MM, place.height * PT_PER_MM
    set_in = MarkBox(0.0, 0.0, width, height)
    if variant.use is OutputName.LARGE_PRINT:
        set_in = set_in.in_large_print()
    paper = PAPERS[variant.paper or manuscript.paper]
    beside = (sheet.width - paper.width_mm * PT_PER_MM) / 2  # what a sheet for a press has around the page
    above = (sheet.height - paper.height_mm * PT_PER_MM) / 2
    said = {
        MarkLine.COPY: wording.word("mark", "copy").format(number=1, total=50),
        MarkLine.RECIPIENT: wording.word("mark", "recipient").format(name=wording.word("mark", "sample_name")),
        MarkLine.CODE: "XXXX-XXXX-XXX",  # which is nobody's
    }
    return SampleMark(
        page=place.page - 1,
        box=(
            (place.left * PT_PER_MM + beside) / sheet.width,
            (place.top * PT_PER_MM + above) / sheet.height,
            width / sheet.width,
            height / sheet.height,
        ),
        lines=tuple(said[line] for line in mark.says),
        size=set_in.size / sheet.width,
        code=mark.address is not None,
        at_right=set_in.at_right,
        called=wording.word("mark", "sample"),
    )
