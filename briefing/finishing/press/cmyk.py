"""A page of colours becomes a page of inks: every drawing, pattern, gradient and image that a file has.

What comes in is as the typesetter writes it, in sRGB; what goes out has cyan, magenta, yellow and black, or grey, and
nothing else (ISO 15930-7, 6.2.4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import (
    Array,
    ContentStreamInlineImage,
    ContentStreamInstruction,
    Dictionary,
    Name,
    Object,
    Operator,
    Pdf,
    Stream,
)

from briefing.finishing.context import Finishing
from briefing.finishing.press import colour_spaces, gradients, images
from briefing.finishing.press.graphics_state import InkedState
from briefing.finishing.press.ink_recipes import Inks
from briefing.finishing.press.stream_rewriter import Painter, Reader
from briefing.pdf.geometry import UNIT, Matrix, times

MAX_DEPTH = 24  # of drawings within drawings


def convert_to_inks(pdf: Pdf, about: Finishing) -> None:
    """Turn all colours of a file into inks."""
    if about.press is None:
        raise ValueError("a file without a printing condition has no inks")
    work = _Work(pdf, Inks(about.press))
    for page in pdf.pages:
        page.contents_coalesce()
        resources = work.resources(page.resources, Painter(work.inks), 0)
        read = pikepdf.parse_content_stream(page)
        page.Contents.write(Reader(resources.painter, resources, InkedState(over=(False, False))).written(read))
        if Name.Group in page.obj:
            page.Group.CS = Name.DeviceCMYK
    work.finish()


@dataclass(eq=False)
class _Work:
    """What has been converted so far."""

    pdf: Pdf
    inks: Inks
    done: set[tuple[int, int]] = field(default_factory=set)
    forms: dict[tuple[object, ...], Stream] = field(default_factory=dict)  # by what they are and how they are painted
    sources: dict[tuple[int, int], bytes] = field(default_factory=dict)  # as they were
    grouped: set[tuple[int, int]] = field(default_factory=set)  # what has to stay a transparency group
    blends: bool = False  # whether colours are mixed otherwise than by covering: then all groups stay

    def first(self, thing: Object) -> bool:
        """Whether it is met for the first time; what has no number of its own always is."""
        if not thing.is_indirect:
            return True
        new = thing.objgen not in self.done
        self.done.add(thing.objgen)
        return new

    def resources(self, own: Object, painter: Painter, depth: int) -> _Resources:
        """The resources of a stream, all converted but the drawings and images, which are as they are called."""
        found = _Resources(self, own, painter, depth)
        if self.first(own):
            for pattern in _values(own, "/Pattern"):
                self.pattern(pattern, painter, depth)
            for shading in _values(own, "/Shading"):
                self.shading(shading, painter)
            for state in _values(own, "/ExtGState"):
                self.graphics(state, depth)
            for font in _values(own, "/Font"):
                self.font(font, own, painter, depth)
        return found

    def pattern(self, pattern: Object, painter: Painter, depth: int) -> None:
        if not self.first(pattern):
            return
        if int(pattern.PatternType) == 2:
            self.shading(pattern.Shading, painter)
        elif isinstance(pattern, Stream):
            self.stream(pattern, InkedState(ctm=_matrix(pattern)), painter, depth + 1)

    def shading(self, shading: Object, painter: Painter) -> None:
        if self.first(shading):
            gradients.convert(self.pdf, shading, self.inks, painter.mask)

    def graphics(self, state: Object, depth: int) -> None:
        """Overprint is ours to say; a mask becomes grey."""
        if not self.first(state):
            return
        for key in ("/OP", "/op", "/OPM"):
            if key in state:
                del state[key]
        self.blends |= state.get("/BM", Name.Normal) not in _NORMAL
        mask = state.get("/SMask")
        if isinstance(mask, Dictionary) and self.first(mask) and self.first(mask.G):
            self.grouped.add(mask.G.objgen)
            self.stream(mask.G, InkedState(over=(False, False)), Painter(self.inks, mask=True), depth + 1)
            mask.G.Group.CS = Name.DeviceGray
            if "/BC" in mask:
                del mask["/BC"]  # black, which is what it is without being said

    def font(self, font: Object, own: Object, painter: Painter, depth: int) -> None:
        if font.get("/Subtype") == Name.Type3 and self.first(font):
            for drawing in font.CharProcs.values():
                if self.first(drawing):
                    self.stream(
                        drawing,
                        InkedState(ctm=_matrix(font, "/FontMatrix")),
                        painter,
                        depth + 1,
                        font.get("/Resources", own),
                    )

    def stream(self, stream: Any, state: InkedState, painter: Painter, depth: int, own: Object | None = None) -> None:
        """Convert a drawing other than a page."""
        if depth > MAX_DEPTH:
            raise ValueError("drawings lie too deep within each other")
        if own is None:
            own = stream.get("/Resources", Dictionary())
        resources = self.resources(own, painter, depth)
        stream.write(Reader(painter, resources, state).written(pikepdf.parse_content_stream(stream)))

    def form(self, form: Stream, state: InkedState, painter: Painter, depth: int) -> Stream:
        """A form as it is painted with a state; a second one where it has been painted otherwise before."""
        if state.veils:
            self.grouped.add(form.objgen)
        begun = state.inside()
        begun.ctm = times(_matrix(form), state.ctm)
        size = round(abs(begun.ctm[0] * begun.ctm[3] - begun.ctm[1] * begun.ctm[2]), 4)
        key = (form.objgen, painter.mask, size, state.fill, state.stroke)
        if key in self.forms:
            return self.forms[key]
        if form.objgen in self.sources:
            grouped = form.objgen in self.grouped
            form = _copied(self.pdf, form, self.sources[form.objgen])
            if grouped:
                self.grouped.add(form.objgen)
        else:
            self.sources[form.objgen] = form.read_bytes()
        self.done.add(form.objgen)
        self.forms[key] = form
        self.stream(form, begun, painter, depth + 1)
        return form

    def finish(self) -> None:
        """Convert what no page calls, and all images; take out spaces and groups that nothing needs any more."""
        painter = Painter(self.inks)
        streams = [thing for thing in self.pdf.objects if isinstance(thing, Stream)]
        for stream in streams:
            if stream.get("/Subtype") == Name.Form and stream.objgen not in self.done:
                self.form(stream, InkedState(), painter, 0)
            elif stream.get("/PatternType") == 1:
                self.pattern(stream, painter, 0)
            elif stream.get("/Subtype") == Name.Image and self.first(stream):
                images.convert(stream, self.inks)
        for thing in [*streams, *(page.obj for page in self.pdf.pages)]:
            _tidy(thing.get("/Resources"))
            if (group := thing.get("/Group")) is not None and thing.get("/Subtype") == Name.Form:
                if self.blends or thing.objgen in self.grouped:
                    group.CS = Name.DeviceGray if group.get("/CS") == Name.DeviceGray else Name.DeviceCMYK
                else:
                    del thing["/Group"]


@dataclass(eq=False)
class _Resources:
    """What one stream calls by name (see `stream_rewriter.Resources`)."""

    work: _Work
    own: Object
    painter: Painter
    depth: int

    def _called(self, name: Object) -> Any:
        return self.own.get("/XObject", Dictionary()).get(str(name))

    def form(self, name: Object, state: InkedState) -> Object:
        form = self._called(name)
        if form is None or form.get("/Subtype") != Name.Form:
            return name
        found = self.work.form(form, state, self.painter, self.depth)
        if found.objgen == form.objgen:
            return name
        number = next(n for n in range(2, 10_000) if self.own.XObject.get(f"{name}-{n}", found).objgen == found.objgen)
        self.own.XObject[f"{name}-{number}"] = found
        return Name(f"{name}-{number}")

    def is_image(self, name: Object) -> bool:
        found = self._called(name)
        if found is None or found.get("/Subtype") != Name.Image:
            return False
        if self.painter.mask and self.work.first(found):
            images.convert(found, self.work.inks, mask=True)
        return True

    def is_stencil(self, name: Object) -> bool:
        found = self._called(name)
        return found is not None and found.get("/Subtype") == Name.Image and images.is_stencil(found)

    def inline(self, image: ContentStreamInlineImage) -> ContentStreamInstruction | None:
        picture = image.iimage
        if picture.image_mask or str(picture.colorspace) in ("/DeviceGray", "/G", "/DeviceCMYK", "/CMYK"):
            return None
        from PIL.Image import Image

        pixels: Image = picture.as_pil_image().convert("RGB")
        stream = Stream(
            self.work.pdf,
            pixels.tobytes(),
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=pixels.width,
            Height=pixels.height,
            ColorSpace=Name.DeviceRGB,
            BitsPerComponent=8,
        )
        images.convert(stream, self.work.inks, self.painter.mask)
        if "/XObject" not in self.own:
            self.own.XObject = Dictionary()
        name = f"/inline{len(self.own.XObject)}"
        self.own.XObject[name] = stream
        return ContentStreamInstruction([Name(name)], Operator("Do"))

    def overprint(self, strokes: bool, others: bool) -> Name:
        name = f"/over{strokes:d}{others:d}"
        if "/ExtGState" not in self.own:
            self.own.ExtGState = Dictionary()
        if name not in self.own.ExtGState:
            # OPM 1: an ink that a colour has none of leaves what lies there (ISO 32000-1, 8.6.7).
            self.own.ExtGState[name] = Dictionary(Type=Name.ExtGState, OP=strokes, op=others, OPM=1)
        return Name(name)

    def veils(self, name: Object, before: frozenset[str]) -> frozenset[str]:
        state = self.own.get("/ExtGState", Dictionary()).get(str(name), Dictionary())
        for key, plain in _VEILS.items():
            if key in state:
                before = before - {key} if state[key] in plain else before | {key}
        return before


_NORMAL = (Name.Normal, Name.Compatible)
_VEILS: Mapping[str, tuple[Any, ...]] = {"/ca": (1,), "/SMask": (Name("/None"),), "/BM": _NORMAL}


def _values(own: Object, name: str) -> list[Any]:
    return list(own.get(name, Dictionary()).values())


def _tidy(own: Object | None) -> None:
    """Take the names of colour spaces out that are in use no more."""
    if own is None or "/ColorSpace" not in own:
        return
    for name, space in list(own.ColorSpace.items()):
        if colour_spaces.kind(space) != colour_spaces.OTHER:
            del own.ColorSpace[name]
    if not len(own.ColorSpace):
        del own["/ColorSpace"]


def _copied(pdf: Pdf, form: Stream, data: bytes) -> Any:
    """A second form with the drawing that a form once had."""
    copy: Any = Stream(pdf, data)
    for key, value in dict[str, Any](form.items()).items():
        if key not in ("/Length", "/Filter", "/DecodeParms"):
            copy[key] = Dictionary(value) if key in ("/Resources", "/Group") else value
    own = copy.get("/Resources", Dictionary())
    for key in ("/XObject", "/ExtGState"):
        if key in own:
            own[key] = Dictionary(own[key])
    return pdf.make_indirect(copy)


def _matrix(thing: Any, key: str = "/Matrix") -> Matrix:
    a, b, c, d, e, f = (float(part) for part in thing.get(key, Array(UNIT)))
    return (a, b, c, d, e, f)
