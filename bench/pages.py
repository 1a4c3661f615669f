"""The finished pages of a briefing as HTML that stands alone, for others to print: written into a folder.

    python -m bench.pages CONTENT FOLDER [DOCUMENT]

Beside each page lie its pictures and fonts, and a variant for a browser.
"""

from __future__ import annotations

import datetime
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from briefing.content.blocks import MapBlock
from briefing.design.outputs import FILES
from briefing.documents import document
from briefing.documents.block_views import Picture
from briefing.graphics import pictures
from briefing.pipeline import build
from briefing.proofing.proof_set import ProofSet

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


def main() -> None:
    """Typeset a briefing and write its pages."""
    content, folder, *documents = sys.argv[1:]
    write(*typeset(Path(content).resolve(), tuple(documents) or ("brief", "fact_sheet")), Path(folder))


def typeset(content: Path, documents: tuple[str, ...]) -> tuple[ProofSet, pictures.Pictures]:
    """Typeset a briefing; raises SystemExit where it is refused."""
    with tempfile.TemporaryDirectory() as out:
        today = datetime.datetime.now(datetime.UTC).date()
        job = build.Job(content, str(content), Path(out), TEMPLATES, today, documents, dry=True)
        outcome = build.run(job)
    work = outcome.work
    if outcome.refused or work is None:
        raise SystemExit("\n".join(finding.message for finding in outcome.findings))
    wanted = pictures.plan_drawings(work.manuscript.briefing, work.manuscript.ledger, documents, work.setup)
    blank = pictures.make_blank_pictures(work.manuscript.briefing, documents, work.setup, content.parent)
    drawn, _ = pictures.draw_pictures(wanted, blank, work.setup, None)
    return work, drawn


def write(made: ProofSet, drawn: pictures.Pictures, folder: Path) -> None:
    """Write each document as HTML, and the pictures that the Typst documents ask for."""
    from briefing.design.faces import HOUSE

    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(TEMPLATES / "fonts", folder / "fonts", dirs_exist_ok=True)
    faces = "\n".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; font-style: {face.style}; '
        f"src: url(fonts/{face.file}); }}"
        for face in HOUSE
    )
    for name, proof in made.proofs.items():
        html = proof.html.replace("<style>", f"<style>\n{faces}", 1)
        html = re.sub(r'(\ssrc=")asset:', r"\1", html)
        page = (folder / FILES[name]).with_suffix(".html")
        page.write_text(html, encoding="utf-8")
        # A browser counts `top` from the first page: there the margin blocks stay beside what they accompany.
        browser = html.replace("</style>", ".side { top: auto !important }\n</style>", 1)
        page.with_suffix(".browser.html").write_text(browser, encoding="utf-8")
        _pictures(made, name, drawn[name], folder)


def _pictures(made: ProofSet, name: str, drawn: Mapping[int, Picture], folder: Path) -> None:
    read = made.manuscript
    whole = document.build(read.briefing, read.ledger, read.wording, name, made.setup.paper, drawn)
    for file, data in whole.assets.items():
        (folder / file).write_bytes(data)
    for index, block in enumerate(read.briefing.document(name).blocks):
        if isinstance(block, MapBlock):
            svg = drawn[index].data.replace(b'"Source Sans 3"', b"\"'Source Sans 3'\"")  # Typst asks for it so
            (folder / f"{Path(FILES[name]).stem}-map.svg").write_bytes(svg)


if __name__ == "__main__":
    main()
