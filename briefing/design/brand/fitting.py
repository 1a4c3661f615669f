"""A brand is fitted: its file and that of its look become the dress of a run, with all that is to be told of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from briefing import files
from briefing.design.brand import FILE, advances, brand_file, fonts, marks, palette
from briefing.design.brand import colour as measured
from briefing.design.brand.brand_file import BrandFile
from briefing.design.brand.colour import Inks
from briefing.design.brand.dress import Dress, DressPicture
from briefing.design.brand.palette import ColourRule
from briefing.design.brand.records import Logo, Partner, Role
from briefing.design.faces import HOUSE, FontFace
from briefing.design.tokens import LOOKS, PROFILE, read_tokens
from briefing.findings import Finding, error, note, warning

_GIVEN = {key: key.replace("_", "-") for key in get_args(Role)}  # roles of a page by what a brand calls them


@dataclass(frozen=True)
class FittedBrand:
    """A dress, what was noticed, and the rules of colour with what was measured."""

    dress: Dress
    findings: tuple[Finding, ...]
    rules: tuple[ColourRule, ...]


def fit(brand: BrandFile, templates: Path, judge: marks.Judge) -> FittedBrand:
    """The dress of a brand over the tokens of the house; what forbids it is among the findings."""
    record, tokens = brand.record, read_tokens(templates)
    house, inks = tokens.colour, tokens.cmyk
    look = None
    if record.look != "house":
        look = brand_file.read(templates / LOOKS / record.look / FILE, f"{LOOKS}/{record.look}")
    layers = [one for one in (look, brand) if one]
    colours, recipes, told, rules = _colours(layers, templates, house, inks)
    families, of_fonts, looked = _fonts(layers)
    logo, strip, judged = _marks(brand, judge)
    form = record.masthead or (look.record.masthead if look else None) or "line"
    noted = list(_of_masthead(brand, str(form), logo))
    told = [*told, *of_fonts, *(fault for one in judged for fault in one.findings), *noted]
    if form == "band" and logo and logo.white and measured.contrast(colours["brand"], house["paper"]) < palette.SHAPE:
        message = f"the band is printed in {colours['accent']}: a white mark is not seen on {colours['brand']}"
        told.append(note("brand-mended", message, brand.place("logo", "reversed"), "leave reversed: out to keep it"))
        colours |= {"brand": colours["accent"], "on-brand": house["paper"]}
        recipes |= {"brand": recipes["accent"], "on-brand": inks["paper"]}
    dress = Dress(
        name=record.name or "",
        look=record.look,
        form="line" if form == "logo" and logo is None else str(form),
        colour=colours,
        cmyk=recipes,
        font={role: one.name for role, one in families.items() if one.name},
        faces=_faces(families, tokens.font),
        narrowing=_narrowing(families, tokens.font["sans"], templates / "fonts"),
        logo=logo,
        logo_right=bool(record.logo and record.logo.place == "right"),
        clear_mm=float(record.logo.clear_mm) if record.logo else 3.0,
        strip=tuple(strip),
        paper=record.paper or "",
        words=dict(record.words),
        licences={one.name: one.licence for one in families.values()},
        raised=all(one.raised for one in families.values()),
        files=(
            brand.path,
            *(path for one in families.values() for path in one.files),
            *(path for one in judged for path in one.files),
        ),
        looked=(*(path for one in judged for path in one.looked), *looked),
    )
    return FittedBrand(dress, tuple(told), tuple(rules))


def _of_masthead(brand: BrandFile, form: str, logo: DressPicture | None) -> Iterator[Finding]:
    at = brand.place("masthead")
    if form == "logo" and logo is None and not brand.record.logo:
        yield warning(
            "brand-logo-none", "masthead: logo is asked for, and no logo is given", at, "add logo: with its file"
        )
    if form == "band" and logo and not logo.white:
        hint = "give reversed: with the mark in white to have it stand in the band"
        yield note(
            "brand-logo-ground", "the logo stands on white within the band, since none is given in white", at, hint
        )


# ------------------------------------------------------------------ colours


def _colours(
    layers: list[BrandFile], templates: Path, house: Mapping[str, str], inks: Mapping[str, Inks]
) -> tuple[dict[str, str], dict[str, Inks], list[Finding], list[ColourRule]]:
    """The roles that are not the house's, their recipes, and what was found when they were held against the rules."""
    profile = templates / PROFILE
    own: dict[str, str] = {"brand": house["accent"], "on-brand": house["paper"]}
    recipes: dict[str, Inks] = {"brand": inks["accent"], "on-brand": inks["paper"]}
    told: list[Finding] = []
    given: dict[str, BrandFile] = {}
    for layer in layers:
        if layer.record.colour and (asked := layer.record.colour.brand):
            own = palette.derived(asked, house)
            if asked == house["accent"]:  # whose tints were chosen by eye
                own |= {role: house[role] for role in own if role in house}
            recipes, given = {"on-brand": inks["paper" if own["on-brand"] == house["paper"] else "ink"]}, {}
            told = list(_mended(layer, asked, own, house)) if layer is layers[-1] else []
        for key, role in _GIVEN.items():
            if layer.record.colour and key != "brand" and (said := getattr(layer.record.colour, key)):
                own[role], given[role] = said, layer
                recipes.pop(role, None)
        for key, parts in (layer.record.colour.cmyk if layer.record.colour else {}).items():
            cyan, magenta, yellow, black = map(float, parts)
            recipes[_GIVEN[key]] = (cyan, magenta, yellow, black)
            given[_GIVEN[key]] = layer
    for role, colour in own.items():
        if role not in recipes and house.get(role) == colour:
            recipes[role] = inks[role]
        elif role not in recipes:
            recipes[role] = measured.recipe(colour, profile).inks
    rules = list(palette.held({**house, **own}, recipes, profile))
    return own, recipes, [*told, *_broken(layers[-1], rules, given), *_of_spot(layers[-1], recipes)], rules


def _mended(layer: BrandFile, asked: str, own: Mapping[str, str], house: Mapping[str, str]) -> Iterator[Finding]:
    """What became of the brand's colour where type must be read in it."""
    at, paper = layer.place("colour", "brand"), house["paper"]
    if own["accent"] != asked:
        before, after = measured.contrast(asked, paper), measured.contrast(own["accent"], paper)
        message = (
            f"{asked} ({before:.1f}:1 on paper) is darkened to {own['accent']} ({after:.1f}:1) for type and charts"
        )
        yield note("brand-mended", message, at, "give accent: another dark colour, if this one is not the house's")
    if own["brand"] != asked:
        message = f"areas are printed in {own['brand']}: neither black nor white type can be read on {asked}"
        yield note("brand-mended", message, at, "give another colour, if this one is not the house's")
    if own["signal"] != house["signal"]:
        message = f"what is disputed is marked in {own['signal']}: {house['signal']} is too like the accent"
        yield note("brand-mended", message, at, "give signal: a colour of your own")


def _broken(brand: BrandFile, rules: list[ColourRule], given: Mapping[str, BrandFile]) -> Iterator[Finding]:
    """The rules that do not hold, where the brand has said the colour."""
    for rule in rules:
        if rule.holds or (rule.grave and rule.role not in given and brand.record.colour is None):
            continue
        key = next((key for key, role in _GIVEN.items() if role == rule.role), "brand")
        at = brand.place("colour", key)
        if rule.grave:
            yield error(rule.code, rule.told, at, "leave it out, and it is made from colour: brand")
        else:
            yield note(rule.code, rule.told, at, "inks cannot show it; give cmyk: the recipe of your printed matter")


def _of_spot(brand: BrandFile, recipes: Mapping[str, Inks]) -> Iterator[Finding]:
    if brand.record.colour and (spot := brand.record.colour.spot):
        shown = "/".join(f"{ink:.0f}" for ink in recipes["brand"])
        hint = "tell the print shop, if it is to be a fifth ink"
        yield note("brand-spot", f"{spot} is printed as {shown}", brand.place("colour", "spot"), hint)


# ------------------------------------------------------------------ fonts and marks


def _fonts(layers: list[BrandFile]) -> tuple[dict[str, fonts.Family], list[Finding], list[Path]]:
    """The family of each role that is not the house's.

    With what was noticed of those that the brand itself names, and their folders and fonts as they are named.
    """
    families: dict[str, fonts.Family] = {}
    told: list[Finding] = []
    looked: list[Path] = []
    read: dict[tuple[str, str], fonts.FontFolder] = {}
    for role in fonts.WANTED:
        named = ((one, getattr(one.record.font, role)) for one in reversed(layers) if one.record.font)
        layer, name = next(((one, name) for one, name in named if name), (None, ""))
        if layer is None:
            continue
        at, real = layer.place("font", role), files.below(layer.folder, name)
        if real is None:
            hint = "copy the folder beside brand.yaml and name it from there"
            told.append(error("brand-outside", f'"{name}" is not in the folder of the brand', at, hint))
            continue
        folder = read[real, name] = read.get((real, name)) or fonts.read_folder(Path(real), name)
        families[role] = fonts.family(folder, role, at)
        if layer is layers[-1]:
            told += families[role].findings
            looked += [layer.folder / name, *(layer.folder / name / one for one in folder.listed)]
    return families, list(dict.fromkeys(told)), looked


def _faces(families: Mapping[str, fonts.Family], house: Mapping[str, str]) -> tuple[FontFace, ...]:
    """All faces of a run: those of its own families, and the house's for the role that has none."""
    if not families:
        return ()
    left = {family for role, family in house.items() if role not in families}
    own = (face for one in families.values() for face in one.faces)
    return tuple(dict.fromkeys([*own, *(face for face in HOUSE if face.family in left)]))


def _narrowing(families: Mapping[str, fonts.Family], house: str, ours: Path) -> float:
    """How much smaller key figures are set in the sans of the brand."""
    sans = families.get("sans")
    return advances.narrowing(sans.faces, sans.name, house, ours) if sans and sans.faces else 1.0


def _marks(
    brand: BrandFile, judge: marks.Judge
) -> tuple[DressPicture | None, list[DressPicture], list[marks.JudgedMark]]:
    """The logo, the marks of the strip, and all that was made of them."""
    home, record = marks.Home(brand.folder), brand.record

    def judged(mark: Logo | Partner, *keys: str | int) -> marks.JudgedMark:
        return marks.mark_of(home, mark, keys, lambda at: brand.place(*at), judge)

    logo = [judged(record.logo, "logo")] if record.logo else []
    strip = [judged(one, "strip", index) for index, one in enumerate(record.strip)]
    return logo[0].picture if logo else None, [one.picture for one in strip if one.picture], [*logo, *strip]
