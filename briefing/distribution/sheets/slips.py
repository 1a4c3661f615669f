"""Slip sheets: one before the copies of each parcel, so that a pile of prints is taken apart without counting."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.distribution.sheets.context import Consignment, span
from briefing.distribution.sheets.desk import SheetDesk
from briefing.distribution.sheets.draft import RIGHT, SheetDraft
from briefing.distribution.sheets.fitting import PT, fit_line, shorten
from briefing.finishing.stamping.text_pages import TextPage

_MARGIN = 22.0
_EDGE = 14.0  # the band at the right of the sheet, which is seen at the side of a pile
_LEAST = 5.5
_TABS = 6  # places of the dark part of the band, one after the other


def slip_pages(desk: SheetDesk) -> Iterator[TextPage]:
    """A slip for each parcel that is packed."""
    for one in desk.sheets.packed():
        draft = desk.draft()
        with desk.addressing(one.first.row):
            _draw(desk, draft, one)
        yield draft.page
    desk.settle()


def _draw(desk: SheetDesk, draft: SheetDraft, one: Consignment) -> None:
    sheets, paper, look = desk.sheets, desk.sheets.paper, draft.look
    right = paper.width_mm - _EDGE - 14
    width = right - _MARGIN
    draft.fill(paper.width_mm - _EDGE, 0, _EDGE, paper.height_mm, "accent-light")
    tab = paper.height_mm / _TABS
    draft.fill(paper.width_mm - _EDGE, (one.parcel.number - 1) % _TABS * tab, _EDGE, tab, "accent")
    small = look.style(10, "muted")
    title = shorten(draft.fonts, sheets.sender.title, small, width - 45)
    draft.say(_MARGIN, 24, title, small)
    draft.say(right, 24, f"{sheets.say('run')} {sheets.name}", look.style(10, "muted", strong=True), RIGHT)
    draft.rule(_MARGIN, 28, width, "accent", 0.5)
    draft.say(_MARGIN, 50, sheets.say("parcel"), look.style(17, "accent", strong=True))
    large, number = look.style(92, "accent", strong=True), str(one.parcel.number)
    draft.say(_MARGIN - 1, 82, number, large)
    beside = _MARGIN + draft.fonts.width(number, large) + 5
    draft.say(beside, 82, sheets.say("parcel_of", total=sheets.count(len(sheets.run.parcels))), look.style(17, "muted"))
    draft.rule(_MARGIN, 92, width)
    numbers = look.style(54, "ink", strong=True)
    said = span(one.parcel.first, one.parcel.last)
    draft.say(_MARGIN, 104, sheets.say("numbers"), look.style(12, "muted"))
    draft.say(_MARGIN - 0.5, 124, said, fit_line(draft.fonts, said, numbers, width, _LEAST, said))
    _draw_facts(desk, draft, one, 138, width)
    draft.rule(_MARGIN, 154, width)
    at = 167.0
    for row, line in enumerate(one.address):
        style = fit_line(draft.fonts, line, look.style(17, strong=not row), width, _LEAST, f"line {row + 1}")
        draft.say(_MARGIN, at, line, style)
        at += 17 * 1.28 * PT
    below = sheets.say("below_one" if one.count == 1 else "below", numbers=said)
    draft.say(_MARGIN, paper.height_mm - 18, below, small)


def _draw_facts(desk: SheetDesk, draft: SheetDraft, one: Consignment, top: float, width: float) -> None:
    """Copies, sheets, weight and delivery, in columns."""
    sheets, look = desk.sheets, draft.look
    facts = (
        (sheets.say("copies"), sheets.count_line(one)),
        (sheets.say("sheets"), sheets.count(one.parcel.sheets)),
        (sheets.say("weight"), sheets.weight(one.parcel.grams)),
        (sheets.say("delivery"), sheets.say(one.parcel.delivery.value)),
    )
    for at, (name, value) in enumerate(facts):
        left = _MARGIN + at * width / 4
        draft.say(left, top, name, look.style(9.5, "muted"))
        draft.say(left, top + 7, value, fit_line(draft.fonts, value, look.style(14), width / 4 - 2, _LEAST, name))
