"""A page while it is put together."""

from __future__ import annotations

from briefing.distribution.sheets.context import SheetLook
from briefing.finishing.stamping.text_pages import PageFonts, PlacedBox, PlacedText, TextPage, TextStyle

HAIRLINE = 0.18  # millimetres
LEFT, CENTRE, RIGHT = 0.0, 0.5, 1.0


class SheetDraft:
    """Gathers what stands on one page; places are millimetres from its upper left corner."""

    def __init__(self, look: SheetLook, fonts: PageFonts) -> None:
        self.look, self.fonts = look, fonts
        self._texts: list[PlacedText] = []
        self._boxes: list[PlacedBox] = []

    def say(self, left: float, baseline: float, text: str, style: TextStyle, align: float = LEFT) -> None:
        """Put a line."""
        if text:
            self._texts.append(PlacedText(left, baseline, text, style, align))

    def put(self, *texts: PlacedText) -> None:
        """Put lines that have their places."""
        self._texts += texts

    def rule(self, left: float, top: float, width: float, colour: str = "rule", thick: float = HAIRLINE) -> None:
        """Put a line from left to right."""
        self._boxes.append(PlacedBox(left, top, width, thick, self.look.colour[colour]))

    def fill(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        """Put an area."""
        self._boxes.append(PlacedBox(left, top, width, height, self.look.colour[colour]))

    def frame(
        self, left: float, top: float, width: float, height: float, colour: str = "rule", pen: float = 0.6
    ) -> None:
        """Put the outline of an area."""
        self._boxes.append(PlacedBox(left, top, width, height, self.look.colour[colour], pen))

    @property
    def page(self) -> TextPage:
        """What was put."""
        return TextPage(tuple(self._texts), tuple(self._boxes))
