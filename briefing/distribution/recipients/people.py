"""A row of a list becomes a recipient: its group adds what the row leaves out, and what cannot be sent is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from briefing.distribution.recipients import addresses
from briefing.distribution.recipients.choices import TOTALS, choice_of, is_language, known_choices
from briefing.distribution.recipients.columns import Header, plain, same
from briefing.distribution.recipients.countries import country_code
from briefing.distribution.recipients.faults import ListFaults
from briefing.distribution.recipients.type_room import LEAST_PT, SHORT, lacking_mm
from briefing.distribution.records import Delivery, Recipient
from briefing.distribution.settings import DistributionSettings, RecipientGroup
from briefing.findings import did_you_mean

MAX_COPIES = 100_000
_DELIVERIES = {one.value: one for one in Delivery}
_LINES = ("name", "office", "attention", "street", "street2")
_ADDRESSED = (Delivery.POST, Delivery.COURIER)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_OUR_ID = re.compile(r"(?i)(\d+-)?row-\d+")
_ROWS = 10_000_000  # more than a list can have
Values = Mapping[str, str]


@dataclass(frozen=True)
class Sender:
    """Who sends: the language and paper of the briefing, and where from."""

    settings: DistributionSettings
    language: str
    paper: str


@dataclass
class Seen:
    """What was met in all lists so far: rows by id and by person, and texts that come again.

    Rows of the second list and later ones have its number in front, as `_spoken` tells.
    """

    ids: dict[str, int] = field(default_factory=dict)
    people: dict[bytes, int] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)
    left_out: int = 0
    copies: int = 0
    rows: int = 0


class RowReader:
    """Makes recipients of the rows of one list; `number` is that of the list, from 0."""

    def __init__(self, sender: Sender, header: Header, faults: ListFaults, seen: Seen, number: int) -> None:
        self._sender, self._header, self._faults, self._seen = sender, header, faults, seen
        self._list, self._prefix = number * _ROWS, f"{number + 1}-" if number else ""
        self._groups = [(name, group, _conditions(group)) for name, group in sender.settings.groups.items()]
        self._copies = 0  # of this list
        self._row = self._here = 0

    def recipient(self, values: Values, row: int) -> Recipient | None:
        """The recipient of a row, or nothing where it has a fault, is left out or is a total."""
        self._row = row
        self._here = self._list + row if self._list else row
        if self._is_total(values):
            return None
        before = self._faults.count
        found = self._group(values)
        if found is None:
            return None
        name, group = found
        self._seen.groups.add(name)
        if group.leave_out:
            self._seen.left_out += 1
            return None
        if not values.get("name") and not values.get("office"):
            self._error("name-missing", "neither a name nor an office", "name", hint="write who is to get it")
        copies = self._number(values.get("copies", ""), group)
        delivery = _DELIVERIES[self._choice(values, "delivery", group.delivery.value)]
        country = self._country(values)
        self._check_language(values)
        one = Recipient(
            ref=self._ref(values),
            name=values.get("name", ""),
            office=self._shared(values, "office"),
            attention=values.get("attention", ""),
            street=values.get("street", ""),
            street2=values.get("street2", ""),
            postcode=values.get("postcode", ""),
            city=self._shared(values, "city"),
            region=self._shared(values, "region"),
            country=country,
            copies=copies,
            language=self._sender.language,
            paper=self._choice(values, "paper", str(group.paper or self._sender.paper)),
            group=name,
            delivery=delivery,
            note=values.get("note", ""),
            document=self._choice(values, "document", group.document),
            row=row,
            use=self._choice(values, "use", group.use),
        )
        self._check_room(values)
        self._check_address(one)
        self._check_double(one)
        self._seen.copies += copies
        return one if self._faults.count == before else None

    # -------------------------------------------------------------- what a row is

    def _is_total(self, values: Values) -> bool:
        """Whether a row only adds up those above it: it is told, and left out."""
        copies = values.get("copies", "")
        number = int(copies) if copies.isascii() and copies.isdigit() else 0
        said = len(values) - bool(copies)
        labelled = said == 1 and any(plain(text) in TOTALS for text in values.values())
        if not (labelled or (not said and number and number == self._copies and self._seen.rows > 1)):
            self._copies += number
            self._seen.rows += 1
            return False
        if number == self._copies or not copies:
            self._faults.note("row-total", "this row is a total, and was left out", self._row)
        else:
            hint = f"the rows above it have {self._copies:,} copies: correct whichever is wrong"
            self._faults.warning("row-total-wrong", "this row is a total, and the rows do not add up to it", self._row,
                                 self._called("copies"), copies, hint)  # fmt: skip
        return True

    def _group(self, values: Values) -> tuple[str, RecipientGroup] | None:
        for name, group, conditions in self._groups:
            if all(plain(values.get(column, "")) in wanted for column, wanted in conditions):
                return name, group
        said = values.get("group", "")
        hint = "correct the row, or add a group to distribution.yaml that takes it; one without where: takes all"
        if self._faults.show and said:
            words = [word for *_, conditions in self._groups for _, words in conditions for word in words]
            hint = did_you_mean(said, words) or hint
        self._error("group-none", "no group takes this row", "group", said, hint)
        return None

    def _ref(self, values: Values) -> str:
        own = values.get("id", "")
        if not own:
            return f"{self._prefix}row-{self._row}"
        if not _ID.fullmatch(own) or _OUR_ID.fullmatch(own):
            hint = "letters without accents, digits, points, hyphens, underscores; no more than 40, and no address"
            self._error("id-unfit", "this is no usable id", "id", own, hint)
            return ""
        if not own.isdigit() and _holds_name(own, values.get("name", "")):
            hint = "ids stay in the record when names are forgotten: use numbers"
            self._faults.warning("id-personal", "the id holds the name", self._row, self._called("id"), own, hint)
        key, here = own if own.isdigit() else own.casefold(), self._here
        if (there := self._seen.ids.setdefault(key, here)) != here:
            self._error("id-double", f"the same id as {_spoken(there)}", "id", own, "give each row its own")
        return own

    # -------------------------------------------------------------- its cells

    def _number(self, written: str, group: RecipientGroup) -> int:
        if not written:
            return group.copies
        if written.isascii() and written.isdigit() and 0 < int(written[:9]) <= MAX_COPIES and len(written) < 7:
            return int(written)
        hint = f"digits only, from 1 to {MAX_COPIES}; leave out the row of somebody who gets none"
        self._error("copies-wrong", "this is no whole number of copies", "copies", written, hint)
        return 1

    def _choice(self, values: Values, column: str, usual: str) -> str:
        written = values.get(column, "")
        if not written:
            return usual
        found = choice_of(column, written)
        if not found:
            hint = f"choose from {known_choices(column)}"
            self._error("choice-wrong", f"no such {column}", column, written, hint)
        return found or usual

    def _country(self, values: Values) -> str:
        written = values.get("country", "")
        home = self._sender.settings.country
        if not written:
            return home
        found = country_code(written)
        if not found:
            hint = "write its name, or its two letters, such as US"
            self._error("country-unknown", "no country of this name is known", "country", written, hint)
        return found

    def _check_language(self, values: Values) -> None:
        written = values.get("language", "")
        if written and not is_language(written, self._sender.language):
            hint = (
                "a briefing has one language: give those of another their own list beside its content, or leave them "
                "out by a group with leave_out: true"
            )
            said = f"the briefing is not in this language, but in {self._sender.language}"
            self._error("language-other", said, "language", written, hint)

    def _check_room(self, values: Values) -> None:
        """Lines of an address that have no room anywhere."""
        for column in _LINES:
            text = values.get(column, "")
            if len(text) > SHORT and (lacks := lacking_mm(text)):
                said = f"the line is {lacks:.0f} mm too long for an address, at the smallest type ({LEAST_PT} pt)"
                self._error("line-long", said, column, text, "shorten it as its owner would, or move a part of it")

    def _check_address(self, one: Recipient) -> None:
        country = one.country
        if not country:
            return
        if one.delivery in _ADDRESSED:
            needs = addresses.rules_of(country).needs
            if not one.street:
                self._tell_nowhere("street", one.delivery)
            if not one.city and "C" in needs:
                self._tell_nowhere("city", one.delivery)
            for letter, column, text in (("Z", "postcode", one.postcode), ("S", "region", one.region)):
                if not text and letter in needs:
                    hint = "the post asks for it in this country"
                    self._faults.warning("address-short", f"no {column}", self._row, self._called(column), hint=hint)
        if one.postcode and (fault := addresses.postcode_fault(one.postcode, country)):
            tell = self._faults.error if fault.certain else self._faults.warning
            code = "postcode-wrong" if fault.certain else "postcode-odd"
            tell(code, fault.said, self._row, self._called("postcode"), one.postcode, fault.hint)
        elif addresses.lies_elsewhere(one.postcode, one.region, country):
            hint = "compare the two; or was one column of the list sorted without the others?"
            said = "the postcode is of another region than the row"
            self._faults.warning("postcode-elsewhere", said, self._row, self._called("postcode"), one.postcode, hint)

    def _tell_nowhere(self, column: str, delivery: Delivery) -> None:
        hint = "write it, or say under delivery how else it gets there"
        self._error("address-missing", f"it is to go by {delivery}, and there is no {column}", column, hint=hint)

    def _check_double(self, one: Recipient) -> None:
        who = (one.name, one.office, one.attention, one.street, one.street2, one.postcode, one.city, one.country)
        text = same("\0".join((*who, one.document, one.use, one.paper)))
        key, here = blake2b(text.encode(), digest_size=8).digest(), self._here
        if (there := self._seen.people.setdefault(key, here)) != here:
            hint = "keep one of the two rows, with the copies of both"
            self._error("recipient-double", f"the same recipient as in {_spoken(there)}", "name", one.name, hint)

    def _shared(self, values: Values, column: str) -> str:
        text = values.get(column)
        return self._seen.texts.setdefault(text, text) if text else ""

    def _called(self, column: str) -> str:
        return self._header.called(column)

    def _error(self, code: str, message: str, column: str, value: str = "", hint: str = "") -> None:
        self._faults.error(code, message, self._row, self._called(column), value, hint)


def _conditions(group: RecipientGroup) -> list[tuple[str, frozenset[str]]]:
    return [
        (column, frozenset(plain(text) for text in ((texts,) if isinstance(texts, str) else texts)))
        for column, texts in group.where.items()
    ]


def _holds_name(own: str, name: str) -> bool:
    words = re.split(r"\W+", name.casefold())
    return any(len(word) > 3 and word.isalpha() and word in own.casefold() for word in words)


def _spoken(where: int) -> str:
    """“row 17”, or “row 17 of list 2”."""
    number, row = divmod(where, _ROWS)
    return f"row {row:,}" + (f" of list {number + 1}" if number else "")
