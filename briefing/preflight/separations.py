"""A PDF is rewritten as one plate: every colour becomes the grey of what it puts on the plate of one ink.

No renderer at hand draws CMYK, but each plate by itself is a grey picture. What a colour overprints is left alone on
the plates where it has no ink (ISO 32000-1, 8.6.7 and 11.7.4).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image, ImageChops

from briefing.pdf import colours
from briefing.pdf.colours import Colour, Model, Space, space_of
from briefing.pdf.content_stream import operators
from briefing.pdf.graphics_state import GraphicsState, StateReader
from briefing.pdf.safe_open import elements, entry, identity, numbers, read_stream, whole, words

BLACK = 3  # the plate on which grey prints
MAX_PIXELS = 40_000_000  # of an image
_LONGEST_PX = 2_000  # longer images are made smaller first: the plates are looked at coarsely
_BOTH = {"B": ("S", "f"), "B*": ("S", "f*"), "b": ("s", "f"), "b*": ("s", "f*")}
Plates = tuple[Image.Image, Image.Image, Image.Image, Image.Image]


class Unmeasurable(Exception):
    """A colour cannot be told in inks; the message says what it is."""


class Separation:
    """One plate of an open PDF, whose pages are rewritten in place."""

    def __init__(self, pdf: Pdf, plate: int, decoded: dict[tuple[int, int], Plates]) -> None:
        self._pdf, self._plate, self._decoded = pdf, plate, decoded
        self._done: set[tuple[int, int]] = set()

    def page(self, page: pikepdf.Page, resources: Any, room: Iterable[float]) -> None:
        """Make a page the plate of its colours, cut to a room; raises `Unmeasurable`."""
        contents = entry(page.obj, "/Contents")
        data = b"\n".join(read_stream(stream) for stream in elements(contents) or [contents] if stream is not None)
        start = b"" if self._plate == BLACK else b"1 g 1 G\n"
        page.obj.Contents = Stream(self._pdf, start + self._rewritten(data, resources, GraphicsState()))
        for key in ("/MediaBox", "/CropBox"):
            page.obj[key] = Array(list(room))
        for key in ("/Group", "/Annots", "/Rotate", "/UserUnit"):
            if key in page.obj:
                del page.obj[key]
        page.obj.Rotate = 0  # its parents may turn it

    def _rewritten(self, data: bytes, resources: Any, state: GraphicsState) -> bytes:
        out: list[bytes] = []
        reader = StateReader(resources, state)
        for name, operands, begin, end in operators(data):
            reader.read(name, operands)
            told, write = data[begin:end], _WRITERS.get(name)
            out.append(write(self, reader, name, operands, told) if write else told)
        return b"\n".join(out)

    def _grey(self, colour: Colour) -> float:
        found = colour.inks
        if found is None:
            raise Unmeasurable(colour.space.model.value)
        return 1 - min(1.0, max(0.0, found[self._plate]))

    # Each of these writes an operator as it is on this plate; its reader has followed it already.

    def _set(self, reader: StateReader, name: str, *_: Any) -> bytes:
        stroke = name[0].isupper()
        colour = reader.state.stroke if stroke else reader.state.fill
        if colour.space.model is Model.PATTERN:
            return b"/Pattern CS" if stroke else b"/Pattern cs"
        return b"%.4f %s" % (self._grey(colour), b"G" if stroke else b"g")

    def _colour(self, reader: StateReader, name: str, operands: list[Any], told: bytes) -> bytes:
        if not operands or not isinstance(operands[-1], str):
            return self._set(reader, name)
        if len(operands) > 1:
            raise Unmeasurable("uncoloured pattern")
        self._pattern(reader.resource("/Pattern", operands[-1]), reader.resources)
        return told

    def _spared(self, colour: Colour, over: bool, mode: int) -> bool:
        """Whether this plate is left as it is under a colour that overprints."""
        if not over or colour.space.model is Model.PATTERN:
            return False
        if colour.space.inks:
            name = ("Cyan", "Magenta", "Yellow", "Black")[self._plate]
            return colour.space.model is not Model.REGISTRATION and name not in colour.space.inks
        found = colour.inks
        return colour.space.family == "DeviceCMYK" and mode == 1 and found is not None and not found[self._plate]

    def _painted(self, reader: StateReader, name: str, _: list[Any], told: bytes) -> bytes:
        """A painting operator, without what would touch a spared plate."""
        ink = reader.state
        no_fill = self._spared(ink.fill, ink.fill_over, ink.mode)
        no_stroke = self._spared(ink.stroke, ink.stroke_over, ink.mode)
        if name in ("f", "F", "f*"):
            return b"n" if no_fill else told
        if name in ("S", "s"):
            return b"n" if no_stroke else told
        if name in _BOTH:
            only_stroke, only_fill = _BOTH[name]
            return (
                b"n"
                if no_fill and no_stroke
                else (only_stroke if no_fill else only_fill if no_stroke else name).encode()
            )
        if (no_stroke if ink.rendering == 1 else no_fill) and ink.rendering < 3:
            return b"3 Tr\n%s\n%d Tr" % (told, ink.rendering)  # unseen, but it takes its room
        return told

    def _object(self, reader: StateReader, _: str, operands: list[Any], told: bytes) -> bytes:
        thing = reader.resource("/XObject", operands[-1]) if operands else None
        ink, resources = reader.state, reader.resources
        kind = words(entry(thing, "/Subtype"))
        key = identity(thing)
        if kind == "Image" and entry(thing, "/ImageMask") is True:
            return b"" if self._spared(ink.fill, ink.fill_over, ink.mode) else told
        if key in self._done or not isinstance(thing, Stream):
            return told
        self._done.add(key)
        if kind == "Form":
            own = entry(thing, "/Resources")
            thing.write(self._rewritten(read_stream(thing), resources if own is None else own, ink.copy()))
            group = entry(thing, "/Group")
            if group is not None and entry(group, "/CS") is not None:
                del group["/CS"]
        elif kind == "Image":
            if key not in self._decoded:
                self._decoded[key] = plates_of(thing, resources)
            grey = self._decoded[key][self._plate]
            thing.write(grey.tobytes())
            thing.Width, thing.Height, thing.BitsPerComponent = (*grey.size, 8)
            thing.ColorSpace = Name.DeviceGray
            for extra in ("/Decode", "/Intent"):
                if extra in thing:
                    del thing[extra]
        return told

    def _inline(self, _reader: StateReader, _: str, operands: list[Any], told: bytes) -> bytes:
        head = operands[0] if operands and isinstance(operands[0], bytes) else b""
        if b"true" in head:
            return told
        if b"/G" in head or b"DeviceGray" in head:
            return told if self._plate == BLACK else b""
        raise Unmeasurable("image within the content")

    def _pattern(self, pattern: Any, resources: Any) -> None:
        key = identity(pattern)
        if key in self._done:
            return
        self._done.add(key)
        if whole(entry(pattern, "/PatternType")) == 2:
            self._shading(entry(pattern, "/Shading"), resources)
        elif isinstance(pattern, Stream):
            own = entry(pattern, "/Resources")
            data = self._rewritten(read_stream(pattern), resources if own is None else own, GraphicsState())
            pattern.write((b"" if self._plate == BLACK else b"1 g 1 G\n") + data)

    def _shade(self, reader: StateReader, _: str, operands: list[Any], told: bytes) -> bytes:
        if operands:
            self._shading(reader.resource("/Shading", operands[-1]), reader.resources)
        return told

    def _shading(self, shading: Any, resources: Any) -> None:
        space = space_of(entry(shading, "/ColorSpace"), resources) or colours.UNKNOWN
        if whole(entry(shading, "/ShadingType")) not in (2, 3) or entry(shading, "/Function") is None:
            raise Unmeasurable("gradient")
        key = identity(shading)
        if key != (0, 0) and key in self._done:
            return
        self._done.add(key)
        shading.Function = self._function(entry(shading, "/Function"), space, 0)
        shading.ColorSpace = Name.DeviceGray
        if "/Background" in shading:
            del shading["/Background"]

    def _function(self, function: Any, space: Space, depth: int) -> Dictionary:
        """The same course of colour on this plate (ISO 32000-1, 7.10)."""
        kind = whole(entry(function, "/FunctionType"))
        if depth > 4 or not isinstance(function, Dictionary) or kind not in (2, 3):
            raise Unmeasurable("gradient")
        made = Dictionary(FunctionType=kind, Domain=function.Domain)
        if kind == 2:
            for key, otherwise in (("/C0", 0.0), ("/C1", 1.0)):
                values = numbers(entry(function, key)) or (otherwise,)
                made[key] = Array([self._grey(Colour(space, values))])
            made.N = entry(function, "/N") or 1
            return made
        made.Functions = Array(
            [self._function(one, space, depth + 1) for one in elements(entry(function, "/Functions"), 64)]
        )
        made.Bounds, made.Encode = function.Bounds, function.Encode
        return made


_WRITERS: Mapping[str, Callable[[Separation, StateReader, str, list[Any], bytes], bytes]] = {
    **dict.fromkeys(("g", "G", "rg", "RG", "k", "K", "cs", "CS"), Separation._set),
    **dict.fromkeys(("sc", "SC", "scn", "SCN"), Separation._colour),
    **dict.fromkeys(("f", "F", "f*", "S", "s", *_BOTH, "Tj", "TJ", "'", '"'), Separation._painted),
    "Do": Separation._object,
    "BI": Separation._inline,
    "sh": Separation._shade,
}


def plates_of(image: Any, resources: Any) -> Plates:
    """An image as four grey pictures, one for each plate, white where there is no ink."""
    width, height = whole(entry(image, "/Width")), whole(entry(image, "/Height"))
    if not 0 < width * height <= MAX_PIXELS:
        raise Unmeasurable("image of such a size")
    filters = [words(one) for one in elements(entry(image, "/Filter"))] or [words(entry(image, "/Filter"))]
    space = space_of(entry(image, "/ColorSpace"), resources) or colours.UNKNOWN
    bits = whole(entry(image, "/BitsPerComponent"), 8)
    turned = numbers(entry(image, "/Decode"))[:2] == (1.0, 0.0)
    picture: Image.Image | None = None
    if filters == ["DCTDecode"]:
        picture = Image.open(io.BytesIO(image.read_raw_bytes()))
        if picture.width * picture.height > MAX_PIXELS or picture.mode not in ("L", "CMYK"):
            raise Unmeasurable("image")
        if picture.mode == "CMYK":
            picture = ImageChops.invert(picture)  # Pillow takes every such file to be stored inverted
    elif space.model in (Model.GREY, Model.CMYK) and bits in (1, 8) and not space.inks and space.family != "Indexed":
        mode = "CMYK" if space.parts == 4 else "L" if bits == 8 else "1"
        picture = Image.frombytes(mode, (width, height), read_stream(image)) if (mode, bits) != ("CMYK", 1) else None
    if picture is None:
        raise Unmeasurable(f"image in {space.family} of {bits} bits")
    factor = max(1, max(picture.size) // _LONGEST_PX)
    picture = picture.convert("L") if picture.mode == "1" else picture
    picture = picture.reduce(factor) if factor > 1 else picture
    picture = ImageChops.invert(picture) if turned else picture
    if picture.mode == "CMYK":
        cyan, magenta, yellow, black = (ImageChops.invert(channel) for channel in picture.split())
        return cyan, magenta, yellow, black
    white = Image.new("L", (1, 1), 255)
    return white, white, white, picture
