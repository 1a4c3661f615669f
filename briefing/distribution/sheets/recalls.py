"""What goes to those who hold copies that are called back, and the list by which these are checked in."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from briefing.distribution.recipients.addresses import lines_of
from briefing.distribution.records import Delivery, Recipient
from briefing.distribution.register.editions import RecallFacts
from briefing.distribution.register.holdings import Holding
from briefing.distribution.sheets.context import DASH, RunSheets
from briefing.distribution.sheets.desk import SheetDesk
from briefing.distribution.sheets.draft import LEFT, RIGHT
from briefing.distribution.sheets.labels import LabelText
from briefing.distribution.sheets.letters import LetterText
from briefing.distribution.sheets.lists import BOTTOM, MARGIN, TOP, draw_head, draw_table, rows_in
from briefing.distribution.sheets.tables import SheetRow, columns_of, in_pages
from briefing.finishing.stamping.text_pages import TextPage

_TOLD = 60  # letters of the numbers on a label
_NUMBERS = 26  # and in a row of the check-in list


@dataclass(frozen=True, slots=True)
class RecalledCopies:
    """What one person holds of an edition that is called back, in one run or several."""

    person: Recipient
    held: tuple[Holding, ...]

    @property
    def count(self) -> int:
        """Copies, the spares of the person's parcel among them."""
        return sum(one.count for one in self.held)

    @property
    def numbers(self) -> str:
        """Their numbers, by run: “72HQ: 3–5, 9”."""
        return "; ".join(f"{one.run}: {_spaced(one.numbers)}" for one in self.held)


def recalled(recall: RecallFacts) -> tuple[tuple[RecalledCopies, ...], tuple[Holding, ...]]:
    """What each person holds who can be written to, at the address to which the copies went; and what others hold.

    The register's own numbers tell people apart: what the list calls row-17 may be somebody else by now.
    """
    known = defaultdict(list)
    for one in recall.holders:
        person = recall.people.get(one.recipient) if one.recipient is not None else None
        if person and person.delivery is not Delivery.EMAIL:
            known[one.recipient].append(one)
    found = tuple(RecalledCopies(recall.people[key], tuple(those)) for key, those in sorted(known.items()) if key)
    return found, tuple(one for one in recall.holders if one.recipient not in known)


def recall_letters(sheets: RunSheets, recall: RecallFacts, found: Sequence[RecalledCopies]) -> Iterator[LetterText]:
    """What each holder is told."""
    for one in found:
        facts = (
            (sheets.say("dated"), sheets.sender.date),
            (sheets.say("edition"), sheets.count(sheets.sender.edition)),
            (sheets.say("copies"), sheets.count(one.count)),
            (sheets.say("recall"), str(recall.id)),
        )
        said = (
            sheets.say("recall_what", title=sheets.sender.title, edition=sheets.count(sheets.sender.edition)),
            sheets.say("recall_why", reason=recall.reason),
            sheets.say("recall_held_one" if one.count == 1 else "recall_held", numbers=one.numbers),
            sheets.say(f"recall_{recall.action.value.replace('-', '_')}"),
            sheets.say("recall_passed"),
        )
        yield LetterText(one.person.row, _address(sheets, one.person), facts, sheets.say("recall_subject"), said)


def recall_labels(sheets: RunSheets, recall: RecallFacts, found: Sequence[RecalledCopies]) -> Iterator[LabelText]:
    """The label of each holder's letter."""
    for one in found:
        numbers = one.numbers if len(one.numbers) <= _TOLD else sheets.count(one.count)
        said = f"{sheets.say('recall')} {recall.id}  ·  {numbers}"
        yield LabelText(one.person.row, _address(sheets, one.person), said, sheets.home_of(one.person))


def check_in_pages(desk: SheetDesk, recall: RecallFacts) -> Iterator[TextPage]:
    """All copies that are out, by holder, each row with a box to tick when they are back."""
    sheets = desk.sheets
    width = sheets.paper.width_mm - 2 * MARGIN
    columns = columns_of(
        MARGIN,
        (
            ("", 6.0, LEFT),
            (sheets.say("recipient"), width - 82.0, LEFT),
            (sheets.say("run"), 16.0, LEFT),
            (sheets.say("numbers"), 42.0, LEFT),
            (sheets.say("copies"), 18.0, RIGHT),
        ),
    )
    rows = [row for one in recall.holders for row in _rows(sheets, one, _holder(sheets, one))]
    rows += [row for one in recall.lost for row in _rows(sheets, one, f"{_holder(sheets, one)} ({sheets.say('lost')})")]
    total = sheets.count(sum(one.count for one in (*recall.holders, *recall.lost)))
    rows.append(SheetRow(("", sheets.say("total"), "", "", total), strong=True))
    room = rows_in(sheets.paper.height_mm - TOP - BOTTOM)
    pages = list(in_pages(iter(rows), room, room))
    for number, part in enumerate(pages, 1):
        draft = desk.draft()
        draw_head(sheets, draft, sheets.say("check_in"), f"{sheets.say('recall')} {recall.id}", number, len(pages))
        draw_table(draft, columns, part, TOP)
        yield draft.page
    desk.settle()


def _holder(sheets: RunSheets, one: Holding) -> str:
    return one.name or sheets.say("spares" if one.recipient is None else "forgotten")


def _rows(sheets: RunSheets, one: Holding, holder: str) -> Iterator[SheetRow]:
    """All numbers of a holder, in as many rows as they need."""
    for at, numbers in enumerate(textwrap.wrap(_spaced(one.numbers), _NUMBERS)):
        first = (holder, one.run, numbers, sheets.count(one.count))
        yield SheetRow(("", *(("", "", numbers, "") if at else first)), box=True)


def _address(sheets: RunSheets, person: Recipient) -> tuple[str, ...]:
    return lines_of(person, sheets.sender.country, sheets.sender.language)


def _spaced(numbers: str) -> str:
    """Numbers as people read them: “1–50, 53”."""
    return numbers.replace("-", DASH).replace(",", ", ")
