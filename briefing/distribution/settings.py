"""The records of `distribution.yaml`: which lists there are, who gets what, and how it is printed and sent.

It lies beside the content file, and its values are texts until a type reads them, as those of a content file are.
"""

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from briefing.content.records import PaperName
from briefing.content.scalars import Id, Number, Truth, Whole, Words
from briefing.distribution.recipients.columns import IGNORED
from briefing.distribution.records import Delivery


def _share(value: object) -> object:
    if isinstance(value, str):
        if (found := re.fullmatch(r"(\d{1,3}(?:\.\d{1,2})?) ?%", value)) and Decimal(found[1]) <= 100:
            return Decimal(found[1]) / 100
        raise PydanticCustomError(
            "number_malformed", "{given} is not a share", {"given": repr(str(value)), "fix": "it as 5%"}
        )
    return value


Percentage = Annotated[
    Decimal,
    BeforeValidator(_share),
    WithJsonSchema({"type": "string", "pattern": r"^\d+(\.\d+)? ?%$", "description": "5%"}),
]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
ColumnName = Literal[
    "id", "name", "office", "attention", "street", "street2", "postcode", "city", "region", "country", "copies",
    "document", "use", "language", "paper", "group", "delivery", "note",
]  # fmt: skip
UseName = Literal["reading", "large-print", "office", "press"]
DocumentName = Literal["brief", "fact_sheet"]


class DistributionRecord(BaseModel):
    """A frozen record of `distribution.yaml` that knows all its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class RecipientGroup(DistributionRecord):
    """Rows of the list that get the same, in the same way."""

    where: dict[ColumnName, Words | tuple[Words, ...]] = Field(
        default_factory=dict,
        description="Which rows: each column with a text, or a list of texts of which one must stand there. "
        "Without it, every row that no group above has taken.",
    )
    document: DocumentName = Field("brief", description="What they get.")
    use: UseName = Field("office", description="What its pages are made for.")
    paper: PaperName | None = Field(None, description="Paper where it is not the content's own.")
    copies: Whole = Field(1, ge=1, le=100_000, description="How many, where the list does not say.")
    delivery: Delivery = Field(Delivery.POST, description="How they get it, where the list does not say.")
    advance: Truth = Field(False, description="They may get it before the embargo ends.")
    after: Id | None = Field(None, description="The group that must have its copies before these leave.")
    leave_out: Truth = Field(False, description="They get nothing.")


class SpareRule(DistributionRecord):
    """Numbered copies that go into the parcel of an office and are for nobody yet."""

    share: Percentage = Field(Decimal(0), description="Of the copies in the parcel, rounded up.")
    least: Whole = Field(0, le=1_000)
    most: Whole | None = Field(None, le=100_000)


class OversRule(DistributionRecord):
    """Prints beyond the numbers, to make good what is spoiled; they stay where they are printed."""

    share: Percentage = Field(Decimal(0), description="Of all copies of a run, rounded up.")
    least: Whole = Field(0, le=10_000)


class Way(StrEnum):
    """How numbered copies are printed."""

    WHOLE = "whole"  # each copy from first page to last
    SPLIT = "split"  # the sheet with the number apart from the rest, which is the same for all
    OVERPRINT = "overprint"  # the number alone, on copies that are printed already


class Sides(StrEnum):
    """Which sides of a sheet are printed, in the words that printers understand."""

    ONE = "one-sided"
    LONG_EDGE = "two-sided-long-edge"
    SHORT_EDGE = "two-sided-short-edge"


class Prices(DistributionRecord):
    """What one of each costs."""

    sheet: Number | None = Field(None, ge=0, le=1_000, description="A sheet of paper.")
    side: Number | None = Field(None, ge=0, le=1_000, description="A printed side.")
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "USD"


class Printing(DistributionRecord):
    """How it is printed, and what that takes."""

    way: Way = Way.WHOLE
    part: Whole = Field(50, ge=1, le=10_000, description="How many copies are printed as one job.")
    sides: Sides = Sides.LONG_EDGE
    paper_gsm: Whole = Field(80, ge=40, le=400, description="Grams of a square metre of the paper.")
    prices: Prices = Field(default_factory=lambda: Prices.model_validate({}))


_ENCLOSED, _ENCLOSED_ONE = "Enclosed are {copies} copies of “{title}”.", "Enclosed is one copy of “{title}”."


class CoverLetter(DistributionRecord):
    """The letter that goes with each parcel."""

    window: Literal["us-10", "din-5008-a", "din-5008-b", "none"] = Field(
        "us-10", description="The envelope through whose window the address is seen."
    )
    text: Words = Field(_ENCLOSED, description="{copies} and {title} are filled in.")
    one: Words | None = Field(None, description="The text where there is one copy.")

    def text_for(self, copies: int) -> str:
        """The text for so many."""
        if copies != 1:
            return self.text
        return self.one or (_ENCLOSED_ONE if self.text == _ENCLOSED else self.text)


class LabelSheet(DistributionRecord):
    """Labels that the program does not know, in millimetres."""

    paper: PaperName | None = Field(None, description="Their sheet, where it is not the content's own paper.")
    across: Whole = Field(ge=1, le=20, description="How many stand beside one another.")
    down: Whole = Field(ge=1, le=50, description="How many stand below one another.")
    width: Number = Field(ge=15, le=300, description="Of one label.")
    height: Number = Field(ge=8, le=300, description="Of one label.")
    left: Number = Field(ge=0, le=100, description="From the edge of the sheet to the first label.")
    top: Number = Field(ge=0, le=100, description="From the edge of the sheet to the first label.")
    gap: Number = Field(ge=0, le=100, description="Between labels that stand beside one another.")
    gap_down: Number = Field(Decimal(0), ge=0, le=100, description="Between labels that stand below one another.")


StockName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}$")]
Shift = Annotated[Number, Field(ge=-25, le=25)]


class PrintedLabels(DistributionRecord):
    """Labels, and what makes good for the printer that prints them."""

    stock: StockName | None = Field(None, description="Their number, such as 5163; label_sheet: describes others.")
    shift: tuple[Shift, Shift] = Field(
        (Decimal(0), Decimal(0)), description="Millimetres to the right and down, as distribute calibrate shows them."
    )
    scale: Number = Field(Decimal(1), ge=Decimal("0.9"), le=Decimal("1.1"), description="So many times their size.")


FileName = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class DistributionSettings(DistributionRecord):
    """One distribution.yaml, read and checked."""

    recipients: FileName | tuple[FileName, ...] = Field(
        description="The list beside this file, .csv or .xlsx; or several lists."
    )
    sheet: Words | None = Field(None, description="The sheet of a spreadsheet that is read; the first where left out.")
    columns: dict[Words, Literal[ColumnName, "ignore"]] = Field(
        default_factory=dict,
        description=f"Heads of the list that the program does not know, and what each is; or {IGNORED}.",
    )
    country: CountryCode = Field(description="Where you send from; the country of every row that names none.")
    groups: dict[Id, RecipientGroup] = Field(
        min_length=1, max_length=200, description="Who gets what; the first that a row fits takes it."
    )
    spares: SpareRule = Field(default_factory=lambda: SpareRule.model_validate({}))
    overs: OversRule = Field(default_factory=lambda: OversRule.model_validate({}))
    print: Printing = Field(default_factory=lambda: Printing.model_validate({}))
    letter: CoverLetter | None = None
    labels: StockName | PrintedLabels | None = Field(
        None, description="The stock of the labels, such as 5163; or that and what makes good for their printer."
    )
    label_sheet: LabelSheet | None = Field(None, description="Labels that the program does not know.")
    envelopes: Literal["us-10", "dl", "c5", "c4"] | None = Field(None, description="Envelopes that are printed on.")
    sender: tuple[Annotated[Words, StringConstraints(max_length=80)], ...] | None = Field(
        None, min_length=1, max_length=6, description="Who sends, line by line, on envelopes; otherwise the publisher."
    )
    keep_days: Whole = Field(365, ge=1, le=36_500, description="Days after which `purge` forgets names and addresses.")

    @property
    def lists(self) -> tuple[str, ...]:
        """The names of the lists."""
        return (self.recipients,) if isinstance(self.recipients, str) else self.recipients

    @property
    def printed_labels(self) -> PrintedLabels:
        """The stock of the labels, with what makes good for their printer."""
        if isinstance(self.labels, PrintedLabels):
            return self.labels
        return PrintedLabels.model_validate({"stock": self.labels})
