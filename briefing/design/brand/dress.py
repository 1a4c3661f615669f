"""The dress of a run: what a brand and the look that it begins from put over the tokens of the house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from briefing.design.brand.colour import Inks
from briefing.design.faces import FontFace

ONE_COLOUR = "office"  # the layer of pages that are printed in black alone


@dataclass(frozen=True)
class DressPicture:
    """A mark with its size on the page; `black` and `white` are the same in one colour, where there are such files."""

    name: str  # by which the page asks for it
    alt: str
    data: bytes = field(repr=False)
    width_mm: float
    height_mm: float
    text: str = ""  # what stands beside it
    black: bytes = field(default=b"", repr=False)
    white: bytes = field(default=b"", repr=False)
    black_name: str = ""  # as `name`, of each
    white_name: str = ""

    @property
    def in_black(self) -> DressPicture:
        """In one colour, where it has that form."""
        return replace(self, name=self.black_name, data=self.black) if self.black else self

    @property
    def in_white(self) -> DressPicture:
        """In white, where it has that form."""
        return replace(self, name=self.white_name, data=self.white) if self.white else self


@dataclass(frozen=True)
class Dress:
    """What pages wear instead of the house's own."""

    name: str
    look: str
    form: str = "line"  # of the masthead
    colour: Mapping[str, str] = field(default_factory=dict)
    cmyk: Mapping[str, Inks] = field(default_factory=dict)
    font: Mapping[str, str] = field(default_factory=dict)  # family by role
    faces: tuple[FontFace, ...] = ()
    logo: DressPicture | None = None
    logo_right: bool = False
    clear_mm: float = 3.0
    strip: tuple[DressPicture, ...] = ()
    paper: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    narrowing: float = 1.0  # of key figures, where the sans is wider than the house's
    licences: Mapping[str, str] = field(default_factory=dict)  # of each family
    raised: bool = True  # whether its fonts have raised figures of their own
    files: tuple[Path, ...] = ()  # what it was read from, with the file itself
    looked: tuple[Path, ...] = ()  # the same as it was named, and the folders in which something was looked for

    @property
    def style(self) -> str:
        """The look's own styles, as a template; the house has none."""
        return f"looks/{self.look}/style.css.j2" if self.look != "house" else ""

    @property
    def assets(self) -> Mapping[str, bytes]:
        """Its pictures, by the names by which pages ask for them."""
        return {one.name: one.data for one in (self.logo, *self.strip) if one}

    def worn_by(self, layer: str) -> Dress:
        """The same for the pages of a use: with the marks that suit its inks and its masthead."""
        if layer == ONE_COLOUR:
            strip = tuple(one.in_black for one in self.strip)
            logo = self.logo.in_black if self.logo else None
            return replace(self, logo=logo, strip=strip, form="logo" if self.form == "band" else self.form)
        if self.form == "band" and self.logo:
            return replace(self, logo=self.logo.in_white)
        return self

    def facts(self) -> dict[str, object]:
        """What a manifest says of it."""
        return {
            "name": self.name,
            "look": self.look,
            "colour": dict(self.colour),
            "fonts": {family: self.licences.get(family, "") for family in dict.fromkeys(self.font.values())},
        }
