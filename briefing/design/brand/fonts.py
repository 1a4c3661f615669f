"""A brand's fonts: which files of a folder are which face, and whether they may and can be printed with."""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefing import files
from briefing.design.faces import FontFace
from briefing.findings import Finding, Place, error, note, warning

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

MAX_BYTES = 10_000_000
MAX_FILES = 60  # of a folder
KINDS = (".ttf", ".otf")
# What pages print without being asked: figures, dashes, quotation marks, and the letters of the languages of the house.
SIGNS = frozenset("0123456789–—“”‘’«»…·•†≤≥≈−×%€£$áéíóúñüçãõàèêîôûÁÉÍÓÚÑ")
_BOTH = ((400, False), (400, True), (600, False))  # weights, and whether upright
WANTED: Mapping[str, tuple[tuple[int, bool], ...]] = {"serif": _BOTH, "sans": (*_BOTH, (700, False))}
_RESTRICTED, _PRINT_ONLY, _EDITABLE, _WHOLE, _BITMAPS = 0x2, 0x4, 0x8, 0x100, 0x200  # OS/2 fsType (OpenType 1.9)
_FAMILY = re.compile(r"[\w][\w .&+-]{0,63}")
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
class Family:
    """The faces of one role, what their licence says, and what was noticed."""

    name: str = ""
    faces: tuple[FontFace, ...] = ()
    licence: str = ""
    licence_file: str = ""
    raised: bool = True  # whether all have raised figures
    files: tuple[Path, ...] = ()
    findings: tuple[Finding, ...] = ()


def family(folder: Path, shown: str, role: str, at: Place) -> Family:
    """The faces of a role in a folder; `shown` is how findings call the folder."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        hint = "name a folder beside brand.yaml with a Regular, an Italic, a SemiBold and a Bold"
        return Family(findings=(error("brand-font-missing", f'there is no folder "{shown}"', at, hint),))
    found: list[FontFile] = []
    told: list[Finding] = []
    fonts = [name for name in names if name.lower().endswith(KINDS)][:MAX_FILES]
    for name in fonts:
        one, faults = _read(folder / name, f"{shown}/{name}", at)
        told += faults
        found += [one] if one else []
    if not fonts:
        other = any(name.lower().endswith((".woff", ".woff2", ".ttc")) for name in names)
        hint = "convert them: pages need .ttf or .otf files" if other else "put .ttf or .otf files into it"
        told.append(error("brand-font-missing", f'"{shown}" holds no fonts that can be printed with', at, hint))
    if not found:
        return Family(findings=tuple(told))
    name = found[0].family
    own = [one for one in found if one.family == name]
    faces, lacking = _chosen(own, role, shown, at)
    papers = [one for one in names if re.search(r"licen[cs]e|ofl|copying", one, re.IGNORECASE)]
    used = tuple(one.path for one in own if str(one.path) in {face.file for face in faces})
    told += [*lacking, *_of_features(own, name, at)]
    if not papers and not found[0].licence:
        hint = "put the licence's file beside the fonts"
        told.append(warning("brand-font-licence", f'nothing in "{shown}" says by which licence it is used', at, hint))
    raised = all("sups" in one.features for one in own)
    return Family(name, faces, found[0].licence, papers[0] if papers else "", raised, used, tuple(told))


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


def _read(path: Path, shown: str, at: Place) -> tuple[FontFile | None, list[Finding]]:
    """One file; nothing where it cannot be used, and why."""
    real = files.below(path.parent, path.name)
    if real is None:
        return None, [error("brand-outside", f'"{shown}" leads out of the folder of the brand', at, "copy the file")]
    try:
        data = files.read(real, MAX_BYTES)
    except files.Unreadable as fault:
        return None, [error("brand-font-broken", f'"{shown}": {fault.why}', at, "put the font back")]
    from fontTools.ttLib import TTFont

    try:
        with TTFont(io.BytesIO(data), lazy=True) as font:
            refused = list(_refusals(font, shown, at))
            name = str(font["name"].getDebugName(16) or font["name"].getDebugName(1) or "")
            head = font["OS/2"]
            one = FontFile(
                Path(real),
                name,
                int(head.usWeightClass),
                bool(head.fsSelection & 1),
                " ".join(str(font["name"].getDebugName(13) or font["name"].getDebugName(14) or "").split())[:300],
                hashlib.sha256(data).hexdigest(),
                _features(font),
            )
    except Exception:  # fontTools raises whatever a broken table leads to
        return None, [error("brand-font-broken", f'"{shown}" cannot be read as a font', at, "get it anew, as .ttf")]
    if not _FAMILY.fullmatch(name):
        refused.append(error("brand-font-broken", f'"{shown}" has no usable family name', at, _HINT))
    weighty = [fault for fault in refused if fault.severity == "error"]
    return (None if weighty else one), refused


def _refusals(font: TTFont, shown: str, at: Place) -> Iterator[Finding]:
    """What forbids a font, or makes it doubtful: its bits, its kind, and the signs that it lacks."""
    bits = int(font["OS/2"].fsType)
    if bits & _RESTRICTED and not bits & (_PRINT_ONLY | _EDITABLE):
        yield error("brand-font-restricted", f'"{shown}" may not be embedded in documents (fsType {bits})', at, _HINT)
    elif bits & (_WHOLE | _BITMAPS):
        what = "may not be cut to the letters that are used" if bits & _WHOLE else "may be embedded as pictures only"
        yield error("brand-font-restricted", f'"{shown}" {what} (fsType {bits})', at, _HINT)
    elif bits & _PRINT_ONLY and not bits & _EDITABLE:
        message = f'"{shown}" may be embedded to be read and printed only (fsType {bits})'
        yield warning("brand-font-print-only", message, at, "look whether its licence covers files that are passed on")
    if "fvar" in font:
        hint = "save its Regular, Italic, SemiBold and Bold as files of their own: fonttools varLib.instancer"
        yield error("brand-font-variable", f'"{shown}" is a variable font, which cannot be archived as it is', at, hint)
    if "CFF " in font and hasattr(font["CFF "].cff.topDictIndex[0], "ROS"):
        hint = "use the same font as .ttf"
        yield error("brand-font-cid", f'"{shown}" has outlines by CID (CFF), which archives do not take', at, hint)
    lacks = "".join(sorted(sign for sign in SIGNS if ord(sign) not in (font.getBestCmap() or {})))
    if lacks:
        hint = "choose a font that has them: pages print them by themselves"
        yield error("brand-font-signs", f'"{shown}" lacks {" ".join(lacks)}', at, hint)


def _features(font: TTFont) -> frozenset[str]:
    """Which of two ways of setting figures a font knows for all ten of them."""
    found = {tag for tag in ("sups", "tnum") if _figures(font) <= _changed_by(font, tag)}
    return frozenset(found | ({"tnum"} if _digits_equal(font) else set()))


def _figures(font: TTFont) -> set[str]:
    names: Mapping[int, str] = font.getBestCmap() or {}
    return {names.get(ord(digit), "") for digit in "0123456789"}


def _changed_by(font: TTFont, tag: str) -> set[str]:
    """The glyphs that a feature puts others in the place of (OpenType, GSUB, lookup types 1 and 7)."""
    table = font["GSUB"].table if "GSUB" in font else None
    if table is None or not table.FeatureList or not table.LookupList:
        return set()
    records = (record for record in table.FeatureList.FeatureRecord if record.FeatureTag == tag)
    lookups = {number for record in records for number in record.Feature.LookupListIndex}
    parts = (part for number in lookups for part in table.LookupList.Lookup[number].SubTable)
    whole = (getattr(part, "ExtSubTable", part) for part in parts)
    return {name for part in whole for name in getattr(part, "mapping", ())}


def _digits_equal(font: TTFont) -> bool:
    """Whether all figures are of one width as they are."""
    names: Mapping[int, str] = font.getBestCmap()
    widths: Any = font["hmtx"]
    return len({widths[names[ord(digit)]][0] for digit in "0123456789" if ord(digit) in names}) == 1
