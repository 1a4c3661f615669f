"""Blocks that are seen before they are read: a pull quote, a pull figure, the contents, and what to watch."""

from pydantic import Field

from briefing.content.block_base import BlockBase, IconName, Width
from briefing.content.scalars import Date, Id, Language, Record, Text


class PullQuote(BlockBase):
    """What somebody has said, letter for letter, set large."""

    text: Text = Field(description="The words alone; the page adds the quotation marks.")
    by: Text = Field(description="Who has said it.")
    role: Text | None = Field(None, description="As what, or where.")
    source: Id = Field(description="Where it stands letter for letter.")
    lang: Language | None = Field(None, description="The language of the words, where it is another one: fr, es-419.")


class PullFigure(BlockBase):
    """One figure set large, with what it counts."""

    figure: Id
    label: Text
    icon: IconName | None = None


class Contents(BlockBase):
    """The table of contents: the headings of the blocks behind it, with their pages."""


class Awaited(Record):
    """A day to come and what is decided or known on it."""

    date: Date
    text: Text


class Watch(BlockBase):
    """What to watch: the next dates, soonest first."""

    place: Width = Width.WIDE
    text: Text | None = Field(None, description="A line before the dates: what is asked, or of whom.")
    items: tuple[Awaited, ...] = Field(min_length=1, max_length=8)


class GaugeBlock(BlockBase):
    """How much of a whole is there: a share of the list of figures, with a bar."""

    figure: Id = Field(description="A figure with share_of, whose part and whole are told below the bar.")
    label: Text
