"""HTML becomes pages, and pages a PDF. Only this stage knows WeasyPrint.

To import it raises `Missing` where a library that WeasyPrint opens is not on this machine.

It takes HTML and the bytes of pictures and fonts, and touches neither network nor disk beyond the font folder: whatever
else a page asks for is refused and remembered, also where WeasyPrint swallows the refusal. Every record that WeasyPrint
logs becomes a finding.
"""

from __future__ import annotations

import base64
import contextlib
import ctypes
import hashlib
import io
import logging
import shutil
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any
from unicodedata import category
from xml.etree import ElementTree

from briefing.design.faces import HOUSE, FontFace
from briefing.documents.setting import Placed
from briefing.findings import Finding, Missing, Severity, error
from briefing.layout import font_files
from briefing.layout.speedups.install import importing
from briefing.runtime import fork_server, speed

BASE_URL = "asset:"
PACKAGES = (
    "Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 · "
    "Fedora: dnf install pango harfbuzz · macOS: brew install pango"
)

try:
    with contextlib.redirect_stdout(io.StringIO()), importing(speed.is_plain()):  # WeasyPrint prints advice of its own
        from weasyprint import CSS, HTML, Document
        from weasyprint.css import properties
        from weasyprint.css.validation import properties as validation
        from weasyprint.document import Page
        from weasyprint.layout import block
        from weasyprint.pdf import tags
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher, URLFetcherResponse

        from briefing.layout import tag_names, text_wrap
        from briefing.layout.laid_boxes import (
            LaidPage,
            StickingOut,
            look,
            put,
            redraw,
            running_text,
            sheet_of,
            sticking_out,
            taken,
        )

        text_wrap.install(properties, validation, block)
    tag_names.install(tags)
except (ImportError, OSError) as problem:
    said = str(problem).partition("\n")[0][:200]
    raise Missing(error("library-missing", f"the typesetter cannot start: {said}", hint=PACKAGES)) from None

# Held open for the life of the process: cffi closes its libraries when Python ends, and with Pango 1.56 its finalizers
# call into them after that.
with contextlib.suppress(OSError):
    _HELD_OPEN = ctypes.CDLL("libpangoft2-1.0.so.0")

_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".ttf": "font/ttf"}


@dataclass(frozen=True)
class Layout:
    """Pages that are laid out and not yet written."""

    document: Document
    html: str
    images: Mapping[str, Any]  # as the pages have them, by address
    sheets: tuple[LaidPage, ...]
    line_px: float  # from one line of running text to the next
    words_a_line: float
    findings: tuple[Finding, ...]
    lacking: tuple[str, ...]  # characters that are not in the fonts and would come from the machine's


@dataclass(frozen=True)
class Written:
    """A PDF, what was noticed while it was written, and the characters that no font has."""

    data: bytes
    findings: tuple[Finding, ...]
    lacking: tuple[str, ...]


class Typesetter:
    """A typesetter with its fonts found once; good for any number of documents, in the process that has made it."""

    def __init__(self, fonts: Path, faces: tuple[FontFace, ...] = HOUSE) -> None:
        fork_server.forbid("Pango has a font map")
        self._files = {str(number): fonts / face.file for number, face in enumerate(faces)}
        self._config = FontConfiguration()
        rules = "".join(
            f'@font-face{{font-family:"{face.family}";font-weight:{face.weight};font-style:{face.style};'
            f"src:url(font:{number})}}"
            for number, face in enumerate(faces)
        )
        self._covered = covered_characters(fonts, faces)
        CSS(string=rules, font_config=self._config, url_fetcher=Fetcher(self._files, {}), base_url=BASE_URL)
        # WeasyPrint takes its copies of the fonts away when the object goes: in a process that ends at once, never.
        folder, self._config._folder = self._config._folder, None
        Finalize(self, shutil.rmtree, args=(folder, True), exitpriority=0)

    def prefer(self, html: str, apart: int = 0) -> None:
        """This is what was chosen of all that was laid of a document: kept longest, where anything is kept."""

    def lay(self, html: str, assets: Mapping[str, bytes], apart: int = 0) -> Layout:  # noqa: ARG002
        """Lay out a document; where anything is kept, it takes the place of what had the same `apart`."""
        fetcher = Fetcher(self._files, assets)
        images: dict[str, Any] = {}
        with listening() as heard:
            page = HTML(string=html, base_url=BASE_URL, url_fetcher=fetcher)
            document = page.render(font_config=self._config, presentational_hints=False, cache=images)
        return self._laid(document, html, images, heard, assets)

    def _laid(
        self,
        document: Document,
        html: str,
        images: Mapping[str, Any],
        heard: list[Finding],
        assets: Mapping[str, bytes],
    ) -> Layout:
        line, words = running_text([page._page_box for page in document.pages])
        return Layout(
            document,
            html,
            images,
            tuple(sheet_of(page._page_box) for page in document.pages),
            line,
            words,
            tuple(heard),
            self._uncovered(html, assets),
        )

    def filled(self, layout: Layout, assets: Mapping[str, bytes]) -> Layout:
        """The same pages with drawings in the place of blank ones of the same size; those of `layout` are filled."""
        fetcher = layout.document.url_fetcher
        with listening() as heard:
            for url, image in layout.images.items():
                if data := assets.get(url.removeprefix("asset:")):
                    redraw(image, ElementTree.fromstring(data), url, fetcher)
        return replace(layout, findings=(*layout.findings, *heard), lacking=self._uncovered(layout.html, assets))

    def placed(self, layout: Layout, places: Sequence[Placed], html: str) -> Layout:
        """The same pages with the blocks that stand apart from the flow, all of them, in their places, as in `html`.

        Nothing else moves with them, so nothing is laid anew. The boxes of `layout` are moved.
        """
        if speed.is_plain():
            return self.lay(html, layout.document.url_fetcher.assets)
        roots = [page._page_box for page in layout.document.pages]
        names = {place.id for place in places}
        loose = {name: box for root in roots for name, box in taken(root, names)}
        for number, root in enumerate(roots):
            put(root, ((place, loose[place.id]) for place in places if place.page == number), layout.images)
        pages = [Page(root) for root in roots]  # which notes where links and headings are
        return replace(layout, document=layout.document.copy(pages), sheets=tuple(map(sheet_of, roots)))

    def _uncovered(self, html: str, assets: Mapping[str, bytes]) -> tuple[str, ...]:
        """Characters of a page and its drawings that a face lacks: each machine would print them otherwise."""
        drawings = (data.decode("utf-8", "replace") for name, data in assets.items() if name.endswith(".svg"))
        signs = set(html).union(*drawings)
        return tuple(sorted(s for s in signs if ord(s) > 127 and s not in self._covered and category(s)[0] not in "CZ"))

    def sticking_out(self, layout: Layout) -> Mapping[str, StickingOut]:
        """The blocks of which words or pictures reach beyond their column, or beyond their cell of a table."""
        return sticking_out([page._page_box for page in layout.document.pages])

    def write(self, layout: Layout, variant: str = "pdf/ua-1") -> Written:
        """Write laid pages as a PDF of a variant that WeasyPrint knows, not packed; missing glyphs show only now."""
        lacking: dict[str, None] = {}
        with listening(lacking) as heard, warnings.catch_warnings():
            # WeasyPrint 70 leaves the file of its colour profile open until it is collected.
            warnings.simplefilter("ignore", ResourceWarning)
            # Finishing packs; packed twice, every stream would be packed, unpacked and packed again.
            data = layout.document.write_pdf(pdf_variant=variant, uncompressed_pdf=True)
        assert isinstance(data, bytes)
        return Written(data, tuple(heard), tuple(lacking))

    def looks(self, layout: Layout, assets: Mapping[str, bytes]) -> tuple[str, ...]:
        """A digest of what each page shows, with some pictures put in: two pages of one digest look the same."""
        head, _, body = layout.html.partition("<body")
        style = hashlib.sha256(head.encode())
        pictures = {}
        for name, data in sorted({**layout.document.url_fetcher.assets, **assets}.items()):
            digest = hashlib.sha256(data).hexdigest()
            if f'src="asset:{name}"' in body and name not in head:
                pictures[f"asset:{name}"] = digest  # counts where it stands
            else:
                style.update(f"{name} {digest}\n".encode())
        return tuple(look(page._page_box, style.hexdigest(), pictures) for page in layout.document.pages)

    def drafted(self, layout: Layout, numbers: Sequence[int]) -> bytes:
        """Some pages, from 0, in a third less time, for a screen: without tags and standards, and not compressed."""
        with listening(), warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            pages = [layout.document.pages[number] for number in numbers]
            data = layout.document.copy(pages).write_pdf(uncompressed_pdf=True)
        assert isinstance(data, bytes)
        return data

    def refused(self, layout: Layout) -> tuple[str, ...]:
        """The addresses that a document has asked for and not got, until now."""
        fetcher: Fetcher = layout.document.url_fetcher
        return tuple(dict.fromkeys(fetcher.asked))


@cache
def typesetter(fonts: Path, faces: tuple[FontFace, ...] = HOUSE) -> Typesetter:
    """The one with these fonts, found once in a process; none that is forked from it may use it."""
    return Typesetter(fonts, faces)


@cache
def covered_characters(fonts: Path, faces: tuple[FontFace, ...] = HOUSE) -> frozenset[str]:
    """The characters that all of these faces have; found once in a process and those that are forked from it.

    Raises `Missing` where a face is not there, or damaged.
    """
    from fontTools.ttLib import TTFont

    font_files.check(fonts, [face.file for face in faces])
    maps = []
    for face in faces:
        with TTFont(fonts / face.file, lazy=True) as font:
            font.setGlyphOrder(range(0x10000))  # names are not asked for, and take longer to read
            maps.append({chr(code) for code in font.getBestCmap()})
    return frozenset(set.intersection(*maps))


# ------------------------------------------------------------------ what a page may ask for


_DRAWN = "data:image/jpeg;base64,"


class Fetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Serves the use's pictures and the fonts by name, and nothing else."""

    def __init__(self, faces: Mapping[str, Path], assets: Mapping[str, bytes]) -> None:
        super().__init__()
        self._faces = faces
        self.assets = assets
        self.asked: list[str] = []

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002 (its caller names it)
        """What stands at an address."""
        scheme, _, name = url.partition(":")
        kind = {
            "Content-Type": _TYPES.get(
                Path(name).suffix.lower(), "font/ttf" if scheme == "font" else "application/octet-stream"
            )
        }
        if url.startswith(_DRAWN):  # the ground of a drawing of ours; drawings of others may ask for nothing
            return URLFetcherResponse(url, base64.b64decode(url[len(_DRAWN) :]), {"Content-Type": "image/jpeg"})
        if scheme == "asset" and name in self.assets:
            return URLFetcherResponse(url, self.assets[name], kind)
        if scheme == "font" and name in self._faces:
            return URLFetcherResponse(url, self._faces[name].read_bytes(), kind)
        self.asked.append(url)
        raise ValueError("not part of this document")


# ------------------------------------------------------------------ what the typesetter says

_GLYPH = ".notdef glyph rendered"  # the format string is WeasyPrint's only identifier of this record


@contextmanager
def listening(lacking: dict[str, None] | None = None) -> Iterator[list[Finding]]:
    """Every record of WeasyPrint and its libraries as a finding; characters that no font has apart, if asked for."""
    heard: list[Finding] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if lacking is not None and str(record.msg).startswith(_GLYPH) and isinstance(record.args, tuple):
                lacking.setdefault(str(record.args[0]))
            else:
                heard.append(_heard(record))

    ear, names = Ear(logging.WARNING), ("weasyprint", "fontTools")
    before = [(logging.getLogger(name), logging.getLogger(name).propagate) for name in names]
    for logger, _ in before:
        logger.addHandler(ear)
        logger.propagate = False
    try:
        yield heard
    finally:
        for logger, propagate in before:
            logger.removeHandler(ear)
            logger.propagate = propagate


def _heard(record: logging.LogRecord) -> Finding:
    severity = Severity.ERROR if record.levelno >= logging.ERROR else Severity.WARNING
    return Finding(severity, "typesetter-log", record.getMessage(), hint="the page may lack something; look at it")
