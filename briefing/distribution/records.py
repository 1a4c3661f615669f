"""What all parts of distribution speak of: recipients, runs of numbered copies, and the parcels that they leave in.

Nothing here reads or writes. Only `Recipient` holds a person's data: everything else knows people by their `ref`, so
that plans, runs and events can be kept when a person is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Delivery(StrEnum):
    """How a copy reaches its recipient, in the order in which parcels are packed."""

    POST = "post"
    COURIER = "courier"
    INTERNAL = "internal"
    HAND = "hand"
    PICKUP = "pickup"
    EMAIL = "email"  # a file: no sheet, no parcel that anybody packs


@dataclass(frozen=True, slots=True)
class Recipient:
    """One row of the list, with what its group has added; texts are the writer's own, and "" where nothing is said."""

    ref: str  # the list's own id, or row-17; unique within a plan, and never a person's name or address
    name: str
    office: str
    attention: str
    street: str
    street2: str
    postcode: str
    city: str
    region: str
    country: str  # two capital letters, ISO 3166-1
    copies: int
    language: str
    paper: str
    group: str
    delivery: Delivery
    note: str
    document: str  # brief, fact_sheet
    row: int  # of the list, where its header is row 1
    use: str


@dataclass(frozen=True, slots=True)
class Allotment:
    """Copies of one run with numbers in a row that are for the same recipient; both ends included."""

    recipient: str | None  # a ref; None for spares
    first: int
    last: int
    parcel: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """What leaves together: all copies of one run for one address, or for one person without one."""

    number: int  # 1 and up within its run, in packing order
    recipients: tuple[str, ...]  # refs
    first: int
    last: int
    copies: int  # spares not counted
    spares: int
    sheets: int
    grams: int  # paper alone, rounded to the next gram
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class CostLine:
    """One part of what a run costs."""

    what: str  # sheets, sides
    count: int
    price: Decimal | None  # of one; None where the office has given none
    currency: str = ""

    @property
    def amount(self) -> Decimal | None:
        """Count times price."""
        return None if self.price is None else self.count * self.price


@dataclass(frozen=True, slots=True)
class RunPlan:
    """All copies of the same pages: numbers 1 to `total`, each in one parcel, and overs without a number."""

    document: str
    use: str
    paper: str
    language: str
    pages: int  # of one copy
    total: int  # numbered copies, spares among them
    spares: int
    overs: int  # printed beyond the numbers, to make good what is spoiled
    allotments: tuple[Allotment, ...]  # in the order of their numbers, without a gap
    parcels: tuple[Parcel, ...]
    sheets: int  # of the numbered copies and the overs
    grams: int
    cost: tuple[CostLine, ...]
    sha256: str  # of all of the above and what is below
    setup: str = ""  # a digest of how it is marked and printed, so that other files are another run


@dataclass(frozen=True, slots=True)
class DistributionPlan:
    """What is to be printed and for whom, run by run."""

    runs: tuple[RunPlan, ...]
    list_sha256: str  # of the bytes of the lists that it was made from
    sha256: str  # of the runs and the list
