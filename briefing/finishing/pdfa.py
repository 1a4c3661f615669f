"""What an archive asks of a file: who and what it is in one metadata stream, its data attached, and no clock in it.

PDF/A-3 with level A conformance (ISO 19005-3) and PDF/UA-1 (ISO 14289-1) are named side by side.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from html import escape

from pikepdf import Array, Dictionary, Name, NameTree, Pdf, String

from briefing.finishing.context import AttachedFile, Finishing


def make_archivable(pdf: Pdf, about: Finishing) -> None:
    """Attach the data of a document, and say what the file is and which standards it keeps."""
    _attach(pdf, about)
    root, info = pdf.Root, pdf.docinfo
    root.Lang = String(about.language)
    if Name.ViewerPreferences not in root:
        root.ViewerPreferences = Dictionary()
    root.ViewerPreferences.DisplayDocTitle = True  # ISO 14289-1, 7.1
    if about.title:
        info.Title = String(about.title)
    if about.creators:
        info.Author = String("; ".join(about.creators))
    for name in (Name.CreationDate, Name.ModDate):
        if name in info:
            del info[name]
        if about.date:
            info[name] = String(_stamp(about.date))
    said = {name: str(info.get(f"/{name}", "")) for name in ("Title", "Author", "Subject", "Producer")}
    metadata = pdf.make_stream(_packet(said, about).encode())  # not compressed: ISO 19005-3, 6.6.2.1, as advised
    metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
    root.Metadata = metadata


def _stamp(day: datetime.date) -> str:
    return f"D:{day:%Y%m%d}000000Z"  # midnight, universal time


# ------------------------------------------------------------------ attachments


def _attach(pdf: Pdf, about: Finishing) -> None:
    """Files that go along, each with what it is to the document (ISO 19005-3, 6.8)."""
    if not about.attached:
        return
    files = NameTree.new(pdf)
    for attached in about.attached:
        files[attached.name] = _file(pdf, attached, about.date)
    if Name.Names not in pdf.Root:
        pdf.Root.Names = Dictionary()
    pdf.Root.Names.EmbeddedFiles = files.obj
    pdf.Root.AF = Array([files[attached.name] for attached in sorted(about.attached, key=lambda one: one.name)])


def _file(pdf: Pdf, attached: AttachedFile, day: datetime.date | None) -> Dictionary:
    stream = pdf.make_stream(attached.data)
    stream.Type, stream.Subtype = Name.EmbeddedFile, Name("/" + attached.kind)
    digest = hashlib.md5(attached.data, usedforsecurity=False).digest()  # ISO 32000-1, table 46
    stream.Params = Dictionary(Size=len(attached.data), CheckSum=String(digest))
    if day:
        stream.Params.ModDate = String(_stamp(day))
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(attached.name),
            UF=String(attached.name),
            Desc=String(attached.told),
            EF=Dictionary(F=stream, UF=stream),
            AFRelationship=Name.Data,
        )
    )


# ------------------------------------------------------------------ metadata

# Of a schema that PDF/A does not know it wants a description (ISO 19005-3, 6.6.2.3.3).
_EXTENSION = """\
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" \
rdf:about="">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>"""


def _packet(said: dict[str, str], about: Finishing) -> str:
    lines = "\n".join(line for line in _properties(said, about) if line)
    return f"""\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" \
xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" \
xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="">
{lines}
</rdf:Description>
{_EXTENSION}
</rdf:RDF>
</x:xmpmeta>

<?xpacket end="w"?>
"""


def _properties(said: dict[str, str], about: Finishing) -> Iterator[str]:
    """What the file says of itself, the same as in its information dictionary (ISO 19005-3, 6.6.3)."""
    yield "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>"
    yield "<pdfuaid:part>1</pdfuaid:part>"
    yield _listed("title", "Alt", said["Title"])
    yield _listed("creator", "Seq", *(about.authors or (said["Author"],)))
    yield _listed("publisher", "Bag", about.publisher, *about.publishers)
    yield _listed("description", "Alt", said["Subject"])
    yield _listed("language", "Bag", about.language)
    if about.date:
        yield _listed("date", "Seq", about.date.isoformat())
        moment = f"{about.date.isoformat()}T00:00:00Z"
        yield f"<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>"
    if about.identifiers:
        items = "".join(f"<rdf:li>{escape(one, quote=False)}</rdf:li>" for one in about.identifiers)
        yield f"<dc:identifier>{escape(about.identifiers[0], quote=False)}</dc:identifier>"
        yield f"<xmp:Identifier><rdf:Bag>{items}</rdf:Bag></xmp:Identifier>"
    if said["Producer"]:
        yield f"<pdf:Producer>{escape(said['Producer'], quote=False)}</pdf:Producer>"


def _listed(name: str, kind: str, *values: str) -> str:
    language = ' xml:lang="x-default"' if kind == "Alt" else ""
    items = "".join(f"<rdf:li{language}>{escape(one, quote=False)}</rdf:li>" for one in values if one)
    return f"<dc:{name}><rdf:{kind}>{items}</rdf:{kind}></dc:{name}>" if items else ""
