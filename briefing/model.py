"""The records of a briefing: what `content.yaml` may say.

Every record is frozen. Every string that is printed has one of three types, so that one walker (`printed`) can list all
that a document must show, in order: `Text` (a line of Markdown with figures and citations), `Prose` (the same in
paragraphs and lists) and `Plain` (printed letter for letter: names, titles of works, telephone numbers).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

# ------------------------------------------------------------------ scalars


class Kind(StrEnum):
    """How a printed string is read."""

    TEXT = "text"
    PROSE = "prose"
    PLAIN = "plain"


@dataclass(frozen=True)
class Printed:
    """Marks a field as words that stand on the page."""

    kind: Kind


@dataclass(frozen=True, order=True)
class Day:
    """A date that may lack its day or its month: 2024-06-11, 2024-06 or 2024."""

    year: int
    month: int = 0
    day: int = 0

    @property
    def first(self) -> datetime.date:
        """The earliest day that it can mean."""
        return datetime.date(self.year, self.month or 1, self.day or 1)

    def __str__(self) -> str:
        return "-".join([f"{self.year:04}", *(f"{n:02}" for n in (self.month, self.day) if n)])


def _number(value: object) -> object:
    if isinstance(value, str):
        if re.fullmatch(r"-?\d{1,18}(\.\d{1,9})?", value):
            return Decimal(value)
        raise PydanticCustomError(
            "number_malformed", "{given} is not a number", {"given": repr(str(value)), "fix": _plain_number(value)}
        )
    return value


def _plain_number(value: str) -> str:
    digits = re.sub(r"[,_\s]", "", value)
    return digits if re.fullmatch(r"-?\d+(\.\d+)?", digits) else ""


def _whole(value: object) -> object:
    if isinstance(value, str):
        if re.fullmatch(r"[1-9]\d{0,8}|0", value):
            return int(value)
        raise PydanticCustomError(
            "number_malformed", "{given} is not a whole number", {"given": repr(str(value)), "fix": ""}
        )
    return value


def _truth(value: object) -> object:
    if isinstance(value, str):
        try:
            return {"true": True, "yes": True, "false": False, "no": False}[value.lower()]
        except KeyError:
            raise PydanticCustomError(
                "truth_malformed", "{given} is neither true nor false", {"given": repr(str(value))}
            ) from None
    return value


def _day(value: object) -> object:
    if isinstance(value, str):
        found = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", value)
        try:
            if not found:
                raise ValueError
            day = Day(*(int(part or 0) for part in found.groups()))
            _ = day.first
        except ValueError:
            raise PydanticCustomError("date_malformed", "{given} is not a date", {"given": repr(str(value))}) from None
        return day
    return value


def _full_day(value: object) -> object:
    day = _day(value)
    if isinstance(day, Day):
        if not day.day:
            raise PydanticCustomError("date_malformed", "{given} lacks its day", {"given": repr(str(day))})
        return day.first
    return day


def _quantity(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return _full_day(value)
    return _number(value)


_SCALAR = {"type": ["string", "number"]}
_WORDS = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]

Number = Annotated[Decimal, BeforeValidator(_number), WithJsonSchema({"type": "number"})]
Whole = Annotated[int, BeforeValidator(_whole), WithJsonSchema({"type": "integer", "minimum": 0})]
Truth = Annotated[bool, BeforeValidator(_truth), WithJsonSchema({"type": "boolean"})]
Date = Annotated[Day, BeforeValidator(_day), WithJsonSchema({**_SCALAR, "description": "2024-06-11, 2024-06 or 2024"})]
FullDate = Annotated[datetime.date, BeforeValidator(_full_day), WithJsonSchema({"type": "string", "format": "date"})]
Quantity = Annotated[
    Decimal | datetime.date,
    BeforeValidator(_quantity),
    WithJsonSchema({**_SCALAR, "description": "a number, or a date"}),
]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}$")]

Text = Annotated[_WORDS, Printed(Kind.TEXT)]
Prose = Annotated[_WORDS, Printed(Kind.PROSE)]
Plain = Annotated[_WORDS, Printed(Kind.PLAIN)]


class Record(BaseModel):
    """A frozen record that knows all its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# ------------------------------------------------------------------ briefing


class Status(StrEnum):
    """Where the briefing stands; all but `final` are printed as a mark on every page."""

    DRAFT = "draft"
    FINAL = "final"
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
    status: Status = Status.DRAFT
    language: str = Field("en-GB", description="Language tag for words, dates and numbers, such as en-GB.")
    paper: PaperName = Field(PaperName.LETTER, description="Paper where the command line names none.")
    publisher: Plain
    contact: Text | None = None
    licence: Text = Field(description="Licence of the text.")
    cite: Text = Field(description="How to cite the briefing.")
    link: Plain | None = Field(None, description="Where the briefing can be found; printed in the imprint.")
    formats: Text | None = Field(None, description="Other formats and languages.")


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


class Source(Record):
    """One cited work."""

    publisher: Plain
    title: Plain
    described: Truth = Field(False, description="The title is the editors' own description; it is set upright.")
    date: Date | None = None
    kind: SourceKind
    link: Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]{3,500}$")] | None = None
    via: Plain | None = Field(None, description="Where it was read when that is not the publisher's own site.")
    read: FullDate | None = Field(None, description="When it was read.")
    note: Text | None = None


class Qualifier(StrEnum):
    """What a number must never be printed without."""

    MORE_THAN = "more than"
    FEWER_THAN = "fewer than"
    ABOUT = "about"
    UP_TO = "up to"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    NEARLY = "nearly"


class Dispute(Record):
    """Another value for the same figure, and who gives it."""

    value: Quantity
    qualifier: Qualifier | None = None
    sources: tuple[Id, ...] = Field(min_length=1)
    note: Text | None = Field(None, description="What is printed and why; stands in the contested table.")


class Check(Record):
    """Who held a figure against its source, and when."""

    by: Plain
    on: FullDate


class Figure(Record):
    """One number with unit, qualifier, as-of date and sources."""

    value: Quantity | None = Field(None, description="May be left out where it is computed.")
    unit: Id = Field(
        "number",
        description="number, percent, points, year, date, a currency in small letters (usd), a measure (kilometer), "
        "a duration (day), or a name from `units`.",
    )
    qualifier: Qualifier | None = None
    as_of: Date
    sources: tuple[Id, ...] = Field((), description="May be left out where it is computed from figures that have some.")
    label: Text | None = Field(None, description="What it counts; names the row in the contested table.")
    note: Text | None = None
    sum_of: tuple[Id, ...] | None = Field(None, min_length=2)
    difference_of: tuple[Id, ...] | None = Field(None, min_length=2, max_length=2, description="[a, b] is a minus b.")
    share_of: tuple[Id, ...] | None = Field(None, min_length=2, max_length=2, description="[part, whole] in per cent.")
    change_of: tuple[Id, ...] | None = Field(None, min_length=2, max_length=2, description="[new, old] in per cent.")
    disputed: tuple[Dispute, ...] = ()
    checked: Check | None = None

    ARITHMETIC: ClassVar[tuple[str, ...]] = ("sum_of", "difference_of", "share_of", "change_of")

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
    meaning: Text


# ------------------------------------------------------------------ charts


class ChartKind(StrEnum):
    """The common kinds of chart."""

    BARS = "bars"
    COLUMNS = "columns"
    LINES = "lines"
    DOTS = "dots"
    STACKED = "stacked"
    TIME = "time"


class Datum(Record):
    """One value of a chart: a figure of the ledger, or a number under the chart's own sources."""

    label: Plain | None = Field(None, description="Category; needed in all kinds but `time`.")
    on: Date | None = Field(None, description="Position on a time axis.")
    series: Plain | None = None
    figure: Id | None = None
    value: Number | None = None
    fields: dict[Id, Plain] | None = Field(None, description="Further columns for a vega_lite chart.")


class Chart(Record):
    """A picture of numbers that makes one point."""

    kind: ChartKind | None = None
    vega_lite: dict[str, Any] | None = Field(None, description="A Vega-Lite specification without data.")
    title: Text = Field(description="The point, as a sentence.")
    subtitle: Text | None = Field(None, description="Measure, unit, place and time.")
    alt: Text = Field(description="What a reader hears who cannot see it; the values are read out after it.")
    data: tuple[Datum, ...] = Field(min_length=1, max_length=500)
    unit: Id | None = Field(None, description="Unit of the values that are not figures.")
    as_of: Date | None = None
    sources: tuple[Id, ...] = Field((), description="Sources of the values that are not figures.")
    note: Text | None = None
    highlight: tuple[Plain, ...] = Field((), description="Labels or series drawn in the accent.")
    height_mm: Number = Decimal(46)


# ------------------------------------------------------------------ blocks


class Width(StrEnum):
    """Where a block stands on the grid: text column, margin column or both."""

    MAIN = "main"
    SIDE = "side"
    WIDE = "wide"


class BlockBase(Record):
    """What all blocks share."""

    id: Id | None = Field(None, description="A name by which notes and tests can speak of the block.")
    heading: Text | None = None
    place: Width = Width.MAIN
    optional: Truth = Field(False, description="May be left out when the page is too full; said when it happens.")
    later: Truth = Field(False, description="Tells of things after the briefing's date.")


class ProseBlock(BlockBase):
    """Running text."""

    text: Prose


class BottomLine(BlockBase):
    """The whole argument in 60 to 120 words."""

    text: Prose


class Takeaways(BlockBase):
    """Three to five sentences to remember."""

    items: tuple[Text, ...] = Field(min_length=1, max_length=8)


class KeyFigure(Record):
    """A large number and what it counts."""

    figure: Id
    label: Text


class KeyFigures(BlockBase):
    """A band of large numbers."""

    place: Width = Width.WIDE
    items: tuple[KeyFigure, ...] = Field(min_length=1, max_length=8)


class ChartBlock(BlockBase):
    """A chart from `charts`."""

    chart: Id
    height_mm: Number | None = Field(None, description="Height of the drawing here, instead of the chart's own.")


class Coordinates(Record):
    """A point on the globe, in degrees."""

    lon: Number = Field(ge=-180, le=180)
    lat: Number = Field(ge=-85, le=85)


class MapName(Coordinates):
    """A name set by hand on a map."""

    text: Plain
    kind: Literal["country", "sea", "place"] = "country"
    align: Literal["left", "center", "right"] = "center"
    to_lon: Number | None = Field(
        default=None, ge=-180, le=180, description="With to_lat, where a leader from the name ends."
    )
    to_lat: Number | None = Field(default=None, ge=-85, le=85)


class MapMark(Coordinates):
    """A place marked in the accent."""

    text: Plain
    label_lon: Number = Field(ge=-180, le=180)
    label_lat: Number = Field(ge=-85, le=85)
    align: Literal["left", "center", "right"] = "left"


class Bounds(Record):
    """The part of the globe that a map shows, in degrees."""

    west: Number = Field(ge=-180, le=180)
    south: Number = Field(ge=-85, le=85)
    east: Number = Field(ge=-180, le=180)
    north: Number = Field(ge=-85, le=85)


class MapBlock(BlockBase):
    """A locator map: where the places are, no routes, no scale."""

    title: Text
    alt: Text
    bounds: Bounds
    countries: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")], ...] = Field(
        (), description="Countries in the tint, as two-letter ISO codes."
    )
    names: tuple[MapName, ...] = ()
    marks: tuple[MapMark, ...] = ()
    note: Text | None = None
    sources: tuple[Id, ...] = ()
    credit: Plain = "Natural Earth"


class ImageBlock(BlockBase):
    """A picture with its credit and licence."""

    file: str = Field(description="PNG, JPEG or SVG in the content's folder.")
    alt: Text
    caption: Text | None = None
    credit: Plain
    licence: Plain
    height_mm: Number | None = None


class Column(Record):
    """Head and alignment of a table's column."""

    head: Text
    align: Literal["left", "right"] = "left"
    width: Whole | None = Field(None, description="Share of the table's width, in per cent.")


class Table(BlockBase):
    """Rows and columns; figures are right-aligned."""

    columns: tuple[Column, ...] = Field(min_length=2, max_length=8)
    rows: tuple[tuple[Text, ...], ...] = Field(min_length=1, max_length=60)
    total: tuple[Text, ...] | None = None
    note: Text | None = None


class Option(Record):
    """One way to go, with what it costs and how certain that is."""

    name: Text
    who: Text = Field(description="Who has proposed it, or that it is the present course.")
    benefit: Text
    cost: Text = Field(description="Costs and risks, and who bears them.")
    certainty: Text = Field(description="How certain the evidence is and what is missing.")
    status_quo: Truth = False


class Options(BlockBase):
    """Two to five options side by side, not ranked."""

    place: Width = Width.WIDE
    intro: Text | None = None
    items: tuple[Option, ...] = Field(min_length=2, max_length=6)
    note: Text | None = None


class Recommendation(Record):
    """What a named actor should do, by when, with what, and how it will be seen."""

    actor: Text
    action: Text
    by: Text
    means: Text
    measure: Text


class Recommendations(BlockBase):
    """Three to five recommendations."""

    intro: Text | None = None
    items: tuple[Recommendation, ...] = Field(min_length=1, max_length=8)


class ContestedRow(Record):
    """A thing on which sources differ."""

    issue: Text
    versions: tuple[Text, ...] = Field(min_length=1, max_length=4)
    printed: Text = Field(description="What the briefing prints, and why.")


class Contested(BlockBase):
    """What is contested or uncertain; rows for disputed figures are added by the program."""

    place: Width = Width.WIDE
    intro: Text | None = None
    rows: tuple[ContestedRow, ...] = ()


class Event(Record):
    """A date and what happened."""

    date: Date
    text: Text


class Timeline(BlockBase):
    """Dated events, oldest first."""

    items: tuple[Event, ...] = Field(min_length=2, max_length=20)


class Box(BlockBase):
    """A short text set apart."""

    text: Prose


class Question(Record):
    """A question and its answer."""

    question: Text
    answer: Text


class Questions(BlockBase):
    """Questions and answers."""

    items: tuple[Question, ...] = Field(min_length=1, max_length=12)


class GlossaryBlock(BlockBase):
    """Terms from `glossary`."""

    terms: tuple[Id, ...] = Field((), description="All of them where none is named.")


class SourcesBlock(BlockBase):
    """The numbered list of the sources that the document uses."""

    place: Width = Width.WIDE


class Method(BlockBase):
    """What was searched, its limits, how certain it is."""

    text: Prose


class Channel(Record):
    """A way to reach somebody: a telephone number or an address, with its sources."""

    label: Text
    value: Plain
    note: Text | None = None
    sources: tuple[Id, ...] = Field(min_length=1)


class QrCode(Record):
    """A code that a telephone can read."""

    link: Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]{3,300}$")]
    label: Text
    sources: tuple[Id, ...] = ()


class Report(BlockBase):
    """How to report, or whom to contact."""

    text: Text | None = None
    channels: tuple[Channel, ...] = Field(min_length=1, max_length=6)
    qr: QrCode | None = None
    checked_on: FullDate | None = Field(None, description="When the pages with these numbers were last read.")
    note: Text | None = Field(None, description="What was not checked.")


class Imprint(BlockBase):
    """Publisher, contact, licence, how to cite, edition."""

    place: Width = Width.WIDE


BLOCKS: dict[str, type[BlockBase]] = {
    "prose": ProseBlock,
    "bottom_line": BottomLine,
    "takeaways": Takeaways,
    "key_figures": KeyFigures,
    "chart": ChartBlock,
    "map": MapBlock,
    "image": ImageBlock,
    "table": Table,
    "options": Options,
    "recommendations": Recommendations,
    "contested": Contested,
    "timeline": Timeline,
    "box": Box,
    "questions": Questions,
    "glossary": GlossaryBlock,
    "sources": SourcesBlock,
    "method": Method,
    "report": Report,
    "imprint": Imprint,
}


def _only_key(value: object) -> str | None:
    """The key of a block as it stands in the content: `- prose: {…}`."""
    if isinstance(value, BlockBase):
        return kind_of(value)
    return str(next(iter(value))) if isinstance(value, dict) and len(value) == 1 else None


def _inside(value: object) -> object:
    return next(iter(value.values())) if isinstance(value, dict) and len(value) == 1 else value


_OPEN = BeforeValidator(_inside)

AnyBlock = Annotated[
    Annotated[ProseBlock, _OPEN, Tag("prose")]
    | Annotated[BottomLine, _OPEN, Tag("bottom_line")]
    | Annotated[Takeaways, _OPEN, Tag("takeaways")]
    | Annotated[KeyFigures, _OPEN, Tag("key_figures")]
    | Annotated[ChartBlock, _OPEN, Tag("chart")]
    | Annotated[MapBlock, _OPEN, Tag("map")]
    | Annotated[ImageBlock, _OPEN, Tag("image")]
    | Annotated[Table, _OPEN, Tag("table")]
    | Annotated[Options, _OPEN, Tag("options")]
    | Annotated[Recommendations, _OPEN, Tag("recommendations")]
    | Annotated[Contested, _OPEN, Tag("contested")]
    | Annotated[Timeline, _OPEN, Tag("timeline")]
    | Annotated[Box, _OPEN, Tag("box")]
    | Annotated[Questions, _OPEN, Tag("questions")]
    | Annotated[GlossaryBlock, _OPEN, Tag("glossary")]
    | Annotated[SourcesBlock, _OPEN, Tag("sources")]
    | Annotated[Method, _OPEN, Tag("method")]
    | Annotated[Report, _OPEN, Tag("report")]
    | Annotated[Imprint, _OPEN, Tag("imprint")],
    Discriminator(_only_key),
]


def kind_of(block: BlockBase) -> str:
    """The key under which a block stands in the content."""
    return next(kind for kind, model in BLOCKS.items() if model is type(block))


class Document(Record):
    """A template, a page budget and an order of blocks."""

    title: Text | None = Field(None, description="Headline where it is not the briefing's title.")
    lede: Text | None = Field(None, description="The lines under the headline.")
    pages: Whole = Field(description="The page budget.", ge=1, le=100)
    blocks: tuple[AnyBlock, ...] = Field(min_length=1, max_length=200)


class Briefing(Record):
    """One content.yaml, read and checked."""

    briefing: Front
    sources: dict[Id, Source]
    units: dict[Id, UnitForms] = Field(default_factory=dict)
    figures: dict[Id, Figure] = Field(default_factory=dict)
    charts: dict[Id, Chart] = Field(default_factory=dict)
    names: tuple[Plain, ...] = Field((), description="Names with digits that may stand in text, such as H.R. 7311.")
    glossary: dict[Id, Term] = Field(default_factory=dict)
    brief: Document
    fact_sheet: Document

    DOCUMENTS: ClassVar[tuple[str, ...]] = ("brief", "fact_sheet")

    def document(self, name: str) -> Document:
        """The document of that key."""
        found: Document = getattr(self, name)
        return found


# ------------------------------------------------------------------ walking

Path = tuple[str | int, ...]


def printed(record: BaseModel, path: Path = ()) -> Iterator[tuple[Path, Kind, str]]:
    """Every printed string of a record with its path and kind, in the order of the fields."""
    for name, field in type(record).model_fields.items():
        kind = _kind(field.annotation, field.metadata)
        yield from _printed(getattr(record, name), kind, (*path, name))


def _printed(value: Any, kind: Kind | None, path: Path) -> Iterator[tuple[Path, Kind, str]]:
    if isinstance(value, str) and not isinstance(value, StrEnum):
        if kind:
            yield path, kind, value
    elif isinstance(value, BlockBase):
        yield from printed(value, (*path, kind_of(value)))
    elif isinstance(value, BaseModel):
        yield from printed(value, path)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _printed(item, kind, (*path, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _printed(item, kind, (*path, key))


def _kind(annotation: Any, metadata: list[Any]) -> Kind | None:
    for item in metadata:
        if isinstance(item, Printed):
            return item.kind
    for part in getattr(annotation, "__args__", ()):
        found = _kind(part, list(getattr(part, "__metadata__", ())))
        if found:
            return found
    return None
