"""The design tokens: colour, type and size, read once and handed to all that draw.

`templates/tokens.toml` comes in; a frozen record goes out. Pages, charts and maps take their looks from it alone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PX_PER_POINT = 4 / 3  # CSS: 96 px and 72 pt to the inch


@dataclass(frozen=True)
class Tokens:
    """What pages and pictures look like."""

    colour: Mapping[str, str]  # "#rrggbb"
    cmyk: Mapping[str, tuple[float, float, float, float]]  # per cent of each ink
    font: Mapping[str, str]
    size: Mapping[str, float]  # points
    floor: Mapping[str, float]  # points
    grid: Mapping[str, float]  # millimetres

    @property
    def one_column(self) -> bool:
        """Whether the page has no margin column: then all blocks follow one another."""
        return not self.grid["side"]

    def px(self, name: str) -> float:
        """A size in CSS pixels."""
        return round(self.size[name] * PX_PER_POINT, 2)


LAYERS = "uses"  # folder of the uses that look different, below the templates


def read_tokens(templates: Path, layer: str = "") -> Tokens:
    """Read `tokens.toml` of a template folder, and over it that of a use's layer."""
    table = tomllib.loads((templates / "tokens.toml").read_text(encoding="utf-8"))
    over = templates / LAYERS / layer / "tokens.toml"
    if layer and over.exists():
        for name, values in tomllib.loads(over.read_text(encoding="utf-8")).items():
            table[name] |= values
    return Tokens(
        colour=dict(table["colour"]),
        cmyk={name: (c, m, y, k) for name, (c, m, y, k) in table["cmyk"].items()},
        font=dict(table["font"]),
        size={name: float(value) for name, value in table["size"].items()},
        floor={name: float(value) for name, value in table["floor"].items()},
        grid={name: float(value) for name, value in table["grid"].items()},
    )
