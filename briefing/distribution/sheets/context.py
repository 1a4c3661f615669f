"""What all sheets of a run have in common: the words, the look, and parcels with the people they are for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from briefing.content.records import PaperName
from briefing.design.paper import PAPERS, Paper
from briefing.distribution.planning.plan import name_of
from briefing.distribution.recipients.addresses import lines_of
from briefing.distribution.recipients.countries import country_name
from briefing.distribution.records import Allotment, Delivery, Parcel, Recipient, RunPlan
from briefing.finishing.stamping.text_pages import Face, PageFonts, TextStyle
from briefing.language import numbers
from briefing.language.wording import Wording

_NAMES = 3  # that stand above an address which several people share
DASH = "–"


@dataclass(frozen=True)
class SenderFacts:
    """Who sends what, as readers are told."""

    publisher: str
    title: str
    edition: int
    date: str  # in words
    country: str
    language: str


@dataclass(frozen=True)
class SheetLook:
    """Colours and fonts of the house, for sheets that go with copies."""

    colour: Mapping[str, str]
    fonts: Path

    def style(self, size: float, colour: str = "ink", strong: bool = False) -> TextStyle:
        """A style of the house's sans."""
        return TextStyle(size, Face.SEMIBOLD if strong else Face.REGULAR, self.colour[colour])

    def open_fonts(self) -> PageFonts:
        """The faces for one file."""
        return PageFonts(self.fonts)


@dataclass(frozen=True, slots=True)
class Consignment:
    """A parcel with the people it is for and the numbers that each of them gets."""

    parcel: Parcel
    recipients: tuple[Recipient, ...]
    allotments: tuple[Allotment, ...]
    address: tuple[str, ...]

    @property
    def first(self) -> Recipient:
        """The recipient who stands first in the list of parcels."""
        return self.recipients[0]

    @property
    def count(self) -> int:
        """Copies and spares."""
        return self.parcel.copies + self.parcel.spares

    @property
    def spares(self) -> Allotment | None:
        """The numbers that are for nobody yet."""
        return next((one for one in self.allotments if one.recipient is None), None)


@dataclass(frozen=True)
class RunSheets:
    """One run, and all that its sheets say."""

    run: RunPlan
    letters: str  # the first of its codes, where it has any
    people: Mapping[str, Recipient]
    sender: SenderFacts
    wording: Wording
    look: SheetLook

    @property
    def name(self) -> str:
        """What it is called: its letters, or what is printed for what."""
        return self.letters or name_of(self.run)

    @property
    def paper(self) -> Paper:
        """What the run is printed on, and the sheets with it."""
        return PAPERS[PaperName(self.run.paper)]

    @property
    def on_paper(self) -> int:
        """How many parcels are packed."""
        return sum(parcel.delivery is not Delivery.EMAIL for parcel in self.run.parcels)

    def say(self, key: str, **values: object) -> str:
        """One of the program's own words, with values filled in."""
        return self.wording.word("dispatch", key).format(**values)

    def count(self, number: int) -> str:
        """A whole number as the language writes it."""
        return numbers.digits(Decimal(number), 0, self.wording.locale)

    def weight(self, grams: int) -> str:
        """Grams, or kilograms where there are many."""
        if grams < 1000:
            return f"{grams} g"
        return f"{numbers.digits(Decimal(grams) / 1000, 1, self.wording.locale)} kg"

    def home_of(self, one: Recipient) -> str:
        """The sender's country as an envelope to another one names it."""
        return country_name(self.sender.country, self.sender.language) if one.country != self.sender.country else ""

    def parcel_line(self, one: Consignment) -> str:
        """“Parcel 14”."""
        return self.say("parcel_line", number=one.parcel.number)

    def copies_line(self, one: Consignment) -> str:
        """“Copies 201–216”."""
        key = "copy_line" if one.count == 1 else "copies_line"
        return self.say(key, numbers=span(one.parcel.first, one.parcel.last))

    def count_line(self, one: Consignment) -> str:
        """“15 + 1 spare”."""
        if not one.parcel.spares:
            return self.count(one.parcel.copies)
        return self.say("with_spares", copies=self.count(one.parcel.copies), spares=self.count(one.parcel.spares))

    def consignments(self) -> Iterator[Consignment]:
        """Parcel by parcel, in packing order; those that are sent as files among them."""
        shares = groupby(self.run.allotments, key=lambda one: one.parcel)
        for parcel, (number, allotments) in zip(self.run.parcels, shares, strict=True):
            mine = tuple(allotments)
            _assert_sound(parcel, number, mine)
            recipients = tuple(self.people[ref] for ref in parcel.recipients)
            yield Consignment(parcel, recipients, mine, self._address(recipients))

    def packed(self) -> Iterator[Consignment]:
        """Those that somebody packs."""
        return (one for one in self.consignments() if one.parcel.delivery is not Delivery.EMAIL)

    def _address(self, recipients: Sequence[Recipient]) -> tuple[str, ...]:
        """The lines of an address. People who share it are named one by one, or by the office that they share."""
        first, home, language = recipients[0], self.sender.country, self.sender.language
        if len(recipients) == 1:
            return lines_of(first, home, language)
        if first.office and len({one.office for one in recipients}) == 1:
            return lines_of(replace(first, name="", attention=""), home, language)
        names = list(dict.fromkeys(one.name or one.office for one in recipients))
        if len(names) > _NAMES:
            names[_NAMES - 1 :] = [self.say("more", count=len(names) - _NAMES + 1)]
        return (*names, *lines_of(replace(first, name="", office="", attention=""), home, language))


def _assert_sound(parcel: Parcel, number: int, allotments: Sequence[Allotment]) -> None:
    """That a parcel holds the numbers which it says."""
    count = sum(one.last - one.first + 1 for one in allotments)
    ends = (allotments[0].first, allotments[-1].last)
    assert number == parcel.number, number
    assert count == parcel.copies + parcel.spares, number
    assert ends == (parcel.first, parcel.last), number


def span(first: int, last: int) -> str:
    """Numbers in a row: “17”, “201–215”."""
    return str(first) if first == last else f"{first}{DASH}{last}"
