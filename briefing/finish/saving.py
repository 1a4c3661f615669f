"""How a PDF is written: the same bytes for the same content."""

from __future__ import annotations

import io

from pikepdf import ObjectStreamMode, Pdf


def saved(pdf: Pdf) -> bytes:
    """The bytes of a PDF; its identifier is made from what it holds (ISO 32000-1, 14.4)."""
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, linearize=False, object_stream_mode=ObjectStreamMode.generate)
    return out.getvalue()
