"""Sheets of labels as they are sold, in millimetres, and those that an office describes by seven numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from briefing.content.records import PaperName
from briefing.design.paper import PAPERS
from briefing.distribution.settings import DistributionSettings
from briefing.findings import At, Finding, Place, Refused, did_you_mean, error

EDGE = 1.5  # what printers and cutters may be off: no letter comes nearer to the edge of a label


@dataclass(frozen=True, slots=True)
class LabelPlace:
    """One label: the number of its sheet, from 0, and its rectangle."""

    sheet: int
    left: float
    top: float


@dataclass(frozen=True, slots=True)
class LabelStock:
    """How labels lie on their sheet."""

    name: str
    paper: PaperName
    across: int
    down: int
    width: float
    height: float
    left: float  # of the first label
    top: float
    right_by: float  # from one label to the next
    down_by: float

    @property
    def a_sheet(self) -> int:
        """The labels of one sheet."""
        return self.across * self.down

    def place(self, number: int) -> LabelPlace:
        """Where a label lies, counted from 0, along the rows."""
        sheet, at = divmod(number, self.a_sheet)
        row, column = divmod(at, self.across)
        return LabelPlace(sheet, self.left + column * self.right_by, self.top + row * self.down_by)

    @property
    def beyond(self) -> tuple[float, float]:
        """How many millimetres its labels reach beyond the sheet: at the right and below, 0 where they fit."""
        paper = PAPERS[self.paper]
        right = self.left + (self.across - 1) * self.right_by + self.width - paper.width_mm
        below = self.top + (self.down - 1) * self.down_by + self.height - paper.height_mm
        return max(0.0, right), max(0.0, below)


_LETTER, _A4 = PaperName.LETTER, PaperName.A4
STOCKS: Mapping[str, LabelStock] = {
    one.name: one
    for one in (
        LabelStock("5160", _LETTER, 3, 10, 66.675, 25.4, 3.969, 12.7, 70.644, 25.4),
        LabelStock("5161", _LETTER, 2, 10, 101.6, 25.4, 3.969, 12.7, 106.363, 25.4),
        LabelStock("5162", _LETTER, 2, 7, 101.6, 33.867, 3.969, 21.167, 106.363, 33.867),
        LabelStock("5163", _LETTER, 2, 5, 101.6, 50.8, 4.128, 12.7, 106.363, 50.8),
        LabelStock("L7160", _A4, 3, 7, 63.994, 38.1, 7.479, 15.487, 66.04, 38.1),
        LabelStock("L7163", _A4, 2, 7, 99.095, 38.1, 3.351, 15.169, 103.011, 38.1),
    )
}
_SAME: Mapping[str, str] = {  # sold under other numbers
    **dict.fromkeys(("5260", "5960", "8160", "8460"), "5160"),
    **dict.fromkeys(("5261", "5961", "8161", "8461"), "5161"),
    **dict.fromkeys(("5262", "5962", "8162", "8462"), "5162"),
    **dict.fromkeys(("5263", "5963", "8163", "8463"), "5163"),
    **dict.fromkeys(("J8160",), "L7160"),
    **dict.fromkeys(("J8163",), "L7163"),
}


def find_stock(written: str) -> LabelStock | None:
    """The stock of a number, with the maker's name before it or without."""
    number = written.upper().removeprefix("AVERY").strip(" -")
    found = STOCKS.get(_SAME.get(number, number))
    return replace(found, name=number) if found else None


def stock_of(settings: DistributionSettings, paper: PaperName, named: str = "") -> LabelStock | None:
    """The labels that are asked for, on the command line or in distribution.yaml; `paper` is that of the briefing.

    Raises `Refused` where the stock is not known, or does not fit its sheet.
    """
    own = settings.label_sheet
    if own and not named:
        width, gap, height, gap_down = (float(one) for one in (own.width, own.gap, own.height, own.gap_down))
        made = LabelStock(
            settings.printed_labels.stock or "own labels",
            own.paper or paper,
            own.across,
            own.down,
            width,
            height,
            float(own.left),
            float(own.top),
            width + gap,
            height + gap_down,
        )
        if max(made.beyond) > 0.05:
            right, below = made.beyond
            said = f"the labels reach {right:.1f} mm beyond the sheet at the right, {below:.1f} mm below"
            raise Refused([error("label-sheet", said, ("label_sheet",), "measure a sheet again, in millimetres")])
        return made
    written = named or settings.printed_labels.stock or ""
    if written and find_stock(written) is None:
        raise Refused([unknown_stock(written, Place())])
    return find_stock(written)


def unknown_stock(written: str, at: At) -> Finding:
    """That no stock has this number."""
    hint = did_you_mean(written.upper(), STOCKS)
    hint = hint or f"known: {', '.join(STOCKS)}; any other by the seven numbers of label_sheet:"
    return error("label-stock", "no stock of labels of this number is known", at, hint)
