"""How a PDF is written: the same bytes for the same content."""

from __future__ import annotations

import io

from pikepdf import ObjectStreamMode, Pdf


def save_to_bytes(pdf: Pdf, version: str = "", mend: bool = True) -> bytes:
    """The bytes of a PDF; its identifier is made from what it holds (ISO 32000-1, 14.4).

    A version of PDF is written where a standard asks for one. Metadata that may name another version is mended, which
    takes longer than all the rest; what a step of finishing has just written names none.
    """
    out = io.BytesIO()
    pdf.save(
        out,
        deterministic_id=True,
        linearize=False,
        object_stream_mode=ObjectStreamMode.generate,
        force_version=version,
        fix_metadata_version=mend,
    )
    return out.getvalue()
