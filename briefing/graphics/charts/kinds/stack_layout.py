"""Where the bars and the words of stacks stand: a value within its part, or with others at the end of its bar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from briefing.graphics.charts.axes import heads
from briefing.graphics.charts.canvas import Canvas, SeriesStyle
from briefing.graphics.charts.kinds.end_words import EndRun, NamedPart
from briefing.graphics.charts.labels import Label
from briefing.graphics.charts.scales import Scale, across
from briefing.graphics.charts.value_marks import Value, key

STACK_PX = 44.0  # the tallest row, without words below it
THIN_PX = 7.0  # the thinnest bar that gives room to words below it
NAMED_PX = 4.0  # a part that is narrower is no place for a name above it
BESIDE_PX = 6.0  # from the end of a bar to words beside it
BELOW_PX = 6.0  # from words below a bar to the next one: twice as far as from their own
MOST_LINES = 3  # below a bar
KEPT, LEAST = 70, 50  # percent of its room that the longest bar keeps for words to stand at its end

Looks = Mapping[str | None, SeriesStyle]


@dataclass(frozen=True)
class StackLayout:
    """Bars of one thickness around the middles of their rows, and words within them and at their ends."""

    scale: Scale
    above: bool  # whether the parts are named above the first bar
    head: float
    step: float
    thick: float
    lift: float  # by how much bars stand higher in their rows, for the words below them
    inside: tuple[Value, ...]
    runs: tuple[EndRun, ...]
    lost: int  # values that have no room at all

    def middle(self, place: int) -> float:
        """The middle of a bar."""
        return self.head - self.lift + self.step * (place + 0.5)


@dataclass(frozen=True)
class Stacks:
    """The parts of all bars, with their looks and the pixel at which all begin."""

    values: tuple[Value, ...]
    looks: Looks
    left: float

    @property
    def rows(self) -> int:
        """How many bars there are."""
        return len({one["place"] for one in self.values})

    def layout(self, sheet: Canvas) -> StackLayout:
        """The first layout in which no value is lost, or else that which loses the fewest."""
        least: StackLayout | None = None
        for one in self._layouts(sheet):
            if not one.lost:
                return one
            least = one if least is None or one.lost < least.lost else least
        assert least is not None  # the last layout can always be made
        return least

    def _layouts(self, sheet: Canvas) -> Iterator[StackLayout]:
        """First with words beside bars that are a little shorter; then below; then with short bars, or no names."""
        roomy = sheet.small + 2  # how thick a bar is that has room for values
        for percent in range(100, KEPT - 1, -3):
            yield self._layout(percent, 0, roomy, False, sheet)
        yield self._layout(100, 1, roomy, False, sheet)
        for percent in range(KEPT - 3, LEAST - 1, -3):
            yield self._layout(percent, 0, roomy, False, sheet)
        for short, thick, most in product((False, True), (roomy, THIN_PX), range(1, MOST_LINES + 1)):
            yield self._layout(100, most, thick, short, sheet)
        yield self._layout(100, 0, 0.0, True, sheet)

    def _layout(self, percent: int, most: int, thin: float, short: bool, sheet: Canvas) -> StackLayout:
        """Bars of a part of the room, with words on so many lines below them where those leave bars thick enough."""
        longest = max(one["end"] for one in self.values) or 1
        scale = across(0, longest, self.left, self.left + (sheet.width - 1 - self.left) * percent / 100, "bars")
        first = [one for one in self.values if one["place"] == 0]
        above = len(first) == len(self.looks) and _above_their_parts(first, scale, sheet)
        named = [(name or "", look) for name, look in self.looks.items()]
        head = sheet.line + 6 if above else key(named, 0, sheet)[1]
        step = min((sheet.height - head) / self.rows, STACK_PX + most * sheet.line)
        low = step - most * sheet.line - BELOW_PX
        most = most if low >= thin else 0
        thick = min(0.7 * min(step, STACK_PX), low) if most else 0.7 * step
        inside = [one for one in self.values if one["text"] and sheet.small < thick and _fits(one, scale, sheet)]
        lift = (most * sheet.line + 1) / 2 if most else 0.0
        laid = StackLayout(scale, above, head, step, thick, lift, tuple(inside), (), 0)
        runs, lost = self._runs(laid, most, short, sheet)
        return replace(laid, runs=tuple(runs), lost=lost)

    def _runs(self, laid: StackLayout, most: int, short: bool, sheet: Canvas) -> tuple[list[EndRun], int]:
        """The words of each bar beside it, or on lines below it, and how many values have no room at all."""
        placed: list[EndRun] = []
        lost = 0
        for place in range(self.rows):
            bar = [one for one in self.values if one["place"] == place]
            whole = EndRun(tuple(self._piece(one) for one in bar if one["text"] and one not in laid.inside))
            for run in (whole, whole.short) if short else (whole,):
                if lines := self._lines(run, bar, laid, most, sheet):
                    placed += lines
                    break
            else:
                lost += len(whole.pieces)
        return placed, lost

    def _lines(self, run: EndRun, bar: Sequence[Value], laid: StackLayout, most: int, sheet: Canvas) -> list[EndRun]:
        """The run beside its bar, or on at most so many lines below it; nothing where it has no room."""
        middle, start = laid.middle(bar[0]["place"]), laid.scale.start - 1
        end = laid.scale.at(max(one["end"] for one in bar))
        beside = end + BESIDE_PX if end > laid.scale.start else start
        if beside + run.wide(sheet) <= sheet.width:
            return [replace(run, x=beside, y=middle)]
        lines = run.folded(sheet.width - start, sheet)
        if len(lines) > most or any(start + one.wide(sheet) > sheet.width for one in lines):
            return []
        first = middle + laid.thick / 2 + 1 + sheet.line / 2
        return [replace(one, x=start, y=first + nth * sheet.line) for nth, one in enumerate(lines)]

    def _piece(self, one: Value) -> NamedPart:
        series, text = one["series"], str(one["text"])
        return NamedPart(f"{series} {text}" if series else text, text, self.looks[series], one["name"])


def names_above(first: Sequence[Value], scale: Scale, sheet: Canvas) -> list[Label]:
    """The names of parts, each as near to the beginning of its own in the first bar as the others allow."""
    tops = [(scale.at(one["start"]) + 1, one["series"] or "", one["name"]) for one in first]
    return heads(tops, scale.start, "left", sheet)


def _above_their_parts(first: Sequence[Value], scale: Scale, sheet: Canvas) -> bool:
    """Whether each name begins above its own part; one that others push aside would be read as its neighbour's."""
    if sheet.widest_row([one["series"] or "" for one in first]) > sheet.width:
        return False
    return all(
        scale.at(one["start"]) <= label.x < max(scale.at(one["end"]), scale.at(one["start"]) + NAMED_PX)
        for one, label in zip(first, names_above(first, scale, sheet), strict=True)
    )


def _fits(one: Value, scale: Scale, sheet: Canvas) -> bool:
    return sheet.widest([one["text"]]) + 5 <= scale.at(one["value"]) - scale.start
