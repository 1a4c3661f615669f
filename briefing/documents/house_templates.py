"""Templates of a house's own: a folder that somebody trusts becomes a record with the digest of all that is in it."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, TemplateSyntaxError

from briefing import files
from briefing.design.brand.colour import is_colour
from briefing.design.tokens import HouseTemplates
from briefing.findings import Place, Refused, error

MAX_FILES = 500
MAX_BYTES = 2_000_000


def read_house_templates(folder: Path) -> HouseTemplates:
    """The folder with the digest of its files; raises `Refused` where it holds none, or what cannot be used."""
    found = sorted(_files(folder))
    if not found or len(found) > MAX_FILES:
        message = f"more than {MAX_FILES} files lie there" if found else "there are no templates there"
        hint = "name a folder with files called as those in templates/ are, such as brief.html.j2 or tokens.toml"
        raise Refused([error("templates-unfit", message, Place(str(folder)), hint)])
    digest = hashlib.sha256()
    for file in found:
        try:
            data = files.read(file, MAX_BYTES)
        except files.Unreadable as fault:
            raise _unfit(fault.why, Place(str(file))) from None
        table = _table(data, file)
        if file == folder / "tokens.toml":
            _assert_tokens(table, file)
        told = f"{file.relative_to(folder)} {hashlib.sha256(data).hexdigest()}\n"
        digest.update(told.encode("utf-8", "surrogateescape"))
    folders = dict.fromkeys([folder, *_folders(folder)])
    return HouseTemplates(folder, digest.hexdigest(), tuple(found), tuple(folders))


def _table(data: bytes, file: Path) -> Mapping[str, Any]:
    """What a file of values says; a template says none. Raises `Refused` where it is neither."""
    try:
        text = data.decode("utf-8")
        if file.suffix == ".toml":
            return tomllib.loads(text)
        Environment().parse(text)
        return {}
    except TemplateSyntaxError as fault:
        raise _unfit(str(fault.message), Place(str(file), fault.lineno)) from None
    except (ValueError, RecursionError) as fault:
        raise _unfit(str(fault), Place(str(file))) from None


def _assert_tokens(given: Mapping[str, Any], file: Path) -> None:
    """Raise `Refused` where tokens are no values of tables that there are."""
    for name, values in given.items():
        if name not in _VALUES:
            raise _unfit(f"[{name}] is none of {', '.join(_VALUES)}", Place(str(file)))
        what, holds = _VALUES[name]
        for key, value in values.items() if isinstance(values, dict) else [("", values)]:
            if not holds(value) or (name == "size" and not value):
                raise _unfit(f'"{key}" of [{name}] is not {what}', Place(str(file)))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= _MOST


def _is_recipe(value: object) -> bool:
    return isinstance(value, list) and len(value) == 4 and all(_is_number(ink) and ink <= 100 for ink in value)


def _is_colour(value: object) -> bool:
    return isinstance(value, str) and is_colour(value)


def _is_family(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


_MOST = 1000.0  # points or millimetres
_VALUES: Mapping[str, tuple[str, Callable[[object], bool]]] = {
    "colour": ('a colour such as "#0b3f5c"', _is_colour),
    "cmyk": ("four inks in per cent", _is_recipe),
    "font": ("the name of a family", _is_family),
    "size": ("a number of points", _is_number),
    "floor": ("a number of points", _is_number),
    "grid": ("a number of millimetres", _is_number),
}


def _unfit(message: str, at: Place) -> Refused:
    return Refused([error("templates-unfit", message[:200], at, "put the file right")])


def _folders(folder: Path) -> Iterator[Path]:
    for here, below, _ in os.walk(folder):
        below[:] = sorted(name for name in below if not name.startswith((".", "__")))
        yield Path(here)


def _files(folder: Path) -> Iterator[Path]:
    for here in _folders(folder):
        yield from (one for one in here.iterdir() if one.name.endswith((".j2", ".toml")) and not one.is_dir())
