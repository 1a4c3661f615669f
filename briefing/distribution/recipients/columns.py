"""The columns of a list of recipients: a header as an office writes it becomes the names that the program uses.

Letters may be large or small, words may be parted by spaces, hyphens or underscores, and usual other names are known.
A column that is not known is refused: a slip in its name must not lose what stands in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from briefing.distribution.recipients.faults import ListFaults
from briefing.findings import did_you_mean
from briefing.language.letters import letter_of

# Other names of each column, as spreadsheets of offices have them; written as `_plain` leaves them.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("ref", "reference", "recipientid", "contactid"),
    "name": (
        *("recipient", "fullname", "contact", "contactname", "person", "addressee", "recipientname"),
        *("nom", "nombre", "nome", "empfanger", "ansprechpartner"),
    ),
    "office": (
        *("organisation", "organization", "org", "company", "institution", "unit", "department", "committee", "agency"),
        *("organisationname", "organizationname", "officename", "organizacion", "organismo", "dienststelle", "behorde"),
    ),
    "attention": ("attn", "att", "attentionof", "forattentionof", "zhd", "careof"),
    "street": (
        *("address", "address1", "addressline1", "streetaddress", "street1", "streetandnumber", "line1"),
        *("strasse", "rue", "calle", "direccion", "adresse"),
    ),
    "street2": ("address2", "addressline2", "streetaddress2", "line2", "apt", "suite", "building", "room"),
    "postcode": (
        *("zip", "zipcode", "postalcode", "postcodezip", "zippostalcode", "plz", "postleitzahl", "codepostal"),
        *("codigopostal", "cp", "cap", "eircode"),
    ),
    "city": (
        "town",
        "towncity",
        "citytown",
        "locality",
        "place",
        "ort",
        "stadt",
        "ville",
        "ciudad",
        "citta",
        "posttown",
    ),
    "region": ("state", "province", "county", "stateprovince", "bundesland", "provincia", "estado"),
    "country": ("land", "pays", "pais", "nation", "countrycode", "staat", "paese"),
    "copies": (
        *("quantity", "qty", "count", "numberofcopies", "noofcopies", "copiesneeded", "copieswanted", "amount"),
        *("anzahl", "exemplare", "exemplaires", "copias", "ejemplares", "quantite", "cantidad", "stuck"),
    ),
    "document": ("documents", "product", "dokument"),
    "use": ("edition",),
    "language": ("lang", "sprache", "langue", "idioma"),
    "paper": ("papersize", "papier", "papel"),
    "group": ("audience", "category", "segment", "gruppe", "groupe", "grupo"),
    "delivery": ("mode", "deliverymethod", "deliverymode", "deliveredby", "sendby", "versand"),
    "note": ("notes", "remark", "remarks", "comment", "comments", "bemerkung", "remarque", "nota", "notas"),
}
IGNORED = "ignore"  # what a list's own column is called that the program is to pass over
_PARTS_OF_A_NAME = (
    *("firstname", "lastname", "surname", "givenname", "familyname", "middlename", "title", "salutation", "prefix"),
    *("vorname", "nachname", "anrede", "prenom", "apellido", "apellidos", "forename"),
)


@dataclass(frozen=True)
class Header:
    """Which column of ours each cell of a row is; "" for one that is empty or has a fault."""

    names: tuple[str, ...]
    written: tuple[str, ...]  # as the list calls them, by which faults name them

    @property
    def known(self) -> dict[str, int]:
        """Where each column stands, from 0."""
        return {name: at for at, name in enumerate(self.names) if name}

    def called(self, name: str) -> str:
        """What the list calls a column of ours."""
        at = self.known.get(name)
        return name if at is None else self.written[at]


def read_header(cells: Sequence[str], row: int, faults: ListFaults, named: Mapping[str, str]) -> Header:
    """Name each column; what is unknown, double or missing is told. `named` says what heads of the list's own mean."""
    own = {plain(head): name for head, name in named.items()}
    written = tuple(cell.strip() or f"column {letter_of(at)}" for at, cell in enumerate(cells))
    faults.columns = written
    names: list[str] = []
    for cell, shown in zip(cells, written, strict=True):
        found = own.get(plain(cell), "") or column_of(cell)
        if cell.strip() and not found:
            faults.error("column-unknown", "this column is not known", row, shown, hint=_what_to_do(cell))
        elif found in names and found not in ("", IGNORED):
            hint = "keep one of them, or write the other under columns: as ignore"
            faults.error("column-double", f"a second column for {found}", row, shown, hint=hint)
            found = ""
        names.append(found)
    if not {"name", "office"} & set(names):
        hint = f"the first row names the columns: one of them must be name or office. Known: {', '.join(COLUMNS)}"
        faults.error("column-missing", "no column says who is to get something", row, hint=hint)
    return Header(tuple("" if name == IGNORED else name for name in names), written)


def _what_to_do(head: str) -> str:
    if plain(head) in _PARTS_OF_A_NAME:
        return "write each whole name, as it is to be printed, in one column: name"
    near = did_you_mean(head, COLUMNS)
    other = f"say under columns: in distribution.yaml which one it is, or ignore. Known: {', '.join(COLUMNS)}"
    return f"{near} Otherwise {other}" if near else other


def column_of(written: str) -> str:
    """The column that a head means, or nothing."""
    return _names().get(plain(written), "")


def looks_like_header(cells: Sequence[str]) -> bool:
    """Whether a row names columns: at least two of its cells do, or the only one."""
    said = [cell for cell in cells if cell.strip()]
    return sum(1 for cell in said if column_of(cell)) >= min(2, len(said)) > 0


@cache
def _names() -> Mapping[str, str]:
    return {other: name for name, others in COLUMNS.items() for other in (name, *others)}


@lru_cache(1000)
def plain(written: str) -> str:
    """A word without case, accents, spaces and signs."""
    bare = unicodedata.normalize("NFKD", written.casefold())
    return re.sub(r"[\W_]+", "", "".join(sign for sign in bare if not unicodedata.combining(sign)))


def same(text: str) -> str:
    """A text as it is compared with others, to which it is the same but for case, spaces and points."""
    return text.casefold().replace(" ", "").replace(".", "").replace(",", "").replace("-", "").replace("’", "'")
