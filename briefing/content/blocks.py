"""The blocks of a document: what each kind may say, and the table of kinds by the key that names them."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, StringConstraints, Tag

from briefing.content.block_base import BlockBase as BlockBase
from briefing.content.block_base import IconName, Notes
from briefing.content.block_base import Width as Width
from briefing.content.panels import Contents, GaugeBlock, PullFigure, PullQuote, Watch
from briefing.content.pictures.map_blocks import MapBlock as MapBlock
from briefing.content.scalars import Date, FullDate, Id, Link, Number, Path, Plain, Prose, Record, Text, Truth, Whole

NOTES: Notes = Field({}, description="Notes that are no sources, by their marks; they stand at the foot of the page.")
# At the foot of their page stand those of a single column of text in the brief; all others stand below their block.


class ProseBlock(BlockBase):
    """Running text."""

    columns: Whole = Field(1, ge=1, le=3, description="In how many columns it is set.")
    text: Prose
    notes: Notes = NOTES


class BottomLine(BlockBase):
    """The whole argument in 60 to 120 words."""

    text: Prose
    notes: Notes = NOTES


class Takeaway(Record):
    """A sentence to remember that is led by a large number, or by a few words."""

    figure: Id | None = Field(None, description="The figure that stands large beside the sentence.")
    lead: Text | None = Field(None, description="Two or three words that stand there instead.")
    text: Text


def _is_led(value: object) -> str:
    return "~led" if isinstance(value, (dict, Takeaway)) else "~said"


class Takeaways(BlockBase):
    """Three to five sentences to remember."""

    items: tuple[
        Annotated[Annotated[Text, Tag("~said")] | Annotated[Takeaway, Tag("~led")], Discriminator(_is_led)], ...
    ] = Field(min_length=1, max_length=8)

    @property
    def led(self) -> bool:
        """Whether something large leads an item."""
        return any(isinstance(item, Takeaway) and (item.figure or item.lead) for item in self.items)


class KeyFigure(Record):
    """A large number and what it counts."""

    figure: Id
    label: Text
    icon: IconName | None = None


class KeyFigures(BlockBase):
    """A band of large numbers."""

    place: Width = Width.WIDE
    items: tuple[KeyFigure, ...] = Field(min_length=1, max_length=8)


class ChartBlock(BlockBase):
    """A chart from `charts`."""

    chart: Id
    height_mm: Number | None = Field(None, description="Height of the drawing here, instead of the chart's own.")


class ImageBlock(BlockBase):
    """A picture with its credit and licence."""

    file: str = Field(description="PNG, JPEG or SVG in the content's folder.")
    alt: Text
    caption: Text | None = None
    credit: Plain | None = None
    licence: Plain | None = None
    own_mark: Truth = Field(False, description="Whether it is the publisher's own mark, which needs no credit.")
    height_mm: Number | None = None
    focus: Literal["top", "middle", "bottom"] = Field(
        "middle", description="What stays in view of a photograph where a band is lower than it."
    )


class Column(Record):
    """Head and alignment of a table's column."""

    head: Text
    align: Literal["left", "right"] = "left"
    width: Whole | None = Field(None, description="Share of the table's width, in per cent.")
    show: Literal["bar", "arrow"] | None = Field(
        None, description="Beside each figure a bar as long as it is large, or an arrow up or down."
    )


class SpanningHead(Record):
    """A head over several columns."""

    head: Text
    over: tuple[Whole, ...] = Field(min_length=2, max_length=2, description="First and last column, counted from 1.")


class RowGroup(Record):
    """Rows under a head of their own, and what they come to."""

    head: Text
    rows: tuple[tuple[Text, ...], ...] = Field(min_length=1, max_length=60)
    subtotal: tuple[Text, ...] | None = None


class Table(BlockBase):
    """Rows and columns; figures are right-aligned."""

    heads: tuple[SpanningHead, ...] = Field((), max_length=6)
    columns: tuple[Column, ...] = Field(min_length=2, max_length=12)
    rows: tuple[tuple[Text, ...], ...] = Field((), max_length=60)
    groups: tuple[RowGroup, ...] = Field((), max_length=20)
    total: tuple[Text, ...] | None = None
    note: Text | None = None
    notes: Notes = Field({}, description="Notes below the table, by their marks.")


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
    notes: Notes = NOTES


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
    notes: Notes = NOTES


class Channel(Record):
    """A way to reach somebody: a telephone number or an address, with its sources unless it is one's own."""

    label: Text
    value: Plain
    note: Text | None = None
    sources: tuple[Id, ...] = Field((), description="May be left out where it is the publisher's own.")


class QrCode(Record):
    """A code that a telephone can read."""

    link: Annotated[Link, StringConstraints(max_length=308)]
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
    "pull_quote": PullQuote,
    "pull_figure": PullFigure,
    "watch": Watch,
    "gauge": GaugeBlock,
    "contents": Contents,
}
_KINDS = {model: kind for kind, model in BLOCKS.items()}


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
    | Annotated[Imprint, _OPEN, Tag("imprint")]
    | Annotated[PullQuote, _OPEN, Tag("pull_quote")]
    | Annotated[PullFigure, _OPEN, Tag("pull_figure")]
    | Annotated[Watch, _OPEN, Tag("watch")]
    | Annotated[GaugeBlock, _OPEN, Tag("gauge")]
    | Annotated[Contents, _OPEN, Tag("contents")],
    Discriminator(_only_key),
]


def kind_of(block: BlockBase) -> str:
    """The key under which a block stands in the content."""
    return _KINDS[type(block)]


def table_rows(table: Table) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """All rows of a table with their places in it, as the page has them."""
    yield from ((("rows", number), cells) for number, cells in enumerate(table.rows))
    for at, group in enumerate(table.groups):
        yield from ((("groups", at, "rows", number), cells) for number, cells in enumerate(group.rows))
        if group.subtotal:
            yield ("groups", at, "subtotal"), group.subtotal
    if table.total:
        yield ("total",), table.total


SUMS = ("total", "subtotal")  # how the places of rows end that hold what others come to


def head_over(table: Table, column: int) -> SpanningHead | None:
    """The head that stands over a column besides its own."""
    return next((one for one in table.heads if one.over[0] - 1 <= column < one.over[1]), None)


def foots_notes(block: BlockBase, document: str) -> bool:
    """Whether the notes of a block stand at the foot of their page; else they stand below the block."""
    in_text = document == "brief" and block.place in (Width.MAIN, Width.WIDE)
    return in_text and isinstance(block, ProseBlock | BottomLine | Method) and getattr(block, "columns", 1) == 1


def notes_of(block: BlockBase) -> Notes:
    """The notes of a block that may have some."""
    found: Notes = getattr(block, "notes", {})
    return found


def large_figures(block: BlockBase) -> Iterator[tuple[Path, str, str]]:
    """The figures that a block sets large: where the text beside each stands in it, its name, and that text."""
    if isinstance(block, KeyFigures):
        yield from ((("items", index, "label"), item.figure, item.label) for index, item in enumerate(block.items))
    elif isinstance(block, PullFigure | GaugeBlock):
        yield ("label",), block.figure, block.label
    elif isinstance(block, Takeaways):
        for index, item in enumerate(block.items):
            if isinstance(item, Takeaway) and item.figure:
                yield ("items", index, "text"), item.figure, item.text
