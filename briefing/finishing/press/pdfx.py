"""The file says of itself what a print shop has to know: PDF/X-4:2010 (ISO 15930-7), and for which printing it is made.

Its identifiers come from what it holds and its dates are that of the briefing, so the same content gives the same file.
"""

from __future__ import annotations

import datetime
import hashlib
import uuid
from xml.sax.saxutils import escape

from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from briefing.finishing.context import Finishing, PrintingCondition

REGISTRY = "http://www.color.org"  # of printing conditions, as the standard names it (ISO 15930-7, 6.2.3)
CONDITIONS = {
    "FOGRA39": "Offset on coated paper, type 1 or 2, 115 g/m2, screen 60/cm (ISO 12647-2:2004/Amd 1:2007)",
    "FOGRA47": "Offset on uncoated white paper, type 4, 115 g/m2, screen 60/cm (ISO 12647-2:2004/Amd 1:2007)",
    "FOGRA51": "Offset on premium coated paper, type PC1, 115 g/m2 (ISO 12647-2:2013)",
    "FOGRA52": "Offset on wood-free uncoated white paper, type PC5, 120 g/m2 (ISO 12647-2:2013)",
}
VERSION = "1.6"  # of PDF, on which PDF/X-4 stands
PRODUCER = "printable briefing"
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" \
xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" \
xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/">
{told}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def make_pdfx(pdf: Pdf, about: Finishing) -> None:
    """Make a file of pages in inks a PDF/X-4 file."""
    press = about.press
    if press is None or about.date is None:
        raise ValueError("an exchange file needs its printing condition and its date")
    content = _digest(pdf)
    pdf.Root.OutputIntents = Array([_intent(pdf, press)])
    day = datetime.datetime.combine(about.date, datetime.time(), datetime.UTC)
    info, creator = pdf.docinfo, str(pdf.docinfo.get("/Producer", PRODUCER))
    for key in list(info.keys()):
        del info[key]
    info.Title = String(about.title)
    info.Producer = String(creator)
    info.CreationDate = info.ModDate = String(day.strftime("D:%Y%m%d%H%M%SZ"))
    info.Trapped = Name("/False")
    if about.creators:
        info.Author = String("; ".join(about.creators))
    # Not compressed, so that it can be read without knowing PDF (ISO 15930-7, 6.6.2).
    pdf.Root.Metadata = Stream(pdf, _metadata(about, day, content, creator), Type=Name.Metadata, Subtype=Name.XML)
    if about.language:
        pdf.Root.Lang = String(about.language)
    for key in ("/Version", "/Extensions"):
        if key in pdf.Root:
            del pdf.Root[key]


def _intent(pdf: Pdf, press: PrintingCondition) -> Dictionary:
    """The printing that the inks are meant for (ISO 32000-1, 14.11.5), with its profile."""
    if press.profile[16:20] != b"CMYK" or press.profile[12:16] != b"prtr":
        raise ValueError("the profile is not that of a press with four inks")
    profile = Stream(pdf, press.profile, N=4, Alternate=Name.DeviceCMYK)
    told = CONDITIONS.get(press.condition, press.condition)
    intent = Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFX)
    intent.OutputConditionIdentifier = String(press.condition)
    intent.OutputCondition = String(told)
    intent.RegistryName = String(REGISTRY)
    intent.Info = String(told)
    intent.DestOutputProfile = pdf.make_indirect(profile)
    return intent


def _digest(pdf: Pdf) -> str:
    """What a file holds, as a number."""
    digest = hashlib.sha256()
    for thing in pdf.objects:
        if isinstance(thing, Stream):
            digest.update(thing.read_raw_bytes())
    return digest.hexdigest()


def _metadata(about: Finishing, day: datetime.datetime, content: str, creator: str) -> bytes:
    stamp = day.strftime("%Y-%m-%dT%H:%M:%SZ")
    document = uuid.uuid5(uuid.NAMESPACE_URL, f"{about.publisher}\n{about.title}\n{stamp}\n{content}")
    told = {
        "dc:format": "application/pdf",
        "xmp:CreateDate": stamp,
        "xmp:ModifyDate": stamp,
        "xmp:MetadataDate": stamp,
        "pdf:Producer": creator,
        "pdf:Trapped": "False",
        "xmpMM:DocumentID": f"uuid:{document}",
        "xmpMM:VersionID": "1",
        "xmpMM:RenditionClass": "default",
        "pdfxid:GTS_PDFXVersion": "PDF/X-4",
    }
    lines = [f"<{name}>{escape(text)}</{name}>" for name, text in told.items()]
    lines.append(f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(about.title)}</rdf:li></rdf:Alt></dc:title>')
    if about.creators:
        items = "".join(f"<rdf:li>{escape(one)}</rdf:li>" for one in about.creators)
        lines.append(f"<dc:creator><rdf:Seq>{items}</rdf:Seq></dc:creator>")
    return _XMP.format(told="\n".join(lines)).encode()
