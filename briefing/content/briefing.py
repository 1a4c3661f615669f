"""A briefing: one content.yaml, read and checked, and the walker over every string that it prints."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache
from types import NoneType
from typing import Any, ClassVar, Literal, get_origin

from pydantic import BaseModel, Field

from briefing.content.blocks import AnyBlock, BlockBase, kind_of
from briefing.content.records import Answer, Chart, CopyMark, Figure, Front, Quotation, Source, Term, UnitForms
from briefing.content.scalars import Id, Kind, Path, Plain, Printed, Record, Text, Truth, Whole, Words

# Times the pages of large print, at most: 18 pt takes three times the paper of 10.4 pt, and stacked tables more.
LARGER = 5
NUMBERED_FROM = 9  # pages, from which on “the chart below” is not found by looking


class Document(Record):
    """A template, a page budget and an order of blocks."""

    title: Text | None = Field(None, description="Headline where it is not the briefing's title.")
    lede: Text | None = Field(None, description="The lines under the headline.")
    pages: Whole = Field(description="The page budget.", ge=1, le=100)
    large_print_pages: Whole | None = Field(
        None, description="The most pages in large print; five times as many where it is left out.", ge=1, le=400
    )
    numbered: Truth | None = Field(
        None, description="Whether figures, tables and boxes have numbers; they have them from nine pages on."
    )
    blocks: tuple[AnyBlock, ...] = Field(min_length=1, max_length=200)

    @property
    def is_numbered(self) -> bool:
        """Whether its figures, tables and boxes have numbers."""
        return self.pages >= NUMBERED_FROM if self.numbered is None else self.numbered

    def most_pages(self, open_ended: bool) -> int:
        """The page budget; of pages with an open end, as in large print, the most that they may take."""
        return (self.large_print_pages or LARGER * self.pages) if open_ended else self.pages


class FactSheet(Document):
    """What fits on one page, whatever is asked for; large print may take more."""

    pages: Whole = Field(
        description="The page budget: one page is one page.", ge=1, le=1, json_schema_extra={"maximum": 1}
    )


class Briefing(Record):
    """One content.yaml, read and checked."""

    briefing: Front
    sources: dict[Id, Source]
    units: dict[Id, UnitForms] = Field(default_factory=dict)
    figures: dict[Id, Figure] = Field(default_factory=dict)
    charts: dict[Id, Chart] = Field(default_factory=dict)
    names: tuple[Plain, ...] = Field(
        (),
        description="Names with numbers that may stand in text: H.R. 7311, or COVID-# for any number.",
    )
    glossary: dict[Id, Term] = Field(default_factory=dict)
    acronyms: tuple[Words, ...] = Field((), description="Acronyms that every reader knows, such as US.")
    quotations: tuple[Quotation, ...] = Field((), description="All that stands in quotation marks.")
    answers: tuple[Answer, ...] = Field((), description="Warnings that need not be mended, each with its reason.")
    mark: CopyMark | None = Field(None, description="A place on page one for the number of each copy.")
    brief: Document
    fact_sheet: FactSheet

    DOCUMENTS: ClassVar[tuple[str, ...]] = ("brief", "fact_sheet")

    def document(self, name: str) -> Document:
        """The document of that key."""
        found: Document = getattr(self, name)
        return found


# ------------------------------------------------------------------ walking


def walk_printed_strings(record: BaseModel, path: Path = ()) -> Iterator[tuple[Path, Kind, str]]:
    """Every printed string of a record with its path and kind, in the order of the fields."""
    for name, kind in _kinds(type(record)):
        yield from _printed(getattr(record, name), kind, (*path, name))


@cache
def _kinds(model: type[BaseModel]) -> tuple[tuple[str, Kind | None], ...]:
    """The fields of a model that may hold strings that are printed, each with their kind."""
    kinds = ((name, _kind(field.annotation, field.metadata), field) for name, field in model.model_fields.items())
    return tuple((name, kind) for name, kind, field in kinds if kind or not _is_bare(field.annotation))


def _is_bare(annotation: Any) -> bool:
    """Whether values of a type hold no records."""
    parts = getattr(annotation, "__args__", None)
    if parts and get_origin(annotation) is not Literal:
        return all(part is ... or _is_bare(part) for part in parts)
    return get_origin(annotation) is Literal or (
        isinstance(annotation, type)
        and issubclass(annotation, (str, bool, int, Decimal, datetime.date, Enum, NoneType))
    )


def _printed(value: Any, kind: Kind | None, path: Path) -> Iterator[tuple[Path, Kind, str]]:
    if value is None:
        return
    if isinstance(value, str) and not isinstance(value, StrEnum):
        if kind:
            yield path, kind, value
    elif isinstance(value, BlockBase):
        yield from walk_printed_strings(value, (*path, kind_of(value)))
    elif isinstance(value, BaseModel):
        yield from walk_printed_strings(value, path)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _printed(item, kind, (*path, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _printed(item, kind, (*path, key))


def _kind(annotation: Any, metadata: list[Any]) -> Kind | None:
    for item in metadata:
        if isinstance(item, Printed):
            return item.kind
    for part in getattr(annotation, "__args__", ()):
        found = _kind(part, list(getattr(part, "__metadata__", ())))
        if found:
            return found
    return None
