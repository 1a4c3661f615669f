"""The map block: what of the globe it shows, its tints, names, marks and arrows."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from briefing.content.block_base import BlockBase
from briefing.content.scalars import Id, Number, Plain, Record, Text, Truth

CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
LegendPlace = Literal["above", "top-left", "top-right", "bottom-left", "bottom-right"]
Corner = Literal["top-left", "top-right", "bottom-left", "bottom-right"]


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


class MapTint(Record):
    """Countries, or states of the United States, in one tint, as the legend calls them."""

    label: Plain
    tint: Literal["light", "mid", "strong", "hot"] = "light"
    countries: tuple[CountryCode, ...] = Field((), description="As two-letter ISO codes.")
    states: tuple[CountryCode, ...] = Field((), description="Of the United States, by their two letters: TX, CA.")


class MapArrow(Coordinates):
    """A broad arrow from a point to another."""

    to_lon: Number = Field(ge=-180, le=180)
    to_lat: Number = Field(ge=-85, le=85)
    via: tuple[Coordinates, ...] = Field((), description="Points that it bends through.")


class MapInset(Record):
    """A small map in a corner that shows where the large one lies."""

    place: Corner = "bottom-left"
    bounds: Bounds | None = Field(None, description="The part of the globe that it shows; all of it where left out.")


class MapBlock(BlockBase):
    """A map: where the places are, in tints with a legend; its arrows are no routes, and it has no scale."""

    title: Text
    alt: Text
    bounds: Bounds
    countries: tuple[CountryCode, ...] = Field((), description="Countries in the tint, as two-letter ISO codes.")
    tints: tuple[MapTint, ...] = Field((), max_length=4, description="Countries in tints that a legend explains.")
    legend: LegendPlace | None = Field(
        None,
        description="Where the legend stands; if left out, above a narrow map, in a free corner of a wide one.",
    )
    inset: MapInset | None = Field(None, description="A small map of the world that shows where this one lies.")
    names: tuple[MapName, ...] = ()
    marks: tuple[MapMark, ...] = ()
    arrows: tuple[MapArrow, ...] = Field((), description="Which way something moves; they claim no route.")
    relief: Truth = Field(False, description="Whether hills are shaded, in the Americas from Peru to Texas.")
    note: Text | None = None
    sources: tuple[Id, ...] = ()
    credit: Plain = "Natural Earth"
