"""Copy registers for tests: a small plan, a clock that is set, and a way to open."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from pathlib import Path

from briefing.distribution.records import Allotment, Delivery, DistributionPlan, Parcel, Recipient, RunPlan
from briefing.distribution.register import whereabouts
from briefing.distribution.register.plans import DocumentFacts, EditionFacts, RecordedRun, record_plan
from briefing.distribution.register.register import Register, open_register

BEGIN = datetime.datetime(2026, 11, 26, 16, 0, tzinfo=datetime.UTC)
EDITION = EditionFacts("darien-crossing", 1, "en-GB", "What the Darién costs", datetime.date(2026, 11, 20), "c" * 64)
DOCUMENT = DocumentFacts("brief", "office", "letter", 4, "d" * 64, 139_000)


@dataclass
class Clock:
    """Says the moment that it is set to."""

    at: datetime.datetime = BEGIN

    def __call__(self) -> datetime.datetime:
        return self.at

    def add(self, **more: float) -> None:
        self.at += datetime.timedelta(**more)


@dataclass
class Office:
    """Where a register lies, and who writes in it."""

    address: str | None  # of a server; None for a file
    folder: Path
    clock: Clock = field(default_factory=Clock)

    @property
    def where(self) -> whereabouts.Whereabouts:
        return whereabouts.find(self.address, self.folder)

    def open(self, who: str = "ada", make: bool = True) -> Register:
        return open_register(self.where, who, self.clock, make=make)

    @property
    def key(self) -> bytes:
        return whereabouts.make_key(self.where.folder)


def recipient(number: int, **more: object) -> Recipient:
    """One of an invented list; its name is a token that stands nowhere else."""
    plain = Recipient(
        ref=f"r{number}",
        name=f"Unique{number}Token",
        office="Office of Tests",
        attention="",
        street=f"{number} Main Street",
        street2="",
        postcode="20001",
        city="Washington",
        region="DC",
        country="US",
        copies=3,
        language="en",
        paper="letter",
        group="member",
        delivery=Delivery.POST,
        note="",
        document="brief",
        row=number + 1,
        use="office",
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def plan(people: int = 8, each: int = 3, spares: int = 2, name: str = "plan") -> DistributionPlan:
    """So many recipients with so many copies each, a parcel to each, and spares in a last one."""
    total = people * each + spares
    parts = [Allotment(f"r{n}", (n - 1) * each + 1, n * each, n) for n in range(1, people + 1)]
    parcels = [
        Parcel(n, (f"r{n}",), (n - 1) * each + 1, n * each, each, 0, 2 * each, 10 * each, Delivery.POST)
        for n in range(1, people + 1)
    ]
    if spares:
        parts.append(Allotment(None, people * each + 1, total, people + 1))
        parcels.append(Parcel(people + 1, (), people * each + 1, total, 0, spares, 0, 0, Delivery.HAND))
    run = RunPlan(
        *("brief", "office", "letter", "en", 4, total, spares, 2, tuple(parts), tuple(parcels)),
        *(2 * total, 10 * total, (), f"{name}-run"),
    )
    return DistributionPlan((run,), f"{name}-list", name)


def recorded(register: Register, planned: DistributionPlan | None = None, people: int = 8) -> RecordedRun:
    """The run of a small plan, recorded."""
    found = record_plan(
        register, EDITION, planned or plan(people), [DOCUMENT], [recipient(n) for n in range(1, people + 1)]
    )
    return found[0]
