"""The print-shop pack: everything that a printer is sent, as files in one folder and as one archive of the same.

Finished files come in and names with bytes go out; nothing is written here. The same files give the same archive.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from briefing.finishing.press.lowres_proof import proof_of

FOLDER = "print-shop-pack"
SUMS = "SHA256SUMS"
EARLIEST, LATEST = datetime.date(1980, 1, 1), datetime.date(2107, 12, 31)  # that an archive can say
_UNIX, _READABLE = 3, 0o100644 << 16  # a plain file that its owner may change and all may read


@dataclass(frozen=True)
class Pack:
    """What a print shop is sent."""

    files: Mapping[str, bytes] = field(repr=False)  # by name
    archive: bytes = field(repr=False)  # the same, in a folder of the pack's name

    @property
    def name(self) -> str:
        """The name of the archive."""
        return f"{FOLDER}.zip"


def pack(
    press: Mapping[str, bytes],
    ticket: bytes,
    ticket_text: str,
    preflight: str,
    date: datetime.date,
    proof_words: str,
    fonts: Path,
) -> Pack:
    """Gather press files by name, their proofs, the job ticket as PDF and text, the preflight report and the sums."""
    proofs = {
        f"{PurePosixPath(name).stem.removesuffix('-press')}-proof.pdf": proof_of(data, proof_words, fonts)
        for name, data in press.items()
    }
    files = {
        **press,
        **proofs,
        "job-ticket.pdf": ticket,
        "job-ticket.txt": ticket_text.encode(),
        "preflight.txt": preflight.encode(),
    }
    files[SUMS] = sums(files).encode()
    ordered = dict(sorted(files.items()))
    return Pack(ordered, zip_files(ordered, date))


def sums(files: Mapping[str, bytes]) -> str:
    """The list that `sha256sum --check` reads."""
    return "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))


def zip_files(files: Mapping[str, bytes], date: datetime.date) -> bytes:
    """An archive with sorted names, one date and no machine's traits; stored, since its PDFs are compressed."""
    day = min(max(date, EARLIEST), LATEST)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{FOLDER}/{name}", (day.year, day.month, day.day, 0, 0, 0))
            entry.create_system, entry.external_attr = _UNIX, _READABLE
            archive.writestr(entry, data)
    return out.getvalue()
