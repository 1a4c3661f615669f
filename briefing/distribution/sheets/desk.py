"""What the pages of one file are made with: the run, the fonts, and what is found on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from briefing.content.scalars import Path
from briefing.distribution.recipients.reading import place_of_row
from briefing.distribution.sheets.context import RunSheets
from briefing.distribution.sheets.draft import SheetDraft
from briefing.distribution.sheets.fitting import NoRoomError
from briefing.findings import Finding, Place, Refused, error
from briefing.finishing.stamping.stamp_font import NoGlyphError
from briefing.finishing.stamping.text_pages import PageFonts

_MOST_TOLD = 20


@dataclass(frozen=True)
class SheetDesk:
    """Where the sheets of one kind are made."""

    sheets: RunSheets
    kind: str  # as findings call it: label, letter
    fonts: PageFonts
    lists: Sequence[str] = ()  # where the recipients stand
    faults: list[Finding] = field(default_factory=list)
    long_texts: dict[Path, NoRoomError] = field(default_factory=dict)  # of distribution.yaml

    def draft(self) -> SheetDraft:
        """An empty page."""
        return SheetDraft(self.sheets.look, self.fonts)

    @contextmanager
    def addressing(self, row: int) -> Iterator[None]:
        """Note what does not fit or cannot be shown, by the row of its recipient, and go on."""
        place = place_of_row(self.lists, row)
        try:
            yield
        except NoRoomError as fault:
            said = f"there is no room on a {self.kind}: {fault}"
            hint = (
                "shorten it in the list, or choose larger labels" if self.kind == "label" else "shorten it in the list"
            )
            self.faults.append(error("address-long", said, place, hint))
        except NoGlyphError as fault:
            said = f"the font of the {self.kind} has no {fault}"
            self.faults.append(error("letter-missing", said, place, "write it in letters that the font has"))

    def note_long_text(self, at: Path, fault: NoRoomError) -> None:
        """Note that a text of distribution.yaml has no room; whoever it is for, it is told once, by what lacks most."""
        known = self.long_texts.get(at)
        if known is None or known.lacks < fault.lacks:
            self.long_texts[at] = fault

    def settle(self) -> None:
        """Raise `Refused` with all that was noted."""
        told = [
            error("address-long", f"there is no room on a {self.kind}: {fault}", at, "shorten it")
            for at, fault in self.long_texts.items()
        ]
        told += self.faults[:_MOST_TOLD]
        if (more := len(self.faults) - _MOST_TOLD) > 0:
            said = f"{more:,} more of the same"
            told.append(error("address-long", said, Place(), "correct those above, and pack again"))
        if told:
            raise Refused(told)
