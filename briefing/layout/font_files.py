"""Font files held against the sums that they carry: a damaged one is never replaced by another font in silence."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from briefing import files
from briefing.design.font_sums import is_sound
from briefing.findings import Finding, Missing, error

MAX_BYTES = 30_000_000


def check(folder: Path, names: Iterable[str]) -> None:
    """Raise `Missing` with the first font that is not there or is not what it was when it was made."""
    for name in names:
        try:
            sound = is_sound(files.read(folder / name, MAX_BYTES))
        except files.Unreadable as fault:
            raise Missing(_incomplete(f'the font "{name}" cannot be had: {fault.why}')) from None
        if not sound:
            raise Missing(_incomplete(f'the font "{name}" is damaged'))


def _incomplete(message: str) -> Finding:
    return error("program-incomplete", message, hint="install the program again, or put the font back into its folder")
