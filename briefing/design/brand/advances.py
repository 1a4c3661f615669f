"""How wide words are in a font: the advances of its letters, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from briefing import files
from briefing.design.faces import HOUSE, FontFace

if TYPE_CHECKING:
    import uharfbuzz

MAX_BYTES = 10_000_000
AIR = 1.02  # rather too wide than too narrow: kerning is not looked at

KEY_FIGURES = ("0123456789", "€3.5 million", "US$8 million", "more than 40%")


@dataclass(frozen=True)
class Advances:
    """The advances of two weights of a family, in parts of the size of type."""

    plain: Mapping[str, float]
    bold: Mapping[str, float]

    def width(self, line: str, size: float, bold: bool = False) -> float:
        """How wide a line is at a size."""
        of = self.bold if bold else self.plain
        return AIR * size * sum(of.get(letter, 0.6) for letter in line)


def advances_of(faces: tuple[FontFace, ...], family: str) -> Advances | None:
    """The advances of a family; nothing for the house's own, whose widths are known."""
    own = {face.weight: face for face in faces if face.family == family and face.style == "normal" and face.sum}
    if not own:
        return None
    return Advances(_read(own[400]), _read(own[600]))


def narrowing(faces: tuple[FontFace, ...], family: str, house: str, fonts: Path) -> float:
    """How much smaller figures are set, so as to be no wider than in the sans of the `house`, which lies in `fonts`."""
    own = advances_of(faces, family)
    if own is None:
        return 1.0
    face = next(one for one in HOUSE if (one.family, one.weight) == (house, 600))
    usual = _read(replace(face, file=str(fonts / face.file)))
    worst = max(sum(own.bold.get(one, 0.6) for one in text) / sum(usual[one] for one in text) for text in KEY_FIGURES)
    return min(1.0, round(1 / worst, 3))


@cache
def _read(face: FontFace) -> dict[str, float]:
    import uharfbuzz

    return letters(uharfbuzz.Face(files.read(face.file, MAX_BYTES)))


def letters(face: uharfbuzz.Face) -> dict[str, float]:
    """The advance of each letter that a font has a glyph for."""
    import uharfbuzz

    font, unit, count = uharfbuzz.Font(face), face.upem, face.glyph_count
    glyphs = ((code, font.get_nominal_glyph(code) or 0) for code in face.unicodes)
    return {chr(code): font.get_glyph_h_advance(glyph) / unit for code, glyph in glyphs if 0 < glyph < count}
