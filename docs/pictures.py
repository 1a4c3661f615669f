"""Make the pictures of README.md and of the examples, from the PDFs in build/ and from the live preview."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageOps

ROOT = Path(__file__).resolve().parent.parent
PICTURES = {  # file, first page, pages side by side, and pixels across
    "policy-brief": ("policy-brief.pdf", 0, 2, 1400),
    "fact-sheet": ("fact-sheet.pdf", 0, 1, 900),
    "review-copy": ("review/policy-brief-review.pdf", 1, 1, 1400),
    "use-reading": ("policy-brief.pdf", 1, 1, 420),
    "use-large-print": ("large-print/policy-brief-large-print.pdf", 1, 1, 420),
    "use-office": ("office/policy-brief-office.pdf", 1, 1, 420),
    "use-booklet": ("booklet/policy-brief-booklet.pdf", 0, 1, 420),
    "use-press": ("press/policy-brief-press.pdf", 1, 1, 420),
}
DOCUMENTS = ("policy-brief", "fact-sheet")  # of each example, their first pages
EXAMPLE_PX = 620
LOOKS, LOOK_PX = ("civic", "plain", "field", "legible"), 440
SLIP_PX = 620
GAP_PX = 24
BORDER = "#b9c0c7"
COLOURS = 48  # text, two tints and a signal colour: more only cost bytes


HANDED_OUT = {  # of the demonstration's largest run
    "copy": ("part-0001.pdf", 0, 1, 900),
    "labels": ("labels.pdf", 0, 1, 620),
    "letter": ("letters.pdf", 0, 1, 620),
}
STATUS = {"width": 760, "height": 620}
WINDOW = {"width": 1600, "height": 1000}
SHADES = 128  # of the preview, which has a picture on each page and soft shadows


def main() -> None:
    """Draw every document, and the preview."""
    file = ROOT / "docs" / "preview.png"
    preview().save(file, optimize=True)
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1024} KB")
    file = ROOT / "docs" / "looks.png"
    looks().save(file, optimize=True)
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1024} KB")
    file = ROOT / "docs" / "slip.png"
    slip().save(file, optimize=True)
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1024} KB")
    demo = ROOT / "build" / "distribution-demo"
    file = ROOT / "docs" / "status.png"
    status_page(next((demo / "build" / "site").glob("*/index.html"))).save(file, optimize=True)
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1024} KB")
    files = {f"docs/{name}": shown for name, shown in PICTURES.items()}
    largest = max((demo / "distribution" / "runs").glob("*/"), key=lambda run: len(list(run.glob("part-*"))))
    files |= {f"docs/{name}": (str(largest / pdf), *shown) for name, (pdf, *shown) in HANDED_OUT.items()}
    for content in sorted((ROOT / "examples").glob("*/content.yaml")):
        example = f"examples/{content.parent.name}"
        files |= {f"{example}/{name}": (f"{example}/{name}.pdf", 0, 1, EXAMPLE_PX) for name in DOCUMENTS}
    for name, (pdf, first, count, wide) in files.items():
        file = ROOT / f"{name}.png"
        picture(ROOT / "build" / pdf, first, count, wide).save(file, optimize=True)
        print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1024} KB")


def looks() -> Image.Image:
    """Page one of the policy brief in each look but that of the house."""
    pages = []
    for name in LOOKS:
        brand, out = f"templates/looks/{name}/brand.yaml", ROOT / "build" / "looks" / name
        order = ["generate.py", "build", "--content", "tests/first/content.yaml", "--quiet", "--only", "brief"]
        order += ["--brand", brand, "--out", str(out)]
        subprocess.run([sys.executable, *order], cwd=ROOT, check=True)
        with pypdfium2.PdfDocument(out / "policy-brief.pdf") as document:
            pages.append(_page(document[0], LOOK_PX))
    return _beside(pages)


def slip() -> Image.Image:
    """The correction slip of the sample against its first edition."""
    file = ROOT / "build" / "slip.pdf"
    order = ["generate.py", "changes", "tests/first/content.yaml", "content.yaml", "--slip", str(file)]
    subprocess.run([sys.executable, *order], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return picture(file, 0, 1, SLIP_PX)


def picture(pdf: Path, first: int, count: int, wide: int) -> Image.Image:
    """Some pages of a document, side by side on white."""
    each = (wide - (count - 1) * GAP_PX) // count
    with pypdfium2.PdfDocument(pdf) as document:
        return _beside([_page(document[first + number], each) for number in range(count)])


def _beside(pages: list[Image.Image]) -> Image.Image:
    wide = sum(page.width + GAP_PX for page in pages) - GAP_PX
    sheet = Image.new("RGB", (wide, pages[0].height), "white")
    for number, page in enumerate(pages):
        sheet.paste(page, (number * (page.width + GAP_PX), 0))
    return sheet.quantize(COLOURS, kmeans=2, dither=Image.Dither.NONE)


def _page(page: pypdfium2.PdfPage, wide: int) -> Image.Image:
    """A page with a thin border, drawn twice as large and made smaller, so that small type stays clear."""
    large = page.render(scale=2 * (wide - 2) / page.get_width()).to_pil().convert("RGB")
    small = large.resize((wide - 2, round(large.height * (wide - 2) / large.width)), Image.Resampling.LANCZOS)
    return ImageOps.expand(small, 1, BORDER)


def chromium() -> dict[str, Any]:
    """How the system's browser is started."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    flags = ["--disable-gpu", "--no-first-run", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return {"executable_path": found, "args": flags}


def status_page(file: Path) -> Image.Image:
    """The status page of an edition, as somebody sees it who has scanned the code of a copy."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(**chromium())
        page = browser.new_page(viewport=STATUS, device_scale_factor=1.5)
        page.goto(f"file://{file}")
        shot = Image.open(BytesIO(page.screenshot())).convert("RGB")
        browser.close()
    return shot.quantize(COLOURS, kmeans=2, dither=Image.Dither.NONE)


def preview() -> Image.Image:
    """A window of the live preview in which somebody has clicked on a text."""
    from playwright.sync_api import sync_playwright

    order = [sys.executable, str(ROOT / "generate.py"), "preview", "--no-open"]
    with subprocess.Popen(order, stdout=subprocess.PIPE, text=True, cwd=ROOT) as running, sync_playwright() as play:
        try:
            assert running.stdout
            address = re.search(r"http://\S+", running.stdout.readline())
            assert address
            browser = play.chromium.launch(**chromium())
            page = browser.new_page(viewport=WINDOW, device_scale_factor=1.5)
            page.goto(address[0])
            page.wait_for_selector(":root[data-phase=ready]", state="attached")
            page.wait_for_selector("[data-document=brief][data-spots]")
            sheet = page.locator("[data-document=brief] .sheet").first
            room = sheet.bounding_box()
            assert room
            sheet.click(position={"x": room["width"] * 0.3, "y": room["height"] * 0.73})
            page.wait_for_selector("#place:not([hidden])")
            page.wait_for_function("() => [...document.images].every((image) => image.complete)")
            shot = Image.open(BytesIO(page.screenshot())).convert("RGB")
            browser.close()
        finally:
            running.terminate()
    return shot.quantize(SHADES, kmeans=2, dither=Image.Dither.NONE)


if __name__ == "__main__":
    main()
