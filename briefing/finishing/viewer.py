"""What a print dialog is preset to, and how many pages a double-sided copy has."""

from __future__ import annotations

from enum import StrEnum

from pikepdf import Array, Dictionary, Name, Page, Pdf

from briefing.finishing.context import Finishing

_BOXES = ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox")


class Duplex(StrEnum):
    """How sheets are printed (ISO 32000-1, table 150)."""

    SIMPLEX = "/Simplex"
    LONG_EDGE = "/DuplexFlipLongEdge"
    SHORT_EDGE = "/DuplexFlipShortEdge"


def preset_for_office(pdf: Pdf, _: Finishing) -> None:
    """Preset print dialogs to both sides of upright sheets; a single page has one side."""
    preset(pdf, Duplex.LONG_EDGE if len(pdf.pages) > 1 else Duplex.SIMPLEX)


def preset(pdf: Pdf, duplex: Duplex) -> None:
    """Preset print dialogs to actual size, on paper of the page's size (ISO 32000-1, 12.2); the rest stays as it is."""
    wishes = pdf.Root.get("/ViewerPreferences", Dictionary())
    wishes.Duplex = Name(duplex)
    wishes.PrintScaling = Name("/None")
    wishes.PickTrayByPDFSize = True
    # How many copies is for the person who prints to say.
    if "/NumCopies" in wishes:
        del wishes["/NumCopies"]
    pdf.Root.ViewerPreferences = wishes


def make_even(pdf: Pdf, _: Finishing) -> None:
    """End a document of several pages on the back of a sheet, so that each of many copies begins on a sheet of its own.

    The blank page draws nothing, so there is nothing on it to be tagged.
    """
    if len(pdf.pages) > 1 and len(pdf.pages) % 2:
        last = pdf.pages[-1].obj
        blank = pdf.make_indirect(Dictionary(Type=Name.Page, Resources=Dictionary(), Contents=pdf.make_stream(b"")))
        for key in _BOXES:
            if key in last:
                blank[key] = Array(last[key])
        pdf.pages.append(Page(blank))
