"""Values that have no room in their bars, with the names of their series: in one run at the end of a bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from briefing.graphics.charts.canvas import Canvas, SeriesStyle
from briefing.graphics.charts.labels import Label, text_layers, text_width
from briefing.graphics.charts.layers import Layer, layer, pixels
from briefing.graphics.charts.value_marks import POINT

MARK_PX, APART_PX = 14.0, 7.0  # from a mark's place to the end of its air, and between one piece and the next
HALF_MARK_PX = 3.5


@dataclass(frozen=True)
class NamedPart:
    """A value with the name and the look of its series, and what it is called by its mark alone."""

    text: str
    short: str
    look: SeriesStyle
    colour: str


@dataclass(frozen=True)
class EndRun:
    """Pieces one behind the other, from a place on."""

    pieces: tuple[NamedPart, ...]
    x: float = 0.0
    y: float = 0.0

    @property
    def short(self) -> EndRun:
        """The same with no more names than the marks are."""
        return replace(self, pieces=tuple(replace(one, text=one.short) for one in self.pieces))

    def folded(self, width: float, sheet: Canvas) -> list[EndRun]:
        """The same on as few lines as the width allows; a wider piece stands on a line of its own."""
        lines: list[EndRun] = []
        for one in self.pieces:
            longer = replace(lines[-1], pieces=(*lines[-1].pieces, one)) if lines else None
            if longer and longer.wide(sheet) <= width:
                lines[-1] = longer
            else:
                lines.append(EndRun((one,)))
        return lines

    def wide(self, sheet: Canvas) -> float:
        """The room that it takes."""
        words = sum(text_width(one.text, sheet.small) for one in self.pieces)
        return words + MARK_PX * len(self.pieces) + APART_PX * (len(self.pieces) - 1)


def run_layers(runs: Sequence[EndRun], sheet: Canvas) -> list[Layer]:
    """Each piece behind the mark that its series has in the key."""
    marks, words = [], []
    for run in runs:
        x = run.x
        for one in run.pieces:
            middle = {"x": round(x + HALF_MARK_PX, 2), "y": round(run.y, 2)}
            marks.append(middle | {"fill": one.look.fill, "edge": one.look.edge, "shape": "square"})
            words.append(Label(one.text, x + MARK_PX - 3, run.y, sheet.small, one.colour))
            x += MARK_PX + text_width(one.text, sheet.small) + APART_PX
    mark = {**POINT, "size": 50, "strokeWidth": 0.8}
    return [layer(marks, mark, x=pixels("x"), y=pixels("y")), *text_layers(words)] if marks else []
