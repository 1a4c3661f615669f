"""Whether a line of an address has room where it must be read: in the window of an envelope, at the smallest type."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from briefing import program

if TYPE_CHECKING:
    import uharfbuzz

FACES = ("SourceSans3_400Regular.ttf", "SourceSans3_600SemiBold.ttf")  # that names and addresses are set in
ROOM_MM = 80.0  # of the address zone in a window of DIN 5008, which is the narrower
LEAST_PT = 5.5  # smaller than this nothing of an address is set
SHORT = 60  # letters that always have room: 5.5 pt × 0.66 em × 60 = 77 mm
_MM = 25.4 / 72


@cache
def letters_of_fonts() -> frozenset[str]:
    """The letters that all faces have in which names and addresses are set."""
    return frozenset.intersection(*(frozenset(map(chr, _face(name).unicodes)) for name in FACES))


def lacking_mm(line: str) -> float:
    """How many millimetres a line lacks at the smallest type; nought where it has room."""
    if len(line) <= SHORT:
        return 0.0
    em = sum(map(_advance, line))
    return max(0.0, em * LEAST_PT * _MM - ROOM_MM)


@cache
def _advance(letter: str) -> float:
    """The width of a letter in the wider face, in parts of the type size."""
    import uharfbuzz

    face = _face(FACES[1])
    font = uharfbuzz.Font(face)
    glyph = font.get_nominal_glyph(ord(letter)) or 0
    return float(font.get_glyph_h_advance(glyph) / face.upem)


@cache
def _face(name: str) -> uharfbuzz.Face:
    import uharfbuzz

    blob = uharfbuzz.Blob.from_file_path(str(Path(program.TEMPLATES) / "fonts" / name))
    return uharfbuzz.Face(blob)
