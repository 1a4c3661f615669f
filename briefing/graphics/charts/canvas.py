"""The sheet on which a chart is drawn: its room, its type, and how series look beside each other."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from babel import Locale

from briefing.content.records import Annotation
from briefing.design.tokens import Tokens
from briefing.documents.chart_values import ChartValue
from briefing.findings import Refused, error
from briefing.graphics.charts.labels import text_width

ENGLISH = Locale("en")


@dataclass(frozen=True)
class SeriesStyle:
    """How a series looks: never by its colour alone."""

    fill: str
    words: str
    shape: str
    width: float
    edge: str  # outline of an area
    narrow: str = ""  # fill of an area that has no room for its outline; otherwise that of the outline


@dataclass(frozen=True)
class Canvas:
    """Room in CSS pixels, the page's looks, and what the chart highlights."""

    tokens: Tokens
    width: float
    height: float
    highlight: frozenset[str]
    locale: Locale = ENGLISH
    scaled: bool = False  # whether lines with numbers say what the values are, since not all of them are printed
    annotations: tuple[Annotation, ...] = ()
    tick: Callable[[float], str] = "{:,g}".format  # the words of a value on a scale
    tick_across: Callable[[float], str] = "{:,g}".format  # the same, of one that goes across
    axes: tuple[str, ...] = ()  # what these scales are of
    downward: bool = False  # whether larger values lie lower

    @property
    def hot(self) -> str:
        """The one colour that says “this one”."""
        return self.colour("signal")

    @property
    def small(self) -> float:
        """The size of all words."""
        return self.tokens.px("note")

    @property
    def line(self) -> float:
        """From one line of labels to the next."""
        return self.small * 1.25

    def colour(self, name: str) -> str:
        """A colour of the page."""
        return self.tokens.colour[name]

    def widest(self, texts: Sequence[str]) -> float:
        """The room that the widest text takes in bold."""
        return max((text_width(text, self.small, True) for text in texts), default=0.0)

    def widest_row(self, texts: Sequence[str]) -> float:
        """The room that texts take in bold beside each other."""
        return sum(self.widest([text]) for text in texts) + 10 * (len(texts) - 1)

    def stands_out(self, row: ChartValue) -> bool:
        """Whether the row is highlighted, as all are where none is."""
        return not self.highlight or self.chosen(row)

    def chosen(self, row: ChartValue) -> bool:
        """Whether the chart names the row as a highlight."""
        return names_row(self.highlight, row)

    def plain(self, strong: bool, hot: bool = False) -> SeriesStyle:
        """A chart without series: the accent, the hot colour of a highlight, or a tint for what is not highlighted."""
        names = ("signal", "signal") if hot else ("accent", "accent") if strong else ("accent-mid", "muted")
        fill, words = (self.colour(name) for name in names)
        return SeriesStyle(fill, words, "circle", 2.2, fill)

    def of(self, row: ChartValue) -> SeriesStyle:
        """The look of a row of a chart without series."""
        return self.plain(self.stands_out(row), self.chosen(row))

    def inks(self, series: Sequence[str | None]) -> dict[str | None, SeriesStyle]:
        """A look for each series; where none is highlighted the last, the newest as a rule, is."""
        strong = [name for name in series if name in self.highlight] or series[-1:]
        shapes = itertools.cycle(["square", "triangle-up", "diamond"])
        looks = zip(itertools.cycle(["grey", "muted"]), shapes, strict=False)
        inks: dict[str | None, SeriesStyle] = {name: self.plain(True, name in self.highlight) for name in strong}
        for name in series:
            if name not in inks:
                colour, shape = next(looks)
                inks[name] = SeriesStyle(self.colour(colour), self.colour("muted"), shape, 1.5, self.colour(colour))
        return inks

    def fills(self, series: Sequence[str | None], pale: bool = False) -> dict[str | None, SeriesStyle]:
        """A look for each part of a stack: neighbours differ by 3:1, and so do an outline and the page.

        Beside a highlight, `pale`, the accent comes last. A pale part too narrow for its outline
        keeps a pale fill: in the colour of an outline it would be another's.
        """
        names = ["accent", "accent-mid", "accent-light", "muted", "rule"]
        cycle = itertools.cycle([*names[1:], names[0]] if pale else names)
        looks: dict[str | None, SeriesStyle] = {}
        for name, fill in zip(series, cycle, strict=False):
            edge = "muted" if fill in ("accent-light", "rule") else fill
            narrow = "map-tint" if fill == "accent-light" else fill
            words = "paper" if fill in ("accent", "muted") else "ink"
            looks[name] = SeriesStyle(
                self.colour(fill), self.colour(words), "square", 1, self.colour(edge), self.colour(narrow)
            )
        return looks


def names_row(names: frozenset[str], row: ChartValue) -> bool:
    """Whether names of labels, series and dates name the row."""
    return bool({row.series, *row.places} & names)


def refuse_crowded(what: str, hint: str) -> Refused:
    """The refusal of a chart that could only be drawn badly."""
    return Refused([error("chart-crowded", f"the chart has no room for {what}", hint=hint)])
