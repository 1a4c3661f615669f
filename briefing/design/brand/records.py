"""What `brand.yaml` may say: every key, its type and its limits. All of it is data; nothing in it is ever run."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from briefing.content.scalars import Number, Plain
from briefing.design.brand.colour import HEX, is_colour


class BrandRecord(BaseModel):
    """A frozen record that knows all its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def _colour(given: object) -> object:
    """A colour as six digits of base 16."""
    if isinstance(given, str):
        if not is_colour(given):
            raise PydanticCustomError("colour_malformed", "{given} is not a colour", {"given": repr(str(given))})
        return str(given).lower()
    return given


Colour = Annotated[str, BeforeValidator(_colour), WithJsonSchema({"type": "string", "pattern": f"^{HEX}$"})]
FileName = Annotated[str, StringConstraints(min_length=1, max_length=200)]  # below the folder of the brand
Ink = Annotated[Number, Field(ge=0, le=100)]
Recipe = Annotated[tuple[Ink, ...], Field(min_length=4, max_length=4)]
Role = Literal["brand", "accent", "accent_mid", "accent_light", "map_tint", "signal"]


class Masthead(StrEnum):
    """The forms of what stands at the head of page one."""

    LINE = "line"
    BAND = "band"
    LOGO = "logo"


class Colours(BrandRecord):
    """The colours: one is enough, and the others are made from it."""

    brand: Colour | None = Field(None, description="The organisation's colour, such as #009edb.")
    accent: Colour | None = Field(None, description="Headings and rules; must be read on paper and on its tint.")
    accent_mid: Colour | None = Field(None, description="Areas of charts.")
    accent_light: Colour | None = Field(None, description="The ground of boxes.")
    map_tint: Colour | None = Field(None, description="The countries that a map is about.")
    signal: Colour | None = Field(None, description="What is disputed or urgent, and nothing else.")
    cmyk: dict[Role, Recipe] = Field(
        default_factory=dict, description="Recipes for the press in per cent: {accent: [84, 32, 6, 28]}."
    )
    spot: Plain | None = Field(None, description="The name of a spot colour; printed as its recipe, and told.")


class Fonts(BrandRecord):
    """Folders of fonts below that of the brand: each with a regular, an italic and a semibold, the sans with a bold."""

    serif: FileName | None = Field(None, description="For running text and titles.")
    sans: FileName | None = Field(None, description="For headings, tables, charts and notes.")


class Logo(BrandRecord):
    """The organisation's mark, and the room that it must have."""

    file: FileName = Field(description="SVG, PNG or JPEG.")
    alt: Plain = Field(description="What a reader hears who cannot see it: the organisation's name.")
    height_mm: Number = Field(Decimal(10), ge=6, le=18)
    place: Literal["left", "right"] = "left"
    clear_mm: Number = Field(Decimal(3), ge=2, le=12, description="Around it, in which nothing else stands.")
    one_colour: FileName | None = Field(None, description="In black alone, for the office edition.")
    reversed: FileName | None = Field(None, description="For a band of colour: in white.")


class Partner(BrandRecord):
    """A co-publisher or funder in the strip at the foot of the last page."""

    file: FileName
    alt: Plain
    text: Plain | None = Field(None, description="What is printed beside it, such as “Co-funded by …”.")
    height_mm: Number = Field(Decimal(9), ge=6, le=18)
    one_colour: FileName | None = None


class Brand(BrandRecord):
    """An organisation's dress."""

    brand: Literal["1"] = Field(description="The version of this format: 1.")
    name: Plain | None = None
    look: Literal["house", "civic", "plain", "field", "legible"] = Field("house", description="What it begins from.")
    colour: Colours | None = None
    font: Fonts | None = None
    logo: Logo | None = None
    masthead: Masthead | None = None
    strip: tuple[Partner, ...] = Field((), max_length=6)
    paper: Literal["letter", "a4"] | None = Field(None, description="Where content and command line name none.")
    words: dict[Annotated[str, StringConstraints(pattern=r"^[a-z]+\.[a-z_]+$")], Plain] = Field(
        default_factory=dict, max_length=40, description="Instead of the program's own: {document.brief: Issue brief}."
    )
