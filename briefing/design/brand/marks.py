"""Marks of a brand or a partner as pages show them: files become pictures with their size, or findings say why not.

A drawing is data: what would run, or ask for something outside it, is refused.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from briefing import files
from briefing.design.brand import colour as measured
from briefing.design.brand.dress import DressPicture
from briefing.design.brand.records import Logo, Partner
from briefing.findings import At, Finding, error, warning

MAX_BYTES = 5_000_000
KINDS = (".svg", ".png", ".jpg", ".jpeg")
FINE_PPI, COARSE_PPI = 300.0, 150.0
SEEN = 3.0  # contrast of the darkest part of a mark with the paper
MAX_WIDTH_MM = 80.0
_MM = 25.4
_ASKS = re.compile(r"@import|url\(\s*['\"]?(?!#)", re.IGNORECASE)
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / _MM}
_LENGTH = re.compile(rf"(\d{{1,6}}(?:\.\d{{1,9}})?)({'|'.join(_UNITS)})")
ALIKE = 0.02  # by how much the forms of a mark may differ in ratio
_COLOUR = re.compile(rf"{measured.HEX}\b|#[0-9a-fA-F]{{3}}\b")
Keys = tuple[str | int, ...]
Judge = Callable[[bytes, str, At], Iterator[Finding]]  # whether a picture can be drawn at all, by the file's kind


@dataclass(frozen=True)
class _Read:
    data: bytes
    ratio: float  # of width to height
    high_px: float  # nothing of a drawing


@dataclass(frozen=True)
class Home:
    """Where the files of marks lie, and how that is told."""

    folder: Path
    name: str = "the brand"  # whose folder it is
    beside: str = "brand.yaml"
    outside: str = "brand-outside"  # the code of a file that lies elsewhere


@dataclass(frozen=True)
class JudgedMark:
    """A mark at its size, what was noticed of it, and its files; no picture where it cannot be printed."""

    picture: DressPicture | None
    findings: tuple[Finding, ...]
    files: tuple[Path, ...]
    looked: tuple[Path, ...]  # the same as they are named


def mark_of(home: Home, mark: Logo | Partner, keys: Keys, place: Callable[[Keys], At], judge: Judge) -> JudgedMark:
    """A mark, judged; `keys` say where it stands, and `place` where findings tell it."""
    told: list[Finding] = []
    read: dict[str, _Read] = {}
    used: list[Path] = []
    looked: list[Path] = []
    for key in ("file", "one_colour", "reversed"):
        if name := getattr(mark, key, None):
            at = place((*keys, key))
            looked.append(home.folder / name)
            path, found, faults = _read(home, name, at, judge)
            told += faults
            if found and path:
                used.append(path)
                if abs(found.ratio / read.get("file", found).ratio - 1) > ALIKE:
                    message = (
                        f'"{name}" is {found.ratio:.2f} times as wide as high, "{mark.file}" {read["file"].ratio:.2f}'
                    )
                    told.append(error("brand-mark-form", message, at, "save all forms of the mark in the same shape"))
                    continue
                read[key] = found
                told += _of_use(found, key, name, float(mark.height_mm), at)
    if "file" not in read:
        return JudgedMark(None, tuple(told), tuple(used), tuple(looked))
    one, high = read["file"], float(mark.height_mm)
    if one.ratio * high > MAX_WIDTH_MM:
        high = MAX_WIDTH_MM / one.ratio
    picture = DressPicture(
        name=_asset(keys, mark.file),
        alt=mark.alt,
        data=one.data,
        width_mm=round(one.ratio * high, 2),
        height_mm=high,
        text=(mark.text or "") if isinstance(mark, Partner) else "",
        black=read["one_colour"].data if "one_colour" in read else b"",
        white=read["reversed"].data if "reversed" in read else b"",
        black_name=_asset(keys, mark.one_colour or ""),
        white_name=_asset(keys, getattr(mark, "reversed", None) or ""),
    )
    return JudgedMark(picture, tuple(told), tuple(used), tuple(looked))


def _asset(keys: Keys, file: str) -> str:
    """By which pages ask for a form of a mark; its end tells the kind."""
    return f"brand-{'-'.join(map(str, keys))}{_kind(file)}"


def _read(home: Home, name: str, at: At, judge: Judge) -> tuple[Path | None, _Read | None, list[Finding]]:
    real = files.below(home.folder, name)
    if real is None or re.match(r"[a-z][a-z0-9+.-]*:", name, re.IGNORECASE):
        hint = f"copy the file beside {home.beside} and name it from there; nothing is fetched"
        return None, None, [error(home.outside, f'"{name}" is not in the folder of {home.name}', at, hint)]
    if not real.lower().endswith(KINDS):
        fault = error("image-kind", f'"{name}" is not a PNG, JPEG or SVG file', at, "convert the picture")
        return None, None, [fault]
    if _kind(real) != _kind(name):
        hint = "call both by the same kind"
        return None, None, [error("image-kind", f'"{name}" leads to a {_kind(real)} file', at, hint)]
    try:
        data = files.read(real, MAX_BYTES)
    except files.Unreadable as fault:
        hint = f"names of files start at the folder of {home.beside}"
        return None, None, [error("image-missing", f'"{name}": {fault.why}', at, hint)]
    if faults := list(judge(data, name, at)):
        return None, None, faults
    if _kind(real) != ".svg":
        return Path(real), _pixels(data), []
    root = ElementTree.fromstring(data)
    if faults := list(_active(root, name, at)):
        return None, None, faults
    ratio = _ratio(root)
    if not ratio:
        hint = "save it again as SVG, with a viewBox of four numbers"
        return None, None, [error("image-broken", f'"{name}" does not tell its size', at, hint)]
    return Path(real), _Read(data, ratio, 0.0), []


def _kind(name: str) -> str:
    return Path(name).suffix.lower()


def _active(root: ElementTree.Element, name: str, at: At) -> Iterator[Finding]:
    """What in a drawing would run, or reach out of it."""
    what, inside = set(), False
    for element in root.iter():
        if str(element.tag).rpartition("}")[2] in ("script", "foreignObject", "iframe"):
            what.add(str(element.tag).rpartition("}")[2])
        for key, value in element.attrib.items():
            plain = key.rpartition("}")[2].lower()
            outward = plain == "href" and not value.strip().startswith("#")
            inside |= plain == "href" and value.strip().lower().startswith("data:")
            if plain.startswith("on") or outward or _ASKS.search(value) or (plain == "style" and "\\" in value):
                what.add(f"{plain}=…")
        style = str(element.tag).endswith("style") and "\\" in (element.text or "")  # a name written in another way
        if style or _ASKS.search(element.text or ""):
            what.add("a style that asks for a file")
    if what:
        hint = "save it as a plain SVG, without scripts and links"
        if inside:
            hint = "a picture within a drawing is not printed: draw it as shapes, or save the whole as PNG"
        yield error("brand-mark-active", f'"{name}" holds {", ".join(sorted(what))}', at, hint)


def _ratio(root: ElementTree.Element) -> float:
    """Of width to height of a drawing; 0 where it tells none."""
    if "viewBox" in root.attrib:
        box = [float(part) for part in root.attrib["viewBox"].replace(",", " ").split()]
        return box[2] / box[3]
    sides = [_LENGTH.fullmatch(root.get(side, "").strip()) for side in ("width", "height")]
    wide, high = (float(side[1]) * _UNITS[side[2]] if side else 0.0 for side in sides)
    return wide / high if high and 0.01 < wide / high < 100 else 0.0


def _pixels(data: bytes) -> _Read:
    from PIL import Image

    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
        return _Read(data, image.width / image.height, float(image.height))


def _of_use(found: _Read, key: str, name: str, high: float, at: At) -> Iterator[Finding]:
    """Whether a mark is fine enough, and is seen on its ground in grey."""
    if found.high_px and (ppi := found.high_px / high * _MM) < FINE_PPI:
        message = f'"{name}" has {ppi:.0f} pixels an inch at {high:g} mm'
        hint = f"use a drawing (SVG), or {FINE_PPI:.0f} pixels an inch: {high / _MM * FINE_PPI:.0f} pixels high"
        if ppi < COARSE_PPI:
            yield error("brand-mark-coarse", message, at, hint)
        else:
            yield warning("brand-mark-coarse", message, at, hint)
    colours = _colours(found)
    if key == "reversed" or not colours:
        return
    best = max(measured.contrast(one, "#ffffff") for one in colours)
    if best < SEEN:
        message = f'"{name}" is faint on paper: {best:.1f}:1 at its darkest, {SEEN:g}:1 is needed'
        yield warning("brand-mark-faint", message, at, "a photocopy loses it; use a darker form of the mark")
    if key == "one_colour" and any(measured.distance(one, _grey(one)) > 8 for one in colours):
        yield warning("brand-mark-coloured", f'"{name}" is not in one colour', at, "save it in black alone")


def _grey(colour: str) -> str:
    part = round(255 * max(0.0, min(1.0, measured.lightness(colour) / 100)))
    return measured.hexed(part, part, part)


def _colours(found: _Read) -> list[str]:
    """The colours of a mark: those that a drawing names, or those that most pixels have."""
    if not found.high_px:
        named = _COLOUR.findall(found.data.decode("utf-8", "replace"))
        return [measured.written_out(one) for one in named[:500]]
    from PIL import Image

    with Image.open(io.BytesIO(found.data), formats=("PNG", "JPEG")) as image:
        ground = Image.new("RGBA", image.size, "white")
        ground.alpha_composite(image.convert("RGBA"))
        small = ground.convert("RGB").resize((40, 40)).quantize(8).convert("RGB")
    counted = small.getcolors() or []
    return [measured.hexed(*pixel) for count, pixel in counted if count >= 8 and isinstance(pixel, tuple)]
