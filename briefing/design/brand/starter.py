"""A commented `brand.yaml` to begin with, and one made from Posit's `_brand.yml`."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from briefing import files
from briefing.content import scaffold, yaml_reader
from briefing.design.brand import FILE, brand_file
from briefing.design.brand.colour import is_colour, written_out
from briefing.findings import Place, Refused, error

SCHEMA = "brand.schema.json"
_HEAD = f"# yaml-language-server: $schema={SCHEMA}\n"
_NEW = """\
# Your organisation's dress. Take out the # before what you need; docs/brand.md tells every key.
brand: 1                                # version of this format
name: {name}
look: house                             # house, civic, plain, field or legible
colour: {{brand: "#0b3f5c"}}              # one colour is enough; in quotation marks
# font: {{serif: fonts/serif, sans: fonts/sans}} # folders with Regular, Italic, SemiBold and Bold as .ttf
# logo: {{file: logo.svg, alt: {name}, height_mm: 10, one_colour: logo-black.svg, reversed: logo-white.svg}}
masthead: line                          # line, band or logo
# strip:
#   - {{file: partner.svg, alt: Example Fund, text: Funded by the Example Fund}}
# paper: a4
# words: {{document.brief: Issue brief}}
"""


@dataclass(frozen=True)
class Imported:
    """A brand as another program's file says it, and what of that has no place here."""

    text: str
    left: tuple[str, ...]


def new(folder: Path, shown: str) -> tuple[Path, ...]:
    """Write a brand with remarks into a folder that has none; raises `Refused` where one is there."""
    name = re.sub(r"[^\w .&-]", "", folder.name).strip() or "Our name"
    return write(folder, shown, _NEW.format(name=_quoted(name)))


def write(folder: Path, shown: str, text: str) -> tuple[Path, ...]:
    """Write a brand and the schema that its first line names; raises `Refused` where one is there."""
    file, schema = folder / FILE, folder / SCHEMA
    if os.path.lexists(file):
        hint = "choose another folder"
        raise Refused([error("new-exists", f"there is already a {FILE} in it", Place(shown), hint)])
    with scaffold.writing(shown):
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(_HEAD + text, encoding="utf-8")
        schema.write_text(schema_text(), encoding="utf-8")
    return file, schema


def schema_text() -> str:
    """The JSON Schema of a brand as it is kept on disk."""
    return json.dumps(brand_file.json_schema(), indent=1, ensure_ascii=False) + "\n"


# ------------------------------------------------------------------ Posit's brand.yml


def imported(path: Path, shown: str) -> Imported:
    """What Posit's `_brand.yml` says of name, colour, type and logo; raises `Refused` where it cannot be read."""
    data = files.read_named(path, brand_file.MAX_BYTES, shown, "name a _brand.yml")
    tree = yaml_reader.parse(data, shown).tree
    if not isinstance(tree, dict):
        raise Refused([error("type-wrong", "this is no brand.yml", Place(shown), "it must hold keys such as color:")])
    left: list[str] = []
    lines = ["brand: 1", f"name: {_quoted(_name(tree))}"]
    lines += _colour(_keys(tree, "color"), left)
    lines += _fonts(_keys(tree, "typography"), left)
    lines += _logo(tree.get("logo"), _name(tree), left)
    left += [f"{key}: cannot be read" for key in ("color", "typography") if not isinstance(tree.get(key, {}), dict)]
    left += [f"{key}: has no place here" for key in tree if key not in ("meta", "color", "typography", "logo")]
    return Imported("\n".join(lines) + "\n", tuple(left))


def _keys(tree: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = tree.get(key)
    return found if isinstance(found, dict) else {}


def _name(tree: Mapping[str, Any]) -> str:
    given = _keys(tree, "meta").get("name")
    found = (given.get("full") or given.get("short")) if isinstance(given, dict) else given
    return str(found or "Our name")


def _quoted(text: str) -> str:
    return json.dumps(str(text), ensure_ascii=False)


def _colour(given: Mapping[str, Any], left: list[str]) -> Iterator[str]:
    palette = _keys(given, "palette")
    name = given.get("primary") or given.get("foreground")
    for _ in range(8):  # a name may stand for a name
        name = palette.get(str(name), name)
    colour = written_out(str(name))
    if is_colour(colour):
        yield f'colour: {{brand: "{colour.lower()}"}}'
    elif name is not None:
        left.append(f"color: primary: {name} is not written as #rrggbb")
    left += [f"color: {key}: is made from the primary colour" for key in given if key not in ("primary", "palette")]


def _fonts(given: Mapping[str, Any], left: list[str]) -> Iterator[str]:
    folders: dict[str, str] = {}
    listed = given.get("fonts")
    if listed and not isinstance(listed, list):
        left.append("typography: fonts: is no list")
    for font in listed if isinstance(listed, list) else []:
        if not isinstance(font, dict):
            left.append(f"typography: {font} is not given as files; put them into a folder and name it under font:")
            continue
        given_files = font.get("files")
        paths = [path for one in (given_files if isinstance(given_files, list) else []) if (path := _path(one))]
        family = str(font.get("family"))
        if font.get("source") == "file" and paths:
            folders[family] = str(PurePosixPath(paths[0]).parent)
        else:
            left.append(f"typography: {family} is not given as files; put them into a folder and name it under font:")
    said = []
    for role, key in (("serif", "base"), ("sans", "headings")):
        asked = given.get(key)
        family = str(asked.get("family") if isinstance(asked, dict) else asked)
        if family in folders and folders[family] != ".":
            said.append(f"{role}: {_quoted(folders[family])}")
    if said:
        yield f"font: {{{', '.join(said)}}}"


def _path(given: object) -> str:
    """A file's name; nothing where there is none."""
    name = given.get("path") if isinstance(given, dict) else given
    return name if isinstance(name, str) else ""


def _logo(said: object, name: str, left: list[str]) -> Iterator[str]:
    """The logo: a file, or several by their sizes."""
    given = said if isinstance(said, dict) else {"medium": said}
    given = {"medium": given} if "path" in given else given
    images = _keys(given, "images")
    for size in ("medium", "large", "small"):
        asked = given.get(size)
        asked = asked.get("light") if isinstance(asked, dict) and "light" in asked else asked
        asked = images.get(str(asked), asked) if isinstance(asked, str) else asked
        if _path(asked):
            alt = asked.get("alt") if isinstance(asked, dict) else None
            yield f"logo: {{file: {_quoted(_path(asked))}, alt: {_quoted(alt or name)}}}"
            return
    if said is not None:
        left.append("logo: no file is named in a size")
