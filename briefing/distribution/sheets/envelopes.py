"""Envelopes: one for each parcel, with who sends and who receives where the posts of all countries look for them.

Lengths are in millimetres. The address keeps 40 mm from the upper edge, where stamps are, and 16 mm from the lower one,
where sorting machines print their code, and stands within 140 mm of the right edge (Universal Postal Union, and the
reading area of the US Postal Service).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from briefing.distribution.sheets.desk import SheetDesk
from briefing.distribution.sheets.draft import SheetDraft
from briefing.distribution.sheets.fitting import LEADING, PT, NoRoomError, Room, fit_block, fit_line, shorten
from briefing.distribution.sheets.labels import LabelText
from briefing.findings import Refused, error
from briefing.finishing.stamping.text_pages import TextPage

LEAST = 8.0  # points: what machines of the post read
STAMPS_WIDE, STAMPS_HIGH, CODES, SIDE, FROM_RIGHT = 74.0, 40.0, 16.0, 15.0, 140.0
_EDGE = 10.0  # what printers need, and as much again
_SMALL = 6.5  # points of what is for whoever packs


@dataclass(frozen=True, slots=True)
class EnvelopeSize:
    """An envelope, lying with its long edge down."""

    width: float
    height: float
    type_size: float  # points of the address

    @property
    def address(self) -> Room:
        """Where the address stands: in the right half, and below the middle where that leaves room."""
        left = max(self.width - FROM_RIGHT + 2, 0.46 * self.width)
        top = max(STAMPS_HIGH + 4, 0.47 * self.height)
        return Room(left, top, self.width - SIDE - left, self.height - CODES - 1 - top)

    @property
    def sender(self) -> Room:
        """Where it says who sends: in the upper left corner, clear of stamps and address."""
        return Room(_EDGE, _EDGE, min(0.42 * self.width, self.width - STAMPS_WIDE - _EDGE - 8), STAMPS_HIGH - _EDGE - 4)

    @property
    def note(self) -> Room:
        """Where the number of the parcel stands: in the lower left corner, clear of what machines print."""
        return Room(_EDGE, self.height - _EDGE - 3, self.width - FROM_RIGHT - _EDGE - 2, 3)


SIZES: Mapping[str, EnvelopeSize] = {
    "us-10": EnvelopeSize(241.3, 104.775, 12),
    "dl": EnvelopeSize(220, 110, 12),
    "c5": EnvelopeSize(229, 162, 13),
    "c4": EnvelopeSize(324, 229, 15),
}


def envelope_pages(
    desk: SheetDesk, size: EnvelopeSize, sender: Sequence[str], texts: Iterable[LabelText]
) -> Iterator[TextPage]:
    """An envelope for each address. The sender's own country is added where an address names one."""
    for one in texts:
        draft = desk.draft()
        with desk.addressing(one.row):
            _draw_sender(draft, size, (*sender, one.home) if one.home else sender)
            room, style = size.address, draft.look.style(size.type_size)
            draft.put(*fit_block(draft.fonts, one.address, style, room, LEAST))
            small = draft.look.style(_SMALL, "muted")
            draft.say(size.note.left, size.note.top + 2, shorten(draft.fonts, one.note, small, size.note.width), small)
        yield draft.page
    desk.settle()


def _draw_sender(draft: SheetDraft, size: EnvelopeSize, lines: Sequence[str]) -> None:
    """The sender below a bar in the house's colour, the first line strong."""
    room, points = size.sender, 9.5 if size.height > 200 else 8.5
    draft.fill(room.left, room.top, 9.0, 0.8, "accent")
    step = min(points * LEADING * PT, (room.height - 4) / max(1, len(lines)))
    for number, line in enumerate(lines):
        style = draft.look.style(points, "accent" if number == 0 else "ink", strong=number == 0)
        try:
            style = fit_line(draft.fonts, line, style, room.width, 6.0, f"line {number + 1}")
        except NoRoomError as fault:
            said = f"there is no room for the sender on an envelope: {fault}"
            hint = "write sender: line by line, with short lines"
            raise Refused([error("address-long", said, ("sender",), hint)]) from None
        draft.say(room.left, room.top + 4.4 + number * step, line, style)
