"""What all blocks of a document share, and where they may stand."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from briefing.content.scalars import Id, Record, Text, Truth


class Width(StrEnum):
    """Where a block stands on the grid: text column, margin column or both; a picture may take a band of the sheet."""

    MAIN = "main"
    SIDE = "side"
    WIDE = "wide"
    HERO = "hero"  # a band across the sheet, between masthead and title
    COVER = "cover"  # the same on a page of its own with the title, as high as half of it

    LEFT = "left"  # half of both, with what stands at its right behind it
    RIGHT = "right"

    @property
    def is_half(self) -> bool:
        """Whether another block stands beside it in a row of two."""
        return self in (Width.LEFT, Width.RIGHT)

    @property
    def is_band(self) -> bool:
        """Whether it crosses the sheet above the title."""
        return self in (Width.HERO, Width.COVER)


# The icons that the program brings along, of one family, in templates/icons.
IconName = Literal[
    "baby",
    "bank",
    "bed",
    "book-open",
    "briefcase",
    "calendar",
    "car",
    "chart-line-up",
    "coins",
    "drop",
    "envelope",
    "factory",
    "first-aid",
    "footprints",
    "fork-knife",
    "gavel",
    "globe",
    "graduation-cap",
    "handshake",
    "heartbeat",
    "hospital",
    "house",
    "leaf",
    "lightning",
    "map-pin",
    "megaphone",
    "phone",
    "plant",
    "prohibit",
    "scales",
    "shield-check",
    "student",
    "train",
    "truck",
    "users",
    "warning",
]


# Notes that are no sources, by the mark that stands in a text, a cell or a head: [^a].
Notes = dict[Annotated[str, StringConstraints(pattern=r"^[a-z*]$")], Text]


class BlockBase(Record):
    """What all blocks share."""

    id: Id | None = Field(None, description="A name by which notes and tests can speak of the block.")
    heading: Text | None = None
    place: Width = Width.MAIN
    filler: Truth = Field(
        False, description="In the margin: stands beside whatever text has most room, instead of the text that follows."
    )
    optional: Truth = Field(False, description="May be left out when the page is too full; said when it happens.")
    annex: Truth = Field(
        False, description="Begins an annex, with a letter before its heading and on a page of its own."
    )
    later: Truth = Field(False, description="Tells of things after the briefing's date.")
