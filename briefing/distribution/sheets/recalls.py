"""What goes to those who hold copies that are called back, and the list by which these are checked in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from briefing.distribution.recipients.addresses import lines_of
from briefing.distribution.records import Recipient
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


def recalled(
    holders: Sequence[Holding], people: dict[str, Recipient]
) -> tuple[tuple[RecalledCopies, ...], tuple[Holding, ...]]:
    """What each person on the list holds, in the order of the list; and what is held by nobody on it."""
    known = sorted((one for one in holders if one.ref in people), key=lambda one: (people[one.ref].row, one.ref))
    found = tuple(RecalledCopies(people[ref], tuple(those)) for ref, those in groupby(known, key=lambda one: one.ref))
    return found, tuple(one for one in holders if one.ref not in people)


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
    rows = [
        SheetRow(
            ("", one.name or sheets.say("spares"), one.run, _spaced(one.numbers), sheets.count(one.count)), box=True
        )
        for one in recall.holders
    ]
    total = sheets.count(sum(one.count for one in recall.holders))
    rows.append(SheetRow(("", sheets.say("total"), "", "", total), strong=True))
    room = rows_in(sheets.paper.height_mm - TOP - BOTTOM)
    pages = list(in_pages(iter(rows), room, room))
    for number, part in enumerate(pages, 1):
        draft = desk.draft()
        draw_head(sheets, draft, sheets.say("check_in"), f"{sheets.say('recall')} {recall.id}", number, len(pages))
        draw_table(draft, columns, part, TOP)
        yield draft.page
    desk.settle()


def _address(sheets: RunSheets, person: Recipient) -> tuple[str, ...]:
    return lines_of(person, sheets.sender.country, sheets.sender.language)


def _spaced(numbers: str) -> str:
    """Numbers as people read them: “1–50, 53”."""
    return numbers.replace("-", DASH).replace(",", ", ")
