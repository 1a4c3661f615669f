"""A brand's fonts: which files of a folder are which face, and whether they may and can be printed with."""

from __future__ import annotations

import hashlib
import io
import operator
import os
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from briefing import files
from briefing.design.brand.advances import MAX_BYTES, letters
from briefing.design.faces import FontFace
from briefing.design.font_sums import is_sound
from briefing.findings import Finding, Place, error, note, warning

if TYPE_CHECKING:
    import uharfbuzz

MAX_FILES = 60  # of a folder
KINDS = (".ttf", ".otf")
DIGITS = "0123456789"
_NEEDED = {"OS/2", "cmap", "head", "hhea", "hmtx", "maxp", "name", "post"}
# What pages print without being asked: figures, dashes, quotation marks, and the letters of the languages of the house.
SIGNS = frozenset("0123456789–—“”‘’«»…·•†≤≥≈−×%€£$áéíóúñüçãõàèêîôûÁÉÍÓÚÑ")
_BOTH = ((400, False), (400, True), (600, False))  # weights, and whether upright
WANTED: Mapping[str, tuple[tuple[int, bool], ...]] = {"serif": _BOTH, "sans": (*_BOTH, (700, False))}
_RESTRICTED, _PRINT_ONLY, _EDITABLE, _WHOLE, _BITMAPS = 0x2, 0x4, 0x8, 0x100, 0x200  # OS/2 fsType (OpenType 1.9)
_FAMILY = re.compile(r"[\w][\w .+-]{0,63}")  # stands in styles and HTML as it is
_HINT = "choose another font, or have the foundry give you a file that may be embedded"


@dataclass(frozen=True)
class FontFile:
    """What is read of one file."""

    path: Path
    family: str
    weight: int
    italic: bool
    licence: str
    sum: str
    features: frozenset[str]


@dataclass(frozen=True)
class FontFolder:
    """The fonts of a folder, and what was noticed of them, which is told wherever a role names it."""

    shown: str
    findings: tuple[Finding, ...] = ()
    found: tuple[FontFile, ...] = ()
    listed: tuple[str, ...] = ()  # the names of all, those too that cannot be used
    papers: bool = False  # whether the text of a licence lies there


@dataclass(frozen=True)
class Family:
    """The faces of one role, what their licence says, and what was noticed."""

    name: str = ""
    faces: tuple[FontFace, ...] = ()
    licence: str = ""
    raised: bool = True  # whether all have raised figures
    files: tuple[Path, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_folder(folder: Path, shown: str) -> FontFolder:
    """The fonts of a folder; `shown` is how findings call it."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        hint = "name a folder beside brand.yaml with a Regular, an Italic, a SemiBold and a Bold"
        return FontFolder(shown, (error("brand-font-missing", f'there is no folder "{shown}"', hint=hint),))
    listed = [name for name in names if name.lower().endswith(KINDS)]
    if len(listed) > MAX_FILES:
        hint = "keep those of one family in it: Regular, Italic, SemiBold and Bold"
        return FontFolder(shown, (error("brand-font-missing", f'"{shown}" holds {len(listed)} fonts', hint=hint),))
    found: list[FontFile] = []
    told: list[Finding] = []
    for name in listed:
        one, faults = _read(folder / name, f"{shown}/{name}")
        told += faults
        found += [one] if one else []
    if not listed:
        other = any(name.lower().endswith((".woff", ".woff2", ".ttc")) for name in names)
        hint = "convert them: pages need .ttf or .otf files" if other else "put .ttf or .otf files into it"
        told.append(error("brand-font-missing", f'"{shown}" holds no fonts that can be printed with', hint=hint))
    papers = any(re.search(r"licen[cs]e|ofl|copying", one, re.IGNORECASE) for one in names)
    return FontFolder(shown, tuple(told), tuple(found), tuple(listed), papers)


def family(folder: FontFolder, role: str, at: Place) -> Family:
    """The faces of a role in the folder that is named there."""
    told = [one.or_at(at) for one in folder.findings]
    if not folder.found:
        return Family(findings=tuple(told))
    first, shown = folder.found[0], folder.shown
    own = [one for one in folder.found if one.family == first.family]
    faces, lacking = _chosen(own, role, shown, at)
    used = tuple(one.path for one in own if str(one.path) in {face.file for face in faces})
    told += [*lacking, *_of_features(own, first.family, at)]
    if not folder.papers and not first.licence:
        hint = "put the licence's file beside the fonts"
        told.append(warning("brand-font-licence", f'nothing in "{shown}" says by which licence it is used', at, hint))
    raised = all("sups" in one.features for one in own)
    return Family(first.family, faces, first.licence, raised, used, tuple(told))


def _chosen(found: Sequence[FontFile], role: str, shown: str, at: Place) -> tuple[tuple[FontFace, ...], list[Finding]]:
    """A file for each weight and style that the role needs, the nearest where there is none of its own."""
    faces, told = [], []
    for weight, italic in WANTED[role]:
        style = "italic" if italic else "normal"
        among = [one for one in found if one.italic == italic] or list(found)
        best = min(among, key=lambda one: (abs(one.weight - weight), -one.weight))
        faces.append(FontFace(str(best.path), best.family, weight, style, best.sum))
        if best.italic != italic or abs(best.weight - weight) > 60:
            wanted = "italic" if italic else {400: "Regular", 600: "SemiBold", 700: "Bold"}[weight]
            message = f'"{shown}" has no {wanted}: {best.path.name} is taken'
            told.append(warning("brand-font-weight", message, at, "add the file, if the family has one"))
    return tuple(faces), told


def _of_features(found: Sequence[FontFile], name: str, at: Place) -> Iterator[Finding]:
    lacks = [
        said
        for feature, said in (("sups", "raised figures (sups)"), ("tnum", "figures of one width (tnum)"))
        if not all(feature in one.features for one in found)
    ]
    if lacks:
        hint = "source marks are made smaller and raised, and figures in tables stand as they are"
        yield note("brand-font-features", f"{name} lacks {' and '.join(lacks)}", at, hint)


def _read(path: Path, shown: str) -> tuple[FontFile | None, list[Finding]]:
    """One file; nothing where it cannot be used, and why."""
    real = files.below(path.parent, path.name)
    if real is None:
        return None, [error("brand-outside", f'"{shown}" leads out of the folder of the brand', hint="copy the file")]
    try:
        data = files.read(real, MAX_BYTES)
    except files.Unreadable as fault:
        return None, [error("brand-font-broken", f'"{shown}": {fault.why}', hint="put the font back")]
    import uharfbuzz

    try:
        if not is_sound(data):
            raise ValueError
        face = uharfbuzz.Face(data)
        unit = struct.pack(">H", face.upem)  # a unit that cannot be is taken for 1000
        if _NEEDED - set(face.table_tags) or face.reference_table("head").data[18:20] != unit:
            raise ValueError
        weight, bits, style = (
            struct.unpack_from(">H", face.reference_table("OS/2").data, offset)[0] for offset in (4, 8, 62)
        )
        widths = letters(face)
        refused = [*_refusals(face, bits, widths, data, shown)]
        name = _said(face, 16, 1)
        one = FontFile(
            Path(real),
            name,
            weight,
            bool(style & 1),
            " ".join(_said(face, 13, 14).split())[:300],
            hashlib.sha256(data).hexdigest(),
            _features(face, widths),
        )
    except Exception:  # whatever a broken table leads to
        return None, [error("brand-font-broken", f'"{shown}" cannot be read as a font', hint="get it anew, as .ttf")]
    if not _FAMILY.fullmatch(name):
        refused.append(error("brand-font-broken", f'"{shown}" has no usable family name', hint=_HINT))
    weighty = [fault for fault in refused if fault.severity == "error"]
    return (None if weighty else one), refused


def _said(face: uharfbuzz.Face, *names: int) -> str:
    """The first of several names that a font has."""
    return next((said for one in names if (said := face.get_name(one))), "")


def _refusals(
    face: uharfbuzz.Face, bits: int, widths: Mapping[str, float], data: bytes, shown: str
) -> Iterator[Finding]:
    """What forbids a font, or makes it doubtful: its bits, its kind, and the signs that it lacks."""
    if bits & _RESTRICTED and not bits & (_PRINT_ONLY | _EDITABLE):
        yield error("brand-font-restricted", f'"{shown}" may not be embedded in documents (fsType {bits})', hint=_HINT)
    elif bits & (_WHOLE | _BITMAPS):
        what = "may not be cut to the letters that are used" if bits & _WHOLE else "may be embedded as pictures only"
        yield error("brand-font-restricted", f'"{shown}" {what} (fsType {bits})', hint=_HINT)
    elif bits & _PRINT_ONLY and not bits & _EDITABLE:
        message = f'"{shown}" may be embedded to be read and printed only (fsType {bits})'
        yield warning("brand-font-print-only", message, hint="look whether its licence covers files that are passed on")
    if "fvar" in face.table_tags:
        hint = "save its Regular, Italic, SemiBold and Bold as files of their own: fonttools varLib.instancer"
        yield error(
            "brand-font-variable", f'"{shown}" is a variable font, which cannot be archived as it is', hint=hint
        )
    if "CFF " in face.table_tags and _by_cid(data):
        hint = "use the same font as .ttf"
        yield error("brand-font-cid", f'"{shown}" has outlines by CID (CFF), which archives do not take', hint=hint)
    if lacks := sorted(SIGNS - widths.keys()):
        hint = "choose a font that has them: pages print them by themselves"
        yield error("brand-font-signs", f'"{shown}" lacks {" ".join(lacks)}', hint=hint)
    elif min(widths[digit] for digit in DIGITS) <= 0:
        yield error("brand-font-broken", f'"{shown}" has figures without a width', hint=_HINT)


def _by_cid(data: bytes) -> bool:
    from fontTools.ttLib import TTFont

    with TTFont(io.BytesIO(data), lazy=True) as font:
        return hasattr(font["CFF "].cff.topDictIndex[0], "ROS")


def _features(face: uharfbuzz.Face, widths: Mapping[str, float]) -> frozenset[str]:
    """Which of two ways of setting figures a font knows for all ten of them."""
    plain = _shaped(face, {})
    found = {tag for tag in ("sups", "tnum") if all(map(operator.ne, plain, _shaped(face, {tag: True})))}
    return frozenset(found | ({"tnum"} if len({widths.get(digit) for digit in DIGITS}) == 1 else set()))


def _shaped(face: uharfbuzz.Face, features: dict[str, bool]) -> list[int]:
    """The glyphs of the figures."""
    import uharfbuzz

    buffer = uharfbuzz.Buffer()
    buffer.add_str(DIGITS)
    buffer.guess_segment_properties()
    uharfbuzz.shape(uharfbuzz.Font(face), buffer, features)
    return [info.codepoint for info in buffer.glyph_infos]
