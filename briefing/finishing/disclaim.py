"""A file that was made into another one no longer says that it conforms to what the first one did."""

from __future__ import annotations

from pikepdf import Pdf

# Accessible, archivable, and the schema that explains the one to the other.
_CLAIMS = ("http://www.aiim.org/pdfua/ns/id/", "http://www.aiim.org/pdfa/ns/")


def disclaim(pdf: Pdf, title: str = "") -> None:
    """Take out what only a file with sound tags can claim; give it another title where there is one."""
    if "/Metadata" in pdf.Root:
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as said:
            for key in [key for key in said if key.startswith(_CLAIMS, 1)]:
                del said[key]
            if title:
                said["dc:title"] = title
    if title:
        pdf.docinfo["/Title"] = title
