"""Address labels: one for each parcel or holder, in their order, so that they can be stuck on as parcels come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from briefing.design.paper import PAPERS
from briefing.distribution.sheets.context import RunSheets
from briefing.distribution.sheets.desk import SheetDesk
from briefing.distribution.sheets.draft import CENTRE, SheetDraft
from briefing.distribution.sheets.fitting import LEADING, PT, Room, break_lines, fit_block, shorten
from briefing.distribution.sheets.stocks import EDGE, LabelPlace, LabelStock
from briefing.finishing.stamping.text_pages import PrinterCorrection, TextPage

LEAST = 6.5  # points: what the post can still read
_SIZE = 11.0
_NUMBER = 6.5  # points of the line that says which parcel it is
_WELL = 7.5  # points down to which an address makes room for that line
_RULER = 150.0  # millimetres


@dataclass(frozen=True, slots=True)
class LabelText:
    """What one label says."""

    row: int  # of its recipient, in the list
    address: tuple[str, ...]
    note: str  # in small type above the address, where there is room
    home: str = ""  # where it comes from, if that is another country


def parcel_labels(sheets: RunSheets) -> Iterator[LabelText]:
    """What the label of each parcel says."""
    for one in sheets.packed():
        said = (sheets.parcel_line(one), sheets.copies_line(one), *filter(None, [sheets.letters]))
        yield LabelText(one.first.row, one.address, "  ·  ".join(said), sheets.home_of(one.first))


def label_pages(desk: SheetDesk, stock: LabelStock, skip: int, texts: Iterable[LabelText]) -> Iterator[TextPage]:
    """Sheets of labels, of which the first `skip` of the first sheet are gone."""
    placed = ((stock.place(skip + at), one) for at, one in enumerate(texts))
    for _, those in groupby(placed, key=lambda pair: pair[0].sheet):
        draft = desk.draft()
        for place, one in those:
            with desk.addressing(one.row):
                _draw(draft, stock, place, one)
        yield draft.page
    desk.settle()


def _draw(draft: SheetDraft, stock: LabelStock, place: LabelPlace, one: LabelText) -> None:
    above = EDGE + max(0.3, (stock.height - 25.4) / 10)  # larger labels have more white
    beside = above + 1.8
    room = Room(place.left + beside, place.top + above, stock.width - 2 * beside, stock.height - 2 * above)
    strip = _NUMBER * LEADING * PT + 0.5
    if (room.height - strip) / (len(one.address) * LEADING * PT) >= _WELL:
        small = draft.look.style(_NUMBER, "muted", strong=True)
        said = shorten(draft.fonts, one.note, small, room.width)
        draft.say(room.left, room.top + _NUMBER * 0.75 * PT, said, small)
        room = Room(room.left, room.top + strip, room.width, room.height - strip)
    draft.put(*fit_block(draft.fonts, one.address, draft.look.style(_SIZE), room, LEAST, middle=True))


# ------------------------------------------------------------------ calibration


def calibration_page(desk: SheetDesk, stock: LabelStock, correction: PrinterCorrection) -> Iterator[TextPage]:
    """One page with the frames of a stock and two rulers, to be held against a sheet of labels."""
    draft, paper = desk.draft(), PAPERS[stock.paper]
    width, height = paper.width_mm, paper.height_mm
    said = _advice(desk, draft, correction)
    advice = Room(width / 2 - 60, height / 2 - len(said) * 2.3 - 8, 120, len(said) * 4.6 + 18)
    across = Room(width / 2 - _RULER / 2 - 4, height - 44, _RULER + 8, 13)
    down = Room(width - 44, height / 2 - _RULER / 2 - 4, 13, _RULER + 8)
    for number in range(stock.a_sheet):
        place = stock.place(number)
        draft.frame(place.left, place.top, stock.width, stock.height, "accent", 0.5)
        named = Room(place.left + 2, place.top + 1.4, 16, 3.4)
        if not any(_overlap(named, area) for area in (advice, across, down)):
            draft.say(named.left, named.top + 2.8, f"{stock.name} · {number + 1}", draft.look.style(7, "muted"))
    for area in (advice, across, down):
        draft.fill(area.left, area.top, area.width, area.height, "paper")
        draft.frame(area.left, area.top, area.width, area.height, "rule", 0.4)
    draft.say(advice.left + 6, advice.top + 9, desk.sheets.say("calibration"), draft.look.style(13, "accent", True))
    for at, line in enumerate(said):
        style = draft.look.style(9, strong=at == len(said) - 1)
        draft.say(advice.left + 6, advice.top + 16.5 + at * 4.6, line, style)
    _draw_rulers(draft, across, down)
    yield draft.page


def _advice(desk: SheetDesk, draft: SheetDraft, correction: PrinterCorrection) -> list[str]:
    """What to do with the page, line by line; the last one says how it was printed."""
    words, say = draft.look.style(9), desk.sheets.say
    told = (say("calibrate_how"), say("calibrate_shift"), say("calibrate_scale", length=f"{_RULER:g}"))
    lines = [line for text in told for line in break_lines(draft.fonts, text, words, 108)]
    values = {"right": f"{correction.right:g}", "down": f"{correction.down:g}", "scale": f"{correction.scale:g}"}
    return [*lines, say("calibrate_now", **values)]


def _overlap(one: Room, other: Room) -> bool:
    beside = one.left + one.width < other.left or other.left + other.width < one.left
    return not (beside or one.top + one.height < other.top or other.top + other.height < one.top)


def _draw_rulers(draft: SheetDraft, across: Room, down: Room) -> None:
    """A ruler across and one down, each with a stroke for every millimetre."""
    small, x, y = draft.look.style(6.5, "muted"), across.left + 4, down.top + 4
    for at in range(int(_RULER) + 1):
        length = 4.0 if at % 10 == 0 else 2.8 if at % 5 == 0 else 1.8
        draft.fill(x + at - 0.05, across.top + 1.5, 0.1, length, "ink")
        draft.fill(down.left + 1.5, y + at - 0.05, length, 0.1, "ink")
        if at % 10 == 0:
            draft.say(x + at, across.top + 9, str(at), small, CENTRE)
            draft.say(down.left + 6.5, y + at + 0.8, str(at), small)
