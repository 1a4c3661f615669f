"""A finished press file becomes a proof to look at: pictures of its sheets, too coarse to be printed by mistake."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream

from briefing.pdf import pdfium
from briefing.pdf.save import save_to_bytes

if TYPE_CHECKING:
    from PIL.Image import Image

PPI = 100
QUALITY = 82  # of a JPEG
FACE = "SourceSans3_600SemiBold.ttf"
LINE = "#e6007e"  # the trim: a colour that no page of the house has
LABEL_PT = 8.0
DASH = 6  # pixels


def proof_of(data: bytes, words: str, fonts: Path) -> bytes:
    """Show each sheet with its trim edge as a thin line, and with words that say that it is a proof."""
    with Pdf.open(io.BytesIO(data)) as press, Pdf.new() as proof:
        scales = dict.fromkeys(range(len(press.pages)), PPI / 72)
        for number, drawn in pdfium.draw_pages(data, scales):
            page, picture = press.pages[number], drawn.convert("RGB")
            _mark(picture, page, words, fonts)
            _add(proof, picture, page)
        return save_to_bytes(proof)


def _mark(picture: Image, page: Page, words: str, fonts: Path) -> None:
    from PIL import ImageDraw, ImageFont

    pen, scale = ImageDraw.Draw(picture), PPI / 72
    left, bottom, right, top = (round(float(part) * scale) for part in page.trimbox)
    low, high = picture.height - top, picture.height - bottom
    for at in (left, right):
        for y in range(low, high, 2 * DASH):
            pen.line((at, y, at, min(y + DASH, high)), LINE)
    for at in (low, high):
        for x in range(left, right, 2 * DASH):
            pen.line((x, at, min(x + DASH, right), at), LINE)
    face = ImageFont.truetype(str(fonts / FACE), LABEL_PT * scale)
    pen.text((left + 1, low * 0.22), words, LINE, font=face, anchor="lm")


def _add(proof: Pdf, picture: Image, page: Page) -> None:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, subsampling=0)
    wide, tall = (float(part) for part in list(page.mediabox)[2:])
    sheet = proof.add_blank_page(page_size=(wide, tall))
    image = Stream(
        proof,
        b"",
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
    )
    image.write(out.getvalue(), filter=Name.DCTDecode)
    sheet.obj.Resources = Dictionary(XObject=Dictionary(Sheet=proof.make_indirect(image)))
    sheet.obj.TrimBox = Array(list(page.trimbox))
    sheet.obj.Contents = Stream(proof, f"{wide:.4f} 0 0 {tall:.4f} 0 0 cm /Sheet Do".encode())
