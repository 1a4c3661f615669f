"""Make the pictures that README.md shows, from the PDFs in build/."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps

ROOT = Path(__file__).resolve().parent.parent
PICTURES = {  # file, first page, pages side by side, and pixels across
    "policy-brief": ("policy-brief.pdf", 0, 2, 1400),
    "fact-sheet": ("fact-sheet.pdf", 0, 1, 900),
    "review-copy": ("review/policy-brief-review.pdf", 1, 1, 1400),
    "edition-reading": ("policy-brief.pdf", 1, 1, 420),
    "edition-large-print": ("large-print/policy-brief-large-print.pdf", 1, 1, 420),
    "edition-office": ("office/policy-brief-office.pdf", 1, 1, 420),
    "edition-booklet": ("booklet/policy-brief-booklet.pdf", 0, 1, 420),
    "edition-press": ("press/policy-brief-press.pdf", 1, 1, 420),
}
GAP_PX = 24
BORDER = "#b9c0c7"
COLOURS = 48  # text, two tints and a signal colour: more only cost bytes


def main() -> None:
    """Draw every document."""
    for name, (pdf, first, count, wide) in PICTURES.items():
        file = ROOT / "docs" / f"{name}.png"
        picture(ROOT / "build" / pdf, first, count, wide).save(file, optimize=True)
        print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1024} KB")


def picture(pdf: Path, first: int, count: int, wide: int) -> Image.Image:
    """Some pages of a document, side by side on white."""
    each = (wide - (count - 1) * GAP_PX) // count
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [_page(document[first + number], each) for number in range(count)]
    sheet = Image.new("RGB", (wide, pages[0].height), "white")
    for number, page in enumerate(pages):
        sheet.paste(page, (number * (each + GAP_PX), 0))
    return sheet.quantize(COLOURS, kmeans=2, dither=Image.Dither.NONE)


def _page(page: pypdfium2.PdfPage, wide: int) -> Image.Image:
    """A page with a thin border, drawn twice as large and made smaller, so that small type stays clear."""
    large = page.render(scale=2 * (wide - 2) / page.get_width()).to_pil().convert("RGB")
    small = large.resize((wide - 2, round(large.height * (wide - 2) / large.width)), Image.Resampling.LANCZOS)
    return ImageOps.expand(small, 1, BORDER)


if __name__ == "__main__":
    main()
