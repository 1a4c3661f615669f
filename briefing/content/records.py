"""What a briefing is built from besides its blocks: front matter, sources, figures, units, terms and charts."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from briefing.content.people import Author, CoPublisher, CoPublishers, co_publisher
from briefing.content.pictures.chart_maps import ChartMap
from briefing.content.scalars import (
    Date,
    FullDate,
    Id,
    Language,
    Link,
    Moment,
    Number,
    Plain,
    PlainLink,
    Quantity,
    Record,
    Share,
    Text,
    TimeSpan,
    Truth,
    Whole,
    Words,
    read_period,
)


class Status(StrEnum):
    """Where the briefing stands; all but `final` are printed as a mark on every page."""

    DRAFT = "draft"
    FINAL = "final"
    EMBARGOED = "embargoed"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class PaperName(StrEnum):
    """The sheets that the documents are made for."""

    LETTER = "letter"
    A4 = "a4"


class Front(Record):
    """Who says what, when, and how to quote it."""

    title: Text = Field(description="The finding in at most twelve words.")
    short_title: Plain = Field(description="A few words for the running head.")
    subtitle: Text | None = None
    series: Plain | None = None
    number: Plain | None = Field(None, description="Number within the series.")
    date: FullDate = Field(description="What the briefing knows ends on this day.")
    edition: Whole = 1
    issued: Date | None = Field(None, description="When this edition came out, where that is after the date.")
    status: Status = Status.DRAFT
    embargo: Moment | None = Field(None, description="Until when nothing may be published; goes with embargoed.")
    superseded_by: Plain | None = Field(None, description="What replaces it; goes with superseded.")
    stale_after_days: Whole | None = Field(
        None, ge=1, description="Figures and sources older than this on the day of the build are told of as stale."
    )
    language: str = Field("en-GB", description="Language tag for words, dates and numbers, such as en-GB.")
    paper: PaperName = Field(PaperName.LETTER, description="Paper where the command line names none.")
    brand: Annotated[Words, StringConstraints(max_length=200)] | None = Field(
        None, description="The organisation's dress: a brand.yaml, named from the folder of the content."
    )
    authors: tuple[Author, ...] = Field((), max_length=30)
    publisher: Plain
    co_publishers: CoPublishers = Field(
        (), max_length=12, description="Who publishes it beside the publisher: names, or each with a logo."
    )
    contact: Text | None = None
    licence: Text = Field(description="Licence of the text.")
    cite: Text = Field(description="How to cite the briefing.")
    link: Plain | None = Field(None, description="Where the briefing can be found; printed in the imprint.")
    isbn: Plain | None = Field(None, description="With its hyphens: 978-0-306-40615-7.")
    doi: Plain | None = Field(None, description="Without an address before it: 10.5555/12345678.")
    formats: Text | None = Field(None, description="Other formats and languages.")

    @property
    def came_out(self) -> str:
        """When this edition came out, as it is written."""
        return str(self.issued or self.date)

    @property
    def partners(self) -> tuple[CoPublisher, ...]:
        """Who publishes it beside the publisher."""
        return tuple(map(co_publisher, self.co_publishers))

    @property
    def has_strip(self) -> bool:
        """Whether its partners stand at the foot of the last page: at least one has a logo."""
        return any(one.logo for one in self.partners)


class SourceKind(StrEnum):
    """What a source is, as the reader is told."""

    OFFICIAL = "official"
    REPOSTED = "reposted"
    LAW = "law"
    NEWS = "news"
    REPORT = "report"
    SUMMARY = "summary"
    DATA = "data"
    PARAPHRASE = "paraphrase"


class Check(Record):
    """Who held a figure or a source against the original, and when."""

    by: Plain
    on: FullDate


class Source(Record):
    """One cited work."""

    publisher: Plain
    publisher_lang: Language | None = Field(None, description="The language of the publisher's name, likewise.")
    title: Plain
    lang: Language | None = Field(None, description="The language of its title, where it is another one: es, fr-CA.")
    described: Truth = Field(False, description="The title is the editors' own description; it is set upright.")
    date: Date | None = None
    kind: SourceKind
    link: Annotated[Link, StringConstraints(max_length=508)] | None = None
    via: Plain | None = Field(None, description="Where it was read when that is not the publisher's own site.")
    read: FullDate | None = Field(None, description="When it was read.")
    note: Text | None = None
    checked: Check | None = Field(None, description="Who has seen that it is what it is called, and when.")
    expires: FullDate | None = Field(None, description="The last day on which it may be relied on.")


class Qualifier(StrEnum):
    """What a number must never be printed without."""

    MORE_THAN = "more than"
    FEWER_THAN = "fewer than"
    ABOUT = "about"
    UP_TO = "up to"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    NEARLY = "nearly"


class NumberScale(StrEnum):
    """The word in which a large number is told."""

    THOUSAND = "thousand"
    MILLION = "million"
    BILLION = "billion"
    TRILLION = "trillion"

    @property
    def zeros(self) -> int:
        """The power of ten that it stands for."""
        return 3 * (list(NumberScale).index(self) + 1)


class FigureStanding(StrEnum):
    """What a figure is that nobody has counted."""

    TARGET = "target"
    PROJECTION = "projection"


class Interval(Record):
    """How far a figure may be off: between which ends, and with what certainty."""

    low: Number
    high: Number
    level: Number = Field(gt=0, lt=100, description="In per cent, such as 95.")


class Dispute(Record):
    """Another value for the same figure, and who gives it."""

    value: Quantity
    qualifier: Qualifier | None = None
    sources: tuple[Id, ...] = Field(min_length=1)
    note: Text | None = Field(None, description="What is printed and why; stands in the contested table.")


def _dated_by_either(schema: dict[str, Any]) -> None:
    schema["required"].remove("as_of")
    schema["anyOf"] = [{"required": ["as_of"]}, {"required": ["period"]}]


class Figure(Record):
    """One number with unit, qualifier, as-of date and sources."""

    model_config = ConfigDict(json_schema_extra=_dated_by_either)

    value: Quantity | None = Field(
        None, description="Written in full, with the decimals to print; [27, 29] is a range. Left out where computed."
    )
    unit: Id = Field(
        "number",
        description="number, percent, points, year (of the calendar), date, a currency in small letters (usd), a "
        "measure (kilometer), a duration (days, weeks, months, years), or a name from `units`.",
    )
    qualifier: Qualifier | None = None
    scale: NumberScale | None = Field(None, description="Print it in thousands, millions, billions or trillions.")
    round: Whole | None = Field(
        None, ge=1, le=18, description="Print so many digits that count, with “about” where that is not exact."
    )
    form: Share | None = Field(None, description="Print a percentage as “1 in 5”; it is held against the value.")
    interval: Interval | None = Field(None, description="Between which ends it lies: {low, high, level}.")
    as_of: Date = Field(description="The day, month or year of which it holds; the end of `period` where left out.")
    period: TimeSpan | None = Field(None, description="The time that it covers: 2024-01..2024-05, or FY2023.")
    standing: FigureStanding | None = Field(None, description="target or projection: it may lie in the future.")
    sources: tuple[Id, ...] = Field((), description="May be left out where it is computed from figures that have some.")
    label: Text | None = Field(None, description="What it counts; names the row in the contested table.")
    note: Text | None = None
    sum_of: tuple[Id, ...] | None = Field(None, min_length=2)
    difference_of: tuple[Id, ...] | None = Field(None, min_length=2, max_length=2, description="[a, b] is a minus b.")
    share_of: tuple[Id, ...] | None = Field(None, min_length=2, max_length=2, description="[part, whole] in per cent.")
    change_of: tuple[Id, ...] | None = Field(None, min_length=2, max_length=2, description="[new, old] in per cent.")
    disputed: tuple[Dispute, ...] = ()
    checked: Check | None = Field(None, description="Who has held it against its sources, and when.")
    expires: FullDate | None = Field(None, description="The last day on which it may be printed unseen.")

    ARITHMETIC: ClassVar[tuple[str, ...]] = ("sum_of", "difference_of", "share_of", "change_of")

    @model_validator(mode="before")
    @classmethod
    def _dated(cls, given: object) -> object:
        """A figure of a period is as of its end."""
        if isinstance(given, dict) and isinstance(given.get("period"), str) and "as_of" not in given:
            period = read_period(given["period"])
            return {**given, "as_of": str(period.end) if period else "2000"}
        return given

    @property
    def operands(self) -> tuple[str, tuple[str, ...]] | None:
        """The name of its arithmetic and the figures that go into it."""
        for name in self.ARITHMETIC:
            ids: tuple[str, ...] | None = getattr(self, name)
            if ids:
                return name, ids
        return None


class UnitForms(Record):
    """A counted noun in the plural forms of the language (CLDR categories)."""

    one: Plain
    other: Plain
    zero: Plain | None = None
    two: Plain | None = None
    few: Plain | None = None
    many: Plain | None = None


class Term(Record):
    """An entry of the glossary."""

    term: Plain
    lang: Language | None = Field(None, description="The language of the term, where it is another one.")
    meaning: Text
    avoid: tuple[Words, ...] = Field((), description="Words that must not stand for it.")
    unless: tuple[Words, ...] = Field((), description="Phrases in which a word to avoid is meant as it stands.")


class Quotation(Record):
    """Words that stand in quotation marks because a source has them letter for letter."""

    text: Words
    source: Id


# a block without a name: bottom_line-1; a value that a chart gives itself, as the ledger names it: visits/towns/2023
About = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,79}(/[^\s/]{1,80}){0,3}$")]


class Answer(Record):
    """Why a warning or a note need not be mended."""

    finding: Id = Field(description="Its code.")
    at: About | None = Field(
        None, description="The block, figure, source, chart or value of a chart that it is about; all where left out."
    )
    status: Status | None = Field(
        None, description="The status for which it is given; it falls when the briefing has another one."
    )
    edition: Whole | None = Field(
        None, description="The edition for which it is given; it falls when the briefing has another one."
    )
    severity: Literal["off", "note"] = Field("off", description="note: it is still told, and refuses nothing.")
    reason: Words


class MarkLine(StrEnum):
    """What the mark of a copy says in a line."""

    COPY = "copy"  # its number, and of how many
    RECIPIENT = "recipient"  # for whom it is
    CODE = "code"  # eleven letters that name it


class CopyMark(Record):
    """A place on page one for what tells one copy from another; `distribute make` fills it."""

    says: tuple[MarkLine, ...] = Field(
        tuple(MarkLine), min_length=1, description="Its lines: copy, recipient and code, or some of them."
    )
    address: Annotated[PlainLink, StringConstraints(max_length=60)] | None = Field(
        None, description="Where the status pages stand; a QR code leads there. Without it there is no QR code."
    )


# ------------------------------------------------------------------ charts


class ChartKind(StrEnum):
    """The common kinds of chart."""

    BARS = "bars"
    COLUMNS = "columns"
    LINES = "lines"
    DOTS = "dots"
    STACKED = "stacked"
    PARTS = "parts"
    STEPS = "steps"
    DIFFERENCE = "difference"
    GROUPED = "grouped"
    SLOPE = "slope"
    GAUGE = "gauge"
    PYRAMID = "pyramid"
    MAP = "map"
    MULTIPLES = "multiples"
    WAFFLE = "waffle"
    SCATTER = "scatter"
    TIME = "time"


class Datum(Record):
    """One value of a chart: a figure of the ledger, or a number under the chart's own sources."""

    label: Plain | None = Field(None, description="Category; needed in all kinds but `time`.")
    on: Date | None = Field(None, description="Position on a time axis.")
    series: Plain | None = None
    figure: Id | None = None
    value: Number | None = Field(None, description="A number of the chart's own, with its unit, date and sources.")
    standing: FigureStanding | None = Field(None, description="target or projection, of a number of the chart's own.")
    total: Truth = Field(
        False, description="Whether the others come to it, or are a part of it: in `parts`, `gauge`, `waffle`."
    )
    checked: Check | None = Field(None, description="Who has held this value against the chart's sources, and when.")
    fields: dict[Id, Plain] | None = Field(
        None, description="Further columns of a scatter or vega_lite; numbers on a scale are figures like all others."
    )


class Annotation(Record):
    """Words at a value of a chart, or over a span of its axis."""

    at: Plain = Field(description="The label or the date at which it stands, or a span begins.")
    to: Plain | None = Field(None, description="Where a shaded span ends.")
    text: Plain


class Chart(Record):
    """A picture of numbers that makes one point."""

    kind: ChartKind | None = None
    vega_lite: dict[str, Any] | None = Field(None, description="A Vega-Lite specification without data.")
    title: Text = Field(description="The point, as a sentence.")
    subtitle: Text | None = Field(None, description="Measure, unit, place and time.")
    alt: Text = Field(description="What a reader hears who cannot see it; the values are read out after it.")
    data: tuple[Datum, ...] = Field(min_length=1, max_length=500)
    unit: Id | None = Field(None, description="Unit of the values that are not figures.")
    field_units: dict[Id, Id] = Field({}, description="Units of numbers under fields; number where left out.")
    scale: NumberScale | None = Field(None, description="Word in which the values that are not figures are told.")
    round: Whole | None = Field(None, ge=1, le=18, description="Digits that count, of the values that are not figures.")
    as_of: Date | None = Field(None, description="Date of the values that are not figures; on: where left out.")
    sources: tuple[Id, ...] = Field((), description="Sources of the values that are not figures.")
    checked: Check | None = Field(None, description="Who has held the values that are not figures against sources.")
    note: Text | None = None
    annotations: tuple[Annotation, ...] = Field((), max_length=6, description="Words at a value or over a span.")
    highlight: tuple[Plain, ...] = Field((), description="Labels or series drawn in the one hot colour.")
    print_values: tuple[Plain, ...] | None = Field(
        None, description="Labels or series whose values are printed; the others are read off a scale, and heard."
    )
    downward: Truth = Field(False, description="Of lines, whether larger values lie lower, as depths do.")
    axes: tuple[Plain, ...] = Field((), max_length=2, description="Of a scatter: what stands across, and what upwards.")
    map: ChartMap | None = Field(None, description="Places and classes of a chart of `kind: map`.")
    height_mm: Number = Decimal(46)

    @property
    def timed(self) -> bool:
        """Whether its values stand at dates: steps do where their rows have some."""
        return self.kind is ChartKind.TIME or (self.kind is ChartKind.STEPS and any(row.on for row in self.data))
