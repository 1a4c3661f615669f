"""Drawings become SVG: Vega-Lite specifications in, bytes of SVG and findings out.

Drawings that are not in the cache are drawn by a child process. What a drawing shows is no business of this module.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, partial
from importlib.metadata import version
from pathlib import Path
from xml.etree import ElementTree

from briefing import files
from briefing.findings import Finding, Missing, error
from briefing.graphics import vega_process
from briefing.graphics.charts.drawn import ROW
from briefing.graphics.drawing import TRACKING, Drawing, Frame

FORMAT = 2  # of a cache entry; to be raised when `tidy` changes

MAX_KEPT = 50_000_000  # bytes of a drawing
MAX_FONT = 20_000_000  # bytes
_SVG = "http://www.w3.org/2000/svg"
_NUMBER = re.compile(r"-?\d*\.\d{3,}(?:e-?\d+)?")
_NAMED = re.compile(r"url\(#([^)]+)\)")
_ROW = re.compile(r"row (\d+)")
_SPOKEN = ("role", "aria-label", "aria-roledescription", "aria-hidden", "pointer-events")  # the page gives the words


def draw(
    drawings: Mapping[str, Drawing], cache: Path | None, *fonts: Path, limit_seconds: float = 60
) -> tuple[dict[str, bytes], dict[str, Finding]]:
    """Draw each under its name, with the fonts of some folders; one that fails is left out and has a finding instead.

    The limit is one of wall clock, for each. Raises Missing where vl-convert is not installed.
    """
    if not drawings:
        return {}, {}
    surroundings = _surroundings(fonts)
    keys = {name: _key(drawing, surroundings) for name, drawing in drawings.items()}
    done = {name: svg for name, key in keys.items() if cache and (svg := _recall(cache / f"{key}.svg"))}
    wanted = {name: drawing for name, drawing in drawings.items() if name not in done}
    faults: dict[str, Finding] = {}
    for name, drawing in wanted.items():
        answer = vega_process.draw(drawing.spec, fonts, limit_seconds)
        if "svg" not in answer:
            said = f"the drawing could not be made: {answer['error']}"
            faults[name] = error("chart-failed", said, hint="correct its specification")
            continue
        svg, marks = tidy(answer["svg"], drawing.frame)
        if marks < drawing.marks:
            said = f"the drawing shows {marks} marks where its data ask for {drawing.marks}"
            hint = "look for a misspelt field, a filter that lets nothing through, or values out of range"
            faults[name] = error("chart-empty", said, hint=hint)
            continue
        done[name] = svg
        if cache:
            _remember(cache / f"{keys[name]}.svg", svg)
    return {name: done[name] for name in drawings if name in done}, faults


def judge(drawing: Drawing, svg: bytes) -> tuple[Finding, ...]:
    """What is to be said of a finished drawing."""
    return tuple(drawing.judge(ElementTree.fromstring(svg))) if drawing.judge else ()


def on_ground(svg: bytes, drawing: Drawing) -> bytes:
    """A finished drawing above its ground, if it has one: a picture that fills the foot of its frame."""
    return (
        _laid_on(svg, drawing.ground, drawing.head, drawing.spec["width"], drawing.spec["height"])
        if drawing.ground
        else svg
    )


@lru_cache(maxsize=8)
def _laid_on(svg: bytes, ground: bytes, head: float, wide: float, tall: float) -> bytes:
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(svg)
    place = {"y": head, "width": wide, "height": tall - head}
    look = {name: f"{px:g}" for name, px in place.items()}
    look |= {"preserveAspectRatio": "none", "image-rendering": "crisp-edges"}
    data = base64.b64encode(ground).decode("ascii")
    root.insert(0, ElementTree.Element(f"{{{_SVG}}}image", {**look, "href": f"data:image/jpeg;base64,{data}"}))
    return bytes(ElementTree.tostring(root, encoding="utf-8"))


# ------------------------------------------------------------------ cache


def _surroundings(fonts: Iterable[Path]) -> str:
    """All but the drawing itself that the bytes depend on."""
    try:
        engine = version("vl-convert-python")
    except ModuleNotFoundError:
        raise Missing(
            error("vl-convert-missing", "vl-convert is not installed", hint="pip install vl-convert-python")
        ) from None
    faces = [
        f"{file.name} {_digest_of(file, (status := file.stat()).st_size, status.st_mtime_ns)}"
        for folder in fonts
        for file in sorted(folder.glob("*"))
        if file.suffix.lower() in (".ttf", ".otf") and file.is_file()  # those of a brand were judged when it was read
    ]
    return "\n".join([f"format {FORMAT}", f"vl-convert {engine}", *faces])


@lru_cache(maxsize=64)
def _digest_of(font: Path, *_: int) -> str:
    """The digest of a file of that size and time."""
    return hashlib.sha256(files.read(font, MAX_FONT)).hexdigest()


def _key(drawing: Drawing, surroundings: str) -> str:
    return hashlib.sha256(f"{surroundings}\nmarks {drawing.marks}\n{drawing.written}".encode()).hexdigest()


def _recall(entry: Path) -> bytes | None:
    """An entry is its own digest, a line end and the SVG; one that is damaged counts as none."""
    try:
        digest, _, svg = files.read(entry, MAX_KEPT).partition(b"\n")
    except OSError:
        return None
    return svg if digest.decode("ascii", "replace") == hashlib.sha256(svg).hexdigest() else None


def _remember(entry: Path, svg: bytes) -> None:
    """Write whole or not at all; a cache that cannot be written costs time, not the build."""
    with contextlib.suppress(OSError):
        entry.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=entry.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(svg).hexdigest().encode() + b"\n" + svg)
            os.replace(name, entry)
        except OSError:
            os.unlink(name)


# ------------------------------------------------------------------ SVG


def blank(frame: Frame) -> bytes:
    """A drawing with nothing in it, as large as the one that will be made for the frame."""
    wide, high = (f"{length:g}" for length in (frame.width_px, frame.height_px))
    return f'<svg xmlns="{_SVG}" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}"/>'.encode()


def tidy(svg: str, frame: Frame | None = None) -> tuple[bytes, int]:
    """Strip what a printed page has no use for, and count the marks that have a shape.

    Names of clip paths and gradients are numbered anew, because Vega's counter runs on from one drawing to the next.
    """
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(svg)
    if (
        frame
        and float(root.get("width", 0)) <= frame.width_px + 1
        and float(root.get("height", 0)) <= frame.height_px + 1
    ):
        wide, high = (f"{length:g}" for length in (frame.width_px, frame.height_px))
        root.attrib |= {"width": wide, "height": high, "viewBox": f"0 0 {wide} {high}"}
    marks = sum(1 for _ in _marks(root))
    names = {e.attrib["id"]: f"n{n}" for n, e in enumerate(e for e in root.iter() if "id" in e.attrib)}
    for parent in list(root.iter()):
        for child in list(parent):
            if _is_void(child):
                parent.remove(child)
    for element in root.iter():
        if "tracked" in element.get("class", ""):
            element.set("letter-spacing", f"{TRACKING}em")
        if found := _ROW.fullmatch(element.get("aria-label", "")):
            element.set(ROW, found[1])
        for name in _SPOKEN:
            element.attrib.pop(name, None)
        for name, value in element.attrib.items():
            if name == "id":
                element.attrib[name] = names[value]
            elif "url(#" in value:
                element.attrib[name] = _NAMED.sub(partial(_renamed, names), value)
            elif name in ("d", "transform", "points") or name in ("x", "y", "x1", "x2", "y1", "y2", "width", "height"):
                element.attrib[name] = _NUMBER.sub(_rounded, value)
    return ElementTree.tostring(root, encoding="utf-8"), marks


def _marks(root: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """The shapes of all data marks: Vega puts them in groups of the class `role-mark`, apart from axes and titles."""
    for group in root.iter(f"{{{_SVG}}}g"):
        classes = group.get("class", "").split()
        if "role-mark" in classes and not {"mark-text", "mark-group"} & set(classes):
            yield from (e for e in group if (e.tag != f"{{{_SVG}}}path" or e.get("d")) and "NaN" not in str(e.attrib))


def _is_void(element: ElementTree.Element) -> bool:
    """Whether it only serves a pointer or an empty background."""
    return (
        element.get("display") == "none"
        or (element.get("class") == "background" and element.get("fill") is None and element.get("stroke") is None)
        or (element.get("fill") == "transparent" and element.get("stroke") in (None, "transparent"))
    )


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".") or "0"


def _renamed(names: Mapping[str, str], reference: re.Match[str]) -> str:
    return f"url(#{names[reference[1]]})"
