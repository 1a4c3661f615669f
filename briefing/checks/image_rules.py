"""The pictures that content names: whether they are there, whole, and no more than can be drawn."""

from __future__ import annotations

import io
import math
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from briefing import files
from briefing.content.blocks import ImageBlock, kind_of
from briefing.content.briefing import Briefing
from briefing.content.scalars import Path
from briefing.findings import At, Finding, did_you_mean, error

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".svg")
MAX_IMAGE_BYTES = 20_000_000
MAX_IMAGE_PIXELS = 60_000_000  # a 20,000-pixel-square image vanishes in the typesetter, a 13,000 one takes 1.3 GB
MAX_SCANS = 1_000  # of a progressive JPEG, which has ten
MAX_SCANNED = 1_200_000_000  # pixels in all of its scans: some three seconds
MAX_SHAPES = 100_000  # the typesetter draws some 20,000 a second
MAX_MARKS = 2_000_000  # brackets and attributes of a drawing, before it is parsed: each takes some hundred bytes


def check(briefing: Briefing, folder: FilePath) -> Iterator[Finding]:
    """Hold every picture of the documents against what can be printed; they lie in the folder of the content."""
    for name in Briefing.DOCUMENTS:
        for index, block in enumerate(briefing.document(name).blocks):
            if isinstance(block, ImageBlock):
                at: Path = (name, "blocks", index, kind_of(block))
                yield from _image(block, folder, (*at, "file"))
                if not block.own_mark and not (block.credit and block.licence):
                    gone = " and ".join(key for key in ("credit", "licence") if not getattr(block, key))
                    hint = (
                        "write who made it and by which right it is printed; or own_mark: true for the publisher's own"
                    )
                    yield error("image-uncredited", f'"{block.file}" has no {gone}', at, hint)


def _image(block: ImageBlock, folder: FilePath, at: At) -> Iterator[Finding]:
    path = image_path(folder, block.file)
    if path is None:
        yield error(
            "image-outside",
            f'"{block.file}" is not in the folder of the content',
            at,
            "copy the picture beside content.yaml and name it from there",
        )
    elif path.suffix.lower() not in IMAGE_SUFFIXES:
        yield error("image-kind", f'"{block.file}" is not a PNG, JPEG or SVG file', at, "convert the picture")
    else:
        try:
            data = files.read(path, MAX_IMAGE_BYTES)
        except files.Unreadable as fault:
            yield _unread(block.file, path, fault, at)
            return
        yield from picture_faults(data, block.file, at)


def picture_faults(data: bytes, name: str, at: At) -> Iterator[Finding]:
    """What keeps a picture from being printed, by the kind that its name tells."""
    yield from (_drawn if name.lower().endswith(".svg") else _raster)(data, name, at)


def _unread(name: str, path: FilePath, fault: files.Unreadable, at: At) -> Finding:
    if fault.code == files.TOO_LARGE:
        hint = "save it smaller; 300 pixels an inch are enough"
        return error("image-too-large", f'"{name}" is larger than {MAX_IMAGE_BYTES // 1_000_000} MB', at, hint)
    short = name if len(name) <= 80 else f"{name[:79]}…"
    if fault.code == files.UNREADABLE:
        return error("image-missing", f'"{short}": {fault.why}', at, "look whether it is a picture that you may read")
    near = did_you_mean(path.name, _names_in(path.parent)) if name == short else ""
    hint = near or "names of pictures start at the folder of the content"
    return error("image-missing", f'there is no file "{short}"', at, hint)


def _names_in(folder: FilePath) -> list[str]:
    try:
        return sorted(os.listdir(folder))[:1_000]
    except OSError:
        return []


def _drawn(data: bytes, name: str, at: At) -> Iterator[Finding]:
    from xml.etree import ElementTree

    if data.count(b"<") + data.count(b"=") > MAX_MARKS:
        yield error("image-too-large", f'"{name}" has too many parts', at, "simplify it, or save it as PNG")
        return
    try:
        root = ElementTree.fromstring(data)
        box = [float(part) for part in root.get("viewBox", "0 0 3 2").replace(",", " ").split()]
        good = root.tag in ("svg", "{http://www.w3.org/2000/svg}svg") and len(box) == 4
        shaped = good and all(map(math.isfinite, box)) and 0 < box[2] < 100 * box[3] and 0 < box[3] < 100 * box[2]
        count = _shapes(root) if shaped else 0
    except (OSError, ValueError, LookupError, RecursionError, ElementTree.ParseError):
        shaped, count = False, 0
    if count > MAX_SHAPES:
        hint = "simplify it, or save it as PNG"
        yield error("image-too-large", f'"{name}" draws more than {MAX_SHAPES:,} shapes', at, hint)
    if not shaped:
        hint = "save it again as SVG, with a viewBox of four numbers"
        yield error("image-broken", f'"{name}" cannot be read as a drawing', at, hint)


def _shapes(root: Element) -> int:
    """How many elements a drawing comes to once every `use` is written out; raises ValueError for a loop."""
    named = {f"#{element.get('id')}": element for element in root.iter() if element.get("id")}
    known: dict[Element, int | None] = {}

    def count(element: Element) -> int:
        if element not in known:
            known[element] = None
            links = (element.get("href"), element.get("{http://www.w3.org/1999/xlink}href"))
            used = [named[link] for link in links if link in named and element.tag.endswith("use")]
            known[element] = 1 + sum(count(part) for part in (*element, *used))
        found = known[element]
        if found is None:
            raise ValueError("a drawing that holds itself")
        return found

    return count(root)


def _raster(data: bytes, name: str, at: At) -> Iterator[Finding]:
    import warnings

    from PIL import Image, ImageFile

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint turns it on, and would print half a picture
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
            image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))  # of the others, one starts a program
        with image:
            pixels, scans = image.width * image.height, data.count(b"\xff\xda") if image.format == "JPEG" else 1
            if pixels > MAX_IMAGE_PIXELS:
                yield _too_many_pixels(f'"{name}" has {image.width:,} × {image.height:,} pixels', at)
            elif scans > MAX_SCANS or pixels * scans > MAX_SCANNED:
                message = f'"{name}" goes over its {pixels:,} pixels {scans:,} times'
                yield error("image-too-large", message, at, "save it again as a JPEG that is not progressive")
            else:
                image.load()  # a truncated file opens, and only fails here
                if image.format == "PNG" and _has_lost_rows(data):
                    raise OSError  # of rows that are not there, Pillow says nothing
    except Image.DecompressionBombError:
        yield _too_many_pixels(f'"{name}" has far too many pixels', at)
    except (OSError, SyntaxError, ValueError):
        yield error("image-broken", f'"{name}" cannot be read as a picture', at, "save it again as PNG or JPEG")


def _has_lost_rows(data: bytes) -> bool:
    """Whether the pixels of a PNG end before its last row (PNG, 7.2); not told of interlaced ones."""
    wide, high, depth, kind = struct.unpack(">IIBB", data[16:26])
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(kind, 1)
    at, packed = 8, []
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4])
        if data[at + 4 : at + 8] == b"IDAT":
            packed.append(data[at + 8 : at + 8 + length])
        at += 12 + length
    if data[28]:  # interlaced
        return False
    wanted = high * (1 + (wide * depth * channels + 7) // 8)
    unpacking, count, rest = zlib.decompressobj(), 0, b"".join(packed)
    while rest and count < wanted:
        count += len(unpacking.decompress(rest, 1_000_000))
        rest = unpacking.unconsumed_tail
    return bool(count < wanted)


def _too_many_pixels(message: str, at: At) -> Finding:
    return error("image-too-large", message, at, "save it smaller; 300 pixels an inch are enough")


def image_path(folder: FilePath, name: str) -> FilePath | None:
    """The real file of an image's name, or nothing if it lies outside the folder, links included."""
    real = files.below(folder, name)
    return FilePath(real) if real else None
