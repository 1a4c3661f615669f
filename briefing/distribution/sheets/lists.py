"""The picking list of a run, by way of delivery, and a packing list for each parcel.

Their numbers add up to the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from briefing.distribution.records import Delivery
from briefing.distribution.sheets.context import Consignment, RunSheets, span
from briefing.distribution.sheets.desk import SheetDesk
from briefing.distribution.sheets.draft import LEFT, RIGHT, SheetDraft
from briefing.distribution.sheets.fitting import LEADING, PT, Room, fit_block, shorten
from briefing.distribution.sheets.tables import (
    HEAD,
    ROW,
    SheetColumn,
    SheetRow,
    columns_of,
    draw_heads,
    draw_row,
    in_pages,
)
from briefing.finishing.stamping.text_pages import TextPage

MARGIN = 18.0
TOP, BOTTOM = 35.0, 20.0  # of a table
_FACT = 5.2  # from one fact to the next
_SIGNED = 22.0  # what is left for whoever has packed


@dataclass
class _Sum:
    """What rows add up to."""

    parcels: int = 0
    copies: int = 0
    spares: int = 0
    sheets: int = 0
    grams: int = 0

    def add(self, one: Consignment) -> None:
        self.parcels += 1
        self.copies += one.parcel.copies
        self.spares += one.parcel.spares
        self.sheets += one.parcel.sheets
        self.grams += one.parcel.grams


# ------------------------------------------------------------------ picking list


def picking_pages(desk: SheetDesk) -> Iterator[TextPage]:
    """All parcels of a run, those of one delivery after the other, each with a box to tick."""
    sheets = desk.sheets
    width = sheets.paper.width_mm - 2 * MARGIN
    columns = columns_of(
        MARGIN,
        (
            ("", 6.0, LEFT),
            (sheets.say("parcel"), 13.0, RIGHT),
            (sheets.say("destination"), width - 119.0, LEFT),
            (sheets.say("town"), 25.0, LEFT),
            (sheets.say("numbers"), 23.0, LEFT),
            (sheets.say("copies"), 23.0, LEFT),
            (sheets.say("sheets"), 13.0, RIGHT),
            (sheets.say("weight"), 16.0, RIGHT),
        ),
    )
    room = rows_in(sheets.paper.height_mm - TOP - BOTTOM)
    pages = sum(1 for _ in in_pages(_picked(sheets), room, room))
    for number, rows in enumerate(in_pages(_picked(sheets), room, room), 1):
        draft = desk.draft()
        draw_head(sheets, draft, sheets.say("picking"), _run(sheets), number, pages)
        draw_table(draft, columns, rows, TOP)
        yield draft.page
    desk.settle()


def _picked(sheets: RunSheets) -> Iterator[SheetRow]:
    """The rows of a picking list."""
    whole = _Sum()
    for delivery, those in groupby(sheets.consignments(), key=lambda one: one.parcel.delivery):
        part = _Sum()
        yield SheetRow(("", "", sheets.say(delivery.value), "", "", "", "", ""), strong=True, begins=True)
        for one in those:
            part.add(one)
            whole.add(one)
            number, numbers = str(one.parcel.number), span(one.parcel.first, one.parcel.last)
            yield SheetRow(("", number, _destination(one), one.first.city, numbers, *_amounts(sheets, one)), box=True)
        yield _total(sheets, sheets.say("total"), part)
    yield _total(sheets, sheets.say("total_run", run=sheets.name), whole)


def _amounts(sheets: RunSheets, one: Consignment) -> tuple[str, str, str]:
    if one.parcel.delivery is Delivery.EMAIL:
        return sheets.count_line(one), "", ""
    return sheets.count_line(one), sheets.count(one.parcel.sheets), sheets.weight(one.parcel.grams)


def _total(sheets: RunSheets, name: str, of: _Sum) -> SheetRow:
    copies = sheets.count(of.copies)
    if of.spares:
        copies = sheets.say("with_spares", copies=copies, spares=sheets.count(of.spares))
    numbers = f"= {sheets.count(of.copies + of.spares)}"
    weight = sheets.weight(of.grams) if of.grams else ""
    paper = sheets.count(of.sheets) if of.sheets else ""
    return SheetRow(("", sheets.count(of.parcels), name, "", numbers, copies, paper, weight), strong=True)


def _destination(one: Consignment) -> str:
    """Enough of an address to know a parcel by."""
    first, many = one.first, len(one.recipients)
    named = first.office or first.name if many > 1 else first.name or first.office
    more = first.office if many == 1 and first.name else ""
    return ", ".join(filter(None, (named, more)))


# ------------------------------------------------------------------ packing lists


def packing_pages(desk: SheetDesk) -> Iterator[TextPage]:
    """A list for each parcel: who gets which numbers, and how many that makes."""
    for one in desk.sheets.packed():
        with desk.addressing(one.first.row):
            yield from _packing_list(desk, one)
    desk.settle()


def _packing_list(desk: SheetDesk, one: Consignment) -> Iterator[TextPage]:
    sheets, height = desk.sheets, desk.sheets.paper.height_mm
    width = sheets.paper.width_mm - 2 * MARGIN
    heads = ((sheets.say("recipient"), width - 66.0, LEFT), (sheets.say("numbers"), 44.0, LEFT))
    columns = columns_of(MARGIN, (*heads, (sheets.say("copies"), 22.0, RIGHT)))
    more = rows_in(height - TOP - BOTTOM - _SIGNED)
    above = max(len(one.address) * 11 * LEADING * PT, 4 * _FACT) + 9
    first = rows_in(height - TOP - above - BOTTOM - _SIGNED)
    parts = list(in_pages(_packed(sheets, one), first, more))
    for number, rows in enumerate(parts, 1):
        draft, top = desk.draft(), TOP
        title = f"{sheets.say('packing_one')}  ·  {sheets.parcel_line(one)}"
        draw_head(sheets, draft, title, _run(sheets), number, len(parts))
        if number == 1:
            _draw_parcel(sheets, draft, one, width, above - 9)
            top += above
        draw_table(draft, columns, rows, top)
        if number == len(parts):
            line = top + HEAD + len(rows) * ROW + _SIGNED - 4
            draft.rule(MARGIN, line, 70, "muted")
            draft.say(MARGIN, line + 4, sheets.say("to_check"), draft.look.style(8, "muted"))
        yield draft.page


def _packed(sheets: RunSheets, one: Consignment) -> Iterator[SheetRow]:
    """The rows of a packing list; the last one adds up those before it."""
    total = 0
    people = {person.ref: person for person in one.recipients}
    for part in one.allotments:
        count = part.last - part.first + 1
        total += count
        person = people.get(part.recipient) if part.recipient is not None else None
        said = ", ".join(filter(None, (person.name, person.office))) if person else sheets.say("spares")
        yield SheetRow((said, span(part.first, part.last), sheets.count(count)))
    yield SheetRow((sheets.say("total"), span(one.parcel.first, one.parcel.last), sheets.count(total)), strong=True)


def _draw_parcel(sheets: RunSheets, draft: SheetDraft, one: Consignment, width: float, height: float) -> None:
    """Where a parcel goes, and what it weighs."""
    room = Room(MARGIN, TOP, width * 0.58, height)
    draft.put(*fit_block(draft.fonts, one.address, draft.look.style(11), room, 5.5))
    facts = (
        (sheets.say("delivery"), sheets.say(one.parcel.delivery.value)),
        (sheets.say("copies"), sheets.count_line(one)),
        (sheets.say("sheets"), sheets.count(one.parcel.sheets)),
        (sheets.say("weight"), sheets.weight(one.parcel.grams)),
    )
    left = MARGIN + width - 66
    for at, (name, value) in enumerate(facts):
        draft.say(left, TOP + 3.4 + at * _FACT, name, draft.look.style(8.5, "muted"))
        draft.say(left + 18, TOP + 3.4 + at * _FACT, value, draft.look.style(10))


# ------------------------------------------------------------------ all


def _run(sheets: RunSheets) -> str:
    return f"{sheets.say('run')} {sheets.name}"


def rows_in(height: float) -> int:
    """How many rows a table has that is so high, in millimetres."""
    return max(2, int((height - HEAD) / ROW))


def draw_head(sheets: RunSheets, draft: SheetDraft, title: str, named: str, number: int, pages: int) -> None:
    """What the list is, of which run or recall and of which briefing, and which of its pages this is."""
    right, look = sheets.paper.width_mm - MARGIN, draft.look
    small = look.style(8.5, "muted")
    draft.fill(MARGIN, 13, 14, 1.1, "accent")
    draft.say(MARGIN, 22, title, look.style(15, "accent", strong=True))
    draft.say(right, 22, named, look.style(10, "ink", strong=True), RIGHT)
    said = shorten(draft.fonts, f"{sheets.sender.title}, {sheets.sender.date}", small, right - MARGIN - 40)
    draft.say(MARGIN, 27, said, small)
    if pages > 1:
        draft.say(right, 27, sheets.say("page", page=number, pages=pages), small, RIGHT)


def draw_table(draft: SheetDraft, columns: Sequence[SheetColumn], rows: Iterable[SheetRow], top: float) -> None:
    """Rows below their heads."""
    draw_heads(draft, columns, top)
    for at, row in enumerate(rows):
        draw_row(draft, columns, row, top + HEAD + at * ROW)
