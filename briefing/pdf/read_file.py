"""A finished PDF that is given by name: its bytes come out, or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from briefing import files
from briefing.findings import Place, Refused, error

MAX_BYTES = 200_000_000


def read(file: Path, shown: str) -> bytes:
    """The bytes of a file; raises `Refused` where it is not there, cannot be read or is too large."""
    return files.read_named(file, MAX_BYTES, shown, "build it first, or name another")


@contextmanager
def refuse_unsound(shown: str) -> Iterator[None]:
    """Refuse what turns out to be no sound PDF, or one that asks for a password."""
    import pikepdf
    import pypdfium2

    from briefing.pdf.safe_open import BROKEN

    try:
        yield
    except pikepdf.PasswordError:
        hint = "save it without a password"
        raise Refused([error("pdf-locked", "the file asks for a password", Place(shown), hint)]) from None
    except (*BROKEN, pypdfium2.PdfiumError, MemoryError) as fault:  # entries of a wrong type raise whatever they raise
        said = re.sub(r"<_io[^>]*>(: )?", "", str(fault)).partition("\n")[0][:120]
        message = f"this is no sound PDF: {said or 'it cannot be read'}"
        raise Refused([error("pdf-unsound", message, Place(shown), "save or build it again")]) from None
