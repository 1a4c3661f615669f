"""What is in a PDF that decides whether it is fit for a use: records only, with lengths in points and millimetres.

Facts say what is there and never whether it is right. What could not be read is said too, in `unread`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from briefing.pdf.colours import Colour, Space
from briefing.pdf.geometry import MM_PER_PT, Box


class PaintUse(StrEnum):
    """What a colour is used for."""

    TEXT = "text"
    STROKE = "line"
    FILL = "area"
    SHADING = "gradient"
    IMAGE = "image"


class Zone(StrEnum):
    """How far in on the sheet something stands: what touches the trimmed page, the bleed, or neither."""

    PAGE = "page"
    BLEED = "bleed"
    SLUG = "slug"


@dataclass(frozen=True, slots=True)
class Paint:
    """All that is painted on a page with one colour in one way."""

    use: PaintUse
    colour: Colour
    zone: Zone
    overprint: bool
    mode: int  # of overprinting (OPM): with 1, a CMYK colour leaves the plates alone on which it has nothing
    size: float = 0.0  # of type, in points as printed, to 0.01
    few: bool = False  # whether it is type of at most three signs, as the mark of a note is
    count: int = 1


@dataclass(frozen=True, slots=True)
class PaintedLine:
    """All lines and filled bars of one thickness on a page."""

    width: float  # in points as printed, to 0.001; 0 is as thin as the device can
    zone: Zone
    count: int = 1


class Image(NamedTuple):
    """An image where it is placed; one that is placed twice counts twice."""

    name: str
    width_px: int
    height_px: int
    width_mm: float
    height_mm: float
    ppi: float  # pixels per inch as printed, in the worse direction
    space: Space
    bits: int  # for each part of a colour
    stencil: bool  # whether it is a shape that is filled with a colour
    soft_mask: bool
    smoothed: bool  # /Interpolate
    zone: Zone


class Font(NamedTuple):
    """A font with which words are set."""

    name: str  # without the six letters that mark a subset
    kind: str
    embedded: bool
    subset: bool
    unicode: bool  # whether its letters can be read back (ToUnicode, or an encoding that says it)


@dataclass(frozen=True, slots=True)
class Effect:
    """Transparency that is used in painting."""

    kind: str  # alpha, blend, soft mask or group
    detail: str
    count: int = 1


class PageAnnotation(NamedTuple):
    """Something laid over a page: a link, a remark, a field."""

    subtype: str
    box: Box | None
    zone: Zone
    flags: int
    contents: str
    actions: tuple[str, ...]
    tagged: bool  # whether it belongs to the structure tree


class InkCoverage(NamedTuple):
    """How much ink the four plates put on a page, in per cent."""

    most: float | None  # of all four together, over a square millimetre
    plates: tuple[float, float, float, float] | None  # mean of cyan, magenta, yellow and black
    why_not: str = ""  # why nothing was measured


@dataclass(frozen=True, slots=True)
class PageFacts:
    """One page."""

    number: int  # from 1
    media: Box
    boxes: dict[str, Box] = field(hash=False)  # those that the page names itself: crop, bleed, trim, art
    rotation: int
    unit: float
    paints: tuple[Paint, ...]
    lines: tuple[PaintedLine, ...]
    images: tuple[Image, ...]
    fonts: tuple[Font, ...]
    effects: tuple[Effect, ...]
    annotations: tuple[PageAnnotation, ...]
    tabs: str
    untagged: int  # painting that stands in no marked content
    missing: tuple[str, ...]  # what its content names and its resources lack
    ink: InkCoverage | None = None

    def box(self, name: str) -> Box:
        """A box of the page, or the one that stands in for it (ISO 32000-1, 14.11.2)."""
        if name == "media":
            return self.media
        return self.boxes.get(name) or self.box("media" if name == "crop" else "crop")

    def size_mm(self, name: str = "trim") -> tuple[float, float]:
        """Width and height of a box."""
        left, bottom, right, top = self.box(name)
        return (right - left) * self.unit * MM_PER_PT, (top - bottom) * self.unit * MM_PER_PT

    def box_mm(self, name: str) -> Box:
        """A box in millimetres."""
        left, bottom, right, top = (edge * self.unit * MM_PER_PT for edge in self.box(name))
        return left, bottom, right, top

    @property
    def text(self) -> Iterator[Paint]:
        """What is painted as type."""
        return (paint for paint in self.paints if paint.use is PaintUse.TEXT)

    @property
    def empty(self) -> bool:
        """Whether nothing is painted within the trimmed page."""
        return not any(item.zone is Zone.PAGE for items in (self.paints, self.images) for item in items)


class Attachment(NamedTuple):
    """A file inside the PDF."""

    name: str
    kind: str  # media type
    relationship: str  # /AFRelationship
    associated: bool  # whether the catalogue or an object names it as its own (/AF)


class Intent(NamedTuple):
    """For what printing or screen a file is meant."""

    subtype: str
    identifier: str
    registry: str
    condition: str
    info: str
    parts: int | None  # of the profile inside; none where there is no profile
    kind: str = ""  # colour space that the profile itself names


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file's XMP says."""

    readable: bool = False
    pdfa: tuple[str, str] = ("", "")  # part and conformance
    pdfua: str = ""
    pdfx: str = ""
    title: str = ""
    producer: str = ""
    created: str = ""
    modified: str = ""
    stamped: str = ""  # MetadataDate
    document: str = ""  # identifier
    version: str = ""
    rendition: str = ""
    trapped: str = ""


@dataclass(frozen=True, slots=True)
class Structure:
    """What a screen reader is told of a file."""

    roles: tuple[tuple[str, int], ...]  # as the standard names them, with how often
    strange: tuple[str, ...]  # roles that the standard does not know and the file does not explain
    headings: tuple[int, ...]  # their levels in order
    figures_without_alt: int
    tables_without_heads: int
    heads_without_scope: int
    lists_without_numbering: int
    notes_without_id: int
    links_without_target: int  # Link elements that hold no annotation
    broken: bool  # whether it is no tree

    def count(self, role: str) -> int:
        """How often a role is used."""
        return dict(self.roles).get(role, 0)


@dataclass(frozen=True, slots=True)
class Facts:
    """A file."""

    name: str
    size: int
    trouble: str = ""  # why it cannot be opened
    repaired: tuple[str, ...] = ()  # what had to be mended to read it
    version: str = ""
    identified: bool = False  # whether the trailer has an ID
    encrypted: bool = False
    scripts: int = 0
    actions: tuple[str, ...] = ()  # kinds of actions besides going to a place or an address
    automatic: tuple[str, ...] = ()  # kinds of actions that run without being asked for
    attachments: tuple[Attachment, ...] = ()
    intents: tuple[Intent, ...] = ()
    xmp: Metadata = Metadata()
    info: dict[str, str] = field(default_factory=dict, hash=False)
    language: str = ""
    title_shown: bool = False
    bookmarks: int = 0
    marked: bool = False
    structure: Structure | None = None
    scaling: str = ""  # preset of the print dialog
    duplex: str = ""  # the same
    numbered: bool = False  # whether it holds numbered copies, one after the other
    layers: int = 0
    fields: int = 0  # of a form
    pages: tuple[PageFacts, ...] = ()
    count: int = 0  # pages, also those that were not examined
    drawn: bool | None = None  # whether pdfium opens it with as many pages
    unread: tuple[str, ...] = ()  # what was too much or too broken to examine
