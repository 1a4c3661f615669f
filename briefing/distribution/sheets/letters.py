"""Letters of one page, whose address is read through the window of an envelope, and those that go with parcels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from briefing.content.scalars import Path
from briefing.distribution.settings import CoverLetter
from briefing.distribution.sheets.context import Consignment, RunSheets, span
from briefing.distribution.sheets.desk import SheetDesk
from briefing.distribution.sheets.fitting import PT, NoRoomError, Room, break_lines, fit_block, fit_line, shorten
from briefing.distribution.sheets.windows import WINDOWS, LetterWindow, SheetArea
from briefing.finishing.stamping.text_pages import TextPage, TextStyle

LEAST = 5.5  # points
_TOP, _BOTTOM = 17.0, 18.0  # of what is written
_ADDRESS, _TEXT, _NOTE = 10.5, 10.8, 8.2  # points
_COLUMN = 46.0  # of what stands beside the address
_UNBENT = 9.0  # from a fold to the first line below it


@dataclass(frozen=True, slots=True)
class LetterText:
    """What one letter says."""

    row: int  # of its recipient, in the list
    address: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]  # beside the address, with what each is called
    subject: str
    paragraphs: tuple[str, ...]
    source: Path = ()  # where they stand in distribution.yaml, if they do


def letter_pages(desk: SheetDesk, window: str, texts: Iterable[LetterText]) -> Iterator[TextPage]:
    """A page for each letter; without a window, the address stands where that of its paper has it."""
    usual = "us-10" if desk.sheets.run.paper == "letter" else "din-5008-b"
    for text in texts:
        letter = _Letter(desk, WINDOWS.get(window, WINDOWS[usual]), text)
        with desk.addressing(text.row):
            letter.draw(folded=window in WINDOWS)
        yield letter.page
    desk.settle()


def cover_letters(sheets: RunSheets, asked: CoverLetter) -> Iterator[LetterText]:
    """What the letter of each parcel says."""
    for one in sheets.packed():
        facts = (
            (sheets.say("dated"), sheets.sender.date),
            (sheets.say("edition"), sheets.count(sheets.sender.edition)),
            (sheets.say("copies"), sheets.count_line(one)),
            (sheets.say("numbers"), span(one.parcel.first, one.parcel.last)),
            (sheets.say("parcel"), "  ·  ".join(filter(None, (str(one.parcel.number), sheets.letters)))),
        )
        said = tuple(_cover(sheets, one, asked.text_for(one.count)))
        source = ("letter", "one" if one.count == 1 and asked.one else "text")
        yield LetterText(one.first.row, one.address, facts, sheets.sender.title, said, source)


class _Letter:
    """One letter while it is set."""

    def __init__(self, desk: SheetDesk, window: LetterWindow, text: LetterText) -> None:
        self._window, self._text = window, text
        self._desk, self._sheets, self._draft = desk, desk.sheets, desk.draft()
        self._area: SheetArea = window.address(self._sheets.paper)
        self._right = self._sheets.paper.width_mm - self._area.left  # margins are the same

    @property
    def page(self) -> TextPage:
        return self._draft.page

    def draw(self, folded: bool) -> None:
        self._draw_head()
        self._draw_address()
        self._draw_facts()
        self._draw_text()
        if folded:
            for fold in self._window.folds:
                self._draft.rule(5.0, fold, 4.0, "muted", 0.12)

    def _style(self, size: float, colour: str = "ink", strong: bool = False) -> TextStyle:
        return self._draft.look.style(size, colour, strong)

    def _draw_head(self) -> None:
        """Who sends, above a line across the page."""
        draft, left, width = self._draft, self._area.left, self._right - self._area.left
        strong = self._style(15, "accent", strong=True)
        draft.fill(left, _TOP, 14.0, 1.1, "accent")
        name = self._sheets.sender.publisher
        draft.say(left, _TOP + 9.0, shorten(draft.fonts, name, strong, width), strong)

    def _draw_address(self) -> None:
        area, draft = self._area, self._draft
        above = self._window.above_address(self._sheets.paper)
        if above.height > 6:  # envelopes of DIN show who sends, in a line above the address
            small, line = self._style(7.2, "muted"), area.top - 3.2
            draft.say(area.left, line, shorten(draft.fonts, self._sheets.sender.publisher, small, area.width), small)
            draft.rule(area.left, line + 1.1, area.width, thick=0.12)
        room = Room(area.left, area.top, area.width, area.height)
        draft.put(*fit_block(draft.fonts, self._text.address, self._style(_ADDRESS), room, LEAST))

    def _draw_facts(self) -> None:
        """What the letter is about, beside the address and as high."""
        draft, left, at = self._draft, self._right - _COLUMN, self._area.top
        name, value = self._style(_NOTE, "muted"), self._style(9.4)
        step = value.size * 1.28 * PT
        for number, (key, said) in enumerate(self._text.facts):
            y = at + (number + 0.78) * step
            draft.say(left, y, key, name)
            draft.say(left + 17, y, said, fit_line(draft.fonts, said, value, _COLUMN - 17, LEAST, key))

    def _draw_text(self) -> None:
        sheets, draft = self._sheets, self._draft
        left, width = self._area.left, self._right - self._area.left
        at = max(self._window.folds[0] + _UNBENT, self._area.bottom + 14)
        subject = self._style(14, "ink", strong=True)
        for line in break_lines(draft.fonts, self._text.subject, subject, width):
            draft.say(left, at, line, subject)
            at += subject.size * 1.22 * PT
        at += 5.5
        body = self._style(_TEXT)
        for paragraph in self._text.paragraphs:
            for line in break_lines(draft.fonts, paragraph, body, min(width, 150)):
                draft.say(left, at, line, body)
                at += body.size * 1.42 * PT
            at += 2.6
        if at + 6 > sheets.paper.height_mm - _BOTTOM:
            fault = NoRoomError("its text", at + 6 - sheets.paper.height_mm + _BOTTOM)
            if not self._text.source:
                raise fault
            self._desk.note_long_text(self._text.source, fault)
        strong = self._style(_TEXT, strong=True)
        draft.say(left, at + 6, shorten(draft.fonts, sheets.sender.publisher, strong, width), strong)


def _cover(sheets: RunSheets, one: Consignment, text: str) -> Iterator[str]:
    values = {"copies": sheets.count(one.count), "title": sheets.sender.title}
    for part in text.strip().split("\n"):
        if part.strip():
            yield filled(part, values)
    numbers = span(one.parcel.first, one.parcel.last)
    told = [sheets.say("bear_one" if one.count == 1 else "bear", numbers=numbers)]
    if spare := one.spares:
        key = "spare_one" if spare.first == spare.last else "spare_more"
        told.append(sheets.say(key, numbers=span(spare.first, spare.last)))
    if len(one.recipients) > 1:
        told.append(sheets.say("shared"))
    yield " ".join(told)
    yield sheets.say("kept")


def filled(text: str, values: dict[str, str]) -> str:
    """A text with what stands in braces filled in; braces that mean nothing stay."""
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text
