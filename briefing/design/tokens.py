"""The design tokens: colour, type and size, read once and handed to all that draw.

`templates/tokens.toml` comes in; a frozen record goes out. Pages, charts and maps take their looks from it alone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefing.design.brand.colour import lightness
from briefing.design.brand.dress import Dress, DressPicture
from briefing.design.faces import HOUSE, FontFace

PX_PER_POINT = 4 / 3  # CSS: 96 px and 72 pt to the inch


@dataclass(frozen=True)
class HouseTemplates:
    """Templates of a house's own, which go before the program's: trusted as a program is."""

    folder: Path
    sum: str  # of all files in it
    files: tuple[Path, ...]  # all that may be taken from it
    folders: tuple[Path, ...] = ()  # itself and those below it


@dataclass(frozen=True)
class Tokens:
    """What pages and pictures look like."""

    colour: Mapping[str, str]  # "#rrggbb"
    cmyk: Mapping[str, tuple[float, float, float, float]]  # per cent of each ink
    font: Mapping[str, str]
    size: Mapping[str, float]  # points
    floor: Mapping[str, float]  # points
    grid: Mapping[str, float]  # millimetres
    faces: tuple[FontFace, ...] = HOUSE
    dress: Dress | None = None  # where the house wears none of its own
    house_templates: HouseTemplates | None = None  # where a house has some
    strip: tuple[DressPicture, ...] = ()  # the partners of the content, beside those of a dress

    @property
    def one_column(self) -> bool:
        """Whether the page has no margin column: then all blocks follow one another."""
        return not self.grid["side"]

    @property
    def marks(self) -> Mapping[str, bytes]:
        """The pictures of a dress and of partners, by the names by which pages ask for them."""
        partners = {one.name: one.data for one in self.strip if one.name}
        return {**(self.dress.assets if self.dress else {}), **partners}

    def px(self, name: str) -> float:
        """A size in CSS pixels."""
        return round(self.size[name] * PX_PER_POINT, 2)


LAYERS = "uses"  # folder of the uses that look different, below the templates
LOOKS = "looks"  # folder of the looks that a brand begins from
APART = 20.0  # in lightness: two series are two on a photocopy
# The house's own printing condition: its profile, below the templates, and what its paper carries and dries.
PROFILE = Path("press", "FOGRA39L_coated.icc")
INK_LIMIT = 300.0  # per cent (PSO, coated paper)


def read_tokens(
    templates: Path, layer: str = "", dress: Dress | None = None, house_templates: HouseTemplates | None = None
) -> Tokens:
    """Read `tokens.toml` of a template folder, and over it those of a look, a dress, a house, and a use's layer."""
    table = _table(templates / "tokens.toml")
    if dress:
        _lay_over(table, templates / LOOKS / dress.look / "tokens.toml")
        for name, worn in (("colour", dress.colour), ("cmyk", dress.cmyk), ("font", dress.font)):
            table[name] |= worn
        table["size"]["figure"] = round(table["size"]["figure"] * dress.narrowing, 2)
    if house_templates:
        _lay_over(table, house_templates.folder / "tokens.toml")
    if layer:
        grey = table["colour"]["grey"]
        _lay_over(table, templates / LAYERS / layer / "tokens.toml")
        if dress and abs(lightness(table["colour"]["grey"]) - lightness(table["colour"]["accent"])) < APART:
            table["colour"]["grey"] = grey
    return Tokens(
        colour=dict(table["colour"]),
        cmyk={name: (c, m, y, k) for name, (c, m, y, k) in table["cmyk"].items()},
        font=dict(table["font"]),
        size={name: float(value) for name, value in table["size"].items()},
        floor={name: float(value) for name, value in table["floor"].items()},
        grid={name: float(value) for name, value in table["grid"].items()},
        faces=(dress.faces if dress else ()) or HOUSE,
        dress=dress.worn_by(layer) if dress else None,
        house_templates=house_templates,
    )


def _table(file: Path) -> dict[str, dict[str, Any]]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _lay_over(table: dict[str, dict[str, Any]], file: Path) -> None:
    """Take what a file says instead of what was said before; a file that is not there says nothing."""
    for name, values in (_table(file) if file.exists() else {}).items():
        table[name] |= values
