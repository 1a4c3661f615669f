"""All copies of a part of a run in one file for the printer: pages are shared, and each copy begins on a new sheet.

The file has no tags, which would grow with every copy; it has bookmarks and page labels such as 17.1, so that
whoever prints finds a copy by its number.
"""

from __future__ import annotations

import hashlib
import io
import math
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from pikepdf import Array, Dictionary, Name, Object, Pdf

from briefing.finishing.stamping.copy_mark import MarkPainter, StampedCopy, utf16
from briefing.finishing.stamping.tagged_file import add_resources
from briefing.finishing.tagging.artifacts import unmark
from briefing.finishing.viewer import Duplex
from briefing.pdf.object_writer import ObjectWriter, compact, format_references_to

_GROUP = 50  # copies below one node of the page tree, the bookmarks and the page labels
_LEVEL = 1  # of compression: a mark takes a third of the time of level 6, and a quarter more bytes
_WINDOW, _MEMORY = 12, 5  # more than a mark fills: with 32 KB, as usual, setting up can take longer than packing
_KEPT = ("/OutputIntents", "/Lang", "/Metadata")  # of the catalogue
_BOXES = ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox")


@dataclass(frozen=True)
class RunNames:
    """What bookmarks say: `{number}` of one copy, `{first}` and `{last}` of several."""

    copy: str = "Copy {number}"
    copies: str = "Copies {first} to {last}"


@dataclass(frozen=True)
class _Sheet:
    """A page of the finished file."""

    content: int  # object numbers
    resources: int
    boxes: bytes


class RunFile:
    """A finished file that is to be printed many times; all copies must have been shaped before.

    `page` has the mark, numbered from 0; `pages` are those that each copy has, all where left out. Without a mark all
    copies are the same; `bare` leaves out what the pages show: the mark goes onto pages that are printed already.
    Where both sides are printed, a copy of several pages ends on a back, be it a blank one.
    """

    def __init__(
        self,
        finished: bytes,
        mark: MarkPainter | None,
        page: int = 0,
        pages: Sequence[int] | None = None,
        bare: bool = False,
        duplex: Duplex = Duplex.LONG_EDGE,
    ) -> None:
        self._mark, self._duplex = mark, duplex
        with Pdf.open(io.BytesIO(finished)) as pdf:
            numbers = range(len(pdf.pages)) if pages is None else pages
            self._page = numbers.index(page) if mark else -1  # among those of a copy
            self._version = pdf.pdf_version
            if mark:
                add_resources(pdf, pdf.pages[page].obj, mark)
            kept, boxes = _kept(pdf, numbers, bare), [_boxes(pdf.pages[number].obj) for number in numbers]
            with Pdf.new() as new:
                new.Root.Kept = new.copy_foreign(pdf.make_indirect(kept))
                if "/Info" in pdf.trailer:
                    new.trailer.Info = new.copy_foreign(pdf.trailer.Info)
                self._pdf = compact(new)
        root = self._pdf.Root
        self._left_out = {root.objgen[0], root.Pages.objgen[0], root.Kept.objgen[0]}
        self._sheets = [
            _Sheet(one[0].objgen[0], one[1].objgen[0], box) for one, box in zip(root.Kept.Sheets, boxes, strict=True)
        ]
        self._catalog = b"".join(b"%s %s" % (key.encode(), _said(root.Kept[key])) for key in _KEPT if key in root.Kept)
        self._info = self._pdf.trailer.Info.objgen[0] if "/Info" in self._pdf.trailer else None

    @property
    def pages_each(self) -> int:
        """The pages of a copy, without a blank back."""
        return len(self._sheets)

    @property
    def pages_a_copy(self) -> int:
        """The pages that each copy takes, with a blank back where it needs one."""
        count = len(self._sheets)
        return count + count % 2 if count > 1 and self._duplex is not Duplex.SIMPLEX else count

    def write(self, copies: Sequence[StampedCopy], names: RunNames, out: BinaryIO) -> int:
        """Write these copies; the number of bytes."""
        return self.write_many(copies, len(copies), names, out)

    def write_many(self, copies: Iterable[StampedCopy], count: int, names: RunNames, out: BinaryIO) -> int:
        """Write so many copies as they come; the number of bytes."""
        return _Part(self, copies, count, names, out).write()

    def write_once(self, out: BinaryIO) -> int:
        """Write the pages once, as those of all copies: without bookmarks and labels; the number of bytes."""
        return _Part(self, [StampedCopy(1, ())], 1, None, out).write()


class _Part:
    """One file while it is written."""

    def __init__(
        self, run: RunFile, copies: Iterable[StampedCopy], count: int, names: RunNames | None, out: BinaryIO
    ) -> None:
        self._run, self._copies, self._count, self._names = run, iter(copies), count, names
        self._writer = ObjectWriter(out, run._version, _LEVEL)
        self._digest = hashlib.sha256()

    def write(self) -> int:
        writer, run = self._writer, self._run
        writer.add_all(run._pdf, run._left_out)
        root = writer.reserve(3)
        self._pages, self._outlines = root + 1, root + 2
        self._begun = self._write_begun()
        groups = math.ceil(self._count / _GROUP)
        self._items = writer.reserve(groups)  # of bookmarks, one a group
        nodes, labels = list[int](), list[int]()
        for index in range(groups):
            node, label = self._write_group(index, list(islice(self._copies, _GROUP)), index + 1 < groups)
            nodes.append(node)
            labels.append(label)
        pages = self._count * run.pages_a_copy
        writer.add(self._pages, b"<</Type/Pages/Count %d/Kids%s>>" % (pages, format_references_to(nodes)))
        found = b""
        if self._names:
            last = self._items + groups - 1
            told = b"<</Type/Outlines/Count %d/First %d 0 R/Last %d 0 R>>" % (groups, self._items, last)
            writer.add(self._outlines, told)
            found = b"/Outlines %d 0 R/PageLabels<</Kids%s>>" % (self._outlines, format_references_to(labels))
        duplex = run._duplex if run.pages_a_copy > 1 else Duplex.SIMPLEX
        wishes = b"<</PrintScaling/None/Duplex%s/DisplayDocTitle true>>" % duplex.encode()
        catalog = b"<</Type/Catalog/Pages %d 0 R%s/ViewerPreferences%s%s>>"
        writer.add(root, catalog % (self._pages, found, wishes, run._catalog))
        writer.end(root, run._info, self._digest.digest()[:16])
        return writer.at

    def _write_begun(self) -> bytes:
        """What the marks of all copies begin with, in a stream of its own before that of each; a reference to it.

        Streams of one page are read as one (ISO 32000-1, 7.8.2), so that each copy has a third of its QR code alone.
        """
        shared = self._run._mark.shared if self._run._mark else b""
        if not shared:
            return b""
        number, data = self._writer.reserve(), zlib.compress(shared, 9)
        self._digest.update(data)
        self._writer.add_stream(number, b"/Filter/FlateDecode", data)
        return b"%d 0 R " % number

    def _write_group(self, index: int, group: Sequence[StampedCopy], more: bool) -> tuple[int, int]:
        """The pages, the page labels and the bookmarks of some copies; the numbers of the first two."""
        writer, a_copy = self._writer, self._run.pages_a_copy
        node = writer.reserve(2)
        label, before = node + 1, index * _GROUP * a_copy
        kids, starts, names = list[int](), list[int](), list[bytes]()
        pages = self._pages_below(node)
        for at, copy in enumerate(group):
            first = self._write_copy(copy, pages)
            kids += range(first, first + a_copy)
            starts.append(first)
            names.append(b"%d<</P(%d.)/S/D>>" % (before + at * a_copy, copy.number))
        writer.add(
            node,
            b"<</Type/Pages/Parent %d 0 R/Count %d/Kids%s>>" % (self._pages, len(kids), format_references_to(kids)),
        )
        if not self._names:
            return node, label
        last = before + (len(group) - 1) * a_copy
        writer.add(label, b"<</Limits[%d %d]/Nums[%s]>>" % (before, last, b" ".join(names)))
        self._write_bookmarks(self._names, index, group, starts, more)
        return node, label

    def _pages_below(self, node: int) -> list[bytes]:
        """The pages of any copy below this node of the page tree; the one with the mark wants the number of its stream.

        All copies of a group share these, so that only the page with the mark is put together for each.
        """
        run, found = self._run, list[bytes]()
        for number, sheet in enumerate(run._sheets):
            content = b"%d 0 R" % sheet.content
            if number == run._page:
                content += b" %s%%d 0 R" % self._begun
            told = b"<</Type/Page/Parent %d 0 R/Contents[%s]/Resources %d 0 R%s>>"
            found.append(told % (node, content, sheet.resources, sheet.boxes))
        if run.pages_a_copy > len(run._sheets):
            found.append(b"<</Type/Page/Parent %d 0 R/Resources<<>>%s>>" % (node, run._sheets[-1].boxes))
        return found

    def _write_copy(self, copy: StampedCopy, pages: Sequence[bytes]) -> int:
        """The pages of a copy, which have numbers in turn; that of the first."""
        writer, run = self._writer, self._run
        stamp = writer.reserve(1 + len(pages))
        data = _packed(run._mark.draw_rest(copy) if run._mark else b"")
        self._digest.update(data)
        writer.add_stream(stamp, b"/Filter/FlateDecode", data)
        writer.add(stamp + 1, *[page % stamp if at == run._page else page for at, page in enumerate(pages)])
        return stamp + 1

    def _write_bookmarks(
        self, names: RunNames, index: int, group: Sequence[StampedCopy], starts: Sequence[int], more: bool
    ) -> None:
        """A bookmark for the group, and below it one for each copy: no chain of them grows with the run."""
        writer, item = self._writer, self._items + index
        first, last = writer.reserve(len(group)), len(group) - 1
        one = b"<</Title<%s>/Parent %d 0 R%s/Dest[%d 0 R/Fit]>>"
        for at, (copy, start) in enumerate(zip(group, starts, strict=True)):
            said = utf16(names.copy.format(number=copy.number))
            writer.add(first + at, one % (said, item, _beside(first + at, at > 0, at < last), start))
        name = names.copies.format(first=group[0].number, last=group[-1].number)
        told = b"<</Title<%s>/Parent %d 0 R%s/Dest[%d 0 R/Fit]/Count %d/First %d 0 R/Last %d 0 R>>"
        ends = (-len(group), first, first + last)
        writer.add(item, told % (utf16(name), self._outlines, _beside(item, index > 0, more), starts[0], *ends))


def _packed(mark: bytes) -> bytes:
    packing = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW, _MEMORY)
    return packing.compress(mark) + packing.flush()


def _beside(number: int, before: bool, after: bool) -> bytes:
    """The bookmarks before and after one, which have the numbers beside its own."""
    return (b"/Prev %d 0 R" % (number - 1) if before else b"") + (b"/Next %d 0 R" % (number + 1) if after else b"")


def count_pages(finished: bytes) -> int:
    """How many pages a finished file has."""
    with Pdf.open(io.BytesIO(finished)) as pdf:
        return len(pdf.pages)


def _kept(pdf: Pdf, numbers: Sequence[int], bare: bool) -> Dictionary:
    """What the new file has of the old one: its pages, and parts of its catalogue."""
    kept = Dictionary(Type=Name.Catalog, Sheets=Array([_without_tags(pdf, number, bare) for number in numbers]))
    for key in _KEPT:
        if key in pdf.Root:
            kept[key] = pdf.Root[key]
    if "/Metadata" in kept:
        metadata = _untagged(pdf.Root.Metadata.read_bytes())
        kept.Metadata = pdf.make_stream(metadata, Type=Name.Metadata, Subtype=Name.XML)
    return kept


def _boxes(page: Object) -> bytes:
    return b"".join(f"{key} ".encode() + page[key].unparse() for key in _BOXES if key in page)


def _said(value: Object) -> bytes:
    """A value as it stands in a dictionary."""
    return b"%d 0 R" % value.objgen[0] if value.is_indirect else value.unparse()


def _without_tags(pdf: Pdf, number: int, bare: bool) -> Array:
    """The content of a page without tags, packed, and its resources."""
    page = pdf.pages[number]
    unmark(page)
    content = b"" if bare else page.obj.Contents.read_bytes()
    packed = pdf.make_stream(zlib.compress(b"q\n%s\nQ\n" % content), Filter=Name.FlateDecode)
    resources = page.obj.get("/Resources", Dictionary())
    return Array([packed, resources if resources.is_indirect else pdf.make_indirect(resources)])


def _untagged(metadata: bytes) -> bytes:
    """Metadata that claims no tags: PDF/A-3b instead of 3a, and no PDF/UA."""
    told = metadata.replace(b'conformance="A"', b'conformance="B"')
    told = told.replace(b"<pdfaid:conformance>A<", b"<pdfaid:conformance>B<")
    return re.sub(rb'<pdfuaid:part>1</pdfuaid:part>|pdfuaid:part="1"', b"", told)
