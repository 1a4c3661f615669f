"""Blocks that are seen before they are read: a pull quote and a pull figure."""

from pydantic import Field

from briefing.content.block_base import BlockBase
from briefing.content.scalars import Id, Language, Text


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
