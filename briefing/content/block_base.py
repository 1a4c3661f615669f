"""What all blocks of a document share, and where they may stand."""

from enum import StrEnum

from pydantic import Field

from briefing.content.scalars import Id, Record, Text, Truth


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
