"""A good press file and a good reading file, made by hand, and ways to break one thing in them."""

from __future__ import annotations

import datetime
import functools
import io
from collections.abc import Callable

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Object, OutlineItem, Pdf, Stream, String
from PIL import Image, ImageCms

from tests.support.builds import TEMPLATES

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
BLEED = 3 * MM
SLUG = 10 * MM
WORDS = "Hamburgefonstiv 0123456789"
_DAY = datetime.date(2024, 6, 11).isoformat() + "T00:00:00Z"
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">A title</rdf:li></rdf:Alt></dc:title>
{said}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
PRESS_SAID = (
    f"<xmp:CreateDate>{_DAY}</xmp:CreateDate><xmp:ModifyDate>{_DAY}</xmp:ModifyDate>"
    f"<xmp:MetadataDate>{_DAY}</xmp:MetadataDate><xmpMM:DocumentID>uuid:1</xmpMM:DocumentID>"
    "<xmpMM:VersionID>1</xmpMM:VersionID><xmpMM:RenditionClass>default</xmpMM:RenditionClass>"
    "<pdf:Trapped>False</pdf:Trapped><pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>"
)
READING_SAID = "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>"


def broken(good: bytes, fault: Callable[[Pdf], object]) -> bytes:
    """A good file with one thing changed."""
    with Pdf.open(io.BytesIO(good)) as pdf:
        fault(pdf)
        return saved(pdf)


def saved(pdf: Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def paint(pdf: Pdf, operators: str, page: int = 0) -> None:
    """Add operators to the end of a page."""
    sheet = pdf.pages[page].obj
    sheet.Contents = Stream(pdf, sheet.Contents.read_bytes() + b"\n" + operators.encode("ascii"))


def replace(pdf: Pdf, before: str, after: str, page: int = 0) -> None:
    """Change operators of a page."""
    sheet = pdf.pages[page].obj
    data = sheet.Contents.read_bytes()
    assert before.encode() in data
    sheet.Contents = Stream(pdf, data.replace(before.encode(), after.encode()))


def describe(pdf: Pdf, said: str) -> None:
    """Give the file its XMP."""
    pdf.Root.Metadata = Stream(pdf, _XMP.format(said=said).encode(), Type=Name.Metadata, Subtype=Name.XML)


@functools.cache
def _letters() -> tuple[bytes, tuple[int, ...]]:
    """A font with few letters, and the widths of the signs from space to tilde."""
    font = TTFont(TEMPLATES / "fonts" / "SourceSans3_400Regular.ttf", recalcTimestamp=False)
    for table in ("GDEF", "GPOS", "GSUB"):
        del font[table]  # to read how its letters stand together takes seconds, and nothing here is set with it
    maker = subset.Subsetter(subset.Options(notdef_outline=True, hinting=False, layout_features=[]))
    maker.populate(text=WORDS)
    maker.subset(font)
    glyphs, wide = font.getBestCmap(), font["hmtx"]
    widths = tuple(wide[glyphs[code]][0] if code in glyphs else 0 for code in range(32, 127))
    out = io.BytesIO()
    font.save(out)
    return out.getvalue(), widths


def font(pdf: Pdf) -> Object:
    data, widths = _letters()
    cmap = "\n".join(f"<{code:02x}> <{code:04x}>" for code in range(32, 127))
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Plain def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange 95 beginbfchar\n{cmap}\nendbfchar endcmap end end"
    )
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name("/ABCDEF+SourceSans3"), Flags=32, ItalicAngle=0, StemV=80,
        FontBBox=Array([-500, -300, 1500, 1000]), Ascent=1000, Descent=-300, CapHeight=660,
        FontFile2=pdf.make_indirect(Stream(pdf, data, Length1=len(data))),
    )  # fmt: skip
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=Name("/ABCDEF+SourceSans3"),
            FirstChar=32,
            LastChar=126,
            Widths=Array(list(widths)),
            Encoding=Name.WinAnsiEncoding,
            FontDescriptor=pdf.make_indirect(descriptor),
            ToUnicode=pdf.make_indirect(Stream(pdf, table.encode())),
        )
    )


def photograph(side_px: int = 300) -> Image.Image:
    """A picture in CMYK with a course of every ink, 190 per cent at most."""
    across = Image.linear_gradient("L").resize((side_px, side_px))
    along = across.rotate(90)
    faint = Image.eval(across, lambda value: value * 90 // 255)
    return Image.merge("CMYK", (Image.eval(along, lambda v: v * 3 // 5), Image.eval(across, lambda v: v // 2), faint,
                                Image.eval(along, lambda v: v // 4)))  # fmt: skip


def image(pdf: Pdf, picture: Image.Image, jpeg: bool = False) -> Object:
    space = {"CMYK": Name.DeviceCMYK, "RGB": Name.DeviceRGB, "L": Name.DeviceGray, "1": Name.DeviceGray}[picture.mode]
    made = Stream(pdf, picture.tobytes())
    if jpeg:
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=95)
        made = Stream(pdf, out.getvalue(), Filter=Name.DCTDecode)
        if picture.mode == "CMYK":
            made.Decode = Array([1, 0] * 4)  # Pillow writes such files inverted
    made.Type, made.Subtype, made.Width, made.Height = Name.XObject, Name.Image, picture.width, picture.height
    made.ColorSpace, made.BitsPerComponent = space, 1 if picture.mode == "1" else 8
    return pdf.make_indirect(made)


PRESS_PAGE = """
/Over gs 0 0 0 1 k BT /F 11 Tf {x} 600 Td (Hamburgefonstiv 0123) Tj ET
BT /F 8 Tf {x} 570 Td (Hamburgefonstiv) Tj ET
/Out gs 0.6 0.2 0 0.1 k {x} 300 100 100 re f
q 72 0 0 72 {x} 450 cm /Im Do Q
0 0 0 1 K 0.5 w {x} 280 m 300 280 l S
/All cs 1 scn 2 2 12 0.3 re f
q /All CS 1 SCN 0.3 w 2 50 m 15 50 l 635 50 m 645 50 l 2 880 m 15 880 l S Q
"""


@functools.cache
def good_press(pages: int = 4) -> bytes:
    """A file that a print shop would take."""
    with Pdf.new() as pdf:
        letters, picture = font(pdf), image(pdf, photograph())
        width, height = A4
        out = SLUG
        for _ in range(pages):
            page = pdf.add_blank_page(page_size=(width + 2 * out, height + 2 * out)).obj
            page.TrimBox = Array([out, out, out + width, out + height])
            page.BleedBox = Array([out - BLEED, out - BLEED, out + width + BLEED, out + height + BLEED])
            every = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0] * 4), C1=Array([1] * 4), N=1)
            page.Resources = Dictionary(
                Font=Dictionary(F=letters),
                XObject=Dictionary(Im=picture),
                ColorSpace=Dictionary(All=Array([Name.Separation, Name.All, Name.DeviceCMYK, every])),
                ExtGState=Dictionary(Over=Dictionary(OP=True, op=True, OPM=1), Out=Dictionary(OP=False, op=False)),
            )
            page.Contents = Stream(pdf, PRESS_PAGE.format(x=100).encode())
        profile = (TEMPLATES / "press" / "FOGRA39L_coated.icc").read_bytes()
        pdf.Root.OutputIntents = Array(
            [
                Dictionary(
                    Type=Name.OutputIntent,
                    S=Name.GTS_PDFX,
                    OutputConditionIdentifier="FOGRA39",
                    RegistryName="http://www.color.org",
                    Info="Coated FOGRA39",
                    DestOutputProfile=pdf.make_indirect(Stream(pdf, profile, N=4)),
                )
            ]
        )
        describe(pdf, PRESS_SAID)
        return saved(pdf)


READING_PAGE = """
/H1 <</MCID 0>> BDC 0 0 0 rg BT /F 20 Tf 100 700 Td (Hamburgefonstiv) Tj ET EMC
/P <</MCID 1>> BDC BT /F 10 Tf 100 670 Td (Hamburgefonstiv 0123) Tj ET EMC
/Figure <</MCID 2>> BDC 0.2 0.4 0.6 rg 100 500 100 100 re f q 50 0 0 50 250 500 cm /Im Do Q EMC
/TH <</MCID 3>> BDC 0 0 0 rg BT /F 10 Tf 100 470 Td (Hamburg) Tj ET EMC
/TD <</MCID 4>> BDC BT /F 10 Tf 100 450 Td (12) Tj ET EMC
/LBody <</MCID 5>> BDC BT /F 10 Tf 100 430 Td (Hamburg) Tj ET EMC
/Link <</MCID 6>> BDC BT /F 10 Tf 100 410 Td (Hamburg) Tj ET EMC
/Note <</MCID 7>> BDC BT /F 8 Tf 100 390 Td (Hamburg) Tj ET EMC
/H2 <</MCID 8>> BDC BT /F 12 Tf 100 370 Td (Hamburg) Tj ET EMC
/Artifact <</Type /Pagination>> BDC 0.5 w 100 100 m 300 100 l S EMC
"""


@functools.cache
def good_reading() -> bytes:
    """A file that a screen reader reads and an archive keeps."""
    with Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=A4).obj
        page.Resources = Dictionary(
            Font=Dictionary(F=font(pdf)), XObject=Dictionary(Im=image(pdf, photograph().convert("RGB")))
        )
        page.Contents = Stream(pdf, READING_PAGE.encode())
        page.StructParents, page.Tabs = 0, Name.S
        link = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=Array([100, 405, 160, 425]),
                F=4,
                StructParent=1,
                Border=Array([0, 0, 0]),
                Contents="To the example",
                P=page,
                A=Dictionary(S=Name.URI, URI="https://example.org/"),
            )
        )
        page.Annots = Array([link])
        root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        marks: dict[int, Object] = {}

        def element(parent: Object, role: str, mark: int | None = None, **more: object) -> Object:
            made = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name("/" + role), P=parent, K=Array([])))
            for key, value in more.items():
                made[Name("/" + key)] = value
            if mark is not None:
                made.Pg, made.K, marks[mark] = page, Array([mark]), made
            if parent is not root:
                parent.K.append(made)
            return made

        document = element(root, "Document")
        root.K = document
        element(document, "H1", 0)
        element(document, "P", 1)
        element(document, "Figure", 2, Alt="A square", A=Dictionary(O=Name.Layout, BBox=Array([100, 500, 300, 600])))
        table = element(document, "Table")
        element(element(table, "TR"), "TH", 3, A=Dictionary(O=Name.Table, Scope=Name.Column))
        element(element(table, "TR"), "TD", 4)
        item = element(element(document, "L", A=Dictionary(O=Name.List, ListNumbering=Name.Disc)), "LI")
        element(item, "LBody", 5)
        anchor = element(element(document, "P"), "Link", 6)
        anchor.K.append(Dictionary(Type=Name.OBJR, Obj=link, Pg=page))
        element(document, "Note", 7, ID=String("note-1"))
        element(document, "H2", 8)
        row = pdf.make_indirect(Array([marks[index] for index in range(9)]))
        root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array([0, row, 1, anchor])))
        root.ParentTreeNextKey = 2
        pdf.Root.StructTreeRoot = root
        pdf.Root.MarkInfo, pdf.Root.Lang = Dictionary(Marked=True), String("en")
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        with pdf.open_outline() as outline:
            outline.root.append(OutlineItem("Hamburg", 0))
        _screen(pdf)
        attach(pdf)
        describe(pdf, READING_SAID)
        return saved(pdf)


def _screen(pdf: Pdf) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    pdf.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier="sRGB",
                Info="sRGB",
                DestOutputProfile=pdf.make_indirect(Stream(pdf, profile, N=3)),
            )
        ]
    )


def attach(pdf: Pdf) -> None:
    """Attach a file as PDF/A-3 wants it."""
    held = pdf.make_indirect(Stream(pdf, b"a: 1\n", Type=Name.EmbeddedFile, Subtype=Name("/text/plain"),
                                    Params=Dictionary(ModDate="D:20240611000000Z", Size=5)))  # fmt: skip
    spec = pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F="content.yaml",
            UF="content.yaml",
            Desc="The source",
            AFRelationship=Name.Source,
            EF=Dictionary(F=held, UF=held),
        )
    )
    pdf.Root.AF = Array([spec])
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array(["content.yaml", spec])))


def tag(pdf: Pdf, role: str) -> Object:
    """The first structure element with a role."""
    todo = [pdf.Root.StructTreeRoot.K]
    while todo:
        one = todo.pop(0)
        if isinstance(one, pikepdf.Array):
            todo += list(one)
        elif isinstance(one, pikepdf.Dictionary) and "/S" in one:
            if "/" + role == one.S:
                return one
            todo.append(one.K)
    raise LookupError(role)
