"""A page of half a sheet becomes a sheet that holds it twice, to be cut: bytes in, bytes out.

The upper one stays as it is, with its tags and links. The lower one and the line between them are artifacts
(ISO 32000-1, 14.8.2.2): who listens hears the page once.
"""

from __future__ import annotations

import io

from pikepdf import Array, Name, Pdf

from briefing.finishing.tagging.artifacts import unmark
from briefing.pdf.save import save_to_bytes

DASHES = (3.0, 2.0)  # points, of the line to cut along
WIDTH = 0.5


def two_up(data: bytes) -> bytes:
    """The first page of a file twice on a sheet of twice its height."""
    with Pdf.open(io.BytesIO(data)) as pdf, Pdf.open(io.BytesIO(data)) as again:
        unmark(again.pages[0])
        lower = pdf.copy_foreign(again.pages[0].as_form_xobject())
        page = pdf.pages[0]
        _, _, wide, tall = (float(edge) for edge in page.mediabox)
        page.contents_coalesce()
        name = page.add_resource(lower, Name.XObject)
        line = f"q {WIDTH} w [{DASHES[0]} {DASHES[1]}] 0 d 0 0 m {wide:.2f} 0 l S Q"
        drawn = f"\nQ /Artifact <</Type /Layout>> BDC q {line} 1 0 0 1 0 {-tall:.2f} cm {name} Do Q EMC"
        page.Contents.write(b"q\n" + page.Contents.read_bytes() + drawn.encode())
        for box in ("/CropBox", "/TrimBox", "/BleedBox", "/ArtBox"):
            if box in page.obj:
                del page.obj[box]
        page.mediabox = Array([0, round(-tall, 4), round(wide, 4), round(tall, 4)])
        return save_to_bytes(pdf)
